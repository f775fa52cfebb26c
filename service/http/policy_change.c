/* SPDX-License-Identifier: Apache-2.0 */
/* The policy replaced, patched and reinstated, past the guard of a lean pipeline. Bringing a version into force is the jobs' business. */
#include <sweetspot/clock.h>
#include <sweetspot/intake.h>
#include <sweetspot/policy_document.h>
#include <sweetspot/topics.h>

#include "figures.h"
#include "paging.h"
#include "pipeline.h"
#include "policy_versions.h"
#include "resources.h"
#include "simulation_json.h"
#include "small_body.h"
#include "wait.h"

/* How long a change waits by itself to be in force, so that the next read shows its effect. */
#define IN_FORCE_MS 2000

/* Parameters of a change. */
enum { NOTE_ARGUMENT, ACKNOWLEDGE_ARGUMENT };
#define REASON_BYTES 1000

/* What is said of a change in the body beside the document. */
static const char *const said[] = {"note", "acknowledge", NULL};
/* What an answer carries beside that: a PUT of it is not about these. */
static const char *const beside[] = {"version", "in_force_version", "created_at", "created_by", "actor", "acknowledged", "let_in"};

/** A change on its way. */
struct change {
	json_t *body;              /* as parsed; NULL: a version is reinstated */
	struct text document;      /* complete and checked, as JSON */
	struct text note;
	struct text acknowledge;   /* why it may loosen a lean pipeline; {NULL, 0}: it may not */
	struct policy policy;      /* what the document says */
	struct problems problems;  /* with what is said beside the document */
	bool had_criteria;         /* the book, once: those it gets now are not its first */
	bool loosens;              /* and was found to while the pipeline is lean */
	int64_t let_in;
	int32_t base;              /* version it was made from and must follow; 0: any */
	int32_t version;           /* it has become */
	int64_t wait_until_us;
};

/* ---- In force ---- */

static void look(struct http_request *request);

static void on_look(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct change *change = request->state;
	struct row row = {rows, 0};

	if (!policy_version_is_found(request, status, rows, change->version))
		return;
	if (row_int(row, POLICY_IN_FORCE) < change->version && clock_ticks_us() < change->wait_until_us)
		http_wait_start(request, look);
	else
		policy_version_show(request, row);
}

