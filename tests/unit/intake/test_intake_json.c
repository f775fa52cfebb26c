/* SPDX-License-Identifier: Apache-2.0 */
/* JSON is parsed strictly, within bounds, and what is wrong is told with its place. */
#include <stdlib.h>
#include <string.h>

#include <sweetspot/buffer.h>

#include "show.h"

/** Parse into an arena that is thrown away. *detail is the first problem's, *pointer its pointer; both static. */
static enum status parse(struct text body, const char **pointer, const char **detail)
{
	static char kept[2][400];
	struct arena *arena = arena_new(1024);
	struct problems problems = problems_in(arena);
	json_t *json = NULL;
	enum status status = intake_json_parse(body, arena, &json, &problems);

	ck_assert((status == STATUS_OK) == (json != NULL));
	ck_assert((status == STATUS_OK) == (problems.count == 0));
	kept[0][0] = kept[1][0] = '\0';
	if (problems.first != NULL) {
		snprintf(kept[0], sizeof(kept[0]), "%.*s", TEXT_ARGS(problems.first->pointer));
		snprintf(kept[1], sizeof(kept[1]), "%.*s", TEXT_ARGS(problems.first->detail));
	}
	*pointer = kept[0];
	*detail = kept[1];
	arena_free(arena);
	return status;
}

#define BODY(literal) {literal, sizeof(literal) - 1}

/* body, its problem's pointer, and what it says (NULL: there is none) */
static const struct {
	struct text body;
	const char *pointer, *detail;
} vectors[] = {
	{BODY("{}"), "", NULL},
	{BODY(" [1, \"x\", null] \r\n"), "", NULL},
	{BODY("7"), "", NULL},
	{BODY("\"x\""), "", NULL},
	{BODY("9223372036854775807"), "", NULL},
	{BODY("\"\\\\u0000\""), "", NULL},
	{BODY("\"\\ud83d\\ude00\""), "", NULL},
	{{NULL, 0}, "", "is empty where JSON is expected"},
	{BODY(" \r\n\t"), "", "is empty where JSON is expected"},
	{BODY("{\"a\": 1"), "", "is not valid JSON: line 1, column 7: the JSON breaks off here"},
	{BODY("{\"a\":\n 1,}"), "", "is not valid JSON: line 2, column 4: string or '}' expected near '}'"},
	{BODY("{} {}"), "", "is not valid JSON: line 1, column 4: something stands behind the end of the JSON"},
	{BODY("{}\0"), "", "is not valid JSON: line 1, column 3: something stands behind the end of the JSON"},
	{BODY("{\"a\":1,\"a\":2}"), "", "is not valid JSON: line 1, column 10: this name stands twice in one object; keep one of the two"},
	{BODY("\"\xff\""), "", "is not valid JSON: line 1, column 1: these bytes are not UTF-8; save the data as UTF-8"},
	{BODY("\"\xc0\x80\""), "", "is not valid JSON: line 1, column 1: these bytes are not UTF-8; save the data as UTF-8"},
	{BODY("\xef\xbb\xbf{}"), "", "is not valid JSON: line 1, column 1: invalid token near '\xef\xbb\xbf'"},
	{BODY("9223372036854775808"), "",
	  "is not valid JSON: line 1, column 19: this number is larger than can be kept; check it, or write it as text in quotes"},
	{BODY("[1e400]"), "",
	  "is not valid JSON: line 1, column 6: this number is larger than can be kept; check it, or write it as text in quotes"},
	{BODY("\"\\u0000\""), "", "contains the character \\u0000, which cannot be kept; remove it"},
	{BODY("{\"a/b\":[1,\"\\u0000\"]}"), "/a~1b/1", "contains the character \\u0000, which cannot be kept; remove it"},
	{BODY("{\"a\\u0000\":1}"), "", "is not valid JSON: line 1, column 10: a name contains the character \\u0000, which cannot be kept"},
	{BODY("\"\\u0\xc3\xa9\xc3\xa9\""), "", "is not valid JSON: line 1, column 5: something that is not JSON"},
	{BODY("NaN"), "", "is not valid JSON: line 1, column 3: invalid token near 'NaN'"},
	{BODY("'x'"), "", "is not valid JSON: line 1, column 1: invalid token near '''"},
	{BODY("\"\n\""), "", "is not valid JSON: line 1, column 1: unexpected newline near '\"'"},
	{BODY("01"), "", "is not valid JSON: line 1, column 1: invalid token near '0'"},
};

START_TEST(test_intake_json_parse_vectors_match)
{
	const char *pointer, *detail;
	enum status status = parse(vectors[_i].body, &pointer, &detail);

	ck_assert_int_eq(status, vectors[_i].detail == NULL ? STATUS_OK : STATUS_MALFORMED);
	ck_assert_str_eq(detail, vectors[_i].detail == NULL ? "" : vectors[_i].detail);
	ck_assert_str_eq(pointer, vectors[_i].pointer);
}
END_TEST

