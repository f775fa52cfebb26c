/* SPDX-License-Identifier: Apache-2.0 */
/* The queues of a write lane: one a workspace, in a ring. */
#ifndef SERVICE_STORE_WRITE_QUEUE_H
#define SERVICE_STORE_WRITE_QUEUE_H

#include "batch.h"

/** The writes of one workspace that wait, first in first out; in the ring while there are any. */
struct workspace_queue {
	int64_t workspace;
	struct segment *first, *last;
	struct segment *held;          /* those that met a row that is locked, first in first out: each travels alone, beside the others */
	size_t rows;
	struct workspace_queue *next;  /* in the ring */
};

/** Zeroed: empty. */
struct write_queues {
	struct workspace_queue *ring;  /* the workspace whose turn is next; circular */
	size_t rows;                   /* waiting, all workspaces */
};

/** @return the queue of that workspace, or NULL */
struct workspace_queue *write_queue_find(const struct write_queues *queues, int64_t workspace);
/** A new queue behind all the others. @return NULL when memory is short */
struct workspace_queue *write_queue_add(struct write_queues *queues, int64_t workspace);
/** Take a queue out of the ring and free it. */
void write_queue_remove(struct write_queues *queues, struct workspace_queue *queue);
void write_queue_push_back(struct write_queues *queues, struct workspace_queue *queue, struct segment *segment);
/** For what travelled and must travel again: in front of what came later. */
void write_queue_push_front(struct write_queues *queues, struct workspace_queue *queue, struct segment *segment);
/** @return the first segment; there must be one */
struct segment *write_queue_pop(struct write_queues *queues, struct workspace_queue *queue);
/** Put a segment behind those that are held back. */
void write_queue_hold(struct write_queues *queues, struct workspace_queue *queue, struct segment *segment);
/** Take one of them out. @param at  where it hangs in the list */
struct segment *write_queue_release(struct write_queues *queues, struct workspace_queue *queue, struct segment **at);
static inline bool write_queue_is_empty(const struct workspace_queue *queue)
{
	return queue->first == NULL && queue->held == NULL;
}

#endif
