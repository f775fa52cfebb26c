/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls: bearer keys and roles. What a key may see is decided by its workspace in every statement. */
#include "exchange.h"

static const char *const role_names[] = {[ROLE_NONE] = "none", [ROLE_READ] = "read", [ROLE_WRITE] = "write", [ROLE_ADMIN] = "admin"};

static void refuse_key(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;

	if (exchange->bearer.bytes == NULL) {
		http_reply_header(request, "WWW-Authenticate", TEXT("Bearer realm=\"sweetspot\""));
		http_reply_problem(request, STATUS_UNAUTHORIZED, "send the header Authorization: Bearer KEY");
		return;
	}
	http_reply_header(request, "WWW-Authenticate", TEXT("Bearer realm=\"sweetspot\", error=\"invalid_token\""));
	http_reply_problem(request, STATUS_UNAUTHORIZED, "the key is not known, or has been revoked");
}

static void admit(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;

	if (request->principal.role >= request->route->role) {
		http_exchange_admit(exchange);
		return;
	}
	http_reply_problem(request, STATUS_FORBIDDEN, "this needs a key with role %s; yours has role %s", role_names[request->route->role],
	                   role_names[request->principal.role]);
}

static void on_asked(struct key_ask *ask, enum status status, const struct principal *principal)
{
	struct http_exchange *exchange = ask->owner;

	if (!http_exchange_release(exchange) || http_is_answered(&exchange->request))
		return;
	if (status == STATUS_UNAUTHORIZED) {
		refuse_key(exchange);
	} else if (status != STATUS_OK) {
		http_reply_problem(&exchange->request, status, "the key could not be looked up");
	} else {
		exchange->request.principal = *principal;
		admit(exchange);
	}
	http_exchange_wake(exchange);
}

static void ask(struct http_exchange *exchange)
{
	struct key_ask *ask = arena_alloc(exchange->request.arena, sizeof(*ask));

	if (ask == NULL) {
		http_reply_problem(&exchange->request, STATUS_NO_MEMORY, NULL);
		return;
	}
	ask->deadline_us = exchange->request.deadline_us;
	ask->on_done = on_asked;
	ask->owner = exchange;
	http_exchange_hold(exchange);
	store_key_ask(exchange->worker->store, exchange->bearer, ask);
}

void http_auth_start(struct http_exchange *exchange)
{
	struct http_request *request = &exchange->request;

	exchange->phase = HTTP_PHASE_KEY;
	if (request->route->role == ROLE_NONE) {
		http_exchange_admit(exchange);
		return;
	}
	if (exchange->bearer.bytes == NULL) {
		refuse_key(exchange);
		return;
	}
	switch (store_key_find(exchange->worker->store, exchange->bearer, &request->principal)) {
	case KEY_KNOWN:
		admit(exchange);
		break;
	case KEY_REFUSED:
		refuse_key(exchange);
		break;
	case KEY_ASK:
		ask(exchange);
		break;
	}
}
