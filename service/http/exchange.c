/* SPDX-License-Identifier: Apache-2.0 */
/* The phases of a request between libmicrohttpd, its handler and its deadline. What an answer looks like is said in reply.c. */
#include "exchange.h"

#include <string.h>
#include <sys/socket.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>

#define LINGER_US INT64_C(2000000)
#define SWALLOWS_MOST 64
#define MS INT64_C(1000)

/* ---- Life ---- */

/** When neither the connection nor the store needs it any more, it ends. */
static void exchange_settle(struct http_exchange *exchange)
{
#ifdef WITHOUT_HOLDING
	if (exchange->connection != NULL)
		return;
#else
	if (exchange->connection != NULL || exchange->open > 0)
		return;
#endif
	if (exchange->reservation == HTTP_RESERVED) {
		http_idempotency_give_back(exchange);
		return;
	}
	http_exchange_recycle(exchange);
}

void http_exchange_hold(struct http_exchange *exchange)
{
	exchange->open++;
}

bool http_exchange_release(struct http_exchange *exchange)
{
	exchange->open--;
	if (exchange->connection != NULL)
		return true;
	exchange_settle(exchange);
	return false;
}

bool http_is_answered(const struct http_request *request)
{
	const struct http_exchange *exchange = request->exchange;

	if (exchange->connection == NULL)
		return true;
	if (exchange->streams)
		return exchange->stream_ended || exchange->stream_failed || exchange->phase == HTTP_PHASE_LINGERING;
	return exchange->phase >= HTTP_PHASE_FINISHING;
}

struct store *http_store(struct http_request *request)
{
	return request->worker->store;
}

struct loop *http_loop(struct http_request *request)
{
	return request->worker->loop;
}

const struct settings *http_settings(struct http_request *request)
{
	return request->worker->server->settings;
}

/* ---- Waiting ---- */

void http_exchange_park(struct http_exchange *exchange)
{
	if (exchange->parked)
		return;
	exchange->parked = true;
	MHD_suspend_connection(exchange->connection);
}

void http_exchange_wake(struct http_exchange *exchange)
{
	if (!exchange->parked || exchange->connection == NULL)
		return;
	exchange->parked = false;
	/* Nothing tells the loop: the worker runs libmicrohttpd before it waits again. */
	MHD_resume_connection(exchange->connection);
	exchange->worker->resumed = true;
}

/** End the connection from our side; libmicrohttpd finds it closed and completes the request. */
static void cut(struct http_exchange *exchange)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (info != NULL)
		shutdown(info->connect_fd, SHUT_RDWR);
	http_exchange_wake(exchange);
}

void http_exchange_limit(struct http_exchange *exchange, int64_t due_us)
{
	exchange->request.deadline_us = due_us;
	if (loop_timer_set(exchange->worker->loop, &exchange->deadline, due_us) != STATUS_OK)
		cut(exchange);
}

static const struct settings *settings_of(const struct http_exchange *exchange)
{
	return exchange->worker->server->settings;
}

static void linger(struct http_exchange *exchange)
{
	http_reply_raw(exchange);
	exchange->phase = HTTP_PHASE_LINGERING;
	http_exchange_limit(exchange, clock_ticks_us() + LINGER_US);
	http_exchange_wake(exchange);
}

/** Whether it is the route's upload, and so in the end the store, that the body waits for. */
static bool waits_for_us(const struct http_exchange *exchange)
{
	return exchange->request.route != NULL && exchange->request.route->upload != NULL && !exchange->upload_ready;
}

/** How far an upload has come, for whoever sends it again. */
static void refuse_upload(struct http_exchange *exchange, enum status status)
{
	struct http_request *request = &exchange->request;

	if (request->route != NULL && request->route->upload != NULL && request->state != NULL)
		http_reply_errors(request, status, request->route->upload->standing(request), (struct text){NULL, 0});
	else
		http_reply_problem(request, status, NULL);
}

