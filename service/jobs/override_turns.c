/* SPDX-License-Identifier: Apache-2.0 */
/* The history of overrides that a new day ends. That they are over follows from their last day; nothing else is written. */
#include "override_turns.h"

#include <sweetspot/rules.h>

#include "outcomes.h"
#include "rescore.h"

static enum status read_turn(struct flip *flip, struct row row, struct rules rules, struct turn *turn)
{
	struct outcome *outcome = &turn->outcome;
	struct stored_record record;
	struct features features;
	enum status status;
	int shown = standing_read(row, COLUMN_STANDING, &outcome->before);

	*turn = (struct turn){.outcome = {.id = row_text(row, COLUMN_ID), .before = outcome->before, .after = outcome->before},
		              .status = row_text(row, COLUMN_STATUS)};
	if (flip->next_day > flip->day)
		turn->override_before = row_json(row, shown);
	if (rules.review == NULL)
		return STATUS_OK;
	jobs_record_read(row, false, &record);
	status = features_of(&record, &outcome->after, &rules.review->cohorts, flip->next_day, flip->job->arena, &features);
	if (status == STATUS_OK)
		core_score(&features, rules.review, rules.policy, &outcome->scoring);
	return status;
}

enum status jobs_overrides_turn(struct flip *flip)
{
	struct params params = jobs_params(flip->job);
	const PGresult *rows;
	struct rules rules;
	struct turn *turns;
	size_t count;
	enum status status;

	if (flip->day == flip->next_day)
		return STATUS_OK;
	params_day(&params, flip->day);
	params_day(&params, flip->next_day);
	status = jobs_rows(flip->job, STATEMENT_READ_OVERRIDE_TURNS, &params, &rows);
	if (status != STATUS_OK || PQntuples(rows) == 0)
		return status;
	count = (size_t)PQntuples(rows);
	turns = arena_array(flip->job->arena, count, sizeof(*turns));
	if (turns == NULL)
		return STATUS_NO_MEMORY;
	status = rules_load(flip->job->session, flip->job->workspace, flip->next_policy, flip->next_review, flip->job->arena, &rules);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = read_turn(flip, (struct row){rows, (int)i}, rules, &turns[i]);
	return status == STATUS_OK ? jobs_turns_write(flip, turns, count) : status;
}
