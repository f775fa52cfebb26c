/* SPDX-License-Identifier: Apache-2.0 */
/* The hash table behind text_map.h. It grows; nothing is ever taken out of it. */
#include "text_map.h"

#include <stdlib.h>

#include <sweetspot/digest.h>

#define FIRST_SLOTS 64

void text_map_release(struct text_map *map)
{
	free(map->slots);
	map->slots = NULL;
	map->slot_count = map->count = 0;
}

size_t text_map_bytes(const struct text_map *map)
{
	return map->slot_count * sizeof(*map->slots);
}

static struct text_map_slot *find(struct text_map_slot *slots, size_t slot_count, struct text key)
{
	size_t at = (size_t)hash_bytes(key.bytes, key.length) & (slot_count - 1);

	while (slots[at].key.bytes != NULL && !text_equal(slots[at].key, key))
		at = (at + 1) & (slot_count - 1);
	return &slots[at];
}

static enum status grow(struct text_map *map)
{
	size_t slot_count = map->slot_count == 0 ? FIRST_SLOTS : map->slot_count * 2;
	struct text_map_slot *slots = calloc(slot_count, sizeof(*slots));

	if (slots == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < map->slot_count; i++)
		if (map->slots[i].key.bytes != NULL)
			*find(slots, slot_count, map->slots[i].key) = map->slots[i];
	free(map->slots);
	map->slots = slots;
	map->slot_count = slot_count;
	return STATUS_OK;
}

int64_t *text_map_put(struct text_map *map, struct text key)
{
	struct text_map_slot *slot;

	if (map->count * 2 >= map->slot_count && grow(map) != STATUS_OK)
		return NULL;
	slot = find(map->slots, map->slot_count, key);
	if (slot->key.bytes == NULL) {
		slot->key = text_copy(map->arena, key);
		if (slot->key.bytes == NULL)
			return NULL;
		map->count++;
	}
	return &slot->value;
}

int64_t text_map_get(const struct text_map *map, struct text key, int64_t fallback)
{
	const struct text_map_slot *slot;

	if (map->count == 0)
		return fallback;
	slot = find(map->slots, map->slot_count, key);
	return slot->key.bytes == NULL ? fallback : slot->value;
}
