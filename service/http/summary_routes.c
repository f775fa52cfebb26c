/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/summary: the book in numbers, by tier, list, verdict and status, and the cut-offs in force. */
#include "figures.h"
#include "resources.h"

/* Columns of summarise_book. */
enum { DAY, POLICY, REVIEW, EPOCH, IS_ACCOUNT, STATUS, TIER, LIST, VERDICT, ORGANISATIONS, REVENUE, MINUTES };

struct sum {
	int64_t organisations, minutes;
	int128 revenue;
};

/** The book added up; kept while the rules come. */
struct summary {
	struct http_present present;
	struct sum tiers[TIER_COUNT], lists[LIST_COUNT], verdicts[VERDICT_COUNT];
	struct sum accounts, clients;
	int64_t prospects;
	int64_t statuses[3];  /* of accounts: enum status_label */
};

static void add(struct sum *sum, struct row row)
{
	sum->organisations += row_int(row, ORGANISATIONS);
	sum->revenue += row_int(row, REVENUE);
	sum->minutes += row_int(row, MINUTES);
}

static void add_status(struct summary *summary, struct row row)
{
	const struct field *field = &record_shape(RECORD_ORGANISATION)->fields[ORGANISATION_STATUS];

	for (int i = 0; row_bool(row, IS_ACCOUNT) && field->labels[i] != NULL; i++)
		if (text_equal(text_of(field->labels[i]), row_text(row, STATUS)))
			summary->statuses[i] += row_int(row, ORGANISATIONS);
}

static void add_standing(struct summary *summary, struct row row)
{
	if (!row_is_null(row, TIER))
		add(&summary->tiers[tier_of_name(row_text(row, TIER))], row);
	if (!row_is_null(row, LIST)) {
		enum list list = list_of_name(row_text(row, LIST));

		add(&summary->lists[list], row);
		if (list == LIST_KEY || list == LIST_SECONDARY)
			add(&summary->clients, row);
	}
	add(&summary->verdicts[verdict_of_name(row_text(row, VERDICT))], row);
	if (row_bool(row, IS_ACCOUNT))
		add(&summary->accounts, row);
	else
		summary->prospects += row_int(row, ORGANISATIONS);
}

static int64_t money_of(int128 sum)
{
	return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

static void write_sum(struct json_writer *w, const char *name, const struct sum *sum, int currency_digits)
{
	json_key(w, name);
	json_open_object(w);
	figure_count(w, "count", sum->organisations);
	figure_money(w, "revenue_12m", money_of(sum->revenue), currency_digits);
	figure_hours(w, "hours_12m", sum->minutes);
	json_close_object(w);
}

static void write_classes(struct json_writer *w, const struct summary *summary, int currency_digits)
{
	json_key(w, "tiers");
	json_open_object(w);
	for (int tier = TIER_NONE + 1; tier < TIER_COUNT; tier++)
		write_sum(w, tier_name((enum tier)tier), &summary->tiers[tier], currency_digits);
	json_close_object(w);
	json_key(w, "lists");
	json_open_object(w);
	for (int list = LIST_NONE + 1; list < LIST_COUNT; list++)
		write_sum(w, list_name((enum list)list), &summary->lists[list], currency_digits);
	write_sum(w, list_name(LIST_NONE), &summary->lists[LIST_NONE], currency_digits);
	json_close_object(w);
	json_key(w, "verdicts");
	json_open_object(w);
	for (int verdict = VERDICT_NONE + 1; verdict < VERDICT_COUNT; verdict++)
		write_sum(w, verdict_name((enum verdict)verdict), &summary->verdicts[verdict], currency_digits);
	json_close_object(w);
}

static void write_statuses(struct json_writer *w, const struct summary *summary)
{
	const struct field *field = &record_shape(RECORD_ORGANISATION)->fields[ORGANISATION_STATUS];

	json_key(w, "statuses");
	json_open_object(w);
	for (int i = 0; field->labels[i] != NULL; i++)
		figure_count(w, field->labels[i], summary->statuses[i]);
	json_close_object(w);
}

static void write_cutoffs(struct json_writer *w, const struct summary *summary, const struct review *review, int currency_digits)
{
	if (review == NULL || !review->has_key_cutoff)
		figure_null(w, "key_cutoff");
	else
		figure_money(w, "key_cutoff", review->key_cutoff, currency_digits);
	figure_share(w, "key_revenue_share", summary->lists[LIST_KEY].revenue, summary->clients.revenue);
	if (review == NULL)
		figure_null(w, "cuts");
	else
		figure_cuts(w, review->engagement_cut_centi, review->potential_cut_centi);
}

static void show(struct http_request *request, const struct summary *summary, struct rules rules)
{
	struct json_writer w = json_writer_to(&request->answer);
	int digits = request->principal.currency_digits;

	json_open_object(&w);
	figure_day(&w, "day", summary->present.day);
	figure_count(&w, "policy", summary->present.policy);
	if (rules.review == NULL)
		figure_null(&w, "review");
	else
		figure_count(&w, "review", summary->present.review);
	figure_bool(&w, "provisional", rules.review != NULL && rules.review->provisional);
	figure_text(&w, "currency", text_of(request->principal.currency));
	figure_count(&w, "accounts", summary->accounts.organisations);
	figure_count(&w, "prospects", summary->prospects);
	figure_count(&w, "clients", summary->clients.organisations);
	write_statuses(&w, summary);
	figure_money(&w, "revenue_12m", money_of(summary->accounts.revenue), digits);
	figure_hours(&w, "hours_12m", summary->accounts.minutes);
	write_classes(&w, summary, digits);
	write_cutoffs(&w, summary, rules.review, digits);
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void on_rules(struct http_request *request, enum status status, struct rules rules)
{
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the rules in force could not be read");
	else
		show(request, request->state, rules);
}

static void on_sums(struct http_request *request, enum status status, const PGresult *rows)
{
	struct summary *summary = arena_alloc(request->arena, sizeof(*summary));
	struct row first = {rows, 0};

	if (status != STATUS_OK || summary == NULL || PQntuples(rows) == 0) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_NO_MEMORY, "the book could not be added up");
		return;
	}
	summary->present = (struct http_present){row_day(first, DAY), (int32_t)row_int(first, POLICY), (int32_t)row_int(first, REVIEW)};
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};

		if (row_is_null(row, IS_ACCOUNT))
			continue;
		if (row_is_null(row, STATUS))
			add_standing(summary, row);
		else
			add_status(summary, row);
	}
	request->state = summary;
	http_rules_start(request, summary->present.policy, summary->present.review, on_rules);
}

static void handle(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	http_read_start(request, STATEMENT_SUMMARISE_BOOK, &params, LANE_STREAM, on_sums);
}

const struct http_route http_summary_routes[HTTP_SUMMARY_ROUTES] = {
	{HTTP_GET, "/v1/summary", ROLE_READ, HTTP_BODY_NONE, handle, NULL, NULL, 0, NULL},
};
