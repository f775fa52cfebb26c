/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that are one transaction together, whatever their number, on a link of their own: one such transaction at a time. */
#ifndef SERVICE_STORE_CHAIN_LANE_H
#define SERVICE_STORE_CHAIN_LANE_H

#include <stddef.h>

#include <sweetspot/store.h>

struct chain_lane;

/** Make the lane and its link. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status chain_lane_new(struct loop *loop, struct store *store, const struct settings *settings, struct metrics *metrics,
                                      struct chain_lane **out);
/** Answer everything that waits or travels with STATUS_UNAVAILABLE, close the link. NULL is allowed. */
void chain_lane_free(struct chain_lane *lane);
/** Take in a job that has a chain. */
void chain_lane_submit(struct chain_lane *lane, struct write_job *job);
/** Start the next job when the link is free; answer those whose time is over. */
void chain_lane_flush(struct chain_lane *lane);
/** Roll back what stands of a chain; nothing of it may be under way. */
void chain_lane_drop(struct chain_lane *lane, struct write_chain *chain);
/** @return jobs taken in and not yet answered */
size_t chain_lane_in_flight(const struct chain_lane *lane);

#endif
