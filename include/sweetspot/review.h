/* SPDX-License-Identifier: Apache-2.0 */
/* Computing a review: cut-offs, full marks and cohorts of a whole book, on arrays in memory. Pure. */
#ifndef SWEETSPOT_REVIEW_H
#define SWEETSPOT_REVIEW_H

#include <sweetspot/arena.h>
#include <sweetspot/score.h>

/** What a review needs of the book that is not in its organisations. */
struct book {
	int32_t number;                 /* of the review to be */
	int32_t day;                    /* D */
	bool provisional;
	bool has_revenue_entries;       /* dated ≤ D: decides `auto` */
	int32_t first_revenue_on;       /* under the chosen source; DAY_NONE */
	int32_t distinct_lines;         /* in the book's revenue and deals, dated ≤ D */
	int64_t deals_per_year;         /* median of won deals in 12 months over the clients, at least 1 */
	struct text *industries;        /* folded; features[].industry indexes this while computing */
	int32_t industry_count;
};

/** @return the source the policy and the book decide: never REVENUE_AUTO */
enum revenue_source core_revenue_source(const struct policy *policy, bool has_revenue_entries);

/**
 * Freeze a book: key cut-off, momentum windows, lines, availability, full marks, cohorts, then the scores' cut-offs over the clients.
 *
 * @param features  every organisation of the book, hidden ones excluded, measured under core_revenue_source(); `industry` indexes
 *                  book->industries on entry and out->cohorts on return
 * @param arena     for the result's tables and scratch of 16 bytes an organisation
 * @param out       the frozen review; unchanged on failure
 * @return          STATUS_OK or STATUS_NO_MEMORY
 *
 * Ranks by quickselect or histogram, never by a full sort where only a rank is needed. domain.md §1–§3, §11.
 */
MUST_CHECK enum status core_review_compute(const struct book *book, const struct policy *policy, struct features *features, size_t count,
                                           struct arena *arena, struct review *out);

/** A book handed over in windows, gone through several times: it need not be in memory as it is computed with. */
struct book_windows {
	/** @return the next organisations, which may be written to and stay until the next call; NULL at the end, and then again the first */
	struct features *(*next)(void *context, size_t *count);
	void *context;
};
/** As core_review_compute, window by window. @param count  organisations in all, or more */
MUST_CHECK enum status core_review_compute_windows(const struct book *book, const struct policy *policy, const struct book_windows *windows,
                                                   size_t count, struct arena *arena, struct review *out);

/** Nearest rank: element ceil(p n ÷ 100) of the ascending list, from 1. Reorders values. count > 0, 1 ≤ percentile ≤ 100. */
int64_t core_percentile(int64_t *values, size_t count, int percentile);
/** k = max(1, floor(n × key_pct)); the k-th largest. Reorders values. count > 0. */
int64_t core_key_cutoff(int64_t *values, size_t count, int64_t key_pct_centi);
/** Counts of scores 0..10002: rounding each of a score's contributions may take their sum a little over 100.00. */
#define SCORE_SLOTS 10003
/** Smallest score with at least floor(p n ÷ 100) scores strictly below it; 5000 where none has. */
int32_t core_cut_percentile(const uint32_t histogram[SCORE_SLOTS], uint64_t count, int percentile);

/** First day of the fiscal year that D lies in. */
int32_t core_fiscal_year_start(const struct policy *policy, int32_t day);

#endif
