/* SPDX-License-Identifier: Apache-2.0 */
/* Standings from rows, and into array columns: one order of columns for every statement that reads or writes them. */
#include <sweetspot/store.h>

enum verdict verdict_of_name(struct text name)
{
	for (int verdict = VERDICT_NONE + 1; verdict < VERDICT_COUNT; verdict++)
		if (text_equal(text_of(verdict_name((enum verdict)verdict)), name))
			return (enum verdict)verdict;
	return VERDICT_NONE;
}

enum size_source size_source_of_name(struct text name)
{
	for (int source = SIZE_NONE + 1; source < SIZE_SOURCES; source++)
		if (text_equal(text_of(size_source_name((enum size_source)source)), name))
			return (enum size_source)source;
	return SIZE_NONE;
}

static int32_t score_of(struct row row, int column)
{
	return row_is_null(row, column) ? -1 : (int32_t)row_int(row, column);
}

int measures_read(struct row row, int column, struct measures *out)
{
	out->revenue_12m = row_int(row, column++);
	out->revenue_prior_12m = row_int(row, column++);
	out->revenue_182 = row_int(row, column++);
	out->revenue_prior_182 = row_int(row, column++);
	out->margin_12m = row_int(row, column++);
	out->minutes_12m = row_int(row, column++);
	out->rhythm = row_int(row, column++);
	out->orders = row_int(row, column++);
	out->reach = (int32_t)row_int(row, column++);
	out->inbound = (int32_t)row_int(row, column++);
	out->directed = (int32_t)row_int(row, column++);
	out->lines_12m = (int32_t)row_int(row, column++);
	return column;
}

static int qualified_read(struct row row, int column, struct qualified *out)
{
	out->verdict = verdict_of_name(row_text(row, column++));
	out->expected_annual = row_is_null(row, column) ? -1 : row_int(row, column);
	column++;
	out->size_source = size_source_of_name(row_text(row, column++));
	out->fit_passed_centi = score_of(row, column++);
	out->fit_possible_centi = score_of(row, column++);
	out->findings = row_text(row, column++);
	out->open_amount = row_int(row, column++);
	out->largest_open = row_int(row, column++);
	out->access = row_is_null(row, column) ? ACCESS_UNKNOWN : row_bool(row, column) ? ACCESS_YES : ACCESS_NO;
	return column + 1;
}

int standing_read(struct row row, int column, struct standing *out)
{
	*out = (struct standing){.exists = !row_is_null(row, column)};
	out->margin_pct_centi = (int32_t)row_int(row, column++);
	out->tier = tier_of_name(row_text(row, column++));
	out->classified = !row_is_null(row, column);
	out->list = list_of_name(row_text(row, column++));
	out->engagement_centi = score_of(row, column++);
	out->potential_centi = score_of(row, column++);
	out->keep_score_centi = score_of(row, column++);
	out->engagement_side = (enum side)row_int(row, column++);
	out->potential_side = (enum side)row_int(row, column++);
	out->could_become_key = row_bool(row, column++);
	column = qualified_read(row, column, &out->qualified);
	out->seller = row_text(row, column++);
	out->seller_derived = row_bool(row, column++);
	return measures_read(row, column, &out->measures);
}

int override_read(struct row row, int column, struct override *out)
{
	*out = (struct override){.exists = !row_is_null(row, column + 2)};
	out->tier = tier_of_name(row_text(row, column));
	out->has_list = !row_is_null(row, column + 1);
	out->list = list_of_name(row_text(row, column + 1));
	out->reason = row_text(row, column + 2);
	out->until = row_day(row, column + 3);
	out->actor = row_text(row, column + 4);
	return column + 5;
}

int override_read_whole(struct row row, int column, struct override *out)
{
	column = override_read(row, column, out);
	out->day = row_day(row, column);
	out->set_at_us = row_instant(row, column + 1);
	out->key_id = row_text(row, column + 2);
	return column + 3;
}

int assignment_read(struct row row, int column, struct assignment *out)
{
	*out = (struct assignment){.exists = !row_is_null(row, column)};
	out->list = list_of_name(row_text(row, column));
	out->seller = row_text(row, column + 1);
	out->is_off = out->exists && !row_bool(row, column + 2);
	out->reason = row_text(row, column + 3);
	out->actor = row_text(row, column + 4);
	out->at_us = row_instant(row, column + 5);
	return column + 6;
}

int standing_read_ranked(struct row row, int column, struct standing *out)
{
	column = standing_read(row, column, out);
	out->is_over_cap = row_bool(row, column);
	return column + 1;
}

int standing_read_shown(struct row row, int column, struct standing *out)
{
	column = override_read(row, standing_read_ranked(row, column, out), &out->override);
	return assignment_read(row, column, &out->assignment);
}

void standing_columns_init(struct array_column *columns)
{
	static const enum array_type types[STANDING_COLUMNS] = {
		ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4, ARRAY_INT4, ARRAY_INT2, ARRAY_INT2, ARRAY_BOOL,
		ARRAY_TEXT, ARRAY_INT8, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4, ARRAY_TEXT, ARRAY_INT8, ARRAY_INT8, ARRAY_BOOL,
		ARRAY_TEXT, ARRAY_BOOL,
		ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
		ARRAY_INT4, ARRAY_INT4, ARRAY_INT4, ARRAY_INT4,
	};

	for (size_t i = 0; i < STANDING_COLUMNS; i++)
		array_column_init(&columns[i], types[i]);
}

void array_add_centi(struct array_column *column, int32_t centi)
{
	if (centi < 0)
		array_add_null(column);
	else
		array_add_int(column, centi);
}

static void add_measures(struct array_column *column, const struct measures *m)
{
	const int64_t values[] = {m->revenue_12m, m->revenue_prior_12m, m->revenue_182, m->revenue_prior_182, m->margin_12m, m->minutes_12m,
		                  m->rhythm, m->orders, m->reach, m->inbound, m->directed, m->lines_12m};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		array_add_int(column++, values[i]);
}

static void add_amount(struct array_column *column, int64_t amount, int64_t none)
{
	if (amount == none)
		array_add_null(column);
	else
		array_add_int(column, amount);
}

static struct array_column *add_qualified(struct array_column *column, const struct qualified *q)
{
	array_add_text(column++, text_of(verdict_name(q->verdict)));
	add_amount(column++, q->expected_annual, -1);
	array_add_text(column++, text_of(size_source_name(q->size_source)));
	array_add_centi(column++, q->fit_passed_centi);
	array_add_centi(column++, q->fit_possible_centi);
	array_add_text(column++, q->findings);
	add_amount(column++, q->open_amount, 0);
	add_amount(column++, q->largest_open, 0);
	if (q->access == ACCESS_UNKNOWN)
		array_add_null(column);
	else
		array_add_bool(column, q->access == ACCESS_YES);
	return column + 1;
}

void standing_columns_add(struct array_column *columns, const struct standing *standing)
{
	array_add_text(columns++, text_of(tier_name(standing->tier)));
	array_add_text(columns++, standing->classified ? text_of(list_name(standing->list)) : (struct text){NULL, 0});
	array_add_centi(columns++, standing->engagement_centi);
	array_add_centi(columns++, standing->potential_centi);
	array_add_centi(columns++, standing->keep_score_centi);
	array_add_int(columns++, standing->engagement_side);
	array_add_int(columns++, standing->potential_side);
	array_add_bool(columns++, standing->could_become_key);
	columns = add_qualified(columns, &standing->qualified);
	array_add_text(columns++, standing->seller);
	array_add_bool(columns++, standing->seller_derived);
	add_measures(columns, &standing->measures);
}
