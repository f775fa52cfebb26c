/* SPDX-License-Identifier: Apache-2.0 */
/* Members that several small bodies share. What they mean is said where they are used. */
#include "small_body.h"

#include <sweetspot/intake.h>

struct text small_body_string(const json_t *json)
{
	return (struct text){json_string_value(json), json_string_length(json)};
}

static bool is_known(const char *const *known, const char *name)
{
	for (; *known != NULL; known++)
		if (text_equal(text_of(*known), text_of(name)))
			return true;
	return false;
}

enum status small_body_object(struct http_request *request, const char *const *known, const char *of, json_t **out,
                              struct problems *problems)
{
	enum status status = intake_json_parse(request->body, request->arena, out, problems);
	const char *name;
	json_t *unused;

	if (status != STATUS_OK)
		return status;
	if (!json_is_object(*out)) {
		problems_add(problems, TEXT(""), "must be an object");
		return STATUS_INVALID;
	}
	json_object_foreach(*out, name, unused)
		if (!is_known(known, name))
			problems_add(problems, pointer_join(request->arena, TEXT(""), text_of(name)), "is not a field of %s", of);
	return STATUS_OK;
}

struct text small_body_text(const json_t *json, const char *pointer, size_t most, struct problems *problems)
{
	struct text text = small_body_string(json);

	if (!json_is_string(json) || text_trim(text).length == 0)
		problems_add(problems, text_of(pointer), "is needed: a text that says it");
	else if (text.length > most)
		problems_add(problems, text_of(pointer), "must have at most %zu bytes", most);
	else if (text_has_control(text))
		problems_add(problems, text_of(pointer), "must not hold control characters");
	return text;
}

int32_t small_body_until(const json_t *json, int32_t day, struct problems *problems)
{
	int32_t until = DAY_NONE;
	char today[11];

	if (json == NULL || json_is_null(json))
		return until;
	day_format(day, today);
	if (!json_is_string(json) || !day_parse(small_body_string(json), &until))
		problems_add(problems, TEXT("/until"), "must be a day like 2026-03-01, or null");
	else if (until < day)
		problems_add(problems, TEXT("/until"), "must not lie before the book's day, %s", today);
	return until;
}
