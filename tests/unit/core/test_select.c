/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks by selection equal ranks by sorting, whatever the data. */
#include <stdlib.h>
#include <string.h>

#include <sweetspot/review.h>

#include "service/core/select.h"

#include "random_book.h"
#include "tests/unit/base/expect.h"

#define MOST 30000

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/** Shapes that selections stumble over: constant, rising, falling, two values, many, few, with extremes. */
static void fill(int64_t *values, size_t count, int shape, struct dice *dice)
{
	for (size_t i = 0; i < count; i++) {
		switch (shape) {
		case 0: values[i] = 7; break;
		case 1: values[i] = (int64_t)i; break;
		case 2: values[i] = -(int64_t)i; break;
		case 3: values[i] = (int64_t)(i % 2); break;
		case 4: values[i] = dice_below(dice, 5); break;
		case 5: values[i] = i % 3 == 0 ? INT64_MAX : INT64_MIN; break;
		default: values[i] = (int64_t)dice_roll(dice); break;
		}
	}
}

static bool is_parted(const int64_t *values, size_t count, size_t rank)
{
	for (size_t i = 0; i < count; i++)
		if (i < rank ? values[i] > values[rank] : values[i] < values[rank])
			return false;
	return true;
}

START_TEST(test_select_rank_equals_sorting)
{
	static const size_t counts[] = {1, 2, 3, 63, 64, 65, 66, 100, 500, 3000, MOST};
	static int64_t values[MOST];
	static int64_t sorted[MOST];
	struct dice dice = {5};

	for (int shape = 0; shape < 7; shape++) {
		for (size_t c = 0; c < COUNT_OF(counts); c++) {
			size_t count = counts[c];

			for (int round = 0; round < 20; round++) {
				size_t rank = round == 0 ? 0 : round == 1 ? count - 1 : (size_t)dice_below(&dice, (int64_t)count);

				fill(values, count, shape, &dice);
				memcpy(sorted, values, count * sizeof(*values));
				qsort(sorted, count, sizeof(*sorted), by_value);
				ck_assert_int_eq(select_rank(values, count, rank), sorted[rank]);
				ck_assert_int_eq(values[rank], sorted[rank]);
				ck_assert(is_parted(values, count, rank));
				qsort(values, count, sizeof(*values), by_value);
				ck_assert_int_eq(memcmp(values, sorted, count * sizeof(*values)), 0);
			}
		}
	}
}
END_TEST

START_TEST(test_core_percentile_is_nearest_rank)
{
	static const struct {
		size_t count;
		int percentile;
		int64_t expected;  /* of 1, 2 … count */
	} cases[] = {
		{1, 1, 1}, {1, 50, 1}, {1, 100, 1}, {2, 50, 1}, {2, 51, 2}, {3, 50, 2}, {4, 50, 2}, {4, 75, 3}, {5, 75, 4}, {10, 90, 9},
		{11, 90, 10}, {10, 91, 10},
		{100, 1, 1}, {101, 1, 2}, {100, 75, 75}, {200, 50, 100},
	};
	int64_t values[256];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t j = 0; j < cases[i].count; j++)
			values[j] = (int64_t)(cases[i].count - j);
		ck_assert_int_eq(core_percentile(values, cases[i].count, cases[i].percentile), cases[i].expected);
	}
}
END_TEST

START_TEST(test_core_key_cutoff_counts_from_the_top)
{
	static const struct {
		size_t count;
		int64_t pct_centi;
		int64_t expected;  /* of 1, 2 … count */
	} cases[] = {
		{1, 2500, 1}, {3, 2500, 3}, {4, 2500, 4}, {7, 2500, 7}, {8, 2500, 7}, {85, 2500, 65}, {88, 2500, 67}, {10, 10000, 1},
		{100, 1, 100}, {3, 3333, 3}, {3, 3334, 3}, {3, 6667, 2},
	};
	int64_t values[128];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t j = 0; j < cases[i].count; j++)
			values[j] = (int64_t)j + 1;
		ck_assert_int_eq(core_key_cutoff(values, cases[i].count, cases[i].pct_centi), cases[i].expected);
	}
}
END_TEST

/** domain.md §3: the smallest score that has at least floor(p n ÷ 100) scores strictly below it. */
static int32_t cut_by_definition(const int32_t *scores, size_t count, int percentile)
{
	int32_t best = INT32_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t below = 0;

		for (size_t j = 0; j < count; j++)
			below += scores[j] < scores[i];
		if (below >= count * (size_t)percentile / 100 && scores[i] < best)
			best = scores[i];
	}
	return best == INT32_MAX ? 5000 : best;
}

START_TEST(test_core_cut_percentile_equals_its_definition)
{
	static uint32_t histogram[SCORE_SLOTS];
	struct dice dice = {9};

	for (int round = 0; round < 500; round++) {
		size_t count = (size_t)dice_below(&dice, 60);
		int64_t spread = 1 + dice_below(&dice, round % 2 == 0 ? SCORE_SLOTS : 4);
		int percentile = 1 + (int)dice_below(&dice, 99);
		int32_t scores[60];

		memset(histogram, 0, sizeof(histogram));
		for (size_t i = 0; i < count; i++) {
			scores[i] = (int32_t)dice_below(&dice, spread);
			histogram[scores[i]]++;
		}
		ck_assert_int_eq(core_cut_percentile(histogram, count, percentile), cut_by_definition(scores, count, percentile));
	}
}
END_TEST

START_TEST(test_core_cut_percentile_vectors_match)
{
	static uint32_t histogram[SCORE_SLOTS];

	ck_assert_int_eq(core_cut_percentile(histogram, 0, 50), 5000);
	histogram[1200] = 1;
	ck_assert_int_eq(core_cut_percentile(histogram, 1, 50), 1200);  /* floor(0.5) = 0 below is enough */
	histogram[1200] = 2;
	ck_assert_int_eq(core_cut_percentile(histogram, 2, 50), 5000);  /* none has one below it */
	histogram[SCORE_SLOTS - 1] = 2;
	ck_assert_int_eq(core_cut_percentile(histogram, 4, 50), SCORE_SLOTS - 1);
	ck_assert_int_eq(core_cut_percentile(histogram, 4, 99), 5000);  /* three below are needed */
}
END_TEST

Suite *suite_select(void);
Suite *suite_select(void)
{
	Suite *suite = suite_create("select");
	TCase *ranks = tcase_create("ranks");

	tcase_add_test(ranks, test_select_rank_equals_sorting);
	tcase_add_test(ranks, test_core_percentile_is_nearest_rank);
	tcase_add_test(ranks, test_core_key_cutoff_counts_from_the_top);
	tcase_add_test(ranks, test_core_cut_percentile_equals_its_definition);
	tcase_add_test(ranks, test_core_cut_percentile_vectors_match);
	suite_add_tcase(suite, ranks);
	return suite;
}
