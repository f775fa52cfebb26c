/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of the size bands of every book, whatever its deals: made-up books, and the largest figures there are. */
#include "deals.h"

#include "tests/unit/base/expect.h"

#define BOOKS 3000

static struct deals some_book(struct dice *dice)
{
	static const int64_t edges[] = {1, 100, 101, 5000};
	struct deals deals = deals_random(dice, (size_t)dice_below(dice, 130), dice_below(dice, 2) == 0);

	if (dice_below(dice, 4) == 0) {
		deals.book.edges = edges;
		deals.book.edge_count = (size_t)dice_below(dice, COUNT_OF(edges) + 1);
	}
	return deals;
}

static void expect_same_sum(const struct deal_sum *a, const struct deal_sum *b)
{
	ck_assert_int_eq(a->deals, b->deals);
	ck_assert_int_eq(a->won, b->won);
	ck_assert(a->won_minor == b->won_minor);
	ck_assert_int_eq(a->pursuits, b->pursuits);
	ck_assert_int_eq(a->effort, b->effort);
}

static void expect_same_bands(const struct size_bands *a, const struct size_bands *b, int64_t times)
{
	ck_assert_int_eq(a->count, b->count);
	ck_assert_int_eq(a->without_amount, b->without_amount);
	ck_assert_int_eq(a->has_floor, b->has_floor);
	ck_assert_int_eq(a->floor_minor * times, b->floor_minor);
	for (int32_t i = 0; i < a->count; i++) {
		ck_assert_int_eq(a->bands[i].from_minor * times, b->bands[i].from_minor);
		ck_assert_int_eq(a->bands[i].to_minor * times, b->bands[i].to_minor);
		ck_assert_int_eq(a->bands[i].sum.deals, b->bands[i].sum.deals);
		ck_assert_int_eq(a->bands[i].sum.effort, b->bands[i].sum.effort);
		ck_assert_int_eq(a->bands[i].index, b->bands[i].index);
		ck_assert_int_eq(a->bands[i].median_cycle_days, b->bands[i].median_cycle_days);
		ck_assert_int_eq(a->bands[i].accounts, b->bands[i].accounts);
		ck_assert_int_eq(a->bands[i].verdict, b->bands[i].verdict);
	}
}

START_TEST(test_core_bands_compute_order_of_deals_does_not_matter)
{
	struct dice dice = {1};

	for (int book = 0; book < BOOKS; book++) {
		struct deals deals = some_book(&dice);
		struct size_bands before = deals_bands(&deals), after;

		for (size_t i = deals.book.count; i > 1; i--) {
			size_t other = (size_t)dice_below(&dice, (int64_t)i);
			struct closed_deal moved = deals.rows[i - 1];

			deals.rows[i - 1] = deals.rows[other];
			deals.rows[other] = moved;
		}
		after = deals_bands(&deals);
		expect_same_bands(&before, &after, 1);
		deals_free(&deals);
	}
}
END_TEST

START_TEST(test_core_bands_compute_currency_does_not_matter)
{
	const int64_t times = INT64_C(1) << 30;
	struct dice dice = {2};

	for (int book = 0; book < BOOKS; book++) {
		struct deals deals = deals_random(&dice, (size_t)dice_below(&dice, 130), dice_below(&dice, 2) == 0);
		struct size_bands before = deals_bands(&deals), after;

		for (size_t i = 0; i < deals.book.count; i++)
			deals.rows[i].amount_minor *= times;
		deals.book.selling.quota_minor *= times;
		after = deals_bands(&deals);
		expect_same_bands(&before, &after, times);
		deals_free(&deals);
	}
}
END_TEST

/** The index by 128-bit numbers, which such small books fit in. */
static int64_t plain_index(const struct deal_sum *all, const struct deal_sum *band)
{
	int128 num, den;

	if (band->deals < 10 || band->won == 0 || band->effort == 0)
		return -1;
	num = (int128)(band->won * all->deals + 20 * all->won) * band->won_minor * band->pursuits * all->effort;
	den = (int128)(band->deals + 20) * band->won * band->effort * all->won_minor * all->pursuits;
	return (int64_t)((2 * num * 10000 + den) / (2 * den));
}

