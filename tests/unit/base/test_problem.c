/* SPDX-License-Identifier: Apache-2.0 */
/* Problems are kept in order and bounded; pointers are escaped as RFC 6901 says. */
#include <sweetspot/problem.h>

#include "expect.h"

START_TEST(test_problems_add_order_is_kept)
{
	struct arena *arena = arena_new(1024);
	struct problems problems = problems_in(arena);
	char pointer[] = "/employees";

	ck_assert_uint_eq(problems.count, 0);
	ck_assert_ptr_null(problems.first);
	problems_add(&problems, text_of(pointer), "must be an integer, %d or more", 0);
	pointer[1] = 'X';
	problems_add(&problems, (struct text){NULL, 0}, "%s", "second");
	ck_assert_uint_eq(problems.count, 2);
	expect_text(problems.first->pointer, "/employees");
	expect_text(problems.first->detail, "must be an integer, 0 or more");
	expect_text(problems.first->next->pointer, "");
	expect_text(problems.first->next->detail, "second");
	ck_assert_ptr_null(problems.first->next->next);
	ck_assert_ptr_eq(problems.last, problems.first->next);
	ck_assert(!problems.failed);
	arena_free(arena);
}
END_TEST

START_TEST(test_problems_add_past_the_limit_is_counted_only)
{
	struct arena *arena = arena_new(1024);
	struct problems problems = problems_in(arena);
	size_t kept = 0;

	for (int i = 0; i < 250; i++)
		problems_add(&problems, TEXT("/a"), "%d", i);
	for (const struct problem *at = problems.first; at != NULL; at = at->next)
		kept++;
	ck_assert_uint_eq(problems.count, 250);
	ck_assert_uint_eq(kept, 100);
	expect_text(problems.last->detail, "99");
	arena_free(arena);
}
END_TEST

START_TEST(test_problems_add_short_of_memory_says_so)
{
	struct arena *arena = starving_arena();
	struct problems problems = problems_in(arena);

	problems_add(&problems, TEXT("/a"), "%d", 1);
	ck_assert(problems.failed);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_ptr_null(problems.first);
	arena_free(arena);
}
END_TEST

START_TEST(test_pointer_join_vectors_match)
{
	static const struct {
		const char *pointer, *name, *joined;
	} cases[] = {
		{"", "a", "/a"}, {"", "", "/"}, {"/a", "b", "/a/b"}, {"/a", "b/c", "/a/b~1c"}, {"/a", "~", "/a/~0"},
		{"", "~1/~0", "/~01~1~00"}, {"/x", "\xc3\xa9", "/x/\xc3\xa9"},
	};
	struct arena *arena = arena_new(1024);
	struct arena *starving = starving_arena();

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_text(pointer_join(arena, text_of(cases[i].pointer), text_of(cases[i].name)), cases[i].joined);
	expect_text(pointer_join(arena, (struct text){NULL, 0}, TEXT("a")), "/a");
	ck_assert_ptr_null(pointer_join(starving, TEXT("/a"), TEXT("b")).bytes);
	arena_free(arena);
	arena_free(starving);
}
END_TEST

Suite *suite_problem(void);
Suite *suite_problem(void)
{
	Suite *suite = suite_create("problem");
	TCase *tcase = tcase_create("problem");

	tcase_add_test(tcase, test_problems_add_order_is_kept);
	tcase_add_test(tcase, test_problems_add_past_the_limit_is_counted_only);
	tcase_add_test(tcase, test_problems_add_short_of_memory_says_so);
	tcase_add_test(tcase, test_pointer_join_vectors_match);
	suite_add_tcase(suite, tcase);
	return suite;
}
