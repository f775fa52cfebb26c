/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this room share: records and problems as JSON, and data files. */
#ifndef TESTS_UNIT_INTAKE_SHOW_H
#define TESTS_UNIT_INTAKE_SHOW_H

#include <check.h>
#include <jansson.h>

#include <sweetspot/intake.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/** A workspace in EUR at 2026-03-01T00:00:00Z with rates for USD (0.9), JPY (0.006), KWD (3.05) and BIG (9e12). */
extern const struct intake_context show_context;

/** A file under tests/data/intake/, NUL-terminated behind its length; to be freed. */
char *show_file(const char *name, size_t *length);
/** A JSON file under tests/data/intake/; a new reference. */
json_t *show_json(const char *name);
enum record_kind show_kind(const char *noun);
/** {"id": …, every given field by name: a text, an integer or null}; a new reference. */
json_t *show_record(const struct record *record);
/** [[pointer, detail], …]; a new reference. */
json_t *show_problems(const struct problems *problems);
/** Fail with both texts unless they are equal. `what` names the case. */
void show_expect(const char *what, const json_t *actual, const json_t *expected);
/** An arena whose blocks no machine can give: every allocation from it fails. */
struct arena *show_starving_arena(void);

#endif
