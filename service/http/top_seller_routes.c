/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/top-sellers: what the fifth of the sellers with most revenue own that the others do not (domain.md §6). */
#include "figures.h"
#include "resources.h"

/* Columns of compare_sellers. */
enum { EDGE, SELLER, NAME, CLIENTS, REVENUE, TOP_CLIENTS, SMALL };

/** What some sellers own. */
struct owned {
	int64_t sellers, clients, top_clients, small;
	int128 revenue;
};

/** The comparison; kept while rows come. */
struct comparison {
	struct http_present present;
	bool has_key_cutoff;
	int64_t small_below;    /* minor units, rounded: for showing */
	struct owned top, rest, unassigned, all;
	int64_t active;         /* sellers */
};

static void add(struct owned *owned, struct row row)
{
	owned->sellers += !row_is_null(row, SELLER);
	owned->clients += row_int(row, CLIENTS);
	owned->revenue += row_int(row, REVENUE);
	owned->top_clients += row_int(row, TOP_CLIENTS);
	owned->small += row_int(row, SMALL);
}

/** ceil(20 %) of the active sellers, in order of revenue; who has none is never among them. */
static bool is_top(const struct comparison *comparison, struct row row)
{
	return !row_is_null(row, SELLER) && row.index < (comparison->active + 4) / 5 && row_int(row, REVENUE) > 0;
}

static void add_up(struct comparison *comparison, const PGresult *rows)
{
	comparison->active = PQntuples(rows) - 1;
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};

		add(&comparison->all, row);
		if (row_is_null(row, SELLER))
			add(&comparison->unassigned, row);
		else
			add(is_top(comparison, row) ? &comparison->top : &comparison->rest, row);
	}
}

/* ---- Showing ---- */

static int64_t money_of(int128 sum)
{
	return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

static void write_average(struct json_writer *w, const struct owned *owned, int currency_digits)
{
	if (owned->clients == 0)
		figure_null(w, "average_account");
	else
		figure_money(w, "average_account", number_divide_rounded(owned->revenue, owned->clients), currency_digits);
}

/** Without a key cut-off nothing can be called small. */
static void write_small(struct json_writer *w, const struct comparison *comparison, const struct owned *owned)
{
	if (comparison->has_key_cutoff)
		figure_count(w, "small_accounts", owned->small);
	else
		figure_null(w, "small_accounts");
}

static void write_owned(struct json_writer *w, const struct comparison *comparison, const struct owned *owned, int currency_digits)
{
	figure_count(w, "clients", owned->clients);
	figure_money(w, "revenue_12m", money_of(owned->revenue), currency_digits);
	figure_share(w, "share_of_revenue", owned->revenue, comparison->all.revenue);
	figure_count(w, "top_clients", owned->top_clients);
	figure_share(w, "share_of_top_clients", owned->top_clients, comparison->all.top_clients);
	write_small(w, comparison, owned);
	write_average(w, owned, currency_digits);
}

static void write_group(struct json_writer *w, const struct comparison *comparison, const char *name, const struct owned *owned,
                        int currency_digits)
{
	json_key(w, name);
	json_open_object(w);
	figure_count(w, "sellers", owned->sellers);
	write_owned(w, comparison, owned, currency_digits);
	json_close_object(w);
}

static void write_seller(struct json_writer *w, const struct comparison *comparison, struct row row, int currency_digits)
{
	struct owned owned = {0};

	add(&owned, row);
	json_open_object(w);
	figure_count(w, "rank", row.index + 1);
	figure_text(w, "seller", row_text(row, SELLER));
	figure_text(w, "name", row_text(row, NAME));
	write_owned(w, comparison, &owned, currency_digits);
	json_close_object(w);
}

static void write_head(struct json_writer *w, const struct comparison *comparison, struct row first, int currency_digits)
{
	figure_day(w, "day", comparison->present.day);
	if (comparison->present.review == 0)
		figure_null(w, "review");
	else
		figure_count(w, "review", comparison->present.review);
	figure_count(w, "policy", comparison->present.policy);
	if (comparison->has_key_cutoff)
		figure_money(w, "small_below", comparison->small_below, currency_digits);
	else
		figure_null(w, "small_below");
	if (row_is_null(first, EDGE))
		figure_null(w, "top_clients_from");
	else
		figure_money(w, "top_clients_from", row_int(first, EDGE), currency_digits);
}

static void on_sellers(struct http_request *request, enum status status, const PGresult *rows)
{
	struct comparison *comparison = request->state;
	struct json_writer w = json_writer_to(&request->answer);
	int digits = request->principal.currency_digits;

	if (status != STATUS_OK || PQntuples(rows) == 0) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_INTERNAL, "the sellers could not be compared");
		return;
	}
	add_up(comparison, rows);
	json_open_object(&w);
	write_head(&w, comparison, (struct row){rows, 0}, digits);
	write_group(&w, comparison, "top", &comparison->top, digits);
	write_group(&w, comparison, "rest", &comparison->rest, digits);
	write_group(&w, comparison, "unassigned", &comparison->unassigned, digits);
	json_key(&w, "data");
	json_open_array(&w);
	for (int i = 0; i < PQntuples(rows); i++)
		if (is_top(comparison, (struct row){rows, i}))
			write_seller(&w, comparison, (struct row){rows, i}, digits);
	json_close_array(&w);
	json_close_object(&w);
	http_reply_json(request, 200);
}

/* ---- The request ---- */

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct comparison *comparison = arena_alloc(request->arena, sizeof(*comparison));
	struct params params = params_in(request->arena);

	if (status != STATUS_OK || comparison == NULL) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_NO_MEMORY, "the rules in force could not be read");
		return;
	}
	comparison->present = present;
	comparison->has_key_cutoff = rules.review != NULL && rules.review->has_key_cutoff;
	params_int8(&params, request->principal.workspace);
	if (comparison->has_key_cutoff) {
		comparison->small_below = number_divide_rounded((int128)rules.review->key_cutoff * rules.policy->small_pct_centi, 10000);
		params_int8(&params, rules.review->key_cutoff);
	} else {
		params_null(&params);
	}
	params_int8(&params, rules.policy->small_pct_centi);
	request->state = comparison;
	http_read_start(request, STATEMENT_COMPARE_SELLERS, &params, LANE_STREAM, on_sellers);
}

static void get_top_sellers(struct http_request *request)
{
	http_present_start(request, on_present);
}

/* method, path, least role, body, handler, parameters */
const struct http_route http_top_seller_routes[HTTP_TOP_SELLER_ROUTES] = {
	{HTTP_GET, "/v1/top-sellers", ROLE_READ, HTTP_BODY_NONE, get_top_sellers, NULL, NULL, 0, NULL},
};
