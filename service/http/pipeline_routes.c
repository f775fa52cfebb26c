/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/pipeline: is there enough of the right kind in it, now and as it was at each month's end? What is lean is core's. */
#include "pipeline.h"

#include <sweetspot/review.h>

#include "figures.h"
#include "resources.h"

#define RATIO_DIGITS 4
#define RATIO_ONE 10000

/* Parameters. */
enum { SELLER };
/* Columns of list_pipeline_months. */
enum { MONTH, MONTH_OPEN, MONTH_OUTSIDE };

/** What is shown, while the months come. */
struct shown {
	struct http_present present;
	int32_t year_start;
	PGresult *rows;
};

/* ---- Adding up ---- */

void pipeline_ask(struct http_request *request, const struct policy *policy, int32_t day,
                  void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_day(&params, core_fiscal_year_start(policy, day));
	http_read_start(request, STATEMENT_READ_PIPELINE, &params, LANE_STREAM, then);
}

struct pipeline pipeline_read(struct row row)
{
	return (struct pipeline){
		.quota = row_int(row, 1),
		.won = row_int(row, 2),
		.counted = row_int(row, 3),
		.open = row_int(row, 4),
		.outside = row_int(row, 5),
		.unattached = row_int(row, 6),
		.closed_deals = row_int(row, 7),
		.won_deals = row_int(row, 8),
	};
}

struct pipeline pipeline_sum(const PGresult *rows)
{
	struct pipeline sum = {0};

	for (int i = 0; i < PQntuples(rows); i++) {
		struct pipeline part = pipeline_read((struct row){rows, i});

		core_pipeline_add(&sum, &part);
	}
	return sum;
}

/* ---- Showing ---- */

static int64_t edge_of(int128 sum)
{
	return sum > INT64_MAX ? INT64_MAX : sum < INT64_MIN ? INT64_MIN : (int64_t)sum;
}

static void write_ratio(struct json_writer *w, const char *name, bool is_known, int128 num, int128 den)
{
	json_key(w, name);
	if (is_known)
		json_scaled(w, edge_of(number_divide_rounded(num * RATIO_ONE, den)), RATIO_DIGITS);
	else
		json_write_null(w);
}

void pipeline_write(struct json_writer *w, const struct pipeline *pipeline, int currency_digits)
{
	struct coverage coverage = core_pipeline_judge(pipeline);

	figure_money(w, "quota", edge_of(pipeline->quota), currency_digits);
	figure_money(w, "won", edge_of(pipeline->won), currency_digits);
	if (pipeline->quota > 0)
		figure_money(w, "left", edge_of(coverage.left), currency_digits);
	else
		figure_null(w, "left");
	figure_money(w, "counted", edge_of(pipeline->counted), currency_digits);
	write_ratio(w, "coverage", coverage.has_coverage, pipeline->counted, coverage.left);
	write_ratio(w, "needed", coverage.has_needed, pipeline->closed_deals, pipeline->won_deals);
	figure_bool(w, "lean", coverage.is_lean);
	figure_money(w, "open", edge_of(pipeline->open), currency_digits);
	figure_money(w, "outside", edge_of(pipeline->outside), currency_digits);
	figure_share(w, "outside_share", pipeline->outside, pipeline->open);
	figure_money(w, "without_organisation", edge_of(pipeline->unattached), currency_digits);
}

static void write_sellers(struct json_writer *w, const PGresult *rows, const struct pipeline *all, int currency_digits)
{
	json_key(w, "sellers");
	json_open_array(w);
	for (int i = 0; i < PQntuples(rows); i++) {
		struct pipeline own = pipeline_read((struct row){rows, i});

		/* The win rate is the company's: one seller's deals are too few to tell. */
		own.closed_deals = all->closed_deals;
		own.won_deals = all->won_deals;
		json_open_object(w);
		figure_text(w, "seller", row_text((struct row){rows, i}, 0));
		pipeline_write(w, &own, currency_digits);
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_months(struct json_writer *w, const PGresult *rows, int currency_digits)
{
	json_key(w, "months");
	json_open_array(w);
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};

		json_open_object(w);
		figure_day(w, "month", row_day(row, MONTH));
		figure_money(w, "open", row_int(row, MONTH_OPEN), currency_digits);
		figure_money(w, "outside", row_int(row, MONTH_OUTSIDE), currency_digits);
		figure_share(w, "outside_share", row_int(row, MONTH_OUTSIDE), row_int(row, MONTH_OPEN));
		json_close_object(w);
	}
	json_close_array(w);
}

static void on_months(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct shown *shown = request->state;
	struct json_writer w = json_writer_to(&request->answer);
	struct pipeline all = pipeline_sum(shown->rows);
	int digits = request->principal.currency_digits;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the months could not be read");
		return;
	}
	json_open_object(&w);
	figure_day(&w, "day", shown->present.day);
	figure_day(&w, "fiscal_year_start", shown->year_start);
	pipeline_write(&w, &all, digits);
	write_sellers(&w, shown->rows, &all, digits);
	write_months(&w, rows, digits);
	json_close_object(&w);
	http_reply_json(request, 200);
}

/* ---- Reading ---- */

/** The first of the twelve months behind the day's own. */
static int32_t first_month(int32_t day)
{
	struct civil_date date = day_to_civil(day);

	date.year--;
	date.day = 1;
	return day_from_civil(date);
}

static void clear_rows(void *rows)
{
	PQclear(rows);
}

static void on_rows(struct http_request *request, enum status status, const PGresult *rows)
{
	struct shown *shown = request->state;
	struct params params = params_in(request->arena);

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the pipeline could not be added up");
		return;
	}
	shown->rows = PQcopyResult(rows, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
	if (shown->rows == NULL || arena_link(request->arena, clear_rows, shown->rows) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	params_int8(&params, request->principal.workspace);
	params_text(&params, request->arguments[SELLER].text);
	params_day(&params, first_month(shown->present.day));
	http_read_start(request, STATEMENT_LIST_PIPELINE_MONTHS, &params, LANE_READ, on_months);
}

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct shown *shown = request->state;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the rules in force could not be read");
		return;
	}
	shown->present = present;
	shown->year_start = core_fiscal_year_start(rules.policy, present.day);
	pipeline_ask(request, rules.policy, present.day, on_rows);
}

static void get_pipeline(struct http_request *request)
{
	request->state = arena_alloc(request->arena, sizeof(struct shown));
	if (request->state == NULL)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	else
		http_present_start(request, on_present);
}

static const struct http_parameter parameters[] = {
	[SELLER] = {"seller", HTTP_ID, 0, 0, NULL, 0},
	{NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_pipeline_routes[HTTP_PIPELINE_ROUTES] = {
	{HTTP_GET, "/v1/pipeline", ROLE_READ, HTTP_BODY_NONE, get_pipeline, parameters, NULL, 0, NULL},
};
