/* SPDX-License-Identifier: Apache-2.0 */
/* Which filters and sorts a list takes together, and the statement each of these sets has. Pure. */
#ifndef SERVICE_HTTP_LIST_PLAN_H
#define SERVICE_HTTP_LIST_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/database.h>
#include <sweetspot/record.h>

#include "list_cursor.h"

enum list_filter {
	FILTER_TIER, FILTER_LIST, FILTER_SELLER, FILTER_STATUS, FILTER_INDUSTRY, FILTER_REGION, FILTER_PREFIX, FILTER_ORGANISATION,
	FILTER_STAGE, FILTER_ACTIVE, FILTER_VERDICT, FILTER_REVISIT, FILTER_CONTENDER, FILTER_ASSIGNED,
	FILTERS
};
#define FILTER_BIT(filter) (1u << (filter))

/** One line of a list's table: with this sort, if `needs` are given and nothing beyond `takes`, it is this statement. */
struct list_way {
	const char *sorts;         /* names of sorts, a blank between them */
	unsigned needs, takes;     /* bits of enum list_filter */
	enum statement statement;
	const char *binds;         /* its parameters in order: see list_bind */
	bool is_sorting;           /* it sorts all that fits each time: no index has the order */
};

/** A list: what it shows, how its parameters are named, its table. */
struct list_kind {
	const char *plural;
	enum record_kind record;
	bool accounts;             /* organisations: accounts, else prospects */
	const struct list_way *ways;
	size_t way_count;
	const enum list_filter *filters;  /* in the order of the route's parameters behind the common ones */
	size_t filter_count;
	enum statement count_statement;
	const char *count_binds;
};

/** Accounts, prospects, sellers, contacts, deals, activities, revenue. */
enum listing {
	LISTING_ACCOUNTS, LISTING_PROSPECTS, LISTING_SELLERS, LISTING_CONTACTS, LISTING_DEALS, LISTING_ACTIVITIES, LISTING_REVENUE,
	LISTINGS
};
extern const struct list_kind list_kinds[LISTINGS];

/** @return the name of a filter as a query parameter */
const char *list_filter_name(enum list_filter filter);
/** @return the first line that fits; NULL: this set is not among those the list takes */
const struct list_way *list_way_find(const struct list_kind *kind, struct text sort, unsigned given);
/** The sort a list has when none is asked for: by name when a prefix is looked for, else by id. */
struct text list_sort_default(unsigned given);
/** Say in one sentence what goes with a sort, for whoever asked for more. In the arena. */
struct text list_way_explain(struct arena *arena, const struct list_kind *kind, struct text sort);

/** Values for a statement's parameters. */
struct list_values {
	int64_t workspace;
	bool accounts;
	int64_t rows;
	struct text sort;
	struct list_position behind;
	struct text filter[FILTERS];     /* {NULL, 0}: not given; folded where they compare folded */
	int32_t revisit_before;               /* FILTER_REVISIT, where filter[FILTER_REVISIT] is given */
	bool active;                          /* FILTER_ACTIVE, where filter[FILTER_ACTIVE] is given */
	const struct array_column *regions;   /* of sellers: every spelling; NULL: any */
};
/** Where the first page begins. */
struct list_position list_position_first(const struct list_way *way, const struct list_values *values);
/** Bind what the letters stand for, in their order. */
void list_bind(struct params *params, const char *binds, const struct list_values *values);

#endif
