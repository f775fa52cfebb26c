/* SPDX-License-Identifier: Apache-2.0 */
/* Rules by version, least recently used first out. Each lives in an arena of its own; which rules are in force is decided elsewhere. */
#include "rules_cache.h"

#include <stdlib.h>

#include <sweetspot/clock.h>

#include "rules_rows.h"

#define MOST_ENTRIES 64
#define BLOCK_BYTES 8192

/** One set of rules. Lives while somebody holds it: the cache, and arenas that asked for it. */
struct entry {
	int64_t workspace;
	int32_t policy_version, review_number;
	struct policy policy;
	struct review review;
	struct arena *arena;
	int holders;
	struct entry *next;   /* the more recently used first */
};

/** A set of rules on its way, and all who asked for it. */
struct load {
	struct rules_cache *cache;
	struct entry *entry;
	struct rules_ask *asks;
	int64_t deadline_us;
	struct read reads[3];
	int awaited;
	enum status status;
	struct load *next;
};

struct rules_cache {
	struct read_lane *lane;
	struct entry *entries;
	size_t count;
	struct entry *pushed_out;  /* still borrowed, perhaps, until the turn ends */
	struct load *loads;
	struct rules_ask *failed;  /* for want of memory; answered at the end of the turn */
};

/* ---- Entries ---- */

static struct rules rules_of(const struct entry *entry)
{
	return (struct rules){&entry->policy, entry->review_number == 0 ? NULL : &entry->review};
}

static void let_go(void *object)
{
	struct entry *entry = object;

	if (--entry->holders > 0)
		return;
	arena_free(entry->arena);
	free(entry);
}

static struct entry *entry_new(const struct rules_ask *ask)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (entry == NULL)
		return NULL;
	entry->workspace = ask->workspace;
	entry->policy_version = ask->policy;
	entry->review_number = ask->review;
	entry->holders = 1;
	entry->arena = arena_new(BLOCK_BYTES);
	if (entry->arena == NULL) {
		free(entry);
		return NULL;
	}
	return entry;
}

static void push_out_oldest(struct rules_cache *cache)
{
	struct entry **last = &cache->entries;

	while ((*last)->next != NULL)
		last = &(*last)->next;
	(*last)->next = cache->pushed_out;
	cache->pushed_out = *last;
	*last = NULL;
	cache->count--;
}

static void keep(struct rules_cache *cache, struct entry *entry)
{
	if (cache->count == MOST_ENTRIES)
		push_out_oldest(cache);
	entry->next = cache->entries;
	cache->entries = entry;
	cache->count++;
}

static bool is_for(const struct entry *entry, int64_t workspace, int32_t policy, int32_t review)
{
	return entry->workspace == workspace && entry->policy_version == policy && entry->review_number == review;
}

bool rules_cache_find(struct rules_cache *cache, int64_t workspace, int32_t policy, int32_t review, struct rules *rules)
{
	for (struct entry **at = &cache->entries; *at != NULL; at = &(*at)->next) {
		struct entry *entry = *at;

		if (!is_for(entry, workspace, policy, review))
			continue;
		*at = entry->next;
		entry->next = cache->entries;
		cache->entries = entry;
		*rules = rules_of(entry);
		return true;
	}
	return false;
}

static struct entry *find_policy(struct entry *list, const struct policy *policy)
{
	while (list != NULL && &list->policy != policy)
		list = list->next;
	return list;
}

enum status rules_cache_hold(struct rules_cache *cache, struct rules rules, struct arena *arena)
{
	struct entry *entry = find_policy(cache->entries, rules.policy);

	if (entry == NULL)
		entry = find_policy(cache->pushed_out, rules.policy);
	if (entry == NULL)
		return STATUS_INTERNAL;
	entry->holders++;
	return arena_link(arena, let_go, entry);
}

/* ---- Loading ---- */

static void unlink_load(struct load *load)
{
	struct load **at = &load->cache->loads;

	while (*at != load)
		at = &(*at)->next;
	*at = load->next;
}

static void answer_asks(struct rules_ask *ask, enum status status, struct rules rules)
{
	while (ask != NULL) {
		struct rules_ask *next = ask->next;

		ask->on_done(ask, status, rules);
		ask = next;
	}
}