void http_exchange_refuse(struct http_exchange *exchange, enum status status)
{
	if (exchange->connection == NULL)
		return;
	if (exchange->streams) {
		exchange->stream_failed = true;
		cut(exchange);
		return;
	}
	switch (exchange->phase) {
	case HTTP_PHASE_LINE:
	case HTTP_PHASE_BODY:
		if (status == STATUS_DEADLINE && !waits_for_us(exchange))
			status = STATUS_REQUEST_TIMEOUT;
		exchange->closes = true;
		refuse_upload(exchange, status);
		linger(exchange);
		break;
	case HTTP_PHASE_KEY:
	case HTTP_PHASE_RESERVE:
	case HTTP_PHASE_HANDLING:
		refuse_upload(exchange, status);
		break;
	case HTTP_PHASE_FINISHING:
		http_exchange_answered(exchange);
		break;
	case HTTP_PHASE_ANSWERED:
		linger(exchange);
		break;
	case HTTP_PHASE_SENDING:
	case HTTP_PHASE_LINGERING:
		cut(exchange);
		break;
	}
}

static void on_deadline(struct timer *timer)
{
#ifndef WITHOUT_DEADLINE
	http_exchange_refuse(timer->owner, STATUS_DEADLINE);
#else
	(void)timer;
#endif
}

void http_exchange_answer_bad_length(struct http_worker *worker)
{
	for (struct http_exchange *exchange = worker->living; exchange != NULL; exchange = exchange->next) {
		if (exchange->connection == NULL || exchange->phase != HTTP_PHASE_LINE || !http_head_has_bad_length(exchange))
			continue;
		http_reply_problem(&exchange->request, STATUS_MALFORMED, "Content-Length is not a number of bytes");
		linger(exchange);
	}
}

/** What is thrown away unread would reset the connection when it is closed, and the answer with it. */
static void swallow(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	char scrap[16384];

	for (int i = 0; info != NULL && i < SWALLOWS_MOST && recv(info->connect_fd, scrap, sizeof(scrap), MSG_DONTWAIT) > 0; i++)
		;
}

/** One that libmicrohttpd never hears of: it lasts as long as its answer takes to be written. */
static void answer_line(struct http_peer *peer)
{
	struct http_exchange *exchange = http_exchange_take(peer->worker);

	if (exchange == NULL)
		return;
	exchange->request.started_us = clock_ticks_us();
	exchange->peer = peer;
	exchange->connection = peer->connection;
	exchange->method_name = "OTHER";
	http_reply_problem(&exchange->request, STATUS_HEADERS_TOO_LARGE, "the request line is too long");
	http_reply_raw(exchange);
	http_exchange_recycle(exchange);
}

void http_exchange_answer_large_head(struct http_peer *peer)
{
	if (peer == NULL)
		return;
	if (peer->exchange == NULL) {
		answer_line(peer);
	} else {
		http_reply_problem(&peer->exchange->request, STATUS_HEADERS_TOO_LARGE, "the request line and headers together are too large");
		linger(peer->exchange);
	}
	swallow(peer->connection);
}

/* ---- From phase to phase ---- */

/** Whether a retry is to get this answer again. An import that was refused may be mended and sent again under its key. */
static bool is_kept(const struct http_exchange *exchange)
{
	if (exchange->reservation != HTTP_RESERVED || exchange->phase != HTTP_PHASE_HANDLING || exchange->streams)
		return false;
	if (exchange->request.route->upload != NULL)
		return exchange->code < 300;
	return exchange->code < 500 && exchange->code != 429;
}

void http_exchange_composed(struct http_exchange *exchange)
{
	if (is_kept(exchange)) {
		exchange->phase = HTTP_PHASE_FINISHING;
		http_idempotency_finish(exchange);
		return;
	}
	http_exchange_answered(exchange);
}

void http_exchange_answered(struct http_exchange *exchange)
{
	exchange->phase = HTTP_PHASE_ANSWERED;
	http_exchange_limit(exchange, clock_ticks_us() + settings_of(exchange)->request_ms * MS);
	http_exchange_wake(exchange);
}

static void handle(struct http_exchange *exchange)
{
	exchange->phase = HTTP_PHASE_HANDLING;
	exchange->request.body = exchange->body.length > 0 ? buffer_text(&exchange->body) : TEXT("");
	exchange->request.route->handle(&exchange->request);
}

