/* SPDX-License-Identifier: Apache-2.0 */
/* What a flip brings to some organisations: written beside what is in force, with its history. */
#ifndef SERVICE_JOBS_OUTCOMES_H
#define SERVICE_JOBS_OUTCOMES_H

#include <sweetspot/store.h>

#include "flip.h"

/** One organisation before and after. With OUTCOME_SCORES, measures and sellers of both are not read. */
struct outcome {
	struct text id;
	struct standing before, after;
	struct scoring scoring;   /* that after came from */
	bool is_promoted;         /* a prospect that is an account from then on */
};

enum outcome_scope {
	OUTCOME_SCORES,     /* tier, list, scores, sides; what was touched while they were computed is left out */
	OUTCOME_STANDINGS,  /* sellers and measures too */
};

/** @return whether after is not what before is, but for what never decides alone (margin_pct) */
bool jobs_outcome_differs(const struct outcome *outcome, enum outcome_scope scope);
/** @return whether tier or list changed: what a review counts; coming to "none" from before the first review is no change */
bool jobs_outcome_reclassifies(const struct outcome *outcome);
/** Fill what a scoring says into a standing; review NULL: no classification. plain_sides: store the sides of the cut-offs anew. */
void jobs_outcome_score(struct outcome *outcome, struct features *features, const struct review *review, const struct policy *policy,
                        bool plain_sides);

/**
 * Write outcomes that differ, inside a transaction of the flip. An organisation a writer has written for the same epoch stays as it is.
 *
 * @param outcomes     in order of id
 * @param reclassified how many of those written changed tier or list; set on success
 */
MUST_CHECK enum status jobs_outcomes_write(struct flip *flip, struct outcome *const *outcomes, size_t count, enum outcome_scope scope,
                                           int64_t *reclassified);

/** An organisation whose override comes into force or ends with the day; before and after of its outcome are one. */
struct turn {
	struct outcome outcome;
	struct text status;
	struct text override_before;  /* as the history has it; {NULL, 0}: none */
};

/** Write the history of turns, of the epoch that is coming into force. */
MUST_CHECK enum status jobs_turns_write(struct flip *flip, const struct turn *turns, size_t count);

#endif
