/* SPDX-License-Identifier: Apache-2.0 */
/* The protocol by which a day, policy or review comes into force (domain.md §11: for readers at one instant). Nothing is computed here. */
/*
 * announce  exclusive lock; workspace.next_epoch is a number never used before, state computing: writers put what they touch into `touched`
 * (compute) from a snapshot taken after the announcement, so that whatever it missed is in `touched`
 *
 * Much changes:
 * publish   exclusive lock; state writing: writers score under both and write both editions of standing, that in force and next_epoch's
 * (write)   the whole book into the edition next_epoch, in chunks, but for what a writer has put there
 * finish    exclusive lock; workspace.edition = workspace.epoch = next_epoch: from then on readers see that edition
 * (sweep)   the edition that was in force is deleted, in chunks
 *
 * Little changes:
 * settle    exclusive lock; what changes is written into the edition in force, and workspace.epoch = next_epoch, in one transaction
 *
 * An attempt that breaks off leaves the announcement, an edition that nobody reads, and history of an epoch that is not in force. The next
 * one takes another number and clears those away before it goes on.
 */
#include "flip.h"

#include <inttypes.h>
#include <string.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>

#include "override_turns.h"

#define ID_BYTES 128

static void read_announcement(struct flip *flip, struct row row)
{
	flip->epoch = (int32_t)row_int(row, 0);
	flip->day = row_day(row, 1);
	flip->policy = (int32_t)row_int(row, 2);
	flip->review = (int32_t)row_int(row, 3);
	flip->next_epoch = (int32_t)row_int(row, 4);
	flip->next_day = row_day(row, 5);
	flip->next_policy = (int32_t)row_int(row, 6);
	flip->next_review = (int32_t)row_int(row, 7);
	flip->found_abandoned = row_bool(row, 8);
	flip->edition = (int32_t)row_int(row, 9);
	flip->found_unswept = row_bool(row, 10);
}

static void params_number(struct params *params, int32_t number)
{
	if (number == 0)
		params_null(params);
	else
		params_int4(params, number);
}

static enum status announce(struct job *job, void *context)
{
	struct flip *flip = context;
	struct params params = jobs_params(job);
	const PGresult *rows;
	enum status status;

	params_day(&params, flip->target_day);
	params_number(&params, flip->target_policy);
	params_number(&params, flip->target_review);
	status = jobs_rows(job, STATEMENT_ANNOUNCE_FLIP, &params, &rows);
	if (status != STATUS_OK)
		return status;
	if (PQntuples(rows) == 0)
		return STATUS_NOT_FOUND;
	read_announcement(flip, (struct row){rows, 0});
	return flip->on_announce == NULL ? STATUS_OK : flip->on_announce(flip);
}

/* ---- What is behind: the edition before, and what broken attempts left ---- */

/** A stretch of organisations, from behind one to the last of the next so many. */
struct stretch {
	const struct flip *flip;
	size_t rows;
	bool takes_changes;        /* history of epochs that never came, too */
	char after[ID_BYTES], upto[ID_BYTES];
	size_t after_length, upto_length;
	bool is_last;
};

static enum status find_end(struct job *job, struct stretch *stretch)
{
	struct params params = jobs_params(job);
	const PGresult *rows;
	struct text end;
	enum status status;

	params_text(&params, (struct text){stretch->after, stretch->after_length});
	params_int8(&params, (int64_t)stretch->rows);
	status = jobs_rows(job, STATEMENT_READ_CHUNK_END, &params, &rows);
	if (status != STATUS_OK)
		return status;
	end = row_text((struct row){rows, 0}, 0);
	stretch->is_last = end.bytes == NULL;
	if (end.length > ID_BYTES)
		return STATUS_INTERNAL;
	if (!stretch->is_last)
		memcpy(stretch->upto, end.bytes, end.length);
	stretch->upto_length = end.length;
	return STATUS_OK;
}

static enum status run_in_stretch(struct job *job, const struct stretch *stretch, enum statement statement, int32_t number)
{
	struct params params = jobs_params(job);

