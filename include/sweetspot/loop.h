/* SPDX-License-Identifier: Apache-2.0 */
/* One thread's epoll loop with timers: who waits for what is said here, what is done about it is not. */
#ifndef SWEETSPOT_LOOP_H
#define SWEETSPOT_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/status.h>

struct loop;

/** A descriptor somebody waits on. Caller's storage; `fd` is -1 while it is in no loop. */
struct watch {
	int fd;
	uint32_t events;  /* EPOLLIN, EPOLLOUT as last asked for */
	void (*on_ready)(struct watch *watch, uint32_t events);
	void *owner;
};

/** A moment somebody waits for, once. Caller's storage; zeroed but for on_due and owner means not set. Kept in a binary heap. */
struct timer {
	int64_t due_us;     /* clock_ticks_us() */
	size_t heap_index;  /* 1-based; 0 while not set */
	void (*on_due)(struct timer *timer);
	void *owner;
};

/** @return NULL when memory or descriptors are short */
struct loop *loop_new(void);
/** Every watch and timer must have been taken out. */
void loop_free(struct loop *loop);
/** Start waiting on a descriptor. @return STATUS_OK or STATUS_UNAVAILABLE */
MUST_CHECK enum status loop_watch(struct loop *loop, struct watch *watch, int fd, uint32_t events);
/** Change what a watched descriptor is waited on for; nothing is asked of the kernel when it stays the same. */
void loop_rewatch(struct loop *loop, struct watch *watch, uint32_t events);
/** Stop waiting, before the descriptor is closed. Safe inside a callback, also for a descriptor whose event is pending in this turn. */
void loop_unwatch(struct loop *loop, struct watch *watch);
/** Set or move a timer. @return STATUS_OK or STATUS_NO_MEMORY (only when it was not set before) */
MUST_CHECK enum status loop_timer_set(struct loop *loop, struct timer *timer, int64_t due_us);
void loop_timer_clear(struct loop *loop, struct timer *timer);
/**
 * Wait once, at most max_wait_us (-1: until something happens; 0: only look), and call what is ready, then what is due.
 *
 * @return number of callbacks made, or -1 when epoll_wait fails for another reason than a signal
 */
int loop_turn(struct loop *loop, int64_t max_wait_us);
/** From any thread or signal handler: make the present or next wait return at once. */
void loop_wake(struct loop *loop);

#endif
