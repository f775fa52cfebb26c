/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: who is called, in which order, and that whoever was taken out is not called any more. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <sweetspot/clock.h>
#include <sweetspot/loop.h>

#include "expect.h"

#define PIPES 3
#define TIMERS 500

/** A loop with some pipes, and what was seen of them. */
struct scene {
	struct loop *loop;
	struct watch watches[PIPES];
	int ends[PIPES][2];
	int calls[PIPES];
	uint32_t last_events;
};

static void count_call(struct watch *watch, uint32_t events)
{
	struct scene *scene = watch->owner;

	scene->calls[watch - scene->watches]++;
	scene->last_events = events;
}

static void take_others_out(struct watch *watch, uint32_t events)
{
	struct scene *scene = watch->owner;

	count_call(watch, events);
	for (int i = 0; i < PIPES; i++)
		if (&scene->watches[i] != watch)
			loop_unwatch(scene->loop, &scene->watches[i]);
}

static void take_self_out(struct watch *watch, uint32_t events)
{
	struct scene *scene = watch->owner;

	count_call(watch, events);
	loop_unwatch(scene->loop, watch);
}

static void narrow_others(struct watch *watch, uint32_t events)
{
	struct scene *scene = watch->owner;

	count_call(watch, events);
	for (int i = 0; i < PIPES; i++)
		if (&scene->watches[i] != watch)
			loop_rewatch(scene->loop, &scene->watches[i], EPOLLPRI);
}

static void scene_init(struct scene *scene, void (*on_ready)(struct watch *watch, uint32_t events))
{
	*scene = (struct scene){.loop = loop_new()};
	ck_assert_ptr_nonnull(scene->loop);
	for (int i = 0; i < PIPES; i++) {
		ck_assert_int_eq(pipe(scene->ends[i]), 0);
		scene->watches[i] = (struct watch){.fd = -1, .on_ready = on_ready, .owner = scene};
		ck_assert_int_eq(loop_watch(scene->loop, &scene->watches[i], scene->ends[i][0], EPOLLIN), STATUS_OK);
	}
}

static void scene_write(struct scene *scene, int which)
{
	ck_assert_int_eq(write(scene->ends[which][1], "x", 1), 1);
}

static int scene_calls(const struct scene *scene)
{
	int calls = 0;

	for (int i = 0; i < PIPES; i++)
		calls += scene->calls[i];
	return calls;
}

static void scene_release(struct scene *scene)
{
	for (int i = 0; i < PIPES; i++) {
		loop_unwatch(scene->loop, &scene->watches[i]);
		ck_assert_int_eq(scene->watches[i].fd, -1);
		close(scene->ends[i][0]);
		close(scene->ends[i][1]);
	}
	loop_free(scene->loop);
}

START_TEST(test_loop_turn_ready_ones_are_called)
{
	struct scene scene;

	scene_init(&scene, count_call);
	ck_assert_int_eq(loop_turn(scene.loop, 0), 0);
	scene_write(&scene, 1);
	ck_assert_int_eq(loop_turn(scene.loop, -1), 1);
	ck_assert_int_eq(scene.calls[1], 1);
	ck_assert_uint_eq(scene.last_events, EPOLLIN);
	scene_write(&scene, 0);
	ck_assert_int_eq(loop_turn(scene.loop, -1), 2);
	ck_assert_int_eq(scene.calls[0], 1);
	ck_assert_int_eq(scene.calls[1], 2);
	ck_assert_int_eq(scene.calls[2], 0);
	scene_release(&scene);
}
END_TEST

START_TEST(test_loop_unwatch_pending_in_this_turn_is_not_called)
{
	struct scene scene;

	scene_init(&scene, take_others_out);
	for (int i = 0; i < PIPES; i++)
		scene_write(&scene, i);
	ck_assert_int_eq(loop_turn(scene.loop, -1), 1);
	ck_assert_int_eq(scene_calls(&scene), 1);
	scene_release(&scene);
}
END_TEST

START_TEST(test_loop_unwatch_self_is_called_no_more)
{
	struct scene scene;

	scene_init(&scene, take_self_out);
	for (int i = 0; i < PIPES; i++)
		scene_write(&scene, i);
	ck_assert_int_eq(loop_turn(scene.loop, -1), PIPES);
	ck_assert_int_eq(loop_turn(scene.loop, 0), 0);
	scene_release(&scene);
}
END_TEST

START_TEST(test_loop_rewatch_narrowed_in_this_turn_is_not_called)
{
	struct scene scene;

	scene_init(&scene, narrow_others);
	for (int i = 0; i < PIPES; i++)
		scene_write(&scene, i);
	ck_assert_int_eq(loop_turn(scene.loop, -1), 1);
	ck_assert_int_eq(scene_calls(&scene), 1);
	scene_release(&scene);
}
END_TEST

