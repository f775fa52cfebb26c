/* SPDX-License-Identifier: Apache-2.0 */
/* Strict JSON for the files of this room. */
#ifndef SWEETSPOT_INTAKE_JSON_H
#define SWEETSPOT_INTAKE_JSON_H

#include <jansson.h>

#include <sweetspot/problem.h>

/** As intake_json_parse, for JSON that stands inside something larger (a CSV cell): `pointer` says where. Statuses are the same. */
MUST_CHECK enum status intake_json_parse_at(struct text body, struct text pointer, struct arena *arena, json_t **out,
                                            struct problems *problems);
/** @return a view of a JSON string, good as long as the string; "no text" for any other value */
struct text intake_json_text(const json_t *json);
/** As pointer_join; short of memory, problems->failed is set. */
struct text intake_pointer(struct problems *problems, struct text parent, struct text name);
/** The pointer of an array's element. */
struct text intake_pointer_at(struct problems *problems, struct text parent, size_t index);

#endif
