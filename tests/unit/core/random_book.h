/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up books for properties that must hold whatever the numbers: the same for the same seed. */
#ifndef TESTS_UNIT_CORE_RANDOM_BOOK_H
#define TESTS_UNIT_CORE_RANDOM_BOOK_H

#include <sweetspot/review.h>

/** xorshift64*: the whole state is one number, never 0. */
struct dice {
	uint64_t state;
};

uint64_t dice_roll(struct dice *dice);
/** @return 0..sides - 1 */
int64_t dice_below(struct dice *dice, int64_t sides);

/** What criteria weigh together in random books, where the policy has any. */
#define RANDOM_CRITERIA_WEIGHT 10000

/** The default policy of domain.md §12, as far as scoring reads it. */
struct policy default_policy(void);

#define RANDOM_INDUSTRIES 6

/** A book of `count` organisations: clients, sleeping and inactive accounts and prospects; its features are in the arena. */
struct features *random_features(struct dice *dice, size_t count, struct arena *arena);
/** What goes with them. Industries are not sorted. */
struct book random_book(struct arena *arena);

#endif
