/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/accounts/{id}/explanation: scores with their parts, what they are compared with, what would change them. The rules are core's. */
#include <jansson.h>

#include <sweetspot/let_go.h>
#include <sweetspot/subject.h>

#include "account_change.h"
#include "figures.h"
#include "protection.h"
#include "recorded.h"
#include "resources.h"
#include "would_change_json.h"

#define AT 0
/* Columns of explain_organisation. */
enum { DAY, POLICY, REVIEW, KEPT_UNTIL, FIRST_REVENUE_ON, PERSONAS, SECOND_OPEN, RECORD };

/** An account with all that is said of it. */
struct explained {
	struct http_present present;
	struct stored_record stored;
	struct standing standing;
	struct features features;
	struct scoring scoring;
	struct let_go_facts let_go;
	struct rules rules;
	struct text findings;  /* what its criteria find, a letter each */
};

/* ---- Parts ---- */

static void write_headroom(struct json_writer *w, const struct explained *e, int currency_digits)
{
	int64_t room = e->scoring.annual_potential - e->features.measures.revenue_12m;

	if (e->scoring.annual_potential < 0)
		figure_null(w, "value");
	else
		figure_money(w, "value", room > 0 ? room : 0, currency_digits);
	figure_money(w, "full", e->rules.review->key_cutoff, currency_digits);
}

static void write_engagement_value(struct json_writer *w, const struct explained *e, enum engagement_part part)
{
	const struct measures *m = &e->features.measures;
	const struct review *review = e->rules.review;

	switch (part) {
	case PART_REACH:
		figure_count(w, "value", m->reach);
		figure_count(w, "full", review->full_reach);
		break;
	case PART_INITIATIVE:
		figure_count(w, "value", m->inbound);
		figure_count(w, "directed", m->directed);
		break;
	case PART_RHYTHM:
		figure_decay(w, "value", m->rhythm, false);
		figure_decay(w, "full", review->full_rhythm, false);
		break;
	case PART_ORDERS:
		figure_decay(w, "value", m->orders, false);
		figure_decay(w, "full", review->full_orders, false);
		break;
	case PART_BREADTH:
	case ENGAGEMENT_PARTS:
		figure_count(w, "value", m->lines_12m);
		figure_count(w, "full", review->lines_offered);
		break;
	}
}

static void write_potential_value(struct json_writer *w, const struct explained *e, enum potential_part part, int currency_digits)
{
	const struct review *review = e->rules.review;

	switch (part) {
	case PART_HEADROOM:
		write_headroom(w, e, currency_digits);
		break;
	case PART_WHITE_SPACE:
		figure_count(w, "value", review->lines_offered - e->features.measures.lines_12m);
		figure_count(w, "full", review->lines_offered);
		break;
	case PART_MOMENTUM:
		figure_share(w, "value", e->scoring.momentum.num, e->scoring.momentum.den);
		break;
	case PART_FIT:
	case POTENTIAL_PARTS:
		figure_score(w, "value", core_fit_shown(e->rules.policy, e->features.fit_passed_centi));
		break;
	}
}

static void write_part_end(struct json_writer *w, const struct component *part)
{
	figure_share(w, "share", part->share.num, part->share.den);
	figure_score(w, "weight", (int32_t)part->weight_centi);
	figure_score(w, "points", part->points_centi);
	json_close_object(w);
}

static void write_engagement_parts(struct json_writer *w, const struct explained *e)
{
	json_key(w, "components");
	json_open_array(w);
	for (int i = 0; i < ENGAGEMENT_PARTS; i++) {
		if (!e->scoring.engagement[i].available)
			continue;
		json_open_object(w);
		figure_text(w, "name", text_of(engagement_part_names[i]));
		write_engagement_value(w, e, (enum engagement_part)i);
		write_part_end(w, &e->scoring.engagement[i]);
	}
	json_close_array(w);
}

static void write_potential_parts(struct json_writer *w, const struct explained *e, int currency_digits)
{
	json_key(w, "components");
	json_open_array(w);
	for (int i = 0; i < POTENTIAL_PARTS; i++) {
		if (!e->scoring.potential[i].available)
			continue;
		json_open_object(w);
		figure_text(w, "name", text_of(potential_part_names[i]));
		write_potential_value(w, e, (enum potential_part)i, currency_digits);
		write_part_end(w, &e->scoring.potential[i]);
	}
	json_close_array(w);
}

