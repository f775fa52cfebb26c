/* SPDX-License-Identifier: Apache-2.0 */
/* Decay tables, size bands, contribution and momentum (domain.md §1), and the words of the policy. */
#include <math.h>

#include <sweetspot/calendar.h>
#include <sweetspot/review.h>

#include "random_book.h"
#include "tests/unit/base/expect.h"

/** floor(2^32 × 0.5^(a/h) + 0.5) ⇔ the largest m with (2m − 1)^h ≤ 2^(33h − a); a long double is near enough to tell, and says when not. */
static void expect_decay(const int64_t *table, int half_life)
{
	for (int age = 0; age < WINDOW_DAYS; age++) {
		long double exact = 4294967296.0L * exp2l(-(long double)age / half_life) + 0.5L;
		long double rest = exact - floorl(exact);

		ck_assert_msg((rest > 1e-6L && rest < 1 - 1e-6L) || age % half_life == 0, "half-life %d, age %d: too close", half_life, age);
		ck_assert_int_eq(table[age], (int64_t)floorl(exact));
	}
}

START_TEST(test_decay_tables_are_what_the_formula_says)
{
	expect_decay(decay_90, 90);
	expect_decay(decay_180, 180);
	ck_assert_int_eq(decay_90[0], INT64_C(1) << 32);
	ck_assert_int_eq(decay_90[90], INT64_C(1) << 31);
	ck_assert_int_eq(decay_180[360], INT64_C(1) << 30);
}
END_TEST

START_TEST(test_decay_tables_fall_every_day)
{
	for (int age = 1; age < WINDOW_DAYS; age++)
		ck_assert(decay_90[age] < decay_90[age - 1] && decay_180[age] < decay_180[age - 1]);
}
END_TEST