void http_exchange_proceed(struct http_exchange *exchange)
{
	const struct http_route *route = exchange->request.route;
	bool had_body = exchange->phase == HTTP_PHASE_RESERVE && route->upload == NULL;

	if (had_body) {
		handle(exchange);
		http_exchange_wake(exchange);
		return;
	}
	exchange->phase = HTTP_PHASE_BODY;
	if (route->upload != NULL) {
		http_deadline_extend(&exchange->request);
		route->upload->begin(&exchange->request);
	}
	http_exchange_wake(exchange);
}

void http_upload_continue(struct http_request *request)
{
	struct http_exchange *exchange = request->exchange;

	if (http_is_answered(request))
		return;
	exchange->upload_ready = true;
	http_deadline_extend(request);
	http_exchange_wake(exchange);
}

void http_deadline_extend(struct http_request *request)
{
	if (!http_is_answered(request))
		http_exchange_limit(request->exchange, clock_ticks_us() + http_settings(request)->import_idle_ms * MS);
}

/* ---- What libmicrohttpd calls ---- */

size_t http_on_unescape(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	(void)connection;
	return strlen(text);
}

/** The query is read here, from the copy: libmicrohttpd would keep a record of each of its parts, and hang when it has no room for one. */
static void hide_query(const char *target)
{
#ifdef WITHOUT_HIDDEN_QUERY
	return;
#endif
	char *mark = target == NULL ? NULL : strchr((char *)(uintptr_t)target, '?');

	if (mark != NULL)
		mark[1] = '\0';
}

void *http_on_line(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct http_listener *listener = cls;
	struct http_worker *worker = listener->worker;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct http_peer *peer = info == NULL ? NULL : info->socket_context;
	struct http_exchange *exchange = peer == NULL ? NULL : http_exchange_take(worker);

	if (exchange == NULL)
		return NULL;
	exchange->request.started_us = clock_ticks_us();
	exchange->is_operations = listener->is_operations;
	exchange->deadline.on_due = on_deadline;
	exchange->deadline.owner = exchange;
	exchange->request.target = text_copy(exchange->request.arena, text_of(target));
	exchange->line_target = target;
	hide_query(target);
	exchange->request.deadline_us = exchange->request.started_us + settings_of(exchange)->request_ms * MS;
	if (exchange->request.target.bytes == NULL ||
	    loop_timer_set(worker->loop, &exchange->deadline, exchange->request.deadline_us) != STATUS_OK) {
		http_exchange_recycle(exchange);
		return NULL;
	}
	exchange->peer = peer;
	exchange->connection = connection;
	peer->exchange = exchange;
	peer->seems_gone = false;
	return exchange;
}

/** An answer that cannot wait until the body has come: to be queued at once, at the price of the connection. */
static bool must_answer_early(const struct http_exchange *exchange)
{
#ifdef WITHOUT_WHOLE_BODY
	return true;
#endif
	return exchange->closes || (exchange->expects_continue && (exchange->body_declared > 0 || exchange->is_chunked));
}

static enum MHD_Result at_head(struct http_exchange *exchange)
{
	bool waits = exchange->phase == HTTP_PHASE_KEY || exchange->phase == HTTP_PHASE_RESERVE ||
		     exchange->phase == HTTP_PHASE_FINISHING || (exchange->phase == HTTP_PHASE_BODY && waits_for_us(exchange));

	if (waits) {
		http_exchange_park(exchange);
		return MHD_YES;
	}
	exchange->at_head = false;
	if (exchange->phase != HTTP_PHASE_ANSWERED)
		return MHD_YES;
	if (must_answer_early(exchange))
		return http_reply_queue(exchange);
	if (exchange->body_declared > (uint64_t)settings_of(exchange)->body_bytes)
		linger(exchange);
	return MHD_YES;
}

static void feed(struct http_exchange *exchange, const char *bytes, size_t *size)
{
	size_t taken;

	if (!exchange->upload_ready) {
		http_exchange_park(exchange);
		return;
	}
	exchange->upload_ready = false;
	http_deadline_extend(&exchange->request);
	taken = exchange->request.route->upload->feed(&exchange->request, bytes, *size);
	if (taken == *size)
		exchange->upload_ready = true;
	*size -= taken;
	if (exchange->phase == HTTP_PHASE_BODY && !exchange->upload_ready)
		http_exchange_park(exchange);
}

