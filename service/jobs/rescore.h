/* SPDX-License-Identifier: Apache-2.0 */
/* Going through the book of a workspace while it is being written to, scoring each organisation under what is to come. */
#ifndef SERVICE_JOBS_RESCORE_H
#define SERVICE_JOBS_RESCORE_H

#include "flip.h"
#include "rules.h"

/** Columns of read_organisations_after, read_touched_after and read_override_turns. */
enum column { COLUMN_ID, COLUMN_IS_ACCOUNT, COLUMN_STATUS, COLUMN_SELLER, COLUMN_EMPLOYEES, COLUMN_INDUSTRY, COLUMN_POTENTIAL,
              COLUMN_POTENTIAL_ON, COLUMN_MARGIN_PCT, COLUMN_EXPECTED_ANNUAL, COLUMN_REVISIT_ON, COLUMN_STANDING };
/** As much of an organisation's record as scoring reads, from such a row; whether it is an account is said beside it. */
void jobs_record_read(struct row row, bool is_account, struct stored_record *out);

enum rescore_pass {
	RESCORE_WRITES,  /* the edition being written, after publication */
	RESCORE_SETTLES, /* what differs, into the edition in force, under the exclusive lock */
	RESCORE_MARKS,   /* nothing but marks on what would differ, before publication, until there are more than job->settle_rows */
};

/** What a pass scores under. */
struct rescore {
	struct flip *flip;
	const struct policy *policy;   /* to come */
	const struct review *review;   /* to come; NULL: none */
	enum revenue_source source;    /* that measures are taken under */
	bool measures;                 /* day or source is another: measure again */
	bool judges;                   /* the policy is another: judge criteria and access again */
	bool derives_sellers;          /* the day is another */
	bool promotes;                 /* the day has moved on: prospects may have bought */
	bool plain_sides;              /* the review is another: store sides anew */
	bool touched_only;             /* only what was touched while the flip was computed; else everything */
	enum rescore_pass pass;
	int64_t marked;                /* result: organisations that would differ, or more than job->settle_rows */
	bool found_other_margins;      /* result: daily sums were made with another margin than will hold */
};

/** Run the pass in chunks, each a transaction beside writers. flip->changed and flip->promoted grow. @return as jobs_transaction */
MUST_CHECK enum status jobs_rescore(struct rescore *rescore);
/** Mark organisations that the flip changes, as writers mark what they touch. */
MUST_CHECK enum status jobs_mark(struct job *job, int32_t epoch, const struct array_column *ids);
/**
 * Settle a flip, when no more organisations are marked than may keep writers waiting: they are scored as they stand now.
 *
 * @param rescore     of everything; the pass is this one's business
 * @param is_settled  as jobs_flip_settle says
 * @return            as jobs_flip_settle
 */
MUST_CHECK enum status jobs_rescore_settle(const struct rescore *rescore, bool *is_settled);

/**
 * After a flip: bring the margins of the daily sums in line with the percentage in force, organisation by organisation. What is
 * measured does not change by it.
 */
MUST_CHECK enum status jobs_margins_settle(struct job *job, const struct policy *policy);

#endif
