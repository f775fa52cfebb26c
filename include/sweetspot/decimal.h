/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal numbers of any size in one canonical spelling, so that equal values are equal bytes. */
#ifndef SWEETSPOT_DECIMAL_H
#define SWEETSPOT_DECIMAL_H

#include <stdint.h>

#include <sweetspot/text.h>

/**
 * Spell a plain decimal canonically: no plus, no zeros in front or behind, no minus before zero. "+007.50" becomes "7.5", "-0.0" "0".
 *
 * @param text  an optional sign, digits, optionally '.' and digits: any number of them; no exponent, no blanks
 * @param out   NUL-terminated, in the arena; untouched on failure
 * @return      STATUS_OK, STATUS_NO_MEMORY, or STATUS_MALFORMED for anything else
 */
MUST_CHECK enum status decimal_parse(struct arena *arena, struct text text, struct text *out);
/**
 * The decimal that was written where a double was read: the shortest that reads back as the same double.
 *
 * @param value  finite
 * @return       canonical, in the arena; {NULL, 0} when memory is short
 */
struct text decimal_of_double(struct arena *arena, double value);
/** @return value ÷ 10^digits (0..18) canonically, in the arena; {NULL, 0} when memory is short */
struct text decimal_of_scaled(struct arena *arena, int64_t value, int digits);
/** Order two canonical decimals by value. @return <0, 0, >0 */
int decimal_compare(struct text a, struct text b);
/** @return how many digits a canonical decimal has behind the point */
size_t decimal_places(struct text decimal);

#endif
