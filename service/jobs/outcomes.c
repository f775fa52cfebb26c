/* SPDX-License-Identifier: Apache-2.0 */
/* Standings to be, and their history, into the database. Which organisations, and when, is decided by the callers. */
#include "outcomes.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/clock.h>

#include "rules.h"

/* ---- What an outcome is ---- */

static enum side side_of(int32_t score_centi, int32_t cut_centi)
{
	if (score_centi < 0)
		return SIDE_NONE;
	return core_side_is_high(score_centi, cut_centi, SIDE_NONE, 0) ? SIDE_HIGH : SIDE_LOW;
}

void jobs_outcome_score(struct outcome *outcome, struct features *features, const struct review *review, const struct policy *policy,
                        bool plain_sides)
{
	struct standing *after = &outcome->after;

	after->exists = true;
	after->classified = review != NULL;
	after->tier = TIER_NONE;
	after->list = LIST_NONE;
	after->engagement_centi = after->potential_centi = after->keep_score_centi = -1;
	outcome->scoring = (struct scoring){0};
	if (review == NULL)
		return;
	if (plain_sides)
		features->engagement_side = features->potential_side = SIDE_NONE;
	core_score(features, review, policy, &outcome->scoring);
	after->tier = outcome->scoring.tier;
	after->list = outcome->scoring.list;
	after->engagement_centi = outcome->scoring.engagement_centi;
	after->potential_centi = outcome->scoring.potential_centi;
	after->keep_score_centi = outcome->scoring.keep_score_centi;
	if (!plain_sides)
		return;
	after->engagement_side = side_of(after->engagement_centi, review->engagement_cut_centi);
	after->potential_side = side_of(after->potential_centi, review->potential_cut_centi);
}

bool jobs_outcome_reclassifies(const struct outcome *outcome)
{
	return outcome->before.tier != outcome->after.tier || outcome->before.list != outcome->after.list;
}

bool jobs_outcome_differs(const struct outcome *outcome, enum outcome_scope scope)
{
	const struct standing *a = &outcome->before, *b = &outcome->after;

	if (jobs_outcome_reclassifies(outcome) || a->classified != b->classified || a->engagement_centi != b->engagement_centi
	    || a->potential_centi != b->potential_centi || a->keep_score_centi != b->keep_score_centi
	    || a->engagement_side != b->engagement_side || a->potential_side != b->potential_side)
		return true;
	if (scope == OUTCOME_SCORES)
		return false;
	return a->seller_derived != b->seller_derived || !text_equal(a->seller, b->seller)
	       || memcmp(&a->measures, &b->measures, sizeof(a->measures)) != 0;
}

/* ---- Columns ---- */

#define SCORE_COLUMNS 7
#define STANDING_COLUMNS 21
#define CHANGE_COLUMNS 13
#define COLUMNS_MAX (1 + STANDING_COLUMNS)

/** Array columns side by side, filled left to right. */
struct columns {
	struct array_column column[COLUMNS_MAX];
	size_t count;
};

static void columns_init(struct columns *columns, const enum array_type *types, size_t count)
{
	columns->count = count;
	for (size_t i = 0; i < count; i++)
		array_column_init(&columns->column[i], types[i]);
}

static void columns_params(const struct columns *columns, struct params *params)
{
	for (size_t i = 0; i < columns->count; i++)
		params_array(params, &columns->column[i]);
}

static void columns_release(struct columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		array_column_release(&columns->column[i]);
}

static void add_centi(struct array_column *column, int32_t centi)
{
	if (centi < 0)
		array_add_null(column);
	else
		array_add_int(column, centi);
}

static struct text list_text(const struct standing *standing)
{
	return standing->classified ? text_of(list_name(standing->list)) : (struct text){NULL, 0};
}

static void add_measures(struct array_column *column, const struct measures *m)
{
	const int64_t values[] = {m->revenue_12m, m->revenue_prior_12m, m->revenue_182, m->revenue_prior_182, m->margin_12m, m->minutes_12m,
		                  m->rhythm, m->orders, m->reach, m->inbound, m->directed, m->lines_12m};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		array_add_int(column++, values[i]);
}

static void add_standing(struct array_column *column, const struct outcome *outcome, enum outcome_scope scope)
{
	const struct standing *after = &outcome->after;

	array_add_text(column++, outcome->id);
	array_add_text(column++, text_of(tier_name(after->tier)));
	array_add_text(column++, list_text(after));
	add_centi(column++, after->engagement_centi);
	add_centi(column++, after->potential_centi);
	add_centi(column++, after->keep_score_centi);
	array_add_int(column++, after->engagement_side);
	array_add_int(column++, after->potential_side);
	if (scope == OUTCOME_SCORES)
		return;
	array_add_text(column++, after->seller);
	array_add_bool(column++, after->seller_derived);
	add_measures(column, &after->measures);
}

static void add_points(struct array_column *column, const struct component *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		array_add_int(column, parts[i].available ? parts[i].points_centi : -1);
}

/** The status is the same on both sides: a flip never changes it. */
static void add_change(struct array_column *column, const struct outcome *outcome, struct text status, struct text old_seller,
                       struct text seller)
{
	array_add_text(column++, outcome->id);
	array_add_text(column++, status);
	array_add_text(column++, text_of(tier_name(outcome->after.tier)));
	array_add_text(column++, list_text(&outcome->after));
	array_add_text(column++, seller);
	add_centi(column++, outcome->after.engagement_centi);
	add_centi(column++, outcome->after.potential_centi);
	array_add_text(column++, status);
	array_add_text(column++, text_of(tier_name(outcome->before.tier)));
	array_add_text(column++, list_text(&outcome->before));
	array_add_text(column++, old_seller);
	add_points(column++, outcome->scoring.engagement, ENGAGEMENT_PARTS);
	add_points(column, outcome->scoring.potential, POTENTIAL_PARTS);
}

