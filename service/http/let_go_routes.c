/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/let-go: whom to let go this year, worst first. Deciding it is decision_routes.c; who is a candidate is core's. */
#include <sweetspot/digest.h>
#include <sweetspot/review.h>

#include "figures.h"
#include "let_go_entry.h"
#include "list_cursor.h"
#include "resources.h"

/* The first look is for books of ordinary size; a large one is gone through in larger steps, each of which looks for its place anew. */
#define FIRST_ROWS 2000
#define MORE_ROWS 50000
#define LIMIT_MOST 500

/* Parameters. */
enum { SELLER, LIMIT, CURSOR };
/* Columns of read_let_go_frame. */
enum { FRAME_EPOCH, FRAME_DAY, FRAME_POLICY, FRAME_REVIEW, FRAME_BASE, FRAME_USED, FRAME_REVENUE, FRAME_MARGIN, FRAME_MINUTES };

/** An entry of the page to be. */
struct place {
	struct text account;
	int64_t rank;
};

/** A list being made: the company's whole cut is gone through, then one page of it read whole. */
struct cut {
	struct http_present present;
	int32_t year_start;
	int64_t epoch;
	int64_t base, budget, used, remaining;
	int64_t book_revenue;
	struct let_go_book book;
	struct let_go_key behind;      /* of the rows asked for */
	struct let_go_key page_behind; /* of the page: its cursor; account {NULL, 0}: the first page */
	struct let_go_key last;        /* of the last entry of the page */
	int64_t rows;                  /* asked for at once */
	int64_t rank;                  /* candidates seen */
	int64_t stake, minutes;        /* of those within the budget */
	bool has_more;
	int64_t shown;
	struct place page[LIMIT_MOST];
};

static void start(struct http_request *request);

/* ---- Cursor: keep score, revenue, account of the last entry ---- */

static uint64_t digest_of(struct http_request *request)
{
	struct text list = text_format(request->arena, "let-go %lld %.*s", (long long)request->principal.workspace,
	                               TEXT_ARGS(request->arguments[SELLER].text));

	return hash_bytes(list.bytes, list.length);
}

static enum status cursor_read(struct http_request *request, struct cut *cut)
{
	struct list_position position;
	int64_t revenue;
	enum status status;

	cut->page_behind = (struct let_go_key){.keep_score_centi = -1, .revenue_12m = INT64_MIN, .account = {NULL, 0}};
	if (!request->arguments[CURSOR].given)
		return STATUS_OK;
	status = list_cursor_decode(request->arena, request->arguments[CURSOR].text, digest_of(request), &position);
	if (status != STATUS_OK)
		return status;
	if (number_parse(position.name, 0, &revenue) != NUMBER_OK)
		return STATUS_INVALID;
	cut->page_behind = (struct let_go_key){(int32_t)position.key, revenue, position.id};
	return STATUS_OK;
}

static struct text cursor_write(struct http_request *request, const struct cut *cut)
{
	struct list_position position = {
		.key = cut->last.keep_score_centi,
		.name = text_format(request->arena, "%lld", (long long)cut->last.revenue_12m),
		.id = cut->last.account,
	};

	return list_cursor_encode(request->arena, digest_of(request), &position);
}

/* ---- The answer ---- */

static struct text note_of(struct http_request *request, const struct cut *cut)
{
	if (cut->present.review == 0)
		return TEXT("nothing is classified before the first review");
	if (cut->rank >= cut->remaining)
		return (struct text){NULL, 0};
	return text_format(request->arena, "the budget has room for %lld more, and there are %lld candidates", (long long)cut->remaining,
	                   (long long)cut->rank);
}

