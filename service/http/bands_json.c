/* SPDX-License-Identifier: Apache-2.0 */
/* Writes size bands, their floor and the what-if of larger deals. Where they come from is the routes' business. */
#include "bands_json.h"

#include <math.h>

#include <sweetspot/qualification.h>

#include "figures.h"

/* Rates are told so exactly that they can be worked with. */
#define RATE_DIGITS 12
#define RATE_ONE INT64_C(1000000000000)
#define EFFORT_DIGITS 9
#define EFFORT_ONE INT64_C(1000000000)
#define INDEX_DIGITS 4
#define CENTI_DIGITS 2
#define HOUR_MINUTES 60
#define PCT_CENTI 100
/* Beyond it a number would not be exact where it is read: no book has so much of anything. */
#define LARGEST EXACT_MAX

static void write_quotient(struct json_writer *w, const char *name, int128 num, int128 den, int64_t one, int digits)
{
	if (den == 0) {
		figure_null(w, name);
		return;
	}
	json_key(w, name);
	json_scaled(w, num / den >= LARGEST / one ? LARGEST : number_divide_rounded(num * one, den), digits);
}

static void write_rate(struct json_writer *w, const char *name, int128 num, int128 den)
{
	json_key(w, name);
	json_scaled(w, number_divide_rounded(num * RATE_ONE, den), RATE_DIGITS);
}

static void write_bound(struct json_writer *w, const char *name, double bound)
{
	json_key(w, name);
	json_scaled(w, llround(bound * (double)RATE_ONE), RATE_DIGITS);
}

static void write_effort(struct json_writer *w, const struct size_bands *bands, const struct deal_sum *sum)
{
	int64_t unit = bands->basis == EFFORT_HOURS ? HOUR_MINUTES : 1;

	write_quotient(w, "effort", sum->effort, (int128)sum->pursuits * unit, EFFORT_ONE, EFFORT_DIGITS);
}

static void write_end(struct json_writer *w, const char *name, int64_t minor, int currency_digits)
{
	if (minor == 0)
		figure_null(w, name);
	else
		figure_money(w, name, minor, currency_digits);
}

static void write_known_money(struct json_writer *w, const char *name, int64_t minor, int currency_digits)
{
	if (minor < 0)
		figure_null(w, name);
	else
		figure_money(w, name, minor, currency_digits);
}

static void write_known(struct json_writer *w, const char *name, int64_t value, int digits)
{
	json_key(w, name);
	if (value < 0)
		json_write_null(w);
	else
		json_scaled(w, value, digits);
}

static void write_ends(struct json_writer *w, struct size_range range, int currency_digits)
{
	write_end(w, "from", range.from_minor, currency_digits);
	write_end(w, "to", range.to_minor, currency_digits);
}

static void write_average(struct json_writer *w, const char *name, const struct deal_sum *sum, int currency_digits)
{
	write_quotient(w, name, sum->won_minor, sum->won, 1, currency_digits);
}

/* ---- Bands ---- */

static void write_rates(struct json_writer *w, const struct size_bands *bands, const struct size_band *band)
{
	struct interval interval = core_wilson(band->sum.won, band->sum.deals);
	struct quotient shrunk = core_band_rate(bands, band);

	write_rate(w, "win_rate", band->sum.won, band->sum.deals);
	write_bound(w, "win_rate_low", interval.low);
	write_bound(w, "win_rate_high", interval.high);
	write_rate(w, "win_rate_shrunk", shrunk.num, shrunk.den);
}

static void write_year(struct json_writer *w, const struct size_bands *bands, const struct size_band *band, int currency_digits)
{
	int64_t year;

	if (core_band_year(bands, band, &year))
		figure_money(w, "year_of_such_deals", year, currency_digits);
	else
		figure_null(w, "year_of_such_deals");
}

/** Why a band cannot tell what it is worth; null where it can, or is judged by the number. */
static void write_because(struct json_writer *w, const struct size_band *band)
{
	static const char *const words[] = {
		[BAND_TELLS] = NULL,
		[BAND_FEW_DEALS] = "it has fewer than 10 deals",
		[BAND_NONE_WON] = "none of its deals was won",
		[BAND_NO_EFFORT] = "nothing says what a pursuit of its deals took",
		[BAND_EFFORT_OF_NOTHING] = "by what is recorded, pursuits of its deals took nothing",
	};
	enum band_silence silence = band->verdict == BAND_CANNOT_TELL ? core_band_silence(&band->sum) : BAND_TELLS;

	figure_text(w, "because", text_of(words[silence]));
}