static void expect_sound(const struct size_bands *bands)
{
	struct deal_sum sum = {0};
	bool was_spot = false, is_over = false;

	for (int32_t i = 0; i < bands->count; i++) {
		const struct size_band *band = &bands->bands[i];
		const bool is_spot = band->verdict == BAND_SWEET_SPOT;

		ck_assert_int_gt(band->sum.deals, 0);
		ck_assert_int_eq(band->index, plain_index(&bands->all, &band->sum));
		ck_assert(i == 0 || (bands->bands[i - 1].to_minor > 0 && bands->bands[i - 1].to_minor <= band->from_minor));
		ck_assert(!is_spot || (band->index >= 10000 && !is_over));
		ck_assert(band->verdict != BAND_CANNOT_TELL || band->index < 0);
		ck_assert(band->verdict != BAND_TOO_SMALL || !(was_spot || is_over));
		ck_assert(!bands->has_floor || (band->verdict == BAND_TOO_SMALL) == (band->to_minor > 0 && band->to_minor <= bands->floor_minor));
		is_over |= was_spot && !is_spot;
		was_spot |= is_spot;
		sum.deals += band->sum.deals;
		sum.won += band->sum.won;
		sum.won_minor += band->sum.won_minor;
		sum.pursuits += band->sum.pursuits;
		sum.effort += band->sum.effort;
	}
	expect_same_sum(&sum, &bands->all);
	ck_assert(!(bands->has_floor && bands->quota_infeasible));
}

START_TEST(test_core_bands_compute_every_book_is_sound)
{
	struct dice dice = {3};
	int floors = 0, infeasible = 0, spots = 0;

	for (int book = 0; book < BOOKS; book++) {
		struct deals deals = some_book(&dice);
		struct size_bands bands = deals_bands(&deals);
		struct size_range range;

		expect_sound(&bands);
		for (size_t i = 0; i < deals.book.count; i++)
			if (deals.rows[i].amount_minor > 0)
				ck_assert_ptr_nonnull(core_band_find(&bands, deals.rows[i].amount_minor));
		floors += bands.has_floor;
		infeasible += bands.quota_infeasible;
		spots += core_sweet_spot(&bands, &range);
		deals_free(&deals);
	}
	/* The books are such that everything happens. */
	ck_assert_int_gt(floors, BOOKS / 50);
	ck_assert_int_gt(infeasible, BOOKS / 50);
	ck_assert_int_gt(spots, BOOKS / 4);
}
END_TEST

START_TEST(test_core_bands_compute_largest_figures_stay_exact)
{
	const size_t count = 100000;
	struct deals deals = deals_new(count);
	struct size_bands bands;

	for (size_t i = 0; i < count; i++) {
		struct closed_deal *deal = deals_add(&deals, true, EXACT_MAX - (int64_t)(i % 2), 730);

		deal->organisation = 0;
		deal->minutes = INT64_C(1) << 40;
	}
	deals.book.minutes_12m = (const int64_t[]){INT64_C(1) << 40};
	deals.book.organisation_count = 1;
	deals.book.selling = (struct selling){true, INT64_C(16800) * 1000000, INT64_MAX, 0};
	bands = deals_bands(&deals);
	ck_assert_int_eq(bands.count, 2);
	ck_assert(bands.all.won_minor == (int128)EXACT_MAX * (int128)count - (int128)count / 2);
	ck_assert_int_eq(bands.bands[0].index, 10000);
	ck_assert(bands.quota_infeasible);
	deals_free(&deals);
}
END_TEST

Suite *suite_band_laws(void);
Suite *suite_band_laws(void)
{
	Suite *suite = suite_create("core/band_laws");
	TCase *tcase = tcase_create("band_laws");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_core_bands_compute_order_of_deals_does_not_matter);
	tcase_add_test(tcase, test_core_bands_compute_currency_does_not_matter);
	tcase_add_test(tcase, test_core_bands_compute_every_book_is_sound);
	tcase_add_test(tcase, test_core_bands_compute_largest_figures_stay_exact);
	suite_add_tcase(suite, tcase);
	return suite;
}
