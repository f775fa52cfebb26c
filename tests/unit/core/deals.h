/* SPDX-License-Identifier: Apache-2.0 */
/* Closed deals for the tests of size bands, one after another into one book. */
#ifndef TESTS_UNIT_CORE_DEALS_H
#define TESTS_UNIT_CORE_DEALS_H

#include <sweetspot/bands.h>

#include "random_book.h"

#define DEALS_CLOSED_ON 17000

/** A book that grows, in an arena of its own. `book` is ready to be computed from at any time. */
struct deals {
	struct deal_book book;
	struct closed_deal *rows;
	size_t capacity;
	struct arena *arena;
};

struct deals deals_new(size_t capacity);
void deals_free(struct deals *deals);
/** Add a deal, closed on DEALS_CLOSED_ON after so many days (below 0: opened_on is unknown), without organisation or seller. */
struct closed_deal *deals_add(struct deals *deals, bool won, int64_t amount_minor, int32_t days);
/** Add so many like it. */
void deals_add_many(struct deals *deals, size_t count, bool won, int64_t amount_minor, int32_t days);
/** Compute; must succeed. */
struct size_bands deals_bands(const struct deals *deals);

/** The bands of domain.md §13 (crm-sales): as many deals, as much won and as many days in each band as in that book. */
struct deals deals_worked_example(void);
/** Some deals of everything: ties, none and negative amounts, no opening, opened behind closed, hours where `hours` says so. */
struct deals deals_random(struct dice *dice, size_t count, bool hours);

#endif
