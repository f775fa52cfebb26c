/* SPDX-License-Identifier: Apache-2.0 */
/* Which secondaries could become key at a review (domain.md §2). Types alone. */
#ifndef SWEETSPOT_CONTENDERS_H
#define SWEETSPOT_CONTENDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/text.h>

/** How many of them a review names. */
#define CONTENDERS_MOST 20

/** One of them: a client on secondary whose annual potential reaches the key cut-off. Money in minor units. */
struct contender {
	struct text id, name;
	int64_t revenue_12m;
	int64_t annual_potential;
	bool is_estimate;         /* of the annual potential */
	int32_t potential_centi;  /* the score; -1: none */
};

/** All of them together, and the first by falling potential, then by id. Sums end at the edge of their type. */
struct contenders {
	int64_t count;
	int64_t revenue, headroom;  /* of 12 months; annual potential less that */
	struct contender *first;
	size_t shown;
};

#endif
