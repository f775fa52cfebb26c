/* SPDX-License-Identifier: Apache-2.0 */
/* The slow way to scale a share, for numbers that no real book has. No floating point: the same facts give the same bytes everywhere. */
#include "service/core/share.h"

/**
 * Long multiplication in base 2: whole and rest hold num × (the bits of `times` so far) ÷ den, so nothing grows beyond 3 × den. Then
 * half of `by` decides the rounding; where `by` is odd and the quotient ends right below its middle, the rest does.
 */
int32_t share_scale_wide(struct share share, uint64_t times, uint64_t by)
{
	uint128 num = (uint128)share.num;
	uint128 den = (uint128)share.den;
	uint128 whole = 0;
	uint128 rest = 0;
	uint64_t left;

	for (int bit = 63; bit >= 0; bit--) {
		whole *= 2;
		rest *= 2;
		if ((times >> bit & 1) != 0)
			rest += num;
		while (rest >= den) {
			rest -= den;
			whole++;
		}
	}
	left = (uint64_t)(whole % by);
	whole /= by;
	if (by % 2 == 1 && left == by / 2)
		return (int32_t)whole + (rest * 2 >= den);
	return (int32_t)whole + (left >= by - by / 2);
}
