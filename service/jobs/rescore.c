/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over the book in chunks: read, measure, derive, judge, score, write. When, under what and where to is the caller's. */
#include "rescore.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/clock.h>

#include "halves.h"
#include "judge.h"
#include "outcomes.h"

#define ID_BYTES 128

/** An organisation's id that outlives the arena; zeroed: none, which is before all. */
struct kept_id {
	char bytes[ID_BYTES];
	size_t length;
};

/** The present chunk; all of it in the job's arena. */
struct chunk {
	struct rescore *rescore;
	struct job *job;
	struct kept_id after;      /* the last organisation seen */
	struct kept_id until;      /* the last one to be seen; none: that of the book */
	size_t limit;              /* rows of it, at most */
	const PGresult *rows;
	struct outcome *outcomes;  /* one a row, in id order */
	size_t count;
	int64_t changed;
	int32_t marked;
	bool found_other_margins;
};

static struct text text_of_kept(const struct kept_id *id)
{
	return (struct text){id->bytes, id->length};
}

static enum status keep_id(struct kept_id *id, struct text text)
{
	if (text.length > ID_BYTES)
		return STATUS_INTERNAL;
	memcpy(id->bytes, text.bytes, text.length);
	id->length = text.length;
	return STATUS_OK;
}

/** @return how many of the rows are still to be seen */
static size_t count_until(const struct kept_id *until, const PGresult *rows)
{
	size_t count = (size_t)PQntuples(rows);

	while (until->length > 0 && count > 0 &&
	       text_compare(row_text((struct row){rows, (int)count - 1}, COLUMN_ID), text_of_kept(until)) > 0)
		count--;
	return count;
}

static enum status read_chunk(struct chunk *chunk)
{
	struct params params = jobs_params(chunk->job);
	enum status status;

	params_text(&params, text_of_kept(&chunk->after));
	params_int8(&params, (int64_t)chunk->limit);
	if (chunk->rescore->touched_only)
		params_int4(&params, chunk->rescore->flip->next_epoch);
	status = jobs_rows(chunk->job, chunk->rescore->touched_only ? STATEMENT_READ_TOUCHED_AFTER : STATEMENT_READ_ORGANISATIONS_AFTER,
	                   &params, &chunk->rows);
	if (status != STATUS_OK)
		return status;
	chunk->count = count_until(&chunk->until, chunk->rows);
	chunk->outcomes = chunk->count == 0 ? NULL : arena_array(chunk->job->arena, chunk->count, sizeof(*chunk->outcomes));
	if (chunk->count > 0 && chunk->outcomes == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < chunk->count; i++) {
		struct row row = {chunk->rows, (int)i};

		chunk->outcomes[i].id = row_text(row, COLUMN_ID);
		chunk->outcomes[i].is_account = row_bool(row, COLUMN_IS_ACCOUNT);
		standing_read(row, COLUMN_STANDING, &chunk->outcomes[i].before);
		chunk->outcomes[i].after = chunk->outcomes[i].before;
	}
	return STATUS_OK;
}

static int compare_id(const void *key, const void *element)
{
	return text_compare(*(const struct text *)key, ((const struct outcome *)element)->id);
}

static struct outcome *find(const struct chunk *chunk, struct text id)
{
	return bsearch(&id, chunk->outcomes, chunk->count, sizeof(*chunk->outcomes), compare_id);
}

static bool is_any(const struct chunk *chunk, size_t index)
{
	(void)chunk;
	(void)index;
	return true;
}

static bool states_no_seller(const struct chunk *chunk, size_t index)
{
	return row_is_null((struct row){chunk->rows, (int)index}, COLUMN_SELLER);
}

static bool is_prospect(const struct chunk *chunk, size_t index)
{
	return !row_bool((struct row){chunk->rows, (int)index}, COLUMN_IS_ACCOUNT);
}

static int32_t margin_pct(const struct chunk *chunk, size_t index)
{
	struct row row = {chunk->rows, (int)index};

	if (!row_is_null(row, COLUMN_MARGIN_PCT))
		return (int32_t)row_int(row, COLUMN_MARGIN_PCT);
	return (int32_t)chunk->rescore->policy->default_margin_pct_centi;
}

