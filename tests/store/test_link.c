/* SPDX-License-Identifier: Apache-2.0 */
/* The pipelined link: order, failures, Syncs, commits that fail, death and coming back. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../service/store/link.h"

#define MOST 64

/** A link, and what became of what was sent. */
struct scene {
	struct loop *loop;
	struct arena *arena;
	struct link *link;
	PGconn *beside;
	int ups, downs;
	struct link_entry entries[MOST];
	enum status statuses[MOST];
	bool aborted[MOST];
	int rows[MOST];
	int64_t values[MOST]; /* first column of the first row */
	int order[MOST]; /* entries in the order of their answers */
	int answers;
	int sent;
};

static void on_up(struct link *link)
{
	((struct scene *)link_owner(link))->ups++;
}

static void on_down(struct link *link)
{
	((struct scene *)link_owner(link))->downs++;
}

static void on_answer(struct link_entry *entry, enum status status, PGresult *result)
{
	struct scene *scene = entry->owner;
	int i = (int)(entry - scene->entries);

	ck_assert_int_lt(scene->answers, MOST);
	scene->statuses[i] = status;
	scene->aborted[i] = entry->aborted;
	if (PQresultStatus(result) == PGRES_TUPLES_OK) {
		scene->rows[i] = PQntuples(result);
		if (scene->rows[i] > 0)
			scene->values[i] = row_int((struct row){result, 0}, 0);
	}
	scene->order[scene->answers++] = i;
	PQclear(result);
}

static struct link *link_to(struct scene *scene, const char *url)
{
	const struct link_options options = {
		.url = url,
		.name = "test link",
		.statement_ms = 5000,
		.lock_ms = 2000,
		.idle_ms = 5000,
		.on_up = on_up,
		.on_down = on_down,
		.owner = scene,
	};
	struct link *link = NULL;

	ck_assert_int_eq(link_new(scene->loop, &options, &link), STATUS_OK);
	return link;
}

static struct scene *scene_new(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	static char url[1024];

	snprintf(url, sizeof(url), "%s", url_of(TEST_DATABASE));
	scene->loop = loop_new();
	scene->arena = arena_new(4096);
	scene->beside = plain_connect(TEST_DATABASE);
	scene->link = link_to(scene, url);
	turn_until_count(scene->loop, NULL, &scene->ups, 1);
	return scene;
}

static void scene_free(struct scene *scene)
{
	link_free(scene->link);
	loop_free(scene->loop);
	arena_free(scene->arena);
	PQfinish(scene->beside);
	free(scene);
}

static int query(struct scene *scene, enum statement statement, const struct params *params)
{
	int i = scene->sent++;

	scene->entries[i] = (struct link_entry){.on_answer = on_answer, .owner = scene};
	ck_assert_int_eq(link_query(scene->link, statement, params, &scene->entries[i]), STATUS_OK);
	return i;
}

static int end_with_sync(struct scene *scene)
{
	int i = scene->sent++;

	scene->entries[i] = (struct link_entry){.on_answer = on_answer, .owner = scene};
	ck_assert_int_eq(link_sync(scene->link, &scene->entries[i]), STATUS_OK);
	return i;
}

static int version(struct scene *scene)
{
	return query(scene, STATEMENT_READ_KEY_VERSION, NULL);
}

/** A statement that PostgreSQL refuses: a bigint of three bytes. */
static int bad(struct scene *scene)
{
	struct params params = params_in(scene->arena);

	params_bytes(&params, "bad", 3);
	params_int4(&params, 1);
	return query(scene, STATEMENT_READ_POLICY, &params);
}

static int create_key(struct scene *scene, int64_t workspace, const char *id)
{
	struct params params = params_in(scene->arena);

	params_int8(&params, workspace);
	params_text(&params, text_of(id));
	params_bytes(&params, id, strlen(id));
	params_text(&params, TEXT("read"));
	return query(scene, STATEMENT_CREATE_KEY, &params);
}

