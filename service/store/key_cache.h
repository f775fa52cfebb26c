/* SPDX-License-Identifier: Apache-2.0 */
/* The keys this worker has seen lately, and whether they still hold. */
#ifndef SERVICE_STORE_KEY_CACHE_H
#define SERVICE_STORE_KEY_CACHE_H

#include <sweetspot/store.h>

#include "read_lane.h"

struct key_cache;

/** Make an empty cache, and start polling the largest key version. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status key_cache_new(struct loop *loop, struct read_lane *lane, const struct settings *settings, struct key_cache **out);
/** Stop polling: before the lane is freed, whose last answers still reach the cache. NULL is allowed. */
void key_cache_stop(struct key_cache *cache);
/** After the lane is freed. NULL is allowed. */
void key_cache_free(struct key_cache *cache);
/** As store_key_find. */
enum key_answer key_cache_find(struct key_cache *cache, struct text key, struct principal *principal);
/** As store_key_ask. */
void key_cache_ask(struct key_cache *cache, struct text key, struct key_ask *ask);

#endif