START_TEST(test_loop_rewatch_changes_what_is_waited_for)
{
	struct scene scene;
	struct watch writer = {.fd = -1, .on_ready = count_call};

	scene_init(&scene, count_call);
	scene_write(&scene, 0);
	loop_rewatch(scene.loop, &scene.watches[0], 0);
	ck_assert_int_eq(loop_turn(scene.loop, 0), 0);
	loop_rewatch(scene.loop, &scene.watches[0], EPOLLIN);
	loop_rewatch(scene.loop, &scene.watches[0], EPOLLIN);
	ck_assert_int_eq(loop_turn(scene.loop, 0), 1);
	loop_rewatch(scene.loop, &writer, EPOLLIN);
	ck_assert_uint_eq(writer.events, 0);
	scene_release(&scene);
}
END_TEST

START_TEST(test_loop_turn_hang_up_is_told_unasked)
{
	struct scene scene;

	scene_init(&scene, take_self_out);
	loop_rewatch(scene.loop, &scene.watches[0], 0);
	close(scene.ends[0][1]);
	scene.ends[0][1] = dup(scene.ends[0][0]);
	ck_assert_int_eq(loop_turn(scene.loop, -1), 1);
	ck_assert_uint_eq(scene.last_events, EPOLLHUP);
	scene_release(&scene);
}
END_TEST

START_TEST(test_loop_watch_bad_descriptor_is_unavailable)
{
	struct loop *loop = loop_new();
	struct watch watch = {.fd = 77, .on_ready = count_call};

	ck_assert_int_eq(loop_watch(loop, &watch, -1, EPOLLIN), STATUS_UNAVAILABLE);
	ck_assert_int_eq(watch.fd, -1);
	loop_unwatch(loop, &watch);
	loop_free(loop);
	loop_free(NULL);
}
END_TEST

START_TEST(test_loop_new_without_descriptors_is_null)
{
	struct rlimit before, none;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_ptr_null(loop_new());
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}
END_TEST

/** What the timers of a test saw. */
struct record {
	struct loop *loop;
	int64_t last_due_us;
	int count;
	struct timer *victim;
	int again;
};

static void note_due(struct timer *timer)
{
	struct record *record = timer->owner;

	ck_assert_uint_eq(timer->heap_index, 0);
	ck_assert_int_ge(timer->due_us, record->last_due_us);
	ck_assert_int_le(timer->due_us, clock_ticks_us());
	record->last_due_us = timer->due_us;
	record->count++;
}

START_TEST(test_loop_timer_many_are_called_in_order)
{
	struct record record = {.loop = loop_new(), .last_due_us = INT64_MIN};
	struct timer *timers = calloc(TIMERS, sizeof(*timers));
	int64_t now = clock_ticks_us();
	unsigned seed = 3;
	int cleared = 0;

	for (int i = 0; i < TIMERS; i++) {
		timers[i] = (struct timer){.on_due = note_due, .owner = &record};
		ck_assert_int_eq(loop_timer_set(record.loop, &timers[i], now - rand_r(&seed) % 1000), STATUS_OK);
	}
	for (int i = 0; i < TIMERS; i += 3)
		ck_assert_int_eq(loop_timer_set(record.loop, &timers[i], now - rand_r(&seed) % 1000), STATUS_OK);
	for (int i = 0; i < TIMERS; i += 7, cleared++)
		loop_timer_clear(record.loop, &timers[i]);
	ck_assert_int_eq(loop_turn(record.loop, -1), TIMERS - cleared);
	ck_assert_int_eq(record.count, TIMERS - cleared);
	ck_assert_int_eq(loop_turn(record.loop, 0), 0);
	loop_free(record.loop);
	free(timers);
}
END_TEST

START_TEST(test_loop_timer_waits_until_it_is_due)
{
	struct record record = {.loop = loop_new(), .last_due_us = INT64_MIN};
	struct timer timer = {.on_due = note_due, .owner = &record};
	int64_t due = clock_ticks_us() + 30500;
	int turns = 0;

	ck_assert_int_eq(loop_timer_set(record.loop, &timer, due), STATUS_OK);
	ck_assert_int_eq(loop_turn(record.loop, 0), 0);
	ck_assert_int_eq(loop_turn(record.loop, 1000), 0);
	for (; record.count == 0; turns++)
		loop_turn(record.loop, -1);
	ck_assert_int_ge(clock_ticks_us(), due);
	ck_assert_msg(turns <= 2, "%d turns instead of one wait", turns);
	loop_free(record.loop);
}
END_TEST

START_TEST(test_loop_timer_clear_is_called_no_more)
{
	struct record record = {.loop = loop_new(), .last_due_us = INT64_MIN};
	struct timer timer = {.on_due = note_due, .owner = &record};

	loop_timer_clear(record.loop, &timer);
	ck_assert_int_eq(loop_timer_set(record.loop, &timer, 0), STATUS_OK);
	ck_assert_uint_eq(timer.heap_index, 1);
	loop_timer_clear(record.loop, &timer);
	ck_assert_uint_eq(timer.heap_index, 0);
	ck_assert_int_eq(loop_turn(record.loop, 0), 0);
	loop_free(record.loop);
}
END_TEST