/** The daily sums were made with another percentage than will hold. */
static bool has_other_margin(const struct chunk *chunk, size_t index)
{
	return chunk->outcomes[index].before.margin_pct_centi != margin_pct(chunk, index);
}

/** The ids of some of the chunk, in order. @return how many */
static int32_t collect(const struct chunk *chunk, bool (*is_wanted)(const struct chunk *chunk, size_t index), struct array_column *ids)
{
	array_column_init(ids, ARRAY_TEXT);
	for (size_t i = 0; i < chunk->count; i++)
		if (is_wanted(chunk, i))
			array_add_text(ids, chunk->outcomes[i].id);
	return ids->count;
}

static enum status measure(struct chunk *chunk)
{
	struct array_column ids;
	const PGresult *rows = NULL;
	enum status status = STATUS_OK;

	if (chunk->rescore->measures && collect(chunk, is_any, &ids) > 0)
		status = jobs_measure(chunk->job, &ids, chunk->rescore->flip->next_day, chunk->rescore->source, &rows);
	if (chunk->rescore->measures)
		array_column_release(&ids);
	for (int i = 0; status == STATUS_OK && rows != NULL && i < PQntuples(rows); i++) {
		struct outcome *outcome = find(chunk, row_text((struct row){rows, i}, 0));

		if (outcome != NULL)
			measures_read((struct row){rows, i}, 1, &outcome->after.measures);
	}
	return status;
}

static enum status measure_margins(struct chunk *chunk)
{
	struct params params = jobs_params(chunk->job);
	struct array_column ids, margins;
	const PGresult *rows = NULL;
	enum status status = STATUS_OK;

	array_column_init(&margins, ARRAY_INT4);
	if (collect(chunk, has_other_margin, &ids) > 0) {
		chunk->found_other_margins = true;
		for (size_t i = 0; i < chunk->count; i++)
			if (has_other_margin(chunk, i))
				array_add_int(&margins, margin_pct(chunk, i));
		params_array(&params, &ids);
		params_array(&params, &margins);
		params_day(&params, chunk->rescore->flip->next_day);
		params_text(&params, jobs_source_name(chunk->rescore->source));
		status = jobs_rows(chunk->job, STATEMENT_MEASURE_MARGINS, &params, &rows);
	}
	array_column_release(&ids);
	array_column_release(&margins);
	for (int i = 0; status == STATUS_OK && rows != NULL && i < PQntuples(rows); i++) {
		struct outcome *outcome = find(chunk, row_text((struct row){rows, i}, 0));

		if (outcome != NULL)
			outcome->after.measures.margin_12m = row_int((struct row){rows, i}, 1);
	}
	return status;
}

static enum status ask_of_some(struct chunk *chunk, enum statement statement, bool (*is_wanted)(const struct chunk *chunk, size_t index),
                               const PGresult **rows)
{
	struct params params = jobs_params(chunk->job);
	struct array_column ids;
	enum status status = STATUS_OK;

	*rows = NULL;
	if (collect(chunk, is_wanted, &ids) > 0) {
		params_array(&params, &ids);
		params_day(&params, chunk->rescore->flip->next_day);
		status = jobs_rows(chunk->job, statement, &params, rows);
	}
	array_column_release(&ids);
	return status;
}

static enum status derive_sellers(struct chunk *chunk)
{
	const PGresult *rows;
	enum status status;

	if (!chunk->rescore->derives_sellers)
		return STATUS_OK;
	status = ask_of_some(chunk, STATEMENT_DERIVE_SELLERS, states_no_seller, &rows);
	for (size_t i = 0; i < chunk->count; i++)
		if (states_no_seller(chunk, i)) {
			chunk->outcomes[i].after.seller = (struct text){NULL, 0};
			chunk->outcomes[i].after.seller_derived = false;
		}
	for (int i = 0; status == STATUS_OK && rows != NULL && i < PQntuples(rows); i++) {
		struct outcome *outcome = find(chunk, row_text((struct row){rows, i}, 0));

		if (outcome == NULL)
			continue;
		outcome->after.seller = row_text((struct row){rows, i}, 1);
		outcome->after.seller_derived = true;
	}
	return status;
}

