/* SPDX-License-Identifier: Apache-2.0 */
/* A query is read by the parameters its route takes; everything wrong with it is told at once. */
#include <stdlib.h>

#include <check.h>

#include "service/http/exchange.h"

enum { Q, LIMIT, DAY, AT, COUNT_ALL, SORT, SELLER, AMOUNT };

static const char *const sorts[] = {"name", "-name", NULL};
static const struct http_parameter parameters[] = {
	[Q] = {"q", HTTP_TEXT, .max = 10},
	[LIMIT] = {"limit", HTTP_INTEGER, .min = 1, .max = 500, .fallback = 50},
	[DAY] = {"day", HTTP_DAY, .fallback = DAY_NONE},
	[AT] = {"at", HTTP_INSTANT, .fallback = INSTANT_NONE},
	[COUNT_ALL] = {"count", HTTP_BOOL},
	[SORT] = {"sort", HTTP_CHOICE, .labels = sorts},
	[SELLER] = {"seller", HTTP_ID},
	[AMOUNT] = {"amount", HTTP_AMOUNT},
	{.name = NULL},
};
static const struct http_route route = {.parameters = parameters};

/** A request for "/?query" in an arena of its own, with what is wrong with it. */
struct reading {
	struct arena *arena;
	struct http_request request;
	struct problems problems;
	enum status status;
};

static struct reading read_query(const char *query)
{
	struct reading reading = {.arena = arena_new(1024)};

	reading.request.arena = reading.arena;
	reading.request.principal.currency_digits = 2;
	reading.request.route = &route;
	reading.request.target = text_format(reading.arena, "/?%s", query);
	reading.problems = problems_in(reading.arena);
	reading.status = http_query_read(&reading.request, &reading.problems);
	return reading;
}

static int64_t integer(const struct reading *reading, int index)
{
	return reading->request.arguments[index].integer;
}

START_TEST(test_http_query_read_nothing_gives_the_fallbacks)
{
	struct reading reading = read_query("");

	ck_assert_int_eq(reading.status, STATUS_OK);
	ck_assert_int_eq((int)reading.problems.count, 0);
	ck_assert(integer(&reading, LIMIT) == 50 && integer(&reading, DAY) == DAY_NONE && integer(&reading, AT) == INSTANT_NONE);
	ck_assert(!reading.request.arguments[Q].given && reading.request.arguments[Q].text.bytes == NULL);
	arena_free(reading.arena);
}
END_TEST

START_TEST(test_http_query_read_all_kinds_are_decoded)
{
	struct reading reading = read_query("q=a%26b+c&limit=7&day=2026-03-01&at=2026-03-01T09:30:00+01:00&count&sort=-name&seller=s%2F1&");

	ck_assert_int_eq(reading.status, STATUS_OK);
	ck_assert_int_eq((int)reading.problems.count, 0);
	ck_assert(text_equal(reading.request.arguments[Q].text, TEXT("a&b c")));
	ck_assert(text_equal(reading.request.arguments[SELLER].text, TEXT("s/1")));
	ck_assert(integer(&reading, LIMIT) == 7 && integer(&reading, COUNT_ALL) == 1 && integer(&reading, SORT) == 1);
	ck_assert(integer(&reading, DAY) == day_from_civil((struct civil_date){2026, 3, 1}));
	ck_assert(integer(&reading, AT) == integer(&reading, DAY) * DAY_US + INT64_C(30600000000));
	arena_free(reading.arena);
}
END_TEST

/* query, the pointer of its one problem */
static const struct {
	const char *query, *pointer;
} refused[] = {
	{"nonsense=1", "?nonsense"},
	{"Q=1", "?Q"},
	{"=1", "?"},
	{"limit=1&limit=2", "?limit"},
	{"limit=0", "?limit"},
	{"limit=501", "?limit"},
	{"limit=1.5", "?limit"},
	{"limit=", "?limit"},
	{"limit=99999999999999999999", "?limit"},
	{"day=2026-02-30", "?day"},
	{"at=2026-02-28", "?at"},
	{"count=2", "?count"},
	{"sort=NAME", "?sort"},
	{"q=", "?q"},
	{"q=12345678901", "?q"},
	{"q=a%0Ab", "?q"},
	{"seller=%20x", "?seller"},
	{"amount=0", "?amount"},
	{"amount=-5", "?amount"},
	{"amount=8.001", "?amount"},
	{"amount=eight", "?amount"},
	{"amount=", "?amount"},
};

START_TEST(test_http_query_read_vector_is_refused_naming_the_parameter)
{
	struct reading reading = read_query(refused[_i].query);

	ck_assert_int_eq(reading.status, STATUS_OK);
	ck_assert_int_eq((int)reading.problems.count, 1);
	ck_assert(text_equal(reading.problems.first->pointer, text_of(refused[_i].pointer)));
	arena_free(reading.arena);
}
END_TEST

START_TEST(test_http_query_read_several_errors_are_told_at_once)
{
	struct reading reading = read_query("limit=x&foo=1&day=y");

	ck_assert_int_eq((int)reading.problems.count, 3);
	arena_free(reading.arena);
}
END_TEST

START_TEST(test_http_query_read_broken_escape_is_malformed)
{
	static const char *const broken[] = {"q=%", "q=%zz", "q=%00", "%ff=1", "q=%ff"};

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct reading reading = read_query(broken[i]);

		ck_assert_int_eq(reading.status, STATUS_MALFORMED);
		arena_free(reading.arena);
	}
}
END_TEST

Suite *suite_http_query(void);
Suite *suite_http_query(void)
{
	Suite *suite = suite_create("http_query");
	TCase *tests = tcase_create("query");

	tcase_add_test(tests, test_http_query_read_nothing_gives_the_fallbacks);
	tcase_add_test(tests, test_http_query_read_all_kinds_are_decoded);
	tcase_add_loop_test(tests, test_http_query_read_vector_is_refused_naming_the_parameter, 0, (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(tests, test_http_query_read_several_errors_are_told_at_once);
	tcase_add_test(tests, test_http_query_read_broken_escape_is_malformed);
	suite_add_tcase(suite, tests);
	return suite;
}
