/* SPDX-License-Identifier: Apache-2.0 */
/* Going through the book of a workspace while it is being written to, scoring each organisation under what is to come. */
#ifndef SERVICE_JOBS_RESCORE_H
#define SERVICE_JOBS_RESCORE_H

#include "flip.h"
#include "rules.h"

/** Columns of read_organisations_after, read_touched_after and read_override_turns. */
enum column { COLUMN_ID, COLUMN_IS_ACCOUNT, COLUMN_STATUS, COLUMN_SELLER, COLUMN_EMPLOYEES, COLUMN_INDUSTRY, COLUMN_POTENTIAL,
              COLUMN_POTENTIAL_ON, COLUMN_MARGIN_PCT, COLUMN_STANDING };
/** As much of an organisation's record as scoring reads, from such a row. is_promoted: an account in spite of what the row says. */
void jobs_record_read(struct row row, bool is_promoted, struct stored_record *out);

/** What a pass scores under, after publication. */
struct rescore {
	struct flip *flip;
	const struct policy *policy;   /* to come */
	const struct review *review;   /* to come; NULL: none */
	enum revenue_source source;    /* that measures are taken under */
	bool measures;                 /* day or source is another: measure again */
	bool derives_sellers;          /* the day is another */
	bool promotes;                 /* the day has moved on: prospects may have bought */
	bool plain_sides;              /* the review is another: store sides anew */
	bool touched_only;             /* only what was touched while the flip was computed; else everything */
	bool found_other_margins;      /* result: daily sums were made with another margin than will hold */
};

/** Run the pass in chunks, each a transaction beside writers. flip->changed and flip->promoted grow. @return as jobs_transaction */
MUST_CHECK enum status jobs_rescore(struct rescore *rescore);

/**
 * After a flip: bring the margins of the daily sums in line with the percentage in force, organisation by organisation. What is
 * measured does not change by it.
 */
MUST_CHECK enum status jobs_margins_settle(struct job *job, const struct policy *policy);

#endif
