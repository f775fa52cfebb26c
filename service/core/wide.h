/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers of 512 bits: products of amounts, counts and minutes, so that quotients of them are exact. Never negative. */
#ifndef SERVICE_CORE_WIDE_H
#define SERVICE_CORE_WIDE_H

#include <stddef.h>
#include <stdint.h>

#include "service/core/share.h"

#define WIDE_WORDS 8

/** Least significant word first. The largest product that sizes are made of has some 300 bits. */
struct wide {
	uint64_t word[WIDE_WORDS];
};

struct wide wide_of(uint128 value);
struct wide wide_times(struct wide a, uint128 factor);
struct wide wide_plus(struct wide a, struct wide b);
/** @return <0, 0, >0 */
int wide_compare(struct wide a, struct wide b);
bool wide_is_zero(struct wide a);

/** An exact quotient num ÷ den; den > 0, both below 2^448. */
struct wide_quotient {
	struct wide num, den;
};
/** @return rounded half up; `most`, which is not negative, where it is larger */
int64_t wide_round(struct wide_quotient quotient, int64_t most);
/** @return the least whole number not below it; `most` where it is larger */
int64_t wide_ceiling(struct wide_quotient quotient, int64_t most);

#endif