static void clear_victim(struct timer *timer)
{
	struct record *record = timer->owner;

	record->count++;
	loop_timer_clear(record->loop, record->victim);
}

START_TEST(test_loop_timer_cleared_by_another_in_the_same_turn_is_not_called)
{
	struct record record = {.loop = loop_new(), .last_due_us = INT64_MIN};
	struct timer first = {.on_due = clear_victim, .owner = &record};
	struct timer second = {.on_due = note_due, .owner = &record};

	record.victim = &second;
	ck_assert_int_eq(loop_timer_set(record.loop, &second, 2), STATUS_OK);
	ck_assert_int_eq(loop_timer_set(record.loop, &first, 1), STATUS_OK);
	ck_assert_int_eq(loop_turn(record.loop, 0), 1);
	ck_assert_int_eq(record.count, 1);
	loop_free(record.loop);
}
END_TEST

static void set_again(struct timer *timer)
{
	struct record *record = timer->owner;

	record->count++;
	ck_assert_int_eq(loop_timer_set(record->loop, timer, 0), STATUS_OK);
}

START_TEST(test_loop_timer_set_again_when_due_does_not_hold_the_turn)
{
	struct record record = {.loop = loop_new()};
	struct timer timer = {.on_due = set_again, .owner = &record};

	ck_assert_int_eq(loop_timer_set(record.loop, &timer, 0), STATUS_OK);
	ck_assert_int_eq(loop_turn(record.loop, -1), 1);
	ck_assert_int_eq(loop_turn(record.loop, -1), 1);
	loop_timer_clear(record.loop, &timer);
	loop_free(record.loop);
}
END_TEST

START_TEST(test_loop_turn_far_timer_is_waited_for_only_so_long)
{
	struct record record = {.loop = loop_new(), .last_due_us = INT64_MIN};
	struct timer timer = {.on_due = note_due, .owner = &record};
	int64_t before = clock_ticks_us();

	ck_assert_int_eq(loop_timer_set(record.loop, &timer, INT64_MAX), STATUS_OK);
	ck_assert_int_eq(loop_turn(record.loop, 5000), 0);
	ck_assert_int_ge(clock_ticks_us() - before, 4000);
	loop_wake(record.loop);
	ck_assert_int_eq(loop_turn(record.loop, -1), 0);
	loop_timer_clear(record.loop, &timer);
	loop_free(record.loop);
}
END_TEST

static void *wake_later(void *argument)
{
	const struct timespec pause = {.tv_sec = 0, .tv_nsec = 10 * 1000 * 1000};

	nanosleep(&pause, NULL);
	loop_wake(argument);
	return NULL;
}

START_TEST(test_loop_wake_from_another_thread_ends_the_wait)
{
	struct loop *loop = loop_new();
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, wake_later, loop), 0);
	ck_assert_int_eq(loop_turn(loop, -1), 0);
	pthread_join(thread, NULL);
	loop_free(loop);
}
END_TEST

START_TEST(test_loop_wake_several_times_ends_one_wait)
{
	struct loop *loop = loop_new();
	int64_t before;

	loop_wake(loop);
	loop_wake(loop);
	ck_assert_int_eq(loop_turn(loop, -1), 0);
	before = clock_ticks_us();
	ck_assert_int_eq(loop_turn(loop, 20000), 0);
	ck_assert_int_ge(clock_ticks_us() - before, 19000);
	loop_free(loop);
}
END_TEST

Suite *suite_loop(void);
Suite *suite_loop(void)
{
	Suite *suite = suite_create("loop");
	TCase *tcase = tcase_create("loop");

	tcase_add_test(tcase, test_loop_turn_ready_ones_are_called);
	tcase_add_test(tcase, test_loop_unwatch_pending_in_this_turn_is_not_called);
	tcase_add_test(tcase, test_loop_unwatch_self_is_called_no_more);
	tcase_add_test(tcase, test_loop_rewatch_narrowed_in_this_turn_is_not_called);
	tcase_add_test(tcase, test_loop_rewatch_changes_what_is_waited_for);
	tcase_add_test(tcase, test_loop_turn_hang_up_is_told_unasked);
	tcase_add_test(tcase, test_loop_watch_bad_descriptor_is_unavailable);
	tcase_add_test(tcase, test_loop_new_without_descriptors_is_null);
	tcase_add_test(tcase, test_loop_timer_many_are_called_in_order);
	tcase_add_test(tcase, test_loop_timer_waits_until_it_is_due);
	tcase_add_test(tcase, test_loop_timer_clear_is_called_no_more);
	tcase_add_test(tcase, test_loop_timer_cleared_by_another_in_the_same_turn_is_not_called);
	tcase_add_test(tcase, test_loop_timer_set_again_when_due_does_not_hold_the_turn);
	tcase_add_test(tcase, test_loop_turn_far_timer_is_waited_for_only_so_long);
	tcase_add_test(tcase, test_loop_wake_from_another_thread_ends_the_wait);
	tcase_add_test(tcase, test_loop_wake_several_times_ends_one_wait);
	suite_add_tcase(suite, tcase);
	return suite;
}
