/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/reviews/preview: what a review made now would freeze, and who would cross. Computed as a simulation; nothing is written. */
#include <string.h>

#include <sweetspot/digest.h>
#include <sweetspot/simulation.h>
#include <sweetspot/topics.h>

#include "contenders_json.h"
#include "figures.h"
#include "list_cursor.h"
#include "paging.h"
#include "resources.h"
#include "simulation_json.h"

static uint64_t digest_of(const struct http_request *request)
{
	return hash_bytes("preview", strlen("preview")) ^ (uint64_t)request->principal.workspace;
}

/* ---- The answer ---- */

/** As GET /v1/reviews/{number} shows it. */
static void write_frozen(struct json_writer *w, const struct review *review, int currency_digits)
{
	figure_count(w, "clients", review->clients);
	if (review->has_key_cutoff)
		figure_money(w, "key_cutoff", review->key_cutoff, currency_digits);
	else
		figure_null(w, "key_cutoff");
	figure_share(w, "key_revenue_share", review->key_revenue, review->has_key_cutoff ? review->revenue : 0);
	figure_cuts(w, review->engagement_cut_centi, review->potential_cut_centi);
	figure_full(w, review->full_reach, review->full_rhythm, review->full_orders);
	figure_count(w, "lines_offered", review->lines_offered);
	figure_count(w, "deals_per_year", review->deals_per_year);
	figure_text(w, "revenue_source", review->revenue_source == REVENUE_FROM_DEALS ? TEXT("deals") : TEXT("revenue"));
	figure_text(w, "momentum_window", review->half_year_momentum ? TEXT("half") : TEXT("year"));
	figure_day(w, "first_revenue_on", review->book_first_revenue_on);
	if (review->has_derived_floor)
		figure_money(w, "derived_floor", review->derived_floor, currency_digits);
	else
		figure_null(w, "derived_floor");
}

static void write_in_force(struct json_writer *w, const struct review *review, int currency_digits)
{
	if (review == NULL) {
		figure_null(w, "in_force");
		return;
	}
	json_key(w, "in_force");
	json_open_object(w);
	figure_count(w, "review", review->number);
	figure_day(w, "day", review->day);
	figure_bool(w, "provisional", review->provisional);
	write_frozen(w, review, currency_digits);
	json_close_object(w);
}

/** How many would stand so, of any origin: `cells` is from × to, `width` to a row. */
static int64_t sum_of(const struct crossed *cells, int rows, int width, int to)
{
	int64_t count = 0;

	for (int from = 0; from < rows; from++)
		count += cells[from * width + to].count;
	return count;
}

static void write_counts(struct json_writer *w, const struct crossings *crossings)
{
	json_key(w, "tiers");
	json_open_object(w);
	for (int tier = TIER_NONE + 1; tier < TIER_COUNT; tier++)
		figure_count(w, tier_name((enum tier)tier), sum_of(&crossings->tiers[0][0], TIER_COUNT, TIER_COUNT, tier));
	json_close_object(w);
	json_key(w, "lists");
	json_open_object(w);
	for (int list = LIST_NONE + 1; list < LIST_COUNT; list++)
		figure_count(w, list_name((enum list)list), sum_of(&crossings->lists[0][0], LIST_COUNT + 1, LIST_COUNT, list));
	json_close_object(w);
	json_key(w, "verdicts");
	json_open_object(w);
	for (int verdict = VERDICT_NONE + 1; verdict < VERDICT_COUNT; verdict++)
		figure_count(w, verdict_name((enum verdict)verdict), sum_of(&crossings->verdicts[0][0], VERDICT_COUNT, VERDICT_COUNT, verdict));
	json_close_object(w);
}

static void write_list(struct json_writer *w, const char *name, uint8_t list)
{
	figure_text(w, name, list == STAND_UNCLASSIFIED ? (struct text){NULL, 0} : text_of(list_name((enum list)list)));
}

static void write_crosser(struct json_writer *w, const struct crosser *crosser, int currency_digits)
{
	const struct text none = {NULL, 0};

	json_open_object(w);
	figure_text(w, "account", crosser->is_account ? crosser->id : none);
	figure_text(w, "prospect", crosser->is_account ? none : crosser->id);
	figure_text(w, "name", crosser->name);
	figure_text(w, "seller", crosser->seller);
	figure_money(w, "revenue_12m", crosser->revenue_12m, currency_digits);
	write_list(w, "list", crosser->before.list);
	write_list(w, "would_be", crosser->after.list);
	figure_tier(w, "tier", (enum tier)crosser->before.tier);
	figure_tier(w, "would_be_tier", (enum tier)crosser->after.tier);
	figure_text(w, "verdict", text_of(verdict_name((enum verdict)crosser->before.verdict)));
	figure_text(w, "would_be_verdict", text_of(verdict_name((enum verdict)crosser->after.verdict)));
	json_close_object(w);
}

