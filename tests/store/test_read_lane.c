/* SPDX-License-Identifier: Apache-2.0 */
/* Reads: travelling together, a neighbour's failure, deadlines, lost links, limits. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../service/store/read_lane.h"

#define MOST 400

/** A lane, and what became of what was submitted. */
struct scene {
	struct loop *loop;
	struct arena *arena;
	struct read_lane *lane;
	PGconn *beside, *killer; /* inside a transaction pg_stat_activity stands still: killing takes a connection of its own */
	int64_t workspace;
	struct read reads[MOST];
	struct point_read points[MOST];
	enum status statuses[2 * MOST]; /* of reads, and behind them of points */
	char names[MOST][32]; /* a point's row: its name; "" for none */
	int rows[MOST];
	int sent_reads, sent_points;
	int answers;
	int calls[2 * MOST];
	bool is_inside_submit;
};

static int64_t deadline(int64_t us)
{
	return clock_ticks_us() + us;
}

static struct scene *scene_with(size_t links, size_t depth, size_t limit)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	static char url[1024];
	const struct read_lane_options options = {
		.url = url,
		.name = "test lane",
		.links = links,
		.depth = depth,
		.limit = limit,
		.statement_ms = 5000,
	};

	snprintf(url, sizeof(url), "%s", url_of(TEST_DATABASE));
	scene->loop = loop_new();
	scene->arena = arena_new(65536);
	scene->beside = plain_connect(TEST_DATABASE);
	scene->killer = plain_connect(TEST_DATABASE);
	scene->workspace = make_workspace(scene->beside);
	ck_assert_int_eq(read_lane_new(scene->loop, &options, &scene->lane), STATUS_OK);
	return scene;
}

static void turn(struct scene *scene)
{
	read_lane_flush(scene->lane);
	loop_turn(scene->loop, 10 * MS);
}

static void wait_until_up(struct scene *scene)
{
	for (int64_t end = deadline(10 * SECOND); !read_lane_is_up(scene->lane); turn(scene))
		ck_assert_int_lt(clock_ticks_us(), end);
	/* Every link has been told who it is. */
	for (int64_t end = deadline(50 * MS); clock_ticks_us() < end;)
		turn(scene);
}

static struct scene *scene_new(void)
{
	struct scene *scene = scene_with(1, 256, 1000);

	wait_until_up(scene);
	return scene;
}

static void wait_for(struct scene *scene, int answers)
{
	for (int64_t end = deadline(10 * SECOND); scene->answers < answers; turn(scene))
		ck_assert_msg(clock_ticks_us() < end, "%d answers, not %d", scene->answers, answers);
}

static void scene_free(struct scene *scene)
{
	read_lane_free(scene->lane);
	loop_free(scene->loop);
	arena_free(scene->arena);
	PQfinish(scene->beside);
	PQfinish(scene->killer);
	free(scene);
}

static void on_read(struct read *read, enum status status, const PGresult *rows)
{
	struct scene *scene = read->owner;
	int i = (int)(read - scene->reads);

	ck_assert(!scene->is_inside_submit);
	ck_assert_int_eq(scene->calls[i]++, 0);
	ck_assert_int_eq(status == STATUS_OK, rows != NULL);
	scene->statuses[i] = status;
	scene->rows[i] = rows == NULL ? -1 : PQntuples(rows);
	scene->answers++;
	/* Whatever is read or sent from here on is a late use. */
	memset(read, 0xee, sizeof(*read));
}

static void on_point(struct point_read *point, enum status status, struct row row)
{
	struct scene *scene = point->owner;
	int i = (int)(point - scene->points);

	ck_assert(!scene->is_inside_submit);
	ck_assert_int_eq(scene->calls[MOST + i]++, 0);
	scene->statuses[MOST + i] = status;
	if (row.result != NULL) {
		ck_assert_int_eq(row_int(row, 0), point->workspace);
		ck_assert(text_equal(row_text(row, 1), point->id));
		snprintf(scene->names[i], sizeof(scene->names[i]), "%.*s", TEXT_ARGS(row_text(row, 2)));
	}
	scene->answers++;
	memset(point, 0xee, sizeof(*point));
}

static int submit(struct scene *scene, enum statement statement, struct params params, int64_t deadline_us)
{
	int i = scene->sent_reads++;

	scene->reads[i] = (struct read){
		.statement = statement,
		.params = params,
		.deadline_us = deadline_us,
		.on_done = on_read,
		.owner = scene,
	};
	scene->is_inside_submit = true;
	read_lane_submit(scene->lane, &scene->reads[i]);
	scene->is_inside_submit = false;
	return i;
}

