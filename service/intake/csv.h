/* SPDX-License-Identifier: Apache-2.0 */
/* A CSV tokenizer that is fed in any pieces; what the cells mean is not known here. */
#ifndef SWEETSPOT_INTAKE_CSV_H
#define SWEETSPOT_INTAKE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/buffer.h>
#include <sweetspot/status.h>

/** More columns than this are counted, not kept. */
#define CSV_COLUMNS_MAX 1024

/** Why a row cannot be taken; the rows behind it can. */
enum csv_fault {
	CSV_FINE,
	CSV_TOO_LONG,     /* more bytes than row_bytes */
	CSV_AFTER_QUOTE,  /* something stands between a closing quote and the next delimiter */
};

/** One row while on_row runs. Cells are UTF-8 if the input was; with a fault they are not to be read. */
struct csv_row {
	const char *bytes;    /* the cells' contents, one behind the other */
	const size_t *ends;   /* where each ends, of the first CSV_COLUMNS_MAX */
	size_t count;
	enum csv_fault fault;
};

typedef enum status csv_on_row(void *owner, const struct csv_row *row);

enum csv_state { CSV_CELL_START, CSV_PLAIN, CSV_QUOTED, CSV_QUOTE_SEEN };
/** The first line is held back until it is whole, because it tells the delimiter. */
enum csv_head { CSV_HEAD_PLAIN, CSV_HEAD_QUOTED, CSV_HEAD_QUOTE_SEEN, CSV_HEAD_DONE };

/**
 * RFC 4180, and what spreadsheets write: rows end in CRLF, LF or CR; a byte order mark is skipped; blank lines are no rows; a quote
 * inside an unquoted cell is a character like any other. Memory: a small multiple of row_bytes, whatever comes in.
 */
struct csv {
	char delimiter;         /* 0 until recognised: the most frequent of , ; and tab in the first line, the comma when there is none */
	bool latin1;            /* read as windows-1252, which is what programs mean by latin1 */
	size_t row_bytes;
	csv_on_row *on_row;
	void *owner;
	const char *complaint;  /* what is wrong when feed or finish fail with STATUS_MALFORMED or STATUS_TOO_LARGE. Static storage */

	enum csv_head head_state;
	struct buffer head;
	enum csv_state state;
	bool after_cr;
	struct buffer cells;
	size_t ends[CSV_COLUMNS_MAX];
	size_t count;           /* cells ended */
	size_t raw_bytes;       /* of this row so far */
	enum csv_fault fault;
};

/** @param delimiter  ',' ';' '\t', or 0 to recognise it */
void intake_csv_init(struct csv *csv, char delimiter, bool latin1, size_t row_bytes, csv_on_row *on_row, void *owner);
void intake_csv_release(struct csv *csv);
/** @return STATUS_OK, STATUS_MALFORMED (UTF-16), STATUS_TOO_LARGE (the first line), STATUS_NO_MEMORY, or what on_row returned */
MUST_CHECK enum status intake_csv_feed(struct csv *csv, const char *bytes, size_t length);
/** The input has ended. @return as feed; STATUS_MALFORMED also for a quote that was never closed */
MUST_CHECK enum status intake_csv_finish(struct csv *csv);
/** @param index  below count and CSV_COLUMNS_MAX */
struct text intake_csv_cell(const struct csv_row *row, size_t index);

#endif
