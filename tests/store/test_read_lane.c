/* SPDX-License-Identifier: Apache-2.0 */
/* Reads: travelling together, a neighbour's failure, deadlines, lost links, limits. */
#include "lane_scene.h"

#include <stdio.h>
#include <stdlib.h>

START_TEST(test_read_lane_points_coalesce_and_find_their_rows)
{
	struct lane_scene *scene = lane_scene_new();
	int64_t other = make_workspace(scene->beside);
	static char ids[300][16];

	for (int i = 0; i < 300; i++)
		snprintf(ids[i], sizeof(ids[i]), "s%d", i);
	for (int i = 0; i < 300; i += 2)
		lane_make_seller(scene, scene->workspace, ids[i], ids[i], i % 10 == 0);
	lane_make_seller(scene, other, "s1", "of another workspace", false);
	for (int i = 0; i < 300; i++)
		lane_point(scene, ids[i], deadline_in(5 * SECOND));
	lane_point(scene, "s2", deadline_in(5 * SECOND));
	read_lane_flush(scene->lane);
	/* 301 reads in two statements, and no answer before the loop has turned. */
	ck_assert_int_eq(scene->answers, 0);
	lane_wait_for(scene, 301);
	for (int i = 0; i < 300; i++) {
		ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST + i], STATUS_OK);
		ck_assert_str_eq(scene->names[i], i % 2 == 0 && i % 10 != 0 ? ids[i] : "");
	}
	ck_assert_str_eq(scene->names[300], "s2");
	ck_assert_uint_eq(read_lane_in_flight(scene->lane), 0);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_neighbours_failure_is_not_theirs)
{
	struct lane_scene *scene = lane_scene_new();
	int first = lane_good(scene, deadline_in(5 * SECOND)), refused = lane_bad(scene), behind = lane_good(scene, deadline_in(5 * SECOND));

	lane_make_seller(scene, scene->workspace, "s", "S", false);
	lane_point(scene, "s", deadline_in(5 * SECOND));
	lane_wait_for(scene, 4);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert_int_eq(scene->rows[first], 1);
	ck_assert_int_eq(scene->rows[behind], 1);
	ck_assert_str_eq(scene->names[0], "S");
	lane_scene_free(scene);
}
END_TEST

