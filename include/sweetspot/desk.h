/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that take long, on their way from event loops to the thread that answers them, and back. What is asked is not known here. */
#ifndef SWEETSPOT_DESK_H
#define SWEETSPOT_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/arena.h>
#include <sweetspot/loop.h>
#include <sweetspot/text.h>

/** Where questions wait, first come first served. Shared by all threads; outlives its boxes. */
struct desk;
/** One loop's place at the desk: its answers come here. One thread. */
struct desk_box;

/** How much may wait; what goes beyond it is refused at once. Both at least 1. */
struct desk_limits {
	size_t questions;       /* of everybody, the one being answered aside */
	size_t of_a_workspace;  /* the one being answered included */
};

/**
 * One question with its answer. All it points to lives in its arena. The asker's until desk_ask; from then on the desk's, which frees it:
 * the answering thread alone touches it between desk_take and desk_put, the asker again while on_done runs.
 */
struct question {
	int topic;                 /* what it is about, in the words of those who ask and answer */
	int64_t workspace;
	int64_t deadline_us;       /* clock_ticks_us(): nobody waits for it any longer */
	struct arena *arena;
	void *matter;              /* the topic's own: what is asked, and what is found */
	enum status status;        /* of the answer: STATUS_OK, or why there is none */
	struct text detail;        /* why there is none, in words; {NULL, 0} where the status says it all */
	/** In the asker's loop, at most once; never from inside desk_ask, and never after desk_withdraw. */
	void (*on_done)(struct question *question);
	void *owner;
	struct desk_box *box;      /* the desk's, like all that follows; NULL once it was withdrawn */
	struct desk *desk;
	struct question *next;
	int stage;
};

/** @return NULL when memory is short */
struct desk *desk_new(struct desk_limits limits);
/** Every box must have been freed, and nobody may be answering. NULL is allowed. */
void desk_free(struct desk *desk);

/** Open a place for a loop, which is woken by an eventfd. @return NULL when memory or descriptors are short */
struct desk_box *desk_box_new(struct desk *desk, struct loop *loop);
/** Close it: what was asked here and not answered is withdrawn. NULL is allowed. */
void desk_box_free(struct desk_box *box);

/** @return a question with an empty arena and everything else zero; NULL when memory is short */
struct question *question_new(int topic, int64_t workspace);
/** Free one that was never asked. NULL is allowed. */
void question_free(struct question *question);

/**
 * Hand a question in; its deadline_us, on_done and owner are set. Never waits.
 *
 * @return STATUS_OK: on_done follows, or desk_withdraw. STATUS_TOO_MANY: the desk, or the workspace's share of it, is full.
 *         STATUS_UNAVAILABLE: nobody answers any more. On failure the question is still the caller's
 */
MUST_CHECK enum status desk_ask(struct desk_box *box, struct question *question);
/** Nobody wants the answer any more: on_done, not called yet, never will be, and the question may be gone. In the asker's thread. */
void desk_withdraw(struct question *question);

/**
 * Wait for the next question. What is past its deadline is answered with STATUS_DEADLINE and not handed out.
 *
 * @return NULL when the desk is closed
 */
struct question *desk_take(struct desk *desk);
/** The question that desk_take gave is answered, or has failed: question->status says. It must not be touched afterwards. */
void desk_put(struct question *question);
/** @return whether the answering thread may give up: nobody waits for the answer any more, or the desk is closed */
bool question_is_over(const struct question *question);
/** Nothing is taken in any more, and what waits is answered with STATUS_UNAVAILABLE; desk_take returns NULL from now on. Any thread. */
void desk_close(struct desk *desk);

#endif
