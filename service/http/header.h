/* SPDX-License-Identifier: Apache-2.0 */
/* What single request headers mean. Pure; any thread. */
#ifndef SERVICE_HTTP_HEADER_H
#define SERVICE_HTTP_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/arena.h>
#include <sweetspot/text.h>

/** Authorization: Bearer TOKEN (RFC 6750). @return false for another scheme or a token with other characters than b64token's */
bool http_header_bearer(struct text value, struct text *token);
/**
 * If-Match with "*" or one entity tag.
 *
 * @param version  -1 for "*"; the number our tags begin with; HTTP_MATCH_NEVER for a weak tag or one that is not ours
 * @return         false for what is no entity tag, or several; *version untouched
 */
bool http_header_if_match(struct text value, int64_t *version);
/** @return whether If-None-Match names the tag (with its quotes) or is "*"; weak comparison */
bool http_header_none_match(struct text value, struct text tag);
/**
 * Idempotency-Key: a quoted string of structured fields (RFC 8941), or the bare key: 1 to 255 visible ASCII characters.
 *
 * @param key  in the arena; untouched on failure
 * @return     STATUS_OK, STATUS_MALFORMED, STATUS_NO_MEMORY
 */
MUST_CHECK enum status http_header_idempotency_key(struct arena *arena, struct text value, struct text *key);
/** W3C traceparent. @return false, *trace_id untouched, for what is not valid (it is ignored then) */
bool http_header_trace_id(struct text value, struct text *trace_id);
/** @return whether the client's X-Request-Id may be taken over: 1 to 128 of A-Z a-z 0-9 . _ : - + = / @ */
bool http_header_is_request_id(struct text value);
/** Content-Type: the media type and its charset, lower case, in the arena; {NULL, 0} where there is none. */
MUST_CHECK enum status http_header_media_type(struct arena *arena, struct text value, struct text *type, struct text *charset);
/** What Prefer (RFC 7240) may ask of us. */
struct http_preferences {
	bool minimal;    /* return=minimal */
	int64_t wait_s;  /* wait=n; -1: not asked */
};
/** Anything else in it is ignored. */
struct http_preferences http_header_prefer(struct text value);
/** Cut the next element off a comma-separated list, trimmed; commas in quoted strings do not count. @return false at the end */
bool http_header_next(struct text *list, struct text *element);

#endif
