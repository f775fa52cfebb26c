/* SPDX-License-Identifier: Apache-2.0 */
/* Who travels next, and with whom: workspaces take turns, what may share a transaction does, what met a locked row goes alone beside it. */
#include "write_turns.h"

#include <sweetspot/clock.h>

#define HELD_FIRST_MS 100

/* ---- Together ---- */

static bool same_author(const struct write_job *a, const struct write_job *b)
{
	return a->cause == b->cause && a->import == b->import && text_equal(a->key_id, b->key_id) && text_equal(a->actor, b->actor);
}

/** An atomic job may have to be taken back; a decision, an override or an assignment is a change of its own in the history. */
static bool travels_alone(const struct write_job *job)
{
	return job->atomic || job->apart || job->cause == CAUSE_DECISION || job->cause == CAUSE_OVERRIDE || job->cause == CAUSE_ASSIGNMENT;
}

/** History names one author a batch. */
static bool may_join(const struct segment *first, const struct segment *next)
{
	return !travels_alone(first->job) && !travels_alone(next->job) && same_author(first->job, next->job);
}

/**
 * One batch of a workspace is under way at a time, so that the others gather; besides, the parts of imports, and PUTs beside these. Halves
 * of one job go one after the other, for a record may be in both.
 */
static bool may_start(const struct write_lane *lane, const struct workspace_queue *queue)
{
	const struct write_job *job = queue->first->job;

	for (size_t i = 0; i < lane->carrier_count; i++) {
		const struct carrier *carrier = &lane->carriers[i];

		if (!carrier->is_busy || carrier->batch.workspace != queue->workspace)
			continue;
		const struct write_job *other = carrier->batch.segments->job;
		if (other == job || (!other->apart && !job->apart && !carrier->is_held))
			return false;
	}
	return true;
}

static bool is_under_way(const struct write_lane *lane, const struct write_job *job)
{
	for (size_t i = 0; i < lane->carrier_count; i++)
		if (lane->carriers[i].is_busy && lane->carriers[i].batch.segments->job == job)
			return true;
	return false;
}

/** In turn; queues that have run empty go. @return NULL: none may start now */
static struct workspace_queue *next_queue(struct write_lane *lane)
{
	while (lane->waiting.ring != NULL && write_queue_is_empty(lane->waiting.ring))
		write_queue_remove(&lane->waiting, lane->waiting.ring);
	struct workspace_queue *queue = lane->waiting.ring;
	if (queue == NULL)
		return NULL;
	do {
		if (queue->first != NULL && may_start(lane, queue))
			return queue;
		queue = queue->next;
	} while (queue != lane->waiting.ring);
	return NULL;
}

static void take_batch(struct carrier *carrier, struct workspace_queue *queue)
{
	struct write_lane *lane = carrier->lane;
	size_t bytes = 0;
	struct segment **end = &carrier->batch.segments;

	carrier->rows = 0;
	carrier->batch.deadline_us = INT64_MAX;
	while (queue->first != NULL) {
		struct segment *next = queue->first;
		size_t rows = next->to - next->from;
		bool is_first = carrier->rows == 0;

		if (!is_first && (!may_join(carrier->batch.segments, next) || carrier->rows + rows > (size_t)lane->settings->batch_rows
		                  || bytes + next->job->bytes > (size_t)lane->settings->batch_bytes))
			break;
		carrier->rows += rows;
		bytes += next->job->bytes;
		if (next->job->deadline_us < carrier->batch.deadline_us)
			carrier->batch.deadline_us = next->job->deadline_us;
		*end = write_queue_pop(&lane->waiting, queue);
		end = &(*end)->next;
	}
}

/* ---- Alone: held back before ---- */

int64_t write_turns_held_ms(const struct segment *segment)
{
	int64_t ms = (int64_t)HELD_FIRST_MS << (segment->attempts < 5 ? segment->attempts - 1 : 4);

	return ms < WRITE_LOCK_MS ? ms : WRITE_LOCK_MS;
}

/** @return where the first one hangs that was held back and may go now; one at a time, for it may wait on its link. NULL: none */
static struct segment **find_held(const struct write_lane *lane, struct workspace_queue **queue)
{
	for (size_t i = 0; i < lane->carrier_count; i++)
		if (lane->carriers[i].is_held)
			return NULL;
	struct workspace_queue *at_queue = lane->waiting.ring;
	if (at_queue == NULL)
		return NULL;
	int64_t now_us = clock_ticks_us();
	do {
		for (struct segment **at = &at_queue->held; *at != NULL; at = &(*at)->next)
			if ((*at)->not_before_us <= now_us && !is_under_way(lane, (*at)->job)) {
				*queue = at_queue;
				return at;
			}
		at_queue = at_queue->next;
	} while (at_queue != lane->waiting.ring);
	return NULL;
}

static void take_held(struct carrier *carrier, struct workspace_queue *queue, struct segment **at)
{
	carrier->is_held = true;
	carrier->batch.segments = write_queue_release(&carrier->lane->waiting, queue, at);
	carrier->batch.deadline_us = carrier->batch.segments->job->deadline_us;
	carrier->rows = carrier->batch.segments->to - carrier->batch.segments->from;
}

/** What was held back and what is new take turns, where both wait. */
bool write_turns_take(struct carrier *carrier)
{
	struct write_lane *lane = carrier->lane;
	struct workspace_queue *queue = NULL;
	struct segment **held = carrier->was_held ? NULL : find_held(lane, &queue);

	if (held == NULL)
		queue = next_queue(lane);
	if (queue == NULL)
		held = find_held(lane, &queue);
	if (queue == NULL)
		return false;
	carrier->batch = (struct batch){.workspace = queue->workspace};
	carrier->is_busy = true;
	carrier->was_held = held != NULL;
	if (held != NULL)
		take_held(carrier, queue, held);
	else
		take_batch(carrier, queue);
	lane->waiting.ring = queue->next;
	if (write_queue_is_empty(queue))
		write_queue_remove(&lane->waiting, queue);
	return true;
}
