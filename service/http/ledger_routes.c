/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/let-go/ledger: the decisions of a fiscal year, and what became of the revenue and the hours. */
#include <sweetspot/review.h>

#include "figures.h"
#include "paging.h"
#include "resources.h"

#define YEAR PAGING_PARAMETERS
#define YEAR_LEAST 1970
#define YEAR_MOST 9998

/* Columns of list_decisions. */
enum {
	ID, ACCOUNT, NAME, DECISION, BY, REASON, UNTIL, SELLER, MARGIN_PCT, DAY, DECIDED_AT, KEY, ACTOR, TIER, LIST_THEN, KEEP_SCORE,
	REVENUE_THEN, MINUTES_THEN, REVENUE_NOW, MINUTES_NOW, IS_YEAR_LATER, REVENUE_AFTER, MINUTES_AFTER
};

struct ledger {
	int32_t from, before;  /* days of the fiscal year */
};

static struct text list_of(struct http_request *request)
{
	const struct ledger *ledger = request->state;

	return text_format(request->arena, "let-go ledger %d", ledger->from);
}

static void write_worth(struct json_writer *w, const char *name, struct row row, int revenue, int minutes, int currency_digits)
{
	json_key(w, name);
	if (row_is_null(row, revenue)) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	figure_money(w, "revenue_12m", row_int(row, revenue), currency_digits);
	figure_hours(w, "hours_12m", row_int(row, minutes));
	json_close_object(w);
}

static void write_decided(struct json_writer *w, struct row row)
{
	figure_text(w, "decision", row_text(row, DECISION));
	figure_text(w, "by", row_text(row, BY));
	figure_text(w, "reason", row_text(row, REASON));
	figure_day(w, "until", row_day(row, UNTIL));
	figure_text(w, "seller", row_text(row, SELLER));
	if (row_is_null(row, MARGIN_PCT))
		figure_null(w, "margin_pct");
	else
		figure_money(w, "margin_pct", row_int(row, MARGIN_PCT), 2);
	figure_day(w, "day", row_day(row, DAY));
	json_key(w, "decided_at");
	json_instant(w, row_instant(row, DECIDED_AT));
	figure_text(w, "key", row_text(row, KEY));
	figure_text(w, "actor", row_text(row, ACTOR));
}

static void write_entry(struct json_writer *w, struct row row, int currency_digits)
{
	json_open_object(w);
	figure_count(w, "id", row_int(row, ID));
	figure_text(w, "account", row_text(row, ACCOUNT));
	figure_text(w, "name", row_text(row, NAME));
	write_decided(w, row);
	figure_text(w, "tier", row_text(row, TIER));
	figure_text(w, "list", row_text(row, LIST_THEN));
	figure_score(w, "keep_score", row_is_null(row, KEEP_SCORE) ? -1 : (int32_t)row_int(row, KEEP_SCORE));
	write_worth(w, "then", row, REVENUE_THEN, MINUTES_THEN, currency_digits);
	write_worth(w, "now", row, REVENUE_NOW, MINUTES_NOW, currency_digits);
	if (row_bool(row, IS_YEAR_LATER))
		write_worth(w, "year_after", row, REVENUE_AFTER, MINUTES_AFTER, currency_digits);
	else
		figure_null(w, "year_after");
	json_close_object(w);
}

static void on_decisions(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct ledger *ledger = request->state;
	struct json_writer w = json_writer_to(&request->answer);
	int64_t limit = request->arguments[PAGING_LIMIT].integer, last = 0;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the decisions could not be read");
		return;
	}
	json_open_object(&w);
	figure_count(&w, "year", day_to_civil(ledger->from).year);
	figure_day(&w, "from", ledger->from);
	figure_day(&w, "to", ledger->before - 1);
	json_key(&w, "data");
	json_open_array(&w);
	for (int i = 0; i < PQntuples(rows) && i < limit; i++) {
		last = row_int((struct row){rows, i}, ID);
		write_entry(&w, (struct row){rows, i}, request->principal.currency_digits);
	}
	if (paging_close(request, &w, list_of(request), PQntuples(rows) > limit, last) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	json_close_object(&w);
	http_reply_json(request, 200);
}

/** The fiscal year that begins in a calendar year. */
static int32_t year_start(const struct policy *policy, int year)
{
	return core_fiscal_year_start(policy, day_from_civil((struct civil_date){year, 12, 31}));
}

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct ledger *ledger = arena_alloc(request->arena, sizeof(*ledger));
	const struct http_argument *year = &request->arguments[YEAR];
	struct params params = params_in(request->arena);
	int64_t before = INT64_MAX;
	int begins;

	if (status != STATUS_OK || ledger == NULL) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_NO_MEMORY, NULL);
		return;
	}
	begins = year->given ? (int)year->integer : day_to_civil(core_fiscal_year_start(rules.policy, present.day)).year;
	*ledger = (struct ledger){year_start(rules.policy, begins), year_start(rules.policy, begins + 1)};
	request->state = ledger;
	if (!paging_cursor_read(request, list_of(request), &before))
		return;
	params_int8(&params, request->principal.workspace);
	params_day(&params, ledger->from);
	params_day(&params, ledger->before);
	params_int8(&params, before);
	params_int8(&params, request->arguments[PAGING_LIMIT].integer + 1);
	http_read_start(request, STATEMENT_LIST_DECISIONS, &params, LANE_STREAM, on_decisions);
}

static void get_ledger(struct http_request *request)
{
	http_present_start(request, on_present);
}

static const struct http_parameter parameters[] = {
	PAGING_TABLE, [YEAR] = {"year", HTTP_INTEGER, YEAR_LEAST, YEAR_MOST, NULL, 0}, {NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_ledger_routes[HTTP_LEDGER_ROUTES] = {
	{HTTP_GET, "/v1/let-go/ledger", ROLE_READ, HTTP_BODY_NONE, get_ledger, parameters, NULL, 0, NULL},
};