static void write_head(struct json_writer *w, struct http_request *request, const struct cut *cut)
{
	int digits = request->principal.currency_digits;

	figure_count(w, "year", day_to_civil(cut->year_start).year);
	figure_count(w, "base", cut->base);
	figure_count(w, "budget", cut->budget);
	figure_count(w, "used", cut->used);
	figure_count(w, "remaining", cut->remaining);
	figure_money(w, "revenue_at_stake", cut->stake, digits);
	figure_share(w, "share_of_revenue", cut->stake, cut->book_revenue);
	figure_hours(w, "hours_freed", cut->minutes);
	figure_value_per_hour(w, "value_per_hour", cut->book.margin, cut->book.minutes, digits);
	figure_text(w, "note", note_of(request, cut));
}

/** Rows come in the order of the page; one that is not there any more leaves its place out. */
static enum status write_entries(struct json_writer *w, const struct cut *cut, const PGresult *rows)
{
	enum status status = STATUS_OK;
	int count = rows == NULL ? 0 : PQntuples(rows);

	json_key(w, "data");
	json_open_array(w);
	for (int64_t i = 0, row = 0; i < cut->shown && row < count && status == STATUS_OK; i++) {
		struct row entry = {rows, (int)row};

		if (!text_equal(row_text(entry, LET_GO_ACCOUNT), cut->page[i].account))
			continue;
		status = let_go_entry_write(w, entry, cut->page[i].rank, cut->page[i].rank <= cut->remaining, &cut->book);
		row++;
	}
	json_close_array(w);
	return status;
}

static void reply(struct http_request *request, const PGresult *rows)
{
	struct cut *cut = request->state;
	struct json_writer w = json_writer_to(&request->answer);
	struct text cursor = cut->has_more ? cursor_write(request, cut) : (struct text){NULL, 0};

	json_open_object(&w);
	write_head(&w, request, cut);
	if (write_entries(&w, cut, rows) != STATUS_OK || (cut->has_more && cursor.bytes == NULL)) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	figure_text(&w, "next_cursor", cursor);
	json_close_object(&w);
	http_reply_json(request, 200);
}

/* ---- Going through the candidates ---- */

static struct let_go_key key_of(struct row row)
{
	return (struct let_go_key){(int32_t)row_int(row, SCAN_KEEP_SCORE), row_int(row, SCAN_REVENUE_12M), row_text(row, SCAN_ACCOUNT)};
}

static bool is_on_page(struct http_request *request, const struct cut *cut, struct row row, const struct let_go_key *key)
{
	const struct http_argument *seller = &request->arguments[SELLER];

	if (seller->given && !text_equal(seller->text, row_text(row, SCAN_SELLER)))
		return false;
	return cut->page_behind.account.bytes == NULL || core_let_go_compare(key, &cut->page_behind) > 0;
}

static enum status candidate_place(struct http_request *request, const struct let_go_key *key)
{
	struct cut *cut = request->state;

