/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/sweet-spot: the size bands that the review in force froze, and what larger deals would make of them. */
#include <sweetspot/band_rows.h>
#include <sweetspot/size_question.h>
#include <sweetspot/topics.h>

#include "bands_json.h"
#include "figures.h"
#include "resources.h"

enum { FRESH, DEAL_SIZE_PCT, AMOUNT };

/** What is shown; kept while rows come. */
struct sizes {
	struct http_present present;
	struct rules rules;
	int32_t day;                  /* the last of the window; DAY_NONE without a review */
	struct size_bands bands;
	struct band_seller *sellers;  /* asked for with deal_size_pct */
	size_t seller_count;
	int64_t amount_minor;         /* of the deal asked about; 0: none */
};

/* ---- Showing ---- */

static void write_window(struct json_writer *w, int32_t day)
{
	json_key(w, "window");
	if (day == DAY_NONE) {
		json_write_null(w);
		return;
	}
	json_open_array(w);
	json_day(w, day - BAND_WINDOW_DAYS + 1);
	json_day(w, day);
	json_close_array(w);
}

/** Frozen, or computed now: a basis is there either way, unless nobody has looked at sizes yet. */
static void write_basis(struct json_writer *w, const struct sizes *sizes)
{
	if (sizes->day == DAY_NONE) {
		figure_null(w, "basis");
		figure_null(w, "without_amount");
		return;
	}
	figure_text(w, "basis", text_of(effort_basis_name(sizes->bands.basis)));
	figure_count(w, "without_amount", sizes->bands.without_amount);
}

static void write_bands(struct json_writer *w, const struct sizes *sizes, int currency_digits)
{
	struct size_range range;

	bands_write(w, &sizes->bands, currency_digits);
	if (core_sweet_spot(&sizes->bands, &range))
		bands_range_write(w, "sweet_spot", range, currency_digits);
	else
		figure_null(w, "sweet_spot");
	bands_floor_write(w, &sizes->bands, sizes->rules.policy, currency_digits);
	figure_bool(w, "quota_infeasible", sizes->bands.quota_infeasible);
	bands_selling_write(w, &sizes->bands.selling, currency_digits);
}

static void write_what_if(struct http_request *request, struct json_writer *w, const struct sizes *sizes)
{
	const struct http_argument *pct = &request->arguments[DEAL_SIZE_PCT];

	if (pct->given)
		bands_larger_write(w, "what_if", &sizes->bands, sizes->sellers, sizes->seller_count, pct->integer,
		                   request->principal.currency_digits);
	else
		figure_null(w, "what_if");
}

/** Why there are bands and no derived floor; NULL: there is one. */
static const char *floorless_of(const struct size_bands *bands)
{
	struct size_range spot;

	if (bands->has_floor)
		return NULL;
	if (bands->quota_infeasible)
		return "no size of deal makes the quotas in the hours there are: no floor would help";
	if (!core_sweet_spot(bands, &spot))
		return "no band is known to be worth as much as the deals are on average: without a sweet spot nothing is too small";
	return "no band below the sweet spot is too small, from the lowest one up";
}

static const char *reason_of(const struct sizes *sizes)
{
	if (sizes->present.review == 0 && sizes->day == DAY_NONE)
		return "no review has been made yet: POST /v1/reviews makes one, ?fresh=1 looks without";
	if (sizes->day == DAY_NONE)
		return "the review in force was made before reviews looked at sizes: POST /v1/reviews makes another, ?fresh=1 looks without";
	if (sizes->bands.count == 0)
		return "no deal with an amount was won or lost in the window";
	return floorless_of(&sizes->bands);
}

static void show(struct http_request *request, const struct sizes *sizes)
{
	struct json_writer w = json_writer_to(&request->answer);
	int digits = request->principal.currency_digits;

	json_open_object(&w);
	if (sizes->present.review == 0)
		figure_null(&w, "review");
	else
		figure_count(&w, "review", sizes->present.review);
	figure_count(&w, "policy", sizes->present.policy);
	figure_bool(&w, "fresh", request->arguments[FRESH].integer != 0);
	write_window(&w, sizes->day);
	write_basis(&w, sizes);
	write_bands(&w, sizes, digits);
	write_what_if(request, &w, sizes);
	if (sizes->amount_minor > 0)
		bands_proof_write(&w, "deal", &sizes->bands, sizes->amount_minor, sizes->rules.policy->hour_cost_minor, digits);
	else
		figure_null(&w, "deal");
	figure_text(&w, "reason", text_of(reason_of(sizes)));
	json_close_object(&w);
	http_reply_json(request, 200);
}

