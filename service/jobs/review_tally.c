/* SPDX-License-Identifier: Apache-2.0 */
/* A computed review over the book in memory: how many of each tier and list, and who does not stand as before. No database. */
#include "review.h"

#include <stdlib.h>

static void read_before(const struct before *before, struct standing *out)
{
	*out = (struct standing){
		.exists = true,
		.classified = before->classified,
		.tier = (enum tier)before->tier,
		.list = (enum list)before->list,
		.engagement_centi = before->engagement,
		.potential_centi = before->potential,
		.keep_score_centi = before->keep_score,
		.engagement_side = (enum side)before->engagement_side,
		.potential_side = (enum side)before->potential_side,
		.could_become_key = before->could_become_key,
		.qualified = {.expected_annual = -1},
	};
}

void jobs_review_outcome(const struct making *making, uint32_t index, struct outcome *out)
{
	struct features features = making->rows.features[index];

	const struct before *before = &making->rows.before[index];
	const struct rules rules = {making->rules.policy, &making->review};
	struct terms terms = {.expected_annual = -1, .revisit_on = DAY_NONE};

	out->id = book_rows_id(&making->rows, index);
	out->is_promoted = false;
	read_before(before, &out->before);
	if (before->prospect >= 0) {
		out->before.qualified = making->rows.prospects[before->prospect].qualified;
		terms = making->rows.prospects[before->prospect].terms;
	}
	out->after = out->before;
	jobs_outcome_score(out, &features, &terms, rules, making->flip.next_day, true);
}

/** qsort_r's order of rows by id: the order in which rows are written. */
static int compare_rows(const void *a, const void *b, void *rows)
{
	return text_compare(book_rows_id(rows, *(const uint32_t *)a), book_rows_id(rows, *(const uint32_t *)b));
}

void jobs_review_sort(struct making *making)
{
	qsort_r(making->order, making->rows.count, sizeof(*making->order), compare_rows, &making->rows);
}

enum status jobs_review_tally(struct making *making)
{
	struct outcome outcome = {0};
	size_t unchanged = making->rows.count;

	making->order = calloc(making->rows.count + 1, sizeof(*making->order));
	if (making->order == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < making->rows.count; i++) {
		jobs_review_outcome(making, (uint32_t)i, &outcome);
		making->tiers[outcome.after.tier]++;
		making->lists[outcome.after.list]++;
		making->verdicts[outcome.after.qualified.verdict]++;
		if (outcome.scoring.could_become_key)
			contending_offer(&making->contending, outcome.id, making->rows.features[i].measures.revenue_12m, &outcome.scoring);
		if (jobs_outcome_differs(&outcome, OUTCOME_SCORES))
			making->order[making->changed_count++] = (uint32_t)i;
		else
			making->order[--unchanged] = (uint32_t)i;
	}
	return contending_finish(&making->contending, making->arena, &making->contenders);
}