START_TEST(test_employee_band_of_starts_where_the_rule_says)
{
	static const struct {
		int64_t employees;
		uint8_t band;
	} cases[] = {
		{INT64_MIN, 0}, {-1, 0}, {0, 0}, {1, 1}, {9, 1}, {10, 2}, {49, 2}, {50, 3}, {249, 3}, {250, 4}, {999, 4}, {1000, 5}, {4999, 5},
		{5000, 6}, {INT64_MAX, 6},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_uint_eq(employee_band_of(cases[i].employees), cases[i].band);
}
END_TEST

START_TEST(test_measures_contribution_rounds_the_cost_of_time)
{
	static const struct {
		int64_t margin, minutes, hour_cost, expected;
	} cases[] = {
		{1000, 60, 0, 1000}, {1000, 60, 250, 750}, {0, 1, 30, -1}, {0, 1, 29, 0}, {0, 90, 1, -2}, {-50, 30, 100, -100},
		{EXACT_MAX, 0, 100, EXACT_MAX},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct measures measures = {.margin_12m = cases[i].margin, .minutes_12m = cases[i].minutes};
		struct policy policy = {.hour_cost_minor = cases[i].hour_cost};

		ck_assert_int_eq(measures_contribution(&measures, &policy), cases[i].expected);
	}
}
END_TEST

START_TEST(test_measures_momentum_vectors_match)
{
	static const struct {
		int64_t recent, prior, cutoff;
		int64_t num, den;
	} cases[] = {
		{0, 0, 1000, 1, 2},        /* nothing at all */
		{50, -50, 1000, 1, 2},     {-60, 50, 1000, 1, 2},
		{100, 100, 1000, 1, 2},    {0, 100, 1000, 0, 1},
		{25, 75, 1000, 1, 4},      /* decline needs no evidence */
		{75, 25, 0, 3, 4},         /* growth without a cut-off needs none either */
		{75, 25, 2000, 5, 8},      /* growth does: g = 100, (1 + 50 ÷ 200) ÷ 2 */
		{100, 0, 2000, 3, 4},      /* g = 100: (1 + 100 ÷ 200) ÷ 2 */
		{300, -100, 0, 1, 1},      {-100, 300, 1000, 0, 1},
		{EXACT_MAX, EXACT_MAX, EXACT_MAX, 1, 2}, {EXACT_MAX, 0, 20, 0, 0},  /* den 0: just below 1 */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct measures year = {.revenue_12m = cases[i].recent, .revenue_prior_12m = cases[i].prior, .revenue_182 = 7};
		struct measures half = {.revenue_12m = 7, .revenue_182 = cases[i].recent, .revenue_prior_182 = cases[i].prior};
		struct review review = {.has_key_cutoff = cases[i].cutoff > 0, .key_cutoff = cases[i].cutoff};
		struct share by_year = measures_momentum(&year, &review);
		struct share by_half;

		review.half_year_momentum = true;
		by_half = measures_momentum(&half, &review);
		ck_assert(by_year.num == by_half.num && by_year.den == by_half.den);
		ck_assert(by_year.num >= 0 && by_year.num <= by_year.den && by_year.den > 0);
		if (cases[i].den > 0)
			ck_assert_msg(by_year.num * cases[i].den == by_year.den * cases[i].num, "case %zu", i);
		else
			ck_assert(by_year.num < by_year.den);
	}
}
END_TEST

/* More now is never worse, more before never better; two equal halves stand still. */
START_TEST(test_measures_momentum_is_monotone)
{
	struct dice dice = {3};
	struct review review = {.has_key_cutoff = true, .key_cutoff = 5000};

	for (int round = 0; round < 20000; round++) {
		struct measures low = {.revenue_12m = dice_below(&dice, 5000) - 500, .revenue_prior_12m = dice_below(&dice, 5000)};
		struct measures high = low;
		struct share a;
		struct share b;

		high.revenue_12m += dice_below(&dice, 2000);
		if (low.revenue_12m + low.revenue_prior_12m <= 0)
			continue;
		a = measures_momentum(&low, &review);
		b = measures_momentum(&high, &review);
		ck_assert(a.num * b.den <= b.num * a.den);
	}
}
END_TEST

START_TEST(test_policy_words_are_the_contracts)
{
	static const char *const tiers[TIER_COUNT] = {NULL, "key", "growth", "maintenance", "service"};
	static const char *const lists[LIST_COUNT] = {"none", "key", "secondary", "lka", "target", "lead"};
	static const char *const engagement[ENGAGEMENT_PARTS] = {"reach", "initiative", "rhythm", "orders", "breadth"};
	static const char *const potential[POTENTIAL_PARTS] = {"headroom", "white_space", "momentum", "fit"};

	ck_assert_ptr_null(tier_name(TIER_NONE));
	for (int i = TIER_KEY; i < TIER_COUNT; i++)
		ck_assert_str_eq(tier_name((enum tier)i), tiers[i]);
	for (int i = 0; i < LIST_COUNT; i++)
		ck_assert_str_eq(list_name((enum list)i), lists[i]);
	for (int i = 0; i < ENGAGEMENT_PARTS; i++)
		ck_assert_str_eq(engagement_part_names[i], engagement[i]);
	for (int i = 0; i < POTENTIAL_PARTS; i++)
		ck_assert_str_eq(potential_part_names[i], potential[i]);
}
END_TEST

START_TEST(test_policy_words_read_back_and_no_other_does)
{
	for (int i = TIER_KEY; i < TIER_COUNT; i++)
		ck_assert_int_eq(tier_of_name(text_of(tier_name((enum tier)i))), i);
	for (int i = 0; i < LIST_COUNT; i++)
		ck_assert_int_eq(list_of_name(text_of(list_name((enum list)i))), i);
	ck_assert_int_eq(tier_of_name(TEXT("Key")), TIER_NONE);
	ck_assert_int_eq(tier_of_name((struct text){NULL, 0}), TIER_NONE);
	ck_assert_int_eq(list_of_name(TEXT("keys")), LIST_NONE);
	ck_assert_int_eq(list_of_name((struct text){NULL, 0}), LIST_NONE);
}
END_TEST

Suite *suite_measures(void);
Suite *suite_measures(void)
{
	Suite *suite = suite_create("measures");
	TCase *measures = tcase_create("measures");

	tcase_add_test(measures, test_decay_tables_are_what_the_formula_says);
	tcase_add_test(measures, test_decay_tables_fall_every_day);
	tcase_add_test(measures, test_employee_band_of_starts_where_the_rule_says);
	tcase_add_test(measures, test_measures_contribution_rounds_the_cost_of_time);
	tcase_add_test(measures, test_measures_momentum_vectors_match);
	tcase_add_test(measures, test_measures_momentum_is_monotone);
	tcase_add_test(measures, test_policy_words_are_the_contracts);
	tcase_add_test(measures, test_policy_words_read_back_and_no_other_does);
	suite_add_tcase(suite, measures);
	return suite;
}
