/* SPDX-License-Identifier: Apache-2.0 */
/* A book in memory brought to another day, revenue source or margin, by the statements a rescoring uses. Nothing is written. */
#include "book_rows.h"

#include <stdlib.h>

#include "judge.h"
#include "rules.h"

/** Some organisations of the book, looked at together. */
struct stretch {
	struct job *job;
	const struct book_move *move;
	struct book_rows *rows;
	size_t from, to;
	struct text_map places;  /* their indices, plus 1 */
};

static bool is_any(const struct book_rows *rows, size_t index)
{
	(void)rows;
	(void)index;
	return true;
}

static bool states_no_seller(const struct book_rows *rows, size_t index)
{
	return (rows->owners[index] & OWNER_DERIVED) != 0;
}

static bool is_prospect(const struct book_rows *rows, size_t index)
{
	return !rows->features[index].is_account;
}

/** Remember where an organisation stands. */
static enum status place(struct stretch *stretch, size_t index)
{
	int64_t *number = text_map_put(&stretch->places, book_rows_id(stretch->rows, index));

	if (number == NULL)
		return STATUS_NO_MEMORY;
	*number = (int64_t)index + 1;
	return STATUS_OK;
}

/** The ids of those that are wanted, to be released by the caller. */
static enum status collect(struct stretch *stretch, bool (*is_wanted)(const struct book_rows *rows, size_t index), struct array_column *ids)
{
	enum status status = STATUS_OK;

	array_column_init(ids, ARRAY_TEXT);
	for (size_t i = stretch->from; i < stretch->to && status == STATUS_OK; i++) {
		if (!is_wanted(stretch->rows, i))
			continue;
		array_add_text(ids, book_rows_id(stretch->rows, i));
		status = place(stretch, i);
	}
	return status;
}

/** @return the index of the organisation of an answer's row, or -1 */
static int64_t index_of(const struct stretch *stretch, struct row row)
{
	return text_map_get(&stretch->places, row_text(row, 0), 0) - 1;
}

static enum status measure(struct stretch *stretch)
{
	const struct book_move *move = stretch->move;
	struct array_column ids;
	const PGresult *measured;
	enum status status = collect(stretch, is_any, &ids);

	if (status == STATUS_OK)
		status = jobs_measure(stretch->job, &ids, move->day, move->source, &measured);
	for (int i = 0; status == STATUS_OK && i < PQntuples(measured); i++) {
		struct row row = {measured, i};
		int64_t index = index_of(stretch, row);

		if (index >= 0)
			measures_read(row, 1, &stretch->rows->features[index].measures);
	}
	array_column_release(&ids);
	return status;
}

/** Ask about those that are wanted; *rows is NULL when none are. */
static enum status ask(struct stretch *stretch, enum statement statement, bool (*is_wanted)(const struct book_rows *rows, size_t index),
                       const PGresult **rows)
{
	struct params params = jobs_params(stretch->job);
	struct array_column ids;
	enum status status = collect(stretch, is_wanted, &ids);

	*rows = NULL;
	if (status == STATUS_OK && ids.count > 0) {
		params_array(&params, &ids);
		params_day(&params, stretch->move->day);
		status = jobs_rows(stretch->job, statement, &params, rows);
	}
	array_column_release(&ids);
	return status;
}

static enum status derive_sellers(struct stretch *stretch)
{
	struct book_rows *rows = stretch->rows;
	const PGresult *derived;
	enum status status = ask(stretch, STATEMENT_DERIVE_SELLERS, states_no_seller, &derived);

	for (size_t i = stretch->from; i < stretch->to; i++)
		if (states_no_seller(rows, i))
			rows->owners[i] = OWNER_DERIVED;
	for (int i = 0; status == STATUS_OK && derived != NULL && i < PQntuples(derived); i++) {
		struct row row = {derived, i};
		int64_t index = index_of(stretch, row);
		int64_t *number = text_map_put(&rows->sellers, row_text(row, 1));

		if (number == NULL)
			return STATUS_NO_MEMORY;
		if (*number == 0)
			*number = (int64_t)rows->sellers.count;
		if (index >= 0)
			rows->owners[index] = (uint32_t)*number | OWNER_DERIVED;
	}
	return status;
}

static enum status promote(struct stretch *stretch)
{
	const PGresult *buyers;
	enum status status = ask(stretch, STATEMENT_FIND_BUYERS, is_prospect, &buyers);

	for (int i = 0; status == STATUS_OK && buyers != NULL && i < PQntuples(buyers); i++) {
		int64_t index = index_of(stretch, (struct row){buyers, i});

		if (index >= 0)
			stretch->rows->features[index].is_account = true;
	}
	return status;
}

static enum status count_won_deals(struct stretch *stretch)
{
	const PGresult *counts;
	enum status status = ask(stretch, STATEMENT_COUNT_WON_DEALS_OF, is_any, &counts);

	for (int i = 0; status == STATUS_OK && counts != NULL && i < PQntuples(counts); i++) {
		int64_t index = index_of(stretch, (struct row){counts, i});

		if (index >= 0)
			stretch->rows->before[index].won_deals = (int32_t)row_int((struct row){counts, i}, 1);
	}
	return status;
}

static enum status move_stretch(struct stretch *stretch)
{
	const struct book_move *move = stretch->move;
	enum status status = STATUS_OK;

	if (move->measures)
		status = measure(stretch);
	if (status == STATUS_OK && move->derives_sellers)
		status = derive_sellers(stretch);
	if (status == STATUS_OK && move->promotes)
		status = promote(stretch);
	if (status == STATUS_OK && move->counts_won_deals)
		status = count_won_deals(stretch);
	return status;
}

