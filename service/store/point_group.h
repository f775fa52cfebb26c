/* SPDX-License-Identifier: Apache-2.0 */
/* Point reads of one statement that travel as one: their keys as two arrays, and whose row is whose in the answer. */
#ifndef SERVICE_STORE_POINT_GROUP_H
#define SERVICE_STORE_POINT_GROUP_H

#include <sweetspot/store.h>

/** Point reads in order of arrival. */
struct point_queue {
	struct point_read *first, *last;
	size_t count;
};

void point_queue_append(struct point_queue *queue, struct point_read *point);
/** @return the first, taken out; NULL when it is empty */
struct point_read *point_queue_take(struct point_queue *queue);
/** Move up to `most` from the front of one to the end of another. */
void point_queue_move(struct point_queue *from, struct point_queue *to, size_t most);
/** Move those whose deadline is not after `now_us` to `due`; the rest keep their order. */
void point_queue_expire(struct point_queue *queue, int64_t now_us, struct point_queue *due);

/** Bind ($1 bigint[], $2 text[]) of all in the queue. Shortage of memory shows as params->failed. */
void point_group_bind(const struct point_queue *queue, struct params *params);
/**
 * Answer every one of the queue, which is empty afterwards.
 *
 * @param rows     NULL unless status is STATUS_OK; its first two columns are the key
 * @param scratch  for the table of keys; when it is short of memory all are answered STATUS_NO_MEMORY
 */
void point_group_answer(struct point_queue *queue, enum status status, const PGresult *rows, struct arena *scratch);

#endif
