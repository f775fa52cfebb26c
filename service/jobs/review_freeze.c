/* SPDX-License-Identifier: Apache-2.0 */
/* A computed review into its tables: the row, its cohorts, and who could become key. It is in force only once the flip says so. */
#include "review.h"

#include <sweetspot/json_writer.h>

/** {"key": 201, "growth": 300} */
static struct text counts_json(struct arena *arena, const char *(*name)(int), int from, int to, const int64_t *counts)
{
	struct buffer buffer = {0};
	struct json_writer w = json_writer_to(&buffer);
	struct text json;

	json_open_object(&w);
	for (int i = from; i < to; i++) {
		json_key(&w, name(i));
		json_int(&w, counts[i]);
	}
	json_close_object(&w);
	json = buffer.failed ? (struct text){NULL, 0} : text_copy(arena, buffer_text(&buffer));
	buffer_release(&buffer);
	return json;
}

static const char *name_of_tier(int tier)
{
	return tier_name((enum tier)tier);
}

static const char *name_of_list(int list)
{
	return list_name((enum list)list);
}

static const char *name_of_verdict(int verdict)
{
	return verdict_name((enum verdict)verdict);
}

static enum status freeze_row(struct making *making)
{
	const struct review *review = &making->review;
	struct params params = jobs_params(making->job);
	struct text tiers = counts_json(making->job->arena, name_of_tier, TIER_KEY, TIER_COUNT, making->tiers);
	struct text verdicts = counts_json(making->job->arena, name_of_verdict, VERDICT_NOT_OURS, VERDICT_COUNT, making->verdicts);
	struct text lists = counts_json(making->job->arena, name_of_list, LIST_KEY, LIST_COUNT, making->lists);

	if (tiers.bytes == NULL || lists.bytes == NULL || verdicts.bytes == NULL)
		return STATUS_NO_MEMORY;
	params_int4(&params, making->number);
	params_int8(&params, review->clients);
	if (review->has_key_cutoff)
		params_int8(&params, review->key_cutoff);
	else
		params_null(&params);
	params_int8(&params, review->key_revenue);
	params_int8(&params, review->revenue);
	params_int4(&params, review->engagement_cut_centi);
	params_int4(&params, review->potential_cut_centi);
	params_int8(&params, review->full_reach);
	params_int8(&params, review->full_rhythm);
	params_int8(&params, review->full_orders);
	params_bool(&params, review->initiative_available);
	params_text(&params, jobs_source_name(review->revenue_source));
	params_bool(&params, review->half_year_momentum);
	params_int4(&params, review->lines_offered);
	params_int8(&params, review->deals_per_year);
	params_day(&params, review->book_first_revenue_on);
	params_json(&params, tiers);
	params_json(&params, lists);
	params_int4(&params, review->margin_centi);
	params_json(&params, verdicts);
	params_int8(&params, making->contenders.count);
	params_int8(&params, making->contenders.revenue);
	params_int8(&params, making->contenders.headroom);
	return jobs_run(making->job, STATEMENT_FREEZE_REVIEW, &params);
}

/** Columns of one insert, and their ends. */
static void columns_init(struct array_column *columns, const enum array_type *types, size_t count)
{
	for (size_t i = 0; i < count; i++)
		array_column_init(&columns[i], types[i]);
}

static enum status insert(struct making *making, enum statement statement, struct array_column *columns, size_t count)
{
	struct params params = jobs_params(making->job);

	params_int4(&params, making->number);
	for (size_t i = 0; i < count; i++) {
		params_array(&params, &columns[i]);
		array_column_release(&columns[i]);
	}
	return jobs_run(making->job, statement, &params);
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static enum status insert_cohorts(struct making *making)
{
	static const enum array_type types[] = {ARRAY_TEXT, ARRAY_BOOL, ARRAY_INT2, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8};
	const struct cohorts *cohorts = &making->review.cohorts;
	struct array_column columns[COUNT_OF(types)];

	columns_init(columns, types, COUNT_OF(types));
	for (int32_t i = 0; i < cohorts->row_count; i++) {
		const struct cohort *row = &cohorts->rows[i];

		array_add_text(&columns[0], row->industry < 0 ? TEXT("") : cohorts->industries[row->industry]);
		array_add_bool(&columns[1], row->industry < 0);
		array_add_int(&columns[2], row->band);
		array_add_int(&columns[3], row->clients);
		array_add_int(&columns[4], row->median);
		array_add_int(&columns[5], row->p75);
	}
	return insert(making, STATEMENT_INSERT_COHORTS, columns, COUNT_OF(types));
}

static enum status insert_contenders(struct making *making)
{
	static const enum array_type types[] = {ARRAY_INT4, ARRAY_TEXT, ARRAY_INT8, ARRAY_INT8, ARRAY_BOOL, ARRAY_INT4};
	struct array_column columns[COUNT_OF(types)];

	columns_init(columns, types, COUNT_OF(types));
	for (size_t i = 0; i < making->contenders.shown; i++) {
		const struct contender *one = &making->contenders.first[i];

		array_add_int(&columns[0], (int64_t)i + 1);
		array_add_text(&columns[1], one->id);
		array_add_int(&columns[2], one->revenue_12m);
		array_add_int(&columns[3], one->annual_potential);
		array_add_bool(&columns[4], one->is_estimate);
		array_add_centi(&columns[5], one->potential_centi);
	}
	return insert(making, STATEMENT_INSERT_CONTENDERS, columns, COUNT_OF(types));
}

/** What an attempt that was broken off has left. */
static enum status clear(struct job *job, int32_t number, enum statement statement)
{
	struct params params = jobs_params(job);

	params_int4(&params, number);
	return jobs_run(job, statement, &params);
}

static enum status freeze(struct job *job, void *context)
{
	struct making *making = context;
	enum status status = clear(job, making->number, STATEMENT_DELETE_COHORTS);

	if (status == STATUS_OK)
		status = clear(job, making->number, STATEMENT_DELETE_CONTENDERS);
	if (status == STATUS_OK)
		status = insert_cohorts(making);
	if (status == STATUS_OK)
		status = insert_contenders(making);
	if (status == STATUS_OK)
		status = jobs_bands_freeze(job, making->number, &making->bands, &making->deals);
	return status == STATUS_OK ? freeze_row(making) : status;
}

enum status jobs_review_freeze(struct making *making)
{
	return jobs_transaction(making->job, JOBS_LOCK_NONE, freeze, making);
}
