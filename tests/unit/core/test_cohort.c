/* SPDX-License-Identifier: Apache-2.0 */
/* Looking an organisation up in a frozen cohort table (domain.md §1). */
#include <sweetspot/score.h>

#include "tests/unit/base/expect.h"

START_TEST(test_cohort_find_goes_from_near_to_far)
{
	struct text names[] = {TEXT("media"), TEXT("retail")};
	struct cohort rows[] = {{-1, 0, 50, 1, 1}, {0, 0, 9, 2, 2}, {0, 3, 5, 3, 3}, {1, 0, 8, 4, 4}, {1, 1, 6, 5, 5}, {1, 6, 7, 6, 6}};
	static const struct {
		int32_t industry;
		uint8_t band;
		int row;
	} cases[] = {
		{-1, 0, 0}, {-1, 3, 0}, {0, 0, 1}, {0, 3, 2}, {0, 2, 1}, {0, 6, 1}, {1, 0, 3}, {1, 1, 4}, {1, 6, 5}, {1, 5, 3}, {2, 1, 0},
	};
	struct cohorts cohorts = {.industries = names, .industry_count = 2, .rows = rows, .row_count = 6};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_ptr_eq(cohort_find(&cohorts, cases[i].industry, cases[i].band), &rows[cases[i].row]);
	cohorts.row_count = 0;
	ck_assert_ptr_null(cohort_find(&cohorts, 0, 3));
}
END_TEST

START_TEST(test_cohort_industry_finds_by_bytes)
{
	struct text names[] = {TEXT("energy"), TEXT("media"), TEXT("retail")};
	struct cohorts cohorts = {.industries = names, .industry_count = 3};

	for (int32_t i = 0; i < 3; i++)
		ck_assert_int_eq(cohort_industry(&cohorts, names[i]), i);
	ck_assert_int_eq(cohort_industry(&cohorts, TEXT("Media")), -1);
	ck_assert_int_eq(cohort_industry(&cohorts, TEXT("zoo")), -1);
	ck_assert_int_eq(cohort_industry(&cohorts, (struct text){NULL, 0}), -1);
	ck_assert_int_eq(cohort_industry(&(struct cohorts){0}, TEXT("media")), -1);
}
END_TEST

Suite *suite_cohort(void);
Suite *suite_cohort(void)
{
	Suite *suite = suite_create("cohort");
	TCase *tcase = tcase_create("cohort");

	tcase_add_test(tcase, test_cohort_find_goes_from_near_to_far);
	tcase_add_test(tcase, test_cohort_industry_finds_by_bytes);
	suite_add_tcase(suite, tcase);
	return suite;
}
