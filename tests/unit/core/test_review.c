/* SPDX-License-Identifier: Apache-2.0 */
/* What a review freezes, against the definitions of domain.md computed the slow way, and in any order of rows. */
#include <stdlib.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/review.h>

#include "service/core/score.h"

#include "random_book.h"
#include "tests/unit/base/expect.h"

#define MOST 400

static struct arena *arena;

static void setup(void)
{
	arena = arena_new(1 << 16);
}

static void teardown(void)
{
	arena_free(arena);
}

static struct review compute(struct book book, struct policy policy, struct features *features, size_t count)
{
	struct review review;

	ck_assert_int_eq(core_review_compute(&book, &policy, features, count, arena, &review), STATUS_OK);
	return review;
}

/* ---- The slow way ---- */

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/** Element ceil(p n ÷ 100) of the ascending list; -1 of nothing. */
static int64_t nearest_rank(int64_t *values, size_t count, size_t percentile)
{
	qsort(values, count, sizeof(*values), by_value);
	return count == 0 ? -1 : values[(percentile * count + 99) / 100 - 1];
}

enum measure { REVENUE, REACH, RHYTHM, ORDERS };

static int64_t measure_of(const struct features *features, enum measure measure)
{
	const struct measures *m = &features->measures;

	return measure == REVENUE ? m->revenue_12m : measure == REACH ? m->reach : measure == RHYTHM ? m->rhythm : m->orders;
}

static size_t collect(const struct features *features, size_t count, enum measure measure, int64_t *values)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (core_is_client(&features[i]) && measure_of(&features[i], measure) > 0)
			values[found++] = measure_of(&features[i], measure);
	return found;
}

static int64_t slow_full(const struct features *features, size_t count, enum measure measure)
{
	int64_t values[MOST];
	size_t found = collect(features, count, measure, values);

	return found == 0 ? 0 : nearest_rank(values, found, 90);
}

/** Clients alike: industry -1 stands for all, band 0 for the whole industry. */
static size_t collect_cohort(const struct features *features, size_t count, int32_t industry, uint8_t band, int64_t *values)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (core_is_client(&features[i]) && (industry < 0 || features[i].industry == industry) &&
		    (band == 0 || features[i].employee_band == band))
			values[found++] = features[i].measures.revenue_12m;
	return found;
}

/** Cohort of domain.md §1, from the features as they were on entry. */
static int64_t slow_estimate(const struct features *features, size_t count, const struct features *one)
{
	int64_t values[MOST];
	size_t found = 0;

	if (one->industry >= 0 && one->employee_band > 0)
		found = collect_cohort(features, count, one->industry, one->employee_band, values);
	if (one->industry >= 0 && found < 5)
		found = collect_cohort(features, count, one->industry, 0, values);
	if (one->industry < 0 || found < 5)
		found = collect_cohort(features, count, -1, 0, values);
	return nearest_rank(values, found, 75);
}

static int32_t slow_cut(const int32_t *scores, size_t count, size_t percentile)
{
	int32_t best = INT32_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t below = 0;

		for (size_t j = 0; j < count; j++)
			below += scores[j] < scores[i];
		if (below >= percentile * count / 100 && scores[i] < best)
			best = scores[i];
	}
	return best == INT32_MAX ? 5000 : best;
}

static void expect_cuts(const struct review *review, const struct policy *policy, const struct features *features, size_t count)
{
	int32_t engagement[MOST];
	int32_t potential[MOST];
	size_t clients = 0;

	for (size_t i = 0; i < count; i++) {
		struct scoring scoring;

		if (!core_is_client(&features[i]))
			continue;
		core_score(&features[i], review, policy, &scoring);
		engagement[clients] = scoring.engagement_centi;
		potential[clients++] = scoring.potential_centi;
	}
	ck_assert_int_eq(review->engagement_cut_centi, slow_cut(engagement, clients, (size_t)policy->engagement_cut.percentile));
	ck_assert_int_eq(review->potential_cut_centi, slow_cut(potential, clients, (size_t)policy->potential_cut.percentile));
}

static void expect_key_list(const struct review *review, const struct features *features, size_t count)
{
	int64_t values[MOST];
	size_t clients = collect(features, count, REVENUE, values);
	size_t key = clients / 4 > 0 ? clients / 4 : 1;
	int64_t key_revenue = 0;
	int64_t revenue = 0;

	ck_assert_int_eq(review->clients, (int64_t)clients);
	ck_assert_int_eq(review->has_key_cutoff, clients > 0);
	qsort(values, clients, sizeof(*values), by_value);
	for (size_t i = 0; i < clients; i++) {
		revenue += values[i];
		key_revenue += values[i] >= values[clients - key] ? values[i] : 0;
	}
	ck_assert_int_eq(review->key_cutoff, clients > 0 ? values[clients - key] : 0);
	ck_assert_int_eq(review->key_revenue, key_revenue);
	ck_assert_int_eq(review->revenue, revenue);
}

