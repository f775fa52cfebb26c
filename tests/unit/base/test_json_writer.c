/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON writer against hand-written JSON, and against jansson for every byte. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>

#include <sweetspot/calendar.h>
#include <sweetspot/json_writer.h>

#include "expect.h"

START_TEST(test_json_nesting_commas_are_right)
{
	struct buffer out = {0};
	struct json_writer w = json_writer_to(&out);

	json_open_object(&w);
	json_key(&w, "a");
	json_open_array(&w);
	json_close_array(&w);
	json_key(&w, "b");
	json_open_array(&w);
	json_int(&w, 1);
	json_open_object(&w);
	json_close_object(&w);
	json_open_array(&w);
	json_bool(&w, true);
	json_bool(&w, false);
	json_write_null(&w);
	json_close_array(&w);
	json_close_array(&w);
	json_key_text(&w, TEXT("c\""));
	json_raw(&w, TEXT("{\"x\":1}"));
	json_key(&w, "d");
	json_raw(&w, (struct text){NULL, 0});
	json_close_object(&w);
	expect_text(buffer_text(&out), "{\"a\":[],\"b\":[1,{},[true,false,null]],\"c\\\"\":{\"x\":1},\"d\":null}");
	buffer_release(&out);
}
END_TEST

START_TEST(test_json_text_no_text_is_null_empty_is_empty)
{
	struct buffer out = {0};
	struct json_writer w = json_writer_to(&out);

	json_open_array(&w);
	json_text(&w, (struct text){NULL, 0});
	json_text(&w, TEXT(""));
	json_text(&w, TEXT("S\xc3\xb8ren \xf0\x9f\x8d\xac \x7f/"));
	json_close_array(&w);
	expect_text(buffer_text(&out), "[null,\"\",\"S\xc3\xb8ren \xf0\x9f\x8d\xac \x7f/\"]");
	buffer_release(&out);
}
END_TEST

START_TEST(test_json_text_escapes_are_the_short_ones)
{
	struct buffer out = {0};
	struct json_writer w = json_writer_to(&out);

	json_text(&w, TEXT("\"\\\b\f\n\r\t\x01\x1f\0"));
	expect_text(buffer_text(&out), "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000\"");
	buffer_release(&out);
}
END_TEST

