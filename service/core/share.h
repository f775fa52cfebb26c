/* SPDX-License-Identifier: Apache-2.0 */
/* Exact shares of one whole, and how many points of a scale they are worth. */
#ifndef SWEETSPOT_CORE_SHARE_H
#define SWEETSPOT_CORE_SHARE_H

#include <sweetspot/score.h>

__extension__ typedef unsigned __int128 uint128;

#define SHARE_NOTHING ((struct share){ 0, 1 })

/** @return num/den cut to 0..1; den > 0 unless num is 0 or less */
static inline struct share share_of(int128 num, int128 den)
{
	if (num <= 0)
		return SHARE_NOTHING;
	return (struct share){ num < den ? num : den, den };
}

/** share_scale() where the products may need more than 128 bits: share.den < 2^126, by > 0. */
int32_t share_scale_wide(struct share share, uint64_t times, uint64_t by);

/** @return how many bits the value has in use; value > 0 */
static inline int bit_length(uint128 value)
{
	uint64_t high = (uint64_t)(value >> 64);

	return high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)value);
}

/** share_scale() where the products need 128 bits: share.den < 2^90, times and by < 2^37, by > 0, times ÷ by ≤ 10000. */
static inline int32_t share_scale_long(struct share share, uint64_t times, uint64_t by)
{
	uint128 den = (uint128)share.den * by;
	uint128 num = (uint128)share.num * times + den / 2;
	int excess = bit_length(den) - 48;
	uint64_t points;

	/* A quotient of 14 bits needs no more than the leading bits of its divisor: from 48 of them it is exact or one too many. */
	excess = excess > 0 ? excess : 0;
	points = (uint64_t)(num >> excess) / (uint64_t)(den >> excess);
	return (int32_t)(points - (points * den > num));
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
	uint64_t num;
	uint64_t den;

	if (share.den >> 46 != 0 || (times | by) >> 17 != 0)
		return share.den >> 90 == 0 ? share_scale_long(share, times, by) : share_scale_wide(share, times, by);
	den = (uint64_t)share.den * by;
	num = (uint64_t)share.num * times + den / 2;
	return (int32_t)(num / den);
}

#endif
