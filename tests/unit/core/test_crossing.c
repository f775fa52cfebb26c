/* SPDX-License-Identifier: Apache-2.0 */
/* A book under other rules: who crosses, and that what is added up is what was there. */
#include <sweetspot/crossing.h>

#include "random_book.h"
#include "tests/unit/base/expect.h"

#define BOOKS 40
#define ORGANISATIONS 200
#define OWNERS 5

/** A random book under a review of its own, as it stands there. */
struct scene {
	struct arena *arena;
	struct policy policy;
	struct features *features;
	struct review review;
	struct stand before[ORGANISATIONS];
	uint32_t owners[ORGANISATIONS];
};

static struct scene scene_open(uint64_t seed)
{
	struct scene scene = {.arena = arena_new(65536), .policy = default_policy()};
	struct dice dice = {seed};
	struct book book = random_book(scene.arena);

	scene.features = random_features(&dice, ORGANISATIONS, scene.arena);
	ck_assert_int_eq(core_review_compute(&book, &scene.policy, scene.features, ORGANISATIONS, scene.arena, &scene.review), STATUS_OK);
	core_stands_judge(scene.features, ORGANISATIONS, &scene.review, &scene.policy, scene.before, NULL);
	for (size_t i = 0; i < ORGANISATIONS; i++)
		scene.owners[i] = (uint32_t)dice_below(&dice, OWNERS);
	return scene;
}

/** Who was seen, and with what. */
struct seen {
	size_t count;
	bool has[ORGANISATIONS];
	int64_t annual_potential[ORGANISATIONS];
};

static void see(void *of, size_t index, const struct scoring *scoring)
{
	struct seen *seen = of;

	ck_assert(!seen->has[index]);
	seen->has[index] = true;
	seen->annual_potential[index] = scoring->annual_potential;
	seen->count++;
}

START_TEST(test_core_stands_judge_tells_who_could_become_key)
{
	struct scene scene = scene_open(7);
	struct seen seen = {0};
	struct stand after[ORGANISATIONS];

	core_stands_judge(scene.features, ORGANISATIONS, &scene.review, &scene.policy, after, &(struct contender_watch){see, &seen});
	ck_assert_uint_gt(seen.count, 0);
	ck_assert_uint_lt(seen.count, ORGANISATIONS / 2);
	for (size_t i = 0; i < ORGANISATIONS; i++) {
		struct scoring scoring;

		core_score(&scene.features[i], &scene.review, &scene.policy, &scoring);
		ck_assert(!core_stand_moves(scene.before[i], after[i]));
		ck_assert_int_eq(seen.has[i], scoring.could_become_key);
		if (seen.has[i])
			ck_assert_int_eq(seen.annual_potential[i], scoring.annual_potential);
	}
	arena_free(scene.arena);
}
END_TEST

START_TEST(test_core_stands_judge_is_what_scoring_says)
{
	struct scene scene = scene_open(7);

	for (size_t i = 0; i < ORGANISATIONS; i++) {
		struct scoring scoring;

		core_score(&scene.features[i], &scene.review, &scene.policy, &scoring);
		ck_assert_int_eq(scene.before[i].tier, scoring.tier);
		ck_assert_int_eq(scene.before[i].list, scoring.list);
		ck_assert_int_eq(scene.before[i].keep_score_centi, scoring.keep_score_centi);
	}
	arena_free(scene.arena);
}
END_TEST

START_TEST(test_core_stand_moves_is_tier_or_list)
{
	const struct stand here = {500, TIER_KEY, LIST_KEY, VERDICT_NONE}, other_tier = {500, TIER_GROWTH, LIST_KEY, VERDICT_NONE};
	const struct stand other_list = {500, TIER_KEY, LIST_SECONDARY, VERDICT_NONE}, other_score = {501, TIER_KEY, LIST_KEY, VERDICT_NONE};
	const struct stand nowhere = {-1, TIER_NONE, STAND_UNCLASSIFIED, VERDICT_NONE}, none = {-1, TIER_NONE, LIST_NONE, VERDICT_NONE};
	const struct stand lka = {-1, TIER_NONE, LIST_LKA, VERDICT_NONE};

	ck_assert(!core_stand_moves(here, here));
	ck_assert(!core_stand_moves(here, other_score));
	ck_assert(core_stand_moves(here, other_tier));
	ck_assert(core_stand_moves(here, other_list));
	ck_assert(!core_stand_moves(nowhere, none));
	ck_assert(core_stand_moves(nowhere, lka));
	ck_assert(core_stand_moves(nowhere, other_tier));
}
END_TEST

