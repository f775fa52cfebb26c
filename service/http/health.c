/* SPDX-License-Identifier: Apache-2.0 */
/* What operators and load balancers ask: is it alive, is it ready, how much does it do, what does it offer. Needs no key. */
#include <sweetspot/clock.h>

#include "exchange.h"
#include "openapi.h"
#include "resources.h"

#define MS INT64_C(1000)
#define READY_US (1000 * MS)
#define TEXT_TYPE "text/plain; charset=utf-8"
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

static void reply_text(struct http_request *request, const char *text)
{
	http_reply_header(request, "Cache-Control", TEXT("no-store"));
	buffer_append_text(&request->answer, text_of(text));
	http_reply_body(request, 200, TEXT_TYPE);
}

static void show_livez(struct http_request *request)
{
	reply_text(request, request->arguments[0].integer ? "[+]loop ok\nlivez check passed\n" : "ok\n");
}

static void refuse_ready(struct http_request *request, const char *reason)
{
	http_reply_header(request, "Cache-Control", TEXT("no-store"));
	/* Without a reason of ours: that the database cannot be reached is said of every answer. */
	if (reason == NULL)
		http_reply_problem(request, STATUS_UNAVAILABLE, NULL);
	else
		http_reply_problem(request, STATUS_UNAVAILABLE, "%s", reason);
}

static void on_database(struct http_request *request, enum status status, const PGresult *rows)
{
	(void)rows;
	if (status != STATUS_OK)
		refuse_ready(request, "the database does not answer");
	else
		reply_text(request, request->arguments[0].integer ? "[+]database ok\n[+]running ok\nreadyz check passed\n" : "ok\n");
}

/** A link may be up and the database frozen: it is asked, and has not long to answer. */
static void show_readyz(struct http_request *request)
{
	const struct http_worker *worker = request->worker;
	int64_t most_us = worker->server->settings->request_ms * MS / 2;
	struct params params = params_in(request->arena);

	if (atomic_load_explicit(&worker->server->stage, memory_order_relaxed) != HTTP_RUNNING) {
		refuse_ready(request, "the service is stopping");
		return;
	}
	if (!store_is_ready(worker->store)) {
		refuse_ready(request, NULL);
		return;
	}
	http_exchange_limit(request->exchange, clock_ticks_us() + (most_us < READY_US ? most_us : READY_US));
	http_read_start(request, STATEMENT_READ_KEY_VERSION, &params, LANE_READ, on_database);
}

static void show_metrics(struct http_request *request)
{
	const struct http_server *server = request->worker->server;

	metrics_write(server->metrics, server->metrics_count, &request->answer);
	http_reply_body(request, 200, METRICS_TYPE);
}

static void show_openapi(struct http_request *request)
{
	if (openapi_yaml_length == 0) {
		http_reply_problem(request, STATUS_NOT_FOUND, "this build carries no description");
		return;
	}
	buffer_append(&request->answer, openapi_yaml, openapi_yaml_length);
	http_reply_body(request, 200, "application/yaml");
}

static const struct http_parameter probe_parameters[] = {{.name = "verbose", .kind = HTTP_BOOL}, {.name = NULL}};

/* method, path, least role, body, handler, query, options */
const struct http_route http_health_routes[HTTP_HEALTH_ROUTES] = {
	{HTTP_GET, "/livez", ROLE_NONE, HTTP_BODY_NONE, show_livez, .parameters = probe_parameters, .options = HTTP_OPERATIONS},
	{HTTP_GET, "/readyz", ROLE_NONE, HTTP_BODY_NONE, show_readyz, .parameters = probe_parameters, .options = HTTP_OPERATIONS},
	{HTTP_GET, "/metrics", ROLE_NONE, HTTP_BODY_NONE, show_metrics, .options = HTTP_OPERATIONS | HTTP_METRICS},
	{HTTP_GET, "/openapi.yaml", ROLE_NONE, HTTP_BODY_NONE, show_openapi, .options = 0},
};
