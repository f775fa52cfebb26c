/* SPDX-License-Identifier: Apache-2.0 */
/* Size bands, the sweet spot and the floor (domain.md §6): the worked example, books that are hardly any, edges, verdicts, the roll-up. */
#include "deals.h"

#include <string.h>

#include "tests/unit/base/expect.h"

/* ---- The worked example ---- */

START_TEST(test_core_bands_compute_worked_example_matches)
{
	static const struct {
		int64_t from, to, deals, won, index;
		enum band_verdict verdict;
	} expected[] = {
		{0, 48300, 1341, 911, 478, BAND_TOO_SMALL},
		{48300, 88500, 1343, 822, 2252, BAND_TOO_SMALL},
		{88500, 336300, 1341, 943, 7984, BAND_OUTSIDE},
		{336300, 482100, 1188, 758, 18179, BAND_SWEET_SPOT},
		{482100, 0, 1498, 804, 22243, BAND_SWEET_SPOT},
	};
	struct deals deals = deals_worked_example();
	struct size_bands bands = deals_bands(&deals);

	ck_assert_int_eq(bands.count, 5);
	for (size_t i = 0; i < COUNT_OF(expected); i++) {
		const struct size_band *band = &bands.bands[i];

		ck_assert_int_eq(band->from_minor, expected[i].from);
		ck_assert_int_eq(band->to_minor, expected[i].to);
		ck_assert_int_eq(band->sum.deals, expected[i].deals);
		ck_assert_int_eq(band->sum.won, expected[i].won);
		ck_assert_int_eq(band->index, expected[i].index);
		ck_assert_int_eq(band->verdict, expected[i].verdict);
	}
	ck_assert_int_eq(bands.basis, EFFORT_DAYS);
	ck_assert(bands.has_floor);
	ck_assert_int_eq(bands.floor_minor, 88500);
	ck_assert(!bands.quota_infeasible);
	deals_free(&deals);
}
END_TEST

/* ---- Books that are hardly any ---- */

START_TEST(test_core_bands_compute_no_deals_has_no_bands)
{
	struct deals deals = deals_new(1);
	struct size_bands bands = deals_bands(&deals);
	struct size_range range = {7, 7};

	ck_assert_int_eq(bands.count, 0);
	ck_assert_int_eq(bands.without_amount, 0);
	ck_assert(!bands.has_floor);
	ck_assert(!bands.quota_infeasible);
	ck_assert(!core_sweet_spot(&bands, &range));
	ck_assert_int_eq(range.from_minor, 7);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_counts_deals_without_an_amount_and_leaves_them_out)
{
	struct deals deals = deals_new(5);
	struct size_bands bands;

	deals_add(&deals, true, 0, 3);
	deals_add(&deals, false, -100, 3);
	deals_add(&deals, true, 500, 3)->seller = 0;
	deals_add(&deals, true, 0, 3)->seller = 0;
	deals.book.seller_count = 1;
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.without_amount, 3);
	ck_assert_int_eq(bands.all.deals, 1);
	ck_assert_int_eq(bands.sellers[0].deals, 1);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_one_deal_cannot_tell)
{
	struct deals deals = deals_new(1);
	struct size_bands bands;

	deals_add(&deals, true, 50000, 12);
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.count, 1);
	ck_assert_int_eq(bands.bands[0].from_minor, 0);
	ck_assert_int_eq(bands.bands[0].to_minor, 0);
	ck_assert_int_eq(bands.bands[0].index, -1);
	ck_assert_int_eq(bands.bands[0].verdict, BAND_CANNOT_TELL);
	ck_assert_int_eq(bands.bands[0].median_cycle_days, 12);
	ck_assert(!bands.has_floor);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_ten_deals_are_enough)
{
	struct deals deals = deals_new(10);
	struct size_bands bands;

	deals_add_many(&deals, 9, true, 100, 1);
	ck_assert_int_eq(deals_bands(&deals).bands[0].verdict, BAND_CANNOT_TELL);
	deals_add(&deals, false, 100, 1);
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.bands[0].index, 10000);
	ck_assert_int_eq(bands.bands[0].verdict, BAND_SWEET_SPOT);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_equal_amounts_are_one_band)
{
	struct deals deals = deals_new(100);
	struct size_bands bands;

	deals_add_many(&deals, 100, true, 700, 5);
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.count, 1);
	/* The band below the one distinct amount is empty, and the other keeps its edge. */
	ck_assert_int_eq(bands.bands[0].from_minor, 700);
	ck_assert_int_eq(bands.bands[0].to_minor, 0);
	ck_assert_int_eq(bands.bands[0].sum.deals, 100);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_all_won_and_none_won)
{
	struct deals deals = deals_new(60);
	struct size_bands bands;

	for (int i = 0; i < 60; i++)
		deals_add(&deals, true, 100 + i, 4);
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.count, 5);
	/* At the same win rate and effort the index is the average beside the average of all: 1054 ÷ 1295 and so on. */
	ck_assert_int_eq(bands.bands[0].index, 8108);
	ck_assert_int_eq(bands.bands[4].verdict, BAND_SWEET_SPOT);
	for (size_t i = 0; i < 60; i++)
		deals.rows[i].won = false;
	bands = deals_bands(&deals);
	for (int32_t i = 0; i < bands.count; i++) {
		ck_assert_int_eq(bands.bands[i].verdict, BAND_CANNOT_TELL);
		ck_assert_int_eq(bands.bands[i].median_cycle_days, -1);
	}
	ck_assert(!bands.has_floor);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_without_effort_cannot_tell)
{
	static const int32_t days[] = {0, -1};

	for (size_t i = 0; i < COUNT_OF(days); i++) {
		struct deals deals = deals_new(20);
		struct size_bands bands;

		deals_add_many(&deals, 20, true, 100, days[i]);
		bands = deals_bands(&deals);
		ck_assert_int_eq(bands.bands[0].verdict, BAND_CANNOT_TELL);
		ck_assert_int_eq(bands.bands[0].median_cycle_days, days[i]);
		deals_free(&deals);
	}
}
END_TEST

