/* SPDX-License-Identifier: Apache-2.0 */
/* The records a batch touches, each once, as they stood and as they will stand. */
#ifndef SERVICE_STORE_ITEMS_H
#define SERVICE_STORE_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/database.h>
#include <sweetspot/store.h>
#include <sweetspot/subject.h>

/** What a fact adds to, while it counts: nothing when it is hidden or belongs to no organisation. */
struct home {
	struct text organisation;
	struct text line_key;  /* folded; empty: no line */
};

/** What of an organisation's changed, and with it what has to be read again. */
enum touch { TOUCHED_REVENUE = 1, TOUCHED_DEALS = 2, TOUCHED_ACTIVITIES = 4, TOUCHED_ALL = 7 };

/**
 * One record of the batch. before is as the locked row says, after as it will be written; both equal until a write or a promotion changes
 * after. Organisations that are only touched by facts are items too.
 */
struct item {
	struct text id;
	struct stored_record before, after;
	struct write *last_write;       /* the latest that was accepted; it alone may be answered with `after` itself */
	bool is_dirty;                  /* after is to be written */
	uint8_t touched;                /* organisations: enum touch of the facts of theirs that changed */
	bool is_collected;              /* organisations: here for their facts or contacts; a stub if need be */
	bool buys_by_next_day;          /* organisations: facts dated up to the day being prepared make it an account */
	bool is_remargined;             /* organisations: their margins were made again */
	bool lost_seller;               /* organisations: a seller who is being erased was theirs */
	bool is_erasing;                /* to leave every table */
	bool is_erased;                 /* remembered as erased, and not there */
	struct home home_before, home_after;   /* deals, activities, revenue */
	struct standing standing_before, standing_after, standing_next;  /* organisations; what stands beside is not kept here */
	struct override override_before, override_after;  /* organisations: in force on the book's day */
	struct text override_shown;     /* override_before as the history has it */
	struct assignment assignment_before, assignment_after;  /* organisations: of prospects */
	struct text assignment_shown;   /* assignment_before as the history has it */
	struct subject_facts subject, next_subject;  /* organisations: on the day in force, and on that of what is being prepared */
	struct scoring scoring, next_scoring;  /* organisations: what standing_after and standing_next came from */
	size_t hash_next;               /* 1-based index of the next item in the bucket */
};

/** Items of one kind by id; order is the order of arrival until item_table_sort. Lives in an arena. */
struct item_table {
	struct arena *arena;
	struct item **items;
	size_t count, capacity;
	size_t *buckets;                /* 1-based indexes; a power of two of them */
	size_t bucket_count;
	bool failed;                    /* memory was short: sticky */
};

struct item_table item_table_in(struct arena *arena);
/** @return the item of that id, or NULL */
struct item *item_table_find(const struct item_table *table, struct text id);
/** @return the item of that id, made empty if it was not there; NULL when memory is short */
struct item *item_table_add(struct item_table *table, enum record_kind kind, struct text id);
/** Order items by id: the order in which rows are locked and written. */
void item_table_sort(struct item_table *table);
/** An array parameter of the ids of those that are wanted. @param is_wanted  NULL: all */
void params_ids(struct params *params, struct item *const *items, size_t count, bool (*is_wanted)(const struct item *item));

#endif
