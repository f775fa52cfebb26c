/* SPDX-License-Identifier: Apache-2.0 */
/* What some organisations are judged to be under a policy and on a day to come, from their records, contacts and open deals. */
#ifndef SERVICE_JOBS_JUDGE_H
#define SERVICE_JOBS_JUDGE_H

#include "job.h"
#include "outcomes.h"

/**
 * Judge outcomes anew into after.qualified; is_account says what each will be.
 *
 * @param policy    to come
 * @param day       to come: decides which deals are open
 * @param fits      the criteria are other ones: everything is judged; else what is kept stands, but for the open deals of prospects
 * @param outcomes  in order of id; texts live as long as the job's arena
 * @return          STATUS_OK, STATUS_NO_MEMORY, STATUS_INTERNAL for a record that cannot be read, or as jobs_rows
 */
MUST_CHECK enum status jobs_judge(struct job *job, const struct policy *policy, int32_t day, bool fits, struct outcome *outcomes,
                                  size_t count);

#endif
