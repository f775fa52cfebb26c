/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of an import reader, shared by its formats. */
#ifndef SWEETSPOT_INTAKE_READER_H
#define SWEETSPOT_INTAKE_READER_H

#include "csv.h"
#include "json_stream.h"
#include "plan.h"

/** What a CSV column is used for; a column has as many bindings as it serves fields. */
struct binding {
	size_t column;
	struct text source;    /* the column's name */
	struct target target;
	struct text name;      /* of the field, or of the attribute */
	bool is_attribute;
};

struct import_reader {
	enum import_format format;
	char decimal;
	struct plan plan;
	const struct intake_context *context;
	struct arena *(*row_arena)(void *owner);
	enum status (*new_row)(void *owner, struct import_row *row);
	void *owner;
	struct arena *arena;         /* plan and bindings: as long as the reader */
	struct problems *problems;   /* of the call that runs */
	int64_t rows;                /* seen so far */
	enum status failed;          /* STATUS_OK until reading has failed */
	union {
		struct csv csv;
		struct json_stream stream;
	};
	bool has_header;
	size_t columns;
	struct binding *bindings;
	size_t binding_count;
	bool keeps_extra;            /* some column is an attribute */
};

/** Begin the next row in an arena of its own. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status import_row_begin(struct import_reader *reader, struct import_row *row);
/** Hand a row over, its status taken from `status`. @return what new_row said; STATUS_NO_MEMORY when that is the status */
MUST_CHECK enum status import_row_end(struct import_reader *reader, struct import_row *row, enum status status);

/** The formats' callbacks; owner is the reader. */
csv_on_row import_csv_on_row;
json_stream_on_element import_json_on_element;

#endif
