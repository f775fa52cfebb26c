/* SPDX-License-Identifier: Apache-2.0 */
/* Names and sources under a policy and a review. Loading those is the store's. */
#include "rules.h"

enum revenue_source jobs_source_in(struct rules rules)
{
	if (rules.review != NULL)
		return rules.review->revenue_source;
	return rules.policy->revenue_from == REVENUE_FROM_DEALS ? REVENUE_FROM_DEALS : REVENUE_FROM_ENTRIES;
}

struct text jobs_source_name(enum revenue_source source)
{
	return source == REVENUE_FROM_DEALS ? TEXT("deals") : TEXT("revenue");
}

enum status jobs_measure(struct job *job, const struct array_column *ids, int32_t day, enum revenue_source source, const PGresult **rows)
{
	struct params params = jobs_params(job);

	params_array(&params, ids);
	params_day(&params, day);
	params_text(&params, jobs_source_name(source));
	params_int8_array(&params, decay_90, WINDOW_DAYS);
	params_int8_array(&params, decay_180, WINDOW_DAYS);
	params_bool(&params, true);
	params_bool(&params, true);
	return jobs_rows(job, STATEMENT_MEASURE_ORGANISATIONS, &params, rows);
}
