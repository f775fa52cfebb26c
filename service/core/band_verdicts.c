/* SPDX-License-Identifier: Apache-2.0 */
/* What bands are worth: index, sweet spot, which are too small, the floor (domain.md §6). Their sums are bands.c. */
#include "service/core/bands.h"

#define PRIOR_DEALS 20
#define LEAST_DEALS 10
#define INDEX_ONE 10000
#define TOO_SMALL_BELOW 5000
/* Hundredths of an hour, times hundredths of a percent. */
#define HOURS_SCALE 1000000

static const char *const verdict_names[BAND_VERDICTS] = {
	[BAND_OUTSIDE] = "outside",
	[BAND_SWEET_SPOT] = "sweet_spot",
	[BAND_TOO_SMALL] = "too_small",
	[BAND_CANNOT_TELL] = "cannot_tell",
};

const char *band_verdict_name(enum band_verdict verdict)
{
	return verdict_names[verdict];
}

struct rate band_rate(const struct deal_sum *all, const struct deal_sum *band)
{
	return (struct rate){
		.num = (uint64_t)band->won * (uint64_t)all->deals + PRIOR_DEALS * (uint64_t)all->won,
		.den = (uint64_t)all->deals * (uint64_t)(band->deals + PRIOR_DEALS),
	};
}

/* ---- Index ---- */

enum band_silence core_band_silence(const struct deal_sum *band)
{
	if (band->deals < LEAST_DEALS)
		return BAND_FEW_DEALS;
	if (band->won == 0)
		return BAND_NONE_WON;
	if (band->pursuits == 0)
		return BAND_NO_EFFORT;
	return band->effort <= 0 ? BAND_EFFORT_OF_NOTHING : BAND_TELLS;
}

/** rate × (won money ÷ won) ÷ (effort ÷ pursuits), over the same of all deals, whose rate is K ÷ N. */
static int64_t band_index(const struct deal_sum *all, const struct deal_sum *band)
{
	const struct rate rate = band_rate(all, band);
	struct wide_quotient index;

	if (core_band_silence(band) != BAND_TELLS)
		return -1;
	index.num = wide_times(wide_times(wide_of((uint128)band->won_minor), rate.num), (uint128)band->pursuits);
	index.num = wide_times(wide_times(index.num, (uint128)all->effort), (uint128)all->deals * INDEX_ONE);
	index.den = wide_times(wide_times(wide_of((uint128)all->won_minor), rate.den), (uint128)band->won);
	index.den = wide_times(wide_times(index.den, (uint128)band->effort), (uint128)all->pursuits);
	return wide_round(index, EXACT_MAX);
}

/* ---- The roll-up ---- */

bool band_effort_until_won(const struct size_bands *bands, const struct size_band *band, struct wide_quotient *out)
{
	const struct rate rate = band_rate(&bands->all, &band->sum);
	const bool has_service = bands->basis == EFFORT_HOURS && band->accounts > 0;
	const uint64_t minutes = has_service ? (uint64_t)band->service_minutes : 0;
	const uint64_t accounts = has_service ? (uint64_t)band->accounts : 1;
	const uint64_t unit = bands->basis == EFFORT_HOURS ? HOUR_MINUTES : 1;
	struct wide won = wide_times(wide_times(wide_of((uint128)band->sum.effort), rate.den), accounts);
	struct wide served = wide_times(wide_times(wide_of(minutes), (uint128)band->sum.pursuits), rate.num);

	out->num = wide_plus(won, served);
	out->den = wide_times(wide_times(wide_of((uint128)band->sum.pursuits * unit), rate.num), accounts);
	return !wide_is_zero(out->den);
}

/** average × H ÷ h, with H = weekly hours × 46 × the share that is not account management. */
bool band_year(const struct size_bands *bands, const struct size_band *band, uint128 total, int64_t of, struct wide_quotient *out)
{
	const struct selling *selling = &bands->selling;
	const uint128 share = (uint128)(PCT_ALL - selling->account_management_pct_centi);
	struct wide_quotient hours;

	if (bands->basis != EFFORT_HOURS || !selling->is_known || of == 0 || !band_effort_until_won(bands, band, &hours))
		return false;
	out->num = wide_times(wide_times(hours.den, total), (uint128)selling->weekly_hours_centi * WORKING_WEEKS * share);
	out->den = wide_times(wide_times(hours.num, (uint128)of), HOURS_SCALE);
	return !wide_is_zero(out->den);
}

/** A band whose year is not known proves nothing. */
static bool may_make_the_number(const struct size_bands *bands, const struct size_band *band)
{
	struct wide_quotient year;

	if (!band_year(bands, band, (uint128)band->sum.won_minor, band->sum.won, &year))
		return true;
	return wide_compare(year.num, wide_times(year.den, (uint128)bands->selling.quota_minor)) >= 0;
}

/* ---- Verdicts ---- */

static bool is_too_small(const struct size_bands *bands, const struct size_band *band)
{
	if (bands->basis == EFFORT_HOURS && bands->selling.is_known)
		return !may_make_the_number(bands, band);
	return band->index >= 0 && band->index < TOO_SMALL_BELOW;
}

/** Bands from..to - 1. */
struct run {
	int32_t from, to;
	int128 won_minor;
};

/** The run of bands with an index of 1 or more that won the most money; of equals the higher one. */
static struct run find_sweet_spot(const struct size_bands *bands)
{
	struct run best = {.won_minor = -1};
	struct run run = {0};

	for (int32_t i = 0; i < bands->count; i++) {
		if (bands->bands[i].index < INDEX_ONE) {
			run = (struct run){.from = i + 1};
			continue;
		}
		run.to = i + 1;
		run.won_minor += bands->bands[i].sum.won_minor;
		if (run.won_minor >= best.won_minor)
			best = run;
	}
	return best;
}

/** @return how many bands from the lowest, below the sweet spot, are too small without a break */
static int32_t count_too_small(const struct size_bands *bands, int32_t below)
{
	int32_t count = 0;

	while (count < below && is_too_small(bands, &bands->bands[count]))
		count++;
	return count;
}

static bool none_makes_the_number(const struct size_bands *bands)
{
	if (bands->basis != EFFORT_HOURS || !bands->selling.is_known)
		return false;
	for (int32_t i = 0; i < bands->count; i++)
		if (may_make_the_number(bands, &bands->bands[i]))
			return false;
	return true;
}

static enum band_verdict verdict_of(const struct size_bands *bands, int32_t band, const struct run *spot, int32_t small)
{
	if (band >= spot->from && band < spot->to)
		return BAND_SWEET_SPOT;
	if (band < small)
		return BAND_TOO_SMALL;
	return bands->bands[band].index < 0 ? BAND_CANNOT_TELL : BAND_OUTSIDE;
}

void bands_judge(struct size_bands *bands)
{
	struct run spot;
	int32_t small;

	for (int32_t i = 0; i < bands->count; i++)
		bands->bands[i].index = band_index(&bands->all, &bands->bands[i].sum);
	spot = find_sweet_spot(bands);
	small = count_too_small(bands, spot.from);
	for (int32_t i = 0; i < bands->count; i++)
		bands->bands[i].verdict = verdict_of(bands, i, &spot, small);
	bands->quota_infeasible = none_makes_the_number(bands);
	bands->has_floor = small > 0 && !bands->quota_infeasible;
	if (bands->has_floor)
		bands->floor_minor = bands->bands[small - 1].to_minor;
}
