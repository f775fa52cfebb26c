/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers, hundredths and money, exactly; and what the writer of "$22,700.00" should write. */
#include "values.h"

#include <stdio.h>
#include <string.h>

#include <sweetspot/number.h>

#include "json.h"

#define MILLION 1000000
#define SCALED_DIGITS 2
/* Longer texts are not worth guessing at. */
#define GUESS_BYTES 40

static int128 power_of_ten(int exponent)
{
	int128 power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

/** Decimals a field's number is read with. */
static int digits_of(const struct field *field, const struct reading *reading)
{
	if (field->kind == FIELD_MONEY)
		return reading->money->digits;
	return field->kind == FIELD_SCALED ? SCALED_DIGITS : 0;
}

/** Decimals a field's number is kept with, and its bounds are in. */
static int digits_kept(const struct field *field, const struct reading *reading)
{
	return field->kind == FIELD_MONEY ? reading->money->workspace_digits : digits_of(field, reading);
}

/** 149398, 2 → "1493.98", in the arena. */
static struct text format_scaled(struct arena *arena, int64_t value, int digits)
{
	int64_t unit = (int64_t)power_of_ten(digits);
	const char *sign = value < 0 ? "-" : "";
	int64_t magnitude = value < 0 ? -value : value;

	if (magnitude % unit == 0)
		return text_format(arena, "%s%lld", sign, (long long)(magnitude / unit));
	return text_format(arena, "%s%lld.%0*lld", sign, (long long)(magnitude / unit), digits, (long long)(magnitude % unit));
}

static enum status refuse_range(const struct field *field, const struct reading *reading)
{
	bool foreign = field->kind == FIELD_MONEY && reading->money->is_foreign;
	struct text low = format_scaled(reading->arena, field->min, digits_kept(field, reading));
	struct text high = format_scaled(reading->arena, field->max, digits_kept(field, reading));

	if (foreign)
		READING_PROBLEM(reading, "must be from %.*s to %.*s, in %.*s", TEXT_ARGS(low), TEXT_ARGS(high),
		                TEXT_ARGS(reading->money->workspace_currency));
	else
		READING_PROBLEM(reading, "must be from %.*s to %.*s", TEXT_ARGS(low), TEXT_ARGS(high));
	return STATUS_INVALID;
}

static enum status refuse_decimals(const struct field *field, const struct reading *reading, bool is_double)
{
	int digits = digits_of(field, reading);
	struct text currency = reading->money->currency;

	if (field->kind == FIELD_INTEGER)
		READING_PROBLEM(reading, "must be a whole number, written without decimals, such as 350");
	else if (field->kind == FIELD_SCALED)
		READING_PROBLEM(reading, "has more than %d decimals; round it", digits);
	else if (digits == 0)
		READING_PROBLEM(reading, "has decimals, and %.*s has none; round it", TEXT_ARGS(currency));
	else if (is_double)
		READING_PROBLEM(reading, "is not exactly an amount with the %d decimals of %.*s; round it, or write it as text such as \"5000.25\"",
		                digits, TEXT_ARGS(currency));
	else
		READING_PROBLEM(reading, "has more decimals than the %d of %.*s; round it", digits, TEXT_ARGS(currency));
	return STATUS_INVALID;
}

/**
 * Foreign minor units to the workspace's, rounded half away from zero.
 *
 * @return false when the result is beyond what can be kept
 */
static bool convert(const struct money_reading *money, int64_t amount, int64_t *out)
{
	int128 dividend, magnitude;
	int128 divisor = MILLION * power_of_ten(money->digits);

	if (__builtin_mul_overflow((int128)amount * money->rate_millionths, power_of_ten(money->workspace_digits), &dividend))
		return false;
	magnitude = dividend < 0 ? -dividend : dividend;
	if (magnitude / divisor > EXACT_MAX)
		return false;
	*out = number_divide_rounded(dividend, divisor);
	return true;
}

/** From what the parser found to what is kept: convert, check the bounds, complain. */
static enum status accept(const struct field *field, enum number_result result, int64_t number, bool is_double,
                          const struct reading *reading, int64_t *out)
{
	bool foreign = field->kind == FIELD_MONEY && reading->money->is_foreign;

	if (result == NUMBER_TOO_PRECISE)
		return refuse_decimals(field, reading, is_double);
	if (result == NUMBER_TOO_LARGE || (foreign && !convert(reading->money, number, &number)))
		return refuse_range(field, reading);
	if (number < field->min || number > field->max)
		return refuse_range(field, reading);
	*out = number;
	return STATUS_OK;
}

/* --- JSON ---------------------------------------------------------------------------------------------------------- */

static enum number_result scale_integer(json_int_t value, int digits, int64_t *out)
{
	int128 scaled = value * power_of_ten(digits);

	if (scaled > EXACT_MAX || scaled < -EXACT_MAX)
		return NUMBER_TOO_LARGE;
	*out = (int64_t)scaled;
	return NUMBER_OK;
}

static enum status refuse_type(const struct field *field, const json_t *json, const struct reading *reading)
{
	if (json_is_real(json))
		return refuse_decimals(field, reading, true);
	if (field->kind == FIELD_INTEGER)
		READING_PROBLEM(reading, "must be a whole number, such as 350, without quotes");
	else if (field->kind == FIELD_SCALED)
		READING_PROBLEM(reading, "must be a number, such as 37.5, without quotes");
	else
		READING_PROBLEM(reading, "must be an amount: a number such as 5000.25, or the same in quotes");
	return STATUS_INVALID;
}

enum status intake_number_from_json(const struct field *field, const json_t *json, const struct reading *reading, int64_t *out)
{
	int digits = digits_of(field, reading);
	enum number_result result;
	int64_t number = 0;

	if (json_is_integer(json)) {
		result = scale_integer(json_integer_value(json), digits, &number);
		return accept(field, result, number, false, reading, out);
	}
	if (json_is_real(json) && field->kind != FIELD_INTEGER) {
		result = number_from_double(json_real_value(json), digits, &number);
		return accept(field, result, number, true, reading, out);
	}
	if (json_is_string(json) && field->kind == FIELD_MONEY)
		return intake_number_from_text(field, intake_json_text(json), reading, out);
	return refuse_type(field, json, reading);
}

/* --- texts --------------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/** What may stand around a number without changing it: blanks, %, currency signs ($ and all that is not ASCII), a code such as EUR. */
static bool is_decoration(struct text text)
{
	size_t letters = 0;

	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.bytes[i];

		if (c >= 'A' && c <= 'Z')
			letters++;
		else if (c != ' ' && c != '%' && c != '$' && c < 0x80)
			return false;
	}
	return letters == 0 || letters == 3;
}

