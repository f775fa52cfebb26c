/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the let-go list, with their reasons in words. Who is on it and in which order is core's and let_go_routes.c's. */
#include "let_go_entry.h"

#include "figures.h"
#include "http.h"

#define SCORE_MOST 10000
#define WHOLE_SHARE 10000

/* ---- What would take it off ---- */

/** The first score on the other side of the cut-off. */
static int32_t other_side(int32_t score, int32_t cut, enum side stored, int32_t margin)
{
	int32_t edge = stored == SIDE_HIGH ? cut - margin : stored == SIDE_LOW ? cut + margin : cut;

	return score >= edge ? edge - 1 : edge;
}

static int32_t apart(int32_t a, int32_t b)
{
	return a < b ? b - a : a - b;
}

/** Take the change if it is possible, helps, and is nearer than the best so far; `from` 0 is infinitely far from everything. */
static void try_escape(struct let_go_escape *best, int64_t best_distance[2], const char *measure, int32_t from, int32_t needs)
{
	int64_t far = apart(from, needs);

	if (needs < 0 || needs > SCORE_MOST)
		return;
	if (best->measure != NULL && (from == 0 || (best_distance[1] != 0 && far * best_distance[1] >= best_distance[0] * from)))
		return;
	*best = (struct let_go_escape){measure, needs};
	best_distance[0] = far;
	best_distance[1] = from;
}

struct let_go_escape let_go_escape_find(const struct let_go_scores *scores, const struct review *review, const struct policy *policy)
{
	struct let_go_escape best = {NULL, 0};
	int64_t distance[2] = {0, 0};
	int32_t engagement = other_side(scores->engagement_centi, review->engagement_cut_centi, scores->engagement_side, review->margin_centi);
	int32_t potential = other_side(scores->potential_centi, review->potential_cut_centi, scores->potential_side, review->margin_centi);
	bool engagement_high = engagement < scores->engagement_centi, potential_high = potential < scores->potential_centi;

	if (!scores->by_hand && !policy->let_go_tier[core_tier_assign(!engagement_high, potential_high)])
		try_escape(&best, distance, "engagement", scores->engagement_centi, engagement);
	if (scores->list == LIST_LKA && scores->minutes_12m > 0 && scores->minutes_12m <= SCORE_MOST)
		try_escape(&best, distance, "hours_12m", (int32_t)scores->minutes_12m, 0);
	if (!scores->by_hand && !policy->let_go_tier[core_tier_assign(engagement_high, !potential_high)])
		try_escape(&best, distance, "potential", scores->potential_centi, potential);
	return best;
}

/* ---- In words ---- */

/** An amount as people read it: 1234.50 EUR. */
static struct text money_text(const struct let_go_book *book, int64_t minor)
{
	int64_t one = 1;

	for (int i = 0; i < book->currency_digits; i++)
		one *= 10;
	if (book->currency_digits == 0)
		return text_format(book->arena, "%lld %.*s", (long long)minor, TEXT_ARGS(book->currency));
	return text_format(book->arena, "%s%lld.%0*lld %.*s", minor < 0 ? "-" : "", (long long)((minor < 0 ? -minor : minor) / one),
	                   book->currency_digits, (long long)((minor < 0 ? -minor : minor) % one), TEXT_ARGS(book->currency));
}

static struct text hour_text(const struct let_go_book *book, int64_t margin, int64_t minutes)
{
	return money_text(book, number_divide_rounded((int128)margin * 60, minutes));
}

static struct text tier_reason(const struct let_go_book *book, struct row row, const struct override *override)
{
	const struct review *review = book->rules.review;
	int32_t engagement = (int32_t)row_int(row, LET_GO_ENGAGEMENT), potential = (int32_t)row_int(row, LET_GO_POTENTIAL);

