/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/simulations: what the book would look like under another policy or on another day. The clerk computes it; nothing is written. */
#include <string.h>

#include <jansson.h>

#include <sweetspot/intake.h>
#include <sweetspot/policy_document.h>
#include <sweetspot/simulation.h>
#include <sweetspot/topics.h>

#include "bands_json.h"
#include "figures.h"
#include "policy_versions.h"
#include "resources.h"
#include "simulation_json.h"

#define POLICY_POINTER "/policy"
#define DEAL_SIZE "deal_size_pct"

/* Parameters. */
enum { LIMIT };

/* ---- The answer ---- */

static void write_names(struct json_writer *w, const char *name, const char *const *names)
{
	json_key(w, name);
	json_open_array(w);
	for (; *names != NULL; names++)
		json_text(w, text_of(*names));
	json_close_array(w);
}

static void write_frame(struct json_writer *w, const struct simulation *simulation)
{
	const struct review *review = &simulation->review;

	figure_count(w, "policy", simulation->policy);
	json_key(w, "in_force");
	json_open_object(w);
	figure_day(w, "day", simulation->day);
	figure_count(w, "policy", simulation->policy_in_force);
	if (simulation->review_in_force == 0)
		figure_null(w, "review");
	else
		figure_count(w, "review", simulation->review_in_force);
	json_close_object(w);
	write_names(w, "at_once", simulation->at_once);
	write_names(w, "at_next_review", simulation->at_next_review);
	json_key(w, "under");
	json_open_object(w);
	figure_day(w, "day", simulation->next_day);
	figure_text(w, "review", simulation->review_is_made ? TEXT("made") : TEXT("frozen"));
	figure_count(w, "clients", review->clients);
	if (review->has_key_cutoff)
		figure_money(w, "key_cutoff", review->key_cutoff, simulation->currency_digits);
	else
		figure_null(w, "key_cutoff");
	figure_cuts(w, review->engagement_cut_centi, review->potential_cut_centi);
	json_close_object(w);
}

