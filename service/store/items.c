/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table of a batch's records by id. What is done with them is the batch's business. */
#include "items.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/digest.h>

struct item_table item_table_in(struct arena *arena)
{
	return (struct item_table){.arena = arena};
}

static size_t bucket_of(const struct item_table *table, struct text id)
{
	return (size_t)hash_bytes(id.bytes, id.length) & (table->bucket_count - 1);
}

struct item *item_table_find(const struct item_table *table, struct text id)
{
	if (table->bucket_count == 0)
		return NULL;
	for (size_t at = table->buckets[bucket_of(table, id)]; at != 0; at = table->items[at - 1]->hash_next)
		if (text_equal(table->items[at - 1]->id, id))
			return table->items[at - 1];
	return NULL;
}

static void rehash(struct item_table *table)
{
	memset(table->buckets, 0, table->bucket_count * sizeof(*table->buckets));
	for (size_t i = 0; i < table->count; i++) {
		size_t *bucket = &table->buckets[bucket_of(table, table->items[i]->id)];

		table->items[i]->hash_next = *bucket;
		*bucket = i + 1;
	}
}

/** Twice the room, and twice as many buckets as there is room. The old arrays stay in the arena until the batch ends. */
static bool grow(struct item_table *table)
{
	size_t capacity = table->capacity == 0 ? 16 : table->capacity * 2;
	struct item **items = arena_array(table->arena, capacity, sizeof(*items));
	size_t *buckets = arena_array(table->arena, capacity * 2, sizeof(*buckets));

	if (items == NULL || buckets == NULL)
		return false;
	if (table->count > 0)
		memcpy(items, table->items, table->count * sizeof(*items));
	table->items = items;
	table->capacity = capacity;
	table->buckets = buckets;
	table->bucket_count = capacity * 2;
	rehash(table);
	return true;
}

static struct item *item_new(struct item_table *table, enum record_kind kind, struct text id)
{
	struct item *item = arena_alloc(table->arena, sizeof(*item));

	if (item == NULL)
		return NULL;
	item->id = id;
	for (struct stored_record *stored = &item->before;; stored = &item->after) {
		stored->record.kind = kind;
		stored->record.id = id;
		stored->record.source_at_us = INSTANT_NONE;
		for (size_t i = 0; i < RECORD_FIELDS_MAX; i++)
			stored->stamps[i].at_us = INSTANT_NONE;
		if (stored == &item->after)
			return item;
	}
}

struct item *item_table_add(struct item_table *table, enum record_kind kind, struct text id)
{
	struct item *item = item_table_find(table, id);

	if (item != NULL)
		return item;
	if ((table->count == table->capacity && !grow(table)) || (item = item_new(table, kind, id)) == NULL) {
		table->failed = true;
		return NULL;
	}
	table->items[table->count++] = item;
	size_t *bucket = &table->buckets[bucket_of(table, id)];
	item->hash_next = *bucket;
	*bucket = table->count;
	return item;
}

static int compare_ids(const void *a, const void *b)
{
	return text_compare((*(struct item *const *)a)->id, (*(struct item *const *)b)->id);
}

void item_table_sort(struct item_table *table)
{
	if (table->count == 0)
		return;
#ifdef WITHOUT_ORDER
	return;
#endif
	qsort(table->items, table->count, sizeof(*table->items), compare_ids);
	rehash(table);
}

void params_ids(struct params *params, struct item *const *items, size_t count, bool (*is_wanted)(const struct item *item))
{
	struct array_column ids;

	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < count; i++)
		if (is_wanted == NULL || is_wanted(items[i]))
			array_add_text(&ids, items[i]->id);
	params_array(params, &ids);
	array_column_release(&ids);
}