static enum status find_promoted(struct chunk *chunk)
{
	const PGresult *rows;
	enum status status;

	if (!chunk->rescore->promotes)
		return STATUS_OK;
	status = ask_of_some(chunk, STATEMENT_FIND_BUYERS, is_prospect, &rows);
	for (int i = 0; status == STATUS_OK && rows != NULL && i < PQntuples(rows); i++) {
		struct outcome *outcome = find(chunk, row_text((struct row){rows, i}, 0));

		if (outcome != NULL)
			outcome->is_promoted = outcome->is_account = true;
	}
	return status;
}

static enum status judge(struct chunk *chunk)
{
	const struct rescore *rescore = chunk->rescore;

	return jobs_judge(chunk->job, rescore->policy, rescore->flip->next_day, rescore->judges, chunk->outcomes, chunk->count);
}

/* ---- Scoring ---- */

static void fill(struct record *record, enum organisation_field field, struct row row, int column)
{
	if (row_is_null(row, column))
		return;
	record->given |= UINT32_C(1) << field;
	record->filled |= UINT32_C(1) << field;
}

/** The industry is folded already, which folding again does not change. */
void jobs_record_read(struct row row, bool is_account, struct stored_record *out)
{
	struct record *record = &out->record;

	*out = (struct stored_record){.exists = true, .is_account = is_account};
	record->kind = RECORD_ORGANISATION;
	fill(record, ORGANISATION_STATUS, row, COLUMN_STATUS);
	fill(record, ORGANISATION_EMPLOYEES, row, COLUMN_EMPLOYEES);
	fill(record, ORGANISATION_INDUSTRY, row, COLUMN_INDUSTRY);
	fill(record, ORGANISATION_ANNUAL_POTENTIAL, row, COLUMN_POTENTIAL);
	fill(record, ORGANISATION_ANNUAL_POTENTIAL_ON, row, COLUMN_POTENTIAL_ON);
	fill(record, ORGANISATION_EXPECTED_ANNUAL, row, COLUMN_EXPECTED_ANNUAL);
	fill(record, ORGANISATION_REVISIT_ON, row, COLUMN_REVISIT_ON);
	record->value[ORGANISATION_STATUS].integer = text_equal(row_text(row, COLUMN_STATUS), TEXT("active")) ? ORGANISATION_ACTIVE
	                                                                                                     : ORGANISATION_INACTIVE;
	record->value[ORGANISATION_EMPLOYEES].integer = row_int(row, COLUMN_EMPLOYEES);
	record->value[ORGANISATION_INDUSTRY].text = row_text(row, COLUMN_INDUSTRY);
	record->value[ORGANISATION_ANNUAL_POTENTIAL].integer = row_int(row, COLUMN_POTENTIAL);
	record->value[ORGANISATION_ANNUAL_POTENTIAL_ON].integer = row_day(row, COLUMN_POTENTIAL_ON);
	record->value[ORGANISATION_EXPECTED_ANNUAL].integer = row_int(row, COLUMN_EXPECTED_ANNUAL);
	record->value[ORGANISATION_REVISIT_ON].integer = row_day(row, COLUMN_REVISIT_ON);
}

static enum status score(struct chunk *chunk)
{
	const struct rescore *rescore = chunk->rescore;
	const struct rules rules = {rescore->policy, rescore->review};

	for (size_t i = 0; i < chunk->count; i++) {
		struct outcome *outcome = &chunk->outcomes[i];
		struct stored_record record;
		struct features features;
		struct terms terms;
		enum status status;

		jobs_record_read((struct row){chunk->rows, (int)i}, outcome->is_account, &record);
		terms = terms_of(&record.record);
		status = features_of(&record, &outcome->after, rescore->review == NULL ? NULL : &rescore->review->cohorts,
		                     rescore->flip->next_day, chunk->job->arena, &features);
		if (status != STATUS_OK)
			return status;
		jobs_outcome_score(outcome, &features, &terms, rules, rescore->flip->next_day, rescore->plain_sides);
	}
	return STATUS_OK;
}