START_TEST(test_core_band_silence_names_the_first_that_holds)
{
	/* deals, won, pursuits, effort → why the band is silent */
	static const struct {
		int64_t deals, won, pursuits, effort;
		enum band_silence silence;
	} cases[] = {
		{9, 0, 0, 0, BAND_FEW_DEALS}, {9, 9, 9, 9, BAND_FEW_DEALS}, {10, 0, 0, 0, BAND_NONE_WON}, {10, 1, 0, 0, BAND_NO_EFFORT},
		{10, 1, 1, 0, BAND_EFFORT_OF_NOTHING}, {10, 1, 1, 1, BAND_TELLS},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct deal_sum sum = {
			.deals = cases[i].deals, .won = cases[i].won, .pursuits = cases[i].pursuits, .effort = cases[i].effort};

		ck_assert_int_eq(core_band_silence(&sum), cases[i].silence);
	}
}
END_TEST

START_TEST(test_core_bands_compute_closed_before_opened_is_no_pursuit)
{
	struct deals deals = deals_new(2);
	struct size_bands bands;

	deals_add(&deals, true, 100, 8);
	deals_add(&deals, true, 100, 0)->opened_on = DEALS_CLOSED_ON + 1;
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.all.pursuits, 1);
	ck_assert_int_eq(bands.all.effort, 8);
	ck_assert_int_eq(bands.bands[0].median_cycle_days, 8);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_short_of_memory_leaves_the_result)
{
	struct arena *starving = starving_arena();
	struct deals deals = deals_new(1);
	struct size_bands bands, before;

	memset(&bands, 0x55, sizeof(bands));
	before = bands;
	ck_assert_int_eq(core_bands_compute(&deals.book, starving, &bands), STATUS_NO_MEMORY);
	ck_assert_mem_eq(&bands, &before, sizeof(bands));
	arena_free(starving);
	deals_free(&deals);
}
END_TEST

/* ---- Edges ---- */

