/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/reviews/preview: what the key list would be if a review were made now, and who would cross its edge. Nothing is written. */
#include <string.h>

#include <sweetspot/digest.h>

#include "figures.h"
#include "list_cursor.h"
#include "paging.h"
#include "resources.h"

/* Columns of preview_review. */
enum { DAY, POLICY, REVIEW, CLIENTS, KEY_CLIENTS, EDGE, REVENUE, KEY_REVENUE, ACCOUNT, NAME, SELLER, ACCOUNT_REVENUE, LIST, WOULD_BE };

static uint64_t digest_of(const struct http_request *request)
{
	return hash_bytes("preview", strlen("preview")) ^ (uint64_t)request->principal.workspace;
}

static void write_crossing(struct json_writer *w, struct row row, int currency_digits)
{
	json_open_object(w);
	figure_text(w, "account", row_text(row, ACCOUNT));
	figure_text(w, "name", row_text(row, NAME));
	figure_text(w, "seller", row_text(row, SELLER));
	figure_money(w, "revenue_12m", row_int(row, ACCOUNT_REVENUE), currency_digits);
	figure_text(w, "list", row_text(row, LIST));
	figure_text(w, "would_be", row_text(row, WOULD_BE));
	json_close_object(w);
}

static void write_head(struct json_writer *w, struct row row, int currency_digits)
{
	figure_day(w, "day", row_day(row, DAY));
	figure_count(w, "policy", row_int(row, POLICY));
	if (row_int(row, REVIEW) == 0)
		figure_null(w, "review");
	else
		figure_count(w, "review", row_int(row, REVIEW));
	figure_count(w, "clients", row_int(row, CLIENTS));
	figure_count(w, "key_clients", row_int(row, KEY_CLIENTS));
	if (row_is_null(row, EDGE))
		figure_null(w, "key_cutoff");
	else
		figure_money(w, "key_cutoff", row_int(row, EDGE), currency_digits);
	figure_share(w, "key_revenue_share", row_int(row, KEY_REVENUE), row_int(row, REVENUE));
}

static void on_preview(struct http_request *request, enum status status, const PGresult *rows)
{
	struct json_writer w = json_writer_to(&request->answer);
	int64_t limit = request->arguments[PAGING_LIMIT].integer;
	struct list_position last = {.name = {"", 0}, .id = {"", 0}};
	struct text cursor = {NULL, 0};

	if (status != STATUS_OK || PQntuples(rows) == 0) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_UNAVAILABLE, "the book could not be gone through");
		return;
	}
	json_open_object(&w);
	write_head(&w, (struct row){rows, 0}, request->principal.currency_digits);
	json_key(&w, "data");
	json_open_array(&w);
	for (int i = 0; i < PQntuples(rows) && i < limit; i++) {
		struct row row = {rows, i};

		if (row_is_null(row, ACCOUNT))
			continue;
		write_crossing(&w, row, request->principal.currency_digits);
		last.key = row_int(row, ACCOUNT_REVENUE);
		last.id = row_text(row, ACCOUNT);
	}
	json_close_array(&w);
	if (PQntuples(rows) > limit) {
		cursor = list_cursor_encode(request->arena, digest_of(request), &last);
		request->answer.failed |= cursor.bytes == NULL;
	}
	figure_text(&w, "next_cursor", cursor);
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	const struct http_argument *cursor = &request->arguments[PAGING_CURSOR];
	struct list_position behind = {.key = INT64_MAX, .id = {"", 0}};
	struct problems problems = problems_in(request->arena);
	struct params params = params_in(request->arena);

	(void)present;
	if (status == STATUS_OK && cursor->given)
		status = list_cursor_decode(request->arena, cursor->text, digest_of(request), &behind);
	if (status == STATUS_INVALID)
		problems_add(&problems, TEXT("?cursor"), "is not a cursor of this list");
	if (status != STATUS_OK) {
		http_reply_problems(request, status, &problems);
		return;
	}
	params_int8(&params, request->principal.workspace);
	params_int8(&params, rules.policy->key_pct_centi);
	params_int8(&params, behind.key);
	params_text(&params, behind.id);
	params_int8(&params, request->arguments[PAGING_LIMIT].integer + 1);
	http_read_start(request, STATEMENT_PREVIEW_REVIEW, &params, LANE_STREAM, on_preview);
}

static void get_preview(struct http_request *request)
{
	http_present_start(request, on_present);
}

static const struct http_parameter parameters[] = {PAGING_TABLE, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters */
const struct http_route http_preview_routes[HTTP_PREVIEW_ROUTES] = {
	{HTTP_GET, "/v1/reviews/preview", ROLE_READ, HTTP_BODY_NONE, get_preview, parameters, NULL, 0, NULL},
};
