/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON object to one record. Names are looked up and values read elsewhere in this room; imports go their own way (import.c). */
#include <sweetspot/intake.h>

#include "draft.h"

/** Take the object's parts that lead, or the others. */
static enum status take_parts(struct draft *draft, enum record_kind kind, const json_t *object, bool leading)
{
	enum status status = STATUS_OK;
	const char *name;
	json_t *value;

	/* jansson iterates over what is not const alone, and changes nothing. */
	json_object_foreach((json_t *)object, name, value) {
		struct target target = intake_target_find(kind, text_of(name));

		if (intake_target_leads(target) == leading)
			status = intake_draft_take(draft, target, text_of(name), (struct given){.json = value});
		if (status != STATUS_OK)
			break;
	}
	return status;
}

enum status intake_record_decode(const json_t *object, enum record_kind kind, struct text id, struct text pointer,
                                 const struct intake_context *context, struct arena *arena, struct record *out, struct problems *problems)
{
	struct draft draft;
	enum status status;

	if (!json_is_object(object)) {
		problems_add(problems, pointer, "must be an object: names and values in { }");
		return problems->failed ? STATUS_NO_MEMORY : STATUS_INVALID;
	}
	intake_draft_init(&draft, kind, id, pointer, '.', context, arena, out, problems);
	status = take_parts(&draft, kind, object, true);
	if (status == STATUS_OK)
		status = take_parts(&draft, kind, object, false);
	return status == STATUS_OK ? intake_draft_finish(&draft) : status;
}