	if (override->tier != TIER_NONE)
		return text_format(book->arena, "tier %s by hand: %.*s", tier_name(override->tier), TEXT_ARGS(override->reason));
	return text_format(book->arena, "tier %.*s: engagement %d.%02d against a cut-off of %d.%02d, potential %d.%02d against %d.%02d",
	                   TEXT_ARGS(row_text(row, LET_GO_TIER_NAME)), engagement / 100, engagement % 100, review->engagement_cut_centi / 100,
	                   review->engagement_cut_centi % 100, potential / 100, potential % 100, review->potential_cut_centi / 100,
	                   review->potential_cut_centi % 100);
}

static struct text revenue_reason(const struct let_go_book *book, const struct measures *measures)
{
	const struct review *review = book->rules.review;
	struct text revenue = money_text(book, measures->revenue_12m);
	int64_t permille;

	if (measures->revenue_12m <= 0)
		return text_format(book->arena, "no revenue in 12 months");
	if (!review->has_key_cutoff)
		return text_format(book->arena, "revenue of %.*s in 12 months", TEXT_ARGS(revenue));
	permille = number_divide_rounded((int128)measures->revenue_12m * 1000, review->key_cutoff);
	return text_format(book->arena, "revenue of %.*s in 12 months, %lld.%lld %% of what the key list begins with", TEXT_ARGS(revenue),
	                   (long long)(permille / 10), (long long)(permille % 10));
}

static struct text hours_reason(const struct let_go_book *book, const struct measures *measures)
{
	struct text own, all;
	int64_t tenths;

	if (measures->minutes_12m <= 0)
		return text_format(book->arena, "no time is recorded on it");
	tenths = number_divide_rounded(measures->minutes_12m, 6);
	own = hour_text(book, measures->margin_12m, measures->minutes_12m);
	if (book->minutes <= 0)
		return text_format(book->arena, "%lld.%lld hours at %.*s an hour", (long long)(tenths / 10), (long long)(tenths % 10),
		                   TEXT_ARGS(own));
	all = hour_text(book, book->margin, book->minutes);
	return text_format(book->arena, "%lld.%lld hours at %.*s an hour, against %.*s for the book", (long long)(tenths / 10),
	                   (long long)(tenths % 10), TEXT_ARGS(own), TEXT_ARGS(all));
}

/** Falling or growing revenue; no text where it stands still or there is none. */
static struct text momentum_reason(const struct let_go_book *book, const struct measures *measures)
{
	bool is_half = book->rules.review->half_year_momentum;
	int64_t now = is_half ? measures->revenue_182 : measures->revenue_12m;
	int64_t before = is_half ? measures->revenue_prior_182 : measures->revenue_prior_12m;
	struct share momentum = measures_momentum(measures, book->rules.review);
	struct text now_text = money_text(book, now), before_text = money_text(book, before);

	int64_t shown = number_divide_rounded(momentum.num * WHOLE_SHARE, momentum.den);

	if (now == before || now + before <= 0)
		return (struct text){NULL, 0};
	return text_format(book->arena, "revenue is %s: %.*s in the last %s after %.*s before, momentum %lld.%04lld",
	                   now < before ? "falling" : "growing", TEXT_ARGS(now_text), is_half ? "182 days" : "12 months",
	                   TEXT_ARGS(before_text), (long long)(shown / WHOLE_SHARE), (long long)(shown % WHOLE_SHARE));
}

static bool write_reasons(struct json_writer *w, struct row row, const struct measures *measures, const struct override *override,
                          const struct let_go_book *book)
{
	struct text momentum = momentum_reason(book, measures);
	const struct text reasons[] = {tier_reason(book, row, override), revenue_reason(book, measures), hours_reason(book, measures)};
	bool has_memory = true;

	json_key(w, "reasons");
	json_open_array(w);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		has_memory = has_memory && reasons[i].bytes != NULL;
		json_text(w, reasons[i]);
	}
	if (momentum.bytes != NULL)
		json_text(w, momentum);
	json_close_array(w);
	return has_memory;
}

/* ---- The entry ---- */

struct let_go_facts let_go_facts_of(struct row row, const struct review *review)
{
	enum tier by_hand = tier_of_name(row_text(row, SCAN_TIER_BY_HAND));

