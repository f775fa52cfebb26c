/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest single change of a measure that gives an account another tier or list, or moves it onto or off the let-go list. */
#ifndef SERVICE_HTTP_ACCOUNT_CHANGE_H
#define SERVICE_HTTP_ACCOUNT_CHANGE_H

#include <sweetspot/let_go.h>
#include <sweetspot/record.h>

#include "would_change.h"

/** An account as it stands, and all it is judged by. */
struct standing_case {
	const struct features *features;
	const struct let_go_facts *let_go;  /* tier, list and minutes are taken from the scoring and the features */
	const struct review *review;
	const struct policy *policy;
	int32_t day;
	enum tier tier_by_hand;             /* an override in force counts for letting go; TIER_NONE: there is none */
	const struct record *record;
	struct text findings;               /* what its criteria find, a letter each */
};

/** @return tier, list and let-go candidacy as the rules give them */
struct outcome_seen account_outcome(const struct standing_case *standing);
/**
 * Search all of an account's measures, as change_search_try does each: those of its facts, in steps of minor units, ones, hundredths and
 * minutes, and the numbers and days of its record, as record_change_search does. Some thousand scorings, where criteria name some hundred
 * values.
 *
 * @param out  unchanged on failure
 * @return     STATUS_OK; STATUS_NO_MEMORY; STATUS_MALFORMED for texts or JSON that no write lets in
 */
MUST_CHECK enum status account_change_find(const struct standing_case *standing, struct arena *arena, struct would_change *out);

#endif
