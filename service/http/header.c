/* SPDX-License-Identifier: Apache-2.0 */
/* Reading single header values. Which headers a request needs is decided in head.c. */
#include "header.h"

#include <string.h>
#include <strings.h>

#include <sweetspot/number.h>

#include "http.h"

#define KEY_BYTES 255
#define REQUEST_ID_BYTES 128
#define TRACE_BYTES 55  /* version 00: 00-<32>-<16>-<2> */
#define MOST_WAIT_S 3600

static bool is_one_of(char c, const char *others)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr(others, c) != NULL);
}

static bool is_made_of(struct text text, const char *others)
{
	for (size_t i = 0; i < text.length; i++)
		if (!is_one_of(text.bytes[i], others))
			return false;
	return true;
}

/** Optional white space of HTTP: blanks and tabs alone. */
static struct text trim(struct text text)
{
	while (text.length > 0 && (text.bytes[0] == ' ' || text.bytes[0] == '\t'))
		text = (struct text){text.bytes + 1, text.length - 1};
	while (text.length > 0 && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t'))
		text.length--;
	return text;
}

static bool has_prefix(struct text text, const char *prefix)
{
	size_t length = strlen(prefix);

	return text.length >= length && strncasecmp(text.bytes, prefix, length) == 0;
}

static struct text behind(struct text text, size_t length)
{
	return (struct text){text.bytes + length, text.length - length};
}

bool http_header_bearer(struct text value, struct text *token)
{
	struct text found;

	value = trim(value);
	if (!has_prefix(value, "Bearer "))
		return false;
	found = trim(behind(value, strlen("Bearer ")));
	if (found.length == 0 || !is_made_of(found, "-._~+/="))
		return false;
	*token = found;
	return true;
}

bool http_header_next(struct text *list, struct text *element)
{
	while (list->length > 0) {
		size_t length = 0;
		bool quoted = false;

		for (; length < list->length && (quoted || list->bytes[length] != ','); length++) {
			if (quoted && list->bytes[length] == '\\' && length + 1 < list->length)
				length++;
			else if (list->bytes[length] == '"')
				quoted = !quoted;
		}
		*element = trim((struct text){list->bytes, length});
		*list = behind(*list, length < list->length ? length + 1 : length);
		if (element->length > 0)
			return true;
	}
	return false;
}

/** @return whether it is `"opaque"` without quotes in it */
static bool is_quoted(struct text tag)
{
	return tag.length >= 2 && tag.bytes[0] == '"' && memchr(tag.bytes + 1, '"', tag.length - 1) == tag.bytes + tag.length - 1;
}

/** The number our tags begin with: `"12-9f3c"`. */
static int64_t tag_version(struct text tag)
{
	struct text opaque = {tag.bytes + 1, tag.length - 2};
	const char *dash = opaque.length == 0 ? NULL : memchr(opaque.bytes, '-', opaque.length);
	int64_t version;

	if (dash != NULL)
		opaque.length = (size_t)(dash - opaque.bytes);
	if (opaque.length == 0 || !is_made_of(opaque, "") || number_parse(opaque, 0, &version) != NUMBER_OK || version <= 0)
		return HTTP_MATCH_NEVER;
	return version;
}

bool http_header_if_match(struct text value, int64_t *version)
{
	struct text tag, another;

	if (!http_header_next(&value, &tag) || http_header_next(&value, &another))
		return false;
	if (text_equal(tag, TEXT("*"))) {
		*version = -1;
		return true;
	}
	if (has_prefix(tag, "W/") && is_quoted(behind(tag, 2))) {
		*version = HTTP_MATCH_NEVER;
		return true;
	}
	if (!is_quoted(tag))
		return false;
	*version = tag_version(tag);
	return true;
}

bool http_header_none_match(struct text value, struct text tag)
{
	struct text candidate;

	while (http_header_next(&value, &candidate)) {
		if (text_equal(candidate, TEXT("*")))
			return true;
		if (has_prefix(candidate, "W/"))
			candidate = behind(candidate, 2);
		if (text_equal(candidate, tag))
			return true;
	}
	return false;
}

static bool is_visible(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] <= ' ' || text.bytes[i] > '~')
			return false;
	return true;
}

/** The inside of a structured-field string, unescaped; length 0 for what is none. */
static struct text unquote(struct arena *arena, struct text quoted)
{
	char *bytes = arena_alloc(arena, quoted.length);
	size_t length = 0;

	if (bytes == NULL)
		return (struct text){NULL, 0};
	for (size_t i = 1; i + 1 < quoted.length; i++) {
		char c = quoted.bytes[i];

		if (c == '"')
			return TEXT("");
		if (c == '\\') {
			c = quoted.bytes[++i];
			if (i + 1 == quoted.length || (c != '"' && c != '\\'))
				return TEXT("");
		}
		bytes[length++] = c;
	}
	return (struct text){bytes, length};
}

