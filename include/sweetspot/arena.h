/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that lives exactly as long as one piece of work, with foreign objects tied to it. */
#ifndef SWEETSPOT_ARENA_H
#define SWEETSPOT_ARENA_H

#include <stddef.h>

#include <sweetspot/status.h>

struct arena;

/**
 * Make an empty arena. Nothing is thread-safe: one owner at a time.
 *
 * @param block_bytes  size of the blocks it grows by; larger requests get a block of their own
 * @return             NULL when memory is short
 */
struct arena *arena_new(size_t block_bytes);
/** Run every linked release function, newest first, and free everything. NULL is allowed. */
void arena_free(struct arena *arena);
/** As arena_free, but keep the first block and the arena itself for the next piece of work. */
void arena_reset(struct arena *arena);
/** @return zeroed memory aligned for any type, until reset or free; NULL when memory is short or bytes is 0 */
void *arena_alloc(struct arena *arena, size_t bytes);
/** @return zeroed array memory; NULL when memory is short, or count * bytes overflows or is 0 */
void *arena_array(struct arena *arena, size_t count, size_t bytes);
/**
 * Tie a foreign object to the arena: release(object) runs at reset or free. On failure release runs at once, so the caller never frees.
 *
 * @return STATUS_OK or STATUS_NO_MEMORY
 */
MUST_CHECK enum status arena_link(struct arena *arena, void (*release)(void *object), void *object);
/** @return bytes taken from the heap and still held, for limits and metrics */
size_t arena_bytes(const struct arena *arena);

#endif