static void expect_cohorts(const struct review *review, const struct features *before, const struct features *after, size_t count)
{
	const struct cohorts *cohorts = &review->cohorts;

	for (int32_t i = 1; i < cohorts->industry_count; i++)
		ck_assert_int_lt(text_compare(cohorts->industries[i - 1], cohorts->industries[i]), 0);
	for (int32_t i = 0; i < cohorts->row_count; i++)
		ck_assert(i == 0 ? cohorts->rows[i].industry == -1 : cohorts->rows[i].clients >= 5);
	for (size_t i = 0; i < count; i++) {
		const struct cohort *cohort = cohort_find(cohorts, after[i].industry, after[i].employee_band);

		ck_assert_int_eq(cohort == NULL ? -1 : cohort->p75, slow_estimate(before, count, &before[i]));
		if (cohort != NULL && cohort->industry >= 0)
			ck_assert_int_eq(cohort->industry, after[i].industry);
	}
}

START_TEST(test_core_review_compute_equals_the_definitions)
{
	struct dice dice = {41};

	for (int round = 0; round < 120; round++) {
		size_t count = (size_t)dice_below(&dice, round % 3 == 0 ? 12 : MOST + 1);
		struct features *features = random_features(&dice, count, arena);
		struct features before[MOST + 1];
		struct policy policy = default_policy();
		struct review review;

		policy.engagement_cut.percentile = 1 + (int32_t)dice_below(&dice, 99);
		policy.criteria_count = (int32_t)dice_below(&dice, 2);
		memcpy(before, features, count * sizeof(*features));
		review = compute(random_book(arena), policy, features, count);
		ck_assert_int_eq(review.full_reach, slow_full(before, count, REACH));
		ck_assert_int_eq(review.full_rhythm, slow_full(before, count, RHYTHM));
		ck_assert_int_eq(review.full_orders, slow_full(before, count, ORDERS));
		expect_key_list(&review, before, count);
		expect_cohorts(&review, before, features, count);
		expect_cuts(&review, &policy, features, count);
		arena_reset(arena);
	}
}
END_TEST

static void shuffle(struct features *features, size_t count, struct dice *dice)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)dice_below(dice, (int64_t)i);
		struct features swap = features[i - 1];

		features[i - 1] = features[j];
		features[j] = swap;
	}
}

static void expect_same_review(const struct review *a, const struct review *b)
{
	struct review x = *a;
	struct review y = *b;

	ck_assert_int_eq(a->cohorts.industry_count, b->cohorts.industry_count);
	ck_assert_int_eq(a->cohorts.row_count, b->cohorts.row_count);
	for (int32_t i = 0; i < a->cohorts.industry_count; i++)
		ck_assert(text_equal(a->cohorts.industries[i], b->cohorts.industries[i]));
	ck_assert_int_eq(memcmp(a->cohorts.rows, b->cohorts.rows, (size_t)a->cohorts.row_count * sizeof(*a->cohorts.rows)), 0);
	x.cohorts = (struct cohorts){0};
	y.cohorts = (struct cohorts){0};
	ck_assert_int_eq(memcmp(&x, &y, sizeof(x)), 0);
}

START_TEST(test_core_review_compute_any_order_gives_the_same_bytes)
{
	struct dice dice = {43};
	struct features *features = random_features(&dice, MOST, arena);
	struct features first[MOST];
	struct features again[MOST];
	struct review review;

	memcpy(first, features, sizeof(first));
	review = compute(random_book(arena), default_policy(), first, MOST);
	for (int round = 0; round < 20; round++) {
		struct review other;

		memcpy(again, features, sizeof(again));
		shuffle(again, MOST, &dice);
		other = compute(random_book(arena), default_policy(), again, MOST);
		expect_same_review(&review, &other);
	}
}
END_TEST

/* ---- Vectors ---- */

static struct features client(int64_t revenue_12m)
{
	return (struct features){
		.measures = {.revenue_12m = revenue_12m}, .industry = -1, .is_account = true, .is_active = true,
	};
}

START_TEST(test_core_review_compute_empty_book_has_no_cut_off)
{
	struct policy policy = default_policy();
	struct review review;

	policy.full_reach = 4;
	review = compute(random_book(arena), policy, NULL, 0);
	ck_assert_int_eq(review.clients, 0);
	ck_assert(!review.has_key_cutoff);
	ck_assert_int_eq(review.key_cutoff, 0);
	ck_assert_int_eq(review.full_reach, 0);
	ck_assert_int_eq(review.engagement_cut_centi, 5000);
	ck_assert_int_eq(review.potential_cut_centi, 5000);
	ck_assert_int_eq(review.cohorts.row_count, 0);
	ck_assert_ptr_null(cohort_find(&review.cohorts, -1, 0));
}
END_TEST

