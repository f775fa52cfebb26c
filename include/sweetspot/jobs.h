/* SPDX-License-Identifier: Apache-2.0 */
/* What the service does by itself: reviews, the nightly refresh, new policies, forgetting what has expired. */
#ifndef SWEETSPOT_JOBS_H
#define SWEETSPOT_JOBS_H

#include <stdint.h>

#include <sweetspot/bell.h>
#include <sweetspot/desk.h>
#include <sweetspot/metrics.h>
#include <sweetspot/settings.h>
#include <sweetspot/status.h>

struct jobs;

/**
 * Start settings.job_runners threads, with two connections each. They look for what is due in any workspace every settings.look_ms, and
 * when the bell rings; of all of them, and of several instances on one database, one does it. Signals never arrive in them.
 *
 * @param settings  borrowed until jobs_stop; database_url, provisional_ms, job_runners and look_ms are read
 * @param metrics   where reviews and refreshes are measured; borrowed until jobs_stop
 * @param bell      rung by whoever makes work; borrowed until jobs_stop, which rings it too
 * @param out       the threads; untouched on failure
 * @return          STATUS_OK; STATUS_NO_MEMORY; STATUS_UNAVAILABLE when no thread can be had
 */
MUST_CHECK enum status jobs_start(const struct settings *settings, struct metrics *metrics, struct bell *bell, struct jobs **out);
/** End the thread and wait: a job breaks off after the transaction it is in, and is begun again by whoever runs next. NULL is allowed. */
void jobs_stop(struct jobs *jobs);

/**
 * Do what is due in one workspace now, in the calling thread: a newer policy, another day, every review that waits. Returns when nothing
 * is due, or when another instance is at it.
 *
 * @return STATUS_OK; STATUS_UNAVAILABLE when the database cannot be had or was lost; STATUS_NO_MEMORY; what a job failed of
 */
MUST_CHECK enum status jobs_run_due(const struct settings *settings, struct metrics *metrics, int64_t workspace);

/** Whoever answers the questions handed in at a desk. */
struct clerk;

/**
 * Start the thread that answers, one question after another, on a connection of its own made with the first. Signals never arrive in it.
 *
 * @param settings  borrowed until clerk_stop; database_url, desk_ms and desk_bytes are read
 * @param metrics   where answers are measured; borrowed until clerk_stop
 * @param desk      borrowed until clerk_stop
 * @param out       the thread; untouched on failure
 * @return          STATUS_OK; STATUS_NO_MEMORY; STATUS_UNAVAILABLE when no thread can be had
 */
MUST_CHECK enum status clerk_start(const struct settings *settings, struct metrics *metrics, struct desk *desk, struct clerk **out);
/** Close the desk, end the thread and wait; what it is at is given up. NULL is allowed. */
void clerk_stop(struct clerk *clerk);

#endif