START_TEST(test_core_bands_compute_edges_are_at_the_quantiles)
{
	struct deals deals = deals_new(29);
	struct size_bands bands;

	/* 29 deals are two bands: the edge is the amount at position ceil(29 ÷ 2) = 15, and belongs to the upper one. */
	for (int i = 29; i > 0; i--)
		deals_add(&deals, true, i * 10, 1);
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.count, 2);
	ck_assert_int_eq(bands.bands[0].to_minor, 150);
	ck_assert_int_eq(bands.bands[1].from_minor, 150);
	ck_assert_int_eq(bands.bands[0].sum.deals, 14);
	ck_assert_int_eq(bands.bands[1].sum.deals, 15);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_edges_of_the_policy_hold_for_any_number)
{
	static const int64_t edges[] = {100, 200, 300};
	struct deals deals = deals_new(3);
	struct size_bands bands;

	deals.book.edges = edges;
	deals.book.edge_count = COUNT_OF(edges);
	deals_add(&deals, true, 99, 1);
	deals_add(&deals, true, 200, 1);
	deals_add(&deals, true, 299, 1);
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.count, 2);
	ck_assert_int_eq(bands.bands[0].from_minor, 0);
	ck_assert_int_eq(bands.bands[0].to_minor, 100);
	ck_assert_int_eq(bands.bands[1].from_minor, 200);
	ck_assert_int_eq(bands.bands[1].to_minor, 300);
	ck_assert_int_eq(bands.bands[1].sum.deals, 2);
	ck_assert_ptr_eq(core_band_find(&bands, 99), &bands.bands[0]);
	ck_assert_ptr_null(core_band_find(&bands, 100));
	ck_assert_ptr_eq(core_band_find(&bands, 200), &bands.bands[1]);
	ck_assert_ptr_null(core_band_find(&bands, 300));
	deals_free(&deals);
}
END_TEST

/* ---- Sweet spot and too small ---- */

/** Ten deals of each amount, all won within as many days as said: the index is in the days' hands. */
static struct size_bands ladder(struct deals *deals, const int32_t *days, size_t count)
{
	int64_t *edges = arena_array(deals->arena, count, sizeof(*edges));

	ck_assert_ptr_nonnull(edges);
	for (size_t i = 0; i < count; i++) {
		edges[i] = (int64_t)(i + 1) * 100;
		deals_add_many(deals, 10, true, edges[i], days[i]);
	}
	deals->book.edges = edges;
	deals->book.edge_count = count;
	return deals_bands(deals);
}

START_TEST(test_core_bands_compute_sweet_spot_is_the_run_with_the_most_won_money)
{
	static const int32_t days[] = {200, 20, 30, 400, 50, 600};
	static const enum band_verdict verdicts[] = {
		BAND_TOO_SMALL, BAND_OUTSIDE, BAND_OUTSIDE, BAND_OUTSIDE, BAND_SWEET_SPOT, BAND_OUTSIDE,
	};
	struct deals deals = deals_new(61);
	struct size_bands bands = ladder(&deals, days, COUNT_OF(days));
	struct size_range range = {-1, -1};

	/* Ten of 200 and ten of 300 are as much as ten of 500: of equals the higher run. */
	for (size_t i = 0; i < COUNT_OF(verdicts); i++)
		ck_assert_int_eq(bands.bands[i].verdict, verdicts[i]);
	ck_assert(core_sweet_spot(&bands, &range));
	ck_assert_int_eq(range.from_minor, 500);
	ck_assert_int_eq(range.to_minor, 600);
	ck_assert_int_eq(bands.floor_minor, 200);
	/* One deal more, and the lower has most. */
	deals_add(&deals, true, 200, 20);
	bands = deals_bands(&deals);
	ck_assert(core_sweet_spot(&bands, &range));
	ck_assert_int_eq(range.from_minor, 200);
	ck_assert_int_eq(range.to_minor, 400);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_too_small_is_an_unbroken_run_below_the_sweet_spot)
{
	static const int32_t days[] = {500, 1000, 30, 2000, 50, 1500};
	static const enum band_verdict verdicts[] = {
		BAND_TOO_SMALL, BAND_TOO_SMALL, BAND_OUTSIDE, BAND_OUTSIDE, BAND_SWEET_SPOT, BAND_OUTSIDE,
	};
	struct deals deals = deals_new(60);
	struct size_bands bands = ladder(&deals, days, COUNT_OF(days));

	ck_assert_int_lt(bands.bands[3].index, 5000);
	for (size_t i = 0; i < COUNT_OF(verdicts); i++)
		ck_assert_int_eq(bands.bands[i].verdict, verdicts[i]);
	ck_assert_int_eq(bands.floor_minor, 300);
	deals_free(&deals);
}
END_TEST

