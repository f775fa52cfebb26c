/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a policy and a review to what scoring reads: the same for the workers' cache and for jobs. */
#ifndef SERVICE_STORE_RULES_ROWS_H
#define SERVICE_STORE_RULES_ROWS_H

#include <sweetspot/store.h>

/** Bind ($1 workspace, $2 version or number), as all three statements want it. */
void rules_bind(struct params *params, int64_t workspace, int32_t number);
/** read_policy's rows. @return STATUS_OK, STATUS_NOT_FOUND, STATUS_NO_MEMORY, STATUS_INTERNAL; *out is untouched on failure */
MUST_CHECK enum status policy_read(const PGresult *rows, int32_t version, struct arena *arena, struct policy *out);
/** read_review's rows; out->cohorts is left empty. @return STATUS_OK, STATUS_NOT_FOUND */
MUST_CHECK enum status review_read(const PGresult *rows, struct review *out);
/** read_review_cohorts' rows. @return STATUS_OK, STATUS_NO_MEMORY */
MUST_CHECK enum status cohorts_read(const PGresult *rows, struct arena *arena, struct cohorts *out);

#endif
