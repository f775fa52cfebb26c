/* SPDX-License-Identifier: Apache-2.0 */
/* Wide numbers against 128-bit ones, and beyond them by laws of arithmetic. */
#include "service/core/wide.h"

#include "random_book.h"
#include "tests/unit/base/expect.h"

static struct wide_quotient quotient(uint128 num, uint128 den)
{
	return (struct wide_quotient){wide_of(num), wide_of(den)};
}

START_TEST(test_wide_times_carries_through_every_word)
{
	const uint64_t most = UINT64_MAX;
	struct wide square = wide_times(wide_of(most), most);
	struct wide large = wide_times(wide_times(wide_of(((uint128)most << 64) | most), ((uint128)most << 64) | most), 3);

	ck_assert_int_eq(wide_compare(square, wide_of((uint128)most * most)), 0);
	/* (2^128 - 1)^2 × 3 = 3 × 2^256 - 6 × 2^128 + 3 */
	ck_assert_uint_eq(large.word[0], 3);
	ck_assert_uint_eq(large.word[1], 0);
	ck_assert_uint_eq(large.word[2], UINT64_MAX - 5);
	ck_assert_uint_eq(large.word[3], UINT64_MAX);
	ck_assert_uint_eq(large.word[4], 2);
	ck_assert_uint_eq(large.word[5], 0);
}
END_TEST

START_TEST(test_wide_plus_carries_through_every_word)
{
	struct wide all = wide_plus(wide_times(wide_of(UINT64_MAX), (uint128)1 << 64), wide_of(UINT64_MAX));
	struct wide sum = wide_plus(all, wide_of(1));

	ck_assert_uint_eq(sum.word[0], 0);
	ck_assert_uint_eq(sum.word[1], 0);
	ck_assert_uint_eq(sum.word[2], 1);
	ck_assert(wide_is_zero(wide_of(0)));
	ck_assert(!wide_is_zero(sum));
}
END_TEST

START_TEST(test_wide_compare_looks_at_the_highest_word_that_differs)
{
	struct wide large = wide_times(wide_of(1), (uint128)1 << 100);

	ck_assert_int_gt(wide_compare(large, wide_of(UINT64_MAX)), 0);
	ck_assert_int_lt(wide_compare(wide_of(UINT64_MAX), large), 0);
	ck_assert_int_lt(wide_compare(wide_of(6), wide_of(7)), 0);
	ck_assert_int_eq(wide_compare(large, large), 0);
}
END_TEST

START_TEST(test_wide_round_and_ceiling_vectors_match)
{
	static const struct {
		int64_t num, den, most, rounded, ceiling;
	} cases[] = {
		{0, 7, 100, 0, 0}, {1, 2, 100, 1, 1}, {1, 3, 100, 0, 1}, {2, 3, 100, 1, 1}, {6, 3, 100, 2, 2}, {5, 2, 100, 3, 3},
		{99, 1, 100, 99, 99}, {1000, 1, 100, 100, 100}, {201, 2, 100, 100, 100}, {5, 1, 0, 0, 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct wide_quotient each = quotient((uint128)cases[i].num, (uint128)cases[i].den);

		ck_assert_int_eq(wide_round(each, cases[i].most), cases[i].rounded);
		ck_assert_int_eq(wide_ceiling(each, cases[i].most), cases[i].ceiling);
	}
}
END_TEST

START_TEST(test_wide_round_equals_words_and_ignores_a_common_factor)
{
	struct dice dice = {20260301};

	for (int i = 0; i < 20000; i++) {
		int64_t num = dice_below(&dice, INT64_C(1) << dice_below(&dice, 53));
		int64_t den = 1 + dice_below(&dice, INT64_C(1) << dice_below(&dice, 40));
		uint128 factor = (uint128)dice_roll(&dice) << 64 | dice_roll(&dice) | 1;
		struct wide_quotient raised = {wide_times(wide_of((uint128)num), factor), wide_times(wide_of((uint128)den), factor)};

		ck_assert_int_eq(wide_round(raised, INT64_MAX), number_divide_rounded(num, den));
		ck_assert_int_eq(wide_ceiling(raised, INT64_MAX), (num + den - 1) / den);
	}
}
END_TEST

Suite *suite_wide(void);
Suite *suite_wide(void)
{
	Suite *suite = suite_create("core/wide");
	TCase *tcase = tcase_create("wide");

	tcase_add_test(tcase, test_wide_times_carries_through_every_word);
	tcase_add_test(tcase, test_wide_plus_carries_through_every_word);
	tcase_add_test(tcase, test_wide_compare_looks_at_the_highest_word_that_differs);
	tcase_add_test(tcase, test_wide_round_and_ceiling_vectors_match);
	tcase_add_test(tcase, test_wide_round_equals_words_and_ignores_a_common_factor);
	suite_add_tcase(suite, tcase);
	return suite;
}
