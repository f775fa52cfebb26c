/* SPDX-License-Identifier: Apache-2.0 */
/* service/jobs/first_few.c: against sorting everything, whatever the order, with ties. */
#include <stdlib.h>

#include "service/jobs/first_few.h"

#include "tests/unit/base/expect.h"
#include "tests/unit/core/random_book.h"

#define OFFERED 500

/** Of no even size, so that things are moved whole. */
struct thing {
	int32_t key, other, third;
};

static int by_key(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;

	return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->other > y->other) - (x->other < y->other);
}

static void offer_all(struct first_few *few, const struct thing *things, size_t count)
{
	for (size_t i = 0; i < count; i++)
		first_few_offer(few, &things[i]);
	first_few_sort(few);
}

START_TEST(test_first_few_are_those_of_sorting_everything)
{
	struct dice dice = {(uint64_t)_i + 1};
	struct thing things[OFFERED];
	size_t most = 1 + (size_t)dice_below(&dice, OFFERED + 20), count = (size_t)dice_below(&dice, OFFERED + 1);
	struct first_few few;

	for (size_t i = 0; i < count; i++)
		things[i] = (struct thing){(int32_t)dice_below(&dice, 1 + _i), (int32_t)i, (int32_t)i * 3};
	for (size_t i = count; i > 1; i--) {
		size_t other = (size_t)dice_below(&dice, (int64_t)i);
		struct thing swapped = things[i - 1];

		things[i - 1] = things[other];
		things[other] = swapped;
	}
	ck_assert_int_eq(first_few_init(&few, most, sizeof(things[0]), by_key), STATUS_OK);
	offer_all(&few, things, count);
	qsort(things, count, sizeof(things[0]), by_key);
	ck_assert_uint_eq(few.count, count < most ? count : most);
	for (size_t i = 0; i < few.count; i++) {
		const struct thing *kept = (const struct thing *)(const void *)(few.things + i * sizeof(things[0]));

		ck_assert_int_eq(kept->key, things[i].key);
		ck_assert_int_eq(kept->other, things[i].other);
		ck_assert_int_eq(kept->third, things[i].third);
	}
	first_few_release(&few);
}
END_TEST

START_TEST(test_first_few_begin_anew_with_count_0)
{
	static const struct thing first[] = {{1, 0, 0}, {2, 0, 0}, {3, 0, 0}}, again[] = {{9, 0, 0}, {8, 0, 0}};
	struct first_few few;

	ck_assert_int_eq(first_few_init(&few, 2, sizeof(first[0]), by_key), STATUS_OK);
	offer_all(&few, first, 3);
	few.count = 0;
	offer_all(&few, again, 2);
	ck_assert_int_eq(((const struct thing *)(const void *)few.things)->key, 8);
	ck_assert_uint_eq(few.count, 2);
	first_few_release(&few);
}
END_TEST

START_TEST(test_first_few_bytes_are_room_for_most_and_one)
{
	struct first_few few = {0};

	ck_assert_uint_eq(first_few_bytes(&few), 0);
	ck_assert_int_eq(first_few_init(&few, 10, sizeof(struct thing), by_key), STATUS_OK);
	ck_assert_uint_eq(first_few_bytes(&few), 11 * sizeof(struct thing));
	first_few_release(&few);
	ck_assert_int_eq(first_few_init(&few, SIZE_MAX / 2, sizeof(struct thing), by_key), STATUS_NO_MEMORY);
	first_few_release(&few);
}
END_TEST

Suite *suite_first_few(void);
Suite *suite_first_few(void)
{
	Suite *suite = suite_create("first_few");
	TCase *few = tcase_create("first_few");

	tcase_add_loop_test(few, test_first_few_are_those_of_sorting_everything, 0, 200);
	tcase_add_test(few, test_first_few_begin_anew_with_count_0);
	tcase_add_test(few, test_first_few_bytes_are_room_for_most_and_one);
	suite_add_tcase(suite, few);
	return suite;
}
