/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews: asked for, and shown with what they froze. Computing them is the jobs' business. */
#include <jansson.h>

#include <sweetspot/clock.h>

#include "contenders_json.h"
#include "figures.h"
#include "paging.h"
#include "resources.h"
#include "wait.h"

#define LIST TEXT("reviews")
/* A review is stale when the share of a tier has moved by more than so many points. */
#define STALE_POINTS 10

/* Columns of list_reviews and read_current_review. */
enum {
	NUMBER, STATE, PROVISIONAL, DAY, POLICY, REQUESTED_AT, DONE_AT, KEY, ACTOR, FAILURE, CLIENTS, KEY_CUTOFF,
	EFFORT_BASIS, DERIVED_FLOOR, QUOTA_INFEASIBLE, KEY_REVENUE, REVENUE,
	ENGAGEMENT_CUT, POTENTIAL_CUT, FULL_REACH, FULL_RHYTHM, FULL_ORDERS, INITIATIVE, REVENUE_SOURCE, HALF_YEAR, LINES_OFFERED,
	DEALS_PER_YEAR, FIRST_REVENUE_ON, TIERS, LISTS, CHANGED, IN_FORCE, VERDICTS,
	CONTENDERS, CONTENDER_REVENUE, CONTENDER_HEADROOM, CONTENDERS_FIRST
};

/* Columns of read_rescoring. */
enum { RESCORING_STATE, RESCORING_DAY, RESCORING_POLICY, RESCORING_REVIEW, RESCORING_DONE, RESCORING_TOTAL };

/** What a request about reviews wants. */
struct asked {
	int32_t number;            /* the one to show; 0: the current one */
	bool is_list;
	bool is_current;           /* with the rescoring under way */
	int64_t limit, before;
	int64_t wait_until_us;     /* of a POST */
	const PGresult *rows;      /* while the tiers are counted */
	int64_t tiers[TIER_COUNT]; /* accounts in each now; TIER_NONE: all together */
};

/* ---- Stale ---- */

static int64_t then_of(const json_t *tiers, enum tier tier)
{
	return json_integer_value(json_object_get(tiers, tier_name(tier)));
}

/** @return whether a share of `all` has moved by more than STALE_POINTS from one of `all_then` */
static bool has_moved(int64_t now, int64_t all, int64_t then, int64_t all_then)
{
	int128 difference = (int128)now * all_then - (int128)then * all;

	return (difference < 0 ? -difference : difference) * 100 > (int128)all * all_then * STALE_POINTS;
}

static bool is_stale(struct text tiers_json, const int64_t now[TIER_COUNT])
{
	json_t *tiers = tiers_json.bytes == NULL ? NULL : json_loadb(tiers_json.bytes, tiers_json.length, 0, NULL);
	int64_t all_then = 0;
	bool stale = false;

	for (int tier = TIER_NONE + 1; tier < TIER_COUNT; tier++)
		all_then += then_of(tiers, (enum tier)tier);
	for (int tier = TIER_NONE + 1; tier < TIER_COUNT; tier++) {
		/* Without accounts every share is 0, of one. */
		if (has_moved(now[tier], now[TIER_NONE] > 0 ? now[TIER_NONE] : 1, then_of(tiers, (enum tier)tier), all_then > 0 ? all_then : 1))
			stale = true;
	}
	json_decref(tiers);
	return stale;
}

/* ---- Showing ---- */

static void write_optional(struct json_writer *w, const char *name, struct row row, int column)
{
	json_key(w, name);
	if (row_is_null(row, column))
		json_write_null(w);
	else
		json_int(w, row_int(row, column));
}

static void write_cutoffs(struct json_writer *w, struct row row, int currency_digits)
{
	if (row_is_null(row, KEY_CUTOFF))
		figure_null(w, "key_cutoff");
	else
		figure_money(w, "key_cutoff", row_int(row, KEY_CUTOFF), currency_digits);
	figure_share(w, "key_revenue_share", row_int(row, KEY_REVENUE), row_is_null(row, KEY_CUTOFF) ? 0 : row_int(row, REVENUE));
	if (row_is_null(row, ENGAGEMENT_CUT))
		figure_null(w, "cuts");
	else
		figure_cuts(w, (int32_t)row_int(row, ENGAGEMENT_CUT), (int32_t)row_int(row, POTENTIAL_CUT));
	figure_full(w, row_int(row, FULL_REACH), row_int(row, FULL_RHYTHM), row_int(row, FULL_ORDERS));
}