static struct text next_cursor(struct http_request *request, const struct crosser_page *page)
{
	const struct crosser *last = &page->data[page->shown - 1];
	const struct list_position position = {.key = last->revenue_12m, .name = {"", 0}, .id = last->id};

	return list_cursor_encode(request->arena, digest_of(request), &position);
}

static void write_page(struct http_request *request, struct json_writer *w, const struct simulation *simulation)
{
	const struct crosser_page *page = &simulation->page;
	struct text cursor = {NULL, 0};

	figure_count(w, "total", (int64_t)page->total);
	json_key(w, "data");
	json_open_array(w);
	for (size_t i = 0; i < page->shown; i++)
		write_crosser(w, &page->data[i], simulation->currency_digits);
	json_close_array(w);
	if (page->has_more) {
		cursor = next_cursor(request, page);
		request->answer.failed |= cursor.bytes == NULL;
	}
	figure_text(w, "next_cursor", cursor);
}

static void show(struct http_request *request, const struct simulation *simulation)
{
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	figure_day(&w, "day", simulation->next_day);
	figure_count(&w, "policy", simulation->policy);
	if (simulation->review_in_force == 0)
		figure_null(&w, "review");
	else
		figure_count(&w, "review", simulation->review_in_force);
	figure_count(&w, "organisations", (int64_t)simulation->organisations);
	write_frozen(&w, &simulation->review, simulation->currency_digits);
	figure_count(&w, "key_clients", sum_of(&simulation->crossings.lists[0][0], LIST_COUNT + 1, LIST_COUNT, LIST_KEY));
	contenders_write(&w, &simulation->contenders, simulation->review.revenue, simulation->currency_digits);
	write_counts(&w, &simulation->crossings);
	figure_count(&w, "changed", simulation->moved.all.count);
	write_in_force(&w, simulation->review_now, simulation->currency_digits);
	json_key(&w, "crossings");
	json_open_object(&w);
	simulation_crossings_write(&w, simulation);
	json_close_object(&w);
	simulation_moved_write(&w, simulation);
	write_page(request, &w, simulation);
	simulation_effort_write(&w, simulation);
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void on_answer(struct http_request *request, struct question *question)
{
	if (question->status == STATUS_OK)
		show(request, question->matter);
	else
		http_ask_failed(request, question, "the preview could not be made");
}

/* ---- The question ---- */

/** @return STATUS_OK; STATUS_INVALID for a cursor that is none; STATUS_NO_MEMORY */
static enum status read_page(struct http_request *request, struct question *question, struct crosser_page *page)
{
	const struct http_argument *cursor = &request->arguments[PAGING_CURSOR];
	struct list_position behind;
	enum status status;

	if (!cursor->given)
		return STATUS_OK;
	status = list_cursor_decode(question->arena, cursor->text, digest_of(request), &behind);
	if (status != STATUS_OK)
		return status;
	*page = (struct crosser_page){.has_behind = true, .behind_revenue_12m = behind.key, .behind_id = behind.id};
	return STATUS_OK;
}

static enum status fill(struct http_request *request, struct question *question)
{
	struct simulation *simulation = arena_alloc(question->arena, sizeof(*simulation));

	if (simulation == NULL)
		return STATUS_NO_MEMORY;
	question->matter = simulation;
	simulation->is_preview = true;
	simulation->limit = (size_t)request->arguments[PAGING_LIMIT].integer;
	simulation->currency_digits = request->principal.currency_digits;
	return read_page(request, question, &simulation->page);
}

static void get_preview(struct http_request *request)
{
	struct problems problems = problems_in(request->arena);
	struct question *question = question_new(TOPIC_SIMULATION, request->principal.workspace);
	enum status status = question == NULL ? STATUS_NO_MEMORY : fill(request, question);

	if (status == STATUS_OK) {
		http_ask_start(request, question, on_answer);
		return;
	}
	question_free(question);
	if (status == STATUS_INVALID)
		problems_add(&problems, TEXT("?cursor"), "is not a cursor of this list");
	http_reply_problems(request, status, &problems);
}

static const struct http_parameter parameters[] = {PAGING_TABLE, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters */
const struct http_route http_preview_routes[HTTP_PREVIEW_ROUTES] = {
	{HTTP_GET, "/v1/reviews/preview", ROLE_READ, HTTP_BODY_NONE, get_preview, parameters, NULL, 0, NULL},
};
