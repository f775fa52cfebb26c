/* SPDX-License-Identifier: Apache-2.0 */
/* Records and problems as JSON, so that cases can be data; no test here. */
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sweetspot/buffer.h>
#include <sweetspot/calendar.h>

#define NOW_US INT64_C(1772323200000000)
#define FOLDER "tests/data/intake/"

static const struct exchange_rate rates[] = {
	{{"USD", 3}, 900000},
	{{"JPY", 3}, 6000},
	{{"KWD", 3}, 3050000},
	{{"BIG", 3}, INT64_C(9000000000000000000)},
};

const struct intake_context show_context = {
	.currency_digits = 2,
	.currency = {"EUR", 3},
	.rates = rates,
	.rate_count = COUNT_OF(rates),
	.now_us = NOW_US,
};

char *show_file(const char *name, size_t *length)
{
	char path[256];
	FILE *file;
	char *bytes;
	long size;

	snprintf(path, sizeof(path), FOLDER "%s", name);
	file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "cannot open %s; tests run in the project's folder", path);
	ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	rewind(file);
	bytes = malloc((size_t)size + 1);
	ck_assert_ptr_nonnull(bytes);
	*length = fread(bytes, 1, (size_t)size, file);
	bytes[*length] = '\0';
	fclose(file);
	return bytes;
}

/** Long texts are written short in the data: <<x*120>> is a hundred and twenty x. */
static void expand(const char *text, struct buffer *out)
{
	const char *open;

	while ((open = strstr(text, "<<")) != NULL) {
		const char *star = strchr(open, '*');
		char *close;
		unsigned long count;

		ck_assert_ptr_nonnull(star);
		count = strtoul(star + 1, &close, 10);
		ck_assert_int_eq(strncmp(close, ">>", 2), 0);
		buffer_append(out, text, (size_t)(open - text));
		while (count-- > 0)
			buffer_append(out, open + 2, (size_t)(star - open - 2));
		text = close + 2;
	}
	buffer_append(out, text, strlen(text));
	ck_assert(!out->failed);
}

json_t *show_json(const char *name)
{
	struct buffer expanded = {0};
	json_error_t error;
	size_t length;
	char *bytes = show_file(name, &length);
	json_t *json;

	expand(bytes, &expanded);
	json = json_loadb(expanded.bytes, expanded.length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	ck_assert_msg(json != NULL, "%s:%d: %s", name, error.line, error.text);
	buffer_release(&expanded);
	free(bytes);
	return json;
}

enum record_kind show_kind(const char *noun)
{
	for (int kind = 0; kind < RECORD_KINDS; kind++)
		if (strcmp(record_shape((enum record_kind)kind)->noun, noun) == 0)
			return (enum record_kind)kind;
	ck_abort_msg("no kind of record is called %s", noun);
}

static json_t *show_text(struct text text)
{
	return json_stringn(text.bytes, text.length);
}

static bool is_text_kind(enum field_kind kind)
{
	return kind == FIELD_TEXT || kind == FIELD_REFERENCE || kind == FIELD_TEXTS || kind == FIELD_OBJECT || kind == FIELD_PROTECTION;
}

json_t *show_record(const struct record *record)
{
	const struct record_shape *shape = record_shape(record->kind);
	json_t *json = json_object();
	char instant[28];

	json_object_set_new(json, "id", show_text(record->id));
	ck_assert_uint_eq(record->filled & ~record->given, 0);
	for (size_t i = 0; i < shape->field_count; i++) {
		const struct field *field = &shape->fields[i];

		if ((record->given >> i & 1) == 0)
			continue;
		if ((record->filled >> i & 1) == 0)
			json_object_set_new(json, field->name, json_null());
		else if (is_text_kind(field->kind))
			json_object_set_new(json, field->name, show_text(record->value[i].text));
		else
			json_object_set_new(json, field->name, json_integer(record->value[i].integer));
	}
	if (record->source_at_us != INSTANT_NONE) {
		instant_format(record->source_at_us, instant);
		json_object_set_new(json, "source_at", json_string(instant));
	}
	ck_assert_uint_eq(record->source_event.length, 0);
	return json;
}

json_t *show_problems(const struct problems *problems)
{
	json_t *list = json_array();

	for (const struct problem *at = problems->first; at != NULL; at = at->next) {
		ck_assert(text_is_utf8(at->detail));
		json_array_append_new(list, json_pack("[o, o]", show_text(at->pointer), show_text(at->detail)));
	}
	return list;
}

void show_expect(const char *what, const json_t *actual, const json_t *expected)
{
	const size_t flags = JSON_ENCODE_ANY | JSON_SORT_KEYS;
	char *have, *want;

	if (json_equal(actual, expected))
		return;
	have = json_dumps(actual, flags);
	want = json_dumps(expected, flags);
	ck_abort_msg("%s:\n  got      %s\n  expected %s", what, have, want);
}

struct arena *show_starving_arena(void)
{
	struct arena *arena = arena_new((size_t)1 << 61);

	ck_assert_ptr_nonnull(arena);
	return arena;
}
