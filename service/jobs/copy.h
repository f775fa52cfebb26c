/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what COPY ... TO STDOUT (FORMAT binary) sends, row by row, field by field. */
#ifndef SERVICE_JOBS_COPY_H
#define SERVICE_JOBS_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/database.h>

/** A COPY being read. `broken` is sticky: a field was asked for that the row does not have in that form. */
struct copy {
	PGconn *connection;
	char *message;         /* of libpq */
	const char *at, *end;
	bool has_header;
	bool broken;
};

/** Start one. @return STATUS_OK, or what database_status says */
MUST_CHECK enum status jobs_copy_begin(struct copy *copy, struct session *session, enum statement statement);
/** Go to the next row. @return STATUS_OK with *has_row, false at the end; STATUS_UNAVAILABLE; STATUS_INTERNAL when it is not as expected */
MUST_CHECK enum status jobs_copy_next(struct copy *copy, bool *has_row);
/** End it, wherever it stands, so that the connection takes statements again. @return the COPY's own outcome */
MUST_CHECK enum status jobs_copy_end(struct copy *copy);

/* The fields of a row, left to right; each as its column's type is. A null reads as the fallback, as no text, or as DAY_NONE. */
bool copy_bool(struct copy *copy);
int64_t copy_int(struct copy *copy, int64_t fallback);
struct text copy_text(struct copy *copy);
int32_t copy_day(struct copy *copy);

#endif
