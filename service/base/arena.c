/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that are filled from the front and freed together. Single objects are never given back. */
#include <sweetspot/arena.h>

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif

/* What is not handed out is poisoned, and a gap is left behind each object, so that an overrun is found where it happens. */
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(at, bytes) ASAN_POISON_MEMORY_REGION(at, bytes)
#define UNPOISON(at, bytes) ASAN_UNPOISON_MEMORY_REGION(at, bytes)
#define GAP_BYTES alignof(max_align_t)
#else
#define POISON(at, bytes) ((void)(at), (void)(bytes))
#define UNPOISON(at, bytes) ((void)(at), (void)(bytes))
#define GAP_BYTES ((size_t)0)
#endif

#define LEAST_BLOCK_BYTES 256

struct block {
	struct block *older;
	size_t capacity;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

/** A foreign object and how to let it go; lives in the arena itself. */
struct link {
	struct link *older;
	void (*release)(void *object);
	void *object;
};

struct arena {
	struct block *blocks;  /* of block_bytes each; the newest, which is being filled, first */
	struct block *large;   /* of one request each */
	struct link *links;    /* newest first */
	size_t block_bytes;
	size_t held;
};

static size_t round_up(size_t bytes)
{
	const size_t step = alignof(max_align_t);

	return (bytes + step - 1) / step * step;
}

struct arena *arena_new(size_t block_bytes)
{
	struct arena *arena;

	if (block_bytes > PTRDIFF_MAX / 2)
		return NULL;
	arena = calloc(1, sizeof(*arena));
	if (arena == NULL)
		return NULL;
	arena->block_bytes = round_up(block_bytes < LEAST_BLOCK_BYTES ? LEAST_BLOCK_BYTES : block_bytes);
	arena->held = sizeof(*arena);
	return arena;
}

static struct block *block_push(struct arena *arena, struct block **list, size_t capacity)
{
	struct block *block = malloc(sizeof(*block) + capacity);

	if (block == NULL)
		return NULL;
	block->older = *list;
	block->capacity = capacity;
	block->used = 0;
	POISON(block->bytes, capacity);
	*list = block;
	arena->held += sizeof(*block) + capacity;
	return block;
}

static void block_pop(struct arena *arena, struct block **list)
{
	struct block *block = *list;

	*list = block->older;
	arena->held -= sizeof(*block) + block->capacity;
	UNPOISON(block->bytes, block->capacity);
	free(block);
}

static void release_all(struct arena *arena)
{
	while (arena->links != NULL) {
		struct link *link = arena->links;

		arena->links = link->older;
		link->release(link->object);
	}
	while (arena->large != NULL)
		block_pop(arena, &arena->large);
}

void arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	release_all(arena);
	while (arena->blocks != NULL)
		block_pop(arena, &arena->blocks);
	free(arena);
}

void arena_reset(struct arena *arena)
{
	release_all(arena);
	if (arena->blocks == NULL)
		return;
	while (arena->blocks->older != NULL)
		block_pop(arena, &arena->blocks);
	arena->blocks->used = 0;
	POISON(arena->blocks->bytes, arena->blocks->capacity);
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct block *block = arena->blocks;
	unsigned char *at;
	size_t taken;

	if (bytes == 0 || bytes > PTRDIFF_MAX / 2)
		return NULL;
	taken = round_up(bytes) + GAP_BYTES;
	if (taken > arena->block_bytes)
		block = block_push(arena, &arena->large, taken);
	else if (block == NULL || taken > block->capacity - block->used)
		block = block_push(arena, &arena->blocks, arena->block_bytes);
	if (block == NULL)
		return NULL;
	at = block->bytes + block->used;
	block->used += taken;
	UNPOISON(at, bytes);
	return memset(at, 0, bytes);
}

void *arena_array(struct arena *arena, size_t count, size_t bytes)
{
	size_t total;

	if (__builtin_mul_overflow(count, bytes, &total))
		return NULL;
	return arena_alloc(arena, total);
}

enum status arena_link(struct arena *arena, void (*release)(void *object), void *object)
{
	struct link *link = arena_alloc(arena, sizeof(*link));

	if (link == NULL) {
		release(object);
		return STATUS_NO_MEMORY;
	}
	*link = (struct link){.older = arena->links, .release = release, .object = object};
	arena->links = link;
	return STATUS_OK;
}

size_t arena_bytes(const struct arena *arena)
{
	return arena->held;
}
