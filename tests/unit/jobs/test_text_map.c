/* SPDX-License-Identifier: Apache-2.0 */
/* service/jobs/text_map.c: numbers kept for many texts, also while the table grows. */
#include <check.h>

#include "service/jobs/text_map.h"

#define MANY 5000

static struct text_map empty_map(void)
{
	struct text_map map = {.arena = arena_new(4096)};

	ck_assert_ptr_nonnull(map.arena);
	return map;
}

static void release(struct text_map *map)
{
	text_map_release(map);
	arena_free(map->arena);
}

START_TEST(test_text_map_get_of_empty_is_fallback)
{
	struct text_map map = empty_map();

	ck_assert_int_eq(text_map_get(&map, TEXT("a"), -1), -1);
	release(&map);
}
END_TEST

START_TEST(test_text_map_put_new_is_zero_and_again_is_kept)
{
	struct text_map map = empty_map();
	char key[] = "acme";
	int64_t *value = text_map_put(&map, text_of(key));

	ck_assert_int_eq(*value, 0);
	*value = 7;
	key[0] = 'x';
	ck_assert_int_eq(*text_map_put(&map, TEXT("acme")), 7);
	ck_assert_int_eq(text_map_get(&map, TEXT("xcme"), -1), -1);
	ck_assert_uint_eq(map.count, 1);
	release(&map);
}
END_TEST

START_TEST(test_text_map_empty_text_is_a_key)
{
	struct text_map map = empty_map();

	ck_assert_uint_eq(text_map_bytes(&map), 0);
	*text_map_put(&map, TEXT("")) = 3;
	ck_assert_uint_ge(text_map_bytes(&map), 2 * sizeof(struct text_map_slot));
	ck_assert_int_eq(text_map_get(&map, TEXT(""), -1), 3);
	release(&map);
}
END_TEST

START_TEST(test_text_map_many_keys_are_all_found)
{
	struct text_map map = empty_map();

	for (int64_t i = 0; i < MANY; i++)
		*text_map_put(&map, text_format(map.arena, "key %d", (int)i)) = i;
	ck_assert_uint_eq(map.count, MANY);
	ck_assert_uint_le(map.count * 2, map.slot_count);
	for (int64_t i = 0; i < MANY; i++)
		ck_assert_int_eq(text_map_get(&map, text_format(map.arena, "key %d", (int)i), -1), i);
	ck_assert_int_eq(text_map_get(&map, TEXT("key 5000"), -1), -1);
	release(&map);
}
END_TEST

Suite *suite_text_map(void);
Suite *suite_text_map(void)
{
	Suite *suite = suite_create("text_map");
	TCase *cases = tcase_create("text_map");

	tcase_add_test(cases, test_text_map_get_of_empty_is_fallback);
	tcase_add_test(cases, test_text_map_put_new_is_zero_and_again_is_kept);
	tcase_add_test(cases, test_text_map_empty_text_is_a_key);
	tcase_add_test(cases, test_text_map_many_keys_are_all_found);
	suite_add_tcase(suite, cases);
	return suite;
}
