/* SPDX-License-Identifier: Apache-2.0 */
/* Keys out, rows back to the reads that asked for them. Sends nothing. */
#include "point_group.h"

#include <sweetspot/digest.h>

void point_queue_append(struct point_queue *queue, struct point_read *point)
{
	point->next = NULL;
	if (queue->last == NULL)
		queue->first = point;
	else
		queue->last->next = point;
	queue->last = point;
	queue->count++;
}

struct point_read *point_queue_take(struct point_queue *queue)
{
	struct point_read *point = queue->first;

	if (point == NULL)
		return NULL;
	queue->first = point->next;
	if (queue->first == NULL)
		queue->last = NULL;
	queue->count--;
	point->next = NULL;
	return point;
}

void point_queue_move(struct point_queue *from, struct point_queue *to, size_t most)
{
	for (; most > 0 && from->first != NULL; most--)
		point_queue_append(to, point_queue_take(from));
}

void point_queue_expire(struct point_queue *queue, int64_t now_us, struct point_queue *due)
{
	struct point_queue all = *queue;
	struct point_read *point;

	*queue = (struct point_queue){0};
	while ((point = point_queue_take(&all)) != NULL)
		point_queue_append(point->deadline_us <= now_us ? due : queue, point);
}

void point_group_bind(const struct point_queue *queue, struct params *params)
{
	struct array_column workspaces, ids;

	array_column_init(&workspaces, ARRAY_INT8);
	array_column_init(&ids, ARRAY_TEXT);
	for (const struct point_read *point = queue->first; point != NULL; point = point->next) {
		array_add_int(&workspaces, point->workspace);
		array_add_text(&ids, point->id);
	}
	params_array(params, &workspaces);
	params_array(params, &ids);
	array_column_release(&workspaces);
	array_column_release(&ids);
}

/** Rows by key: open addressing, at most half full; 0 is empty, else the row's index plus 1. */
struct key_table {
	const PGresult *rows;
	int *slots;
	size_t mask;
};

static size_t slot_of(const struct key_table *table, int64_t workspace, struct text id)
{
	return (size_t)(hash_bytes(id.bytes, id.length) ^ (uint64_t)workspace) & table->mask;
}

static bool has_key(struct row row, int64_t workspace, struct text id)
{
	return row_int(row, 0) == workspace && text_equal(row_text(row, 1), id);
}

static bool key_table_fill(struct key_table *table, struct arena *scratch)
{
	int count = PQntuples(table->rows);
	size_t room = 2;

	while (room < 2 * (size_t)count)
		room *= 2;
	table->mask = room - 1;
	table->slots = arena_array(scratch, room, sizeof(*table->slots));
	if (table->slots == NULL)
		return false;
	for (int i = 0; i < count; i++) {
		struct row row = {table->rows, i};
		size_t slot = slot_of(table, row_int(row, 0), row_text(row, 1));

		while (table->slots[slot] != 0)
			slot = (slot + 1) & table->mask;
		table->slots[slot] = i + 1;
	}
	return true;
}

static struct row key_table_find(const struct key_table *table, int64_t workspace, struct text id)
{
	for (size_t slot = slot_of(table, workspace, id); table->slots[slot] != 0; slot = (slot + 1) & table->mask) {
		struct row row = {table->rows, table->slots[slot] - 1};

		if (has_key(row, workspace, id))
			return row;
	}
	return (struct row){NULL, 0};
}

void point_group_answer(struct point_queue *queue, enum status status, const PGresult *rows, struct arena *scratch)
{
	struct key_table table = {.rows = rows};
	struct point_read *point;

	arena_reset(scratch);
	if (status == STATUS_OK && !key_table_fill(&table, scratch))
		status = STATUS_NO_MEMORY;
	while ((point = point_queue_take(queue)) != NULL) {
		struct row row = {NULL, 0};

		if (status == STATUS_OK)
			row = key_table_find(&table, point->workspace, point->id);
		point->on_done(point, status, row);
	}
}
