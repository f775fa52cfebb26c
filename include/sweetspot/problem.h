/* SPDX-License-Identifier: Apache-2.0 */
/* All that is wrong with one input, collected, so that the client sees every error at once. */
#ifndef SWEETSPOT_PROBLEM_H
#define SWEETSPOT_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/arena.h>
#include <sweetspot/text.h>

/** One error of a body: where (JSON pointer, RFC 6901) and what, in words a user can act on. */
struct problem {
	struct text pointer;
	struct text detail;
	struct problem *next;
};

/** In order of discovery; lives in the arena. `count` goes on counting past `keep_at_most` (100). Short of memory, `failed` is set. */
struct problems {
	struct arena *arena;
	struct problem *first;
	struct problem *last;
	size_t count;
	size_t keep_at_most;
	bool failed;
};

/** None yet, with `keep_at_most` 100; what is added lives in the arena. */
struct problems problems_in(struct arena *arena);
/** Add one. The pointer is copied; detail is printf. */
void problems_add(struct problems *problems, struct text pointer, const char *detail, ...) __attribute__((format(printf, 3, 4)));
/** @return pointer + "/" + name with ~ and / escaped, in the arena; {NULL, 0} when memory is short */
struct text pointer_join(struct arena *arena, struct text pointer, struct text name);

#endif
