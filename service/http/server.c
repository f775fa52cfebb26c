/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets, threads and signals of the service. What a thread does is said in worker.c. */
#include <sweetspot/server.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>
#include <sweetspot/number.h>

#include "exchange.h"

#define READY_US INT64_C(5000000)
#define BACKLOG 1024
#define HOST_BYTES 256
#define FIRST_HANDED_FD 3  /* systemd's sd_listen_fds(3) */

/** A worker's thread. */
struct seat {
	struct http_worker *worker;
	pthread_t thread;
	bool is_running;
};

/** What server_run holds. */
struct house {
	struct http_server server;
	struct seat *seats;
	int signal_fd;
};

/* ---- Sockets ---- */

/** Split HOST:PORT, the brackets of an IPv6 host taken off. settings.c has checked the form. */
static bool split_address(const char *address, char host[HOST_BYTES], const char **port)
{
	const char *colon = strrchr(address, ':');
	size_t length = colon == NULL ? 0 : (size_t)(colon - address);

	if (length > 2 && address[0] == '[') {
		address++;
		length -= 2;
	}
	if (length == 0 || length >= HOST_BYTES)
		return false;
	memcpy(host, address, length);
	host[length] = '\0';
	*port = colon + 1;
	return true;
}

static int listen_on(const struct addrinfo *info)
{
	const int yes = 1;
	int fd = socket(info->ai_family, info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, info->ai_protocol);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 && bind(fd, info->ai_addr, info->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

/** @return a listening socket, or -1 after saying why on the log */
static int open_address(const char *address)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *found = NULL;
	char host[HOST_BYTES];
	const char *port;
	int fd = -1;
	int failure;

	if (!split_address(address, host, &port)) {
		log_event(LOG_ERROR, "listen_failed", "address=%s reason=form", address);
		return -1;
	}
	failure = getaddrinfo(host, port, &hints, &found);
	if (failure != 0) {
		log_event(LOG_ERROR, "listen_failed", "address=%s reason=\"%s\"", address, gai_strerror(failure));
		return -1;
	}
	for (const struct addrinfo *info = found; info != NULL && fd < 0; info = info->ai_next)
		fd = listen_on(info);
	if (fd < 0)
		log_event(LOG_ERROR, "listen_failed", "address=%s reason=\"%s\"", address, strerrordesc_np(errno));
	freeaddrinfo(found);
	return fd;
}

static bool names_us(const char *variable, int64_t wanted_least, int64_t wanted_most)
{
	const char *value = getenv(variable);
	int64_t number;

	return value != NULL && number_parse(text_of(value), 0, &number) == NUMBER_OK && number >= wanted_least && number <= wanted_most;
}

/** The socket systemd has opened for us, or -1. */
static int handed_socket(void)
{
	int flags;

	if (!names_us("LISTEN_PID", getpid(), getpid()) || !names_us("LISTEN_FDS", 1, INT32_MAX))
		return -1;
	flags = fcntl(FIRST_HANDED_FD, F_GETFL);
	if (flags < 0 || fcntl(FIRST_HANDED_FD, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(FIRST_HANDED_FD, F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	return FIRST_HANDED_FD;
}

static void announce(int fd)
{
	struct sockaddr_storage address = {.ss_family = AF_UNSPEC};

	socklen_t length = sizeof(address);
	char host[HOST_BYTES], port[32];

	if (getsockname(fd, (struct sockaddr *)&address, &length) != 0 ||
	    getnameinfo((struct sockaddr *)&address, length, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	if (address.ss_family == AF_INET6)
		printf("listening on http://[%s]:%s\n", host, port);
	else
		printf("listening on http://%s:%s\n", host, port);
	fflush(stdout);
}

/* ---- Threads ---- */

static void *on_thread(void *argument)
{
	struct seat *seat = argument;

	http_worker_run(seat->worker);
	return NULL;
}

static enum status start_workers(struct house *house)
{
	for (size_t i = 0; i < house->server.worker_count; i++) {
		house->server.workers[i] = http_worker_new(&house->server, house->server.metrics[i], i == 0);
		if (house->server.workers[i] == NULL)
			return STATUS_UNAVAILABLE;
		house->seats[i] = (struct seat){.worker = house->server.workers[i]};
	}
	for (size_t i = 0; i < house->server.worker_count; i++) {
		if (pthread_create(&house->seats[i].thread, NULL, on_thread, &house->seats[i]) != 0)
			return STATUS_UNAVAILABLE;
		house->seats[i].is_running = true;
	}
	return STATUS_OK;
}

static void enter_stage(struct house *house, enum http_stage stage)
{
	atomic_store(&house->server.stage, stage);
	for (size_t i = 0; i < house->server.worker_count; i++)
		if (house->server.workers[i] != NULL)
			loop_wake(house->server.workers[i]->loop);
}

static size_t counted(const _Atomic size_t *counter)
{
	return atomic_load_explicit(counter, memory_order_acquire);
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/** Once nobody accepts any more, who still knocks is to be refused at once, not to wait for a stop that resets them. */
static void close_doors(struct house *house, size_t running)
{
	struct pollfd watched = {.fd = house->server.news_fd, .events = POLLIN};

	while (counted(&house->server.quiesced) < running) {
		uint64_t count;
		ssize_t ignored;

		if (poll(&watched, 1, -1) < 0 && errno != EINTR)
			break;
		ignored = read(house->server.news_fd, &count, sizeof(count));
		(void)ignored;
	}
	close_one(&house->server.listen_fd);
	close_one(&house->server.metrics_fd);
}

static void stop_workers(struct house *house)
{
	size_t running = 0;

	for (size_t i = 0; i < house->server.worker_count; i++)
		running += house->seats[i].is_running;
	enter_stage(house, HTTP_STOPPING);
	close_doors(house, running);
	for (size_t i = 0; i < house->server.worker_count; i++)
		if (house->seats[i].is_running)
			pthread_join(house->seats[i].thread, NULL);
	for (size_t i = 0; i < house->server.worker_count; i++) {
		http_worker_free(house->server.workers[i]);
		house->server.workers[i] = NULL;
	}
}

/* ---- Signals ---- */

static int signals_open(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
		return -1;
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool signal_came(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info);
}

/** Wait for a signal, or for news of the workers, which is taken in. @return STATUS_OK, STATUS_RETRY, or STATUS_DEADLINE: neither */
static enum status wait_once(const struct house *house, int64_t until_us)
{
	struct pollfd watched[] = {{.fd = house->signal_fd, .events = POLLIN}, {.fd = house->server.news_fd, .events = POLLIN}};
	int64_t left_us = until_us == INT64_MAX ? -1 : until_us - clock_ticks_us();
	uint64_t count;

	if (until_us != INT64_MAX && left_us <= 0)
		return STATUS_DEADLINE;
	if (poll(watched, 2, left_us < 0 ? -1 : (int)((left_us + 999) / 1000)) <= 0)
		return STATUS_RETRY;
	if (watched[0].revents != 0 && signal_came(house->signal_fd))
		return STATUS_OK;
	if (watched[1].revents != 0 && read(house->server.news_fd, &count, sizeof(count)) < 0)
		return STATUS_RETRY;
	return STATUS_RETRY;
}

/** @return STATUS_OK for a signal, STATUS_UNAVAILABLE when a worker has ended by itself, STATUS_DEADLINE when the time is over */
static enum status wait_for_end(const struct house *house, int64_t until_us)
{
	enum status status = STATUS_RETRY;

	while (status == STATUS_RETRY && counted(&house->server.quiesced) == 0)
		status = wait_once(house, until_us);
	return status == STATUS_RETRY ? STATUS_UNAVAILABLE : status;
}

/** Until every worker reaches the database, or it has been out of reach for a while: requests are answered either way. */
static enum status wait_for_ready(const struct house *house)
{
	int64_t until_us = clock_ticks_us() + READY_US;
	enum status status = STATUS_RETRY;

	while (status == STATUS_RETRY && counted(&house->server.quiesced) == 0 && counted(&house->server.ready) < house->server.worker_count)
		status = wait_once(house, until_us);
	return status;
}

static enum status drain(struct house *house)
{
	int64_t drain_ms = house->server.settings->drain_ms;

	if (drain_ms == 0)
		return STATUS_OK;
	enter_stage(house, HTTP_DRAINING);
	return wait_for_end(house, clock_ticks_us() + drain_ms * 1000) == STATUS_UNAVAILABLE ? STATUS_UNAVAILABLE : STATUS_OK;
}

static enum status serve(struct house *house)
{
	enum status status = start_workers(house);

	if (status == STATUS_OK && wait_for_ready(house) != STATUS_OK) {
		announce(house->server.listen_fd);
		status = wait_for_end(house, INT64_MAX);
	}
	if (status == STATUS_OK) {
		log_event(LOG_INFO, "stopping", "drain_ms=%lld", (long long)house->server.settings->drain_ms);
		status = drain(house);
	}
	stop_workers(house);
	return status;
}

/* ---- The house ---- */

static size_t count_workers(const struct settings *settings)
{
	long cores;

	if (settings->workers > 0)
		return (size_t)settings->workers;
	cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores > 0 ? (size_t)cores : 1;
}

/** Memory for every worker; the last set of metrics is the others', if there are any. */
static enum status furnish(struct house *house, struct metrics *other)
{
	struct http_server *server = &house->server;

	server->workers = calloc(server->worker_count, sizeof(*server->workers));
	server->metrics = calloc(server->worker_count + 1, sizeof(*server->metrics));
	house->seats = calloc(server->worker_count, sizeof(*house->seats));
	if (server->workers == NULL || server->metrics == NULL || house->seats == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < server->worker_count; i++) {
		server->metrics[i] = metrics_new();
		if (server->metrics[i] == NULL)
			return STATUS_NO_MEMORY;
	}
	server->metrics[server->worker_count] = other;
	server->metrics_count = server->worker_count + (other != NULL);
	return STATUS_OK;
}

static enum status open_descriptors(struct house *house)
{
	const struct settings *settings = house->server.settings;

	house->signal_fd = signals_open();
	house->server.news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	house->server.listen_fd = handed_socket();
	if (house->server.listen_fd < 0)
		house->server.listen_fd = open_address(settings->listen);
	house->server.has_operations = *settings->metrics_listen != '\0';
	if (house->server.has_operations)
		house->server.metrics_fd = open_address(settings->metrics_listen);
	if (house->signal_fd < 0 || house->server.news_fd < 0 || house->server.listen_fd < 0 ||
	    (house->server.has_operations && house->server.metrics_fd < 0))
		return STATUS_UNAVAILABLE;
	return STATUS_OK;
}

static void clear(struct house *house)
{
	struct http_server *server = &house->server;

	for (size_t i = 0; server->metrics != NULL && i < server->worker_count; i++)
		metrics_free(server->metrics[i]);
	free(server->metrics);
	free(server->workers);
	free(house->seats);
	close_one(&server->listen_fd);
	close_one(&server->metrics_fd);
	close_one(&server->news_fd);
	close_one(&house->signal_fd);
}

enum status server_run(const struct settings *settings, struct metrics *other, struct desk *desk, struct bell *bell)
{
	struct house house = {
		.server = {.settings = settings, .desk = desk, .bell = bell, .listen_fd = -1, .metrics_fd = -1, .news_fd = -1,
		           .worker_count = count_workers(settings)},
		.signal_fd = -1,
	};
	enum status status = furnish(&house, other);

	if (status == STATUS_OK)
		status = open_descriptors(&house);
	if (status == STATUS_OK)
		status = serve(&house);
	clear(&house);
	return status;
}
