/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/accounts/{id}/history and /v1/prospects/{id}/history: every change and decision, newest first. */
#include "changes.h"
#include "figures.h"
#include "paging.h"
#include "promoted.h"
#include "resources.h"

/** What a route's detail says. */
struct history {
	bool of_accounts;
};
static const struct history account_history = {true}, prospect_history = {false};

/** What makes its cursors another list's. */
static struct text list_of(struct http_request *request)
{
	return text_format(request->arena, "history of %.*s", TEXT_ARGS(request->ids[0]));
}

static void write_points(struct json_writer *w, const char *name, struct row row, int column, const char *const *parts, int count)
{
	json_key(w, name);
	if (row_is_null(row, column)) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	for (int i = 0; i < count; i++)
		change_score_write(w, parts[i], row, column + i);
	json_close_object(w);
}

static void write_number(struct json_writer *w, const char *name, struct row row, int column)
{
	if (row_is_null(row, column))
		figure_null(w, name);
	else
		figure_count(w, name, row_int(row, column));
}

static void write_previous(struct json_writer *w, struct row row)
{
	json_key(w, "previous");
	json_open_object(w);
	figure_text(w, "status", row_text(row, CHANGE_PREVIOUS_STATUS));
	figure_text(w, "tier", row_text(row, CHANGE_PREVIOUS_TIER));
	figure_text(w, "list", row_text(row, CHANGE_PREVIOUS_LIST));
	figure_text(w, "verdict", row_text(row, CHANGE_PREVIOUS_VERDICT));
	figure_text(w, "seller", row_text(row, CHANGE_PREVIOUS_SELLER));
	figure_day(w, "protected_until", row_day(row, CHANGE_PREVIOUS_PROTECTED_UNTIL));
	change_override_write(w, row, CHANGE_PREVIOUS_OVERRIDE);
	change_assigned_write(w, row, CHANGE_PREVIOUS_ASSIGNED);
	json_close_object(w);
}

static void write_change(struct json_writer *w, struct row row, int currency_digits)
{
	json_open_object(w);
	change_cause_write(w, row);
	figure_day(w, "day", row_day(row, CHANGE_DAY));
	write_number(w, "review", row, CHANGE_REVIEW);
	write_number(w, "policy", row, CHANGE_POLICY);
	figure_text(w, "status", row_text(row, CHANGE_STATUS));
	figure_text(w, "tier", row_text(row, CHANGE_TIER));
	figure_text(w, "list", row_text(row, CHANGE_LIST));
	figure_text(w, "verdict", row_text(row, CHANGE_VERDICT));
	figure_text(w, "seller", row_text(row, CHANGE_SELLER));
	figure_text(w, "decision", row_text(row, CHANGE_DECISION));
	figure_day(w, "protected_until", row_day(row, CHANGE_PROTECTED_UNTIL));
	change_override_write(w, row, CHANGE_OVERRIDE);
	change_assigned_write(w, row, CHANGE_ASSIGNED);
	change_score_write(w, "engagement", row, CHANGE_ENGAGEMENT);
	change_score_write(w, "potential", row, CHANGE_POTENTIAL);
	change_score_write(w, "fit", row, CHANGE_FIT);
	change_score_write(w, "fit_best", row, CHANGE_FIT_BEST);
	if (row_is_null(row, CHANGE_EXPECTED_ANNUAL))
		figure_null(w, "expected_annual");
	else
		figure_money(w, "expected_annual", row_int(row, CHANGE_EXPECTED_ANNUAL), currency_digits);
	write_previous(w, row);
	json_key(w, "contributions");
	json_open_object(w);
	write_points(w, "engagement", row, CHANGE_ENGAGEMENT_POINTS, engagement_part_names, ENGAGEMENT_PARTS);
	write_points(w, "potential", row, CHANGE_POTENTIAL_POINTS, potential_part_names, POTENTIAL_PARTS);
	json_close_object(w);
	json_close_object(w);
}

static void show(struct http_request *request, const PGresult *rows)
{
	struct json_writer w = json_writer_to(&request->answer);
	int64_t limit = request->arguments[PAGING_LIMIT].integer, last = 0;

	json_open_object(&w);
	json_key(&w, "data");
	json_open_array(&w);
	for (int i = 0; i < PQntuples(rows) && i < limit; i++) {
		struct row row = {rows, i};

		if (row_is_null(row, CHANGE_POSITION))
			continue;
		last = row_int(row, CHANGE_POSITION);
		write_change(&w, row, request->principal.currency_digits);
	}
	if (paging_close(request, &w, list_of(request), PQntuples(rows) > limit, last) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void on_changes(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct history *history = request->route->detail;
	bool is_there = status == STATUS_OK && PQntuples(rows) > 0;
	bool is_account = is_there && row_bool((struct row){rows, 0}, CHANGE_IS_ACCOUNT);

	if (status != STATUS_OK)
		http_reply_problem(request, status, "the history could not be read");
	else if (!is_there || (history->of_accounts && !is_account))
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such record");
	else if (is_account && !history->of_accounts)
		promoted_reply(request, "/history");
	else
		show(request, rows);
}

static void get_history(struct http_request *request)
{
	int64_t before = INT64_MAX;

	if (paging_cursor_read(request, list_of(request), &before))
		changes_ask(request, before, INSTANT_NONE, request->arguments[PAGING_LIMIT].integer + 1, on_changes);
}

static const struct http_parameter parameters[] = {PAGING_TABLE, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters */
const struct http_route http_history_routes[HTTP_HISTORY_ROUTES] = {
	{HTTP_GET, "/v1/accounts/{id}/history", ROLE_READ, HTTP_BODY_NONE, get_history, parameters, NULL, 0, &account_history},
	{HTTP_GET, "/v1/prospects/{id}/history", ROLE_READ, HTTP_BODY_NONE, get_history, parameters, NULL, 0, &prospect_history},
};
