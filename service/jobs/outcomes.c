/* SPDX-License-Identifier: Apache-2.0 */
/* Standings to be, and their history, into the database. Which organisations, and when, is decided by the callers. */
#include "outcomes.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/change.h>
#include <sweetspot/clock.h>

/* ---- What an outcome is ---- */

static enum side side_of(int32_t score_centi, int32_t cut_centi)
{
	if (score_centi < 0)
		return SIDE_NONE;
	return core_side_is_high(score_centi, cut_centi, SIDE_NONE, 0) ? SIDE_HIGH : SIDE_LOW;
}

void jobs_outcome_score(struct outcome *outcome, struct features *features, const struct terms *terms, struct rules rules, int32_t day,
                        bool plain_sides)
{
	struct standing *after = &outcome->after;

	if (plain_sides)
		features->engagement_side = features->potential_side = SIDE_NONE;
	standing_classify(features, terms, rules, day, after, &outcome->scoring);
	if (!plain_sides || rules.review == NULL)
		return;
	after->engagement_side = side_of(after->engagement_centi, rules.review->engagement_cut_centi);
	after->potential_side = side_of(after->potential_centi, rules.review->potential_cut_centi);
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
	    || a->engagement_side != b->engagement_side || a->potential_side != b->potential_side
	    || a->could_become_key != b->could_become_key
	    || a->qualified.verdict != b->qualified.verdict || a->qualified.expected_annual != b->qualified.expected_annual
	    || a->qualified.size_source != b->qualified.size_source)
		return true;
	if (scope == OUTCOME_SCORES)
		return false;
	return a->seller_derived != b->seller_derived || !text_equal(a->seller, b->seller) || !qualified_equal(&a->qualified, &b->qualified)
	       || memcmp(&a->measures, &b->measures, sizeof(a->measures)) != 0;
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

static void columns_params(const struct array_column *columns, size_t count, struct params *params)
{
	for (size_t i = 0; i < count; i++)
		params_array(params, &columns[i]);
}

static void columns_release(struct array_column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		array_column_release(&columns[i]);
}

static enum status write_scores(struct flip *flip, struct outcome *const *outcomes, size_t count, const PGresult **written)
{
	struct params params = jobs_params(flip->job);
	struct array_column ids, columns[STANDING_COLUMNS];

	array_column_init(&ids, ARRAY_TEXT);
	standing_columns_init(columns);
	for (size_t i = 0; i < count; i++) {
		array_add_text(&ids, outcomes[i]->id);
		standing_columns_add(columns, &outcomes[i]->after);
	}
	params_int4(&params, flip->edition);
	params_int4(&params, flip->next_epoch);
	params_array(&params, &ids);
	columns_params(columns, STANDING_SCORE_COLUMNS, &params);
	columns_release(columns, STANDING_COLUMNS);
	array_column_release(&ids);
	return jobs_rows(flip->job, STATEMENT_FLIP_SCORES, &params, written);
}

enum { FRONT_ID, FRONT_IS_ACCOUNT, FRONT_MARGIN_PCT, FRONT_COLUMNS };

static enum status write_standings(struct flip *flip, struct outcome *const *outcomes, size_t count, bool settles, const PGresult **written)
{
	struct params params = jobs_params(flip->job);
	struct array_column columns[FRONT_COLUMNS + STANDING_COLUMNS];

	array_column_init(&columns[FRONT_ID], ARRAY_TEXT);
	array_column_init(&columns[FRONT_IS_ACCOUNT], ARRAY_BOOL);
	array_column_init(&columns[FRONT_MARGIN_PCT], ARRAY_INT4);
	standing_columns_init(&columns[FRONT_COLUMNS]);
	for (size_t i = 0; i < count; i++) {
		array_add_text(&columns[FRONT_ID], outcomes[i]->id);
		array_add_bool(&columns[FRONT_IS_ACCOUNT], outcomes[i]->is_account);
		array_add_int(&columns[FRONT_MARGIN_PCT], outcomes[i]->after.margin_pct_centi);
		standing_columns_add(&columns[FRONT_COLUMNS], &outcomes[i]->after);
	}
	params_int4(&params, settles ? flip->edition : flip->next_epoch);
	columns_params(columns, FRONT_COLUMNS + STANDING_COLUMNS, &params);
	columns_release(columns, FRONT_COLUMNS + STANDING_COLUMNS);
	return jobs_rows(flip->job, settles ? STATEMENT_SETTLE_STANDINGS : STATEMENT_FLIP_STANDINGS, &params, written);
}

