/* SPDX-License-Identifier: Apache-2.0 */
/* The desk: who waits, who is refused, and that an answer nobody wants any more is not called back about. */
#include <pthread.h>
#include <stdlib.h>

#include <sweetspot/clock.h>
#include <sweetspot/desk.h>

#include "expect.h"

#define MOST 3
#define MOST_OF_ONE 2
#define FAR_US INT64_C(60000000)

/** A desk with one box, and what came back: topics in their order, and the last status. */
struct scene {
	struct loop *loop;
	struct desk *desk;
	struct desk_box *box;
	int topics[16];
	size_t answered;
	enum status last;
};

static void on_done(struct question *question)
{
	struct scene *scene = question->owner;

	scene->topics[scene->answered++] = question->topic;
	scene->last = question->status;
}

static struct scene scene_open(void)
{
	struct scene scene = {.loop = loop_new(), .desk = desk_new((struct desk_limits){MOST, MOST_OF_ONE})};

	ck_assert_ptr_nonnull(scene.loop);
	ck_assert_ptr_nonnull(scene.desk);
	scene.box = desk_box_new(scene.desk, scene.loop);
	ck_assert_ptr_nonnull(scene.box);
	return scene;
}

static void scene_close(struct scene *scene)
{
	desk_box_free(scene->box);
	desk_free(scene->desk);
	loop_free(scene->loop);
}

static struct question *made(struct scene *scene, int topic, int64_t workspace)
{
	struct question *question = question_new(topic, workspace);

	ck_assert_ptr_nonnull(question);
	question->deadline_us = clock_ticks_us() + FAR_US;
	question->on_done = on_done;
	question->owner = scene;
	return question;
}

static struct question *asked(struct scene *scene, int topic, int64_t workspace)
{
	struct question *question = made(scene, topic, workspace);

	ck_assert_int_eq(desk_ask(scene->box, question), STATUS_OK);
	return question;
}

static enum status refused(struct scene *scene, int64_t workspace)
{
	struct question *question = made(scene, 99, workspace);
	enum status status = desk_ask(scene->box, question);

	ck_assert_int_ne(status, STATUS_OK);
	question_free(question);
	return status;
}

/** Answer the next one, which must be about this. */
static void answer(struct scene *scene, int topic)
{
	struct question *question = desk_take(scene->desk);

	ck_assert_ptr_nonnull(question);
	ck_assert_int_eq(question->topic, topic);
	desk_put(question);
}

START_TEST(test_desk_ask_some_come_back_in_order)
{
	struct scene scene = scene_open();

	asked(&scene, 1, 1);
	asked(&scene, 2, 2);
	answer(&scene, 1);
	answer(&scene, 2);
	ck_assert_uint_eq(scene.answered, 0);
	loop_turn(scene.loop, 0);
	ck_assert_uint_eq(scene.answered, 2);
	ck_assert_int_eq(scene.topics[0], 1);
	ck_assert_int_eq(scene.topics[1], 2);
	ck_assert_int_eq(scene.last, STATUS_OK);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_ask_full_is_refused_until_one_is_taken)
{
	struct scene scene = scene_open();

	for (int i = 1; i <= MOST; i++)
		asked(&scene, i, i);
	ck_assert_int_eq(refused(&scene, 9), STATUS_TOO_MANY);
	answer(&scene, 1);
	asked(&scene, 4, 9);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_ask_a_workspace_over_its_share_is_refused_others_are_not)
{
	struct scene scene = scene_open();
	struct question *taken;

	asked(&scene, 1, 7);
	taken = desk_take(scene.desk);
	asked(&scene, 2, 7);
	ck_assert_int_eq(refused(&scene, 7), STATUS_TOO_MANY);
	asked(&scene, 3, 8);
	desk_put(taken);
	asked(&scene, 4, 7);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_take_past_the_deadline_is_answered_not_handed_out)
{
	struct scene scene = scene_open();
	struct question *late = made(&scene, 1, 1);

	late->deadline_us = clock_ticks_us() - 1;
	ck_assert_int_eq(desk_ask(scene.box, late), STATUS_OK);
	asked(&scene, 2, 1);
	answer(&scene, 2);
	loop_turn(scene.loop, 0);
	ck_assert_uint_eq(scene.answered, 2);
	ck_assert_int_eq(scene.topics[0], 1);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_withdraw_waiting_frees_its_place)
{
	struct scene scene = scene_open();
	struct question *first = asked(&scene, 1, 1);

	asked(&scene, 2, 1);
	desk_withdraw(first);
	asked(&scene, 3, 1);
	answer(&scene, 2);
	answer(&scene, 3);
	loop_turn(scene.loop, 0);
	ck_assert_uint_eq(scene.answered, 2);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_withdraw_taken_is_over_and_never_comes_back)
{
	struct scene scene = scene_open();
	struct question *question = asked(&scene, 1, 1);

	ck_assert_ptr_eq(desk_take(scene.desk), question);
	ck_assert(!question_is_over(question));
	desk_withdraw(question);
	ck_assert(question_is_over(question));
	desk_put(question);
	loop_turn(scene.loop, 0);
	ck_assert_uint_eq(scene.answered, 0);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_withdraw_answered_never_comes_back)
{
	struct scene scene = scene_open();
	struct question *question = asked(&scene, 1, 1);

	answer(&scene, 1);
	desk_withdraw(question);
	loop_turn(scene.loop, 0);
	ck_assert_uint_eq(scene.answered, 0);
	scene_close(&scene);
}
END_TEST

