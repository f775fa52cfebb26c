/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest single change of a measure that gives an account another tier or list, or moves it onto or off the let-go list. Pure. */
#ifndef SERVICE_HTTP_WOULD_CHANGE_H
#define SERVICE_HTTP_WOULD_CHANGE_H

#include <stdbool.h>

#include <sweetspot/let_go.h>
#include <sweetspot/score.h>

/** An account as it stands, and all it is judged by. */
struct standing_case {
	const struct features *features;
	const struct let_go_facts *let_go;  /* tier, list and minutes are taken from the scoring and the features */
	const struct review *review;
	const struct policy *policy;
	int32_t day;
	enum tier tier_by_hand;             /* an override in force counts for letting go; TIER_NONE: there is none */
};

/** What is looked at. */
struct outcome_seen {
	enum tier tier;
	enum list list;
	bool is_candidate;  /* of the let-go list, within its budget or not */
};

/** How a measure's value is to be shown. */
enum measure_unit { UNIT_MONEY, UNIT_COUNT, UNIT_CENTI, UNIT_MINUTES };

struct would_change {
	const char *measure;   /* NULL: no single change of any measure alters anything */
	enum measure_unit unit;
	int64_t from, needs;   /* minor units, a count, hundredths (decay sums), minutes */
	struct outcome_seen becomes;
};

/** @return tier, list and let-go candidacy as the rules give them */
struct outcome_seen outcome_see(const struct standing_case *standing);
/**
 * Find it: for every measure the nearest value above and below that alters the outcome while all else stays, of these the one with the
 * smallest distance in proportion to the present value; a present 0 is infinitely far from everything; ties by the measure's name. One step
 * less (a minor unit, one, a hundredth, a minute) alters nothing.
 *
 * annual_potential is looked at where it is stated. Some thousand scorings at most.
 */
struct would_change would_change_find(const struct standing_case *standing);

#endif
