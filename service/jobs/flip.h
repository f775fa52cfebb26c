/* SPDX-License-Identifier: Apache-2.0 */
/* How a new day, policy or review comes into force at one instant while everybody goes on writing: the protocol is described in flip.c. */
#ifndef SERVICE_JOBS_FLIP_H
#define SERVICE_JOBS_FLIP_H

#include <sweetspot/calendar.h>
#include <sweetspot/text.h>

#include "job.h"

/** One attempt, from its announcement until it is in force. Zeroed but for what is given. */
struct flip {
	/* Given: */
	struct job *job;
	const char *cause;                /* as the history has it: review, refresh, policy */
	struct text reference;            /* the review's number; none otherwise */
	struct text key_id, actor;        /* who asked for it; none: the service */
	int32_t target_day;               /* DAY_NONE: as it is */
	int32_t target_policy;            /* 0: as it is */
	int32_t target_review;            /* 0: as it is */
	/** What else happens in the transactions of the announcement and of the flip; NULL: nothing. */
	enum status (*on_announce)(struct flip *flip);
	enum status (*on_finish)(struct flip *flip);
	void *owner;
	/* Found by the announcement; review 0: none. */
	int32_t edition;                  /* of standing, in force */
	int32_t epoch, day, policy, review;
	int32_t next_epoch, next_day, next_policy, next_review;
	bool found_abandoned;             /* an earlier attempt was broken off */
	bool found_unswept;               /* standing holds other editions */
	/* While writing: */
	struct array_column promoted;     /* prospects that are accounts from then on */
	int64_t changed;                  /* accounts whose tier or list changes */
};

/** Release what a flip holds, wherever it ended. */
void jobs_flip_release(struct flip *flip);
/**
 * Announce: from now on writers mark what they touch. What an abandoned attempt left is cleared away before this returns.
 *
 * @return STATUS_OK; STATUS_NOT_FOUND without such a workspace; as jobs_transaction
 */
MUST_CHECK enum status jobs_flip_announce(struct flip *flip);
/**
 * For a flip that changes little: write it into the edition in force and bring it into force, in one transaction under the exclusive
 * lock, which keeps all writers waiting.
 *
 * @param write       writes, or declines when it would take too long after all; called once an attempt, with the context
 * @param is_settled  whether it is in force; false on failure, and when it was declined: publish it then
 * @return            STATUS_OK; STATUS_CONFLICT when another attempt was announced meanwhile; as jobs_transaction
 */
MUST_CHECK enum status jobs_flip_settle(struct flip *flip, enum status (*write)(struct flip *flip, void *context, bool *declines),
                                        void *context, bool *is_settled);
/** Publish: from now on writers score under both. @return STATUS_OK; STATUS_CONFLICT when another attempt was announced meanwhile */
MUST_CHECK enum status jobs_flip_publish(struct flip *flip);
/** The instant itself, and the sweep behind it. @return as jobs_flip_publish; STATUS_UNAVAILABLE: perhaps */
MUST_CHECK enum status jobs_flip_finish(struct flip *flip);
/** Take an attempt back, whatever it has written: nothing is announced any more. The flip's numbers are void afterwards. */
MUST_CHECK enum status jobs_flip_abandon(struct flip *flip);

#endif
