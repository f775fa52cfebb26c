/* SPDX-License-Identifier: Apache-2.0 */
/* epoll, a heap of timers and an eventfd. Knows nothing of what the descriptors and timers are for. */
#include <sweetspot/loop.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <sweetspot/clock.h>

#define EVENTS_A_TURN 128
#define FIRST_TIMERS 64

struct loop {
	int epoll_fd;
	int wake_fd;
	struct timer **timers;  /* binary heap, earliest first, from index 1; timers[i]->heap_index == i */
	size_t timer_count;
	size_t timer_room;
	/* The events of the turn that is going on: [pending_at, pending_count) are still to be called; a NULL pointer is none any more. */
	struct epoll_event pending[EVENTS_A_TURN];
	int pending_at;
	int pending_count;
};

static int control(struct loop *loop, int operation, int fd, uint32_t events, void *who)
{
	struct epoll_event event = {.events = events, .data.ptr = who};

	return epoll_ctl(loop->epoll_fd, operation, fd, &event);
}

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (loop == NULL)
		return NULL;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	/* The loop itself stands for its eventfd: no watch can have that address. */
	if (loop->epoll_fd < 0 || loop->wake_fd < 0 || control(loop, EPOLL_CTL_ADD, loop->wake_fd, EPOLLIN, loop) != 0) {
		loop_free(loop);
		return NULL;
	}
	return loop;
}

void loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	if (loop->wake_fd >= 0)
		close(loop->wake_fd);
	free(loop->timers);
	free(loop);
}

enum status loop_watch(struct loop *loop, struct watch *watch, int fd, uint32_t events)
{
	if (control(loop, EPOLL_CTL_ADD, fd, events, watch) != 0) {
		watch->fd = -1;
		return STATUS_UNAVAILABLE;
	}
	watch->fd = fd;
	watch->events = events;
	return STATUS_OK;
}

void loop_rewatch(struct loop *loop, struct watch *watch, uint32_t events)
{
	if (watch->fd < 0 || watch->events == events)
		return;
	if (control(loop, EPOLL_CTL_MOD, watch->fd, events, watch) == 0)
		watch->events = events;
}

void loop_unwatch(struct loop *loop, struct watch *watch)
{
	if (watch->fd < 0)
		return;
	control(loop, EPOLL_CTL_DEL, watch->fd, 0, NULL);
	watch->fd = -1;
	watch->events = 0;
	for (int i = loop->pending_at; i < loop->pending_count; i++)
		if (loop->pending[i].data.ptr == watch)
			loop->pending[i].data.ptr = NULL;
}

static void heap_put(struct loop *loop, size_t index, struct timer *timer)
{
	loop->timers[index] = timer;
	timer->heap_index = index;
}

static void heap_rise(struct loop *loop, size_t index)
{
	struct timer *timer = loop->timers[index];

	while (index > 1 && timer->due_us < loop->timers[index / 2]->due_us) {
		heap_put(loop, index, loop->timers[index / 2]);
		index /= 2;
	}
	heap_put(loop, index, timer);
}

static void heap_sink(struct loop *loop, size_t index)
{
	struct timer *timer = loop->timers[index];
	size_t child;

	while ((child = 2 * index) <= loop->timer_count) {
		if (child < loop->timer_count && loop->timers[child + 1]->due_us < loop->timers[child]->due_us)
			child++;
		if (timer->due_us <= loop->timers[child]->due_us)
			break;
		heap_put(loop, index, loop->timers[child]);
		index = child;
	}
	heap_put(loop, index, timer);
}

static void heap_settle(struct loop *loop, size_t index)
{
	heap_rise(loop, index);
	heap_sink(loop, loop->timers[index]->heap_index);
}

static enum status heap_make_room(struct loop *loop)
{
	size_t room = loop->timer_room == 0 ? FIRST_TIMERS : 2 * loop->timer_room;
	struct timer **timers;

