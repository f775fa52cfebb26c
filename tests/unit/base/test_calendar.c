/* SPDX-License-Identifier: Apache-2.0 */
/* Days and instants: every day there is, and the corners of RFC 3339. */
#include <stdint.h>
#include <time.h>

#include <sweetspot/calendar.h>

#include "expect.h"

#define FIRST_DAY (-719162)
#define LAST_DAY 2932896

START_TEST(test_day_from_civil_known_days_match)
{
	ck_assert_int_eq(day_from_civil((struct civil_date){1970, 1, 1}), 0);
	ck_assert_int_eq(day_from_civil((struct civil_date){1969, 12, 31}), -1);
	ck_assert_int_eq(day_from_civil((struct civil_date){2000, 3, 1}), 11017);
	ck_assert_int_eq(day_from_civil((struct civil_date){2017, 12, 31}), 17531);
	ck_assert_int_eq(day_from_civil((struct civil_date){1, 1, 1}), FIRST_DAY);
	ck_assert_int_eq(day_from_civil((struct civil_date){9999, 12, 31}), LAST_DAY);
}
END_TEST

START_TEST(test_day_format_every_day_parses_back_and_follows)
{
	char before[11] = "0000-99-99", text[11];

	for (int32_t day = FIRST_DAY; day <= LAST_DAY; day++) {
		int32_t parsed = 0;

		day_format(day, text);
		if (strcmp(before, text) >= 0 || !day_parse(text_of(text), &parsed) || parsed != day)
			ck_abort_msg("day %d is written %s after %s, read %d", day, text, before, parsed);
		memcpy(before, text, sizeof(before));
	}
	ck_assert_str_eq(text, "9999-12-31");
}
END_TEST

START_TEST(test_day_to_civil_agrees_with_libc)
{
	for (int32_t day = -200000; day <= 200000; day += 37) {
		time_t seconds = (time_t)day * 86400;
		struct civil_date date = day_to_civil(day);
		struct tm tm;

		ck_assert_ptr_nonnull(gmtime_r(&seconds, &tm));
		ck_assert_int_eq(date.year, tm.tm_year + 1900);
		ck_assert_int_eq(date.month, tm.tm_mon + 1);
		ck_assert_int_eq(date.day, tm.tm_mday);
	}
}
END_TEST

START_TEST(test_day_format_outside_is_clamped)
{
	char text[11];

	day_format(INT32_MAX, text);
	ck_assert_str_eq(text, "9999-12-31");
	day_format(DAY_NONE, text);
	ck_assert_str_eq(text, "0001-01-01");
}
END_TEST

START_TEST(test_day_parse_other_texts_are_refused)
{
	static const char *const texts[] = {
		"", "2026", "2026-03", "2026-3-1", "2026-03-1", "2026-03-011", " 2026-03-01", "2026-03-01 ", "2026/03/01", "20260301",
		"2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32", "2026-02-29", "2100-02-29", "2026-04-31", "0000-01-01",
		"-001-01-01", "+026-03-01", "2026-03-01T00:00:00Z", "2o26-03-01", "\xef\xbc\x92" "26-03-01",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		int32_t day = 4711;

		ck_assert_msg(!day_parse(text_of(texts[i]), &day), "%s", texts[i]);
		ck_assert_int_eq(day, 4711);
	}
	ck_assert(!day_parse((struct text){NULL, 0}, &(int32_t){0}));
}
END_TEST

START_TEST(test_day_parse_leap_days_exist)
{
	int32_t day;

	ck_assert(day_parse(TEXT("2024-02-29"), &day));
	ck_assert(day_parse(TEXT("2000-02-29"), &day));
	ck_assert(day_parse(TEXT("0004-02-29"), &day));
}
END_TEST

START_TEST(test_day_of_instant_rounds_down)
{
	ck_assert_int_eq(day_of_instant(0), 0);
	ck_assert_int_eq(day_of_instant(DAY_US - 1), 0);
	ck_assert_int_eq(day_of_instant(DAY_US), 1);
	ck_assert_int_eq(day_of_instant(-1), -1);
	ck_assert_int_eq(day_of_instant(-DAY_US), -1);
	ck_assert_int_eq(day_of_instant(-DAY_US - 1), -2);
	ck_assert_int_eq(day_of_instant(INSTANT_NONE), DAY_NONE);
}
END_TEST

