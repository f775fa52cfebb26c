/* SPDX-License-Identifier: Apache-2.0 */
/* Looking an organisation up in the frozen cohort table. How the table comes about is review_cohorts.c. */
#include <sweetspot/score.h>

#include <stddef.h>

int32_t cohort_industry(const struct cohorts *cohorts, struct text folded_industry)
{
	int32_t low = 0;
	int32_t high = cohorts->industry_count;

	while (low < high) {
		int32_t middle = low + (high - low) / 2;

		if (text_compare(cohorts->industries[middle], folded_industry) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < cohorts->industry_count && text_equal(cohorts->industries[low], folded_industry) ? low : -1;
}

/** Rows are sorted by (industry, band): one number orders them. */
static int64_t row_rank(int32_t industry, uint8_t band)
{
	return (int64_t)industry * 256 + band;
}

static const struct cohort *row_find(const struct cohorts *cohorts, int64_t rank)
{
	const struct cohort *row = cohorts->rows;
	int32_t left = cohorts->row_count;

	/* The last row at or below the rank; without a branch on the comparison, for a review looks up a million times. */
	while (left > 1) {
		int32_t half = left / 2;

		row = row_rank(row[half].industry, row[half].band) <= rank ? row + half : row;
		left -= half;
	}
	return row_rank(row->industry, row->band) == rank ? row : NULL;
}

const struct cohort *cohort_find(const struct cohorts *cohorts, int32_t industry, uint8_t band)
{
	const struct cohort *row;

	if (cohorts->row_count == 0)
		return NULL;
	row = row_find(cohorts, row_rank(industry, band));
	if (row == NULL)
		row = row_find(cohorts, row_rank(industry, 0));
	return row == NULL ? cohorts->rows : row;
}
