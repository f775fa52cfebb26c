/* SPDX-License-Identifier: Apache-2.0 */
/* What the fuzz targets share: an input that is read from its front, and assertions that a release build keeps too. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sweetspot/buffer.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** End the program when a property does not hold. */
#define FUZZ_ASSERT(property)                                                        \
	do {                                                                             \
		if (!(property)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #property); \
			abort();                                                                 \
		}                                                                            \
	} while (0)

/** The rest of an input. */
struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

/** @return the next byte, 0 at the end */
static inline unsigned fuzz_byte(struct fuzz_input *input)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++;
}

/** @return a copy of some bytes in memory of their own, so that a sanitizer sees whoever reads past them; to be freed */
static inline char *fuzz_copy(const void *bytes, size_t length)
{
	char *copy = malloc(length + (length == 0));

	FUZZ_ASSERT(copy != NULL);
	if (length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

static inline void fuzz_expect_equal(const struct buffer *a, const struct buffer *b)
{
	FUZZ_ASSERT(!a->failed && !b->failed);
	FUZZ_ASSERT(a->length == b->length);
	FUZZ_ASSERT(a->length == 0 || memcmp(a->bytes, b->bytes, a->length) == 0);
}

#endif
