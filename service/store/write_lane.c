/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in, and what is answered, tried again, split or held back. Who travels next is write_turns.c's, the transaction batch.c's. */
#include "write_lane.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>

#include "write_turns.h"

#ifdef WITHOUT_LAST_ATTEMPT
#define ATTEMPTS_MAX INT_MAX
#else
#define ATTEMPTS_MAX 8
#endif
#define RETRY_BASE_US 2000
#ifdef WITHOUT_SHARE
#define SHARE_PCT(lane) 100
#else
#define SHARE_PCT(lane) (lane)->settings->workspace_share_pct
#endif

/** A job's place in the lane: how many of its segments are still open, and the worst that happened to one. */
struct job_state {
	size_t open_segments;
	enum status status;
	struct segment segment;        /* the whole job, until it is split */
};

/* ---- Answers ---- */

static void answer(struct write_lane *lane, struct write_job *job, enum status status)
{
	free(job->lane_state);
	job->lane_state = NULL;
	job->status = status;
	lane->jobs--;
	job->on_done(job);
}

static void close_segment(struct write_lane *lane, struct segment *segment, enum status status)
{
	struct write_job *job = segment->job;
	struct job_state *state = job->lane_state;

	if (status != STATUS_OK)
		state->status = status;
	if (segment != &state->segment)
		free(segment);
	if (--state->open_segments == 0)
		answer(lane, job, state->status);
}

/* ---- Taking in ---- */

static void refuse(struct write_lane *lane, struct write_job *job, enum status status)
{
	job->status = status;
	job->next = lane->refused;
	lane->refused = job;
	loop_wake(lane->loop);
}

/** Nobody waits for a database that has been away so long; but an import may stand still for a while, and part of it may be written. */
static bool is_in_vain(const struct write_lane *lane, const struct write_job *job)
{
	if (job->cause == CAUSE_IMPORT)
		return false;
	for (size_t i = 0; i < lane->carrier_count; i++)
		if (!link_is_out_of_reach(lane->carriers[i].link))
			return false;
	return true;
}

static enum status admit(struct write_lane *lane, struct write_job *job)
{
	size_t limit = (size_t)lane->settings->queue_rows;
	size_t share = limit * (size_t)SHARE_PCT(lane) / 100;
	struct workspace_queue *queue = write_queue_find(&lane->waiting, job->workspace);

	if (is_in_vain(lane, job))
		return STATUS_UNREACHABLE;
	if (lane->waiting.rows + job->count > limit && lane->waiting.rows > 0)
		return STATUS_FULL;
	if (queue != NULL && queue->rows > 0 && queue->rows + job->count > share)
		return STATUS_TOO_MANY;
	struct job_state *state = calloc(1, sizeof(*state));
	if (queue == NULL)
		queue = write_queue_add(&lane->waiting, job->workspace);
	if (state == NULL || queue == NULL) {
		free(state);
		return STATUS_NO_MEMORY;
	}
	state->open_segments = 1;
	state->segment = (struct segment){.job = job, .to = job->count};
	job->lane_state = state;
	write_queue_push_back(&lane->waiting, queue, &state->segment);
	return STATUS_OK;
}

void write_lane_submit(struct write_lane *lane, struct write_job *job)
{
	job->queued_us = clock_ticks_us();
	job->lane_state = NULL;
	lane->jobs++;
	enum status status = admit(lane, job);
	if (status != STATUS_OK)
		refuse(lane, job, status);
	metrics_set(lane->metrics, METRIC_QUEUE_ROWS, (int64_t)lane->waiting.rows);
}

/* ---- Starting a batch ---- */

static void on_batch_end(struct batch *batch, enum status status);

static void start(struct carrier *carrier)
{
	struct batch *batch = &carrier->batch;
	struct segment *segments = batch->segments;
	int64_t workspace = batch->workspace, deadline_us = batch->deadline_us;

	arena_reset(carrier->arena);
	*batch = (struct batch){.store = carrier->lane->store, .link = carrier->link, .arena = carrier->arena, .workspace = workspace,
		                 .segments = segments, .deadline_us = deadline_us, .on_end = on_batch_end, .owner = carrier,
		                 .lock_ms = carrier->is_held ? write_turns_held_ms(segments) : 0};
	for (struct segment *s = segments; s != NULL; s = s->next)
		for (size_t i = s->from; i < s->to; i++)
			s->job->writes[i].problems = problems_in(s->job->arena);
	carrier->started_us = clock_ticks_us();
	batch_start(batch);
}

/* ---- The end of a batch ---- */

static void release(struct carrier *carrier)
{
	carrier->is_busy = carrier->is_held = false;
	carrier->batch.segments = NULL;
	loop_wake(carrier->lane->loop);
}

