/* SPDX-License-Identifier: Apache-2.0 */
/* A read lane under test, and what becomes of what is submitted to it. */
#ifndef TESTS_STORE_LANE_SCENE_H
#define TESTS_STORE_LANE_SCENE_H

#include "support.h"

#include <sweetspot/metrics.h>

#include "../../service/store/read_lane.h"

#define LANE_SCENE_MOST 400

/** A lane, and what became of what was submitted. */
struct lane_scene {
	struct loop *loop;
	struct arena *arena;
	struct metrics *metrics;
	struct read_lane *lane;
	PGconn *beside, *killer; /* inside a transaction pg_stat_activity stands still: killing takes a connection of its own */
	int64_t workspace;
	struct read reads[LANE_SCENE_MOST];
	struct point_read points[LANE_SCENE_MOST];
	enum status statuses[2 * LANE_SCENE_MOST]; /* of reads, and behind them of points */
	char names[LANE_SCENE_MOST][32]; /* a point's row: its name; "" for none */
	int rows[LANE_SCENE_MOST];
	int sent_reads, sent_points;
	int answers;
	int calls[2 * LANE_SCENE_MOST];
	bool is_inside_submit;
	void (*on_first)(struct lane_scene *scene); /* called inside the first answer to a read; NULL: nothing is done there */
};

/** A lane whose links are still connecting. */
struct lane_scene *lane_scene_with(size_t links, size_t depth, size_t limit);
/** A lane of short reads with one link, which is up. */
struct lane_scene *lane_scene_new(void);
void lane_scene_free(struct lane_scene *scene);

/** So many microseconds from now. */
int64_t deadline_in(int64_t us);
/** Flush, and turn the loop once. */
void lane_turn(struct lane_scene *scene);
/** Turn for so long. */
void lane_turn_for(struct lane_scene *scene, int64_t us);
void lane_wait_until_up(struct lane_scene *scene);
/** Turn until so many are answered. */
void lane_wait_for(struct lane_scene *scene, int answers);

/* Submit something; @return its place in the scene's arrays. */
int lane_submit(struct lane_scene *scene, enum statement statement, struct params params, int64_t deadline_us);
int lane_good(struct lane_scene *scene, int64_t deadline_us);
/** A statement that PostgreSQL refuses: a bigint of three bytes. */
int lane_bad(struct lane_scene *scene);
/** That version of the workspace's policy: one row for the first, none for one that is not made. */
int lane_policy(struct lane_scene *scene, int32_t version, int64_t deadline_us);
int lane_point(struct lane_scene *scene, const char *id, int64_t deadline_us);
int lane_create_key(struct lane_scene *scene, const char *id);

void lane_make_seller(struct lane_scene *scene, int64_t workspace, const char *id, const char *name, bool is_deleted);
int64_t lane_link_count(struct lane_scene *scene);
/** Cut every link of the lane. */
void lane_kill_links(struct lane_scene *scene);

#endif
