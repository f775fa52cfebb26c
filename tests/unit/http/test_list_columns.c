/* SPDX-License-Identifier: Apache-2.0 */
/* Members of our own JSON, picks, and CSV rows and cells. */
#include "service/http/json_members.h"
#include "service/http/list_columns.h"

#include "tests/unit/base/expect.h"

static struct arena *arena;
static struct buffer out, scratch;

static void set_up(void)
{
	arena = arena_new(4096);
	ck_assert_ptr_nonnull(arena);
	out = scratch = (struct buffer){NULL, 0, 0, false};
}

static void tear_down(void)
{
	buffer_release(&out);
	buffer_release(&scratch);
	arena_free(arena);
}

static struct text result(void)
{
	return buffer_text(&out);
}

/* ---- Members ---- */

START_TEST(test_json_members_next_values_of_every_kind_are_cut_off)
{
	static const char json[] = "{\"a\":1,\"b\":\"x,}\\\"{\",\"c\":{\"d\":[1,{\"e\":2}],\"f\":\"]\"},\"g\":[],\"h\":null}";
	static const char *const names[] = {"a", "b", "c", "g", "h"};
	static const char *const values[] = {"1", "\"x,}\\\"{\"", "{\"d\":[1,{\"e\":2}],\"f\":\"]\"}", "[]", "null"};
	struct text members = json_members_of(text_of(json)), name, value;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		ck_assert(json_members_next(&members, &name, &value));
		expect_text(name, names[i]);
		expect_text(value, values[i]);
	}
	ck_assert(!json_members_next(&members, &name, &value));
}
END_TEST

START_TEST(test_json_members_of_what_is_no_object_has_none)
{
	static const char *const others[] = {"null", "[]", "1", "\"{}\"", "", "{}"};
	struct text name, value;

	for (size_t i = 0; i < COUNT_OF(others); i++) {
		struct text members = json_members_of(text_of(others[i]));

		ck_assert(!json_members_next(&members, &name, &value));
	}
}
END_TEST

static const struct {
	const char *json, *plain;
} strings[] = {
	{"\"plain\"", "plain"},
	{"\"\"", ""},
	{"\"a\\\"b\\\\c\"", "a\"b\\c"},
	{"\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t"},
	{"\"x\\u001by\"", "x\x1by"},
	{"\"\\u001f\"", "\x1f"},
	{"12.5", "12.5"},
	{"[\"a\"]", "[\"a\"]"},
};

START_TEST(test_json_plain_append_a_string_is_what_it_stands_for)
{
	json_plain_append(&out, text_of(strings[_i].json));
	expect_text(result(), strings[_i].plain);
}
END_TEST

START_TEST(test_json_plain_append_undoes_what_json_text_writes)
{
	char all[300];
	struct json_writer w = json_writer_to(&scratch);

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)(i % 128);
	json_text(&w, (struct text){all, sizeof(all)});
	json_plain_append(&out, buffer_text(&scratch));
	ck_assert(text_equal(result(), (struct text){all, sizeof(all)}));
}
END_TEST

/* ---- Picks ---- */

static const char record[] =
	"{\"id\":\"a\",\"name\":\"N\",\"measures\":{\"revenue_12m\":5,\"reach\":2},\"classification\":null,\"stub\":false}";

static const struct {
	const char *fields, *written;
} picks[] = {
	{"id", "{\"id\":\"a\"}"},
	{"name,id", "{\"id\":\"a\",\"name\":\"N\"}"},
	{"measures", "{\"id\":\"a\",\"measures\":{\"revenue_12m\":5,\"reach\":2}}"},
	{"measures.reach, id", "{\"id\":\"a\",\"measures\":{\"reach\":2}}"},
	{"measures.reach,measures,measures", "{\"id\":\"a\",\"measures\":{\"revenue_12m\":5,\"reach\":2}}"},
	{"classification.tier", "{\"id\":\"a\",\"classification\":null}"},
	{"employees", "{\"id\":\"a\"}"},
};

START_TEST(test_list_picks_write_leaves_what_was_picked)
{
	struct list_columns columns;
	struct list_picks picked;
	struct problems problems = problems_in(arena);
	struct json_writer w = json_writer_to(&out);

	list_columns_of(RECORD_ORGANISATION, true, &columns);
	list_picks_read(text_of(picks[_i].fields), &columns, &picked, &problems);
	ck_assert_uint_eq(problems.count, 0);
	list_picks_write(&w, &picked, text_of(record));
	expect_text(result(), picks[_i].written);
}
END_TEST

START_TEST(test_list_picks_write_without_picks_leaves_everything)
{
	struct list_picks none = {.count = 0};
	struct json_writer w = json_writer_to(&out);

	list_picks_write(&w, &none, text_of(record));
	expect_text(result(), record);
}
END_TEST

static const char *const unknown_fields[] = {"nope", "id,nope", "id,,name", "measure", "measures.", "measures.nope", "id.x", " "};

