/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing, trimming, checking and folding counted UTF-8. Unicode itself is libunistring's; plain ASCII never gets there. */
#include <sweetspot/text.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

/* Enough for nearly every folded name without a trip to the heap. */
#define FOLD_STACK_BYTES 512

struct text text_of(const char *string)
{
	if (string == NULL)
		return (struct text){NULL, 0};
	return (struct text){string, strlen(string)};
}

bool text_equal(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

int text_compare(struct text a, struct text b)
{
	size_t shared = a.length < b.length ? a.length : b.length;
	int order = shared == 0 ? 0 : memcmp(a.bytes, b.bytes, shared);

	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

static bool is_ascii_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/** @return bytes of the white space the text begins with, 0 when it begins with something else */
static size_t space_at_front(struct text text)
{
	unsigned char first;

	ucs4_t point;
	int taken;

	if (text.length == 0)
		return 0;
	first = (unsigned char)text.bytes[0];
	if (first < 0x80)
		return is_ascii_space(first);
	taken = u8_mbtoucr(&point, (const uint8_t *)text.bytes, text.length);
	return taken > 0 && uc_is_property_white_space(point) ? (size_t)taken : 0;
}

/** @return bytes of the white space the text ends with, 0 when it ends with something else */
static size_t space_at_back(struct text text)
{
	const uint8_t *start = (const uint8_t *)text.bytes;
	const uint8_t *end = start + text.length;
	const uint8_t *before;

	ucs4_t point;

	if (text.length == 0)
		return 0;
	if (end[-1] < 0x80)
		return is_ascii_space(end[-1]);
	before = u8_prev(&point, end, start);
	return before != NULL && uc_is_property_white_space(point) ? (size_t)(end - before) : 0;
}

struct text text_trim(struct text text)
{
	size_t blank;

	if (text.bytes == NULL)
		return text;
	while ((blank = space_at_front(text)) > 0) {
		text.bytes += blank;
		text.length -= blank;
	}
	while ((blank = space_at_back(text)) > 0)
		text.length -= blank;
	return text;
}

/** @return number of leading bytes below 0x80 */
static size_t ascii_prefix(struct text text)
{
	size_t at = 0;
	uint64_t word;

	for (; text.length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text.bytes + at, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (at < text.length && (unsigned char)text.bytes[at] < 0x80)
		at++;
	return at;
}

bool text_is_utf8(struct text text)
{
	size_t clean = ascii_prefix(text);

	if (clean == text.length)
		return true;
	return u8_check((const uint8_t *)text.bytes + clean, text.length - clean) == NULL;
}

bool text_has_control(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.bytes[i];

		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < text.length && (unsigned char)text.bytes[i + 1] < 0xa0)
			return true;
	}
	return false;
}

struct text text_copy(struct arena *arena, struct text text)
{
	char *copy;

	if (text.bytes == NULL || text.length == SIZE_MAX)
		return (struct text){NULL, 0};
	copy = arena_alloc(arena, text.length + 1);
	if (copy == NULL)
		return (struct text){NULL, 0};
	memcpy(copy, text.bytes, text.length);
	return (struct text){copy, text.length};
}

static enum status fold_ascii(struct arena *arena, struct text text, struct text *out)
{
	char *folded = arena_alloc(arena, text.length + 1);

	if (folded == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.bytes[i];

		folded[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	*out = (struct text){folded, text.length};
	return STATUS_OK;
}

static enum status fold_unicode(struct arena *arena, struct text text, struct text *out)
{
	uint8_t near[FOLD_STACK_BYTES];
	size_t length = sizeof(near);
	uint8_t *folded = u8_casefold((const uint8_t *)text.bytes, text.length, NULL, NULL, near, &length);
	struct text copy;

	if (folded == NULL)
		return errno == EILSEQ ? STATUS_MALFORMED : STATUS_NO_MEMORY;
	copy = text_copy(arena, (struct text){(const char *)folded, length});
	if (folded != near)
		free(folded);
	if (copy.bytes == NULL)
		return STATUS_NO_MEMORY;
	*out = copy;
	return STATUS_OK;
}

enum status text_fold(struct arena *arena, struct text text, struct text *out)
{
	struct text trimmed;

	if (text.bytes == NULL) {
		*out = (struct text){NULL, 0};
		return STATUS_OK;
	}
	trimmed = text_trim(text);
	if (ascii_prefix(trimmed) == trimmed.length)
		return fold_ascii(arena, trimmed, out);
	if (!text_is_utf8(trimmed))
		return STATUS_MALFORMED;
	return fold_unicode(arena, trimmed, out);
}

struct text text_format_list(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char *at = NULL;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length >= 0)
		at = arena_alloc(arena, (size_t)length + 1);
	if (at != NULL)
		vsnprintf(at, (size_t)length + 1, format, again);
	va_end(again);
	return at == NULL ? (struct text){NULL, 0} : (struct text){at, (size_t)length};
}

struct text text_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	struct text text;

	va_start(arguments, format);
	text = text_format_list(arena, format, arguments);
	va_end(arguments);
	return text;
}
