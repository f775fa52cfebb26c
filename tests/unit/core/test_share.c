/* SPDX-License-Identifier: Apache-2.0 */
/* Exact shares: two ways of scaling agree, and both round half away from zero. */
#include "service/core/share.h"

#include "random_book.h"
#include "tests/unit/base/expect.h"

START_TEST(test_ratio_of_is_cut_to_the_whole)
{
	static const struct {
		int64_t num, den, expected_num, expected_den;
	} cases[] = {
		{0, 5, 0, 5}, {-3, 5, 0, 5}, {3, 5, 3, 5}, {5, 5, 5, 5}, {9, 5, 5, 5}, {9, 0, 1, 1}, {-9, -2, 0, 1},
		{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}, {INT64_MIN, INT64_MIN, 0, 1},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct ratio ratio = ratio_of(cases[i].num, cases[i].den);

		ck_assert_int_eq(ratio.num, cases[i].expected_num);
		ck_assert_int_eq(ratio.den, cases[i].expected_den);
	}
}
END_TEST

START_TEST(test_money_cut_leaves_what_books_have)
{
	static const int64_t most = INT64_C(1) << 56;

	ck_assert_int_eq(money_cut(0), 0);
	ck_assert_int_eq(money_cut(most), most);
	ck_assert_int_eq(money_cut(-most), -most);
	ck_assert_int_eq(money_cut(INT64_MAX), most);
	ck_assert_int_eq(money_cut(INT64_MIN), -most);
}
END_TEST

START_TEST(test_share_scale_vectors_match)
{
	static const struct {
		int64_t num, den, times, by;
		int32_t expected;
	} cases[] = {
		{1, 2, 1, 1, 1},             /* a half goes up */
		{1, 3, 1, 1, 0},       {2, 3, 1, 1, 1},
		{1, 2, 10000, 1, 5000}, {1, 3, 10000, 1, 3333}, {2, 3, 10000, 1, 6667},
		{1, 1, 35000000, 10000, 3500}, {1, 8, 100, 1, 13}, {3, 8, 100, 1, 38}, {1, 8, 100, 3, 4},
		{0, 1, 10000, 7, 0},   {1, 1, 0, 7, 0},
		{49999, 100000, 1, 1, 0}, {50000, 100000, 1, 1, 1},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct share share = {cases[i].num, cases[i].den};
		struct ratio ratio = {cases[i].num, cases[i].den};

		ck_assert_int_eq(ratio_scale(ratio, (uint64_t)cases[i].times, (uint64_t)cases[i].by), cases[i].expected);
		ck_assert_int_eq(share_scale(share, (uint64_t)cases[i].times, (uint64_t)cases[i].by), cases[i].expected);
		ck_assert_int_eq(share_scale_wide(share, (uint64_t)cases[i].times, (uint64_t)cases[i].by), cases[i].expected);
	}
}
END_TEST

static int128 random_wide(struct dice *dice, int bits)
{
	int128 value = ((int128)(dice_roll(dice) >> 1) << 64) | dice_roll(dice);

	return value >> (127 - bits);
}

/* Division for narrow numbers, for long ones, and bit by bit: the same answer where they all may be asked. */
START_TEST(test_share_scale_every_way_agrees)
{
	struct dice dice = {1};

	for (int round = 0; round < 200000; round++) {
		int bits = 1 + (int)dice_below(&dice, 89);
		struct share share = {.den = random_wide(&dice, bits) + 1};
		uint64_t by = (uint64_t)dice_below(&dice, INT64_C(1) << dice_below(&dice, 24)) + 1;
		uint64_t times = (uint64_t)dice_below(&dice, (int64_t)by * 10000 + 1);

		share.num = random_wide(&dice, bits) % (share.den + 1);
		ck_assert_int_eq(share_scale(share, times, by), share_scale_wide(share, times, by));
		if (bits < 63)
			ck_assert_int_eq(ratio_scale((struct ratio){(int64_t)share.num, (int64_t)share.den}, times, by), share_scale(share, times, by));
	}
}
END_TEST

/* Halves and their neighbours, with denominators of every size: where rounding is decided by one unit in the last place. */
START_TEST(test_share_scale_halves_go_up_at_every_size)
{
	for (int bits = 2; bits < 125; bits++) {
		int128 den = (int128)1 << bits;

		for (uint64_t times = 1; times <= 10000; times += 1111) {
			/* (den / 2 + odd) / den × times where it is a half exactly: num = den / 2, times odd. */
			uint64_t odd = times | 1;
			struct share half = {den / 2, den};
			struct share less = {den / 2 - 1, den};

			ck_assert_int_eq(share_scale(half, odd, 1), (int32_t)(odd / 2 + 1));
			ck_assert_int_eq(share_scale(half, odd, 3), (int32_t)((odd + 3) / 6));
			if (bits > 20)
				ck_assert_int_eq(share_scale(less, odd, 1), (int32_t)(odd / 2));
		}
	}
}
END_TEST

Suite *suite_share(void);
Suite *suite_share(void)
{
	Suite *suite = suite_create("share");
	TCase *shares = tcase_create("shares");

	tcase_add_test(shares, test_ratio_of_is_cut_to_the_whole);
	tcase_add_test(shares, test_money_cut_leaves_what_books_have);
	tcase_add_test(shares, test_share_scale_vectors_match);
	tcase_add_test(shares, test_share_scale_every_way_agrees);
	tcase_add_test(shares, test_share_scale_halves_go_up_at_every_size);
	suite_add_tcase(suite, shares);
	return suite;
}
