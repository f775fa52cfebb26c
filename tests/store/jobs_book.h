/* SPDX-License-Identifier: Apache-2.0 */
/* A small book for the tests of the jobs, and what is asked of it again and again. */
#ifndef TESTS_STORE_JOBS_BOOK_H
#define TESTS_STORE_JOBS_BOOK_H

#include <sweetspot/jobs.h>
#include <sweetspot/metrics.h>

#include "service/jobs/review.h"
#include "support.h"

#define BOOK_DAY "2026-06-30"   /* what the policy pins; the workspace begins on 2026-03-01 */
#define BOOK_ACCOUNTS 60
#define BOOK_PROSPECTS 10

/** A workspace with 60 accounts, o-001 to o-060, and ten prospects, p-001 to p-010, with facts and daily sums, not yet measured. */
struct jobs_book {
	PGconn *plain;
	struct settings settings;
	struct metrics *metrics;
	struct arena *arena;
	int64_t workspace;
};

struct jobs_book jobs_book_make(void);
void jobs_book_release(struct jobs_book *book);

/** Run SQL in which every %W stands for the workspace. */
void book_run(const struct jobs_book *book, const char *sql);
int64_t book_number(const struct jobs_book *book, const char *sql);
/** How many of the workspace's rows of a table are so. */
int64_t book_count(const struct jobs_book *book, const char *table, const char *condition);
/** A number that stands for everything readers see of the standings, the workspace's own number left out. */
int64_t book_digest(const struct jobs_book *book);
/** A number that changes when any row of standing is written. */
int64_t book_rows_written(const struct jobs_book *book);
/** Ask for a review. @return its number */
int32_t book_ask_review(const struct jobs_book *book);
/** Have done what is due; must succeed. */
void book_run_due(const struct jobs_book *book);
/** Measure and score everything again under what is in force: nothing may come out other than it stands. */
void book_expect_settled(const struct jobs_book *book);

/** A job on a session of its own, as the scheduler has one. */
struct job book_job(const struct jobs_book *book);
void book_job_end(struct job *job);

#endif
