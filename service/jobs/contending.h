/* SPDX-License-Identifier: Apache-2.0 */
/* Counting the secondaries that could become key while a book is gone through, and keeping the first of them. */
#ifndef SERVICE_JOBS_CONTENDING_H
#define SERVICE_JOBS_CONTENDING_H

#include <sweetspot/arena.h>
#include <sweetspot/contenders.h>
#include <sweetspot/score.h>

#include "first_few.h"

/** Those seen so far. Zeroed: may be released. */
struct contending {
	int64_t count;
	int128 revenue, headroom;
	struct first_few first;
};

/** Make room. @return STATUS_OK or STATUS_NO_MEMORY; contending_release in either case */
MUST_CHECK enum status contending_init(struct contending *contending);
void contending_release(struct contending *contending);
/** Take one in whose scoring says that it could. @param id  borrowed until contending_finish */
void contending_offer(struct contending *contending, struct text id, int64_t revenue_12m, const struct scoring *scoring);
/**
 * Say what was seen; nothing is offered afterwards.
 *
 * @param out  ids in the arena, no names; unchanged on failure
 * @return     STATUS_OK or STATUS_NO_MEMORY
 */
MUST_CHECK enum status contending_finish(struct contending *contending, struct arena *arena, struct contenders *out);

#endif
