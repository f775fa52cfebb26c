/* SPDX-License-Identifier: Apache-2.0 */
/* Rows into array columns, in the order of the .sql files. Nothing is sent here. */
#include "columns.h"

#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/json_writer.h>

void columns_init(struct columns *columns, const enum array_type *types, int count)
{
	for (int i = 0; i < count; i++)
		array_column_init(&columns->column[columns->count++], types[i]);
}

void columns_release(struct columns *columns)
{
	for (int i = 0; i < columns->count; i++)
		array_column_release(&columns->column[i]);
	columns->count = 0;
}

void columns_params(const struct columns *columns, struct params *params)
{
	for (int i = 0; i < columns->count; i++)
		params_array(params, &columns->column[i]);
}

static enum array_type column_type(const struct field *field)
{
	switch (field->kind) {
	case FIELD_SCALED:
		return ARRAY_INT4;
	case FIELD_INTEGER:
	case FIELD_MONEY:
		return ARRAY_INT8;
	case FIELD_DAY:
		return ARRAY_DATE;
	case FIELD_INSTANT:
		return ARRAY_TIMESTAMPTZ;
	case FIELD_BOOL:
		return ARRAY_BOOL;
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_PROTECTION:
		return ARRAY_JSONB;
	case FIELD_TEXT:
	case FIELD_REFERENCE:
	case FIELD_ENUM:
		break;
	}
	return ARRAY_TEXT;
}

/* What every record's table has behind its fields, and what some have behind that. */
static const enum array_type meta_types[] = {
	ARRAY_INT4, ARRAY_TIMESTAMPTZ, ARRAY_TEXT, ARRAY_JSONB,       /* said, said_at, said_by, stamps */
	ARRAY_BOOL, ARRAY_BOOL, ARRAY_INT8, ARRAY_TIMESTAMPTZ, ARRAY_TIMESTAMPTZ, /* stub, deleted, version, created_at, updated_at */
};
static const enum array_type key_types[] = {ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT}; /* name_key, industry_key, region_key; line_key */
static const enum array_type home_types[] = {ARRAY_DATE, ARRAY_TEXT};            /* day, of_organisation */

void record_columns_init(struct columns *columns, enum record_kind kind)
{
	const struct record_shape *shape = record_shape(kind);

	columns_init(columns, &(enum array_type){ARRAY_TEXT}, 1);
	if (kind == RECORD_ORGANISATION)
		columns_init(columns, &(enum array_type){ARRAY_BOOL}, 1);
	for (size_t i = 0; i < shape->field_count; i++)
		columns_init(columns, &(enum array_type){column_type(&shape->fields[i])}, 1);
	columns_init(columns, meta_types, (int)(sizeof(meta_types) / sizeof(*meta_types)));
	if (kind == RECORD_ORGANISATION)
		columns_init(columns, key_types, 3);
	else if (kind == RECORD_DEAL || kind == RECORD_REVENUE)
		columns_init(columns, key_types, 1);
	else if (kind == RECORD_ACTIVITY)
		columns_init(columns, home_types, 2);
}

static void add_value(struct array_column *column, const struct field *field, const union value *value)
{
	switch (field->kind) {
	case FIELD_BOOL:
		array_add_bool(column, value->integer != 0);
		return;
	case FIELD_INTEGER:
	case FIELD_SCALED:
	case FIELD_MONEY:
		array_add_int(column, value->integer);
		return;
	case FIELD_DAY:
		array_add_day(column, (int32_t)value->integer);
		return;
	case FIELD_INSTANT:
		array_add_instant(column, value->integer);
		return;
	case FIELD_ENUM:
		array_add_text(column, text_of(field->labels[value->integer]));
		return;
	case FIELD_TEXT:
	case FIELD_REFERENCE:
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_PROTECTION:
		array_add_text(column, value->text);
		return;
	}
}

static struct stamp latest_stamp(const struct stored_record *stored, size_t field_count)
{
	struct stamp latest = {.at_us = INSTANT_NONE};

	for (size_t i = 0; i < field_count; i++)
		if ((stored->record.given >> i & 1) != 0 && stored->stamps[i].at_us > latest.at_us)
			latest = stored->stamps[i];
	return latest;
}

static bool same_stamp(struct stamp a, struct stamp b)
{
	return a.at_us == b.at_us && text_equal(a.event, b.event);
}

