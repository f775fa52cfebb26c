/* SPDX-License-Identifier: Apache-2.0 */
/* Transactions of the jobs: locking the workspace, and trying again. What happens in them is the jobs' own. */
#include "job.h"

#include <time.h>

/* Whoever waits for the exclusive lock holds up every writer behind it: so it waits briefly, and often. */
#define EXCLUSIVE_WAIT_MS 100
#define PAUSE_MS 25
#define MOST_ATTEMPTS 1200
#define CHUNK_US 50000
#define LEAST_ROWS 25

bool jobs_is_stopping(const struct job *job)
{
	return (job->stopping != NULL && atomic_load(job->stopping)) || (job->question != NULL && question_is_over(job->question));
}

size_t jobs_pace(size_t rows, int64_t elapsed_us)
{
	if (elapsed_us > CHUNK_US)
		rows /= 2;
	else if (elapsed_us < CHUNK_US / 2)
		rows *= 2;
	if (rows < LEAST_ROWS)
		return LEAST_ROWS;
	return rows > JOBS_CHUNK_ROWS ? JOBS_CHUNK_ROWS : rows;
}

struct params jobs_params(struct job *job)
{
	struct params params = params_in(job->arena);

	params_int8(&params, job->workspace);
	return params;
}

enum status jobs_run(struct job *job, enum statement statement, const struct params *params)
{
	return session_run(job->session, statement, params, NULL);
}

static void clear_rows(void *rows)
{
	PQclear(rows);
}

enum status jobs_rows(struct job *job, enum statement statement, const struct params *params, const PGresult **rows)
{
	PGresult *result = NULL;
	enum status status = session_run(job->session, statement, params, &result);

	if (status == STATUS_OK)
		status = arena_link(job->arena, clear_rows, result);
	if (status == STATUS_OK)
		*rows = result;
	return status;
}

static enum status lock_workspace(struct job *job, enum jobs_lock lock)
{
	struct params workspace = jobs_params(job);
	struct params patience = params_in(job->arena);
	enum status status;

#ifdef WITHOUT_FLIP_LOCK
	if (lock == JOBS_LOCK_EXCLUSIVE)
		lock = JOBS_LOCK_NONE;
#endif
	if (lock == JOBS_LOCK_NONE)
		return STATUS_OK;
	if (lock == JOBS_LOCK_SHARED)
		return jobs_run(job, STATEMENT_LOCK_WORKSPACE_SHARED, &workspace);
	params_int8(&patience, EXCLUSIVE_WAIT_MS);
	status = jobs_run(job, STATEMENT_LIMIT_LOCK_WAIT, &patience);
	return status == STATUS_OK ? jobs_run(job, STATEMENT_LOCK_WORKSPACE_EXCLUSIVE, &workspace) : status;
}

static enum status attempt(struct job *job, enum jobs_lock lock, enum status (*step)(struct job *job, void *context), void *context)
{
	enum status status = session_begin(job->session, false);

	if (status != STATUS_OK)
		return status;
	status = lock_workspace(job, lock);
	if (status == STATUS_OK)
		status = step(job, context);
	if (status == STATUS_OK)
		status = session_commit(job->session);
	if (status != STATUS_OK)
		session_rollback(job->session);
	return status;
}

static void pause_ms(long ms)
{
	const struct timespec pause = {.tv_nsec = ms * 1000000};

	nanosleep(&pause, NULL);
}

enum status jobs_transaction(struct job *job, enum jobs_lock lock, enum status (*step)(struct job *job, void *context), void *context)
{
	for (int i = 0; i < MOST_ATTEMPTS && !jobs_is_stopping(job); i++) {
		arena_reset(job->arena);
		enum status status = attempt(job, lock, step, context);

		if (status != STATUS_RETRY)
			return status;
		pause_ms(PAUSE_MS);
	}
	return STATUS_UNAVAILABLE;
}
