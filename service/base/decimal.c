/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals as text: no number is too large or too precise to be compared exactly. Arithmetic is number.c's. */
#include <sweetspot/decimal.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOUBLE_CHARS 32
#define INT64_CHARS 20

/** A decimal in parts: all its digits, and how many of them stand before the point (more than there are: zeros follow). */
struct parts {
	bool is_negative;
	struct text whole, fraction;
	int exponent;
};

static struct text take_digits(struct text *text)
{
	struct text digits = {text->bytes, 0};

	while (digits.length < text->length && text->bytes[digits.length] >= '0' && text->bytes[digits.length] <= '9')
		digits.length++;
	text->bytes += digits.length;
	text->length -= digits.length;
	return digits;
}

static bool take(struct text *text, char wanted)
{
	if (text->length == 0 || text->bytes[0] != wanted)
		return false;
	text->bytes++;
	text->length--;
	return true;
}

static bool split(struct text text, struct parts *out)
{
	*out = (struct parts){.is_negative = take(&text, '-'), .fraction = TEXT("")};
	if (!out->is_negative)
		(void)take(&text, '+');
	out->whole = take_digits(&text);
	if (out->whole.length == 0)
		return false;
	if (take(&text, '.')) {
		out->fraction = take_digits(&text);
		if (out->fraction.length == 0)
			return false;
	}
	return text.length == 0;
}

/** The digit at a place counted from the decimal point to the left, 0 being the ones; zeros stand everywhere else. */
static char digit_at(const struct parts *parts, long place)
{
	long at = place - parts->exponent;

	if (at >= 0)
		return at < (long)parts->whole.length ? parts->whole.bytes[(long)parts->whole.length - 1 - at] : '0';
	return -at <= (long)parts->fraction.length ? parts->fraction.bytes[-at - 1] : '0';
}

/** The places of the first and the last digit that are written: at least the ones. */
static void find_ends(const struct parts *parts, long *first, long *last)
{
	*first = (long)parts->whole.length - 1 + parts->exponent;
	*last = parts->exponent - (long)parts->fraction.length;
	while (*first > 0 && digit_at(parts, *first) == '0')
		(*first)--;
	while (*last < 0 && digit_at(parts, *last) == '0')
		(*last)++;
	*first = *first > 0 ? *first : 0;
	*last = *last < 0 ? *last : 0;
}

static bool is_zero(const struct parts *parts, long first, long last)
{
	return first == 0 && last == 0 && digit_at(parts, 0) == '0';
}

static enum status spell(struct arena *arena, const struct parts *parts, struct text *out)
{
	long first;
	long last;
	char *bytes;
	char *at;

	find_ends(parts, &first, &last);
	/* Sign, point and the byte behind the end. */
	bytes = arena_alloc(arena, (size_t)(first - last) + 4);
	if (bytes == NULL)
		return STATUS_NO_MEMORY;
	at = bytes;
	if (parts->is_negative && !is_zero(parts, first, last))
		*at++ = '-';
	for (long place = first; place >= last; place--) {
		if (place == -1)
			*at++ = '.';
		*at++ = digit_at(parts, place);
	}
	*at = '\0';
	*out = (struct text){bytes, (size_t)(at - bytes)};
	return STATUS_OK;
}

enum status decimal_parse(struct arena *arena, struct text text, struct text *out)
{
	struct parts parts;

	return split(text, &parts) ? spell(arena, &parts, out) : STATUS_MALFORMED;
}

struct text decimal_of_double(struct arena *arena, double value)
{
	char bytes[DOUBLE_CHARS];
	struct text out = {NULL, 0};
	struct parts parts;
	char *exponent;

	for (int precision = 14; precision <= 16; precision++) {
		snprintf(bytes, sizeof(bytes), "%.*e", precision, value);
		if (strtod(bytes, NULL) == value)
			break;
	}
	exponent = strchr(bytes, 'e');
	(void)split((struct text){bytes, (size_t)(exponent - bytes)}, &parts);
	parts.exponent = (int)strtol(exponent + 1, NULL, 10);
	if (spell(arena, &parts, &out) != STATUS_OK)
		return (struct text){NULL, 0};
	return out;
}

struct text decimal_of_scaled(struct arena *arena, int64_t value, int digits)
{
	char bytes[INT64_CHARS + 1];
	int length = snprintf(bytes, sizeof(bytes), "%lld", (long long)value);
	struct parts parts = {.whole = {bytes, (size_t)length}, .fraction = TEXT(""), .exponent = -digits};
	struct text out = {NULL, 0};

	parts.is_negative = take(&parts.whole, '-');
	if (spell(arena, &parts, &out) != STATUS_OK)
		return (struct text){NULL, 0};
	return out;
}

static size_t whole_digits(struct text magnitude)
{
	const char *point = memchr(magnitude.bytes, '.', magnitude.length);

	return point == NULL ? magnitude.length : (size_t)(point - magnitude.bytes);
}

int decimal_compare(struct text a, struct text b)
{
	bool a_negative = take(&a, '-');
	bool b_negative = take(&b, '-');
	size_t a_whole = whole_digits(a);
	size_t b_whole = whole_digits(b);
	int order;

	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	/* With as many digits before the point, the order of the bytes is that of the values. */
	order = a_whole != b_whole ? (a_whole > b_whole) - (a_whole < b_whole) : text_compare(a, b);
	return a_negative ? -order : order;
}

size_t decimal_places(struct text decimal)
{
	const char *point = memchr(decimal.bytes, '.', decimal.length);

	return point == NULL ? 0 : decimal.length - (size_t)(point - decimal.bytes) - 1;
}