	return (struct let_go_facts){
		.is_active = text_equal(row_text(row, SCAN_STATUS), TEXT("active")),
		.tier = by_hand != TIER_NONE ? by_hand : tier_of_name(row_text(row, SCAN_TIER_NAME)),
		.list = list_of_name(row_text(row, SCAN_LIST_NAME)),
		.minutes_12m = row_int(row, SCAN_MINUTES_12M),
		.protected_until = row_day(row, SCAN_PROTECTED_UNTIL),
		.kept_until = row_day(row, SCAN_KEPT_UNTIL),
		.client_since = row_day(row, SCAN_CLIENT_SINCE),
		.first_revenue_on = row_day(row, SCAN_FIRST_REVENUE_ON),
		.book_first_revenue_on = review->book_first_revenue_on,
	};
}

/** The two parts of scores are rounded by themselves; value is the rest of the sum. */
static void write_components(struct json_writer *w, struct row row)
{
	int32_t potential = ((int32_t)row_int(row, LET_GO_POTENTIAL) * 4 + 5) / 10;
	int32_t engagement = ((int32_t)row_int(row, LET_GO_ENGAGEMENT) * 2 + 5) / 10;
	const char *const names[] = {"value", "potential", "engagement"};
	const int32_t points[] = {(int32_t)row_int(row, LET_GO_KEEP_SCORE) - potential - engagement, potential, engagement};

	json_key(w, "components");
	json_open_array(w);
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		json_open_object(w);
		figure_text(w, "name", text_of(names[i]));
		figure_score(w, "points", points[i]);
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_escape(struct json_writer *w, struct row row, const struct measures *measures, bool by_hand, struct rules rules)
{
	const struct let_go_scores scores = {
		.engagement_centi = (int32_t)row_int(row, LET_GO_ENGAGEMENT),
		.potential_centi = (int32_t)row_int(row, LET_GO_POTENTIAL),
		.engagement_side = (enum side)row_int(row, LET_GO_ENGAGEMENT_SIDE),
		.potential_side = (enum side)row_int(row, LET_GO_POTENTIAL_SIDE),
		.list = list_of_name(row_text(row, LET_GO_LIST_NAME)),
		.minutes_12m = measures->minutes_12m,
		.by_hand = by_hand,
	};
	struct let_go_escape escape = let_go_escape_find(&scores, rules.review, rules.policy);

	json_key(w, "would_change");
	if (escape.measure == NULL) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	figure_text(w, "measure", text_of(escape.measure));
	figure_score(w, "needs", escape.needs_centi);
	json_close_object(w);
}

enum status let_go_entry_write(struct json_writer *w, struct row row, int64_t rank, bool within_budget,
                               const struct let_go_book *book)
{
	struct measures measures;
	struct override override;
	bool has_memory;

	override_read(row, measures_read(row, LET_GO_MEASURES, &measures), &override);
	json_open_object(w);
	figure_count(w, "rank", rank);
	figure_text(w, "account", row_text(row, LET_GO_ACCOUNT));
	figure_text(w, "name", row_text(row, LET_GO_NAME));
	figure_text(w, "seller", row_text(row, LET_GO_SELLER));
	figure_tier(w, "tier", override.tier != TIER_NONE ? override.tier : tier_of_name(row_text(row, LET_GO_TIER_NAME)));
	json_key(w, "override");
	http_override_write(w, &override);
	figure_score(w, "keep_score", (int32_t)row_int(row, LET_GO_KEEP_SCORE));
	write_components(w, row);
	figure_text(w, "list", row_text(row, LET_GO_LIST_NAME));
	figure_bool(w, "within_budget", within_budget);
	figure_money(w, "revenue_12m", measures.revenue_12m, book->currency_digits);
	figure_hours(w, "hours_12m", measures.minutes_12m);
	figure_value_per_hour(w, "value_per_hour", measures.margin_12m, measures.minutes_12m, book->currency_digits);
	has_memory = write_reasons(w, row, &measures, &override, book);
	write_escape(w, row, &measures, override.tier != TIER_NONE, book->rules);
	json_close_object(w);
	return has_memory ? STATUS_OK : STATUS_NO_MEMORY;
}
