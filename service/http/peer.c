/* SPDX-License-Identifier: Apache-2.0 */
/* Connections: counted, and once a second looked at for what libmicrohttpd cannot see. Requests have their own deadline (exchange.c). */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <sweetspot/clock.h>

#include "exchange.h"

#define SWEEP_US INT64_C(1000000)
#define SWEEP_BATCH 64
/* Each header takes more of libmicrohttpd's memory than its bytes: a head of very many short ones ends it long before header_bytes. */
#define MANY_LINES_BYTES 1024

static int descriptor_of(const struct http_peer *peer)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(peer->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info == NULL ? -1 : info->connect_fd;
}

/** libmicrohttpd finds the socket closed, and completes what was under way. */
static void cut(const struct http_peer *peer)
{
	int fd = descriptor_of(peer);

	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

/* ---- What libmicrohttpd cannot see ---- */

/** An idle connection is libmicrohttpd's to close; one that lives longer than idling and a whole request may last is dripping. */
static bool is_overdue(const struct http_peer *peer, int64_t now_us)
{
	const struct http_worker *worker = peer->worker;
	int64_t most_us = (HTTP_IDLE_SECONDS * 1000 + worker->server->settings->request_ms) * 1000;

	return peer->exchange == NULL && now_us - peer->waiting_since_us > most_us;
}

/** Whether somebody works long for this client, in vain if it has gone. */
static bool is_asking(const struct http_peer *peer)
{
	return peer->exchange != NULL && peer->exchange->asks && peer->exchange->phase == HTTP_PHASE_HANDLING;
}

/** Whether it is the client's turn to send. */
static bool is_reading(const struct http_peer *peer)
{
	const struct http_exchange *exchange = peer->exchange;

	return exchange == NULL || exchange->phase == HTTP_PHASE_LINE || (exchange->phase == HTTP_PHASE_BODY && !exchange->parked);
}

/**
 * A client that has said it sends no more, of whom nothing is left to read, in mid-request. libmicrohttpd waits for it until it times out
 * when data and end came in one edge of epoll. Twice seen, it is cut. So is one that a long question is answered for: who closes his side
 * takes the question back.
 */
static void look_at(struct http_peer *peer, const struct pollfd *watched)
{
	int unread = 0;
	bool is_gone = (watched->revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0 && ioctl(watched->fd, FIONREAD, &unread) == 0 && unread == 0;

	if (is_gone && peer->seems_gone) {
		/* The answer finds nobody there, and the question is taken back with the request. */
		if (is_asking(peer))
			http_exchange_refuse(peer->exchange, STATUS_UNAVAILABLE);
		else
			cut(peer);
	}
	peer->seems_gone = is_gone;
}

static void look_at_all(struct http_peer *const *peers, struct pollfd *watched, nfds_t count)
{
	if (count == 0 || poll(watched, count, 0) <= 0)
		return;
	for (nfds_t i = 0; i < count; i++)
		look_at(peers[i], &watched[i]);
}

static void sweep(struct http_worker *worker)
{
	struct http_peer *peers[SWEEP_BATCH];
	struct pollfd watched[SWEEP_BATCH];
	int64_t now_us = clock_ticks_us();

	nfds_t count = 0;

	for (struct http_peer *peer = worker->peers; peer != NULL; peer = peer->next) {
		if (is_overdue(peer, now_us))
			cut(peer);
		if (!is_reading(peer) && !is_asking(peer))
			continue;
		peers[count] = peer;
		watched[count++] = (struct pollfd){.fd = descriptor_of(peer), .events = POLLRDHUP};
		if (count < SWEEP_BATCH)
			continue;
		look_at_all(peers, watched, count);
		count = 0;
	}
	look_at_all(peers, watched, count);
}

/** Without memory for the timer, the next connection tries again. */
static void timer_set(struct http_worker *worker)
{
	enum status status = STATUS_OK;

	if (worker->peers != NULL && worker->sweep_timer.heap_index == 0)
		status = loop_timer_set(worker->loop, &worker->sweep_timer, clock_ticks_us() + SWEEP_US);
	(void)status;
}

void http_peer_on_sweep(struct timer *timer)
{
	struct http_worker *worker = timer->owner;

	sweep(worker);
	timer_set(worker);
}

/* ---- Heads that are too large ---- */

/** @return how many bytes have come in on its connection, whether or not they have been read */
static uint64_t received_bytes(const struct http_peer *peer)
{
	struct tcp_info info = {0};

	socklen_t length = sizeof(info);

	return getsockopt(descriptor_of(peer), IPPROTO_TCP, TCP_INFO, &info, &length) == 0 ? info.tcpi_bytes_received : 0;
}

/**
 * libmicrohttpd does not say whose head it is. Without an exchange it is a request line: only in a first request do the bytes tell
 * it from idling.
 */
static bool may_have_large_head(const struct http_peer *peer, uint64_t bytes)
{
	bool is_reading_head = peer->exchange == NULL ? !peer->has_asked : peer->exchange->phase == HTTP_PHASE_LINE;

	return is_reading_head && received_bytes(peer) > bytes;
}

/** @return how many heads that are coming in may have more than so many bytes; `found` is one of them */
static size_t find_large_heads(const struct http_worker *worker, uint64_t bytes, struct http_peer **found)
{
	size_t count = 0;

	for (struct http_peer *peer = worker->peers; peer != NULL; peer = peer->next) {
		if (!may_have_large_head(peer, bytes))
			continue;
		*found = peer;
		count++;
	}
	return count;
}

struct http_peer *http_peer_with_large_head(struct http_worker *worker)
{
	struct http_peer *found = NULL;
	size_t count = find_large_heads(worker, (uint64_t)worker->server->settings->header_bytes, &found);

	if (count == 0)
		count = find_large_heads(worker, MANY_LINES_BYTES, &found);
	return count == 1 ? found : NULL;
}

/* ---- Coming and going ---- */

static void count_in(struct http_peer *peer)
{
	struct http_server *server = peer->worker->server;

	if (!peer->is_operations) {
		atomic_fetch_add_explicit(&peer->worker->load, 1, memory_order_relaxed);
		peer->is_beyond = atomic_fetch_add_explicit(&server->connections, 1, memory_order_relaxed) >= (size_t)server->settings->connections;
	}
	metrics_add(peer->worker->metrics, METRIC_CONNECTIONS, 1);
}

static void count_out(const struct http_peer *peer)
{
	if (!peer->is_operations) {
		atomic_fetch_sub_explicit(&peer->worker->load, 1, memory_order_relaxed);
		atomic_fetch_sub_explicit(&peer->worker->server->connections, 1, memory_order_relaxed);
	}
	metrics_add(peer->worker->metrics, METRIC_CONNECTIONS, -1);
}

static void peer_open(const struct http_listener *listener, struct MHD_Connection *connection, void **own)
{
	struct http_worker *worker = listener->worker;
	struct http_peer *peer = calloc(1, sizeof(*peer));

	*own = peer;
	/* Without it the first request of the connection finds no peer, and is refused. */
	if (peer == NULL)
		return;
	peer->worker = worker;
	peer->connection = connection;
	peer->waiting_since_us = clock_ticks_us();
	peer->next = worker->peers;
	if (worker->peers != NULL)
		worker->peers->previous = peer;
	worker->peers = peer;
	peer->is_operations = listener->is_operations;
	count_in(peer);
	timer_set(worker);
}

static void peer_close(struct http_peer *peer)
{
	struct http_worker *worker = peer->worker;

	if (peer->previous != NULL)
		peer->previous->next = peer->next;
	else
		worker->peers = peer->next;
	if (peer->next != NULL)
		peer->next->previous = peer->previous;
	count_out(peer);
	free(peer);
}

void http_on_connection(void *cls, struct MHD_Connection *connection, void **own, enum MHD_ConnectionNotificationCode what)
{
	struct http_listener *listener = cls;
	struct http_peer *peer = *own;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		peer_open(listener, connection, own);
		return;
	}
	*own = NULL;
	if (peer != NULL)
		peer_close(peer);
}
