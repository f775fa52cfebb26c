/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of things that are numbered: newest first, a number as cursor. */
#ifndef SERVICE_HTTP_PAGING_H
#define SERVICE_HTTP_PAGING_H

#include "http.h"

/** The parameters of such a list stand first in its route's table, in this order. */
enum { PAGING_LIMIT, PAGING_CURSOR, PAGING_PARAMETERS };
#define PAGING_TABLE {"limit", HTTP_INTEGER, 1, 500, NULL, 50}, {"cursor", HTTP_TEXT, 0, 1024, NULL, 0}

/**
 * Read ?cursor=.
 *
 * @param list    what makes this list another than the rest
 * @param before  the number behind which the page begins; untouched without a cursor
 * @return        false: answered with 422 or 503
 */
bool paging_cursor_read(struct http_request *request, struct text list, int64_t *before);
/**
 * Close "data" and write "next_cursor".
 *
 * @param last  number of the last row shown
 * @return      STATUS_OK or STATUS_NO_MEMORY
 */
MUST_CHECK enum status paging_close(struct http_request *request, struct json_writer *w, struct text list, bool has_more, int64_t last);
/** A number from a path. @return 1 .. INT32_MAX; 0 for anything else */
int32_t paging_number(struct text text);

#endif
