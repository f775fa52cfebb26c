/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON values into a buffer, each with one reservation. Nothing is read or checked here; UTF-8 and nesting are the caller's. */
#include <sweetspot/json_writer.h>

#include <string.h>

#include <sweetspot/calendar.h>

#define INT64_CHARS 20
#define ESCAPE_CHARS 6
#define EVERY_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* 0: stands for itself; 'u': \u00XX; else the letter behind the backslash. */
static const char escapes[256] = {
	[0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u', [0x06] = 'u', [0x07] = 'u',
	[0x08] = 'b', [0x09] = 't', [0x0a] = 'n', [0x0b] = 'u', [0x0c] = 'f', [0x0d] = 'r', [0x0e] = 'u', [0x0f] = 'u',
	[0x10] = 'u', [0x11] = 'u', [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u', [0x16] = 'u', [0x17] = 'u',
	[0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u', [0x1c] = 'u', [0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u',
	['"'] = '"', ['\\'] = '\\',
};

struct json_writer json_writer_to(struct buffer *out)
{
	return (struct json_writer){.out = out, .needs_comma = false};
}

/** Room for a comma and `most` bytes, the comma written; NULL when memory is short. */
static char *begin(struct json_writer *w, size_t most)
{
	char *at = buffer_reserve(w->out, most + 1);

	if (at != NULL && w->needs_comma)
		*at++ = ',';
	return at;
}

static void end(struct json_writer *w, const char *behind)
{
	w->out->length = (size_t)(behind - w->out->bytes);
	w->needs_comma = true;
}

static void write_plain(struct json_writer *w, const char *bytes, size_t length)
{
	char *at = begin(w, length);

	if (at == NULL)
		return;
	memcpy(at, bytes, length);
	end(w, at + length);
}

static void open_with(struct json_writer *w, char bracket)
{
	write_plain(w, &bracket, 1);
	w->needs_comma = false;
}

static void close_with(struct json_writer *w, char bracket)
{
	w->needs_comma = false;
	write_plain(w, &bracket, 1);
}

void json_open_object(struct json_writer *w)
{
	open_with(w, '{');
}

void json_close_object(struct json_writer *w)
{
	close_with(w, '}');
}

void json_open_array(struct json_writer *w)
{
	open_with(w, '[');
}

void json_close_array(struct json_writer *w)
{
	close_with(w, ']');
}

/** @return whether one of the eight bytes is below 0x20, a quote or a backslash; bytes from 0x80 never are */
static bool word_needs_escape(uint64_t word)
{
	uint64_t quote = word ^ EVERY_BYTE(0x22);
	uint64_t backslash = word ^ EVERY_BYTE(0x5c);

	uint64_t below = ((word - EVERY_BYTE(0x20)) & ~word) | ((quote - EVERY_BYTE(1)) & ~quote) |
			 ((backslash - EVERY_BYTE(1)) & ~backslash);

	return (below & EVERY_BYTE(0x80)) != 0;
}

/** @return number of leading bytes that stand for themselves */
static size_t clean_run(const char *bytes, size_t length)
{
	size_t at = 0;
	uint64_t word;

	for (; length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		if (word_needs_escape(word))
			break;
	}
	while (at < length && escapes[(unsigned char)bytes[at]] == 0)
		at++;
	return at;
}

static void append_escape(struct buffer *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char letter = escapes[c];
	char *at = buffer_reserve(out, ESCAPE_CHARS);

	if (at == NULL)
		return;
	at[0] = '\\';
	at[1] = letter;
	out->length += 2;
	if (letter != 'u')
		return;
	at[2] = '0';
	at[3] = '0';
	at[4] = hex[c >> 4];
	at[5] = hex[c & 0x0f];
	out->length += 4;
}

static void append_escaped(struct buffer *out, struct text value)
{
	size_t at = 0;

	while (at < value.length) {
		size_t clean = clean_run(value.bytes + at, value.length - at);

		buffer_append(out, value.bytes + at, clean);
		at += clean;
		if (at < value.length)
			append_escape(out, (unsigned char)value.bytes[at++]);
	}
}

/** A string and, behind a name, its colon. What needs no escape, and nearly nothing does, is one copy. */
static void write_string(struct json_writer *w, struct text value, bool is_name)
{
	size_t clean = clean_run(value.bytes, value.length);
	char *at = begin(w, value.length + 3);

	if (at == NULL)
		return;
	*at++ = '"';
	memcpy(at, value.bytes, clean);
	at += clean;
	if (clean < value.length) {
		end(w, at);
		append_escaped(w->out, (struct text){value.bytes + clean, value.length - clean});
		at = buffer_reserve(w->out, 2);
		if (at == NULL)
			return;
	}
	*at++ = '"';
	if (is_name)
		*at++ = ':';
	end(w, at);
	w->needs_comma = !is_name;
}

/** A string whose bytes are known to need no escape. */
static void write_quoted(struct json_writer *w, const char *bytes, size_t length, bool is_name)
{
	char *at = begin(w, length + 3);

	if (at == NULL)
		return;
	*at++ = '"';
	memcpy(at, bytes, length);
	at += length;
	*at++ = '"';
	if (is_name)
		*at++ = ':';
	end(w, at);
	w->needs_comma = !is_name;
}

void json_key_plain(struct json_writer *w, const char *name, size_t length)
{
	write_quoted(w, name, length, true);
}

void json_key_text(struct json_writer *w, struct text name)
{
	write_string(w, name.bytes == NULL ? TEXT("") : name, true);
}

void json_write_null(struct json_writer *w)
{
	write_plain(w, "null", 4);
}

void json_bool(struct json_writer *w, bool value)
{
	if (value)
		write_plain(w, "true", 4);
	else
		write_plain(w, "false", 5);
}

/** Write the digits so that they end before `behind`. @return where they start */
static char *put_digits_before(char *behind, uint64_t value)
{
	do {
		*--behind = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	return behind;
}

void json_int(struct json_writer *w, int64_t value)
{
	char digits[INT64_CHARS];
	char *const behind = digits + sizeof(digits);
	char *at = put_digits_before(behind, value < 0 ? -(uint64_t)value : (uint64_t)value);

	if (value < 0)
		*--at = '-';
	write_plain(w, at, (size_t)(behind - at));
}

void json_scaled(struct json_writer *w, int64_t value, int digits)
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char number[2 * INT64_CHARS];
	char *const behind = number + sizeof(number);
	char *at = behind;

	while (digits > 0 && magnitude % 10 == 0) {
		magnitude /= 10;
		digits--;
	}
	if (digits > 0) {
		for (; digits > 0; digits--) {
			*--at = (char)('0' + magnitude % 10);
			magnitude /= 10;
		}
		*--at = '.';
	}
	at = put_digits_before(at, magnitude);
	if (value < 0)
		*--at = '-';
	write_plain(w, at, (size_t)(behind - at));
}

void json_text(struct json_writer *w, struct text value)
{
	if (value.bytes == NULL)
		json_write_null(w);
	else
		write_string(w, value, false);
}

void json_day(struct json_writer *w, int32_t day)
{
	char text[11];

	if (day == DAY_NONE) {
		json_write_null(w);
		return;
	}
	day_format(day, text);
	write_quoted(w, text, sizeof(text) - 1, false);
}

void json_instant(struct json_writer *w, int64_t instant_us)
{
	char text[28];

	if (instant_us == INSTANT_NONE) {
		json_write_null(w);
		return;
	}
	instant_format(instant_us, text);
	write_quoted(w, text, strlen(text), false);
}

void json_raw(struct json_writer *w, struct text json)
{
	if (json.bytes == NULL)
		json_write_null(w);
	else
		write_plain(w, json.bytes, json.length);
}
