/* SPDX-License-Identifier: Apache-2.0 */
/* The policy: shown, replaced, patched, reinstated, version by version. Bringing a version into force is the jobs' business. */
#include <jansson.h>

#include <sweetspot/clock.h>
#include <sweetspot/intake.h>
#include <sweetspot/policy_document.h>
#include <sweetspot/policy_schema.h>
#include <sweetspot/topics.h>

#include "figures.h"
#include "paging.h"
#include "pipeline.h"
#include "resources.h"
#include "simulation_json.h"
#include "wait.h"

#define LIST TEXT("policy versions")
/* How long a change waits by itself to be in force, so that the next read shows its effect. */
#define IN_FORCE_MS 2000
/* Decimal digits that a double keeps: a document comes out as it was written. */
#define REAL_DIGITS 15

/* Columns of list_policies. */
enum { VERSION, DOCUMENT, NOTE, KEY, ACTOR, CREATED_AT, IN_FORCE, ACKNOWLEDGED, LET_IN };

/* Parameters of a change. */
enum { NOTE_ARGUMENT, ACKNOWLEDGE_ARGUMENT };
#define REASON_BYTES 1000

/* What an answer carries beside the document: a PUT of it is not about these. */
static const char *const beside[] = {"version", "in_force_version", "created_at", "created_by", "actor", "note",
                                     "acknowledge", "acknowledged", "let_in"};

/** A change on its way. */
struct change {
	json_t *body;              /* as parsed; NULL: a version is reinstated */
	struct text document;      /* complete and checked, as JSON */
	struct text note;
	struct text acknowledge;   /* why it may loosen a lean pipeline; {NULL, 0}: it may not */
	struct policy policy;      /* what the document says */
	bool had_criteria;         /* the book, once: those it gets now are not its first */
	bool loosens;              /* and was found to while the pipeline is lean */
	int64_t let_in;
	int32_t base;              /* version it was made from and must follow; 0: any */
	int32_t version;           /* it has become */
	int64_t wait_until_us;
};

static void unref(void *json)
{
	json_decref(json);
}

/** Tie it to the request. @return the same; NULL when memory is short, and for NULL */
static json_t *keep(struct http_request *request, json_t *json)
{
	if (json == NULL || arena_link(request->arena, unref, json) != STATUS_OK)
		return NULL;
	return json;
}

static struct text dump(struct http_request *request, const json_t *json)
{
	char *bytes = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS));

	if (bytes == NULL || arena_link(request->arena, free, bytes) != STATUS_OK)
		return (struct text){NULL, 0};
	return text_of(bytes);
}

static json_t *load(struct http_request *request, struct text text)
{
	return keep(request, json_loadb(text.bytes, text.length, 0, NULL));
}

/* ---- Showing ---- */

/** As `value`, its names in the order of `order`, which jsonb does not keep. @return new; NULL when memory is short */
static json_t *in_order(json_t *value, const json_t *order)
{
	json_t *ordered;
	const char *name;
	json_t *order_of_it;

	if (!json_is_object(value) || !json_is_object(order))
		return json_incref(value);
	ordered = json_object();
	json_object_foreach((json_t *)(uintptr_t)order, name, order_of_it) {
		json_t *member = json_object_get(value, name);

		if (member != NULL && json_object_set_new(ordered, name, in_order(member, order_of_it)) != 0) {
			json_decref(ordered);
			return NULL;
		}
	}
	if (json_object_update_missing(ordered, value) != 0) {
		json_decref(ordered);
		return NULL;
	}
	return ordered;
}

/** The members of a document in the order domain.md has them. */
static enum status write_document(struct http_request *request, struct json_writer *w, struct text document)
{
	json_t *order = load(request, policy_document_default());
	json_t *stored = load(request, document);
	json_t *ordered = order == NULL || stored == NULL ? NULL : keep(request, in_order(stored, order));
	const char *name;
	json_t *value;

