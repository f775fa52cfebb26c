/* SPDX-License-Identifier: Apache-2.0 */
/* /v1/accounts/{id}/override: a tier or list set by hand, beside the computed one. Keeping it is the write lane's business. */
#include "figures.h"
#include "resources.h"
#include "small_body.h"

#define WRITE_OVERHEAD 512

/* ---- The answer ---- */

static void reply_override(struct http_request *request, int code, const struct override *override)
{
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	figure_text(&w, "account", request->ids[0]);
	figure_tier(&w, "tier", override->tier);
	figure_text(&w, "list", override->has_list ? text_of(list_name(override->list)) : (struct text){NULL, 0});
	figure_text(&w, "reason", override->reason);
	figure_day(&w, "until", override->until);
	figure_day(&w, "day", override->day);
	json_key(&w, "set_at");
	json_instant(&w, override->set_at_us);
	figure_text(&w, "key", override->key_id);
	figure_text(&w, "actor", override->actor);
	json_close_object(&w);
	http_reply_tagged(request, code, override->set_at_us);
}

/* ---- The body ---- */

static void tier_read(const json_t *json, struct override *override, struct problems *problems)
{
	if (json == NULL || json_is_null(json))
		return;
	override->tier = tier_of_name(small_body_string(json));
	if (override->tier == TIER_NONE)
		problems_add(problems, TEXT("/tier"), "must be one of key, growth, maintenance, service, or null");
}

static void list_read(const json_t *json, struct override *override, struct problems *problems)
{
	struct text name = small_body_string(json);

	if (json == NULL || json_is_null(json))
		return;
	override->has_list = true;
	override->list = list_of_name(name);
	if ((override->list == LIST_NONE && !text_equal(name, TEXT("none"))) || override->list == LIST_TARGET || override->list == LIST_LEAD)
		problems_add(problems, TEXT("/list"), "must be one of key, secondary, lka, none, or null: an account's lists");
}

static enum status override_of_body(struct http_request *request, int32_t day, struct override *override, struct problems *problems)
{
	/* Behind the first four: what GET shows beside them, so that it can be put back. */
	static const char *const known[] = {"tier", "list", "reason", "until", "account", "day", "set_at", "key", "actor", NULL};
	json_t *body;
	enum status status = small_body_object(request, known, "an override", &body, problems);

	if (status != STATUS_OK)
		return status;
	tier_read(json_object_get(body, "tier"), override, problems);
	list_read(json_object_get(body, "list"), override, problems);
	if (problems->count == 0 && override->tier == TIER_NONE && !override->has_list)
		problems_add(problems, TEXT(""), "needs a tier, a list, or both");
	override->reason = small_body_text(json_object_get(body, "reason"), "/reason", SMALL_BODY_REASON_BYTES, problems);
	override->until = small_body_until(json_object_get(body, "until"), day, problems);
	if (problems->failed)
		return STATUS_NO_MEMORY;
	return problems->count > 0 ? STATUS_INVALID : STATUS_OK;
}

/* ---- Setting and withdrawing ---- */

static void refuse(struct http_request *request, const struct write *write)
{
	if (write->status == STATUS_NOT_FOUND)
		http_reply_problem(request, write->status, "there is no such account%s",
		                   write->override->withdraws ? ", or it has no override in force" : "");
	else if (write->status == STATUS_PRECONDITION_FAILED)
		http_reply_problem(request, write->status, "If-Match names another version than the present one");
	else
		http_reply_problem(request, write->status, NULL);
}

static void on_written(struct http_request *request, struct write_job *job)
{
	const struct write *write = job->writes;

	if (job->status != STATUS_OK)
		http_reply_problem(request, job->status,
		                   job->status == STATUS_UNAVAILABLE ? "it is not known whether the override took effect; send it again" : NULL);
	else if (write->status != STATUS_OK)
		refuse(request, write);
	else if (write->override->withdraws)
		http_reply_empty(request, 204);
	else
		reply_override(request, write->effect == EFFECT_CREATED ? 201 : 200, &write->override->after);
}

static void submit(struct http_request *request, struct override_change *change)
{
	struct write_job *job = arena_alloc(request->arena, sizeof(*job));
	struct write *write = arena_alloc(request->arena, sizeof(*write));

	if (job == NULL || write == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	change->if_match = request->if_match;
	*write = (struct write){
		.kind = RECORD_ORGANISATION,
		.verb = WRITE_PATCH,
		.as_account = true,
		.record = {.kind = RECORD_ORGANISATION, .id = request->ids[0], .source_at_us = INSTANT_NONE},
		.override = change,
		.problems = problems_in(request->arena),
	};
	*job = (struct write_job){.writes = write, .count = 1, .bytes = request->body.length + WRITE_OVERHEAD, .cause = CAUSE_OVERRIDE};
	http_write_start(request, job, on_written);
}

/** The book's day bounds `until`. */
static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct problems problems = problems_in(request->arena);
	struct override_change *change = arena_alloc(request->arena, sizeof(*change));

	(void)rules;
	if (status == STATUS_OK && change == NULL)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		status = override_of_body(request, present.day, &change->override, &problems);
	if (status != STATUS_OK)
		http_reply_problems(request, status, &problems);
	else
		submit(request, change);
}

static void put_override(struct http_request *request)
{
	http_present_start(request, on_present);
}

static void delete_override(struct http_request *request)
{
	struct override_change *change = arena_alloc(request->arena, sizeof(*change));

	if (change == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	change->withdraws = true;
	submit(request, change);
}

/* ---- Reading ---- */

static void on_override(struct http_request *request, enum status status, const PGresult *rows)
{
	struct override override;
	struct row row = {rows, 0};

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the override could not be read");
		return;
	}
	if (PQntuples(rows) == 0 || !row_bool(row, 0)) {
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such account");
		return;
	}
	override_read_whole(row, 1, &override);
	if (override.exists)
		reply_override(request, 200, &override);
	else
		http_reply_problem(request, STATUS_NOT_FOUND, "the account has no override in force");
}

static void get_override(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_text(&params, request->ids[0]);
	http_read_start(request, STATEMENT_READ_OVERRIDE, &params, LANE_READ, on_override);
}

/* method, path, least role, body, handler, parameters */
const struct http_route http_override_routes[HTTP_OVERRIDE_ROUTES] = {
	{HTTP_GET, "/v1/accounts/{id}/override", ROLE_READ, HTTP_BODY_NONE, get_override, NULL, NULL, 0, NULL},
	{HTTP_PUT, "/v1/accounts/{id}/override", ROLE_WRITE, HTTP_BODY_JSON, put_override, NULL, NULL, 0, NULL},
	{HTTP_DELETE, "/v1/accounts/{id}/override", ROLE_WRITE, HTTP_BODY_NONE, delete_override, NULL, NULL, 0, NULL},
};
