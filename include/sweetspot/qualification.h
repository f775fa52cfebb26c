/* SPDX-License-Identifier: Apache-2.0 */
/* Is this prospect ours, and is it now: fit, size, access, verdict and list (domain.md §5). Pure: no I/O, no clock, no heap. */
#ifndef SWEETSPOT_QUALIFICATION_H
#define SWEETSPOT_QUALIFICATION_H

#include <sweetspot/score.h>

/** In the order in which they are looked for: the first that holds is the verdict. */
enum verdict { VERDICT_NONE, VERDICT_NOT_OURS, VERDICT_THROW_BACK, VERDICT_UNKNOWN, VERDICT_LATER, VERDICT_NOW, VERDICT_COUNT };
/** @return "not_ours" …; NULL for VERDICT_NONE */
const char *verdict_name(enum verdict verdict);

enum size_source { SIZE_NONE, SIZE_GIVEN, SIZE_DEALS, SIZE_ESTIMATE, SIZE_SOURCES };
/** @return "given", "deals", "estimate"; NULL for SIZE_NONE */
const char *size_source_name(enum size_source source);

enum access { ACCESS_UNKNOWN, ACCESS_NO, ACCESS_YES };

/** Why a verdict holds; bits. */
enum reason {
	REASON_REQUIRED_FAILED = 1 << 0,   /* not_ours */
	REASON_FIT_BEST_BELOW = 1 << 1,
	REASON_DEAL_BELOW = 1 << 2,        /* throw_back; of an estimated size unknown */
	REASON_ANNUAL_BELOW = 1 << 3,
	REASON_NO_CRITERIA = 1 << 4,       /* unknown */
	REASON_REQUIRED_UNKNOWN = 1 << 5,
	REASON_FIT_BELOW = 1 << 6,
	REASON_REVISIT = 1 << 7,           /* later */
};

/** How much of the weight of the criteria an organisation has, in hundredths: passed ≤ possible ≤ criteria_weight_centi of the policy. */
struct fit_weights {
	int64_t passed_centi;
	int64_t possible_centi;  /* with the unknown counted as passed */
	bool required_failed, required_unknown;
};

/** All that qualification reads of one organisation. */
struct prospect {
	struct fit_weights fit;
	bool is_active;             /* status active */
	int64_t expected_annual;    /* as given, minor units; -1: not given */
	int64_t open_amount;        /* of its open deals with an amount above 0, minor units; 0: none */
	int64_t largest_open;       /* the largest of them */
	enum access access;         /* as stated, else yes when some contact's persona decides (policy_has_decider) */
	int32_t revisit_on;         /* DAY_NONE: not given */
	int32_t industry;           /* cohort_industry() of the review's cohorts; -1: none */
	uint8_t employee_band;
};

/** The floors in force (domain.md §5, §6), minor units; -1: none. */
struct floors {
	int64_t deal, annual;
	bool deal_is_derived;
};

/** What qualification finds. */
struct qualification {
	enum verdict verdict;         /* never VERDICT_NONE */
	uint8_t holds;                /* bit 1 << verdict of every verdict that holds */
	unsigned reasons;             /* of all that hold; 0 only for `now` */
	enum list list;               /* target, lead or none */
	int32_t fit_centi;            /* 0..10000, rounded to be shown; -1: no criteria */
	int32_t fit_best_centi;
	int64_t expected_annual;      /* minor units; -1: unknown */
	enum size_source size_source;
	struct share expected_deal;   /* minor units, num ÷ den, not within 0..1; den 0: unknown */
	struct floors floors;
	bool size_missing;            /* an estimate is below a floor: `missing` names expected_annual */
};

/** @return whether the policy names a persona, folded, among those who decide */
bool policy_has_decider(const struct policy *policy, struct text folded_persona);

/**
 * Judge all criteria of a policy.
 *
 * @param values    the organisation's elements, for each of the policy's attributes; not read without criteria
 * @param findings  NULL, or room for criteria_count: what each criterion found
 */
struct fit_weights core_fit(const struct policy *policy, const struct elements *values, enum finding *findings);

/**
 * The same from findings that were kept as letters; what is not among them is unknown.
 *
 * @param findings  NULL, or room for criteria_count
 */
struct fit_weights core_fit_recall(const struct policy *policy, struct text letters, enum finding *findings);

/** @return the share of the criteria's weight, 0..10000 hundredths, rounded to be shown; -1 without criteria */
int32_t core_fit_shown(const struct policy *policy, int64_t weight_centi);

/** @return the floors under a policy and a review (NULL: none yet): the derived one counts only where the policy states neither */
struct floors core_floors(const struct policy *policy, const struct review *review);

/**
 * Qualify one organisation. Total: everything has a verdict.
 *
 * @param day  the book's day D: what is to be revisited later than it waits
 */
void core_qualify(const struct prospect *prospect, const struct review *review, const struct policy *policy, int32_t day,
                  struct qualification *out);

/**
 * The unknown criteria that would settle a verdict, heaviest first, ties by id.
 *
 * @param findings  as core_fit left them
 * @param out       room for criteria_count indexes of criteria
 * @return          how many
 */
int32_t core_missing_criteria(const struct policy *policy, const enum finding *findings, int32_t *out);

/** @return the estimated annual amount under which a size is below a floor, minor units, at most INT64_MAX; 0 without floors */
int64_t core_least_estimate(const struct policy *policy, const struct review *review);

/** What alone would settle an unknown verdict, other than one of the policy's attributes. */
enum { SETTLED_BY_SIZE = -1, SETTLED_BY_CRITERIA = -2, SETTLED_BY_NO_ONE_THING = -3 };
/**
 * The one thing that would settle an unknown verdict, whatever it turns out to be, with the size as it is.
 *
 * @param letters       what the criteria found, as standings keep it
 * @param size_missing  as struct qualification has it
 * @return              an index of the policy's attributes, 0 or more; SETTLED_BY_SIZE: a stated expected_annual; SETTLED_BY_CRITERIA: the
 *                      policy has none; SETTLED_BY_NO_ONE_THING: more than one is missing
 */
int32_t core_settled_by(const struct policy *policy, struct text letters, bool size_missing);

#endif
