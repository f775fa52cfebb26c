/* SPDX-License-Identifier: Apache-2.0 */
/* The one list of outcomes, and what each means to an HTTP client. */
#ifndef SWEETSPOT_STATUS_H
#define SWEETSPOT_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))

/** Outcome of any call that can fail. STATUS_OK is 0; everything else is a failure. */
enum status {
	STATUS_OK = 0,
	STATUS_MALFORMED,            /* 400: not JSON, not UTF-8, a broken request line */
	STATUS_UNAUTHORIZED,         /* 401: no valid key */
	STATUS_FORBIDDEN,            /* 403: the key's role is too small */
	STATUS_NOT_FOUND,            /* 404 */
	STATUS_METHOD_NOT_ALLOWED,   /* 405, with Allow */
	STATUS_NOT_ACCEPTABLE,       /* 406 */
	STATUS_REQUEST_TIMEOUT,      /* 408: the client was too slow */
	STATUS_CONFLICT,             /* 409: the present state forbids it */
	STATUS_PRECONDITION_FAILED,  /* 412: If-Match named another version */
	STATUS_TOO_LARGE,            /* 413 */
	STATUS_UNSUPPORTED_MEDIA,    /* 415 */
	STATUS_INVALID,              /* 422: well-formed, wrong values; errors[] says which */
	STATUS_TOO_MANY,             /* 429: over a fair share, with Retry-After */
	STATUS_HEADERS_TOO_LARGE,    /* 431 */
	STATUS_INTERNAL,             /* 500: our own mistake */
	STATUS_FULL,                 /* 503: the queue has no room; nothing was taken */
	STATUS_CROWDED,              /* 503: more connections than there may be */
	STATUS_UNAVAILABLE,          /* 503: a link was lost, outcome unknown, or draining */
	STATUS_UNREACHABLE,          /* 503: no link to the database for some time; nothing was sent */
	STATUS_DEADLINE,             /* 503: not answered within the request's time */
	STATUS_NO_MEMORY,            /* 503: an allocation failed */
	STATUS_RETRY,                /* never leaves the store: serialization failure, deadlock, lock time-out */
	STATUS_COUNT
};

/** What the outside is told about a status. Static storage. */
struct status_info {
	int http;           /* HTTP status code */
	const char *slug;   /* last part of the problem's `type` URI, stable */
	const char *title;  /* short, the same for every occurrence (RFC 9457) */
};

/**
 * Look a status up in the status table.
 *
 * @return never NULL; an out-of-range value reads as STATUS_INTERNAL
 */
const struct status_info *status_describe(enum status status);

#endif