/* ---- Writing ---- */

static int compare_id(const void *key, const void *element)
{
	const struct text *id = key;
	const struct outcome *const *outcome = element;

	return text_compare(*id, (*outcome)->id);
}

static const struct outcome *find_outcome(struct outcome *const *outcomes, size_t count, struct text id)
{
	struct outcome *const *found = bsearch(&id, outcomes, count, sizeof(*outcomes), compare_id);

	return found == NULL ? NULL : *found;
}

static enum status write_standings(struct flip *flip, struct outcome *const *outcomes, size_t count, enum outcome_scope scope,
                                   const PGresult **written)
{
	static const enum array_type types[] = {
		ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4, ARRAY_INT4, ARRAY_INT2, ARRAY_INT2,
		ARRAY_TEXT, ARRAY_BOOL, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8, ARRAY_INT8,
		ARRAY_INT8, ARRAY_INT8, ARRAY_INT4, ARRAY_INT4, ARRAY_INT4, ARRAY_INT4,
	};
	struct params params = jobs_params(flip->job);
	struct columns columns;
	enum status status;

	params_int4(&params, flip->epoch);
	params_int4(&params, flip->next_epoch);
	columns_init(&columns, types, 1 + (scope == OUTCOME_SCORES ? SCORE_COLUMNS : STANDING_COLUMNS));
	for (size_t i = 0; i < count; i++)
		add_standing(columns.column, outcomes[i], scope);
	columns_params(&columns, &params);
	columns_release(&columns);
	status = jobs_rows(flip->job, scope == OUTCOME_SCORES ? STATEMENT_FLIP_SCORES : STATEMENT_FLIP_STANDINGS, &params, written);
	return status;
}

/** Who or what brought changes about; overrides_before NULL: they are as they were. */
struct origin {
	const char *cause;
	struct text reference, key_id, actor;
	const struct array_column *overrides_before;
};

static enum status insert_changes(struct flip *flip, const struct columns *changes, const struct origin *origin)
{
	struct params params = jobs_params(flip->job);

	params_instant(&params, clock_now_us());
	params_int4(&params, flip->next_epoch);
	params_day(&params, flip->next_day);
	params_int4(&params, flip->next_review);
	params_int4(&params, flip->next_policy);
	params_text(&params, text_of(origin->cause));
	params_text(&params, origin->reference);
	params_text(&params, origin->key_id);
	params_text(&params, origin->actor);
	columns_params(changes, &params);
	if (origin->overrides_before == NULL)
		params_null(&params);
	else
		params_array(&params, origin->overrides_before);
	params_null(&params);
	return jobs_run(flip->job, STATEMENT_INSERT_CHANGES, &params);
}

static void change_columns_init(struct columns *changes)
{
	static const enum array_type types[CHANGE_COLUMNS] = {ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4,
		                                              ARRAY_INT4, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4};

	columns_init(changes, types, CHANGE_COLUMNS);
}

/** History of the rows that were written, as the database names them: an organisation, its seller to be, its status. */
static enum status write_changes(struct flip *flip, struct outcome *const *outcomes, size_t count, enum outcome_scope scope,
                                 const PGresult *written, int64_t *reclassified)
{
	const struct origin origin = {flip->cause, flip->reference, flip->key_id, flip->actor, NULL};
	struct columns changes;
	enum status status = STATUS_OK;

	*reclassified = 0;
	change_columns_init(&changes);
	for (int i = 0; i < PQntuples(written); i++) {
		struct row row = {written, i};
		const struct outcome *outcome = find_outcome(outcomes, count, row_text(row, 0));
		struct text seller = row_text(row, 1), old_seller = seller;

		if (outcome == NULL)
			continue;
		if (scope == OUTCOME_STANDINGS)
			old_seller = outcome->before.seller;
		*reclassified += jobs_outcome_reclassifies(outcome);
		if (jobs_outcome_reclassifies(outcome) || !text_equal(old_seller, seller))
			add_change(changes.column, outcome, row_text(row, 2), old_seller, seller);
	}
	if (changes.column[0].count > 0)
		status = insert_changes(flip, &changes, &origin);
	columns_release(&changes);
	return status;
}

enum status jobs_outcomes_write(struct flip *flip, struct outcome *const *outcomes, size_t count, enum outcome_scope scope,
                                int64_t *reclassified)
{
	const PGresult *written;
	enum status status;

	*reclassified = 0;
	if (count == 0)
		return STATUS_OK;
	status = write_standings(flip, outcomes, count, scope, &written);
	return status == STATUS_OK ? write_changes(flip, outcomes, count, scope, written, reclassified) : status;
}

enum status jobs_turns_write(struct flip *flip, const struct turn *turns, size_t count)
{
	struct array_column overrides_before;
	const struct origin origin = {.cause = "override", .overrides_before = &overrides_before};
	struct columns changes;
	enum status status = STATUS_OK;

	change_columns_init(&changes);
	array_column_init(&overrides_before, ARRAY_JSONB);
	for (size_t i = 0; i < count; i++) {
		struct text seller = turns[i].outcome.after.seller;

		add_change(changes.column, &turns[i].outcome, turns[i].status, seller, seller);
		array_add_text(&overrides_before, turns[i].override_before);
	}
	if (count > 0)
		status = insert_changes(flip, &changes, &origin);
	columns_release(&changes);
	array_column_release(&overrides_before);
	return status;
}
