/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL's binary values, out and in, and what its errors mean. Sends nothing. */
#include <sweetspot/database.h>

#include <endian.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/log.h>

#include "values.h"

/** PostgreSQL counts from 2000-01-01. */
#define EPOCH_DAYS 10957
#define EPOCH_US (EPOCH_DAYS * DAY_US)
#define JSONB_VERSION 1
#define ARRAY_HEAD_BYTES 20

/* clang-format off */
const int all_binary[PARAMS_MAX] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};
/* clang-format on */

/* ---- Parameters ---- */

struct params params_in(struct arena *arena)
{
	return (struct params){.arena = arena};
}

/** @return where `length` bytes of the next parameter go; NULL, and failed, when memory is short or there are too many parameters */
static char *next_value(struct params *params, size_t length)
{
	char *bytes;

	if (params->failed)
		return NULL;
	bytes = params->count < PARAMS_MAX && length <= INT32_MAX ? arena_alloc(params->arena, length == 0 ? 1 : length) : NULL;
	if (bytes == NULL) {
		params->failed = true;
		return NULL;
	}
	params->values[params->count] = bytes;
	params->lengths[params->count] = (int)length;
	params->count++;
	return bytes;
}

void params_null(struct params *params)
{
	if (params->count == PARAMS_MAX)
		params->failed = true;
	if (params->failed)
		return;
	params->values[params->count] = NULL;
	params->lengths[params->count] = 0;
	params->count++;
}

void params_bytes(struct params *params, const void *bytes, size_t length)
{
	char *value = next_value(params, length);

	if (value != NULL && length > 0)
		memcpy(value, bytes, length);
}

void params_bool(struct params *params, bool value)
{
	const char byte = value ? 1 : 0;

	params_bytes(params, &byte, sizeof(byte));
}

void params_int2(struct params *params, int16_t value)
{
	const uint16_t wire = htobe16((uint16_t)value);

	params_bytes(params, &wire, sizeof(wire));
}

void params_int4(struct params *params, int32_t value)
{
	const uint32_t wire = htobe32((uint32_t)value);

	params_bytes(params, &wire, sizeof(wire));
}

void params_int8(struct params *params, int64_t value)
{
	const uint64_t wire = htobe64((uint64_t)value);

	params_bytes(params, &wire, sizeof(wire));
}

void params_text(struct params *params, struct text value)
{
	if (value.bytes == NULL)
		params_null(params);
	else
		params_bytes(params, value.bytes, value.length);
}

void params_json(struct params *params, struct text json)
{
	char *value;

	if (json.bytes == NULL) {
		params_null(params);
		return;
	}
	value = next_value(params, json.length + 1);
	if (value == NULL)
		return;
	value[0] = JSONB_VERSION;
	memcpy(value + 1, json.bytes, json.length);
}

void params_day(struct params *params, int32_t day)
{
	if (day == DAY_NONE)
		params_null(params);
	else
		params_int4(params, day - EPOCH_DAYS);
}

void params_instant(struct params *params, int64_t instant_us)
{
	if (instant_us == INSTANT_NONE)
		params_null(params);
	else
		params_int8(params, instant_us - EPOCH_US);
}

/* ---- Arrays ---- */

/** array_type → the element's type in pg_type */
static const int32_t element_oids[] = {
	[ARRAY_BOOL] = 16,   [ARRAY_INT2] = 21,   [ARRAY_INT4] = 23,          [ARRAY_INT8] = 20,    [ARRAY_TEXT] = 25,
	[ARRAY_DATE] = 1082, [ARRAY_TIMESTAMPTZ] = 1184, [ARRAY_JSONB] = 3802, [ARRAY_BYTEA] = 17,
};

static char *put_int32(char *at, int32_t value)
{
	const uint32_t wire = htobe32((uint32_t)value);

	memcpy(at, &wire, sizeof(wire));
	return at + sizeof(wire);
}

/** dimensions, nulls, element type, length, lower bound; an empty array has no dimension. @return where the elements go */
static char *put_array_head(char *at, enum array_type type, bool has_null, int32_t count)
{
	at = put_int32(at, count > 0 ? 1 : 0);
	at = put_int32(at, has_null ? 1 : 0);
	at = put_int32(at, element_oids[type]);
	if (count == 0)
		return at;
	at = put_int32(at, count);
	return put_int32(at, 1);
}

static size_t array_head_bytes(int32_t count)
{
	return count > 0 ? ARRAY_HEAD_BYTES : ARRAY_HEAD_BYTES - 2 * sizeof(int32_t);
}