	if (ordered == NULL)
		return STATUS_NO_MEMORY;
	json_object_foreach(ordered, name, value) {
		struct text said = dump(request, value);

		if (said.bytes == NULL)
			return STATUS_NO_MEMORY;
		json_key(w, name);
		json_raw(w, said);
	}
	return STATUS_OK;
}

static void write_origin(struct json_writer *w, struct row row)
{
	json_key(w, "created_at");
	json_instant(w, row_instant(row, CREATED_AT));
	figure_text(w, "created_by", row_text(row, KEY));
	figure_text(w, "actor", row_text(row, ACTOR));
	figure_text(w, "note", row_text(row, NOTE));
	figure_text(w, "acknowledged", row_text(row, ACKNOWLEDGED));
	json_key(w, "let_in");
	if (row_is_null(row, LET_IN))
		json_write_null(w);
	else
		json_int(w, row_int(row, LET_IN));
}

static void show(struct http_request *request, struct row row)
{
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	figure_count(&w, "version", row_int(row, VERSION));
	figure_count(&w, "in_force_version", row_int(row, IN_FORCE));
	if (write_document(request, &w, row_json(row, DOCUMENT)) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	write_origin(&w, row);
	json_close_object(&w);
	http_reply_tagged(request, 200, row_int(row, VERSION));
}

static void ask_versions(struct http_request *request, int32_t before, int64_t rows,
                         void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_int4(&params, before);
	params_int8(&params, rows);
	http_read_start(request, STATEMENT_LIST_POLICIES, &params, LANE_READ, then);
}

/** @return whether the version was found; else it is answered */
static bool is_found(struct http_request *request, enum status status, const PGresult *rows, int32_t version)
{
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the policy could not be read");
	else if (PQntuples(rows) == 0 || (version != 0 && row_int((struct row){rows, 0}, VERSION) != version))
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such version");
	else
		return true;
	return false;
}

static void on_newest(struct http_request *request, enum status status, const PGresult *rows)
{
	if (is_found(request, status, rows, 0))
		show(request, (struct row){rows, 0});
}

static void get_policy(struct http_request *request)
{
	ask_versions(request, INT32_MAX, 1, on_newest);
}

static void on_version(struct http_request *request, enum status status, const PGresult *rows)
{
	if (is_found(request, status, rows, paging_number(request->ids[0])))
		show(request, (struct row){rows, 0});
}

/** @return false: answered */
static bool ask_version(struct http_request *request, void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	int32_t version = paging_number(request->ids[0]);

	if (version == 0 || version == INT32_MAX) {
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such version");
		return false;
	}
	ask_versions(request, version + 1, 1, then);
	return true;
}

static void get_version(struct http_request *request)
{
	(void)ask_version(request, on_version);
}

static void get_schema(struct http_request *request)
{
	json_t *schema = keep(request, policy_schema(request->principal.currency_digits));
	struct text said = schema == NULL ? (struct text){NULL, 0} : dump(request, schema);

	if (said.bytes == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	buffer_append_text(&request->answer, said);
	http_reply_tagged(request, 200, 0);
}

static void on_versions(struct http_request *request, enum status status, const PGresult *rows)
{
	struct json_writer w = json_writer_to(&request->answer);
	int64_t limit = request->arguments[PAGING_LIMIT].integer, last = 0;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, NULL);
		return;
	}
	json_open_object(&w);
	json_key(&w, "data");
	json_open_array(&w);
	for (int i = 0; i < PQntuples(rows) && i < limit; i++) {
		struct row row = {rows, i};

		last = row_int(row, VERSION);
		json_open_object(&w);
		figure_count(&w, "version", last);
		figure_bool(&w, "in_force", last == row_int(row, IN_FORCE));
		write_origin(&w, row);
		json_close_object(&w);
	}
	if (paging_close(request, &w, LIST, PQntuples(rows) > limit, last) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void get_versions(struct http_request *request)
{
	int64_t before = INT32_MAX;

	if (paging_cursor_read(request, LIST, &before))
		ask_versions(request, (int32_t)before, request->arguments[PAGING_LIMIT].integer + 1, on_versions);
}

/* ---- In force ---- */

static void look(struct http_request *request);

static void on_look(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct change *change = request->state;
	struct row row = {rows, 0};

	if (!is_found(request, status, rows, change->version))
		return;
	if (row_int(row, IN_FORCE) < change->version && clock_ticks_us() < change->wait_until_us)
		http_wait_start(request, look);
	else
		show(request, row);
}

static void look(struct http_request *request)
{
	const struct change *change = request->state;

	ask_versions(request, change->version + 1, 1, on_look);
}

/* ---- Changing ---- */

static void change_start(struct http_request *request);

static void on_inserted(struct http_request *request, enum status status, const PGresult *rows)
{
	struct change *change = request->state;
	struct row row = {rows, 0};

	if (status != STATUS_OK || PQntuples(rows) == 0) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_INTERNAL, "the policy could not be written");
		return;
	}
	change->version = (int32_t)row_int(row, 2);
	if (change->version == 0 && row_int(row, 0) != request->if_match && request->if_match > 0)
		http_reply_problem(request, STATUS_PRECONDITION_FAILED, "If-Match names another version than the present one");
	else if (change->version == 0 && !row_bool(row, 1))
		change_start(request);
	else {
		/* What the newest says already needs no version of its own. */
		if (change->version == 0)
			change->version = (int32_t)row_int(row, 0);
		look(request);
	}
}