START_TEST(test_core_review_compute_policy_overrides_what_it_states)
{
	struct policy policy = default_policy();
	struct dice dice = {47};
	struct features *features = random_features(&dice, MOST, arena);
	struct text line = TEXT("books");
	struct review review;

	policy.full_reach = 4;
	policy.full_rhythm = 5;
	policy.full_orders = 6;
	policy.engagement_cut = (struct cut_rule){.is_score = true, .score_centi = 4321};
	policy.potential_cut = (struct cut_rule){.is_score = true, .score_centi = 0};
	policy.lines_stated = true;
	policy.lines = &line;
	policy.line_count = 1;
	policy.revenue_from = REVENUE_FROM_DEALS;
	policy.key_pct_centi = 10000;
	review = compute(random_book(arena), policy, features, MOST);
	ck_assert_int_eq(review.full_reach, 4);
	ck_assert_int_eq(review.full_rhythm, 5);
	ck_assert_int_eq(review.full_orders, 6);
	ck_assert_int_eq(review.engagement_cut_centi, 4321);
	ck_assert_int_eq(review.potential_cut_centi, 0);
	ck_assert_int_eq(review.lines_offered, 1);
	ck_assert_int_eq(review.revenue_source, REVENUE_FROM_DEALS);
	ck_assert_int_eq(review.key_revenue, review.revenue);
}
END_TEST

START_TEST(test_core_review_compute_takes_over_what_the_book_says)
{
	struct dice dice = {53};
	struct features *features = random_features(&dice, MOST, arena);
	struct book book = random_book(arena);
	struct review review;

	book.provisional = true;
	review = compute(book, default_policy(), features, MOST);
	ck_assert_int_eq(review.number, 3);
	ck_assert_int_eq(review.policy_version, 1);
	ck_assert_int_eq(review.day, 20000);
	ck_assert(review.provisional);
	ck_assert_int_eq(review.lines_offered, 7);
	ck_assert_int_eq(review.deals_per_year, 2);
	ck_assert_int_eq(review.margin_centi, 300);
	ck_assert_int_eq(review.book_first_revenue_on, 19000);
	ck_assert(review.initiative_available);
}
END_TEST

START_TEST(test_core_review_compute_momentum_windows_need_two_years)
{
	static const struct {
		int32_t first;
		bool half_year;
	} cases[] = {{20000 - 730, false}, {20000 - 729, true}, {DAY_NONE, true}, {20000 - 5000, false}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct book book = random_book(arena);

		book.first_revenue_on = cases[i].first;
		ck_assert_int_eq(compute(book, default_policy(), NULL, 0).half_year_momentum, cases[i].half_year);
	}
}
END_TEST

START_TEST(test_core_review_compute_only_clients_count)
{
	struct features features[3] = {client(100), client(900), client(900)};
	struct review review;

	features[0].measures.reach = 2;
	features[1].measures.reach = 9;
	features[1].measures.directed = 4;
	features[1].is_active = false;
	features[2].measures.rhythm = 9;
	features[2].measures.directed = 4;
	features[2].is_account = false;
	review = compute(random_book(arena), default_policy(), features, 3);

	ck_assert_int_eq(review.clients, 1);
	ck_assert_int_eq(review.key_cutoff, 100);
	ck_assert_int_eq(review.full_reach, 2);
	ck_assert_int_eq(review.full_rhythm, 0);
	ck_assert(!review.initiative_available);
	ck_assert_int_eq(review.cohorts.row_count, 1);
}
END_TEST

START_TEST(test_core_review_compute_nothing_scored_cuts_at_the_middle)
{
	struct features features[1] = {client(100)};
	struct book book = random_book(arena);
	struct review review;

	book.distinct_lines = 0;
	review = compute(book, default_policy(), features, 1);
	ck_assert_int_eq(review.engagement_cut_centi, 5000);
	ck_assert_int_eq(review.potential_cut_centi, 2253);  /* momentum alone: 15 ÷ 65 × (1 + 100 ÷ 105) ÷ 2 */
}
END_TEST

START_TEST(test_core_review_compute_sums_end_at_their_type)
{
	struct features features[3] = {client(INT64_MAX / 2), client(INT64_MAX / 2), client(INT64_MAX / 2)};
	struct review review = compute(random_book(arena), default_policy(), features, 3);

	ck_assert_int_eq(review.revenue, INT64_MAX);
	ck_assert_int_eq(review.key_revenue, INT64_MAX);
}
END_TEST