void params_int8_array(struct params *params, const int64_t *values, size_t count)
{
	const size_t element = sizeof(int32_t) + sizeof(int64_t);
	char *at;

	if (count > (INT32_MAX - ARRAY_HEAD_BYTES) / element) {
		params->failed = true;
		return;
	}
	at = next_value(params, array_head_bytes((int32_t)count) + count * element);
	if (at == NULL)
		return;
	at = put_array_head(at, ARRAY_INT8, false, (int32_t)count);
	for (size_t i = 0; i < count; i++) {
		const uint64_t wire = htobe64((uint64_t)values[i]);

		at = put_int32(at, sizeof(wire));
		memcpy(at, &wire, sizeof(wire));
		at += sizeof(wire);
	}
}

void params_array(struct params *params, const struct array_column *column)
{
	char *at;

	if (column->body.failed) {
		params->failed = true;
		return;
	}
	at = next_value(params, array_head_bytes(column->count) + column->body.length);
	if (at == NULL)
		return;
	at = put_array_head(at, column->type, column->has_null, column->count);
	if (column->body.length > 0)
		memcpy(at, column->body.bytes, column->body.length);
}

void array_column_init(struct array_column *column, enum array_type type)
{
	*column = (struct array_column){.type = type};
}

void array_column_release(struct array_column *column)
{
	buffer_release(&column->body);
	column->count = 0;
	column->has_null = false;
}

void array_add_null(struct array_column *column)
{
	buffer_append_int32(&column->body, -1);
	column->has_null = true;
	column->count++;
}

void array_add_bool(struct array_column *column, bool value)
{
	buffer_append_int32(&column->body, 1);
	buffer_append_char(&column->body, value ? 1 : 0);
	column->count++;
}

void array_add_int(struct array_column *column, int64_t value)
{
	struct buffer *body = &column->body;

	column->count++;
	switch (column->type) {
	case ARRAY_INT2:
		buffer_append_int32(body, sizeof(int16_t));
		buffer_append_int16(body, (int16_t)value);
		break;
	case ARRAY_INT4:
		buffer_append_int32(body, sizeof(int32_t));
		buffer_append_int32(body, (int32_t)value);
		break;
	default:
		buffer_append_int32(body, sizeof(int64_t));
		buffer_append_int64(body, value);
		break;
	}
}

void array_add_all(struct array_column *column, const struct array_column *more)
{
	if (more->body.failed || more->count > INT32_MAX - column->count) {
		column->body.failed = true;
		return;
	}
	buffer_append(&column->body, more->body.bytes, more->body.length);
	column->count += more->count;
	column->has_null |= more->has_null;
}

void array_add_text(struct array_column *column, struct text value)
{
	size_t version = column->type == ARRAY_JSONB ? 1 : 0;

	if (value.bytes == NULL) {
		array_add_null(column);
		return;
	}
	if (value.length > INT32_MAX - version) {
		column->body.failed = true;
		return;
	}
	buffer_append_int32(&column->body, (int32_t)(value.length + version));
	if (version > 0)
		buffer_append_char(&column->body, JSONB_VERSION);
	buffer_append_text(&column->body, value);
	column->count++;
}

void array_add_day(struct array_column *column, int32_t day)
{
	if (day == DAY_NONE) {
		array_add_null(column);
		return;
	}
	buffer_append_int32(&column->body, sizeof(int32_t));
	buffer_append_int32(&column->body, day - EPOCH_DAYS);
	column->count++;
}

void array_add_instant(struct array_column *column, int64_t instant_us)
{
	if (instant_us == INSTANT_NONE) {
		array_add_null(column);
		return;
	}
	buffer_append_int32(&column->body, sizeof(int64_t));
	buffer_append_int64(&column->body, instant_us - EPOCH_US);
	column->count++;
}

/* ---- Rows ---- */

bool row_is_null(struct row row, int column)
{
	return PQgetisnull(row.result, row.index, column) != 0;
}

bool row_bool(struct row row, int column)
{
	return !row_is_null(row, column) && *PQgetvalue(row.result, row.index, column) != 0;
}

int64_t row_int(struct row row, int column)
{
	const char *value = PQgetvalue(row.result, row.index, column);
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (PQgetlength(row.result, row.index, column)) {
	case sizeof(two):
		memcpy(&two, value, sizeof(two));
		return (int16_t)be16toh(two);
	case sizeof(four):
		memcpy(&four, value, sizeof(four));
		return (int32_t)be32toh(four);
	case sizeof(eight):
		memcpy(&eight, value, sizeof(eight));
		return (int64_t)be64toh(eight);
	default: /* null */
		return 0;
	}
}

