/* SPDX-License-Identifier: Apache-2.0 */
/* The seven kinds of record, one at a time: GET, PUT, PATCH, DELETE, :erase. Merging and scoring are the store's and core's business. */
#include <string.h>

#include <sweetspot/clock.h>
#include <sweetspot/intake.h>

#include "exchange.h"
#include "path.h"
#include "promoted.h"
#include "records.h"
#include "refused_currencies.h"
#include "resources.h"

#define WRITE_OVERHEAD 256  /* what a write costs a batch beside its body */

/* path segment, kind, through /accounts, the statement that reads one */
const struct http_resource http_resources[HTTP_RESOURCES] = {
	[HTTP_SELLERS] = {"sellers", RECORD_SELLER, false, STATEMENT_READ_SELLER},
	[HTTP_ACCOUNTS] = {"accounts", RECORD_ORGANISATION, true, STATEMENT_READ_ORGANISATION},
	[HTTP_PROSPECTS] = {"prospects", RECORD_ORGANISATION, false, STATEMENT_READ_ORGANISATION},
	[HTTP_CONTACTS] = {"contacts", RECORD_CONTACT, false, STATEMENT_READ_CONTACT},
	[HTTP_DEALS] = {"deals", RECORD_DEAL, false, STATEMENT_READ_DEAL},
	[HTTP_ACTIVITIES] = {"activities", RECORD_ACTIVITY, false, STATEMENT_READ_ACTIVITY},
	[HTTP_REVENUE] = {"revenue", RECORD_REVENUE, false, STATEMENT_READ_REVENUE},
};

static const struct http_resource *resource_of(const struct http_request *request)
{
	return request->route->detail;
}

static struct text record_path(struct http_request *request, const char *plural)
{
	struct buffer path = {NULL, 0, 0, false};
	struct text copy;

	buffer_append_format(&path, "/v1/%s/", plural);
	http_path_append(&path, request->ids[0]);
	copy = path.failed ? (struct text){NULL, 0} : text_copy(request->arena, buffer_text(&path));
	buffer_release(&path);
	return copy;
}

/* ---- Showing one ---- */

/** Write the record into the answer and send it, tagged. */
static void show(struct http_request *request, int code, const struct stored_record *stored, const struct standing *standing,
                 struct http_present present, struct rules rules)
{
	struct json_writer w = json_writer_to(&request->answer);
	int digits = request->principal.currency_digits;

	if (http_record_write(&w, stored, standing, present, rules, digits, request->arena) != STATUS_OK)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	else
		http_reply_tagged(request, code, stored->version);
}

static void get_record(struct http_request *request);

static void refuse_unknown(struct http_request *request)
{
	http_reply_problem(request, STATUS_NOT_FOUND, "there is no such record");
}

static void show_organisation(struct http_request *request, const struct stored_record *stored, struct row row, int column)
{
	const struct http_resource *resource = resource_of(request);
	struct http_present present;
	struct standing standing;
	struct rules rules;

	if (stored->is_account && !resource->as_account) {
		promoted_reply(request, "");
		return;
	}
	if (!stored->is_account && resource->as_account) {
		refuse_unknown(request);
		return;
	}
	column = standing_read_shown(row, column, &standing);
	present = (struct http_present){
		.day = row_day(row, column),
		.policy = (int32_t)row_int(row, column + 1),
		.review = (int32_t)row_int(row, column + 2),
	};
	if (store_rules_find(http_store(request), request->principal.workspace, present.policy, present.review, &rules))
		show(request, 200, stored, &standing, present, rules);
	else
		http_rules_fetch(request, present.policy, present.review, get_record);
}

static void on_record(struct http_request *request, enum status status, struct row row)
{
	const struct http_resource *resource = resource_of(request);
	struct stored_record stored;
	int column;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the record could not be read");
		return;
	}
	if (row.result == NULL) {
		refuse_unknown(request);
		return;
	}
	column = stored_record_read(row, 2, resource->kind, request->ids[0], request->arena, &stored);
	if (column < 0)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	else if (resource->kind == RECORD_ORGANISATION)
		show_organisation(request, &stored, row, column);
	else
		show(request, 200, &stored, NULL, (struct http_present){.day = DAY_NONE}, (struct rules){NULL, NULL});
}

