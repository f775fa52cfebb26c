/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text to a tree, strictly: bounded, no duplicates, no \u0000. What the tree should hold is not known here. */
#include "json.h"

#include <stdio.h>
#include <string.h>

#include <sweetspot/intake.h>

#ifdef WITHOUT_DUPLICATES
#define REJECT_DUPLICATES 0
#else
#define REJECT_DUPLICATES JSON_REJECT_DUPLICATES
#endif
#ifdef WITHOUT_NAMED_NUL
#define ALLOW_NUL 0
#else
#define ALLOW_NUL JSON_ALLOW_NUL
#endif

/** What jansson bounds too generously (depth 2048) or not at all. */
struct extent {
	size_t deepest;
	size_t values;
};

/** Count nesting and separators outside strings. Text that is not JSON gives some number or other; the parser says what is wrong. */
static struct extent measure(struct text body)
{
	struct extent extent = {0, 1};
	size_t depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < body.length; i++) {
		char c = body.bytes[i];

		if (in_string && c == '\\') {
			i++;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (in_string) {
			continue;
		} else if (c == '[' || c == '{') {
			depth++;
			extent.values++;
		} else if ((c == ']' || c == '}') && depth > 0) {
			depth--;
		} else if (c == ',') {
			extent.values++;
		}
		if (depth > extent.deepest)
			extent.deepest = depth;
	}
	return extent;
}

static bool is_blank(struct text body)
{
	for (size_t i = 0; i < body.length; i++)
		if (strchr(" \t\r\n", body.bytes[i]) == NULL || body.bytes[i] == '\0')
			return false;
	return true;
}

static enum status check_extent(struct text body, struct text pointer, struct problems *problems)
{
	struct extent extent;

	if (is_blank(body)) {
		problems_add(problems, pointer, "is empty where JSON is expected");
		return STATUS_MALFORMED;
	}
	extent = measure(body);
#ifdef WITHOUT_EXTENT
	return STATUS_OK;
#endif
	if (extent.deepest > INTAKE_JSON_DEPTH) {
		problems_add(problems, pointer, "is nested deeper than %d brackets", INTAKE_JSON_DEPTH);
		return STATUS_MALFORMED;
	}
	if (extent.values > INTAKE_JSON_VALUES) {
		problems_add(problems, pointer, "holds more than %d values; send it in parts", INTAKE_JSON_VALUES);
		return STATUS_TOO_LARGE;
	}
	return STATUS_OK;
}

/** jansson's error in the words of somebody who has to mend the file. */
static enum status explain(const json_error_t *error, struct text pointer, struct problems *problems)
{
	/* jansson quotes bytes, and may cut a character in two. */
	const char *what = text_is_utf8(text_of(error->text)) ? error->text : "something that is not JSON";

	/* Without a place it is no fault of the text. (Short of memory inside a token, jansson does blame the text: 400 instead of 503.) */
	if (error->line < 0)
		return STATUS_NO_MEMORY;
	switch (json_error_code(error)) {
	case json_error_out_of_memory:
		return STATUS_NO_MEMORY;
	case json_error_premature_end_of_input:
		what = "the JSON breaks off here";
		break;
	case json_error_invalid_utf8:
		what = "these bytes are not UTF-8; save the data as UTF-8";
		break;
	case json_error_numeric_overflow:
		what = "this number is larger than can be kept; check it, or write it as text in quotes";
		break;
	case json_error_duplicate_key:
		what = "this name stands twice in one object; keep one of the two";
		break;
	case json_error_null_byte_in_key:
		what = "a name contains the character \\u0000, which cannot be kept";
		break;
	case json_error_end_of_input_expected:
		what = "something stands behind the end of the JSON";
		break;
	default:
		break;
	}
	problems_add(problems, pointer, "is not valid JSON: line %d, column %d: %s", error->line, error->column, what);
	return STATUS_MALFORMED;
}

/** PostgreSQL cannot keep U+0000 in a text; jansson is told to let it through so that its place can be named. */
static void refuse_nul(json_t *value, struct text pointer, struct problems *problems)
{
	struct text text = intake_json_text(value);
	const char *key;
	json_t *member;
	size_t index;

	if (text.length > 0 && memchr(text.bytes, '\0', text.length) != NULL)
		problems_add(problems, pointer, "contains the character \\u0000, which cannot be kept; remove it");
	json_object_foreach(value, key, member)
		refuse_nul(member, intake_pointer(problems, pointer, text_of(key)), problems);
	json_array_foreach(value, index, member)
		refuse_nul(member, intake_pointer_at(problems, pointer, index), problems);
}

static void release(void *json)
{
	json_decref(json);
}

enum status intake_json_parse_at(struct text body, struct text pointer, struct arena *arena, json_t **out, struct problems *problems)
{
	const size_t flags = REJECT_DUPLICATES | JSON_DECODE_ANY | ALLOW_NUL;
	size_t before = problems->count;

	json_error_t error = {0};
	json_t *json = NULL;
	enum status status = check_extent(body, pointer, problems);

	if (status == STATUS_OK) {
		json = json_loadb(body.bytes, body.length, flags, &error);
		status = json == NULL ? explain(&error, pointer, problems) : arena_link(arena, release, json);
		/* The letters \u0000 may also be an escaped backslash: the tree tells. */
		if (status == STATUS_OK && memmem(body.bytes, body.length, "\\u0000", 6) != NULL)
			refuse_nul(json, pointer, problems);
	}
	if (problems->failed)
		return STATUS_NO_MEMORY;
	if (status != STATUS_OK)
		return status;
	if (problems->count > before)
		return STATUS_MALFORMED;
	*out = json;
	return STATUS_OK;
}

enum status intake_json_parse(struct text body, struct arena *arena, json_t **out, struct problems *problems)
{
	return intake_json_parse_at(body, TEXT(""), arena, out, problems);
}

struct text intake_json_text(const json_t *json)
{
	if (!json_is_string(json))
		return (struct text){NULL, 0};
	return (struct text){json_string_value(json), json_string_length(json)};
}

struct text intake_pointer(struct problems *problems, struct text parent, struct text name)
{
	struct text pointer = pointer_join(problems->arena, parent, name);

	if (pointer.bytes == NULL)
		problems->failed = true;
	return pointer;
}

struct text intake_pointer_at(struct problems *problems, struct text parent, size_t index)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%zu", index);
	return intake_pointer(problems, parent, text_of(digits));
}
