/* SPDX-License-Identifier: Apache-2.0 */
/* When the pipeline is lean (domain.md §10). */
#include <sweetspot/pipeline.h>

#include "random_book.h"
#include "tests/unit/base/expect.h"

/** 3 M against 1 M left at a win rate of 25 %. */
static struct pipeline example(void)
{
	return (struct pipeline){.quota = 5000000, .won = 4000000, .counted = 3000000, .open = 3500000, .outside = 500000, .closed_deals = 40,
	                         .won_deals = 10};
}

START_TEST(test_core_pipeline_judge_three_times_at_a_quarter_is_lean_four_times_is_not)
{
	struct pipeline pipeline = example();
	struct coverage coverage = core_pipeline_judge(&pipeline);

	ck_assert(coverage.has_coverage && coverage.has_needed && coverage.is_lean);
	ck_assert(coverage.left == 1000000);
	pipeline.counted = 4000000;
	ck_assert(!core_pipeline_judge(&pipeline).is_lean);
	pipeline.counted--;
	ck_assert(core_pipeline_judge(&pipeline).is_lean);
}
END_TEST

START_TEST(test_core_pipeline_judge_what_is_unknown_is_never_lean)
{
	struct pipeline none_won = example(), no_quota = example(), nothing_left = example();
	struct coverage coverage;

	none_won.won_deals = 0;
	coverage = core_pipeline_judge(&none_won);
	ck_assert(coverage.has_coverage && !coverage.has_needed && !coverage.is_lean);
	no_quota.quota = 0;
	coverage = core_pipeline_judge(&no_quota);
	ck_assert(!coverage.has_coverage && coverage.has_needed && !coverage.is_lean);
	nothing_left.won = nothing_left.quota;
	coverage = core_pipeline_judge(&nothing_left);
	ck_assert(!coverage.has_coverage && !coverage.is_lean);
}
END_TEST

START_TEST(test_core_pipeline_judge_more_open_never_makes_it_lean)
{
	struct dice dice = {5};

	for (int i = 0; i < 20000; i++) {
		struct pipeline pipeline = {
			.quota = dice_below(&dice, 1000), .won = dice_below(&dice, 1000), .counted = dice_below(&dice, 3000),
			.closed_deals = dice_below(&dice, 20), .won_deals = dice_below(&dice, 20),
		};
		bool was_lean = core_pipeline_judge(&pipeline).is_lean;

		pipeline.counted += dice_below(&dice, 100);
		ck_assert(was_lean || !core_pipeline_judge(&pipeline).is_lean);
	}
}
END_TEST

START_TEST(test_core_pipeline_add_adds_every_member)
{
	struct pipeline sum = {1, 2, 3, 4, 5, 6, 7, 8};
	const struct pipeline part = {10, 20, 30, 40, 50, 60, 70, 80};

	core_pipeline_add(&sum, &part);
	ck_assert(sum.quota == 11 && sum.won == 22 && sum.counted == 33 && sum.open == 44 && sum.outside == 55 && sum.unattached == 66);
	ck_assert_int_eq(sum.closed_deals, 77);
	ck_assert_int_eq(sum.won_deals, 88);
}
END_TEST

Suite *suite_pipeline(void);
Suite *suite_pipeline(void)
{
	Suite *suite = suite_create("pipeline");
	TCase *tcase = tcase_create("pipeline");

	tcase_add_test(tcase, test_core_pipeline_judge_three_times_at_a_quarter_is_lean_four_times_is_not);
	tcase_add_test(tcase, test_core_pipeline_judge_what_is_unknown_is_never_lean);
	tcase_add_test(tcase, test_core_pipeline_judge_more_open_never_makes_it_lean);
	tcase_add_test(tcase, test_core_pipeline_add_adds_every_member);
	suite_add_tcase(suite, tcase);
	return suite;
}