/* ---- Hours, and the roll-up ---- */

static void add_hours(struct deals *deals, int64_t amount_minor, int32_t organisation, int64_t minutes)
{
	for (int i = 0; i < 20; i++) {
		struct closed_deal *deal = deals_add(deals, i < 10, amount_minor, 5);

		deal->organisation = organisation;
		deal->minutes = minutes;
	}
}

/**
 * Half of 20 deals of 1.00 won at an hour each, and of 20 of 10.00 at two. Its customer takes two hours of service a year, so that a small
 * deal takes 1 ÷ 0.5 + 2 hours, and a large one 2 ÷ 0.5. A year has 100 × 46 × 40 % = 1840: 460.00 and 4600.00.
 */
static struct deals roll_up_book(int64_t quota_minor)
{
	static const int64_t edges[] = {1000};
	static const int64_t minutes_12m[] = {120, 0};
	struct deals deals = deals_new(40);

	add_hours(&deals, 100, 0, 60);
	add_hours(&deals, 1000, 1, 120);
	deals.book.edges = edges;
	deals.book.edge_count = 1;
	deals.book.minutes_12m = minutes_12m;
	deals.book.organisation_count = 2;
	deals.book.selling = (struct selling){true, 10000, quota_minor, 6000};
	return deals;
}

START_TEST(test_core_bands_compute_roll_up_proves_what_is_too_small)
{
	static const struct {
		int64_t quota_minor;
		enum band_verdict lower;
		bool has_floor, is_infeasible;
	} cases[] = {
		{0, BAND_OUTSIDE, false, false},
		{46000, BAND_OUTSIDE, false, false},  /* as much as the number is enough */
		{46001, BAND_TOO_SMALL, true, false},
		{460000, BAND_TOO_SMALL, true, false},
		{460001, BAND_TOO_SMALL, false, true},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct deals deals = roll_up_book(cases[i].quota_minor);
		struct size_bands bands = deals_bands(&deals);
		int64_t year = 0;

		ck_assert_int_eq(bands.basis, EFFORT_HOURS);
		ck_assert_int_lt(bands.bands[0].index, 5000);
		ck_assert_int_eq(bands.bands[0].verdict, cases[i].lower);
		ck_assert_int_eq(bands.bands[1].verdict, BAND_SWEET_SPOT);
		ck_assert_int_eq(bands.has_floor, cases[i].has_floor);
		ck_assert_int_eq(bands.quota_infeasible, cases[i].is_infeasible);
		ck_assert(core_band_year(&bands, &bands.bands[0], &year));
		ck_assert_int_eq(year, 46000);
		ck_assert(core_band_year(&bands, &bands.bands[1], &year));
		ck_assert_int_eq(year, 460000);
		deals_free(&deals);
	}
}
END_TEST

START_TEST(test_core_bands_compute_index_judges_where_the_number_is_not_known)
{
	struct deals deals = roll_up_book(0);
	struct size_bands bands;
	int64_t year = 7;

	deals.book.selling.is_known = false;
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.bands[0].verdict, BAND_TOO_SMALL);
	ck_assert_int_eq(bands.floor_minor, 1000);
	ck_assert(!core_band_year(&bands, &bands.bands[0], &year));
	ck_assert_int_eq(year, 7);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_days_do_not_prove_by_the_roll_up)
{
	struct deals deals = roll_up_book(460001);
	struct size_bands bands;
	int64_t year;

	for (size_t i = 0; i < deals.book.count; i++)
		deals.rows[i].minutes = 0;
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.basis, EFFORT_DAYS);
	ck_assert(!core_band_year(&bands, &bands.bands[0], &year));
	ck_assert(!bands.quota_infeasible);
	ck_assert_int_eq(bands.bands[0].verdict, BAND_TOO_SMALL);
	deals_free(&deals);
}
END_TEST

