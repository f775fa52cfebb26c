/* SPDX-License-Identifier: Apache-2.0 */
/* CSV files become rows of cells, wherever they are cut; the cases are tests/data/intake/csv/. */
#include <stdlib.h>
#include <string.h>

#include "service/intake/csv.h"
#include "show.h"

static const char *const files[] = {
	"simple", "crlf", "lone_cr", "mixed_line_ends", "comma_in_quotes", "escaped_quotes", "empty", "newlines", "quotes_and_newlines",
	"json", "utf8", "byte_order_mark", "byte_order_mark_quoted", "semicolon", "tab", "one_column", "blank_lines", "stray_quotes",
	"blanks", "uneven", "last_cell_empty", "last_cell_quoted", "header_newline", "header_quotes", "nothing", "mark_alone",
};

/** Rows as arrays of cells; a row with a fault as the fault's number. */
static enum status keep_row(void *owner, const struct csv_row *row)
{
	json_t *rows = owner;
	json_t *cells = json_array();

	if (row->fault != CSV_FINE) {
		json_decref(cells);
		json_array_append_new(rows, json_integer(row->fault));
		return STATUS_OK;
	}
	for (size_t i = 0; i < row->count && i < CSV_COLUMNS_MAX; i++) {
		struct text cell = intake_csv_cell(row, i);

		json_array_append_new(cells, json_stringn(cell.bytes, cell.length));
	}
	json_array_append_new(rows, cells);
	return STATUS_OK;
}

/** Tokenize in two pieces, each in memory of its own. */
static enum status tokenize(const char *bytes, size_t length, size_t cut, size_t row_bytes, csv_on_row *on_row, void *owner)
{
	struct csv csv;
	enum status status = STATUS_OK;

	intake_csv_init(&csv, 0, false, row_bytes, on_row, owner);
	for (int piece = 0; piece < 2 && status == STATUS_OK; piece++) {
		size_t from = piece == 0 ? 0 : cut;
		size_t size = piece == 0 ? cut : length - cut;
		char *copy = malloc(size + 1);

		memcpy(copy, bytes + from, size);
		status = intake_csv_feed(&csv, copy, size);
		free(copy);
	}
	if (status == STATUS_OK)
		status = intake_csv_finish(&csv);
	ck_assert((status == STATUS_MALFORMED || status == STATUS_TOO_LARGE) == (csv.complaint != NULL));
	intake_csv_release(&csv);
	return status;
}

START_TEST(test_intake_csv_files_match_at_every_cut)
{
	char name[64];
	size_t length;
	char *bytes;
	json_t *expected;

	snprintf(name, sizeof(name), "csv/%s.csv", files[_i]);
	bytes = show_file(name, &length);
	snprintf(name, sizeof(name), "csv/%s.json", files[_i]);
	expected = show_json(name);
	for (size_t cut = 0; cut <= length; cut++) {
		json_t *rows = json_array();

		ck_assert_int_eq(tokenize(bytes, length, cut, 4096, keep_row, rows), STATUS_OK);
		show_expect(files[_i], rows, expected);
		json_decref(rows);
	}
	json_decref(expected);
	free(bytes);
}
END_TEST

/** Tokenize a text at every cut, expect the status and the rows as JSON. */
static void expect_rows(const char *input, size_t row_bytes, enum status status, const char *expected)
{
	json_t *want = json_loads(expected, 0, NULL);
	size_t length = strlen(input);

	ck_assert_ptr_nonnull(want);
	for (size_t cut = 0; cut <= length; cut++) {
		json_t *rows = json_array();

		ck_assert_int_eq(tokenize(input, length, cut, row_bytes, keep_row, rows), status);
		show_expect(input, rows, want);
		json_decref(rows);
	}
	json_decref(want);
}

