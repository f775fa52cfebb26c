/* SPDX-License-Identifier: Apache-2.0 */
/* The status table: complete, unambiguous, safe for any number. */
#include <check.h>
#include <ctype.h>
#include <string.h>

#include <sweetspot/status.h>

START_TEST(test_status_describe_every_status_is_complete)
{
	for (int i = 0; i < STATUS_COUNT; i++) {
		const struct status_info *info = status_describe((enum status)i);

		ck_assert_msg(info->slug != NULL && info->title != NULL, "status %d has no row", i);
		ck_assert_int_ge(info->http, i == STATUS_OK ? 200 : 400);
		ck_assert_int_lt(info->http, 600);
		for (const char *c = info->slug; *c != '\0'; c++)
			ck_assert_msg(islower((unsigned char)*c) || *c == '-', "slug %s", info->slug);
	}
}
END_TEST

START_TEST(test_status_describe_slugs_are_unique)
{
	for (int i = 0; i < STATUS_COUNT; i++)
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(status_describe((enum status)i)->slug, status_describe((enum status)j)->slug);
}
END_TEST

START_TEST(test_status_describe_documented_codes_match)
{
	static const struct {
		enum status status;
		int http;
	} cases[] = {
		{STATUS_OK, 200},
		{STATUS_MALFORMED, 400},
		{STATUS_UNAUTHORIZED, 401},
		{STATUS_FORBIDDEN, 403},
		{STATUS_NOT_FOUND, 404},
		{STATUS_METHOD_NOT_ALLOWED, 405},
		{STATUS_NOT_ACCEPTABLE, 406},
		{STATUS_REQUEST_TIMEOUT, 408},
		{STATUS_CONFLICT, 409},
		{STATUS_PRECONDITION_FAILED, 412},
		{STATUS_TOO_LARGE, 413},
		{STATUS_UNSUPPORTED_MEDIA, 415},
		{STATUS_INVALID, 422},
		{STATUS_TOO_MANY, 429},
		{STATUS_HEADERS_TOO_LARGE, 431},
		{STATUS_INTERNAL, 500},
		{STATUS_FULL, 503},
		{STATUS_CROWDED, 503},
		{STATUS_UNAVAILABLE, 503},
		{STATUS_UNREACHABLE, 503},
		{STATUS_DEADLINE, 503},
		{STATUS_NO_MEMORY, 503},
		{STATUS_RETRY, 503},
	};

	ck_assert_uint_eq(sizeof(cases) / sizeof(cases[0]), STATUS_COUNT);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_int_eq(status_describe(cases[i].status)->http, cases[i].http);
}
END_TEST

START_TEST(test_status_describe_out_of_range_is_internal)
{
	ck_assert_int_eq(status_describe(STATUS_COUNT)->http, 500);
	ck_assert_int_eq(status_describe((enum status)12345)->http, 500);
	ck_assert_ptr_eq(status_describe(STATUS_COUNT), status_describe(STATUS_INTERNAL));
}
END_TEST

Suite *suite_status(void);
Suite *suite_status(void)
{
	Suite *suite = suite_create("status");
	TCase *tcase = tcase_create("describe");

	tcase_add_test(tcase, test_status_describe_every_status_is_complete);
	tcase_add_test(tcase, test_status_describe_slugs_are_unique);
	tcase_add_test(tcase, test_status_describe_documented_codes_match);
	tcase_add_test(tcase, test_status_describe_out_of_range_is_internal);
	suite_add_tcase(suite, tcase);
	return suite;
}
