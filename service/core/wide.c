/* SPDX-License-Identifier: Apache-2.0 */
/* Schoolbook arithmetic for numbers that are made a few times a review. What they stand for is the caller's. */
#include "service/core/wide.h"

struct wide wide_of(uint128 value)
{
	return (struct wide){{(uint64_t)value, (uint64_t)(value >> 64)}};
}

struct wide wide_times(struct wide a, uint128 factor)
{
	const uint64_t words[] = {(uint64_t)factor, (uint64_t)(factor >> 64)};
	struct wide product = {{0}};

	for (size_t shift = 0; shift < 2; shift++) {
		uint64_t carry = 0;

		for (size_t i = 0; i + shift < WIDE_WORDS; i++) {
			uint128 partial = (uint128)a.word[i] * words[shift] + product.word[i + shift] + carry;

			product.word[i + shift] = (uint64_t)partial;
			carry = (uint64_t)(partial >> 64);
		}
	}
	return product;
}

struct wide wide_plus(struct wide a, struct wide b)
{
	struct wide sum = {{0}};
	uint64_t carry = 0;

	for (size_t i = 0; i < WIDE_WORDS; i++) {
		uint128 partial = (uint128)a.word[i] + b.word[i] + carry;

		sum.word[i] = (uint64_t)partial;
		carry = (uint64_t)(partial >> 64);
	}
	return sum;
}

int wide_compare(struct wide a, struct wide b)
{
	for (size_t i = WIDE_WORDS; i-- > 0;)
		if (a.word[i] != b.word[i])
			return a.word[i] < b.word[i] ? -1 : 1;
	return 0;
}

bool wide_is_zero(struct wide a)
{
	return wide_compare(a, wide_of(0)) == 0;
}

/** The largest whole number up to `most` that is not above the quotient: by halving, for nobody is in a hurry here. */
static uint64_t whole_part(struct wide_quotient quotient, int64_t most)
{
	uint64_t low = 0;
	uint64_t high = (uint64_t)most;

	while (low < high) {
		uint64_t middle = low + (high - low + 1) / 2;

		if (wide_compare(wide_times(quotient.den, middle), quotient.num) <= 0)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

int64_t wide_round(struct wide_quotient quotient, int64_t most)
{
	struct wide_quotient and_a_half = {
		.num = wide_plus(wide_times(quotient.num, 2), quotient.den),
		.den = wide_times(quotient.den, 2),
	};

	return (int64_t)whole_part(and_a_half, most);
}

int64_t wide_ceiling(struct wide_quotient quotient, int64_t most)
{
	uint64_t whole = whole_part(quotient, most);
	bool is_exact = wide_compare(wide_times(quotient.den, whole), quotient.num) >= 0;

	return (int64_t)whole + (whole < (uint64_t)most && !is_exact);
}
