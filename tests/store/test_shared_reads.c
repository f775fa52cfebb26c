/* SPDX-License-Identifier: Apache-2.0 */
/* Reads that ask the same share an answer, and never one from before they asked. */
#include "lane_scene.h"

#include <stdio.h>
#include <stdlib.h>

static int64_t shared(const struct lane_scene *scene)
{
	static const char name[] = "\nsweetspot_shared_reads_total ";
	struct metrics *set = scene->metrics;
	struct buffer out = {0};
	const char *found;
	int64_t count;

	metrics_write(&set, 1, &out);
	buffer_append_char(&out, '\0');
	ck_assert(!out.failed);
	found = strstr(out.bytes, name);
	ck_assert_ptr_nonnull(found);
	count = strtoll(found + strlen(name), NULL, 10);
	buffer_release(&out);
	return count;
}

static void lock_policies(struct lane_scene *scene)
{
	plain_run(scene->beside, "BEGIN; LOCK TABLE policy IN ACCESS EXCLUSIVE MODE");
}

static void make_second_policy(struct lane_scene *scene)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "INSERT INTO policy (workspace_id, version, document) VALUES (%lld, 2, '{}')", (long long)scene->workspace);
	plain_run(scene->killer, sql);
}

START_TEST(test_shared_reads_same_question_waiting_one_answer)
{
	struct lane_scene *scene = lane_scene_new();
	int first = lane_policy(scene, 1, deadline_in(5 * SECOND)), same = lane_policy(scene, 1, deadline_in(5 * SECOND));
	int another = lane_policy(scene, 2, deadline_in(5 * SECOND)), third = lane_policy(scene, 1, deadline_in(5 * SECOND));

	ck_assert_int_eq(shared(scene), 2);
	lane_wait_for(scene, 4);
	ck_assert_int_eq(scene->rows[first], 1);
	ck_assert_int_eq(scene->rows[same], 1);
	ck_assert_int_eq(scene->rows[third], 1);
	ck_assert_int_eq(scene->rows[another], 0);
	ck_assert_uint_eq(read_lane_in_flight(scene->lane), 0);
	lane_scene_free(scene);
}
END_TEST

/* A null is no empty text, and a value is compared in its whole length. */
START_TEST(test_shared_reads_other_values_are_other_questions)
{
	static const char *const values[] = {"a", "", NULL, "ab", "b"};
	struct lane_scene *scene = lane_scene_new();

	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct params params = params_in(scene->arena);

		params_int8(&params, scene->workspace);
		params_text(&params, values[i] == NULL ? (struct text){NULL, 0} : text_of(values[i]));
		params_null(&params);
		params_null(&params);
		lane_submit(scene, STATEMENT_COUNT_DEALS, params, deadline_in(5 * SECOND));
	}
	ck_assert_int_eq(shared(scene), 0);
	lane_wait_for(scene, COUNT_OF(values));
	lane_scene_free(scene);
}
END_TEST

