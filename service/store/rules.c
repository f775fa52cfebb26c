/* SPDX-License-Identifier: Apache-2.0 */
/* Policies and reviews out of their rows, and loading them by a blocking session. Nothing is kept here. */
#include <sweetspot/rules.h>

#include <jansson.h>

#include <sweetspot/log.h>
#include <sweetspot/policy_document.h>

#include "rules_rows.h"

void rules_bind(struct params *params, int64_t workspace, int32_t number)
{
	params_int8(params, workspace);
	params_int4(params, number);
}

static void log_problem(int32_t version, const struct problems *problems)
{
	char detail[LOG_VALUE_BYTES];
	const struct problem *first = problems->first;

	log_event(LOG_ERROR, "policy_unreadable", "version=%d problem=%s", version,
		  log_value(detail, first == NULL ? (struct text){NULL, 0} : first->detail));
}

enum status policy_read(const PGresult *rows, int32_t version, struct arena *arena, struct policy *out)
{
	struct problems problems = problems_in(arena);
	struct row row = {rows, 0};
	struct text text;
	json_t *document;
	enum status status;

	if (PQntuples(rows) == 0)
		return STATUS_NOT_FOUND;
	text = row_json(row, 0);
	document = json_loadb(text.bytes, text.length, 0, NULL);
	if (document == NULL) /* PostgreSQL lets only JSON in */
		return STATUS_NO_MEMORY;
	status = policy_document_decode(document, (int)row_int(row, 1), arena, out, &problems);
	json_decref(document);
	if (status == STATUS_OK) {
		out->version = version;
		return STATUS_OK;
	}
	if (status == STATUS_NO_MEMORY)
		return status;
	log_problem(version, &problems);
	return STATUS_INTERNAL;
}

enum status review_read(const PGresult *rows, struct review *out)
{
	struct row row = {rows, 0};

	if (PQntuples(rows) == 0)
		return STATUS_NOT_FOUND;
	*out = (struct review){
		.number = (int32_t)row_int(row, 0),
		.policy_version = (int32_t)row_int(row, 1),
		.day = row_day(row, 2),
		.provisional = row_bool(row, 3),
		.clients = row_int(row, 4),
		.has_key_cutoff = !row_is_null(row, 5),
		.key_cutoff = row_int(row, 5),
		.key_revenue = row_int(row, 6),
		.revenue = row_int(row, 7),
		.engagement_cut_centi = (int32_t)row_int(row, 8),
		.potential_cut_centi = (int32_t)row_int(row, 9),
		.full_reach = row_int(row, 10),
		.full_rhythm = row_int(row, 11),
		.full_orders = row_int(row, 12),
		.initiative_available = row_bool(row, 13),
		.revenue_source = text_equal(row_text(row, 14), TEXT("deals")) ? REVENUE_FROM_DEALS : REVENUE_FROM_ENTRIES,
		.half_year_momentum = row_bool(row, 15),
		.lines_offered = (int32_t)row_int(row, 16),
		.deals_per_year = row_int(row, 17),
		.book_first_revenue_on = row_day(row, 18),
		.margin_centi = (int32_t)row_int(row, 19),
		.has_derived_floor = !row_is_null(row, 20),
		.derived_floor = row_int(row, 20),
	};
	return STATUS_OK;
}

/** The industry of a row as an index; rows come in order, so a new one is the next. @return false: memory is short */
static bool index_industry(struct row row, struct arena *arena, struct cohorts *out, int32_t *index)
{
	struct text industry = row_text(row, 1);

	*index = out->industry_count - 1;
	if (*index >= 0 && text_equal(out->industries[*index], industry))
		return true;
	*index = out->industry_count++;
	/* An industry may be the empty text, which is not "no text". */
	out->industries[*index] = industry.length == 0 ? TEXT("") : text_copy(arena, industry);
	return out->industries[*index].bytes != NULL;
}

enum status cohorts_read(const PGresult *rows, struct arena *arena, struct cohorts *out)
{
	const int32_t count = PQntuples(rows);
	struct cohorts cohorts = {.row_count = count};

	cohorts.industries = arena_array(arena, (size_t)count + 1, sizeof(*cohorts.industries));
	cohorts.rows = arena_array(arena, (size_t)count + 1, sizeof(*cohorts.rows));
	if (cohorts.industries == NULL || cohorts.rows == NULL)
		return STATUS_NO_MEMORY;
	for (int32_t i = 0; i < count; i++) {
		struct row row = {rows, i};
		struct cohort *cohort = &cohorts.rows[i];

		*cohort = (struct cohort){
			.industry = -1,
			.band = (uint8_t)row_int(row, 2),
			.clients = row_int(row, 3),
			.median = row_int(row, 4),
			.p75 = row_int(row, 5),
		};
		if (!row_bool(row, 0) && !index_industry(row, arena, &cohorts, &cohort->industry))
			return STATUS_NO_MEMORY;
	}
	*out = cohorts;
	return STATUS_OK;
}

/* ---- Blocking ---- */

static enum status fetch(struct session *session, enum statement statement, int64_t workspace, int32_t number, struct arena *arena,
			 PGresult **rows)
{
	struct params params = params_in(arena);

	rules_bind(&params, workspace, number);
	return session_run(session, statement, &params, rows);
}

static enum status load_policy(struct session *session, int64_t workspace, int32_t version, struct arena *arena, struct policy *out)
{
	PGresult *rows = NULL;
	enum status status = fetch(session, STATEMENT_READ_POLICY, workspace, version, arena, &rows);

	if (status == STATUS_OK)
		status = policy_read(rows, version, arena, out);
	PQclear(rows);
	return status;
}

static enum status load_review(struct session *session, int64_t workspace, int32_t number, struct arena *arena, struct review *out)
{
	PGresult *review = NULL, *cohorts = NULL;
	enum status status = fetch(session, STATEMENT_READ_REVIEW, workspace, number, arena, &review);

	if (status == STATUS_OK)
		status = review_read(review, out);
	if (status == STATUS_OK)
		status = fetch(session, STATEMENT_READ_REVIEW_COHORTS, workspace, number, arena, &cohorts);
	if (status == STATUS_OK)
		status = cohorts_read(cohorts, arena, &out->cohorts);
	PQclear(review);
	PQclear(cohorts);
	return status;
}

enum status rules_load(struct session *session, int64_t workspace, int32_t policy, int32_t review, struct arena *arena, struct rules *out)
{
	struct policy *loaded_policy = arena_alloc(arena, sizeof(*loaded_policy));
	struct review *loaded_review = arena_alloc(arena, sizeof(*loaded_review));
	enum status status;

	if (loaded_policy == NULL || loaded_review == NULL)
		return STATUS_NO_MEMORY;
	status = load_policy(session, workspace, policy, arena, loaded_policy);
	if (status == STATUS_OK && review != 0)
		status = load_review(session, workspace, review, arena, loaded_review);
	if (status != STATUS_OK)
		return status;
	*out = (struct rules){loaded_policy, review == 0 ? NULL : loaded_review};
	return STATUS_OK;
}