/* ---- The pass ---- */

static enum status mark_differing(struct chunk *chunk)
{
	struct array_column ids;
	enum status status;

	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < chunk->count; i++)
		if (jobs_outcome_differs(&chunk->outcomes[i], OUTCOME_STANDINGS) || chunk->outcomes[i].is_promoted)
			array_add_text(&ids, chunk->outcomes[i].id);
	chunk->marked = ids.count;
	status = ids.count == 0 ? STATUS_OK : jobs_mark(chunk->job, chunk->rescore->flip->next_epoch, &ids);
	array_column_release(&ids);
	return status;
}

/** A whole edition is written; of the one in force, what differs. */
static enum status write_outcomes(struct chunk *chunk)
{
	const bool settles = chunk->rescore->pass == RESCORE_SETTLES;
	struct outcome **written = arena_array(chunk->job->arena, chunk->count, sizeof(*written));
	size_t count = 0;

	if (chunk->rescore->pass == RESCORE_MARKS)
		return mark_differing(chunk);
	if (written == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < chunk->count; i++)
		if (!settles || jobs_outcome_differs(&chunk->outcomes[i], OUTCOME_SETTLED) || chunk->outcomes[i].is_promoted)
			written[count++] = &chunk->outcomes[i];
	return jobs_outcomes_write(chunk->rescore->flip, written, count, settles ? OUTCOME_SETTLED : OUTCOME_STANDINGS, &chunk->changed);
}

static enum status run_chunk(struct job *job, void *context)
{
	static enum status (*const steps[])(struct chunk *chunk) = {
		measure, measure_margins, derive_sellers, find_promoted, judge, score, write_outcomes,
	};
	struct chunk *chunk = context;
	enum status status = read_chunk(chunk);

	(void)job;
	chunk->changed = 0;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && status == STATUS_OK && chunk->count > 0; i++)
		status = steps[i](chunk);
	return status;
}

/** Once the chunk is committed: what is known of it outlives the arena. */
static enum status keep_chunk(struct chunk *chunk)
{
	struct rescore *rescore = chunk->rescore;

	if (chunk->count == 0)
		return STATUS_OK;
	for (size_t i = 0; i < chunk->count && rescore->pass != RESCORE_MARKS; i++)
		if (chunk->outcomes[i].is_promoted)
			array_add_text(&rescore->flip->promoted, chunk->outcomes[i].id);
	if (rescore->flip->promoted.body.failed)
		return STATUS_NO_MEMORY;
	rescore->flip->changed += chunk->changed;
	rescore->marked += chunk->marked;
	rescore->found_other_margins |= chunk->found_other_margins;
	return keep_id(&chunk->after, chunk->outcomes[chunk->count - 1].id);
}

static struct chunk first_chunk(struct rescore *rescore, size_t limit)
{
	return (struct chunk){.rescore = rescore, .job = rescore->flip->job, .limit = limit, .count = 1};
}

/** Marking ends when settling is out of the question. */
static bool goes_on(const struct chunk *chunk)
{
	return chunk->count > 0 && chunk->rescore->marked <= chunk->job->settle_rows;
}

static enum status run_stretch(struct chunk *chunk, const atomic_bool *is_off)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && goes_on(chunk) && (is_off == NULL || !atomic_load(is_off))) {
		int64_t started_us = clock_ticks_us();

		status = jobs_transaction(chunk->job, JOBS_LOCK_SHARED, run_chunk, chunk);
		chunk->limit = jobs_pace(chunk->limit, clock_ticks_us() - started_us);
		if (status == STATUS_OK)
			status = keep_chunk(chunk);
	}
	return status;
}

/* ---- A whole edition, by two hands ---- */

/** What one hand goes through, and what comes of it. */
struct hand {
	struct flip flip;
	struct rescore rescore;
	struct chunk chunk;
};

static enum status run_hand(const struct half *half)
{
	struct hand *hand = half->context;

