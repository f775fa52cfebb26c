/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of answering a simulation: its rules, the book under them, and the let-go lists of both. */
#ifndef SERVICE_JOBS_SIMULATION_H
#define SERVICE_JOBS_SIMULATION_H

#include <sweetspot/let_go.h>
#include <sweetspot/simulation.h>
#include <sweetspot/store.h>

#include "book_pack.h"
#include "contending.h"
#include "first_few.h"

/** An account that tier, list and hours let on a let-go list. */
struct candidate {
	struct let_go_key key;  /* its id is the pack's */
	int64_t minutes_12m;
	uint32_t row, owner;
	uint8_t tier, list;     /* the tier that counts: one set by hand instead of the computed one */
};

/**
 * A let-go list being made in memory. The pack is gone through for its first candidates, then again for those behind them, until the budget
 * is full: they are never all there at once.
 */
struct cutting {
	const struct policy *policy;
	const struct review *review;   /* NULL: there is none, and so no list */
	int32_t day;
	bool is_after;
	struct text_map overrides;     /* tiers set by hand; their texts in the question's arena */
	struct first_few candidates;
	struct candidate last;         /* behind whom candidates are looked for, with has_last */
	bool has_last;
	uint32_t *rows;                /* of those within the budget, in order; on the heap */
	size_t within, most;           /* of them: there are, there may be */
};

/** A simulation being made, inside one snapshot. */
struct simulating {
	struct job *job;
	struct question *question;
	const struct settings *settings;
	struct simulation *simulation;
	struct arena *arena;           /* the question's, where all that is found lives */
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
	struct first_few crossers;     /* struct crosser, ids borrowed from the pack */
	struct contending contending;  /* ids likewise */
};

/**
 * Find the rules: those in force, and those the question makes of them; which of them act at once, and on which day they are judged.
 *
 * @return STATUS_OK; STATUS_INVALID with problems; STATUS_NO_MEMORY; as jobs_rows
 */
MUST_CHECK enum status jobs_simulation_rules(struct simulating *simulating);

/** Note memory in use, `beside` more bytes among it, and say whether it is too much. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_simulation_weigh(struct simulating *simulating, size_t beside);
/** How an organisation of a window stands before, as standings have it. */
struct stand jobs_simulation_before(const struct book_rows *window, size_t index);

/** Note a prospect of the window that is let in. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_simulation_let_in(struct simulating *simulating, size_t index, struct stand before, struct stand after);
/** Give those that are shown their names, and find what clients take of hours. @return as jobs_rows */
MUST_CHECK enum status jobs_simulation_name_let_in(struct simulating *simulating);

/** @return the seller of that number; {NULL, 0} for 0 */
struct text jobs_simulation_seller(const struct simulating *simulating, uint32_t owner);

/** Make room for a page of those who cross, and for those who could become key. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status jobs_crossers_init(struct simulating *simulating);
/** Note an organisation of the window that could become key. @param of  struct simulating */
void jobs_contender_offer(void *of, size_t index, const struct scoring *scoring);
/** Note an organisation of the window if it crosses. */
void jobs_crossers_offer(struct simulating *simulating, size_t index, struct stand before, struct stand after);
/** Put the page and those who could become key in order, and name them. @return as jobs_rows */
MUST_CHECK enum status jobs_crossers_finish(struct simulating *simulating);

/** Find the floor of a review that is made, and with deal_size_pct bands and sellers of the one judged under. @return as jobs_rows */
MUST_CHECK enum status jobs_simulation_sizes(struct simulating *simulating);

/** @return memory taken from the heap */
size_t jobs_cutting_bytes(const struct cutting *cutting);
void jobs_cutting_release(struct cutting *cutting);
/**
 * Make a list of the pack, as it stands there before, or as simulating->after has it; the job's arena is used for it.
 *
 * @param out  entries in the question's arena
 * @return     STATUS_OK; STATUS_NO_MEMORY; STATUS_UNAVAILABLE when stopping; as jobs_rows
 */
MUST_CHECK enum status jobs_cutting_make(struct simulating *simulating, struct cutting *cutting, struct cut *out);
/** Say who is within the budget after but not before, and the other way round; as they stand after. @return as jobs_cutting_make */
MUST_CHECK enum status jobs_cutting_compare(struct simulating *simulating);

#endif
