/* SPDX-License-Identifier: Apache-2.0 */
/* Policies and reviews this worker has used lately, by (workspace, policy version, review number). Immutable, so never outdated. */
#ifndef SERVICE_STORE_RULES_CACHE_H
#define SERVICE_STORE_RULES_CACHE_H

#include <sweetspot/store.h>

#include "read_lane.h"

struct rules_cache;

/** @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status rules_cache_new(struct read_lane *lane, struct rules_cache **out);
/** After the lane is freed. What is held lives on. NULL is allowed. */
void rules_cache_free(struct rules_cache *cache);
/** The turn ends: free what was pushed out in it. */
void rules_cache_flush(struct rules_cache *cache);
/** As store_rules_find, store_rules_ask and store_rules_hold. */
bool rules_cache_find(struct rules_cache *cache, int64_t workspace, int32_t policy, int32_t review, struct rules *rules);
void rules_cache_ask(struct rules_cache *cache, struct rules_ask *ask);
MUST_CHECK enum status rules_cache_hold(struct rules_cache *cache, struct rules rules, struct arena *arena);

#endif