static void get_record(struct http_request *request)
{
	http_point_read_start(request, resource_of(request)->read, request->ids[0], on_record);
}

/* ---- Writing one ---- */

/** Behind the id in the path of what is asked. */
static const char *suffix_of(const struct write *write)
{
	return write->verb == WRITE_ERASE ? ":erase" : "";
}

static void refuse_write(struct http_request *request, const struct write *write)
{
	if (write->is_promoted)
		promoted_reply(request, suffix_of(write));
	else if (write->problems.count > 0)
		http_reply_problems(request, write->status, &write->problems);
	else if (write->status == STATUS_PRECONDITION_FAILED)
		http_reply_problem(request, write->status, "If-Match names another version than the present one");
	else if (write->status == STATUS_NOT_FOUND)
		refuse_unknown(request);
	else
		http_reply_problem(request, write->status, NULL);
}

static void show_written(struct http_request *request, const struct write_job *job, struct rules rules)
{
	const struct write *write = job->writes;
	struct http_present present = {job->day, job->policy, job->review};

	if (request->method == HTTP_PUT)
		http_reply_header(request, "Location", record_path(request, resource_of(request)->plural));
	show(request, write->effect == EFFECT_CREATED ? 201 : 200, write->stored, &write->standing, present, rules);
}

/** The write stands; only how it is shown was missing. */
static void on_written_rules(struct http_request *request, enum status status, struct rules rules)
{
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the record is written, but the rules in force could not be read to show it");
	else
		show_written(request, request->state, rules);
}

/** A prospect's place among the others is a question to the database. */
static void on_ranked(struct http_request *request, enum status status, struct row row)
{
	struct write_job *job = request->state;
	struct stored_record stored;
	struct standing standing = {0};
	int column = -1;

	if (status == STATUS_OK && row.result != NULL)
		column = stored_record_read(row, 2, RECORD_ORGANISATION, request->ids[0], request->arena, &stored);
	if (column >= 0)
		standing_read_ranked(row, column, &standing);
	job->writes->standing.is_over_cap = standing.is_over_cap;
	http_rules_start(request, job->policy, job->review, on_written_rules);
}

static bool has_rank(const struct standing *standing)
{
	return standing->list == LIST_TARGET || standing->list == LIST_LEAD;
}

/** Show an organisation at once, or once its rank or the rules have been read. */
static void show_written_organisation(struct http_request *request, struct write_job *job)
{
	bool is_ranked = has_rank(&job->writes->standing);
	struct rules rules;

	if (!is_ranked && store_rules_find(http_store(request), request->principal.workspace, job->policy, job->review, &rules)) {
		show_written(request, job, rules);
		return;
	}
	request->state = job;
	if (written_keep(job->writes, request->arena) != STATUS_OK)
		http_reply_problem(request, STATUS_NO_MEMORY, "the record is written, but memory is short to show it");
	else if (is_ranked)
		http_point_read_start(request, STATEMENT_READ_ORGANISATION, request->ids[0], on_ranked);
	else
		http_rules_start(request, job->policy, job->review, on_written_rules);
}

static void on_written(struct http_request *request, struct write_job *job)
{
	const struct write *write = job->writes;

	if (job->status != STATUS_OK) {
		http_reply_problem(request, job->status,
		                   job->status == STATUS_UNAVAILABLE ? "it is not known whether the write took effect; send it again" : NULL);
		return;
	}
	if (write->status != STATUS_OK) {
		refuse_write(request, write);
		return;
	}
	if (write->stored == NULL) {
		http_reply_empty(request, 204);
		return;
	}
	if (resource_of(request)->kind == RECORD_ORGANISATION)
		show_written_organisation(request, job);
	else
		show_written(request, job, (struct rules){NULL, NULL});
}

