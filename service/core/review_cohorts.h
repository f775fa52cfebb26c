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

/** The clients of a book, by column. */
struct clients {
	size_t count;
	int64_t *revenue;  /* 12 months */
	uint32_t *cell;    /* by the book's industries */
};

/** Memory for freezing cohorts, zeroed. */
struct cohort_space {
	uint32_t *starts;         /* industries + 1 times BANDS, and 1 */
	int64_t *values;          /* one for each client */
	int32_t *picked;          /* industries */
	int32_t *map;             /* industries: the table's index of each, or -1, on return */
	struct text *industries;  /* for the table: clients ÷ COHORT_LEAST_CLIENTS are enough */
	struct cohort *rows;      /* for the table: 1 and twice as many */
};

/** Freeze the cohorts of a book's clients; without clients the table is empty. @return the table, in `space` */
struct cohorts core_cohorts_freeze(const struct book *book, const struct clients *clients, struct cohort_space *space);

#endif