/* What was committed before a question was asked is in its answer, though the same question was under way at that time. */
START_TEST(test_shared_reads_answer_is_not_older_than_the_question)
{
	struct lane_scene *scene = lane_scene_new();
	int under_way, behind, behind_too;

	lock_policies(scene);
	under_way = lane_policy(scene, 2, deadline_in(5 * SECOND));
	lane_turn_for(scene, 50 * MS);
	behind = lane_policy(scene, 2, deadline_in(5 * SECOND));
	behind_too = lane_policy(scene, 2, deadline_in(5 * SECOND));
	ck_assert_int_eq(shared(scene), 2);
	scene->on_first = make_second_policy;
	plain_run(scene->beside, "ROLLBACK");
	lane_wait_for(scene, 3);
	ck_assert_int_eq(scene->rows[under_way], 0);
	ck_assert_int_eq(scene->rows[behind], 1);
	ck_assert_int_eq(scene->rows[behind_too], 1);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_shared_reads_deadline_of_the_first_takes_no_other_along)
{
	struct lane_scene *scene = lane_scene_with(1, 256, 1000);
	int first, second, under_way, behind;

	/* While all wait for a link. The last that came is the first of the list: both ends give up. */
	first = lane_policy(scene, 1, deadline_in(-1));
	second = lane_policy(scene, 1, deadline_in(5 * SECOND));
	lane_policy(scene, 1, deadline_in(-1));
	loop_turn(scene->loop, 0);
	ck_assert_int_eq(scene->answers, 2);
	ck_assert_int_eq(scene->statuses[first], STATUS_DEADLINE);
	lane_wait_for(scene, 3);
	ck_assert_int_eq(scene->rows[second], 1);
	/* And while it is under way. */
	lock_policies(scene);
	under_way = lane_policy(scene, 1, deadline_in(200 * MS));
	lane_turn_for(scene, 50 * MS);
	behind = lane_policy(scene, 1, deadline_in(5 * SECOND));
	lane_policy(scene, 1, deadline_in(200 * MS));
	lane_wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[under_way], STATUS_DEADLINE);
	ck_assert_int_eq(scene->calls[behind], 0);
	plain_run(scene->beside, "ROLLBACK");
	lane_wait_for(scene, 6);
	ck_assert_int_eq(scene->rows[behind], 1);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_shared_reads_lost_link_all_are_asked_again)
{
	struct lane_scene *scene = lane_scene_new();

	lock_policies(scene);
	lane_policy(scene, 1, deadline_in(8 * SECOND));
	lane_turn_for(scene, 50 * MS);
	lane_policy(scene, 1, deadline_in(8 * SECOND));
	lane_kill_links(scene);
	lane_turn_for(scene, 100 * MS);
	lane_policy(scene, 1, deadline_in(8 * SECOND));
	ck_assert_int_eq(scene->answers, 0);
	plain_run(scene->beside, "ROLLBACK");
	lane_wait_for(scene, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(scene->rows[i], 1);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_shared_reads_refusal_is_everybodys)
{
	struct lane_scene *scene = lane_scene_new();
	int first = lane_bad(scene), second = lane_bad(scene);

	lane_wait_for(scene, 2);
	ck_assert_int_eq(scene->statuses[first], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[second], STATUS_INTERNAL);
	lane_scene_free(scene);
}
END_TEST

/* Two that want the same effect want it twice. */
START_TEST(test_shared_reads_effects_are_never_shared)
{
	struct lane_scene *scene = lane_scene_new();

	lane_create_key(scene, "once");
	lane_create_key(scene, "once");
	ck_assert_int_eq(shared(scene), 0);
	lane_wait_for(scene, 2);
	ck_assert_int_ne(scene->statuses[0], scene->statuses[1]);
	lane_scene_free(scene);
}
END_TEST

/* Of long ones, none waits for another that is under way: that may take all its time. */
START_TEST(test_shared_reads_long_ones_do_not_wait_for_each_other)
{
	struct lane_scene *scene = lane_scene_with(2, 1, 1000);

	lane_wait_until_up(scene);
	ck_assert_int_eq(lane_link_count(scene), 2);
	lock_policies(scene);
	lane_policy(scene, 1, deadline_in(5 * SECOND));
	lane_turn_for(scene, 50 * MS);
	lane_policy(scene, 1, deadline_in(5 * SECOND));
	ck_assert_int_eq(shared(scene), 0);
	plain_run(scene->beside, "ROLLBACK");
	lane_wait_for(scene, 2);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_shared_reads_free_answers_everybody)
{
	struct lane_scene *scene = lane_scene_new();

	lock_policies(scene);
	lane_policy(scene, 1, deadline_in(8 * SECOND));
	lane_turn_for(scene, 50 * MS);
	lane_policy(scene, 1, deadline_in(8 * SECOND));
	lane_policy(scene, 3, deadline_in(8 * SECOND));
	lane_policy(scene, 3, deadline_in(8 * SECOND));
	read_lane_close(scene->lane);
	ck_assert_int_eq(scene->answers, 4);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(scene->statuses[i], STATUS_UNAVAILABLE);
	plain_run(scene->beside, "ROLLBACK");
	lane_scene_free(scene);
}
END_TEST

Suite *suite_shared_reads(void);
Suite *suite_shared_reads(void)
{
	Suite *suite = suite_create("store/shared_reads");
	TCase *tcase = tcase_create("shared_reads");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_shared_reads_same_question_waiting_one_answer);
	tcase_add_test(tcase, test_shared_reads_other_values_are_other_questions);
	tcase_add_test(tcase, test_shared_reads_answer_is_not_older_than_the_question);
	tcase_add_test(tcase, test_shared_reads_deadline_of_the_first_takes_no_other_along);
	tcase_add_test(tcase, test_shared_reads_lost_link_all_are_asked_again);
	tcase_add_test(tcase, test_shared_reads_refusal_is_everybodys);
	tcase_add_test(tcase, test_shared_reads_effects_are_never_shared);
	tcase_add_test(tcase, test_shared_reads_long_ones_do_not_wait_for_each_other);
	tcase_add_test(tcase, test_shared_reads_free_answers_everybody);
	suite_add_tcase(suite, tcase);
	return suite;
}
