/* SPDX-License-Identifier: Apache-2.0 */
/* /v1/sellers/{id}/lists/{list}/{prospect}: a list changed by hand. Keeping it within its cap is the write lane's business. */
#include "exchange.h"
#include "figures.h"
#include "path.h"
#include "resources.h"
#include "seller_lists.h"
#include "small_body.h"

#define WRITE_OVERHEAD 512
#define REASON 0

/* What the path takes. */
enum { SELLER, LIST, PROSPECT };

/* ---- Which list ---- */

static bool is_of_accounts(struct text list)
{
	return text_equal(list, TEXT("key")) || text_equal(list, TEXT("secondary"));
}

static void refuse_list(struct http_request *request)
{
	struct buffer id = {NULL, 0, 0, false};

	http_path_append(&id, request->ids[PROSPECT]);
	if (is_of_accounts(request->ids[LIST]) && !id.failed)
		http_reply_problem(request, STATUS_NOT_FOUND,
		                   "accounts are on key and secondary by their revenue; by hand with PUT or DELETE /v1/accounts/%.*s/override",
		                   TEXT_ARGS(buffer_text(&id)));
	else
		http_reply_problem(request, STATUS_NOT_FOUND, "prospects are put on the lists target and lead");
	buffer_release(&id);
}

/** @return LIST_NONE: it has been answered */
static enum list list_of_path(struct http_request *request)
{
	enum list list = list_of_name(request->ids[LIST]);

	if (list != LIST_TARGET && list != LIST_LEAD)
		refuse_list(request);
	else if (request->if_match != 0)
		/* A place on a list is shown nowhere by itself and has no ETag: who makes a condition must not see it passed over. */
		http_reply_problem(request, STATUS_PRECONDITION_FAILED, "a place on a list has no ETag that If-Match could name");
	else
		return list;
	return LIST_NONE;
}

/* ---- Refusals ---- */

/** A problem's detail, and its errors[]; no text where there are none. */
struct refusal {
	struct text detail, errors;
};

static struct text weakest_json(const struct http_request *request, const struct assignment_change *change)
{
	struct buffer errors = {NULL, 0, 0, false};
	struct json_writer w = json_writer_to(&errors);
	struct text json;

	json_open_array(&w);
	if (change->weakest.bytes != NULL) {
		json_open_object(&w);
		figure_text(&w, "pointer", TEXT(""));
		figure_text(&w, "detail", TEXT("is the weakest on it"));
		figure_text(&w, "prospect", change->weakest);
		figure_text(&w, "name", change->weakest_name);
		seller_lists_amount_write(&w, "expected_annual", change->weakest_annual, request->principal.currency_digits);
		json_close_object(&w);
	}
	json_close_array(&w);
	json = errors.failed ? (struct text){NULL, 0} : text_copy(request->arena, buffer_text(&errors));
	buffer_release(&errors);
	return json;
}

static struct refusal refusal_full(const struct http_request *request, const struct assignment_change *change)
{
	struct refusal refusal = {.errors = weakest_json(request, change)};

	long long taken = change->taken, places = change->places;

	if (change->weakest.bytes == NULL)
		refusal.detail = text_format(request->arena, "the list is full: %lld of %lld", taken, places);
	else
		refusal.detail = text_format(request->arena, "the list is full: %lld of %lld. Its weakest is %.*s; instead_of swaps the two", taken,
		                             places, TEXT_ARGS(change->weakest));
	return refusal;
}

static struct refusal refusal_hindered(const struct http_request *request, const struct assignment_change *change)
{
	switch (change->hindrance) {
	case ASSIGNMENT_SELLER_INACTIVE:
		return (struct refusal){TEXT("the seller is not active, and works on no prospects"), {NULL, 0}};
	case ASSIGNMENT_PROSPECT_INACTIVE:
		return (struct refusal){TEXT("the prospect is not active: those are on no list"), {NULL, 0}};
	case ASSIGNMENT_NOT_INSTEAD:
		return (struct refusal){TEXT("whom it is to be there instead of is not on that list"),
		                        TEXT("[{\"pointer\":\"/instead_of\",\"detail\":\"is not on that list\"}]")};
	case ASSIGNMENT_FULL:
		break;
	}
	return refusal_full(request, change);
}

static struct refusal refusal_of(const struct http_request *request, const struct write *write)
{
	const struct assignment_change *change = write->assignment;

	if (write->status == STATUS_CONFLICT)
		return refusal_hindered(request, change);
	if (write->status != STATUS_NOT_FOUND)
		return (struct refusal){{NULL, 0}, {NULL, 0}};
	if (write->is_promoted)
		return (struct refusal){TEXT("it is an account: those are on key and secondary, and on no list of prospects"), {NULL, 0}};
	if (change->takes_off)
		return (struct refusal){TEXT("it is not on that list"), {NULL, 0}};
	return (struct refusal){change->has_seller ? TEXT("there is no such prospect") : TEXT("there is no such seller"), {NULL, 0}};
}

/* ---- The write ---- */

static void on_written(struct http_request *request, struct write_job *job)
{
	const struct write *write = job->writes;
	struct refusal refusal;

	if (job->status != STATUS_OK) {
		http_reply_problem(request, job->status,
		                   job->status == STATUS_UNAVAILABLE ? "it is not known whether the list was changed; send it again" : NULL);
	} else if (write->status != STATUS_OK) {
		refusal = refusal_of(request, write);
		http_reply_errors(request, write->status, refusal.detail, refusal.errors);
	} else if (write->assignment->takes_off) {
		http_reply_empty(request, 204);
	} else {
		seller_lists_start(request);
	}
}

