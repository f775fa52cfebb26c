/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up book of a company: the same for the same seed and day. */
#ifndef CMD_SWEETSPOT_DEMO_BOOK_H
#define CMD_SWEETSPOT_DEMO_BOOK_H

#include <stdint.h>

#include <sweetspot/arena.h>
#include <sweetspot/record.h>
#include <sweetspot/status.h>

/** Where the records go. Short of memory or refused, a sink takes the rest in silence and tells when asked. */
struct demo_sink {
	void *owner;
	/** Begin the next record, a PUT; the one before is complete. @return a record with kind and id, to be filled; never NULL */
	struct record *(*next)(void *owner, enum record_kind kind, bool as_account, struct text id);
	/** @return where the texts of the present record live */
	struct arena *(*arena)(void *owner);
};

/** What a book is made from. */
struct demo_plan {
	int64_t accounts;      /* 1 or more; an eighth as many prospects come beside */
	uint64_t seed;
	int32_t day;           /* D: the book's last day */
	int64_t minor_units;   /* of one unit of currency: 100 for cents */
};

/** Make the whole book, kind by kind. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status demo_book_make(const struct demo_plan *plan, const struct demo_sink *sink);

#endif
