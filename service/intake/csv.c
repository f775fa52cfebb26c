/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to rows of cells. Neither header nor fields are known here. */
#include "csv.h"

#include <stdint.h>
#include <string.h>

#include <unistr.h>

/* windows-1252 where it differs from latin1, 0x80..0x9f; 0: unassigned, kept as the control character that latin1 has there. */
static const uint16_t windows_1252[32] = {
	0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
	0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

void intake_csv_init(struct csv *csv, char delimiter, bool latin1, size_t row_bytes, csv_on_row *on_row, void *owner)
{
	*csv = (struct csv){.delimiter = delimiter, .latin1 = latin1, .row_bytes = row_bytes, .on_row = on_row, .owner = owner};
}

void intake_csv_release(struct csv *csv)
{
	buffer_release(&csv->head);
	buffer_release(&csv->cells);
}

struct text intake_csv_cell(const struct csv_row *row, size_t index)
{
	size_t start = index == 0 ? 0 : row->ends[index - 1];

	return (struct text){row->bytes + start, row->ends[index] - start};
}

static void append_latin1(struct buffer *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		ucs4_t point = c;
		uint8_t utf8[4];

		if (c >= 0x80 && c < 0xa0 && windows_1252[c - 0x80] != 0)
			point = windows_1252[c - 0x80];
		buffer_append(out, utf8, (size_t)u8_uctomb(utf8, point, sizeof(utf8)));
	}
}

/** Count bytes of the row, and keep those that are a cell's content. */
static void take_bytes(struct csv *csv, const char *bytes, size_t counted, size_t kept)
{
	csv->raw_bytes += counted;
	if (csv->raw_bytes > csv->row_bytes && csv->fault == CSV_FINE)
		csv->fault = CSV_TOO_LONG;
	if (csv->fault != CSV_FINE)
		return;
	if (csv->latin1)
		append_latin1(&csv->cells, bytes, kept);
	else
		buffer_append(&csv->cells, bytes, kept);
}

static void end_cell(struct csv *csv)
{
	if (csv->count < CSV_COLUMNS_MAX)
		csv->ends[csv->count] = csv->cells.length;
	csv->count++;
	csv->state = CSV_CELL_START;
}

static enum status end_row(struct csv *csv)
{
	struct csv_row row;
	enum status status;

	if (csv->raw_bytes == 0)
		return STATUS_OK;
	end_cell(csv);
	if (csv->cells.failed)
		return STATUS_NO_MEMORY;
	row = (struct csv_row){csv->cells.bytes == NULL ? "" : csv->cells.bytes, csv->ends, csv->count, csv->fault};
	status = csv->on_row(csv->owner, &row);
	buffer_clear(&csv->cells);
	csv->count = 0;
	csv->raw_bytes = 0;
	csv->fault = CSV_FINE;
	return status;
}

/** The delimiter or the end of a row, where a cell may end. */
static enum status take_separator(struct csv *csv, char c)
{
	if (c == csv->delimiter) {
		take_bytes(csv, &c, 1, 0);
		end_cell(csv);
		return STATUS_OK;
	}
	csv->after_cr = c == '\r';
	csv->state = CSV_CELL_START;
	return end_row(csv);
}

static bool is_separator(const struct csv *csv, char c)
{
	return c == csv->delimiter || c == '\n' || c == '\r';
}

static size_t plain_run(const struct csv *csv, const char *bytes, size_t length)
{
	size_t run = 0;

	while (run < length && !is_separator(csv, bytes[run]))
		run++;
	return run;
}

static size_t quoted_run(const char *bytes, size_t length)
{
	const char *quote = memchr(bytes, '"', length);

	return quote == NULL ? length : (size_t)(quote - bytes);
}

/**
 * Take some bytes, at least one unless only the state changes.
 *
 * @return how many
 */
static size_t step(struct csv *csv, const char *bytes, size_t length, enum status *status)
{
	size_t run;

	switch (csv->state) {
	case CSV_CELL_START:
		csv->state = *bytes == '"' ? CSV_QUOTED : CSV_PLAIN;
		take_bytes(csv, bytes, *bytes == '"', 0);
		return *bytes == '"';
	case CSV_PLAIN:
		run = plain_run(csv, bytes, length);
		if (run == 0) {
			*status = take_separator(csv, *bytes);
			return 1;
		}
		take_bytes(csv, bytes, run, run);
		return run;
	case CSV_QUOTED:
		run = quoted_run(bytes, length);
		if (run == length) {
			take_bytes(csv, bytes, run, run);
			return run;
		}
		csv->state = CSV_QUOTE_SEEN;
		take_bytes(csv, bytes, run + 1, run);
		return run + 1;
	case CSV_QUOTE_SEEN:
		break;
	}
	if (*bytes == '"') {
		csv->state = CSV_QUOTED;
		take_bytes(csv, bytes, 1, 1);
		return 1;
	}
	csv->state = CSV_PLAIN;
	if (!is_separator(csv, *bytes) && csv->fault == CSV_FINE)
		csv->fault = CSV_AFTER_QUOTE;
	return 0;
}

