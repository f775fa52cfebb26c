/* SPDX-License-Identifier: Apache-2.0 */
/* Days and instants as integers, and their RFC 3339 text. Proleptic Gregorian, UTC. */
#ifndef SWEETSPOT_CALENDAR_H
#define SWEETSPOT_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/text.h>

/** Days since 1970-01-01 in an int32_t; years 0001 to 9999 are valid. */
#define DAY_NONE INT32_MIN
/** Microseconds since 1970-01-01T00:00:00Z in an int64_t. */
#define INSTANT_NONE INT64_MIN
#define DAY_US INT64_C(86400000000)

struct civil_date {
	int year;   /* 1..9999 */
	int month;  /* 1..12 */
	int day;    /* 1..31 */
};

/** @param date  a day that exists */
int32_t day_from_civil(struct civil_date date);
struct civil_date day_to_civil(int32_t day);
/** The UTC day an instant lies in, also before 1970; DAY_NONE for INSTANT_NONE. */
int32_t day_of_instant(int64_t instant_us);
/** Parse "YYYY-MM-DD" exactly. @return false, *day untouched, for anything else or a day that does not exist */
bool day_parse(struct text text, int32_t *day);
/** Parse an RFC 3339 date-time with Z or an offset, up to 9 fractional digits (cut to microseconds), 't' and 'z' allowed, a leap second :60
 * (23:59:60 UTC alone) taken as :59. @return false, *instant_us untouched, for anything else */
bool instant_parse(struct text text, int64_t *instant_us);
/** Write "YYYY-MM-DD" and a NUL; a day outside the valid years is written as the nearest within. */
void day_format(int32_t day, char out[11]);
/** Write RFC 3339 UTC with 0, 3 or 6 fractional digits and a NUL; clamped as day_format. */
void instant_format(int64_t instant_us, char out[28]);

#endif
