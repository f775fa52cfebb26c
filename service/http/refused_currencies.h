/* SPDX-License-Identifier: Apache-2.0 */
/* Records that are refused because the policy has no rate for their currency are counted: /v1/quality tells of them. */
#ifndef SERVICE_HTTP_REFUSED_CURRENCIES_H
#define SERVICE_HTTP_REFUSED_CURRENCIES_H

#include "http.h"

/* Of one request; records in further ones are not counted. */
#define REFUSED_CURRENCIES_MOST 16

/** What one request was refused for. Zeroed: nothing. */
struct refused_currencies {
	struct {
		char code[3];
		int64_t records;
	} items[REFUSED_CURRENCIES_MOST];
	size_t count;
};

/** intake_context.on_unrated; the owner is a struct refused_currencies. */
void refused_currencies_add(void *owner, struct text currency);
/**
 * Write down what was refused, if anything was, then go on. That it could not be written down is logged and keeps nobody from an answer.
 *
 * @param kind  as in the path
 * @param then  called at once when nothing was refused
 */
void refused_currencies_note(struct http_request *request, const char *kind, const struct refused_currencies *refused,
                             void (*then)(struct http_request *request, enum status status, const PGresult *rows));

#endif
