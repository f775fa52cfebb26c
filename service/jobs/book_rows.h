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
	bool classified, could_become_key;
	int32_t won_deals;                         /* in 12 months */
	int32_t prospect;                          /* index into prospects; -1: an account */
};

/** What is kept of a prospect, and what its record says. */
struct prospect_row {
	struct qualified qualified;
	struct terms terms;
};

/** An organisation whose margin has to be summed up anew. */
struct other_margin {
	uint32_t index;
	int32_t pct_centi;
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
	bool skips_won_deals;         /* before[].won_deals is not wanted */
	/** With book_rows_window: takes over the rows that are there, JOBS_CHUNK_ROWS or the last. */
	enum status (*on_window)(struct book_rows *rows, void *context);
	void *window_context;
	char *window_pool;            /* of ids: used again for every window */
	struct arena *window_texts;   /* of prospects, for one window */
	/* With wants_owners alone: */
	bool wants_owners;
	int32_t default_margin_centi; /* of the policy the book is to be judged by */
	struct text_map sellers;      /* 1-based numbers in order of discovery */
	uint32_t *owners;             /* of each organisation: the seller's number, 0: none; OWNER_DERIVED on top where none was stated */
	struct other_margin *other_margins;  /* of whom the daily sums were made with another percentage than will hold; by index */
	size_t other_count, other_capacity;
};
#define OWNER_DERIVED UINT32_C(0x80000000)

/** Start an empty book. @return STATUS_OK or STATUS_NO_MEMORY; book_rows_release in either case */
MUST_CHECK enum status book_rows_init(struct book_rows *rows);
void book_rows_release(struct book_rows *rows);
/**
 * Make the book a window of one: loading hands it over whenever it is full, and what has been handed over is forgotten, but for sellers
 * and industries. wants_owners is set.
 */
MUST_CHECK enum status book_rows_window(struct book_rows *rows, enum status (*on_window)(struct book_rows *rows, void *context),
                                        void *context);
struct text book_rows_id(const struct book_rows *rows, size_t index);

/**
 * Read the workspace's whole book, inside a transaction that is a snapshot of it.
 *
 * @param day  D: decides which stated potentials are in force, and which won deals count
 * @return     STATUS_OK; STATUS_NO_MEMORY; STATUS_UNAVAILABLE when stopping; as session_run
 */
MUST_CHECK enum status jobs_book_load(struct job *job, int32_t day, struct book_rows *rows);
/** What a loaded book is moved to, in the same snapshot. */
struct book_move {
	int32_t day;                  /* to be */
	enum revenue_source source;   /* to be */
	bool measures;                /* day or source is another: measure again, from the daily sums */
	/* These need wants_owners: */
	bool margins;                 /* sum the margins of other_margins up anew */
	bool derives_sellers;         /* the day is another */
	bool promotes;                /* the day has moved on: prospects may have bought */
	bool counts_won_deals;        /* before[].won_deals was skipped, and is wanted */
	bool judges;                  /* the day or the criteria are others: judge fits, access and open deals; verdicts stay as they were */
	bool judges_fits;             /* the criteria are others */
	const struct policy *policy;  /* to be, with judges */
};
/** @return whether there is anything to do but margins */
bool jobs_book_moves(const struct book_move *move);
/** Bring the book there, organisation by organisation, as a rescoring would. @return as jobs_rows; STATUS_UNAVAILABLE when stopping */
MUST_CHECK enum status jobs_book_move(struct job *job, const struct book_move *move, struct book_rows *rows);
/** What the book as a whole has recorded by the day: fills has_revenue_entries, distinct_lines, and the first revenue of either source. */
struct book_span {
	bool has_revenue_entries;
	int32_t distinct_lines;
	int32_t first_entry_on, first_deal_on;  /* DAY_NONE: none */
};
MUST_CHECK enum status jobs_book_span(struct job *job, int32_t day, struct book_span *span);
/** The industries of the book in the order of their numbers. @return NULL when memory is short, or there are none */
struct text *jobs_book_industries(const struct book_rows *rows, struct arena *arena);
/** The won deals in 12 months of the clients among the rows. @param out  room for as many as rows. @return how many */
size_t jobs_book_won_deals(const struct book_rows *rows, int64_t *out);
/** deals_per_year (domain.md §5) from those of all clients, which are reordered. */
int64_t jobs_book_deals_per_year(int64_t *won_deals, size_t clients);
/** Fill what a review needs of the book as a whole, but for deals_per_year, number, day and provisional. @return STATUS_OK or _NO_MEMORY */
MUST_CHECK enum status jobs_book_describe(const struct book_rows *rows, const struct book_span *span, const struct policy *policy,
                                          struct arena *arena, struct book *book);
/**
 * Compute a review of the book.
 *
 * @param rows  measured under the source that the policy and the span decide
 * @param book  number, day and provisional are given; the rest is filled
 * @param out   its tables in the arena; the rows' industries index its cohorts from then on
 * @return      STATUS_OK or STATUS_NO_MEMORY
 */
MUST_CHECK enum status jobs_book_review(struct book_rows *rows, const struct book_span *span, const struct policy *policy,
                                        struct book *book, struct arena *arena, struct review *out);

#endif
