/* SPDX-License-Identifier: Apache-2.0 */
/* Days in an organisation's record that letting go looks at. Pure. */
#ifndef SERVICE_HTTP_PROTECTION_H
#define SERVICE_HTTP_PROTECTION_H

#include <sweetspot/record.h>

/** @return the last day of its protection; DAY_NONE: none */
int32_t protected_until(const struct record *organisation);
/** @return since when it is a client, as stated; DAY_NONE: not stated */
int32_t client_since(const struct record *organisation);

#endif