/** Write the document down as the next version. */
static void insert(struct http_request *request)
{
	struct change *change = request->state;
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_json(&params, change->document);
	params_text(&params, change->note);
	params_text(&params, text_of(request->principal.key_id));
	params_text(&params, request->actor);
	params_int4(&params, change->base);
	params_text(&params, change->loosens ? change->acknowledge : (struct text){NULL, 0});
	if (change->loosens)
		params_int8(&params, change->let_in);
	else
		params_null(&params);
	http_read_start(request, STATEMENT_INSERT_POLICY, &params, LANE_READ, on_inserted);
}

/* ---- The guard: when the pipeline is lean, nobody is let in without a reason (domain.md §10) ---- */

static void refuse(struct http_request *request, const struct simulation *simulation)
{
	struct buffer text = {0};
	struct json_writer w = json_writer_to(&text);
	struct text detail = text_format(request->arena, "the pipeline is lean, and this policy would let in prospects: %zu",
	                                 simulation->let_in_count);
	struct text errors;

	json_open_array(&w);
	json_open_object(&w);
	figure_text(&w, "pointer", TEXT("/acknowledge"));
	figure_text(&w, "detail", TEXT("say why, to loosen the policy all the same"));
	simulation_let_in_write(&w, simulation);
	json_close_object(&w);
	json_close_array(&w);
	errors = text.failed ? (struct text){NULL, 0} : text_copy(request->arena, buffer_text(&text));
	buffer_release(&text);
	if (errors.bytes == NULL)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	else
		http_reply_errors(request, STATUS_CONFLICT, detail, errors);
}

static void on_simulated(struct http_request *request, struct question *question)
{
	const struct simulation *simulation = question->matter;
	struct change *change = request->state;

	if (question->status != STATUS_OK) {
		http_ask_failed(request, question, "what the policy would let in could not be found out");
		return;
	}
	change->loosens = simulation->let_in_count > 0;
	change->let_in = (int64_t)simulation->let_in_count;
	if (change->loosens && change->acknowledge.bytes == NULL) {
		refuse(request, simulation);
		return;
	}
	/* It was compared with this one. */
	change->base = simulation->policy;
	insert(request);
}

