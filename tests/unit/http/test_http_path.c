/* SPDX-License-Identifier: Apache-2.0 */
/* Paths are split first and decoded afterwards: what is written into an id stays in it. */
#include <stdlib.h>

#include <check.h>

#include "service/http/path.h"

/* pattern, path, what the first and second brace take; NULL first: no match */
static const struct {
	const char *pattern, *path, *first, *second;
} matches[] = {
	{"/v1/accounts", "/v1/accounts", "", ""},
	{"/v1/accounts", "/v1/accounts/", NULL, NULL},
	{"/v1/accounts", "/v1/account", NULL, NULL},
	{"/v1/accounts", "/v1/accountsx", NULL, NULL},
	{"/v1/accounts/{id}", "/v1/accounts/acme", "acme", ""},
	{"/v1/accounts/{id}", "/v1/accounts/a%2Fb", "a%2Fb", ""},
	{"/v1/accounts/{id}", "/v1/accounts/a/b", NULL, NULL},
	{"/v1/accounts/{id}", "/v1/accounts/", NULL, NULL},
	{"/v1/accounts/{id}", "/v1/accounts", NULL, NULL},
	{"/v1/accounts/{id}", "/v1/accounts/a:erase", "a:erase", ""},
	{"/v1/accounts/{id}:erase", "/v1/accounts/acme:erase", "acme", ""},
	{"/v1/accounts/{id}:erase", "/v1/accounts/a:b:erase", "a:b", ""},
	{"/v1/accounts/{id}:erase", "/v1/accounts/:erase", NULL, NULL},
	{"/v1/accounts/{id}:erase", "/v1/accounts/acme", NULL, NULL},
	{"/v1/accounts/{id}:erase", "/v1/accounts/acme:eras", NULL, NULL},
	{"/v1/accounts/{id}/history", "/v1/accounts/acme/history", "acme", ""},
	{"/v1/accounts/{id}/history", "/v1/accounts/acme/history/", NULL, NULL},
	{"/v1/accounts/{id}/history", "/v1/accounts/acme", NULL, NULL},
	{"/v1/let-go/{account}/decisions", "/v1/let-go/%41/decisions", "%41", ""},
	{"/v1/{a}/{b}", "/v1/x/y", "x", "y"},
	{"/", "/", "", ""},
	{"/", "*", NULL, NULL},
};

START_TEST(test_http_path_match_vector_takes_what_is_written)
{
	struct text taken[2] = {{"", 0}, {"", 0}};
	bool matched = http_path_match(matches[_i].pattern, text_of(matches[_i].path), taken, 2);

	ck_assert(matched == (matches[_i].first != NULL));
	if (!matched)
		return;
	ck_assert(text_equal(taken[0], text_of(matches[_i].first)));
	ck_assert(text_equal(taken[1], text_of(matches[_i].second)));
}
END_TEST

START_TEST(test_http_path_match_more_braces_than_room_takes_the_first)
{
	struct text taken[1];

	ck_assert(http_path_match("/{a}/{b}", TEXT("/x/y"), taken, 1));
	ck_assert(text_equal(taken[0], TEXT("x")));
}
END_TEST

#define PIECE(literal) {literal, sizeof(literal) - 1}

/* undecoded, decoded; NULL: malformed */
static const struct {
	struct text piece;
	struct text decoded;
} pieces[] = {
	{PIECE(""), PIECE("")},
	{PIECE("acme"), PIECE("acme")},
	{PIECE("a%2Fb"), PIECE("a/b")},
	{PIECE("a%2fb"), PIECE("a/b")},
	{PIECE("%C3%A9"), PIECE("\xc3\xa9")},
	{PIECE("\xc3\xa9"), PIECE("\xc3\xa9")},
	{PIECE("a+b"), PIECE("a+b")},
	{PIECE("%2541"), PIECE("%41")},
	{PIECE("a%00b"), {NULL, 0}},
	{PIECE("a\0b"), {NULL, 0}},
	{PIECE("a%"), {NULL, 0}},
	{PIECE("a%4"), {NULL, 0}},
	{PIECE("a%4g"), {NULL, 0}},
	{PIECE("%ff"), {NULL, 0}},
	{PIECE("%C0%AF"), {NULL, 0}},
	{PIECE("%ED%A0%80"), {NULL, 0}},
	{PIECE("\xff"), {NULL, 0}},
};

START_TEST(test_http_percent_decode_vector_is_strict)
{
	struct arena *arena = arena_new(256);
	struct text decoded;
	enum status status = http_percent_decode(arena, pieces[_i].piece, &decoded);

	ck_assert_int_eq(status, pieces[_i].decoded.bytes == NULL ? STATUS_MALFORMED : STATUS_OK);
	if (status == STATUS_OK)
		ck_assert(text_equal(decoded, pieces[_i].decoded));
	arena_free(arena);
}
END_TEST

START_TEST(test_http_path_append_reserved_bytes_are_encoded)
{
	struct buffer out = {0};

	http_path_append(&out, TEXT("a/b c:\xc3\xa9~-._Z9"));
	ck_assert(text_equal(buffer_text(&out), TEXT("a%2Fb%20c%3A%C3%A9~-._Z9")));
	buffer_release(&out);
}
END_TEST

/* target, path, query; NULL path: refused */
static const struct {
	const char *target, *path, *query;
} targets[] = {
	{"/v1/accounts", "/v1/accounts", ""},
	{"/v1/accounts?q=a?b", "/v1/accounts", "q=a?b"},
	{"/?", "/", ""},
	{"http://host:80/v1?x", "/v1", "x"},
	{"HTTPS://host", "/", ""},
	{"*", "*", ""},
	{"", NULL, NULL},
	{"v1/accounts", NULL, NULL},
	{"ftp://host/", NULL, NULL},
	{"host:443", NULL, NULL},
};

START_TEST(test_http_target_split_vector_gives_path_and_query)
{
	struct http_target target;
	bool is_good = http_target_split(text_of(targets[_i].target), &target);

	ck_assert(is_good == (targets[_i].path != NULL));
	if (!is_good)
		return;
	ck_assert(text_equal(target.path, text_of(targets[_i].path)));
	ck_assert(text_equal(target.query, text_of(targets[_i].query)));
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

Suite *suite_http_path(void);
Suite *suite_http_path(void)
{
	Suite *suite = suite_create("http_path");
	TCase *tests = tcase_create("path");

	tcase_add_loop_test(tests, test_http_path_match_vector_takes_what_is_written, 0, COUNT(matches));
	tcase_add_test(tests, test_http_path_match_more_braces_than_room_takes_the_first);
	tcase_add_loop_test(tests, test_http_percent_decode_vector_is_strict, 0, COUNT(pieces));
	tcase_add_test(tests, test_http_path_append_reserved_bytes_are_encoded);
	tcase_add_loop_test(tests, test_http_target_split_vector_gives_path_and_query, 0, COUNT(targets));
	suite_add_tcase(suite, tests);
	return suite;
}
