/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of answering a simulation: its rules, the book under them, and the let-go lists of both. */
#ifndef SERVICE_JOBS_SIMULATION_H
#define SERVICE_JOBS_SIMULATION_H

#include <sweetspot/simulation.h>
#include <sweetspot/store.h>

#include "book_rows.h"

/** A simulation being made, inside one snapshot. */
struct simulating {
	struct job *job;
	struct simulation *simulation;
	struct arena *arena;           /* the question's */
	struct rules rules;            /* in force */
	struct policy next_policy;
	enum revenue_source source;    /* to be */
	struct book_rows rows;
	struct stand *before, *after;  /* one a row; on the heap */
};

/**
 * Find the rules: those in force, and those the question makes of them; which of them act at once, and on which day they are judged.
 *
 * @return STATUS_OK; STATUS_INVALID with problems; STATUS_NO_MEMORY; as jobs_rows
 */
MUST_CHECK enum status jobs_simulation_rules(struct simulating *simulating);

/** What a let-go list is made under. */
struct cut_rules {
	const struct policy *policy;
	const struct review *review;   /* NULL: there is none, and so no list */
	int32_t day;
	bool review_is_made;           /* not in the database: its clients count for the base all the same */
};

/** A let-go list in memory: rows within the budget, in order. */
struct cut_rows {
	uint32_t *rows;                /* on the heap */
	size_t count;
};

/**
 * Make the let-go list of a book as it stands in memory.
 *
 * @param stands  of every row
 * @param out     entries in the arena
 * @param within  to be freed by the caller, also on failure
 * @return        STATUS_OK; STATUS_NO_MEMORY; STATUS_UNAVAILABLE when stopping; as jobs_rows
 */
MUST_CHECK enum status jobs_simulation_cut(struct simulating *simulating, const struct stand *stands, const struct cut_rules *rules,
                                           struct cut *out, struct cut_rows *within);
/** Say who is within the budget after but not before, and the other way round; as the rows stand after. @return as jobs_simulation_cut */
MUST_CHECK enum status jobs_simulation_compare(struct simulating *simulating, const struct cut_rows *before, const struct cut_rows *after);

#endif
