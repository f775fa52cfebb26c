/* SPDX-License-Identifier: Apache-2.0 */
/* Every answer leaves through here, and every error body through one function of it. When it leaves is said in exchange.c. */
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

#include <jansson.h>

#include <sweetspot/clock.h>
#include <sweetspot/digest.h>
#include <sweetspot/log.h>

#include "exchange.h"
#include "header.h"

#define PROBLEM_BASE "https://sweetspot.dev/problems/"
#define JSON_TYPE "application/json"
#define PROBLEM_TYPE "application/problem+json"
#define MS INT64_C(1000)
#define STREAM_BLOCK 16384
#define RETRY_AFTER "1"

void http_reply_header(struct http_request *request, const char *name, struct text value)
{
	struct http_exchange *exchange = request->exchange;
	struct http_header *header = arena_alloc(request->arena, sizeof(*header));
	struct text copy = text_copy(request->arena, value);

	/* A header that memory is short for is left out; those that must not be are few and small, and the arena's first block is there. */
	if (header == NULL || copy.bytes == NULL)
		return;
	header->name = name;
	header->value = copy;
	*exchange->headers_end = header;
	exchange->headers_end = &header->next;
}

static void common_headers(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;

	if (exchange->answer_type != NULL)
		http_reply_header(request, "Content-Type", text_of(exchange->answer_type));
	if (request->request_id.bytes != NULL)
		http_reply_header(request, "X-Request-Id", request->request_id);
	http_cors_apply(exchange);
	if (exchange->code == 429 || exchange->code == 503)
		http_reply_header(request, "Retry-After", TEXT(RETRY_AFTER));
	if (exchange->closes || atomic_load_explicit(&exchange->worker->server->stage, memory_order_relaxed) != HTTP_RUNNING)
		http_reply_header(request, "Connection", TEXT("close"));
}

static void compose(struct http_exchange *exchange, int code, const char *type)
{
	exchange->code = code;
	exchange->answer_type = type;
	http_exchange_composed(exchange);
}

/* ---- Problems ---- */

static void write_error(struct json_writer *w, const struct problem *problem)
{
	bool is_parameter = problem->pointer.length > 0 && problem->pointer.bytes[0] == '?';

	json_open_object(w);
	if (is_parameter) {
		json_key(w, "parameter");
		json_text(w, (struct text){problem->pointer.bytes + 1, problem->pointer.length - 1});
	} else {
		json_key(w, "pointer");
		json_text(w, problem->pointer);
	}
	json_key(w, "detail");
	json_text(w, problem->detail);
	json_close_object(w);
}

struct text http_errors_json(struct arena *arena, const struct problems *problems)
{
	struct buffer out = {NULL, 0, 0, false};
	struct json_writer w = json_writer_to(&out);
	struct text copy = {NULL, 0};

	if (problems->first == NULL)
		return copy;
	json_open_array(&w);
	for (const struct problem *problem = problems->first; problem != NULL; problem = problem->next)
		write_error(&w, problem);
	json_close_array(&w);
	if (!out.failed)
		copy = text_copy(arena, buffer_text(&out));
	buffer_release(&out);
	return copy;
}

/** The one place an error body is made. */
void http_problem_write(const struct http_request *request, enum status status, struct text detail, struct text errors_json,
                        struct buffer *out)
{
	const struct status_info *info = status_describe(status);
	struct json_writer w = json_writer_to(out);

	json_open_object(&w);
	json_key(&w, "type");
	json_text(&w, text_format(request->arena, PROBLEM_BASE "%s", info->slug));
	json_key(&w, "title");
	json_text(&w, text_of(info->title));
	json_key(&w, "status");
	json_int(&w, info->http);
	if (detail.bytes != NULL) {
		json_key(&w, "detail");
		json_text(&w, detail);
	}
	if (request->path.bytes != NULL && text_is_utf8(request->path)) {
		json_key(&w, "instance");
		json_text(&w, request->path);
	}
	if (errors_json.bytes != NULL) {
		json_key(&w, "errors");
		json_raw(&w, errors_json);
	}
	json_close_object(&w);
}

/**
 * That it was the database, which is the first thing somebody asks who gets a 503; whoever answers need not know.
 *
 * @return NULL: nothing to add
 */
static const char *database_cause(const struct http_request *request, enum status status, bool has_detail)
{
	const struct store *store = request->worker->store;
	bool may_say_more;

	if (status == STATUS_UNREACHABLE)
		return "there has been no connection to the database for some seconds";
	if ((status != STATUS_UNAVAILABLE && status != STATUS_DEADLINE) || store == NULL)
		return NULL;
	if (store_lacks_links(store))
		return "the database cannot be reached";
	/* An upload says how far it has come beside the cause. A long question waits for others and computes. */
	may_say_more = !has_detail || (request->route != NULL && request->route->upload != NULL);
	return status == STATUS_DEADLINE && may_say_more && !request->exchange->asks ? "the database did not answer in time" : NULL;
}

