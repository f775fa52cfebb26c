/* SPDX-License-Identifier: Apache-2.0 */
/* What a review freezes from the whole book (domain.md §1–§3). Cohorts are review_cohorts.c; storing it is the jobs'. */
#include <sweetspot/review.h>

#include <sweetspot/calendar.h>

#include "service/core/review_cohorts.h"
#include "service/core/score.h"
#include "service/core/select.h"

#define FULL_PERCENTILE 90
/* With two years of revenue, momentum compares years; before, half years. */
#define TWO_YEARS_DAYS 730

/** A measure of those clients where it is above 0. */
struct column {
	int64_t *values;
	size_t count;
};

/** One computation under way. */
struct computation {
	const struct book *book;
	const struct policy *policy;
	const struct book_windows *windows;
	size_t count;
	size_t clients;
	struct column reach, rhythm, orders;
	struct cohort_space space;
	int64_t *estimates;    /* by cell of the table's industries */
	uint32_t *engagement;  /* histograms of the clients' scores; [-1] counts those that have none */
	uint32_t *potential;
	struct review review;
};

enum revenue_source core_revenue_source(const struct policy *policy, bool has_revenue_entries)
{
	if (policy->revenue_from != REVENUE_AUTO)
		return policy->revenue_from;
	return has_revenue_entries ? REVENUE_FROM_ENTRIES : REVENUE_FROM_DEALS;
}

/** Scratch and tables out of an arena; once memory was short it stays short. */
struct taking {
	struct arena *arena;
	bool is_short;
};

/** One place more than needed, so that an empty book is no special case. */
static void *take(struct taking *taking, size_t count, size_t bytes)
{
	void *memory = arena_array(taking->arena, count + 1, bytes);

	taking->is_short |= memory == NULL;
	return memory;
}

/** A table has no more groups of five than the book has fives. */
static void take_cohort_space(struct computation *work, struct taking *taking)
{
	struct cohort_space *space = &work->space;
	size_t industries = (size_t)work->book->industry_count;
	size_t fives = work->count / COHORT_LEAST_CLIENTS;
	size_t cells = (industries + 1) * BANDS;

	space->starts = take(taking, cells, sizeof(*space->starts));
	space->picked = take(taking, industries, sizeof(*space->picked));
	space->map = take(taking, industries, sizeof(*space->map));
	space->industries = take(taking, industries < fives ? industries : fives, sizeof(*space->industries));
	space->rows = take(taking, cells < fives * 2 ? cells : fives * 2, sizeof(*space->rows));
	work->estimates = take(taking, cells, sizeof(*work->estimates));
}

/** Two columns: the book is gone through once for two measures, and once more for the third and the revenues. */
static void take_columns(struct computation *work, struct taking *taking)
{
	int64_t *first = take(taking, work->count, sizeof(*first));
	int64_t *second = take(taking, work->count, sizeof(*second));

	work->reach.values = work->orders.values = first;
	work->rhythm.values = work->space.values = second;
}

static enum status take_memory(struct computation *work, struct arena *arena)
{
	struct taking taking = {.arena = arena};
	uint32_t *histograms = take(&taking, (size_t)2 * (SCORE_SLOTS + 1), sizeof(*histograms));

	take_columns(work, &taking);
	take_cohort_space(work, &taking);
	if (taking.is_short)
		return STATUS_NO_MEMORY;
	work->engagement = histograms + 1;
	work->potential = work->engagement + SCORE_SLOTS + 1;
	return STATUS_OK;
}

static void column_push(struct column *column, int64_t value)
{
	column->values[column->count] = value;
	column->count += value > 0;
}

static void gather_touches(struct computation *work, const struct features *features)
{
	work->clients++;
	cohort_count(&work->space, cell_of(features->industry, features->employee_band));
	column_push(&work->reach, features->measures.reach);
	column_push(&work->rhythm, features->measures.rhythm);
	work->review.initiative_available |= features->measures.directed > 0;
}

static void gather_revenue(struct computation *work, const struct features *features)
{
	cohort_place(&work->space, cell_of(features->industry, features->employee_band), features->measures.revenue_12m);
	column_push(&work->orders, features->measures.orders);
}

static void gather_clients(struct computation *work, void (*gather)(struct computation *work, const struct features *features))
{
	struct features *features;
	size_t count;

	while ((features = work->windows->next(work->windows->context, &count)) != NULL)
		for (size_t i = 0; i < count; i++)
			if (core_is_client(&features[i]))
				gather(work, &features[i]);
}

static void freeze_book(struct computation *work)
{
	const struct book *book = work->book;
	const struct policy *policy = work->policy;
	struct review *review = &work->review;

	review->number = book->number;
	review->policy_version = policy->version;
	review->margin_centi = policy->margin_centi;
	review->day = book->day;
	review->provisional = book->provisional;
	review->clients = (int64_t)work->clients;
	review->revenue_source = core_revenue_source(policy, book->has_revenue_entries);
	review->half_year_momentum = book->first_revenue_on == DAY_NONE || (int64_t)book->day - book->first_revenue_on < TWO_YEARS_DAYS;
	review->lines_offered = policy->lines_stated ? policy->line_count : book->distinct_lines;
	review->deals_per_year = book->deals_per_year;
	review->book_first_revenue_on = book->first_revenue_on;
}

