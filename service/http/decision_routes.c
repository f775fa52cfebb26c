/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/let-go/{account}/decisions: what a person decided about an account. Applying it is the write lane's business. */
#include <sweetspot/intake.h>
#include <sweetspot/number.h>

#include "exchange.h"
#include "figures.h"
#include "resources.h"
#include "small_body.h"

#define BY_BYTES 400
#define PCT_CENTI 10000
#define WRITE_OVERHEAD 512

static const char *const kinds[] = {
	[DECISION_LET_GO] = "let_go", [DECISION_KEEP] = "keep", [DECISION_REASSIGN] = "reassign", [DECISION_REPRICE] = "reprice",
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))
#define NO_KIND ((enum decision_kind)KINDS)

/** A body on its way to becoming a decision. */
struct taking {
	struct decision decision;
	struct text seller;         /* {NULL, 0}: not stated */
	bool has_margin;
	int64_t margin_pct_centi;
};

/* ---- The body ---- */

static void kind_read(const json_t *json, struct taking *taking, struct problems *problems)
{
	taking->decision.kind = NO_KIND;
	for (size_t i = 0; i < KINDS; i++)
		if (text_equal(text_of(kinds[i]), small_body_string(json)))
			taking->decision.kind = (enum decision_kind)i;
	if (taking->decision.kind == NO_KIND)
		problems_add(problems, TEXT("/decision"), "must be one of let_go, keep, reassign, reprice");
}

static void seller_read(const json_t *json, struct taking *taking, struct problems *problems)
{
	const char *error;

	if (json == NULL || json_is_null(json))
		return;
	taking->seller = small_body_string(json);
	error = json_is_string(json) ? intake_id_error(taking->seller) : "must be the id of a seller, or null";
	if (error != NULL)
		problems_add(problems, TEXT("/seller"), "%s", error);
	else if (taking->decision.kind != DECISION_REASSIGN && taking->decision.kind != NO_KIND)
		problems_add(problems, TEXT("/seller"), "goes with the decision reassign alone");
}

static void margin_read(const json_t *json, struct taking *taking, struct problems *problems)
{
	if (json == NULL || json_is_null(json))
		return;
	taking->has_margin = true;
	if (!json_is_number(json) || number_from_double(json_number_value(json), 2, &taking->margin_pct_centi) != NUMBER_OK ||
	    taking->margin_pct_centi < -PCT_CENTI || taking->margin_pct_centi > PCT_CENTI)
		problems_add(problems, TEXT("/margin_pct"), "must be a number from -100 to 100 with at most 2 decimals, or null");
	else if (taking->decision.kind != DECISION_REPRICE && taking->decision.kind != NO_KIND)
		problems_add(problems, TEXT("/margin_pct"), "goes with the decision reprice alone");
}

static enum status taking_read(struct http_request *request, int32_t day, struct taking *taking, struct problems *problems)
{
	static const char *const known[] = {"decision", "by", "reason", "until", "seller", "margin_pct", NULL};
	json_t *body;
	enum status status = small_body_object(request, known, "a decision", &body, problems);

	if (status != STATUS_OK)
		return status;
	kind_read(json_object_get(body, "decision"), taking, problems);
	taking->decision.by = small_body_text(json_object_get(body, "by"), "/by", BY_BYTES, problems);
	taking->decision.reason = small_body_text(json_object_get(body, "reason"), "/reason", SMALL_BODY_REASON_BYTES, problems);
	taking->decision.until = small_body_until(json_object_get(body, "until"), day, problems);
	seller_read(json_object_get(body, "seller"), taking, problems);
	margin_read(json_object_get(body, "margin_pct"), taking, problems);
	if (problems->failed)
		return STATUS_NO_MEMORY;
	return problems->count > 0 ? STATUS_INVALID : STATUS_OK;
}

/* ---- The answer ---- */

static void write_decision(struct buffer *out, const struct http_request *request, const struct taking *taking)
{
	const struct decision *decision = &taking->decision;
	const struct standing *before = &decision->before;
	struct json_writer w = json_writer_to(out);

	json_open_object(&w);
	figure_count(&w, "id", decision->id);
	figure_text(&w, "account", request->ids[0]);
	figure_text(&w, "decision", text_of(kinds[decision->kind]));
	figure_text(&w, "by", decision->by);
	figure_text(&w, "reason", decision->reason);
	figure_day(&w, "until", decision->until);
	figure_text(&w, "seller", taking->seller);
	if (taking->has_margin)
		figure_money(&w, "margin_pct", taking->margin_pct_centi, 2);
	else
		figure_null(&w, "margin_pct");
	figure_day(&w, "day", decision->day);
	json_key(&w, "decided_at");
	json_instant(&w, decision->decided_at_us);
	figure_tier(&w, "tier", before->tier);
	figure_text(&w, "list", before->classified ? text_of(list_name(before->list)) : (struct text){NULL, 0});
	figure_score(&w, "keep_score", before->keep_score_centi);
	figure_money(&w, "revenue_12m", before->measures.revenue_12m, request->principal.currency_digits);
	figure_hours(&w, "hours_12m", before->measures.minutes_12m);
	json_close_object(&w);
}

