/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/simulations: what the book would look like under another policy or on another day. The clerk computes it; nothing is written. */
#include <string.h>

#include <jansson.h>

#include <sweetspot/intake.h>
#include <sweetspot/simulation.h>
#include <sweetspot/topics.h>

#include "bands_json.h"
#include "figures.h"
#include "resources.h"
#include "simulation_json.h"

#define POLICY_POINTER "/policy"
#define DEAL_SIZE "deal_size_pct"

/* Parameters. */
enum { LIMIT };

/* ---- The answer ---- */

static int64_t money_of(int128 sum)
{
	return sum > INT64_MAX ? INT64_MAX : sum < INT64_MIN ? INT64_MIN : (int64_t)sum;
}

static void write_worth(struct json_writer *w, const struct crossed *crossed, int currency_digits)
{
	figure_count(w, "count", crossed->count);
	figure_money(w, "revenue_12m", money_of(crossed->revenue), currency_digits);
	figure_hours(w, "hours_12m", crossed->minutes);
}

static void write_crossed(struct json_writer *w, const char *from, const char *to, const struct crossed *crossed, int currency_digits)
{
	if (crossed->count == 0)
		return;
	json_open_object(w);
	figure_text(w, "from", text_of(from));
	figure_text(w, "to", text_of(to));
	write_worth(w, crossed, currency_digits);
	json_close_object(w);
}

static void write_crossings(struct json_writer *w, const struct crossings *crossings, int currency_digits)
{
	json_key(w, "tiers");
	json_open_array(w);
	for (int from = 0; from < TIER_COUNT; from++)
		for (int to = 0; to < TIER_COUNT; to++)
			write_crossed(w, tier_name((enum tier)from), tier_name((enum tier)to), &crossings->tiers[from][to], currency_digits);
	json_close_array(w);
	json_key(w, "lists");
	json_open_array(w);
	for (int from = 0; from <= LIST_COUNT; from++)
		for (int to = 0; to < LIST_COUNT; to++)
			write_crossed(w, from == STAND_UNCLASSIFIED ? NULL : list_name((enum list)from), list_name((enum list)to),
			              &crossings->lists[from][to], currency_digits);
	json_close_array(w);
}

static void write_verdicts(struct json_writer *w, const struct crossings *crossings)
{
	json_key(w, "verdicts");
	json_open_array(w);
	for (int from = 0; from < VERDICT_COUNT; from++)
		for (int to = 0; to < VERDICT_COUNT; to++) {
			const struct crossed *crossed = &crossings->verdicts[from][to];

			if (crossed->count == 0)
				continue;
			json_open_object(w);
			figure_text(w, "from", text_of(verdict_name((enum verdict)from)));
			figure_text(w, "to", text_of(verdict_name((enum verdict)to)));
			figure_count(w, "count", crossed->count);
			figure_hours(w, "hours_12m", crossed->minutes);
			json_close_object(w);
		}
	json_close_array(w);
}

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

static void write_movers(struct json_writer *w, const struct movers *movers, int currency_digits)
{
	write_worth(w, &movers->all, currency_digits);
	figure_count(w, "tiers", movers->tiers);
	figure_count(w, "lists", movers->lists);
}

static void write_moved(struct json_writer *w, const struct simulation *simulation)
{
	figure_count(w, "organisations", (int64_t)simulation->organisations);
	json_key(w, "moved");
	json_open_object(w);
	write_movers(w, &simulation->moved, simulation->currency_digits);
	figure_count(w, "sellers", (int64_t)simulation->seller_count);
	json_key(w, "by_seller");
	json_open_array(w);
	for (size_t i = 0; i < simulation->sellers_shown; i++) {
		json_open_object(w);
		figure_text(w, "seller", simulation->sellers[i].seller);
		write_movers(w, &simulation->sellers[i].movers, simulation->currency_digits);
		json_close_object(w);
	}
	json_close_array(w);
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
	figure_money(w, "revenue_at_stake", money_of(cut->revenue), currency_digits);
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

void simulation_let_in_write(struct json_writer *w, const struct simulation *simulation)
{
	int128 minutes = simulation->clients == 0 ? 0 : (int128)simulation->client_minutes * (int64_t)simulation->let_in_count;

	json_key(w, "let_in");
	json_open_object(w);
	figure_count(w, "count", (int64_t)simulation->let_in_count);
	if (simulation->client_minutes > 0)
		figure_hours(w, "hours_12m", number_divide_rounded(minutes, simulation->clients));
	else
		figure_null(w, "hours_12m");
	json_key(w, "data");
	json_open_array(w);
	for (size_t i = 0; i < simulation->let_in_shown; i++) {
		const struct let_in *let_in = &simulation->let_in[i];

		json_open_object(w);
		figure_text(w, "prospect", let_in->prospect);
		figure_text(w, "name", let_in->name);
		figure_text(w, "seller", let_in->seller);
		figure_text(w, "from", text_of(verdict_name(let_in->from)));
		figure_text(w, "to", text_of(verdict_name(let_in->to)));
		json_close_object(w);
	}
	json_close_array(w);
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

static void write_effort(struct json_writer *w, const struct simulation *simulation)
{
	json_key(w, "effort");
	json_open_object(w);
	figure_count(w, "read_ms", simulation->read_us / 1000);
	figure_count(w, "compute_ms", simulation->compute_us / 1000);
	figure_count(w, "memory_bytes", (int64_t)simulation->bytes);
	json_close_object(w);
}

static void show(struct http_request *request, const struct simulation *simulation)
{
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	write_frame(&w, simulation);
	write_moved(&w, simulation);
	write_crossings(&w, &simulation->crossings, simulation->currency_digits);
	write_verdicts(&w, &simulation->crossings);
	simulation_let_in_write(&w, simulation);
	write_let_go(&w, simulation);
	write_deal_size(&w, simulation);
	write_effort(&w, simulation);
	json_close_object(&w);
	http_reply_json(request, 200);
}

/** Pointers into the patched policy become pointers into the body. */
static void refuse(struct http_request *request, const struct problems *found)
{
	struct problems problems = problems_in(request->arena);

	for (const struct problem *problem = found->first; problem != NULL; problem = problem->next) {
		struct text pointer = text_format(request->arena, POLICY_POINTER "%.*s", TEXT_ARGS(problem->pointer));

		problems_add(&problems, pointer, "%.*s", TEXT_ARGS(problem->detail));
	}
	http_reply_problems(request, STATUS_INVALID, &problems);
}

static void on_answer(struct http_request *request, struct question *question)
{
	const struct simulation *simulation = question->matter;

	if (question->status == STATUS_INVALID)
		refuse(request, &simulation->problems);
	else if (question->status == STATUS_NO_MEMORY)
		http_reply_problem(request, STATUS_NO_MEMORY, "the book does not fit into the memory a question may take");
	else if (question->status != STATUS_OK)
		http_reply_problem(request, question->status, "the simulation could not be made");
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
	if (status == STATUS_OK && problems.count > 0)
		status = STATUS_INVALID;
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
