/* SPDX-License-Identifier: Apache-2.0 */
/* Closed deals to size bands: edges, sums, cycles (domain.md §6). What the sums are worth is band_verdicts.c. */
#include "service/core/bands.h"

#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/review.h>

#include "service/core/select.h"

#define MOST_BANDS 5
#define DEALS_A_BAND 10
#define MEDIAN 50

static const char *const basis_names[] = {[EFFORT_DAYS] = "days", [EFFORT_HOURS] = "hours"};

const char *effort_basis_name(enum effort_basis basis)
{
	return basis_names[basis];
}

/** The won deals of one organisation. */
struct customer {
	int128 won_minor;
	int64_t won;
};

/** One computation under way. */
struct banding {
	const struct deal_book *book;
	struct size_bands out;
	int64_t *values;       /* scratch, by deal: amounts, then cycle days band by band */
	size_t sized;          /* deals with an amount */
	int64_t *edges;
	size_t edge_count;
	struct customer *customers;
	size_t *cycle_ends;    /* by band: where its cycle days end */
};

/** One place more than needed, so that an empty book is no special case. */
static void *take(struct arena *arena, size_t count, size_t bytes, bool *is_short)
{
	void *memory = arena_array(arena, count + 1, bytes);

	*is_short |= memory == NULL;
	return memory;
}

static enum status take_memory(struct banding *work, struct arena *arena)
{
	const struct deal_book *book = work->book;
	size_t edges = book->edges != NULL ? book->edge_count : MOST_BANDS;
	bool is_short = false;

