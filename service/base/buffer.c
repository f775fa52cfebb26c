/* SPDX-License-Identifier: Apache-2.0 */
/* Growing by doubling, and appending. What the bytes mean is the caller's business. */
#include <sweetspot/buffer.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 256

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
}

static char *grow(struct buffer *buffer, size_t needed)
{
	size_t capacity = buffer->capacity < FIRST_BYTES ? FIRST_BYTES : buffer->capacity;
	char *bytes;

	while (capacity < needed)
		capacity *= 2;
	bytes = realloc(buffer->bytes, capacity);
	if (bytes == NULL) {
		buffer->failed = true;
		return NULL;
	}
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return bytes + buffer->length;
}

char *buffer_reserve(struct buffer *buffer, size_t more)
{
	if (buffer->failed)
		return NULL;
	if (buffer->bytes != NULL && more <= buffer->capacity - buffer->length)
		return buffer->bytes + buffer->length;
	if (more > PTRDIFF_MAX / 2 - buffer->length) {
		buffer->failed = true;
		return NULL;
	}
	return grow(buffer, buffer->length + more);
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
	char *at;

	if (length == 0)
		return;
	at = buffer_reserve(buffer, length);
	if (at == NULL)
		return;
	memcpy(at, bytes, length);
	buffer->length += length;
}

void buffer_append_text(struct buffer *buffer, struct text text)
{
	buffer_append(buffer, text.bytes, text.length);
}

void buffer_append_char(struct buffer *buffer, char c)
{
	char *at = buffer_reserve(buffer, 1);

	if (at == NULL)
		return;
	*at = c;
	buffer->length++;
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;
	char *at;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0) {
		buffer->failed = true;
		return;
	}
	at = buffer_reserve(buffer, (size_t)length + 1);
	if (at == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(at, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

static void append_big_endian(struct buffer *buffer, uint64_t value, size_t width)
{
	char *at = buffer_reserve(buffer, width);

	if (at == NULL)
		return;
	for (size_t i = width; i > 0; i--) {
		at[i - 1] = (char)(value & 0xff);
		value >>= 8;
	}
	buffer->length += width;
}

void buffer_append_int16(struct buffer *buffer, int16_t value)
{
	append_big_endian(buffer, (uint16_t)value, sizeof(value));
}

void buffer_append_int32(struct buffer *buffer, int32_t value)
{
	append_big_endian(buffer, (uint32_t)value, sizeof(value));
}

void buffer_append_int64(struct buffer *buffer, int64_t value)
{
	append_big_endian(buffer, (uint64_t)value, sizeof(value));
}

void buffer_consume(struct buffer *buffer, size_t length)
{
	if (length >= buffer->length) {
		buffer->length = 0;
		return;
	}
	if (length == 0)
		return;
	memmove(buffer->bytes, buffer->bytes + length, buffer->length - length);
	buffer->length -= length;
}

struct text buffer_text(const struct buffer *buffer)
{
	if (buffer->bytes == NULL)
		return TEXT("");
	return (struct text){buffer->bytes, buffer->length};
}
