/* SPDX-License-Identifier: Apache-2.0 */
/* A long transaction, job by job: nobody else's rows travel in it, and nothing is tried again here, for its earlier jobs are not kept. */
#include "chain_lane.h"

#include <stdlib.h>

#include <sweetspot/clock.h>

#include "batch.h"

#define LOCK_MS 2000

struct chain_lane {
	struct store *store;
	struct metrics *metrics;
	struct loop *loop;
	struct link *link;
	struct arena *arena;
	struct batch batch;
	struct segment segment;
	struct write_job *running;
	struct write_chain *chain;     /* whose transaction stands open on the link; NULL: none */
	struct write_job *first, **end; /* waiting */
	size_t jobs;
	int64_t started_us;
};

/* ---- Answers ---- */

static void answer(struct chain_lane *lane, struct write_job *job, enum status status)
{
	job->status = status;
	lane->jobs--;
	job->on_done(job);
}

/** A sum shows a fault that may be any row's up to the last one, which is told. */
static void refuse_sum(struct write_job *job)
{
	struct write *write = &job->writes[job->count - 1];

	write->status = STATUS_INVALID;
	write->stored = NULL;
	problems_add(&write->problems, TEXT(""), "the sums of its organisation and day would be larger than can be kept");
}

static void on_end(struct batch *batch, enum status status)
{
	struct chain_lane *lane = batch->owner;
	struct write_job *job = lane->running;
	bool stands = status == STATUS_OK && !job->ends_chain;

	lane->running = NULL;
	job->chain->is_open = stands;
	lane->chain = stands ? job->chain : NULL;
	metrics_observe(lane->metrics, METRIC_BATCH_SECONDS, clock_ticks_us() - lane->started_us);
	metrics_observe(lane->metrics, METRIC_BATCH_ROWS, (int64_t)job->count);
	if (status == STATUS_INTERNAL && batch->is_out_of_range && job->count > 0) {
		refuse_sum(job);
		status = STATUS_INVALID;
	}
	if (status == STATUS_UNAVAILABLE && !batch->may_be_committed)
		status = STATUS_RETRY;
	loop_wake(lane->loop);
	answer(lane, job, status);
}

/* ---- Turning ---- */

static void start(struct chain_lane *lane, struct write_job *job)
{
	arena_reset(lane->arena);
	lane->running = job;
	lane->started_us = clock_ticks_us();
	lane->segment = (struct segment){.job = job, .to = job->count};
	lane->batch = (struct batch){.store = lane->store, .link = lane->link, .arena = lane->arena, .workspace = job->workspace,
		                      .segments = &lane->segment, .deadline_us = job->deadline_us, .continues = job->chain->is_open,
		                      .stays_open = !job->ends_chain, .on_end = on_end, .owner = lane};
	for (size_t i = 0; i < job->count; i++)
		job->writes[i].problems = problems_in(job->arena);
	batch_start(&lane->batch);
}

static struct write_job *take(struct chain_lane *lane, struct write_job **at)
{
	struct write_job *job = *at;

	*at = job->next;
	if (lane->end == &job->next)
		lane->end = at;
	return job;
}

static void expire(struct chain_lane *lane)
{
	int64_t now_us = clock_ticks_us();
	struct write_job **at = &lane->first;

	while (*at != NULL) {
		struct write_job *job = *at;

		if (job->chain->is_lost)
			answer(lane, take(lane, at), STATUS_RETRY);
		else if (job->deadline_us <= now_us)
			answer(lane, take(lane, at), STATUS_DEADLINE);
		else
			at = &job->next;
	}
}

void chain_lane_flush(struct chain_lane *lane)
{
	expire(lane);
	if (lane->running != NULL || !link_is_up(lane->link))
		return;
	struct write_job **at = &lane->first;
	while (*at != NULL && lane->chain != NULL && (*at)->chain != lane->chain)
		at = &(*at)->next;
	if (*at != NULL)
		start(lane, take(lane, at));
}

void chain_lane_submit(struct chain_lane *lane, struct write_job *job)
{
	job->queued_us = clock_ticks_us();
	job->next = NULL;
	*lane->end = job;
	lane->end = &job->next;
	lane->jobs++;
	loop_wake(lane->loop);
}

void chain_lane_drop(struct chain_lane *lane, struct write_chain *chain)
{
	if (lane->chain != chain)
		return;
	lane->chain = NULL;
	link_reset(lane->link);
}

size_t chain_lane_in_flight(const struct chain_lane *lane)
{
	return lane->jobs;
}

/* ---- Life and death ---- */

static void on_link_up(struct link *link)
{
	loop_wake(((struct chain_lane *)link_owner(link))->loop);
}

/** What was under way has been answered; between two jobs nothing was. */
static void lose_chain(struct chain_lane *lane)
{
	if (lane->chain == NULL)
		return;
	lane->chain->is_open = false;
	lane->chain->is_lost = true;
	lane->chain = NULL;
}

static void on_link_down(struct link *link)
{
	lose_chain(link_owner(link));
}

enum status chain_lane_new(struct loop *loop, struct store *store, const struct settings *settings, struct metrics *metrics,
                           struct chain_lane **out)
{
	struct chain_lane *lane = calloc(1, sizeof(*lane));
	const struct link_options options = {
		.url = settings->database_url, .name = "sweetspot import", .statement_ms = settings->statement_ms, .lock_ms = LOCK_MS,
		.idle_ms = settings->statement_ms, .metrics = metrics, .on_up = on_link_up, .on_down = on_link_down, .owner = lane,
	};

	if (lane == NULL)
		return STATUS_NO_MEMORY;
	*lane = (struct chain_lane){.store = store, .metrics = metrics, .loop = loop, .arena = arena_new(1 << 16)};
	lane->end = &lane->first;
	if (lane->arena == NULL || link_new(loop, &options, &lane->link) != STATUS_OK) {
		chain_lane_free(lane);
		return STATUS_NO_MEMORY;
	}
	*out = lane;
	return STATUS_OK;
}

void chain_lane_free(struct chain_lane *lane)
{
	if (lane == NULL)
		return;
	link_free(lane->link);
	lose_chain(lane);
	if (lane->running != NULL)
		answer(lane, lane->running, STATUS_UNAVAILABLE);
	while (lane->first != NULL)
		answer(lane, take(lane, &lane->first), STATUS_UNAVAILABLE);
	arena_free(lane->arena);
	free(lane);
}
