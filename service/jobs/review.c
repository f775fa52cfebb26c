/* SPDX-License-Identifier: Apache-2.0 */
/* The order of events in a review: announce, read the book as of one moment, compute; settle, or publish, write and flip. */
#include "review.h"

#include <inttypes.h>
#include <stdlib.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>
#include <sweetspot/rules.h>

#include "halves.h"
#include "rescore.h"

#define ARENA_BLOCK_BYTES (256 * 1024)

static enum status init(struct making *making)
{
	making->arena = arena_new(ARENA_BLOCK_BYTES);
	if (making->arena == NULL || closed_deals_init(&making->deals) != STATUS_OK || contending_init(&making->contending) != STATUS_OK)
		return STATUS_NO_MEMORY;
	return book_rows_init(&making->rows);
}

static void release(struct making *making)
{
	jobs_flip_release(&making->flip);
	book_rows_release(&making->rows);
	closed_deals_release(&making->deals);
	contending_release(&making->contending);
	free(making->order);
	arena_free(making->arena);
}

/* ---- Announcement ---- */

static enum status on_announce(struct flip *flip)
{
	struct making *making = flip->owner;
	struct params params = jobs_params(flip->job), workspace = jobs_params(flip->job);
	const PGresult *rows;
	enum status status;

	params_int4(&params, making->number);
	params_day(&params, flip->next_day);
	params_int4(&params, flip->next_policy);
	status = jobs_rows(flip->job, STATEMENT_START_REVIEW, &params, &rows);
	if (status != STATUS_OK)
		return status;
	if (PQntuples(rows) == 0)
		return STATUS_NOT_FOUND;
	making->provisional = row_bool((struct row){rows, 0}, 0);
	flip->key_id = text_copy(making->arena, row_text((struct row){rows, 0}, 1));
	flip->actor = text_copy(making->arena, row_text((struct row){rows, 0}, 2));
	return jobs_run(flip->job, STATEMENT_CONSUME_SIGNALS, &workspace);
}

static enum status announce(struct making *making)
{
	struct flip *flip = &making->flip;
	enum status status = jobs_flip_announce(flip);

	if (status != STATUS_OK)
		return status;
	return rules_load(making->job->session, making->job->workspace, flip->policy, flip->review, making->arena, &making->rules);
}

/* ---- The book, as of one moment ---- */

static enum status read_book(struct making *making)
{
	struct job *job = making->job;
	int32_t day = making->flip.next_day;
	enum status status = jobs_book_span(job, day, &making->span);

	if (status != STATUS_OK)
		return status;
	making->source = core_revenue_source(making->rules.policy, making->span.has_revenue_entries);
	making->source_changes = making->source != jobs_source_in(making->rules);
	status = jobs_book_load(job, day, &making->rows);
	if (status == STATUS_OK && making->source_changes)
		status = jobs_book_move(job, &(struct book_move){.day = day, .source = making->source, .measures = true}, &making->rows);
	return status == STATUS_OK ? jobs_deals_load(job, day, &making->deals) : status;
}

/** Read-only: so what it ends with does not matter, only that it ends. */
static enum status take_snapshot(struct making *making)
{
	enum status status = session_begin(making->job->session, true);

	if (status != STATUS_OK)
		return status;
	arena_reset(making->job->arena);
	status = read_book(making);
	session_rollback(making->job->session);
	return status == STATUS_RETRY ? STATUS_UNAVAILABLE : status;
}

/* ---- Computing ---- */

static enum status compute(struct making *making)
{
	struct book book = {.number = making->number, .day = making->flip.next_day, .provisional = making->provisional};
	enum status status = jobs_book_review(&making->rows, &making->span, making->rules.policy, &book, making->arena, &making->review);

	if (status == STATUS_OK)
		status = jobs_deals_band(&making->deals, making->rules.policy, making->arena, &making->bands);
	if (status != STATUS_OK)
		return status;
	making->review.has_derived_floor = making->bands.has_floor;
	making->review.derived_floor = making->bands.floor_minor;
	return jobs_review_tally(making);
}

/* ---- Writing ---- */

/** Part of making->order. */
struct part {
	const struct making *making;
	size_t from, to;
	int64_t reclassified;
};

/** In one transaction. */
static enum status write_part(struct job *job, void *context)
{
	struct part *part = context;
	const struct making *making = part->making;
	struct flip flip = making->flip;
	size_t count = part->to - part->from;
	struct outcome *outcomes = arena_array(job->arena, count, sizeof(*outcomes));
	struct outcome **pointers = arena_array(job->arena, count, sizeof(*pointers));

	if (outcomes == NULL || pointers == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		jobs_review_outcome(making, making->order[part->from + i], &outcomes[i]);
		pointers[i] = &outcomes[i];
	}
	flip.job = job;
	return jobs_outcomes_write(&flip, pointers, count, OUTCOME_SCORES, &part->reclassified);
}

/** What was touched since the snapshot, as it stands now. Where the source is another measures are too, and everything is gone through. */
static struct rescore what_is_left(struct making *making)
{
	return (struct rescore){
		.flip = &making->flip,
		.policy = making->rules.policy,
		.review = &making->review,
		.source = making->source,
		.measures = making->source_changes,
		.plain_sides = true,
		.touched_only = !making->source_changes,
	};
}

static enum status mark_changed(struct job *job, void *context)
{
	const struct making *making = context;
	struct array_column ids;
	enum status status;

	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < making->changed_count; i++)
		array_add_text(&ids, book_rows_id(&making->rows, making->order[i]));
	status = jobs_mark(job, making->flip.next_epoch, &ids);
	array_column_release(&ids);
	return status;
}

