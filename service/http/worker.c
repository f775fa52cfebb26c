/* SPDX-License-Identifier: Apache-2.0 */
/* One worker: one thread, one loop over libmicrohttpd's descriptors and the store's links. What a request goes through is in exchange.c. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <sweetspot/clock.h>
#include <sweetspot/digest.h>
#include <sweetspot/log.h>

#include "exchange.h"

#define MS INT64_C(1000)
/* libmicrohttpd's memory per connection beyond the headers: its own structures and the answer's head. It is cleared at each request. */
#define ANSWER_ROOM 4096
#define OPERATIONS_CONNECTIONS 16
/* Once quiesced, connections that are between two requests get this long to learn from an answer that they must go elsewhere. */
#define STOP_LINGER_US (300 * MS)
#define STOP_TURN_US (20 * MS)
#ifdef WITHOUT_DISMISSAL
#define DISMISS_TURNS 0
#else
#define DISMISS_TURNS 100
#endif
#ifdef WITHOUT_LAST_ACCEPTS
#define LAST_ACCEPTS 0
#else
#define LAST_ACCEPTS 100
#endif

static int stage_of(const struct http_worker *worker)
{
	return atomic_load_explicit(&worker->server->stage, memory_order_acquire);
}

/* So many more than there may be are taken in, to be told so; others wait to be taken in. */
#define REFUSED_CONNECTIONS 100

/* ---- Listeners ---- */

__attribute__((format(printf, 2, 0))) static void on_library_log(void *cls, const char *format, va_list arguments)
{
	char line[512];
	char value[LOG_VALUE_BYTES];

	vsnprintf(line, sizeof(line), format, arguments);
	if (strstr(line, "`Content-Length'") != NULL)
		http_exchange_answer_bad_length(cls);
	else if (strstr(line, "response code is 431 ") != NULL || strstr(line, "response code is 414 ") != NULL)
		http_exchange_answer_large_head(http_peer_with_large_head(cls));
	log_event(LOG_DEBUG, "libmicrohttpd", "message=%s", log_value(value, text_trim(text_of(line))));
}

/** libmicrohttpd is run in every turn; the watch is there to end the wait, and to be asked who knocks before libmicrohttpd is. */
static void on_listener_ready(struct watch *watch, uint32_t events)
{
	struct http_listener *listener = watch->owner;

	(void)events;
	if (!listener->is_operations)
		http_spread_knock(listener->worker);
}

static enum status listener_start(struct http_listener *listener, struct http_worker *worker, int fd, unsigned connections)
{
	const unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	const union MHD_DaemonInfo *info;

	listener->worker = worker;
	listener->watch = (struct watch){.fd = -1, .on_ready = on_listener_ready, .owner = listener};
	listener->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, http_on_access, listener, MHD_OPTION_EXTERNAL_LOGGER, on_library_log, worker, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)worker->server->settings->header_bytes + ANSWER_ROOM, MHD_OPTION_NOTIFY_COMPLETED,
		http_on_completed, listener, MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, listener, MHD_OPTION_URI_LOG_CALLBACK, http_on_line,
		listener, MHD_OPTION_UNESCAPE_CALLBACK, http_on_unescape, listener, MHD_OPTION_STRICT_FOR_CLIENT, 0,
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	if (listener->daemon == NULL)
		return STATUS_UNAVAILABLE;
	info = MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (info == NULL)
		return STATUS_UNAVAILABLE;
	return loop_watch(worker->loop, &listener->watch, info->epoll_fd, EPOLLIN);
}

static void listener_stop(struct http_listener *listener)
{
	if (listener->daemon == NULL)
		return;
	loop_unwatch(listener->worker->loop, &listener->watch);
	/* The socket is the server's: a daemon that has not been quiesced would close it for all. */
	MHD_quiesce_daemon(listener->daemon);
	MHD_stop_daemon(listener->daemon);
	listener->daemon = NULL;
}

/* ---- Life ---- */

static enum status worker_start(struct http_worker *worker, bool is_first)
{
	const struct http_server *server = worker->server;
	uint8_t random[8];
	enum status status = random_bytes(random, sizeof(random));

	if (status != STATUS_OK)
		return status;
	hex_encode(random, sizeof(random), worker->instance);
	worker->box = desk_box_new(server->desk, worker->loop);
	if (worker->box == NULL)
		return STATUS_NO_MEMORY;
	status = http_spread_open(worker);
	if (status != STATUS_OK)
		return status;
	status = store_new(worker->loop, server->settings, worker->metrics, &worker->store);
	if (status == STATUS_OK)
		status = listener_start(&worker->main, worker, server->listen_fd,
		                        (unsigned)server->settings->connections + REFUSED_CONNECTIONS);
	if (status == STATUS_OK && is_first && server->has_operations)
		status = listener_start(&worker->operations, worker, server->metrics_fd, OPERATIONS_CONNECTIONS);
	return status;
}

struct http_worker *http_worker_new(struct http_server *server, struct metrics *metrics, bool is_first)
{
	struct http_worker *worker = calloc(1, sizeof(*worker));

	if (worker == NULL)
		return NULL;
	worker->server = server;
	worker->metrics = metrics;
	worker->operations.is_operations = true;
	worker->inbox[0] = worker->inbox[1] = -1;
	worker->inbox_watch.fd = -1;
	worker->sweep_timer.on_due = http_peer_on_sweep;
	worker->sweep_timer.owner = worker;
	worker->loop = loop_new();
	if (worker->loop == NULL || worker_start(worker, is_first) != STATUS_OK) {
		http_worker_free(worker);
		return NULL;
	}
	return worker;
}