static void write_unavailable(struct json_writer *w, const struct component *parts, const char *const *names, int count)
{
	json_key(w, "unavailable");
	json_open_array(w);
	for (int i = 0; i < count; i++) {
		if (parts[i].available)
			continue;
		json_open_object(w);
		figure_text(w, "name", text_of(names[i]));
		figure_text(w, "reason", TEXT("not recorded here"));
		json_close_object(w);
	}
	json_close_array(w);
}

/** What the score is compared with: a stored side holds within the margin. */
static void write_comparison(struct json_writer *w, const struct explained *e, int32_t score, int32_t cut, enum side stored, bool is_high)
{
	static const char *const sides[] = {[SIDE_NONE] = NULL, [SIDE_LOW] = "low", [SIDE_HIGH] = "high"};

	figure_score(w, "score", score);
	figure_score(w, "cut", cut);
	figure_score(w, "margin", e->rules.review->margin_centi);
	figure_text(w, "stored_side", text_of(sides[stored]));
	figure_text(w, "side", score < 0 ? (struct text){NULL, 0} : text_of(sides[is_high ? SIDE_HIGH : SIDE_LOW]));
}

static void write_scores(struct json_writer *w, const struct explained *e, int currency_digits)
{
	const struct scoring *s = &e->scoring;
	const struct review *review = e->rules.review;

	json_key(w, "engagement");
	json_open_object(w);
	write_comparison(w, e, s->engagement_centi, review->engagement_cut_centi, (enum side)e->features.engagement_side, s->engagement_high);
	write_engagement_parts(w, e);
	write_unavailable(w, s->engagement, engagement_part_names, ENGAGEMENT_PARTS);
	json_close_object(w);
	json_key(w, "potential");
	json_open_object(w);
	write_comparison(w, e, s->potential_centi, review->potential_cut_centi, (enum side)e->features.potential_side, s->potential_high);
	write_potential_parts(w, e, currency_digits);
	write_unavailable(w, s->potential, potential_part_names, POTENTIAL_PARTS);
	json_close_object(w);
}

/* ---- List, letting go, what would change ---- */

static void write_list(struct json_writer *w, const struct explained *e, int currency_digits)
{
	json_key(w, "list");
	json_open_object(w);
	figure_text(w, "list", text_of(list_name(e->scoring.list)));
	figure_money(w, "revenue_12m", e->features.measures.revenue_12m, currency_digits);
	if (e->rules.review->has_key_cutoff)
		figure_money(w, "key_cutoff", e->rules.review->key_cutoff, currency_digits);
	else
		figure_null(w, "key_cutoff");
	json_close_object(w);
}

/** Why an account is not on the let-go list, in the words of its rule; what ends by itself is followed by its day. */
static const char *const bars[] = {
	[LET_GO_CANDIDATE] = NULL,
	[LET_GO_NOT_ACTIVE] = "it is not active",
	[LET_GO_TIER] = "its tier is not one of those let go",
	[LET_GO_LIST] = "it is on no list",
	[LET_GO_SILENT_LKA] = "it earns nothing and costs no time",
	[LET_GO_PROTECTED] = "it is protected through",
	[LET_GO_COMMITTED] = "there is an open commitment",
	[LET_GO_KEPT] = "it was decided to keep it through",
	[LET_GO_TENURE] = "it has not been a client for min_tenure_days: since",
};

static int32_t day_of_bar(const struct explained *e, enum let_go_bar bar)
{
	switch (bar) {
	case LET_GO_PROTECTED: return e->let_go.protected_until;
	case LET_GO_KEPT: return e->let_go.kept_until;
	case LET_GO_TENURE: return core_let_go_client_since(&e->let_go, e->rules.policy);
	default: return DAY_NONE;
	}
}

static struct text bar_text(const struct explained *e, enum let_go_bar bar, struct arena *arena)
{
	int32_t day = day_of_bar(e, bar);
	char text[11];

	if (day == DAY_NONE)
		return text_of(bars[bar]);
	day_format(day, text);
	return text_format(arena, "%s %s", bars[bar], text);
}

static void write_let_go(struct json_writer *w, const struct explained *e, struct arena *arena)
{
	const struct scoring *s = &e->scoring;
	enum let_go_bar bar = core_let_go_bar(&e->let_go, e->rules.policy, e->present.day);

	json_key(w, "let_go");
	json_open_object(w);
	figure_bool(w, "candidate", bar == LET_GO_CANDIDATE);
	figure_text(w, "not_because", bar_text(e, bar, arena));
	figure_score(w, "keep_score", s->keep_score_centi);
	json_key(w, "components");
	json_open_array(w);
	for (int i = 0; s->keep_score_centi >= 0 && i < 3; i++) {
		const char *const names[] = {"value", "potential", "engagement"};
		const int32_t points[] = {s->keep_value_centi, s->keep_potential_centi, s->keep_engagement_centi};

		json_open_object(w);
		figure_text(w, "name", text_of(names[i]));
		figure_score(w, "points", points[i]);
		json_close_object(w);
	}
	json_close_array(w);
	json_close_object(w);
}

