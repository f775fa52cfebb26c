/* SPDX-License-Identifier: Apache-2.0 */
/* Texts, ids, days, instants, booleans and words; and which file reads the other kinds. Which field it is, is decided elsewhere. */
#include "values.h"

#include <string.h>
#include <strings.h>

#include <sweetspot/calendar.h>
#include <sweetspot/intake.h>

#include "json.h"

#define SHOWN_BYTES 40

/* What a JSON value of the wrong type is told, by kind; numbers say more in numbers.c. */
static const char *const wanted[] = {
	[FIELD_TEXT] = "must be text in quotes",
	[FIELD_REFERENCE] = "must be an id: text in quotes",
	[FIELD_DAY] = "must be a date in quotes, such as \"2026-03-01\"",
	[FIELD_INSTANT] = "must be an instant in quotes, such as \"2026-03-01T09:30:00Z\"",
	[FIELD_ENUM] = "must be a word in quotes",
	[FIELD_BOOL] = "must be true or false, without quotes",
};

struct text intake_reading_pointer(const struct reading *reading)
{
	return intake_pointer(reading->problems, reading->parent, reading->name);
}

size_t intake_shown_bytes(struct text text)
{
	size_t bytes = SHOWN_BYTES;

	if (text.length <= SHOWN_BYTES)
		return text.length;
	/* Not in the middle of a character. */
	while (bytes > 0 && ((unsigned char)text.bytes[bytes] & 0xc0) == 0x80)
		bytes--;
	return bytes;
}

const char *intake_id_error(struct text id)
{
	if (id.length == 0)
		return "must not be empty";
	if (id.length > INTAKE_ID_BYTES)
		return "must have at most 128 bytes";
	if (!text_is_utf8(id))
		return "must be UTF-8";
	if (text_has_control(id))
		return "must not contain line breaks, tabs or other control characters";
	if (text_trim(id).length != id.length)
		return "must not begin or end with a blank; remove it";
	return NULL;
}

static enum status copy_text(struct text text, const struct reading *reading, union value *out)
{
	struct text copy = text_copy(reading->arena, text);

	if (copy.bytes == NULL)
		return STATUS_NO_MEMORY;
	out->text = copy;
	return STATUS_OK;
}

static bool is_break(char c)
{
	return c == '\n' || c == '\r' || c == '\t';
}

/** Spreadsheets break lines inside a cell; the fields are of one line: each run of breaks becomes a blank. @return bytes NULL: no memory */
static struct text fold_breaks(struct text text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.length + 1);
	size_t length = 0;

	if (out == NULL)
		return (struct text){NULL, 0};
	for (size_t i = 0; i < text.length; i++) {
		bool is_run = is_break(text.bytes[i]) && i > 0 && is_break(text.bytes[i - 1]);

		if (!is_run)
			out[length++] = is_break(text.bytes[i]) ? ' ' : text.bytes[i];
	}
	out[length] = '\0';
	return text_trim((struct text){out, length});
}

