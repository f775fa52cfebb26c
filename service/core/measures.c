/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from the measures alone: contribution, momentum, size band. Summing the facts up is the store's. */
#include "service/core/share.h"

#include <stddef.h>

const int64_t employee_band_starts[EMPLOYEE_BANDS] = {1, 10, 50, 250, 1000, 5000};

uint8_t employee_band_of(int64_t employees)
{
	uint8_t band = 0;

	for (size_t i = 0; i < EMPLOYEE_BANDS; i++)
		band = (uint8_t)(band + (employees >= employee_band_starts[i]));
	return band;
}

int64_t measures_contribution(const struct measures *measures, const struct policy *policy)
{
	return measures->margin_12m - number_divide_rounded((int128)measures->minutes_12m * policy->hour_cost_minor, 60);
}

/** (1 + (r − p) ÷ (r + p + g)) ÷ 2 = (2 r + g) ÷ (2 (r + p + g)), and g = key_cutoff ÷ 20: all times 20. */
struct ratio core_momentum(const struct measures *measures, const struct review *review)
{
	int64_t r = money_cut(review->half_year_momentum ? measures->revenue_182 : measures->revenue_12m);
	int64_t p = money_cut(review->half_year_momentum ? measures->revenue_prior_182 : measures->revenue_prior_12m);
	int64_t evidence = review->has_key_cutoff && r > p ? money_cut(review->key_cutoff) : 0;

	if (r + p <= 0)
		return (struct ratio){1, 2};
	return ratio_of(40 * r + evidence, 40 * (r + p) + 2 * evidence);
}

struct share measures_momentum(const struct measures *measures, const struct review *review)
{
	struct ratio momentum = core_momentum(measures, review);

	return (struct share){momentum.num, momentum.den};
}