static enum status write_would_change(struct json_writer *w, const struct explained *e, int currency_digits, struct arena *arena)
{
	const struct standing_case standing = {&e->features, &e->let_go, e->rules.review, e->rules.policy, e->present.day,
	                                       e->standing.override.tier, &e->stored.record, e->findings};
	struct would_change change;
	enum status status = account_change_find(&standing, arena, &change);

	if (status == STATUS_OK)
		would_change_write(w, &change, true, currency_digits);
	return status;
}

static void write_unreviewed(struct json_writer *w)
{
	static const char *const names[] = {"engagement", "potential", "list", "let_go", "would_change"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		figure_null(w, names[i]);
	figure_text(w, "note", TEXT("nothing is classified before the first review"));
}

static void show(struct http_request *request, struct explained *e)
{
	struct json_writer w = json_writer_to(&request->answer);
	int digits = request->principal.currency_digits;
	enum status status;

	json_open_object(&w);
	figure_text(&w, "id", e->stored.record.id);
	status = http_standing_write(&w, &e->stored, &e->standing, e->present, e->rules, digits, request->arena);
	if (e->rules.review == NULL) {
		write_unreviewed(&w);
	} else {
		write_scores(&w, e, digits);
		write_list(&w, e, digits);
		write_let_go(&w, e, request->arena);
		if (status == STATUS_OK)
			status = write_would_change(&w, e, digits, request->arena);
	}
	if (status != STATUS_OK) {
		http_reply_problem(request, status, NULL);
		return;
	}
	json_close_object(&w);
	http_reply_json(request, 200);
}

/* ---- As it stands ---- */

static void unref(void *json)
{
	json_decref(json);
}

/** @param json  an array of texts, which then live as long as the arena; no text: none */
static enum status read_personas(struct arena *arena, struct text json, struct subject_facts *out)
{
	json_t *all = json.bytes == NULL ? NULL : json_loadb(json.bytes, json.length, 0, NULL);
	struct text *personas = arena_array(arena, json_array_size(all) + 1, sizeof(*personas));
	enum status status = arena_link(arena, unref, all);

	if (status != STATUS_OK || personas == NULL)
		return STATUS_NO_MEMORY;
	*out = (struct subject_facts){.personas = personas};
	for (; out->persona_count < json_array_size(all); out->persona_count++) {
		const json_t *persona = json_array_get(all, out->persona_count);

		personas[out->persona_count] = (struct text){json_string_value(persona), json_string_length(persona)};
	}
	return STATUS_OK;
}

/** Standings keep of an account how much it fits, not what each criterion finds. */
static enum status find_findings(struct arena *arena, struct row row, struct explained *e)
{
	struct subject_facts facts;
	struct qualified judged;
	enum status status = read_personas(arena, row_json(row, PERSONAS), &facts);

	if (status == STATUS_OK)
		status = subject_judge(e->rules.policy, &e->stored.record, false, &facts, arena, &judged);
	if (status == STATUS_OK)
		e->findings = judged.findings;
	return status;
}

static enum status explained_fill(struct http_request *request, struct row row, struct explained *e)
{
	const struct review *review = e->rules.review;
	int column = stored_record_read(row, RECORD, RECORD_ORGANISATION, request->ids[0], request->arena, &e->stored);
	enum status status;

	if (column < 0)
		return STATUS_NO_MEMORY;
	standing_read_shown(row, column, &e->standing);
	status = features_of(&e->stored, &e->standing, review == NULL ? NULL : &review->cohorts, e->present.day, request->arena, &e->features);
	if (status != STATUS_OK || review == NULL)
		return status;
	core_score(&e->features, review, e->rules.policy, &e->scoring);
	e->let_go = (struct let_go_facts){
		.is_active = e->features.is_active,
		.tier = e->standing.override.tier != TIER_NONE ? e->standing.override.tier : e->scoring.tier,
		.list = e->scoring.list,
		.minutes_12m = e->features.measures.minutes_12m,
		.protected_until = protected_until(&e->stored.record),
		.kept_until = row_day(row, KEPT_UNTIL),
		.client_since = client_since(&e->stored.record),
		.first_revenue_on = row_day(row, FIRST_REVENUE_ON),
		.book_first_revenue_on = review->book_first_revenue_on,
	};
	return find_findings(request->arena, row, e);
}

static void ask_present(struct http_request *request);

static void on_organisation(struct http_request *request, enum status status, const PGresult *rows)
{
	struct explained *e = request->state;
	struct row row = {rows, 0};

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the account could not be read");
		return;
	}
	if (PQntuples(rows) == 0 || !row_bool(row, RECORD)) {
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such account");
		return;
	}
	e->present = (struct http_present){row_day(row, DAY), (int32_t)row_int(row, POLICY), (int32_t)row_int(row, REVIEW)};
	if (!store_rules_find(http_store(request), request->principal.workspace, e->present.policy, e->present.review, &e->rules)) {
		http_rules_fetch(request, e->present.policy, e->present.review, ask_present);
		return;
	}
	status = explained_fill(request, row, e);
	if (status != STATUS_OK)
		http_reply_problem(request, status, NULL);
	else
		show(request, e);
}

