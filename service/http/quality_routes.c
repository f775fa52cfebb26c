/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/quality: what the book does not say, and what that costs. What is counted how is said in the statements. */
#include <string.h>

#include <sweetspot/qualification.h>

#include "figures.h"
#include "resources.h"

#define KIND 0
/* Columns of count_gaps_of_…. */
enum { NAME, MISSING, CONSIDERED, EXAMPLES };

/* Kinds, each with a statement of its own; accounts and prospects share one. */
enum kind { KIND_ACCOUNTS, KIND_PROSPECTS, KIND_CONTACTS, KIND_DEALS, KIND_ACTIVITIES, KIND_REVENUE, KIND_SELLERS, KINDS };
static const char *const kind_names[KINDS + 1] = {"accounts", "prospects", "contacts", "deals", "activities", "revenue", "sellers", NULL};

/* What is asked, in this order, and whether by day. */
static const struct {
	enum statement statement;
	bool by_day;
	unsigned kinds;
} looks[] = {
	{STATEMENT_COUNT_GAPS_OF_ORGANISATIONS, true, 1u << KIND_ACCOUNTS | 1u << KIND_PROSPECTS},
	{STATEMENT_COUNT_GAPS_OF_CONTACTS, false, 1u << KIND_CONTACTS},
	{STATEMENT_COUNT_GAPS_OF_DEALS, false, 1u << KIND_DEALS},
	{STATEMENT_COUNT_GAPS_OF_ACTIVITIES, true, 1u << KIND_ACTIVITIES},
	{STATEMENT_COUNT_GAPS_OF_REVENUE, true, 1u << KIND_REVENUE},
	{STATEMENT_COUNT_GAPS_OF_SELLERS, false, 1u << KIND_SELLERS},
};
#define LOOKS (sizeof(looks) / sizeof(looks[0]))

/* Legend: kind and field as the statements name them, what a record without it costs. */
static const struct {
	const char *name, *costs;
} gaps[] = {
	{"accounts.description", "known by its id alone: named by a deal, revenue or activity and never described"},
	{"accounts.industry", "compared with all clients: its potential is estimated from companies of every kind"},
	{"accounts.employees", "compared with its whole industry: its potential is estimated from companies of every size"},
	{"accounts.seller", "in nobody's enterprise, and the let-go list names nobody for it"},
	{"accounts.annual_potential", "stated more than a year ago: it counts no more, and an estimate stands in"},
	{"prospects.description", "known by its id alone: nothing can be judged"},
	{"prospects.industry", "compared with all clients: what it could bring is estimated from companies of every kind"},
	{"prospects.employees", "compared with its whole industry: what it could bring is estimated from companies of every size"},
	{"prospects.seller", "on nobody's list: no cap counts it"},
	{"prospects.expected_annual", "its size comes from its open deals, else from an estimate, which proves nothing"},
	{"contacts.organisation", "touches that name it alone count nowhere"},
	{"contacts.persona", "nobody knows whether it decides: access stays unknown"},
	{"deals.organisation", "counts for no account: neither its revenue, its seller nor its line"},
	{"deals.amount", "won it earns nothing, open it is no pipeline, and size bands leave it out"},
	{"deals.closed_on", "won or lost on no day: it counts nowhere until it is dated"},
	{"deals.opened_on", "has no cycle: the effort of its size band is told without it"},
	{"deals.seller", "tells nobody's account and nobody's win"},
	{"activities.organisation", "counts nowhere"},
	{"activities.minutes", "takes no hours: value per hour and hours freed look better than they are"},
	{"activities.contact", "adds nothing to reach"},
	{"activities.direction", "adds nothing to initiative"},
	{"activities.seller", "counts as the touch of one unnamed seller, and takes nobody's time"},
	{"revenue.line", "adds nothing to breadth, and its account seems to have more white space"},
	{"revenue.margin", "its margin is its amount times a percentage"},
	{"sellers.description", "known by its id alone"},
	{"sellers.weekly_hours", "has no time plan, and nothing proves a deal too small for it"},
	{"sellers.quota", "adds nothing to what the pipeline is held against"},
};
#define GAPS (sizeof(gaps) / sizeof(gaps[0]))