	params_int4(&params, number);
	params_text(&params, (struct text){stretch->after, stretch->after_length});
	params_text(&params, stretch->is_last ? (struct text){NULL, 0} : (struct text){stretch->upto, stretch->upto_length});
	return jobs_run(job, statement, &params);
}

static enum status sweep_stretch(struct job *job, void *context)
{
	struct stretch *stretch = context;
	enum status status = find_end(job, stretch);

	if (status == STATUS_OK && !stretch->is_last)
		status = run_in_stretch(job, stretch, STATEMENT_SWEEP_STANDINGS, stretch->flip->edition);
	if (status == STATUS_OK && stretch->takes_changes)
		status = run_in_stretch(job, stretch, STATEMENT_DELETE_CHANGES_AHEAD, stretch->flip->epoch);
	return status;
}

static enum status end_sweep(struct job *job, void *context)
{
	const struct flip *flip = context;
	struct params params = jobs_params(job);

	params_int4(&params, flip->edition);
	return jobs_run(job, STATEMENT_FINISH_SWEEP, &params);
}

/** Nobody reads what goes, so the locks are nobody's trouble but a hiding writer's. */
static enum status sweep(struct flip *flip, bool takes_changes)
{
	struct stretch stretch = {.flip = flip, .rows = JOBS_FIRST_ROWS, .takes_changes = takes_changes};

	while (!stretch.is_last) {
		int64_t started_us = clock_ticks_us();
		enum status status = jobs_transaction(flip->job, JOBS_LOCK_NONE, sweep_stretch, &stretch);

		if (status != STATUS_OK)
			return status;
		memcpy(stretch.after, stretch.upto, stretch.upto_length);
		stretch.after_length = stretch.upto_length;
		stretch.rows = jobs_pace(stretch.rows, clock_ticks_us() - started_us);
	}
	return jobs_transaction(flip->job, JOBS_LOCK_NONE, end_sweep, flip);
}

/** Rows deleted by the last step; what it was to delete is behind it when there were none. */
struct forgetting {
	int32_t before_epoch;
	int deleted;
};

static enum status forget_some(struct job *job, void *context)
{
	struct forgetting *forgetting = context;
	struct params params = jobs_params(job);
	const PGresult *rows;
	enum status status;

	params_int4(&params, forgetting->before_epoch);
	status = jobs_rows(job, STATEMENT_DELETE_TOUCHED, &params, &rows);
	if (status == STATUS_OK)
		forgetting->deleted = PQntuples(rows);
	return status;
}

static enum status forget_touched(struct flip *flip, int32_t before_epoch)
{
	struct forgetting forgetting = {.before_epoch = before_epoch, .deleted = 1};
	enum status status = STATUS_OK;

	while (status == STATUS_OK && forgetting.deleted > 0)
		status = jobs_transaction(flip->job, JOBS_LOCK_NONE, forget_some, &forgetting);
	return status;
}

/* ---- The steps ---- */

enum status jobs_flip_announce(struct flip *flip)
{
	enum status status;

	array_column_init(&flip->promoted, ARRAY_TEXT);
	status = jobs_transaction(flip->job, JOBS_LOCK_EXCLUSIVE, announce, flip);
	if (status == STATUS_OK && (flip->found_abandoned || flip->found_unswept))
		status = sweep(flip, flip->found_abandoned);
	return status == STATUS_OK ? forget_touched(flip, flip->next_epoch) : status;
}

/** A statement that moves the workspace on, unless somebody else has announced another flip since. */
static enum status move_on(struct flip *flip, enum statement statement)
{
	struct params params = jobs_params(flip->job);
	const PGresult *rows;
	enum status status;

	params_int4(&params, flip->next_epoch);
	status = jobs_rows(flip->job, statement, &params, &rows);
	if (status != STATUS_OK)
		return status;
	return PQntuples(rows) == 1 ? STATUS_OK : STATUS_CONFLICT;
}

static enum status publish(struct job *job, void *context)
{
	(void)job;
	return move_on(context, STATEMENT_PUBLISH_FLIP);
}

enum status jobs_flip_publish(struct flip *flip)
{
	return jobs_transaction(flip->job, JOBS_LOCK_EXCLUSIVE, publish, flip);
}

static enum status promote(struct flip *flip)
{
	struct params params = jobs_params(flip->job);

