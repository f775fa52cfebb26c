/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of reading a policy document share. */
#ifndef SERVICE_STORE_POLICY_READING_H
#define SERVICE_STORE_POLICY_READING_H

#include <jansson.h>

#include <sweetspot/number.h>
#include <sweetspot/policy.h>
#include <sweetspot/problem.h>

#define WEIGHT_MOST_CENTI 1000000
#define WORD_BYTES 400

/** One document being read. */
struct reading {
	struct arena *arena;
	struct problems *problems;
	int currency_digits;
	bool is_short;                   /* of memory */
	struct policy policy;
};

/** A value and where it stands in the document. */
struct place {
	const json_t *value;
	struct text pointer;
};

#define PLACE_PROBLEM(reading, place, ...) problems_add((reading)->problems, (place).pointer, __VA_ARGS__)

/** @return the value of a name within an object; its value is NULL where there is none */
struct place place_member(struct reading *reading, struct place object, const char *name);
struct place place_element(struct reading *reading, struct place array, size_t index);
/**
 * Read a number exactly.
 *
 * @param digits  decimals kept, 0..6
 * @return        NUMBER_NOT_PLAIN also for what is no number; text counts only where texts_too
 */
enum number_result place_number(struct place place, int digits, bool texts_too, int64_t *out);
/** Read a number within min..max, all scaled by 10^digits. @return false after telling the problem */
bool read_scaled_number(struct reading *reading, struct place place, int digits, bool texts_too, int64_t min, int64_t max, int64_t *out);
/** Read a text of 1..max bytes that is not blank. @return false after telling the problem */
bool read_text(struct reading *reading, struct place place, size_t max_bytes, struct text *out);
/** Read an array of at most `most` elements. @return false after telling the problem */
bool read_array(struct reading *reading, struct place place, size_t most, size_t *count);
/** Tell of every name in an object that is not among `names`, NULL-terminated. */
void refuse_unknown(struct reading *reading, struct place object, const char *const *names);

/** Read the array of criteria (domain.md §5). */
void read_criteria(struct reading *reading, struct place place);

#endif