static void close_all(struct carrier *carrier, enum status status)
{
	for (struct segment *next, *s = carrier->batch.segments; s != NULL; s = next) {
		next = s->next;
		close_segment(carrier->lane, s, status);
	}
	release(carrier);
}

/** Halves of a segment travel on their own; the first keeps the segment itself. */
static struct segment *split_segment(struct segment *segment, size_t at)
{
	struct segment *rest = calloc(1, sizeof(*rest));

	if (rest == NULL)
		return NULL;
	*rest = (struct segment){.job = segment->job, .from = at, .to = segment->to, .next = segment->next};
	segment->to = at;
	segment->next = NULL;
	((struct job_state *)segment->job->lane_state)->open_segments++;
	return rest;
}

/** Find who spoils it: the first half travels now, the rest goes back to the front of its queue. */
static bool split(struct carrier *carrier)
{
#ifdef WITHOUT_SPLIT
	return false;
#endif
	struct write_lane *lane = carrier->lane;
	struct batch *batch = &carrier->batch;
	struct workspace_queue *queue = write_queue_find(&lane->waiting, batch->workspace);
	if (queue == NULL && (queue = write_queue_add(&lane->waiting, batch->workspace)) == NULL)
		return false;
	size_t half = carrier->rows / 2, taken = 0;
	struct segment *s = batch->segments, *rest;
	while (taken + (s->to - s->from) < half) {
		taken += s->to - s->from;
		s = s->next;
	}
	if (taken + (s->to - s->from) == half) {
		rest = s->next;
		s->next = NULL;
	} else if ((rest = split_segment(s, s->from + (half - taken))) == NULL) {
		return false;
	}
	struct segment *reversed = NULL;
	for (struct segment *next; rest != NULL; rest = next) {
		next = rest->next;
		rest->next = reversed;
		reversed = rest;
	}
	for (struct segment *next; reversed != NULL; reversed = next) {
		next = reversed->next;
		write_queue_push_front(&lane->waiting, queue, reversed);
	}
	carrier->rows = half;
	metrics_add(lane->metrics, METRIC_BATCH_SPLITS, 1);
	start(carrier);
	return true;
}

/** The one fault of a row that only a sum shows. In a job that is all or nothing it may be a row before the last one, which is told. */
static enum status refuse_sum(struct segment *segment)
{
	struct write *write = &segment->job->writes[segment->to - 1];

	write->status = STATUS_INVALID;
	write->stored = NULL;
	problems_add(&write->problems, TEXT(""), "the sums of its organisation and day would be larger than can be kept");
	return STATUS_INVALID;
}

static void log_refusal(const struct batch *batch, enum record_kind kind)
{
	const PGresult *refusal = batch->refusal;
	const char *code = refusal == NULL ? NULL : PQresultErrorField(refusal, PG_DIAG_SQLSTATE);
	const char *why = code == NULL ? "" : PQresultErrorField(refusal, PG_DIAG_MESSAGE_PRIMARY);
	char message[LOG_VALUE_BYTES];

	log_event(LOG_ERROR, "write_refused_by_database", "workspace=%lld kind=%s statement=%s sqlstate=%s message=%s",
	          (long long)batch->workspace, record_shape(kind)->noun, refusal == NULL ? "none" : statement_texts[batch->refused].name,
	          code == NULL ? "none" : code, log_value(message, text_of(why)));
}

static void refuse_guilty_row(struct carrier *carrier)
{
	struct segment *segment = carrier->batch.segments;
	struct write *write = &segment->job->writes[segment->from];

	if (carrier->batch.is_out_of_range) {
		(void)refuse_sum(segment);
		close_all(carrier, STATUS_OK);
		return;
	}
	log_refusal(&carrier->batch, write->kind);
	write->status = STATUS_INTERNAL;
	write->stored = NULL;
	close_all(carrier, STATUS_OK);
}

static void on_retry_due(struct timer *timer)
{
	struct carrier *carrier = timer->owner;

	if (!link_is_up(carrier->link))
		close_all(carrier, STATUS_UNAVAILABLE);
	else
		start(carrier);
}

/** Half to one and a half times what is due, so that two that collided do not meet again. */
static int64_t jittered(struct write_lane *lane, int64_t us)
{
	lane->jitter = lane->jitter * 6364136223846793005U + 1442695040888963407U;
	return us / 2 + (int64_t)(lane->jitter >> 33) % us;
}

static void retry(struct carrier *carrier)
{
	struct write_lane *lane = carrier->lane;
	int attempts = ++carrier->batch.segments->attempts;
	int64_t due_us = clock_ticks_us() + jittered(lane, (int64_t)RETRY_BASE_US << (attempts < 7 ? attempts : 7));

	metrics_add(lane->metrics, METRIC_BATCH_RETRIES, 1);
	if (attempts >= ATTEMPTS_MAX || due_us >= carrier->batch.deadline_us
	    || loop_timer_set(lane->loop, &carrier->retry_timer, due_us) != STATUS_OK)
		close_all(carrier, STATUS_UNAVAILABLE);
}