	if (cut->shown == request->arguments[LIMIT].integer) {
		cut->has_more = true;
		return STATUS_OK;
	}
	cut->last = *key;
	cut->last.account = text_copy(request->arena, key->account);
	cut->page[cut->shown++] = (struct place){cut->last.account, cut->rank};
	return cut->last.account.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status candidate_take(struct http_request *request, struct row row)
{
	struct cut *cut = request->state;
	struct let_go_facts facts = let_go_facts_of(row, cut->book.rules.review);
	struct let_go_key key = key_of(row);

	if (core_let_go_bar(&facts, cut->book.rules.policy, cut->present.day) != LET_GO_CANDIDATE)
		return STATUS_OK;
	cut->rank++;
	if (cut->rank <= cut->remaining) {
		cut->stake += key.revenue_12m;
		cut->minutes += facts.minutes_12m;
	}
	return cut->has_more || !is_on_page(request, cut, row, &key) ? STATUS_OK : candidate_place(request, &key);
}

static void ask_candidates(struct http_request *request);
static void ask_page(struct http_request *request);

/** The page is full, and everybody within the budget has been seen. */
static bool is_complete(const struct cut *cut)
{
	return cut->has_more && cut->rank >= cut->remaining;
}

static void on_rules_back(struct http_request *request, enum status status, struct rules rules, void (*again)(struct http_request *request))
{
	struct cut *cut = request->state;

	cut->book.rules = rules;
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the rules in force could not be read");
	else
		again(request);
}

static void on_rules_for_candidates(struct http_request *request, enum status status, struct rules rules)
{
	on_rules_back(request, status, rules, ask_candidates);
}

static void on_rules_for_page(struct http_request *request, enum status status, struct rules rules)
{
	on_rules_back(request, status, rules, ask_page);
}

/**
 * Whether rows can be looked at: everything begins anew when another review, policy or day has come into force since. Rules are borrowed
 * for a turn alone: once they are in the cache again, the same rows are asked for once more.
 */
static bool is_in_force(struct http_request *request, int64_t epoch,
                        void (*on_rules)(struct http_request *request, enum status status, struct rules rules))
{
	struct cut *cut = request->state;

	if (epoch != cut->epoch) {
		start(request);
		return false;
	}
	if (!store_rules_find(http_store(request), request->principal.workspace, cut->present.policy, cut->present.review, &cut->book.rules)) {
		http_rules_start(request, cut->present.policy, cut->present.review, on_rules);
		return false;
	}
	return true;
}

static void on_page(struct http_request *request, enum status status, const PGresult *rows)
{
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the page could not be read");
	else if (PQntuples(rows) == 0 || is_in_force(request, row_int((struct row){rows, 0}, LET_GO_EPOCH), on_rules_for_page))
		reply(request, rows);
}

static void ask_page(struct http_request *request)
{
	const struct cut *cut = request->state;
	struct params params = params_in(request->arena);
	struct array_column ids;

	if (cut->shown == 0) {
		reply(request, NULL);
		return;
	}
	array_column_init(&ids, ARRAY_TEXT);
	for (int64_t i = 0; i < cut->shown; i++)
		array_add_text(&ids, cut->page[i].account);
	params_int8(&params, request->principal.workspace);
	params_array(&params, &ids);
	array_column_release(&ids);
	http_read_start(request, STATEMENT_LIST_LET_GO, &params, LANE_STREAM, on_page);
}

static void on_candidates(struct http_request *request, enum status status, const PGresult *rows)
{
	struct cut *cut = request->state;
	int count = status == STATUS_OK ? PQntuples(rows) : 0;
	struct row row = {rows, 0};

	if (count > 0 && !is_in_force(request, row_int(row, SCAN_EPOCH), on_rules_for_candidates))
		return;
	for (int i = 0; status == STATUS_OK && i < count; i++) {
		row.index = i;
		if (!row_is_null(row, SCAN_ACCOUNT))
			status = candidate_take(request, row);
	}
	if (status == STATUS_OK && count > 0 && !row_is_null(row, SCAN_ACCOUNT)) {
		cut->behind = key_of(row);
		cut->behind.account = text_copy(request->arena, cut->behind.account);
	}
	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the candidates could not be read");
		return;
	}
	if (count < cut->rows || is_complete(cut)) {
		ask_page(request);
		return;
	}
	cut->rows = MORE_ROWS;
	ask_candidates(request);
}

static void ask_candidates(struct http_request *request)
{
	struct cut *cut = request->state;
	struct params params = params_in(request->arena);
	struct array_column tiers;

	array_column_init(&tiers, ARRAY_TEXT);
	for (int tier = TIER_NONE + 1; tier < TIER_COUNT; tier++)
		if (cut->book.rules.policy->let_go_tier[tier])
			array_add_text(&tiers, text_of(tier_name((enum tier)tier)));
	params_int8(&params, request->principal.workspace);
	params_array(&params, &tiers);
	array_column_release(&tiers);
	params_int4(&params, cut->behind.keep_score_centi);
	params_int8(&params, cut->behind.revenue_12m);
	params_text(&params, cut->behind.account);
	params_int8(&params, cut->rows);
	params_int4(&params, cut->book.rules.policy->min_tenure_days);
	http_read_start(request, STATEMENT_SCAN_LET_GO, &params, LANE_STREAM, on_candidates);
}