static void wait_for(struct scene *scene, int answers)
{
	turn_until_count(scene->loop, NULL, &scene->answers, answers);
}

START_TEST(test_link_query_many_answered_in_order)
{
	struct scene *scene = scene_new();

	for (int i = 0; i < 10; i++)
		version(scene);
	end_with_sync(scene);
	ck_assert_int_eq(scene->answers, 0);
	wait_for(scene, 11);
	for (int i = 0; i < 11; i++) {
		ck_assert_int_eq(scene->order[i], i);
		ck_assert_int_eq(scene->statuses[i], STATUS_OK);
		ck_assert_int_eq(scene->rows[i], i < 10 ? 1 : 0);
	}
	ck_assert_uint_eq(link_in_flight(scene->link), 0);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_new_session_is_set_up)
{
	struct scene *scene = scene_new();
	PGconn *beside = scene->beside;

	ck_assert_int_eq(plain_number(beside, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'test link'"), 1);
	/* What the setup says holds on the link itself: a lock that is not to be had is given up after lock_timeout. */
	plain_run(beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	version(scene);
	end_with_sync(scene);
	wait_for(scene, 2);
	plain_run(beside, "ROLLBACK");
	ck_assert_int_eq(scene->statuses[0], STATUS_RETRY);
	ck_assert(!scene->aborted[0]);
	ck_assert_int_eq(scene->statuses[1], STATUS_RETRY);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_query_failure_aborts_until_sync_only)
{
	struct scene *scene = scene_new();
	int before = version(scene), refused = bad(scene), after = version(scene), end = end_with_sync(scene);
	int next = version(scene), next_end = end_with_sync(scene);

	wait_for(scene, 6);
	ck_assert_int_eq(scene->statuses[before], STATUS_OK);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert(!scene->aborted[refused]);
	ck_assert_int_eq(scene->statuses[after], STATUS_RETRY);
	ck_assert(scene->aborted[after]);
	ck_assert_int_eq(scene->statuses[end], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[next], STATUS_OK);
	ck_assert_int_eq(scene->statuses[next_end], STATUS_OK);
	scene_free(scene);
}
END_TEST

/* Plans made while a table was young would go on reading it as if it still were. What makes them anew is one more entry in front. */
START_TEST(test_link_query_makes_plans_anew_when_they_are_old)
{
	struct scene *scene = scene_new();
	int first, second;

	version(scene);
	end_with_sync(scene);
	wait_for(scene, 2);
	turn_for(scene->loop, NULL, 60 * MS);
	first = version(scene);
	ck_assert_uint_eq(link_in_flight(scene->link), 2);
	second = version(scene);
	ck_assert_uint_eq(link_in_flight(scene->link), 3);
	end_with_sync(scene);
	wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[first], STATUS_OK);
	ck_assert_int_eq(scene->statuses[second], STATUS_OK);
	scene_free(scene);
}
END_TEST

/* In a transaction that has failed anything but ROLLBACK would be refused, and take the ROLLBACK behind it along. */
START_TEST(test_link_query_after_a_failure_is_sent_alone)
{
	struct scene *scene = scene_new();
	int rollback, end;

	query(scene, STATEMENT_BEGIN, NULL);
	bad(scene);
	end_with_sync(scene);
	wait_for(scene, 3);
	turn_for(scene->loop, NULL, 60 * MS);
	rollback = query(scene, STATEMENT_ROLLBACK, NULL);
	ck_assert_uint_eq(link_in_flight(scene->link), 1);
	end = end_with_sync(scene);
	wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[rollback], STATUS_OK);
	ck_assert_int_eq(scene->statuses[end], STATUS_OK);
	scene_free(scene);
}
END_TEST

/* The Parse itself is swallowed by the failure in front of it: the statement must not stay marked as prepared. */
START_TEST(test_link_prepare_aborted_is_prepared_again)
{
	struct scene *scene = scene_new();
	int refused = bad(scene), swallowed = version(scene), later;

	end_with_sync(scene);
	/* Sent while the Parse is still believed in: it finds no statement, and is to be sent again. */
	later = version(scene);
	end_with_sync(scene);
	wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[refused], STATUS_INTERNAL);
	ck_assert(scene->aborted[swallowed]);
	ck_assert_int_eq(scene->statuses[later], STATUS_RETRY);
	ck_assert(scene->aborted[later]);
	later = version(scene);
	end_with_sync(scene);
	wait_for(scene, 7);
	ck_assert_int_eq(scene->statuses[later], STATUS_OK);
	scene_free(scene);
}
END_TEST

