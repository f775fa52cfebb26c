/* SPDX-License-Identifier: Apache-2.0 */
/* Scores, sides, tiers, lists and keep scores of one organisation (domain.md §2–§4). */
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/number.h>

#include "service/core/score.h"

#include "random_book.h"
#include "tests/unit/base/expect.h"

/* Golddex of domain.md §13, with its review: industry and band unknown to it, so the cohort of all stands for its own. */
static struct cohort golddex_cohort = {.industry = -1, .band = 0, .clients = 85, .median = 100, .p75 = 14271100};

static struct review golddex_review(void)
{
	return (struct review){
		.clients = 85,
		.has_key_cutoff = true,
		.key_cutoff = 14018300,
		.engagement_cut_centi = 7530,
		.potential_cut_centi = 1652,
		.margin_centi = 300,
		.full_orders = INT64_C(159676060000),
		.half_year_momentum = true,
		.lines_offered = 7,
		.book_first_revenue_on = DAY_NONE,
		.cohorts = {.rows = &golddex_cohort, .row_count = 1},
	};
}

static struct features client(void)
{
	return (struct features){
		.measures = {.revenue_12m = 1000, .margin_12m = 1000}, .industry = -1, .is_account = true, .is_active = true,
	};
}

static struct scoring score(struct features features, struct review review)
{
	struct policy policy = default_policy();
	struct scoring scoring;

	core_score(&features, &review, &policy, &scoring);
	return scoring;
}

/* ---- Vectors ---- */

START_TEST(test_core_score_golddex_parts_are_the_worked_examples)
{
	struct features features = client();
	struct scoring scoring;

	features.measures.lines_12m = 6;
	features.measures.orders = 159676060000 * 4566 / 10000;  /* 30.44 of 66.67 */
	features.measures.revenue_12m = 14271100 - 8129000;
	features.measures.revenue_182 = 44620;
	features.measures.revenue_prior_182 = 55380;
	scoring = score(features, golddex_review());
	ck_assert(!scoring.engagement[PART_REACH].available && !scoring.engagement[PART_INITIATIVE].available &&
			!scoring.engagement[PART_RHYTHM].available);
	ck_assert_int_eq(scoring.engagement[PART_ORDERS].points_centi, 3044);
	ck_assert_int_eq(scoring.engagement[PART_BREADTH].points_centi, 2857);
	ck_assert_int_eq(scoring.engagement_centi, 5901);
	ck_assert_int_eq(scoring.potential[PART_WHITE_SPACE].points_centi, 268);
	ck_assert_int_eq(scoring.potential[PART_MOMENTUM].points_centi, 837);
	ck_assert(!scoring.potential[PART_FIT].available);
	ck_assert_int_eq(scoring.annual_potential, 14271100);
	ck_assert(scoring.annual_potential_is_estimate);
	ck_assert(scoring.momentum.num * 100000 == scoring.momentum.den * 44620);
	/* 81290.00 ÷ 140183.00 × 0.4462 × 50 ÷ 80 */
	ck_assert_int_eq(scoring.potential[PART_HEADROOM].points_centi, 1617);
	ck_assert_int_eq(scoring.list, LIST_SECONDARY);
	ck_assert_int_eq(scoring.tier, TIER_GROWTH);
}
END_TEST

START_TEST(test_core_score_initiative_needs_five_touches_to_be_full)
{
	static const struct {
		int32_t inbound, directed, points;
	} cases[] = {{0, 0, 0}, {1, 1, 4000}, {2, 2, 8000}, {2, 5, 8000}, {3, 5, 10000}, {3, 6, 10000}, {3, 7, 8571}, {1, 30, 667}, {0, 9, 0}};
	struct review review = golddex_review();

	review.full_orders = 0;
	review.lines_offered = 0;
	review.initiative_available = true;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct features features = client();

		features.measures.inbound = cases[i].inbound;
		features.measures.directed = cases[i].directed;
		ck_assert_int_eq(score(features, review).engagement_centi, cases[i].points);
	}
}
END_TEST

