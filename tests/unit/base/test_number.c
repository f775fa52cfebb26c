/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals: no text and no double becomes another amount than it says. */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/number.h>

#include "expect.h"

START_TEST(test_number_parse_vectors_match)
{
	static const struct {
		const char *text;
		int digits;
		enum number_result result;
		int64_t value;
	} cases[] = {
		{"0", 2, NUMBER_OK, 0}, {"-0", 2, NUMBER_OK, 0}, {"12.50", 2, NUMBER_OK, 1250}, {"12.5", 2, NUMBER_OK, 1250},
		{"12", 2, NUMBER_OK, 1200}, {"+12.34", 2, NUMBER_OK, 1234}, {"-12.34", 2, NUMBER_OK, -1234}, {"007", 0, NUMBER_OK, 7},
		{"0000000000000000000000000000001.10", 2, NUMBER_OK, 110}, {"12.340000", 2, NUMBER_OK, 1234}, {"5.0", 0, NUMBER_OK, 5},
		{"0.000001", 6, NUMBER_OK, 1}, {"90071992547409.92", 2, NUMBER_OK, EXACT_MAX}, {"-90071992547409.92", 2, NUMBER_OK, -EXACT_MAX},
		{"9007199254740992", 0, NUMBER_OK, EXACT_MAX},
		{"9007199254740993", 0, NUMBER_TOO_LARGE, 0}, {"90071992547409.93", 2, NUMBER_TOO_LARGE, 0},
		{"9007199254740992", 1, NUMBER_TOO_LARGE, 0}, {"99999999999999999999999999999999", 0, NUMBER_TOO_LARGE, 0},
		{"12.345", 2, NUMBER_TOO_PRECISE, 0}, {"0.5", 0, NUMBER_TOO_PRECISE, 0}, {"1.0000001", 6, NUMBER_TOO_PRECISE, 0},
		{"", 2, NUMBER_NOT_PLAIN, 0}, {"-", 2, NUMBER_NOT_PLAIN, 0}, {".5", 2, NUMBER_NOT_PLAIN, 0}, {"5.", 2, NUMBER_NOT_PLAIN, 0},
		{"1e3", 2, NUMBER_NOT_PLAIN, 0}, {"1,000", 2, NUMBER_NOT_PLAIN, 0}, {" 1", 2, NUMBER_NOT_PLAIN, 0}, {"1 ", 2, NUMBER_NOT_PLAIN, 0},
		{"$5", 2, NUMBER_NOT_PLAIN, 0}, {"--5", 2, NUMBER_NOT_PLAIN, 0}, {"1.2.3", 2, NUMBER_NOT_PLAIN, 0},
		{"0x10", 2, NUMBER_NOT_PLAIN, 0}, {"nan", 2, NUMBER_NOT_PLAIN, 0}, {"inf", 2, NUMBER_NOT_PLAIN, 0},
		{"\xd9\xa3", 2, NUMBER_NOT_PLAIN, 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = 4711;

		ck_assert_msg(number_parse(text_of(cases[i].text), cases[i].digits, &value) == cases[i].result, "%s", cases[i].text);
		ck_assert_int_eq(value, cases[i].result == NUMBER_OK ? cases[i].value : 4711);
	}
	ck_assert_int_eq(number_parse((struct text){NULL, 0}, 2, &(int64_t){0}), NUMBER_NOT_PLAIN);
}
END_TEST

START_TEST(test_number_from_double_vectors_match)
{
	static const struct {
		double number;
		int digits;
		enum number_result result;
		int64_t value;
	} cases[] = {
		{0.0, 2, NUMBER_OK, 0}, {-0.0, 2, NUMBER_OK, 0}, {5000, 2, NUMBER_OK, 500000}, {5000.25, 2, NUMBER_OK, 500025},
		{0.1, 2, NUMBER_OK, 10}, {0.07, 2, NUMBER_OK, 7}, {1.15, 2, NUMBER_OK, 115}, {-1.15, 2, NUMBER_OK, -115}, {4.35, 2, NUMBER_OK, 435},
		{1234.567, 3, NUMBER_OK, 1234567}, {1e6, 0, NUMBER_OK, 1000000}, {90071992547409.92, 2, NUMBER_OK, EXACT_MAX},
		{-9007199254740992.0, 0, NUMBER_OK, -EXACT_MAX},
		{0.001, 2, NUMBER_TOO_PRECISE, 0}, {0.5, 0, NUMBER_TOO_PRECISE, 0}, {0.1 + 0.2, 2, NUMBER_TOO_PRECISE, 0},
		{1.005, 2, NUMBER_TOO_PRECISE, 0}, {5e-324, 2, NUMBER_TOO_PRECISE, 0},
		{90071992547409.90, 2, NUMBER_TOO_PRECISE, 0},  /* the same double as ….91 */
		{9007199254740994.0, 0, NUMBER_TOO_LARGE, 0}, {1e15, 2, NUMBER_TOO_LARGE, 0}, {1e308, 2, NUMBER_TOO_LARGE, 0},
		{-1e308, 6, NUMBER_TOO_LARGE, 0},
		{NAN, 2, NUMBER_NOT_PLAIN, 0}, {INFINITY, 2, NUMBER_NOT_PLAIN, 0}, {-INFINITY, 2, NUMBER_NOT_PLAIN, 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = 4711;

		ck_assert_msg(number_from_double(cases[i].number, cases[i].digits, &value) == cases[i].result, "%.17g with %d digits",
			      cases[i].number, cases[i].digits);
		ck_assert_int_eq(value, cases[i].result == NUMBER_OK ? cases[i].value : 4711);
	}
}
END_TEST

/** A pseudo-random amount of up to `bits` bits. */
static int64_t random_amount(uint64_t *state, int bits)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)(*state >> (64 - bits));
}