/* ---- As the review in force froze them ---- */

static void on_sellers(struct http_request *request, enum status status, const PGresult *rows)
{
	struct sizes *sizes = request->state;

	if (status == STATUS_OK)
		status = band_sellers_read(rows, request->arena, &sizes->sellers, &sizes->seller_count);
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the sellers' deals could not be read");
	else
		show(request, sizes);
}

static void ask_frozen(struct http_request *request, enum statement statement,
                       void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	const struct sizes *sizes = request->state;
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_int4(&params, sizes->present.review);
	http_read_start(request, statement, &params, LANE_READ, then);
}

static void on_bands(struct http_request *request, enum status status, const PGresult *rows)
{
	struct sizes *sizes = request->state;

	if (status == STATUS_OK)
		status = bands_read(rows, request->arena, &sizes->bands);
	if (status == STATUS_OK)
		sizes->day = sizes->rules.review->day;
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		http_reply_problem(request, status, "the size bands could not be read");
	else if (request->arguments[DEAL_SIZE_PCT].given)
		ask_frozen(request, STATEMENT_LIST_BAND_SELLERS, on_sellers);
	else
		show(request, sizes);
}

/* ---- As they are now ---- */

static void on_answer(struct http_request *request, struct question *question)
{
	struct sizes *sizes = request->state;
	const struct size_question *asked = question->matter;

	if (question->status != STATUS_OK) {
		http_reply_problem(request, question->status, "the size bands could not be computed");
		return;
	}
	sizes->day = asked->day;
	sizes->bands = asked->bands;
	sizes->sellers = asked->sellers;
	sizes->seller_count = asked->seller_count;
	show(request, sizes);
}

static void ask_fresh(struct http_request *request)
{
	const struct sizes *sizes = request->state;
	struct question *question = question_new(TOPIC_SIZES, request->principal.workspace);
	struct size_question *asked = question == NULL ? NULL : arena_alloc(question->arena, sizeof(*asked));

	if (asked == NULL) {
		question_free(question);
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	*asked = (struct size_question){.day = sizes->present.day, .policy = sizes->present.policy};
	question->matter = asked;
	http_ask_start(request, question, on_answer);
}

/* ---- The request ---- */

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct sizes *sizes = arena_alloc(request->arena, sizeof(*sizes));

	if (status == STATUS_OK)
		status = sizes == NULL ? STATUS_NO_MEMORY : store_rules_hold(http_store(request), rules, request->arena);
	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the rules in force could not be read");
		return;
	}
	*sizes = (struct sizes){
		.present = present, .rules = rules, .day = DAY_NONE, .amount_minor = request->arguments[AMOUNT].integer};
	request->state = sizes;
	if (request->arguments[FRESH].integer != 0)
		ask_fresh(request);
	else if (rules.review != NULL)
		ask_frozen(request, STATEMENT_READ_BANDS, on_bands);
	else
		show(request, sizes);
}

static void get_sweet_spot(struct http_request *request)
{
	http_present_start(request, on_present);
}

static const struct http_parameter parameters[] = {
	[FRESH] = {"fresh", HTTP_BOOL, 0, 1, NULL, 0},
	[DEAL_SIZE_PCT] = {"deal_size_pct", HTTP_INTEGER, 1, DEAL_SIZE_MOST_PCT, NULL, 0},
	[AMOUNT] = {"amount", HTTP_AMOUNT, 0, 0, NULL, 0},
	{NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_sweet_spot_routes[HTTP_SWEET_SPOT_ROUTES] = {
	{HTTP_GET, "/v1/sweet-spot", ROLE_READ, HTTP_BODY_NONE, get_sweet_spot, parameters, NULL, 0, NULL},
};
