/* SPDX-License-Identifier: Apache-2.0 */
/* Who takes a new connection in: the worker with the fewest. What libmicrohttpd accepts itself (past the limit, at a stop) stays there. */
#include <fcntl.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"

/* New connections a turn: those who are connected already wait no longer than for these. */
#define KNOCKS_A_TURN 64
/* So many more than another has are not even any more; less is not worth a look at the socket in every turn. */
#define UNEVEN 2

static size_t load_of(const struct http_worker *worker)
{
	return atomic_load_explicit(&worker->load, memory_order_relaxed);
}

/** Of equals the one that asks: it need not hand anything over. */
static struct http_worker *least_loaded(struct http_worker *asking)
{
	const struct http_server *server = asking->server;
	struct http_worker *best = asking;

	for (size_t i = 0; i < server->worker_count; i++)
		if (load_of(server->workers[i]) < load_of(best))
			best = server->workers[i];
	return best;
}

/** libmicrohttpd closes what it cannot take. */
static void let_in(struct http_worker *worker, int fd, const struct sockaddr_storage *address, socklen_t length)
{
	(void)MHD_add_connection(worker->main.daemon, fd, (const struct sockaddr *)address, length);
}

/** It counts as the other's from now on, so that the next one goes elsewhere. @return false: its inbox is full */
static bool hand_over(struct http_worker *to, int fd)
{
	atomic_fetch_add_explicit(&to->load, 1, memory_order_relaxed);
	if (write(to->inbox[1], &fd, sizeof(fd)) == sizeof(fd))
		return true;
	atomic_fetch_sub_explicit(&to->load, 1, memory_order_relaxed);
	return false;
}

/** @return false when nobody knocks */
static bool accept_one(struct http_worker *worker)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	int fd = accept4(worker->server->listen_fd, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct http_worker *taker;

	if (fd < 0)
		return false;
	taker = least_loaded(worker);
	if (taker == worker || !hand_over(taker, fd))
		let_in(worker, fd, &address, length);
	return true;
}

/** Beyond the limit libmicrohttpd decides how many are let in to be refused, and how many wait. */
static bool has_room(const struct http_server *server)
{
	return atomic_load_explicit(&server->connections, memory_order_relaxed) < (size_t)server->settings->connections;
}

/** A stop waits for those who are handing over: what they look at comes after they have said so. */
void http_spread_knock(struct http_worker *worker)
{
	struct http_server *server = worker->server;

#ifdef WITHOUT_SPREADING
	return;
#endif
	if (load_of(worker) < load_of(least_loaded(worker)) + UNEVEN)
		return;
	atomic_fetch_add(&server->handing, 1);
	for (int i = 0; i < KNOCKS_A_TURN && atomic_load(&server->stage) != HTTP_STOPPING && has_room(server); i++)
		if (!accept_one(worker))
			break;
	atomic_fetch_sub(&server->handing, 1);
}

static void take_in(struct http_worker *worker)
{
	int fd;

	while (read(worker->inbox[0], &fd, sizeof(fd)) == sizeof(fd)) {
		struct sockaddr_storage address;
		socklen_t length = sizeof(address);

		if (getpeername(fd, (struct sockaddr *)&address, &length) == 0)
			let_in(worker, fd, &address, length);
		else
			close(fd);
		/* Now it counts by itself. */
		atomic_fetch_sub_explicit(&worker->load, 1, memory_order_relaxed);
	}
}

static void on_inbox(struct watch *watch, uint32_t events)
{
	(void)events;
	take_in(watch->owner);
}

void http_spread_end(struct http_worker *worker)
{
	while (atomic_load(&worker->server->handing) > 0)
		sched_yield();
	take_in(worker);
}

enum status http_spread_open(struct http_worker *worker)
{
	worker->inbox_watch = (struct watch){.fd = -1, .on_ready = on_inbox, .owner = worker};
	if (pipe2(worker->inbox, O_NONBLOCK | O_CLOEXEC) != 0)
		return STATUS_UNAVAILABLE;
	return loop_watch(worker->loop, &worker->inbox_watch, worker->inbox[0], EPOLLIN);
}

void http_spread_close(struct http_worker *worker)
{
	int fd;

	if (worker->inbox[0] < 0)
		return;
	if (worker->inbox_watch.fd >= 0)
		loop_unwatch(worker->loop, &worker->inbox_watch);
	while (read(worker->inbox[0], &fd, sizeof(fd)) == sizeof(fd))
		close(fd);
	close(worker->inbox[0]);
	close(worker->inbox[1]);
}
