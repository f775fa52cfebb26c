/* SPDX-License-Identifier: Apache-2.0 */
#include <sweetspot/bell.h>

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>

#include <sweetspot/clock.h>

#define SECOND_US INT64_C(1000000)
#define LONG_MS 600000

START_TEST(test_bell_rung_before_the_wait_is_heard_at_once)
{
	struct bell *bell = bell_new();
	uint64_t heard = bell_count(bell);
	int64_t start_us = clock_ticks_us();

	bell_ring(bell);
	bell_ring(bell);
	bell_wait(bell, heard, LONG_MS);
	ck_assert_int_lt(clock_ticks_us() - start_us, 60 * SECOND_US);
	ck_assert_uint_eq(bell_count(bell), heard + 2);
	bell_free(bell);
	bell_free(NULL);
}
END_TEST

START_TEST(test_bell_silent_waits_its_time)
{
	struct bell *bell = bell_new();
	int64_t start_us = clock_ticks_us();

	bell_ring(bell);
	bell_wait(bell, bell_count(bell), 1050);
	ck_assert_int_ge(clock_ticks_us() - start_us, 1050 * 1000);
	bell_free(bell);
}
END_TEST

/** One who waits and tells so. */
struct sleeper {
	struct bell *bell;
	uint64_t heard;
	atomic_int *woken;
	pthread_t thread;
};

static void *sleep_until_rung(void *argument)
{
	struct sleeper *sleeper = argument;

	bell_wait(sleeper->bell, sleeper->heard, LONG_MS);
	atomic_fetch_add(sleeper->woken, 1);
	return NULL;
}

START_TEST(test_bell_wakes_all_that_wait)
{
	struct sleeper sleepers[4];
	struct bell *bell = bell_new();
	atomic_int woken = 0;

	for (int i = 0; i < 4; i++) {
		sleepers[i] = (struct sleeper){.bell = bell, .heard = bell_count(bell), .woken = &woken};
		ck_assert_int_eq(pthread_create(&sleepers[i].thread, NULL, sleep_until_rung, &sleepers[i]), 0);
	}
	/* Time in which a bell that rings by itself would be found out. */
	bell_wait(bell, bell_count(bell), 100);
	ck_assert_int_eq(atomic_load(&woken), 0);
	bell_ring(bell);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(sleepers[i].thread, NULL), 0);
	ck_assert_int_eq(atomic_load(&woken), 4);
	bell_free(bell);
}
END_TEST

Suite *suite_bell(void);
Suite *suite_bell(void)
{
	Suite *suite = suite_create("bell");
	TCase *tcase = tcase_create("bell");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_bell_rung_before_the_wait_is_heard_at_once);
	tcase_add_test(tcase, test_bell_silent_waits_its_time);
	tcase_add_test(tcase, test_bell_wakes_all_that_wait);
	suite_add_tcase(suite, tcase);
	return suite;
}