/* ---- Budget and book ---- */

static bool is_as_present(struct row row, struct http_present present)
{
	return row_day(row, FRAME_DAY) == present.day && row_int(row, FRAME_POLICY) == present.policy &&
	       row_int(row, FRAME_REVIEW) == present.review;
}

static void on_frame_rules(struct http_request *request, enum status status, struct rules rules);

static void on_frame(struct http_request *request, enum status status, const PGresult *rows)
{
	struct cut *cut = request->state;
	struct row row = {rows, 0};

	if (status != STATUS_OK || PQntuples(rows) == 0) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_UNAVAILABLE, "the budget could not be read");
		return;
	}
	if (!is_as_present(row, cut->present)) {
		start(request);
		return;
	}
	cut->epoch = row_int(row, FRAME_EPOCH);
	cut->base = row_int(row, FRAME_BASE);
	cut->used = row_int(row, FRAME_USED);
	cut->book_revenue = row_int(row, FRAME_REVENUE);
	cut->book.margin = row_int(row, FRAME_MARGIN);
	cut->book.minutes = row_int(row, FRAME_MINUTES);
	http_rules_start(request, cut->present.policy, cut->present.review, on_frame_rules);
}

static void on_frame_rules(struct http_request *request, enum status status, struct rules rules)
{
	struct cut *cut = request->state;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the rules in force could not be read");
		return;
	}
	cut->budget = core_let_go_budget(cut->base, rules.policy);
	cut->remaining = cut->budget > cut->used ? cut->budget - cut->used : 0;
	cut->book.rules = rules;
	if (rules.review == NULL)
		reply(request, NULL);
	else
		ask_candidates(request);
}

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct cut *cut = request->state;
	struct params params = params_in(request->arena);

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the rules in force could not be read");
		return;
	}
	cut->present = present;
	cut->year_start = core_fiscal_year_start(rules.policy, present.day);
	params_int8(&params, request->principal.workspace);
	params_day(&params, cut->year_start);
	http_read_start(request, STATEMENT_READ_LET_GO_FRAME, &params, LANE_STREAM, on_frame);
}

/** From the beginning, also when something came into force meanwhile. */
static void start(struct http_request *request)
{
	struct cut *cut = request->state;

	*cut = (struct cut){
		.page_behind = cut->page_behind,
		.behind = {.keep_score_centi = -1, .revenue_12m = INT64_MIN, .account = {"", 0}},
		.rows = FIRST_ROWS,
		.book = {
			.currency = text_of(request->principal.currency),
			.currency_digits = request->principal.currency_digits,
			.arena = request->arena,
		},
	};
	http_present_start(request, on_present);
}

static void get_let_go(struct http_request *request)
{
	struct cut *cut = arena_alloc(request->arena, sizeof(*cut));
	struct problems problems = problems_in(request->arena);
	enum status status = STATUS_NO_MEMORY;

	if (cut != NULL)
		status = cursor_read(request, cut);
	if (status == STATUS_INVALID)
		problems_add(&problems, TEXT("?cursor"), "is not a cursor of this list");
	request->state = cut;
	if (status != STATUS_OK)
		http_reply_problems(request, status, &problems);
	else
		start(request);
}

static const struct http_parameter parameters[] = {
	[SELLER] = {"seller", HTTP_ID, 0, 0, NULL, 0}, [LIMIT] = {"limit", HTTP_INTEGER, 1, LIMIT_MOST, NULL, 50},
	[CURSOR] = {"cursor", HTTP_TEXT, 0, 1024, NULL, 0}, {NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_let_go_routes[HTTP_LET_GO_ROUTES] = {
	{HTTP_GET, "/v1/let-go", ROLE_READ, HTTP_BODY_NONE, get_let_go, parameters, NULL, 0, NULL},
};
