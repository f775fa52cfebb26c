/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL's binary values: parameters going out, rows coming back. Shared by the pipelined lanes and the blocking jobs. */
#ifndef SWEETSPOT_DATABASE_H
#define SWEETSPOT_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include <sweetspot/arena.h>
#include <sweetspot/buffer.h>
#include <sweetspot/status.h>
#include <sweetspot/text.h>

#include "statements.h"

#define PARAMS_MAX 64

/** Parameters of one statement, all binary, in the order of $1, $2 …; bytes live in the arena. `failed` is sticky. */
struct params {
	struct arena *arena;
	int count;
	const char *values[PARAMS_MAX];  /* NULL: SQL null */
	int lengths[PARAMS_MAX];
	bool failed;
};

/** No parameters yet; the values of those that are added are copied into the arena. */
struct params params_in(struct arena *arena);
/** Add an SQL null. Like all that add one: `failed` when there are PARAMS_MAX already or memory is short. */
void params_null(struct params *params);
/** boolean */
void params_bool(struct params *params, bool value);
/** smallint */
void params_int2(struct params *params, int16_t value);
/** integer */
void params_int4(struct params *params, int32_t value);
/** bigint */
void params_int8(struct params *params, int64_t value);
/** text, or null for "no text" */
void params_text(struct params *params, struct text value);
/** bytea, or any other value in its binary form: length bytes, never null */
void params_bytes(struct params *params, const void *bytes, size_t length);
/** jsonb from JSON text, or null */
void params_json(struct params *params, struct text json);
/** date, or null for DAY_NONE */
void params_day(struct params *params, int32_t day);
/** timestamptz, or null for INSTANT_NONE */
void params_instant(struct params *params, int64_t instant_us);
/** bigint[] of n values, none null */
void params_int8_array(struct params *params, const int64_t *values, size_t count);

/** The element types an array column may have. */
enum array_type { ARRAY_BOOL, ARRAY_INT2, ARRAY_INT4, ARRAY_INT8, ARRAY_TEXT, ARRAY_DATE, ARRAY_TIMESTAMPTZ, ARRAY_JSONB, ARRAY_BYTEA };

/** One column of many rows, as the binary array that unnest() turns back into rows. Grows on the heap; `body.failed` is sticky. */
struct array_column {
	enum array_type type;
	int32_t count;
	bool has_null;
	struct buffer body;
};

/** No elements yet; release it with array_column_release. */
void array_column_init(struct array_column *column, enum array_type type);
/** Free the elements; the column is empty again and keeps its type. */
void array_column_release(struct array_column *column);
/** Add an SQL null, of whatever type. Like all that add one: `body.failed` when memory is short. */
void array_add_null(struct array_column *column);
/** Add all elements of another column of the same type. */
void array_add_all(struct array_column *column, const struct array_column *more);
/** ARRAY_BOOL */
void array_add_bool(struct array_column *column, bool value);
/** ARRAY_INT2, ARRAY_INT4 or ARRAY_INT8, by the column's type */
void array_add_int(struct array_column *column, int64_t value);
/** ARRAY_TEXT, ARRAY_JSONB, ARRAY_BYTEA; null for "no text" */
void array_add_text(struct array_column *column, struct text value);
/** ARRAY_DATE; null for DAY_NONE */
void array_add_day(struct array_column *column, int32_t day);
/** ARRAY_TIMESTAMPTZ; null for INSTANT_NONE */
void array_add_instant(struct array_column *column, int64_t instant_us);
/** Hand the finished array over as the next parameter; copied into the params' arena. */
void params_array(struct params *params, const struct array_column *column);

/** One row of a result; columns are read by position, in the order the .sql file names. */
struct row {
	const PGresult *result;
	int index;
};

/** Whether the column is SQL null, of whatever type. */
bool row_is_null(struct row row, int column);
/** boolean; false for null */
bool row_bool(struct row row, int column);
/** smallint, integer or bigint, by the column's width; 0 for null */
int64_t row_int(struct row row, int column);
/** borrowed from the result; {NULL, 0} for null. For jsonb: the JSON text */
struct text row_text(struct row row, int column);
struct text row_json(struct row row, int column);
int32_t row_day(struct row row, int column);          /* DAY_NONE for null */
int64_t row_instant(struct row row, int column);      /* INSTANT_NONE for null */
double row_double(struct row row, int column);

/**
 * What a failed result or a dead connection means: STATUS_RETRY for 40001, 40P01, 55P03; STATUS_DEADLINE for 57014;
 * STATUS_UNAVAILABLE for a connection gone or a server going (57P0x, 08xxx, 53xxx); STATUS_INTERNAL for the rest.
 */
enum status database_status(const PGresult *result);

/** One blocking connection for jobs and the command line; its statements are prepared when first run. */
struct session;

/** What has been logged of a database that is away, for one who tries again and again; {0} to begin with. */
struct outage {
	int attempts;    /* that failed since it was there */
	int64_t said_us; /* when the last line was written */
};

/**
 * Connect, with application_name and time-outs set. Why it cannot be had is logged.
 *
 * @param outage  NULL: each failure is logged; else the first, then one a minute, and that it is back
 * @return NULL when it cannot be had
 */
struct session *session_open(const char *url, int64_t statement_ms, struct outage *outage);
void session_close(struct session *session);
/** The connection itself, for COPY. Borrowed. */
PGconn *session_connection(struct session *session);
/**
 * Run a prepared statement and wait.
 *
 * @param rows  binary rows, caller clears with PQclear; NULL when none are wanted; untouched on failure
 */
MUST_CHECK enum status session_run(struct session *session, enum statement statement, const struct params *params, PGresult **rows);
MUST_CHECK enum status session_begin(struct session *session, bool repeatable_read);
MUST_CHECK enum status session_commit(struct session *session);
void session_rollback(struct session *session);

#endif