/** Unknown verdicts, and how many each thing alone would settle. */
struct unknown_verdicts {
	int64_t all;
	int64_t by_size, by_criteria;
	int64_t by_deal;        /* the amount of an open deal: part of by_size */
	int64_t by_description;  /* of who was only referred to: all that a PUT may say */
	int64_t *by_attribute;  /* one for each of the policy's */
};

/** The answer on its way: statement after statement. */
struct quality {
	int32_t day;
	struct rules rules;     /* held */
	struct unknown_verdicts unknown;
	size_t look;
	struct json_writer w;
};

/* ---- The answer ---- */

static const char *cost_of(struct text name)
{
	for (size_t i = 0; i < GAPS; i++)
		if (text_equal(text_of(gaps[i].name), name))
			return gaps[i].costs;
	return NULL;
}

static void write_examples(struct json_writer *w, struct text lines)
{
	json_key(w, "examples");
	json_open_array(w);
	while (lines.length > 0) {
		const char *end = memchr(lines.bytes, '\n', lines.length);
		size_t length = end == NULL ? lines.length : (size_t)(end - lines.bytes);
		size_t cut = end == NULL ? length : length + 1;

		json_text(w, (struct text){lines.bytes, length});
		lines = (struct text){lines.bytes + cut, lines.length - cut};
	}
	json_close_array(w);
}

/* Gaps that bear on verdicts, and what criteria call them. */
static const struct {
	const char *gap, *attribute;
} judged_by[] = {
	{"prospects.industry", "industry"},
	{"prospects.employees", "employees"},
	{"prospects.seller", "seller"},
	{"contacts.persona", "personas"},
};

static int64_t settled_by_attribute(const struct quality *quality, const char *name)
{
	const struct policy *policy = quality->rules.policy;

	for (int32_t i = 0; i < policy->attribute_count; i++)
		if (text_equal(policy->attributes[i].name, text_of(name)))
			return quality->unknown.by_attribute[i];
	return 0;
}

