/* SPDX-License-Identifier: Apache-2.0 */
/* A binary heap with the last thing on top. */
#include "first_few.h"

#include <stdlib.h>
#include <string.h>

enum status first_few_init(struct first_few *few, size_t most, size_t bytes, int (*compare)(const void *a, const void *b))
{
	*few = (struct first_few){.compare = compare, .bytes = bytes, .most = most};
	/* One more, to swap by. */
	few->things = calloc(most + 1, bytes);
	return few->things == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void first_few_release(struct first_few *few)
{
	free(few->things);
	*few = (struct first_few){0};
}

size_t first_few_bytes(const struct first_few *few)
{
	return few->things == NULL ? 0 : (few->most + 1) * few->bytes;
}

static unsigned char *thing_at(const struct first_few *few, size_t index)
{
	return few->things + index * few->bytes;
}

static bool is_behind(const struct first_few *few, size_t index, const void *other)
{
	return few->compare(thing_at(few, index), other) > 0;
}

static void put(struct first_few *few, size_t index, const void *thing)
{
	memcpy(thing_at(few, index), thing, few->bytes);
}

static void sift_up(struct first_few *few, const void *thing)
{
	size_t at = few->count++;

	for (; at > 0 && !is_behind(few, (at - 1) / 2, thing); at = (at - 1) / 2)
		put(few, at, thing_at(few, (at - 1) / 2));
	put(few, at, thing);
}

/** From the top, whose thing is gone, among the first `count`. */
static void sift_down(struct first_few *few, const void *thing, size_t count)
{
	size_t at = 0;

	for (size_t child = 1; child < count; child = 2 * at + 1) {
		if (child + 1 < count && is_behind(few, child + 1, thing_at(few, child)))
			child++;
		if (!is_behind(few, child, thing))
			break;
		put(few, at, thing_at(few, child));
		at = child;
	}
	put(few, at, thing);
}

void first_few_offer(struct first_few *few, const void *thing)
{
	if (few->count < few->most)
		sift_up(few, thing);
	else if (is_behind(few, 0, thing))
		sift_down(few, thing, few->count);
}

/** Heap sort: in place, where the C library's qsort takes as much memory again. */
void first_few_sort(struct first_few *few)
{
	unsigned char *spare = thing_at(few, few->most);

	for (size_t count = few->count; count-- > 1;) {
		memcpy(spare, thing_at(few, count), few->bytes);
		put(few, count, thing_at(few, 0));
		sift_down(few, spare, count);
	}
}