/** One that was written and changes so that the history says it. */
struct turned {
	const struct outcome *outcome;
	struct standing before, after;  /* with their sellers */
};

/** Of those the database says it has written, with their sellers where it names them. */
static size_t find_turned(struct outcome *const *outcomes, size_t count, const PGresult *written, struct turned *turned,
                          int64_t *reclassified)
{
	size_t found = 0;

	*reclassified = 0;
	for (int i = 0; i < PQntuples(written); i++) {
		struct row row = {written, i};
		const struct outcome *outcome = find_outcome(outcomes, count, row_text(row, 0));

		if (outcome == NULL)
			continue;
		turned[found] = (struct turned){outcome, outcome->before, outcome->after};
		if (PQnfields(written) > 1)
			turned[found].before.seller = turned[found].after.seller = row_text(row, 1);
		*reclassified += jobs_outcome_reclassifies(outcome);
		found += jobs_outcome_reclassifies(outcome) || outcome->before.qualified.verdict != outcome->after.qualified.verdict
		         || !text_equal(turned[found].before.seller, turned[found].after.seller);
	}
	return found;
}

static int compare_turned(const void *key, const void *element)
{
	return text_compare(*(const struct text *)key, ((const struct turned *)element)->outcome->id);
}

static int order_turned(const void *a, const void *b)
{
	return text_compare(((const struct turned *)a)->outcome->id, ((const struct turned *)b)->outcome->id);
}

static enum status read_statuses(struct flip *flip, const struct turned *turned, size_t count, const PGresult **rows)
{
	struct params params = jobs_params(flip->job);
	struct array_column ids;

	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < count; i++)
		array_add_text(&ids, turned[i].outcome->id);
	params_array(&params, &ids);
	array_column_release(&ids);
	return jobs_rows(flip->job, STATEMENT_READ_STATUSES, &params, rows);
}

/** The status is the same on both sides: a flip never changes it. */
static enum status write_changes(struct flip *flip, struct turned *turned, size_t count)
{
	const struct turning turning = {.at_us = clock_now_us(), .epoch = flip->next_epoch, .day = flip->next_day, .review = flip->next_review,
		                        .policy = flip->next_policy, .cause = flip->cause, .reference = flip->reference, .key_id = flip->key_id,
		                        .actor = flip->actor};
	struct array_column columns[CHANGE_COLUMNS];
	struct params params;
	const PGresult *rows;
	enum status status = read_statuses(flip, turned, count, &rows);

	if (status != STATUS_OK)
		return status;
	qsort(turned, count, sizeof(*turned), order_turned);
	change_columns_init(columns);
	for (int i = 0; i < PQntuples(rows); i++) {
		struct text id = row_text((struct row){rows, i}, 0), organisation_status = row_text((struct row){rows, i}, 1);
		const struct turned *one = bsearch(&id, turned, count, sizeof(*turned), compare_turned);

		if (one != NULL)
			change_columns_add(columns, &(struct turn){id, &one->before, &one->after, organisation_status, organisation_status,
			                                           &one->outcome->scoring});
	}
	params = change_params(flip->job->arena, flip->job->workspace, &turning, columns);
	columns_release(columns, CHANGE_COLUMNS);
	return jobs_run(flip->job, STATEMENT_INSERT_CHANGES, &params);
}

enum status jobs_outcomes_write(struct flip *flip, struct outcome *const *outcomes, size_t count, enum outcome_scope scope,
                                int64_t *reclassified)
{
	struct turned *turned;
	const PGresult *written;
	enum status status;

	*reclassified = 0;
	if (count == 0)
		return STATUS_OK;
	if (scope == OUTCOME_SCORES)
		status = write_scores(flip, outcomes, count, &written);
	else
		status = write_standings(flip, outcomes, count, scope == OUTCOME_SETTLED, &written);
	if (status != STATUS_OK)
		return status;
	turned = arena_array(flip->job->arena, (size_t)PQntuples(written) + 1, sizeof(*turned));
	if (turned == NULL)
		return STATUS_NO_MEMORY;
	count = find_turned(outcomes, count, written, turned, reclassified);
	return count == 0 ? STATUS_OK : write_changes(flip, turned, count);
}
