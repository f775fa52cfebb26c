/* SPDX-License-Identifier: Apache-2.0 */
/* What is told from frozen bands: intervals, the proof against a deal, the what-if of larger deals. */
#include "deals.h"

#include <math.h>
#include <stdlib.h>

#include "tests/unit/base/expect.h"

#define HOUR 60

/* ---- Rates and intervals ---- */

START_TEST(test_core_wilson_worked_example_matches)
{
	static const struct {
		int64_t won, deals;
		double low, high;
	} cases[] = {
		{911, 1341, 0.6538815919830561, 0.7037813851992462},
		{822, 1343, 0.5857172851501784, 0.637768558731965},
		{804, 1498, 0.5114022936747205, 0.5618411231679444},
		{0, 10, 0, 0.2775327998628892},
		{10, 10, 0.7224672001371108, 1},
		{1, 1, 0.2065493143772375, 1},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct interval interval = core_wilson(cases[i].won, cases[i].deals);

		ck_assert(fabs(interval.low - cases[i].low) < 1e-12);
		ck_assert(fabs(interval.high - cases[i].high) < 1e-12);
	}
}
END_TEST

START_TEST(test_core_wilson_holds_the_rate_and_narrows)
{
	struct dice dice = {5};

	for (int i = 0; i < 10000; i++) {
		int64_t deals = 1 + dice_below(&dice, 100000), won = dice_below(&dice, deals + 1);
		struct interval interval = core_wilson(won, deals), ten_times = core_wilson(won * 10, deals * 10);
		double rate = (double)won / (double)deals;

		ck_assert(0 <= interval.low && interval.low <= rate && rate <= interval.high && interval.high <= 1);
		ck_assert(ten_times.high - ten_times.low < interval.high - interval.low);
	}
}
END_TEST

START_TEST(test_core_band_rate_is_drawn_towards_that_of_all)
{
	struct size_bands bands = {.all = {.deals = 200, .won = 100}};
	struct size_band band = {.sum = {.deals = 20, .won = 20}};
	struct quotient rate = core_band_rate(&bands, &band);

	/* (20 + 20 × 0.5) ÷ 40 */
	ck_assert(rate.num * 4 == rate.den * 3);
}
END_TEST

/* ---- The proof against a deal ---- */

/**
 * Of 40 deals half were won; the lower band's 20 took 20 hours, and its account 2 hours of service a year. A year has 1840 hours for new
 * business (100 × 46 × 40 %).
 */
static struct size_bands frozen(struct size_band bands[2])
{
	bands[0] = (struct size_band){.to_minor = 1000, .sum = {20, 10, 1000, 20, 20 * HOUR}, .accounts = 1, .service_minutes = 2 * HOUR};
	bands[1] = (struct size_band){.from_minor = 2000, .sum = {20, 10, 20000, 20, 40 * HOUR}};
	return (struct size_bands){
		.basis = EFFORT_HOURS,
		.all = {40, 20, 21000, 40, 60 * HOUR},
		.bands = bands,
		.count = 2,
		.selling = {true, 10000, 46001, 6000},
	};
}

START_TEST(test_core_deal_prove_tells_what_it_brings_costs_and_needs)
{
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);
	struct deal_proof proof;

	ck_assert(core_deal_prove(&bands, 100, 4500, &proof));
	ck_assert_ptr_eq(proof.band, &rows[0]);
	ck_assert_int_eq(proof.worth_minor, 50);
	ck_assert_int_eq(proof.effort_centi, 100);
	ck_assert_int_eq(proof.effort_until_won_centi, 400);  /* two pursuits of an hour, and two hours of service */
	ck_assert_int_eq(proof.cost_minor, 4500);
	ck_assert_int_eq(proof.deals_needed, 461);            /* 460.01 */
	ck_assert_int_eq(proof.pursuits_needed, 921);         /* 920.02 */
	ck_assert_int_eq(proof.hours_needed_centi, 184004);
	ck_assert_int_eq(proof.hours_there_centi, 184000);
	ck_assert_int_eq(proof.year_minor, 46000);
}
END_TEST

START_TEST(test_core_deal_prove_year_falls_short_exactly_when_the_hours_do)
{
	struct dice dice = {6};

	for (int i = 0; i < 10000; i++) {
		struct size_band rows[2];
		struct size_bands bands = frozen(rows);
		struct deal_proof proof;

		bands.selling.quota_minor = dice_below(&dice, 100000);
		rows[0].sum.effort = dice_below(&dice, 3000);
		ck_assert(core_deal_prove(&bands, 1 + dice_below(&dice, 999), 0, &proof));
		/* Both are rounded: where they are not next to each other, they agree. */
		if (llabs(proof.year_minor - bands.selling.quota_minor) > 1 && llabs(proof.hours_needed_centi - proof.hours_there_centi) > 1)
			ck_assert((proof.year_minor < bands.selling.quota_minor) == (proof.hours_needed_centi > proof.hours_there_centi));
		ck_assert_int_ge(proof.pursuits_needed, proof.deals_needed);
	}
}
END_TEST

