/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers what is to be written and lets it travel in batches, one workspace a batch, fairly between workspaces. */
#ifndef SERVICE_STORE_WRITE_LANE_H
#define SERVICE_STORE_WRITE_LANE_H

#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/store.h>

struct write_lane;

/** Make the lane and its links; they connect by themselves. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status write_lane_new(struct loop *loop, struct store *store, const struct settings *settings, struct metrics *metrics,
                                      struct write_lane **out);
/** Answer everything that waits or travels with STATUS_UNAVAILABLE, close the links. */
void write_lane_free(struct write_lane *lane);
/**
 * Take a job in; a queue that is full, or over the workspace's share, answers it on the next flush. So does a database that has been out of
 * reach for some time (STATUS_UNREACHABLE, also of what waits already); parts of imports wait for it as long as they may.
 */
void write_lane_submit(struct write_lane *lane, struct write_job *job);
/** Start batches on the links that are free. */
void write_lane_flush(struct write_lane *lane);
/** @return whether a link is up */
bool write_lane_is_up(const struct write_lane *lane);
/** @return jobs taken in and not yet answered */
size_t write_lane_in_flight(const struct write_lane *lane);

#endif
