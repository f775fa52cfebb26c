/* SPDX-License-Identifier: Apache-2.0 */
/* A whole book judged in memory under rules that are not in force, and who would cross from one class to another. Pure. */
#ifndef SWEETSPOT_CROSSING_H
#define SWEETSPOT_CROSSING_H

#include <stddef.h>

#include <sweetspot/qualification.h>

/** How an organisation stands, in a few bytes: a book has one for each. */
struct stand {
	int16_t keep_score_centi;  /* -1: none */
	uint8_t tier;              /* enum tier */
	uint8_t list;              /* enum list, or STAND_UNCLASSIFIED */
	uint8_t verdict;           /* enum verdict; none for accounts */
};
/** The list of what stood nowhere before the first review: its `from` in crossings, never its `to`. */
#define STAND_UNCLASSIFIED LIST_COUNT

/** Those who come from one class to another, or stay in it, with what they are worth. */
struct crossed {
	int64_t count;
	int128 revenue;   /* of 12 months, minor units */
	int64_t minutes;  /* of 12 months */
};

/** From x to y: accounts by tier, every organisation by list, those that are prospects before or after by verdict. */
struct crossings {
	struct crossed tiers[TIER_COUNT][TIER_COUNT];
	struct crossed lists[LIST_COUNT + 1][LIST_COUNT];
	struct crossed verdicts[VERDICT_COUNT][VERDICT_COUNT];
};

/** The movers of one seller: `all` moved in tier or list. */
struct movers {
	struct crossed all;
	int64_t tiers, lists;  /* how many of them moved in tier, in list */
};

/** Whoever wants to hear, while a book is judged, of those who could become key: each by its place, with its scoring. */
struct contender_watch {
	void (*see)(void *of, size_t index, const struct scoring *scoring);
	void *of;
};

/**
 * Judge the accounts of a book: what a rescoring under these rules would store. Prospects stand nowhere by it: core_qualify judges them.
 *
 * @param features  industries index review->cohorts; the sides are those that hold under the review, none for a review just made
 * @param out       one for each
 * @param watch     NULL: nobody wants to hear
 */
void core_stands_judge(const struct features *features, size_t count, const struct review *review, const struct policy *policy,
                       struct stand *out, const struct contender_watch *watch);
/** @return whether tier or list is another; standing on no list for the first time is no move */
bool core_stand_moves(struct stand before, struct stand after);
/**
 * @return whether a verdict lets somebody in who was kept out (domain.md §10): not_ours or throw_back becomes neither, or later or unknown
 *         becomes now
 */
bool core_verdict_lets_in(enum verdict before, enum verdict after);
/**
 * Add the crossings of a book, or of a part of it, to what has been added up before, valued by the features.
 *
 * @param owners  the seller of each, as a place in `movers`
 * @param movers  one for each place
 */
void core_crossings_count(const struct features *features, const struct stand *before, const struct stand *after, const uint32_t *owners,
                          size_t count, struct crossings *out, struct movers *movers);

#endif
