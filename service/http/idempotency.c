/* SPDX-License-Identifier: Apache-2.0 */
/* Idempotency-Key: reserved before a POST is handled; then its answer is kept, unless the write lane did, or the key given back. */
#include <string.h>

#include <sweetspot/clock.h>
#include <sweetspot/digest.h>
#include <sweetspot/log.h>

#include "exchange.h"

#define FINISH_US INT64_C(5000000)

/** What the reservation's row says: the order of its columns in reserve_idempotency.sql. */
enum { FOUND, ROWS_DONE, PROGRESS, STATUS, HEADERS, BODY };

static struct params key_params(struct http_exchange *exchange)
{
	struct params params = params_in(exchange->request.arena);

	params_int8(&params, exchange->request.principal.workspace);
	params_text(&params, exchange->request.idempotency_key);
	return params;
}

/** Method, path and query, and the body of all but a streamed one. */
static enum status fingerprint(struct http_exchange *exchange, uint8_t out[DIGEST_BYTES])
{
	struct http_request *request = &exchange->request;
	struct buffer message = {NULL, 0, 0, false};
	enum status status = STATUS_NO_MEMORY;

	buffer_append_format(&message, "%s\n%.*s\n", exchange->method_name, TEXT_ARGS(request->target));
	if (request->route->upload == NULL)
		buffer_append_text(&message, buffer_text(&exchange->body));
	if (!message.failed)
		status = digest_sha256(buffer_text(&message), out);
	buffer_release(&message);
	return status;
}

/** A key is ours for so long without a sign of life: longer than any answer of ours can take. */
static int64_t lease_ms(const struct http_exchange *exchange)
{
	const struct settings *settings = exchange->worker->server->settings;

#ifdef WITHOUT_LEASE
	return 0;
#endif
	return (exchange->request.route->upload != NULL ? settings->import_idle_ms : settings->request_ms) + settings->request_ms;
}

static void take_over(struct http_exchange *exchange, struct row row)
{
	exchange->reservation = HTTP_RESERVED;
	exchange->checkpoint.rows_done = row_int(row, ROWS_DONE);
	exchange->checkpoint.progress = text_copy(exchange->request.arena, row_json(row, PROGRESS));
	http_exchange_proceed(exchange);
}

static void on_found(struct http_exchange *exchange, const PGresult *rows)
{
	struct row row = {rows, 0};

	/* No row: another has reserved it since our snapshot. */
	struct text found = PQntuples(rows) == 0 ? TEXT("running") : row_text(row, FOUND);

	if (text_equal(found, TEXT("reserved")))
		take_over(exchange, row);
	else if (text_equal(found, TEXT("done")))
		http_reply_replayed(exchange, (int)row_int(row, STATUS), row_json(row, HEADERS), row_text(row, BODY));
	else if (text_equal(found, TEXT("other")))
		http_reply_problem(&exchange->request, STATUS_INVALID, "this Idempotency-Key was used for another request");
	else
		http_reply_problem(&exchange->request, STATUS_CONFLICT, "a request with this Idempotency-Key is still running");
}

static void on_reserved(struct http_request *request, enum status status, const PGresult *rows)
{
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the Idempotency-Key could not be reserved");
	else
		on_found(request->exchange, rows);
}

void http_idempotency_reserve(struct http_exchange *exchange)
{
	struct params params = key_params(exchange);
	uint8_t digest[DIGEST_BYTES];

	if (fingerprint(exchange, digest) != STATUS_OK) {
		http_reply_problem(&exchange->request, STATUS_NO_MEMORY, NULL);
		return;
	}
	params_bytes(&params, digest, sizeof(digest));
	params_int8(&params, lease_ms(exchange));
	http_read_start(&exchange->request, STATEMENT_RESERVE_IDEMPOTENCY, &params, LANE_READ, on_reserved);
}

/* ---- Afterwards: the request itself is answered, so these are not its reads ---- */

struct afterwards {
	struct read read;
	struct http_exchange *exchange;
};

static void on_finished(struct read *read, enum status status, const PGresult *rows)
{
	struct afterwards *afterwards = read->owner;
	struct http_exchange *exchange = afterwards->exchange;

	(void)rows;
	if (status != STATUS_OK)
		log_event(LOG_WARN, "idempotency_not_kept", "id=%.*s status=%s", TEXT_ARGS(exchange->request.request_id),
		          status_describe(status)->slug);
	if (http_exchange_release(exchange) && exchange->phase == HTTP_PHASE_FINISHING)
		http_exchange_answered(exchange);
}

/** @return false when memory is short */
static bool start_afterwards(struct http_exchange *exchange, enum statement statement, const struct params *params)
{
	struct afterwards *afterwards = arena_alloc(exchange->request.arena, sizeof(*afterwards));

	exchange->reservation = HTTP_SETTLED;
	if (afterwards == NULL || params->failed || exchange->worker->store == NULL)
		return false;
	afterwards->exchange = exchange;
	afterwards->read = (struct read){
		.statement = statement,
		.params = *params,
		.lane = LANE_READ,
		.deadline_us = clock_ticks_us() + FINISH_US,
		.on_done = on_finished,
		.owner = afterwards,
	};
	http_exchange_hold(exchange);
	store_read(exchange->worker->store, &afterwards->read);
	return true;
}

/** The headers of the answer that a replay needs again, as a JSON object. */
static struct text headers_json(struct http_exchange *exchange)
{
	struct buffer out = {NULL, 0, 0, false};
	struct json_writer w = json_writer_to(&out);
	struct text copy;

	json_open_object(&w);
	for (const struct http_header *header = exchange->headers; header != NULL; header = header->next) {
		json_key(&w, header->name);
		json_text(&w, header->value);
	}
	json_close_object(&w);
	copy = out.failed ? (struct text){NULL, 0} : text_copy(exchange->request.arena, buffer_text(&out));
	buffer_release(&out);
	return copy;
}

void http_idempotency_finish(struct http_exchange *exchange)
{
	struct params params = key_params(exchange);
	struct text body = text_copy(exchange->request.arena, buffer_text(&exchange->request.answer));

	params_int4(&params, exchange->code);
	params_json(&params, headers_json(exchange));
	params_bytes(&params, body.bytes == NULL ? "" : body.bytes, body.length);
	if (!start_afterwards(exchange, STATEMENT_FINISH_IDEMPOTENCY, &params))
		http_exchange_answered(exchange);
}

void http_idempotency_give_back(struct http_exchange *exchange)
{
	struct params params = key_params(exchange);

	if (start_afterwards(exchange, STATEMENT_RELEASE_IDEMPOTENCY, &params))
		return;
	http_exchange_hold(exchange);
	(void)http_exchange_release(exchange);
}
