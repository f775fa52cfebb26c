/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the small bodies by which people decide something: what is wrong is added to problems, all of it. Pure. */
#ifndef SERVICE_HTTP_SMALL_BODY_H
#define SERVICE_HTTP_SMALL_BODY_H

#include <jansson.h>

#include <sweetspot/problem.h>
#include <sweetspot/status.h>

#include "http.h"

/** A reason, in bytes. */
#define SMALL_BODY_REASON_BYTES 4096

/**
 * Read the request's body as an object.
 *
 * @param known  its names, NULL at the end; another one is a problem
 * @param of     whose fields they are, for that problem
 * @param out    borrowed for the request
 * @return       STATUS_OK, with problems or without; STATUS_INVALID, no object; or what intake_json_parse says
 */
MUST_CHECK enum status small_body_object(struct http_request *request, const char *const *known, const char *of, json_t **out,
                                         struct problems *problems);
/** A text that must be there, borrowed from json. */
struct text small_body_text(const json_t *json, const char *pointer, size_t most, struct problems *problems);
/** The last day of something, not before the book's day; DAY_NONE: null or left out. */
int32_t small_body_until(const json_t *json, int32_t day, struct problems *problems);
/** @return the bytes of a JSON string; {NULL, 0} for anything else */
struct text small_body_string(const json_t *json);

#endif
