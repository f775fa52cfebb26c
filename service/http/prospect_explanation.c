/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/prospects/{id}/explanation: each criterion with what it saw, the size, the verdicts that hold and why, what would change them. */
#include <sweetspot/band_rows.h>

#include "bands_json.h"
#include "figures.h"
#include "promoted.h"
#include "prospect_change.h"
#include "qualification_json.h"
#include "recorded.h"
#include "resources.h"
#include "would_change_json.h"

#define AT 0
/* Columns of explain_organisation. */
enum { DAY, POLICY, REVIEW, KEPT_UNTIL, FIRST_REVENUE_ON, PERSONAS, SECOND_OPEN, RECORD };

/** A promoted prospect is an account: its explanation is there. */
static void send_on(struct http_request *request)
{
	promoted_reply(request, "/explanation");
}

/* ---- The proof against what is too small: last, for the bands are read once all else is written ---- */

/** An explanation that wants its proof. */
struct unproved {
	struct json_writer w;      /* within its object */
	int64_t amount_minor;      /* of the deal to be expected */
	int64_t hour_cost_minor;
};

/** @return the deal to be expected of whom its size throws back, minor units; 0: the size does not, or there is nothing to expect */
static int64_t thrown_back_amount(const struct qualification *found)
{
	if ((found->holds >> VERDICT_THROW_BACK & 1) == 0 || found->expected_deal.den == 0)
		return 0;
	return number_divide_rounded(found->expected_deal.num, found->expected_deal.den);
}

static void on_bands(struct http_request *request, enum status status, const PGresult *rows)
{
	struct unproved *unproved = request->state;
	struct size_bands bands;

	if (status == STATUS_OK)
		status = bands_read(rows, request->arena, &bands);
	if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
		http_reply_problem(request, status, "the size bands could not be read");
		return;
	}
	if (status == STATUS_OK)
		bands_proof_write(&unproved->w, "proof", &bands, unproved->amount_minor, unproved->hour_cost_minor,
		                  request->principal.currency_digits);
	else
		figure_null(&unproved->w, "proof");
	json_close_object(&unproved->w);
	http_reply_json(request, 200);
}

static void ask_bands(struct http_request *request, struct unproved unproved, int32_t review)
{
	struct params params = params_in(request->arena);
	struct unproved *kept = arena_alloc(request->arena, sizeof(*kept));

	if (kept == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	*kept = unproved;
	request->state = kept;
	params_int8(&params, request->principal.workspace);
	params_int4(&params, review);
	http_read_start(request, STATEMENT_READ_BANDS, &params, LANE_READ, on_bands);
}

/* ---- As it stands ---- */

/** What is read with a prospect's record and standing. */
struct beside {
	struct text personas;   /* of its contacts: a JSON array */
	int64_t second_open;    /* the second largest of its open deals, minor units; 0: none */
};

static enum status write_would_change(struct json_writer *w, struct http_request *request, const struct prospect_case *standing)
{
	struct would_change change = {.measure = {NULL, 0}};
	enum status status = standing->review != NULL ? prospect_change_find(standing, request->arena, &change) : STATUS_OK;

	if (status == STATUS_OK)
		would_change_write(w, &change, false, request->principal.currency_digits);
	return status;
}

static enum status write_explanation(struct unproved *unproved, struct http_request *request, const struct stored_record *stored,
                                     const struct standing *standing, struct http_present present, struct rules rules,
                                     struct beside beside)
{
	const struct seen seen = {&stored->record, beside.personas, rules.policy, request->arena};
	struct json_writer *w = &unproved->w;
	int digits = request->principal.currency_digits;
	struct qualified_prospect qualified;
	const struct prospect_case judged = {&stored->record, &qualified.prospect, standing->qualified.findings, beside.second_open,
	                                     rules.review, rules.policy, present.day};
	enum status status = http_standing_write(w, stored, standing, present, rules, digits, request->arena);

	if (status == STATUS_OK)
		status = http_qualified_find(stored, standing, present, rules, request->arena, &qualified);
	if (status == STATUS_OK)
		status = http_criteria_write(w, qualified.findings, &seen);
	if (status != STATUS_OK)
		return status;
	http_verdicts_write(w, &qualified, rules, digits);
	unproved->amount_minor = thrown_back_amount(&qualified.found);
	unproved->hour_cost_minor = rules.policy->hour_cost_minor;
	if (rules.review == NULL)
		figure_text(w, "note", TEXT("nothing is judged before the first review"));
	return write_would_change(w, request, &judged);
}

static void finish(struct http_request *request, struct unproved unproved, int32_t review)
{
	if (unproved.amount_minor > 0) {
		ask_bands(request, unproved, review);
		return;
	}
	figure_null(&unproved.w, "proof");
	json_close_object(&unproved.w);
	http_reply_json(request, 200);
}

static void show(struct http_request *request, struct row row, struct http_present present, struct rules rules)
{
	struct unproved unproved = {.w = json_writer_to(&request->answer)};
	struct beside beside = {row_json(row, PERSONAS), row_is_null(row, SECOND_OPEN) ? 0 : row_int(row, SECOND_OPEN)};
	struct stored_record stored;
	struct standing standing;
	int column = stored_record_read(row, RECORD, RECORD_ORGANISATION, request->ids[0], request->arena, &stored);
	enum status status = STATUS_NO_MEMORY;

	json_open_object(&unproved.w);
	figure_text(&unproved.w, "id", request->ids[0]);
	if (column >= 0) {
		standing_read_shown(row, column, &standing);
		status = write_explanation(&unproved, request, &stored, &standing, present, rules, beside);
	}
	if (status == STATUS_OK)
		finish(request, unproved, present.review);
	else
		http_reply_problem(request, status, NULL);
}

static void ask_present(struct http_request *request);

static void on_prospect(struct http_request *request, enum status status, const PGresult *rows)
{
	struct row row = {rows, 0};
	struct http_present present;
	struct rules rules;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the prospect could not be read");
		return;
	}
	if (PQntuples(rows) == 0) {
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such prospect");
		return;
	}
	if (row_bool(row, RECORD)) {
		send_on(request);
		return;
	}
	present = (struct http_present){row_day(row, DAY), (int32_t)row_int(row, POLICY), (int32_t)row_int(row, REVIEW)};
	if (store_rules_find(http_store(request), request->principal.workspace, present.policy, present.review, &rules))
		show(request, row, present, rules);
	else
		http_rules_fetch(request, present.policy, present.review, ask_present);
}