struct text row_text(struct row row, int column)
{
	if (row_is_null(row, column))
		return (struct text){NULL, 0};
	return (struct text){PQgetvalue(row.result, row.index, column), (size_t)PQgetlength(row.result, row.index, column)};
}

struct text row_json(struct row row, int column)
{
	struct text value = row_text(row, column);

	return value.length == 0 ? value : (struct text){value.bytes + 1, value.length - 1};
}

int32_t row_day(struct row row, int column)
{
	return row_is_null(row, column) ? DAY_NONE : (int32_t)row_int(row, column) + EPOCH_DAYS;
}

int64_t row_instant(struct row row, int column)
{
	return row_is_null(row, column) ? INSTANT_NONE : row_int(row, column) + EPOCH_US;
}

double row_double(struct row row, int column)
{
	const uint64_t wire = (uint64_t)row_int(row, column);
	double value;

	memcpy(&value, &wire, sizeof(value));
	return value;
}

/* ---- Errors ---- */

/* SQLSTATE or the beginning of one → what it means. The first that fits. */
static const struct {
	const char *prefix;
	enum status status;
} meanings[] = {
	{"40001", STATUS_RETRY},       /* serialization failure */
	{"40P01", STATUS_RETRY},       /* deadlock */
	{"55P03", STATUS_RETRY},       /* lock time-out */
	{"57014", STATUS_DEADLINE},    /* statement time-out, or cancelled */
	{"57P0", STATUS_UNAVAILABLE},  /* the server goes, crashed, or does not take connections yet */
	{"08P01", STATUS_INTERNAL},    /* a parameter of the wrong length */
	{"08", STATUS_UNAVAILABLE},    /* connection */
	{"53", STATUS_UNAVAILABLE},    /* out of disk, memory or connections */
	{"25P03", STATUS_UNAVAILABLE}, /* idle in transaction for too long: the session is gone */
	{"25006", STATUS_UNAVAILABLE}, /* read-only: a standby, in the middle of a fail-over */
	{"0A000", STATUS_UNAVAILABLE}, /* a migration changed what a prepared statement returns: the session has to begin anew */
};

bool is_success(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY || status == PGRES_PIPELINE_SYNC;
}

bool has_code(const PGresult *result, const char *code)
{
	const char *given = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return given != NULL && strcmp(given, code) == 0;
}

enum status database_status(const PGresult *result)
{
	const char *code;

	if (result == NULL)
		return STATUS_UNAVAILABLE;
	if (is_success(result))
		return STATUS_OK;
	if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
		return STATUS_RETRY;
	code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	if (code == NULL) /* libpq's own words: the connection is gone */
		return STATUS_UNAVAILABLE;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strncmp(code, meanings[i].prefix, strlen(meanings[i].prefix)) == 0)
			return meanings[i].status;
	return STATUS_INTERNAL;
}

/* ---- Connecting ---- */

struct connect_words connect_words_of(const char *url, const char *application_name)
{
	/* What stands before the URL gives way to it; what stands behind it wins. */
	return (struct connect_words){
		.keywords = {"gssencmode", "connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
			     "dbname", "application_name", "client_encoding", NULL},
		.values = {"disable", "10", "15", "5", "3", "90000", url, application_name, "UTF8", NULL},
	};
}

void connect_words_add(struct connect_words *words, const char *keyword, const char *value)
{
	size_t at = 0;

	while (words->keywords[at] != NULL)
		at++;
	words->keywords[at] = keyword;
	words->values[at] = value;
}

static void on_notice(void *owner, const char *message)
{
	char value[LOG_VALUE_BYTES];

	(void)owner;
	log_event(LOG_DEBUG, "database_notice", "message=%s", log_value(value, text_trim(text_of(message))));
}

void quiet_notices(PGconn *connection)
{
	PQsetNoticeProcessor(connection, on_notice, NULL);
}

void session_limits_bind(struct params *params, const struct session_limits *limits)
{
	params_int8(params, limits->statement_ms);
	params_int8(params, limits->lock_ms);
	params_int8(params, limits->idle_ms);
	params_text(params, limits->generic_plans ? TEXT("force_generic_plan") : TEXT("force_custom_plan"));
	params_bool(params, !limits->generic_plans);
}
