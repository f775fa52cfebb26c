/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimal numbers: text to scaled integers and back, and rounding half away from zero. */
#ifndef SWEETSPOT_NUMBER_H
#define SWEETSPOT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/text.h>

/** Exact intermediate results: 128 bits, which ISO C has no name for. */
__extension__ typedef __int128 int128;

/** Largest money and other exact integer: 2^53 (domain.md §1). */
#define EXACT_MAX (INT64_C(1) << 53)

enum number_result { NUMBER_OK, NUMBER_NOT_PLAIN, NUMBER_TOO_PRECISE, NUMBER_TOO_LARGE };

/**
 * Parse a plain decimal: optional sign, digits, optional '.' and digits; no exponent, no grouping, no currency sign, no blanks.
 *
 * @param digits  decimals kept, 0..6; "12.50" with 2 is 1250; zeros beyond are allowed, other digits are NUMBER_TOO_PRECISE
 * @param out     the scaled integer, |out| <= EXACT_MAX; untouched unless NUMBER_OK
 */
enum number_result number_parse(struct text text, int digits, int64_t *out);
/**
 * Scale a double to an integer of minor units, only if the double is exactly the nearest double of that many minor units
 * (api.md: otherwise the answer asks for a string). Where two amounts share their nearest double (hundredths above 2^46) neither is
 * taken, so that no money changes by being read.
 *
 * @param digits  0..6
 * @param out     untouched unless NUMBER_OK; NaN and infinities are NUMBER_NOT_PLAIN
 */
enum number_result number_from_double(double value, int digits, int64_t *out);
/** @return a/b rounded half away from zero; b is not 0; the result must fit */
int64_t number_divide_rounded(int128 a, int128 b);
/** Decimals of an ISO 4217 currency (EUR 2, JPY 0, KWD 3); -1 for what is not three capital letters; 2 for an unlisted code. */
int currency_digits(struct text code);

#endif
