/* SPDX-License-Identifier: Apache-2.0 */
/* The import reader's life: options, format, rows handed over, failures. Rows are read in import_csv.c and import_json.c. */
#include <stdlib.h>

#include "reader.h"

#define READER_ARENA_BYTES 4096

static void check_format_options(const struct import_options *options, struct problems *problems)
{
	bool is_csv = options->format == IMPORT_CSV;

	if (options->decimal != '.' && options->decimal != ',')
		problems_add(problems, TEXT("?decimal"), "must be . or ,");
	else if (options->decimal == ',' && !is_csv)
		problems_add(problems, TEXT("?decimal"), "is for CSV alone; JSON has the decimal point");
	if (options->latin1 && !is_csv)
		problems_add(problems, TEXT("?charset"), "is for CSV alone; JSON is UTF-8");
	if (options->delimiter != 0 && !is_csv)
		problems_add(problems, TEXT("?delimiter"), "is for CSV alone");
	else if (options->delimiter != 0 && options->delimiter != ',' && options->delimiter != ';' && options->delimiter != '\t')
		problems_add(problems, TEXT("?delimiter"), "must be a comma, a semicolon or a tab");
}

static void start_format(struct import_reader *reader, const struct import_options *options)
{
	if (options->format == IMPORT_CSV)
		intake_csv_init(&reader->csv, options->delimiter, options->latin1, options->row_bytes, import_csv_on_row, reader);
	else
		intake_json_stream_init(&reader->stream, options->format == IMPORT_NDJSON, options->row_bytes, import_json_on_element, reader);
}

enum status import_reader_new(enum record_kind kind, const struct import_options *options, const struct intake_context *context,
                              struct arena *(*row_arena)(void *owner), enum status (*new_row)(void *owner, struct import_row *row),
                              void *owner, struct import_reader **out, struct problems *problems)
{
	struct import_reader *reader = calloc(1, sizeof(*reader));
	size_t before = problems->count;
	enum status status;

	if (reader == NULL)
		return STATUS_NO_MEMORY;
	reader->format = options->format;
	reader->decimal = options->decimal;
	reader->context = context;
	reader->row_arena = row_arena;
	reader->new_row = new_row;
	reader->owner = owner;
	reader->arena = arena_new(READER_ARENA_BYTES);
	start_format(reader, options);
	check_format_options(options, problems);
	status = reader->arena == NULL ? STATUS_NO_MEMORY : intake_plan_parse(&reader->plan, kind, options, reader->arena, problems);
	if (status == STATUS_OK && problems->count > before)
		status = problems->failed ? STATUS_NO_MEMORY : STATUS_INVALID;
	if (status == STATUS_OK)
		*out = reader;
	else
		import_reader_free(reader);
	return status;
}

void import_reader_free(struct import_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->format == IMPORT_CSV)
		intake_csv_release(&reader->csv);
	else
		intake_json_stream_release(&reader->stream);
	arena_free(reader->arena);
	free(reader);
}

enum status import_row_begin(struct import_reader *reader, struct import_row *row)
{
	struct arena *arena = reader->row_arena(reader->owner);

	reader->rows++;
	if (arena == NULL)
		return STATUS_NO_MEMORY;
	*row = (struct import_row){.number = reader->rows, .problems = problems_in(arena)};
	return STATUS_OK;
}

enum status import_row_end(struct import_reader *reader, struct import_row *row, enum status status)
{
	if (status == STATUS_NO_MEMORY || row->problems.failed)
		return STATUS_NO_MEMORY;
	row->status = status;
	return reader->new_row(reader->owner, row);
}

/** Remember a failure, and say what a format complains of; other problems are there already. */
static enum status conclude(struct import_reader *reader, enum status status)
{
	const char *complaint = reader->format == IMPORT_CSV ? reader->csv.complaint : reader->stream.complaint;

	if (status != STATUS_OK && complaint != NULL && reader->rows == 0)
		problems_add(reader->problems, TEXT(""), "%s", complaint);
	else if (status != STATUS_OK && complaint != NULL)
		problems_add(reader->problems, TEXT(""), "behind row %lld: %s", (long long)reader->rows, complaint);
	reader->failed = reader->problems->failed ? STATUS_NO_MEMORY : status;
	return reader->failed;
}

enum status import_reader_feed(struct import_reader *reader, const void *bytes, size_t length, struct problems *problems)
{
	if (reader->failed != STATUS_OK || length == 0)
		return reader->failed;
	reader->problems = problems;
	if (reader->format == IMPORT_CSV)
		return conclude(reader, intake_csv_feed(&reader->csv, bytes, length));
	return conclude(reader, intake_json_stream_feed(&reader->stream, bytes, length));
}

enum status import_reader_finish(struct import_reader *reader, struct problems *problems)
{
	enum status status;

	if (reader->failed != STATUS_OK)
		return reader->failed;
	reader->problems = problems;
	if (reader->format != IMPORT_CSV)
		return conclude(reader, intake_json_stream_finish(&reader->stream));
	status = intake_csv_finish(&reader->csv);
	if (status == STATUS_OK && !reader->has_header) {
		reader->csv.complaint = "the import is empty; a CSV import begins with a row of column names";
		status = STATUS_MALFORMED;
	}
	return conclude(reader, status);
}
