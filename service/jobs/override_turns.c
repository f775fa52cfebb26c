/* SPDX-License-Identifier: Apache-2.0 */
/* The history of overrides that a new day ends. That they are over follows from their last day; nothing else is written. */
#include "override_turns.h"

#include <sweetspot/change.h>
#include <sweetspot/clock.h>
#include <sweetspot/rules.h>

#include "rescore.h"

/** The lines of the history, on their way. */
struct lines {
	struct array_column columns[CHANGE_COLUMNS], overrides_before;
};

static enum status add_line(struct flip *flip, struct row row, struct rules rules, struct lines *lines)
{
	struct text status_name = row_text(row, COLUMN_STATUS);
	struct standing standing;
	struct scoring scoring = {0};
	struct stored_record record;
	struct features features;
	int shown = standing_read(row, COLUMN_STANDING, &standing);

	if (rules.review != NULL) {
		jobs_record_read(row, row_bool(row, COLUMN_IS_ACCOUNT), &record);
		enum status status = features_of(&record, &standing, &rules.review->cohorts, flip->next_day, flip->job->arena, &features);

		if (status != STATUS_OK)
			return status;
		core_score(&features, rules.review, rules.policy, &scoring);
	}
	change_columns_add(lines->columns, &(struct turn){row_text(row, COLUMN_ID), &standing, &standing, status_name, status_name, &scoring});
	array_add_text(&lines->overrides_before, flip->next_day > flip->day ? row_json(row, shown) : (struct text){NULL, 0});
	return STATUS_OK;
}

static enum status insert_lines(struct flip *flip, const struct lines *lines)
{
	const struct turning turning = {.at_us = clock_now_us(), .epoch = flip->next_epoch, .day = flip->next_day, .review = flip->next_review,
		                        .policy = flip->next_policy, .cause = "override", .overrides_before = &lines->overrides_before};
	struct params params = change_params(flip->job->arena, flip->job->workspace, &turning, lines->columns);

	return jobs_run(flip->job, STATEMENT_INSERT_CHANGES, &params);
}

static enum status tell(struct flip *flip, const PGresult *rows)
{
	struct rules rules;
	struct lines lines;
	enum status status =
		rules_load(flip->job->session, flip->job->workspace, flip->next_policy, flip->next_review, flip->job->arena, &rules);

	if (status != STATUS_OK)
		return status;
	change_columns_init(lines.columns);
	array_column_init(&lines.overrides_before, ARRAY_JSONB);
	for (int i = 0; i < PQntuples(rows) && status == STATUS_OK; i++)
		status = add_line(flip, (struct row){rows, i}, rules, &lines);
	if (status == STATUS_OK)
		status = insert_lines(flip, &lines);
	for (size_t i = 0; i < CHANGE_COLUMNS; i++)
		array_column_release(&lines.columns[i]);
	array_column_release(&lines.overrides_before);
	return status;
}

enum status jobs_overrides_turn(struct flip *flip)
{
	struct params params = jobs_params(flip->job);
	const PGresult *rows;
	enum status status;

	if (flip->day == flip->next_day)
		return STATUS_OK;
	params_day(&params, flip->day);
	params_day(&params, flip->next_day);
	status = jobs_rows(flip->job, STATEMENT_READ_OVERRIDE_TURNS, &params, &rows);
	return status != STATUS_OK || PQntuples(rows) == 0 ? status : tell(flip, rows);
}
