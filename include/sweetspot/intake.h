/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in, as records: JSON bodies, and imports in JSON, NDJSON and CSV, fed piece by piece. */
#ifndef SWEETSPOT_INTAKE_H
#define SWEETSPOT_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <sweetspot/policy.h>
#include <sweetspot/problem.h>
#include <sweetspot/record.h>

/** Brackets that any JSON may nest: deeper is STATUS_MALFORMED. Bytes are bounded by who reads the body. */
#define INTAKE_JSON_DEPTH 32
/** Values that any one JSON text may hold (a tree takes some 50 times its text): more is STATUS_TOO_LARGE. */
#define INTAKE_JSON_VALUES 65536
/** Bounds of what a field holds, beside those of the field tables. */
#define INTAKE_ID_BYTES 128
#define INTAKE_LIST_TEXTS 100       /* elements of FIELD_TEXTS */
#define INTAKE_LIST_TEXT_BYTES 200  /* and bytes of each */

/** What decoding needs to know of the workspace. */
struct intake_context {
	int currency_digits;
	struct text currency;                /* "EUR" */
	const struct exchange_rate *rates;   /* foreign currencies the policy converts */
	int32_t rate_count;
	int64_t now_us;                      /* source_at later than this is cut to it */
	bool is_patch;                       /* PATCH and import rows: of attributes and protected, what is not named is to stay */
	/** A record is refused for want of a rate for this currency, three letters; NULL: nobody wants to know. */
	void (*on_unrated)(void *owner, struct text currency);
	void *owner;
};

/**
 * Parse a JSON body strictly: UTF-8, no duplicate keys, bounded depth and number of values, nothing behind the value, integers within
 * 64 bits, no \u0000 (refused with its pointer).
 *
 * @param out       new; linked to the arena, so never decref'd by the caller; any JSON value, not an object alone. Untouched on failure
 * @param problems  on failure (but for memory) at least one problem that says where and why
 * @return          STATUS_OK, STATUS_MALFORMED, STATUS_TOO_LARGE, STATUS_NO_MEMORY
 */
MUST_CHECK enum status intake_json_parse(struct text body, struct arena *arena, json_t **out, struct problems *problems);

/**
 * Decode one JSON object into a record of a kind: every field by its table, money in `currency` converted, `source_at` taken (and cut to
 * now). What GET answers beside the fields is accepted and ignored: kind, stub, version, created_at, updated_at, and of organisations
 * measures, classification, qualification, explanation, seller_source. Any other name is refused. `seller` beside
 * `"seller_source": "deals"` is ignored, as if it were absent.
 * All errors of the object are collected; the record then is not to be used.
 *
 * How values read: numbers are numbers, whole ones without decimals; money may also be a decimal string. Words of an enumeration ignore
 * case. A blank text is null, but refused where the table needs a text (min 1: names, references). Texts are kept as given.
 * attributes: text, number, boolean, null or a list of these by name, nulls kept. Money in a foreign currency has that one's decimals and
 * becomes amount × rate, rounded half away from zero; without a rate the problem is at /currency.
 *
 * @param object   borrowed; what the record keeps is copied
 * @param id       the id from the path, checked by intake_id_error, borrowed; an `id` in the object must then be the same.
 *                 NULL bytes: the object must carry its own (imports)
 * @param pointer  JSON pointer of the object itself, "" for a whole body
 * @param out      texts are in the arena; source_event is empty: it is never taken from a body
 * @return         STATUS_OK, STATUS_INVALID with problems, STATUS_NO_MEMORY
 */
MUST_CHECK enum status intake_record_decode(const json_t *object, enum record_kind kind, struct text id, struct text pointer,
                                            const struct intake_context *context, struct arena *arena, struct record *out,
                                            struct problems *problems);

/** Check a caller's id: 1..128 bytes of UTF-8, no control characters, no outer blanks. @return NULL when good, else why not. Static */
const char *intake_id_error(struct text id);

enum import_format { IMPORT_JSON, IMPORT_NDJSON, IMPORT_CSV };
enum import_extra { IMPORT_EXTRA_REFUSE, IMPORT_EXTRA_ATTRIBUTES, IMPORT_EXTRA_IGNORE };

