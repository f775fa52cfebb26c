/* SPDX-License-Identifier: Apache-2.0 */
/* service/jobs/contending.c: sums, their edge, and the first of many, against sorting all of them. */
#include <stdlib.h>

#include "service/jobs/contending.h"

#include "tests/unit/base/expect.h"
#include "tests/unit/core/random_book.h"

#define OFFERED 300
#define ID_BYTES 8

/** One who is offered. */
struct offered {
	char id[ID_BYTES];
	int64_t revenue_12m;
	struct scoring scoring;
};

static int falling_potential(const void *a, const void *b)
{
	const struct offered *left = a, *right = b;

	if (left->scoring.potential_centi != right->scoring.potential_centi)
		return right->scoring.potential_centi - left->scoring.potential_centi;
	return strcmp(left->id, right->id);
}

static struct offered random_offered(struct dice *dice, int number)
{
	struct offered one = {.revenue_12m = 1 + dice_below(dice, 1000)};

	/* In no order, and many with the same potential, or none. */
	snprintf(one.id, sizeof(one.id), "%03d", number * 7 % OFFERED);
	one.scoring.potential_centi = (int32_t)dice_below(dice, 30) - 1;
	one.scoring.annual_potential = 1000 + dice_below(dice, 1000);
	one.scoring.annual_potential_is_estimate = dice_below(dice, 2) == 0;
	return one;
}

START_TEST(test_contending_finish_gives_sums_and_the_first)
{
	struct dice dice = {(uint64_t)_i + 1};
	struct arena *arena = arena_new(4096);
	struct contending contending;
	struct contenders found;
	struct offered all[OFFERED];
	size_t count = (size_t)_i * 13 % OFFERED;
	int64_t revenue = 0, headroom = 0;

	ck_assert_int_eq(contending_init(&contending), STATUS_OK);
	for (size_t i = 0; i < count; i++) {
		all[i] = random_offered(&dice, (int)i);
		revenue += all[i].revenue_12m;
		headroom += all[i].scoring.annual_potential - all[i].revenue_12m;
		contending_offer(&contending, text_of(all[i].id), all[i].revenue_12m, &all[i].scoring);
	}
	ck_assert_int_eq(contending_finish(&contending, arena, &found), STATUS_OK);
	contending_release(&contending);
	qsort(all, count, sizeof(all[0]), falling_potential);
	ck_assert_int_eq(found.count, (int64_t)count);
	ck_assert_int_eq(found.revenue, revenue);
	ck_assert_int_eq(found.headroom, headroom);
	ck_assert_uint_eq(found.shown, count < CONTENDERS_MOST ? count : CONTENDERS_MOST);
	for (size_t i = 0; i < found.shown; i++) {
		expect_text(found.first[i].id, all[i].id);
		ck_assert_int_eq(found.first[i].revenue_12m, all[i].revenue_12m);
		ck_assert_int_eq(found.first[i].annual_potential, all[i].scoring.annual_potential);
		ck_assert_int_eq(found.first[i].is_estimate, all[i].scoring.annual_potential_is_estimate);
		ck_assert_int_eq(found.first[i].potential_centi, all[i].scoring.potential_centi);
	}
	arena_free(arena);
}
END_TEST

START_TEST(test_contending_finish_cuts_sums_at_the_edge_of_their_type)
{
	const struct scoring scoring = {.annual_potential = INT64_MAX};
	struct arena *arena = arena_new(4096);
	struct contending contending;
	struct contenders found;

	ck_assert_int_eq(contending_init(&contending), STATUS_OK);
	for (int i = 0; i < 3; i++)
		contending_offer(&contending, TEXT("a"), INT64_MAX / 2, &scoring);
	ck_assert_int_eq(contending_finish(&contending, arena, &found), STATUS_OK);
	ck_assert_int_eq(found.revenue, INT64_MAX);
	ck_assert_int_eq(found.headroom, INT64_MAX);
	contending_release(&contending);
	arena_free(arena);
}
END_TEST

Suite *suite_contending(void);
Suite *suite_contending(void)
{
	Suite *suite = suite_create("contending");
	TCase *tcase = tcase_create("contending");

	tcase_add_loop_test(tcase, test_contending_finish_gives_sums_and_the_first, 0, 40);
	tcase_add_test(tcase, test_contending_finish_cuts_sums_at_the_edge_of_their_type);
	suite_add_tcase(suite, tcase);
	return suite;
}