static void finish(struct load *load)
{
	struct rules_ask *asks = load->asks;
	struct entry *entry = load->entry;
	enum status status = load->status;
	struct rules rules = {NULL, NULL};

	unlink_load(load);
	if (status == STATUS_OK) {
		keep(load->cache, entry);
		rules = rules_of(entry);
	} else {
		let_go(entry);
	}
	free(load);
	answer_asks(asks, status, rules);
}

/** One of the load's statements is done. */
static void take(struct load *load, enum status status)
{
	if (load->status == STATUS_OK)
		load->status = status;
	if (--load->awaited == 0)
		finish(load);
}

static void on_policy(struct read *read, enum status status, const PGresult *rows)
{
	struct load *load = read->owner;
	struct entry *entry = load->entry;

	take(load, status == STATUS_OK ? policy_read(rows, entry->policy_version, entry->arena, &entry->policy) : status);
}

static void on_review(struct read *read, enum status status, const PGresult *rows)
{
	struct load *load = read->owner;
	const struct cohorts cohorts = load->entry->review.cohorts;

	if (status == STATUS_OK)
		status = review_read(rows, &load->entry->review);
	load->entry->review.cohorts = cohorts; /* which may have come first */
	take(load, status);
}

static void on_cohorts(struct read *read, enum status status, const PGresult *rows)
{
	struct load *load = read->owner;

	take(load, status == STATUS_OK ? cohorts_read(rows, load->entry->arena, &load->entry->review.cohorts) : status);
}

static void submit(struct load *load, struct read *read, enum statement statement, int32_t number,
		   void (*on_done)(struct read *read, enum status status, const PGresult *rows))
{
	*read = (struct read){
		.statement = statement,
		.params = params_in(load->entry->arena),
		.deadline_us = load->deadline_us,
		.on_done = on_done,
		.owner = load,
	};
	rules_bind(&read->params, load->entry->workspace, number);
	load->awaited++;
	read_lane_submit(load->cache->lane, read);
}

static struct load *load_new(struct rules_cache *cache, const struct rules_ask *ask)
{
	struct load *load = calloc(1, sizeof(*load));

	if (load == NULL)
		return NULL;
	load->entry = entry_new(ask);
	if (load->entry == NULL) {
		free(load);
		return NULL;
	}
	load->cache = cache;
	load->deadline_us = ask->deadline_us;
	load->next = cache->loads;
	cache->loads = load;
	return load;
}

static void start(struct load *load)
{
	const struct entry *entry = load->entry;

	submit(load, &load->reads[0], STATEMENT_READ_POLICY, entry->policy_version, on_policy);
	if (entry->review_number == 0)
		return;
	submit(load, &load->reads[1], STATEMENT_READ_REVIEW, entry->review_number, on_review);
	submit(load, &load->reads[2], STATEMENT_READ_REVIEW_COHORTS, entry->review_number, on_cohorts);
}

/** A load is joined only by those who can wait as long as it does. */
static struct load *find_load(struct rules_cache *cache, const struct rules_ask *ask)
{
	struct load *load = cache->loads;

	while (load != NULL && !(is_for(load->entry, ask->workspace, ask->policy, ask->review) && load->deadline_us <= ask->deadline_us))
		load = load->next;
	return load;
}

void rules_cache_ask(struct rules_cache *cache, struct rules_ask *ask)
{
	struct load *load = find_load(cache, ask);
	bool is_new = load == NULL;

	if (is_new)
		load = load_new(cache, ask);
	if (load == NULL) {
		ask->next = cache->failed;
		cache->failed = ask;
		return;
	}
	ask->next = load->asks;
	load->asks = ask;
	if (is_new)
		start(load);
}

/* ---- Life ---- */

enum status rules_cache_new(struct read_lane *lane, struct rules_cache **out)
{
	struct rules_cache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		return STATUS_NO_MEMORY;
	cache->lane = lane;
	*out = cache;
	return STATUS_OK;
}

static void let_go_all(struct entry **list)
{
	while (*list != NULL) {
		struct entry *entry = *list;

		*list = entry->next;
		let_go(entry);
	}
}

void rules_cache_flush(struct rules_cache *cache)
{
	struct rules_ask *failed = cache->failed;

	cache->failed = NULL;
	answer_asks(failed, STATUS_NO_MEMORY, (struct rules){NULL, NULL});
	let_go_all(&cache->pushed_out);
}

void rules_cache_free(struct rules_cache *cache)
{
	if (cache == NULL)
		return;
	rules_cache_flush(cache);
	let_go_all(&cache->entries);
	free(cache);
}
