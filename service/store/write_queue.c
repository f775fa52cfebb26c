/* SPDX-License-Identifier: Apache-2.0 */
/* What waits to be written, by workspace, and the ring in which these take turns. When and how it travels is write_lane.c's. */
#include "write_queue.h"

#include <stdlib.h>

struct workspace_queue *write_queue_find(const struct write_queues *queues, int64_t workspace)
{
	struct workspace_queue *queue = queues->ring;

	if (queue == NULL)
		return NULL;
	do {
		if (queue->workspace == workspace)
			return queue;
		queue = queue->next;
	} while (queue != queues->ring);
	return NULL;
}

/** The newcomer waits its turn behind all the others: just in front of the one whose turn is next. */
struct workspace_queue *write_queue_add(struct write_queues *queues, int64_t workspace)
{
	struct workspace_queue *queue = calloc(1, sizeof(*queue));

	if (queue == NULL)
		return NULL;
	queue->workspace = workspace;
	if (queues->ring == NULL) {
		queue->next = queue;
		queues->ring = queue;
		return queue;
	}
	struct workspace_queue *last = queues->ring;
	while (last->next != queues->ring)
		last = last->next;
	last->next = queue;
	queue->next = queues->ring;
	return queue;
}

void write_queue_remove(struct write_queues *queues, struct workspace_queue *queue)
{
	struct workspace_queue *before = queue;

	while (before->next != queue)
		before = before->next;
	before->next = queue->next;
	if (queues->ring == queue)
		queues->ring = queue->next == queue ? NULL : queue->next;
	free(queue);
}

void write_queue_push_back(struct write_queues *queues, struct workspace_queue *queue, struct segment *segment)
{
	segment->next = NULL;
	if (queue->last == NULL)
		queue->first = segment;
	else
		queue->last->next = segment;
	queue->last = segment;
	queue->rows += segment->to - segment->from;
	queues->rows += segment->to - segment->from;
}

/** What travelled and must travel again goes in front of what came later. */
void write_queue_push_front(struct write_queues *queues, struct workspace_queue *queue, struct segment *segment)
{
	segment->next = queue->first;
	queue->first = segment;
	if (queue->last == NULL)
		queue->last = segment;
	queue->rows += segment->to - segment->from;
	queues->rows += segment->to - segment->from;
}

struct segment *write_queue_pop(struct write_queues *queues, struct workspace_queue *queue)
{
	struct segment *segment = queue->first;

	queue->first = segment->next;
	if (queue->first == NULL)
		queue->last = NULL;
	segment->next = NULL;
	queue->rows -= segment->to - segment->from;
	queues->rows -= segment->to - segment->from;
	return segment;
}

void write_queue_hold(struct write_queues *queues, struct workspace_queue *queue, struct segment *segment)
{
	struct segment **at = &queue->held;

	while (*at != NULL)
		at = &(*at)->next;
	segment->next = NULL;
	*at = segment;
	queue->rows += segment->to - segment->from;
	queues->rows += segment->to - segment->from;
}

struct segment *write_queue_release(struct write_queues *queues, struct workspace_queue *queue, struct segment **at)
{
	struct segment *segment = *at;

	*at = segment->next;
	segment->next = NULL;
	queue->rows -= segment->to - segment->from;
	queues->rows -= segment->to - segment->from;
	return segment;
}