static void write_entries(struct json_writer *w, const struct cut_entry *entries, size_t count, int currency_digits)
{
	json_key(w, "data");
	json_open_array(w);
	for (size_t i = 0; i < count; i++) {
		const struct cut_entry *entry = &entries[i];

		json_open_object(w);
		figure_count(w, "rank", entry->rank);
		figure_text(w, "account", entry->account);
		figure_text(w, "name", entry->name);
		figure_text(w, "seller", entry->seller);
		figure_tier(w, "tier", entry->tier);
		figure_text(w, "list", text_of(list_name(entry->list)));
		figure_score(w, "keep_score", entry->keep_score_centi);
		figure_money(w, "revenue_12m", entry->revenue_12m, currency_digits);
		figure_hours(w, "hours_12m", entry->minutes_12m);
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_cut(struct json_writer *w, const char *name, const struct cut *cut, int currency_digits)
{
	json_key(w, name);
	json_open_object(w);
	figure_count(w, "base", cut->base);
	figure_count(w, "budget", cut->budget);
	figure_count(w, "used", cut->used);
	figure_count(w, "remaining", cut->remaining);
	figure_count(w, "within_budget", cut->accounts);
	figure_money(w, "revenue_at_stake", simulation_money(cut->revenue), currency_digits);
	figure_hours(w, "hours_freed", cut->minutes);
	write_entries(w, cut->entries, cut->shown, currency_digits);
	json_close_object(w);
}

static void write_difference(struct json_writer *w, const char *name, const struct cut_entry *entries, size_t count, size_t shown,
                             int currency_digits)
{
	json_key(w, name);
	json_open_object(w);
	figure_count(w, "count", (int64_t)count);
	write_entries(w, entries, shown, currency_digits);
	json_close_object(w);
}

static void write_let_go(struct json_writer *w, const struct simulation *simulation)
{
	int digits = simulation->currency_digits;

	json_key(w, "let_go");
	json_open_object(w);
	write_cut(w, "before", &simulation->before, digits);
	write_cut(w, "after", &simulation->after, digits);
	write_difference(w, "joined", simulation->joined, simulation->joined_count, simulation->joined_shown, digits);
	write_difference(w, "left", simulation->left, simulation->left_count, simulation->left_shown, digits);
	json_close_object(w);
}

static void write_deal_size(struct json_writer *w, const struct simulation *simulation)
{
	if (simulation->deal_size_pct > 0)
		bands_larger_write(w, "deal_size", &simulation->bands, simulation->band_sellers, simulation->band_seller_count,
		                   simulation->deal_size_pct, simulation->currency_digits);
	else
		figure_null(w, "deal_size");
}

static void show(struct http_request *request, const struct simulation *simulation)
{
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	write_frame(&w, simulation);
	figure_count(&w, "organisations", (int64_t)simulation->organisations);
	simulation_moved_write(&w, simulation);
	simulation_crossings_write(&w, simulation);
	simulation_let_in_write(&w, simulation);
	write_let_go(&w, simulation);
	write_deal_size(&w, simulation);
	simulation_effort_write(&w, simulation);
	json_close_object(&w);
	http_reply_json(request, 200);
}

/** Pointers into the patched policy become pointers into the body. */
static void add_policy_problems(struct http_request *request, const struct problems *found, struct problems *problems)
{
	for (const struct problem *problem = found->first; problem != NULL; problem = problem->next) {
		struct text pointer = text_format(request->arena, POLICY_POINTER "%.*s", TEXT_ARGS(problem->pointer));

		problems_add(problems, pointer, "%.*s", TEXT_ARGS(problem->detail));
	}
}

static void refuse(struct http_request *request, const struct problems *found)
{
	struct problems problems = problems_in(request->arena);

	add_policy_problems(request, found, &problems);
	http_reply_problems(request, STATUS_INVALID, &problems);
}

static void on_answer(struct http_request *request, struct question *question)
{
	const struct simulation *simulation = question->matter;

	if (question->status == STATUS_INVALID)
		refuse(request, &simulation->problems);
	else if (question->status != STATUS_OK)
		http_ask_failed(request, question, "the simulation could not be made");
	else
		show(request, simulation);
}

/* ---- The question ---- */

/** A copy in the question's arena, as JSON text. @return {NULL, 0} when memory is short */
static struct text dump_into(struct arena *arena, const json_t *json)
{
	char *bytes = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	struct text copy = text_copy(arena, text_of(bytes));

	free(bytes);
	return copy;
}

static bool is_day(const json_t *value)
{
	int32_t day;

	return json_is_string(value) && day_parse((struct text){json_string_value(value), json_string_length(value)}, &day);
}

static bool is_deal_size(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 1 && json_integer_value(value) <= DEAL_SIZE_MOST_PCT;
}

static bool is_member(const char *name)
{
	return strcmp(name, "policy") == 0 || strcmp(name, "today") == 0 || strcmp(name, DEAL_SIZE) == 0;
}

static void check(const json_t *body, struct problems *problems)
{
	const json_t *policy = json_object_get(body, "policy"), *today = json_object_get(body, "today");
	const json_t *deal_size = json_object_get(body, DEAL_SIZE);
	const char *name;
	json_t *value;

	if (!json_is_object(body)) {
		problems_add(problems, TEXT(""), "must be an object");
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)body, name, value)
		if (!is_member(name))
			problems_add(problems, pointer_join(problems->arena, TEXT(""), text_of(name)), "is not a field of a simulation");
	if (policy != NULL && !json_is_object(policy))
		problems_add(problems, TEXT(POLICY_POINTER), "must be an object: a merge patch of the policy");
	if (today != NULL && !json_is_null(today) && !is_day(today))
		problems_add(problems, TEXT("/today"), "must be a day such as \"2026-03-01\", or null");
	if (deal_size != NULL && !is_deal_size(deal_size))
		problems_add(problems, TEXT("/" DEAL_SIZE), "must be a whole number from 1 to %d", DEAL_SIZE_MOST_PCT);
	if (today != NULL && json_object_get(policy, "today") != NULL)
		problems_add(problems, TEXT("/today"), "is said in the policy too");
}

/** Of a body that is refused anyway: what is wrong with its patch, whichever policy it is laid over. */
static enum status check_patch(struct http_request *request, const json_t *patch, struct problems *problems)
{
	json_t *defaults = policy_json_load(request, policy_document_default());
	json_t *whole = defaults == NULL ? NULL : policy_json_keep(request, policy_document_patch(defaults, patch));
	struct problems found = problems_in(request->arena);
	struct policy unused;

	if (whole == NULL ||
	    policy_document_decode(whole, request->principal.currency_digits, request->arena, &unused, &found) == STATUS_NO_MEMORY)
		return STATUS_NO_MEMORY;
	add_policy_problems(request, &found, problems);
	return STATUS_INVALID;
}

/** @return NULL when memory is short */
static struct question *question_of(struct http_request *request, const json_t *body)
{
	struct question *question = question_new(TOPIC_SIMULATION, request->principal.workspace);
	const json_t *policy = json_object_get(body, "policy"), *today = json_object_get(body, "today");
	struct simulation *simulation = question == NULL ? NULL : arena_alloc(question->arena, sizeof(*simulation));

	if (simulation == NULL) {
		question_free(question);
		return NULL;
	}
	question->matter = simulation;
	simulation->patch = policy == NULL ? TEXT("{}") : dump_into(question->arena, policy);
	simulation->has_today = today != NULL;
	simulation->today = today == NULL ? TEXT("null") : dump_into(question->arena, today);
	simulation->limit = (size_t)request->arguments[LIMIT].integer;
	simulation->deal_size_pct = (int32_t)json_integer_value(json_object_get(body, DEAL_SIZE));
	simulation->currency_digits = request->principal.currency_digits;
	if (simulation->patch.bytes == NULL || simulation->today.bytes == NULL) {
		question_free(question);
		return NULL;
	}
	return question;
}

static void post_simulation(struct http_request *request)
{
	struct problems problems = problems_in(request->arena);
	struct question *question = NULL;
	json_t *body = NULL;
	enum status status = intake_json_parse(request->body, request->arena, &body, &problems);

	if (status == STATUS_OK)
		check(body, &problems);
	if (status == STATUS_OK && problems.count > 0) {
		const json_t *patch = json_object_get(body, "policy");

		status = json_is_object(patch) ? check_patch(request, patch, &problems) : STATUS_INVALID;
	}
	if (status == STATUS_OK) {
		question = question_of(request, body);
		status = question == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	if (status != STATUS_OK)
		http_reply_problems(request, status, &problems);
	else
		http_ask_start(request, question, on_answer);
}

static const struct http_parameter parameters[] = {
	[LIMIT] = {"limit", HTTP_INTEGER, 1, 500, NULL, 50},
	{NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_simulation_routes[HTTP_SIMULATION_ROUTES] = {
	{HTTP_POST, "/v1/simulations", ROLE_READ, HTTP_BODY_JSON, post_simulation, parameters, NULL, HTTP_NO_IDEMPOTENCY, NULL},
};
