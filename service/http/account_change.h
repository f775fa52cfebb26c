/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest single change of a measure that gives an account another tier or list, or moves it onto or off the let-go list. Pure. */
#ifndef SERVICE_HTTP_ACCOUNT_CHANGE_H
#define SERVICE_HTTP_ACCOUNT_CHANGE_H

#include <sweetspot/let_go.h>

#include "would_change.h"

/** An account as it stands, and all it is judged by. */
struct standing_case {
	const struct features *features;
	const struct let_go_facts *let_go;  /* tier, list and minutes are taken from the scoring and the features */
	const struct review *review;
	const struct policy *policy;
	int32_t day;
	enum tier tier_by_hand;             /* an override in force counts for letting go; TIER_NONE: there is none */
};

/** @return tier, list and let-go candidacy as the rules give them */
struct outcome_seen account_outcome(const struct standing_case *standing);
/**
 * Search all of an account's measures, as change_search_try does each. Steps are minor units, ones, hundredths and minutes.
 * annual_potential is looked at where it is stated. Some thousand scorings at most.
 */
struct would_change account_change_find(const struct standing_case *standing);

#endif
