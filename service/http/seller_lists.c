/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/sellers/{id}/lists: whom a seller has, and whom a seller pursues. Who is on a list by the rules is core's. */
#include "seller_lists.h"

#include "figures.h"
#include "path.h"
#include "resources.h"

#define ROWS_MOST 500

/* Columns of list_lists_of_seller. */
enum {
	DAY, POLICY, REVIEW, LIST, CAP, COUNT, MEMBER, NAME, BY_HAND, VERDICT, FIT_PASSED, EXPECTED_ANNUAL, TIER_NAME, REVENUE_12M, OVERRIDE
};

/** What the lists are shown with. */
struct shown {
	const PGresult *rows;
	const struct policy *policy;
	struct text seller;
	int currency_digits;
};

void seller_lists_amount_write(struct json_writer *w, const char *name, int64_t minor, int currency_digits)
{
	if (minor < 0)
		figure_null(w, name);
	else
		figure_money(w, name, minor, currency_digits);
}

/* ---- Accounts ---- */

static void write_account(struct json_writer *w, struct row row, const struct shown *shown, int64_t before)
{
	struct override override;

	(void)before;
	override_read(row, OVERRIDE, &override);
	json_open_object(w);
	figure_text(w, "account", row_text(row, MEMBER));
	figure_text(w, "name", row_text(row, NAME));
	figure_text(w, "tier", row_text(row, TIER_NAME));
	figure_money(w, "revenue_12m", row_int(row, REVENUE_12M), shown->currency_digits);
	json_key(w, "override");
	http_override_write(w, &override);
	json_close_object(w);
}

/** Where the whole list is, in the same order. */
static void write_more(struct json_writer *w, const char *list, const struct shown *shown)
{
	struct buffer path = {NULL, 0, 0, false};

	buffer_append_text(&path, TEXT("/v1/accounts?seller="));
	http_path_append(&path, shown->seller);
	buffer_append_format(&path, "&list=%s&sort=-revenue_12m", list);
	w->out->failed |= path.failed;
	figure_text(w, "more", buffer_text(&path));
	buffer_release(&path);
}

/* ---- Prospects ---- */

static void write_prospect(struct json_writer *w, struct row row, const struct shown *shown, int64_t before)
{
	int64_t passed = row_is_null(row, FIT_PASSED) ? -1 : row_int(row, FIT_PASSED);
	int64_t expected = row_is_null(row, EXPECTED_ANNUAL) ? -1 : row_int(row, EXPECTED_ANNUAL);

	json_open_object(w);
	figure_text(w, "prospect", row_text(row, MEMBER));
	figure_text(w, "name", row_text(row, NAME));
	figure_text(w, "verdict", row_text(row, VERDICT));
	figure_score(w, "fit", passed < 0 ? -1 : core_fit_shown(shown->policy, passed));
	seller_lists_amount_write(w, "expected_annual", expected, shown->currency_digits);
	figure_bool(w, "by_hand", row_bool(row, BY_HAND));
	figure_bool(w, "over_cap", before >= row_int(row, CAP) && !row_bool(row, BY_HAND));
	json_close_object(w);
}

/* ---- The answer ---- */

/** @param write  one member, told how many are in front of it. @return the first row of the list, which has its figures */
static struct row write_members(struct json_writer *w, const char *list, const struct shown *shown, int64_t *written,
                                void (*write)(struct json_writer *w, struct row row, const struct shown *shown, int64_t before))
{
	struct row first = {NULL, 0};

	*written = 0;
	json_key(w, "data");
	json_open_array(w);
	for (int i = 0; i < PQntuples(shown->rows); i++) {
		struct row row = {shown->rows, i};

		if (!text_equal(row_text(row, LIST), text_of(list)))
			continue;
		if (first.result == NULL)
			first = row;
		if (!row_is_null(row, MEMBER))
			write(w, row, shown, (*written)++);
	}
	json_close_array(w);
	return first;
}

static void write_accounts(struct json_writer *w, const char *list, const struct shown *shown)
{
	int64_t written, count;
	struct row first;

	json_key(w, list);
	json_open_object(w);
	first = write_members(w, list, shown, &written, write_account);
	count = first.result == NULL || row_is_null(first, MEMBER) ? 0 : row_int(first, COUNT);
	figure_count(w, "count", count);
	if (written < count)
		write_more(w, list, shown);
	else
		figure_null(w, "more");
	json_close_object(w);
}

static void write_prospects(struct json_writer *w, const char *list, const struct shown *shown)
{
	int64_t written;
	struct row first;

	json_key(w, list);
	json_open_object(w);
	first = write_members(w, list, shown, &written, write_prospect);
	figure_count(w, "count", written);
	figure_count(w, "cap", first.result == NULL ? 0 : row_int(first, CAP));
	json_close_object(w);
}

static void show(struct http_request *request, const struct shown *shown)
{
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	figure_text(&w, "seller", shown->seller);
	write_accounts(&w, "key", shown);
	write_accounts(&w, "secondary", shown);
	write_prospects(&w, "target", shown);
	write_prospects(&w, "lead", shown);
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void on_lists(struct http_request *request, enum status status, const PGresult *rows)
{
	struct row first = {rows, 0};
	int32_t policy, review;
	struct rules rules;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the lists could not be read");
		return;
	}
	if (PQntuples(rows) == 0) {
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such seller");
		return;
	}
	policy = (int32_t)row_int(first, POLICY);
	review = (int32_t)row_int(first, REVIEW);
	if (store_rules_find(http_store(request), request->principal.workspace, policy, review, &rules))
		show(request, &(struct shown){rows, rules.policy, request->ids[0], request->principal.currency_digits});
	else
		http_rules_fetch(request, policy, review, seller_lists_start);
}

void seller_lists_start(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_text(&params, request->ids[0]);
	params_int8(&params, ROWS_MOST);
	http_read_start(request, STATEMENT_LIST_LISTS_OF_SELLER, &params, LANE_STREAM, on_lists);
}

/* method, path, least role, body, handler, parameters */
const struct http_route http_seller_list_routes[HTTP_SELLER_LIST_ROUTES] = {
	{HTTP_GET, "/v1/sellers/{id}/lists", ROLE_READ, HTTP_BODY_NONE, seller_lists_start, NULL, NULL, 0, NULL},
};
