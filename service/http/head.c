/* SPDX-License-Identifier: Apache-2.0 */
/* From the headers to a request that may be handled: framing, route, query, media type, conditions. Bodies come later, in exchange.c. */
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include <sweetspot/intake.h>
#include <sweetspot/number.h>

#include "exchange.h"
#include "header.h"
#include "path.h"

#define ACTOR_BYTES 200
#define HEADER_OVERHEAD 4  /* ": " and CRLF */

#ifdef WITHOUT_FRAMING
#define CHECKS_FRAMING false
#else
#define CHECKS_FRAMING true
#endif
/* From 1.0 on libmicrohttpd refuses a NUL by itself, and keeps lines in another way. */
#ifdef WITHOUT_WHOLE_LINES
#define CHECKS_LINES false
#else
#define CHECKS_LINES (MHD_VERSION < 0x01000000)
#endif

/** The headers we read, borrowed from libmicrohttpd. {NULL, 0}: not there. */
struct head {
	struct arena *arena;
	struct text authorization, content_type, accept, origin, if_match, if_none_match, idempotency_key, request_id, traceparent, prefer;
	struct text actor, expect, content_length, transfer_encoding, requested_method, host;
	const char *repeated;  /* a header that may stand once alone and stood twice */
	size_t bytes;          /* of all headers */
	bool bad_name;         /* a name with a blank or worse: "Content-Length : 5" is another header to libmicrohttpd than to a proxy */
	bool failed;           /* memory was short */
	const char *end;       /* of what has been read: behind the last header's value */
	bool has_hidden;       /* something stands between two lines that libmicrohttpd does not show: behind a NUL, or folded */
};

/* name, where it goes, whether several lines are one list (RFC 9110, 5.3) */
static const struct known_header {
	struct text name;
	size_t offset;
	bool is_list;
} known_headers[] = {
	{{"Authorization", sizeof("Authorization") - 1}, offsetof(struct head, authorization), false},
	{{"Content-Type", sizeof("Content-Type") - 1}, offsetof(struct head, content_type), false},
	{{"Accept", sizeof("Accept") - 1}, offsetof(struct head, accept), true},
	{{"Origin", sizeof("Origin") - 1}, offsetof(struct head, origin), false},
	{{"If-Match", sizeof("If-Match") - 1}, offsetof(struct head, if_match), true},
	{{"If-None-Match", sizeof("If-None-Match") - 1}, offsetof(struct head, if_none_match), true},
	{{"Idempotency-Key", sizeof("Idempotency-Key") - 1}, offsetof(struct head, idempotency_key), false},
	{{"X-Request-Id", sizeof("X-Request-Id") - 1}, offsetof(struct head, request_id), false},
	{{"traceparent", sizeof("traceparent") - 1}, offsetof(struct head, traceparent), false},
	{{"Prefer", sizeof("Prefer") - 1}, offsetof(struct head, prefer), true},
	{{"X-Actor", sizeof("X-Actor") - 1}, offsetof(struct head, actor), false},
	{{"Expect", sizeof("Expect") - 1}, offsetof(struct head, expect), true},
	{{"Content-Length", sizeof("Content-Length") - 1}, offsetof(struct head, content_length), false},
	{{"Transfer-Encoding", sizeof("Transfer-Encoding") - 1}, offsetof(struct head, transfer_encoding), false},
	{{"Host", sizeof("Host") - 1}, offsetof(struct head, host), false},
	{{"Access-Control-Request-Method", sizeof("Access-Control-Request-Method") - 1}, offsetof(struct head, requested_method), false},
};

static bool is_called(const char *name, size_t length, struct text wanted)
{
	return wanted.length == length && strncasecmp(name, wanted.bytes, length) == 0;
}

static void take_value(struct head *head, const struct known_header *known, struct text value)
{
	struct text *slot = (struct text *)((char *)head + known->offset);

	if (slot->bytes == NULL) {
		*slot = value;
	} else if (known->is_list) {
		*slot = text_format(head->arena, "%.*s, %.*s", TEXT_ARGS(*slot), TEXT_ARGS(value));
		head->failed = head->failed || slot->bytes == NULL;
	} else {
		head->repeated = known->name.bytes;
	}
}

