/* SPDX-License-Identifier: Apache-2.0 */
/* The names of a database's hosts become addresses on a thread of their own: a resolver may take its time, a loop may not. */
#ifndef SERVICE_STORE_LOOKUP_H
#define SERVICE_STORE_LOOKUP_H

#include <sweetspot/loop.h>
#include <sweetspot/status.h>

#include "values.h"

struct lookup;

/**
 * @param url      as libpq reads it; borrowed
 * @param on_done  from the loop, once for each lookup_start that was answered STATUS_OK, or for several while one is under way
 * @param out      NULL: the URL names no host by a name (a socket, an address, one of a service file or the environment): nothing to do
 * @return         STATUS_OK or STATUS_NO_MEMORY
 */
MUST_CHECK enum status lookup_new(struct loop *loop, const char *url, void (*on_done)(void *owner), void *owner, struct lookup **out);
/** Does not wait for the resolver. NULL is allowed. */
void lookup_free(struct lookup *lookup);
/** Ask the resolver, unless it is still being asked. @return STATUS_OK; STATUS_NO_MEMORY; STATUS_UNAVAILABLE: no thread or descriptor */
MUST_CHECK enum status lookup_start(struct lookup *lookup);
/** @return NULL when the last lookup found an address; else why not. Good until the next lookup_start */
const char *lookup_failure(const struct lookup *lookup);
/** Let libpq connect to what was found, and look nothing up itself; names stay what certificates are compared with. Borrowed. */
void lookup_apply(const struct lookup *lookup, struct connect_words *words);

#endif
