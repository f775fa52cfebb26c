/* SPDX-License-Identifier: Apache-2.0 */
/* The pipelined link: order, failures, Syncs, commits that fail, plans. How it comes and goes is test_link_life.c. */
#include "link_scene.h"

#include <stdio.h>
#include <stdlib.h>

START_TEST(test_link_query_many_answered_in_order)
{
	struct link_scene *scene = link_scene_new();

	for (int i = 0; i < 10; i++)
		scene_version(scene);
	scene_sync(scene);
	ck_assert_int_eq(scene->answers, 0);
	scene_wait_for(scene, 11);
	for (int i = 0; i < 11; i++) {
		ck_assert_int_eq(scene->order[i], i);
		ck_assert_int_eq(scene->statuses[i], STATUS_OK);
		ck_assert_int_eq(scene->rows[i], i < 10 ? 1 : 0);
	}
	ck_assert_uint_eq(link_in_flight(scene->link), 0);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_new_session_is_set_up)
{
	struct link_scene *scene = link_scene_new();
	PGconn *beside = scene->beside;

	ck_assert_int_eq(plain_number(beside, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'test link'"), 1);
	/* What the setup says holds on the link itself: a lock that is not to be had is given up after lock_timeout. */
	plain_run(beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 2);
	plain_run(beside, "ROLLBACK");
	ck_assert_int_eq(scene->statuses[0], STATUS_RETRY);
	ck_assert(!scene->aborted[0]);
	ck_assert_int_eq(scene->statuses[1], STATUS_RETRY);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_query_failure_aborts_until_sync_only)
{
	struct link_scene *scene = link_scene_new();
	int before = scene_version(scene), refused = scene_bad(scene), after = scene_version(scene), end = scene_sync(scene);
	int next = scene_version(scene), next_end = scene_sync(scene);

	scene_wait_for(scene, 6);
	ck_assert_int_eq(scene->statuses[before], STATUS_OK);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert(!scene->aborted[refused]);
	ck_assert_int_eq(scene->statuses[after], STATUS_RETRY);
	ck_assert(scene->aborted[after]);
	ck_assert_int_eq(scene->statuses[end], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[next], STATUS_OK);
	ck_assert_int_eq(scene->statuses[next_end], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

/* Plans made while a table was young would go on reading it as if it still were. What makes them anew is one more entry in front. */
START_TEST(test_link_query_makes_plans_anew_when_they_are_old)
{
	struct link_scene *scene = link_scene_new();
	int first, second;

	scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 2);
	turn_for(scene->loop, NULL, 60 * MS);
	first = scene_version(scene);
	ck_assert_uint_eq(link_in_flight(scene->link), 2);
	second = scene_version(scene);
	ck_assert_uint_eq(link_in_flight(scene->link), 3);
	scene_sync(scene);
	scene_wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[first], STATUS_OK);
	ck_assert_int_eq(scene->statuses[second], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

/* In a transaction that has failed anything but ROLLBACK would be refused, and take the ROLLBACK behind it along. */
START_TEST(test_link_query_after_a_failure_is_sent_alone)
{
	struct link_scene *scene = link_scene_new();
	int rollback, end;

	scene_query(scene, STATEMENT_BEGIN, NULL);
	scene_bad(scene);
	scene_sync(scene);
	scene_wait_for(scene, 3);
	turn_for(scene->loop, NULL, 60 * MS);
	rollback = scene_query(scene, STATEMENT_ROLLBACK, NULL);
	ck_assert_uint_eq(link_in_flight(scene->link), 1);
	end = scene_sync(scene);
	scene_wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[rollback], STATUS_OK);
	ck_assert_int_eq(scene->statuses[end], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

/* The Parse itself is swallowed by the failure in front of it: the statement must not stay marked as prepared. */
START_TEST(test_link_prepare_aborted_is_prepared_again)
{
	struct link_scene *scene = link_scene_new();
	int refused = scene_bad(scene), swallowed = scene_version(scene), later;

	scene_sync(scene);
	/* Sent while the Parse is still believed in: it finds no statement, and is to be sent again. */
	later = scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert(scene->aborted[swallowed]);
	ck_assert_int_eq(scene->statuses[later], STATUS_RETRY);
	ck_assert(scene->aborted[later]);
	later = scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 7);
	ck_assert_int_eq(scene->statuses[later], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

/* schema_migration is taken away, so that preparing read_migration fails; then it comes back. */
START_TEST(test_link_prepare_failed_answers_and_is_tried_again)
{
	struct link_scene *scene = link_scene_new();
	int first, second;

	plain_run(scene->beside, "ALTER TABLE schema_migration RENAME TO hidden_migration");
	first = scene_query(scene, STATEMENT_READ_MIGRATION, NULL);
	scene_sync(scene);
	scene_wait_for(scene, 2);
	plain_run(scene->beside, "ALTER TABLE hidden_migration RENAME TO schema_migration");
	second = scene_query(scene, STATEMENT_READ_MIGRATION, NULL);
	scene_sync(scene);
	scene_wait_for(scene, 4);
	ck_assert_int_eq(scene->statuses[first], STATUS_INTERNAL);
	ck_assert(!scene->aborted[first]);
	ck_assert_int_eq(scene->statuses[second], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_query_forgotten_statement_is_sent_again)
{
	struct link_scene *scene = link_scene_new();
	int first;

	scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 2);
	/* What a migration does that changes the type of a column: the link makes a new session by itself. */
	plain_run(scene->beside, "ALTER TABLE api_key ALTER COLUMN version TYPE numeric");
	first = scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 4);
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	plain_run(scene->beside, "ALTER TABLE api_key ALTER COLUMN version TYPE bigint");
	ck_assert_int_eq(scene->statuses[first], STATUS_RETRY);
	ck_assert(scene->aborted[first]);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_request_flush_answers_without_sync)
{
	struct link_scene *scene = link_scene_new();
	int read, written, committed, end;
	int64_t workspace = make_workspace(scene->beside);

	scene_query(scene, STATEMENT_BEGIN, NULL);
	read = scene_version(scene);
	link_request_flush(scene->link);
	scene_wait_for(scene, 2);
	ck_assert_int_eq(scene->statuses[read], STATUS_OK);
	/* Still in the same transaction. */
	written = scene_create_key(scene, workspace, "flushed");
	link_request_flush(scene->link);
	scene_wait_for(scene, 3);
	ck_assert_int_eq(scene->statuses[written], STATUS_OK);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'flushed'"), 0);
	committed = scene_query(scene, STATEMENT_COMMIT, NULL);
	end = scene_sync(scene);
	scene_wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[committed], STATUS_OK);
	ck_assert_int_eq(scene->statuses[end], STATUS_OK);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'flushed'"), 1);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_answer_that_is_not_there_yet_is_not_waited_for)
{
	struct link_scene *scene = link_scene_new();
	int64_t longest = 0;
	int first, second;

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	first = scene_query(scene, STATEMENT_READ_MIGRATION, NULL);
	link_request_flush(scene->link);
	second = scene_version(scene);
	scene_sync(scene);
	for (int64_t end = clock_ticks_us() + SECOND; clock_ticks_us() < end;) {
		int64_t before = clock_ticks_us();

		loop_turn(scene->loop, MS);
		if (clock_ticks_us() - before > longest)
			longest = clock_ticks_us() - before;
	}
	ck_assert_int_eq(scene->answers, 1);
	ck_assert_int_lt(longest, 500 * MS);
	plain_run(scene->beside, "ROLLBACK");
	scene_wait_for(scene, 3);
	ck_assert_int_eq(scene->statuses[first], STATUS_OK);
	ck_assert_int_eq(scene->statuses[second], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

static void refuse_commits(PGconn *connection)
{
	plain_run(connection, "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';"
			      "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON api_key DEFERRABLE INITIALLY DEFERRED"
			      " FOR EACH ROW EXECUTE FUNCTION refuse()");
}

static void allow_commits(PGconn *connection)
{
	plain_run(connection, "DROP TRIGGER refuse ON api_key; DROP FUNCTION refuse()");
}

/* COMMAND_OK is not a commit. */
START_TEST(test_link_sync_commit_that_fails_shows_at_the_sync)
{
	struct link_scene *scene = link_scene_new();
	int64_t workspace = make_workspace(scene->beside);
	int inserted, end, next;

	refuse_commits(scene->beside);
	inserted = scene_create_key(scene, workspace, "never");
	end = scene_sync(scene);
	next = scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 4);
	allow_commits(scene->beside);
	ck_assert_int_eq(scene->statuses[inserted], STATUS_OK);
	ck_assert_int_eq(scene->statuses[end], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[next], STATUS_OK);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'never'"), 0);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_sync_explicit_commit_that_fails_shows_at_both)
{
	struct link_scene *scene = link_scene_new();
	int64_t workspace = make_workspace(scene->beside);
	int inserted, committed, end, next;

	refuse_commits(scene->beside);
	scene_query(scene, STATEMENT_BEGIN, NULL);
	inserted = scene_create_key(scene, workspace, "never");
	committed = scene_query(scene, STATEMENT_COMMIT, NULL);
	end = scene_sync(scene);
	next = scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 6);
	allow_commits(scene->beside);
	ck_assert_int_eq(scene->statuses[inserted], STATUS_OK);
	ck_assert_int_eq(scene->statuses[committed], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[end], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[next], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_query_failed_params_are_refused)
{
	struct link_scene *scene = link_scene_new();
	struct params params = params_in(scene->arena);
	struct link_entry refused = {.on_answer = scene_on_answer, .owner = scene};

	params.failed = true;
	ck_assert_int_eq(link_query(scene->link, STATEMENT_READ_KEY, &params, &refused), STATUS_NO_MEMORY);
	ck_assert(link_is_up(scene->link));
	ck_assert_uint_eq(link_in_flight(scene->link) <= 2, 1);
	link_scene_free(scene);
}
END_TEST

#define MIB (1 << 20)

/** Look for a workspace with a name of 1 MiB. */
static void send_mebibyte(struct link_scene *scene, const char *bytes)
{
	struct params params;

	arena_reset(scene->arena);
	params = params_in(scene->arena);
	params_bytes(&params, bytes, MIB);
	scene_query(scene, STATEMENT_FIND_WORKSPACE, &params);
}

static char *mebibyte_new(void)
{
	char *bytes = malloc(MIB + 1);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 'x', MIB);
	bytes[MIB] = '\0';
	return bytes;
}

/* 20 MiB out to a server that waits for a lock, and reads nothing meanwhile. */
START_TEST(test_link_query_large_parameters_do_not_block)
{
	struct link_scene *scene = link_scene_new();
	char *bytes = mebibyte_new();
	int64_t longest = 0;

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	scene_version(scene);
	for (int i = 1; i < 20; i++) {
		int64_t before = clock_ticks_us();

		send_mebibyte(scene, bytes);
		if (clock_ticks_us() - before > longest)
			longest = clock_ticks_us() - before;
	}
	plain_run(scene->beside, "ROLLBACK");
	scene_sync(scene);
	scene_wait_for(scene, 21);
	ck_assert_int_lt(longest, SECOND);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(scene->statuses[i], STATUS_OK);
	free(bytes);
	link_scene_free(scene);
}
END_TEST

/* 10 MiB out and 10 MiB in: neither side may wait for the other to read. */
START_TEST(test_link_query_large_parameters_and_answers_do_not_wait_for_each_other)
{
	struct link_scene *scene = link_scene_new();
	int64_t workspace = make_workspace(scene->beside);
	char *bytes = mebibyte_new();
	char *sql = malloc(MIB + 256);

	snprintf(sql, MIB + 256, "INSERT INTO policy (workspace_id, version, document) VALUES (%lld, 77, jsonb_build_object('x', '%s'))",
		 (long long)workspace, bytes);
	plain_run(scene->beside, sql);
	for (int i = 0; i < 10; i++) {
		struct params params;

		arena_reset(scene->arena);
		params = params_in(scene->arena);
		params_int8(&params, workspace);
		params_int4(&params, 77);
		scene_query(scene, STATEMENT_READ_POLICY, &params);
		send_mebibyte(scene, bytes);
	}
	scene_sync(scene);
	scene_wait_for(scene, 21);
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(scene->statuses[i], STATUS_OK);
		ck_assert_int_eq(scene->rows[i], i % 2 == 0);
	}
	free(sql);
	free(bytes);
	link_scene_free(scene);
}
END_TEST

Suite *suite_link(void);
Suite *suite_link(void)
{
	Suite *suite = suite_create("store/link");
	TCase *tcase = tcase_create("link"), *waiting = tcase_create("waiting"), *large = tcase_create("large");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_link_query_many_answered_in_order);
	tcase_add_test(tcase, test_link_query_failure_aborts_until_sync_only);
	tcase_add_test(tcase, test_link_query_makes_plans_anew_when_they_are_old);
	tcase_add_test(tcase, test_link_query_after_a_failure_is_sent_alone);
	tcase_add_test(tcase, test_link_prepare_aborted_is_prepared_again);
	tcase_add_test(tcase, test_link_prepare_failed_answers_and_is_tried_again);
	tcase_add_test(tcase, test_link_query_forgotten_statement_is_sent_again);
	tcase_add_test(tcase, test_link_sync_commit_that_fails_shows_at_the_sync);
	tcase_add_test(tcase, test_link_sync_explicit_commit_that_fails_shows_at_both);
	tcase_add_test(tcase, test_link_query_failed_params_are_refused);
	suite_add_tcase(suite, tcase);
	tcase_set_timeout(waiting, 30);
	tcase_add_test(waiting, test_link_new_session_is_set_up);
	tcase_add_test(waiting, test_link_request_flush_answers_without_sync);
	tcase_add_test(waiting, test_link_answer_that_is_not_there_yet_is_not_waited_for);
	suite_add_tcase(suite, waiting);
	tcase_set_timeout(large, 60);
	tcase_add_test(large, test_link_query_large_parameters_do_not_block);
	tcase_add_test(large, test_link_query_large_parameters_and_answers_do_not_wait_for_each_other);
	suite_add_tcase(suite, large);
	return suite;
}
