/* SPDX-License-Identifier: Apache-2.0 */
/* The criteria of the sweet spot (domain.md §5): what a policy asks, in a form that compares, and how one is judged. */
#ifndef SWEETSPOT_CRITERIA_H
#define SWEETSPOT_CRITERIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/record.h>

enum element_kind { ELEMENT_NONE, ELEMENT_TEXT, ELEMENT_NUMBER, ELEMENT_BOOLEAN };

/**
 * One value in the form in which criteria compare: two are equal when kind and text are.
 * Texts are folded; numbers, and texts that are plain decimals, are canonical decimals (decimal.h); booleans are "true" and "false".
 */
struct element {
	enum element_kind kind;  /* ELEMENT_NONE: blank, no value at all */
	struct text text;
};

/**
 * Put a value into the form in which criteria compare.
 *
 * @param out  in the arena; ELEMENT_NONE for a blank text; untouched on failure
 * @return     STATUS_OK; STATUS_NO_MEMORY; STATUS_MALFORMED for bytes that are not UTF-8, or no number
 */
MUST_CHECK enum status element_of_text(struct arena *arena, struct text text, struct element *out);
/** A finite double: the decimal that was written where it was read. */
MUST_CHECK enum status element_of_double(struct arena *arena, double value, struct element *out);
/** value ÷ 10^digits (0..18): money in minor units is compared in currency units. */
MUST_CHECK enum status element_of_scaled(struct arena *arena, int64_t value, int digits, struct element *out);
struct element element_of_boolean(bool value);

/** The elements of one value: a single value is a list of one, and what is missing has none. */
struct elements {
	const struct element *items;
	size_t count;
};

enum criterion_dimension { DIMENSION_MARKET, DIMENSION_ENTERPRISE, DIMENSION_PERSONA, DIMENSION_PROBLEM, DIMENSIONS };
enum criterion_op { OP_IN, OP_EQ, OP_ANY, OP_NOT_IN, OP_ALL, OP_BETWEEN, OP_GTE, OP_LTE, OP_EXISTS, OPS };
enum attribute_source { ATTRIBUTE_FIELD, ATTRIBUTE_PERSONAS, ATTRIBUTE_NAMED };
extern const char *const criterion_dimension_names[DIMENSIONS];
extern const char *const criterion_op_names[OPS];

/** What criteria look at. */
struct attribute {
	enum attribute_source source;
	enum organisation_field field;  /* ATTRIBUTE_FIELD */
	struct text name;               /* as the policy spells it: "industry", "personas", "attributes.size" */
	struct text key;                /* ATTRIBUTE_NAMED: the name within attributes, "size" */
};

/** One criterion of a policy. */
struct criterion {
	struct text id;
	enum criterion_dimension dimension;
	int32_t attribute;      /* index into the policy's attributes */
	enum criterion_op op;
	struct elements values; /* between: the two ends, both numbers; gte, lte: one number; exists: none */
	struct text value_json; /* what the policy says, as JSON; no text: nothing */
	int64_t weight_centi;   /* above 0 */
	bool required;
};

enum finding { FINDING_UNKNOWN, FINDING_FAILED, FINDING_PASSED, FINDINGS };
/** @return "unknown", "failed", "passed" */
const char *finding_name(enum finding finding);
/** As standings keep it. @return 'u', 'f', 'p' */
char finding_letter(enum finding finding);
/** @return what a letter stands for; unknown for any other */
enum finding finding_of_letter(char letter);

/**
 * Judge one criterion over the value it looks at.
 *
 * @param value  blank elements left out; none: missing
 * @return       passed or failed; unknown where the value is missing, or is no single number and has to be compared
 *
 * `in`, `eq`, `any`: some element equals some value; `not_in`: none does; `all`: every element is among the values; `exists` only asks
 * whether there is any element (domain.md §5).
 */
enum finding core_criterion_judge(const struct criterion *criterion, struct elements value);

#endif
