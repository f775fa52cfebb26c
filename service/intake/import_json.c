/* SPDX-License-Identifier: Apache-2.0 */
/* One element of a JSON array or NDJSON to one row, names mapped and values translated. Elements are cut out in json_stream.c. */
#include "json.h"
#include "reader.h"

/** Take a value for a target, translated if it is a string that `?values=` speaks of. */
static enum status take_value(struct import_reader *reader, struct draft *draft, struct target target, struct text name,
                              const json_t *value)
{
	struct given given = {.json = value, .text = intake_json_text(value)};
	bool translated = false;
	enum status status = STATUS_OK;

	if (json_is_string(value))
		status = intake_plan_translate(&reader->plan, target, draft->reading.arena, &given.text, &translated);
	/* A replacement is text whatever the field: it is read as a cell would be. */
	if (translated)
		given.json = NULL;
	return status == STATUS_OK ? intake_draft_take(draft, target, name, given) : status;
}

static enum status refuse_shadowed(struct draft *draft, struct text name, const struct renaming *renaming)
{
	draft->reading.name = name;
	READING_PROBLEM(&draft->reading, "is filled from %.*s%s by ?map=; leave one of the two out", SHOWN(renaming->source));
	return STATUS_OK;
}

/** A name that ?map= does not speak of. */
static enum status take_own_name(struct import_reader *reader, struct draft *draft, struct text name, const json_t *value, bool leading)
{
	struct target target = intake_target_find(reader->plan.kind, name);
	const struct renaming *shadow = target.kind == TARGET_UNKNOWN ? NULL : intake_plan_source(&reader->plan, target);

	if (target.kind != TARGET_UNKNOWN && shadow == NULL)
		return intake_target_leads(target) == leading ? take_value(reader, draft, target, name, value) : STATUS_OK;
	if (leading || reader->plan.extra == IMPORT_EXTRA_IGNORE)
		return STATUS_OK;
	if (reader->plan.extra == IMPORT_EXTRA_ATTRIBUTES)
		return intake_draft_keep(draft, name, (struct given){.json = value});
	if (shadow != NULL)
		return refuse_shadowed(draft, name, shadow);
	return intake_draft_take(draft, target, name, (struct given){.json = value});
}

static enum status take_member(struct import_reader *reader, struct draft *draft, struct text name, const json_t *value, bool leading)
{
	const struct plan *plan = &reader->plan;
	enum status status = STATUS_OK;
	bool mapped = false;

	for (size_t i = 0; i < plan->map_count && status == STATUS_OK; i++) {
		if (!text_equal(plan->map[i].source, name))
			continue;
		mapped = true;
		if (intake_target_leads(plan->map[i].target) == leading)
			status = take_value(reader, draft, plan->map[i].target, plan->map[i].name, value);
	}
	return mapped ? status : take_own_name(reader, draft, name, value, leading);
}

static enum status take_members(struct import_reader *reader, struct draft *draft, json_t *object, bool leading)
{
	enum status status = STATUS_OK;
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) {
		status = take_member(reader, draft, text_of(name), value, leading);
		if (status != STATUS_OK)
			break;
	}
	return status;
}

static enum status decode(struct import_reader *reader, json_t *object, struct import_row *row)
{
	struct arena *arena = row->problems.arena;
	struct draft draft;
	enum status status = STATUS_OK;

	if (!json_is_object(object)) {
		problems_add(&row->problems, TEXT(""), "must be an object: names and values in { }");
		return STATUS_INVALID;
	}
	intake_draft_init(&draft, reader->plan.kind, (struct text){NULL, 0}, TEXT(""), '.', reader->context, arena, &row->record,
	                  &row->problems);
	if (reader->plan.extra == IMPORT_EXTRA_ATTRIBUTES)
		status = intake_draft_keep_extra(&draft);
	if (status == STATUS_OK)
		status = take_members(reader, &draft, object, true);
	if (status == STATUS_OK)
		status = take_members(reader, &draft, object, false);
	return status == STATUS_OK ? intake_draft_finish(&draft) : status;
}

enum status import_json_on_element(void *owner, struct text element, bool too_long)
{
	struct import_reader *reader = owner;
	struct import_row row;
	json_t *json;
	enum status status = import_row_begin(reader, &row);

	if (status != STATUS_OK)
		return status;
	if (too_long) {
		problems_add(&row.problems, TEXT(""), "is longer than %zu bytes; shorten it", reader->stream.row_bytes);
		return import_row_end(reader, &row, STATUS_INVALID);
	}
	status = intake_json_parse(element, row.problems.arena, &json, &row.problems);
	if (status == STATUS_OK)
		status = decode(reader, json, &row);
	else if (status != STATUS_NO_MEMORY)
		status = STATUS_INVALID;
	return import_row_end(reader, &row, status);
}
