/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/qualify: is this one ours, and is it now? Judges prospects in the body under the rules in force, and saves nothing. */
#include <sweetspot/intake.h>

#include "figures.h"
#include "qualification_json.h"
#include "records.h"
#include "resources.h"

#define PROSPECTS_MOST 1000
#define PERSONAS_MOST 200
#define PERSONA_BYTES 400

/** One prospect of the body. */
struct asked {
	struct text id;               /* as the body names it; no text: it does not */
	struct stored_record stored;
	struct subject_facts facts;
	json_t *personas;             /* borrowed from the body; NULL: none */
};

/** All of them. */
struct asking {
	json_t *body;
	bool is_list;
	size_t count;
	struct asked *prospects;
	struct problems problems;
	struct http_present present;
	struct rules rules;
};

/* ---- Reading ---- */

static bool read_persona(const json_t *json, struct text *out)
{
	*out = (struct text){json_string_value(json), json_string_length(json)};
	return json_is_string(json) && out->length <= PERSONA_BYTES && !text_has_control(*out);
}

static enum status read_personas(struct http_request *request, struct asking *asking, struct text pointer, struct asked *asked)
{
	struct text *personas;
	size_t count = json_array_size(asked->personas);

	if (asked->personas == NULL || json_is_null(asked->personas))
		return STATUS_OK;
	pointer = pointer_join(request->arena, pointer, TEXT("personas"));
	if (!json_is_array(asked->personas) || count > PERSONAS_MOST) {
		problems_add(&asking->problems, pointer, "must be a list of at most %d texts, such as [\"CEO\", \"buyer\"]", PERSONAS_MOST);
		return STATUS_OK;
	}
	personas = arena_array(request->arena, count + 1, sizeof(*personas));
	if (personas == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (!read_persona(json_array_get(asked->personas, i), &personas[i]))
			problems_add(&asking->problems, pointer_join(request->arena, pointer, text_format(request->arena, "%zu", i)),
			             "must be text of at most %d bytes without control characters", PERSONA_BYTES);
	asked->facts = (struct subject_facts){.personas = personas, .persona_count = count};
	return STATUS_OK;
}

/** What stays out of the record: the personas, which are its contacts' elsewhere. */
static void take_personas(struct http_request *request, json_t *json, struct asked *asked)
{
	json_t *personas = json_object_get(json, "personas");

	if (personas == NULL)
		return;
	json_incref(personas);
	if (arena_link(request->arena, (void (*)(void *))json_decref, personas) == STATUS_OK)
		asked->personas = personas;
	json_object_del(json, "personas");
}

static enum status read_one(struct http_request *request, struct asking *asking, json_t *json, struct text pointer, struct asked *asked)
{
	const struct intake_context context = http_intake_context(request, asking->rules.policy->rates, asking->rules.policy->rate_count);
	const json_t *id = json_object_get(json, "id");
	struct text nobody = id == NULL ? TEXT("prospect") : (struct text){NULL, 0};
	enum status status;

	take_personas(request, json, asked);
	status = intake_record_decode(json, RECORD_ORGANISATION, nobody, pointer, &context, request->arena, &asked->stored.record,
	                              &asking->problems);
	if (status == STATUS_NO_MEMORY)
		return status;
	asked->stored.exists = true;
	asked->id = id == NULL ? (struct text){NULL, 0} : asked->stored.record.id;
	return read_personas(request, asking, pointer, asked);
}

static enum status read_all(struct http_request *request, struct asking *asking)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < asking->count && status == STATUS_OK; i++) {
		struct text name = text_format(request->arena, "%zu", i);
		struct text pointer = asking->is_list ? pointer_join(request->arena, TEXT(""), name) : TEXT("");
		json_t *json = asking->is_list ? json_array_get(asking->body, i) : asking->body;

		status = read_one(request, asking, json, pointer, &asking->prospects[i]);
	}
	if (status != STATUS_OK)
		return status;
	return asking->problems.failed ? STATUS_NO_MEMORY : asking->problems.count > 0 ? STATUS_INVALID : STATUS_OK;
}

/* ---- Judging ---- */

static enum status classify(struct http_request *request, const struct asking *asking, const struct asked *asked, struct standing *standing)
{
	const struct review *review = asking->rules.review;
	struct terms terms = terms_of(&asked->stored.record);
	struct features features;
	struct scoring scoring;
	enum status status = subject_judge(asking->rules.policy, &asked->stored.record, false, &asked->facts, request->arena,
	                                   &standing->qualified);

