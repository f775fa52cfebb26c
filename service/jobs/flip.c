/* SPDX-License-Identifier: Apache-2.0 */
/* The protocol by which a day, policy or review comes into force (domain.md §11: for readers at one instant). Nothing is computed here. */
/*
 * announce  exclusive lock; workspace.next_epoch is a number never used before, state computing: writers put what they touch into `touched`
 * (compute) from a snapshot taken after the announcement, so that whatever it missed is in `touched`
 * publish   exclusive lock; state writing: writers score under both and write standing.next_* with next_epoch themselves
 * (write)   standing.next_* in chunks, only where they differ from what is in force and no writer was there first
 * finish    exclusive lock; workspace.epoch = next_epoch: from then on readers (standing_in_force) see next_*
 *
 * An attempt that breaks off leaves the announcement, rows with next_epoch > epoch that nobody reads, and history of that epoch. The next
 * one takes another number, clears those away before it goes on, and so no row of a broken attempt can come into force.
 */
#include "flip.h"

#include <string.h>

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

/* ---- What broken attempts left ---- */

/** A stretch of organisations, from behind one to the last of the next so many. */
struct stretch {
	const struct flip *flip;
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
	params_int8(&params, JOBS_CHUNK_ROWS);
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

static enum status clear_stretch(struct job *job, void *context)
{
	struct stretch *stretch = context;
	struct params params;
	enum status status = find_end(job, stretch);

	if (status != STATUS_OK)
		return status;
	params = jobs_params(job);
	params_int4(&params, stretch->flip->epoch);
	params_text(&params, (struct text){stretch->after, stretch->after_length});
	params_text(&params, stretch->is_last ? (struct text){NULL, 0} : (struct text){stretch->upto, stretch->upto_length});
	if (!stretch->is_last)
		status = jobs_run(job, STATEMENT_CLEAR_STANDINGS_AHEAD, &params);
	return status == STATUS_OK ? jobs_run(job, STATEMENT_DELETE_CHANGES_AHEAD, &params) : status;
}

static enum status clear_ahead(struct flip *flip)
{
	struct stretch stretch = {.flip = flip};

	while (!stretch.is_last) {
		enum status status = jobs_transaction(flip->job, JOBS_LOCK_SHARED, clear_stretch, &stretch);

		if (status != STATUS_OK)
			return status;
		memcpy(stretch.after, stretch.upto, stretch.upto_length);
		stretch.after_length = stretch.upto_length;
	}
	return STATUS_OK;
}

/** Rows deleted by the last step; what it was to delete is behind it when there were none. */
struct sweep {
	int32_t before_epoch;
	int deleted;
};

static enum status sweep_touched(struct job *job, void *context)
{
	struct sweep *sweep = context;
	struct params params = jobs_params(job);
	const PGresult *rows;
	enum status status;

	params_int4(&params, sweep->before_epoch);
	status = jobs_rows(job, STATEMENT_DELETE_TOUCHED, &params, &rows);
	if (status == STATUS_OK)
		sweep->deleted = PQntuples(rows);
	return status;
}

static enum status forget_touched(struct flip *flip, int32_t before_epoch)
{
	struct sweep sweep = {.before_epoch = before_epoch, .deleted = 1};
	enum status status = STATUS_OK;

	while (status == STATUS_OK && sweep.deleted > 0)
		status = jobs_transaction(flip->job, JOBS_LOCK_NONE, sweep_touched, &sweep);
	return status;
}

/* ---- The steps ---- */

enum status jobs_flip_announce(struct flip *flip)
{
	enum status status;

	array_column_init(&flip->promoted, ARRAY_TEXT);
	status = jobs_transaction(flip->job, JOBS_LOCK_EXCLUSIVE, announce, flip);
	if (status == STATUS_OK && flip->found_abandoned)
		status = clear_ahead(flip);
	return status == STATUS_OK ? forget_touched(flip, flip->next_epoch) : status;
}

/* A statement that moves the workspace on, unless somebody else has announced another flip since. */
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

static enum status finish(struct job *job, void *context)
{
	struct flip *flip = context;
	enum status status = move_on(flip, STATEMENT_FINISH_FLIP);

	(void)job;
	if (status == STATUS_OK)
		status = promote(flip);
	if (status == STATUS_OK)
		status = jobs_overrides_turn(flip);
	if (status == STATUS_OK && flip->on_finish != NULL)
		status = flip->on_finish(flip);
	return status;
}

enum status jobs_flip_finish(struct flip *flip)
{
	enum status status = jobs_transaction(flip->job, JOBS_LOCK_EXCLUSIVE, finish, flip);

	return status == STATUS_OK ? forget_touched(flip, flip->next_epoch + 1) : status;
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