static enum status settle(struct making *making)
{
	struct rescore rescore = what_is_left(making);
	enum status status = STATUS_OK;

	if (making->source_changes || (int64_t)making->changed_count > making->job->settle_rows)
		return STATUS_OK;
	if (making->changed_count > 0)
		status = jobs_transaction(making->job, JOBS_LOCK_SHARED, mark_changed, making);
	return status == STATUS_OK ? jobs_rescore_settle(&rescore, &making->is_settled) : status;
}

static enum status publish(struct making *making)
{
	return making->is_settled ? STATUS_OK : jobs_flip_publish(&making->flip);
}

static enum status write_parts(const struct half *half)
{
	struct part *whole = half->context;
	size_t rows = JOBS_FIRST_ROWS, from = whole->from;

	while (from < whole->to && !atomic_load(half->is_off)) {
		size_t left = whole->to - from;
		struct part part = {.making = whole->making, .from = from, .to = from + (left < rows ? left : rows)};
		int64_t started_us = clock_ticks_us();
		enum status status = jobs_transaction(half->job, JOBS_LOCK_SHARED, write_part, &part);

		if (status != STATUS_OK)
			return status;
		whole->reclassified += part.reclassified;
		from = part.to;
		rows = jobs_pace(rows, clock_ticks_us() - started_us);
	}
	return STATUS_OK;
}

static enum status write_snapshot(struct making *making)
{
	size_t middle = making->rows.count / 2;
	struct part lower = {.making = making, .to = middle}, upper = {.making = making, .from = middle, .to = making->rows.count};
	enum status status;

	jobs_review_sort(making);
	status = jobs_in_halves(making->job, write_parts, (void *const[]){&lower, &upper});
	making->flip.changed += lower.reclassified + upper.reclassified;
	return status;
}

static enum status write_edition(struct making *making)
{
	struct rescore rescore = what_is_left(making);
	enum status status = STATUS_OK;

	if (making->is_settled)
		return STATUS_OK;
	if (!making->source_changes)
		status = write_snapshot(making);
	return status == STATUS_OK ? jobs_rescore(&rescore) : status;
}

static enum status on_finish(struct flip *flip)
{
	struct making *making = flip->owner;
	struct params params = jobs_params(flip->job);

	params_int4(&params, making->number);
	params_int8(&params, flip->changed);
	return jobs_run(flip->job, STATEMENT_FINISH_REVIEW, &params);
}

/* ---- The whole ---- */

static enum status finish(struct making *making)
{
	return making->is_settled ? STATUS_OK : jobs_flip_finish(&making->flip);
}

static enum status run_steps(struct making *making)
{
	static const struct {
		const char *name;
		enum status (*run)(struct making *making);
	} steps[] = {{"announce", announce}, {"read", take_snapshot}, {"compute", compute}, {"freeze", jobs_review_freeze},
		     {"settle", settle},     {"publish", publish},      {"write", write_edition}, {"flip", finish}};
	enum status status = STATUS_OK;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && status == STATUS_OK; i++) {
		int64_t started_us = clock_ticks_us();

		status = steps[i].run(making);
		log_event(status == STATUS_OK ? LOG_DEBUG : LOG_WARN, "review_step",
		          "workspace=%" PRId64 " review=%d step=%s ms=%" PRId64 " status=%s",
		          making->job->workspace, making->number, steps[i].name, (clock_ticks_us() - started_us) / 1000,
		          status_describe(status)->slug);
	}
	return status;
}

static enum status mark_failed(struct job *job, void *context)
{
	struct making *making = context;
	struct params params = jobs_params(job);

	params_int4(&params, making->number);
	params_text(&params, making->flip.reference);
	return jobs_run(job, STATEMENT_FAIL_REVIEW, &params);
}

/** Not for want of a connection: trying again would end the same way. Writers are freed of the announcement. */
static void fail(struct making *making, enum status status)
{
	making->flip.reference = text_of(status_describe(status)->title);
	if (jobs_transaction(making->job, JOBS_LOCK_NONE, mark_failed, making) != STATUS_OK || jobs_flip_abandon(&making->flip) != STATUS_OK)
		log_event(LOG_ERROR, "review_not_closed", "workspace=%" PRId64 " review=%d", making->job->workspace, making->number);
}

enum status jobs_review_make(struct job *job, int32_t number, struct metrics *metrics)
{
	struct making making = {.job = job, .number = number};
	int64_t started_us = clock_ticks_us();
	enum status status = init(&making);

	making.flip = (struct flip){.job = job, .cause = "review", .target_day = DAY_NONE, .target_review = number, .on_announce = on_announce,
		                    .on_finish = on_finish, .owner = &making};
	if (status == STATUS_OK)
		making.flip.reference = text_format(making.arena, "%d", number);
	if (status == STATUS_OK)
		status = run_steps(&making);
	if (status != STATUS_OK && status != STATUS_UNAVAILABLE)
		fail(&making, status);
	metrics_observe(metrics, METRIC_REVIEW_SECONDS, clock_ticks_us() - started_us);
	log_event(status == STATUS_OK ? LOG_INFO : LOG_WARN, "review",
	          "workspace=%" PRId64 " review=%d status=%s ms=%" PRId64 " organisations=%zu changed=%" PRId64,
	          job->workspace, number, status_describe(status)->slug, (clock_ticks_us() - started_us) / 1000, making.rows.count,
	          making.flip.changed);
	release(&making);
	return status;
}
