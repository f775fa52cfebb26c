/* SPDX-License-Identifier: Apache-2.0 */
/* A scanner for our own JSON: strings, brackets and commas. Foreign JSON is read in the intake. */
#include "json_members.h"

#include <string.h>

struct text json_members_of(struct text object)
{
	if (object.length < 2 || object.bytes[0] != '{')
		return (struct text){NULL, 0};
	return (struct text){object.bytes + 1, object.length - 2};
}

/** @return index behind the string that begins at `at` */
static size_t string_end(struct text json, size_t at)
{
	for (at++; at < json.length && json.bytes[at] != '"'; at++)
		if (json.bytes[at] == '\\')
			at++;
	return at < json.length ? at + 1 : json.length;
}

/** @return index of the comma that ends the value beginning at `at`, or the length */
static size_t value_end(struct text json, size_t at)
{
	size_t depth = 0;

	while (at < json.length) {
		char c = json.bytes[at];

		if (c == '"') {
			at = string_end(json, at);
			continue;
		}
		if (c == ',' && depth == 0)
			return at;
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		at++;
	}
	return at;
}

bool json_members_next(struct text *members, struct text *name, struct text *value)
{
	size_t behind_name, end;

	if (members->length == 0)
		return false;
	behind_name = string_end(*members, 0);
	if (behind_name + 1 >= members->length)
		return false;
	end = value_end(*members, behind_name + 1);
	*name = (struct text){members->bytes + 1, behind_name - 2};
	*value = (struct text){members->bytes + behind_name + 1, end - behind_name - 1};
	end += end < members->length;
	*members = (struct text){members->bytes + end, members->length - end};
	return true;
}

static unsigned hex_value(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/** @param escape  behind the backslash. @return how many bytes of it were read */
static size_t unescape(struct buffer *out, const char *escape, size_t left)
{
	static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
	const char *letter = strchr(letters, escape[0]);

	/* Ours are control characters alone: json_writer escapes nothing else in this way. */
	if (escape[0] == 'u' && left >= 5) {
		buffer_append_char(out, (char)(hex_value(escape[3]) << 4 | hex_value(escape[4])));
		return 5;
	}
	buffer_append_char(out, letter != NULL ? meant[letter - letters] : escape[0]);
	return 1;
}

void json_plain_append(struct buffer *out, struct text value)
{
	if (value.length < 2 || value.bytes[0] != '"') {
		buffer_append_text(out, value);
		return;
	}
	for (size_t i = 1; i + 1 < value.length;) {
		const char *backslash = memchr(value.bytes + i, '\\', value.length - 1 - i);
		size_t plain = backslash == NULL ? value.length - 1 - i : (size_t)(backslash - value.bytes) - i;

		buffer_append(out, value.bytes + i, plain);
		i += plain;
		if (backslash != NULL)
			i += 1 + unescape(out, value.bytes + i + 1, value.length - 2 - i);
	}
}