static void ask_present(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_text(&params, request->ids[0]);
	http_read_start(request, STATEMENT_EXPLAIN_ORGANISATION, &params, LANE_READ, on_prospect);
}

/* ---- As it stood ---- */

static void write_recorded_criteria(struct json_writer *w, struct text letters, const struct policy *policy)
{
	json_key(w, "criteria");
	json_open_array(w);
	for (int32_t i = 0; i < policy->criteria_count && (size_t)i < letters.length; i++)
		http_criterion_write(w, &policy->criteria[i], policy, finding_of_letter(letters.bytes[i]));
	json_close_array(w);
}

void recorded_qualification_write(struct json_writer *w, const struct http_request *request, struct row row, struct rules rules)
{
	json_key(w, "qualification");
	json_open_object(w);
	figure_text(w, "verdict", row_text(row, CHANGE_VERDICT));
	figure_text(w, "list", row_text(row, CHANGE_LIST));
	change_score_write(w, "fit", row, CHANGE_FIT);
	change_score_write(w, "fit_best", row, CHANGE_FIT_BEST);
	if (row_is_null(row, CHANGE_EXPECTED_ANNUAL))
		figure_null(w, "expected_annual");
	else
		figure_money(w, "expected_annual", row_int(row, CHANGE_EXPECTED_ANNUAL), request->principal.currency_digits);
	change_assigned_write(w, row, CHANGE_ASSIGNED);
	recorded_rules_write(w, row);
	json_close_object(w);
	write_recorded_criteria(w, row_text(row, CHANGE_FINDINGS), rules.policy);
}

static const struct recorded_kind recorded_prospect = {
	.noun = "a prospect", .write = recorded_qualification_write, .send_on = send_on,
};

static void get_explanation(struct http_request *request)
{
	if (request->arguments[AT].given)
		recorded_start(request, request->arguments[AT].integer, &recorded_prospect);
	else
		ask_present(request);
}

static const struct http_parameter parameters[] = {[AT] = {"at", HTTP_INSTANT, 0, 0, NULL, 0}, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters */
const struct http_route http_prospect_explanation_routes[HTTP_PROSPECT_EXPLANATION_ROUTES] = {
	{HTTP_GET, "/v1/prospects/{id}/explanation", ROLE_READ, HTTP_BODY_NONE, get_explanation, parameters, NULL, 0, NULL},
};