static struct text with_cause(const struct http_request *request, enum status status, struct text detail)
{
	const char *cause = database_cause(request, status, detail.bytes != NULL);

	if (cause == NULL)
		return detail;
	return detail.bytes == NULL ? text_of(cause) : text_format(request->arena, "%.*s; %s", TEXT_ARGS(detail), cause);
}

void http_reply_errors(struct http_request *request, enum status status, struct text detail, struct text errors_json)
{
	if (http_is_answered(request))
		return;
	buffer_clear(&request->answer);
	http_problem_write(request, status, with_cause(request, status, detail), errors_json, &request->answer);
	/* A 503 without a body is still a 503. */
	if (request->answer.failed)
		buffer_clear(&request->answer);
	compose(request->exchange, status_describe(status)->http, PROBLEM_TYPE);
}

/** One sentence for all of them. */
static struct text summary(struct arena *arena, const struct problems *problems)
{
	const struct problem *first = problems->first;

	if (first == NULL)
		return (struct text){NULL, 0};
	if (problems->count > 1)
		return text_format(arena, "%zu values are wrong", problems->count);
	return text_format(arena, "%.*s%s%.*s", TEXT_ARGS(first->pointer), first->pointer.length > 0 ? " " : "", TEXT_ARGS(first->detail));
}

void http_reply_problem(struct http_request *request, enum status status, const char *detail, ...)
{
	struct text text = {NULL, 0};

	va_list arguments;

	if (detail != NULL) {
		va_start(arguments, detail);
		text = text_format_list(request->arena, detail, arguments);
		va_end(arguments);
	}
	http_reply_errors(request, status, text, (struct text){NULL, 0});
}

void http_reply_problems(struct http_request *request, enum status status, const struct problems *problems)
{
	if (problems->failed)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	else
		http_reply_errors(request, status, summary(request->arena, problems), http_errors_json(request->arena, problems));
}

/* ---- Answers ---- */

void http_reply_body(struct http_request *request, int code, const char *content_type)
{
	if (http_is_answered(request))
		return;
	if (request->answer.failed)
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	else
		compose(request->exchange, code, content_type);
}

void http_reply_json(struct http_request *request, int code)
{
	http_reply_body(request, code, JSON_TYPE);
}

void http_reply_empty(struct http_request *request, int code)
{
	if (http_is_answered(request))
		return;
	buffer_clear(&request->answer);
	compose(request->exchange, code, NULL);
}