/** The policy's full mark, else the 90th percentile; 0, for "not recorded here", when no client has any. */
static int64_t full_mark(const struct column *column, int64_t stated)
{
	if (column->count == 0)
		return 0;
	return stated > 0 ? stated : core_percentile(column->values, column->count, FULL_PERCENTILE);
}

/** Everything that ranks clients reads columns; what was there before in the same memory has been ranked. */
static void rank_clients(struct computation *work)
{
	struct review *review = &work->review;
	const struct policy *policy = work->policy;

	gather_clients(work, gather_touches);
	review->full_reach = full_mark(&work->reach, policy->full_reach);
	review->full_rhythm = full_mark(&work->rhythm, policy->full_rhythm);
	core_cohorts_lay_out(work->book, &work->space);
	gather_clients(work, gather_revenue);
	review->full_orders = full_mark(&work->orders, policy->full_orders);
	review->cohorts = core_cohorts_freeze(work->book, work->clients, &work->space);
}

/** Sums of money end at the edge of their type: nobody earns that much, and nothing may overflow. */
static int64_t money_sum(int128 sum)
{
	return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

static void freeze_key_list(struct computation *work)
{
	int64_t *revenue = work->space.values;
	struct review *review = &work->review;
	int128 key = 0;
	int128 all = 0;

	if (work->clients == 0)
		return;
	review->has_key_cutoff = true;
	review->key_cutoff = core_key_cutoff(revenue, work->clients, work->policy->key_pct_centi);
	for (size_t i = 0; i < work->clients; i++) {
		all += revenue[i];
		key += revenue[i] >= review->key_cutoff ? revenue[i] : 0;
	}
	review->key_revenue = money_sum(key);
	review->revenue = money_sum(all);
}

/** What cohort_find answers, for every cell at once: a million binary searches take longer than all the rest. */
static void spread_estimates(struct computation *work)
{
	const struct cohorts *cohorts = &work->review.cohorts;

	for (int32_t industry = -1; industry < cohorts->industry_count; industry++)
		for (uint8_t band = 0; band < BANDS; band++)
			work->estimates[cell_of(industry, band)] = cohort_find(cohorts, industry, band)->p75;
}

static void count_score(struct computation *work, const struct scales *scales, struct features *features)
{
	struct scores scores;
	int64_t estimate;

	if (features->industry >= 0)
		features->industry = work->space.map[features->industry];
	if (!core_is_client(features))
		return;
	estimate = work->estimates[cell_of(features->industry, features->employee_band)];
	scores = core_client_scores(features, &work->review, scales, estimate);
	work->engagement[scores.engagement_centi]++;
	work->potential[scores.potential_centi]++;
}

static void count_scores(struct computation *work)
{
	struct scales scales = core_scales(&work->review, work->policy);
	struct features *features;
	size_t count;

	while ((features = work->windows->next(work->windows->context, &count)) != NULL)
		for (size_t i = 0; i < count; i++)
			count_score(work, &scales, &features[i]);
}

static int32_t cut_of(const struct cut_rule *rule, const uint32_t *histogram, size_t clients)
{
	return rule->is_score ? rule->score_centi : core_cut_percentile(histogram, clients - histogram[-1], rule->percentile);
}

/** The cut-offs compare clients with one another, so they come last, under everything else the review froze. */
static void freeze_cuts(struct computation *work)
{
	struct review *review = &work->review;

	if (work->clients > 0)
		spread_estimates(work);
	count_scores(work);
	review->engagement_cut_centi = cut_of(&work->policy->engagement_cut, work->engagement, work->clients);
	review->potential_cut_centi = cut_of(&work->policy->potential_cut, work->potential, work->clients);
}

enum status core_review_compute_windows(const struct book *book, const struct policy *policy, const struct book_windows *windows,
                                        size_t count, struct arena *arena, struct review *out)
{
	struct computation work = {.book = book, .policy = policy, .windows = windows, .count = count};

	if (take_memory(&work, arena) != STATUS_OK)
		return STATUS_NO_MEMORY;
	rank_clients(&work);
	freeze_book(&work);
	freeze_key_list(&work);
	freeze_cuts(&work);
	*out = work.review;
	return STATUS_OK;
}

/** A book in one piece: a single window, then its end. */
struct whole {
	struct features *features;
	size_t count;
	bool was_given;
};

static struct features *next_whole(void *context, size_t *count)
{
	struct whole *whole = context;

	whole->was_given = !whole->was_given;
	*count = whole->count;
	return whole->was_given ? whole->features : NULL;
}

enum status core_review_compute(const struct book *book, const struct policy *policy, struct features *features, size_t count,
                                struct arena *arena, struct review *out)
{
	struct whole whole = {.features = features, .count = count};
	const struct book_windows windows = {next_whole, &whole};

	return core_review_compute_windows(book, policy, &windows, count, arena, out);
}

int32_t core_fiscal_year_start(const struct policy *policy, int32_t day)
{
	struct civil_date start = {day_to_civil(day).year, policy->fiscal_month, policy->fiscal_day};

	if (day_from_civil(start) > day)
		start.year--;
	return day_from_civil(start);
}