void http_worker_free(struct http_worker *worker)
{
	struct store *store;

	if (worker == NULL)
		return;
	/* From here on nothing is asked of the store; what it calls back about is no longer waited for. */
	store = worker->store;
	worker->store = NULL;
	listener_stop(&worker->operations);
	listener_stop(&worker->main);
	http_spread_close(worker);
	if (store != NULL)
		store_free(store);
	http_exchange_pool_free(worker);
	desk_box_free(worker->box);
	if (worker->loop != NULL) {
		loop_timer_clear(worker->loop, &worker->sweep_timer);
		loop_free(worker->loop);
	}
	free(worker);
}

/* ---- The loop ---- */

/** @return microseconds until libmicrohttpd wants to be run again; -1: not before something happens */
static int64_t listener_wait_us(const struct http_listener *listener)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (listener->daemon == NULL || MHD_get_timeout(listener->daemon, &ms) != MHD_YES)
		return -1;
	return ms > INT32_MAX ? INT32_MAX * MS : (int64_t)ms * MS;
}

static int64_t shorter_wait(int64_t a, int64_t b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

static int64_t wait_us(const struct http_worker *worker)
{
	int64_t wait = shorter_wait(listener_wait_us(&worker->main), listener_wait_us(&worker->operations));

	if (worker->resumed)
		return 0;
	return stage_of(worker) == HTTP_STOPPING ? shorter_wait(wait, STOP_TURN_US) : wait;
}

static bool is_knocking(int fd)
{
	struct pollfd watched = {.fd = fd, .events = POLLIN};

	return fd >= 0 && poll(&watched, 1, 0) > 0;
}

/** Whether or not anything has come in: what was resumed is not announced. */
static void run_listeners(struct http_worker *worker)
{
#ifdef WITHOUT_RESUME_RUN
	if (!is_knocking(worker->main.watch.fd))
		return;
#endif
	worker->resumed = false;
	MHD_run(worker->main.daemon);
	if (worker->operations.daemon != NULL)
		MHD_run(worker->operations.daemon);
}

/** Tell the main thread. */
static void count_one(struct http_worker *worker, _Atomic size_t *counter)
{
	const uint64_t one = 1;
	ssize_t ignored;

	atomic_fetch_add_explicit(counter, 1, memory_order_release);
	ignored = write(worker->server->news_fd, &one, sizeof(one));
	(void)ignored;
}

/**
 * Wait, drain the links and resume what they answered (callbacks of the loop), run libmicrohttpd, submit what its handlers asked for.
 *
 * @return false when the loop cannot go on
 */
static bool turn(struct http_worker *worker)
{
	int64_t woke_us;

	if (loop_turn(worker->loop, wait_us(worker)) < 0)
		return false;
	woke_us = clock_ticks_us();
	run_listeners(worker);
	store_flush(worker->store);
	if (!worker->was_ready && store_is_ready(worker->store)) {
		worker->was_ready = true;
		count_one(worker, &worker->server->ready);
	}
	metrics_observe(worker->metrics, METRIC_LOOP_LAG_SECONDS, clock_ticks_us() - woke_us);
	return true;
}

/* ---- Stopping ---- */

/** Let in who has knocked already, then nobody: what waits when the socket is closed would be reset. */
static void quiesce(struct http_worker *worker)
{
	http_spread_end(worker);
	for (int i = 0; i < LAST_ACCEPTS && is_knocking(worker->server->listen_fd); i++)
		run_listeners(worker);
	worker->quiesced = true;
	worker->quiesced_us = clock_ticks_us();
	MHD_quiesce_daemon(worker->main.daemon);
	if (worker->operations.daemon != NULL)
		MHD_quiesce_daemon(worker->operations.daemon);
	count_one(worker, &worker->server->quiesced);
}

static bool has_requests(const struct http_worker *worker)
{
	for (const struct http_exchange *exchange = worker->living; exchange != NULL; exchange = exchange->next)
		if (exchange->connection != NULL)
			return true;
	return false;
}

/** Nothing new comes in: done when nobody is connected, or all has been answered, or no request can have time left. */
static bool is_finished(const struct http_worker *worker)
{
	int64_t since_us;

	if (!worker->quiesced)
		return false;
#ifdef WITHOUT_FINISHING
	return true;
#endif
	since_us = clock_ticks_us() - worker->quiesced_us;
	if (worker->peers == NULL && store_in_flight(worker->store) == 0)
		return true;
	if (since_us >= worker->server->settings->request_ms * MS)
		return true;
	return since_us >= STOP_LINGER_US && !has_requests(worker) && store_in_flight(worker->store) == 0;
}

/** libmicrohttpd aborts when it is stopped with a suspended connection: refuse what is left, and run until it has gone out. */
static void dismiss(struct http_worker *worker)
{
	for (int i = 0; i < DISMISS_TURNS && has_requests(worker); i++) {
		for (struct http_exchange *exchange = worker->living; exchange != NULL; exchange = exchange->next)
			if (exchange->phase < HTTP_PHASE_ANSWERED || exchange->parked)
				http_exchange_refuse(exchange, STATUS_UNAVAILABLE);
		run_listeners(worker);
	}
}

void http_worker_run(struct http_worker *worker)
{
	while (!is_finished(worker)) {
		if (stage_of(worker) == HTTP_STOPPING && !worker->quiesced)
			quiesce(worker);
		if (!turn(worker)) {
			log_event(LOG_ERROR, "worker_failed", "reason=\"%s\"", strerrordesc_np(errno));
			break;
		}
	}
	if (!worker->quiesced)
		quiesce(worker);
	dismiss(worker);
}