static void expect_diagonal(const struct crossings *crossings)
{
	for (int from = 0; from < TIER_COUNT; from++)
		for (int to = 0; to < TIER_COUNT; to++)
			ck_assert(from == to || crossings->tiers[from][to].count == 0);
	for (int from = 0; from <= LIST_COUNT; from++)
		for (int to = 0; to < LIST_COUNT; to++)
			ck_assert(from == to || crossings->lists[from][to].count == 0);
}

START_TEST(test_core_crossings_count_no_change_moves_nobody)
{
	for (uint64_t seed = 1; seed <= BOOKS; seed++) {
		struct scene scene = scene_open(seed);
		struct movers movers[OWNERS] = {0};
		struct crossings crossings = {0};

		core_crossings_count(scene.features, scene.before, scene.before, scene.owners, ORGANISATIONS, &crossings, movers);
		expect_diagonal(&crossings);
		for (size_t i = 0; i < OWNERS; i++)
			ck_assert_int_eq(movers[i].all.count, 0);
		arena_free(scene.arena);
	}
}
END_TEST

/* A day that makes an account of a prospect ends its verdict; an account that had none is no matter of verdicts. */
START_TEST(test_core_crossings_count_promoted_prospect_leaves_its_verdict)
{
	const struct features features[] = {{.measures = {.revenue_12m = 700}, .is_account = true, .is_active = true},
	                                    {.measures = {.revenue_12m = 50}, .is_account = true, .is_active = true}};
	const struct stand before[] = {{-1, TIER_NONE, LIST_TARGET, VERDICT_NOW}, {-1, TIER_NONE, LIST_LKA, VERDICT_NONE}};
	const struct stand after[] = {{-1, TIER_NONE, LIST_SECONDARY, VERDICT_NONE}, {-1, TIER_NONE, LIST_LKA, VERDICT_NONE}};
	const uint32_t owners[] = {0, 0};
	struct movers movers[1] = {0};
	struct crossings crossings = {0};

	core_crossings_count(features, before, after, owners, COUNT_OF(features), &crossings, movers);
	ck_assert_int_eq(crossings.verdicts[VERDICT_NOW][VERDICT_NONE].count, 1);
	ck_assert(crossings.verdicts[VERDICT_NOW][VERDICT_NONE].revenue == 700);
	ck_assert_int_eq(crossings.verdicts[VERDICT_NONE][VERDICT_NONE].count, 0);
	ck_assert_int_eq(movers[0].lists, 1);
}
END_TEST

static void add_up(struct crossed *sum, const struct crossed *part)
{
	sum->count += part->count;
	sum->revenue += part->revenue;
	sum->minutes += part->minutes;
}

/** Every organisation stands in one cell of the lists, every account in one of the tiers, with all it is worth. */
static void expect_everybody(const struct scene *scene, const struct crossings *crossings)
{
	struct crossed lists = {0}, tiers = {0}, all = {0}, accounts = {0};

	for (int from = 0; from <= LIST_COUNT; from++)
		for (int to = 0; to < LIST_COUNT; to++)
			add_up(&lists, &crossings->lists[from][to]);
	for (int from = 0; from < TIER_COUNT; from++)
		for (int to = 0; to < TIER_COUNT; to++)
			add_up(&tiers, &crossings->tiers[from][to]);
	for (size_t i = 0; i < ORGANISATIONS; i++) {
		const struct measures *measures = &scene->features[i].measures;
		const struct crossed one = {1, measures->revenue_12m, measures->minutes_12m};

		add_up(&all, &one);
		if (scene->features[i].is_account)
			add_up(&accounts, &one);
	}
	ck_assert_int_eq(lists.count, all.count);
	ck_assert(lists.revenue == all.revenue && lists.minutes == all.minutes);
	ck_assert_int_eq(tiers.count, accounts.count);
	ck_assert(tiers.revenue == accounts.revenue && tiers.minutes == accounts.minutes);
}

