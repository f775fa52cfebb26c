/* SPDX-License-Identifier: Apache-2.0 */
/* From measures to scores, lists and tiers under one review, policy and day (domain.md §1–§4). Pure: no I/O, no clock, no heap. */
#ifndef SWEETSPOT_SCORE_H
#define SWEETSPOT_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/number.h>
#include <sweetspot/policy.h>

/** Ages that count in "12 months". */
#define WINDOW_DAYS 365
/** W_h[a] = floor(2^32 × 0.5^(a/h) + 0.5), a = 0..364: the decay tables (domain.md §1). */
extern const int64_t decay_90[WINDOW_DAYS];
extern const int64_t decay_180[WINDOW_DAYS];

/** What the facts of one organisation add up to on a day, under one revenue source. Money in minor units; beyond ±2^56 shares see 2^56. */
struct measures {
	int64_t revenue_12m, revenue_prior_12m;
	int64_t revenue_182, revenue_prior_182;  /* the last 182 days and the 182 before */
	int64_t margin_12m;
	int64_t minutes_12m;
	int64_t rhythm, orders;                  /* × 2^32 */
	int32_t reach, inbound, directed, lines_12m;
};

enum side { SIDE_NONE, SIDE_LOW, SIDE_HIGH };

/** All that scoring reads of one organisation. Kept small: a review or a simulation holds one for every organisation of the book. */
struct features {
	struct measures measures;
	int32_t industry;               /* cohort_industry() of the review's cohorts for scoring; any dense index while computing; -1: none */
	int32_t fit_passed_centi;       /* weight of the criteria passed, of the policy's criteria_weight_centi; 0 without criteria */
	uint64_t potential_stated : 54; /* features_potential() */
	bool has_potential : 1;
	bool is_account : 1;
	bool is_active : 1;             /* status active */
	uint8_t employee_band : 3;      /* employee_band_of(); 0: unknown */
	uint8_t engagement_side : 2, potential_side : 2;  /* enum side, as stored by the review in force */
};
_Static_assert(sizeof(struct features) == 96, "a million of them must stay below 100 bytes each");

/** @return the stated potential in force on the day, minor units; -1: none */
static inline int64_t features_potential(const struct features *features)
{
	return features->has_potential ? (int64_t)features->potential_stated : -1;
}

/** State the potential: 0..2^54 - 1 minor units; -1: none. */
static inline void features_state_potential(struct features *features, int64_t potential)
{
	features->has_potential = potential >= 0;
	features->potential_stated = (uint64_t)potential & ((UINT64_C(1) << 54) - 1);
}

/** From how many employees on each band is. */
#define EMPLOYEE_BANDS 6
extern const int64_t employee_band_starts[EMPLOYEE_BANDS];
/** @return 1..EMPLOYEE_BANDS; 0 for none or unknown (employees < 1) */
uint8_t employee_band_of(int64_t employees);

/** One row of the frozen table. industry -1: all clients; band 0: the whole industry. All rows but that of all have 5 clients. */
struct cohort {
	int32_t industry;     /* index into cohorts' industries, -1 for all clients */
	uint8_t band;
	int64_t clients;
	int64_t median, p75;  /* of revenue_12m, minor units, nearest rank */
};

/** The frozen table, sorted by (industry, band); industries are folded texts sorted by bytes. */
struct cohorts {
	struct text *industries;
	int32_t industry_count;
	struct cohort *rows;
	int32_t row_count;
};

/** Index of a folded industry in the table by binary search; -1 when it has none, or for no text. */
int32_t cohort_industry(const struct cohorts *cohorts, struct text folded_industry);
/**
 * The cohort an organisation looks itself up in: its industry and band if frozen, else its industry, else all clients.
 *
 * @return NULL only when the review had no clients
 */
const struct cohort *cohort_find(const struct cohorts *cohorts, int32_t industry, uint8_t band);

/** What a review froze (domain.md §11). Immutable once loaded. */
struct review {
	int32_t number;
	int32_t policy_version;            /* whose full, key_pct and cuts were used */
	int32_t day;
	bool provisional;
	int64_t clients;
	bool has_key_cutoff;
	int64_t key_cutoff;                /* minor units */
	int64_t key_revenue, revenue;      /* of the key list and of all clients: their quotient is key_revenue_share */
	int32_t engagement_cut_centi, potential_cut_centi;  /* 5000 where nothing is scored */
	int32_t margin_centi;              /* of steadiness: cuts.margin of that policy */
	int64_t full_reach;                /* 0: unavailable */
	int64_t full_rhythm, full_orders;  /* × 2^32; 0: unavailable */
	bool initiative_available;         /* some client has a directed touch */
	enum revenue_source revenue_source;/* never REVENUE_AUTO */
	bool half_year_momentum;
	int32_t lines_offered;
	int64_t deals_per_year;            /* at least 1 */
	int32_t book_first_revenue_on;     /* DAY_NONE: no revenue */
	bool has_derived_floor;
	int64_t derived_floor;             /* of the size bands (domain.md §6), minor units */
	struct cohorts cohorts;
};

/** An exact share num/den within 0..1, den > 0. */
struct share {
	int128 num, den;
};

/** One component of a score, as the explanation shows it. */
struct component {
	bool available;
	struct share share;
	int64_t weight_centi;
	int32_t points_centi;
};

/** Everything one scoring finds. */
struct scoring {
	enum list list;
	enum tier tier;
	int32_t engagement_centi, potential_centi;  /* -1: nothing available */
	int32_t keep_score_centi;                   /* -1 of all but active accounts */
	int32_t keep_value_centi, keep_potential_centi, keep_engagement_centi;
	bool engagement_high, potential_high;       /* with steadiness */
	bool is_client;
	bool could_become_key;                      /* on secondary, and the annual potential reaches the key cut-off */
	int64_t annual_potential;                   /* minor units; -1: none */
	bool annual_potential_is_estimate;
	struct share momentum;
	struct component engagement[ENGAGEMENT_PARTS];
	struct component potential[POTENTIAL_PARTS];
};

/** contribution_12m = margin_12m − round(minutes × hour_cost ÷ 60), minor units */
int64_t measures_contribution(const struct measures *measures, const struct policy *policy);
/** momentum within 0..1, exact (domain.md §1), under the windows and the key cut-off the review froze */
struct share measures_momentum(const struct measures *measures, const struct review *review);
/**
 * Score one organisation: both scores with their parts, list, tier (with steadiness against the stored sides), keep score.
 *
 * Total: every features value has an answer. Inactive and let-go accounts are scored like the others, with list none and no tier;
 * prospects have no scores either.
 */
void core_score(const struct features *features, const struct review *review, const struct policy *policy, struct scoring *out);
/** High means ≥ the cut-off; a stored side holds within the margin the review froze (domain.md §3 steadiness). */
bool core_side_is_high(int32_t score_centi, int32_t cut_centi, enum side stored, int32_t margin_centi);
/** The two-by-two of domain.md §3. */
enum tier core_tier_assign(bool engagement_high, bool potential_high);

#endif
