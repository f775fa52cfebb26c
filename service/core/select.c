/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks and percentiles by selection. What is ranked, and why, is the review's. */
#include "service/core/select.h"

#include <sweetspot/review.h>

/* Enough for a pivot close to the rank, few enough to sort in no time. */
#define SAMPLE_MOST 127
#define SAMPLE_LEAST 31
#define LARGE_COUNT 20000
/* Below this a sample is not worth its sorting. */
#define SMALL_COUNT 64

static void sort_small(int64_t *values, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		int64_t value = values[i];
		size_t at = i;

		for (; at > 0 && values[at - 1] > value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
}

/**
 * A value near the wanted rank, from an evenly spread sample: the same data give the same pivot. It lies a little nearer to the middle than
 * the rank does, so that what is left to look at is most often the smaller part.
 */
static int64_t pick_pivot(const int64_t *values, size_t count, size_t rank)
{
	int64_t sample[SAMPLE_MOST];
	size_t size = count > LARGE_COUNT ? SAMPLE_MOST : SAMPLE_LEAST;
	size_t near = (size_t)((uint64_t)rank * size / count);

	for (size_t i = 0; i < size; i++)
		sample[i] = values[count / size * i + count / (size * 2)];
	sort_small(sample, size);
	return sample[near < size / 2 ? near + size / 24 : near - size / 24];
}

/** Values below the pivot come first, or with its equals. @return how many; no branch depends on the data */
static size_t partition(int64_t *values, size_t count, int64_t pivot, bool with_equals)
{
	size_t first = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t value = values[i];

		values[i] = values[first];
		values[first] = value;
		first += (value < pivot) | (with_equals & (value == pivot));
	}
	return first;
}

int64_t select_rank(int64_t *values, size_t count, size_t rank)
{
	while (count > SMALL_COUNT) {
		int64_t pivot = pick_pivot(values, count, rank);
		size_t below = partition(values, count, pivot, false);

		if (rank < below) {
			count = below;
			continue;
		}
		values += below;
		count -= below;
		rank -= below;
		if (below > 0)
			continue;
		/* The pivot is the smallest: set its equals aside, or equal values would never end. */
		below = partition(values, count, pivot, true);
		if (rank < below)
			return pivot;
		values += below;
		count -= below;
		rank -= below;
	}
	sort_small(values, count);
	return values[rank];
}

int64_t core_percentile(int64_t *values, size_t count, int percentile)
{
	return select_rank(values, count, percentile_rank(count, percentile));
}

int64_t core_key_cutoff(int64_t *values, size_t count, int64_t key_pct_centi)
{
	size_t key = (size_t)((int128)count * key_pct_centi / 10000);

	return select_rank(values, count, count - (key > 0 ? key : 1));
}

int32_t core_cut_percentile(const uint32_t histogram[SCORE_SLOTS], uint64_t count, int percentile)
{
	uint64_t needed = count * (uint64_t)percentile / 100;
	uint64_t below = 0;

	for (int32_t score = 0; score < SCORE_SLOTS; score++) {
		if (histogram[score] > 0 && below >= needed)
			return score;
		below += histogram[score];
	}
	return 5000;
}