START_TEST(test_core_score_stated_headroom_is_not_discounted)
{
	struct features features = client();
	struct scoring scoring;

	features.measures.revenue_prior_182 = 100;  /* momentum 0 */
	features_state_potential(&features, 1000 + 14018300 / 2);
	scoring = score(features, golddex_review());
	ck_assert_int_eq(scoring.potential[PART_HEADROOM].points_centi, 3125);  /* half of 50 ÷ 80 */
	ck_assert_int_eq(scoring.potential[PART_MOMENTUM].points_centi, 0);
	ck_assert(!scoring.annual_potential_is_estimate);
	features_state_potential(&features, 999);
	ck_assert_int_eq(score(features, golddex_review()).potential[PART_HEADROOM].points_centi, 0);
	features_state_potential(&features, EXACT_MAX);
	ck_assert_int_eq(score(features, golddex_review()).potential[PART_HEADROOM].points_centi, 6250);
}
END_TEST

START_TEST(test_core_score_account_without_potential_has_none_of_its_parts)
{
	struct features features = client();
	struct scoring scoring;

	features.measures.revenue_12m = 0;
	features.measures.orders = 1;
	scoring = score(features, golddex_review());
	ck_assert_int_eq(scoring.annual_potential, -1);
	ck_assert_int_eq(scoring.potential_centi, 0);
	ck_assert(scoring.potential[PART_MOMENTUM].available && scoring.potential[PART_WHITE_SPACE].available);
	ck_assert_int_eq(scoring.list, LIST_LKA);
	ck_assert(!scoring.is_client);
	ck_assert_int_eq(scoring.tier, TIER_SERVICE);
	/* A stated one brings them. */
	features_state_potential(&features, 0);
	scoring = score(features, golddex_review());
	ck_assert_int_eq(scoring.potential[PART_MOMENTUM].points_centi, 938);
	ck_assert_int_eq(scoring.potential[PART_WHITE_SPACE].points_centi, 1875);
}
END_TEST

START_TEST(test_core_score_fit_comes_with_criteria)
{
	struct policy policy = default_policy();
	struct review review = golddex_review();
	struct features features = client();
	struct scoring scoring;

	features.fit_passed_centi = 250;
	policy.criteria_weight_centi = 500;
	core_score(&features, &review, &policy, &scoring);
	ck_assert(!scoring.potential[PART_FIT].available);
	policy.criteria_count = 2;
	core_score(&features, &review, &policy, &scoring);
	ck_assert(scoring.potential[PART_FIT].available);
	ck_assert_int_eq(scoring.potential[PART_FIT].points_centi, 1000);
}
END_TEST

START_TEST(test_core_score_without_clients_only_fit_is_left)
{
	struct policy policy = default_policy();
	struct review review = {.lines_offered = 7, .engagement_cut_centi = 5000, .potential_cut_centi = 5000};
	struct features features = client();
	struct scoring scoring;

	features.fit_passed_centi = RANDOM_CRITERIA_WEIGHT;
	policy.criteria_count = 1;
	core_score(&features, &review, &policy, &scoring);
	ck_assert_int_eq(scoring.engagement_centi, -1);
	ck_assert_int_eq(scoring.potential_centi, 10000);
	ck_assert(scoring.potential_high && !scoring.engagement_high);
	ck_assert_int_eq(scoring.tier, TIER_NONE);
	ck_assert_int_eq(scoring.keep_score_centi, 4000);
	ck_assert_int_eq(scoring.list, LIST_SECONDARY);
	ck_assert_int_eq(scoring.annual_potential, -1);
	/* Without a cut-off there is no value to keep it for. */
	review.initiative_available = true;
	core_score(&features, &review, &policy, &scoring);
	ck_assert_int_eq(scoring.tier, TIER_GROWTH);
	ck_assert_int_eq(scoring.keep_value_centi, 0);
	ck_assert_int_eq(scoring.keep_score_centi, 4000);
	/* With engagement alone there is no tier either. */
	policy.criteria_count = 0;
	core_score(&features, &review, &policy, &scoring);
	ck_assert_int_eq(scoring.engagement_centi, 0);
	ck_assert_int_eq(scoring.potential_centi, -1);
	ck_assert_int_eq(scoring.tier, TIER_NONE);
}
END_TEST