static enum status take(struct csv *csv, const char *bytes, size_t length)
{
	enum status status = STATUS_OK;
	size_t at = 0;

	while (at < length && status == STATUS_OK) {
		bool second_half = csv->after_cr && bytes[at] == '\n';

		csv->after_cr = false;
		at += second_half ? 1 : step(csv, bytes + at, length - at, &status);
	}
	return status;
}

static void skip_byte_order_mark(struct csv *csv)
{
	if (csv->head.length < 3 || memcmp(csv->head.bytes, "\xef\xbb\xbf", 3) != 0)
		return;
	/* The mark outranks ?charset=latin1: a file that begins so is UTF-8. */
	csv->latin1 = false;
	buffer_consume(&csv->head, 3);
}

/** The head's next state, quotes opening only where a cell may begin, whatever the delimiter turns out to be. */
static enum csv_head head_step(enum csv_head state, char before, char c)
{
	if (state == CSV_HEAD_QUOTED)
		return c == '"' ? CSV_HEAD_QUOTE_SEEN : CSV_HEAD_QUOTED;
	if (c != '"')
		return CSV_HEAD_PLAIN;
	if (state == CSV_HEAD_QUOTE_SEEN || before == ',' || before == ';' || before == '\t')
		return CSV_HEAD_QUOTED;
	return CSV_HEAD_PLAIN;
}

static char recognise_delimiter(struct text line)
{
	static const char candidates[] = {',', ';', '\t'};
	size_t counts[sizeof(candidates)] = {0};
	enum csv_head state = CSV_HEAD_PLAIN;
	size_t best = 0;

	for (size_t i = 0; i < line.length; i++) {
		state = head_step(state, i == 0 ? ',' : line.bytes[i - 1], line.bytes[i]);
		for (size_t j = 0; j < sizeof(candidates); j++)
			counts[j] += state != CSV_HEAD_QUOTED && line.bytes[i] == candidates[j];
	}
	for (size_t j = 1; j < sizeof(candidates); j++)
		if (counts[j] > counts[best])
			best = j;
	return candidates[best];
}

static bool is_utf16(struct text head)
{
	return head.length >= 2 && (memcmp(head.bytes, "\xff\xfe", 2) == 0 || memcmp(head.bytes, "\xfe\xff", 2) == 0);
}

/** The first line is there (or all there is): find the delimiter, and tokenize what was held back. */
static enum status end_head(struct csv *csv)
{
	enum status status;

	csv->head_state = CSV_HEAD_DONE;
	if (csv->head.failed)
		return STATUS_NO_MEMORY;
	if (is_utf16(buffer_text(&csv->head))) {
		csv->complaint = "the file is UTF-16; save it as \"CSV UTF-8\"";
		return STATUS_MALFORMED;
	}
	skip_byte_order_mark(csv);
	if (csv->delimiter == 0)
		csv->delimiter = recognise_delimiter(buffer_text(&csv->head));
	status = take(csv, csv->head.bytes, csv->head.length);
	buffer_release(&csv->head);
	return status;
}

/** Hold one byte of the first line back. @return whether the line ends with it */
static bool take_head(struct csv *csv, char c)
{
	size_t length = csv->head.length;
	size_t mark = length >= 3 && memcmp(csv->head.bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	bool ends = (c == '\n' || c == '\r') && csv->head_state != CSV_HEAD_QUOTED;

	/* Blank lines before the header say nothing about delimiters. */
	if (ends && length == mark)
		return false;
	csv->head_state = head_step(csv->head_state, length == mark ? ',' : csv->head.bytes[length - 1], c);
	buffer_append_char(&csv->head, c);
	return ends;
}

enum status intake_csv_feed(struct csv *csv, const char *bytes, size_t length)
{
	enum status status;

	while (length > 0 && csv->head_state != CSV_HEAD_DONE) {
		bool ends = take_head(csv, *bytes);

		bytes++;
		length--;
		if (csv->head.length > csv->row_bytes && !ends) {
			csv->complaint = "the header row is too long; is this a CSV file with a header row?";
			return STATUS_TOO_LARGE;
		}
		if (csv->head.failed)
			return STATUS_NO_MEMORY;
		if (ends && (status = end_head(csv)) != STATUS_OK)
			return status;
	}
	return length == 0 ? STATUS_OK : take(csv, bytes, length);
}

enum status intake_csv_finish(struct csv *csv)
{
	enum status status = STATUS_OK;

	if (csv->head_state != CSV_HEAD_DONE)
		status = end_head(csv);
	if (status != STATUS_OK)
		return status;
	if (csv->state == CSV_QUOTED) {
		csv->complaint = "a quote (\") is opened and never closed";
		return STATUS_MALFORMED;
	}
	return end_row(csv);
}