/** The answer of on_written to a taking off, kept in its transaction. What a putting on answers is read behind it; the request keeps it. */
static enum status compose(struct write_job *job, int *http_status, struct text *headers_json, struct text *body, int64_t *rows_done,
                           struct text *progress)
{
	const struct http_request *request = http_write_request(job);
	enum status status = job->writes->status;
	struct buffer out = {NULL, 0, 0, false};
	struct refusal refusal;

	*rows_done = -1;
	*progress = (struct text){NULL, 0};
	*headers_json = TEXT("{}");
	*http_status = status == STATUS_OK ? 204 : status_describe(status)->http;
	*body = TEXT("");
	if (status == STATUS_OK)
		return STATUS_OK;
	refusal = refusal_of(request, job->writes);
	http_problem_write(request, status, refusal.detail, refusal.errors, &out);
	*body = out.failed ? (struct text){NULL, 0} : text_copy(job->arena, buffer_text(&out));
	buffer_release(&out);
	return body->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static void submit(struct http_request *request, struct assignment_change given)
{
	struct assignment_change *change = arena_alloc(request->arena, sizeof(*change));
	struct write_job *job = arena_alloc(request->arena, sizeof(*job));
	struct write *write = arena_alloc(request->arena, sizeof(*write));

	if (change == NULL || job == NULL || write == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	*change = given;
	change->seller = request->ids[SELLER];
	*write = (struct write){
		.kind = RECORD_ORGANISATION,
		.verb = WRITE_PATCH,
		.record = {.kind = RECORD_ORGANISATION, .id = request->ids[PROSPECT], .source_at_us = INSTANT_NONE},
		.assignment = change,
		.problems = problems_in(request->arena),
	};
	*job = (struct write_job){.writes = write, .count = 1, .bytes = request->body.length + WRITE_OVERHEAD, .cause = CAUSE_ASSIGNMENT};
	if (change->takes_off && request->idempotency_key.bytes != NULL)
		job->idempotent = (struct idempotent_answer){.key = request->idempotency_key, .compose = compose};
	http_write_start(request, job, on_written);
}

static bool is_said(const json_t *json)
{
	return json != NULL && !json_is_null(json);
}

/** The prospect that is to leave for this one. */
static void read_instead_of(const struct http_request *request, const json_t *json, struct text *out, struct problems *problems)
{
	*out = small_body_string(json);
	if (!json_is_string(json) || out->length == 0 || text_has_control(*out))
		problems_add(problems, TEXT("/instead_of"), "must be the id of a prospect on the list");
	else if (text_equal(*out, request->ids[PROSPECT]))
		problems_add(problems, TEXT("/instead_of"), "must be another prospect than the one that is put there");
}

/** The body may be left out, and so may what is in it. */
static enum status read_body(struct http_request *request, struct assignment_change *change, struct problems *problems)
{
	static const char *const known[] = {"reason", "instead_of", NULL};
	const json_t *reason, *instead_of;
	json_t *body;
	enum status status;

	if (request->body.length == 0)
		return STATUS_OK;
	status = small_body_object(request, known, "an assignment", &body, problems);
	if (status != STATUS_OK)
		return status;
	reason = json_object_get(body, "reason");
	instead_of = json_object_get(body, "instead_of");
	if (is_said(reason) && !json_is_string(reason))
		problems_add(problems, TEXT("/reason"), "must be text in quotes, or null");
	else if (is_said(reason))
		change->reason = small_body_text(reason, "/reason", SMALL_BODY_REASON_BYTES, problems);
	if (is_said(instead_of))
		read_instead_of(request, instead_of, &change->instead_of, problems);
	if (problems->failed)
		return STATUS_NO_MEMORY;
	return problems->count > 0 ? STATUS_INVALID : STATUS_OK;
}

static void put_on_list(struct http_request *request)
{
	struct assignment_change change = {.list = list_of_path(request)};
	struct problems problems = problems_in(request->arena);
	enum status status;

	if (change.list == LIST_NONE)
		return;
	status = read_body(request, &change, &problems);
	if (status != STATUS_OK)
		http_reply_problems(request, status, &problems);
	else
		submit(request, change);
}

static void take_off_list(struct http_request *request)
{
	struct assignment_change change = {
		.takes_off = true, .list = list_of_path(request), .reason = request->arguments[REASON].text};

	if (change.list != LIST_NONE)
		submit(request, change);
}

/* A body with DELETE is not for everybody to send. */
static const struct http_parameter off_parameters[] = {
	[REASON] = {"reason", HTTP_TEXT, 0, SMALL_BODY_REASON_BYTES, NULL, 0}, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters, upload, options */
const struct http_route http_assignment_routes[HTTP_ASSIGNMENT_ROUTES] = {
	{HTTP_PUT, "/v1/sellers/{id}/lists/{list}/{prospect}", ROLE_WRITE, HTTP_BODY_JSON, put_on_list, NULL, NULL, HTTP_IDEMPOTENCY, NULL},
	{HTTP_DELETE, "/v1/sellers/{id}/lists/{list}/{prospect}", ROLE_WRITE, HTTP_BODY_NONE, take_off_list, off_parameters, NULL,
	 HTTP_IDEMPOTENCY, NULL},
};