/** token of RFC 9110, 5.6.2 */
static bool is_token(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (name[i] <= ' ' || name[i] > '~' || strchr("()<>@,;:\\\"/[]?={}", name[i]) != NULL)
			return false;
	return length > 0;
}

/**
 * libmicrohttpd leaves the head as it came, with NULs in the place of the CR and LF that end a line, and takes a NUL that came for an end.
 *
 * @return whether `next` follows `end` with nothing but so many line ends between them
 */
static bool follows(const char *end, const char *next, size_t lines)
{
	size_t gap = (size_t)((uintptr_t)next - (uintptr_t)end);

	if (gap < lines || gap > 2 * lines)
		return false;
	for (size_t i = 0; i < gap; i++)
		if (end[i] != '\0')
			return false;
	return true;
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
                                 size_t value_length)
{
	struct head *head = cls;

	(void)kind;
	head->bytes += name_length + value_length + HEADER_OVERHEAD;
	head->bad_name = head->bad_name || !is_token(name, name_length);
	head->has_hidden = head->has_hidden || value == NULL || !follows(head->end, name, 1);
	head->end = value == NULL ? name + name_length : value + value_length;
	for (size_t i = 0; i < sizeof(known_headers) / sizeof(known_headers[0]); i++) {
		if (!is_called(name, name_length, known_headers[i].name))
			continue;
		take_value(head, &known_headers[i], (struct text){value == NULL ? "" : value, value == NULL ? 0 : value_length});
		break;
	}
	return MHD_YES;
}

/* ---- Who asks: said before anything can be refused, so that every answer has it ---- */

/** One of our own: the instance's random beginning and a running number. */
static struct text request_id_make(struct http_worker *worker, struct arena *arena)
{
	worker->request_count++;
	return text_format(arena, "%s-%llx", worker->instance, (unsigned long long)worker->request_count);
}

static void identify(struct http_exchange *exchange, const struct head *head)
{
	struct http_request *request = &exchange->request;

	if (http_header_is_request_id(head->request_id))
		request->request_id = text_copy(request->arena, head->request_id);
	else
		request->request_id = request_id_make(exchange->worker, request->arena);
	if (http_header_trace_id(head->traceparent, &request->trace_id))
		request->trace_id = text_copy(request->arena, request->trace_id);
	request->origin = text_copy(request->arena, head->origin);
	exchange->requested_method = text_copy(request->arena, head->requested_method);
}

/* ---- Framing ---- */

/** Method, target and version with a blank between each two: what libmicrohttpd shows of the request line is all of it. */
static bool has_whole_line(const struct http_exchange *exchange, const char *method, const char *version)
{
	const char *target = exchange->line_target;

	return target == method + strlen(method) + 1 && version == target + exchange->request.target.length + 1;
}

/** @return whether nothing of the head has been passed over: what proxies may read otherwise is refused */
static bool is_whole(const struct http_exchange *exchange, const struct head *head, const char *method, const char *version)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return info != NULL && !head->has_hidden && has_whole_line(exchange, method, version) &&
	       follows(head->end, method + info->header_size, 2);
}

static void refuse_and_close(struct http_exchange *exchange, enum status status, const char *detail)
{
	exchange->closes = true;
	http_reply_problem(&exchange->request, status, "%s", detail);
}

/** @return false for a Content-Length that is no number of bytes; 0 without one */
static bool read_length(const struct head *head, int64_t *length)
{
	struct text value = head->content_length;

	*length = 0;
	if (value.bytes == NULL)
		return true;
	for (size_t i = 0; i < value.length; i++)
		if (value.bytes[i] < '0' || value.bytes[i] > '9')
			return false;
	return number_parse(value, 0, length) == NUMBER_OK;
}

