/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting without sleeping. A timer goes with the request's arena: nothing fires for a request that is over. */
#include "wait.h"

#include <sweetspot/clock.h>

#define MS INT64_C(1000)
/* Left of the request's time for the last look and the answer. */
#define SPARE_US (500 * MS)

struct wait {
	struct timer timer;
	struct loop *loop;
	struct http_request *request;
	void (*then)(struct http_request *request);
};

static void on_due(struct timer *timer)
{
	struct wait *wait = timer->owner;

	if (!http_is_answered(wait->request))
		wait->then(wait->request);
}

static void wait_release(void *object)
{
	struct wait *wait = object;

	loop_timer_clear(wait->loop, &wait->timer);
}

void http_wait_start(struct http_request *request, void (*then)(struct http_request *request))
{
	struct wait *wait = arena_alloc(request->arena, sizeof(*wait));
	enum status status = STATUS_NO_MEMORY;

	if (wait != NULL) {
		*wait = (struct wait){.timer = {.on_due = on_due, .owner = wait}, .loop = http_loop(request), .request = request, .then = then};
		status = arena_link(request->arena, wait_release, wait);
	}
	if (status == STATUS_OK)
		status = loop_timer_set(wait->loop, &wait->timer, clock_ticks_us() + HTTP_LOOK_US);
	if (status != STATUS_OK)
		http_reply_problem(request, status, NULL);
}

int64_t http_wait_limit(const struct http_request *request, int64_t fallback_ms)
{
	int64_t asked_us = (request->prefers_wait_s >= 0 ? request->prefers_wait_s * 1000 : fallback_ms) * MS;
	int64_t most_us = request->deadline_us - SPARE_US;
	int64_t limit_us = request->started_us + asked_us;

	return limit_us < most_us ? limit_us : most_us;
}