/* schema_migration is taken away, so that preparing read_migration fails; then it comes back. */
START_TEST(test_link_prepare_failed_answers_and_is_tried_again)
{
	struct scene *scene = scene_new();
	int first, second;

	plain_run(scene->beside, "ALTER TABLE schema_migration RENAME TO hidden_migration");
	first = query(scene, STATEMENT_READ_MIGRATION, NULL);
	end_with_sync(scene);
	wait_for(scene, 2);
	plain_run(scene->beside, "ALTER TABLE hidden_migration RENAME TO schema_migration");
	second = query(scene, STATEMENT_READ_MIGRATION, NULL);
	end_with_sync(scene);
	wait_for(scene, 4);
	ck_assert_int_eq(scene->statuses[first], STATUS_INTERNAL);
	ck_assert(!scene->aborted[first]);
	ck_assert_int_eq(scene->statuses[second], STATUS_OK);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_query_forgotten_statement_is_sent_again)
{
	struct scene *scene = scene_new();
	int first;

	version(scene);
	end_with_sync(scene);
	wait_for(scene, 2);
	/* What a migration does that changes the type of a column: the link makes a new session by itself. */
	plain_run(scene->beside, "ALTER TABLE api_key ALTER COLUMN version TYPE numeric");
	first = version(scene);
	end_with_sync(scene);
	wait_for(scene, 4);
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	plain_run(scene->beside, "ALTER TABLE api_key ALTER COLUMN version TYPE bigint");
	ck_assert_int_eq(scene->statuses[first], STATUS_RETRY);
	ck_assert(scene->aborted[first]);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_request_flush_answers_without_sync)
{
	struct scene *scene = scene_new();
	int read, written, committed, end;
	int64_t workspace = make_workspace(scene->beside);

	query(scene, STATEMENT_BEGIN, NULL);
	read = version(scene);
	link_request_flush(scene->link);
	wait_for(scene, 2);
	ck_assert_int_eq(scene->statuses[read], STATUS_OK);
	/* Still in the same transaction. */
	written = create_key(scene, workspace, "flushed");
	link_request_flush(scene->link);
	wait_for(scene, 3);
	ck_assert_int_eq(scene->statuses[written], STATUS_OK);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'flushed'"), 0);
	committed = query(scene, STATEMENT_COMMIT, NULL);
	end = end_with_sync(scene);
	wait_for(scene, 5);
	ck_assert_int_eq(scene->statuses[committed], STATUS_OK);
	ck_assert_int_eq(scene->statuses[end], STATUS_OK);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'flushed'"), 1);
	scene_free(scene);
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
	struct scene *scene = scene_new();
	int64_t workspace = make_workspace(scene->beside);
	int inserted, end, next;

	refuse_commits(scene->beside);
	inserted = create_key(scene, workspace, "never");
	end = end_with_sync(scene);
	next = version(scene);
	end_with_sync(scene);
	wait_for(scene, 4);
	allow_commits(scene->beside);
	ck_assert_int_eq(scene->statuses[inserted], STATUS_OK);
	ck_assert_int_eq(scene->statuses[end], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[next], STATUS_OK);
	ck_assert_int_eq(plain_number(scene->beside, "SELECT count(*) FROM api_key WHERE id = 'never'"), 0);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_sync_explicit_commit_that_fails_shows_at_both)
{
	struct scene *scene = scene_new();
	int64_t workspace = make_workspace(scene->beside);
	int inserted, committed, end, next;

	refuse_commits(scene->beside);
	query(scene, STATEMENT_BEGIN, NULL);
	inserted = create_key(scene, workspace, "never");
	committed = query(scene, STATEMENT_COMMIT, NULL);
	end = end_with_sync(scene);
	next = version(scene);
	end_with_sync(scene);
	wait_for(scene, 6);
	allow_commits(scene->beside);
	ck_assert_int_eq(scene->statuses[inserted], STATUS_OK);
	ck_assert_int_eq(scene->statuses[committed], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[end], STATUS_INTERNAL);
	ck_assert_int_eq(scene->statuses[next], STATUS_OK);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_death_answers_all_once_and_comes_back)
{
	struct scene *scene = scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	for (int i = 0; i < 5; i++)
		version(scene);
	end_with_sync(scene);
	turn_for(scene->loop, NULL, 100 * MS);
	plain_run(scene->beside, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test link'");
	turn_until_count(scene->loop, NULL, &scene->downs, 1);
	ck_assert_int_eq(scene->answers, 6);
	for (int i = 0; i < 6; i++) {
		ck_assert_int_eq(scene->order[i], i);
		ck_assert_int_eq(scene->statuses[i], STATUS_UNAVAILABLE);
		ck_assert(!scene->aborted[i]);
	}
	ck_assert(!link_is_up(scene->link));
	plain_run(scene->beside, "ROLLBACK");
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	/* What was prepared is gone with the session. */
	version(scene);
	end_with_sync(scene);
	wait_for(scene, 8);
	ck_assert_int_eq(scene->statuses[6], STATUS_OK);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_death_while_idle_comes_back)
{
	struct scene *scene = scene_new();

	turn_for(scene->loop, NULL, 50 * MS);
	plain_run(scene->beside, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test link'");
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	ck_assert_int_eq(scene->downs, 1);
	ck_assert_int_eq(scene->answers, 0);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_reset_answers_and_comes_back)
{
	struct scene *scene = scene_new();
	struct link_entry refused = {.on_answer = on_answer, .owner = scene};

	version(scene);
	link_reset(scene->link);
	ck_assert_int_eq(scene->answers, 0);
	ck_assert_int_eq(link_query(scene->link, STATEMENT_READ_KEY_VERSION, NULL, &refused), STATUS_UNAVAILABLE);
	ck_assert_int_eq(link_sync(scene->link, &refused), STATUS_UNAVAILABLE);
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	ck_assert_int_eq(scene->answers, 1);
	ck_assert_int_eq(scene->statuses[0], STATUS_UNAVAILABLE);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_free_answers_outstanding)
{
	struct scene *scene = scene_new();

	version(scene);
	end_with_sync(scene);
	link_free(scene->link);
	scene->link = NULL;
	ck_assert_int_eq(scene->answers, 2);
	ck_assert_int_eq(scene->statuses[0], STATUS_UNAVAILABLE);
	ck_assert_int_eq(scene->downs, 0);
	scene_free(scene);
}
END_TEST

START_TEST(test_link_query_failed_params_are_refused)
{
	struct scene *scene = scene_new();
	struct params params = params_in(scene->arena);
	struct link_entry refused = {.on_answer = on_answer, .owner = scene};

	params.failed = true;
	ck_assert_int_eq(link_query(scene->link, STATEMENT_READ_KEY, &params, &refused), STATUS_NO_MEMORY);
	ck_assert(link_is_up(scene->link));
	ck_assert_uint_eq(link_in_flight(scene->link) <= 2, 1);
	scene_free(scene);
}
END_TEST

/* 64 MiB out and the answers in: neither side may wait for the other. */
START_TEST(test_link_query_large_parameters_do_not_block)
{
	struct scene *scene = scene_new();
	const size_t length = 1 << 20;
	char *bytes = malloc(length);
	struct params params;
	int64_t longest = 0;

	memset(bytes, 'x', length);
	for (int i = 0; i < 60; i++) {
		int64_t before = clock_ticks_us();

		arena_reset(scene->arena);
		params = params_in(scene->arena);
		params_bytes(&params, bytes, length);
		query(scene, STATEMENT_FIND_WORKSPACE, &params);
		if (clock_ticks_us() - before > longest)
			longest = clock_ticks_us() - before;
	}
	end_with_sync(scene);
	wait_for(scene, 61);
	for (int i = 0; i < 60; i++)
		ck_assert_int_eq(scene->statuses[i], STATUS_OK);
	free(bytes);
	scene_free(scene);
}
END_TEST

/** A server that takes connections and says nothing. */
static int listen_silently(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, path, strlen(path));
	unlink(path);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

START_TEST(test_link_connect_unreachable_never_blocks)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	int64_t longest = 0;

	scene->loop = loop_new();
	scene->link = link_to(scene, "host=127.0.0.1 port=1 user=nobody");
	for (int64_t end = clock_ticks_us() + SECOND; clock_ticks_us() < end;) {
		int64_t before = clock_ticks_us();

		loop_turn(scene->loop, MS);
		if (clock_ticks_us() - before > longest)
			longest = clock_ticks_us() - before;
	}
	ck_assert_int_lt(longest, 200 * MS);
	ck_assert_int_eq(scene->ups, 0);
	ck_assert(!link_is_up(scene->link));
	link_free(scene->link);
	loop_free(scene->loop);
	free(scene);
}
END_TEST

START_TEST(test_link_connect_silent_server_is_given_up)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	char directory[] = "/tmp/link-test.XXXXXX", path[64], url[128];
	int fd, first, second;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", directory);
	snprintf(url, sizeof(url), "host=%s port=5432 user=nobody", directory);
	fd = listen_silently(path);
	scene->loop = loop_new();
	scene->link = link_to(scene, url);
	turn_for(scene->loop, NULL, 200 * MS);
	first = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_int_ge(first, 0);
	turn_for(scene->loop, NULL, 6 * SECOND);
	second = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_int_ge(second, 0);
	link_free(scene->link);
	loop_free(scene->loop);
	close(fd);
	close(first);
	close(second);
	unlink(path);
	rmdir(directory);
	free(scene);
}
END_TEST