START_TEST(test_core_score_weights_of_nothing_score_nothing)
{
	struct policy policy = default_policy();
	struct review review = golddex_review();
	struct features features = client();
	struct scoring scoring;

	policy.engagement_weight_centi[PART_ORDERS] = 0;
	policy.engagement_weight_centi[PART_BREADTH] = 0;
	core_score(&features, &review, &policy, &scoring);
	ck_assert(scoring.engagement[PART_ORDERS].available);
	ck_assert_int_eq(scoring.engagement_centi, -1);
	ck_assert_int_eq(scoring.tier, TIER_NONE);
	/* A tier by hand may put it on the let-go list all the same: the score that is not there counts as 0. */
	ck_assert_int_eq(scoring.keep_engagement_centi, 0);
	ck_assert_int_gt(scoring.keep_potential_centi, 0);
	ck_assert_int_eq(scoring.keep_score_centi, scoring.keep_value_centi + scoring.keep_potential_centi);
}
END_TEST

START_TEST(test_core_score_lists_follow_revenue_and_status)
{
	static const struct {
		int64_t revenue;
		bool is_account, is_active;
		enum list list;
	} cases[] = {
		{14018300, true, true, LIST_KEY}, {14018299, true, true, LIST_SECONDARY}, {1, true, true, LIST_SECONDARY},
		{0, true, true, LIST_LKA},
		{-5, true, true, LIST_LKA}, {14018300, true, false, LIST_NONE}, {14018300, false, true, LIST_NONE}, {0, false, false, LIST_NONE},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct features features = client();
		struct scoring scoring;

		features.measures.revenue_12m = cases[i].revenue;
		features.is_account = cases[i].is_account;
		features.is_active = cases[i].is_active;
		scoring = score(features, golddex_review());
		ck_assert_int_eq(scoring.list, cases[i].list);
		ck_assert_int_eq(scoring.tier == TIER_NONE, cases[i].list == LIST_NONE);
		/* Scores of inactive accounts go on, for the day they are active again. */
		ck_assert_int_eq(scoring.engagement_centi < 0, !cases[i].is_account);
		ck_assert_int_eq(scoring.potential_centi < 0, !cases[i].is_account);
		ck_assert_int_eq(scoring.engagement_high, scoring.engagement_centi >= golddex_review().engagement_cut_centi);
		ck_assert_int_eq(scoring.is_client, cases[i].list == LIST_KEY || cases[i].list == LIST_SECONDARY);
	}
}
END_TEST

