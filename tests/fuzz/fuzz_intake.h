/* SPDX-License-Identifier: Apache-2.0 */
/* What the intake's fuzz targets share: a workspace, and rows and problems as bytes that can be compared. */
#ifndef TESTS_FUZZ_FUZZ_INTAKE_H
#define TESTS_FUZZ_FUZZ_INTAKE_H

#include <sweetspot/intake.h>

#include "fuzz.h"

static const struct exchange_rate fuzz_rates[] = {{{"USD", 3}, 900000}, {{"JPY", 3}, 6000}, {{"BIG", 3}, INT64_MAX}};
static const struct intake_context fuzz_context = {
	.currency_digits = 2,
	.currency = {"EUR", 3},
	.rates = fuzz_rates,
	.rate_count = sizeof(fuzz_rates) / sizeof(fuzz_rates[0]),
	.now_us = INT64_C(1772323200000000),
};

static inline void fuzz_write_problems(const struct problems *problems, struct buffer *out)
{
	for (const struct problem *at = problems->first; at != NULL; at = at->next) {
		FUZZ_ASSERT(text_is_utf8(at->pointer) && text_is_utf8(at->detail));
		FUZZ_ASSERT(at->detail.length > 0);
		buffer_append_format(out, "%.*s: %.*s\n", TEXT_ARGS(at->pointer), TEXT_ARGS(at->detail));
	}
}

static inline bool fuzz_is_text(enum field_kind kind)
{
	return kind == FIELD_TEXT || kind == FIELD_REFERENCE || kind == FIELD_TEXTS || kind == FIELD_OBJECT || kind == FIELD_PROTECTION;
}

/** Canonical JSON reads back, and to the same bytes: what is stored can be put again. */
static inline void fuzz_check_structure(const struct field *field, enum record_kind kind, struct text value)
{
	struct arena *arena = arena_new(4096);
	struct problems problems = problems_in(arena);
	struct text body = text_format(arena, "{\"%s\":%.*s}", field->name, TEXT_ARGS(value));
	int index = record_field_find(record_shape(kind), text_of(field->name));
	struct record again;
	json_t *json;

	FUZZ_ASSERT(intake_json_parse(body, arena, &json, &problems) == STATUS_OK);
	FUZZ_ASSERT(intake_record_decode(json, kind, TEXT("a"), TEXT(""), &fuzz_context, arena, &again, &problems) == STATUS_OK);
	FUZZ_ASSERT(text_equal(again.value[index].text, value));
	arena_free(arena);
}

static inline void fuzz_check_value(const struct field *field, enum record_kind kind, const union value *value)
{
	if (fuzz_is_text(field->kind)) {
		FUZZ_ASSERT(text_is_utf8(value->text));
		FUZZ_ASSERT(value->text.length > 0 && value->text.length <= (size_t)field->max);
	}
	if (field->kind == FIELD_TEXTS || field->kind == FIELD_OBJECT || field->kind == FIELD_PROTECTION)
		fuzz_check_structure(field, kind, value->text);
	if (field->kind == FIELD_INTEGER || field->kind == FIELD_SCALED || field->kind == FIELD_MONEY || field->kind == FIELD_ENUM)
		FUZZ_ASSERT(value->integer >= field->min && value->integer <= field->max);
}

/** Check a record against its table, and write it. */
static inline void fuzz_write_record(const struct record *record, struct buffer *out)
{
	const struct record_shape *shape = record_shape(record->kind);

	FUZZ_ASSERT(intake_id_error(record->id) == NULL);
	FUZZ_ASSERT((record->filled & ~record->given) == 0 && record->given >> shape->field_count == 0);
	FUZZ_ASSERT(record->source_at_us <= fuzz_context.now_us);
	buffer_append_format(out, "%.*s %x %x %lld", TEXT_ARGS(record->id), record->given, record->filled, (long long)record->source_at_us);
	for (size_t i = 0; i < shape->field_count; i++) {
		if ((record->filled >> i & 1) == 0)
			continue;
		fuzz_check_value(&shape->fields[i], record->kind, &record->value[i]);
		if (fuzz_is_text(shape->fields[i].kind))
			buffer_append_format(out, " %.*s", TEXT_ARGS(record->value[i].text));
		else
			buffer_append_format(out, " %lld", (long long)record->value[i].integer);
	}
	buffer_append_char(out, '\n');
}

/** What one import comes to. */
struct fuzz_import {
	struct arena *row_arena;
	struct buffer written;
	int64_t rows;
};

static inline struct arena *fuzz_row_arena(void *owner)
{
	struct fuzz_import *import = owner;

	arena_reset(import->row_arena);
	return import->row_arena;
}

static inline enum status fuzz_new_row(void *owner, struct import_row *row)
{
	struct fuzz_import *import = owner;

	FUZZ_ASSERT(row->number == ++import->rows);
	FUZZ_ASSERT((row->status == STATUS_OK) == (row->problems.count == 0));
	if (row->status == STATUS_OK)
		fuzz_write_record(&row->record, &import->written);
	else
		fuzz_write_problems(&row->problems, &import->written);
	return STATUS_OK;
}

/** Read an import in pieces of `step` bytes and write all that comes out: rows, problems, the status. */
static inline struct buffer fuzz_run_import(enum record_kind kind, const struct import_options *options, struct fuzz_input input,
                                            size_t step)
{
	struct arena *arena = arena_new(4096);
	struct problems problems = problems_in(arena);
	struct fuzz_import import = {.row_arena = arena_new(4096)};
	struct import_reader *reader = NULL;
	enum status status = import_reader_new(kind, options, &fuzz_context, fuzz_row_arena, fuzz_new_row, &import, &reader, &problems);

	while (status == STATUS_OK && input.size > 0) {
		size_t length = input.size < step ? input.size : step;
		char *piece = fuzz_copy(input.data, length);

		status = import_reader_feed(reader, piece, length, &problems);
		free(piece);
		input.data += length;
		input.size -= length;
	}
	if (status == STATUS_OK)
		status = import_reader_finish(reader, &problems);
	FUZZ_ASSERT((status == STATUS_OK) == (problems.count == 0));
	FUZZ_ASSERT(status == STATUS_OK || status == STATUS_MALFORMED || status == STATUS_INVALID || status == STATUS_TOO_LARGE);
	buffer_append_format(&import.written, "%d\n", (int)status);
	fuzz_write_problems(&problems, &import.written);
	import_reader_free(reader);
	arena_free(import.row_arena);
	arena_free(arena);
	return import.written;
}

/** Whatever the pieces, the same must come out. */
static inline void fuzz_check_import(enum record_kind kind, const struct import_options *options, struct fuzz_input input, size_t step)
{
	struct buffer whole = fuzz_run_import(kind, options, input, input.size);
	struct buffer pieces = fuzz_run_import(kind, options, input, step == 0 ? 1 : step);

	fuzz_expect_equal(&whole, &pieces);
	buffer_release(&whole);
	buffer_release(&pieces);
}

#endif
