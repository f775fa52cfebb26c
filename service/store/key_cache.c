/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by their SHA-256, known and refused ones, valid as long as no key has changed. Whether a role is enough is decided elsewhere. */
#include "key_cache.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/clock.h>
#include <sweetspot/digest.h>

#define SLOTS 4096             /* of each table; a power of two */
#define MOST (SLOTS / 2)
#define MS INT64_C(1000)

struct entry {
	uint8_t hash[DIGEST_BYTES];
	struct principal principal;  /* role ROLE_NONE: an empty slot */
};

struct refusal {
	uint8_t hash[DIGEST_BYTES];
	bool is_taken;
};

/**
 * Two tables, so that a flood of wrong keys cannot push the right ones out. Each is emptied when it is full, and both when a key has
 * changed.
 */
struct key_cache {
	struct loop *loop;
	struct read_lane *lane;
	int64_t poll_us, stale_us;
	struct timer timer;
	struct read poll;
	bool is_polling, is_stopped;
	int64_t asked_us;     /* when the poll under way was asked */
	int64_t fresh_us;     /* when the last poll that was answered was asked: what is cached held then */
	bool is_fresh;        /* a poll has been answered */
	int64_t version;      /* of the newest key, at fresh_us */
	uint64_t generation;  /* grows when the tables are emptied for a new version */
	size_t entry_count, refusal_count;
	struct entry entries[SLOTS];
	struct refusal refusals[SLOTS];
};

/** A SHA-256 is its own hash. */
static size_t slot_of(const uint8_t hash[DIGEST_BYTES])
{
	uint32_t slot;

	memcpy(&slot, hash, sizeof(slot));
	return slot % SLOTS;
}

static struct entry *find_entry(struct key_cache *cache, const uint8_t hash[DIGEST_BYTES])
{
	size_t slot = slot_of(hash);

	while (cache->entries[slot].principal.role != ROLE_NONE && memcmp(cache->entries[slot].hash, hash, DIGEST_BYTES) != 0)
		slot = (slot + 1) % SLOTS;
	return &cache->entries[slot];
}

static struct refusal *find_refusal(struct key_cache *cache, const uint8_t hash[DIGEST_BYTES])
{
	size_t slot = slot_of(hash);

	while (cache->refusals[slot].is_taken && memcmp(cache->refusals[slot].hash, hash, DIGEST_BYTES) != 0)
		slot = (slot + 1) % SLOTS;
	return &cache->refusals[slot];
}

static void empty_entries(struct key_cache *cache)
{
	memset(cache->entries, 0, sizeof(cache->entries));
	cache->entry_count = 0;
}

static void empty_refusals(struct key_cache *cache)
{
	memset(cache->refusals, 0, sizeof(cache->refusals));
	cache->refusal_count = 0;
}

static void keep_entry(struct key_cache *cache, const uint8_t hash[DIGEST_BYTES], const struct principal *principal)
{
	struct entry *entry;

	if (cache->entry_count >= MOST)
		empty_entries(cache);
	entry = find_entry(cache, hash);
	if (entry->principal.role == ROLE_NONE)
		cache->entry_count++;
	memcpy(entry->hash, hash, DIGEST_BYTES);
	entry->principal = *principal;
}

static void keep_refusal(struct key_cache *cache, const uint8_t hash[DIGEST_BYTES])
{
	struct refusal *refusal;

	if (cache->refusal_count >= MOST)
		empty_refusals(cache);
	refusal = find_refusal(cache, hash);
	if (!refusal->is_taken)
		cache->refusal_count++;
	memcpy(refusal->hash, hash, DIGEST_BYTES);
	refusal->is_taken = true;
}

/* ---- Polling ---- */

static void plan_poll(struct key_cache *cache, int64_t delay_us)
{
	/* Without memory for the timer there are no more polls, and the cache is void for good: slow, but safe. */
	if (!cache->is_stopped && loop_timer_set(cache->loop, &cache->timer, clock_ticks_us() + delay_us) != STATUS_OK)
		cache->is_fresh = false;
}

static void on_polled(struct read *read, enum status status, const PGresult *rows)
{
	struct key_cache *cache = read->owner;
	int64_t version;

	cache->is_polling = false;
	if (status != STATUS_OK)
		return;
	version = row_int((struct row){rows, 0}, 0);
	if (!cache->is_fresh || version != cache->version) {
		empty_entries(cache);
		empty_refusals(cache);
		cache->generation++;
	}
	cache->version = version;
	cache->is_fresh = true;
	cache->fresh_us = cache->asked_us;
}

static void on_due(struct timer *timer)
{
	struct key_cache *cache = timer->owner;

	plan_poll(cache, cache->poll_us);
	if (cache->is_polling)
		return;
	cache->is_polling = true;
	cache->asked_us = clock_ticks_us();
	cache->poll = (struct read){
		.statement = STATEMENT_READ_KEY_VERSION,
		.deadline_us = cache->asked_us + cache->stale_us,
		.on_done = on_polled,
		.owner = cache,
	};
	read_lane_submit(cache->lane, &cache->poll);
}

