/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest single change of a measure that gives a prospect another verdict or list. */
#ifndef SERVICE_HTTP_PROSPECT_CHANGE_H
#define SERVICE_HTTP_PROSPECT_CHANGE_H

#include <sweetspot/record.h>

#include "would_change.h"

/** A prospect as it stands, and all it is judged by. */
struct prospect_case {
	const struct record *record;
	const struct prospect *prospect;
	struct text findings;       /* what its criteria found, as standings keep it */
	int64_t second_open;        /* the second largest of its open deals, minor units; 0: none */
	const struct review *review;
	const struct policy *policy;
	int32_t day;
};

/** @return verdict and list as the rules give them */
struct outcome_seen prospect_outcome(const struct prospect_case *standing);
/**
 * Search all of a prospect's measures, as change_search_try does each: the numbers and days its record states, numbers among its
 * attributes that criteria look at, its largest open deal (down to the second) and what its open deals add up to beside it.
 *
 * Steps are minor units, ones, hundredths of a per cent, days, and of attributes ones of the last decimal place that the value or a
 * criterion has, at most six. Some thousand qualifications, where criteria name some hundred values.
 *
 * @param out  unchanged on failure
 * @return     STATUS_OK; STATUS_NO_MEMORY; STATUS_MALFORMED for texts or JSON that no write lets in
 */
MUST_CHECK enum status prospect_change_find(const struct prospect_case *standing, struct arena *arena, struct would_change *out);

#endif