static void simulate(struct http_request *request)
{
	const struct change *change = request->state;
	struct question *question = question_new(TOPIC_SIMULATION, request->principal.workspace);
	struct simulation *simulation = question == NULL ? NULL : arena_alloc(question->arena, sizeof(*simulation));

	if (simulation != NULL) {
		simulation->document = text_copy(question->arena, change->document);
		simulation->patch = TEXT("{}");
		simulation->today = TEXT("null");
		simulation->currency_digits = request->principal.currency_digits;
		question->matter = simulation;
	}
	if (simulation == NULL || simulation->document.bytes == NULL) {
		question_free(question);
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	http_ask_start(request, question, on_simulated);
}

static void on_pipeline(struct http_request *request, enum status status, const PGresult *rows)
{
	struct pipeline pipeline;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the pipeline could not be added up");
		return;
	}
	pipeline = pipeline_sum(rows);
	if (core_pipeline_judge(&pipeline).is_lean)
		simulate(request);
	else
		insert(request);
}

static void on_guarded(struct http_request *request, enum status status, struct http_present present, struct rules rules);

static void on_criteria(struct http_request *request, enum status status, const PGresult *rows)
{
	struct change *change = request->state;

	if (status != STATUS_OK || PQntuples(rows) == 0) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_INTERNAL, "the policy's versions could not be read");
		return;
	}
	change->had_criteria = row_bool((struct row){rows, 0}, 0);
	if (change->had_criteria)
		http_present_start(request, on_guarded);
	else
		insert(request);
}

/** They never loosen if they are the first the book gets: that it has none now does not tell. */
static void find_criteria(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	http_read_start(request, STATEMENT_FIND_CRITERIA, &params, LANE_READ, on_criteria);
}

/** Without a review nobody has a verdict yet. */
static void on_guarded(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	const struct change *change = request->state;

	if (status != STATUS_OK)
		http_reply_problem(request, status, "the rules in force could not be read");
	else if (rules.review == NULL)
		insert(request);
	else if (!change->had_criteria && rules.policy->criteria_count == 0 && change->policy.criteria_count > 0)
		find_criteria(request);
	else
		pipeline_ask(request, rules.policy, present.day, on_pipeline);
}

