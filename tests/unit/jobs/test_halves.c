/* SPDX-License-Identifier: Apache-2.0 */
/* service/jobs/halves.c: who does which half, and what becomes of the whole when one fails. */
#include <check.h>

#include <pthread.h>

#include "service/jobs/halves.h"

#define WORKSPACE 42

/** What a half is told to do, and what it saw. */
struct told {
	enum status ends_with;
	bool waits;                /* until it is off */
	int calls;
	const struct job *job;
	int64_t workspace;
	pthread_t thread;
};

static enum status run(const struct half *half)
{
	struct told *told = half->context;

	told->calls++;
	told->job = half->job;
	told->workspace = half->job->workspace;
	told->thread = pthread_self();
	while (told->waits && !atomic_load(half->is_off))
		sched_yield();
	return told->ends_with;
}

static enum status in_halves(struct job *job, struct told told[2])
{
	return jobs_in_halves(job, run, (void *const[]){&told[0], &told[1]});
}

START_TEST(test_halves_have_a_thread_and_a_job_each)
{
	struct job mate = {0}, job = {.workspace = WORKSPACE, .mate = &mate};
	struct told told[2] = {{0}};

	ck_assert_int_eq(in_halves(&job, told), STATUS_OK);
	ck_assert_int_eq(told[0].calls, 1);
	ck_assert_int_eq(told[1].calls, 1);
	ck_assert_ptr_eq(told[0].job, &job);
	ck_assert_ptr_eq(told[1].job, &mate);
	ck_assert_int_eq(told[1].workspace, WORKSPACE);
	ck_assert(pthread_equal(told[0].thread, pthread_self()));
	ck_assert(!pthread_equal(told[1].thread, pthread_self()));
}
END_TEST

START_TEST(test_halves_without_mate_follow_each_other)
{
	struct job job = {.workspace = WORKSPACE};
	struct told told[2] = {{0}};

	ck_assert_int_eq(in_halves(&job, told), STATUS_OK);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(told[i].calls, 1);
		ck_assert_ptr_eq(told[i].job, &job);
		ck_assert(pthread_equal(told[i].thread, pthread_self()));
	}
}
END_TEST

/* _i: the half that fails; the other one would never end by itself. */
START_TEST(test_halves_failing_ends_the_other)
{
	struct job mate = {0}, job = {.mate = &mate};
	struct told told[2] = {{.waits = _i != 0}, {.waits = _i != 1}};

	told[_i].ends_with = STATUS_CONFLICT;
	ck_assert_int_eq(in_halves(&job, told), STATUS_CONFLICT);
	ck_assert_int_eq(told[1 - _i].calls, 1);
}
END_TEST

Suite *suite_halves(void);
Suite *suite_halves(void)
{
	Suite *suite = suite_create("halves");
	TCase *cases = tcase_create("halves");

	tcase_add_test(cases, test_halves_have_a_thread_and_a_job_each);
	tcase_add_test(cases, test_halves_without_mate_follow_each_other);
	tcase_add_loop_test(cases, test_halves_failing_ends_the_other, 0, 2);
	suite_add_tcase(suite, cases);
	return suite;
}
