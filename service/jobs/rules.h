/* SPDX-License-Identifier: Apache-2.0 */
/* What the write lane and the jobs must take alike: the source of revenue, and measuring. */
#ifndef SERVICE_JOBS_RULES_H
#define SERVICE_JOBS_RULES_H

#include <sweetspot/store.h>

#include "job.h"

/** Where standings under these rules take revenue from; without a review as the policy says, and from entries where it leaves it open. */
enum revenue_source jobs_source_in(struct rules rules);
/** "revenue" or "deals", as the tables have it */
struct text jobs_source_name(enum revenue_source source);
/** Run measure_organisations: rows of an id and its measures, in the job's arena. */
MUST_CHECK enum status jobs_measure(struct job *job, const struct array_column *ids, int32_t day, enum revenue_source source,
                                    const PGresult **rows);

#endif