bool http_head_has_bad_length(struct http_exchange *exchange)
{
	struct head head = {.arena = exchange->request.arena};
	int64_t length;

	MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, on_header, &head);
	return !read_length(&head, &length);
}

/** libmicrohttpd takes what proxies read differently; we do not. @return false when it has been answered */
static bool check_framing(struct http_exchange *exchange, const struct head *head, const char *version)
{
	int64_t length = 0;

	if (CHECKS_FRAMING && head->content_length.bytes != NULL && head->transfer_encoding.bytes != NULL) {
		refuse_and_close(exchange, STATUS_MALFORMED, "Content-Length and Transfer-Encoding exclude each other");
		return false;
	}
	exchange->is_chunked = head->transfer_encoding.bytes != NULL;
	if (exchange->is_chunked && (strcasecmp(head->transfer_encoding.bytes, "chunked") != 0 || strcmp(version, "HTTP/1.1") != 0)) {
		refuse_and_close(exchange, STATUS_MALFORMED, "the only Transfer-Encoding understood is chunked, in HTTP/1.1");
		return false;
	}
	if (!read_length(head, &length)) {
		refuse_and_close(exchange, STATUS_MALFORMED, "Content-Length is not a number of bytes");
		return false;
	}
	exchange->body_declared = (uint64_t)length;
	exchange->expects_continue = head->expect.bytes != NULL && strcasecmp(head->expect.bytes, "100-continue") == 0;
	return true;
}

static bool check_head(struct http_exchange *exchange, const struct head *head, const char *version)
{
	const struct settings *settings = exchange->worker->server->settings;

	if (CHECKS_FRAMING && head->repeated != NULL) {
		exchange->closes = true;
		http_reply_problem(&exchange->request, STATUS_MALFORMED, "the header %s may stand once", head->repeated);
		return false;
	}
	if (head->bad_name) {
		refuse_and_close(exchange, STATUS_MALFORMED, "a header's name holds what no name may");
		return false;
	}
	if (!check_framing(exchange, head, version))
		return false;
	if (head->host.bytes == NULL && strcmp(version, "HTTP/1.1") == 0) {
		refuse_and_close(exchange, STATUS_MALFORMED, "the header Host is missing");
		return false;
	}
	if (head->bytes + exchange->request.target.length > (size_t)settings->header_bytes) {
		refuse_and_close(exchange, STATUS_HEADERS_TOO_LARGE, "the request line and headers together are too large");
		return false;
	}
	if (head->failed) {
		http_reply_problem(&exchange->request, STATUS_NO_MEMORY, NULL);
		return false;
	}
	return true;
}

/* ---- What the request says of itself ---- */

static enum status read_conditions(struct http_request *request, const struct head *head)
{
	if (head->if_match.bytes != NULL && !http_header_if_match(head->if_match, &request->if_match)) {
		http_reply_problem(request, STATUS_MALFORMED, "If-Match takes one entity tag as an ETag gave it, or *");
		return STATUS_MALFORMED;
	}
	request->if_none_match = text_copy(request->arena, head->if_none_match);
	if (head->if_none_match.bytes != NULL && request->if_none_match.bytes == NULL)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static bool takes_key(const struct http_route *route)
{
	return route->method == HTTP_POST ? (route->options & HTTP_NO_IDEMPOTENCY) == 0 : (route->options & HTTP_IDEMPOTENCY) != 0;
}

static enum status read_key(struct http_request *request, const struct head *head)
{
	enum status status;

	if (head->idempotency_key.bytes == NULL || !takes_key(request->route))
		return STATUS_OK;
	status = http_header_idempotency_key(request->arena, head->idempotency_key, &request->idempotency_key);
	if (status == STATUS_MALFORMED)
		http_reply_problem(request, status, "Idempotency-Key takes 1 to 255 visible ASCII characters, with or without quotes");
	return status;
}

static enum status read_actor(struct http_request *request, const struct head *head)
{
	struct text actor = text_trim(head->actor);