static enum status parse_nested(size_t depth, const char **detail)
{
	char body[256];
	const char *pointer;

	ck_assert_uint_lt(2 * depth, sizeof(body));
	for (size_t i = 0; i < depth; i++) {
		body[i] = '[';
		body[2 * depth - 1 - i] = ']';
	}
	return parse((struct text){body, 2 * depth}, &pointer, detail);
}

START_TEST(test_intake_json_parse_depth_is_bounded)
{
	const char *detail;

	ck_assert_int_eq(parse_nested(INTAKE_JSON_DEPTH, &detail), STATUS_OK);
	ck_assert_int_eq(parse_nested(INTAKE_JSON_DEPTH + 1, &detail), STATUS_MALFORMED);
	ck_assert_str_eq(detail, "is nested deeper than 32 brackets");
}
END_TEST

START_TEST(test_intake_json_parse_brackets_in_strings_do_not_count)
{
	const char *pointer, *detail;
	struct buffer body = {0};

	buffer_append_text(&body, TEXT("[\"\\\"[[{{"));
	for (int i = 0; i < 100; i++)
		buffer_append_text(&body, TEXT("[{,"));
	buffer_append_text(&body, TEXT("\\\\\"]"));
	ck_assert_int_eq(parse(buffer_text(&body), &pointer, &detail), STATUS_OK);
	buffer_release(&body);
}
END_TEST

static enum status parse_values(size_t count, const char **detail)
{
	struct buffer body = {0};
	const char *pointer;
	enum status status;

	/* The array is a value too. */
	buffer_append_text(&body, TEXT("[0"));
	for (size_t i = 2; i < count; i++)
		buffer_append_text(&body, TEXT(",0"));
	buffer_append_char(&body, ']');
	status = parse(buffer_text(&body), &pointer, detail);
	buffer_release(&body);
	return status;
}

START_TEST(test_intake_json_parse_values_are_bounded)
{
	const char *detail;

	ck_assert_int_eq(parse_values(INTAKE_JSON_VALUES, &detail), STATUS_OK);
	ck_assert_int_eq(parse_values(INTAKE_JSON_VALUES + 1, &detail), STATUS_TOO_LARGE);
	ck_assert_str_eq(detail, "holds more than 65536 values; send it in parts");
}
END_TEST

START_TEST(test_intake_json_parse_short_of_memory_says_so)
{
	struct arena *arena = show_starving_arena();
	struct problems problems = problems_in(arena);
	json_t *json = NULL;

	ck_assert_int_eq(intake_json_parse(TEXT("{}"), arena, &json, &problems), STATUS_NO_MEMORY);
	ck_assert_int_eq(intake_json_parse(TEXT("{"), arena, &json, &problems), STATUS_NO_MEMORY);
	ck_assert_ptr_null(json);
	arena_free(arena);
}
END_TEST

START_TEST(test_intake_id_error_vectors_match)
{
	char longest[INTAKE_ID_BYTES + 1];

	memset(longest, 'x', sizeof(longest));
	ck_assert_ptr_null(intake_id_error(TEXT("a")));
	ck_assert_ptr_null(intake_id_error(TEXT("Acme / Sons & Co, \"Ltd\"")));
	ck_assert_ptr_null(intake_id_error((struct text){longest, INTAKE_ID_BYTES}));
	ck_assert_str_eq(intake_id_error((struct text){NULL, 0}), "must not be empty");
	ck_assert_str_eq(intake_id_error(TEXT("")), "must not be empty");
	ck_assert_str_eq(intake_id_error((struct text){longest, INTAKE_ID_BYTES + 1}), "must have at most 128 bytes");
	ck_assert_str_eq(intake_id_error(TEXT("\xc3")), "must be UTF-8");
	ck_assert_str_eq(intake_id_error(TEXT("a\0b")), "must not contain line breaks, tabs or other control characters");
	ck_assert_str_eq(intake_id_error(TEXT("a\x7f")), "must not contain line breaks, tabs or other control characters");
	ck_assert_str_eq(intake_id_error(TEXT(" a")), "must not begin or end with a blank; remove it");
	ck_assert_str_eq(intake_id_error(TEXT("a\xe3\x80\x80")), "must not begin or end with a blank; remove it");
}
END_TEST

Suite *suite_intake_json(void);
Suite *suite_intake_json(void)
{
	Suite *suite = suite_create("intake_json");
	TCase *tcase = tcase_create("intake_json");

	tcase_add_loop_test(tcase, test_intake_json_parse_vectors_match, 0, COUNT_OF(vectors));
	tcase_add_test(tcase, test_intake_json_parse_depth_is_bounded);
	tcase_add_test(tcase, test_intake_json_parse_brackets_in_strings_do_not_count);
	tcase_add_test(tcase, test_intake_json_parse_values_are_bounded);
	tcase_add_test(tcase, test_intake_json_parse_short_of_memory_says_so);
	tcase_add_test(tcase, test_intake_id_error_vectors_match);
	suite_add_tcase(suite, tcase);
	return suite;
}
