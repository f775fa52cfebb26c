/* SPDX-License-Identifier: Apache-2.0 */
/* Single header values: what they mean, and what is refused. */
#include <stdlib.h>

#include <check.h>

#include "service/http/header.h"
#include "service/http/http.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

/* Authorization, the token; NULL: none */
static const struct {
	const char *value, *token;
} bearers[] = {
	{"Bearer sk_abc-DEF", "sk_abc-DEF"},
	{"bearer  sk ", "sk"},
	{"Bearer a+/=", "a+/="},
	{"Bearer", NULL},
	{"Bearer ", NULL},
	{"Bearer a b", NULL},
	{"Bearer a,b", NULL},
	{"Basic YWxh", NULL},
	{"", NULL},
};

START_TEST(test_http_header_bearer_vector_gives_the_token)
{
	struct text token;
	bool found = http_header_bearer(text_of(bearers[_i].value), &token);

	ck_assert(found == (bearers[_i].token != NULL));
	if (found)
		ck_assert(text_equal(token, text_of(bearers[_i].token)));
}
END_TEST

/* If-Match, the version; 0: refused */
static const struct {
	const char *value;
	int64_t version;
} conditions[] = {
	{"*", -1},
	{" \"12-9f3c\" ", 12},
	{"\"12\"", 12},
	{"\"9223372036854775807-0\"", HTTP_MATCH_NEVER},
	{"W/\"12-9f3c\"", HTTP_MATCH_NEVER},
	{"\"abc\"", HTTP_MATCH_NEVER},
	{"\"\"", HTTP_MATCH_NEVER},
	{"\"-9f3c\"", HTTP_MATCH_NEVER},
	{"\"0-9f3c\"", HTTP_MATCH_NEVER},
	{"\"+1-9f3c\"", HTTP_MATCH_NEVER},
	{"12", 0},
	{"\"12", 0},
	{"\"1\", \"2\"", 0},
	{"", 0},
	{"\"1\"2\"", 0},
};

START_TEST(test_http_header_if_match_vector_gives_the_version)
{
	int64_t version = 0;

	ck_assert(http_header_if_match(text_of(conditions[_i].value), &version) == (conditions[_i].version != 0));
	ck_assert_int_eq(version, conditions[_i].version);
}
END_TEST

/* If-None-Match, whether it names "3-ab" */
static const struct {
	const char *value;
	bool matches;
} candidates[] = {
	{"\"3-ab\"", true},
	{"W/\"3-ab\"", true},
	{"\"x\", \"3-ab\"", true},
	{"\"a,b\",\"3-ab\"", true},
	{"*", true},
	{"\"3-AB\"", false},
	{"3-ab", false},
	{"\"3-ab\\\"\"", false},
	{"", false},
};

START_TEST(test_http_header_none_match_vector_compares_weakly)
{
	ck_assert(http_header_none_match(text_of(candidates[_i].value), TEXT("\"3-ab\"")) == candidates[_i].matches);
}
END_TEST

/* Idempotency-Key, the key; NULL: malformed */
static const struct {
	const char *value, *key;
} keys[] = {
	{"\"8e03978e\"", "8e03978e"},
	{"8e03978e", "8e03978e"},
	{" k ", "k"},
	{"\"a\\\"b\\\\c\"", "a\"b\\c"},
	{"a\\b", "a\\b"},
	{"\"\"", NULL},
	{"", NULL},
	{"\"a", NULL},
	{"\"", NULL},
	{"a\"b", NULL},
	{"\"a\"b\"", NULL},
	{"\"a\\n\"", NULL},
	{"\"a\\\"", NULL},
	{"a b", NULL},
	{"\xc3\xa9", NULL},
};

START_TEST(test_http_header_idempotency_key_vector_gives_the_key)
{
	struct arena *arena = arena_new(256);
	struct text key = {NULL, 0};
	enum status status = http_header_idempotency_key(arena, text_of(keys[_i].value), &key);

	ck_assert_int_eq(status, keys[_i].key == NULL ? STATUS_MALFORMED : STATUS_OK);
	ck_assert(text_equal(key, text_of(keys[_i].key)));
	arena_free(arena);
}
END_TEST

START_TEST(test_http_header_idempotency_key_longest_is_taken_and_no_longer)
{
	struct arena *arena = arena_new(1024);
	char bytes[256];
	struct text key;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = 'k';
	ck_assert_int_eq(http_header_idempotency_key(arena, (struct text){bytes, 255}, &key), STATUS_OK);
	ck_assert_int_eq(http_header_idempotency_key(arena, (struct text){bytes, 256}, &key), STATUS_MALFORMED);
	arena_free(arena);
}
END_TEST

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"
#define ZEROS "0000000000000000"

/* traceparent, whether it is valid */
static const struct {
	const char *value;
	bool is_valid;
} traces[] = {
	{"00-" TRACE "-" PARENT "-01", true},
	{"cc-" TRACE "-" PARENT "-01-what", true},
	{"00-" TRACE "-" PARENT "-01-what", false},
	{"cc-" TRACE "-" PARENT "-01what", false},
	{"ff-" TRACE "-" PARENT "-01", false},
	{"00-" ZEROS ZEROS "-" PARENT "-01", false},
	{"00-" TRACE "-" ZEROS "-01", false},
	{"00-0AF7651916cd43dd8448eb211c80319c-" PARENT "-01", false},
	{"00-" TRACE "-" PARENT "-0", false},
	{"", false},
};