enum status http_header_idempotency_key(struct arena *arena, struct text value, struct text *key)
{
	struct text found = trim(value);

	if (found.length >= 2 && found.bytes[0] == '"') {
		if (found.bytes[found.length - 1] != '"')
			return STATUS_MALFORMED;
		found = unquote(arena, found);
		if (found.bytes == NULL)
			return STATUS_NO_MEMORY;
	} else if (found.length > 0 && memchr(found.bytes, '"', found.length) != NULL) {
		return STATUS_MALFORMED;
	}
	if (found.length == 0 || found.length > KEY_BYTES || !is_visible(found))
		return STATUS_MALFORMED;
	found = text_copy(arena, found);
	if (found.bytes == NULL)
		return STATUS_NO_MEMORY;
	*key = found;
	return STATUS_OK;
}

static bool is_lower_hex(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (!((text.bytes[i] >= '0' && text.bytes[i] <= '9') || (text.bytes[i] >= 'a' && text.bytes[i] <= 'f')))
			return false;
	return true;
}

static bool is_all_zero(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] != '0')
			return false;
	return true;
}

bool http_header_trace_id(struct text value, struct text *trace_id)
{
	struct text version, trace, parent, flags;

	value = trim(value);
	if (value.length < TRACE_BYTES || value.bytes[2] != '-' || value.bytes[35] != '-' || value.bytes[52] != '-')
		return false;
	version = (struct text){value.bytes, 2};
	trace = (struct text){value.bytes + 3, 32};
	parent = (struct text){value.bytes + 36, 16};
	flags = (struct text){value.bytes + 53, 2};
	if (!is_lower_hex(version) || !is_lower_hex(trace) || !is_lower_hex(parent) || !is_lower_hex(flags))
		return false;
	if (is_all_zero(trace) || is_all_zero(parent) || text_equal(version, TEXT("ff")))
		return false;
	/* Later versions may say more behind a dash, version 00 may not. */
	if (value.length > TRACE_BYTES && (is_all_zero(version) || value.bytes[TRACE_BYTES] != '-'))
		return false;
	*trace_id = trace;
	return true;
}

bool http_header_is_request_id(struct text value)
{
	return value.length > 0 && value.length <= REQUEST_ID_BYTES && is_made_of(value, "._:-+=/@");
}

static struct text lower_copy(struct arena *arena, struct text text)
{
	char *bytes = arena_alloc(arena, text.length + 1);

	if (bytes == NULL)
		return (struct text){NULL, 0};
	for (size_t i = 0; i < text.length; i++) {
		char c = text.bytes[i];

		bytes[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return (struct text){bytes, text.length};
}

/** The value of charset= among the parameters behind the media type; {NULL, 0}: none. */
static struct text find_charset(struct text parameters)
{
	while (parameters.length > 0) {
		const char *semicolon = memchr(parameters.bytes, ';', parameters.length);
		size_t length = semicolon == NULL ? parameters.length : (size_t)(semicolon - parameters.bytes);
		struct text one = trim((struct text){parameters.bytes, length});

		if (has_prefix(one, "charset=")) {
			one = behind(one, strlen("charset="));
			return is_quoted(one) ? (struct text){one.bytes + 1, one.length - 2} : one;
		}
		parameters = behind(parameters, semicolon == NULL ? length : length + 1);
	}
	return (struct text){NULL, 0};
}

enum status http_header_media_type(struct arena *arena, struct text value, struct text *type, struct text *charset)
{
	const char *semicolon = value.length == 0 ? NULL : memchr(value.bytes, ';', value.length);
	size_t length = semicolon == NULL ? value.length : (size_t)(semicolon - value.bytes);
	struct text set = semicolon == NULL ? (struct text){NULL, 0} : find_charset(behind(value, length + 1));

	*type = *charset = (struct text){NULL, 0};
	value = trim((struct text){value.bytes, length});
	if (value.length > 0 && (*type = lower_copy(arena, value)).bytes == NULL)
		return STATUS_NO_MEMORY;
	if (set.length > 0 && (*charset = lower_copy(arena, set)).bytes == NULL)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

struct http_preferences http_header_prefer(struct text value)
{
	struct http_preferences out = {.wait_s = -1};
	struct text one;

	while (http_header_next(&value, &one)) {
		int64_t seconds;

		if (text_equal(one, TEXT("return=minimal")))
			out.minimal = true;
		else if (has_prefix(one, "wait=") && one.length > 5 && is_made_of(behind(one, 5), "") &&
			 number_parse(behind(one, 5), 0, &seconds) == NUMBER_OK)
			out.wait_s = seconds > MOST_WAIT_S ? MOST_WAIT_S : seconds;
	}
	return out;
}
