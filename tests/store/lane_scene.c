/* SPDX-License-Identifier: Apache-2.0 */
/* A read lane under test, and what becomes of what is submitted to it. */
#include "lane_scene.h"

#include <stdio.h>
#include <stdlib.h>

int64_t deadline_in(int64_t us)
{
	return clock_ticks_us() + us;
}

struct lane_scene *lane_scene_with(size_t links, size_t depth, size_t limit)
{
	struct lane_scene *scene = calloc(1, sizeof(*scene));
	static char url[1024];
	const struct read_lane_options options = {
		.url = url,
		.name = "test lane",
		.links = links,
		.depth = depth,
		.limit = limit,
		.statement_ms = 5000,
		.metrics = metrics_new(),
	};

	ck_assert_ptr_nonnull(options.metrics);
	scene->metrics = options.metrics;
	snprintf(url, sizeof(url), "%s", url_of(TEST_DATABASE));
	scene->loop = loop_new();
	scene->arena = arena_new(65536);
	scene->beside = plain_connect(TEST_DATABASE);
	scene->killer = plain_connect(TEST_DATABASE);
	scene->workspace = make_workspace(scene->beside);
	ck_assert_int_eq(read_lane_new(scene->loop, &options, &scene->lane), STATUS_OK);
	return scene;
}

void lane_turn(struct lane_scene *scene)
{
	read_lane_flush(scene->lane);
	loop_turn(scene->loop, 10 * MS);
}

void lane_turn_for(struct lane_scene *scene, int64_t us)
{
	for (int64_t end = deadline_in(us); clock_ticks_us() < end;)
		lane_turn(scene);
}

void lane_wait_until_up(struct lane_scene *scene)
{
	for (int64_t end = deadline_in(10 * SECOND); !read_lane_is_up(scene->lane); lane_turn(scene))
		ck_assert_int_lt(clock_ticks_us(), end);
	/* Every link has been told who it is. */
	lane_turn_for(scene, 50 * MS);
}

struct lane_scene *lane_scene_new(void)
{
	struct lane_scene *scene = lane_scene_with(1, 256, 1000);

	lane_wait_until_up(scene);
	return scene;
}

void lane_wait_for(struct lane_scene *scene, int answers)
{
	for (int64_t end = deadline_in(10 * SECOND); scene->answers < answers; lane_turn(scene))
		ck_assert_msg(clock_ticks_us() < end, "%d answers, not %d", scene->answers, answers);
}

void lane_scene_free(struct lane_scene *scene)
{
	read_lane_free(scene->lane);
	loop_free(scene->loop);
	metrics_free(scene->metrics);
	arena_free(scene->arena);
	PQfinish(scene->beside);
	PQfinish(scene->killer);
	free(scene);
}

static void on_read(struct read *read, enum status status, const PGresult *rows)
{
	struct lane_scene *scene = read->owner;
	int i = (int)(read - scene->reads);

	ck_assert(!scene->is_inside_submit);
	ck_assert_int_eq(scene->calls[i]++, 0);
	ck_assert_int_eq(status == STATUS_OK, rows != NULL);
	scene->statuses[i] = status;
	scene->rows[i] = rows == NULL ? -1 : PQntuples(rows);
	scene->answers++;
	if (scene->on_first != NULL && scene->answers == 1)
		scene->on_first(scene);
	/* Whatever is read or sent from here on is a late use. */
	memset(read, 0xee, sizeof(*read));
}

static void on_point(struct point_read *point, enum status status, struct row row)
{
	struct lane_scene *scene = point->owner;
	int i = (int)(point - scene->points);

	ck_assert(!scene->is_inside_submit);
	ck_assert_int_eq(scene->calls[LANE_SCENE_MOST + i]++, 0);
	scene->statuses[LANE_SCENE_MOST + i] = status;
	if (row.result != NULL) {
		ck_assert_int_eq(row_int(row, 0), point->workspace);
		ck_assert(text_equal(row_text(row, 1), point->id));
		snprintf(scene->names[i], sizeof(scene->names[i]), "%.*s", TEXT_ARGS(row_text(row, 2)));
	}
	scene->answers++;
	memset(point, 0xee, sizeof(*point));
}

int lane_submit(struct lane_scene *scene, enum statement statement, struct params params, int64_t deadline_us)
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

int lane_good(struct lane_scene *scene, int64_t deadline_us)
{
	return lane_submit(scene, STATEMENT_READ_KEY_VERSION, params_in(scene->arena), deadline_us);
}

/** A statement that PostgreSQL refuses: a bigint of three bytes. */
int lane_bad(struct lane_scene *scene)
{
	struct params params = params_in(scene->arena);

	params_bytes(&params, "bad", 3);
	params_int4(&params, 1);
	return lane_submit(scene, STATEMENT_READ_POLICY, params, deadline_in(5 * SECOND));
}

int lane_policy(struct lane_scene *scene, int32_t version, int64_t deadline_us)
{
	struct params params = params_in(scene->arena);

	params_int8(&params, scene->workspace);
	params_int4(&params, version);
	return lane_submit(scene, STATEMENT_READ_POLICY, params, deadline_us);
}

int lane_create_key(struct lane_scene *scene, const char *id)
{
	struct params params = params_in(scene->arena);

	params_int8(&params, scene->workspace);
	params_text(&params, text_of(id));
	params_bytes(&params, id, strlen(id));
	params_text(&params, TEXT("read"));
	return lane_submit(scene, STATEMENT_CREATE_KEY, params, deadline_in(5 * SECOND));
}

int lane_point(struct lane_scene *scene, const char *id, int64_t deadline_us)
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

void lane_make_seller(struct lane_scene *scene, int64_t workspace, const char *id, const char *name, bool is_deleted)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "INSERT INTO seller (workspace_id, id, name, active, said, said_at, deleted, version, created_at,"
				   " updated_at)"
				   " VALUES (%lld, '%s', '%s', true, 1, now(), %s, 1, now(), now())",
		(long long)workspace, id, name, is_deleted ? "true" : "false");
	plain_run(scene->beside, sql);
}

int64_t lane_link_count(struct lane_scene *scene)
{
	return plain_number(scene->beside, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'test lane'");
}

void lane_kill_links(struct lane_scene *scene)
{
	plain_run(scene->killer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test lane'");
}
