/* SPDX-License-Identifier: Apache-2.0 */
/* Many rows as one array a column: the form in which a batch sends them. */
#ifndef SERVICE_STORE_COLUMNS_H
#define SERVICE_STORE_COLUMNS_H

#include <sweetspot/database.h>

#include "items.h"

/** Array columns side by side, all of the same number of rows when sent. Released with columns_release; memory shortage shows when sent. */
struct columns {
	struct array_column column[PARAMS_MAX];
	int count;
};

/** Start columns of these types, left to right. */
void columns_init(struct columns *columns, const enum array_type *types, int count);
void columns_release(struct columns *columns);
/** Append every column as a parameter, left to right. */
void columns_params(const struct columns *columns, struct params *params);

/** Start the columns of insert_<kind> and update_<kind>: id, is_account (organisations), fields, said … updated_at, derived keys. */
void record_columns_init(struct columns *columns, enum record_kind kind);
/** Add item->after as a row. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status record_columns_add(struct columns *columns, const struct item *item, struct arena *arena);

#endif
