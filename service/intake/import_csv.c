/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV header to bindings, and one row of cells to one record. Cells are cut out in csv.c. */
#include <string.h>

#include "json.h"
#include "reader.h"

/* --- header -------------------------------------------------------------------------------------------------------- */

/** Names of the header's columns while it is read. */
struct header {
	struct text *names;
	size_t count;
};

static struct text column_pointer(struct import_reader *reader, struct text name)
{
	return intake_pointer(reader->problems, TEXT(""), name);
}

static bool has_nul(struct text text)
{
	return text.length > 0 && memchr(text.bytes, '\0', text.length) != NULL;
}

static enum status read_names(struct import_reader *reader, const struct csv_row *row, struct header *out)
{
	out->count = row->count;
	out->names = arena_array(reader->arena, row->count, sizeof(*out->names));
	if (out->names == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < row->count; i++) {
		struct text name = intake_csv_cell(row, i);

		if (!text_is_utf8(name)) {
			problems_add(reader->problems, TEXT(""),
			             "the name of column %zu is not UTF-8; save the file as UTF-8, or write ?charset=latin1", i + 1);
			return STATUS_INVALID;
		}
		out->names[i] = text_copy(reader->arena, text_trim(name));
		if (out->names[i].bytes == NULL)
			return STATUS_NO_MEMORY;
		if (has_nul(name)) {
			problems_add(reader->problems, TEXT(""), "the name of column %zu contains a NUL byte; is this a text file?", i + 1);
			return STATUS_INVALID;
		}
	}
	return STATUS_OK;
}

static bool is_repeated(const struct header *header, size_t column)
{
	for (size_t i = 0; i < column; i++)
		if (text_equal(header->names[i], header->names[column]))
			return true;
	return false;
}

static void bind(struct import_reader *reader, struct binding binding)
{
	reader->bindings[reader->binding_count++] = binding;
}

/** Bind a column to all that ?map= makes of it. @return whether it makes anything of it */
static bool bind_mapped(struct import_reader *reader, size_t column, struct text name, bool repeated)
{
	const struct plan *plan = &reader->plan;
	bool mapped = false;

	for (size_t i = 0; i < plan->map_count; i++) {
		if (!text_equal(plan->map[i].source, name))
			continue;
		mapped = true;
		if (!repeated)
			bind(reader, (struct binding){column, name, plan->map[i].target, plan->map[i].name, false});
	}
	return mapped;
}

/** A column that nothing is known of. */
static void bind_extra(struct import_reader *reader, size_t column, struct text name, struct target target)
{
	const struct renaming *shadow = target.kind == TARGET_UNKNOWN ? NULL : intake_plan_source(&reader->plan, target);
	bool attributes_possible = reader->plan.kind == RECORD_ORGANISATION;

	if (reader->plan.extra == IMPORT_EXTRA_IGNORE)
		return;
	if (name.length == 0)
		problems_add(reader->problems, TEXT(""), "column %zu has no name; give it one, or write ?extra=ignore", column + 1);
	else if (reader->plan.extra == IMPORT_EXTRA_ATTRIBUTES)
		bind(reader, (struct binding){column, name, {TARGET_UNKNOWN, 0}, name, true});
	else if (shadow != NULL)
		problems_add(reader->problems, column_pointer(reader, name),
		             "is filled from column %.*s%s by ?map=; remove this column, or write ?extra=ignore", SHOWN(shadow->source));
	else
		problems_add(reader->problems, column_pointer(reader, name),
		             "is not a field of %s; say which field it is (?map=%.*s%s:FIELD), %sor leave such columns out with ?extra=ignore",
		             record_shape(reader->plan.kind)->plural, SHOWN(name),
		             attributes_possible ? "keep such columns with ?extra=attributes, " : "");
}

static void bind_column(struct import_reader *reader, const struct header *header, size_t column)
{
	struct text name = header->names[column];
	struct target target = intake_target_find(reader->plan.kind, name);
	bool repeated = is_repeated(header, column);
	size_t before = reader->binding_count;
	bool known = bind_mapped(reader, column, name, repeated);

	if (!known && target.kind != TARGET_UNKNOWN && intake_plan_source(&reader->plan, target) == NULL) {
		known = true;
		if (!repeated)
			bind(reader, (struct binding){column, name, target, name, false});
	}
	if (!known && !repeated)
		bind_extra(reader, column, name, target);
	if (repeated && (known || (reader->plan.extra != IMPORT_EXTRA_IGNORE && name.length > 0)))
		problems_add(reader->problems, column_pointer(reader, name), "column \"%.*s%s\" stands twice; keep one of the two", SHOWN(name));
	for (size_t i = before; i < reader->binding_count; i++)
		reader->keeps_extra |= reader->bindings[i].is_attribute;
}

/** Whether every column that ?map= speaks of is there; a problem for each that is not. */
static bool check_map(struct import_reader *reader, const struct header *header)
{
	const struct plan *plan = &reader->plan;
	bool complete = true;

	for (size_t i = 0; i < plan->map_count; i++) {
		bool found = false;

		for (size_t j = 0; j < header->count && !found; j++)
			found = text_equal(header->names[j], plan->map[i].source);
		if (!found)
			problems_add(reader->problems, TEXT("?map"), "the header has no column \"%.*s%s\"", SHOWN(plan->map[i].source));
		complete &= found;
	}
	return complete;
}

static void check_id(struct import_reader *reader)
{
	bool has_id = false;

	for (size_t i = 0; i < reader->binding_count; i++)
		has_id |= reader->bindings[i].target.kind == TARGET_ID;
	if (!has_id)
		problems_add(reader->problems, TEXT("/id"), "the header has no column id; add one, or say which column is the id: ?map=account:id");
}