/* An id that PostgreSQL refuses spoils the group it travels in, not the others of the group. */
START_TEST(test_read_lane_point_that_fails_is_found_out)
{
	struct lane_scene *scene = lane_scene_new();
	int spoilt;

	lane_make_seller(scene, scene->workspace, "a", "A", false);
	lane_make_seller(scene, scene->workspace, "b", "B", false);
	lane_point(scene, "a", deadline_in(5 * SECOND));
	spoilt = lane_point(scene, "\xff", deadline_in(5 * SECOND));
	lane_point(scene, "b", deadline_in(5 * SECOND));
	lane_wait_for(scene, 3);
	ck_assert_str_eq(scene->names[0], "A");
	ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST + spoilt], STATUS_INTERNAL);
	ck_assert_str_eq(scene->names[2], "B");
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_deadline_answers_while_the_database_is_stuck)
{
	struct lane_scene *scene = lane_scene_new();
	int64_t before = clock_ticks_us();

	plain_run(scene->beside, "BEGIN; LOCK TABLE seller IN ACCESS EXCLUSIVE MODE");
	lane_point(scene, "s", deadline_in(200 * MS));
	lane_good(scene, deadline_in(200 * MS));
	lane_point(scene, "s", deadline_in(400 * MS));
	lane_wait_for(scene, 3);
	ck_assert_int_ge(clock_ticks_us() - before, 400 * MS);
	ck_assert_int_lt(clock_ticks_us() - before, 800 * MS);
	ck_assert_int_eq(scene->statuses[0], STATUS_DEADLINE);
	ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST], STATUS_DEADLINE);
	ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST + 1], STATUS_DEADLINE);
	ck_assert_uint_eq(read_lane_in_flight(scene->lane), 0);
	plain_run(scene->beside, "ROLLBACK");
	/* The late answers find nobody, and the lane goes on. */
	lane_turn_for(scene, 200 * MS);
	lane_good(scene, deadline_in(5 * SECOND));
	lane_wait_for(scene, 4);
	ck_assert_int_eq(scene->rows[1], 1);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_deadline_without_any_link)
{
	struct lane_scene *scene = lane_scene_with(1, 256, 1000);

	lane_good(scene, deadline_in(-1));
	lane_point(scene, "s", deadline_in(1));
	loop_turn(scene->loop, 0);
	loop_turn(scene->loop, 10 * MS);
	ck_assert_int_eq(scene->answers, 2);
	ck_assert_int_eq(scene->statuses[0], STATUS_DEADLINE);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_lost_link_is_sent_again_once)
{
	struct lane_scene *scene = lane_scene_new();

	lane_make_seller(scene, scene->workspace, "s", "S", false);
	plain_run(scene->beside, "BEGIN; LOCK TABLE seller IN ACCESS EXCLUSIVE MODE");
	lane_point(scene, "s", deadline_in(8 * SECOND));
	lane_turn_for(scene, 100 * MS);
	lane_kill_links(scene);
	lane_turn_for(scene, 100 * MS);
	ck_assert_int_eq(scene->answers, 0);
	plain_run(scene->beside, "ROLLBACK");
	lane_wait_for(scene, 1);
	ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST], STATUS_OK);
	ck_assert_str_eq(scene->names[0], "S");
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_lost_twice_is_unavailable)
{
	struct lane_scene *scene = lane_scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE seller IN ACCESS EXCLUSIVE MODE");
	lane_point(scene, "s", deadline_in(8 * SECOND));
	for (int64_t end = deadline_in(8 * SECOND); scene->answers == 0 && clock_ticks_us() < end; lane_turn(scene))
		plain_run(scene->killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test lane'"
					 " AND wait_event_type = 'Lock'");
	ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST], STATUS_UNAVAILABLE);
	plain_run(scene->beside, "ROLLBACK");
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_over_the_limit_is_refused_later)
{
	struct lane_scene *scene = lane_scene_with(1, 256, 5);

	for (int i = 0; i < 4; i++)
		lane_good(scene, deadline_in(5 * SECOND));
	for (int i = 0; i < 4; i++)
		lane_point(scene, "s", deadline_in(5 * SECOND));
	ck_assert_int_eq(scene->answers, 0);
	read_lane_flush(scene->lane);
	ck_assert_int_eq(scene->answers, 3);
	for (int i = 1; i < 4; i++)
		ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST + i], STATUS_UNAVAILABLE);
	lane_wait_for(scene, 8);
	lane_scene_free(scene);
}
END_TEST

/* What is under way on a link is bounded, or a frozen server would fill our memory. */
START_TEST(test_read_lane_depth_is_kept)
{
	struct lane_scene *scene = lane_scene_with(1, 8, 1000);

	lane_wait_until_up(scene);
	plain_run(scene->beside, "BEGIN; LOCK TABLE policy IN ACCESS EXCLUSIVE MODE");
	for (int i = 0; i < 50; i++)
		lane_policy(scene, i + 1, deadline_in(300 * MS));
	lane_wait_for(scene, 50);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(scene->statuses[i], STATUS_DEADLINE);
	plain_run(scene->beside, "ROLLBACK");
	for (int i = 0; i < 50; i++)
		lane_policy(scene, i + 1, deadline_in(5 * SECOND));
	lane_wait_for(scene, 100);
	for (int i = 50; i < 100; i++)
		ck_assert_int_eq(scene->rows[i], i == 50);
	lane_scene_free(scene);
}
END_TEST

/* Of a lane for long statements, one that hangs takes its own link alone. */
START_TEST(test_read_lane_streams_do_not_wait_for_each_other)
{
	struct lane_scene *scene = lane_scene_with(2, 1, 1000);

	lane_wait_until_up(scene);
	ck_assert_int_eq(lane_link_count(scene), 2);
	plain_run(scene->beside, "BEGIN; LOCK TABLE policy IN ACCESS EXCLUSIVE MODE");
	lane_policy(scene, 1, deadline_in(5 * SECOND));
	for (int i = 0; i < 5; i++)
		lane_good(scene, deadline_in(5 * SECOND));
	lane_wait_for(scene, 5);
	ck_assert_int_eq(scene->calls[0], 0);
	plain_run(scene->beside, "ROLLBACK");
	lane_wait_for(scene, 6);
	ck_assert_int_eq(scene->rows[0], 1);
	lane_scene_free(scene);
}
END_TEST

