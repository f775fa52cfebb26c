/* SPDX-License-Identifier: Apache-2.0 */
/* A seller's lists, for whoever shows them. */
#ifndef SERVICE_HTTP_SELLER_LISTS_H
#define SERVICE_HTTP_SELLER_LISTS_H

#include "http.h"

/** Answer with the lists of the seller request->ids[0] as they stand; 404 where there is no such seller. */
void seller_lists_start(struct http_request *request);
/** An amount, null below 0. */
void seller_lists_amount_write(struct json_writer *w, const char *name, int64_t minor, int currency_digits);

#endif