	if (status == STATUS_OK)
		status = features_of(&asked->stored, standing, review == NULL ? NULL : &review->cohorts, asking->present.day, request->arena,
		                     &features);
	if (status == STATUS_OK)
		standing_classify(&features, &terms, asking->rules, asking->present.day, standing, &scoring);
	return status;
}

static struct text personas_json(struct http_request *request, const struct asked *asked)
{
	char *bytes = asked->personas == NULL ? NULL : json_dumps(asked->personas, JSON_COMPACT);
	struct text copy = text_copy(request->arena, text_of(bytes));

	free(bytes);
	return copy;
}

static enum status write_one(struct json_writer *w, struct http_request *request, const struct asking *asking, const struct asked *asked)
{
	const struct seen seen = {&asked->stored.record, personas_json(request, asked), asking->rules.policy, request->arena};
	struct qualified_prospect qualified;
	struct standing standing = {0};
	int digits = request->principal.currency_digits;
	enum status status = classify(request, asking, asked, &standing);

	if (status == STATUS_OK)
		status = http_qualified_find(&asked->stored, &standing, asking->present, asking->rules, request->arena, &qualified);
	if (status != STATUS_OK)
		return status;
	json_open_object(w);
	figure_text(w, "id", asked->id);
	status = http_qualification_write(w, &qualified, asking->rules, digits, request->arena);
	if (status == STATUS_OK)
		status = http_criteria_write(w, qualified.findings, &seen);
	if (status == STATUS_OK)
		http_verdicts_write(w, &qualified, asking->rules, digits);
	if (asking->rules.review == NULL)
		figure_text(w, "note", TEXT("nothing is judged before the first review"));
	json_close_object(w);
	return status;
}

static enum status write_all(struct http_request *request, const struct asking *asking)
{
	struct json_writer w = json_writer_to(&request->answer);
	enum status status = STATUS_OK;

	if (!asking->is_list)
		return write_one(&w, request, asking, &asking->prospects[0]);
	json_open_object(&w);
	json_key(&w, "data");
	json_open_array(&w);
	for (size_t i = 0; i < asking->count && status == STATUS_OK; i++)
		status = write_one(&w, request, asking, &asking->prospects[i]);
	json_close_array(&w);
	json_close_object(&w);
	return status;
}

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct asking *asking = request->state;

	asking->present = present;
	asking->rules = rules;
	if (status == STATUS_OK)
		status = read_all(request, asking);
	if (status == STATUS_OK)
		status = write_all(request, asking);
	if (status == STATUS_OK)
		http_reply_json(request, 200);
	else
		http_reply_problems(request, status, &asking->problems);
}

static enum status asking_read(struct http_request *request, struct asking *asking)
{
	enum status status = intake_json_parse(request->body, request->arena, &asking->body, &asking->problems);

	if (status != STATUS_OK)
		return status;
	asking->is_list = json_is_array(asking->body);
	asking->count = asking->is_list ? json_array_size(asking->body) : 1;
	if (asking->count > PROSPECTS_MOST) {
		problems_add(&asking->problems, TEXT(""), "has %zu prospects; at most %d are judged at once", asking->count, PROSPECTS_MOST);
		return STATUS_INVALID;
	}
	asking->prospects = arena_array(request->arena, asking->count + 1, sizeof(*asking->prospects));
	return asking->prospects == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static void post_qualify(struct http_request *request)
{
	struct asking *asking = arena_alloc(request->arena, sizeof(*asking));
	struct problems problems = problems_in(request->arena);
	enum status status = STATUS_NO_MEMORY;

	if (asking != NULL) {
		asking->problems = problems;
		status = asking_read(request, asking);
	}
	request->state = asking;
	if (status == STATUS_OK)
		http_present_start(request, on_present);
	else
		http_reply_problems(request, status, asking == NULL ? &problems : &asking->problems);
}

/* method, path, least role, body, handler, parameters */
const struct http_route http_qualify_routes[HTTP_QUALIFY_ROUTES] = {
	{HTTP_POST, "/v1/qualify", ROLE_READ, HTTP_BODY_JSON, post_qualify, NULL, NULL, HTTP_NO_IDEMPOTENCY, NULL},
};