/**
 * How an import is to be read: `?map= &values= &extra= &decimal= &charset= &delimiter=`. Texts are percent-decoded, borrowed during
 * import_reader_new alone. In map and values `\,` and `\:` stand for a comma and a colon that separate nothing, `\\` for a backslash.
 *
 * map: source:field, … Sources are CSV columns (trimmed, then compared exactly; one that is not in the header is an error) or names in
 * JSON records; one source may serve several fields, one field has one source. A field that map fills is not filled by a column of its own
 * name: that column then counts as extra. Fields are those of the kind, and id, currency, source_at, seller_source.
 * values: field.value:replacement, … compared trimmed and folded, before the value is read; an empty replacement is null, and an empty
 * value stands for the empty cell. In JSON, strings alone are replaced.
 * extra: names that are neither a field nor mapped: refused; kept in `attributes` (organisations alone; CSV cells as text, empty ones
 * as null, which clears); or ignored. What GET answers beside the fields is ignored always.
 */
struct import_options {
	enum import_format format;
	struct text map;        /* close_value:amount,sales_agent:seller */
	struct text values;     /* stage.Engaging:open,stage.Prospecting:open */
	enum import_extra extra;
	char decimal;           /* '.' or ','; the comma in CSV alone */
	char delimiter;         /* ',', ';' or tab; 0: recognised from the header row; CSV alone */
	bool latin1;            /* read as windows-1252, which is what programs mean by it; a UTF-8 byte order mark outranks it; CSV alone */
	size_t row_bytes;       /* limit of one row; a longer one is an invalid row of its own. At least 1 */
};

/** A row as it comes out of an import. Lives until the callback returns, unless the arena is taken over. */
struct import_row {
	int64_t number;               /* 1 for the first record, as api.md counts them; a header and blank lines are none */
	enum status status;           /* STATUS_OK: record is good; STATUS_INVALID: problems says why */
	struct record record;         /* in the row's arena, its texts too */
	struct problems problems;     /* pointers "/amount", "" for the whole row; details name the remedy, and the column if mapped */
};

struct import_reader;

/**
 * Start reading an import.
 *
 * @param options   checked here → STATUS_INVALID with problems, pointers "?map", "?values", "?extra", "?decimal", "?charset", "?delimiter"
 * @param context   borrowed as long as the reader lives; its now_us may be moved on
 * @param new_row   called for each record; its arena comes from `row_arena`. Another status than STATUS_OK stops the reading with it
 * @param row_arena gives the arena the next record is decoded into (called before each row); NULL stops with STATUS_NO_MEMORY
 * @param out       new: import_reader_free; untouched on failure
 * @return          STATUS_OK, STATUS_INVALID, STATUS_NO_MEMORY
 *
 * Memory: a small multiple of row_bytes, however many rows come. What CSV cells hold: see intake_record_decode, but all is text:
 * numbers are plain (no currency sign, no thousands separators), booleans true/false, yes/no or 1/0 in any case, lists JSON or `a|b|c`,
 * objects JSON; blanks around numbers, dates and words do not count; an empty or blank cell is an explicit null, for required fields too.
 */
MUST_CHECK enum status import_reader_new(enum record_kind kind, const struct import_options *options, const struct intake_context *context,
                                         struct arena *(*row_arena)(void *owner),
                                         enum status (*new_row)(void *owner, struct import_row *row), void *owner,
                                         struct import_reader **out, struct problems *problems);
/**
 * Feed the next bytes; rows come out through the callback as they are complete. The result does not depend on where the bytes are cut.
 * What is wrong in one row alone (too long, not JSON, another number of cells than the header) is an invalid row, and reading goes on.
 *
 * @return STATUS_OK; STATUS_INVALID when the CSV header does not fit (an unknown, repeated or missing column); STATUS_MALFORMED when the
 *         stream cannot be read on (not an array, a comma missing between records, UTF-16); STATUS_TOO_LARGE for a header longer than
 *         row_bytes; each with problems; STATUS_NO_MEMORY; what new_row returned. After a failure every call returns the same status
 */
MUST_CHECK enum status import_reader_feed(struct import_reader *reader, const void *bytes, size_t length, struct problems *problems);
/**
 * The stream has ended: the last row may come out.
 *
 * @return as import_reader_feed; STATUS_MALFORMED also for an array that breaks off, a quote that is never closed, and a CSV without header
 */
MUST_CHECK enum status import_reader_finish(struct import_reader *reader, struct problems *problems);
void import_reader_free(struct import_reader *reader);

#endif