static void gather(struct http_exchange *exchange, const char *bytes, size_t size)
{
	if (exchange->body.length + size > (size_t)settings_of(exchange)->body_bytes) {
		http_reply_problem(&exchange->request, STATUS_TOO_LARGE, "a body may have at most %lld bytes",
		                   (long long)settings_of(exchange)->body_bytes);
		return;
	}
	buffer_append(&exchange->body, bytes, size);
	if (exchange->body.failed)
		http_reply_problem(&exchange->request, STATUS_NO_MEMORY, NULL);
}

static enum MHD_Result on_bytes(struct http_exchange *exchange, const char *bytes, size_t *size)
{
	if (exchange->parked)
		return MHD_YES;
	if (exchange->phase == HTTP_PHASE_BODY && exchange->request.route->body == HTTP_BODY_STREAM) {
		feed(exchange, bytes, size);
		return MHD_YES;
	}
	exchange->body_seen += *size;
	if (exchange->phase == HTTP_PHASE_BODY && exchange->request.route->body == HTTP_BODY_JSON)
		gather(exchange, bytes, *size);
	*size = 0;
	if (exchange->phase != HTTP_PHASE_LINGERING && exchange->body_seen > (uint64_t)settings_of(exchange)->body_bytes) {
		/* No end in sight: the answer goes out now, and the connection with it. */
		exchange->closes = true;
		if (exchange->phase < HTTP_PHASE_FINISHING)
			http_reply_problem(&exchange->request, STATUS_TOO_LARGE, NULL);
		linger(exchange);
	}
	return MHD_YES;
}

static void begin_handling(struct http_exchange *exchange)
{
	const struct http_request *request = &exchange->request;

	if (request->route->upload != NULL || request->idempotency_key.bytes == NULL) {
		handle(exchange);
		return;
	}
	exchange->phase = HTTP_PHASE_RESERVE;
	http_idempotency_reserve(exchange);
}

static enum MHD_Result on_complete(struct http_exchange *exchange)
{
	if (exchange->phase == HTTP_PHASE_LINGERING)
		return MHD_NO;
	if (exchange->phase == HTTP_PHASE_BODY)
		begin_handling(exchange);
	if (exchange->phase == HTTP_PHASE_ANSWERED)
		return http_reply_queue(exchange);
	if (exchange->phase == HTTP_PHASE_SENDING)
		return MHD_YES;
	http_exchange_park(exchange);
	return MHD_YES;
}

enum MHD_Result http_on_access(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                               const char *upload, size_t *upload_size, void **own)
{
	struct http_exchange *exchange = *own;

	(void)cls;
	(void)connection;
	(void)url;
	if (exchange == NULL)
		return MHD_NO;
	if (exchange->at_head) {
		if (exchange->phase == HTTP_PHASE_LINE)
			http_head_read(exchange, method, version);
#ifdef WITHOUT_SECOND_CALL
		if (exchange->phase == HTTP_PHASE_BODY && exchange->body_declared == 0) {
			exchange->at_head = false;
			return on_complete(exchange);
		}
#endif
		return at_head(exchange);
	}
	if (*upload_size > 0)
		return on_bytes(exchange, upload, upload_size);
	return on_complete(exchange);
}

void http_on_completed(void *cls, struct MHD_Connection *connection, void **own, enum MHD_RequestTerminationCode why)
{
	struct http_exchange *exchange = *own;

	(void)cls;
	(void)connection;
	if (exchange == NULL)
		return;
	*own = NULL;
	if (why != MHD_REQUEST_TERMINATED_COMPLETED_OK && exchange->phase < HTTP_PHASE_ANSWERED)
		log_event(LOG_DEBUG, "request_abandoned", "id=%.*s why=%d", TEXT_ARGS(exchange->request.request_id), (int)why);
	loop_timer_clear(exchange->worker->loop, &exchange->deadline);
	exchange->connection = NULL;
	exchange->parked = false;
	exchange->peer->exchange = NULL;
	exchange->peer->has_asked = true;
	exchange->peer->waiting_since_us = clock_ticks_us();
	exchange_settle(exchange);
}