	if (flip->promoted.count == 0)
		return STATUS_OK;
	params_array(&params, &flip->promoted);
	return jobs_run(flip->job, STATEMENT_PROMOTE_ORGANISATIONS, &params);
}

/** What is behind a flip that is in force. A failure is not the flip's: workspace.unswept has it found again. */
static void tidy(struct flip *flip, bool has_other_editions)
{
	enum status status = has_other_editions ? sweep(flip, false) : STATUS_OK;

	if (status == STATUS_OK)
		status = forget_touched(flip, flip->next_epoch + 1);
	if (status != STATUS_OK)
		log_event(LOG_WARN, "flip_not_tidied", "workspace=%" PRId64 " status=%s", flip->job->workspace, status_describe(status)->slug);
}

static enum status drop_orphans(struct flip *flip)
{
	struct params params = jobs_params(flip->job);

	params_int4(&params, flip->edition);
	params_int4(&params, flip->next_epoch);
	return jobs_run(flip->job, STATEMENT_DROP_ORPHANED_STANDINGS, &params);
}

/** What follows, in the same transaction, once the new day, policy or review is in force. */
static enum status complete(struct flip *flip)
{
	enum status status = promote(flip);

	if (status == STATUS_OK)
		status = jobs_overrides_turn(flip);
	return status == STATUS_OK && flip->on_finish != NULL ? flip->on_finish(flip) : status;
}

static enum status finish(struct job *job, void *context)
{
	struct flip *flip = context;
	enum status status = drop_orphans(flip);

	(void)job;
	if (status == STATUS_OK)
		status = move_on(flip, STATEMENT_FINISH_FLIP);
	return status == STATUS_OK ? complete(flip) : status;
}

enum status jobs_flip_finish(struct flip *flip)
{
	enum status status = jobs_transaction(flip->job, JOBS_LOCK_EXCLUSIVE, finish, flip);

	if (status != STATUS_OK)
		return status;
	flip->edition = flip->next_epoch;
	tidy(flip, true);
	return STATUS_OK;
}

/** A settling, and whether it went through. */
struct settling {
	struct flip *flip;
	enum status (*write)(struct flip *flip, void *context, bool *declines);
	void *context;
	bool declines;
};

/** What an attempt that came to nothing has counted. */
static void forget_result(struct flip *flip)
{
	array_column_release(&flip->promoted);
	array_column_init(&flip->promoted, ARRAY_TEXT);
	flip->changed = 0;
}

static enum status settle(struct job *job, void *context)
{
	struct settling *settling = context;
	struct flip *flip = settling->flip;
	enum status status;

	(void)job;
	settling->declines = false;
	forget_result(flip);
	status = settling->write(flip, settling->context, &settling->declines);
	if (status != STATUS_OK || settling->declines)
		return status;
	status = move_on(flip, STATEMENT_SETTLE_FLIP);
	return status == STATUS_OK ? complete(flip) : status;
}

enum status jobs_flip_settle(struct flip *flip, enum status (*write)(struct flip *flip, void *context, bool *declines), void *context,
                             bool *is_settled)
{
	struct settling settling = {.flip = flip, .write = write, .context = context};
	enum status status = jobs_transaction(flip->job, JOBS_LOCK_EXCLUSIVE, settle, &settling);

	*is_settled = status == STATUS_OK && !settling.declines;
	if (*is_settled)
		tidy(flip, false);
	else
		forget_result(flip);
	return status;
}

static enum status withdraw(struct job *job, void *context)
{
	(void)job;
	return move_on(context, STATEMENT_WITHDRAW_FLIP);
}

enum status jobs_flip_abandon(struct flip *flip)
{
	struct flip empty = {.job = flip->job, .cause = flip->cause, .target_day = DAY_NONE};
	enum status status = jobs_flip_announce(&empty);

	if (status == STATUS_OK)
		status = jobs_transaction(flip->job, JOBS_LOCK_EXCLUSIVE, withdraw, &empty);
	jobs_flip_release(&empty);
	return status;
}

void jobs_flip_release(struct flip *flip)
{
	array_column_release(&flip->promoted);
}
