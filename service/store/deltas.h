/* SPDX-License-Identifier: Apache-2.0 */
/* Differences of the daily sums, gathered by key so that each row is touched once a batch. */
#ifndef SERVICE_STORE_DELTAS_H
#define SERVICE_STORE_DELTAS_H

#include "batch.h"

/** What an entry without its own margin earns: amount × pct, hundredths of a percent, half away from zero. */
int64_t entry_margin(int64_t amount, int32_t margin_pct_centi);

#endif
