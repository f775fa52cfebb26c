/* SPDX-License-Identifier: Apache-2.0 */
/* The seven kinds of record as resources, for the files that read, write and import them. */
#ifndef SERVICE_HTTP_RECORDS_H
#define SERVICE_HTTP_RECORDS_H

#include <sweetspot/intake.h>

#include "http.h"

/** Accounts and prospects are one kind of record and two resources. */
enum http_resource_name {
	HTTP_SELLERS, HTTP_ACCOUNTS, HTTP_PROSPECTS, HTTP_CONTACTS, HTTP_DEALS, HTTP_ACTIVITIES, HTTP_REVENUE, HTTP_RESOURCES
};

/** What a route's `detail` points to. */
struct http_resource {
	const char *plural;      /* in the path */
	enum record_kind kind;
	bool as_account;
	enum statement read;     /* of one by (workspace, id) */
};
extern const struct http_resource http_resources[HTTP_RESOURCES];

/** What decoding a body needs to know of the request's workspace. rates are borrowed. */
struct intake_context http_intake_context(struct http_request *request, const struct exchange_rate *rates, int32_t rate_count);

#endif