START_TEST(test_number_from_double_every_written_amount_is_itself)
{
	uint64_t state = 7;

	for (int i = 0; i < 200000; i++) {
		/* Up to 2^52 hundredths no two amounts share a double. */
		int64_t amount = random_amount(&state, 1 + i % 52), value = -1;
		char text[32];

		snprintf(text, sizeof(text), "%" PRId64 ".%02d", amount / 100, (int)(amount % 100));
		if (number_from_double(strtod(text, NULL), 2, &value) != NUMBER_OK || value != amount)
			ck_abort_msg("%s became %" PRId64, text, value);
	}
}
END_TEST

START_TEST(test_number_from_double_never_takes_a_neighbour)
{
	uint64_t state = 11;

	for (int i = 0; i < 200000; i++) {
		int64_t amount = (INT64_C(1) << 52) + random_amount(&state, 52), value = -1;
		char text[32];

		snprintf(text, sizeof(text), "%" PRId64 ".%02d", amount / 100, (int)(amount % 100));
		if (number_from_double(strtod(text, NULL), 2, &value) == NUMBER_OK && value != amount)
			ck_abort_msg("%s became %" PRId64, text, value);
	}
}
END_TEST

START_TEST(test_number_divide_rounded_half_goes_away_from_zero)
{
	static const struct {
		int64_t a, b, quotient;
	} cases[] = {
		{0, 5, 0}, {1, 2, 1}, {-1, 2, -1}, {1, -2, -1}, {-1, -2, 1}, {1, 3, 0}, {2, 3, 1}, {-2, 3, -1}, {5, 2, 3}, {-5, 2, -3},
		{7, 7, 1}, {49, 100, 0}, {50, 100, 1}, {149, 100, 1}, {150, 100, 2}, {INT64_MAX, 1, INT64_MAX}, {INT64_MIN, 1, INT64_MIN},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_int_eq(number_divide_rounded(cases[i].a, cases[i].b), cases[i].quotient);
}
END_TEST

START_TEST(test_number_divide_rounded_wide_operands_are_exact)
{
	int128 wide = (int128)EXACT_MAX * 1000000007;

	ck_assert_int_eq(number_divide_rounded(wide, 1000000007), EXACT_MAX);
	ck_assert_int_eq(number_divide_rounded(-wide, 1000000007), -EXACT_MAX);
	ck_assert_int_eq(number_divide_rounded(wide + 500000003, 1000000007), EXACT_MAX);
	ck_assert_int_eq(number_divide_rounded(wide + 500000004, 1000000007), EXACT_MAX + 1);
	ck_assert_int_eq(number_divide_rounded((int128)1 << 126, (int128)1 << 125), 2);
	ck_assert_int_eq(number_divide_rounded(-((int128)1 << 126) * 2, -((int128)1 << 126)), 2);
}
END_TEST

START_TEST(test_currency_digits_follow_iso_4217)
{
	static const struct {
		const char *code;
		int digits;
	} cases[] = {
		{"EUR", 2}, {"USD", 2}, {"JPY", 0}, {"KRW", 0}, {"CLP", 0}, {"KWD", 3}, {"BHD", 3}, {"TND", 3}, {"CLF", 4}, {"MGA", 2}, {"ZZZ", 2},
		{"eur", -1}, {"EU", -1}, {"EURO", -1}, {"", -1}, {"E1R", -1}, {"E\xc3\x84", -1},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_msg(currency_digits(text_of(cases[i].code)) == cases[i].digits, "%s", cases[i].code);
	ck_assert_int_eq(currency_digits((struct text){NULL, 0}), -1);
}
END_TEST

Suite *suite_number(void);
Suite *suite_number(void)
{
	Suite *suite = suite_create("number");
	TCase *tcase = tcase_create("number");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_number_parse_vectors_match);
	tcase_add_test(tcase, test_number_from_double_vectors_match);
	tcase_add_test(tcase, test_number_from_double_every_written_amount_is_itself);
	tcase_add_test(tcase, test_number_from_double_never_takes_a_neighbour);
	tcase_add_test(tcase, test_number_divide_rounded_half_goes_away_from_zero);
	tcase_add_test(tcase, test_number_divide_rounded_wide_operands_are_exact);
	tcase_add_test(tcase, test_currency_digits_follow_iso_4217);
	suite_add_tcase(suite, tcase);
	return suite;
}
