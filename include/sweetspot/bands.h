/* SPDX-License-Identifier: Apache-2.0 */
/* Size bands, the sweet spot and the floor under it, from a company's own closed deals (domain.md §6). Pure. */
#ifndef SWEETSPOT_BANDS_H
#define SWEETSPOT_BANDS_H

#include <sweetspot/arena.h>
#include <sweetspot/number.h>
#include <sweetspot/text.h>

/** Days that count: a deal closed on D − 729 is the oldest. */
#define BAND_WINDOW_DAYS 730

/** In what a pursuit's effort is counted. Hours are kept in minutes. */
enum effort_basis { EFFORT_DAYS, EFFORT_HOURS };
/** @return "days", "hours" */
const char *effort_basis_name(enum effort_basis basis);

enum band_verdict { BAND_OUTSIDE, BAND_SWEET_SPOT, BAND_TOO_SMALL, BAND_CANNOT_TELL, BAND_VERDICTS };
/** @return "outside", "sweet_spot", "too_small", "cannot_tell" */
const char *band_verdict_name(enum band_verdict verdict);

/** A deal won or lost within the window. */
struct closed_deal {
	int64_t amount_minor;   /* 0 or less: none, and the deal is only counted */
	int64_t minutes;        /* of activities on its organisation from opened_on to closed_on; 0 without either */
	int32_t opened_on;      /* DAY_NONE: unknown; behind closed_on it counts as unknown */
	int32_t closed_on;
	int32_t organisation;   /* index into deal_book.minutes_12m; -1: none */
	int32_t seller;         /* 0..seller_count - 1; -1: none */
	bool won;
};

/** What the active sellers have to make, and in which time. */
struct selling {
	bool is_known;                        /* there are active sellers, and of each both figures */
	int64_t weekly_hours_centi;           /* of all together */
	int64_t quota_minor;                  /* a year's, of all together */
	int64_t account_management_pct_centi; /* the policy's: the rest of the hours is for new business */
};

/** What bands are computed from. */
struct deal_book {
	const struct closed_deal *deals;
	size_t count;
	const int64_t *edges;                 /* the policy's, above 0 and ascending; NULL: from the deals */
	size_t edge_count;
	const int64_t *minutes_12m;           /* by organisation */
	size_t organisation_count;
	size_t seller_count;
	struct selling selling;
};

/** What some deals with an amount add up to. */
struct deal_sum {
	int64_t deals, won;
	int128 won_minor;
	int64_t pursuits;       /* those of the deals that tell their effort */
	int64_t effort;         /* of these together: days, or minutes with hours as basis */
};

/** A seller with what their own deals add up to. */
struct band_seller {
	struct text seller;
	struct deal_sum sum;
};

/** Deals with from ≤ amount < to. There is at least one. */
struct size_band {
	int64_t from_minor, to_minor;   /* 0: no lower end; 0: no upper end */
	struct deal_sum sum;
	int32_t median_cycle_days;      /* of the won; -1: none tells it */
	int64_t index;                  /* worth of a unit of effort beside that of all deals, times 10^4; -1: cannot be told */
	int64_t accounts;               /* organisations whose average won deal lies in the band */
	int64_t service_minutes;        /* theirs in 12 months */
	enum band_verdict verdict;
};

/** What a review freezes of sizes. Bands ascend. Immutable once computed or loaded. */
struct size_bands {
	enum effort_basis basis;
	int64_t without_amount;         /* closed deals that say no amount above 0 */
	struct deal_sum all;
	struct size_band *bands;
	int32_t count;                  /* 0: no deal with an amount was won or lost */
	struct selling selling;
	bool quota_infeasible;          /* a year of nothing but the deals of any one band would not make the number */
	bool has_floor;
	int64_t floor_minor;            /* the derived floor: upper end of the bands that are too small */
	struct deal_sum *sellers;       /* by seller, of their own deals; NULL when not computed here */
	size_t seller_count;
};

/**
 * Band the closed deals and judge each band. The order of the deals does not matter.
 *
 * @param arena  for the result, and scratch of some 10 bytes a deal and 30 an organisation
 * @param out    unchanged on failure
 * @return       STATUS_OK or STATUS_NO_MEMORY
 */