/** A job of one write in the request's arena; NULL: answered. */
static struct write_job *job_new(struct http_request *request, enum write_verb verb)
{
	struct write_job *job = arena_alloc(request->arena, sizeof(*job));
	struct write *write = arena_alloc(request->arena, sizeof(*write));

	if (job == NULL || write == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return NULL;
	}
	*write = (struct write){
		.kind = resource_of(request)->kind,
		.verb = verb,
		.as_account = resource_of(request)->as_account,
		.record = {.kind = resource_of(request)->kind, .id = request->ids[0], .source_at_us = INSTANT_NONE},
		.if_match = request->if_match,
		.problems = problems_in(request->arena),
	};
	*job = (struct write_job){
		.writes = write, .count = 1, .bytes = request->body.length + request->ids[0].length + WRITE_OVERHEAD, .cause = CAUSE_WRITE};
	return job;
}

/** What merging would say of a PUT too, told together with what decoding has found. */
static void add_missing(const json_t *body, enum record_kind kind, struct problems *problems)
{
	const struct record_shape *shape = record_shape(kind);

	for (size_t i = 0; i < shape->field_count; i++) {
		const struct field *field = &shape->fields[i];
		const json_t *value = json_object_get(body, field->name);

		if (field->required && (value == NULL || json_is_null(value)))
			problems_add(problems, pointer_join(problems->arena, TEXT(""), text_of(field->name)), "is required");
	}
}

/** A body that is refused, while what it was refused for is written down. */
struct refused_body {
	struct problems problems;
	struct refused_currencies currencies;
};

static void on_noted(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct refused_body *refused = request->state;

	(void)status;
	(void)rows;
	http_reply_problems(request, STATUS_INVALID, &refused->problems);
}

static void refuse_body(struct http_request *request, enum status status, const struct problems *problems,
                        const struct refused_currencies *currencies)
{
	struct refused_body *refused = currencies->count == 0 ? NULL : arena_alloc(request->arena, sizeof(*refused));

	if (refused == NULL) {
		http_reply_problems(request, status, problems);
		return;
	}
	*refused = (struct refused_body){*problems, *currencies};
	request->state = refused;
	refused_currencies_note(request, resource_of(request)->plural, &refused->currencies, on_noted);
}

static void write_body(struct http_request *request, const struct exchange_rate *rates, int32_t rate_count)
{
	const struct http_resource *resource = resource_of(request);
	struct problems problems = problems_in(request->arena);
	struct write_job *job = job_new(request, request->method == HTTP_PATCH ? WRITE_PATCH : WRITE_PUT);
	struct intake_context context = http_intake_context(request, rates, rate_count);
	struct refused_currencies unrated = {.count = 0};
	enum status status;
	json_t *body;

	if (job == NULL)
		return;
	context.is_patch = request->method == HTTP_PATCH;
	context.on_unrated = refused_currencies_add;
	context.owner = &unrated;
	status = intake_json_parse(request->body, request->arena, &body, &problems);
	if (status == STATUS_OK)
		status = intake_record_decode(body, resource->kind, request->ids[0], TEXT(""), &context, request->arena, &job->writes->record,
		                              &problems);
	if (status == STATUS_INVALID && request->method == HTTP_PUT)
		add_missing(body, resource->kind, &problems);
	if (status != STATUS_OK)
		refuse_body(request, status, &problems, &unrated);
	else
		http_write_start(request, job, on_written);
}

struct intake_context http_intake_context(struct http_request *request, const struct exchange_rate *rates, int32_t rate_count)
{
	return (struct intake_context){
		.currency_digits = request->principal.currency_digits,
		.currency = text_of(request->principal.currency),
		.rates = rates,
		.rate_count = rate_count,
		.now_us = clock_now_us(),
	};
}

static void on_rates(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	(void)present;
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the rates of the policy could not be read");
	else
		write_body(request, rules.policy->rates, rules.policy->rate_count);
}

