/* SPDX-License-Identifier: Apache-2.0 */
/* Rows become records and features. Which statement brings them is the caller's business. */
#include <sweetspot/store.h>

#include <jansson.h>

#include <sweetspot/calendar.h>

#include "canonical.h"


static int64_t label_index(const struct field *field, struct text label)
{
	int64_t index = 0;

	while (field->labels[index] != NULL && !text_equal(text_of(field->labels[index]), label))
		index++;
	/* A CHECK keeps other words out of the table. */
	return field->labels[index] == NULL ? field->fallback : index;
}

/** @param value  what the column holds, which is not null. @return false: memory is short */
static bool read_value(struct row row, int column, const struct field *field, struct arena *arena, union value *value)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_REFERENCE:
		value->text = row_text(row, column);
		return true;
	case FIELD_INTEGER:
	case FIELD_SCALED:
	case FIELD_MONEY:
		value->integer = row_int(row, column);
		return true;
	case FIELD_DAY:
		value->integer = row_day(row, column);
		return true;
	case FIELD_INSTANT:
		value->integer = row_instant(row, column);
		return true;
	case FIELD_BOOL:
		value->integer = row_bool(row, column);
		return true;
	case FIELD_ENUM:
		value->integer = label_index(field, row_text(row, column));
		return true;
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_PROTECTION:
		break;
	}
	value->text = canonical_json(row_json(row, column), arena);
	return value->text.bytes != NULL;
}

/** One member of stamps: "employees": [microseconds, "event"]. @return false: memory is short */
static bool read_stamp(const json_t *pair, struct arena *arena, struct stamp *stamp)
{
	const json_t *event = json_array_get(pair, 1);

	stamp->at_us = json_integer_value(json_array_get(pair, 0));
	stamp->event = text_copy(arena, (struct text){json_string_value(event), json_string_length(event)});
	return event == NULL || stamp->event.bytes != NULL;
}

static bool read_stamps(struct text json, const struct record_shape *shape, struct arena *arena, struct stamp *stamps)
{
	json_t *object;
	bool has_memory = true;

	if (json.bytes == NULL)
		return true;
	object = json_loadb(json.bytes, json.length, 0, NULL);
	if (object == NULL)
		return false;
	for (size_t i = 0; i < shape->field_count && has_memory; i++) {
		const json_t *pair = json_object_get(object, shape->fields[i].name);

		if (pair != NULL)
			has_memory = read_stamp(pair, arena, &stamps[i]);
	}
	json_decref(object);
	return has_memory;
}

/** @return false: memory is short */
static bool read_fields(struct row row, int column, const struct record_shape *shape, struct arena *arena, struct record *record)
{
	for (size_t i = 0; i < shape->field_count; i++) {
		const uint32_t bit = UINT32_C(1) << i;

		/* A column with a fallback holds it also where nothing was said. */
		if ((record->given & bit) == 0 || row_is_null(row, column + (int)i))
			continue;
		if (!read_value(row, column + (int)i, &shape->fields[i], arena, &record->value[i]))
			return false;
		record->filled |= bit;
	}
	return true;
}

int stored_record_read(struct row row, int column, enum record_kind kind, struct text id, struct arena *arena, struct stored_record *out)
{
	const struct record_shape *shape = record_shape(kind);
	int fields = kind == RECORD_ORGANISATION ? column + 1 : column;
	int said = fields + (int)shape->field_count;
	const struct stamp never = {INSTANT_NONE, {NULL, 0}};
	struct stamp common;

	*out = (struct stored_record){.exists = true};
	out->record = (struct record){.kind = kind, .id = id, .source_at_us = INSTANT_NONE, .given = (uint32_t)row_int(row, said)};
	common = (struct stamp){row_instant(row, said + 1), row_text(row, said + 2)};
	for (size_t i = 0; i < RECORD_FIELDS_MAX; i++)
		out->stamps[i] = (out->record.given >> i & 1) != 0 ? common : never;
	out->is_account = kind == RECORD_ORGANISATION && row_bool(row, column);
	out->stub = row_bool(row, said + 4);
	out->deleted = row_bool(row, said + 5);
	out->version = row_int(row, said + 6);
	out->created_at_us = row_instant(row, said + 7);
	out->updated_at_us = row_instant(row, said + 8);
	if (!read_fields(row, fields, shape, arena, &out->record) || !read_stamps(row_json(row, said + 3), shape, arena, out->stamps))
		return -1;
	return said + 9;
}

int listed_record_read(struct row row, int column, enum record_kind kind, struct text id, struct arena *arena, struct stored_record *out)
{
	const struct record_shape *shape = record_shape(kind);
	int fields = kind == RECORD_ORGANISATION ? column + 1 : column;
	int stub = fields + (int)shape->field_count;

	*out = (struct stored_record){.exists = true};
	out->record = (struct record){.kind = kind, .id = id, .source_at_us = INSTANT_NONE, .given = UINT32_MAX};
	out->is_account = kind == RECORD_ORGANISATION && row_bool(row, column);
	out->stub = row_bool(row, stub);
	out->created_at_us = row_instant(row, stub + 1);
	out->updated_at_us = row_instant(row, stub + 2);
	return read_fields(row, fields, shape, arena, &out->record) ? stub + 3 : -1;
}

static bool is_filled(const struct record *record, enum organisation_field field)
{
	return (record->filled >> field & 1) != 0;
}

int64_t record_potential(const struct record *organisation, int32_t day)
{
	int64_t age;

	if (!is_filled(organisation, ORGANISATION_ANNUAL_POTENTIAL) || !is_filled(organisation, ORGANISATION_ANNUAL_POTENTIAL_ON))
		return -1;
	age = day - organisation->value[ORGANISATION_ANNUAL_POTENTIAL_ON].integer;
	return age >= 0 && age < STATED_POTENTIAL_DAYS ? organisation->value[ORGANISATION_ANNUAL_POTENTIAL].integer : -1;
}

bool organisation_is_active(const struct record *organisation)
{
	return !is_filled(organisation, ORGANISATION_STATUS) || organisation->value[ORGANISATION_STATUS].integer == ORGANISATION_ACTIVE;
}

enum status features_of(const struct stored_record *organisation, const struct standing *standing, const struct cohorts *cohorts,
                        int32_t day, struct arena *arena, struct features *out)
{
	const struct record *record = &organisation->record;
	struct text industry = {NULL, 0};

	*out = (struct features){
		.measures = standing->measures,
		.industry = -1,
		.fit_passed_centi = standing->qualified.fit_passed_centi > 0 ? standing->qualified.fit_passed_centi : 0,
		.engagement_side = (unsigned)standing->engagement_side & 3,
		.potential_side = (unsigned)standing->potential_side & 3,
		.is_account = organisation->is_account,
		.is_active = organisation_is_active(record),
	};
	features_state_potential(out, record_potential(record, day));
	if (is_filled(record, ORGANISATION_EMPLOYEES))
		out->employee_band = employee_band_of(record->value[ORGANISATION_EMPLOYEES].integer) & 7u;
	if (cohorts == NULL || !is_filled(record, ORGANISATION_INDUSTRY))
		return STATUS_OK;
	if (text_fold(arena, record->value[ORGANISATION_INDUSTRY].text, &industry) != STATUS_OK)
		return STATUS_NO_MEMORY;
	out->industry = cohort_industry(cohorts, industry);
	return STATUS_OK;
}
