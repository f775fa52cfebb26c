/* SPDX-License-Identifier: Apache-2.0 */
/* Arena memory: zeroed, aligned, distinct, given back at reset, and foreign objects released in order. */
#include <stdalign.h>
#include <stdint.h>

#include "expect.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

static char letters[] = "abcdx";
static char released[8];
static size_t released_count;

static void note_release(void *object)
{
	released[released_count++] = *(const char *)object;
	released[released_count] = '\0';
}

static bool is_zero(const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

START_TEST(test_arena_alloc_many_sizes_are_zeroed_aligned_and_apart)
{
	struct arena *arena = arena_new(1024);
	unsigned char *objects[200];

	for (size_t i = 0; i < COUNT_OF(objects); i++) {
		objects[i] = arena_alloc(arena, 7 * i + 1);
		ck_assert_ptr_nonnull(objects[i]);
		ck_assert_uint_eq((uintptr_t)objects[i] % alignof(max_align_t), 0);
		ck_assert(is_zero(objects[i], 7 * i + 1));
		memset(objects[i], (int)i, 7 * i + 1);
	}
	for (size_t i = 0; i < COUNT_OF(objects); i++)
		for (size_t j = 0; j < 7 * i + 1; j++)
			ck_assert_uint_eq(objects[i][j], i);
	arena_free(arena);
}
END_TEST

START_TEST(test_arena_alloc_nothing_is_null)
{
	struct arena *arena = arena_new(1024);

	ck_assert_ptr_null(arena_alloc(arena, 0));
	ck_assert_ptr_null(arena_array(arena, 0, 8));
	ck_assert_ptr_null(arena_array(arena, 8, 0));
	arena_free(arena);
}
END_TEST

START_TEST(test_arena_alloc_short_of_memory_is_null)
{
	struct arena *arena = arena_new(1024);
	struct arena *starving = starving_arena();

	ck_assert_ptr_null(arena_alloc(arena, SIZE_MAX));
	ck_assert_ptr_null(arena_alloc(arena, (size_t)1 << 61));
	ck_assert_ptr_null(arena_alloc(starving, 1));
	ck_assert_ptr_nonnull(arena_alloc(arena, 16));
	arena_free(arena);
	arena_free(starving);
}
END_TEST

START_TEST(test_arena_alloc_larger_than_a_block_gets_its_own)
{
	struct arena *arena = arena_new(1024);
	unsigned char *small = arena_alloc(arena, 10);
	unsigned char *large = arena_alloc(arena, 100000);
	unsigned char *next = arena_alloc(arena, 10);

	ck_assert_ptr_nonnull(large);
	ck_assert(is_zero(large, 100000));
	ck_assert_msg(next > small && next < small + 1024, "the block that was being filled goes on being filled");
	arena_free(arena);
}
END_TEST

START_TEST(test_arena_array_overflow_is_null)
{
	struct arena *arena = arena_new(1024);

	ck_assert_ptr_null(arena_array(arena, SIZE_MAX / 2, 3));
	ck_assert_ptr_null(arena_array(arena, 3, SIZE_MAX / 2));
	ck_assert_ptr_nonnull(arena_array(arena, 3, 5));
	arena_free(arena);
}
END_TEST

START_TEST(test_arena_new_impossible_block_is_null)
{
	ck_assert_ptr_null(arena_new(SIZE_MAX));
}
END_TEST

START_TEST(test_arena_new_tiny_block_still_serves)
{
	struct arena *arena = arena_new(0);

	ck_assert_ptr_nonnull(arena_alloc(arena, 100));
	arena_free(arena);
}
END_TEST

START_TEST(test_arena_reset_memory_is_reused_and_zeroed)
{
	struct arena *arena = arena_new(1024);
	unsigned char *first = arena_alloc(arena, 64);
	size_t held = arena_bytes(arena);

	memset(first, 0xff, 64);
	for (int i = 0; i < 100; i++)
		ck_assert_ptr_nonnull(arena_alloc(arena, 500));
	ck_assert_ptr_nonnull(arena_alloc(arena, 50000));
	ck_assert_uint_gt(arena_bytes(arena), 50000 + 100 * 500);
	arena_reset(arena);
	ck_assert_uint_eq(arena_bytes(arena), held);
	ck_assert_ptr_eq(arena_alloc(arena, 64), first);
	ck_assert(is_zero(first, 64));
	arena_free(arena);
}
END_TEST

START_TEST(test_arena_reset_unused_is_harmless)
{
	struct arena *arena = arena_new(1024);
	size_t held = arena_bytes(arena);

	arena_reset(arena);
	ck_assert_uint_eq(arena_bytes(arena), held);
	ck_assert_uint_lt(held, 1024);
	arena_free(arena);
	arena_free(NULL);
}
END_TEST

START_TEST(test_arena_link_reset_releases_newest_first_once)
{
	struct arena *arena = arena_new(256);

	released_count = 0;
	ck_assert_int_eq(arena_link(arena, note_release, &letters[0]), STATUS_OK);
	ck_assert_ptr_nonnull(arena_alloc(arena, 200));
	ck_assert_int_eq(arena_link(arena, note_release, &letters[1]), STATUS_OK);
	ck_assert_int_eq(arena_link(arena, note_release, &letters[2]), STATUS_OK);
	ck_assert_uint_eq(released_count, 0);
	arena_reset(arena);
	ck_assert_str_eq(released, "cba");
	ck_assert_int_eq(arena_link(arena, note_release, &letters[3]), STATUS_OK);
	arena_free(arena);
	ck_assert_str_eq(released, "cbad");
}
END_TEST

START_TEST(test_arena_link_short_of_memory_releases_at_once)
{
	struct arena *arena = starving_arena();

	released_count = 0;
	ck_assert_int_eq(arena_link(arena, note_release, &letters[4]), STATUS_NO_MEMORY);
	ck_assert_str_eq(released, "x");
	arena_free(arena);
	ck_assert_uint_eq(released_count, 1);
}
END_TEST

#ifdef __SANITIZE_ADDRESS__
START_TEST(test_arena_alloc_overrun_and_use_after_reset_are_seen)
{
	struct arena *arena = arena_new(1024);
	unsigned char *object = arena_alloc(arena, 16);

	ck_assert_ptr_nonnull(arena_alloc(arena, 16));
	ck_assert(!__asan_address_is_poisoned(object + 15));
	ck_assert(__asan_address_is_poisoned(object + 16));
	arena_reset(arena);
	ck_assert(__asan_address_is_poisoned(object));
	arena_free(arena);
}
END_TEST
#endif

Suite *suite_arena(void);
Suite *suite_arena(void)
{
	Suite *suite = suite_create("arena");
	TCase *tcase = tcase_create("arena");

	tcase_add_test(tcase, test_arena_alloc_many_sizes_are_zeroed_aligned_and_apart);
	tcase_add_test(tcase, test_arena_alloc_nothing_is_null);
	tcase_add_test(tcase, test_arena_alloc_short_of_memory_is_null);
	tcase_add_test(tcase, test_arena_alloc_larger_than_a_block_gets_its_own);
	tcase_add_test(tcase, test_arena_array_overflow_is_null);
	tcase_add_test(tcase, test_arena_new_impossible_block_is_null);
	tcase_add_test(tcase, test_arena_new_tiny_block_still_serves);
	tcase_add_test(tcase, test_arena_reset_memory_is_reused_and_zeroed);
	tcase_add_test(tcase, test_arena_reset_unused_is_harmless);
	tcase_add_test(tcase, test_arena_link_reset_releases_newest_first_once);
	tcase_add_test(tcase, test_arena_link_short_of_memory_releases_at_once);
#ifdef __SANITIZE_ADDRESS__
	tcase_add_test(tcase, test_arena_alloc_overrun_and_use_after_reset_are_seen);
#endif
	suite_add_tcase(suite, tcase);
	return suite;
}