START_TEST(test_core_review_compute_short_of_memory_leaves_the_review)
{
	struct arena *starving = starving_arena();
	struct features features[1] = {client(100)};
	struct policy policy = default_policy();
	struct book book = random_book(arena);
	struct review review;

	memset(&review, 0x55, sizeof(review));
	ck_assert_int_eq(core_review_compute(&book, &policy, features, 1, starving, &review), STATUS_NO_MEMORY);
	ck_assert_int_eq(review.number, 0x55555555);
	arena_free(starving);
}
END_TEST

/* Beyond what a book takes whatever its size: a simulation has no more room beside the book itself. */
START_TEST(test_core_review_compute_takes_sixteen_bytes_an_organisation)
{
	const size_t few = 20000, many = 100000;
	struct dice dice = {7};
	struct arena *features_arena = arena_new(1 << 16);
	struct features *features = random_features(&dice, many, features_arena);
	size_t of_few, bytes;

	compute(random_book(arena), default_policy(), features, few);
	of_few = arena_bytes(arena);
	arena_reset(arena);
	features = random_features(&dice, many, features_arena);
	compute(random_book(arena), default_policy(), features, many);
	bytes = arena_bytes(arena) - of_few;
	ck_assert_msg(bytes <= (many - few) * 16, "%zu bytes", bytes);
	arena_free(features_arena);
}
END_TEST

START_TEST(test_core_revenue_source_is_stated_or_seen)
{
	struct policy policy = default_policy();

	ck_assert_int_eq(core_revenue_source(&policy, true), REVENUE_FROM_ENTRIES);
	ck_assert_int_eq(core_revenue_source(&policy, false), REVENUE_FROM_DEALS);
	policy.revenue_from = REVENUE_FROM_DEALS;
	ck_assert_int_eq(core_revenue_source(&policy, true), REVENUE_FROM_DEALS);
	policy.revenue_from = REVENUE_FROM_ENTRIES;
	ck_assert_int_eq(core_revenue_source(&policy, false), REVENUE_FROM_ENTRIES);
}
END_TEST

START_TEST(test_core_fiscal_year_start_is_the_last_one_begun)
{
	static const struct {
		int month, day;
		const char *on, *start;
	} cases[] = {
		{1, 1, "2026-01-01", "2026-01-01"}, {1, 1, "2025-12-31", "2025-01-01"}, {4, 1, "2026-03-31", "2025-04-01"},
		{4, 1, "2026-04-01", "2026-04-01"},
		{12, 31, "2024-02-29", "2023-12-31"}, {3, 1, "2024-02-29", "2023-03-01"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = {.fiscal_month = cases[i].month, .fiscal_day = cases[i].day};
		int32_t day;
		char start[11];

		ck_assert(day_parse(text_of(cases[i].on), &day));
		day_format(core_fiscal_year_start(&policy, day), start);
		ck_assert_str_eq(start, cases[i].start);
	}
}
END_TEST

Suite *suite_review(void);
Suite *suite_review(void)
{
	Suite *suite = suite_create("review");
	TCase *properties = tcase_create("properties");
	TCase *vectors = tcase_create("vectors");

	tcase_add_checked_fixture(properties, setup, teardown);
	tcase_add_test(properties, test_core_review_compute_equals_the_definitions);
	tcase_add_test(properties, test_core_review_compute_any_order_gives_the_same_bytes);
	suite_add_tcase(suite, properties);
	tcase_add_checked_fixture(vectors, setup, teardown);
	tcase_add_test(vectors, test_core_review_compute_empty_book_has_no_cut_off);
	tcase_add_test(vectors, test_core_review_compute_policy_overrides_what_it_states);
	tcase_add_test(vectors, test_core_review_compute_takes_over_what_the_book_says);
	tcase_add_test(vectors, test_core_review_compute_momentum_windows_need_two_years);
	tcase_add_test(vectors, test_core_review_compute_only_clients_count);
	tcase_add_test(vectors, test_core_review_compute_nothing_scored_cuts_at_the_middle);
	tcase_add_test(vectors, test_core_review_compute_sums_end_at_their_type);
	tcase_add_test(vectors, test_core_review_compute_short_of_memory_leaves_the_review);
	tcase_add_test(vectors, test_core_review_compute_takes_sixteen_bytes_an_organisation);
	tcase_add_test(vectors, test_core_revenue_source_is_stated_or_seen);
	tcase_add_test(vectors, test_core_fiscal_year_start_is_the_last_one_begun);
	suite_add_tcase(suite, vectors);
	return suite;
}