static bool is_void(const struct key_cache *cache)
{
#ifdef WITHOUT_STALENESS
	return !cache->is_fresh;
#endif
	return !cache->is_fresh || clock_ticks_us() - cache->fresh_us > cache->stale_us;
}

/* ---- What the store calls ---- */

enum status key_cache_new(struct loop *loop, struct read_lane *lane, const struct settings *settings, struct key_cache **out)
{
	struct key_cache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		return STATUS_NO_MEMORY;
	cache->loop = loop;
	cache->lane = lane;
	cache->poll_us = settings->key_poll_ms * MS;
	cache->stale_us = settings->key_stale_ms * MS;
	cache->timer = (struct timer){.on_due = on_due, .owner = cache};
	if (loop_timer_set(loop, &cache->timer, clock_ticks_us()) != STATUS_OK) {
		free(cache);
		return STATUS_NO_MEMORY;
	}
	*out = cache;
	return STATUS_OK;
}

void key_cache_stop(struct key_cache *cache)
{
	if (cache == NULL)
		return;
	cache->is_stopped = true;
	loop_timer_clear(cache->loop, &cache->timer);
}

void key_cache_free(struct key_cache *cache)
{
	free(cache);
}

enum key_answer key_cache_find(struct key_cache *cache, struct text key, struct principal *principal)
{
	uint8_t hash[DIGEST_BYTES];
	const struct entry *entry;

	if (is_void(cache) || digest_sha256(key, hash) != STATUS_OK)
		return KEY_ASK;
	entry = find_entry(cache, hash);
	if (entry->principal.role != ROLE_NONE) {
		*principal = entry->principal;
		return KEY_KNOWN;
	}
	return find_refusal(cache, hash)->is_taken ? KEY_REFUSED : KEY_ASK;
}

/** What is asked before the tables are emptied and answered after it may already be outdated: it is answered, and not kept. */
struct asking {
	struct key_cache *cache;
	struct key_ask *ask;
	uint64_t generation;
};

static enum role role_of(struct text name)
{
	static const char *const names[] = {[ROLE_READ] = "read", [ROLE_WRITE] = "write", [ROLE_ADMIN] = "admin"};

	for (int role = ROLE_READ; role <= ROLE_ADMIN; role++)
		if (text_equal(text_of(names[role]), name))
			return (enum role)role;
	return ROLE_NONE;
}

static void copy_string(char *out, size_t room, struct text text)
{
	size_t length = text.length < room ? text.length : room - 1;

	memcpy(out, text.bytes, length);
	out[length] = '\0';
}

static struct principal principal_of(struct row row)
{
	struct principal principal = {
		.workspace = row_int(row, 0),
		.role = role_of(row_text(row, 2)),
		.currency_digits = (int)row_int(row, 4),
	};

	copy_string(principal.key_id, sizeof(principal.key_id), row_text(row, 1));
	copy_string(principal.currency, sizeof(principal.currency), row_text(row, 3));
	return principal;
}

static void on_asked(struct read *read, enum status status, const PGresult *rows)
{
	struct asking asking = *(struct asking *)read->owner;
	bool is_current = asking.generation == asking.cache->generation;
	struct principal principal;

#ifdef WITHOUT_GENERATIONS
	is_current = true;
#endif
	free(read->owner);
	if (status != STATUS_OK) {
		asking.ask->on_done(asking.ask, status, NULL);
		return;
	}
	if (PQntuples(rows) == 0) {
		if (is_current)
			keep_refusal(asking.cache, asking.ask->hash);
		asking.ask->on_done(asking.ask, STATUS_UNAUTHORIZED, NULL);
		return;
	}
	principal = principal_of((struct row){rows, 0});
	if (is_current)
		keep_entry(asking.cache, asking.ask->hash, &principal);
	asking.ask->on_done(asking.ask, STATUS_OK, &principal);
}

static void on_not_asked(struct read *read, enum status status, const PGresult *rows)
{
	struct key_ask *ask = read->owner;

	(void)rows;
	ask->on_done(ask, status, NULL);
}

void key_cache_ask(struct key_cache *cache, struct text key, struct key_ask *ask)
{
	struct asking *asking = malloc(sizeof(*asking));

	ask->read = (struct read){.statement = STATEMENT_READ_KEY, .deadline_us = ask->deadline_us, .on_done = on_asked, .owner = asking};
	if (asking == NULL) {
		ask->read.on_done = on_not_asked;
		ask->read.owner = ask;
		ask->read.params.failed = true;
	} else {
		*asking = (struct asking){cache, ask, cache->generation};
	}
	/* The hash lives as long as the read: no arena is needed. A failure comes as the lane's answer, never from inside here. */
	ask->read.params.count = 1;
	ask->read.params.values[0] = (const char *)ask->hash;
	ask->read.params.lengths[0] = DIGEST_BYTES;
	if (digest_sha256(key, ask->hash) != STATUS_OK)
		ask->read.params.failed = true;
	read_lane_submit(cache->lane, &ask->read);
}