START_TEST(test_list_picks_read_unknown_names_are_problems)
{
	struct list_columns columns;
	struct list_picks picked;
	struct problems problems = problems_in(arena);

	list_columns_of(RECORD_ORGANISATION, true, &columns);
	list_picks_read(text_of(unknown_fields[_i]), &columns, &picked, &problems);
	ck_assert_uint_eq(problems.count, 1);
	expect_text(problems.first->pointer, "?fields");
}
END_TEST

START_TEST(test_list_columns_of_every_kind_begins_with_id_and_has_its_fields)
{
	for (int kind = 0; kind < RECORD_KINDS; kind++) {
		const struct record_shape *shape = record_shape((enum record_kind)kind);
		struct list_columns columns;

		list_columns_of((enum record_kind)kind, true, &columns);
		ck_assert_uint_le(columns.count, LIST_COLUMNS_MAX);
		expect_text(columns.paths[0], "id");
		for (size_t i = 0; i < shape->field_count; i++)
			expect_text(columns.paths[i + 1], shape->fields[i].name);
	}
}
END_TEST

/* ---- CSV ---- */

static const struct {
	const char *text;
	bool is_text;
	const char *cell;
} cells[] = {
	{"plain", true, "plain"},
	{"", true, ""},
	{"a,b", true, "\"a,b\""},
	{"say \"hi\"", true, "\"say \"\"hi\"\"\""},
	{"two\r\nlines", true, "\"two\r\nlines\""},
	{"=1+1", true, "'=1+1"},
	{"+49 30", true, "'+49 30"},
	{"-5", true, "'-5"},
	{"-5", false, "-5"},
	{"-0.25", false, "-0.25"},
	{"@cmd", true, "'@cmd"},
	{"\tx", true, "'\tx"},
	{"\rx", true, "\"'\rx\""},
	{"=HYPERLINK(\"x\",\"y\")", true, "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
	{"a=b", true, "a=b"},
	{"'=1", true, "'=1"},
};

START_TEST(test_list_csv_cell_is_quoted_and_harmless)
{
	list_csv_cell(&out, text_of(cells[_i].text), cells[_i].is_text);
	expect_text(result(), cells[_i].cell);
}
END_TEST

START_TEST(test_list_csv_row_values_stand_under_their_columns)
{
	static const char row[] = "{\"id\":\"=a\",\"name\":null,\"extra\":1,\"attributes\":{\"x\":\"y\"},"
				  "\"measures\":{\"other\":1,\"reach\":-2},\"classification\":null}";
	struct list_columns columns = {5, {TEXT("id"), TEXT("measures.reach"), TEXT("name"), TEXT("attributes"), TEXT("classification.tier")}};

	list_csv_head(&out, &columns);
	list_csv_row(&out, &columns, text_of(row), &scratch);
	list_csv_row(&out, &columns, TEXT("{\"classification\":{\"tier\":\"key\"},\"id\":\"b\"}"), &scratch);
	expect_text(result(), "id,measures_reach,name,attributes,classification_tier\r\n'=a,-2,,\"{\"\"x\"\":\"\"y\"\"}\",\r\nb,,,,key\r\n");
}
END_TEST

START_TEST(test_list_columns_pick_leaves_those_inside_a_pick)
{
	struct list_columns columns;
	struct list_picks picked = {2, {TEXT("measures"), TEXT("id")}};

	list_columns_of(RECORD_ORGANISATION, true, &columns);
	list_columns_pick(&columns, &picked);
	ck_assert_uint_eq(columns.count, 16);
	expect_text(columns.paths[0], "id");
	expect_text(columns.paths[1], "measures.revenue_12m");
}
END_TEST

Suite *suite_list_columns(void);
Suite *suite_list_columns(void)
{
	Suite *suite = suite_create("http list_columns");
	TCase *tcase = tcase_create("list_columns");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_json_members_next_values_of_every_kind_are_cut_off);
	tcase_add_test(tcase, test_json_members_of_what_is_no_object_has_none);
	tcase_add_loop_test(tcase, test_json_plain_append_a_string_is_what_it_stands_for, 0, COUNT_OF(strings));
	tcase_add_test(tcase, test_json_plain_append_undoes_what_json_text_writes);
	tcase_add_loop_test(tcase, test_list_picks_write_leaves_what_was_picked, 0, COUNT_OF(picks));
	tcase_add_test(tcase, test_list_picks_write_without_picks_leaves_everything);
	tcase_add_loop_test(tcase, test_list_picks_read_unknown_names_are_problems, 0, COUNT_OF(unknown_fields));
	tcase_add_test(tcase, test_list_columns_of_every_kind_begins_with_id_and_has_its_fields);
	tcase_add_loop_test(tcase, test_list_csv_cell_is_quoted_and_harmless, 0, COUNT_OF(cells));
	tcase_add_test(tcase, test_list_csv_row_values_stand_under_their_columns);
	tcase_add_test(tcase, test_list_columns_pick_leaves_those_inside_a_pick);
	suite_add_tcase(suite, tcase);
	return suite;
}
