/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of texts, free attributes and protection: checked, and written as canonical compact JSON. Single values are read in values.c. */
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/intake.h>
#include <sweetspot/json_writer.h>

#include "json.h"

/** A name and its value, to be sorted by name. */
struct member {
	struct text name;
	const json_t *value;
};

/** What the JSON in the buffer becomes, and the end of the buffer. */
static enum status finish(const struct field *field, struct buffer *json, const struct reading *reading, struct text *out)
{
	struct text copy = {NULL, 0};
	bool fits = json->length <= (size_t)field->max;

	if (!json->failed && fits)
		copy = text_copy(reading->arena, buffer_text(json));
	if (!json->failed && !fits)
		READING_PROBLEM(reading, "is too long: %zu bytes as JSON, and at most %lld can be kept", json->length, (long long)field->max);
	buffer_release(json);
	if (copy.bytes != NULL)
		*out = copy;
	return copy.bytes != NULL ? STATUS_OK : fits ? STATUS_NO_MEMORY : STATUS_INVALID;
}

static bool check_element(struct text text, struct text pointer, struct problems *problems)
{
	if (text_trim(text).length == 0)
		problems_add(problems, pointer, "must not be empty");
	else if (text.length > INTAKE_LIST_TEXT_BYTES)
		problems_add(problems, pointer, "has %zu bytes; at most %d can be kept", text.length, INTAKE_LIST_TEXT_BYTES);
	else if (text_has_control(text))
		problems_add(problems, pointer, "must not contain line breaks, tabs or other control characters; write blanks instead");
	else
		return true;
	return false;
}

/* --- lists of texts ------------------------------------------------------------------------------------------------ */

static enum status refuse_count(const struct reading *reading)
{
	READING_PROBLEM(reading, "has more than %d entries", INTAKE_LIST_TEXTS);
	return STATUS_INVALID;
}

static enum status texts_from_json(const struct field *field, const json_t *json, const struct reading *reading, struct text *out)
{
	struct buffer buffer = {0};
	struct json_writer writer = json_writer_to(&buffer);
	size_t before = reading->problems->count;
	size_t index;
	json_t *element;

	if (!json_is_array(json)) {
		READING_PROBLEM(reading, "must be a list of texts, such as [\"churn\", \"price\"]");
		return STATUS_INVALID;
	}
	if (json_array_size(json) > INTAKE_LIST_TEXTS)
		return refuse_count(reading);
	json_open_array(&writer);
	json_array_foreach(json, index, element) {
		struct text pointer = intake_pointer_at(reading->problems, intake_reading_pointer(reading), index);

		if (!json_is_string(element))
			problems_add(reading->problems, pointer, "must be text in quotes");
		else if (check_element(intake_json_text(element), pointer, reading->problems))
			json_text(&writer, intake_json_text(element));
	}
	json_close_array(&writer);
	if (reading->problems->count == before)
		return finish(field, &buffer, reading, out);
	buffer_release(&buffer);
	return STATUS_INVALID;
}

/** "a|b|c"; parts are trimmed, empty ones left out. */
static enum status texts_from_parts(const struct field *field, struct text text, const struct reading *reading, struct text *out)
{
	struct buffer buffer = {0};
	struct json_writer writer = json_writer_to(&buffer);
	enum status status = STATUS_OK;
	size_t count = 0;

	json_open_array(&writer);
	while (text.length > 0 && status == STATUS_OK) {
		const char *bar = memchr(text.bytes, '|', text.length);
		size_t length = bar == NULL ? text.length : (size_t)(bar - text.bytes);
		struct text part = text_trim((struct text){text.bytes, length});

		length += bar != NULL;
		text = (struct text){text.bytes + length, text.length - length};
		if (part.length == 0)
			continue;
		if (++count > INTAKE_LIST_TEXTS)
			status = refuse_count(reading);
		else if (check_element(part, intake_reading_pointer(reading), reading->problems))
			json_text(&writer, part);
		else
			status = STATUS_INVALID;
	}
	json_close_array(&writer);
	if (status == STATUS_OK)
		return finish(field, &buffer, reading, out);
	buffer_release(&buffer);
	return status;
}

/* --- attributes ---------------------------------------------------------------------------------------------------- */

/** The shortest decimal that reads back as the same double. LC_NUMERIC is C throughout the program. */
static void write_real(struct json_writer *writer, double value)
{
	char digits[40];
	int length = 0;

	for (int precision = 15; precision <= 17; precision++) {
		length = snprintf(digits, sizeof(digits) - 2, "%.*g", precision, value);
		if (strtod(digits, NULL) == value)
			break;
	}
	/* A real stays one: 1.0, not 1. */
	if (strpbrk(digits, ".e") == NULL) {
		memcpy(digits + length, ".0", 3);
		length += 2;
	}
	json_raw(writer, (struct text){digits, (size_t)length});
}

static void write_scalar(struct json_writer *writer, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		json_text(writer, intake_json_text(value));
		break;
	case JSON_INTEGER:
		json_int(writer, json_integer_value(value));
		break;
	case JSON_REAL:
		write_real(writer, json_real_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		json_bool(writer, json_is_true(value));
		break;
	default:
		json_write_null(writer);
		break;
	}
}

static bool is_scalar(const json_t *value)
{
	return !json_is_object(value) && !json_is_array(value);
}

static bool is_scalar_or_list(const json_t *value)
{
	size_t index;
	json_t *element;

	if (json_is_object(value))
		return false;
	json_array_foreach(value, index, element)
		if (!is_scalar(element))
			return false;
	return true;
}