static void write_band(struct json_writer *w, const struct size_bands *bands, const struct size_band *band, int currency_digits)
{
	json_open_object(w);
	write_ends(w, (struct size_range){band->from_minor, band->to_minor}, currency_digits);
	figure_count(w, "deals", band->sum.deals);
	figure_count(w, "won", band->sum.won);
	write_rates(w, bands, band);
	write_average(w, "average_won", &band->sum, currency_digits);
	if (band->median_cycle_days < 0)
		figure_null(w, "median_cycle_days");
	else
		figure_count(w, "median_cycle_days", band->median_cycle_days);
	write_effort(w, bands, &band->sum);
	json_key(w, "value_index");
	if (band->index < 0)
		json_write_null(w);
	else
		json_scaled(w, band->index, INDEX_DIGITS);
	write_year(w, bands, band, currency_digits);
	figure_text(w, "verdict", text_of(band_verdict_name(band->verdict)));
	write_because(w, band);
	json_close_object(w);
}

void bands_write(struct json_writer *w, const struct size_bands *bands, int currency_digits)
{
	json_key(w, "bands");
	json_open_array(w);
	for (int32_t i = 0; i < bands->count; i++)
		write_band(w, bands, &bands->bands[i], currency_digits);
	json_close_array(w);
}

void bands_range_write(struct json_writer *w, const char *name, struct size_range range, int currency_digits)
{
	json_key(w, name);
	json_open_object(w);
	write_ends(w, range, currency_digits);
	json_close_object(w);
}

/* ---- The floor, and the number ---- */

void bands_floor_write(struct json_writer *w, const struct size_bands *bands, const struct policy *policy, int currency_digits)
{
	const struct review derived = {.has_derived_floor = bands->has_floor, .derived_floor = bands->floor_minor};
	const struct floors floors = core_floors(policy, &derived);

	write_known_money(w, "floor", floors.deal, currency_digits);
	figure_text(w, "floor_source", text_of(floors.deal < 0 ? NULL : floors.deal_is_derived ? "derived" : "policy"));
	write_known_money(w, "derived_floor", bands->has_floor ? bands->floor_minor : -1, currency_digits);
}

void bands_selling_write(struct json_writer *w, const struct selling *selling, int currency_digits)
{
	if (!selling->is_known) {
		figure_null(w, "selling");
		return;
	}
	json_key(w, "selling");
	json_open_object(w);
	json_key(w, "hours");
	json_scaled(w, core_selling_hours_centi(selling), CENTI_DIGITS);
	figure_money(w, "quota", selling->quota_minor, currency_digits);
	json_close_object(w);
}

/* ---- One deal ---- */

/** What a year's number would need of such deals. */
static void write_need(struct json_writer *w, const struct deal_proof *proof, int currency_digits)
{
	if (proof->deals_needed < 0) {
		figure_null(w, "needed");
		return;
	}
	json_key(w, "needed");
	json_open_object(w);
	figure_count(w, "deals", proof->deals_needed);
	write_known(w, "pursuits", proof->pursuits_needed, 0);
	write_known(w, "hours", proof->hours_needed_centi, CENTI_DIGITS);
	write_known(w, "hours_there", proof->hours_there_centi, CENTI_DIGITS);
	write_known_money(w, "year_of_such_deals", proof->year_minor, currency_digits);
	json_close_object(w);
}

static void write_proof(struct json_writer *w, enum effort_basis basis, const struct deal_proof *proof, int currency_digits)
{
	const struct size_band *band = proof->band;

	json_key(w, "band");
	json_open_object(w);
	write_ends(w, (struct size_range){band->from_minor, band->to_minor}, currency_digits);
	figure_text(w, "verdict", text_of(band_verdict_name(band->verdict)));
	json_close_object(w);
	figure_money(w, "worth", proof->worth_minor, currency_digits);
	figure_text(w, "basis", text_of(effort_basis_name(basis)));
	write_known(w, "effort", proof->effort_centi, CENTI_DIGITS);
	write_known(w, "effort_until_won", proof->effort_until_won_centi, CENTI_DIGITS);
	write_known_money(w, "cost", proof->cost_minor, currency_digits);
	write_need(w, proof, currency_digits);
}

