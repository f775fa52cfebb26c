/* SPDX-License-Identifier: Apache-2.0 */
/* Judging a chunk of the book under what is to come. The rules are core's, reading a record as criteria see it is the store's. */
#include "judge.h"

#include <stdlib.h>

#include <sweetspot/subject.h>

/** A chunk being judged. */
struct judging {
	struct job *job;
	const struct policy *policy;
	struct outcome *outcomes;
	struct subject_facts *facts;  /* one an outcome */
	size_t count;
};

static int compare_id(const void *key, const void *element)
{
	return text_compare(*(const struct text *)key, ((const struct outcome *)element)->id);
}

static struct outcome *find(const struct judging *judging, struct text id)
{
	return bsearch(&id, judging->outcomes, judging->count, sizeof(*judging->outcomes), compare_id);
}

static struct subject_facts *facts_of(const struct judging *judging, struct text id)
{
	const struct outcome *outcome = find(judging, id);

	return outcome == NULL ? NULL : &judging->facts[outcome - judging->outcomes];
}

/** Prospects; accounts as well where there are criteria. */
static bool is_wanted(const struct judging *judging, const struct outcome *outcome, bool prospects_alone)
{
	return !outcome->is_account || (!prospects_alone && judging->policy->criteria_count > 0);
}

/** Ask about the wanted ones. *rows stays NULL when there are none. */
static enum status ask(const struct judging *judging, enum statement statement, bool prospects_alone, int32_t day, const PGresult **rows)
{
	struct params params = jobs_params(judging->job);
	struct array_column ids;
	enum status status = STATUS_OK;

	*rows = NULL;
	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < judging->count; i++)
		if (is_wanted(judging, &judging->outcomes[i], prospects_alone))
			array_add_text(&ids, judging->outcomes[i].id);
	if (ids.count > 0) {
		params_array(&params, &ids);
		if (day != DAY_NONE)
			params_day(&params, day);
		status = jobs_rows(judging->job, statement, &params, rows);
	}
	array_column_release(&ids);
	return status;
}

static enum status read_open_deals(struct judging *judging, int32_t day)
{
	const PGresult *rows;
	enum status status = ask(judging, STATEMENT_READ_OPEN_DEALS, true, day, &rows);

	for (int i = 0; status == STATUS_OK && rows != NULL && i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct subject_facts *facts = facts_of(judging, row_text(row, 0));

		if (facts == NULL)
			continue;
		facts->open_amount = row_int(row, 1);
		facts->largest_open = row_int(row, 2);
	}
	return status;
}

/** An organisation's rows stand together: its personas are a stretch of all of them. */
static enum status read_personas(struct judging *judging)
{
	const PGresult *rows;
	enum status status = ask(judging, STATEMENT_READ_PERSONAS, false, DAY_NONE, &rows);
	struct text *personas;

	if (status != STATUS_OK || rows == NULL || PQntuples(rows) == 0)
		return status;
	personas = arena_array(judging->job->arena, (size_t)PQntuples(rows), sizeof(*personas));
	if (personas == NULL)
		return STATUS_NO_MEMORY;
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct subject_facts *facts = facts_of(judging, row_text(row, 0));

		personas[i] = row_text(row, 1);
		if (facts == NULL)
			continue;
		if (facts->persona_count == 0)
			facts->personas = &personas[i];
		facts->persona_count++;
	}
	return STATUS_OK;
}

static enum status judge(struct judging *judging, struct outcome *outcome, const struct record *record)
{
	enum status status = subject_judge(judging->policy, record, outcome->is_account, &judging->facts[outcome - judging->outcomes],
	                                   judging->job->arena, &outcome->after.qualified);

	return status == STATUS_MALFORMED ? STATUS_INTERNAL : status;
}

static enum status judge_records(struct judging *judging)
{
	const PGresult *rows;
	enum status status = ask(judging, STATEMENT_READ_RECORDS_OF_ORGANISATIONS, false, DAY_NONE, &rows);

	for (int i = 0; status == STATUS_OK && rows != NULL && i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct text id = row_text(row, 0);
		struct outcome *outcome = find(judging, id);
		struct stored_record stored;

		if (stored_record_read(row, 1, RECORD_ORGANISATION, id, judging->job->arena, &stored) < 0)
			status = STATUS_NO_MEMORY;
		else if (outcome != NULL)
			status = judge(judging, outcome, &stored.record);
	}
	return status;
}

/** Without criteria an account's record says nothing that counts. */
static enum status judge_rest(struct judging *judging)
{
	static const struct record unread = {.kind = RECORD_ORGANISATION};
	enum status status = STATUS_OK;

	for (size_t i = 0; i < judging->count && status == STATUS_OK; i++)
		if (!is_wanted(judging, &judging->outcomes[i], false))
			status = judge(judging, &judging->outcomes[i], &unread);
	return status;
}

/** What is kept stands. One that becomes an account keeps its fit alone. */
static void keep_judged(struct judging *judging)
{
	for (size_t i = 0; i < judging->count; i++) {
		struct qualified *qualified = &judging->outcomes[i].after.qualified;

		if (judging->outcomes[i].is_account) {
			qualified->findings = (struct text){NULL, 0};
			qualified->access = ACCESS_UNKNOWN;
		}
		qualified->open_amount = judging->facts[i].open_amount;
		qualified->largest_open = judging->facts[i].largest_open;
	}
}

enum status jobs_judge(struct job *job, const struct policy *policy, int32_t day, bool fits, struct outcome *outcomes, size_t count)
{
	struct judging judging = {.job = job, .policy = policy, .outcomes = outcomes, .count = count};
	enum status status;

	judging.facts = arena_array(job->arena, count, sizeof(*judging.facts));
	if (judging.facts == NULL)
		return STATUS_NO_MEMORY;
	status = read_open_deals(&judging, day);
	if (status == STATUS_OK && !fits)
		keep_judged(&judging);
	if (status != STATUS_OK || !fits)
		return status;
	status = read_personas(&judging);
	if (status == STATUS_OK)
		status = judge_records(&judging);
	return status == STATUS_OK ? judge_rest(&judging) : status;
}
