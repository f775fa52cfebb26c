/* SPDX-License-Identifier: Apache-2.0 */
/* Cursors to and from their text (RFC 4648, base64url without padding). Which row comes next is the statement's business. */
#include "list_cursor.h"

#include <string.h>

#define VERSION 1
#define NUMBER_BYTES 8
#define HEAD_BYTES (1 + 2 * NUMBER_BYTES + 2)  /* version, digest, key, length of the name */
#define NAME_MOST 65535

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
	for (int i = NUMBER_BYTES - 1; i >= 0; i--)
		*at++ = (uint8_t)(number >> (8 * i));
	return at;
}

static uint64_t get_number(const uint8_t *at)
{
	uint64_t number = 0;

	for (int i = 0; i < NUMBER_BYTES; i++)
		number = number << 8 | at[i];
	return number;
}

static uint8_t *put_text(uint8_t *at, struct text text)
{
	if (text.length > 0)
		memcpy(at, text.bytes, text.length);
	return at + text.length;
}

static struct text base64url(struct arena *arena, const uint8_t *bytes, size_t length)
{
	char *out = arena_alloc(arena, length / 3 * 4 + 5);
	size_t at = 0;

	if (out == NULL)
		return (struct text){NULL, 0};
	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);

		out[at++] = digits[group >> 18];
		out[at++] = digits[group >> 12 & 63];
		if (left > 1)
			out[at++] = digits[group >> 6 & 63];
		if (left > 2)
			out[at++] = digits[group & 63];
	}
	return (struct text){out, at};
}

struct text list_cursor_encode(struct arena *arena, uint64_t digest, const struct list_position *position)
{
	size_t length = HEAD_BYTES + position->name.length + position->id.length;
	uint8_t *bytes = position->name.length > NAME_MOST ? NULL : arena_alloc(arena, length);
	uint8_t *at = bytes;

	if (bytes == NULL)
		return (struct text){NULL, 0};
	*at++ = VERSION;
	at = put_number(at, digest);
	at = put_number(at, (uint64_t)position->key);
	*at++ = (uint8_t)(position->name.length >> 8);
	*at++ = (uint8_t)position->name.length;
	at = put_text(at, position->name);
	put_text(at, position->id);
	return base64url(arena, bytes, length);
}

static int digit_value(char c)
{
	const char *found = c == '\0' ? NULL : strchr(digits, c);

	return found == NULL ? -1 : (int)(found - digits);
}

/** @return the bytes written to out, which has room for 3 of every 4 digits; -1: no base64url */
static long decode_digits(struct text text, uint8_t *out)
{
	uint32_t bits = 0;
	int count = 0;

	long at = 0;

	for (size_t i = 0; i < text.length; i++) {
		int value = digit_value(text.bytes[i]);

		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		count += 6;
		if (count >= 8) {
			count -= 8;
			out[at++] = (uint8_t)(bits >> count);
			bits &= (1u << count) - 1;
		}
	}
	/* What is left over must be padding: one text for one cursor. */
	return count >= 6 || bits != 0 ? -1 : at;
}

/** @return whether PostgreSQL takes it for a text, and it could have been one of ours */
static bool is_plain(struct text text)
{
	return text_is_utf8(text) && !text_has_control(text);
}

enum status list_cursor_decode(struct arena *arena, struct text cursor, uint64_t digest, struct list_position *out)
{
	uint8_t *bytes = arena_alloc(arena, cursor.length / 4 * 3 + 4);
	struct list_position position;
	size_t name_length;

	long length;

	if (bytes == NULL)
		return STATUS_NO_MEMORY;
	length = decode_digits(cursor, bytes);
	if (length < HEAD_BYTES || bytes[0] != VERSION || get_number(bytes + 1) != digest)
		return STATUS_INVALID;
	name_length = (size_t)bytes[HEAD_BYTES - 2] << 8 | bytes[HEAD_BYTES - 1];
	if (name_length > (size_t)length - HEAD_BYTES)
		return STATUS_INVALID;
	position.key = (int64_t)get_number(bytes + 1 + NUMBER_BYTES);
	position.name = (struct text){(const char *)bytes + HEAD_BYTES, name_length};
	position.id = (struct text){(const char *)bytes + HEAD_BYTES + name_length, (size_t)length - HEAD_BYTES - name_length};
	if (!is_plain(position.name) || !is_plain(position.id))
		return STATUS_INVALID;
	*out = position;
	return STATUS_OK;
}
