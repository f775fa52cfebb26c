/* SPDX-License-Identifier: Apache-2.0 */
/* A worker's lanes and caches under one roof. What each does is in its own file. */
#include <sweetspot/store.h>

#include <stdlib.h>

#include "chain_lane.h"
#include "key_cache.h"
#include "read_lane.h"
#include "rules_cache.h"
#include "write_lane.h"

#define READ_DEPTH 256         /* statements under way on one read link: more only wait in another place */
#define READS_A_CONNECTION 4
#define READS_BESIDES 1000     /* polls, rules, jobs' looks */

struct store {
	struct read_lane *read_lane, *stream_lane;
	struct write_lane *write_lane;
	struct chain_lane *chain_lane;
	struct key_cache *keys;
	struct rules_cache *rules;
};

static enum status make_read_lanes(struct store *store, struct loop *loop, const struct settings *settings, struct metrics *metrics)
{
	const size_t limit = READS_A_CONNECTION * (size_t)settings->connections + READS_BESIDES;
	const struct read_lane_options reads = {
		.url = settings->database_url,
		.name = "sweetspot read",
		.links = (size_t)settings->read_links,
		.depth = READ_DEPTH,
		.limit = limit,
		.statement_ms = settings->statement_ms,
		.metrics = metrics,
	};

	/* A long statement may take the whole time of its request. */
	const struct read_lane_options streams = {
		.url = settings->database_url,
		.name = "sweetspot stream",
		.links = (size_t)settings->stream_links,
		.depth = 1,
		.limit = limit,
		.statement_ms = settings->request_ms > settings->statement_ms ? settings->request_ms : settings->statement_ms,
		.metrics = metrics,
	};
	enum status status = read_lane_new(loop, &reads, &store->read_lane);

	return status == STATUS_OK ? read_lane_new(loop, &streams, &store->stream_lane) : status;
}

enum status store_new(struct loop *loop, const struct settings *settings, struct metrics *metrics, struct store **out)
{
	struct store *store = calloc(1, sizeof(*store));
	enum status status;

	if (store == NULL)
		return STATUS_NO_MEMORY;
	status = make_read_lanes(store, loop, settings, metrics);
	if (status == STATUS_OK)
		status = key_cache_new(loop, store->read_lane, settings, &store->keys);
	if (status == STATUS_OK)
		status = rules_cache_new(store->read_lane, &store->rules);
	if (status == STATUS_OK)
		status = write_lane_new(loop, store, settings, metrics, &store->write_lane);
	if (status == STATUS_OK)
		status = chain_lane_new(loop, store, settings, metrics, &store->chain_lane);
	if (status == STATUS_OK)
		*out = store;
	else
		store_free(store);
	return status;
}

void store_free(struct store *store)
{
	if (store == NULL)
		return;
	/* Whatever is answered may ask for more, and batches wait for rules, which wait for reads: first all is refused, then freed. */
	key_cache_stop(store->keys);
	read_lane_close(store->stream_lane);
	read_lane_close(store->read_lane);
	if (store->rules != NULL)
		rules_cache_flush(store->rules);
	if (store->write_lane != NULL)
		write_lane_free(store->write_lane);
	store->write_lane = NULL;
	chain_lane_free(store->chain_lane);
	read_lane_free(store->stream_lane);
	read_lane_free(store->read_lane);
	key_cache_free(store->keys);
	rules_cache_free(store->rules);
	free(store);
}

void store_flush(struct store *store)
{
	rules_cache_flush(store->rules);
	write_lane_flush(store->write_lane);
	chain_lane_flush(store->chain_lane);
	read_lane_flush(store->stream_lane);
	read_lane_flush(store->read_lane);
}

bool store_is_ready(const struct store *store)
{
	return read_lane_is_up(store->read_lane);
}

bool store_lacks_links(const struct store *store)
{
	return !read_lane_is_up(store->read_lane) || store->write_lane == NULL || !write_lane_is_up(store->write_lane);
}

size_t store_in_flight(const struct store *store)
{
	return read_lane_in_flight(store->read_lane) + read_lane_in_flight(store->stream_lane) + write_lane_in_flight(store->write_lane) +
	       chain_lane_in_flight(store->chain_lane);
}

void store_read(struct store *store, struct read *read)
{
	read_lane_submit(read->lane == LANE_STREAM ? store->stream_lane : store->read_lane, read);
}

void store_point_read(struct store *store, struct point_read *read)
{
	read_lane_submit_point(store->read_lane, read);
}

enum key_answer store_key_find(struct store *store, struct text key, struct principal *principal)
{
	return key_cache_find(store->keys, key, principal);
}

void store_key_ask(struct store *store, struct text key, struct key_ask *ask)
{
	key_cache_ask(store->keys, key, ask);
}

bool store_rules_find(struct store *store, int64_t workspace, int32_t policy, int32_t review, struct rules *rules)
{
	return rules_cache_find(store->rules, workspace, policy, review, rules);
}

void store_rules_ask(struct store *store, struct rules_ask *ask)
{
	rules_cache_ask(store->rules, ask);
}

enum status store_rules_hold(struct store *store, struct rules rules, struct arena *arena)
{
	return rules_cache_hold(store->rules, rules, arena);
}

void store_write(struct store *store, struct write_job *job)
{
	if (job->chain != NULL)
		chain_lane_submit(store->chain_lane, job);
	else
		write_lane_submit(store->write_lane, job);
}

void store_chain_drop(struct store *store, struct write_chain *chain)
{
	chain_lane_drop(store->chain_lane, chain);
}