Suite *suite_link(void);
Suite *suite_link(void)
{
	Suite *suite = suite_create("store/link");
	TCase *tcase = tcase_create("link");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_link_query_many_answered_in_order);
	tcase_add_test(tcase, test_link_new_session_is_set_up);
	tcase_add_test(tcase, test_link_query_failure_aborts_until_sync_only);
	tcase_add_test(tcase, test_link_query_makes_plans_anew_when_they_are_old);
	tcase_add_test(tcase, test_link_query_after_a_failure_is_sent_alone);
	tcase_add_test(tcase, test_link_prepare_aborted_is_prepared_again);
	tcase_add_test(tcase, test_link_prepare_failed_answers_and_is_tried_again);
	tcase_add_test(tcase, test_link_query_forgotten_statement_is_sent_again);
	tcase_add_test(tcase, test_link_request_flush_answers_without_sync);
	tcase_add_test(tcase, test_link_sync_commit_that_fails_shows_at_the_sync);
	tcase_add_test(tcase, test_link_sync_explicit_commit_that_fails_shows_at_both);
	tcase_add_test(tcase, test_link_death_answers_all_once_and_comes_back);
	tcase_add_test(tcase, test_link_death_while_idle_comes_back);
	tcase_add_test(tcase, test_link_reset_answers_and_comes_back);
	tcase_add_test(tcase, test_link_free_answers_outstanding);
	tcase_add_test(tcase, test_link_query_failed_params_are_refused);
	tcase_add_test(tcase, test_link_query_large_parameters_do_not_block);
	tcase_add_test(tcase, test_link_connect_unreachable_never_blocks);
	tcase_add_test(tcase, test_link_connect_silent_server_is_given_up);
	suite_add_tcase(suite, tcase);
	return suite;
}
