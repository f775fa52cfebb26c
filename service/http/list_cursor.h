/* SPDX-License-Identifier: Apache-2.0 */
/* Where a list goes on: the sort key and id of its last row, as an opaque text that fits one list alone. Pure. */
#ifndef SERVICE_HTTP_LIST_CURSOR_H
#define SERVICE_HTTP_LIST_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/arena.h>
#include <sweetspot/text.h>

/** Behind which row a list goes on. What a list's order does not use is 0 or empty. */
struct list_position {
	int64_t key;
	struct text name;
	struct text id;
};

/**
 * Write a position down: base64url of a version, the digest, key, name and id.
 *
 * @param digest  of all that makes the list: a cursor of another list is recognised by it
 * @return        in the arena, NUL-terminated; {NULL, 0} when memory is short
 */
struct text list_cursor_encode(struct arena *arena, uint64_t digest, const struct list_position *position);
/**
 * Read it back.
 *
 * @param out  texts in the arena; untouched on failure
 * @return     STATUS_OK; STATUS_INVALID for what list_cursor_encode did not write for this digest; STATUS_NO_MEMORY
 */
MUST_CHECK enum status list_cursor_decode(struct arena *arena, struct text cursor, uint64_t digest, struct list_position *out);

#endif