/** Write, read back with jansson, compare. */
static void expect_round_trip(struct text text)
{
	struct buffer out = {0};
	struct json_writer w = json_writer_to(&out);
	json_error_t error;
	json_t *value;

	json_text(&w, text);
	ck_assert(!out.failed);
	value = json_loadb(out.bytes, out.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	ck_assert_msg(value != NULL, "%s: %.*s", error.text, (int)out.length, out.bytes);
	ck_assert_uint_eq(json_string_length(value), text.length);
	ck_assert_mem_eq(json_string_value(value), text.bytes, text.length);
	json_decref(value);
	buffer_release(&out);
}

START_TEST(test_json_text_every_byte_at_every_place_round_trips)
{
	char bytes[24];

	for (int c = 0; c < 0x80; c++)
		for (size_t length = 1; length <= sizeof(bytes); length++)
			for (size_t place = 0; place < length; place += 3) {
				memset(bytes, 'x', sizeof(bytes));
				bytes[place] = (char)c;
				expect_round_trip((struct text){bytes, length});
			}
}
END_TEST

START_TEST(test_json_text_random_texts_round_trip)
{
	static const char *const pieces[] = {"a", "\"", "\\", "\n", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8d\xac", " ", "\x1f",
		"!", "#", "[", "]"};
	char bytes[4 * 300];
	unsigned seed = 1;

	for (int round = 0; round < 500; round++) {
		size_t length = 0;

		for (int i = rand_r(&seed) % 300; i > 0; i--) {
			const char *piece = pieces[(size_t)rand_r(&seed) % COUNT_OF(pieces)];

			memcpy(bytes + length, piece, strlen(piece));
			length += strlen(piece);
		}
		if (length > 0)
			expect_round_trip((struct text){bytes, length});
	}
}
END_TEST

START_TEST(test_json_int_extremes_are_exact)
{
	struct buffer out = {0};
	struct json_writer w = json_writer_to(&out);

	json_open_array(&w);
	json_int(&w, 0);
	json_int(&w, -1);
	json_int(&w, 1000000);
	json_int(&w, INT64_MAX);
	json_int(&w, INT64_MIN);
	json_close_array(&w);
	expect_text(buffer_text(&out), "[0,-1,1000000,9223372036854775807,-9223372036854775808]");
	buffer_release(&out);
}
END_TEST

START_TEST(test_json_scaled_vectors_match)
{
	static const struct {
		int64_t value;
		int digits;
		const char *json;
	} cases[] = {
		{149398, 2, "1493.98"}, {4100, 2, "41"}, {4110, 2, "41.1"}, {0, 2, "0"}, {0, 0, "0"}, {5, 2, "0.05"}, {-5, 2, "-0.05"},
		{50, 2, "0.5"}, {-4100, 2, "-41"}, {10, 0, "10"}, {7, 0, "7"}, {321, 2, "3.21"}, {531200, 6, "0.5312"}, {1, 6, "0.000001"},
		{INT64_C(9007199254740992), 2, "90071992547409.92"}, {INT64_MIN, 0, "-9223372036854775808"},
		{INT64_MIN, 2, "-92233720368547758.08"}, {INT64_MAX, 18, "9.223372036854775807"}, {1, 18, "0.000000000000000001"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buffer out = {0};
		struct json_writer w = json_writer_to(&out);

		json_scaled(&w, cases[i].value, cases[i].digits);
		expect_text(buffer_text(&out), cases[i].json);
		buffer_release(&out);
	}
}
END_TEST

START_TEST(test_json_day_and_instant_none_is_null)
{
	struct buffer out = {0};
	struct json_writer w = json_writer_to(&out);

	json_open_array(&w);
	json_day(&w, DAY_NONE);
	json_day(&w, 0);
	json_instant(&w, INSTANT_NONE);
	json_instant(&w, 0);
	json_instant(&w, 1500);
	json_instant(&w, 5000);
	json_close_array(&w);
	expect_text(buffer_text(&out), "[null,\"1970-01-01\",null,\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:00.001500Z\","
				       "\"1970-01-01T00:00:00.005Z\"]");
	buffer_release(&out);
}
END_TEST

START_TEST(test_json_failed_buffer_is_left_alone)
{
	struct buffer out = {0};
	struct json_writer w = json_writer_to(&out);

	out.failed = true;
	json_open_object(&w);
	json_key(&w, "a");
	json_text(&w, TEXT("\n"));
	json_int(&w, 1);
	json_scaled(&w, 1, 2);
	json_day(&w, 0);
	json_close_object(&w);
	ck_assert(out.failed);
	ck_assert_uint_eq(out.length, 0);
	buffer_release(&out);
}
END_TEST

Suite *suite_json_writer(void);
Suite *suite_json_writer(void)
{
	Suite *suite = suite_create("json_writer");
	TCase *tcase = tcase_create("json_writer");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_json_nesting_commas_are_right);
	tcase_add_test(tcase, test_json_text_no_text_is_null_empty_is_empty);
	tcase_add_test(tcase, test_json_text_escapes_are_the_short_ones);
	tcase_add_test(tcase, test_json_text_every_byte_at_every_place_round_trips);
	tcase_add_test(tcase, test_json_text_random_texts_round_trip);
	tcase_add_test(tcase, test_json_int_extremes_are_exact);
	tcase_add_test(tcase, test_json_scaled_vectors_match);
	tcase_add_test(tcase, test_json_day_and_instant_none_is_null);
	tcase_add_test(tcase, test_json_failed_buffer_is_left_alone);
	suite_add_tcase(suite, tcase);
	return suite;
}