/* The annual potential of Golddex' cohort is above the key cut-off; one stated counts instead of it. */
START_TEST(test_core_score_could_become_key_when_the_potential_reaches_the_cutoff)
{
	static const struct {
		int64_t revenue, stated, estimate;
		bool is_account, is_active, could;
	} cases[] = {
		{1, -1, 14018300, true, true, true},         {1, -1, 14018299, true, true, false},
		{1, 14018300, 0, true, true, true},          {1, 14018299, 14018300, true, true, false},
		{14018299, 14018300, 0, true, true, true},   {14018300, 99999999, 99999999, true, true, false},
		{0, 99999999, 99999999, true, true, false},  {1, 99999999, 99999999, true, false, false},
		{1, 99999999, 99999999, false, true, false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct features features = client();
		struct review review = golddex_review();
		struct cohort cohort = {.industry = -1, .clients = 85, .p75 = cases[i].estimate};

		review.cohorts.rows = &cohort;
		features.measures.revenue_12m = cases[i].revenue;
		features.is_account = cases[i].is_account;
		features.is_active = cases[i].is_active;
		features_state_potential(&features, cases[i].stated);
		ck_assert_msg(score(features, review).could_become_key == cases[i].could, "case %zu", i);
	}
}
END_TEST

/* A client whose potential is 0 reaches no cut-off that is not there. */
START_TEST(test_core_score_could_become_key_needs_a_cutoff)
{
	struct features features = client();
	struct review review = {.cohorts = {.rows = &golddex_cohort, .row_count = 1}};

	features_state_potential(&features, 14018300);
	ck_assert_int_eq(score(features, review).list, LIST_SECONDARY);
	ck_assert(!score(features, review).could_become_key);
}
END_TEST

START_TEST(test_core_score_keep_score_is_value_potential_engagement)
{
	struct features features = client();
	struct scoring scoring;

	features.measures.margin_12m = 14018300 / 4;
	features_state_potential(&features, EXACT_MAX);
	features.measures.lines_12m = 7;
	scoring = score(features, golddex_review());
	ck_assert_int_eq(scoring.keep_value_centi, 1000);
	ck_assert_int_eq(scoring.potential_centi, 6250 + 938);
	ck_assert_int_eq(scoring.keep_potential_centi, 2875);   /* 2875.2 */
	ck_assert_int_eq(scoring.engagement_centi, 3333);
	ck_assert_int_eq(scoring.keep_engagement_centi, 667);   /* 666.6 */
	ck_assert_int_eq(scoring.keep_score_centi, 1000 + 2875 + 667);
	features.measures.margin_12m = -1;
	ck_assert_int_eq(score(features, golddex_review()).keep_value_centi, 0);
	features.measures.margin_12m = EXACT_MAX;
	ck_assert_int_eq(score(features, golddex_review()).keep_value_centi, 4000);
}
END_TEST

/* Weights 35, 20, 20 round up three times: the parts add up to the score, even past 100.00. */
START_TEST(test_core_score_parts_may_round_past_the_whole)
{
	struct review review = golddex_review();
	struct features features = client();

	review.lines_offered = 0;
	review.full_reach = 1;
	review.full_rhythm = 1;
	features.measures.reach = 5;
	features.measures.rhythm = INT64_C(1) << 40;
	features.measures.orders = INT64_C(1) << 45;
	ck_assert_int_eq(score(features, review).engagement_centi, 10001);
}
END_TEST

START_TEST(test_core_side_is_high_keeps_its_side_within_the_margin)
{
	static const struct {
		int32_t score;
		enum side stored;
		bool high;
	} cases[] = {
		{5000, SIDE_NONE, true}, {4999, SIDE_NONE, false}, {4700, SIDE_HIGH, true}, {4699, SIDE_HIGH, false}, {5299, SIDE_LOW, false},
		{5300, SIDE_LOW, true},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_int_eq(core_side_is_high(cases[i].score, 5000, cases[i].stored, 300), cases[i].high);
}
END_TEST

START_TEST(test_core_score_sides_are_steady_for_both_scores)
{
	struct review review = golddex_review();
	struct features features = client();
	struct scoring plain = score(features, review);

	review.engagement_cut_centi = plain.engagement_centi + 1;
	review.potential_cut_centi = plain.potential_centi;
	ck_assert_int_eq(score(features, review).tier, TIER_GROWTH);
	features.engagement_side = SIDE_HIGH;
	ck_assert_int_eq(score(features, review).tier, TIER_KEY);
	features.potential_side = SIDE_LOW;
	ck_assert_int_eq(score(features, review).tier, TIER_MAINTENANCE);
	features.engagement_side = SIDE_LOW;
	ck_assert_int_eq(score(features, review).tier, TIER_SERVICE);
}
END_TEST

START_TEST(test_core_tier_assign_is_two_by_two)
{
	ck_assert_int_eq(core_tier_assign(true, true), TIER_KEY);
	ck_assert_int_eq(core_tier_assign(true, false), TIER_MAINTENANCE);
	ck_assert_int_eq(core_tier_assign(false, true), TIER_GROWTH);
	ck_assert_int_eq(core_tier_assign(false, false), TIER_SERVICE);
}
END_TEST

/* ---- Properties ---- */

static int32_t sum_points(const struct component *parts, size_t count)
{
	int32_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += parts[i].points_centi;
	return sum;
}

static void expect_consistent(const struct scoring *scoring)
{
	ck_assert(scoring->engagement_centi == -1 || scoring->engagement_centi == sum_points(scoring->engagement, ENGAGEMENT_PARTS));
	ck_assert(scoring->potential_centi == -1 || scoring->potential_centi == sum_points(scoring->potential, POTENTIAL_PARTS));
	ck_assert(scoring->engagement_centi >= -1 && scoring->engagement_centi < 10003);
	ck_assert(scoring->potential_centi >= -1 && scoring->potential_centi < 10003);
	ck_assert(scoring->keep_score_centi >= -1 && scoring->keep_score_centi <= 10002);
	for (int i = 0; i < ENGAGEMENT_PARTS; i++) {
		ck_assert(scoring->engagement[i].available || scoring->engagement[i].points_centi == 0);
		ck_assert(scoring->engagement[i].share.num >= 0 && scoring->engagement[i].share.num <= scoring->engagement[i].share.den);
	}
	for (int i = 0; i < POTENTIAL_PARTS; i++) {
		ck_assert(scoring->potential[i].available || scoring->potential[i].points_centi == 0);
		ck_assert(scoring->potential[i].share.num >= 0 && scoring->potential[i].share.num <= scoring->potential[i].share.den);
	}
}

static struct review random_review(struct dice *dice)
{
	struct review review = golddex_review();

	review.has_key_cutoff = dice_below(dice, 8) != 0;
	review.key_cutoff = review.has_key_cutoff ? 1 + dice_below(dice, INT64_C(1) << dice_below(dice, 53)) : 0;
	review.full_reach = dice_below(dice, 6);
	review.full_rhythm = dice_below(dice, INT64_C(80) << 32);
	review.full_orders = dice_below(dice, 4) == 0 ? 0 : dice_below(dice, INT64_C(80) << 32);
	review.initiative_available = dice_below(dice, 2) == 0;
	review.lines_offered = (int32_t)dice_below(dice, 9);
	review.half_year_momentum = dice_below(dice, 2) == 0;
	return review;
}

START_TEST(test_core_score_any_features_have_a_consistent_answer)
{
	struct arena *arena = arena_new(1 << 16);
	struct dice dice = {17};
	struct features *features = random_features(&dice, 20000, arena);
	struct policy policy = default_policy();

	for (size_t i = 0; i < 20000; i++) {
		struct review review = random_review(&dice);
		struct scoring scoring;
		struct scoring again;

		policy.criteria_count = (int32_t)dice_below(&dice, 2);
		for (int part = 0; part < ENGAGEMENT_PARTS; part++)
			policy.engagement_weight_centi[part] = dice_below(&dice, i % 2 == 0 ? 1000001 : 3);
		for (int part = 0; part < POTENTIAL_PARTS; part++)
			policy.potential_weight_centi[part] = dice_below(&dice, i % 2 == 0 ? 1000001 : 3);
		memset(&again, 0x55, sizeof(again));
		core_score(&features[i], &review, &policy, &scoring);
		core_score(&features[i], &review, &policy, &again);
		expect_consistent(&scoring);
		ck_assert_int_eq(scoring.tier, again.tier);
		ck_assert_int_eq(scoring.keep_score_centi, again.keep_score_centi);
	}
	arena_free(arena);
}
END_TEST

/* The largest numbers there are: no overflow (the sanitizers watch), and still shares of one. */
START_TEST(test_core_score_extremes_stay_exact)
{
	static const int64_t extremes[] = {-EXACT_MAX, -1, 0, 1, EXACT_MAX - 1, EXACT_MAX};
	struct cohort all = {.industry = -1, .clients = 1, .median = 1, .p75 = EXACT_MAX};

	for (size_t a = 0; a < COUNT_OF(extremes); a++)
		for (size_t b = 0; b < COUNT_OF(extremes); b++)
			for (size_t c = 2; c < COUNT_OF(extremes); c++) {
				struct features features = client();
				struct review review = golddex_review();
				struct scoring scoring;

				features.measures.revenue_12m = extremes[a];
				features.measures.revenue_182 = extremes[a];
				features.measures.revenue_prior_182 = extremes[b];
				features.measures.margin_12m = extremes[b];
				features.measures.orders = INT64_MAX;
				features.measures.inbound = INT32_MAX;
				features.measures.directed = INT32_MAX;
				features.measures.lines_12m = INT32_MAX;
				features_state_potential(&features, extremes[c] % 2 == 0 ? extremes[c] : -1);
				review.cohorts.rows = &all;
				review.key_cutoff = extremes[c] > 0 ? extremes[c] : 3;
				review.initiative_available = true;
				scoring = score(features, review);
				expect_consistent(&scoring);
			}
}
END_TEST

static int32_t engagement_of(struct features features)
{
	struct review review = golddex_review();

	review.full_reach = 4;
	review.full_rhythm = INT64_C(5) << 32;
	review.initiative_available = true;
	return score(features, review).engagement_centi;
}

START_TEST(test_core_score_more_of_a_measure_is_never_less_engagement)
{
	struct arena *arena = arena_new(1 << 16);
	struct dice dice = {23};
	struct features *features = random_features(&dice, 5000, arena);

	for (size_t i = 0; i < 5000; i++) {
		struct features more = features[i];
		int32_t before;

		more.is_account = true;
		more.is_active = true;
		before = engagement_of(more);
		more.measures.reach += (int32_t)dice_below(&dice, 3);
		more.measures.rhythm += dice_below(&dice, INT64_C(1) << 33);
		more.measures.orders += dice_below(&dice, INT64_C(1) << 33);
		more.measures.lines_12m += (int32_t)dice_below(&dice, 2);
		more.measures.inbound += (int32_t)dice_below(&dice, 2);
		ck_assert_int_ge(engagement_of(more), before);
	}
	arena_free(arena);
}
END_TEST

START_TEST(test_core_score_more_stated_potential_is_never_less_potential)
{
	struct arena *arena = arena_new(1 << 16);
	struct dice dice = {29};
	struct features *features = random_features(&dice, 5000, arena);

	for (size_t i = 0; i < 5000; i++) {
		struct features more = features[i];
		int32_t before;

		more.is_account = true;
		more.is_active = true;
		features_state_potential(&more, dice_below(&dice, 30000000));
		before = score(more, golddex_review()).potential_centi;
		features_state_potential(&more, features_potential(&more) + dice_below(&dice, 3000000));
		ck_assert_int_ge(score(more, golddex_review()).potential_centi, before);
	}
	arena_free(arena);
}
END_TEST

START_TEST(test_core_client_scores_equals_core_score)
{
	struct arena *arena = arena_new(1 << 16);
	struct dice dice = {31};
	struct features *features = random_features(&dice, 5000, arena);
	struct policy policy = default_policy();

	for (size_t i = 0; i < 5000; i++) {
		struct review review = random_review(&dice);
		struct scales scales;
		struct scores scores;
		struct scoring scoring;

		if (!core_is_client(&features[i]))
			continue;
		policy.criteria_count = (int32_t)dice_below(&dice, 2);
		scales = core_scales(&review, &policy);
		scores = core_client_scores(&features[i], &review, &scales, golddex_cohort.p75);
		core_score(&features[i], &review, &policy, &scoring);
		ck_assert_int_eq(scores.engagement_centi, scoring.engagement_centi);
		ck_assert_int_eq(scores.potential_centi, scoring.potential_centi);
	}
	arena_free(arena);
}
END_TEST

Suite *suite_score(void);
Suite *suite_score(void)
{
	Suite *suite = suite_create("score");
	TCase *vectors = tcase_create("vectors");
	TCase *properties = tcase_create("properties");

	tcase_add_test(vectors, test_core_score_golddex_parts_are_the_worked_examples);
	tcase_add_test(vectors, test_core_score_initiative_needs_five_touches_to_be_full);
	tcase_add_test(vectors, test_core_score_stated_headroom_is_not_discounted);
	tcase_add_test(vectors, test_core_score_account_without_potential_has_none_of_its_parts);
	tcase_add_test(vectors, test_core_score_fit_comes_with_criteria);
	tcase_add_test(vectors, test_core_score_without_clients_only_fit_is_left);
	tcase_add_test(vectors, test_core_score_weights_of_nothing_score_nothing);
	tcase_add_test(vectors, test_core_score_lists_follow_revenue_and_status);
	tcase_add_test(vectors, test_core_score_could_become_key_when_the_potential_reaches_the_cutoff);
	tcase_add_test(vectors, test_core_score_could_become_key_needs_a_cutoff);
	tcase_add_test(vectors, test_core_score_keep_score_is_value_potential_engagement);
	tcase_add_test(vectors, test_core_score_parts_may_round_past_the_whole);
	tcase_add_test(vectors, test_core_side_is_high_keeps_its_side_within_the_margin);
	tcase_add_test(vectors, test_core_score_sides_are_steady_for_both_scores);
	tcase_add_test(vectors, test_core_tier_assign_is_two_by_two);
	suite_add_tcase(suite, vectors);
	tcase_add_test(properties, test_core_score_any_features_have_a_consistent_answer);
	tcase_add_test(properties, test_core_score_extremes_stay_exact);
	tcase_add_test(properties, test_core_score_more_of_a_measure_is_never_less_engagement);
	tcase_add_test(properties, test_core_score_more_stated_potential_is_never_less_potential);
	tcase_add_test(properties, test_core_client_scores_equals_core_score);
	suite_add_tcase(suite, properties);
	return suite;
}