/** An import's part may stand still, and others travel beside it. */
static bool is_to_be_held(const struct batch *batch)
{
#ifdef WITHOUT_HOLDING_BACK
	return false;
#endif
	return batch->is_blocked && !batch->is_atomic && !batch->segments->job->apart;
}

/** Whose rows are locked for longer is not the others' fault: each of them goes on alone, out of the way of what comes. */
static bool hold_back(struct carrier *carrier)
{
	struct write_lane *lane = carrier->lane;
	int64_t workspace = carrier->batch.workspace, now_us = clock_ticks_us();
	struct workspace_queue *queue = write_queue_find(&lane->waiting, workspace);

	if (queue == NULL && (queue = write_queue_add(&lane->waiting, workspace)) == NULL)
		return false;
	for (struct segment *next, *s = carrier->batch.segments; s != NULL; s = next) {
		next = s->next;
		s->not_before_us = now_us + (s->attempts++ == 0 ? 0 : jittered(lane, write_turns_held_ms(s) * 1000));
		if (s->attempts >= ATTEMPTS_MAX || s->not_before_us >= s->job->deadline_us)
			close_segment(lane, s, STATUS_RETRY);
		else
			write_queue_hold(&lane->waiting, queue, s);
	}
	metrics_add(lane->metrics, METRIC_BATCH_RETRIES, 1);
	release(carrier);
	return true;
}

static bool is_fault_of_a_row(enum status status)
{
	return status == STATUS_INTERNAL;
}

static void on_batch_end(struct batch *batch, enum status status)
{
	struct carrier *carrier = batch->owner;
	struct write_lane *lane = carrier->lane;

	metrics_observe(lane->metrics, METRIC_BATCH_SECONDS, clock_ticks_us() - carrier->started_us);
	metrics_observe(lane->metrics, METRIC_BATCH_ROWS, (int64_t)carrier->rows);
#ifdef WITHOUT_RETRY
	if (status == STATUS_RETRY)
		status = STATUS_UNAVAILABLE;
#endif
	if (status == STATUS_RETRY) {
		if (!is_to_be_held(batch) || !hold_back(carrier))
			retry(carrier);
		return;
	}
	if (is_fault_of_a_row(status) && !batch->is_atomic) {
		if (carrier->rows == 1) {
			refuse_guilty_row(carrier);
			return;
		}
		if (split(carrier))
			return;
	}
	if (is_fault_of_a_row(status) && batch->is_out_of_range)
		status = refuse_sum(batch->segments);
	close_all(carrier, status);
}

/* ---- Turning ---- */

/** @return STATUS_OK: it may go on waiting */
static enum status wait_on(const struct write_lane *lane, const struct write_job *job, int64_t now_us)
{
	if (job->deadline_us <= now_us)
		return STATUS_DEADLINE;
	return is_in_vain(lane, job) ? STATUS_UNREACHABLE : STATUS_OK;
}

/** Jobs whose time is over before they started, or that wait in vain, are answered; those under way belong to their batch. */
static void expire(struct write_lane *lane, struct workspace_queue *queue, int64_t now_us)
{
	struct segment *kept_first = NULL, *kept_last = NULL;

	while (queue->first != NULL) {
		struct segment *segment = write_queue_pop(&lane->waiting, queue);
		enum status status = wait_on(lane, segment->job, now_us);

		if (status != STATUS_OK) {
			close_segment(lane, segment, status);
			continue;
		}
		if (kept_last == NULL)
			kept_first = segment;
		else
			kept_last->next = segment;
		kept_last = segment;
	}
	for (struct segment *next; kept_first != NULL; kept_first = next) {
		next = kept_first->next;
		write_queue_push_back(&lane->waiting, queue, kept_first);
	}
	for (struct segment **at = &queue->held; *at != NULL;) {
		enum status status = wait_on(lane, (*at)->job, now_us);

		if (status == STATUS_OK)
			at = &(*at)->next;
		else
			close_segment(lane, write_queue_release(&lane->waiting, queue, at), status);
	}
}