static void look(struct http_request *request)
{
	const struct change *change = request->state;

	policy_versions_ask(request, change->version + 1, 1, on_look);
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
		http_work_made(request);
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
	enum status status = STATUS_NO_MEMORY;

	if (policy_json_keep(request, document) != NULL)
		status = policy_document_decode(document, request->principal.currency_digits, request->arena, &change->policy, &change->problems);
	if (status == STATUS_OK && change->problems.count > 0)
		status = STATUS_INVALID;
	if (status == STATUS_OK) {
		change->document = policy_json_dump(request, document);
		status = change->document.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	if (status != STATUS_OK) {
		http_reply_problems(request, status, &change->problems);
		return;
	}
	change->loosens = change->had_criteria = false;
	http_present_start(request, on_guarded);
}

static void on_base(struct http_request *request, enum status status, const PGresult *rows)
{
	struct change *change = request->state;
	json_t *current;

	if (!policy_version_is_found(request, status, rows, 0))
		return;
	change->base = (int32_t)row_int((struct row){rows, 0}, POLICY_VERSION);
	if (request->if_match > 0 && change->base != request->if_match) {
		http_reply_problem(request, STATUS_PRECONDITION_FAILED, "If-Match names another version than the present one");
		return;
	}
	current = policy_json_load(request, row_json((struct row){rows, 0}, POLICY_DOCUMENT));
	propose(request, current == NULL ? NULL : policy_document_patch(current, change->body));
}

static void on_reinstated(struct http_request *request, enum status status, const PGresult *rows)
{
	struct change *change = request->state;
	int32_t version = paging_number(request->ids[0]);
	json_t *then;

	if (!policy_version_is_found(request, status, rows, version))
		return;
	then = policy_json_load(request, row_json((struct row){rows, 0}, POLICY_DOCUMENT));
	if (change->note.bytes == NULL)
		change->note = text_format(request->arena, "version %d reinstated", version);
	propose(request, then == NULL ? NULL : policy_document_complete(then));
}

/** Once more from the beginning, when somebody else was faster. */
static void change_start(struct http_request *request)
{
	struct change *change = request->state;

	if (request->method == HTTP_PATCH) {
		policy_versions_ask(request, INT32_MAX, 1, on_base);
	} else if (change->body == NULL) {
		(void)policy_version_ask(request, on_reinstated);
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
	change->problems = problems_in(request->arena);
	change->note = request->arguments[NOTE_ARGUMENT].text;
	change->acknowledge = request->arguments[ACKNOWLEDGE_ARGUMENT].text;
	change->wait_until_us = http_wait_limit(request, IN_FORCE_MS);
	request->state = change;
	return change;
}

/** A member of the body, which counts before the parameter of its name. It is about to be taken out of the body, so it is copied. */
static void take_said(struct http_request *request, struct change *change, const char *name, const char *pointer, struct text *out)
{
	const json_t *json = json_object_get(change->body, name);
	struct text text = text_trim((struct text){json_string_value(json), json_string_length(json)});

	if (json == NULL || json_is_null(json))
		return;
	if (text.length > 0 && text.length <= REASON_BYTES && !text_has_control(text))
		*out = text_copy(request->arena, text);
	else
		problems_add(&change->problems, text_of(pointer), "must be a reason of 1 to %d bytes", REASON_BYTES);
}

static void take_all_said(struct http_request *request, struct change *change)
{
	take_said(request, change, "note", "/note", &change->note);
	take_said(request, change, "acknowledge", "/acknowledge", &change->acknowledge);
}

static void write_policy(struct http_request *request)
{
	struct change *change = change_new(request);
	enum status status;

	if (change == NULL)
		return;
	status = intake_json_parse(request->body, request->arena, &change->body, &change->problems);
	if (status == STATUS_OK && !json_is_object(change->body)) {
		problems_add(&change->problems, TEXT(""), "must be an object");
		status = STATUS_INVALID;
	}
	if (status != STATUS_OK) {
		http_reply_problems(request, status, &change->problems);
		return;
	}
	take_all_said(request, change);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		json_object_del(change->body, beside[i]);
	for (const char *const *name = said; *name != NULL; name++)
		json_object_del(change->body, *name);
	change_start(request);
}

/** The body may be left out; all it holds is why. */
static void reinstate(struct http_request *request)
{
	struct change *change = change_new(request);
	enum status status = STATUS_OK;

	if (change == NULL)
		return;
	if (request->body.length > 0)
		status = small_body_object(request, said, "what reinstates a version", &change->body, &change->problems);
	if (status == STATUS_OK)
		take_all_said(request, change);
	if (status == STATUS_OK && change->problems.count > 0)
		status = STATUS_INVALID;
	change->body = NULL;
	if (status == STATUS_OK)
		change_start(request);
	else
		http_reply_problems(request, status, &change->problems);
}

static const struct http_parameter note_parameters[] = {
	[NOTE_ARGUMENT] = {"note", HTTP_TEXT, 0, REASON_BYTES, NULL, 0},
	[ACKNOWLEDGE_ARGUMENT] = {"acknowledge", HTTP_TEXT, 0, REASON_BYTES, NULL, 0},
	{NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_policy_change_routes[HTTP_POLICY_CHANGE_ROUTES] = {
	{HTTP_PUT, "/v1/policy", ROLE_ADMIN, HTTP_BODY_JSON, write_policy, note_parameters, NULL, 0, NULL},
	{HTTP_PATCH, "/v1/policy", ROLE_ADMIN, HTTP_BODY_JSON, write_policy, note_parameters, NULL, 0, NULL},
	{HTTP_POST, "/v1/policy/versions/{version}:reinstate", ROLE_ADMIN, HTTP_BODY_JSON, reinstate, note_parameters, NULL, 0, NULL},
};
