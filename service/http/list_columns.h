/* SPDX-License-Identifier: Apache-2.0 */
/* What a listed record is made of: which of it ?fields= picks, and the cells it has in a CSV. Pure. */
#ifndef SERVICE_HTTP_LIST_COLUMNS_H
#define SERVICE_HTTP_LIST_COLUMNS_H

#include <sweetspot/buffer.h>
#include <sweetspot/json_writer.h>
#include <sweetspot/problem.h>
#include <sweetspot/record.h>

#define LIST_COLUMNS_MAX 64

/** Columns of a kind, in the order of a CSV; a path is "name" or "measures.revenue_12m". */
struct list_columns {
	size_t count;
	struct text paths[LIST_COLUMNS_MAX];
};

/** What ?fields= names, and the id; count 0: everything. A pick is a whole member or one inside it. */
struct list_picks {
	size_t count;
	struct text paths[LIST_COLUMNS_MAX + 8];  /* every column, and the few members that have several */
};

/** All columns of a kind; organisations: as accounts or as prospects. */
void list_columns_of(enum record_kind kind, bool accounts, struct list_columns *out);
/** Read ?fields=a,b.c; a name that no column has is a problem. */
void list_picks_read(struct text fields, const struct list_columns *columns, struct list_picks *out, struct problems *problems);
/** Leave the columns that are picked. */
void list_columns_pick(struct list_columns *columns, const struct list_picks *picks);
/** Write a record's JSON with what is picked of it, or as it stands. */
void list_picks_write(struct json_writer *w, const struct list_picks *picks, struct text record);

/** The header row: paths with '_' for '.', CRLF. */
void list_csv_head(struct buffer *out, const struct list_columns *columns);
/** A record's row: its JSON's values in the order of the columns, nested ones by their path, CRLF. */
void list_csv_row(struct buffer *out, const struct list_columns *columns, struct text record, struct buffer *scratch);
/**
 * One cell (RFC 4180): quoted where it must be. A text that a spreadsheet would take for a formula (= + - @, tab, carriage return) gets an
 * apostrophe in front.
 */
void list_csv_cell(struct buffer *out, struct text text, bool is_text);

#endif
