/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as they came: split first, decoded piece by piece afterwards. Pure. */
#ifndef SERVICE_HTTP_PATH_H
#define SERVICE_HTTP_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/arena.h>
#include <sweetspot/buffer.h>
#include <sweetspot/text.h>

/** A request target in its two parts, undecoded. */
struct http_target {
	struct text path;   /* begins with '/', or is "*" */
	struct text query;  /* behind the '?'; {NULL, 0}: none */
};

/** Split a target in origin form, absolute form or "*". @return false for anything else */
bool http_target_split(struct text target, struct http_target *out);
/**
 * Compare an undecoded path with a route's pattern: "{…}" takes any one segment that is not empty, "{…}:verb" one that ends in ":verb".
 *
 * @param taken  what the braces took, undecoded, in order; at most `most`
 * @return       whether it matches; `taken` is then complete
 */
bool http_path_match(const char *pattern, struct text path, struct text *taken, size_t most);
/**
 * Decode %XX strictly.
 *
 * @param out  in the arena, or the piece itself when it has nothing to decode
 * @return     STATUS_OK; STATUS_MALFORMED for a broken escape, a NUL, or bytes that are no UTF-8; STATUS_NO_MEMORY
 */
MUST_CHECK enum status http_percent_decode(struct arena *arena, struct text piece, struct text *out);
/** Append an id to a path, percent-encoded (what RFC 3986 calls unreserved stays). */
void http_path_append(struct buffer *out, struct text id);

#endif
