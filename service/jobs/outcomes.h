/* SPDX-License-Identifier: Apache-2.0 */
/* What a flip brings to some organisations: written beside what is in force, with its history. */
#ifndef SERVICE_JOBS_OUTCOMES_H
#define SERVICE_JOBS_OUTCOMES_H

#include <sweetspot/subject.h>

#include "flip.h"

/** One organisation before and after. With OUTCOME_SCORES measures, sellers, fits and is_account are not read. */
struct outcome {
	struct text id;
	struct standing before, after;
	struct scoring scoring;   /* that after came from */
	bool is_account;          /* from then on */
	bool is_promoted;         /* and was a prospect */
};

/** What is written of an outcome, and where. */
enum outcome_scope {
	OUTCOME_STANDINGS, /* all of it, into the edition being written */
	OUTCOME_SETTLED,   /* all of it, into the edition in force, under the exclusive lock */
	OUTCOME_SCORES,    /* tier, list, scores, sides, verdict, size, into the one being written; not of what was touched meanwhile */
};

/** @return whether after is not what before is, but for what never decides alone (margin_pct) */
bool jobs_outcome_differs(const struct outcome *outcome, enum outcome_scope scope);
/** @return whether tier or list changed: what a review counts; coming to "none" from before the first review is no change */
bool jobs_outcome_reclassifies(const struct outcome *outcome);
/** Fill what scoring and qualification say into a standing; no review: no classification. plain_sides: store the sides anew. */
void jobs_outcome_score(struct outcome *outcome, struct features *features, const struct terms *terms, struct rules rules, int32_t day,
                        bool plain_sides);

/**
 * Write outcomes and the history they make, inside a transaction of the flip. In an edition being written, what a writer has put there
 * stays as it is.
 *
 * @param outcomes     in order of id
 * @param reclassified how many of those written changed tier or list; 0 on failure
 */
MUST_CHECK enum status jobs_outcomes_write(struct flip *flip, struct outcome *const *outcomes, size_t count, enum outcome_scope scope,
                                           int64_t *reclassified);

#endif