static enum status read_header(struct import_reader *reader, const struct csv_row *row)
{
	size_t before = reader->problems->count;
	struct header header;
	enum status status;

	reader->has_header = true;
	if (row->fault == CSV_AFTER_QUOTE) {
		problems_add(reader->problems, TEXT(""), "in the header, something stands between a closing quote (\") and the next delimiter");
		return STATUS_INVALID;
	}
	if (row->count > CSV_COLUMNS_MAX || row->fault != CSV_FINE) {
		problems_add(reader->problems, TEXT(""), "the header row is too long, or has more than %d columns", CSV_COLUMNS_MAX);
		return STATUS_TOO_LARGE;
	}
	status = read_names(reader, row, &header);
	if (status != STATUS_OK)
		return status;
	reader->columns = header.count;
	reader->bindings = arena_array(reader->arena, header.count + reader->plan.map_count, sizeof(*reader->bindings));
	if (reader->bindings == NULL)
		return STATUS_NO_MEMORY;
	if (!check_map(reader, &header))
		return STATUS_INVALID;
	for (size_t i = 0; i < header.count; i++)
		bind_column(reader, &header, i);
	check_id(reader);
	return reader->problems->count > before ? STATUS_INVALID : STATUS_OK;
}

/* --- rows ---------------------------------------------------------------------------------------------------------- */

/** What stands wrong in a column called otherwise than its field is told with the column's name. */
static void name_column(struct problems *problems, const struct problem *last, struct text column)
{
	struct problem *problem = last == NULL ? problems->first : last->next;

	for (; problem != NULL; problem = problem->next) {
		struct text detail = text_format(problems->arena, "%.*s (column %.*s)", TEXT_ARGS(problem->detail), TEXT_ARGS(column));

		if (detail.bytes == NULL)
			problems->failed = true;
		else
			problem->detail = detail;
	}
}

/** What no field can keep, and no attribute. */
static bool is_keepable(const struct draft *draft, struct text cell)
{
	if (!text_is_utf8(cell))
		READING_PROBLEM(&draft->reading, "is not UTF-8; save the file as UTF-8, or import with ?charset=latin1");
	else if (has_nul(cell))
		READING_PROBLEM(&draft->reading, "contains a NUL byte, which cannot be kept; remove it");
	else
		return true;
	return false;
}

static enum status take_cell(struct import_reader *reader, struct draft *draft, const struct binding *binding, struct text cell)
{
	enum status status;
	bool translated;

	draft->reading.name = binding->name;
	if (binding->target.kind == TARGET_COMPUTED)
		return STATUS_OK;
	if (!is_keepable(draft, cell)) {
		draft->id_is_wrong |= binding->target.kind == TARGET_ID;
		return STATUS_OK;
	}
	if (binding->is_attribute)
		return intake_draft_keep(draft, binding->name, (struct given){.text = cell});
	status = intake_plan_translate(&reader->plan, binding->target, draft->reading.arena, &cell, &translated);
	return status == STATUS_OK ? intake_draft_take(draft, binding->target, binding->name, (struct given){.text = cell}) : status;
}

/** Take the cells that lead, or the others. */
static enum status take_cells(struct import_reader *reader, struct draft *draft, const struct csv_row *cells, bool leading)
{
	struct problems *problems = draft->reading.problems;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < reader->binding_count && status == STATUS_OK; i++) {
		const struct binding *binding = &reader->bindings[i];
		const struct problem *last = problems->last;

		if (intake_target_leads(binding->target) != leading)
			continue;
		status = take_cell(reader, draft, binding, intake_csv_cell(cells, binding->column));
		if (problems->last != last && !text_equal(binding->source, binding->name))
			name_column(problems, last, binding->source);
	}
	return status;
}

static enum status decode(struct import_reader *reader, const struct csv_row *cells, struct import_row *row)
{
	struct draft draft;
	enum status status = STATUS_OK;

	intake_draft_init(&draft, reader->plan.kind, (struct text){NULL, 0}, TEXT(""), reader->decimal, reader->context, row->problems.arena,
	                  &row->record, &row->problems);
	if (reader->keeps_extra)
		status = intake_draft_keep_extra(&draft);
	if (status == STATUS_OK)
		status = take_cells(reader, &draft, cells, true);
	if (status == STATUS_OK)
		status = take_cells(reader, &draft, cells, false);
	return status == STATUS_OK ? intake_draft_finish(&draft) : status;
}

/** What is wrong with the row as a whole; nothing added when it can be read. */
static void check_row(const struct import_reader *reader, const struct csv_row *cells, struct problems *problems)
{
	if (cells->fault == CSV_TOO_LONG)
		problems_add(problems, TEXT(""), "the row is longer than %zu bytes; perhaps a quote (\") is opened in it and not closed",
		             reader->csv.row_bytes);
	else if (cells->fault == CSV_AFTER_QUOTE)
		problems_add(problems, TEXT(""),
		             "something stands between a closing quote (\") and the next delimiter; a quote inside a quoted cell is written twice");
	else if (cells->count != reader->columns)
		problems_add(problems, TEXT(""), "the row has %zu cell(s) where the header has %zu; put cells that contain the delimiter in quotes",
		             cells->count, reader->columns);
}

enum status import_csv_on_row(void *owner, const struct csv_row *cells)
{
	struct import_reader *reader = owner;
	struct import_row row;
	enum status status;

	if (!reader->has_header)
		return read_header(reader, cells);
	status = import_row_begin(reader, &row);
	if (status != STATUS_OK)
		return status;
	check_row(reader, cells, &row.problems);
	status = row.problems.count > 0 ? STATUS_INVALID : decode(reader, cells, &row);
	return import_row_end(reader, &row, status);
}
