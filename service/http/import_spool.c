/* SPDX-License-Identifier: Apache-2.0 */
/* A temporary file for bodies that must be read whole before the first row is written. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "import.h"

#define PATH_BYTES 4096

/** File systems without O_TMPFILE take a name for a moment. */
static int open_named(const char *directory)
{
	char path[PATH_BYTES];
	int length = snprintf(path, sizeof(path), "%s/sweetspot-XXXXXX", directory);
	int fd;

	if (length < 0 || (size_t)length >= sizeof(path))
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static void on_release(void *spool)
{
	close(((struct import_spool *)spool)->fd);
}

enum status import_spool_open(struct import_spool *spool, struct arena *arena)
{
	const char *directory = getenv("TMPDIR");

	if (directory == NULL || *directory == '\0')
		directory = "/tmp";
	spool->fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
	if (spool->fd < 0)
		spool->fd = open_named(directory);
	if (spool->fd < 0)
		return STATUS_UNAVAILABLE;
	return arena_link(arena, on_release, spool);
}

enum status import_spool_append(struct import_spool *spool, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(spool->fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return STATUS_UNAVAILABLE;
		bytes += written;
		length -= (size_t)written;
		spool->length += written;
	}
	return STATUS_OK;
}

int64_t import_spool_read(const struct import_spool *spool, int64_t offset, char *bytes, size_t length)
{
	ssize_t count;

	do
		count = pread(spool->fd, bytes, length, offset);
	while (count < 0 && errno == EINTR);
	return count;
}
