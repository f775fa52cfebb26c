/* SPDX-License-Identifier: Apache-2.0 */
/* The element of a rank, without sorting. */
#ifndef SWEETSPOT_CORE_SELECT_H
#define SWEETSPOT_CORE_SELECT_H

#include <stddef.h>
#include <stdint.h>

/** @return the 0-based rank of a percentile: element ceil(p n ÷ 100) counted from 1 (domain.md §1); count > 0, 1 ≤ percentile ≤ 100 */
static inline size_t percentile_rank(size_t count, int percentile)
{
	return (count * (size_t)percentile + 99) / 100 - 1;
}

/**
 * Put the element of a rank in its place: no value before it is larger, none behind it smaller.
 *
 * @param rank  0-based, < count
 * @return      the element
 */
int64_t select_rank(int64_t *values, size_t count, size_t rank);

#endif
