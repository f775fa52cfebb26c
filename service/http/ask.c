/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the desk on behalf of a request, which may be answered or gone before the answer comes. */
#include <sweetspot/bell.h>
#include <sweetspot/clock.h>

#include "exchange.h"

#define MS INT64_C(1000)

/** Goes with the request's arena: when the request is over nobody waits for the answer any more. */
struct ask {
	struct http_request *request;
	struct question *question;  /* NULL once it was answered */
	void (*then)(struct http_request *request, struct question *question);
};

static void on_answer(struct question *question)
{
	struct ask *ask = question->owner;

	ask->question = NULL;
	ask->request->exchange->asks = false;
	if (!http_is_answered(ask->request))
		ask->then(ask->request, question);
}

static void ask_release(void *object)
{
	struct ask *ask = object;

	if (ask->question != NULL)
		desk_withdraw(ask->question);
}

static enum status hand_in(struct http_request *request, struct question *question, struct ask *ask)
{
	int64_t due_us = request->started_us + http_settings(request)->desk_ms * MS;
	enum status status = arena_link(request->arena, ask_release, ask);

	if (status != STATUS_OK)
		return status;
	question->deadline_us = due_us;
	question->on_done = on_answer;
	question->owner = ask;
	status = desk_ask(request->worker->box, question);
	if (status != STATUS_OK)
		return status;
	ask->question = question;
	request->exchange->asks = true;
	http_exchange_limit(request->exchange, due_us);
	return STATUS_OK;
}

void http_ask_start(struct http_request *request, struct question *question,
                    void (*then)(struct http_request *request, struct question *question))
{
	struct ask *ask = arena_alloc(request->arena, sizeof(*ask));
	enum status status = STATUS_NO_MEMORY;

	if (ask != NULL) {
		*ask = (struct ask){.request = request, .then = then};
		status = hand_in(request, question, ask);
	}
	if (status == STATUS_OK)
		return;
	question_free(question);
	http_reply_problem(request, status, status == STATUS_TOO_MANY ? "too many long questions are waiting already" : NULL);
}

void http_work_made(struct http_request *request)
{
	bell_ring(request->worker->server->bell);
}

void http_ask_failed(struct http_request *request, const struct question *question, const char *otherwise)
{
	if (question->detail.bytes != NULL)
		http_reply_problem(request, question->status, "%.*s", TEXT_ARGS(question->detail));
	else if (question->status == STATUS_NO_MEMORY)
		http_reply_problem(request, STATUS_NO_MEMORY, "the book does not fit into the memory a question may take");
	else
		http_reply_problem(request, question->status, "%s", otherwise);
}
