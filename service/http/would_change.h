/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest change of a single measure that alters where an organisation stands: of which measures, and by which rules, callers know. */
#ifndef SERVICE_HTTP_WOULD_CHANGE_H
#define SERVICE_HTTP_WOULD_CHANGE_H

#include <stdbool.h>

#include <sweetspot/qualification.h>

/** What is looked at: of an account tier, list and let-go, of a prospect verdict and list. The rest stays none. */
struct outcome_seen {
	enum tier tier;
	enum list list;
	bool is_candidate;  /* of the let-go list, within its budget or not */
	enum verdict verdict;
};

/** In which steps a measure goes, and how it is shown. */
enum measure_unit {
	UNIT_MONEY,    /* minor units */
	UNIT_COUNT,
	UNIT_DECAY,    /* hundredths of a decay sum, which is kept times 2^32 */
	UNIT_MINUTES,  /* shown as hours */
	UNIT_DAY,
	UNIT_DECIMAL,  /* 10^-places */
};

/** A measure as it stands. */
struct measure {
	struct text name;
	enum measure_unit unit;
	int places;          /* digits behind the point that a step is, 0..6: told of UNIT_DECIMAL, asked by criteria of all */
	int64_t value;       /* in steps; UNIT_DECAY: as it is kept */
	struct text beyond;  /* UNIT_DECIMAL: the present one itself, where it lies between value and the next step; else no text */
	int64_t zero;        /* what proportions are taken from: 0; of a day the book's day */
	int64_t least, most; /* what it can become, in steps */
};

/** One direction of one measure: step 1 is the first value beyond the present one. */
struct walk {
	void *of;            /* the lookout's */
	int64_t origin;      /* step 0: the present value, or the value next to it on the other side */
	int sign;
	int64_t steps;       /* how far the measure can go */
};

/** How the rules see one measure at other values, while all else stays. */
struct lookout {
	void *of;
	/** @return the outcome with the measure at a value, in steps */
	struct outcome_seen (*see)(void *of, int64_t value);
	/** @return the step to look at behind `step`: the outcome changes at most once from one to the other, as far as it is known */
	int64_t (*next)(const struct walk *walk, int64_t step);
	int64_t looks_most;  /* in each direction */
};

struct would_change {
	struct text measure;   /* no text: no single change of any measure alters anything */
	enum measure_unit unit;
	int places;
	int64_t from, needs;   /* in steps */
	struct text beyond;    /* as the measure has it: what it is from, exactly */
	struct outcome_seen becomes;
};

/** A search over measures, one after the other. */
struct change_search {
	struct outcome_seen now;
	struct would_change best;  /* so far */
	int128 far, over;          /* of the best: how far it goes, in proportion to what */
};

struct change_search change_search_from(struct outcome_seen now);
/**
 * Search one measure: the nearest value above and below that alters the outcome. It is taken where its distance in proportion to the
 * present value is smaller than the best's, ties by the measure's name; a present 0 is infinitely far from everything. One step less alters
 * nothing.
 */
void change_search_try(struct change_search *search, const struct measure *measure, const struct lookout *lookout);
/** @return a value in steps as it is kept: hundredths of a decay sum times 2^32, nearest; all others as they are */
int64_t measure_kept(enum measure_unit unit, int64_t value);
bool outcome_equal(struct outcome_seen a, struct outcome_seen b);

#endif