/** Rates are asked for only where the body may name a currency. */
static void put_record(struct http_request *request)
{
	if (request->body.length > 0 && memmem(request->body.bytes, request->body.length, "currency", strlen("currency")) != NULL)
		http_present_start(request, on_rates);
	else
		write_body(request, NULL, 0);
}

static void delete_record(struct http_request *request)
{
	struct write_job *job = job_new(request, WRITE_DELETE);

	if (job != NULL)
		http_write_start(request, job, on_written);
}

/* ---- Erasing one ---- */

static struct text location_json(const struct http_request *request, const char *suffix)
{
	struct text location = promoted_location(request, suffix);
	struct buffer out = {NULL, 0, 0, false};
	struct json_writer w = json_writer_to(&out);
	struct text copy;

	json_open_object(&w);
	json_key(&w, "Location");
	json_text(&w, location);
	json_close_object(&w);
	copy = out.failed || location.bytes == NULL ? (struct text){NULL, 0} : text_copy(request->arena, buffer_text(&out));
	buffer_release(&out);
	return copy;
}

/** The answer that on_written will give, for the Idempotency-Key: it is kept in the transaction of the erasure. */
static enum status compose_erased(struct write_job *job, int *http_status, struct text *headers_json, struct text *body, int64_t *rows_done,
                                  struct text *progress)
{
	const struct http_request *request = http_write_request(job);
	struct buffer out = {NULL, 0, 0, false};
	enum status status = job->writes->status;

	*rows_done = -1;
	*progress = (struct text){NULL, 0};
	*headers_json = TEXT("{}");
	*body = TEXT("");
	*http_status = 204;
	if (status == STATUS_OK)
		return STATUS_OK;
	if (job->writes->is_promoted) {
		*http_status = 308;
		*headers_json = location_json(request, suffix_of(job->writes));
		return headers_json->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	*http_status = status_describe(status)->http;
	http_problem_write(request, status, (struct text){NULL, 0}, http_errors_json(job->arena, &job->writes->problems), &out);
	*body = out.failed ? (struct text){NULL, 0} : text_copy(job->arena, buffer_text(&out));
	buffer_release(&out);
	return body->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static void erase_record(struct http_request *request)
{
	struct write_job *job = job_new(request, WRITE_ERASE);

	if (job == NULL)
		return;
	job->writes->if_match = 0;
	if (request->idempotency_key.bytes != NULL)
		job->idempotent = (struct idempotent_answer){.key = request->idempotency_key, .compose = compose_erased};
	http_write_start(request, job, on_written);
}

/* method, path, least role, body, handler, resource */
#define ROUTES(plural, resource) \
	{HTTP_GET, "/v1/" plural "/{id}", ROLE_READ, HTTP_BODY_NONE, get_record, .detail = &http_resources[resource]}, \
	{HTTP_PUT, "/v1/" plural "/{id}", ROLE_WRITE, HTTP_BODY_JSON, put_record, .detail = &http_resources[resource]}, \
	{HTTP_PATCH, "/v1/" plural "/{id}", ROLE_WRITE, HTTP_BODY_JSON, put_record, .detail = &http_resources[resource]}, \
	{HTTP_DELETE, "/v1/" plural "/{id}", ROLE_WRITE, HTTP_BODY_NONE, delete_record, .detail = &http_resources[resource]}, \
	{HTTP_POST, "/v1/" plural "/{id}:erase", ROLE_ADMIN, HTTP_BODY_NONE, erase_record, .detail = &http_resources[resource]}

const struct http_route http_record_routes[HTTP_RECORD_ROUTES] = {
	ROUTES("sellers", HTTP_SELLERS), ROUTES("accounts", HTTP_ACCOUNTS),     ROUTES("prospects", HTTP_PROSPECTS),
	ROUTES("contacts", HTTP_CONTACTS), ROUTES("deals", HTTP_DEALS),         ROUTES("activities", HTTP_ACTIVITIES),
	ROUTES("revenue", HTTP_REVENUE),
};
