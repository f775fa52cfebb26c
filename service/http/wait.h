/* SPDX-License-Identifier: Apache-2.0 */
/* A request that looks again after a moment, by the loop's timers: what it waits for is somebody else's work. */
#ifndef SERVICE_HTTP_WAIT_H
#define SERVICE_HTTP_WAIT_H

#include "http.h"

/** Time between two looks. */
#define HTTP_LOOK_US INT64_C(50000)

/** Call `then` in HTTP_LOOK_US, unless the request has been answered or given up by then. Short of memory: a 503 is given. */
void http_wait_start(struct http_request *request, void (*then)(struct http_request *request));
/**
 * Until when a request is to wait: what Prefer: wait=n asks, or else `fallback_ms`, and in any case so that an answer can still be given
 * within its deadline.
 *
 * @return clock_ticks_us()
 */
int64_t http_wait_limit(const struct http_request *request, int64_t fallback_ms);

#endif