START_TEST(test_http_header_trace_id_vector_is_taken_if_valid)
{
	struct text trace = {NULL, 0};

	ck_assert(http_header_trace_id(text_of(traces[_i].value), &trace) == traces[_i].is_valid);
	ck_assert(text_equal(trace, text_of(traces[_i].is_valid ? TRACE : NULL)));
}
END_TEST

START_TEST(test_http_header_is_request_id_takes_what_cannot_break_a_log)
{
	ck_assert(http_header_is_request_id(TEXT("abc-1_2.3:4/5@6=+")));
	ck_assert(!http_header_is_request_id(TEXT("")));
	ck_assert(!http_header_is_request_id(TEXT("a b")));
	ck_assert(!http_header_is_request_id(TEXT("a\"b")));
	ck_assert(!http_header_is_request_id(TEXT("\xc3\xa9")));
}
END_TEST

/* Content-Type, media type, charset */
static const struct {
	const char *value, *type, *charset;
} media[] = {
	{"application/json", "application/json", NULL},
	{"Text/CSV; charset=UTF-8; header=present", "text/csv", "utf-8"},
	{"text/csv;header=present;Charset=\"ISO-8859-1\"", "text/csv", "iso-8859-1"},
	{" text/csv ;", "text/csv", NULL},
	{"", NULL, NULL},
	{";charset=x", NULL, "x"},
};

START_TEST(test_http_header_media_type_vector_gives_type_and_charset)
{
	struct arena *arena = arena_new(256);
	struct text type, charset;

	ck_assert_int_eq(http_header_media_type(arena, text_of(media[_i].value), &type, &charset), STATUS_OK);
	ck_assert(text_equal(type, text_of(media[_i].type)) && (type.bytes == NULL) == (media[_i].type == NULL));
	ck_assert(text_equal(charset, text_of(media[_i].charset)) && (charset.bytes == NULL) == (media[_i].charset == NULL));
	arena_free(arena);
}
END_TEST

/* Prefer, return=minimal, seconds */
static const struct {
	const char *value;
	bool minimal;
	int64_t wait_s;
} preferences[] = {
	{"return=minimal", true, -1},
	{"respond-async, wait=30, return=minimal", true, 30},
	{"wait=999999", false, 3600},
	{"wait=-1", false, -1},
	{"wait=", false, -1},
	{"return=representation", false, -1},
	{"", false, -1},
};

START_TEST(test_http_header_prefer_vector_is_understood)
{
	struct http_preferences found = http_header_prefer(text_of(preferences[_i].value));

	ck_assert(found.minimal == preferences[_i].minimal);
	ck_assert_int_eq(found.wait_s, preferences[_i].wait_s);
}
END_TEST

/* Accept, which of JSON, CSV, NDJSON */
static const struct {
	const char *value;
	int chosen;
} accepts[] = {
	{"", 0},
	{"*/*", 0},
	{"text/csv", 1},
	{"TEXT/CSV", 1},
	{"text/*", 1},
	{"application/*", 0},
	{"application/x-ndjson, */*;q=0.1", 2},
	{"application/json;q=0.5, text/csv;q=0.9", 1},
	{"application/*;q=0.9, application/json;q=0.1", 2},
	{"application/json;q=0", -1},
	{"*/*, application/json;q=0", 1},
	{"text/html", -1},
	{"text/csv;q=nonsense", 1},
	{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 0},
};

START_TEST(test_http_accept_choose_vector_finds_the_best)
{
	static const char *const types[] = {"application/json", "text/csv", "application/x-ndjson"};

	ck_assert_int_eq(http_accept_choose(text_of(accepts[_i].value), types, 3), accepts[_i].chosen);
}
END_TEST

Suite *suite_http_header(void);
Suite *suite_http_header(void)
{
	Suite *suite = suite_create("http_header");
	TCase *tests = tcase_create("header");

	tcase_add_loop_test(tests, test_http_header_bearer_vector_gives_the_token, 0, COUNT(bearers));
	tcase_add_loop_test(tests, test_http_header_if_match_vector_gives_the_version, 0, COUNT(conditions));
	tcase_add_loop_test(tests, test_http_header_none_match_vector_compares_weakly, 0, COUNT(candidates));
	tcase_add_loop_test(tests, test_http_header_idempotency_key_vector_gives_the_key, 0, COUNT(keys));
	tcase_add_test(tests, test_http_header_idempotency_key_longest_is_taken_and_no_longer);
	tcase_add_loop_test(tests, test_http_header_trace_id_vector_is_taken_if_valid, 0, COUNT(traces));
	tcase_add_test(tests, test_http_header_is_request_id_takes_what_cannot_break_a_log);
	tcase_add_loop_test(tests, test_http_header_media_type_vector_gives_type_and_charset, 0, COUNT(media));
	tcase_add_loop_test(tests, test_http_header_prefer_vector_is_understood, 0, COUNT(preferences));
	tcase_add_loop_test(tests, test_http_accept_choose_vector_finds_the_best, 0, COUNT(accepts));
	suite_add_tcase(suite, tests);
	return suite;
}
