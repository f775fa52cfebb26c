/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews and the moves of day and policy, as one job each. */
#ifndef SERVICE_JOBS_REVIEW_H
#define SERVICE_JOBS_REVIEW_H

#include <sweetspot/metrics.h>

#include "book_rows.h"
#include "closed_deals.h"
#include "contending.h"
#include "outcomes.h"
#include "rules.h"

/** A review being made. */
struct making {
	struct flip flip;
	struct job *job;
	int32_t number;
	struct arena *arena;           /* policy, the review, its tables */
	struct rules rules;            /* in force: the policy stays, the review may be NULL */
	struct book_span span;
	struct book_rows rows;
	struct closed_deals deals;
	bool provisional;
	enum revenue_source source;    /* to be */
	bool source_changes;
	struct review review;          /* computed */
	struct size_bands bands;       /* likewise */
	uint32_t *order;               /* of rows: at first those that do not stand as before come first; on the heap */
	size_t changed_count;          /* how many of the latter */
	bool is_settled;               /* in force without an edition of its own */
	int64_t tiers[TIER_COUNT], lists[LIST_COUNT], verdicts[VERDICT_COUNT];
	struct contending contending;
	struct contenders contenders;  /* computed */
};

/**
 * Make the review that was opened under this number, or go on with it after it was broken off.
 *
 * @return STATUS_OK: in force. STATUS_UNAVAILABLE: broken off, to be begun again. Anything else: failed for good, and the review says so
 */
MUST_CHECK enum status jobs_review_make(struct job *job, int32_t number, struct metrics *metrics);
/** Bring a newer policy, another day, or both into force; policy_changes: the history says so. @return as jobs_transaction */
MUST_CHECK enum status jobs_advance(struct job *job, int32_t policy, int32_t day, bool policy_changes, struct metrics *metrics);

/** Score the computed review over the rows: counts, and which rows change. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_review_tally(struct making *making);
/** Order all rows by id. */
void jobs_review_sort(struct making *making);
/** The outcome of one row, from the arrays. */
void jobs_review_outcome(const struct making *making, uint32_t index, struct outcome *out);
/** Write down what was frozen; not in force yet. */
MUST_CHECK enum status jobs_review_freeze(struct making *making);

#endif
