/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the history as array columns. Which lines there are is the writers' and jobs' business. */
#include <sweetspot/change.h>

void change_columns_init(struct array_column columns[CHANGE_COLUMNS])
{
	static const enum array_type types[CHANGE_COLUMNS] = {ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4,
		                                              ARRAY_INT4, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4,
		                                              ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT8, ARRAY_INT4, ARRAY_INT4, ARRAY_TEXT};

	for (size_t i = 0; i < CHANGE_COLUMNS; i++)
		array_column_init(&columns[i], types[i]);
}

static void add_points(struct array_column *column, const struct component *parts, size_t count, bool classified)
{
	for (size_t i = 0; i < count; i++)
		array_add_int(column, classified && parts[i].available ? parts[i].points_centi : -1);
}

static struct text list_text(const struct standing *standing)
{
	return standing->classified ? text_of(list_name(standing->list)) : (struct text){NULL, 0};
}

/** Of a prospect; an account has none of it. */
static void add_verdict(struct array_column *columns, const struct standing *from, const struct standing *to)
{
	bool has_verdict = to->qualified.verdict != VERDICT_NONE;

	array_add_text(columns++, text_of(verdict_name(to->qualified.verdict)));
	array_add_text(columns++, text_of(verdict_name(from->qualified.verdict)));
	if (has_verdict && to->qualified.expected_annual >= 0)
		array_add_int(columns++, to->qualified.expected_annual);
	else
		array_add_null(columns++);
	array_add_centi(columns++, has_verdict ? to->qualified.fit_centi : -1);
	array_add_centi(columns++, has_verdict ? to->qualified.fit_best_centi : -1);
	array_add_text(columns, to->qualified.findings);
}

void change_columns_add(struct array_column columns[CHANGE_COLUMNS], const struct turn *turn)
{
	const struct standing *from = turn->from, *to = turn->to;

	array_add_text(columns++, turn->organisation);
	array_add_text(columns++, turn->to_status);
	array_add_text(columns++, text_of(tier_name(to->tier)));
	array_add_text(columns++, list_text(to));
	array_add_text(columns++, to->seller);
	array_add_centi(columns++, to->exists ? to->engagement_centi : -1);
	array_add_centi(columns++, to->exists ? to->potential_centi : -1);
	array_add_text(columns++, turn->from_status);
	array_add_text(columns++, text_of(tier_name(from->tier)));
	array_add_text(columns++, list_text(from));
	array_add_text(columns++, from->seller);
	add_points(columns++, turn->scoring->engagement, ENGAGEMENT_PARTS, to->classified);
	add_points(columns++, turn->scoring->potential, POTENTIAL_PARTS, to->classified);
	add_verdict(columns, from, to);
}

static void add_marks(struct params *params, const struct array_column *before)
{
	if (before == NULL)
		params_null(params);
	else
		params_array(params, before);
}

struct params change_params(struct arena *arena, int64_t workspace, const struct turning *turning,
                            const struct array_column columns[CHANGE_COLUMNS])
{
	struct params params = params_in(arena);

	params_int8(&params, workspace);
	params_instant(&params, turning->at_us);
	params_int4(&params, turning->epoch);
	params_day(&params, turning->day);
	params_int4(&params, turning->review);
	params_int4(&params, turning->policy);
	params_text(&params, text_of(turning->cause));
	params_text(&params, turning->reference);
	params_text(&params, turning->key_id);
	params_text(&params, turning->actor);
	for (size_t i = 0; i < CHANGE_COLUMNS; i++)
		params_array(&params, &columns[i]);
	add_marks(&params, turning->overrides_before);
	add_marks(&params, turning->protections_before);
	add_marks(&params, turning->assignments_before);
	return params;
}