static void on_deadline(struct timer *timer)
{
	struct write_lane *lane = timer->owner;
	int64_t now_us = clock_ticks_us(), oldest_us = now_us;
	struct workspace_queue *queue = lane->waiting.ring;

	for (size_t guard = lane->waiting.rows + 1; queue != NULL && guard > 0; guard--) {
		struct workspace_queue *next = queue->next;

		expire(lane, queue, now_us);
		if (queue->first != NULL && queue->first->job->queued_us < oldest_us)
			oldest_us = queue->first->job->queued_us;
		bool was_last = next == lane->waiting.ring;
		if (write_queue_is_empty(queue))
			write_queue_remove(&lane->waiting, queue);
		if (was_last)
			break;
		queue = next;
	}
	metrics_set(lane->metrics, METRIC_QUEUE_AGE_SECONDS, now_us - oldest_us);
	metrics_set(lane->metrics, METRIC_QUEUE_ROWS, (int64_t)lane->waiting.rows);
	if (loop_timer_set(lane->loop, timer, now_us + 50000) != STATUS_OK)
		log_event(LOG_ERROR, "timer_lost", "lane=write");
}

static void flush_carrier(struct carrier *carrier)
{
	if (!carrier->is_busy && link_is_up(carrier->link) && write_turns_take(carrier))
		start(carrier);
}

void write_lane_flush(struct write_lane *lane)
{
	while (lane->refused != NULL) {
		struct write_job *job = lane->refused;

		lane->refused = job->next;
		answer(lane, job, job->status);
	}
	for (size_t i = 0; i < lane->carrier_count; i++)
		flush_carrier(&lane->carriers[i]);
}

bool write_lane_is_up(const struct write_lane *lane)
{
	for (size_t i = 0; i < lane->carrier_count; i++)
		if (lane->carriers[i].link != NULL && link_is_up(lane->carriers[i].link))
			return true;
	return false;
}

size_t write_lane_in_flight(const struct write_lane *lane)
{
	return lane->jobs;
}

/* ---- Life and death ---- */

static void on_link_up(struct link *link)
{
	loop_wake(((struct carrier *)link_owner(link))->lane->loop);
}

static enum status start_carrier(struct write_lane *lane, struct carrier *carrier)
{
	const struct link_options options = {
		.url = lane->settings->database_url, .name = "sweetspot write", .statement_ms = lane->settings->statement_ms,
		.lock_ms = WRITE_LOCK_MS, .idle_ms = lane->settings->statement_ms, .metrics = lane->metrics, .on_up = on_link_up, .owner = carrier,
	};

	carrier->lane = lane;
	carrier->retry_timer = (struct timer){.on_due = on_retry_due, .owner = carrier};
	carrier->arena = arena_new(1 << 20);
	return carrier->arena == NULL ? STATUS_NO_MEMORY : link_new(lane->loop, &options, &carrier->link);
}

enum status write_lane_new(struct loop *loop, struct store *store, const struct settings *settings, struct metrics *metrics,
                           struct write_lane **out)
{
	size_t count = (size_t)settings->write_links;
	struct write_lane *lane = calloc(1, sizeof(*lane) + count * sizeof(*lane->carriers));

	if (lane == NULL)
		return STATUS_NO_MEMORY;
	*lane = (struct write_lane){.loop = loop, .store = store, .settings = settings, .metrics = metrics,
		                     .jitter = (uint64_t)clock_ticks_us() ^ (uint64_t)(uintptr_t)lane};
	lane->deadline_timer = (struct timer){.on_due = on_deadline, .owner = lane};
	enum status status = loop_timer_set(loop, &lane->deadline_timer, clock_ticks_us() + 50000);
	for (; lane->carrier_count < count && status == STATUS_OK; lane->carrier_count++)
		status = start_carrier(lane, &lane->carriers[lane->carrier_count]);
	if (status == STATUS_OK)
		*out = lane;
	else
		write_lane_free(lane);
	return status;
}

void write_lane_free(struct write_lane *lane)
{
	if (lane == NULL)
		return;
	loop_timer_clear(lane->loop, &lane->deadline_timer);
	for (size_t i = 0; i < lane->carrier_count; i++) {
		struct carrier *carrier = &lane->carriers[i];

		loop_timer_clear(lane->loop, &carrier->retry_timer);
		link_free(carrier->link);
		carrier->link = NULL;
		if (carrier->is_busy)
			close_all(carrier, STATUS_UNAVAILABLE);
		arena_free(carrier->arena);
	}
	for (struct workspace_queue *queue; (queue = lane->waiting.ring) != NULL; write_queue_remove(&lane->waiting, queue)) {
		while (queue->first != NULL)
			close_segment(lane, write_queue_pop(&lane->waiting, queue), STATUS_UNAVAILABLE);
		while (queue->held != NULL)
			close_segment(lane, write_queue_release(&lane->waiting, queue, &queue->held), STATUS_UNAVAILABLE);
	}
	while (lane->refused != NULL) {
		struct write_job *job = lane->refused;

		lane->refused = job->next;
		answer(lane, job, job->status);
	}
	free(lane);
}