static void write_value(struct json_writer *writer, const json_t *value)
{
	size_t index;
	json_t *element;

	if (is_scalar(value)) {
		write_scalar(writer, value);
		return;
	}
	json_open_array(writer);
	json_array_foreach(value, index, element)
		write_scalar(writer, element);
	json_close_array(writer);
}

static int compare_members(const void *a, const void *b)
{
	return text_compare(((const struct member *)a)->name, ((const struct member *)b)->name);
}

/** The object's members by name, each checked. */
static enum status sort_members(const json_t *object, const struct reading *reading, struct member *members)
{
	size_t before = reading->problems->count;
	size_t count = 0;
	const char *name;
	json_t *value;

	/* jansson iterates over what is not const alone, and changes nothing. */
	json_object_foreach((json_t *)object, name, value) {
		if (!is_scalar_or_list(value))
			problems_add(reading->problems, intake_pointer(reading->problems, intake_reading_pointer(reading), text_of(name)),
			             "must be text, a number, true, false, null or a list of these");
		members[count++] = (struct member){text_of(name), value};
	}
	qsort(members, count, sizeof(*members), compare_members);
	return reading->problems->count == before ? STATUS_OK : STATUS_INVALID;
}

static size_t count_names(const json_t *object, bool is_patch)
{
	size_t count = json_object_size(object);
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value)
		count -= is_patch && json_is_null(value);
	return count;
}

static enum status object_from_json(const struct field *field, const json_t *json, const struct reading *reading, struct text *out)
{
	struct buffer buffer = {0};
	struct json_writer writer = json_writer_to(&buffer);
	size_t count = json_object_size(json), names = count_names(json, reading->is_patch);
	struct member *members;
	enum status status;

	if (!json_is_object(json)) {
		READING_PROBLEM(reading, "must be an object of names and values, such as {\"source\": \"fair\"}");
		return STATUS_INVALID;
	}
	if (names > RECORD_ATTRIBUTES_MAX) {
		READING_PROBLEM(reading, "has %zu names; at most %d can be kept", names, RECORD_ATTRIBUTES_MAX);
		return STATUS_INVALID;
	}
	members = arena_array(reading->arena, count + 1, sizeof(*members));
	if (members == NULL)
		return STATUS_NO_MEMORY;
	status = sort_members(json, reading, members);
	if (status != STATUS_OK)
		return status;
	json_open_object(&writer);
	for (size_t i = 0; i < count; i++) {
		json_key_text(&writer, members[i].name);
		write_value(&writer, members[i].value);
	}
	json_close_object(&writer);
	return finish(field, &buffer, reading, out);
}

/* --- protection ---------------------------------------------------------------------------------------------------- */

static void refuse_other_names(const json_t *object, const struct reading *reading)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value)
		if (strcmp(name, "reason") != 0 && strcmp(name, "until") != 0)
			problems_add(reading->problems, intake_pointer(reading->problems, reading->parent, text_of(name)),
			             "is not a part of it; known are reason, until");
}

static enum status protection_from_json(const struct field *field, const json_t *json, const struct reading *reading, struct text *out)
{
	const struct field parts[RECORD_PROTECTION_PARTS] = {{.name = "reason", .kind = FIELD_TEXT, .min = 1, .max = field->max},
	                                                     {.name = "until", .kind = FIELD_DAY}};
	struct reading inner = *reading;
	union value values[RECORD_PROTECTION_PARTS] = {{0}, {0}};
	bool given[RECORD_PROTECTION_PARTS] = {false, false};
	size_t before = reading->problems->count;
	struct buffer buffer = {0};
	struct json_writer writer = json_writer_to(&buffer);

	if (!json_is_object(json)) {
		READING_PROBLEM(reading, "must be null or such as {\"reason\": \"strategic partner\", \"until\": \"2026-12-31\"}");
		return STATUS_INVALID;
	}
	inner.parent = intake_reading_pointer(reading);
	refuse_other_names(json, &inner);
	for (size_t i = 0; i < RECORD_PROTECTION_PARTS; i++) {
		const json_t *part = json_object_get(json, parts[i].name);
		bool filled = false;

		inner.name = text_of(parts[i].name);
		if (part != NULL && intake_value_from_json(&parts[i], part, &inner, &values[i], &filled) == STATUS_NO_MEMORY)
			return STATUS_NO_MEMORY;
		given[i] = part != NULL;
		if (json_is_null(part) || (part == NULL && !reading->is_patch))
			READING_PROBLEM(&inner, "is needed: a protected account has a reason and an end");
	}
	if (reading->problems->count > before)
		return STATUS_INVALID;
	json_open_object(&writer);
	if (given[0]) {
		json_key(&writer, "reason");
		json_text(&writer, values[0].text);
	}
	if (given[1]) {
		json_key(&writer, "until");
		json_day(&writer, (int32_t)values[1].integer);
	}
	json_close_object(&writer);
	return finish(field, &buffer, reading, out);
}

enum status intake_structure_from_json(const struct field *field, const json_t *json, const struct reading *reading, struct text *out)
{
	if (field->kind == FIELD_TEXTS)
		return texts_from_json(field, json, reading, out);
	if (field->kind == FIELD_OBJECT)
		return object_from_json(field, json, reading, out);
	return protection_from_json(field, json, reading, out);
}

enum status intake_structure_from_text(const struct field *field, struct text text, const struct reading *reading, struct text *out)
{
	enum status status;
	json_t *json;

	if (field->kind == FIELD_TEXTS && text.bytes[0] != '[')
		return texts_from_parts(field, text, reading, out);
	status = intake_json_parse_at(text, intake_reading_pointer(reading), reading->arena, &json, reading->problems);
	if (status != STATUS_OK)
		return status == STATUS_NO_MEMORY ? status : STATUS_INVALID;
	return intake_structure_from_json(field, json, reading, out);
}
