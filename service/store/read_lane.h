/* SPDX-License-Identifier: Apache-2.0 */
/* Reads on their way: gathered, sent together, answered once, by the database or by their deadline. */
#ifndef SERVICE_STORE_READ_LANE_H
#define SERVICE_STORE_READ_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/store.h>

struct read_lane;

struct read_lane_options {
	const char *url;         /* borrowed, as is name */
	const char *name;        /* application_name of its links */
	size_t links;
	size_t depth;            /* statements under way on one link; 1: one at a time, each with a Sync of its own */
	size_t limit;            /* reads not yet answered; what is beyond is refused with STATUS_UNAVAILABLE */
	int64_t statement_ms;
	struct metrics *metrics;
};

/** Make a lane and its links, which connect by themselves. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status read_lane_new(struct loop *loop, const struct read_lane_options *options, struct read_lane **out);
/** Answer whatever is not answered with STATUS_UNAVAILABLE, close the links; what is submitted later is refused. NULL is allowed. */
void read_lane_close(struct read_lane *lane);
/** Close, answer what was refused since, and free. NULL is allowed. */
void read_lane_free(struct read_lane *lane);
void read_lane_submit(struct read_lane *lane, struct read *read);
void read_lane_submit_point(struct read_lane *lane, struct point_read *point);
/**
 * Send what waits, as far as links are up and not too deep; answer what was refused. When all links are out of reach, what waits is
 * answered STATUS_UNREACHABLE, and so is what is submitted from then on.
 */
void read_lane_flush(struct read_lane *lane);
/** @return whether a link is up */
bool read_lane_is_up(const struct read_lane *lane);
/** @return reads submitted and not yet answered */
size_t read_lane_in_flight(const struct read_lane *lane);

#endif
