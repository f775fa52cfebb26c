/* SPDX-License-Identifier: Apache-2.0 */
/* What became of an import's rows, as its answer says it and as its checkpoint keeps it. */
#include <string.h>

#include <jansson.h>

#include "import.h"

enum status import_errors_add(struct import_errors *errors, struct arena *arena, int64_t row, const struct problem *problem)
{
	struct import_error error = {.row = row};
	size_t at = errors->count;

	while (at > 0 && errors->items[at - 1].row > row)
		at--;
	if (at == IMPORT_ERRORS)
		return STATUS_OK;
	error.pointer = text_copy(arena, problem->pointer);
	error.detail = text_copy(arena, problem->detail);
	if (error.pointer.bytes == NULL || error.detail.bytes == NULL)
		return STATUS_NO_MEMORY;
	if (errors->count < IMPORT_ERRORS)
		errors->count++;
	memmove(&errors->items[at + 1], &errors->items[at], (errors->count - at - 1) * sizeof(error));
	errors->items[at] = error;
	return STATUS_OK;
}

enum status import_errors_add_all(struct import_errors *errors, struct arena *arena, int64_t row, const struct problems *problems,
                                  enum status status)
{
	const struct problem whole = {.pointer = TEXT(""), .detail = text_of(status_describe(status)->title)};

	if (problems->failed)
		return STATUS_NO_MEMORY;
	if (problems->first == NULL)
		return import_errors_add(errors, arena, row, &whole);
	for (const struct problem *problem = problems->first; problem != NULL; problem = problem->next)
		if (import_errors_add(errors, arena, row, problem) != STATUS_OK)
			return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static void count_effect(struct import_counts *counts, enum write_effect effect)
{
	switch (effect) {
	case EFFECT_CREATED:
		counts->created++;
		break;
	case EFFECT_UPDATED:
		counts->updated++;
		break;
	case EFFECT_UNCHANGED:
	case EFFECT_DELETED:  /* of a merge it never is */
		counts->unchanged++;
		break;
	}
}

enum status import_chunk_tally(const struct import_chunk *chunk, struct arena *arena, struct import_counts *counts,
                               struct import_errors *errors)
{
	counts->received += chunk->received;
	counts->rejected += chunk->rejected;
	for (size_t i = 0; i < chunk->count; i++) {
		const struct write *write = &chunk->writes[i];

		if (write->status == STATUS_OK) {
			count_effect(counts, write->effect);
			continue;
		}
		counts->rejected++;
		if (import_errors_add_all(errors, arena, chunk->rows[i], &write->problems, write->status) != STATUS_OK)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

static void write_count(struct json_writer *w, const char *name, int64_t count)
{
	json_key(w, name);
	json_int(w, count);
}

void import_errors_write(struct json_writer *w, const struct import_errors *errors, int64_t last_row)
{
	json_open_array(w);
	for (size_t i = 0; i < errors->count && errors->items[i].row <= last_row; i++) {
		json_open_object(w);
		write_count(w, "row", errors->items[i].row);
		json_key(w, "pointer");
		json_text(w, errors->items[i].pointer);
		json_key(w, "detail");
		json_text(w, errors->items[i].detail);
		json_close_object(w);
	}
	json_close_array(w);
}

void import_report_write(struct buffer *out, int64_t number, const struct import_counts *counts, const struct import_errors *errors,
                         int64_t last_row)
{
	struct json_writer w = json_writer_to(out);

	json_open_object(&w);
	if (number > 0)
		write_count(&w, "import", number);
	write_count(&w, "received", counts->received);
	write_count(&w, "created", counts->created);
	write_count(&w, "updated", counts->updated);
	write_count(&w, "unchanged", counts->unchanged);
	write_count(&w, "rejected", counts->rejected);
	json_key(&w, "errors");
	import_errors_write(&w, errors, last_row);
	json_close_object(&w);
}

static struct text string_member(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_string(value) ? (struct text){json_string_value(value), json_string_length(value)} : TEXT("");
}

static enum status read_errors(const json_t *list, struct arena *arena, struct import_errors *errors)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < json_array_size(list) && status == STATUS_OK; i++) {
		const json_t *item = json_array_get(list, i);
		struct problem problem = {.pointer = string_member(item, "pointer"), .detail = string_member(item, "detail")};

		status = import_errors_add(errors, arena, json_integer_value(json_object_get(item, "row")), &problem);
	}
	return status;
}

enum status import_report_read(struct text json, struct arena *arena, int64_t *number, struct import_counts *counts,
                               struct import_errors *errors)
{
	json_t *report = json_loadb(json.bytes, json.length, JSON_REJECT_DUPLICATES, NULL);
	enum status status;

	if (report == NULL)
		return STATUS_INTERNAL;
	*counts = (struct import_counts){
		.received = json_integer_value(json_object_get(report, "received")),
		.created = json_integer_value(json_object_get(report, "created")),
		.updated = json_integer_value(json_object_get(report, "updated")),
		.unchanged = json_integer_value(json_object_get(report, "unchanged")),
		.rejected = json_integer_value(json_object_get(report, "rejected")),
	};
	if (json_object_get(report, "import") != NULL)
		*number = json_integer_value(json_object_get(report, "import"));
	status = read_errors(json_object_get(report, "errors"), arena, errors);
	json_decref(report);
	return status;
}