/** settles: how many verdicts of prospects are unknown for its sake alone; null where it bears on none. */
static void write_settles(struct json_writer *w, const struct quality *quality, struct text gap)
{
	const struct {
		const char *gap;
		int64_t settles;
	} others[] = {
		{"prospects.expected_annual", quality->unknown.by_size},
		{"prospects.description", quality->unknown.by_description},
		{"deals.amount", quality->unknown.by_deal},
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (text_equal(gap, text_of(others[i].gap))) {
			figure_count(w, "settles", others[i].settles);
			return;
		}
	for (size_t i = 0; i < sizeof(judged_by) / sizeof(judged_by[0]); i++)
		if (text_equal(gap, text_of(judged_by[i].gap))) {
			figure_count(w, "settles", settled_by_attribute(quality, judged_by[i].attribute));
			return;
		}
	figure_null(w, "settles");
}

static void write_gap(struct quality *quality, struct row row, struct text kind)
{
	struct json_writer *w = &quality->w;
	struct text name = row_text(row, NAME);

	json_open_object(w);
	figure_text(w, "kind", kind);
	figure_text(w, "missing", (struct text){name.bytes + kind.length + 1, name.length - kind.length - 1});
	figure_count(w, "count", row_int(row, MISSING));
	figure_count(w, "of", row_int(row, CONSIDERED));
	figure_share(w, "share", row_int(row, MISSING), row_int(row, CONSIDERED));
	write_examples(w, row_text(row, EXAMPLES));
	figure_text(w, "costs", text_of(cost_of(name)));
	write_settles(w, quality, name);
	json_close_object(w);
}

static void write_settling(struct json_writer *w, struct text missing, int64_t settles)
{
	if (settles == 0)
		return;
	json_open_object(w);
	figure_text(w, "missing", missing);
	figure_count(w, "settles", settles);
	json_close_object(w);
}

/** "unknown_verdicts": all of them, and what alone would settle how many; `missing` is as qualifications have it, or an attribute. */
static void write_unknown(struct json_writer *w, const struct unknown_verdicts *unknown, const struct policy *policy)
{
	json_key(w, "unknown_verdicts");
	json_open_object(w);
	figure_count(w, "count", unknown->all);
	json_key(w, "settled_by");
	json_open_array(w);
	write_settling(w, TEXT("policy.criteria"), unknown->by_criteria);
	write_settling(w, TEXT("expected_annual"), unknown->by_size);
	for (int32_t i = 0; i < policy->attribute_count; i++)
		write_settling(w, policy->attributes[i].name, unknown->by_attribute[i]);
	json_close_array(w);
	json_close_object(w);
}

/** @return the kind in front of the point */
static struct text kind_of(struct text name)
{
	const char *point = memchr(name.bytes, '.', name.length);

	return (struct text){name.bytes, point == NULL ? name.length : (size_t)(point - name.bytes)};
}

/* Columns of list_refused_currencies. */
enum { CURRENCY, CURRENCY_KIND, RECORDS, FIRST_AT, LAST_AT };

static bool has_rate(const struct policy *policy, struct text currency)
{
	for (int32_t i = 0; i < policy->rate_count; i++)
		if (text_equal(policy->rates[i].currency, currency))
			return true;
	return false;
}

static void write_currency(struct json_writer *w, struct row row, const struct policy *policy)
{
	bool is_rated = has_rate(policy, row_text(row, CURRENCY));

	json_open_object(w);
	figure_text(w, "currency", row_text(row, CURRENCY));
	figure_text(w, "kind", row_text(row, CURRENCY_KIND));
	figure_count(w, "refused", row_int(row, RECORDS));
	json_key(w, "first_at");
	json_instant(w, row_instant(row, FIRST_AT));
	json_key(w, "last_at");
	json_instant(w, row_instant(row, LAST_AT));
	figure_bool(w, "has_rate", is_rated);
	figure_text(w, "costs", is_rated ? TEXT("refused before there was a rate, and not in the book until it is sent again")
	                                 : TEXT("refused, and not in the book: add the currency to the policy's rates and send it again"));
	json_close_object(w);
}

static void finish(struct http_request *request, struct quality *quality)
{
	write_unknown(&quality->w, &quality->unknown, quality->rules.policy);
	json_close_object(&quality->w);
	http_reply_json(request, 200);
}

/* ---- Statement after statement ---- */

static void ask_next(struct http_request *request);

static void on_currencies(struct http_request *request, enum status status, const PGresult *rows)
{
	struct quality *quality = request->state;
	const struct http_argument *wanted = &request->arguments[KIND];

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "what was refused could not be counted");
		return;
	}
	json_close_array(&quality->w);
	json_key(&quality->w, "currencies");
	json_open_array(&quality->w);
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};

		if (!wanted->given || text_equal(row_text(row, CURRENCY_KIND), wanted->text))
			write_currency(&quality->w, row, quality->rules.policy);
	}
	json_close_array(&quality->w);
	finish(request, quality);
}

static void on_gaps(struct http_request *request, enum status status, const PGresult *rows)
{
	struct quality *quality = request->state;
	const struct http_argument *wanted = &request->arguments[KIND];

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the book could not be gone through; ?kind= looks at one kind alone");
		return;
	}
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct text kind = kind_of(row_text(row, NAME));

		if (!wanted->given || text_equal(kind, wanted->text))
			write_gap(quality, row, kind);
	}
	quality->look++;
	ask_next(request);
}

static bool is_wanted(const struct http_request *request, size_t look)
{
	const struct http_argument *wanted = &request->arguments[KIND];

	return !wanted->given || (looks[look].kinds & 1u << wanted->integer) != 0;
}

static void ask_next(struct http_request *request)
{
	struct quality *quality = request->state;
	struct params params = params_in(request->arena);

	while (quality->look < LOOKS && !is_wanted(request, quality->look))
		quality->look++;
	params_int8(&params, request->principal.workspace);
	if (quality->look == LOOKS) {
		http_read_start(request, STATEMENT_LIST_REFUSED_CURRENCIES, &params, LANE_STREAM, on_currencies);
		return;
	}
	if (looks[quality->look].by_day)
		params_day(&params, quality->day);
	http_read_start(request, looks[quality->look].statement, &params, LANE_STREAM, on_gaps);
}

