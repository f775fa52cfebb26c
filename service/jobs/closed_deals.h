/* SPDX-License-Identifier: Apache-2.0 */
/* Two years of closed deals in memory, the size bands they make, and freezing these with a review. */
#ifndef SERVICE_JOBS_CLOSED_DEALS_H
#define SERVICE_JOBS_CLOSED_DEALS_H

#include <sweetspot/bands.h>
#include <sweetspot/policy.h>

#include "job.h"
#include "text_map.h"

/** Some 50 bytes a deal. Organisations and sellers have 1-based numbers in order of discovery: the deals' index + 1. */
struct closed_deals {
	struct closed_deal *rows;        /* on the heap */
	size_t count, capacity;
	struct arena *names;
	struct text_map organisations, sellers;
	int64_t *minutes_12m;            /* by organisation, on the heap */
	size_t organisation_capacity;
	struct selling selling;
	size_t most_bytes;               /* that all of it may take; 0: no bound */
};

/** Start an empty one. @return STATUS_OK or STATUS_NO_MEMORY; closed_deals_release in either case */
MUST_CHECK enum status closed_deals_init(struct closed_deals *deals);
void closed_deals_release(struct closed_deals *deals);
/** @return memory they take */
size_t closed_deals_bytes(const struct closed_deals *deals);
/**
 * Read what was won or lost in the 730 days up to a day, and what the active sellers have to make, inside a transaction that is a snapshot.
 *
 * @return STATUS_OK; STATUS_NO_MEMORY, also beyond most_bytes; STATUS_UNAVAILABLE when stopping; as session_run
 */
MUST_CHECK enum status jobs_deals_load(struct job *job, int32_t day, struct closed_deals *deals);
/** Band them under a policy. @return STATUS_OK or STATUS_NO_MEMORY; *out in the arena, untouched on failure */
MUST_CHECK enum status jobs_deals_band(const struct closed_deals *deals, const struct policy *policy, struct arena *arena,
                                       struct size_bands *out);
/** Name the sellers of the bands, by id. @return STATUS_OK or STATUS_NO_MEMORY; all in the arena, outputs untouched on failure */
MUST_CHECK enum status jobs_deals_sellers(const struct closed_deals *deals, const struct size_bands *bands, struct arena *arena,
                                          struct band_seller **out, size_t *count);
/** Write them down as what a review froze, inside a transaction; what an attempt before wrote goes. @param deals whose sellers they name */
MUST_CHECK enum status jobs_bands_freeze(struct job *job, int32_t review, const struct size_bands *bands, const struct closed_deals *deals);

#endif
