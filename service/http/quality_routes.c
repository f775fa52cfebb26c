/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/quality: what the book does not say, and what that costs. What is counted how is said in the statements. */
#include <string.h>

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

/** The answer on its way: statement after statement. */
struct quality {
	int32_t day;
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

/** settles: verdicts of prospects that it would settle; unknown while prospects are not judged. */
static void write_gap(struct json_writer *w, struct row row, struct text kind)
{
	struct text name = row_text(row, NAME);

	json_open_object(w);
	figure_text(w, "kind", kind);
	figure_text(w, "missing", (struct text){name.bytes + kind.length + 1, name.length - kind.length - 1});
	figure_count(w, "count", row_int(row, MISSING));
	figure_count(w, "of", row_int(row, CONSIDERED));
	figure_share(w, "share", row_int(row, MISSING), row_int(row, CONSIDERED));
	write_examples(w, row_text(row, EXAMPLES));
	figure_text(w, "costs", text_of(cost_of(name)));
	figure_null(w, "settles");
	json_close_object(w);
}

/** @return the kind in front of the point */
static struct text kind_of(struct text name)
{
	const char *point = memchr(name.bytes, '.', name.length);

	return (struct text){name.bytes, point == NULL ? name.length : (size_t)(point - name.bytes)};
}

static void finish(struct http_request *request, struct quality *quality)
{
	json_close_array(&quality->w);
	json_close_object(&quality->w);
	http_reply_json(request, 200);
}

/* ---- Statement after statement ---- */

static void ask_next(struct http_request *request);

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
			write_gap(&quality->w, row, kind);
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
	if (quality->look == LOOKS) {
		finish(request, quality);
		return;
	}
	params_int8(&params, request->principal.workspace);
	if (looks[quality->look].by_day)
		params_day(&params, quality->day);
	http_read_start(request, looks[quality->look].statement, &params, LANE_STREAM, on_gaps);
}

static void on_present(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct quality *quality = arena_alloc(request->arena, sizeof(*quality));

	(void)rules;
	if (status != STATUS_OK || quality == NULL) {
		http_reply_problem(request, status != STATUS_OK ? status : STATUS_NO_MEMORY, NULL);
		return;
	}
	*quality = (struct quality){.day = present.day, .w = json_writer_to(&request->answer)};
	request->state = quality;
	json_open_object(&quality->w);
	figure_day(&quality->w, "day", present.day);
	json_key(&quality->w, "data");
	json_open_array(&quality->w);
	ask_next(request);
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
