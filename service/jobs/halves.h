/* SPDX-License-Identifier: Apache-2.0 */
/* Something that falls into two halves, done by two threads at once. */
#ifndef SERVICE_JOBS_HALVES_H
#define SERVICE_JOBS_HALVES_H

#include "job.h"

/** A half, as its thread has it. */
struct half {
	struct job *job;             /* this thread's: a session and an arena of its own, the workspace of the whole */
	const atomic_bool *is_off;   /* the other half failed: this one ends, with STATUS_OK */
	void *context;
};

/**
 * Have both halves done: one by this thread with the job, one by another with its mate; where there is no mate, one after the other.
 *
 * @param run       what does a half; beside the lock of its transactions the other thread's job holds none
 * @param contexts  of the halves
 * @return          STATUS_OK when both are done; else what the half ended with that failed
 */
MUST_CHECK enum status jobs_in_halves(struct job *job, enum status (*run)(const struct half *half), void *const contexts[2]);

#endif
