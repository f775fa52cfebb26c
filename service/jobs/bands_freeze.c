/* SPDX-License-Identifier: Apache-2.0 */
/* Computed size bands into their tables, as part of a review. */
#include "closed_deals.h"

#define SUM_COLUMNS 6

static enum status clear(struct job *job, enum statement statement, int32_t review)
{
	struct params params = jobs_params(job);

	params_int4(&params, review);
	return jobs_run(job, statement, &params);
}

static enum status freeze_head(struct job *job, int32_t review, const struct size_bands *bands)
{
	const struct selling *selling = &bands->selling;
	struct params params = jobs_params(job);

	params_int4(&params, review);
	params_text(&params, text_of(effort_basis_name(bands->basis)));
	params_int8(&params, bands->without_amount);
	if (selling->is_known) {
		params_int8(&params, selling->weekly_hours_centi);
		params_int8(&params, selling->quota_minor);
	} else {
		params_null(&params);
		params_null(&params);
	}
	params_int4(&params, (int32_t)selling->account_management_pct_centi);
	params_bool(&params, bands->quota_infeasible);
	if (bands->has_floor)
		params_int8(&params, bands->floor_minor);
	else
		params_null(&params);
	return jobs_run(job, STATEMENT_FREEZE_BANDS, &params);
}

/** Columns of one insert, and their ends. */
static void columns_init(struct array_column *columns, const enum array_type *types, size_t count)
{
	for (size_t i = 0; i < count; i++)
		array_column_init(&columns[i], types[i]);
}

static enum status insert(struct job *job, enum statement statement, int32_t review, struct array_column *columns, size_t count)
{
	struct params params = jobs_params(job);

	params_int4(&params, review);
	for (size_t i = 0; i < count; i++) {
		params_array(&params, &columns[i]);
		array_column_release(&columns[i]);
	}
	return jobs_run(job, statement, &params);
}

static void add_sum(struct array_column columns[SUM_COLUMNS], const struct deal_sum *sum)
{
	int64_t won = sum->won > 0 ? sum->won : 1;

	array_add_int(&columns[0], sum->deals);
	array_add_int(&columns[1], sum->won);
	array_add_int(&columns[2], (int64_t)(sum->won_minor / won));
	array_add_int(&columns[3], (int64_t)(sum->won_minor % won));
	array_add_int(&columns[4], sum->pursuits);
	array_add_int(&columns[5], sum->effort);
}

static void add_unless_negative(struct array_column *column, int64_t value)
{
	if (value < 0)
		array_add_null(column);
	else
		array_add_int(column, value);
}

static enum status insert_bands(struct job *job, int32_t review, const struct size_bands *bands)
{
	static const enum array_type types[] = {
		ARRAY_INT2, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
		ARRAY_INT8, ARRAY_INT8, ARRAY_INT4, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_TEXT,
	};
	struct array_column columns[sizeof(types) / sizeof(types[0])];

	columns_init(columns, types, sizeof(types) / sizeof(types[0]));
	for (int32_t i = 0; i < bands->count; i++) {
		const struct size_band *band = &bands->bands[i];

		array_add_int(&columns[0], i + 1);
		array_add_int(&columns[1], band->from_minor);
		array_add_int(&columns[2], band->to_minor);
		add_sum(&columns[3], &band->sum);
		add_unless_negative(&columns[9], band->median_cycle_days);
		add_unless_negative(&columns[10], band->index);
		array_add_int(&columns[11], band->accounts);
		array_add_int(&columns[12], band->service_minutes);
		array_add_text(&columns[13], text_of(band_verdict_name(band->verdict)));
	}
	return insert(job, STATEMENT_INSERT_BANDS, review, columns, sizeof(types) / sizeof(types[0]));
}

static enum status insert_sellers(struct job *job, int32_t review, const struct size_bands *bands, const struct text_map *names)
{
	static const enum array_type types[] = {ARRAY_TEXT, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8};
	struct array_column columns[sizeof(types) / sizeof(types[0])];

	columns_init(columns, types, sizeof(types) / sizeof(types[0]));
	for (size_t i = 0; i < names->slot_count; i++) {
		const struct text_map_slot *slot = &names->slots[i];

		if (slot->key.bytes == NULL)
			continue;
		array_add_text(&columns[0], slot->key);
		add_sum(&columns[1], &bands->sellers[slot->value - 1]);
	}
	return insert(job, STATEMENT_INSERT_BAND_SELLERS, review, columns, sizeof(types) / sizeof(types[0]));
}

enum status jobs_bands_freeze(struct job *job, int32_t review, const struct size_bands *bands, const struct closed_deals *deals)
{
	enum status status = clear(job, STATEMENT_DELETE_BANDS, review);

	if (status == STATUS_OK)
		status = clear(job, STATEMENT_DELETE_BAND_SELLERS, review);
	if (status == STATUS_OK)
		status = insert_bands(job, review, bands);
	if (status == STATUS_OK)
		status = insert_sellers(job, review, bands, &deals->sellers);
	return status == STATUS_OK ? freeze_head(job, review, bands) : status;
}
