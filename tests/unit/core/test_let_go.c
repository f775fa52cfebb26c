/* SPDX-License-Identifier: Apache-2.0 */
/* Who may be let go, how many, and in which order (domain.md §4). */
#include <sweetspot/calendar.h>
#include <sweetspot/let_go.h>

#include "random_book.h"
#include "tests/unit/base/expect.h"

#define DAY 10000

static struct let_go_facts candidate(void)
{
	return (struct let_go_facts){
		.is_active = true,
		.tier = TIER_SERVICE,
		.list = LIST_SECONDARY,
		.protected_until = DAY_NONE,
		.kept_until = DAY_NONE,
		.client_since = DAY_NONE,
		.first_revenue_on = DAY_NONE,
		.book_first_revenue_on = DAY_NONE,
	};
}

static void expect_bar(struct let_go_facts facts, enum let_go_bar bar)
{
	struct policy policy = default_policy();

	ck_assert_int_eq(core_let_go_bar(&facts, &policy, DAY), bar);
}

START_TEST(test_core_let_go_bar_each_reason_bars_alone)
{
	struct let_go_facts facts = candidate();

	expect_bar(facts, LET_GO_CANDIDATE);
	facts.is_active = false;
	expect_bar(facts, LET_GO_NOT_ACTIVE);
	facts = candidate();
	facts.committed = true;
	expect_bar(facts, LET_GO_COMMITTED);
	facts = candidate();
	facts.protected_until = DAY;
	expect_bar(facts, LET_GO_PROTECTED);
	facts.protected_until = DAY - 1;
	expect_bar(facts, LET_GO_CANDIDATE);
	facts.kept_until = DAY;
	expect_bar(facts, LET_GO_KEPT);
	facts.kept_until = DAY - 1;
	expect_bar(facts, LET_GO_CANDIDATE);
}
END_TEST

START_TEST(test_core_let_go_bar_tiers_are_the_policys)
{
	for (int tier = TIER_NONE; tier < TIER_COUNT; tier++) {
		struct let_go_facts facts = candidate();

		facts.tier = (enum tier)tier;
		expect_bar(facts, tier == TIER_SERVICE ? LET_GO_CANDIDATE : LET_GO_TIER);
	}
}
END_TEST

START_TEST(test_core_let_go_bar_lists_are_those_that_cost)
{
	static const enum let_go_bar bars[LIST_COUNT] = {
		[LIST_NONE] = LET_GO_LIST, [LIST_TARGET] = LET_GO_LIST, [LIST_LEAD] = LET_GO_LIST, [LIST_LKA] = LET_GO_SILENT_LKA,
	};

	for (int list = LIST_NONE; list < LIST_COUNT; list++) {
		struct let_go_facts facts = candidate();

		facts.list = (enum list)list;
		expect_bar(facts, bars[list]);
		facts.minutes_12m = 1;
		expect_bar(facts, list == LIST_LKA ? LET_GO_CANDIDATE : bars[list]);
	}
}
END_TEST

START_TEST(test_core_let_go_bar_tenure_is_stated_or_seen)
{
	static const struct {
		int32_t since, first, book_first;
		enum let_go_bar bar;
	} cases[] = {
		{DAY - 180, DAY_NONE, DAY_NONE, LET_GO_CANDIDATE}, {DAY - 179, DAY_NONE, DAY_NONE, LET_GO_TENURE},
		{DAY + 5, DAY_NONE, DAY_NONE, LET_GO_TENURE},
		{DAY - 500, DAY - 3, DAY - 900, LET_GO_CANDIDATE},  /* what is stated counts */
		{DAY_NONE, DAY - 3, DAY - 900, LET_GO_TENURE},
		{DAY_NONE, DAY - 180, DAY - 900, LET_GO_CANDIDATE},
		{DAY_NONE, DAY - 3, DAY - 183, LET_GO_CANDIDATE},   /* 180 days after the book's first: unknown, which is long enough */
		{DAY_NONE, DAY - 3, DAY - 184, LET_GO_TENURE},
		{DAY_NONE, DAY_NONE, DAY - 900, LET_GO_CANDIDATE},
		{DAY_NONE, DAY - 3, DAY_NONE, LET_GO_CANDIDATE},    /* nothing was sold yet when the book was reviewed */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct let_go_facts facts = candidate();

		facts.client_since = cases[i].since;
		facts.first_revenue_on = cases[i].first;
		facts.book_first_revenue_on = cases[i].book_first;
		expect_bar(facts, cases[i].bar);
	}
}
END_TEST

START_TEST(test_core_let_go_budget_is_rounded_down)
{
	struct policy policy = default_policy();

	ck_assert_int_eq(core_let_go_budget(0, &policy), 0);
	ck_assert_int_eq(core_let_go_budget(9, &policy), 0);
	ck_assert_int_eq(core_let_go_budget(85, &policy), 8);
	ck_assert_int_eq(core_let_go_budget(812, &policy), 81);
	policy.let_go_pct_centi = 1250;
	ck_assert_int_eq(core_let_go_budget(16, &policy), 2);
	policy.let_go_pct_centi = 10000;
	ck_assert_int_eq(core_let_go_budget(INT64_MAX / 2, &policy), INT64_MAX / 2);
}
END_TEST

START_TEST(test_core_let_go_compare_orders_by_score_revenue_id)
{
	/* In order. */
	const struct let_go_key keys[] = {
		{0, 50, TEXT("z")}, {3, -5, TEXT("b")}, {3, 5, TEXT("a")}, {3, 5, TEXT("aa")}, {3, 5, TEXT("b")}, {4, 0, TEXT("a")},
	};

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		for (size_t j = 0; j < COUNT_OF(keys); j++) {
			int compared = core_let_go_compare(&keys[i], &keys[j]);

			ck_assert_int_eq((compared > 0) - (compared < 0), (i > j) - (i < j));
		}
}
END_TEST

Suite *suite_let_go(void);
Suite *suite_let_go(void)
{
	Suite *suite = suite_create("let_go");
	TCase *rules = tcase_create("rules");

	tcase_add_test(rules, test_core_let_go_bar_each_reason_bars_alone);
	tcase_add_test(rules, test_core_let_go_bar_tiers_are_the_policys);
	tcase_add_test(rules, test_core_let_go_bar_lists_are_those_that_cost);
	tcase_add_test(rules, test_core_let_go_bar_tenure_is_stated_or_seen);
	tcase_add_test(rules, test_core_let_go_budget_is_rounded_down);
	tcase_add_test(rules, test_core_let_go_compare_orders_by_score_revenue_id);
	suite_add_tcase(suite, rules);
	return suite;
}