START_TEST(test_core_crossings_count_every_mover_is_some_sellers_and_nobody_is_lost)
{
	int64_t all_moved = 0;

	for (uint64_t seed = 1; seed <= BOOKS; seed++) {
		struct scene scene = scene_open(seed);
		struct policy other = default_policy();
		struct movers movers[OWNERS] = {0}, sum = {0};
		struct stand after[ORGANISATIONS];
		struct crossings crossings = {0};
		int64_t moved = 0;

		other.engagement_weight_centi[PART_REACH] = 100;
		other.potential_weight_centi[PART_HEADROOM] = (int64_t)seed * 100;
		core_stands_judge(scene.features, ORGANISATIONS, &scene.review, &other, after, NULL);
		core_crossings_count(scene.features, scene.before, after, scene.owners, ORGANISATIONS, &crossings, movers);
		expect_everybody(&scene, &crossings);
		for (size_t i = 0; i < OWNERS; i++) {
			add_up(&sum.all, &movers[i].all);
			sum.tiers += movers[i].tiers;
			sum.lists += movers[i].lists;
		}
		for (size_t i = 0; i < ORGANISATIONS; i++)
			moved += core_stand_moves(scene.before[i], after[i]);
		ck_assert_int_eq(sum.all.count, moved);
		ck_assert_int_ge(sum.tiers + sum.lists, moved);
		all_moved += moved;
		arena_free(scene.arena);
	}
	ck_assert_int_gt(all_moved, 0);
}
END_TEST

START_TEST(test_core_crossings_count_the_unclassified_have_a_row_of_their_own)
{
	struct features features[2] = {{.is_account = true, .is_active = true, .measures.revenue_12m = 500}, {.measures.minutes_12m = 30}};
	const struct stand before[2] = {{-1, TIER_NONE, STAND_UNCLASSIFIED, VERDICT_NONE}, {-1, TIER_NONE, STAND_UNCLASSIFIED, VERDICT_NONE}};
	const struct stand after[2] = {{900, TIER_KEY, LIST_KEY, VERDICT_NONE}, {-1, TIER_NONE, LIST_NONE, VERDICT_NONE}};
	const uint32_t owners[2] = {0, 0};
	struct movers movers = {0};
	struct crossings crossings = {0};

	core_crossings_count(features, before, after, owners, 2, &crossings, &movers);
	ck_assert_int_eq(crossings.lists[STAND_UNCLASSIFIED][LIST_KEY].count, 1);
	ck_assert_int_eq(crossings.lists[STAND_UNCLASSIFIED][LIST_NONE].minutes, 30);
	ck_assert_int_eq(crossings.tiers[TIER_NONE][TIER_KEY].count, 1);
	ck_assert_int_eq(crossings.tiers[TIER_NONE][TIER_NONE].count, 0);
	ck_assert_int_eq(movers.all.count, 1);
	ck_assert(movers.all.revenue == 500);
	ck_assert_int_eq(movers.tiers, 1);
	ck_assert_int_eq(movers.lists, 1);
}
END_TEST

START_TEST(test_core_verdict_lets_in_who_was_kept_out_or_may_begin_now)
{
	static const bool lets_in[VERDICT_COUNT][VERDICT_COUNT] = {
		[VERDICT_NOT_OURS] = {[VERDICT_UNKNOWN] = true, [VERDICT_LATER] = true, [VERDICT_NOW] = true},
		[VERDICT_THROW_BACK] = {[VERDICT_UNKNOWN] = true, [VERDICT_LATER] = true, [VERDICT_NOW] = true},
		[VERDICT_UNKNOWN] = {[VERDICT_NOW] = true},
		[VERDICT_LATER] = {[VERDICT_NOW] = true},
	};

	for (int before = 0; before < VERDICT_COUNT; before++)
		for (int after = 0; after < VERDICT_COUNT; after++)
			ck_assert_int_eq(core_verdict_lets_in((enum verdict)before, (enum verdict)after), lets_in[before][after]);
}
END_TEST

Suite *suite_crossing(void);
Suite *suite_crossing(void)
{
	Suite *suite = suite_create("crossing");
	TCase *tcase = tcase_create("crossing");

	tcase_add_test(tcase, test_core_stands_judge_is_what_scoring_says);
	tcase_add_test(tcase, test_core_stands_judge_tells_who_could_become_key);
	tcase_add_test(tcase, test_core_stand_moves_is_tier_or_list);
	tcase_add_test(tcase, test_core_crossings_count_no_change_moves_nobody);
	tcase_add_test(tcase, test_core_crossings_count_promoted_prospect_leaves_its_verdict);
	tcase_add_test(tcase, test_core_crossings_count_every_mover_is_some_sellers_and_nobody_is_lost);
	tcase_add_test(tcase, test_core_crossings_count_the_unclassified_have_a_row_of_their_own);
	tcase_add_test(tcase, test_core_verdict_lets_in_who_was_kept_out_or_may_begin_now);
	suite_add_tcase(suite, tcase);
	return suite;
}
