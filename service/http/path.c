/* SPDX-License-Identifier: Apache-2.0 */
/* Splitting, matching and decoding paths. Which routes there are is said in route.c. */
#include "path.h"

#include <string.h>
#include <strings.h>

/** What stands behind "http://host", or the target itself when it has no such beginning. */
static struct text origin_form(struct text target)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t length = strlen(schemes[i]);
		const char *slash;

		if (target.length <= length || strncasecmp(target.bytes, schemes[i], length) != 0)
			continue;
		slash = memchr(target.bytes + length, '/', target.length - length);
		if (slash == NULL)
			return TEXT("/");
		return (struct text){slash, target.length - (size_t)(slash - target.bytes)};
	}
	return target;
}

bool http_target_split(struct text target, struct http_target *out)
{
	struct text origin = origin_form(target);
	const char *mark;

	if (text_equal(origin, TEXT("*"))) {
		*out = (struct http_target){.path = origin};
		return true;
	}
	if (origin.length == 0 || origin.bytes[0] != '/')
		return false;
	mark = memchr(origin.bytes, '?', origin.length);
	*out = (struct http_target){.path = origin};
	if (mark != NULL) {
		out->path.length = (size_t)(mark - origin.bytes);
		out->query = (struct text){mark + 1, origin.length - out->path.length - 1};
	}
	return true;
}

/** Up to the next '/' or the end. */
static size_t segment_length(struct text path)
{
	const char *slash = path.length == 0 ? NULL : memchr(path.bytes, '/', path.length);

	return slash == NULL ? path.length : (size_t)(slash - path.bytes);
}

/**
 * Fit a segment to "{…}" or "{…}:verb".
 *
 * @param pattern  moved behind it
 * @param path     moved behind the segment
 */
static bool take_segment(const char **pattern, struct text *path, struct text *took)
{
	const char *suffix = strchr(*pattern, '}') + 1;
	size_t suffix_length = strcspn(suffix, "/");
	size_t length = segment_length(*path);

	if (length <= suffix_length || memcmp(path->bytes + length - suffix_length, suffix, suffix_length) != 0)
		return false;
	*took = (struct text){path->bytes, length - suffix_length};
	*path = (struct text){path->bytes + length, path->length - length};
	*pattern = suffix + suffix_length;
	return true;
}

bool http_path_match(const char *pattern, struct text path, struct text *taken, size_t most)
{
	size_t count = 0;

	while (*pattern != '\0') {
		struct text took;

		if (*pattern == '{') {
			if (!take_segment(&pattern, &path, &took))
				return false;
			if (count < most)
				taken[count++] = took;
			continue;
		}
		if (path.length == 0 || *pattern != path.bytes[0])
			return false;
		pattern++;
		path = (struct text){path.bytes + 1, path.length - 1};
	}
	return path.length == 0;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/** @return the byte that the escape at `at` stands for, or -1 for a broken one */
static int escape_value(struct text piece, size_t at)
{
	int high, low;

	if (piece.length - at < 3)
		return -1;
	high = hex_value(piece.bytes[at + 1]);
	low = hex_value(piece.bytes[at + 2]);
	if (high < 0 || low < 0)
		return -1;
	return high * 16 + low;
}

/** @return length of the decoded bytes in `out`, which has room for the whole piece; -1 for a broken escape */
static ptrdiff_t decode_into(char *out, struct text piece)
{
	ptrdiff_t length = 0;

	for (size_t at = 0; at < piece.length; at++) {
		int value = (unsigned char)piece.bytes[at];

		if (value == '%') {
			value = escape_value(piece, at);
			if (value < 0)
				return -1;
			at += 2;
		}
		out[length++] = (char)value;
	}
	return length;
}

static enum status check_decoded(struct text decoded)
{
#ifndef WITHOUT_NUL_IN_PATH
	if (decoded.length > 0 && memchr(decoded.bytes, '\0', decoded.length) != NULL)
		return STATUS_MALFORMED;
#endif
	return text_is_utf8(decoded) ? STATUS_OK : STATUS_MALFORMED;
}

enum status http_percent_decode(struct arena *arena, struct text piece, struct text *out)
{
	char *decoded;

	ptrdiff_t length;

	if (piece.length == 0 || memchr(piece.bytes, '%', piece.length) == NULL) {
		*out = piece.bytes == NULL ? TEXT("") : piece;
		return check_decoded(*out);
	}
	decoded = arena_alloc(arena, piece.length);
	if (decoded == NULL)
		return STATUS_NO_MEMORY;
	length = decode_into(decoded, piece);
	if (length < 0)
		return STATUS_MALFORMED;
	*out = (struct text){decoded, (size_t)length};
	return check_decoded(*out);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void http_path_append(struct buffer *out, struct text id)
{
	for (size_t i = 0; i < id.length; i++) {
		if (is_unreserved(id.bytes[i]))
			buffer_append_char(out, id.bytes[i]);
		else
			buffer_append_format(out, "%%%02X", (unsigned)(unsigned char)id.bytes[i]);
	}
}
