/* SPDX-License-Identifier: Apache-2.0 */
/* The clocks run, in microseconds. */
#include <check.h>
#include <time.h>

#include <sweetspot/clock.h>

START_TEST(test_clock_now_us_is_wall_time)
{
	int64_t before = (int64_t)time(NULL) - 1;
	int64_t now = clock_now_us();

	ck_assert_int_ge(now, before * 1000000);
	ck_assert_int_le(now, ((int64_t)time(NULL) + 2) * 1000000);
}
END_TEST

START_TEST(test_clock_ticks_us_never_goes_back)
{
	int64_t before = clock_ticks_us();

	for (int i = 0; i < 10000; i++) {
		int64_t now = clock_ticks_us();

		ck_assert_int_ge(now, before);
		before = now;
	}
}
END_TEST

START_TEST(test_clock_ticks_us_counts_microseconds)
{
	const struct timespec pause = {.tv_sec = 0, .tv_nsec = 20 * 1000 * 1000};
	int64_t before = clock_ticks_us();

	nanosleep(&pause, NULL);
	ck_assert_int_ge(clock_ticks_us() - before, 20000);
	ck_assert_int_lt(clock_ticks_us() - before, 10000000);
}
END_TEST

START_TEST(test_clock_timespec_keeps_every_microsecond)
{
	struct timespec at = clock_timespec(INT64_C(1234567890123456));

	ck_assert_int_eq(at.tv_sec, 1234567890);
	ck_assert_int_eq(at.tv_nsec, 123456000);
}
END_TEST

Suite *suite_clock(void);
Suite *suite_clock(void)
{
	Suite *suite = suite_create("clock");
	TCase *tcase = tcase_create("clock");

	tcase_add_test(tcase, test_clock_now_us_is_wall_time);
	tcase_add_test(tcase, test_clock_ticks_us_never_goes_back);
	tcase_add_test(tcase, test_clock_ticks_us_counts_microseconds);
	tcase_add_test(tcase, test_clock_timespec_keeps_every_microsecond);
	suite_add_tcase(suite, tcase);
	return suite;
}
