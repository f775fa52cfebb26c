/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing, trimming, checking and folding text. */
#include <stdint.h>
#include <stdlib.h>

#include "expect.h"

static const struct text no_text = {NULL, 0};

START_TEST(test_text_of_null_is_no_text)
{
	ck_assert_ptr_null(text_of(NULL).bytes);
	ck_assert_uint_eq(text_of("héllo").length, 6);
	ck_assert_uint_eq(TEXT("abc").length, 3);
}
END_TEST

START_TEST(test_text_equal_bytes_decide)
{
	ck_assert(text_equal(TEXT("ab"), TEXT("ab")));
	ck_assert(!text_equal(TEXT("ab"), TEXT("aB")));
	ck_assert(!text_equal(TEXT("ab"), TEXT("abc")));
	ck_assert(text_equal(no_text, TEXT("")));
	ck_assert(!text_equal(no_text, TEXT("a")));
	ck_assert(text_equal(TEXT("a\0b"), TEXT("a\0b")));
	ck_assert(!text_equal(TEXT("a\0b"), TEXT("a\0c")));
}
END_TEST

START_TEST(test_text_compare_is_byte_order_shorter_first)
{
	static const char *const ordered[] = {"", "A", "Z", "a", "aa", "ab", "b", "\x7f", "\xc3\xa9", "\xf0\x9f\x8d\xac"};

	for (size_t i = 0; i < COUNT_OF(ordered); i++)
		for (size_t j = 0; j < COUNT_OF(ordered); j++) {
			int order = text_compare(text_of(ordered[i]), text_of(ordered[j]));

			ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
		}
	ck_assert_int_eq(text_compare(no_text, TEXT("")), 0);
	ck_assert_int_lt(text_compare(no_text, TEXT("a")), 0);
}
END_TEST

START_TEST(test_text_trim_unicode_white_space_goes)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"", ""},
		{" ", ""},
		{" \t\n\v\f\r", ""},
		{"a", "a"},
		{"  a b  ", "a b"},
		{"\xc2\xa0" "a" "\xc2\xa0", "a"},                     /* no-break space */
		{"\xe3\x80\x80" "a" "\xe2\x80\x89", "a"},             /* ideographic and thin space */
		{"\xc2\x85" "a" "\xe2\x80\xa8", "a"},                 /* next line, line separator */
		{"\xe2\x80\x8b" "a", "\xe2\x80\x8b" "a"},             /* zero width space is not white space */
		{"\xc3\xa9", "\xc3\xa9"},
		{"a\xff ", "a\xff"},
		{" \xff", "\xff"},
		{"\xa0", "\xa0"},                                     /* a stray continuation byte is kept */
		{"\xc2\xa0 \xe2\x80\x83", ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_text(text_trim(text_of(cases[i].from)), cases[i].to);
	ck_assert_ptr_null(text_trim(no_text).bytes);
}
END_TEST

START_TEST(test_text_is_utf8_follows_rfc_3629)
{
	static const struct {
		struct text text;
		bool is_utf8;
	} cases[] = {
		{{NULL, 0}, true},
		{{"", 0}, true},
		{{"plain ascii, longer than a word", 31}, true},
		{{"a\0b", 3}, true},
		{{"12345678\xc3\xa9", 10}, true},
		{{"\xf4\x8f\xbf\xbf", 4}, true},         /* U+10FFFF */
		{{"\xf4\x90\x80\x80", 4}, false},        /* beyond */
		{{"\xed\xa0\x80", 3}, false},            /* surrogate */
		{{"\xc0\x80", 2}, false},                /* overlong NUL */
		{{"\xe0\x80\xaf", 3}, false},            /* overlong slash */
		{{"\x80", 1}, false},
		{{"abcdefgh\xc3", 9}, false},            /* cut short */
		{{"caf\xe9", 4}, false},                 /* Latin-1 */
		{{"\xfe\xff", 2}, false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_msg(text_is_utf8(cases[i].text) == cases[i].is_utf8, "case %zu", i);
}
END_TEST

START_TEST(test_text_has_control_finds_c0_del_and_c1)
{
	ck_assert(!text_has_control(no_text));
	ck_assert(!text_has_control(TEXT("S\xc3\xb8ren & S\xc3\xb6hne \xc2\xa0\xe2\x82\xac")));
	ck_assert(text_has_control(TEXT("a\nb")));
	ck_assert(text_has_control(TEXT("a\0b")));
	ck_assert(text_has_control(TEXT("a\x7f")));
	ck_assert(text_has_control(TEXT("a\xc2\x80")));
	ck_assert(text_has_control(TEXT("a\xc2\x9f")));
	ck_assert(!text_has_control(TEXT("a\xc2\xa0")));
	ck_assert(!text_has_control(TEXT("\xc2")));
}
END_TEST

START_TEST(test_text_copy_is_terminated_and_apart)
{
	struct arena *arena = arena_new(1024);
	char original[] = "abcdef";
	struct text copy = text_copy(arena, (struct text){original, 3});

	original[0] = 'X';
	ck_assert_str_eq(copy.bytes, "abc");
	ck_assert_uint_eq(copy.length, 3);
	expect_text(text_copy(arena, TEXT("")), "");
	ck_assert_ptr_null(text_copy(arena, no_text).bytes);
	arena_free(arena);
}
END_TEST

START_TEST(test_text_fold_vectors_match)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"", ""},
		{"Software", "software"},
		{"  SOFTWARE\t", "software"},
		{"azAZ09[]@`{", "azaz09[]@`{"},
		{"STRASSE", "strasse"},
		{"Stra\xc3\x9f" "e", "strasse"},                              /* full folding: sharp s is ss */
		{"\xc3\x89NERGIE", "\xc3\xa9nergie"},
		{"\xce\xa3\xce\x8a\xce\xa3\xce\xa5\xce\xa6\xce\x9f\xce\xa3", "\xcf\x83\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x83"},
		{"\xef\xac\x80", "ff"},                                       /* ligature ff */
		{"e\xcc\x81", "e\xcc\x81"},                                   /* no normalisation */
		{"\xc2\xa0Retail\xe3\x80\x80", "retail"},
	};
	struct arena *arena = arena_new(1024);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct text folded = {"?", 1};

		ck_assert_int_eq(text_fold(arena, text_of(cases[i].from), &folded), STATUS_OK);
		expect_text(folded, cases[i].to);
		ck_assert_int_eq(folded.bytes[folded.length], '\0');
	}
	arena_free(arena);
}
END_TEST

