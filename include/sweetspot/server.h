/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP service as a whole: started, running until a signal, stopped in order. */
#ifndef SWEETSPOT_SERVER_H
#define SWEETSPOT_SERVER_H

#include <stdio.h>

#include <sweetspot/bell.h>
#include <sweetspot/desk.h>
#include <sweetspot/metrics.h>
#include <sweetspot/settings.h>
#include <sweetspot/status.h>

/**
 * Serve until SIGTERM or SIGINT: one worker thread per core (settings.workers) on one listening socket, or on the one systemd hands over
 * (LISTEN_FDS). Prints "listening on http://HOST:PORT" on stdout when it is ready to answer. On the signal /readyz says 503 for
 * settings.drain_ms, then nothing new is accepted, what has begun is answered, and the call returns; a second signal cuts the drain short.
 *
 * SIGTERM and SIGINT are blocked in the calling thread and all it starts from then on; SIGPIPE is ignored for good.
 *
 * @param other  metrics of other threads, shown by /metrics beside the workers'; NULL: none
 * @param desk   where long questions are handed in; somebody must answer there
 * @param bell   rung when a review or another policy has been asked for
 * @return       STATUS_OK after a signal; STATUS_UNAVAILABLE when the address cannot be listened on or a worker fails; STATUS_NO_MEMORY
 */
MUST_CHECK enum status server_run(const struct settings *settings, struct metrics *other, struct desk *desk, struct bell *bell);
/** Print the route table, one "METHOD PATTERN ROLE" a line: what tests compare with openapi.yaml. */
void server_routes_print(FILE *out);

#endif