START_TEST(test_instant_parse_vectors_match)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z"},
		{"2026-03-01t09:30:00z", "2026-03-01T09:30:00Z"},
		{"2026-03-01T09:30:00+00:00", "2026-03-01T09:30:00Z"},
		{"2026-03-01T09:30:00-00:00", "2026-03-01T09:30:00Z"},
		{"2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00Z"},
		{"2025-12-31T20:30:00-05:30", "2026-01-01T02:00:00Z"},
		{"2026-03-01T09:30:00.5Z", "2026-03-01T09:30:00.500Z"},
		{"2026-03-01T09:30:00.123Z", "2026-03-01T09:30:00.123Z"},
		{"2026-03-01T09:30:00.120000Z", "2026-03-01T09:30:00.120Z"},
		{"2026-03-01T09:30:00.123456Z", "2026-03-01T09:30:00.123456Z"},
		{"2026-03-01T09:30:00.123456999Z", "2026-03-01T09:30:00.123456Z"},
		{"2026-03-01T09:30:00.000000999Z", "2026-03-01T09:30:00Z"},
		{"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
		{"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"},
		{"2016-12-31T15:59:60.25-08:00", "2016-12-31T23:59:59.250Z"},
		{"1969-12-31T23:59:60Z", "1969-12-31T23:59:59Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t instant = 0;
		char text[28];

		ck_assert_msg(instant_parse(text_of(cases[i].from), &instant), "%s", cases[i].from);
		instant_format(instant, text);
		ck_assert_str_eq(text, cases[i].to);
	}
}
END_TEST

START_TEST(test_instant_parse_epoch_counts_microseconds)
{
	int64_t instant;

	ck_assert(instant_parse(TEXT("1970-01-01T00:00:00Z"), &instant));
	ck_assert_int_eq(instant, 0);
	ck_assert(instant_parse(TEXT("1970-01-02T00:00:01.000002Z"), &instant));
	ck_assert_int_eq(instant, DAY_US + 1000002);
	ck_assert(instant_parse(TEXT("1969-12-31T23:59:59.999999Z"), &instant));
	ck_assert_int_eq(instant, -1);
}
END_TEST

START_TEST(test_instant_parse_other_texts_are_refused)
{
	static const char *const texts[] = {
		"", "2026-03-01", "2026-03-01T09:30Z", "2026-03-01T09:30:00", "2026-03-01 09:30:00Z", "2026-03-01T9:30:00Z",
		"2026-03-01T24:00:00Z", "2026-03-01T09:60:00Z", "2026-03-01T09:30:61Z", "2026-03-01T09:30:60Z", "2026-03-01T09:30:00.Z",
		"2026-03-01T09:30:00.1234567890Z", "2026-03-01T09:30:00,5Z", "2026-03-01T09:30:00+0100", "2026-03-01T09:30:00+01",
		"2026-03-01T09:30:00+24:00", "2026-03-01T09:30:00+01:60", "2026-03-01T09:30:00ZZ", "2026-03-01T09:30:00Z ",
		"2026-02-29T09:30:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-03-01T-9:30:00Z",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		int64_t instant = 4711;

		ck_assert_msg(!instant_parse(text_of(texts[i]), &instant), "%s", texts[i]);
		ck_assert_int_eq(instant, 4711);
	}
}
END_TEST

START_TEST(test_instant_format_outside_is_clamped)
{
	char text[28];

	instant_format(INT64_MAX, text);
	ck_assert_str_eq(text, "9999-12-31T23:59:59.999999Z");
	instant_format(INSTANT_NONE, text);
	ck_assert_str_eq(text, "0001-01-01T00:00:00Z");
}
END_TEST

Suite *suite_calendar(void);
Suite *suite_calendar(void)
{
	Suite *suite = suite_create("calendar");
	TCase *tcase = tcase_create("calendar");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_day_from_civil_known_days_match);
	tcase_add_test(tcase, test_day_format_every_day_parses_back_and_follows);
	tcase_add_test(tcase, test_day_to_civil_agrees_with_libc);
	tcase_add_test(tcase, test_day_format_outside_is_clamped);
	tcase_add_test(tcase, test_day_parse_other_texts_are_refused);
	tcase_add_test(tcase, test_day_parse_leap_days_exist);
	tcase_add_test(tcase, test_day_of_instant_rounds_down);
	tcase_add_test(tcase, test_instant_parse_vectors_match);
	tcase_add_test(tcase, test_instant_parse_epoch_counts_microseconds);
	tcase_add_test(tcase, test_instant_parse_other_texts_are_refused);
	tcase_add_test(tcase, test_instant_format_outside_is_clamped);
	suite_add_tcase(suite, tcase);
	return suite;
}
