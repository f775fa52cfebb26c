/* SPDX-License-Identifier: Apache-2.0 */
/* The member "would_change" of explanations. */
#ifndef SERVICE_HTTP_WOULD_CHANGE_JSON_H
#define SERVICE_HTTP_WOULD_CHANGE_JSON_H

#include <sweetspot/json_writer.h>

#include "would_change.h"

/** Write what would change an account, or a prospect; null where nothing would. */
void would_change_write(struct json_writer *w, const struct would_change *change, bool of_account, int currency_digits);

#endif
