/* SPDX-License-Identifier: Apache-2.0 */
/* Growing bytes on the heap, with one error to check at the end. */
#ifndef SWEETSPOT_BUFFER_H
#define SWEETSPOT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/text.h>

/** Zero-initialise; `failed` is sticky: once memory was short every later append is ignored, so it is checked once. */
struct buffer {
	char *bytes;
	size_t length;
	size_t capacity;
	bool failed;
};

/** Free the bytes and return to the zero state. */
void buffer_release(struct buffer *buffer);
/** Forget the content and a failure, keep the memory. */
void buffer_clear(struct buffer *buffer);
/** Make room for `more` bytes behind the content. @return where they go, or NULL (and `failed`) */
char *buffer_reserve(struct buffer *buffer, size_t more);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, struct text text);
void buffer_append_char(struct buffer *buffer, char c);
void buffer_append_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Big-endian, as PostgreSQL's binary formats want it. */
void buffer_append_int16(struct buffer *buffer, int16_t value);
void buffer_append_int32(struct buffer *buffer, int32_t value);
void buffer_append_int64(struct buffer *buffer, int64_t value);
/** Drop the first `length` bytes, moving the rest forward. */
void buffer_consume(struct buffer *buffer, size_t length);
/** @return a view of the content, good until the next change */
struct text buffer_text(const struct buffer *buffer);

#endif
