/* SPDX-License-Identifier: Apache-2.0 */
/* What is told from frozen bands: rates and intervals, the proof against a deal, the what-if of larger deals (domain.md §6). */
#include "service/core/bands.h"

#include <math.h>
#include <stddef.h>

#define Z_95 1.959963984540054
#define CENTI 100

static struct wide_quotient quotient_of(uint128 num, uint128 den)
{
	return (struct wide_quotient){wide_of(num), wide_of(den)};
}

static struct wide_quotient times(struct wide_quotient quotient, uint128 num, uint128 den)
{
	return (struct wide_quotient){wide_times(quotient.num, num), wide_times(quotient.den, den)};
}

struct quotient core_band_rate(const struct size_bands *bands, const struct size_band *band)
{
	const struct rate rate = band_rate(&bands->all, &band->sum);

	return (struct quotient){rate.num, rate.den};
}

struct interval core_wilson(int64_t won, int64_t deals)
{
	const double n = (double)deals;
	const double rate = (double)won / n;
	const double z2 = Z_95 * Z_95;
	const double centre = rate + z2 / (2 * n);
	const double spread = Z_95 * sqrt(rate * (1 - rate) / n + z2 / (4 * n * n));
	const double low = (centre - spread) / (1 + z2 / n);
	const double high = (centre + spread) / (1 + z2 / n);

	/* With none or all won an end is 0 or 1, but for its last bits. */
	return (struct interval){won == 0 ? 0 : low, won == deals ? 1 : high};
}

bool core_sweet_spot(const struct size_bands *bands, struct size_range *out)
{
	bool is_any = false;

	for (int32_t i = 0; i < bands->count; i++) {
		const struct size_band *band = &bands->bands[i];

		if (band->verdict != BAND_SWEET_SPOT)
			continue;
		if (!is_any)
			out->from_minor = band->from_minor;
		out->to_minor = band->to_minor;
		is_any = true;
	}
	return is_any;
}

/** @return the band that total ÷ of lies in */
static const struct size_band *find_band(const struct size_bands *bands, int128 total, int128 of)
{
	for (int32_t i = 0; i < bands->count; i++) {
		const struct size_band *band = &bands->bands[i];

		if (band->from_minor * of <= total && (band->to_minor == 0 || total < band->to_minor * of))
			return band;
	}
	return NULL;
}

const struct size_band *core_band_find(const struct size_bands *bands, int64_t amount_minor)
{
	return find_band(bands, amount_minor, 1);
}

int64_t core_selling_hours_centi(const struct selling *selling)
{
	const uint128 share = (uint128)(PCT_ALL - selling->account_management_pct_centi);

	return wide_round(quotient_of((uint128)selling->weekly_hours_centi * WORKING_WEEKS * share, PCT_ALL), INT64_MAX);
}

bool core_band_year(const struct size_bands *bands, const struct size_band *band, int64_t *out)
{
	struct wide_quotient year;

	if (!band_year(bands, band, (uint128)band->sum.won_minor, band->sum.won, &year))
		return false;
	*out = wide_round(year, INT64_MAX);
	return true;
}

/* ---- The proof against a deal ---- */

static void prove_effort(const struct size_bands *bands, int64_t hour_cost_minor, struct deal_proof *proof)
{
	const struct deal_sum *sum = &proof->band->sum;
	const bool is_hours = bands->basis == EFFORT_HOURS;
	const uint128 pursuits = (uint128)sum->pursuits * (is_hours ? HOUR_MINUTES : 1);

	if (pursuits == 0)
		return;
	proof->effort_centi = wide_round(quotient_of((uint128)sum->effort * CENTI, pursuits), INT64_MAX);
	if (is_hours && hour_cost_minor > 0)
		proof->cost_minor = wide_round(quotient_of((uint128)sum->effort * (uint128)hour_cost_minor, pursuits), INT64_MAX);
}

