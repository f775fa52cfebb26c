/* SPDX-License-Identifier: Apache-2.0 */
/* Import cases from data to their outcome as JSON; no test here. */
#include "feed.h"

#include <stdlib.h>
#include <string.h>

#define ROW_BYTES 65536
#define ARENA_BYTES 4096

/** What the reader's callbacks work on. */
struct outcome {
	struct arena *row_arena;
	int64_t number;
	json_t *rows;
};

static const char *option(const json_t *json, const char *name, const char *otherwise)
{
	const json_t *value = json_object_get(json_object_get(json, "options"), name);

	return value == NULL ? otherwise : json_string_value(value);
}

/** With "as_bytes", each character is the byte of its number. */
static void take_input(struct feed_case *feed, const json_t *json)
{
	const json_t *text = json_object_get(json, "input");
	const unsigned char *from = (const unsigned char *)json_string_value(text);
	size_t length = json_string_length(text);
	bool as_bytes = json_is_true(json_object_get(json_object_get(json, "options"), "as_bytes"));

	feed->input = malloc(length + 1);
	ck_assert_ptr_nonnull(feed->input);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = from[i];

		if (as_bytes && c >= 0x80)
			c = (unsigned char)((c & 3) << 6 | (from[++i] & 0x3f));
		feed->input[feed->length++] = (char)c;
	}
}

struct feed_case feed_case_of(const json_t *json)
{
	const char *format = json_string_value(json_object_get(json, "format"));
	const char *extra = option(json, "extra", "refuse");
	const json_t *row_bytes = json_object_get(json_object_get(json, "options"), "row_bytes");
	struct feed_case feed = {
		.name = json_string_value(json_object_get(json, "name")),
		.kind = show_kind(json_string_value(json_object_get(json, "kind"))),
		.options = {
			.format = strcmp(format, "csv") == 0 ? IMPORT_CSV : strcmp(format, "json") == 0 ? IMPORT_JSON : IMPORT_NDJSON,
			.map = text_of(option(json, "map", NULL)),
			.values = text_of(option(json, "values", NULL)),
			.extra = strcmp(extra, "attributes") == 0 ? IMPORT_EXTRA_ATTRIBUTES
			         : strcmp(extra, "ignore") == 0   ? IMPORT_EXTRA_IGNORE
			                                          : IMPORT_EXTRA_REFUSE,
			.decimal = option(json, "decimal", ".")[0],
			.delimiter = option(json, "delimiter", "")[0],
			.latin1 = strcmp(option(json, "charset", "utf-8"), "latin1") == 0,
			.row_bytes = row_bytes == NULL ? ROW_BYTES : (size_t)json_integer_value(row_bytes),
		},
	};

	take_input(&feed, json);
	return feed;
}

static struct arena *fresh_arena(void *owner)
{
	struct outcome *outcome = owner;

	arena_reset(outcome->row_arena);
	return outcome->row_arena;
}

static enum status keep_row(void *owner, struct import_row *row)
{
	struct outcome *outcome = owner;

	ck_assert_int_eq(row->number, ++outcome->number);
	if (row->status == STATUS_OK) {
		ck_assert_uint_eq(row->problems.count, 0);
		json_array_append_new(outcome->rows, show_record(&row->record));
	} else {
		ck_assert_int_eq(row->status, STATUS_INVALID);
		ck_assert_uint_gt(row->problems.count, 0);
		json_array_append_new(outcome->rows, show_problems(&row->problems));
	}
	return STATUS_OK;
}

static enum status read_all(const struct feed_case *feed, size_t cut, struct outcome *outcome, struct problems *problems)
{
	struct import_reader *reader;
	enum status status =
	    import_reader_new(feed->kind, &feed->options, &show_context, fresh_arena, keep_row, outcome, &reader, problems);

	if (status != STATUS_OK)
		return status;
	/* Each piece in memory of its own, so that a sanitizer sees whoever reads past it. */
	for (int piece = 0; piece < 2 && status == STATUS_OK; piece++) {
		size_t from = piece == 0 ? 0 : cut;
		size_t length = piece == 0 ? cut : feed->length - cut;
		char *bytes = malloc(length + 1);

		memcpy(bytes, feed->input + from, length);
		status = import_reader_feed(reader, bytes, length, problems);
		free(bytes);
	}
	if (status == STATUS_OK)
		status = import_reader_finish(reader, problems);
	else
		ck_assert_int_eq(import_reader_finish(reader, problems), status);
	import_reader_free(reader);
	return status;
}

json_t *feed_run(const struct feed_case *feed, size_t cut)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct problems problems = problems_in(arena);
	struct outcome outcome = {.row_arena = arena_new(ARENA_BYTES), .rows = json_array()};
	enum status status = read_all(feed, cut, &outcome, &problems);
	json_t *result;

	ck_assert((status == STATUS_OK) == (problems.count == 0));
	result = json_pack("{s:s, s:o, s:o}", "status", status == STATUS_OK ? "ok" : status_describe(status)->slug, "rows", outcome.rows,
	                   "problems", show_problems(&problems));
	ck_assert_ptr_nonnull(result);
	arena_free(outcome.row_arena);
	arena_free(arena);
	return result;
}
