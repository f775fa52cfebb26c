/* SPDX-License-Identifier: Apache-2.0 */
/* What every file of a job is handed, and the one way to run a transaction in it. */
#ifndef SERVICE_JOBS_JOB_H
#define SERVICE_JOBS_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/arena.h>
#include <sweetspot/database.h>
#include <sweetspot/desk.h>
#include <sweetspot/status.h>

/** Rows a transaction of a job goes through at most. */
#define JOBS_CHUNK_ROWS 2000
/** And at first, before it is known how long they take: see jobs_pace. */
#define JOBS_FIRST_ROWS 250

/** Work on one workspace by one thread, which holds the workspace's job lock on this session. */
struct job {
	struct session *session;
	struct arena *arena;         /* of one transaction: reset at each attempt */
	const atomic_bool *stopping; /* NULL: nobody stops it */
	const struct question *question; /* that is being answered; NULL: none */
	int64_t workspace;
	int64_t settle_rows;         /* organisations a flip may write while writers wait */
	struct job *mate;            /* with a session of its own, for jobs_in_halves; NULL: there is none */
};

enum jobs_lock {
	JOBS_LOCK_NONE,
	JOBS_LOCK_SHARED,    /* beside writers */
	JOBS_LOCK_EXCLUSIVE, /* between writers: nobody else is in a transaction of the workspace */
};

/**
 * Run one transaction, again for as long as it was in somebody's way.
 *
 * @param step  what happens in it; called once an attempt, so what it leaves in context must not add up. Its job->arena lives until the
 *              next transaction begins
 * @return      STATUS_OK: committed. STATUS_UNAVAILABLE: not (or, when the connection died at the commit, perhaps), and not for reasons of
 *              the step; else the step's own status, rolled back
 */
MUST_CHECK enum status jobs_transaction(struct job *job, enum jobs_lock lock, enum status (*step)(struct job *job, void *context),
                                        void *context);

/**
 * How many rows the next transaction should go through: what one writes stays locked until it ends, and writers wait for it; so it is to
 * take some 50 ms, whether its rows lie side by side or all over the table.
 *
 * @param rows        that the last one was allowed
 * @param elapsed_us  that it took
 * @return            25 … JOBS_CHUNK_ROWS
 */
size_t jobs_pace(size_t rows, int64_t elapsed_us);

/** @return params that begin with the workspace, in the job's arena */
struct params jobs_params(struct job *job);
/** Run a statement that gives no rows anybody wants. */
MUST_CHECK enum status jobs_run(struct job *job, enum statement statement, const struct params *params);
/** Run a statement; its rows live in the job's arena. */
MUST_CHECK enum status jobs_rows(struct job *job, enum statement statement, const struct params *params, const PGresult **rows);
/** @return whether the program is ending, or nobody waits for the answer: a job then breaks off, and another instance begins it again */
bool jobs_is_stopping(const struct job *job);

#endif
