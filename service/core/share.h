/* SPDX-License-Identifier: Apache-2.0 */
/* Exact shares of one whole, and how many points of a scale they are worth. */
#ifndef SWEETSPOT_CORE_SHARE_H
#define SWEETSPOT_CORE_SHARE_H

#include <sweetspot/score.h>

__extension__ typedef unsigned __int128 uint128;

/** A share in machine words: 0 ≤ num ≤ den, den > 0. */
struct ratio {
	int64_t num, den;
};

/** @return num/den cut to 0..1; of a den that is not above 0 some share or other */
static inline struct ratio ratio_of(int64_t num, int64_t den)
{
	int64_t whole = den > 0 ? den : 1;
	int64_t part = num < whole ? num : whole;

	return (struct ratio){part > 0 ? part : 0, whole};
}

static inline struct share share_of_product(struct ratio a, struct ratio b)
{
	return (struct share){(int128)a.num * b.num, (int128)a.den * b.den};
}

/** share_scale() where the products may need more than 128 bits: share.den < 2^126, by > 0. */
int32_t share_scale_wide(struct share share, uint64_t times, uint64_t by);

/** @return how many bits the value has in use; value > 0 */
static inline int bit_length(uint128 value)
{
	uint64_t high = (uint64_t)(value >> 64);

	return high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)value);
}

/**
 * round(share × times ÷ by), half away from zero, exact.
 *
 * @param share  den < 2^126
 * @param times  < 2^37
 * @param by     1 .. 2^37, times ÷ by ≤ 10000
 */
static inline int32_t share_scale(struct share share, uint64_t times, uint64_t by)
{
	uint128 den = (uint128)share.den * by;
	uint128 num = (uint128)share.num * times + den / 2;
	uint64_t points;
	int excess;

	if (share.den >> 90 != 0)
		return share_scale_wide(share, times, by);
	/* A quotient of 14 bits needs no more than the leading bits of its divisor: from 48 of them it is exact or one too many. */
	excess = bit_length(den) - 48;
	excess = excess > 0 ? excess : 0;
	points = (uint64_t)(num >> excess) / (uint64_t)(den >> excess);
	return (int32_t)(points - (points * den > num));
}

/** As share_scale. Nearly every share of a real book fits into words, which divide several times faster. */
static inline int32_t ratio_scale(struct ratio ratio, uint64_t times, uint64_t by)
{
	uint64_t den = (uint64_t)ratio.den * by;

	if ((uint64_t)ratio.den >> 46 != 0 || (times | by) >> 17 != 0)
		return share_scale((struct share){ratio.num, ratio.den}, times, by);
	return (int32_t)(((uint64_t)ratio.num * times + den / 2) / den);
}

/**
 * momentum within 0..1 (domain.md §1), in words.
 *
 * Amounts beyond ±2^56, which no book has, count as that much.
 */
struct ratio core_momentum(const struct measures *measures, const struct review *review);
/** @return the amount within ±2^56 */
static inline int64_t money_cut(int64_t amount)
{
	const int64_t most = INT64_C(1) << 56;
	int64_t below = amount < most ? amount : most;

	return below > -most ? below : -most;
}

#endif