START_TEST(test_question_is_over_past_its_deadline)
{
	struct scene scene = scene_open();
	struct question *question = asked(&scene, 1, 1);

	ck_assert_ptr_eq(desk_take(scene.desk), question);
	ck_assert(!question_is_over(question));
	question->deadline_us = clock_ticks_us();
	ck_assert(question_is_over(question));
	desk_put(question);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_close_refuses_what_waits_and_what_comes)
{
	struct scene scene = scene_open();
	struct question *taken;

	asked(&scene, 1, 1);
	asked(&scene, 2, 1);
	taken = desk_take(scene.desk);
	desk_close(scene.desk);
	ck_assert(question_is_over(taken));
	desk_put(taken);
	ck_assert_ptr_null(desk_take(scene.desk));
	loop_turn(scene.loop, 0);
	ck_assert_uint_eq(scene.answered, 2);
	ck_assert_int_eq(scene.topics[0], 2);
	ck_assert_int_eq(refused(&scene, 1), STATUS_UNAVAILABLE);
	scene_close(&scene);
}
END_TEST

START_TEST(test_desk_box_free_withdraws_all_that_was_asked_there)
{
	struct scene scene = scene_open();
	struct desk_box *other = desk_box_new(scene.desk, scene.loop);
	struct question *taken, *kept = made(&scene, 3, 3);

	ck_assert_ptr_nonnull(other);
	asked(&scene, 1, 1);
	taken = desk_take(scene.desk);
	asked(&scene, 2, 2);
	ck_assert_int_eq(desk_ask(other, kept), STATUS_OK);
	desk_box_free(scene.box);
	ck_assert(question_is_over(taken));
	desk_put(taken);
	answer(&scene, 3);
	loop_turn(scene.loop, 0);
	ck_assert_uint_eq(scene.answered, 1);
	scene.box = other;
	scene_close(&scene);
}
END_TEST

#define CROWD 2000

static void *answer_all(void *desk)
{
	struct question *question;

	while ((question = desk_take(desk)) != NULL) {
		int64_t *squared = question->matter;

		*squared *= *squared;
		desk_put(question);
	}
	return NULL;
}

static void count_square(struct question *question)
{
	size_t *counted = question->owner;

	ck_assert_int_eq(*(int64_t *)question->matter, (int64_t)question->topic * question->topic);
	(*counted)++;
}

/** A loop asks, withdraws some, and is woken for the rest, while another thread answers. */
START_TEST(test_desk_beside_a_thread_everything_wanted_comes_back_once)
{
	struct loop *loop = loop_new();
	struct desk *desk = desk_new((struct desk_limits){CROWD, CROWD});
	struct desk_box *box = desk_box_new(desk, loop);
	size_t counted = 0, withdrawn = 0;
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, answer_all, desk), 0);
	for (int i = 1; i <= CROWD; i++) {
		struct question *question = question_new(i, i % 5);
		int64_t *number = arena_alloc(question->arena, sizeof(*number));

		*number = i;
		question->matter = number;
		question->deadline_us = clock_ticks_us() + FAR_US;
		question->on_done = count_square;
		question->owner = &counted;
		ck_assert_int_eq(desk_ask(box, question), STATUS_OK);
		if (i % 3 == 0) {
			desk_withdraw(question);
			withdrawn++;
		}
		if (i % 100 == 0)
			loop_turn(loop, 0);
	}
	while (counted + withdrawn < CROWD)
		ck_assert_int_ge(loop_turn(loop, FAR_US), 0);
	ck_assert_uint_eq(counted + withdrawn, CROWD);
	desk_close(desk);
	pthread_join(thread, NULL);
	desk_box_free(box);
	desk_free(desk);
	loop_free(loop);
}
END_TEST

Suite *suite_desk(void);
Suite *suite_desk(void)
{
	Suite *suite = suite_create("desk");
	TCase *tcase = tcase_create("desk");

	tcase_add_test(tcase, test_desk_ask_some_come_back_in_order);
	tcase_add_test(tcase, test_desk_ask_full_is_refused_until_one_is_taken);
	tcase_add_test(tcase, test_desk_ask_a_workspace_over_its_share_is_refused_others_are_not);
	tcase_add_test(tcase, test_desk_take_past_the_deadline_is_answered_not_handed_out);
	tcase_add_test(tcase, test_desk_withdraw_waiting_frees_its_place);
	tcase_add_test(tcase, test_desk_withdraw_taken_is_over_and_never_comes_back);
	tcase_add_test(tcase, test_desk_withdraw_answered_never_comes_back);
	tcase_add_test(tcase, test_question_is_over_past_its_deadline);
	tcase_add_test(tcase, test_desk_close_refuses_what_waits_and_what_comes);
	tcase_add_test(tcase, test_desk_box_free_withdraws_all_that_was_asked_there);
	tcase_add_test(tcase, test_desk_beside_a_thread_everything_wanted_comes_back_once);
	suite_add_tcase(suite, tcase);
	return suite;
}