static int good(struct scene *scene, int64_t deadline_us)
{
	return submit(scene, STATEMENT_READ_KEY_VERSION, params_in(scene->arena), deadline_us);
}

/** A statement that PostgreSQL refuses: a bigint of three bytes. */
static int bad(struct scene *scene)
{
	struct params params = params_in(scene->arena);

	params_bytes(&params, "bad", 3);
	params_int4(&params, 1);
	return submit(scene, STATEMENT_READ_POLICY, params, deadline(5 * SECOND));
}

static int point(struct scene *scene, const char *id, int64_t deadline_us)
{
	int i = scene->sent_points++;

	scene->points[i] = (struct point_read){
		.statement = STATEMENT_READ_SELLER,
		.workspace = scene->workspace,
		.id = text_of(id),
		.deadline_us = deadline_us,
		.on_done = on_point,
		.owner = scene,
	};
	scene->is_inside_submit = true;
	read_lane_submit_point(scene->lane, &scene->points[i]);
	scene->is_inside_submit = false;
	return i;
}

static void make_seller(struct scene *scene, int64_t workspace, const char *id, const char *name, bool is_deleted)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "INSERT INTO seller (workspace_id, id, name, active, said, said_at, deleted, version, created_at,"
				   " updated_at)"
				   " VALUES (%lld, '%s', '%s', true, 1, now(), %s, 1, now(), now())",
		(long long)workspace, id, name, is_deleted ? "true" : "false");
	plain_run(scene->beside, sql);
}