/** @return why the write was refused, in words; NULL: its problems say it */
static const char *refusal_of(const struct write *write)
{
	if (write->problems.count > 0)
		return NULL;
	if (write->status == STATUS_CONFLICT)
		return "only an active account can be decided about";
	return write->status == STATUS_NOT_FOUND ? "there is no such account" : NULL;
}

static void refuse(struct http_request *request, const struct write *write)
{
	const char *why = refusal_of(write);

	if (write->problems.count > 0)
		http_reply_problems(request, write->status, &write->problems);
	else if (why != NULL)
		http_reply_problem(request, write->status, "%s", why);
	else
		http_reply_problem(request, write->status, NULL);
}

static void on_written(struct http_request *request, struct write_job *job)
{
	if (job->status != STATUS_OK) {
		http_reply_problem(request, job->status,
		                   job->status == STATUS_UNAVAILABLE ? "it is not known whether the decision took effect" : NULL);
	} else if (job->writes->status != STATUS_OK) {
		refuse(request, job->writes);
	} else {
		write_decision(&request->answer, request, request->state);
		http_reply_json(request, 201);
	}
}

/** The answer that on_written will give, kept in the transaction of the decision; a refusal is kept by the request itself. */
static enum status compose(struct write_job *job, int *http_status, struct text *headers_json, struct text *body, int64_t *rows_done,
                           struct text *progress)
{
	const struct http_request *request = http_write_request(job);
	struct buffer out = {NULL, 0, 0, false};

	*rows_done = -1;
	*progress = (struct text){NULL, 0};
	*headers_json = TEXT("{}");
	*http_status = status_describe(job->writes->status)->http;
	if (job->writes->status == STATUS_OK) {
		*http_status = 201;
		write_decision(&out, request, request->state);
	} else {
		http_problem_write(request, job->writes->status, text_of(refusal_of(job->writes)),
		                   http_errors_json(job->arena, &job->writes->problems), &out);
	}
	*body = out.failed ? (struct text){NULL, 0} : text_copy(job->arena, buffer_text(&out));
	buffer_release(&out);
	return body->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- The write ---- */

static void record_fill(struct record *record, const struct taking *taking)
{
	if (taking->seller.bytes != NULL) {
		record->given |= 1u << ORGANISATION_SELLER;
		record->value[ORGANISATION_SELLER].text = taking->seller;
	}
	if (taking->has_margin) {
		record->given |= 1u << ORGANISATION_MARGIN_PCT;
		record->value[ORGANISATION_MARGIN_PCT].integer = taking->margin_pct_centi;
	}
	record->filled = record->given;
}

static void submit(struct http_request *request, struct taking *taking)
{
	struct write_job *job = arena_alloc(request->arena, sizeof(*job));
	struct write *write = arena_alloc(request->arena, sizeof(*write));

	if (job == NULL || write == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	*write = (struct write){
		.kind = RECORD_ORGANISATION,
		.verb = WRITE_PATCH,
		.as_account = true,
		.record = {.kind = RECORD_ORGANISATION, .id = request->ids[0], .source_at_us = INSTANT_NONE},
		.decision = &taking->decision,
		.problems = problems_in(request->arena),
	};
	record_fill(&write->record, taking);
	*job = (struct write_job){.writes = write, .count = 1, .bytes = request->body.length + WRITE_OVERHEAD, .cause = CAUSE_DECISION};
	if (request->idempotency_key.bytes != NULL)
		job->idempotent = (struct idempotent_answer){.key = request->idempotency_key, .compose = compose};
	request->state = taking;
	http_write_start(request, job, on_written);
}

/** The book's day bounds `until`. */
static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct problems problems = problems_in(request->arena);
	struct taking *taking = arena_alloc(request->arena, sizeof(*taking));

	(void)rules;
	if (status == STATUS_OK && taking == NULL)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		status = taking_read(request, present.day, taking, &problems);
	if (status != STATUS_OK)
		http_reply_problems(request, status, &problems);
	else
		submit(request, taking);
}

static void post_decision(struct http_request *request)
{
	http_present_start(request, on_present);
}

/* method, path, least role, body, handler, parameters */
const struct http_route http_decision_routes[HTTP_DECISION_ROUTES] = {
	{HTTP_POST, "/v1/let-go/{account}/decisions", ROLE_WRITE, HTTP_BODY_JSON, post_decision, NULL, NULL, 0, NULL},
};
