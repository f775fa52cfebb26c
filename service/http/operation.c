/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the store on behalf of a request, which may be answered or gone before the store calls back. */
#include "exchange.h"

/** @return zeroed memory in the request's arena; NULL: a 503 has been given */
static void *operation_new(struct http_request *request, size_t bytes)
{
	void *operation = arena_alloc(request->arena, bytes);

	if (operation == NULL && !http_is_answered(request))
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
	return operation;
}

/** The operation is over. @return whether the request still waits for it */
static bool is_awaited(struct http_exchange *exchange)
{
	return http_exchange_release(exchange) && !http_is_answered(&exchange->request);
}

/* ---- Reads ---- */

struct read_operation {
	struct read read;
	struct http_exchange *exchange;
	void (*then)(struct http_request *request, enum status status, const PGresult *rows);
};

static void on_read(struct read *read, enum status status, const PGresult *rows)
{
	struct read_operation *operation = read->owner;

	if (is_awaited(operation->exchange))
		operation->then(&operation->exchange->request, status, rows);
}

void http_read_start(struct http_request *request, enum statement statement, const struct params *params, enum lane lane,
                     void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct read_operation *operation = operation_new(request, sizeof(*operation));

	if (operation == NULL)
		return;
	operation->read = (struct read){
		.statement = statement,
		.params = *params,
		.lane = lane,
		.deadline_us = request->deadline_us,
		.on_done = on_read,
		.owner = operation,
	};
	operation->exchange = request->exchange;
	operation->then = then;
	if (params->failed) {
		then(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	http_exchange_hold(request->exchange);
	store_read(request->exchange->worker->store, &operation->read);
}

struct point_operation {
	struct point_read read;
	struct http_exchange *exchange;
	void (*then)(struct http_request *request, enum status status, struct row row);
};

static void on_point_read(struct point_read *read, enum status status, struct row row)
{
	struct point_operation *operation = read->owner;

	if (is_awaited(operation->exchange))
		operation->then(&operation->exchange->request, status, row);
}

void http_point_read_start(struct http_request *request, enum statement statement, struct text id,
                           void (*then)(struct http_request *request, enum status status, struct row row))
{
	struct point_operation *operation = operation_new(request, sizeof(*operation));

	if (operation == NULL)
		return;
	operation->read = (struct point_read){
		.statement = statement,
		.workspace = request->principal.workspace,
		.id = id,
		.deadline_us = request->deadline_us,
		.on_done = on_point_read,
		.owner = operation,
	};
	operation->exchange = request->exchange;
	operation->then = then;
	http_exchange_hold(request->exchange);
	store_point_read(request->exchange->worker->store, &operation->read);
}

/* ---- Rules ---- */

struct rules_operation {
	struct rules_ask ask;
	struct http_exchange *exchange;
	void (*then)(struct http_request *request, enum status status, struct rules rules);
	void (*again)(struct http_request *request);  /* instead of then */
};

static void on_rules(struct rules_ask *ask, enum status status, struct rules rules)
{
	struct rules_operation *operation = ask->owner;
	struct http_request *request = &operation->exchange->request;

	if (!is_awaited(operation->exchange))
		return;
	if (operation->again == NULL)
		operation->then(request, status, rules);
	else if (status == STATUS_OK)
		operation->again(request);
	else
		http_reply_problem(request, status, "the rules could not be read");
}

static void ask_rules(struct http_request *request, int32_t policy, int32_t review,
                      void (*then)(struct http_request *request, enum status status, struct rules rules),
                      void (*again)(struct http_request *request))
{
	struct rules_operation *operation = operation_new(request, sizeof(*operation));

	if (operation == NULL)
		return;
	operation->ask = (struct rules_ask){
		.workspace = request->principal.workspace,
		.policy = policy,
		.review = review,
		.deadline_us = request->deadline_us,
		.on_done = on_rules,
		.owner = operation,
	};
	operation->exchange = request->exchange;
	operation->then = then;
	operation->again = again;
	http_exchange_hold(request->exchange);
	store_rules_ask(request->exchange->worker->store, &operation->ask);
}

void http_rules_start(struct http_request *request, int32_t policy, int32_t review,
                      void (*then)(struct http_request *request, enum status status, struct rules rules))
{
	struct rules rules;

	if (store_rules_find(request->exchange->worker->store, request->principal.workspace, policy, review, &rules))
		then(request, STATUS_OK, rules);
	else
		ask_rules(request, policy, review, then, NULL);
}

void http_rules_fetch(struct http_request *request, int32_t policy, int32_t review, void (*again)(struct http_request *request))
{
	ask_rules(request, policy, review, NULL, again);
}

/* ---- What is in force: its numbers first, then its rules ---- */

struct present_operation {
	struct read read;
	struct rules_ask ask;
	struct http_exchange *exchange;
	struct http_present present;
	void (*then)(struct http_request *request, enum status status, struct http_present present, struct rules rules);
};

static void on_present_rules(struct rules_ask *ask, enum status status, struct rules rules)
{
	struct present_operation *operation = ask->owner;

	if (is_awaited(operation->exchange))
		operation->then(&operation->exchange->request, status, operation->present, rules);
}

static void ask_present_rules(struct present_operation *operation)
{
	struct http_exchange *exchange = operation->exchange;
	struct store *store = exchange->worker->store;
	int64_t workspace = exchange->request.principal.workspace;
	struct rules rules;

	if (store_rules_find(store, workspace, operation->present.policy, operation->present.review, &rules)) {
		operation->then(&exchange->request, STATUS_OK, operation->present, rules);
		return;
	}
	operation->ask = (struct rules_ask){
		.workspace = workspace,
		.policy = operation->present.policy,
		.review = operation->present.review,
		.deadline_us = exchange->request.deadline_us,
		.on_done = on_present_rules,
		.owner = operation,
	};
	http_exchange_hold(exchange);
	store_rules_ask(store, &operation->ask);
}

static void on_present(struct read *read, enum status status, const PGresult *rows)
{
	struct present_operation *operation = read->owner;
	struct row row = {rows, 0};

	if (!is_awaited(operation->exchange))
		return;
	if (status == STATUS_OK && PQntuples(rows) != 1)
		status = STATUS_UNAUTHORIZED;
	if (status != STATUS_OK) {
		operation->then(&operation->exchange->request, status, operation->present, (struct rules){NULL, NULL});
		return;
	}
	operation->present = (struct http_present){
		.day = row_day(row, 0),
		.policy = (int32_t)row_int(row, 1),
		.review = (int32_t)row_int(row, 2),
	};
	ask_present_rules(operation);
}

void http_present_start(struct http_request *request,
                        void (*then)(struct http_request *request, enum status status, struct http_present present, struct rules rules))
{
	struct present_operation *operation = operation_new(request, sizeof(*operation));

	if (operation == NULL)
		return;
	operation->read = (struct read){
		.statement = STATEMENT_READ_IN_FORCE,
		.params = params_in(request->arena),
		.lane = LANE_READ,
		.deadline_us = request->deadline_us,
		.on_done = on_present,
		.owner = operation,
	};
	params_int8(&operation->read.params, request->principal.workspace);
	operation->exchange = request->exchange;
	operation->then = then;
	if (operation->read.params.failed) {
		then(request, STATUS_NO_MEMORY, operation->present, (struct rules){NULL, NULL});
		return;
	}
	http_exchange_hold(request->exchange);
	store_read(request->exchange->worker->store, &operation->read);
}

/* ---- Writes ---- */

struct write_operation {
	struct http_exchange *exchange;
	void (*then)(struct http_request *request, struct write_job *job);
};

struct http_request *http_write_request(const struct write_job *job)
{
	const struct write_operation *operation = job->owner;

	return &operation->exchange->request;
}

static void on_written(struct write_job *job)
{
	struct write_operation *operation = job->owner;
	struct http_exchange *exchange = operation->exchange;

	/* The answer stands under the key since the commit; only a streamed body's last job is known to its own handler alone. */
	if (job->status == STATUS_OK && job->idempotent.key.bytes != NULL && exchange->request.route->upload == NULL)
		exchange->reservation = HTTP_SETTLED;
	if (is_awaited(exchange))
		operation->then(&exchange->request, job);
}

void http_write_start(struct http_request *request, struct write_job *job,
                      void (*then)(struct http_request *request, struct write_job *job))
{
	struct write_operation *operation;

	if (job->arena == NULL)
		job->arena = request->arena;
	operation = arena_alloc(job->arena, sizeof(*operation));
	if (operation == NULL) {
		if (!http_is_answered(request))
			http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	operation->exchange = request->exchange;
	operation->then = then;
	job->workspace = request->principal.workspace;
	job->key_id = text_of(request->principal.key_id);
	job->actor = request->actor;
	job->deadline_us = request->deadline_us;
	job->on_done = on_written;
	job->owner = operation;
	http_exchange_hold(request->exchange);
	store_write(request->exchange->worker->store, job);
}