/* A statement with an effect shares no Sync: a neighbour that fails cannot undo what was answered. */
START_TEST(test_read_lane_effect_is_not_undone_by_a_neighbour)
{
	struct lane_scene *scene = lane_scene_new();
	int created = lane_create_key(scene, "kept"), refused = lane_bad(scene);

	lane_wait_for(scene, 2);
	ck_assert_int_eq(scene->statuses[created], STATUS_OK);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'kept'"), 1);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_effect_whose_commit_fails_is_no_success)
{
	struct lane_scene *scene = lane_scene_new();
	int created;

	plain_run(scene->beside, "CREATE FUNCTION refuse_read() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';"
				 "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON api_key DEFERRABLE INITIALLY DEFERRED"
				 " FOR EACH ROW EXECUTE FUNCTION refuse_read()");
	created = lane_create_key(scene, "not kept");
	lane_wait_for(scene, 1);
	plain_run(scene->beside, "DROP TRIGGER refuse ON api_key; DROP FUNCTION refuse_read()");
	ck_assert_int_eq(scene->statuses[created], STATUS_INTERNAL);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_effect_with_unknown_outcome_is_not_repeated)
{
	struct lane_scene *scene = lane_scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	lane_create_key(scene, "unknown");
	lane_turn_for(scene, 100 * MS);
	lane_kill_links(scene);
	plain_run(scene->beside, "ROLLBACK");
	lane_wait_for(scene, 1);
	ck_assert_int_eq(scene->statuses[0], STATUS_UNAVAILABLE);
	lane_turn_for(scene, 700 * MS);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'unknown'"), 0);
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_free_answers_everything)
{
	struct lane_scene *scene = lane_scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key, seller IN ACCESS EXCLUSIVE MODE");
	lane_good(scene, deadline_in(5 * SECOND));
	lane_point(scene, "s", deadline_in(5 * SECOND));
	lane_turn(scene);
	lane_good(scene, deadline_in(5 * SECOND));
	lane_point(scene, "s", deadline_in(5 * SECOND));
	read_lane_free(scene->lane);
	scene->lane = NULL;
	ck_assert_int_eq(scene->answers, 4);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(scene->statuses[i], STATUS_UNAVAILABLE);
		ck_assert_int_eq(scene->statuses[LANE_SCENE_MOST + i], STATUS_UNAVAILABLE);
	}
	lane_scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_no_memory_for_params_is_answered)
{
	struct lane_scene *scene = lane_scene_new();
	struct params params = params_in(scene->arena);
	int i;

	params.failed = true;
	i = lane_submit(scene, STATEMENT_READ_KEY, params, deadline_in(5 * SECOND));
	lane_wait_for(scene, 1);
	ck_assert_int_eq(scene->statuses[i], STATUS_NO_MEMORY);
	lane_scene_free(scene);
}
END_TEST

Suite *suite_read_lane(void);
Suite *suite_read_lane(void)
{
	Suite *suite = suite_create("store/read_lane");
	TCase *tcase = tcase_create("read_lane");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_read_lane_points_coalesce_and_find_their_rows);
	tcase_add_test(tcase, test_read_lane_neighbours_failure_is_not_theirs);
	tcase_add_test(tcase, test_read_lane_point_that_fails_is_found_out);
	tcase_add_test(tcase, test_read_lane_deadline_answers_while_the_database_is_stuck);
	tcase_add_test(tcase, test_read_lane_deadline_without_any_link);
	tcase_add_test(tcase, test_read_lane_lost_link_is_sent_again_once);
	tcase_add_test(tcase, test_read_lane_lost_twice_is_unavailable);
	tcase_add_test(tcase, test_read_lane_over_the_limit_is_refused_later);
	tcase_add_test(tcase, test_read_lane_depth_is_kept);
	tcase_add_test(tcase, test_read_lane_streams_do_not_wait_for_each_other);
	tcase_add_test(tcase, test_read_lane_effect_is_not_undone_by_a_neighbour);
	tcase_add_test(tcase, test_read_lane_effect_whose_commit_fails_is_no_success);
	tcase_add_test(tcase, test_read_lane_effect_with_unknown_outcome_is_not_repeated);
	tcase_add_test(tcase, test_read_lane_free_answers_everything);
	tcase_add_test(tcase, test_read_lane_no_memory_for_params_is_answered);
	suite_add_tcase(suite, tcase);
	return suite;
}