START_TEST(test_intake_csv_long_rows_are_told_and_passed)
{
	/* "a,b" has 3 bytes: the line's end does not count. */
	expect_rows("a,b\n1,2\n", 3, STATUS_OK, "[[\"a\",\"b\"],[\"1\",\"2\"]]");
	expect_rows("a,b\n1,22\n3,4\n", 3, STATUS_OK, "[[\"a\",\"b\"],1,[\"3\",\"4\"]]");
	expect_rows("a,b\n\"1\n\"\n3,4\n", 3, STATUS_OK, "[[\"a\",\"b\"],1,[\"3\",\"4\"]]");
	expect_rows("a,b\n,,,,\n3,4\n", 3, STATUS_OK, "[[\"a\",\"b\"],1,[\"3\",\"4\"]]");
	expect_rows("a,bc\n3,4\n", 3, STATUS_TOO_LARGE, "[]");
}
END_TEST

START_TEST(test_intake_csv_quotes_out_of_place_are_told)
{
	expect_rows("a,b\n\"1\"x,2\n\"3\" ,4\n5,6\n", 99, STATUS_OK, "[[\"a\",\"b\"],2,2,[\"5\",\"6\"]]");
	expect_rows("a,b\n\"1\"\"x\"y,2\n5,6\n", 99, STATUS_OK, "[[\"a\",\"b\"],2,[\"5\",\"6\"]]");
	expect_rows("a,b\n1,2\n\"3,4\n5,6\n", 99, STATUS_MALFORMED, "[[\"a\",\"b\"],[\"1\",\"2\"]]");
	/* A quote that is never closed does not grow without bound. */
	expect_rows("a,b\n\"3,4\n5,6\n7,8\n", 5, STATUS_MALFORMED, "[[\"a\",\"b\"]]");
	expect_rows("\"a,b\n1,2\n", 99, STATUS_MALFORMED, "[]");
}
END_TEST

static enum status count_cells(void *owner, const struct csv_row *row)
{
	size_t *count = owner;

	*count = row->count;
	return STATUS_OK;
}

START_TEST(test_intake_csv_columns_past_the_most_are_counted)
{
	char line[3000];
	size_t count = 0;

	memset(line, ',', sizeof(line));
	ck_assert_int_eq(tokenize(line, sizeof(line), 1500, 4096, count_cells, &count), STATUS_OK);
	ck_assert_uint_eq(count, sizeof(line) + 1);
}
END_TEST

static enum status refuse_second(void *owner, const struct csv_row *row)
{
	int *calls = owner;

	(void)row;
	return ++*calls == 2 ? STATUS_UNAVAILABLE : STATUS_OK;
}

START_TEST(test_intake_csv_feed_stops_with_the_status_of_on_row)
{
	int calls = 0;

	ck_assert_int_eq(tokenize("a\nb\nc\nd\n", 8, 8, 99, refuse_second, &calls), STATUS_UNAVAILABLE);
	ck_assert_int_eq(calls, 2);
}
END_TEST

START_TEST(test_intake_csv_latin1_is_windows_1252)
{
	json_t *rows = json_array();
	json_t *expected = json_loads("[[\"a\"],[\"\\u20acé\\u0178ÿ\\u0081\"]]", 0, NULL);
	struct csv csv;

	intake_csv_init(&csv, ',', true, 99, keep_row, rows);
	ck_assert_int_eq(intake_csv_feed(&csv, "a\n\x80\xe9\x9f\xff\x81", 7), STATUS_OK);
	ck_assert_int_eq(intake_csv_finish(&csv), STATUS_OK);
	show_expect("latin1", rows, expected);
	intake_csv_release(&csv);
	json_decref(expected);
	json_decref(rows);
}
END_TEST

Suite *suite_intake_csv(void);
Suite *suite_intake_csv(void)
{
	Suite *suite = suite_create("intake_csv");
	TCase *tcase = tcase_create("intake_csv");

	tcase_add_loop_test(tcase, test_intake_csv_files_match_at_every_cut, 0, COUNT_OF(files));
	tcase_add_test(tcase, test_intake_csv_long_rows_are_told_and_passed);
	tcase_add_test(tcase, test_intake_csv_quotes_out_of_place_are_told);
	tcase_add_test(tcase, test_intake_csv_columns_past_the_most_are_counted);
	tcase_add_test(tcase, test_intake_csv_feed_stops_with_the_status_of_on_row);
	tcase_add_test(tcase, test_intake_csv_latin1_is_windows_1252);
	suite_add_tcase(suite, tcase);
	return suite;
}