	if (loop->timer_count + 1 < loop->timer_room)
		return STATUS_OK;
	timers = reallocarray(loop->timers, room, sizeof(struct timer *));
	if (timers == NULL)
		return STATUS_NO_MEMORY;
	loop->timers = timers;
	loop->timer_room = room;
	return STATUS_OK;
}

enum status loop_timer_set(struct loop *loop, struct timer *timer, int64_t due_us)
{
	enum status status;

	if (timer->heap_index != 0) {
		timer->due_us = due_us;
		heap_settle(loop, timer->heap_index);
		return STATUS_OK;
	}
	status = heap_make_room(loop);
	if (status != STATUS_OK)
		return status;
	timer->due_us = due_us;
	loop->timer_count++;
	loop->timers[loop->timer_count] = timer;
	heap_rise(loop, loop->timer_count);
	return STATUS_OK;
}

void loop_timer_clear(struct loop *loop, struct timer *timer)
{
	size_t index = timer->heap_index;
	struct timer *last;

	if (index == 0)
		return;
	last = loop->timers[loop->timer_count];
	loop->timer_count--;
	timer->heap_index = 0;
	if (last == timer)
		return;
	heap_put(loop, index, last);
	heap_settle(loop, index);
}

/** Milliseconds to wait, rounded up so that a timer never finds itself early and the loop spinning. */
static int wait_ms(const struct loop *loop, int64_t max_wait_us)
{
	int64_t wait_us = max_wait_us;

	if (loop->timer_count > 0) {
		int64_t until_due = loop->timers[1]->due_us - clock_ticks_us();

		if (until_due < 0)
			until_due = 0;
		if (wait_us < 0 || until_due < wait_us)
			wait_us = until_due;
	}
	if (wait_us < 0)
		return -1;
	if (wait_us > INT64_C(1000) * (INT_MAX - 1))
		return INT_MAX;
	return (int)((wait_us + 999) / 1000);
}

static void drain_wake(struct loop *loop)
{
	uint64_t count;
	ssize_t ignored = read(loop->wake_fd, &count, sizeof(count));

	(void)ignored;
}

static int call_ready(struct loop *loop)
{
	int calls = 0;

	while (loop->pending_at < loop->pending_count) {
		const struct epoll_event *event = &loop->pending[loop->pending_at++];
		struct watch *watch = event->data.ptr;
		uint32_t events;

		if (watch == NULL)
			continue;
		if (event->data.ptr == loop) {
			drain_wake(loop);
			continue;
		}
		/* An earlier callback of this turn may have narrowed what is waited for. */
		events = event->events & (watch->events | EPOLLERR | EPOLLHUP);
		if (events == 0)
			continue;
		watch->on_ready(watch, events);
		calls++;
	}
	loop->pending_at = loop->pending_count = 0;
	return calls;
}

/** A timer that sets itself again while it is called waits for the next turn once as many were called as were set. */
static int call_due(struct loop *loop)
{
	size_t most = loop->timer_count;
	int64_t now = most > 0 ? clock_ticks_us() : 0;
	int calls = 0;

	for (; most > 0 && loop->timer_count > 0; most--) {
		struct timer *timer = loop->timers[1];

		if (timer->due_us > now)
			break;
		loop_timer_clear(loop, timer);
		timer->on_due(timer);
		calls++;
	}
	return calls;
}

int loop_turn(struct loop *loop, int64_t max_wait_us)
{
	int count = epoll_wait(loop->epoll_fd, loop->pending, EVENTS_A_TURN, wait_ms(loop, max_wait_us));
	int calls;

	if (count < 0 && errno != EINTR)
		return -1;
	loop->pending_at = 0;
	loop->pending_count = count < 0 ? 0 : count;
	calls = call_ready(loop);
	return calls + call_due(loop);
}

void loop_wake(struct loop *loop)
{
	const uint64_t one = 1;
	int saved = errno;
	ssize_t ignored = write(loop->wake_fd, &one, sizeof(one));

	(void)ignored;
	errno = saved;
}