MUST_CHECK enum status core_bands_compute(const struct deal_book *book, struct arena *arena, struct size_bands *out);

/** A range of amounts; 0 is an open end. */
struct size_range {
	int64_t from_minor, to_minor;
};
/** The bands with verdict sweet_spot, as one range. @return whether there are any; *out is untouched without */
bool core_sweet_spot(const struct size_bands *bands, struct size_range *out);

/** Why the worth of a band cannot be told: the first that holds. */
enum band_silence { BAND_TELLS, BAND_FEW_DEALS, BAND_NONE_WON, BAND_NO_EFFORT, BAND_EFFORT_OF_NOTHING };
/** @return BAND_TELLS where it has an index */
enum band_silence core_band_silence(const struct deal_sum *band);

/** An exact quotient num ÷ den of whole numbers, den > 0. */
struct quotient {
	int128 num, den;
};
/** (k + 20 × K ÷ N) ÷ (n + 20): a band's win rate drawn towards that of all deals, as if by 20 deals more. */
struct quotient core_band_rate(const struct size_bands *bands, const struct size_band *band);

/** Both ends of an interval within 0..1. */
struct interval {
	double low, high;
};
/** Wilson's 95 % interval of a win rate; deals > 0. The one thing in floating point. */
struct interval core_wilson(int64_t won, int64_t deals);

/** @return the band an amount above 0 lies in; NULL where no deal of that size was ever closed */
const struct size_band *core_band_find(const struct size_bands *bands, int64_t amount_minor);

/** H, a year's hours for new business: weekly hours × 46 × what account management leaves; selling is known. @return hundredths */
int64_t core_selling_hours_centi(const struct selling *selling);

/**
 * R, what a year of selling nothing but one band's deals would bring: average won × H ÷ h.
 *
 * @param out  minor units, rounded; untouched when it is not known
 * @return     whether it is known: hours as basis, the selling known, a won deal and some effort in the band
 */
bool core_band_year(const struct size_bands *bands, const struct size_band *band, int64_t *out);

/** Why a deal is not worth its pursuit. -1: not known. */
struct deal_proof {
	const struct size_band *band;
	int64_t worth_minor;            /* what pursuing one brings on average: the amount times the band's shrunk rate */
	int64_t effort_centi;           /* of one pursuit, hundredths of the basis' unit */
	int64_t effort_until_won_centi; /* of all pursuits it takes to win one, and with hours as basis of a year's service of the account */
	int64_t cost_minor;             /* of one pursuit's hours */
	int64_t deals_needed;           /* won deals of this amount that the sellers' quota would take in a year */
	int64_t pursuits_needed;        /* and pursuits, to win these */
	int64_t hours_needed_centi;     /* and hours */
	int64_t hours_there_centi;      /* and the hours that all active sellers have in a year for new business */
	int64_t year_minor;             /* what these would bring, spent on nothing but such deals */
};
/**
 * Judge a deal of some amount by the frozen figures of its band.
 *
 * @param amount_minor     above 0
 * @param hour_cost_minor  the policy's; 0: no cost is known
 * @return                 false, *out untouched, where no deal of that size was ever closed
 */
bool core_deal_prove(const struct size_bands *bands, int64_t amount_minor, int64_t hour_cost_minor, struct deal_proof *out);

/** What larger deals would make of a seller's window of deals. */
struct what_if {
	int64_t average_minor;          /* of the won deals as they are */
	int64_t naive_average_minor;    /* times 1 + the percentage */
	int64_t naive_minor;            /* as many won deals as there were, each so much larger */
	const struct size_band *from;   /* that the average lies in, and */
	const struct size_band *to;     /* that the larger one lands in; NULL: no deal of that size was ever closed */
	bool is_re_read;                /* there are both, and both tell their effort */
	int64_t re_read_minor;          /* naive, times the change of shrunk rate ÷ effort from band to band */
};
/**
 * "What if this seller's deals were a quarter larger?"
 *
 * @param pct_centi  hundredths of a percent to add, above -10000
 * @return           false, *out untouched, for a seller who has won nothing
 */
bool core_what_if(const struct size_bands *bands, const struct deal_sum *seller, int64_t pct_centi, struct what_if *out);

#endif
