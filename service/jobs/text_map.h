/* SPDX-License-Identifier: Apache-2.0 */
/* A number for each of many texts. */
#ifndef SERVICE_JOBS_TEXT_MAP_H
#define SERVICE_JOBS_TEXT_MAP_H

#include <stdint.h>

#include <sweetspot/arena.h>
#include <sweetspot/text.h>

struct text_map_slot {
	struct text key;  /* NULL bytes: free */
	int64_t value;
};

/** Open addressing; at most half of the slots, a power of two, are taken. Keys are copied into the arena. Zeroed but for arena: empty. */
struct text_map {
	struct arena *arena;
	struct text_map_slot *slots;  /* on the heap */
	size_t slot_count, count;
};

void text_map_release(struct text_map *map);
/** @return memory taken from the heap; keys are in the arena */
size_t text_map_bytes(const struct text_map *map);
/** @return the key's number, 0 when it is new; NULL when memory is short. Good until the next put */
int64_t *text_map_put(struct text_map *map, struct text key);
/** @return the key's number, or the fallback when it was never put */
int64_t text_map_get(const struct text_map *map, struct text key, int64_t fallback);

#endif