	work->values = take(arena, book->count, sizeof(*work->values), &is_short);
	work->edges = take(arena, edges, sizeof(*work->edges), &is_short);
	work->customers = take(arena, book->organisation_count, sizeof(*work->customers), &is_short);
	work->cycle_ends = take(arena, edges, sizeof(*work->cycle_ends), &is_short);
	work->out.bands = take(arena, edges, sizeof(*work->out.bands), &is_short);
	work->out.sellers = take(arena, book->seller_count, sizeof(*work->out.sellers), &is_short);
	return is_short ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- One deal ---- */

static bool is_sized(const struct closed_deal *deal)
{
	return deal->amount_minor > 0;
}

static bool has_cycle(const struct closed_deal *deal)
{
	return deal->opened_on != DAY_NONE && deal->opened_on <= deal->closed_on;
}

static bool has_hours(const struct closed_deal *deal)
{
	return has_cycle(deal) && deal->organisation >= 0;
}

/** Only the won tell how long winning takes. */
static bool tells_cycle(const struct closed_deal *deal)
{
	return is_sized(deal) && deal->won && has_cycle(deal);
}

static void sum_add(struct deal_sum *sum, const struct closed_deal *deal, enum effort_basis basis)
{
	bool is_pursuit = basis == EFFORT_HOURS ? has_hours(deal) : has_cycle(deal);

	sum->deals++;
	sum->won += deal->won;
	sum->won_minor += deal->won ? deal->amount_minor : 0;
	sum->pursuits += is_pursuit;
	if (is_pursuit)
		sum->effort += basis == EFFORT_HOURS ? deal->minutes : deal->closed_on - deal->opened_on;
}

/* ---- Edges ---- */

static void gather_amounts(struct banding *work)
{
	const struct deal_book *book = work->book;

	for (size_t i = 0; i < book->count; i++) {
		const struct closed_deal *deal = &book->deals[i];

		if (!is_sized(deal)) {
			work->out.without_amount++;
			continue;
		}
		work->values[work->sized++] = deal->amount_minor;
		if (has_hours(deal) && deal->minutes > 0)
			work->out.basis = EFFORT_HOURS;
	}
}

/** The distinct amounts at position ceil(j N ÷ q), counted from 1. */
static void find_edges(struct banding *work)
{
	size_t count = work->sized;
	size_t bands = count / DEALS_A_BAND < MOST_BANDS ? count / DEALS_A_BAND : MOST_BANDS;

	for (size_t j = 1; j < bands; j++) {
		int64_t edge = select_rank(work->values, count, (j * count + bands - 1) / bands - 1);

		if (work->edge_count == 0 || edge > work->edges[work->edge_count - 1])
			work->edges[work->edge_count++] = edge;
	}
}

static void set_edges(struct banding *work)
{
	const struct deal_book *book = work->book;

	if (book->edges == NULL) {
		find_edges(work);
		return;
	}
	memcpy(work->edges, book->edges, book->edge_count * sizeof(*work->edges));
	work->edge_count = book->edge_count;
}

/** How many edges are not above the amount, which is the band's number. */
static size_t band_of(const struct banding *work, int128 amount, int64_t of)
{
	size_t low = 0;
	size_t high = work->edge_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if ((int128)work->edges[middle] * of <= amount)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- Sums ---- */

static void add_deal(struct banding *work, const struct closed_deal *deal)
{
	size_t band = band_of(work, deal->amount_minor, 1);

	sum_add(&work->out.all, deal, work->out.basis);
	sum_add(&work->out.bands[band].sum, deal, work->out.basis);
	work->cycle_ends[band] += tells_cycle(deal);
	if (deal->seller >= 0)
		sum_add(&work->out.sellers[deal->seller], deal, work->out.basis);
	if (deal->won && deal->organisation >= 0) {
		work->customers[deal->organisation].won_minor += deal->amount_minor;
		work->customers[deal->organisation].won++;
	}
}

static void add_deals(struct banding *work)
{
	const struct deal_book *book = work->book;

	for (size_t i = 0; i < book->count; i++)
		if (is_sized(&book->deals[i]))
			add_deal(work, &book->deals[i]);
}

static void add_customers(struct banding *work)
{
	for (size_t i = 0; i < work->book->organisation_count; i++) {
		const struct customer *customer = &work->customers[i];
		struct size_band *band;

		if (customer->won == 0)
			continue;
		band = &work->out.bands[band_of(work, customer->won_minor, customer->won)];
		band->accounts++;
		band->service_minutes += work->book->minutes_12m[i];
	}
}

/* ---- Cycles ---- */

/** Each won deal's days, those of one band side by side: counted, then filled in from where the band before ends. */
static void gather_cycles(struct banding *work)
{
	const struct deal_book *book = work->book;
	size_t start = 0;

	for (size_t band = 0; band <= work->edge_count; band++) {
		size_t count = work->cycle_ends[band];

		work->cycle_ends[band] = start;
		start += count;
	}
	for (size_t i = 0; i < book->count; i++) {
		const struct closed_deal *deal = &book->deals[i];

		if (tells_cycle(deal))
			work->values[work->cycle_ends[band_of(work, deal->amount_minor, 1)]++] = deal->closed_on - deal->opened_on;
	}
}

static void find_medians(struct banding *work)
{
	size_t start = 0;

	gather_cycles(work);
	for (size_t i = 0; i <= work->edge_count; i++) {
		size_t count = work->cycle_ends[i] - start;

		work->out.bands[i].median_cycle_days = count == 0 ? -1 : (int32_t)core_percentile(work->values + start, count, MEDIAN);
		start = work->cycle_ends[i];
	}
}

/* ---- The whole ---- */

/** Bands without a deal go; the others keep their edges. */
static void drop_empty(struct banding *work)
{
	struct size_bands *out = &work->out;

	for (size_t i = 0; i <= work->edge_count; i++) {
		struct size_band band = out->bands[i];

		if (band.sum.deals == 0)
			continue;
		band.from_minor = i == 0 ? 0 : work->edges[i - 1];
		band.to_minor = i == work->edge_count ? 0 : work->edges[i];
		out->bands[out->count++] = band;
	}
}

enum status core_bands_compute(const struct deal_book *book, struct arena *arena, struct size_bands *out)
{
	struct banding work = {.book = book, .out = {.selling = book->selling, .seller_count = book->seller_count}};

	if (take_memory(&work, arena) != STATUS_OK)
		return STATUS_NO_MEMORY;
	gather_amounts(&work);
	set_edges(&work);
	add_deals(&work);
	add_customers(&work);
	find_medians(&work);
	drop_empty(&work);
	bands_judge(&work.out);
	*out = work.out;
	return STATUS_OK;
}