/** A won deal of this size takes so much effort; the number takes quota ÷ amount of them. */
static void prove_time(const struct size_bands *bands, int64_t amount_minor, struct deal_proof *proof)
{
	struct wide_quotient until_won, year;

	if (!band_effort_until_won(bands, proof->band, &until_won))
		return;
	proof->effort_until_won_centi = wide_round(times(until_won, CENTI, 1), INT64_MAX);
	if (bands->basis != EFFORT_HOURS || !bands->selling.is_known)
		return;
	proof->hours_needed_centi =
		wide_round(times(until_won, CENTI * (uint128)bands->selling.quota_minor, (uint128)amount_minor), INT64_MAX);
	if (band_year(bands, proof->band, (uint128)amount_minor, 1, &year))
		proof->year_minor = wide_round(year, INT64_MAX);
}

static void prove_need(const struct size_bands *bands, int64_t amount_minor, struct deal_proof *proof)
{
	const struct rate rate = band_rate(&bands->all, &proof->band->sum);
	struct wide_quotient deals;

	if (!bands->selling.is_known)
		return;
	deals = quotient_of((uint128)bands->selling.quota_minor, (uint128)amount_minor);
	proof->deals_needed = wide_ceiling(deals, INT64_MAX);
	if (rate.num > 0)
		proof->pursuits_needed = wide_ceiling(times(deals, rate.den, rate.num), INT64_MAX);
	proof->hours_there_centi = core_selling_hours_centi(&bands->selling);
}

bool core_deal_prove(const struct size_bands *bands, int64_t amount_minor, int64_t hour_cost_minor, struct deal_proof *out)
{
	const struct size_band *band = core_band_find(bands, amount_minor);
	struct rate rate;

	if (band == NULL)
		return false;
	rate = band_rate(&bands->all, &band->sum);
	*out = (struct deal_proof){
		.band = band,
		.worth_minor = wide_round(times(quotient_of((uint128)amount_minor, 1), rate.num, rate.den), INT64_MAX),
		.effort_centi = -1,
		.effort_until_won_centi = -1,
		.cost_minor = -1,
		.deals_needed = -1,
		.pursuits_needed = -1,
		.hours_needed_centi = -1,
		.hours_there_centi = -1,
		.year_minor = -1,
	};
	prove_effort(bands, hour_cost_minor, out);
	prove_time(bands, amount_minor, out);
	prove_need(bands, amount_minor, out);
	return true;
}

/* ---- Larger deals ---- */

/** As much effort as before, at the new band's effort a pursuit and rate instead of the old one's: what is the seller's own stays. */
static void re_read(const struct size_bands *bands, struct wide_quotient naive, struct what_if *out)
{
	const struct deal_sum *from = &out->from->sum;
	const struct deal_sum *to = &out->to->sum;
	const struct rate rate_from = band_rate(&bands->all, from);
	const struct rate rate_to = band_rate(&bands->all, to);
	struct wide_quotient money = times(naive, (uint128)rate_to.num * rate_from.den, (uint128)rate_from.num * rate_to.den);

	if (from->effort == 0 || to->effort == 0)
		return;
	money = times(money, (uint128)from->effort * (uint128)to->pursuits, (uint128)from->pursuits * (uint128)to->effort);
	out->is_re_read = true;
	out->re_read_minor = wide_round(money, INT64_MAX);
}

bool core_what_if(const struct size_bands *bands, const struct deal_sum *seller, int64_t pct_centi, struct what_if *out)
{
	const uint128 factor = (uint128)(PCT_ALL + pct_centi);
	const uint128 won = (uint128)seller->won;
	struct wide_quotient all;

	if (seller->won == 0)
		return false;
	all = times(quotient_of((uint128)seller->won_minor, 1), factor, PCT_ALL);
	*out = (struct what_if){
		.average_minor = wide_round(quotient_of((uint128)seller->won_minor, won), INT64_MAX),
		.naive_average_minor = wide_round(times(all, 1, won), INT64_MAX),
		.naive_minor = wide_round(all, INT64_MAX),
		.from = find_band(bands, seller->won_minor, seller->won),
		.to = find_band(bands, seller->won_minor * (int128)factor, (int128)won * PCT_ALL),
	};
	if (out->from != NULL && out->to != NULL)
		re_read(bands, all, out);
	return true;
}