static enum status read_plain_text(const struct field *field, struct text text, const struct reading *reading, union value *out,
                                   bool *filled)
{
	if (text_trim(text).length == 0) {
		*filled = false;
		if (field->min == 0)
			return STATUS_OK;
		READING_PROBLEM(reading, "must not be empty");
		return STATUS_INVALID;
	}
	if (text.length > (size_t)field->max) {
		READING_PROBLEM(reading, "has %zu bytes; at most %lld can be kept", text.length, (long long)field->max);
		return STATUS_INVALID;
	}
	if (reading->is_cell && text_has_control(text)) {
		text = fold_breaks(text, reading->arena);
		if (text.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	if (text_has_control(text)) {
		READING_PROBLEM(reading, "must not contain line breaks, tabs or other control characters; write blanks instead");
		return STATUS_INVALID;
	}
	return copy_text(text, reading, out);
}

static enum status read_reference(struct text text, const struct reading *reading, union value *out)
{
	const char *wrong = intake_id_error(text);

	if (wrong == NULL)
		return copy_text(text, reading, out);
	READING_PROBLEM(reading, "is an id and %s%s", wrong, text.length == 0 && !reading->is_cell ? "; write null for none" : "");
	return STATUS_INVALID;
}

/** Whether a text has the form dddd-dd-dd. */
static bool looks_like_day(struct text text)
{
	static const char form[] = "dddd-dd-dd";

	if (text.length != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (form[i] == 'd' ? strchr("0123456789", text.bytes[i]) == NULL || text.bytes[i] == '\0' : text.bytes[i] != '-')
			return false;
	return true;
}

static enum status read_day(struct text text, const struct reading *reading, int64_t *out)
{
	struct text front = {text.bytes, 10};
	int32_t day;

	if (day_parse(text, &day)) {
		*out = day;
		return STATUS_OK;
	}
	if (looks_like_day(text))
		READING_PROBLEM(reading, "\"%.*s\" is not a day of the calendar", TEXT_ARGS(text));
	else if (text.length > front.length && day_parse(front, &day))
		READING_PROBLEM(reading, "\"%.*s%s\" is not a date alone; write %.*s without the time of day", SHOWN(text), TEXT_ARGS(front));
	else
		READING_PROBLEM(reading, "\"%.*s%s\" is not a date; write year-month-day, such as 2026-03-01", SHOWN(text));
	return STATUS_INVALID;
}

enum status intake_instant_read(struct text text, const struct reading *reading, int64_t *out)
{
	int32_t day;

	if (instant_parse(text, out))
		return STATUS_OK;
	if (day_parse(text, &day))
		READING_PROBLEM(reading, "\"%.*s\" has no time of day; write %.*sT00:00:00Z", TEXT_ARGS(text), TEXT_ARGS(text));
	else
		READING_PROBLEM(reading, "\"%.*s%s\" is not an instant; write it such as 2026-03-01T09:30:00Z, with Z or an offset such as +01:00",
		                SHOWN(text));
	return STATUS_INVALID;
}

static bool equal_ignoring_case(struct text text, const char *word)
{
	return strlen(word) == text.length && strncasecmp(text.bytes, word, text.length) == 0;
}

/** "open, won, lost" */
static struct text list_labels(const char *const *labels, struct arena *arena)
{
	struct text list = text_of(labels[0]);

	for (size_t i = 1; labels[i] != NULL; i++)
		list = text_format(arena, "%.*s, %s", TEXT_ARGS(list), labels[i]);
	return list;
}

static enum status read_label(const struct field *field, struct text text, const struct reading *reading, int64_t *out)
{
	struct text known;

	for (size_t i = 0; field->labels[i] != NULL; i++) {
		if (equal_ignoring_case(text, field->labels[i])) {
			*out = (int64_t)i;
			return STATUS_OK;
		}
	}
	known = list_labels(field->labels, reading->arena);
	READING_PROBLEM(reading, "\"%.*s%s\" is not one of %.*s", SHOWN(text), TEXT_ARGS(known));
	return STATUS_INVALID;
}

static enum status read_yes_or_no(struct text text, const struct reading *reading, int64_t *out)
{
	static const char *const words[][2] = {{"false", "true"}, {"no", "yes"}, {"0", "1"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int j = 0; j < 2; j++) {
			if (equal_ignoring_case(text, words[i][j])) {
				*out = j;
				return STATUS_OK;
			}
		}
	}
	READING_PROBLEM(reading, "\"%.*s%s\" is neither true nor false; write true or false, yes or no, 1 or 0", SHOWN(text));
	return STATUS_INVALID;
}

/** The kinds that are text in JSON too. */
static enum status read_worded(const struct field *field, struct text text, const struct reading *reading, union value *out, bool *filled)
{
	switch (field->kind) {
	case FIELD_TEXT:
		return read_plain_text(field, text, reading, out, filled);
	case FIELD_REFERENCE:
		return read_reference(text, reading, out);
	case FIELD_DAY:
		return read_day(text, reading, &out->integer);
	case FIELD_INSTANT:
		return intake_instant_read(text, reading, &out->integer);
	default:
		return read_label(field, text, reading, &out->integer);
	}
}

enum status intake_value_from_json(const struct field *field, const json_t *json, const struct reading *reading, union value *out,
                                   bool *filled)
{
	*filled = !json_is_null(json);
	if (!*filled)
		return STATUS_OK;
	switch (field->kind) {
	case FIELD_INTEGER:
	case FIELD_SCALED:
	case FIELD_MONEY:
		return intake_number_from_json(field, json, reading, &out->integer);
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_PROTECTION:
		return intake_structure_from_json(field, json, reading, &out->text);
	case FIELD_BOOL:
		if (json_is_boolean(json)) {
			out->integer = json_is_true(json);
			return STATUS_OK;
		}
		break;
	default:
		if (json_is_string(json))
			return read_worded(field, intake_json_text(json), reading, out, filled);
		break;
	}
	READING_PROBLEM(reading, "%s", wanted[field->kind]);
	return STATUS_INVALID;
}

enum status intake_value_from_text(const struct field *field, struct text text, const struct reading *reading, union value *out,
                                   bool *filled)
{
	struct text trimmed = text_trim(text);

	*filled = trimmed.length > 0;
	if (!*filled)
		return STATUS_OK;
	switch (field->kind) {
	case FIELD_INTEGER:
	case FIELD_SCALED:
	case FIELD_MONEY:
		return intake_number_from_text(field, trimmed, reading, &out->integer);
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_PROTECTION:
		return intake_structure_from_text(field, trimmed, reading, &out->text);
	case FIELD_BOOL:
		return read_yes_or_no(trimmed, reading, &out->integer);
	case FIELD_TEXT:
	case FIELD_REFERENCE:
		/* As given: a blank more makes another id, and the message says so. */
		return read_worded(field, text, reading, out, filled);
	default:
		return read_worded(field, trimmed, reading, out, filled);
	}
}
