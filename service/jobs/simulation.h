/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of answering a simulation: its rules, the book under them, and the let-go lists of both. */
#ifndef SERVICE_JOBS_SIMULATION_H
#define SERVICE_JOBS_SIMULATION_H

#include <sweetspot/let_go.h>
#include <sweetspot/simulation.h>
#include <sweetspot/store.h>

#include "book_pack.h"

/** An account that tier, list and hours let on a let-go list. */
struct candidate {
	struct let_go_key key;
	int64_t minutes_12m;
	uint32_t row, owner;
	uint8_t tier, list;
};

/** A let-go list being made in memory: candidates as they are found, then in order; then those of them within the budget. */
struct cutting {
	struct arena *ids;             /* of candidates */
	struct candidate *candidates;  /* on the heap */
	size_t count, capacity;
	const struct policy *policy;
	const struct review *review;   /* NULL: there is none, and so no list */
	int32_t day;
	bool review_is_made;           /* not in the database: its clients count for the base all the same */
	struct candidate *within;      /* on the heap, in order */
	size_t within_count;
};

/** A simulation being made, inside one snapshot. */
struct simulating {
	struct job *job;
	const struct settings *settings;
	struct simulation *simulation;
	struct arena *arena;           /* the question's */
	struct rules rules;            /* in force */
	struct policy next_policy;
	enum revenue_source source;    /* to be */
	struct book_rows window;       /* of the book, with its sellers and industries */
	struct book_pack pack;         /* the book */
	struct book_pack eaten;        /* the book as it stood, while it is being moved */
	bool has_derived_floor;        /* of a review that is made */
	int64_t derived_floor;
	struct stand *after;           /* one a row, on the heap */
	struct cutting before_cut, after_cut;
};

/**
 * Find the rules: those in force, and those the question makes of them; which of them act at once, and on which day they are judged.
 *
 * @return STATUS_OK; STATUS_INVALID with problems; STATUS_NO_MEMORY; as jobs_rows
 */
MUST_CHECK enum status jobs_simulation_rules(struct simulating *simulating);

/** Note memory in use, and say whether it is too much. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_simulation_weigh(struct simulating *simulating);

/** Note a prospect of the window that is let in. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_simulation_let_in(struct simulating *simulating, size_t index, struct stand before, struct stand after);
/** Give those that are shown their names, and find what clients take of hours. @return as jobs_rows */
MUST_CHECK enum status jobs_simulation_name_let_in(struct simulating *simulating);

/** Find the floor of a review that is made, and with deal_size_pct bands and sellers of the one judged under. @return as jobs_rows */
MUST_CHECK enum status jobs_simulation_sizes(struct simulating *simulating);

/** Start a list. @return STATUS_OK or STATUS_NO_MEMORY; jobs_cutting_release in either case */
MUST_CHECK enum status jobs_cutting_init(struct cutting *cutting);
void jobs_cutting_release(struct cutting *cutting);
/** Take a row in if it may be on the list. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_cutting_add(struct cutting *cutting, const struct book_rows *window, size_t index, uint32_t row,
                                        struct stand stand);
/**
 * Put the candidates in order, and find those within the budget by what else decides.
 *
 * @param out  entries in the question's arena
 * @return     STATUS_OK; STATUS_NO_MEMORY; STATUS_UNAVAILABLE when stopping; as jobs_rows
 */
MUST_CHECK enum status jobs_cutting_finish(struct simulating *simulating, struct cutting *cutting, struct cut *out);
/** Say who is within the budget after but not before, and the other way round; as they stand after. @return as jobs_cutting_finish */
MUST_CHECK enum status jobs_cutting_compare(struct simulating *simulating);

#endif