/** {"employees": [microseconds, "event"]} for every said field whose stamp is not the common one; no text when there is none. */
static struct text odd_stamps(const struct stored_record *stored, const struct record_shape *shape, struct stamp common,
                              struct arena *arena, enum status *status)
{
	struct buffer json = {0};
	struct json_writer w = json_writer_to(&json);
	bool any = false;

	json_open_object(&w);
	for (size_t i = 0; i < shape->field_count; i++) {
		if ((stored->record.given >> i & 1) == 0 || same_stamp(stored->stamps[i], common))
			continue;
		any = true;
		json_key(&w, shape->fields[i].name);
		json_open_array(&w);
		json_int(&w, stored->stamps[i].at_us);
		json_text(&w, stored->stamps[i].event.bytes == NULL ? TEXT("") : stored->stamps[i].event);
		json_close_array(&w);
	}
	json_close_object(&w);
	struct text odd = any ? text_copy(arena, buffer_text(&json)) : (struct text){0};
	*status = json.failed || (any && odd.bytes == NULL) ? STATUS_NO_MEMORY : STATUS_OK;
	buffer_release(&json);
	return odd;
}

static enum status add_meta(struct columns *columns, int at, const struct stored_record *stored, const struct record_shape *shape,
                            struct arena *arena)
{
	struct stamp common = latest_stamp(stored, shape->field_count);
	enum status status;
	struct text odd = odd_stamps(stored, shape, common, arena, &status);
	struct array_column *column = &columns->column[at];

	array_add_int(column++, stored->record.given);
	array_add_instant(column++, common.at_us == INSTANT_NONE ? 0 : common.at_us);
	array_add_text(column++, common.event.bytes == NULL ? TEXT("") : common.event);
	array_add_text(column++, odd);
	array_add_bool(column++, stored->stub);
	array_add_bool(column++, stored->deleted);
	array_add_int(column++, stored->version);
	array_add_instant(column++, stored->created_at_us);
	array_add_instant(column, stored->updated_at_us);
	return status;
}

static enum status add_folded(struct array_column *column, const struct record *record, int field, struct arena *arena)
{
	struct text folded = {0};

	if ((record->filled >> field & 1) != 0) {
		enum status status = text_fold(arena, record->value[field].text, &folded);

		if (status != STATUS_OK)
			return status;
	}
	array_add_text(column, folded);
	return STATUS_OK;
}

static enum status add_derived(struct columns *columns, int at, const struct item *item, struct arena *arena)
{
	const struct record *record = &item->after.record;
	struct array_column *column = &columns->column[at];
	enum status status = STATUS_OK;

	switch (record->kind) {
	case RECORD_ORGANISATION:
		status = add_folded(column++, record, ORGANISATION_NAME, arena);
		if (status == STATUS_OK)
			status = add_folded(column++, record, ORGANISATION_INDUSTRY, arena);
		if (status == STATUS_OK)
			status = add_folded(column, record, ORGANISATION_REGION, arena);
		break;
	case RECORD_DEAL:
		status = add_folded(column, record, DEAL_LINE, arena);
		break;
	case RECORD_REVENUE:
		status = add_folded(column, record, REVENUE_LINE, arena);
		break;
	case RECORD_ACTIVITY:
		array_add_day(column++, (record->filled >> ACTIVITY_AT & 1) != 0 ? day_of_instant(record->value[ACTIVITY_AT].integer) : DAY_NONE);
		array_add_text(column, item->home_after.organisation);
		break;
	case RECORD_SELLER:
	case RECORD_CONTACT:
	case RECORD_KINDS:
		break;
	}
	return status;
}

enum status record_columns_add(struct columns *columns, const struct item *item, struct arena *arena)
{
	const struct record *record = &item->after.record;
	const struct record_shape *shape = record_shape(record->kind);
	int at = 0;

	array_add_text(&columns->column[at++], item->id);
	if (record->kind == RECORD_ORGANISATION)
		array_add_bool(&columns->column[at++], item->after.is_account);
	for (size_t i = 0; i < shape->field_count; i++, at++) {
		if ((record->filled >> i & 1) != 0)
			add_value(&columns->column[at], &shape->fields[i], &record->value[i]);
		else if (shape->fields[i].has_fallback)
			add_value(&columns->column[at], &shape->fields[i], &(union value){.integer = shape->fields[i].fallback});
		else
			array_add_null(&columns->column[at]);
	}
	enum status status = add_meta(columns, at, &item->after, shape, arena);
	if (status != STATUS_OK)
		return status;
	return add_derived(columns, at + (int)(sizeof(meta_types) / sizeof(*meta_types)), item, arena);
}
