/* SPDX-License-Identifier: Apache-2.0 */
/* Imports become rows, wherever the input is cut; the cases are tests/data/intake/import.json. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"

START_TEST(test_import_reader_cases_match_at_every_cut)
{
	json_t *cases = show_json("import.json");
	size_t index;
	json_t *one;

	json_array_foreach(cases, index, one) {
		struct feed_case feed = feed_case_of(one);
		json_t *expected = json_pack("{s:O, s:O, s:O}", "status", json_object_get(one, "status"), "rows", json_object_get(one, "rows"),
		                             "problems", json_object_get(one, "problems"));

		ck_assert_ptr_nonnull(expected);
		for (size_t cut = 0; cut <= feed.length; cut++) {
			json_t *actual = feed_run(&feed, cut);

			show_expect(feed.name, actual, expected);
			json_decref(actual);
		}
		json_decref(expected);
		free(feed.input);
	}
	ck_assert_uint_gt(index, 100);
	json_decref(cases);
}
END_TEST

/** What the tests below count and refuse. */
struct tally {
	struct arena *arena;
	int64_t rows;
	int64_t stop_at;        /* row that is answered STATUS_UNAVAILABLE; 0: none */
	bool has_no_arena;
};

static struct arena *tally_arena(void *owner)
{
	struct tally *tally = owner;

	if (tally->has_no_arena)
		return NULL;
	arena_reset(tally->arena);
	return tally->arena;
}

static enum status tally_row(void *owner, struct import_row *row)
{
	struct tally *tally = owner;

	(void)row;
	tally->rows++;
	return tally->rows == tally->stop_at ? STATUS_UNAVAILABLE : STATUS_OK;
}

static struct import_reader *reader_of(enum import_format format, size_t row_bytes, struct tally *tally, struct problems *problems)
{
	struct import_options options = {.format = format, .decimal = '.', .row_bytes = row_bytes};
	struct import_reader *reader = NULL;

	ck_assert_int_eq(
	    import_reader_new(RECORD_ORGANISATION, &options, &show_context, tally_arena, tally_row, tally, &reader, problems), STATUS_OK);
	return reader;
}

/* format, what comes first, and the row that comes again and again */
static const struct {
	enum import_format format;
	const char *head, *row;
} long_imports[] = {
	{IMPORT_CSV, "id,name,employees,problems\n", "a,\"Acme, Ltd\",350,x|y\r\n"},
	{IMPORT_CSV, "id,name\n", "a,\"Acme,\n"},
	{IMPORT_JSON, "[", "{\"id\":\"a\",\"attributes\":{\"a\":[1,2.5]}}\n,"},
	{IMPORT_JSON, "[", "{\"id\":[[[[[[\""},
	{IMPORT_NDJSON, "", "{\"id\":\"a\",\"name\":null}\n"},
	{IMPORT_NDJSON, "", "{\"id\":\"a\",\"name\":null}"},
};

START_TEST(test_import_reader_memory_does_not_grow_with_rows)
{
	struct tally tally = {.arena = arena_new(4096)};
	struct problems problems = problems_in(tally.arena);
	struct import_reader *reader = reader_of(long_imports[_i].format, 1000, &tally, &problems);
	const char *row = long_imports[_i].row;
	size_t before, after;

	ck_assert_int_eq(import_reader_feed(reader, long_imports[_i].head, strlen(long_imports[_i].head), &problems), STATUS_OK);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(import_reader_feed(reader, row, strlen(row), &problems), STATUS_OK);
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(import_reader_feed(reader, row, strlen(row), &problems), STATUS_OK);
	after = mallinfo2().uordblks + mallinfo2().hblkhd;
	ck_assert_msg(after <= before + 8192, "the heap grew from %zu to %zu bytes", before, after);
	import_reader_free(reader);
	arena_free(tally.arena);
}
END_TEST

START_TEST(test_import_reader_feed_stops_with_the_status_of_new_row)
{
	struct tally tally = {.arena = arena_new(4096), .stop_at = 2};
	struct problems problems = problems_in(tally.arena);
	struct import_reader *reader = reader_of(IMPORT_NDJSON, 1000, &tally, &problems);
	const char input[] = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}\n";

	ck_assert_int_eq(import_reader_feed(reader, input, sizeof(input) - 1, &problems), STATUS_UNAVAILABLE);
	ck_assert_int_eq(tally.rows, 2);
	ck_assert_int_eq(import_reader_feed(reader, input, sizeof(input) - 1, &problems), STATUS_UNAVAILABLE);
	ck_assert_int_eq(import_reader_finish(reader, &problems), STATUS_UNAVAILABLE);
	ck_assert_int_eq(tally.rows, 2);
	ck_assert_uint_eq(problems.count, 0);
	import_reader_free(reader);
	arena_free(tally.arena);
}
END_TEST

START_TEST(test_import_reader_feed_without_row_arena_is_short_of_memory)
{
	struct tally tally = {.arena = arena_new(4096), .has_no_arena = true};
	struct problems problems = problems_in(tally.arena);
	struct import_reader *reader = reader_of(IMPORT_JSON, 1000, &tally, &problems);

	ck_assert_int_eq(import_reader_feed(reader, "[{}]", 4, &problems), STATUS_NO_MEMORY);
	ck_assert_int_eq(tally.rows, 0);
	import_reader_free(reader);
	arena_free(tally.arena);
}
END_TEST

START_TEST(test_import_reader_row_in_a_starving_arena_is_short_of_memory)
{
	static const char *const inputs[] = {"id,name\na,A\n", "id,name\na\n", "id,employees\na,x\n"};

	for (size_t i = 0; i < COUNT_OF(inputs); i++) {
		struct tally tally = {.arena = show_starving_arena()};
		struct arena *arena = arena_new(4096);
		struct problems problems = problems_in(arena);
		struct import_reader *reader = reader_of(IMPORT_CSV, 1000, &tally, &problems);

		ck_assert_int_eq(import_reader_feed(reader, inputs[i], strlen(inputs[i]), &problems), STATUS_NO_MEMORY);
		ck_assert_int_eq(tally.rows, 0);
		import_reader_free(reader);
		arena_free(tally.arena);
		arena_free(arena);
	}
}
END_TEST

START_TEST(test_import_reader_free_nothing_is_allowed)
{
	import_reader_free(NULL);
}
END_TEST

Suite *suite_intake_import(void);
Suite *suite_intake_import(void)
{
	Suite *suite = suite_create("intake_import");
	TCase *tcase = tcase_create("intake_import");

	/* Every case is run once for each of its bytes. */
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_import_reader_cases_match_at_every_cut);
	tcase_add_loop_test(tcase, test_import_reader_memory_does_not_grow_with_rows, 0, COUNT_OF(long_imports));
	tcase_add_test(tcase, test_import_reader_feed_stops_with_the_status_of_new_row);
	tcase_add_test(tcase, test_import_reader_feed_without_row_arena_is_short_of_memory);
	tcase_add_test(tcase, test_import_reader_row_in_a_starving_arena_is_short_of_memory);
	tcase_add_test(tcase, test_import_reader_free_nothing_is_allowed);
	suite_add_tcase(suite, tcase);
	return suite;
}
