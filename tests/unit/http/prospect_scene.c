/* SPDX-License-Identifier: Apache-2.0 */
/* Judging a prospect the way records are judged. Nothing is tested here. */
#include "prospect_scene.h"

#include <stdio.h>
#include <stdlib.h>

#include "random_criteria.h"
#include "tests/unit/base/expect.h"

#define DIGITS 2

struct prospect_scene *prospect_scene_new(void)
{
	struct prospect_scene *scene = calloc(1, sizeof(*scene));

	ck_assert_ptr_nonnull(scene);
	scene->arena = arena_new(1 << 16);
	scene->scratch = arena_new(1 << 16);
	return scene;
}

void prospect_scene_free(struct prospect_scene *scene)
{
	arena_free(scene->arena);
	arena_free(scene->scratch);
	free(scene);
}

int64_t prospect_scene_sum_open(const struct facts *facts)
{
	int64_t sum = facts->more;

	for (size_t i = 0; i < DEALS; i++)
		sum += facts->deals[i];
	return sum;
}

int64_t prospect_scene_ranked_open(const struct facts *facts, size_t rank)
{
	int64_t sorted[DEALS];

	memcpy(sorted, facts->deals, sizeof(sorted));
	for (size_t i = 0; i < DEALS; i++)
		for (size_t k = i + 1; k < DEALS; k++)
			if (sorted[k] > sorted[i]) {
				int64_t swapped = sorted[i];

				sorted[i] = sorted[k];
				sorted[k] = swapped;
			}
	return sorted[rank];
}

struct outcome_seen prospect_scene_judge(struct prospect_scene *scene, struct facts *facts, struct prospect *out, struct text *findings)
{
	struct stored_record stored;
	struct subject_facts beside = {.open_amount = prospect_scene_sum_open(facts), .largest_open = prospect_scene_ranked_open(facts, 0)};
	struct standing standing = {0};
	struct features features;
	struct scoring scoring;
	struct terms terms;

	arena_reset(scene->scratch);
	if (facts->has_n) {
		snprintf(facts->attributes, sizeof(facts->attributes), "{\"n\":%.1f,\"t\":\"x\"}", facts->tenths / 10.0);
		facts->record.value[ORGANISATION_ATTRIBUTES].text = text_of(facts->attributes);
	}
	stored = (struct stored_record){.record = facts->record, .exists = true};
	terms = terms_of(&stored.record);
	ck_assert_int_eq(subject_judge(&scene->policy, &stored.record, false, &beside, scene->scratch, &standing.qualified), STATUS_OK);
	ck_assert_int_eq(features_of(&stored, &standing, &scene->review.cohorts, TODAY, scene->scratch, &features), STATUS_OK);
	standing_classify(&features, &terms, (struct rules){&scene->policy, &scene->review}, TODAY, &standing, &scoring);
	if (out != NULL) {
		*out = prospect_of(&standing.qualified, &features, &terms, &scene->policy);
		*findings = standing.qualified.findings;
	}
	return (struct outcome_seen){.list = standing.list, .verdict = standing.qualified.verdict};
}

struct would_change prospect_scene_find(struct prospect_scene *scene, struct facts *facts, struct arena *in)
{
	struct would_change change = {.measure = TEXT("untouched")};
	struct prospect prospect;
	struct prospect_case standing = {
		&facts->record, &prospect, {NULL, 0}, prospect_scene_ranked_open(facts, 1), &scene->review, &scene->policy, TODAY,
	};
	struct outcome_seen now = prospect_scene_judge(scene, facts, &prospect, &standing.findings);

	ck_assert(outcome_equal(prospect_outcome(&standing), now));
	ck_assert_int_eq(prospect_change_find(&standing, in, &change), STATUS_OK);
	return change;
}

void prospect_scene_set_policy(struct prospect_scene *scene, const char *document)
{
	policy_of_json(document, DIGITS, scene->arena, &scene->policy);
}
