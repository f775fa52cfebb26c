/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical decimals: equal values have equal bytes, and the order is that of the values. */
#include <stdint.h>
#include <stdlib.h>

#include <sweetspot/decimal.h>

#include "expect.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new(1 << 12);
}

static void teardown(void)
{
	arena_free(arena);
}

START_TEST(test_decimal_parse_vectors_match)
{
	static const struct {
		const char *text, *decimal;  /* NULL: malformed */
	} cases[] = {
		{"0", "0"}, {"-0", "0"}, {"-0.00", "0"}, {"+007.50", "7.5"}, {"7", "7"}, {"70", "70"}, {"0.05", "0.05"}, {"-12.50", "-12.5"},
		{"000", "0"}, {"00.10", "0.1"}, {"123456789012345678901234567890.00000000000000000000001",
		"123456789012345678901234567890.00000000000000000000001"},
		{"", NULL}, {"-", NULL}, {".5", NULL}, {"5.", NULL}, {"1e3", NULL}, {"1,5", NULL}, {" 1", NULL}, {"1 ", NULL}, {"--1", NULL},
		{"-+1", NULL}, {"+-1", NULL}, {"1.2.3", NULL}, {"x", NULL},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct text out = TEXT("untouched");
		enum status status = decimal_parse(arena, text_of(cases[i].text), &out);

		ck_assert_msg(status == (cases[i].decimal == NULL ? STATUS_MALFORMED : STATUS_OK), "%s", cases[i].text);
		expect_text(out, cases[i].decimal == NULL ? "untouched" : cases[i].decimal);
	}
}
END_TEST

START_TEST(test_decimal_of_double_is_what_was_written)
{
	static const struct {
		double value;
		const char *decimal;
	} cases[] = {
		{0, "0"}, {-0.0, "0"}, {0.1, "0.1"}, {0.30000000000000004, "0.30000000000000004"}, {12.5, "12.5"}, {-1e-3, "-0.001"}, {1e21,
		"1000000000000000000000"}, {120, "120"}, {1234567.25, "1234567.25"}, {9007199254740993.0, "9007199254740992"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_text(decimal_of_double(arena, cases[i].value), cases[i].decimal);
	ck_assert_uint_eq(decimal_of_double(arena, 1.7976931348623157e308).length, 309);
	ck_assert_uint_eq(decimal_of_double(arena, 5e-324).length, 2 + 338);
}
END_TEST

START_TEST(test_decimal_of_scaled_vectors_match)
{
	static const struct {
		int64_t value;
		int digits;
		const char *decimal;
	} cases[] = {
		{0, 0, "0"}, {0, 2, "0"}, {1250, 2, "12.5"}, {-5, 2, "-0.05"}, {500, 2, "5"}, {7, 0, "7"}, {-7, 0, "-7"},
		{INT64_MIN, 0, "-9223372036854775808"}, {INT64_MAX, 18, "9.223372036854775807"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_text(decimal_of_scaled(arena, cases[i].value, cases[i].digits), cases[i].decimal);
}
END_TEST

START_TEST(test_decimal_compare_orders_by_value)
{
	static const char *const ascending[] = {"-100", "-99.5", "-2", "-1.5", "-1", "-0.5", "-0.05", "0", "0.049", "0.05", "0.5", "1", "1.5",
	                                        "2", "10", "99.5", "100", "100.001"};

	for (size_t i = 0; i < COUNT_OF(ascending); i++) {
		for (size_t k = 0; k < COUNT_OF(ascending); k++) {
			int order = decimal_compare(text_of(ascending[i]), text_of(ascending[k]));

			ck_assert_msg((order > 0) == (i > k) && (order < 0) == (i < k), "%s and %s", ascending[i], ascending[k]);
		}
	}
}
END_TEST

START_TEST(test_decimal_compare_of_random_scaled_numbers_agrees_with_theirs)
{
	uint64_t state = 1;

	for (int i = 0; i < 20000; i++) {
		int64_t a;
		int64_t b;

		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		a = (int64_t)(state >> (20 + i % 40)) * (i % 3 - 1);
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		b = i % 5 == 0 ? a : (int64_t)(state >> (20 + i % 37)) * (i % 2 * 2 - 1);
		int order = decimal_compare(decimal_of_scaled(arena, a, i % 7), decimal_of_scaled(arena, b, i % 7));

		ck_assert_int_eq((order > 0) - (order < 0), (a > b) - (a < b));
		if (i % 100 == 0)
			arena_reset(arena);
	}
}
END_TEST

START_TEST(test_decimal_places_are_counted)
{
	ck_assert_uint_eq(decimal_places(TEXT("12")), 0);
	ck_assert_uint_eq(decimal_places(TEXT("-12.05")), 2);
}
END_TEST

START_TEST(test_decimal_short_of_memory_says_so)
{
	struct arena *starving = starving_arena();
	struct text out = TEXT("untouched");

	ck_assert_int_eq(decimal_parse(starving, TEXT("1"), &out), STATUS_NO_MEMORY);
	expect_text(out, "untouched");
	ck_assert_ptr_null(decimal_of_scaled(starving, 1, 0).bytes);
	ck_assert_ptr_null(decimal_of_double(starving, 1).bytes);
	arena_free(starving);
}
END_TEST

Suite *suite_decimal(void);
Suite *suite_decimal(void)
{
	Suite *suite = suite_create("decimal");
	TCase *decimals = tcase_create("decimals");

	tcase_add_checked_fixture(decimals, setup, teardown);
	tcase_add_test(decimals, test_decimal_parse_vectors_match);
	tcase_add_test(decimals, test_decimal_of_double_is_what_was_written);
	tcase_add_test(decimals, test_decimal_of_scaled_vectors_match);
	tcase_add_test(decimals, test_decimal_compare_orders_by_value);
	tcase_add_test(decimals, test_decimal_compare_of_random_scaled_numbers_agrees_with_theirs);
	tcase_add_test(decimals, test_decimal_places_are_counted);
	tcase_add_test(decimals, test_decimal_short_of_memory_says_so);
	suite_add_tcase(suite, decimals);
	return suite;
}