START_TEST(test_text_fold_folded_text_stays)
{
	static const char *const samples[] = {"Stra\xc3\x9f" "e", "\xc4\xb0stanbul", "\xe1\xba\x9e", "\xef\xac\x83", "\xce\x90"};
	struct arena *arena = arena_new(1024);

	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct text once, twice;

		ck_assert_int_eq(text_fold(arena, text_of(samples[i]), &once), STATUS_OK);
		ck_assert_int_eq(text_fold(arena, once, &twice), STATUS_OK);
		ck_assert(text_equal(once, twice));
	}
	arena_free(arena);
}
END_TEST

START_TEST(test_text_fold_longer_than_the_stack_is_whole)
{
	struct arena *arena = arena_new(1024);
	const size_t pairs = 5000;
	char *from = malloc(2 * pairs);
	struct text folded;

	for (size_t i = 0; i < pairs; i++)
		memcpy(from + 2 * i, "\xc3\x89", 2);
	ck_assert_int_eq(text_fold(arena, (struct text){from, 2 * pairs}, &folded), STATUS_OK);
	ck_assert_uint_eq(folded.length, 2 * pairs);
	for (size_t i = 0; i < pairs; i++)
		ck_assert_mem_eq(folded.bytes + 2 * i, "\xc3\xa9", 2);
	free(from);
	arena_free(arena);
}
END_TEST

START_TEST(test_text_fold_failure_leaves_out_alone)
{
	struct arena *arena = arena_new(1024);
	struct arena *starving = starving_arena();
	struct text out = TEXT("before");

	ck_assert_int_eq(text_fold(arena, TEXT("caf\xe9"), &out), STATUS_MALFORMED);
	ck_assert_int_eq(text_fold(starving, TEXT("ABC"), &out), STATUS_NO_MEMORY);
	ck_assert_int_eq(text_fold(starving, TEXT("\xc3\x89"), &out), STATUS_NO_MEMORY);
	expect_text(out, "before");
	ck_assert_int_eq(text_fold(arena, no_text, &out), STATUS_OK);
	ck_assert_ptr_null(out.bytes);
	arena_free(arena);
	arena_free(starving);
}
END_TEST

START_TEST(test_text_format_any_length_is_whole)
{
	struct arena *arena = arena_new(256);
	struct text long_text;

	expect_text(text_format(arena, "%s-%d", "a", 7), "a-7");
	expect_text(text_format(arena, "%s", ""), "");
	long_text = text_format(arena, "%01000d", 5);
	ck_assert_uint_eq(long_text.length, 1000);
	ck_assert_int_eq(long_text.bytes[999], '5');
	ck_assert_int_eq(long_text.bytes[1000], '\0');
	arena_free(arena);
}
END_TEST

START_TEST(test_text_format_short_of_memory_is_no_text)
{
	struct arena *starving = starving_arena();

	ck_assert_ptr_null(text_format(starving, "%d", 1).bytes);
	ck_assert_ptr_null(text_copy(starving, TEXT("a")).bytes);
	arena_free(starving);
}
END_TEST

Suite *suite_text(void);
Suite *suite_text(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");

	tcase_add_test(tcase, test_text_of_null_is_no_text);
	tcase_add_test(tcase, test_text_equal_bytes_decide);
	tcase_add_test(tcase, test_text_compare_is_byte_order_shorter_first);
	tcase_add_test(tcase, test_text_trim_unicode_white_space_goes);
	tcase_add_test(tcase, test_text_is_utf8_follows_rfc_3629);
	tcase_add_test(tcase, test_text_has_control_finds_c0_del_and_c1);
	tcase_add_test(tcase, test_text_copy_is_terminated_and_apart);
	tcase_add_test(tcase, test_text_fold_vectors_match);
	tcase_add_test(tcase, test_text_fold_folded_text_stays);
	tcase_add_test(tcase, test_text_fold_longer_than_the_stack_is_whole);
	tcase_add_test(tcase, test_text_fold_failure_leaves_out_alone);
	tcase_add_test(tcase, test_text_format_any_length_is_whole);
	tcase_add_test(tcase, test_text_format_short_of_memory_is_no_text);
	suite_add_tcase(suite, tcase);
	return suite;
}