/** Counts by name, in our order. */
static void write_counts(struct json_writer *w, const char *name, struct text json, const char *(*names)(int index), int count)
{
	json_t *counts = json.bytes == NULL ? NULL : json_loadb(json.bytes, json.length, 0, NULL);

	json_key(w, name);
	if (counts == NULL) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	for (int i = 1; i < count; i++)
		figure_count(w, names(i), json_integer_value(json_object_get(counts, names(i))));
	json_close_object(w);
	json_decref(counts);
}

static const char *tier_at(int index)
{
	return tier_name((enum tier)index);
}

static const char *list_at(int index)
{
	return list_name((enum list)index);
}

static const char *verdict_at(int index)
{
	return verdict_name((enum verdict)index);
}

static void write_frozen(struct json_writer *w, struct row row)
{
	write_optional(w, "lines_offered", row, LINES_OFFERED);
	write_optional(w, "deals_per_year", row, DEALS_PER_YEAR);
	figure_text(w, "revenue_source", row_text(row, REVENUE_SOURCE));
	figure_text(w, "momentum_window", text_of(row_is_null(row, HALF_YEAR) ? NULL : row_bool(row, HALF_YEAR) ? "half" : "year"));
	figure_day(w, "first_revenue_on", row_day(row, FIRST_REVENUE_ON));
	write_counts(w, "tiers", row_json(row, TIERS), tier_at, TIER_COUNT);
	write_counts(w, "lists", row_json(row, LISTS), list_at, LIST_COUNT);
	write_counts(w, "verdicts", row_json(row, VERDICTS), verdict_at, VERDICT_COUNT);
	write_optional(w, "changed", row, CHANGED);
}

/** What it froze of sizes: the bands are at /v1/sweet-spot. */
static void write_sizes(struct json_writer *w, struct row row, int currency_digits)
{
	figure_text(w, "effort_basis", row_text(row, EFFORT_BASIS));
	if (row_is_null(row, DERIVED_FLOOR))
		figure_null(w, "derived_floor");
	else
		figure_money(w, "derived_floor", row_int(row, DERIVED_FLOOR), currency_digits);
	if (row_is_null(row, QUOTA_INFEASIBLE))
		figure_null(w, "quota_infeasible");
	else
		figure_bool(w, "quota_infeasible", row_bool(row, QUOTA_INFEASIBLE));
}

/** As they were then, but for names and who is hidden; null of a review made before reviews looked for them, and until one is made. */
static void write_contenders(struct json_writer *w, struct row row, int currency_digits)
{
	const struct contenders contenders = {
		.count = row_int(row, CONTENDERS), .revenue = row_int(row, CONTENDER_REVENUE), .headroom = row_int(row, CONTENDER_HEADROOM),
	};

	if (row_is_null(row, CONTENDERS))
		figure_null(w, "could_become_key");
	else
		contenders_shown_write(w, contenders, row_json(row, CONTENDERS_FIRST), row_int(row, REVENUE), currency_digits);
}

static void write_request(struct json_writer *w, struct row row)
{
	json_key(w, "requested_at");
	json_instant(w, row_instant(row, REQUESTED_AT));
	figure_text(w, "requested_by", row_text(row, KEY));
	figure_text(w, "actor", row_text(row, ACTOR));
	json_key(w, "done_at");
	json_instant(w, row_instant(row, DONE_AT));
	figure_text(w, "failure", row_text(row, FAILURE));
}

static bool is_done(struct row row)
{
	return text_equal(row_text(row, STATE), TEXT("done"));
}

static void write_members(struct json_writer *w, struct row row, const int64_t tiers_now[TIER_COUNT], int currency_digits)
{
	figure_count(w, "review", row_int(row, NUMBER));
	figure_text(w, "state", row_text(row, STATE));
	figure_day(w, "day", row_day(row, DAY));
	write_optional(w, "policy", row, POLICY);
	figure_bool(w, "provisional", row_bool(row, PROVISIONAL));
	figure_bool(w, "in_force", row_bool(row, IN_FORCE));
	figure_bool(w, "stale", tiers_now != NULL && is_done(row) && is_stale(row_json(row, TIERS), tiers_now));
	write_optional(w, "clients", row, CLIENTS);
	write_cutoffs(w, row, currency_digits);
	write_contenders(w, row, currency_digits);
	write_frozen(w, row);
	write_sizes(w, row, currency_digits);
	write_request(w, row);
}

