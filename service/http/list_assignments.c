/* SPDX-License-Identifier: Apache-2.0 */
/* A seller's target and lead list: shown, and changed by hand within the policy's caps. Who is on it by the rules is core's. */
#include "figures.h"
#include "qualification_json.h"
#include "resources.h"

#define ROWS_MOST 500

/* Columns of list_lists_of_seller, and of put_on_list. */
enum { DAY, POLICY, REVIEW, LIST, CAP, PROSPECT, NAME, BY_HAND, VERDICT, FIT_PASSED, EXPECTED_ANNUAL };
enum { SAID, PUT_CAP, PRESENT, WEAKEST, WEAKEST_NAME, WEAKEST_FIT, WEAKEST_ANNUAL };

static const char *const lists[] = {"target", "lead"};

/* ---- Shown ---- */

static void write_amount(struct json_writer *w, const char *name, struct row row, int column, int currency_digits)
{
	if (row_is_null(row, column))
		figure_null(w, name);
	else
		figure_money(w, name, row_int(row, column), currency_digits);
}

static void write_member(struct json_writer *w, struct row row, const struct policy *policy, bool is_over_cap, int currency_digits)
{
	int64_t passed = row_is_null(row, FIT_PASSED) ? -1 : row_int(row, FIT_PASSED);

	json_open_object(w);
	figure_text(w, "prospect", row_text(row, PROSPECT));
	figure_text(w, "name", row_text(row, NAME));
	figure_text(w, "verdict", row_text(row, VERDICT));
	figure_score(w, "fit", passed < 0 ? -1 : core_fit_shown(policy, passed));
	write_amount(w, "expected_annual", row, EXPECTED_ANNUAL, currency_digits);
	figure_bool(w, "by_hand", row_bool(row, BY_HAND));
	figure_bool(w, "over_cap", is_over_cap);
	json_close_object(w);
}

static void write_list(struct json_writer *w, const PGresult *rows, const char *list, const struct policy *policy, int currency_digits)
{
	int64_t count = 0, cap = 0;

	json_key(w, list);
	json_open_object(w);
	json_key(w, "data");
	json_open_array(w);
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};

		if (!text_equal(row_text(row, LIST), text_of(list)))
			continue;
		cap = row_int(row, CAP);
		if (row_is_null(row, PROSPECT))
			continue;
		write_member(w, row, policy, count >= cap && !row_bool(row, BY_HAND), currency_digits);
		count++;
	}
	json_close_array(w);
	figure_count(w, "count", count);
	figure_count(w, "cap", cap);
	json_close_object(w);
}

static void ask_lists(struct http_request *request);

/** The rules are in the cache now; the rows are read again, for their texts were the first result's. */
static void on_rules(struct http_request *request, enum status status, struct rules rules)
{
	(void)rules;
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the rules in force could not be read");
	else
		ask_lists(request);
}

static void on_lists(struct http_request *request, enum status status, const PGresult *rows)
{
	struct json_writer w = json_writer_to(&request->answer);
	int digits = request->principal.currency_digits;
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
	if (!store_rules_find(http_store(request), request->principal.workspace, policy, review, &rules)) {
		http_rules_start(request, policy, review, on_rules);
		return;
	}
	json_open_object(&w);
	figure_text(&w, "seller", request->ids[0]);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		write_list(&w, rows, lists[i], rules.policy, digits);
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void ask_lists(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_text(&params, request->ids[0]);
	params_int8(&params, ROWS_MOST);
	http_read_start(request, STATEMENT_LIST_LISTS_OF_SELLER, &params, LANE_STREAM, on_lists);
}

/* ---- By hand ---- */

static bool is_list(struct http_request *request)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (text_equal(request->ids[1], text_of(lists[i])))
			return true;
	http_reply_problem(request, STATUS_NOT_FOUND, "a seller has the lists target and lead");
	return false;
}

static void start(struct http_request *request, enum statement statement,
                  void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_text(&params, request->ids[0]);
	params_text(&params, request->ids[1]);
	params_text(&params, request->ids[2]);
	params_text(&params, text_of(request->principal.key_id));
	params_text(&params, request->actor);
	http_read_start(request, statement, &params, LANE_READ, then);
}

static void refuse_full(struct http_request *request, struct row row)
{
	struct buffer errors = {NULL, 0, 0, false};
	struct json_writer w = json_writer_to(&errors);
	struct text detail = text_format(request->arena, "the list is full: %lld of %lld. The weakest on it is %.*s; take it off first",
	                                 (long long)row_int(row, PRESENT), (long long)row_int(row, PUT_CAP), TEXT_ARGS(row_text(row, WEAKEST)));
	struct text json;

	json_open_array(&w);
	if (!row_is_null(row, WEAKEST)) {
		json_open_object(&w);
		figure_text(&w, "pointer", TEXT(""));
		figure_text(&w, "detail", TEXT("is the weakest on it"));
		figure_text(&w, "prospect", row_text(row, WEAKEST));
		figure_text(&w, "name", row_text(row, WEAKEST_NAME));
		write_amount(&w, "expected_annual", row, WEAKEST_ANNUAL, request->principal.currency_digits);
		json_close_object(&w);
	}
	json_close_array(&w);
	json = errors.failed ? (struct text){NULL, 0} : text_copy(request->arena, buffer_text(&errors));
	buffer_release(&errors);
	http_reply_errors(request, STATUS_CONFLICT, detail, json);
}

static void on_put(struct http_request *request, enum status status, const PGresult *rows)
{
	struct row row = {rows, 0};
	struct text said = status == STATUS_OK ? row_text(row, SAID) : TEXT("");

	if (status != STATUS_OK)
		http_reply_problem(request, status, "the list could not be changed");
	else if (text_equal(said, TEXT("no seller")))
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such seller");
	else if (text_equal(said, TEXT("no prospect")))
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such prospect");
	else if (text_equal(said, TEXT("full")))
		refuse_full(request, row);
	else
		ask_lists(request);
}

static void put_on_list(struct http_request *request)
{
	if (is_list(request))
		start(request, STATEMENT_PUT_ON_LIST, on_put);
}

static void on_taken(struct http_request *request, enum status status, const PGresult *rows)
{
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the list could not be changed");
	else if (PQntuples(rows) == 0)
		http_reply_problem(request, STATUS_NOT_FOUND, "it is not on that list");
	else
		http_reply_empty(request, 204);
}

static void take_off_list(struct http_request *request)
{
	if (is_list(request))
		start(request, STATEMENT_TAKE_OFF_LIST, on_taken);
}

/* method, path, least role, body, handler, parameters */
const struct http_route http_assignment_routes[HTTP_ASSIGNMENT_ROUTES] = {
	{HTTP_GET, "/v1/sellers/{id}/lists", ROLE_READ, HTTP_BODY_NONE, ask_lists, NULL, NULL, 0, NULL},
	{HTTP_PUT, "/v1/sellers/{id}/lists/{list}/{prospect}", ROLE_WRITE, HTTP_BODY_NONE, put_on_list, NULL, NULL, 0, NULL},
	{HTTP_DELETE, "/v1/sellers/{id}/lists/{list}/{prospect}", ROLE_WRITE, HTTP_BODY_NONE, take_off_list, NULL, NULL, 0, NULL},
};