static void ask_present(struct http_request *request)
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_text(&params, request->ids[0]);
	http_read_start(request, STATEMENT_EXPLAIN_ORGANISATION, &params, LANE_READ, on_organisation);
}

/* ---- As it stood ---- */

static void write_recorded_parts(struct json_writer *w, struct row row, int column, const char *const *names, const int64_t *weights,
                                 int count)
{
	json_key(w, "components");
	json_open_array(w);
	for (int i = 0; i < count; i++) {
		if (row_is_null(row, column + i) || row_int(row, column + i) < 0)
			continue;
		json_open_object(w);
		figure_text(w, "name", text_of(names[i]));
		figure_score(w, "weight", (int32_t)weights[i]);
		figure_score(w, "points", (int32_t)row_int(row, column + i));
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_recorded_scores(struct json_writer *w, struct row row, struct rules rules)
{
	json_key(w, "engagement");
	json_open_object(w);
	change_score_write(w, "score", row, CHANGE_ENGAGEMENT);
	figure_score(w, "cut", rules.review == NULL ? -1 : rules.review->engagement_cut_centi);
	write_recorded_parts(w, row, CHANGE_ENGAGEMENT_POINTS, engagement_part_names, rules.policy->engagement_weight_centi, ENGAGEMENT_PARTS);
	json_close_object(w);
	json_key(w, "potential");
	json_open_object(w);
	change_score_write(w, "score", row, CHANGE_POTENTIAL);
	figure_score(w, "cut", rules.review == NULL ? -1 : rules.review->potential_cut_centi);
	write_recorded_parts(w, row, CHANGE_POTENTIAL_POINTS, potential_part_names, rules.policy->potential_weight_centi, POTENTIAL_PARTS);
	json_close_object(w);
}

static void write_recorded(struct json_writer *w, const struct http_request *request, struct row row, struct rules rules)
{
	json_key(w, "classification");
	json_open_object(w);
	figure_text(w, "tier", row_text(row, CHANGE_TIER));
	figure_text(w, "list", row_text(row, CHANGE_LIST));
	change_score_write(w, "engagement", row, CHANGE_ENGAGEMENT);
	change_score_write(w, "potential", row, CHANGE_POTENTIAL);
	recorded_rules_write(w, row);
	change_override_write(w, row, CHANGE_OVERRIDE);
	json_close_object(w);
	write_recorded_scores(w, row, rules);
	/* It was a prospect then. */
	if (!row_is_null(row, CHANGE_VERDICT))
		recorded_qualification_write(w, request, row, rules);
}

static const struct recorded_kind recorded_account = {
	.is_account = true, .noun = "an account", .write = write_recorded,
};

static void get_explanation(struct http_request *request)
{
	if (request->arguments[AT].given) {
		recorded_start(request, request->arguments[AT].integer, &recorded_account);
		return;
	}
	request->state = arena_alloc(request->arena, sizeof(struct explained));
	if (request->state == NULL)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	else
		ask_present(request);
}

static const struct http_parameter parameters[] = {[AT] = {"at", HTTP_INSTANT, 0, 0, NULL, 0}, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters */
const struct http_route http_explanation_routes[HTTP_EXPLANATION_ROUTES] = {
	{HTTP_GET, "/v1/accounts/{id}/explanation", ROLE_READ, HTTP_BODY_NONE, get_explanation, parameters, NULL, 0, NULL},
};
