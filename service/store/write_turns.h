/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is on a link of the write lane. What becomes of a batch is write_lane.c's business. */
#ifndef SERVICE_STORE_WRITE_TURNS_H
#define SERVICE_STORE_WRITE_TURNS_H

#include <sweetspot/loop.h>
#include <sweetspot/metrics.h>
#include <sweetspot/settings.h>

#include "write_lane.h"
#include "write_queue.h"

/** lock_timeout of the lane's links. */
#define WRITE_LOCK_MS 2000

/** A link, and what travels on it. */
struct carrier {
	struct write_lane *lane;
	struct link *link;
	struct arena *arena;
	struct batch batch;
	bool is_busy;
	bool is_held;                  /* with one that was held back */
	bool was_held;                 /* the last time: now it is the others' turn */
	struct timer retry_timer;      /* set while a batch waits to run again; it stays busy */
	size_t rows;
	int64_t started_us;
};

/** A worker's lane: what waits, and the links it travels on. */
struct write_lane {
	struct loop *loop;
	struct store *store;
	const struct settings *settings;
	struct metrics *metrics;
	struct write_queues waiting;
	struct write_job *refused;     /* could not be queued: answered on the next flush, so that on_done never comes inside submit */
	size_t jobs;                   /* taken in and not yet answered */
	struct timer deadline_timer;
	uint64_t jitter;
	size_t carrier_count;
	struct carrier carriers[];
};

/** Take from the queues what is to travel next on a free link, into its batch. @return false: nothing may go now */
bool write_turns_take(struct carrier *carrier);
/** @return how long a segment that met a locked row waits for it, and between two times: each time twice the last, up to WRITE_LOCK_MS */
int64_t write_turns_held_ms(const struct segment *segment);

#endif