START_TEST(test_core_deal_prove_says_what_is_not_known)
{
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);
	struct deal_proof proof;

	bands.selling.is_known = false;
	ck_assert(core_deal_prove(&bands, 2000, 0, &proof));
	ck_assert_int_eq(proof.worth_minor, 1000);
	ck_assert_int_eq(proof.effort_centi, 200);
	ck_assert_int_eq(proof.effort_until_won_centi, 400);
	ck_assert_int_eq(proof.cost_minor, -1);
	ck_assert_int_eq(proof.deals_needed, -1);
	ck_assert_int_eq(proof.pursuits_needed, -1);
	ck_assert_int_eq(proof.hours_needed_centi, -1);
	ck_assert_int_eq(proof.hours_there_centi, -1);
	ck_assert_int_eq(proof.year_minor, -1);
}
END_TEST

START_TEST(test_core_deal_prove_days_have_no_cost_and_no_year)
{
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);
	struct deal_proof proof;

	bands.basis = EFFORT_DAYS;
	rows[0].sum.effort = 20 * 30;
	ck_assert(core_deal_prove(&bands, 999, 4500, &proof));
	ck_assert_int_eq(proof.effort_centi, 3000);
	ck_assert_int_eq(proof.effort_until_won_centi, 6000);
	ck_assert_int_eq(proof.cost_minor, -1);
	ck_assert_int_eq(proof.deals_needed, 47);
	ck_assert_int_eq(proof.pursuits_needed, 93);
	ck_assert_int_eq(proof.hours_needed_centi, -1);
	ck_assert_int_eq(proof.hours_there_centi, 184000);
	ck_assert_int_eq(proof.year_minor, -1);
}
END_TEST

START_TEST(test_core_deal_prove_without_effort_or_any_won_deal)
{
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);
	struct deal_proof proof;

	rows[0].sum.pursuits = rows[0].sum.effort = 0;
	ck_assert(core_deal_prove(&bands, 100, 4500, &proof));
	ck_assert_int_eq(proof.effort_centi, -1);
	ck_assert_int_eq(proof.effort_until_won_centi, -1);
	ck_assert_int_eq(proof.cost_minor, -1);
	ck_assert_int_eq(proof.deals_needed, 461);
	ck_assert_int_eq(proof.hours_needed_centi, -1);
	/* No time at all: any number could be made of it, so no year is told. */
	rows[0].sum.pursuits = 20;
	rows[0].service_minutes = 0;
	ck_assert(core_deal_prove(&bands, 100, 4500, &proof));
	ck_assert_int_eq(proof.effort_until_won_centi, 0);
	ck_assert_int_eq(proof.hours_needed_centi, 0);
	ck_assert_int_eq(proof.year_minor, -1);
	rows[0].sum.won = rows[1].sum.won = bands.all.won = 0;
	ck_assert(core_deal_prove(&bands, 100, 4500, &proof));
	ck_assert_int_eq(proof.worth_minor, 0);
	ck_assert_int_eq(proof.effort_until_won_centi, -1);
	ck_assert_int_eq(proof.pursuits_needed, -1);
}
END_TEST

START_TEST(test_core_deal_prove_size_never_closed_has_no_proof)
{
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);
	struct deal_proof proof = {.worth_minor = 7};

	ck_assert(!core_deal_prove(&bands, 1000, 0, &proof));
	ck_assert_int_eq(proof.worth_minor, 7);
}
END_TEST

/* ---- Larger deals ---- */

START_TEST(test_core_what_if_larger_deals_take_their_bands_rate_and_effort)
{
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);
	const struct deal_sum seller = {.deals = 8, .won = 4, .won_minor = 3200, .pursuits = 4, .effort = 700};
	struct what_if what_if;

	/* 8.00 is two and a half times as much at 20.00, where a pursuit takes two hours instead of one, and won as often: half as many. */
	ck_assert(core_what_if(&bands, &seller, 15000, &what_if));
	ck_assert_int_eq(what_if.average_minor, 800);
	ck_assert_int_eq(what_if.naive_average_minor, 2000);
	ck_assert_int_eq(what_if.naive_minor, 8000);
	ck_assert_ptr_eq(what_if.from, &rows[0]);
	ck_assert_ptr_eq(what_if.to, &rows[1]);
	ck_assert(what_if.is_re_read);
	ck_assert_int_eq(what_if.re_read_minor, 4000);
	/* And where the large are won (15 + 10) ÷ 40 of the time, the small (5 + 10) ÷ 40. */
	rows[0].sum.won = 5;
	rows[1].sum.won = 15;
	ck_assert(core_what_if(&bands, &seller, 15000, &what_if));
	ck_assert_int_eq(what_if.re_read_minor, 6667);
}
END_TEST