	hand->flip.job = hand->chunk.job = half->job;
	return run_stretch(&hand->chunk, half->is_off);
}

static void hand_init(struct hand *hand, const struct rescore *rescore)
{
	hand->flip = *rescore->flip;
	hand->flip.changed = 0;
	array_column_init(&hand->flip.promoted, ARRAY_TEXT);
	hand->rescore = *rescore;
	hand->rescore.flip = &hand->flip;
	hand->chunk = first_chunk(&hand->rescore, JOBS_FIRST_ROWS);
}

/** Add what a hand found to what its whole has found. */
static void hand_release(struct hand *hand, struct rescore *whole)
{
	whole->flip->changed += hand->flip.changed;
	whole->found_other_margins |= hand->rescore.found_other_margins;
	array_add_all(&whole->flip->promoted, &hand->flip.promoted);
	array_column_release(&hand->flip.promoted);
}

static enum status find_middle(struct job *job, struct kept_id *middle)
{
	struct params params;
	const PGresult *rows;
	enum status status;

	arena_reset(job->arena);
	params = jobs_params(job);
	status = jobs_rows(job, STATEMENT_FIND_MIDDLE, &params, &rows);
	return status == STATUS_OK && PQntuples(rows) > 0 ? keep_id(middle, row_text((struct row){rows, 0}, 0)) : status;
}

static enum status rescore_whole(struct rescore *rescore)
{
	struct hand lower, upper;
	struct kept_id middle = {.length = 0};
	enum status status = find_middle(rescore->flip->job, &middle);

	if (status != STATUS_OK)
		return status;
	hand_init(&lower, rescore);
	hand_init(&upper, rescore);
	lower.chunk.until = middle;
	upper.chunk.after = middle;
	status = jobs_in_halves(rescore->flip->job, run_hand, (void *const[]){&lower, &upper});
	hand_release(&lower, rescore);
	hand_release(&upper, rescore);
	return status == STATUS_OK && rescore->flip->promoted.body.failed ? STATUS_NO_MEMORY : status;
}

enum status jobs_rescore(struct rescore *rescore)
{
	struct chunk chunk;

	if (rescore->pass == RESCORE_WRITES && !rescore->touched_only)
		return rescore_whole(rescore);
	chunk = first_chunk(rescore, JOBS_FIRST_ROWS);
	return run_stretch(&chunk, NULL);
}

/* ---- Settling ---- */

enum status jobs_mark(struct job *job, int32_t epoch, const struct array_column *ids)
{
	struct params params = jobs_params(job);

	params_int4(&params, epoch);
	params_array(&params, ids);
	return jobs_run(job, STATEMENT_MARK_TOUCHED, &params);
}

static enum status count_marked(const struct flip *flip, int64_t *count)
{
	struct params params = jobs_params(flip->job);
	const PGresult *rows;
	enum status status;

	params_int4(&params, flip->next_epoch);
	params_int8(&params, flip->job->settle_rows + 1);
	status = jobs_rows(flip->job, STATEMENT_COUNT_TOUCHED, &params, &rows);
	if (status == STATUS_OK)
		*count = row_int((struct row){rows, 0}, 0);
	return status;
}

/** Within the transaction that brings the flip into force. */
static enum status settle_marked(struct flip *flip, void *context, bool *declines)
{
	struct rescore rescore = *(const struct rescore *)context;
	struct chunk chunk = first_chunk(&rescore, JOBS_CHUNK_ROWS);
	int64_t marked = 0;
	enum status status = count_marked(flip, &marked);

	rescore.pass = RESCORE_SETTLES;
	rescore.touched_only = true;
	*declines = marked > flip->job->settle_rows;
	while (status == STATUS_OK && !*declines && chunk.count > 0) {
		status = run_chunk(flip->job, &chunk);
		if (status == STATUS_OK)
			status = keep_chunk(&chunk);
	}
	return status;
}

enum status jobs_rescore_settle(const struct rescore *rescore, bool *is_settled)
{
	return jobs_flip_settle(rescore->flip, settle_marked, (void *)(uintptr_t)rescore, is_settled);
}
