/* SPDX-License-Identifier: Apache-2.0 */
/* Connections between requests: counted, and ended when a request line takes for ever. Requests have their own deadline (exchange.c). */
#include <stdlib.h>
#include <sys/socket.h>

#include <sweetspot/clock.h>

#include "exchange.h"

static void waiting_remove(struct http_peer *peer)
{
	struct http_worker *worker = peer->worker;

	if (!peer->is_waiting)
		return;
	peer->is_waiting = false;
	if (peer->previous != NULL)
		peer->previous->next = peer->next;
	else
		worker->waiting_first = peer->next;
	if (peer->next != NULL)
		peer->next->previous = peer->previous;
	else
		worker->waiting_last = peer->previous;
	peer->previous = peer->next = NULL;
}

/** An idle connection is libmicrohttpd's to close; one that lives longer than idling and a whole request may last is dripping. */
static int64_t most_waiting_us(const struct http_worker *worker)
{
	return (HTTP_IDLE_SECONDS * 1000 + worker->server->settings->request_ms) * 1000;
}

static void timer_set(struct http_worker *worker)
{
	if (worker->waiting_first == NULL || worker->waiting_timer.heap_index != 0)
		return;
	/* Without memory for the timer, the next connection that begins to wait tries again. */
	if (loop_timer_set(worker->loop, &worker->waiting_timer, worker->waiting_first->waiting_since_us + most_waiting_us(worker)) != STATUS_OK)
		return;
}

void http_peer_on_overdue(struct timer *timer)
{
	struct http_worker *worker = timer->owner;
	int64_t limit_us = clock_ticks_us() - most_waiting_us(worker);

	while (worker->waiting_first != NULL && worker->waiting_first->waiting_since_us <= limit_us) {
		struct http_peer *peer = worker->waiting_first;
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(peer->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

		waiting_remove(peer);
		if (info != NULL)
			shutdown(info->connect_fd, SHUT_RDWR);
	}
	timer_set(worker);
}

void http_peer_busy(struct http_peer *peer)
{
	waiting_remove(peer);
}

void http_peer_waits(struct http_peer *peer)
{
	struct http_worker *worker = peer->worker;

	waiting_remove(peer);
	peer->is_waiting = true;
	peer->waiting_since_us = clock_ticks_us();
	peer->previous = worker->waiting_last;
	if (worker->waiting_last != NULL)
		worker->waiting_last->next = peer;
	else
		worker->waiting_first = peer;
	worker->waiting_last = peer;
	timer_set(worker);
}

static void peer_open(struct http_worker *worker, struct MHD_Connection *connection, void **own)
{
	struct http_peer *peer = calloc(1, sizeof(*peer));

	*own = peer;
	/* Without it the first request of the connection finds no peer, and is refused. */
	if (peer == NULL)
		return;
	peer->worker = worker;
	peer->connection = connection;
	worker->peer_count++;
	metrics_add(worker->metrics, METRIC_CONNECTIONS, 1);
	http_peer_waits(peer);
}

void http_on_connection(void *cls, struct MHD_Connection *connection, void **own, enum MHD_ConnectionNotificationCode what)
{
	struct http_listener *listener = cls;
	struct http_peer *peer = *own;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		peer_open(listener->worker, connection, own);
		return;
	}
	*own = NULL;
	if (peer == NULL)
		return;
	waiting_remove(peer);
	listener->worker->peer_count--;
	metrics_add(listener->worker->metrics, METRIC_CONNECTIONS, -1);
	free(peer);
}
