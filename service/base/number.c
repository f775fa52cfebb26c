/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals. Rounding happens only where a name says so. */
#include <sweetspot/number.h>

#include <math.h>
#include <string.h>

#define MOST_DIGITS 6

__extension__ typedef unsigned __int128 uint128;

static const int64_t powers_of_ten[MOST_DIGITS + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000};

/** The parts of a plain decimal: views of its digits. */
struct decimal {
	bool is_negative;
	struct text whole;
	struct text fraction;
};

static struct text take_digits(struct text *text)
{
	struct text digits = {text->bytes, 0};

	while (digits.length < text->length && text->bytes[digits.length] >= '0' && text->bytes[digits.length] <= '9')
		digits.length++;
	text->bytes += digits.length;
	text->length -= digits.length;
	return digits;
}

static bool split(struct text text, struct decimal *out)
{
	*out = (struct decimal){.is_negative = false, .whole = TEXT(""), .fraction = TEXT("")};
	if (text.length > 0 && (text.bytes[0] == '-' || text.bytes[0] == '+')) {
		out->is_negative = text.bytes[0] == '-';
		text.bytes++;
		text.length--;
	}
	if (text.length == 0)
		return false;
	out->whole = take_digits(&text);
	if (out->whole.length == 0)
		return false;
	if (text.length == 0)
		return true;
	if (text.bytes[0] != '.')
		return false;
	text.bytes++;
	text.length--;
	out->fraction = take_digits(&text);
	return out->fraction.length > 0 && text.length == 0;
}

/** Append a digit to a number that stays within EXACT_MAX. */
static bool push_digit(int64_t *value, char digit)
{
	int64_t longer = *value * 10 + (digit - '0');

	if (longer > EXACT_MAX)
		return false;
	*value = longer;
	return true;
}

enum number_result number_parse(struct text text, int digits, int64_t *out)
{
	struct decimal parts;
	int64_t value = 0;

	if (!split(text, &parts))
		return NUMBER_NOT_PLAIN;
	for (size_t i = (size_t)digits; i < parts.fraction.length; i++)
		if (parts.fraction.bytes[i] != '0')
			return NUMBER_TOO_PRECISE;
	for (size_t i = 0; i < parts.whole.length; i++)
		if (!push_digit(&value, parts.whole.bytes[i]))
			return NUMBER_TOO_LARGE;
	for (size_t i = 0; i < (size_t)digits; i++)
		if (!push_digit(&value, i < parts.fraction.length ? parts.fraction.bytes[i] : '0'))
			return NUMBER_TOO_LARGE;
	*out = parts.is_negative ? -value : value;
	return NUMBER_OK;
}

enum number_result number_from_double(double value, int digits, int64_t *out)
{
	const double scale = (double)powers_of_ten[digits];
	double scaled = value * scale;
	int64_t near, found = 0;
	int matches = 0;

	if (!isfinite(value))
		return NUMBER_NOT_PLAIN;
	if (fabs(scaled) > (double)EXACT_MAX + 2)
		return NUMBER_TOO_LARGE;
	/* The product is rounded and can be one off; the quotient of two exact doubles is the nearest double, as a parser finds it. */
	near = llround(scaled);
	for (int64_t unit = near - 1; unit <= near + 1; unit++) {
		if (unit < -EXACT_MAX || unit > EXACT_MAX || (double)unit / scale != value)
			continue;
		found = unit;
		matches++;
	}
	/* Above 2^46 two amounts can share their nearest double: which one was meant is not known any more. */
	if (matches != 1)
		return fabs(scaled) > (double)EXACT_MAX ? NUMBER_TOO_LARGE : NUMBER_TOO_PRECISE;
	*out = found;
	return NUMBER_OK;
}

static uint128 magnitude(int128 value)
{
	return value < 0 ? -(uint128)value : (uint128)value;
}

int64_t number_divide_rounded(int128 a, int128 b)
{
	uint128 dividend = magnitude(a);
	uint128 divisor = magnitude(b);
	uint128 quotient = dividend / divisor;
	uint128 rest = dividend % divisor;
	bool is_negative = (a < 0) != (b < 0);

	if (rest >= divisor - rest)
		quotient++;
	return (int64_t)(is_negative ? -quotient : quotient);
}

/* ISO 4217, list one: the currencies whose minor unit is not a hundredth. */
static const struct {
	char code[4];
	int digits;
} odd_currencies[] = {
	{"BHD", 3}, {"BIF", 0}, {"CLF", 4}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"IQD", 3}, {"ISK", 0}, {"JOD", 3},
	{"JPY", 0}, {"KMF", 0}, {"KRW", 0}, {"KWD", 3}, {"LYD", 3}, {"OMR", 3}, {"PYG", 0}, {"RWF", 0}, {"TND", 3},
	{"UGX", 0}, {"UYI", 0}, {"UYW", 4}, {"VND", 0}, {"VUV", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0},
};

int currency_digits(struct text code)
{
	if (code.length != 3)
		return -1;
	for (size_t i = 0; i < 3; i++)
		if (code.bytes[i] < 'A' || code.bytes[i] > 'Z')
			return -1;
	for (size_t i = 0; i < sizeof(odd_currencies) / sizeof(odd_currencies[0]); i++)
		if (memcmp(odd_currencies[i].code, code.bytes, 3) == 0)
			return odd_currencies[i].digits;
	return 2;
}
