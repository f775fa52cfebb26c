/* SPDX-License-Identifier: Apache-2.0 */
/* Integer days and instants against their text. No time zones beyond a written offset, no clock. */
#include <sweetspot/calendar.h>

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define DAY_MINUTES INT64_C(1440)

/* 0001-01-01 and 9999-12-31 */
#define FIRST_DAY (-719162)
#define LAST_DAY 2932896
#define FIRST_INSTANT (FIRST_DAY * DAY_US)
#define LAST_INSTANT (LAST_DAY * DAY_US + DAY_US - 1)

#define YEAR_DAYS 365
#define ERA_DAYS 146097  /* 400 years, after which the Gregorian calendar repeats */
#define EPOCH_DAYS 719468  /* from 0000-03-01 to 1970-01-01 */

/**
 * Years that begin in March put the leap day last, so a month's start needs no table:
 * Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
int32_t day_from_civil(struct civil_date date)
{
	int year = date.month <= 2 ? date.year - 1 : date.year;
	int era = (year >= 0 ? year : year - 399) / 400;
	int year_of_era = year - era * 400;
	int day_of_year = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
	int day_of_era = year_of_era * YEAR_DAYS + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (int32_t)(era * ERA_DAYS + day_of_era - EPOCH_DAYS);
}

struct civil_date day_to_civil(int32_t day)
{
	int64_t shifted = (int64_t)day + EPOCH_DAYS;
	int64_t era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
	int day_of_era = (int)(shifted - era * ERA_DAYS);
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / YEAR_DAYS;
	int day_of_year = day_of_era - (YEAR_DAYS * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_from_march = (5 * day_of_year + 2) / 153;
	int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
	int year = (int)(era * 400) + year_of_era + (month <= 2);

	return (struct civil_date){year, month, day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

static int64_t divide_down(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

int32_t day_of_instant(int64_t instant_us)
{
	if (instant_us == INSTANT_NONE)
		return DAY_NONE;
	return (int32_t)divide_down(instant_us, DAY_US);
}

/** Read exactly `count` digits and step over them. */
static bool take_number(struct text *text, size_t count, int *value)
{
	int number = 0;

	if (text->length < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		char c = text->bytes[i];

		if (c < '0' || c > '9')
			return false;
		number = number * 10 + (c - '0');
	}
	text->bytes += count;
	text->length -= count;
	*value = number;
	return true;
}

static bool take_char(struct text *text, char upper, char lower)
{
	if (text->length == 0 || (text->bytes[0] != upper && text->bytes[0] != lower))
		return false;
	text->bytes++;
	text->length--;
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool take_day(struct text *text, int32_t *day)
{
	struct civil_date date;

	if (!take_number(text, 4, &date.year) || !take_char(text, '-', '-') || !take_number(text, 2, &date.month) ||
	    !take_char(text, '-', '-') || !take_number(text, 2, &date.day))
		return false;
	if (date.year < 1 || date.month < 1 || date.month > 12)
		return false;
	if (date.day < 1 || date.day > days_in_month(date.year, date.month))
		return false;
	*day = day_from_civil(date);
	return true;
}

bool day_parse(struct text text, int32_t *day)
{
	int32_t parsed;

	if (!take_day(&text, &parsed) || text.length != 0)
		return false;
	*day = parsed;
	return true;
}

static bool take_hour_minute(struct text *text, int *minutes)
{
	int hour, minute;

	if (!take_number(text, 2, &hour) || !take_char(text, ':', ':') || !take_number(text, 2, &minute))
		return false;
	if (hour > 23 || minute > 59)
		return false;
	*minutes = hour * 60 + minute;
	return true;
}

static bool take_fraction(struct text *text, int64_t *microseconds)
{
	int64_t value = 0;
	size_t count = 0;

	while (count < text->length && text->bytes[count] >= '0' && text->bytes[count] <= '9') {
		if (count < 6)
			value = value * 10 + (text->bytes[count] - '0');
		count++;
	}
	if (count == 0 || count > 9)
		return false;
	for (size_t i = count; i < 6; i++)
		value *= 10;
	text->bytes += count;
	text->length -= count;
	*microseconds = value;
	return true;
}

static bool take_offset(struct text *text, int *minutes)
{
	bool is_west;

	if (take_char(text, 'Z', 'z')) {
		*minutes = 0;
		return true;
	}
	is_west = text->length > 0 && text->bytes[0] == '-';
	if (!take_char(text, '+', '-') || !take_hour_minute(text, minutes))
		return false;
	if (is_west)
		*minutes = -*minutes;
	return true;
}

bool instant_parse(struct text text, int64_t *instant_us)
{
	int32_t day;
	int minutes, second, offset;
	int64_t fraction_us = 0;
	int64_t minute, parsed;

	if (!take_day(&text, &day) || !take_char(&text, 'T', 't') || !take_hour_minute(&text, &minutes) ||
	    !take_char(&text, ':', ':') || !take_number(&text, 2, &second) || second > 60)
		return false;
	if (take_char(&text, '.', '.') && !take_fraction(&text, &fraction_us))
		return false;
	if (!take_offset(&text, &offset) || text.length != 0)
		return false;
	minute = day * DAY_MINUTES + minutes - offset;
	if (second == 60) {
		/* RFC 3339 §5.7: only the last minute of a UTC day can have one. */
		if (minute - divide_down(minute, DAY_MINUTES) * DAY_MINUTES != DAY_MINUTES - 1)
			return false;
		second = 59;
	}
	parsed = minute * MINUTE_US + second * SECOND_US + fraction_us;
	if (parsed < FIRST_INSTANT || parsed > LAST_INSTANT)
		return false;
	*instant_us = parsed;
	return true;
}

static char *put_number(char *at, int64_t value, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		at[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + width;
}

void day_format(int32_t day, char out[11])
{
	struct civil_date date;
	char *at = out;

	if (day < FIRST_DAY)
		day = FIRST_DAY;
	if (day > LAST_DAY)
		day = LAST_DAY;
	date = day_to_civil(day);
	at = put_number(at, date.year, 4);
	*at++ = '-';
	at = put_number(at, date.month, 2);
	*at++ = '-';
	at = put_number(at, date.day, 2);
	*at = '\0';
}

void instant_format(int64_t instant_us, char out[28])
{
	int64_t day, second, fraction;
	char *at = out + 10;

	if (instant_us < FIRST_INSTANT)
		instant_us = FIRST_INSTANT;
	if (instant_us > LAST_INSTANT)
		instant_us = LAST_INSTANT;
	day = divide_down(instant_us, DAY_US);
	second = (instant_us - day * DAY_US) / SECOND_US;
	fraction = (instant_us - day * DAY_US) % SECOND_US;
	day_format((int32_t)day, out);
	*at++ = 'T';
	at = put_number(at, second / 3600, 2);
	*at++ = ':';
	at = put_number(at, second / 60 % 60, 2);
	*at++ = ':';
	at = put_number(at, second % 60, 2);
	if (fraction != 0) {
		*at++ = '.';
		at = fraction % 1000 == 0 ? put_number(at, fraction / 1000, 3) : put_number(at, fraction, 6);
	}
	*at++ = 'Z';
	*at = '\0';
}
