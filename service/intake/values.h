/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON value or one text to the value of one field, with messages that say what to write instead. */
#ifndef SWEETSPOT_INTAKE_VALUES_H
#define SWEETSPOT_INTAKE_VALUES_H

#include <jansson.h>

#include <sweetspot/record.h>

/** In which money amounts are written, and how they become the workspace's. */
struct money_reading {
	struct text currency;      /* for messages */
	int digits;                /* decimals it has */
	struct text workspace_currency;
	int workspace_digits;
	bool is_foreign;           /* another than the workspace's */
	int64_t rate_millionths;   /* of a foreign one; 0: there is none, amounts are checked and come out as 0 */
};

/** All that reading a value needs besides the value. */
struct reading {
	struct arena *arena;         /* of what comes out */
	struct problems *problems;
	struct text parent;          /* JSON pointer of the record */
	struct text name;            /* of the value in it */
	const struct money_reading *money;
	char decimal;                /* '.' or ',', in texts */
	bool is_cell;                /* from a CSV cell: hints may name ?decimal= */
	bool is_patch;               /* of attributes and protected, what is not named stays; an attribute that is null goes, uncounted */
};

/** Add a problem at the value that is being read. */
#define READING_PROBLEM(reading, ...) problems_add((reading)->problems, intake_reading_pointer(reading), __VA_ARGS__)
struct text intake_reading_pointer(const struct reading *reading);

/** printf arguments for "%.*s%s": a text as messages show it, at most some 40 bytes. */
#define SHOWN(text)                                                              \
	(int)intake_shown_bytes(text), (text).bytes == NULL ? "" : (text).bytes, \
	    intake_shown_bytes(text) < (text).length ? "…" : ""
size_t intake_shown_bytes(struct text text);

/**
 * Read a JSON value for a field.
 *
 * @param json    borrowed; null gives *filled = false, and so does a blank text where the field may be blank
 * @param out     texts are in the arena; untouched unless STATUS_OK and filled
 * @return        STATUS_OK, STATUS_INVALID with at least one problem, STATUS_NO_MEMORY
 */
MUST_CHECK enum status intake_value_from_json(const struct field *field, const json_t *json, const struct reading *reading,
                                              union value *out, bool *filled);
/**
 * As intake_value_from_json, for what stands in a CSV cell: a blank text gives *filled = false; numbers, days, instants, words and
 * booleans (true/false, yes/no, 1/0) may have blanks around them; lists are JSON or `a|b|c`; objects are JSON.
 *
 * @param text    UTF-8
 */
MUST_CHECK enum status intake_value_from_text(const struct field *field, struct text text, const struct reading *reading,
                                              union value *out, bool *filled);

/** An instant's text, for fields and for source_at. @return STATUS_OK or STATUS_INVALID */
MUST_CHECK enum status intake_instant_read(struct text text, const struct reading *reading, int64_t *out);

/* numbers.c: FIELD_INTEGER, FIELD_SCALED and FIELD_MONEY */
MUST_CHECK enum status intake_number_from_json(const struct field *field, const json_t *json, const struct reading *reading, int64_t *out);
MUST_CHECK enum status intake_number_from_text(const struct field *field, struct text text, const struct reading *reading, int64_t *out);

/* structures.c: FIELD_TEXTS, FIELD_OBJECT and FIELD_PROTECTION, as canonical compact JSON in the arena */
MUST_CHECK enum status intake_structure_from_json(const struct field *field, const json_t *json, const struct reading *reading,
                                                  struct text *out);
MUST_CHECK enum status intake_structure_from_text(const struct field *field, struct text text, const struct reading *reading,
                                                  struct text *out);

#endif
