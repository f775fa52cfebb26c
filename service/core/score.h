/* SPDX-License-Identifier: Apache-2.0 */
/* The two scores by themselves: a review needs a million of them and nothing else. */
#ifndef SWEETSPOT_CORE_SCORE_H
#define SWEETSPOT_CORE_SCORE_H

#include <sweetspot/score.h>

#define PARTS_MAX ENGAGEMENT_PARTS

/** What the components of one score are worth: round(share × times ÷ by) hundredths each. */
struct scale {
	bool counts;                /* some component is available, and has a weight */
	bool available[PARTS_MAX];
	uint64_t times[PARTS_MAX];  /* 0 for a component that does not count */
	uint64_t by;                /* > 0 */
};

/** Both scores' scales under one review and policy. */
struct scales {
	struct scale engagement;
	struct scale potential;
	int64_t criteria_weight_centi;
};

struct scores {
	int32_t engagement_centi, potential_centi;  /* -1: nothing available */
};

/** @return whether it is an active account with revenue in 12 months (domain.md §1) */
static inline bool core_is_client(const struct features *features)
{
	return features->is_account && features->is_active && features->measures.revenue_12m > 0;
}

struct scales core_scales(const struct review *review, const struct policy *policy);
/**
 * As core_score, without all that explains it, for a client.
 *
 * @param estimate  what core_score would find in the cohorts, minor units
 */
struct scores core_client_scores(const struct features *features, const struct review *review, const struct scales *scales,
                                 int64_t estimate);

#endif