static void write_review(struct json_writer *w, struct row row, const int64_t tiers_now[TIER_COUNT], int currency_digits)
{
	json_open_object(w);
	write_members(w, row, tiers_now, currency_digits);
	json_close_object(w);
}

/** A review, a policy or a day that is being brought into force, and how far it has come. */
static void write_rescoring(struct json_writer *w, const PGresult *rows)
{
	struct row row = {rows, 0};

	json_key(w, "rescoring");
	if (PQntuples(rows) == 0) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	figure_text(w, "state", row_text(row, RESCORING_STATE));
	figure_day(w, "day", row_day(row, RESCORING_DAY));
	figure_count(w, "policy", row_int(row, RESCORING_POLICY));
	json_key(w, "review");
	if (row_int(row, RESCORING_REVIEW) == 0)
		json_write_null(w);
	else
		json_int(w, row_int(row, RESCORING_REVIEW));
	figure_count(w, "done", row_int(row, RESCORING_DONE));
	figure_count(w, "total", row_int(row, RESCORING_TOTAL));
	json_close_object(w);
}

static void show_list(struct http_request *request, const PGresult *rows)
{
	struct asked *asked = request->state;
	struct json_writer w = json_writer_to(&request->answer);
	int count = PQntuples(rows);
	bool has_more = count > asked->limit;
	int shown = has_more ? count - 1 : count;

	json_open_object(&w);
	json_key(&w, "data");
	json_open_array(&w);
	for (int i = 0; i < shown; i++)
		write_review(&w, (struct row){rows, i}, asked->tiers, request->principal.currency_digits);
	if (paging_close(request, &w, LIST, has_more, shown > 0 ? row_int((struct row){rows, shown - 1}, NUMBER) : 0) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void show_one(struct http_request *request, struct row row, int code, const int64_t *tiers_now)
{
	struct json_writer w = json_writer_to(&request->answer);

	write_review(&w, row, tiers_now, request->principal.currency_digits);
	http_reply_json(request, code);
}

/* ---- GET ---- */

static void on_rescoring(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct asked *asked = request->state;
	struct json_writer w = json_writer_to(&request->answer);

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "what is under way could not be read");
		return;
	}
	json_open_object(&w);
	write_members(&w, (struct row){asked->rows, 0}, asked->tiers, request->principal.currency_digits);
	write_rescoring(&w, rows);
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void ask_rescoring(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	http_read_start(request, STATEMENT_READ_RESCORING, &params, LANE_STREAM, on_rescoring);
}

static void on_tiers(struct http_request *request, enum status status, const PGresult *rows)
{
	struct asked *asked = request->state;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the present tiers could not be counted");
		return;
	}
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};

		asked->tiers[tier_of_name(row_text(row, 0))] += row_int(row, 1);
		asked->tiers[TIER_NONE] += row_int(row, 1);
	}
	if (asked->is_list)
		show_list(request, asked->rows);
	else if (asked->is_current)
		ask_rescoring(request);
	else
		show_one(request, (struct row){asked->rows, 0}, 200, asked->tiers);
}

static void clear_rows(void *rows)
{
	PQclear(rows);
}

static bool is_asked(const struct asked *asked, const PGresult *rows)
{
	return asked->is_list || (PQntuples(rows) > 0 && (asked->number == 0 || row_int((struct row){rows, 0}, NUMBER) == asked->number));
}

