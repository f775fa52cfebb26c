/* SPDX-License-Identifier: Apache-2.0 */
/* The binary COPY format (PostgreSQL documentation, COPY, "Binary Format"). What the fields mean is the reader's business. */
#include "copy.h"

#include <string.h>

#include <sweetspot/calendar.h>

#define SIGNATURE "PGCOPY\n\377\r\n"
#define SIGNATURE_BYTES 11         /* with the NUL behind it */
#define HEADER_BYTES (SIGNATURE_BYTES + 8)
#define POSTGRES_EPOCH_DAYS 10957  /* 2000-01-01 */

/** A big-endian integer of up to 8 bytes. */
static int64_t integer_at(const char *bytes, size_t length)
{
	uint64_t value = (unsigned char)bytes[0] >= 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < length; i++)
		value = value << 8 | (unsigned char)bytes[i];
	return (int64_t)value;
}

static bool has_left(const struct copy *copy, size_t bytes)
{
	return (size_t)(copy->end - copy->at) >= bytes;
}

enum status jobs_copy_begin(struct copy *copy, struct session *session, enum statement statement)
{
	PGresult *result;
	enum status status;

	*copy = (struct copy){.connection = session_connection(session)};
	result = PQexec(copy->connection, statement_texts[statement].sql);
	if (PQresultStatus(result) == PGRES_COPY_OUT)
		status = STATUS_OK;
	else
		status = database_status(result) == STATUS_OK ? STATUS_INTERNAL : database_status(result);
	PQclear(result);
	return status;
}

/** @return whether there is a message; at its start the header, which the first one begins with, has been passed over */
static bool next_message(struct copy *copy)
{
	int length;

	PQfreemem(copy->message);
	copy->message = NULL;
	length = PQgetCopyData(copy->connection, &copy->message, 0);
	if (length < 0)
		return false;
	copy->at = copy->message;
	copy->end = copy->message + length;
	if (copy->has_header)
		return true;
	copy->has_header = true;
	copy->broken = !has_left(copy, HEADER_BYTES) || memcmp(copy->at, SIGNATURE, SIGNATURE_BYTES) != 0;
	if (!copy->broken)
		copy->at += HEADER_BYTES + integer_at(copy->at + SIGNATURE_BYTES + 4, 4);
	return true;
}

enum status jobs_copy_next(struct copy *copy, bool *has_row)
{
	while (copy->at == copy->end)
		if (copy->broken || !next_message(copy))
			break;
	*has_row = false;
	if (copy->broken || (copy->at != copy->end && !has_left(copy, 2)))
		return STATUS_INTERNAL;
	if (copy->at == copy->end)
		return STATUS_OK;
	*has_row = integer_at(copy->at, 2) >= 0;
	copy->at += 2;
	return STATUS_OK;
}

enum status jobs_copy_end(struct copy *copy)
{
	enum status status = STATUS_OK;
	PGresult *result;

#ifndef WITHOUT_COPY_DRAIN
	while (next_message(copy))
		continue;
#endif
	while ((result = PQgetResult(copy->connection)) != NULL) {
		if (status == STATUS_OK)
			status = database_status(result);
		PQclear(result);
	}
	if (PQstatus(copy->connection) != CONNECTION_OK)
		return STATUS_UNAVAILABLE;
	return copy->broken && status == STATUS_OK ? STATUS_INTERNAL : status;
}

/** @return the field's bytes, NULL for a null or when the row is not as expected */
static const char *next_field(struct copy *copy, size_t *length)
{
	const char *field;
	int64_t bytes;

	*length = 0;
	if (copy->broken || !has_left(copy, 4)) {
		copy->broken = true;
		return NULL;
	}
	bytes = integer_at(copy->at, 4);
	copy->at += 4;
	if (bytes < 0)
		return NULL;
	if (!has_left(copy, (size_t)bytes)) {
		copy->broken = true;
		return NULL;
	}
	field = copy->at;
	copy->at += bytes;
	*length = (size_t)bytes;
	return field;
}

int64_t copy_int(struct copy *copy, int64_t fallback)
{
	size_t length;
	const char *field = next_field(copy, &length);

	if (length > sizeof(int64_t))
		copy->broken = true;
	return field == NULL || length == 0 || length > sizeof(int64_t) ? fallback : integer_at(field, length);
}

bool copy_bool(struct copy *copy)
{
	return copy_int(copy, 0) != 0;
}

struct text copy_text(struct copy *copy)
{
	size_t length;
	const char *field = next_field(copy, &length);

	return (struct text){field, length};
}

int32_t copy_day(struct copy *copy)
{
	int64_t day = copy_int(copy, INT64_MIN);

	return day == INT64_MIN ? DAY_NONE : (int32_t)day + POSTGRES_EPOCH_DAYS;
}