	if (actor.length == 0)
		return STATUS_OK;
	if (actor.length > ACTOR_BYTES || !text_is_utf8(actor) || text_has_control(actor)) {
		http_reply_problem(request, STATUS_MALFORMED, "X-Actor takes at most %d bytes of UTF-8 without control characters", ACTOR_BYTES);
		return STATUS_MALFORMED;
	}
	request->actor = text_copy(request->arena, actor);
	return request->actor.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status read_rest(struct http_exchange *exchange, const struct head *head)
{
	struct http_request *request = &exchange->request;
	struct http_preferences preferences = http_header_prefer(head->prefer);

	request->prefers_minimal = preferences.minimal;
	request->prefers_wait_s = preferences.wait_s;
	request->accept = text_copy(request->arena, head->accept);
	if (head->accept.bytes != NULL && request->accept.bytes == NULL)
		return STATUS_NO_MEMORY;
	if (http_header_bearer(head->authorization, &exchange->bearer)) {
		exchange->bearer = text_copy(request->arena, exchange->bearer);
		if (exchange->bearer.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	return http_header_media_type(request->arena, head->content_type, &request->content_type, &request->charset);
}

/** @return false when it has been answered */
static bool read_request(struct http_exchange *exchange, const struct head *head)
{
	struct http_request *request = &exchange->request;
	enum status status = read_conditions(request, head);

	if (status == STATUS_OK)
		status = read_key(request, head);
	if (status == STATUS_OK)
		status = read_actor(request, head);
	if (status == STATUS_OK)
		status = read_rest(exchange, head);
	if (status == STATUS_NO_MEMORY)
		http_reply_problem(request, status, NULL);
	return status == STATUS_OK;
}

/* ---- Where it goes ---- */

static enum http_method read_method(struct http_exchange *exchange, const char *name)
{
	exchange->method_name = "OTHER";
	exchange->request.is_head = strcmp(name, "HEAD") == 0;
	exchange->is_options = strcmp(name, "OPTIONS") == 0;
	if (exchange->is_options)
		exchange->method_name = "OPTIONS";
	if (exchange->request.is_head)
		name = "GET";
	for (int i = 0; i < HTTP_METHODS; i++) {
		if (strcmp(name, http_method_name((enum http_method)i)) != 0)
			continue;
		exchange->method_name = exchange->request.is_head ? "HEAD" : http_method_name((enum http_method)i);
		return (enum http_method)i;
	}
	return HTTP_METHODS;
}

static void refuse_escapes(struct http_request *request, enum status status, const char *where)
{
	if (status == STATUS_MALFORMED)
		http_reply_problem(request, status, "the %s holds a broken escape, %%00, or bytes that are no UTF-8", where);
	else
		http_reply_problem(request, status, NULL);
}

static bool decode_ids(struct http_request *request)
{
	for (int i = 0; i < HTTP_IDS_MAX && request->ids[i].bytes != NULL; i++) {
		enum status status = http_percent_decode(request->arena, request->ids[i], &request->ids[i]);
		const char *error;

		if (status != STATUS_OK) {
			refuse_escapes(request, status, "path");
			return false;
		}
		error = intake_id_error(request->ids[i]);
		if (error != NULL) {
			http_reply_problem(request, STATUS_INVALID, "the id in the path %s", error);
			return false;
		}
	}
	return true;
}

static void refuse_method(struct http_request *request, unsigned allowed)
{
	struct text list = http_route_allow(request->arena, allowed);

	http_reply_header(request, "Allow", list);
	http_reply_problem(request, STATUS_METHOD_NOT_ALLOWED, "allowed here: %.*s", TEXT_ARGS(list));
}

/** @return false when it has been answered */
static bool find_route(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;
	bool has_operations = exchange->worker->server->has_operations;
	struct http_target target;
	struct http_match match;

	if (memchr(request->target.bytes, ' ', request->target.length) != NULL || !http_target_split(request->target, &target)) {
		refuse_and_close(exchange, STATUS_MALFORMED, "the request target is not a path");
		return false;
	}
#ifdef WITHOUT_RAW_PATH
	if (http_percent_decode(request->arena, target.path, &target.path) != STATUS_OK)
		return false;
#endif
	request->path = target.path;
	if (exchange->is_options && text_equal(target.path, TEXT("*"))) {
		http_cors_preflight(exchange, (1u << HTTP_METHODS) - 1);
		return false;
	}
	match = http_route_find(request->method, target.path, exchange->is_operations, has_operations, request->ids);
	if (match.route == NULL && match.allowed == 0)
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such path");
	else if (exchange->is_options)
		http_cors_preflight(exchange, match.allowed);
	else if (match.route == NULL)
		refuse_method(request, match.allowed);
	request->route = match.route;
	return match.route != NULL && decode_ids(request);
}

/** Who looks whether all is well is told, and goes. @return false when it has been answered */
static bool check_room(struct http_exchange *exchange)
{
	const struct http_request *request = &exchange->request;

	if (!exchange->peer->is_beyond)
		return true;
	exchange->closes = true;
	if ((request->route->options & HTTP_OPERATIONS) != 0)
		return true;
	refuse_and_close(exchange, STATUS_CROWDED, "there are more connections than SWEETSPOT_CONNECTIONS allows; this one is closed");
	return false;
}

void http_head_read(struct http_exchange *exchange, const char *method, const char *version)
{
	struct head head = {.arena = exchange->request.arena, .end = version + strlen(version)};

	MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, on_header, &head);
	exchange->request.method = read_method(exchange, method);
	identify(exchange, &head);
	if (CHECKS_LINES && !is_whole(exchange, &head, method, version))
		refuse_and_close(exchange, STATUS_MALFORMED, "the head holds a NUL, a folded line, or blanks where none may be");
	else if (check_head(exchange, &head, version) && find_route(exchange) && check_room(exchange) && read_request(exchange, &head))
		http_auth_start(exchange);
}

/* ---- Once the caller is known ---- */

static bool has_body(const struct http_exchange *exchange)
{
	return exchange->body_declared > 0 || exchange->is_chunked;
}

/** @return false when it has been answered */
static bool check_media(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;
	bool is_patch = request->method == HTTP_PATCH;
	bool fits = request->content_type.bytes == NULL || text_equal(request->content_type, TEXT("application/json")) ||
		    (is_patch && text_equal(request->content_type, TEXT("application/merge-patch+json")));

	if (request->route->body != HTTP_BODY_JSON || !has_body(exchange))
		return true;
	if (!fits || (request->charset.bytes != NULL && !text_equal(request->charset, TEXT("utf-8")))) {
		if (is_patch)
			http_reply_header(request, "Accept-Patch", TEXT("application/merge-patch+json, application/json"));
		http_reply_problem(request, STATUS_UNSUPPORTED_MEDIA, "send Content-Type: %s, in UTF-8",
		                   is_patch ? "application/merge-patch+json" : "application/json");
		return false;
	}
	if (exchange->body_declared > (uint64_t)exchange->worker->server->settings->body_bytes) {
		http_reply_problem(request, STATUS_TOO_LARGE, "a body may have at most %lld bytes",
		                   (long long)exchange->worker->server->settings->body_bytes);
		return false;
	}
	return true;
}

static bool check_query(struct http_request *request)
{
	struct problems problems = problems_in(request->arena);
	enum status status = http_query_read(request, &problems);

	if (status != STATUS_OK)
		refuse_escapes(request, status, "query");
	else if (problems.count > 0)
		http_reply_problems(request, STATUS_INVALID, &problems);
	return status == STATUS_OK && problems.count == 0;
}

void http_exchange_admit(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;

	if (!check_query(request) || !check_media(exchange))
		return;
	if (request->route->upload != NULL && request->idempotency_key.bytes != NULL) {
		exchange->phase = HTTP_PHASE_RESERVE;
		http_idempotency_reserve(exchange);
		return;
	}
	http_exchange_proceed(exchange);
}