/** Check the document; then the guard has its say. */
static void propose(struct http_request *request, json_t *document)
{
	struct change *change = request->state;
	struct problems problems = problems_in(request->arena);
	enum status status = STATUS_NO_MEMORY;

	if (keep(request, document) != NULL)
		status = policy_document_decode(document, request->principal.currency_digits, request->arena, &change->policy, &problems);
	if (status == STATUS_OK) {
		change->document = dump(request, document);
		status = change->document.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	if (status != STATUS_OK) {
		http_reply_problems(request, status, &problems);
		return;
	}
	change->loosens = change->had_criteria = false;
	http_present_start(request, on_guarded);
}

static void on_base(struct http_request *request, enum status status, const PGresult *rows)
{
	struct change *change = request->state;
	json_t *current;

	if (!is_found(request, status, rows, 0))
		return;
	change->base = (int32_t)row_int((struct row){rows, 0}, VERSION);
	if (request->if_match > 0 && change->base != request->if_match) {
		http_reply_problem(request, STATUS_PRECONDITION_FAILED, "If-Match names another version than the present one");
		return;
	}
	current = load(request, row_json((struct row){rows, 0}, DOCUMENT));
	propose(request, current == NULL ? NULL : policy_document_patch(current, change->body));
}

static void on_reinstated(struct http_request *request, enum status status, const PGresult *rows)
{
	struct change *change = request->state;
	int32_t version = paging_number(request->ids[0]);
	json_t *then;

	if (!is_found(request, status, rows, version))
		return;
	then = load(request, row_json((struct row){rows, 0}, DOCUMENT));
	if (change->note.bytes == NULL)
		change->note = text_format(request->arena, "version %d reinstated", version);
	propose(request, then == NULL ? NULL : policy_document_complete(then));
}

/** Once more from the beginning, when somebody else was faster. */
static void change_start(struct http_request *request)
{
	struct change *change = request->state;

	if (request->method == HTTP_PATCH) {
		ask_versions(request, INT32_MAX, 1, on_base);
	} else if (change->body == NULL) {
		(void)ask_version(request, on_reinstated);
	} else {
		change->base = request->if_match > 0 ? (int32_t)request->if_match : 0;
		propose(request, policy_document_complete(change->body));
	}
}

static struct change *change_new(struct http_request *request)
{
	struct change *change = arena_alloc(request->arena, sizeof(*change));

	if (change == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return NULL;
	}
	if (request->if_match > INT32_MAX) {
		http_reply_problem(request, STATUS_PRECONDITION_FAILED, "If-Match names no version of the policy");
		return NULL;
	}
	change->note = request->arguments[NOTE_ARGUMENT].text;
	change->acknowledge = request->arguments[ACKNOWLEDGE_ARGUMENT].text;
	change->wait_until_us = http_wait_limit(request, IN_FORCE_MS);
	request->state = change;
	return change;
}

/** "acknowledge" of the body; the parameter is for those without one. @return false: answered */
static bool take_acknowledgement(struct http_request *request, struct change *change)
{
	const json_t *said = json_object_get(change->body, "acknowledge");
	struct text reason = text_trim((struct text){json_string_value(said), json_string_length(said)});
	struct problems problems = problems_in(request->arena);

	if (said == NULL || json_is_null(said))
		return true;
	if (reason.length > 0 && reason.length <= REASON_BYTES && !text_has_control(reason)) {
		/* The member itself is about to be taken out of the body. */
		change->acknowledge = text_copy(request->arena, reason);
		return true;
	}
	problems_add(&problems, TEXT("/acknowledge"), "must be a reason of 1 to %d bytes", REASON_BYTES);
	http_reply_problems(request, STATUS_INVALID, &problems);
	return false;
}

static void write_policy(struct http_request *request)
{
	struct problems problems = problems_in(request->arena);
	struct change *change = change_new(request);
	enum status status;

	if (change == NULL)
		return;
	status = intake_json_parse(request->body, request->arena, &change->body, &problems);
	if (status == STATUS_OK && !json_is_object(change->body)) {
		problems_add(&problems, TEXT(""), "must be an object");
		status = STATUS_INVALID;
	}
	if (status != STATUS_OK) {
		http_reply_problems(request, status, &problems);
		return;
	}
	if (!take_acknowledgement(request, change))
		return;
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		json_object_del(change->body, beside[i]);
	change_start(request);
}

static void reinstate(struct http_request *request)
{
	if (change_new(request) != NULL)
		change_start(request);
}

static const struct http_parameter list_parameters[] = {PAGING_TABLE, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};
static const struct http_parameter note_parameters[] = {
	[NOTE_ARGUMENT] = {"note", HTTP_TEXT, 0, REASON_BYTES, NULL, 0},
	[ACKNOWLEDGE_ARGUMENT] = {"acknowledge", HTTP_TEXT, 0, REASON_BYTES, NULL, 0},
	{NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_policy_routes[HTTP_POLICY_ROUTES] = {
	{HTTP_GET, "/v1/policy", ROLE_READ, HTTP_BODY_NONE, get_policy, NULL, NULL, 0, NULL},
	{HTTP_PUT, "/v1/policy", ROLE_ADMIN, HTTP_BODY_JSON, write_policy, note_parameters, NULL, 0, NULL},
	{HTTP_PATCH, "/v1/policy", ROLE_ADMIN, HTTP_BODY_JSON, write_policy, note_parameters, NULL, 0, NULL},
	{HTTP_GET, "/v1/policy/schema", ROLE_READ, HTTP_BODY_NONE, get_schema, NULL, NULL, 0, NULL},
	{HTTP_GET, "/v1/policy/versions", ROLE_READ, HTTP_BODY_NONE, get_versions, list_parameters, NULL, 0, NULL},
	{HTTP_GET, "/v1/policy/versions/{version}", ROLE_READ, HTTP_BODY_NONE, get_version, NULL, NULL, 0, NULL},
	{HTTP_POST, "/v1/policy/versions/{version}:reinstate", ROLE_ADMIN, HTTP_BODY_NONE, reinstate, note_parameters, NULL, 0, NULL},
};
