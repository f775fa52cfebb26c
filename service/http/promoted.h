/* SPDX-License-Identifier: Apache-2.0 */
/* The URLs of a prospect that has become an account. */
#ifndef SERVICE_HTTP_PROMOTED_H
#define SERVICE_HTTP_PROMOTED_H

#include "http.h"

/**
 * Where what was asked of a prospect is to be asked of the account that it is now.
 *
 * @param suffix  what the path has behind the id: "", "/history", ":erase"
 * @return        path and query of the account's URL, in the request's arena; {NULL, 0} when memory is short
 */
struct text promoted_location(const struct http_request *request, const char *suffix);
/** Answer 308 to that place. */
void promoted_reply(struct http_request *request, const char *suffix);

#endif
