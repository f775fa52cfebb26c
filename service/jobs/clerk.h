/* SPDX-License-Identifier: Apache-2.0 */
/* The topics the clerk can answer: one function each. */
#ifndef SERVICE_JOBS_CLERK_H
#define SERVICE_JOBS_CLERK_H

#include <sweetspot/desk.h>
#include <sweetspot/settings.h>

#include "job.h"

/**
 * Answer a question: read its matter, compute, fill its matter in. Everything found lives in the question's arena.
 *
 * @param job  its workspace; its session is outside of any transaction, before and after; jobs_is_stopping(job) says when to give up
 * @return     what becomes question->status; STATUS_UNAVAILABLE makes the clerk try once more on a new connection
 */
typedef enum status clerk_answer(struct job *job, struct question *question, const struct settings *settings);

/** TOPIC_SIMULATION: simulation.c */
clerk_answer jobs_simulate;
/** TOPIC_SIZES: size_answer.c */
clerk_answer jobs_answer_sizes;

#endif
