/* SPDX-License-Identifier: Apache-2.0 */
/* A prospect, what it is judged by, and what would change it, as a write and an explanation find it. */
#ifndef TESTS_UNIT_HTTP_PROSPECT_SCENE_H
#define TESTS_UNIT_HTTP_PROSPECT_SCENE_H

#include "service/http/prospect_change.h"

#include <sweetspot/subject.h>

#define TODAY 20000
#define DEALS 3

/** All that is known of a prospect. */
struct facts {
	struct record record;
	int64_t deals[DEALS];  /* amounts; the largest first; 0: there is none */
	int64_t more;          /* further deals, none of them larger: what they add up to */
	int32_t tenths;        /* attributes.n */
	bool has_n;
	char attributes[64];
};

/** What it is judged by. */
struct prospect_scene {
	struct policy policy;
	struct review review;
	struct cohort cohorts[3];
	struct arena *arena;   /* of the policy */
	struct arena *scratch; /* of one judging */
};

struct prospect_scene *prospect_scene_new(void);
void prospect_scene_free(struct prospect_scene *scene);
/** A JSON document; what it leaves out is as by default. */
void prospect_scene_set_policy(struct prospect_scene *scene, const char *document);
int64_t prospect_scene_sum_open(const struct facts *facts);
/** @return the largest open deal (rank 0), the second largest (1) … */
int64_t prospect_scene_ranked_open(const struct facts *facts, size_t rank);
/** As a write judges it. @param out  NULL, or the prospect; its findings are in the scratch arena */
struct outcome_seen prospect_scene_judge(struct prospect_scene *scene, struct facts *facts, struct prospect *out, struct text *findings);
/** @param in  what is found is kept there */
struct would_change prospect_scene_find(struct prospect_scene *scene, struct facts *facts, struct arena *in);

#endif