/** Here from and to are places in other_margins. */
static enum status sum_margins(struct stretch *stretch)
{
	struct params params = jobs_params(stretch->job);
	struct book_rows *rows = stretch->rows;
	struct array_column ids, margins;
	const PGresult *summed;
	enum status status = STATUS_OK;

	array_column_init(&ids, ARRAY_TEXT);
	array_column_init(&margins, ARRAY_INT4);
	for (size_t i = stretch->from; i < stretch->to && status == STATUS_OK; i++) {
		array_add_text(&ids, book_rows_id(rows, rows->other_margins[i].index));
		array_add_int(&margins, rows->other_margins[i].pct_centi);
		status = place(stretch, rows->other_margins[i].index);
	}
	params_array(&params, &ids);
	params_array(&params, &margins);
	array_column_release(&ids);
	array_column_release(&margins);
	params_day(&params, stretch->move->day);
	params_text(&params, jobs_source_name(stretch->move->source));
	if (status == STATUS_OK)
		status = jobs_rows(stretch->job, STATEMENT_MEASURE_MARGINS, &params, &summed);
	for (int i = 0; status == STATUS_OK && i < PQntuples(summed); i++) {
		int64_t index = index_of(stretch, (struct row){summed, i});

		if (index >= 0)
			rows->features[index].measures.margin_12m = row_int((struct row){summed, i}, 1);
	}
	return status;
}

/* ---- Judging ---- */

static int compare_rows(const void *a, const void *b, void *rows)
{
	return text_compare(book_rows_id(rows, *(const uint32_t *)a), book_rows_id(rows, *(const uint32_t *)b));
}

/** Rows as outcomes in order of id, which is the order judging wants. */
static struct outcome *outcomes_of(struct stretch *stretch, uint32_t *order)
{
	const struct book_rows *rows = stretch->rows;
	size_t count = stretch->to - stretch->from;
	struct outcome *outcomes = arena_array(stretch->job->arena, count + 1, sizeof(*outcomes));

	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)(stretch->from + i);
	qsort_r(order, count, sizeof(*order), compare_rows, stretch->rows);
	for (size_t i = 0; outcomes != NULL && i < count; i++) {
		const struct before *before = &rows->before[order[i]];

		outcomes[i].id = book_rows_id(rows, order[i]);
		outcomes[i].is_account = rows->features[order[i]].is_account;
		outcomes[i].after.qualified = (struct qualified){
			.expected_annual = -1, .fit_passed_centi = rows->features[order[i]].fit_passed_centi, .fit_possible_centi = -1,
		};
		if (before->prospect >= 0)
			outcomes[i].after.qualified = rows->prospects[before->prospect].qualified;
	}
	return outcomes;
}

static void take_judged(struct book_rows *rows, uint32_t row, const struct qualified *judged)
{
	int32_t prospect = rows->before[row].prospect;
	enum verdict was;

	rows->features[row].fit_passed_centi = judged->fit_passed_centi > 0 ? judged->fit_passed_centi : 0;
	if (prospect < 0)
		return;
	was = rows->prospects[prospect].qualified.verdict;
	rows->prospects[prospect].qualified = *judged;
	rows->prospects[prospect].qualified.verdict = was;
}

/** Findings live in the job's arena from then on: until something else is done in it. */
static enum status judge(struct stretch *stretch)
{
	const struct book_move *move = stretch->move;
	size_t count = stretch->to - stretch->from;
	uint32_t *order = arena_array(stretch->job->arena, count + 1, sizeof(*order));
	struct outcome *outcomes = order == NULL ? NULL : outcomes_of(stretch, order);
	enum status status = STATUS_NO_MEMORY;

	if (outcomes != NULL)
		status = jobs_judge(stretch->job, move->policy, move->day, move->judges_fits, outcomes, count);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		take_judged(stretch->rows, order[i], &outcomes[i].after.qualified);
	return status;
}

/** Go through `count` things in stretches. */
static enum status run(struct job *job, const struct book_move *move, struct book_rows *rows, size_t count,
                       enum status (*step)(struct stretch *stretch))
{
	enum status status = STATUS_OK;

	for (size_t from = 0; from < count && status == STATUS_OK; from += JOBS_CHUNK_ROWS) {
		struct stretch stretch = {
			.job = job,
			.move = move,
			.rows = rows,
			.from = from,
			.to = from + JOBS_CHUNK_ROWS < count ? from + JOBS_CHUNK_ROWS : count,
		};

		arena_reset(job->arena);
		stretch.places.arena = job->arena;
		status = jobs_is_stopping(job) ? STATUS_UNAVAILABLE : step(&stretch);
		text_map_release(&stretch.places);
	}
	return status;
}

bool jobs_book_moves(const struct book_move *move)
{
	return move->measures || move->derives_sellers || move->promotes || move->counts_won_deals || move->judges;
}

enum status jobs_book_move(struct job *job, const struct book_move *move, struct book_rows *rows)
{
	enum status status = STATUS_OK;

	if (move->measures || move->derives_sellers || move->promotes || move->counts_won_deals)
		status = run(job, move, rows, rows->count, move_stretch);
	if (status == STATUS_OK && move->margins)
		status = run(job, move, rows, rows->other_count, sum_margins);
	/* Last, for what it finds lives in the arena. */
	if (status == STATUS_OK && move->judges)
		status = run(job, move, rows, rows->count, judge);
	return status;
}
