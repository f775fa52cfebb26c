/* SPDX-License-Identifier: Apache-2.0 */
/* jsonb as PostgreSQL writes it, in the one form in which a record's structures are compared. */
#ifndef SERVICE_STORE_CANONICAL_H
#define SERVICE_STORE_CANONICAL_H

#include <sweetspot/arena.h>
#include <sweetspot/text.h>

/**
 * Compact, the outermost object's members sorted by name, numbers as the shortest decimals of their doubles: what intake made of the
 * body before
 * it was stored. Without it a body put back as it was read would count as changed.
 *
 * @param json  jsonb's own output: well-formed, no duplicate names
 * @return      in the arena; {NULL, 0} for "no text", and when memory is short
 */
struct text canonical_json(struct text json, struct arena *arena);

/**
 * What a JSON merge patch (RFC 7396) makes of an object whose members hold no objects: named ones are replaced, those that are null
 * in the patch go.
 *
 * @param object  canonical; members that are null in it stay
 * @param patch   canonical
 * @param names   out: how many members there are then; unchanged on failure
 * @return        canonical, in the arena; {NULL, 0} when memory is short
 */
struct text canonical_patched(struct text object, struct text patch, struct arena *arena, size_t *names);

#endif