/** Why a figure that the number would need is not there; NULL: all are. */
static const char *unproved_because(const struct size_bands *bands, const struct deal_proof *proof)
{
	if (proof->deals_needed < 0)
		return "weekly_hours and quota are not known of every active seller";
	if (proof->pursuits_needed < 0)
		return "none of the deals was ever won";
	if (bands->basis != EFFORT_HOURS)
		return "nobody records minutes: hours are not known";
	return proof->hours_needed_centi < 0 ? "nothing says what a pursuit of such deals took" : NULL;
}

void bands_proof_write(struct json_writer *w, const char *name, const struct size_bands *bands, int64_t amount_minor,
                       int64_t hour_cost_minor, int currency_digits)
{
	static const char *const unknown[] = {"band", "worth", "basis", "effort", "effort_until_won", "cost", "needed"};
	const char *because = "no deal of that size was won or lost in the window";
	struct deal_proof proof;

	json_key(w, name);
	json_open_object(w);
	figure_money(w, "amount", amount_minor, currency_digits);
	if (core_deal_prove(bands, amount_minor, hour_cost_minor, &proof)) {
		write_proof(w, bands->basis, &proof, currency_digits);
		because = unproved_because(bands, &proof);
	} else {
		for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
			figure_null(w, unknown[i]);
	}
	figure_text(w, "because", text_of(because));
	json_close_object(w);
}

/* ---- Larger deals ---- */

static void write_re_read(struct json_writer *w, const struct size_bands *bands, const struct what_if *what_if, int currency_digits)
{
	const struct size_band *band = what_if->to;
	struct quotient rate;

	if (band == NULL) {
		figure_null(w, "re_read");
		return;
	}
	rate = core_band_rate(bands, band);
	json_key(w, "re_read");
	json_open_object(w);
	write_ends(w, (struct size_range){band->from_minor, band->to_minor}, currency_digits);
	figure_text(w, "verdict", text_of(band_verdict_name(band->verdict)));
	write_rate(w, "win_rate_shrunk", rate.num, rate.den);
	write_effort(w, bands, &band->sum);
	if (what_if->is_re_read)
		figure_money(w, "won_amount", what_if->re_read_minor, currency_digits);
	else
		figure_null(w, "won_amount");
	json_close_object(w);
}

/** One seller; of one who has won nothing, nothing. */
static void write_larger(struct json_writer *w, const struct size_bands *bands, const struct band_seller *seller, int64_t pct_centi,
                         int currency_digits)
{
	const struct deal_sum *sum = &seller->sum;
	struct what_if what_if;

	if (!core_what_if(bands, sum, pct_centi, &what_if))
		return;
	json_open_object(w);
	figure_text(w, "seller", seller->seller);
	figure_count(w, "deals", sum->deals);
	figure_count(w, "won", sum->won);
	write_rate(w, "win_rate", sum->won, sum->deals);
	figure_money(w, "average_won", what_if.average_minor, currency_digits);
	write_quotient(w, "won_amount", sum->won_minor, 1, 1, currency_digits);
	write_effort(w, bands, sum);
	json_key(w, "naive");
	json_open_object(w);
	figure_money(w, "average_won", what_if.naive_average_minor, currency_digits);
	figure_money(w, "won_amount", what_if.naive_minor, currency_digits);
	json_close_object(w);
	write_re_read(w, bands, &what_if, currency_digits);
	json_close_object(w);
}

void bands_larger_write(struct json_writer *w, const char *name, const struct size_bands *bands, const struct band_seller *sellers,
                        size_t count, int64_t pct, int currency_digits)
{
	json_key(w, name);
	json_open_object(w);
	figure_count(w, "deal_size_pct", pct);
	json_key(w, "sellers");
	json_open_array(w);
	for (size_t i = 0; i < count; i++)
		write_larger(w, bands, &sellers[i], pct * PCT_CENTI, currency_digits);
	json_close_array(w);
	json_close_object(w);
}