static int64_t link_count(struct scene *scene)
{
	return plain_number(scene->beside, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'test lane'");
}

START_TEST(test_read_lane_points_coalesce_and_find_their_rows)
{
	struct scene *scene = scene_new();
	int64_t other = make_workspace(scene->beside);
	static char ids[300][16];

	for (int i = 0; i < 300; i++)
		snprintf(ids[i], sizeof(ids[i]), "s%d", i);
	for (int i = 0; i < 300; i += 2)
		make_seller(scene, scene->workspace, ids[i], ids[i], i % 10 == 0);
	make_seller(scene, other, "s1", "of another workspace", false);
	for (int i = 0; i < 300; i++)
		point(scene, ids[i], deadline(5 * SECOND));
	point(scene, "s2", deadline(5 * SECOND));
	read_lane_flush(scene->lane);
	/* 301 reads in two statements, and no answer before the loop has turned. */
	ck_assert_int_eq(scene->answers, 0);
	wait_for(scene, 301);
	for (int i = 0; i < 300; i++) {
		ck_assert_int_eq(scene->statuses[MOST + i], STATUS_OK);
		ck_assert_str_eq(scene->names[i], i % 2 == 0 && i % 10 != 0 ? ids[i] : "");
	}
	ck_assert_str_eq(scene->names[300], "s2");
	ck_assert_uint_eq(read_lane_in_flight(scene->lane), 0);
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_neighbours_failure_is_not_theirs)
{
	struct scene *scene = scene_new();
	int first = good(scene, deadline(5 * SECOND)), refused = bad(scene), behind = good(scene, deadline(5 * SECOND));

	make_seller(scene, scene->workspace, "s", "S", false);
	point(scene, "s", deadline(5 * SECOND));
	wait_for(scene, 4);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert_int_eq(scene->rows[first], 1);
	ck_assert_int_eq(scene->rows[behind], 1);
	ck_assert_str_eq(scene->names[0], "S");
	scene_free(scene);
}
END_TEST

/* An id that PostgreSQL refuses spoils the group it travels in, not the others of the group. */
START_TEST(test_read_lane_point_that_fails_is_found_out)
{
	struct scene *scene = scene_new();
	int spoilt;

	make_seller(scene, scene->workspace, "a", "A", false);
	make_seller(scene, scene->workspace, "b", "B", false);
	point(scene, "a", deadline(5 * SECOND));
	spoilt = point(scene, "\xff", deadline(5 * SECOND));
	point(scene, "b", deadline(5 * SECOND));
	wait_for(scene, 3);
	ck_assert_str_eq(scene->names[0], "A");
	ck_assert_int_eq(scene->statuses[MOST + spoilt], STATUS_INTERNAL);
	ck_assert_str_eq(scene->names[2], "B");
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_deadline_answers_while_the_database_is_stuck)
{
	struct scene *scene = scene_new();
	int64_t before = clock_ticks_us();

	plain_run(scene->beside, "BEGIN; LOCK TABLE seller IN ACCESS EXCLUSIVE MODE");
	point(scene, "s", deadline(200 * MS));
	good(scene, deadline(200 * MS));
	point(scene, "s", deadline(400 * MS));
	wait_for(scene, 3);
	ck_assert_int_ge(clock_ticks_us() - before, 400 * MS);
	ck_assert_int_lt(clock_ticks_us() - before, 800 * MS);
	ck_assert_int_eq(scene->statuses[0], STATUS_DEADLINE);
	ck_assert_int_eq(scene->statuses[MOST], STATUS_DEADLINE);
	ck_assert_int_eq(scene->statuses[MOST + 1], STATUS_DEADLINE);
	ck_assert_uint_eq(read_lane_in_flight(scene->lane), 0);
	plain_run(scene->beside, "ROLLBACK");
	/* The late answers find nobody, and the lane goes on. */
	for (int64_t end = deadline(200 * MS); clock_ticks_us() < end;)
		turn(scene);
	good(scene, deadline(5 * SECOND));
	wait_for(scene, 4);
	ck_assert_int_eq(scene->rows[1], 1);
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_deadline_without_any_link)
{
	struct scene *scene = scene_with(1, 256, 1000);

	good(scene, deadline(-1));
	point(scene, "s", deadline(1));
	loop_turn(scene->loop, 0);
	loop_turn(scene->loop, 10 * MS);
	ck_assert_int_eq(scene->answers, 2);
	ck_assert_int_eq(scene->statuses[0], STATUS_DEADLINE);
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_lost_link_is_sent_again_once)
{
	struct scene *scene = scene_new();

	make_seller(scene, scene->workspace, "s", "S", false);
	plain_run(scene->beside, "BEGIN; LOCK TABLE seller IN ACCESS EXCLUSIVE MODE");
	point(scene, "s", deadline(8 * SECOND));
	for (int64_t end = deadline(100 * MS); clock_ticks_us() < end;)
		turn(scene);
	plain_run(scene->killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test lane'");
	for (int64_t end = deadline(100 * MS); clock_ticks_us() < end;)
		turn(scene);
	ck_assert_int_eq(scene->answers, 0);
	plain_run(scene->beside, "ROLLBACK");
	wait_for(scene, 1);
	ck_assert_int_eq(scene->statuses[MOST], STATUS_OK);
	ck_assert_str_eq(scene->names[0], "S");
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_lost_twice_is_unavailable)
{
	struct scene *scene = scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE seller IN ACCESS EXCLUSIVE MODE");
	point(scene, "s", deadline(8 * SECOND));
	for (int64_t end = deadline(8 * SECOND); scene->answers == 0 && clock_ticks_us() < end; turn(scene))
		plain_run(scene->killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test lane'"
					 " AND wait_event_type = 'Lock'");
	ck_assert_int_eq(scene->statuses[MOST], STATUS_UNAVAILABLE);
	plain_run(scene->beside, "ROLLBACK");
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_over_the_limit_is_refused_later)
{
	struct scene *scene = scene_with(1, 256, 5);

	for (int i = 0; i < 4; i++)
		good(scene, deadline(5 * SECOND));
	for (int i = 0; i < 4; i++)
		point(scene, "s", deadline(5 * SECOND));
	ck_assert_int_eq(scene->answers, 0);
	read_lane_flush(scene->lane);
	ck_assert_int_eq(scene->answers, 3);
	for (int i = 1; i < 4; i++)
		ck_assert_int_eq(scene->statuses[MOST + i], STATUS_UNAVAILABLE);
	wait_for(scene, 8);
	scene_free(scene);
}
END_TEST

/* What is under way on a link is bounded, or a frozen server would fill our memory. */
START_TEST(test_read_lane_depth_is_kept)
{
	struct scene *scene = scene_with(1, 8, 1000);

	wait_until_up(scene);
	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	for (int i = 0; i < 50; i++)
		good(scene, deadline(300 * MS));
	wait_for(scene, 50);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(scene->statuses[i], STATUS_DEADLINE);
	plain_run(scene->beside, "ROLLBACK");
	for (int i = 0; i < 50; i++)
		good(scene, deadline(5 * SECOND));
	wait_for(scene, 100);
	for (int i = 50; i < 100; i++)
		ck_assert_int_eq(scene->rows[i], 1);
	scene_free(scene);
}
END_TEST

/* Of a lane for long statements, one that hangs takes its own link alone. */
START_TEST(test_read_lane_streams_do_not_wait_for_each_other)
{
	struct scene *scene = scene_with(2, 1, 1000);
	struct params params;

	wait_until_up(scene);
	ck_assert_int_eq(link_count(scene), 2);
	plain_run(scene->beside, "BEGIN; LOCK TABLE policy IN ACCESS EXCLUSIVE MODE");
	params = params_in(scene->arena);
	params_int8(&params, scene->workspace);
	params_int4(&params, 1);
	submit(scene, STATEMENT_READ_POLICY, params, deadline(5 * SECOND));
	for (int i = 0; i < 5; i++)
		good(scene, deadline(5 * SECOND));
	wait_for(scene, 5);
	ck_assert_int_eq(scene->calls[0], 0);
	plain_run(scene->beside, "ROLLBACK");
	wait_for(scene, 6);
	ck_assert_int_eq(scene->rows[0], 1);
	scene_free(scene);
}
END_TEST

static int create_key(struct scene *scene, const char *id)
{
	struct params params = params_in(scene->arena);

	params_int8(&params, scene->workspace);
	params_text(&params, text_of(id));
	params_bytes(&params, id, strlen(id));
	params_text(&params, TEXT("read"));
	return submit(scene, STATEMENT_CREATE_KEY, params, deadline(5 * SECOND));
}

/* A statement with an effect shares no Sync: a neighbour that fails cannot undo what was answered. */
START_TEST(test_read_lane_effect_is_not_undone_by_a_neighbour)
{
	struct scene *scene = scene_new();
	int created = create_key(scene, "kept"), refused = bad(scene);

	wait_for(scene, 2);
	ck_assert_int_eq(scene->statuses[created], STATUS_OK);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'kept'"), 1);
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_effect_whose_commit_fails_is_no_success)
{
	struct scene *scene = scene_new();
	int created;

	plain_run(scene->beside, "CREATE FUNCTION refuse_read() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';"
				 "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON api_key DEFERRABLE INITIALLY DEFERRED"
				 " FOR EACH ROW EXECUTE FUNCTION refuse_read()");
	created = create_key(scene, "not kept");
	wait_for(scene, 1);
	plain_run(scene->beside, "DROP TRIGGER refuse ON api_key; DROP FUNCTION refuse_read()");
	ck_assert_int_eq(scene->statuses[created], STATUS_INTERNAL);
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_effect_with_unknown_outcome_is_not_repeated)
{
	struct scene *scene = scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	create_key(scene, "unknown");
	for (int64_t end = deadline(100 * MS); clock_ticks_us() < end;)
		turn(scene);
	plain_run(scene->killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test lane'");
	plain_run(scene->beside, "ROLLBACK");
	wait_for(scene, 1);
	ck_assert_int_eq(scene->statuses[0], STATUS_UNAVAILABLE);
	for (int64_t end = deadline(700 * MS); clock_ticks_us() < end;)
		turn(scene);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'unknown'"), 0);
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_free_answers_everything)
{
	struct scene *scene = scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key, seller IN ACCESS EXCLUSIVE MODE");
	good(scene, deadline(5 * SECOND));
	point(scene, "s", deadline(5 * SECOND));
	turn(scene);
	good(scene, deadline(5 * SECOND));
	point(scene, "s", deadline(5 * SECOND));
	read_lane_free(scene->lane);
	scene->lane = NULL;
	ck_assert_int_eq(scene->answers, 4);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(scene->statuses[i], STATUS_UNAVAILABLE);
		ck_assert_int_eq(scene->statuses[MOST + i], STATUS_UNAVAILABLE);
	}
	scene_free(scene);
}
END_TEST

START_TEST(test_read_lane_no_memory_for_params_is_answered)
{
	struct scene *scene = scene_new();
	struct params params = params_in(scene->arena);
	int i;

	params.failed = true;
	i = submit(scene, STATEMENT_READ_KEY, params, deadline(5 * SECOND));
	wait_for(scene, 1);
	ck_assert_int_eq(scene->statuses[i], STATUS_NO_MEMORY);
	scene_free(scene);
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