void http_reply_tagged(struct http_request *request, int code, int64_t version)
{
	struct text tag;

	if (http_is_answered(request))
		return;
	tag = text_format(request->arena, "\"%lld-%016llx\"", (long long)version,
	                  (unsigned long long)hash_bytes(request->answer.bytes, request->answer.length));
	if (tag.bytes == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	if (!request->answer.failed)
		http_reply_header(request, "ETag", tag);
	if (code == 200 && request->method == HTTP_GET && request->if_none_match.bytes != NULL &&
	    http_header_none_match(request->if_none_match, tag)) {
		http_reply_empty(request, 304);
		return;
	}
	if (request->method != HTTP_GET && request->prefers_minimal && !request->answer.failed) {
		http_reply_header(request, "Preference-Applied", TEXT("return=minimal"));
		http_reply_empty(request, code == 200 ? 204 : code);
		return;
	}
	http_reply_json(request, code);
}

static void replay_headers(struct http_exchange *exchange, struct text headers_json)
{
	struct text json = headers_json.bytes == NULL ? TEXT("{}") : headers_json;
	json_t *headers = json_loadb(json.bytes, json.length, JSON_REJECT_DUPLICATES, NULL);
	const char *name;
	json_t *value;

	if (headers == NULL || arena_link(exchange->request.arena, (void (*)(void *))json_decref, headers) != STATUS_OK)
		return;
	json_object_foreach(headers, name, value)
		if (json_is_string(value))
			http_reply_header(&exchange->request, name, (struct text){json_string_value(value), json_string_length(value)});
}

void http_reply_replayed(struct http_exchange *exchange, int code, struct text headers_json, struct text body)
{
	replay_headers(exchange, headers_json);
	http_reply_header(&exchange->request, "Idempotent-Replayed", TEXT("true"));
	buffer_clear(&exchange->request.answer);
	buffer_append_text(&exchange->request.answer, body);
	compose(exchange, code, body.length == 0 ? NULL : code < 400 ? JSON_TYPE : PROBLEM_TYPE);
}

/* ---- Streams ---- */

void http_reply_stream(struct http_request *request, const char *content_type, void (*produce)(struct http_request *request))
{
	struct http_exchange *exchange = request->exchange;

	if (http_is_answered(request))
		return;
	buffer_clear(&request->answer);
	exchange->produce = produce;
	exchange->answer_type = content_type;
	exchange->stream_waits = true;
	produce(request);
}

/** The answer begins with its first piece, and not before: what fails until then is told as a problem. */
static void stream_begin(struct http_exchange *exchange, enum status status, bool last)
{
	if (status == STATUS_OK && exchange->request.answer.failed)
		status = STATUS_NO_MEMORY;
	if (status != STATUS_OK) {
		http_reply_problem(&exchange->request, status, NULL);
		return;
	}
	exchange->streams = true;
	exchange->stream_waits = false;
	exchange->stream_ended = last;
	compose(exchange, 200, exchange->answer_type);
}

void http_stream_push(struct http_request *request, enum status status, bool last)
{
	struct http_exchange *exchange = request->exchange;

	if (http_is_answered(request))
		return;
	if (!exchange->streams) {
		stream_begin(exchange, status, last);
		return;
	}
	exchange->stream_waits = false;
	exchange->stream_ended = last;
	if (status != STATUS_OK || request->answer.failed)
		exchange->stream_failed = true;
	http_exchange_limit(exchange, clock_ticks_us() + http_settings(request)->import_idle_ms * MS);
	http_exchange_wake(exchange);
}

/** Let the handler make more until there is something to send, the end, or something to wait for. */
static void stream_refill(struct http_exchange *exchange)
{
	while (exchange->stream_at == exchange->request.answer.length && !exchange->stream_ended && !exchange->stream_failed &&
	       !exchange->stream_waits) {
		buffer_clear(&exchange->request.answer);
		exchange->stream_at = 0;
		exchange->stream_waits = true;
		http_exchange_limit(exchange, clock_ticks_us() + exchange->worker->server->settings->import_idle_ms * MS);
		exchange->produce(&exchange->request);
	}
}

static ssize_t on_stream(void *cls, uint64_t position, char *bytes, size_t most)
{
	struct http_exchange *exchange = cls;
	const struct buffer *answer = &exchange->request.answer;
	size_t left;

	(void)position;
	stream_refill(exchange);
	if (exchange->stream_failed)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	/* While more is being made, what is there already stays: the maker may still be appending to it. */
	left = exchange->stream_waits ? 0 : answer->length - exchange->stream_at;
	if (left == 0 && exchange->stream_ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (left == 0) {
		http_exchange_park(exchange);
		return 0;
	}
	left = left < most ? left : most;
	memcpy(bytes, answer->bytes + exchange->stream_at, left);
	exchange->stream_at += left;
	return (ssize_t)left;
}

/* ---- Handing over ---- */

static void account(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;
	int64_t took_us = clock_ticks_us() - request->started_us;
	char path[LOG_VALUE_BYTES];

	metrics_request(exchange->worker->metrics, exchange->code, took_us);
	log_event(LOG_DEBUG, "request", "id=%.*s method=%s path=%s status=%d us=%lld key=%s trace=%.*s", TEXT_ARGS(request->request_id),
	          exchange->method_name, log_value(path, request->path), exchange->code, (long long)took_us, request->principal.key_id,
	          TEXT_ARGS(request->trace_id));
}

static struct MHD_Response *response_new(struct http_exchange *exchange)
{
	struct buffer *answer = &exchange->request.answer;

	if (exchange->streams)
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_stream, exchange, NULL);
	/* The bytes are the exchange's and outlast the response. */
	return MHD_create_response_from_buffer(answer->length, answer->bytes, MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result http_reply_queue(struct http_exchange *exchange)
{
	struct MHD_Response *response;
	enum MHD_Result queued;

	common_headers(exchange);
	account(exchange);
	response = response_new(exchange);
	if (response == NULL)
		return MHD_NO;
	for (const struct http_header *header = exchange->headers; header != NULL; header = header->next)
		if (MHD_add_response_header(response, header->name, header->value.bytes) != MHD_YES)
			log_event(LOG_WARN, "header_refused", "name=%s", header->name);
	exchange->phase = HTTP_PHASE_SENDING;
	http_exchange_limit(exchange, clock_ticks_us() + exchange->worker->server->settings->import_idle_ms * MS);
	queued = MHD_queue_response(exchange->connection, (unsigned)exchange->code, response);
	MHD_destroy_response(response);
	return queued;
}

void http_reply_raw(struct http_exchange *exchange)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct buffer out = {NULL, 0, 0, false};

	exchange->closes = true;
	common_headers(exchange);
	account(exchange);
	buffer_append_format(&out, "HTTP/1.1 %d %s\r\n", exchange->code, MHD_get_reason_phrase_for((unsigned)exchange->code));
	for (const struct http_header *header = exchange->headers; header != NULL; header = header->next)
		buffer_append_format(&out, "%s: %.*s\r\n", header->name, TEXT_ARGS(header->value));
	buffer_append_format(&out, "Content-Length: %zu\r\n\r\n", exchange->request.answer.length);
	if (!exchange->request.is_head)
		buffer_append(&out, exchange->request.answer.bytes, exchange->request.answer.length);
	if (info != NULL && !out.failed) {
		/* Best effort: what the socket does not take at once is lost with the connection. */
		ssize_t sent = send(info->connect_fd, out.bytes, out.length, MSG_DONTWAIT | MSG_NOSIGNAL);

		(void)sent;
		shutdown(info->connect_fd, SHUT_WR);
	}
	buffer_release(&out);
}
