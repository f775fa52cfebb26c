/* SPDX-License-Identifier: Apache-2.0 */
/* Which secondaries could become key, as a member of a review, made or not. */
#ifndef SERVICE_HTTP_CONTENDERS_JSON_H
#define SERVICE_HTTP_CONTENDERS_JSON_H

#include <sweetspot/contenders.h>
#include <sweetspot/json_writer.h>

/** "could_become_key" of an open object. @param revenue  of all clients, minor units; 0: there are none */
void contenders_write(struct json_writer *w, const struct contenders *contenders, int64_t revenue, int currency_digits);
/** The same, of a review whose first few are as review_contenders_shown has them; {NULL, 0}: there are none. first is not read. */
void contenders_shown_write(struct json_writer *w, struct contenders contenders, struct text shown, int64_t revenue, int currency_digits);

#endif
