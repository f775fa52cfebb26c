/* SPDX-License-Identifier: Apache-2.0 */
/* What pages of other origins may do (settings.cors_origins). Cookies are never used, so credentials are never allowed. */
#include <string.h>

#include "exchange.h"

#define MAX_AGE "600"

static const char request_headers[] = "Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key, Prefer, X-Actor, "
				      "X-Request-Id, traceparent, Last-Event-ID";
static const char answer_headers[] = "ETag, Location, X-Request-Id, Retry-After, Idempotent-Replayed, Preference-Applied, Link";

static bool is_listed(const char *origins, struct text origin)
{
	while (*origins != '\0') {
		size_t length = strcspn(origins, ",");

		if (text_equal(text_trim((struct text){origins, length}), origin))
			return true;
		origins += length + (origins[length] == ',');
	}
	return false;
}

/** @return the value of Access-Control-Allow-Origin; {NULL, 0}: not for this origin */
static struct text allowed_origin(const struct http_exchange *exchange)
{
	const char *origins = exchange->worker->server->settings->cors_origins;

	if (exchange->request.origin.bytes == NULL)
		return (struct text){NULL, 0};
	if (strcmp(origins, "*") == 0)
		return TEXT("*");
	return is_listed(origins, exchange->request.origin) ? exchange->request.origin : (struct text){NULL, 0};
}

void http_cors_apply(struct http_exchange *exchange)
{
	const char *origins = exchange->worker->server->settings->cors_origins;
	struct text origin;

	if (*origins == '\0')
		return;
	/* Caches must know that the answer differs by origin, also when this one is not allowed. */
	if (strcmp(origins, "*") != 0)
		http_reply_header(&exchange->request, "Vary", TEXT("Origin"));
	origin = allowed_origin(exchange);
	if (origin.bytes == NULL)
		return;
	http_reply_header(&exchange->request, "Access-Control-Allow-Origin", origin);
	http_reply_header(&exchange->request, "Access-Control-Expose-Headers", text_of(answer_headers));
}

void http_cors_preflight(struct http_exchange *exchange, unsigned allowed)
{
	struct http_request *request = &exchange->request;
	struct text methods = http_route_allow(request->arena, allowed);

	http_reply_header(request, "Allow", methods);
	if ((allowed & (1u << HTTP_PATCH)) != 0)
		http_reply_header(request, "Accept-Patch", TEXT("application/merge-patch+json, application/json"));
	if (exchange->requested_method.bytes != NULL && allowed_origin(exchange).bytes != NULL) {
		http_reply_header(request, "Access-Control-Allow-Methods", methods);
		http_reply_header(request, "Access-Control-Allow-Headers", text_of(request_headers));
		http_reply_header(request, "Access-Control-Max-Age", TEXT(MAX_AGE));
	}
	http_reply_empty(request, 204);
}
