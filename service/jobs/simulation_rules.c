/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules a simulation is made under: the newest policy, patched, and what of that acts when (domain.md §11). */
#include "simulation.h"

#include <string.h>

#include <jansson.h>

#include <sweetspot/clock.h>
#include <sweetspot/policy_document.h>
#include <sweetspot/rules.h>

#include "rules.h"

#define DAY_US INT64_C(86400000000)

/* Members of the policy that a review freezes, account_management_pct by way of the bands. All others act at once. */
static const char *const frozen[] = {"full", "edges", "key_pct", "cuts", "revenue_from", "lines", "account_management_pct"};

static void unref(void *json)
{
	json_decref(json);
}

/** Tie it to the question. @return the same; NULL when memory is short, and for NULL */
static json_t *keep(struct simulating *simulating, json_t *json)
{
	if (json == NULL || arena_link(simulating->arena, unref, json) != STATUS_OK)
		return NULL;
	return json;
}

/* ---- What is in force ---- */

static enum status read_in_force(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;
	struct job *job = simulating->job;
	struct params params = jobs_params(job);
	const PGresult *rows;
	enum status status = jobs_rows(job, STATEMENT_READ_IN_FORCE, &params, &rows);

	if (status != STATUS_OK)
		return status;
	if (PQntuples(rows) == 0)
		return STATUS_NOT_FOUND;
	simulation->day = row_day((struct row){rows, 0}, 0);
	simulation->policy_in_force = (int32_t)row_int((struct row){rows, 0}, 1);
	simulation->review_in_force = (int32_t)row_int((struct row){rows, 0}, 2);
	return rules_load(job->session, job->workspace, simulation->policy_in_force, simulation->review_in_force, simulating->arena,
	                  &simulating->rules);
}

static enum status read_newest(struct simulating *simulating, json_t **out)
{
	struct params params = jobs_params(simulating->job);
	const PGresult *rows;
	struct text document;
	enum status status;

	params_int4(&params, INT32_MAX);
	params_int8(&params, 1);
	status = jobs_rows(simulating->job, STATEMENT_LIST_POLICIES, &params, &rows);
	if (status != STATUS_OK)
		return status;
	if (PQntuples(rows) == 0)
		return STATUS_NOT_FOUND;
	simulating->simulation->policy = (int32_t)row_int((struct row){rows, 0}, 0);
	document = row_json((struct row){rows, 0}, 1);
	*out = keep(simulating, json_loadb(document.bytes, document.length, 0, NULL));
	return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- What differs ---- */

/** json_equal takes 25 and 25.0 for different. */
static bool is_same(const json_t *a, const json_t *b)
{
	const char *name;
	json_t *value;

	if (json_is_number(a) && json_is_number(b))
		return !(json_number_value(a) < json_number_value(b)) && !(json_number_value(a) > json_number_value(b));
	if (json_is_object(a) && json_is_object(b)) {
		if (json_object_size(a) != json_object_size(b))
			return false;
		json_object_foreach((json_t *)(uintptr_t)a, name, value)
			if (!is_same(value, json_object_get(b, name)))
				return false;
		return true;
	}
	if (!json_is_array(a) || !json_is_array(b))
		return a != NULL && b != NULL && json_equal(a, b);
	if (json_array_size(a) != json_array_size(b))
		return false;
	for (size_t i = 0; i < json_array_size(a); i++)
		if (!is_same(json_array_get(a, i), json_array_get(b, i)))
			return false;
	return true;
}

/** @return the name among those that a review freezes, static; NULL: it acts at once */
static const char *frozen_name(const char *name)
{
	for (size_t i = 0; i < sizeof(frozen) / sizeof(frozen[0]); i++)
		if (strcmp(frozen[i], name) == 0)
			return frozen[i];
	return NULL;
}

/** Names in the order of domain.md §12, which jsonb does not keep. */
static enum status find_differences(struct simulating *simulating, const json_t *newest, const json_t *next)
{
	struct simulation *simulation = simulating->simulation;
	struct text order = policy_document_default();
	json_t *defaults = keep(simulating, json_loadb(order.bytes, order.length, 0, NULL)), *value;
	size_t at_once = 0, at_next = 0;
	const char *name;

	if (defaults == NULL)
		return STATUS_NO_MEMORY;
	json_object_foreach(defaults, name, value) {
		const char *known = frozen_name(name);

		if (is_same(json_object_get(next, name), json_object_get(newest, name)) || at_once + at_next == POLICY_NAMES_MOST - 1)
			continue;
		simulation->judges_fits |= strcmp(name, "criteria") == 0 || strcmp(name, "deciders") == 0;
		if (known != NULL) {
			simulation->at_next_review[at_next++] = known;
			continue;
		}
		known = text_copy(simulating->arena, text_of(name)).bytes;
		if (known == NULL)
			return STATUS_NO_MEMORY;
		simulation->at_once[at_once++] = known;
	}
	return STATUS_OK;
}

/* ---- What is to be ---- */

static enum status patch(struct simulating *simulating, const json_t *newest, json_t **out)
{
	struct simulation *simulation = simulating->simulation;
	json_t *said = keep(simulating, json_loadb(simulation->patch.bytes, simulation->patch.length, 0, NULL));
	json_t *day = NULL;

	if (said == NULL)
		return STATUS_NO_MEMORY;
	if (simulation->document.bytes != NULL) {
		*out = keep(simulating, json_loadb(simulation->document.bytes, simulation->document.length, 0, NULL));
		return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	*out = keep(simulating, policy_document_patch(newest, said));
	if (*out == NULL)
		return STATUS_NO_MEMORY;
	if (!simulation->has_today)
		return STATUS_OK;
	day = json_loadb(simulation->today.bytes, simulation->today.length, JSON_DECODE_ANY, NULL);
	return json_object_set_new(*out, "today", day) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/** Who takes the pin away has the book's day go on with the calendar; who never pinned leaves it to the nightly refresh. */
static int32_t next_day(const struct simulating *simulating)
{
	if (simulating->next_policy.pinned_day != DAY_NONE)
		return simulating->next_policy.pinned_day;
	if (simulating->rules.policy->pinned_day != DAY_NONE)
		return (int32_t)(clock_now_us() / DAY_US);
	return simulating->simulation->day;
}

/** What a review would be made under: what is in force, also where a newer policy is on its way. */
static enum status keep_rules(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;

	simulating->next_policy = *simulating->rules.policy;
	simulation->policy = simulation->policy_in_force;
	simulation->next_day = simulation->day;
	simulation->review_is_made = true;
	return STATUS_OK;
}

static enum status change_rules(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;
	json_t *newest = NULL, *next = NULL;
	enum status status = read_newest(simulating, &newest);

	if (status == STATUS_OK)
		status = patch(simulating, newest, &next);
	if (status == STATUS_OK)
		status = policy_document_decode(next, simulation->currency_digits, simulating->arena, &simulating->next_policy,
		                                &simulation->problems);
	if (status == STATUS_OK)
		status = find_differences(simulating, newest, next);
	if (status != STATUS_OK)
		return status;
	simulation->next_day = next_day(simulating);
	simulation->review_is_made = simulating->rules.review == NULL || simulation->at_next_review[0] != NULL;
	return STATUS_OK;
}

enum status jobs_simulation_rules(struct simulating *simulating)
{
	enum status status = read_in_force(simulating);

	simulating->simulation->review_now = simulating->rules.review;
	if (status != STATUS_OK)
		return status;
	return simulating->simulation->is_preview ? keep_rules(simulating) : change_rules(simulating);
}
