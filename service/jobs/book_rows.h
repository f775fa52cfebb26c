/* SPDX-License-Identifier: Apache-2.0 */
/* A whole book in memory, as a review needs it: some 130 bytes an organisation. */
#ifndef SERVICE_JOBS_BOOK_ROWS_H
#define SERVICE_JOBS_BOOK_ROWS_H

#include <sweetspot/review.h>
#include <sweetspot/subject.h>

#include "flip.h"
#include "text_map.h"

/** How an organisation stands before the review. Scores in hundredths, -1: none. */
struct before {
	int16_t engagement, potential, keep_score;
	uint8_t tier, list;                        /* enum tier, enum list */
	uint8_t engagement_side, potential_side;   /* enum side */
	bool classified;
	int32_t won_deals;                         /* in 12 months */
	int32_t prospect;                          /* index into prospects; -1: an account */
};

/** What is kept of a prospect, and what its record says. */
struct prospect_row {
	struct qualified qualified;
	struct terms terms;
};

/** Organisation i: features[i] (sides none), before[i], and its id: a length byte and as many bytes at ids[i]. */
struct book_rows {
	struct features *features;
	struct before *before;
	const char **ids;
	size_t count, capacity;
	struct prospect_row *prospects;
	size_t prospect_count, prospect_capacity;
	struct arena *names;          /* ids, industries */
	char *pool;                   /* room left for ids */
	size_t pool_left;
	struct text_map industries;   /* 1-based numbers in order of discovery: features[].industry + 1 */
	struct text_map won_deals;
};

/** Start an empty book. @return STATUS_OK or STATUS_NO_MEMORY; book_rows_release in either case */
MUST_CHECK enum status book_rows_init(struct book_rows *rows);
void book_rows_release(struct book_rows *rows);
struct text book_rows_id(const struct book_rows *rows, size_t index);

/**
 * Read the workspace's whole book, inside a transaction that is a snapshot of it.
 *
 * @param day  D: decides which stated potentials are in force, and which won deals count
 * @return     STATUS_OK; STATUS_NO_MEMORY; as session_run
 */
MUST_CHECK enum status jobs_book_load(struct job *job, int32_t day, struct book_rows *rows);
/** Replace every organisation's measures by those under another revenue source, from the daily sums, in the same snapshot. */
MUST_CHECK enum status jobs_book_measure(struct job *job, int32_t day, enum revenue_source source, struct book_rows *rows);
/** What the book as a whole has recorded by the day: fills has_revenue_entries, distinct_lines, and the first revenue of either source. */
struct book_span {
	bool has_revenue_entries;
	int32_t distinct_lines;
	int32_t first_entry_on, first_deal_on;  /* DAY_NONE: none */
};
MUST_CHECK enum status jobs_book_span(struct job *job, int32_t day, struct book_span *span);
/** The median number of won deals in 12 months over the clients, at least 1. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_book_deals_per_year(const struct book_rows *rows, int64_t *out);

#endif
