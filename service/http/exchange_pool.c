/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges of requests that have ended are kept with their memory for those to come. What happens in one is exchange.c's business. */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK_BYTES 8192
#define POOL_MOST 512
#define KEEP_BUFFER_BYTES 65536

static struct http_exchange *exchange_make(void)
{
	struct http_exchange *exchange = calloc(1, sizeof(*exchange));

	if (exchange == NULL)
		return NULL;
	exchange->request.arena = arena_new(ARENA_BLOCK_BYTES);
	if (exchange->request.arena == NULL) {
		free(exchange);
		return NULL;
	}
	return exchange;
}

static void exchange_destroy(struct http_exchange *exchange)
{
	arena_free(exchange->request.arena);
	buffer_release(&exchange->request.answer);
	buffer_release(&exchange->body);
	free(exchange);
}

struct http_exchange *http_exchange_take(struct http_worker *worker)
{
	struct http_exchange *exchange = worker->pool;

	if (exchange == NULL) {
		exchange = exchange_make();
		if (exchange == NULL)
			return NULL;
	} else {
		worker->pool = exchange->next;
		worker->pool_count--;
	}
	exchange->worker = worker;
	exchange->request.worker = worker;
	exchange->request.exchange = exchange;
	exchange->headers_end = &exchange->headers;
	exchange->at_head = true;
	exchange->next = worker->living;
	if (worker->living != NULL)
		worker->living->previous = exchange;
	worker->living = exchange;
	return exchange;
}

static void keep_small(struct buffer *buffer)
{
	if (buffer->capacity > KEEP_BUFFER_BYTES)
		buffer_release(buffer);
	else
		buffer_clear(buffer);
}

/** Back to what exchange_make made, with its memory kept. */
static void exchange_wipe(struct http_exchange *exchange)
{
	struct arena *arena = exchange->request.arena;
	struct buffer answer, body;

	arena_reset(arena);
	keep_small(&exchange->request.answer);
	keep_small(&exchange->body);
	answer = exchange->request.answer;
	body = exchange->body;
	memset(exchange, 0, sizeof(*exchange));
	exchange->request.arena = arena;
	exchange->request.answer = answer;
	exchange->body = body;
}

void http_exchange_recycle(struct http_exchange *exchange)
{
	struct http_worker *worker = exchange->worker;

	loop_timer_clear(worker->loop, &exchange->deadline);
	if (exchange->previous != NULL)
		exchange->previous->next = exchange->next;
	else
		worker->living = exchange->next;
	if (exchange->next != NULL)
		exchange->next->previous = exchange->previous;
	if (worker->pool_count >= POOL_MOST) {
		exchange_destroy(exchange);
		return;
	}
	exchange_wipe(exchange);
	exchange->next = worker->pool;
	worker->pool = exchange;
	worker->pool_count++;
}

void http_exchange_pool_free(struct http_worker *worker)
{
	while (worker->pool != NULL) {
		struct http_exchange *exchange = worker->pool;

		worker->pool = exchange->next;
		exchange_destroy(exchange);
	}
	worker->pool_count = 0;
}