/** @return bytes of the thousands separator the text begins with; 0 for none */
static size_t separator_bytes(struct text text, char decimal)
{
	/* no-break space, narrow no-break space, right quotation mark */
	static const char *const wide[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x99"};

	if (text.length > 0 && text.bytes[0] != decimal && text.bytes[0] != '\0' && strchr(",.' ", text.bytes[0]) != NULL)
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (text.length > strlen(wide[i]) && memcmp(text.bytes, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

static struct text behind(struct text text, size_t bytes)
{
	return (struct text){text.bytes + bytes, text.length - bytes};
}

static size_t digit_run(struct text text)
{
	size_t run = 0;

	while (run < text.length && is_digit(text.bytes[run]))
		run++;
	return run;
}

/**
 * Copy digits without their thousands separators: a first group of one to three, each further of exactly three.
 *
 * @param text  from the first digit on; moved behind what was taken
 * @return      bytes written to `out`; 0 when the groups are not those of a number
 */
static size_t copy_groups(struct text *text, char decimal, char *out)
{
	size_t run = digit_run(*text);
	size_t first = run;
	size_t length = 0;

	for (;;) {
		size_t separator;

		memcpy(out + length, text->bytes, run);
		length += run;
		*text = behind(*text, run);
		separator = separator_bytes(*text, decimal);
		if (separator == 0 || separator == text->length || !is_digit(text->bytes[separator]))
			return length;
		*text = behind(*text, separator);
		run = digit_run(*text);
		if (first > 3 || run != 3)
			return 0;
	}
}

/**
 * What the writer of "$22,700.00" or "22 700,00 €" meant, where that is beyond doubt.
 *
 * @param out  GUESS_BYTES + 1 bytes: a plain number with '.' and a NUL
 */
static bool guess(struct text text, char decimal, char *out)
{
	size_t length = 0;
	size_t front = 0;
	size_t groups;

	if (text.length == 0 || text.length > GUESS_BYTES)
		return false;
	if (text.bytes[0] == '-') {
		out[length++] = '-';
		text = behind(text, 1);
	}
	while (front < text.length && !is_digit(text.bytes[front]))
		front++;
	if (!is_decoration((struct text){text.bytes, front}))
		return false;
	text = behind(text, front);
	groups = copy_groups(&text, decimal, out + length);
	length += groups;
	if (groups == 0)
		return false;
	if (text.length > 1 && text.bytes[0] == decimal && is_digit(text.bytes[1])) {
		size_t run = digit_run(behind(text, 1));

		out[length++] = '.';
		memcpy(out + length, text.bytes + 1, run);
		length += run;
		text = behind(text, 1 + run);
	}
	out[length] = '\0';
	return is_decoration(text);
}

/** Write a plain number the way this input writes decimals. */
static void localise(char *number, char decimal)
{
	char *point = strchr(number, '.');

	if (point != NULL)
		*point = decimal;
}

static enum status refuse_number(const struct field *field, struct text text, const struct reading *reading)
{
	char plain[GUESS_BYTES + 1];
	char other = reading->decimal == '.' ? ',' : '.';
	const char *sample = field->kind == FIELD_INTEGER ? "350" : reading->decimal == ',' ? "22700,00" : "22700.00";

	if (guess(text, reading->decimal, plain)) {
		localise(plain, reading->decimal);
		READING_PROBLEM(reading, "\"%.*s\" is not a plain number; write %s without %s sign or thousands separators", TEXT_ARGS(text), plain,
		                field->kind == FIELD_SCALED ? "percent" : "currency");
	} else if (guess(text, other, plain)) {
		localise(plain, reading->decimal);
		READING_PROBLEM(reading, "\"%.*s\" is not a plain number; write %s%s", TEXT_ARGS(text), plain,
		                !reading->is_cell ? "" : other == ',' ? ", or import with ?decimal=, and no thousands separators"
		                                                     : ", or import without ?decimal=,");
	} else {
		READING_PROBLEM(reading, "\"%.*s%s\" is not a number; write it plainly, such as %s", SHOWN(text), sample);
	}
	return STATUS_INVALID;
}

/** The text with '.' for the decimal comma; as it is when it has none, or a point that ?decimal=, does not allow. */
static enum status with_point(struct text text, const struct reading *reading, struct text *out, bool *plain)
{
	struct text copy;
	char *comma;

	*plain = reading->decimal == '.' || text.length == 0 || memchr(text.bytes, '.', text.length) == NULL;
	*out = text;
	if (reading->decimal == '.' || !*plain || text.length == 0 || memchr(text.bytes, ',', text.length) == NULL)
		return STATUS_OK;
	copy = text_copy(reading->arena, text);
	if (copy.bytes == NULL)
		return STATUS_NO_MEMORY;
	comma = (char *)memchr(copy.bytes, ',', copy.length);
	*comma = '.';
	*out = copy;
	return STATUS_OK;
}

enum status intake_number_from_text(const struct field *field, struct text text, const struct reading *reading, int64_t *out)
{
	struct text pointed;
	bool plain;
	int64_t number = 0;
	enum number_result result = NUMBER_NOT_PLAIN;
	enum status status = with_point(text, reading, &pointed, &plain);

	if (status != STATUS_OK)
		return status;
	if (plain)
		result = number_parse(pointed, digits_of(field, reading), &number);
	if (result == NUMBER_NOT_PLAIN)
		return refuse_number(field, text, reading);
	/* 350.0 for a whole number is refused as in JSON: it tells of a column that is something else. */
	if (field->kind == FIELD_INTEGER && memchr(pointed.bytes, '.', pointed.length) != NULL)
		return refuse_decimals(field, reading, false);
	return accept(field, result, number, false, reading, out);
}