START_TEST(test_core_bands_compute_band_without_a_year_proves_nothing)
{
	struct deals deals = roll_up_book(460001);
	struct size_bands bands;

	/* Nobody is recorded to have spent an hour on the small ones, and nobody serves who bought them. */
	for (size_t i = 0; i < 20; i++)
		deals.rows[i].organisation = -1;
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.bands[0].verdict, BAND_CANNOT_TELL);
	ck_assert(!bands.quota_infeasible);
	ck_assert(!bands.has_floor);
	/* Nor does a band that nothing was won in. */
	for (size_t i = 0; i < 20; i++) {
		deals.rows[i].organisation = 0;
		deals.rows[i].won = false;
	}
	bands = deals_bands(&deals);
	ck_assert(!bands.quota_infeasible);
	/* Nor one that takes no time at all. */
	for (size_t i = 0; i < 20; i++) {
		deals.rows[i].organisation = 1;
		deals.rows[i].won = true;
		deals.rows[i].minutes = 0;
	}
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.bands[0].service_minutes, 0);
	ck_assert(!bands.quota_infeasible);
	deals_free(&deals);
}
END_TEST

/* ---- Names ---- */

START_TEST(test_band_names_are_those_of_the_interface)
{
	ck_assert_str_eq(effort_basis_name(EFFORT_DAYS), "days");
	ck_assert_str_eq(effort_basis_name(EFFORT_HOURS), "hours");
	ck_assert_str_eq(band_verdict_name(BAND_SWEET_SPOT), "sweet_spot");
	ck_assert_str_eq(band_verdict_name(BAND_TOO_SMALL), "too_small");
	ck_assert_str_eq(band_verdict_name(BAND_OUTSIDE), "outside");
	ck_assert_str_eq(band_verdict_name(BAND_CANNOT_TELL), "cannot_tell");
}
END_TEST

Suite *suite_bands(void);
Suite *suite_bands(void)
{
	Suite *suite = suite_create("core/bands");
	TCase *tcase = tcase_create("bands");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_core_bands_compute_worked_example_matches);
	tcase_add_test(tcase, test_core_bands_compute_no_deals_has_no_bands);
	tcase_add_test(tcase, test_core_bands_compute_counts_deals_without_an_amount_and_leaves_them_out);
	tcase_add_test(tcase, test_core_bands_compute_one_deal_cannot_tell);
	tcase_add_test(tcase, test_core_bands_compute_ten_deals_are_enough);
	tcase_add_test(tcase, test_core_bands_compute_equal_amounts_are_one_band);
	tcase_add_test(tcase, test_core_bands_compute_all_won_and_none_won);
	tcase_add_test(tcase, test_core_bands_compute_without_effort_cannot_tell);
	tcase_add_test(tcase, test_core_band_silence_names_the_first_that_holds);
	tcase_add_test(tcase, test_core_bands_compute_closed_before_opened_is_no_pursuit);
	tcase_add_test(tcase, test_core_bands_compute_short_of_memory_leaves_the_result);
	tcase_add_test(tcase, test_core_bands_compute_edges_are_at_the_quantiles);
	tcase_add_test(tcase, test_core_bands_compute_edges_of_the_policy_hold_for_any_number);
	tcase_add_test(tcase, test_core_bands_compute_sweet_spot_is_the_run_with_the_most_won_money);
	tcase_add_test(tcase, test_core_bands_compute_too_small_is_an_unbroken_run_below_the_sweet_spot);
	tcase_add_test(tcase, test_core_bands_compute_roll_up_proves_what_is_too_small);
	tcase_add_test(tcase, test_core_bands_compute_index_judges_where_the_number_is_not_known);
	tcase_add_test(tcase, test_core_bands_compute_days_do_not_prove_by_the_roll_up);
	tcase_add_test(tcase, test_core_bands_compute_band_without_a_year_proves_nothing);
	tcase_add_test(tcase, test_band_names_are_those_of_the_interface);
	suite_add_tcase(suite, tcase);
	return suite;
}