START_TEST(test_core_what_if_of_a_size_never_closed_is_only_naive)
{
	static const struct {
		int64_t won_minor;
		bool has_from, has_to;
	} cases[] = {{3996, true, false}, {3200, true, false}, {4000, false, false}, {6396, false, false}, {6400, false, true}};
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct deal_sum seller = {.deals = 8, .won = 4, .won_minor = cases[i].won_minor};
		struct what_if what_if;

		ck_assert(core_what_if(&bands, &seller, 2500, &what_if));
		ck_assert_int_eq(what_if.naive_minor, cases[i].won_minor * 5 / 4);
		ck_assert_int_eq(what_if.from != NULL, cases[i].has_from);
		ck_assert_int_eq(what_if.to != NULL, cases[i].has_to);
		ck_assert(!what_if.is_re_read);
	}
}
END_TEST

START_TEST(test_core_what_if_without_a_bands_effort_is_only_naive)
{
	const struct deal_sum seller = {.deals = 8, .won = 4, .won_minor = 3200};

	for (size_t i = 0; i < 2; i++) {
		struct size_band rows[2];
		struct size_bands bands = frozen(rows);
		struct what_if what_if;

		rows[i].sum.effort = 0;
		ck_assert(core_what_if(&bands, &seller, 15000, &what_if));
		ck_assert_ptr_nonnull(what_if.to);
		ck_assert(!what_if.is_re_read);
	}
}
END_TEST

START_TEST(test_core_what_if_of_nothing_won_is_none)
{
	struct size_band rows[2];
	struct size_bands bands = frozen(rows);
	const struct deal_sum seller = {.deals = 3};
	struct what_if what_if = {.average_minor = 7};

	ck_assert(!core_what_if(&bands, &seller, 2500, &what_if));
	ck_assert_int_eq(what_if.average_minor, 7);
}
END_TEST

START_TEST(test_core_what_if_that_stays_in_its_band_is_naive)
{
	struct dice dice = {7};
	int stayed = 0;

	for (int i = 0; i < 3000; i++) {
		struct deals deals = deals_random(&dice, 20 + (size_t)dice_below(&dice, 100), i % 2 == 0);
		struct size_bands bands = deals_bands(&deals);

		for (size_t seller = 0; seller < bands.seller_count; seller++) {
			struct what_if what_if;

			if (!core_what_if(&bands, &bands.sellers[seller], 1 + dice_below(&dice, 10000), &what_if))
				continue;
			ck_assert(what_if.naive_minor >= bands.sellers[seller].won_minor);
			if (!what_if.is_re_read || what_if.from != what_if.to)
				continue;
			ck_assert_int_eq(what_if.re_read_minor, what_if.naive_minor);
			stayed++;
		}
		deals_free(&deals);
	}
	ck_assert_int_gt(stayed, 1000);
}
END_TEST

Suite *suite_band_figures(void);
Suite *suite_band_figures(void)
{
	Suite *suite = suite_create("core/band_figures");
	TCase *tcase = tcase_create("band_figures");

	tcase_add_test(tcase, test_core_wilson_worked_example_matches);
	tcase_add_test(tcase, test_core_wilson_holds_the_rate_and_narrows);
	tcase_add_test(tcase, test_core_band_rate_is_drawn_towards_that_of_all);
	tcase_add_test(tcase, test_core_deal_prove_tells_what_it_brings_costs_and_needs);
	tcase_add_test(tcase, test_core_deal_prove_year_falls_short_exactly_when_the_hours_do);
	tcase_add_test(tcase, test_core_deal_prove_says_what_is_not_known);
	tcase_add_test(tcase, test_core_deal_prove_days_have_no_cost_and_no_year);
	tcase_add_test(tcase, test_core_deal_prove_without_effort_or_any_won_deal);
	tcase_add_test(tcase, test_core_deal_prove_size_never_closed_has_no_proof);
	tcase_add_test(tcase, test_core_what_if_larger_deals_take_their_bands_rate_and_effort);
	tcase_add_test(tcase, test_core_what_if_of_a_size_never_closed_is_only_naive);
	tcase_add_test(tcase, test_core_what_if_without_a_bands_effort_is_only_naive);
	tcase_add_test(tcase, test_core_what_if_of_nothing_won_is_none);
	tcase_add_test(tcase, test_core_what_if_that_stays_in_its_band_is_naive);
	suite_add_tcase(suite, tcase);
	return suite;
}