/** Whether a review is stale is seen when it is read; its row outlasts the counting. */
static void on_reviews(struct http_request *request, enum status status, const PGresult *rows)
{
	struct asked *asked = request->state;
	struct params params = params_in(request->arena);
	PGresult *copy;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, NULL);
		return;
	}
	if (!is_asked(asked, rows)) {
		http_reply_problem(request, STATUS_NOT_FOUND,
		                   asked->is_current ? "no review has been made yet: POST /v1/reviews makes one" : "there is no such review");
		return;
	}
	copy = PQcopyResult(rows, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
	if (copy == NULL || arena_link(request->arena, clear_rows, copy) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	asked->rows = copy;
	params_int8(&params, request->principal.workspace);
	http_read_start(request, STATEMENT_COUNT_TIERS, &params, LANE_STREAM, on_tiers);
}

static struct asked *asked_new(struct http_request *request)
{
	struct asked *asked = arena_alloc(request->arena, sizeof(*asked));

	if (asked == NULL)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	request->state = asked;
	return asked;
}

static void ask_reviews(struct http_request *request, int32_t before, int64_t rows,
                        void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_int4(&params, before);
	params_int8(&params, rows);
	http_read_start(request, STATEMENT_LIST_REVIEWS, &params, LANE_READ, then);
}

static void get_list(struct http_request *request)
{
	struct asked *asked = asked_new(request);

	if (asked == NULL)
		return;
	asked->is_list = true;
	asked->limit = request->arguments[PAGING_LIMIT].integer;
	asked->before = INT32_MAX;
	if (paging_cursor_read(request, LIST, &asked->before))
		ask_reviews(request, (int32_t)asked->before, asked->limit + 1, on_reviews);
}

static void get_one(struct http_request *request)
{
	struct asked *asked = asked_new(request);

	if (asked == NULL)
		return;
	asked->number = paging_number(request->ids[0]);
	if (asked->number == 0 || asked->number == INT32_MAX)
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such review");
	else
		ask_reviews(request, asked->number + 1, 1, on_reviews);
}

static void get_current(struct http_request *request)
{
	struct params params = params_in(request->arena);
	struct asked *asked = asked_new(request);

	if (asked == NULL)
		return;
	asked->is_current = true;
	params_int8(&params, request->principal.workspace);
	http_read_start(request, STATEMENT_READ_CURRENT_REVIEW, &params, LANE_READ, on_reviews);
}

/* ---- POST ---- */

static void look(struct http_request *request);

static void on_look(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct asked *asked = request->state;
	struct row row = {rows, 0};
	bool is_over;

	if (status != STATUS_OK || !is_asked(asked, rows)) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_INTERNAL, "the review is asked for, but could not be read");
		return;
	}
	is_over = is_done(row) || text_equal(row_text(row, STATE), TEXT("failed"));
	if (!is_over && clock_ticks_us() < asked->wait_until_us)
		http_wait_start(request, look);
	else
		show_one(request, row, is_over ? 200 : 202, NULL);
}

static void look(struct http_request *request)
{
	const struct asked *asked = request->state;

	ask_reviews(request, asked->number + 1, 1, on_look);
}

static void open_review(struct http_request *request);

static void on_opened(struct http_request *request, enum status status, const PGresult *rows)
{
	struct asked *asked = request->state;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the review could not be asked for");
		return;
	}
	/* Somebody else took the number. */
	if (PQntuples(rows) == 0) {
		open_review(request);
		return;
	}
	http_work_made(request);
	asked->number = (int32_t)row_int((struct row){rows, 0}, 0);
	http_reply_header(request, "Location", text_format(request->arena, "/v1/reviews/%d", asked->number));
	look(request);
}

static void open_review(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_bool(&params, false);
	params_text(&params, text_of(request->principal.key_id));
	params_text(&params, request->actor);
	http_read_start(request, STATEMENT_OPEN_REVIEW, &params, LANE_READ, on_opened);
}

static void post_review(struct http_request *request)
{
	struct asked *asked = asked_new(request);

	if (asked == NULL)
		return;
	asked->wait_until_us = http_wait_limit(request, 0);
	open_review(request);
}

static const struct http_parameter list_parameters[] = {PAGING_TABLE, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters */
const struct http_route http_review_routes[HTTP_REVIEW_ROUTES] = {
	{HTTP_GET, "/v1/reviews", ROLE_READ, HTTP_BODY_NONE, get_list, list_parameters, NULL, 0, NULL},
	{HTTP_POST, "/v1/reviews", ROLE_WRITE, HTTP_BODY_NONE, post_review, NULL, NULL, 0, NULL},
	{HTTP_GET, "/v1/reviews/current", ROLE_READ, HTTP_BODY_NONE, get_current, NULL, NULL, 0, NULL},
	{HTTP_GET, "/v1/reviews/{number}", ROLE_READ, HTTP_BODY_NONE, get_one, NULL, NULL, 0, NULL},
};