/* Columns of count_unknown_verdicts. */
enum { FOUND, SIZE_MISSING, HAS_DEAL, IS_STUB, PROSPECTS };

/** @return whether a criterion is unknown that looks at persons if `of_persons`, else at anything */
static bool is_unknown(const struct policy *policy, struct text findings, bool of_persons)
{
	for (int32_t i = 0; i < policy->criteria_count && (size_t)i < findings.length; i++)
		if (finding_of_letter(findings.bytes[i]) == FINDING_UNKNOWN &&
		    (!of_persons || policy->attributes[policy->criteria[i].attribute].source == ATTRIBUTE_PERSONAS))
			return true;
	return false;
}

static void add_unknown(struct unknown_verdicts *unknown, const struct policy *policy, struct row row)
{
	struct text findings = row_text(row, FOUND);
	int32_t thing = core_settled_by(policy, findings, row_bool(row, SIZE_MISSING));
	int64_t count = row_int(row, PROSPECTS);

	unknown->all += count;
	if (row_bool(row, HAS_DEAL) && policy->criteria_count > 0 && !is_unknown(policy, findings, false))
		unknown->by_deal += count;
	if (row_bool(row, IS_STUB) && policy->criteria_count > 0 && !is_unknown(policy, findings, true))
		unknown->by_description += count;
	if (thing == SETTLED_BY_SIZE)
		unknown->by_size += count;
	else if (thing == SETTLED_BY_CRITERIA)
		unknown->by_criteria += count;
	else if (thing >= 0)
		unknown->by_attribute[thing] += count;
}

static void on_unknown(struct http_request *request, enum status status, const PGresult *rows)
{
	struct quality *quality = request->state;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the verdicts could not be counted");
		return;
	}
	for (int i = 0; i < PQntuples(rows); i++)
		add_unknown(&quality->unknown, quality->rules.policy, (struct row){rows, i});
	ask_next(request);
}

static void ask_unknown(struct http_request *request, const struct quality *quality)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_int8(&params, quality->rules.review == NULL ? 0 : core_least_estimate(quality->rules.policy, quality->rules.review));
	params_day(&params, quality->day);
	http_read_start(request, STATEMENT_COUNT_UNKNOWN_VERDICTS, &params, LANE_STREAM, on_unknown);
}

static enum status start(struct http_request *request, struct quality *quality, struct http_present present, struct rules rules)
{
	size_t attributes = (size_t)rules.policy->attribute_count + 1;

	*quality = (struct quality){.day = present.day, .rules = rules, .w = json_writer_to(&request->answer)};
	quality->unknown.by_attribute = arena_array(request->arena, attributes, sizeof(*quality->unknown.by_attribute));
	if (quality->unknown.by_attribute == NULL)
		return STATUS_NO_MEMORY;
	memset(quality->unknown.by_attribute, 0, attributes * sizeof(*quality->unknown.by_attribute));
	return store_rules_hold(http_store(request), rules, request->arena);
}

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct quality *quality = arena_alloc(request->arena, sizeof(*quality));

	if (status == STATUS_OK)
		status = quality == NULL ? STATUS_NO_MEMORY : start(request, quality, present, rules);
	if (status != STATUS_OK) {
		http_reply_problem(request, status, NULL);
		return;
	}
	request->state = quality;
	json_open_object(&quality->w);
	figure_day(&quality->w, "day", present.day);
	json_key(&quality->w, "data");
	json_open_array(&quality->w);
	ask_unknown(request, quality);
}

static void get_quality(struct http_request *request)
{
	http_present_start(request, on_present);
}

static const struct http_parameter parameters[] = {
	[KIND] = {"kind", HTTP_CHOICE, 0, 0, kind_names, 0}, {NULL, HTTP_TEXT, 0, 0, NULL, 0},
};

/* method, path, least role, body, handler, parameters */
const struct http_route http_quality_routes[HTTP_QUALITY_ROUTES] = {
	{HTTP_GET, "/v1/quality", ROLE_READ, HTTP_BODY_NONE, get_quality, parameters, NULL, 0, NULL},
};
