/* SPDX-License-Identifier: Apache-2.0 */
/* How a review freezes its cohort table. */
#ifndef SWEETSPOT_CORE_REVIEW_COHORTS_H
#define SWEETSPOT_CORE_REVIEW_COHORTS_H

#include <sweetspot/review.h>

/* Employee bands, 0 for none among them. */
#define BANDS 7

/** @return where a client belongs: its industry and band, industry -1 first */
static inline uint32_t cell_of(int32_t industry, uint8_t band)
{
	return (uint32_t)(industry + 1) * BANDS + band;
}

/* Fewer clients than these say nothing about their kind (domain.md §1). */
#define COHORT_LEAST_CLIENTS 5

/** Memory for freezing cohorts, zeroed. */
struct cohort_space {
	uint32_t *starts;         /* industries + 1 times BANDS, and 1 */
	int64_t *values;          /* one for each client: their revenues of 12 months */
	int32_t *picked;          /* industries */
	int32_t *map;             /* industries: the table's index of each, or -1, on return */
	struct text *industries;  /* for the table: clients ÷ COHORT_LEAST_CLIENTS are enough */
	struct cohort *rows;      /* for the table: 1 and twice as many */
};

/** Every client is counted first: where it belongs. */
static inline void cohort_count(struct cohort_space *space, uint32_t cell)
{
	space->starts[cell + 1]++;
}

/** Once all are counted, give each cell its place. */
void core_cohorts_lay_out(const struct book *book, struct cohort_space *space);

/** Then every client is placed, in any order. */
static inline void cohort_place(struct cohort_space *space, uint32_t cell, int64_t revenue_12m)
{
	space->values[space->starts[cell]++] = revenue_12m;
}

/** Freeze the cohorts of those that were placed; without clients the table is empty. Reorders values. @return the table, in `space` */
struct cohorts core_cohorts_freeze(const struct book *book, size_t clients, struct cohort_space *space);

#endif
