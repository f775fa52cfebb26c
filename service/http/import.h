/* SPDX-License-Identifier: Apache-2.0 */
/* One import while it runs: rows into chunks, chunks into write jobs one at a time, and the report of all of them. */
#ifndef SERVICE_HTTP_IMPORT_H
#define SERVICE_HTTP_IMPORT_H

#include <sweetspot/intake.h>

#include "http.h"
#include "records.h"
#include "refused_currencies.h"

/** A body is read in slices of this: between two of them a full chunk is handed over. */
#define IMPORT_SLICE_BYTES 1024
/** So many jobs of one chunk may be under way, on a link each. */
#define IMPORT_PARTS 2
/** As many as an import reports (api.md, "Records in"). */
#define IMPORT_ERRORS 100

/** What is wrong with a row. */
struct import_error {
	int64_t row;
	struct text pointer, detail;
};

/** The first errors by row; texts live as long as the import. */
struct import_errors {
	size_t count;
	struct import_error items[IMPORT_ERRORS];
};

/** Rows by what became of them. */
struct import_counts {
	int64_t received, created, updated, unchanged, rejected;
};

/** One job of a chunk. */
struct import_part {
	struct import *import;
	struct write_job job;
	struct timer retry;            /* while the queue has no room for it */
};

/** Rows that travel together, in one job or, by the organisations they touch, in two. */
struct import_chunk {
	struct arena *arena;           /* of the rows and of the jobs' results */
	struct write *writes;
	int64_t *rows;                 /* writes[i] was row rows[i] */
	size_t count, capacity;
	int64_t received, rejected;    /* rows read, and those refused before they could be written */
	int64_t last_row;
	size_t open_parts;             /* not yet written */
};

/** A file without a name that holds a body until it has been read whole. */
struct import_spool {
	int fd;                        /* -1: none */
	int64_t length;
};

enum import_mode {
	IMPORT_SKIP,      /* rows are written as they come */
	IMPORT_CHECK,     /* on_error=abort: read everything first */
	IMPORT_ABORT,     /* on_error=abort: everything could be read and is being written, in one transaction */
};

/** In the request's arena. One chunk fills while the other is being written; chunks are written in their order. */
struct import {
	struct http_request *request;
	const struct http_resource *resource;
	struct intake_context context;
	struct refused_currencies unrated;      /* of rows refused so far */
	struct import_reader *reader;
	enum import_mode mode;
	int64_t number;                /* by which the history knows it, also after a broken connection: the microsecond it began in */
	struct import_chunk chunks[2];
	struct import_chunk *filling, *flying;  /* flying NULL: none */
	struct import_part parts[IMPORT_PARTS]; /* of the flying chunk */
	size_t part_count;             /* chunks are made into so many, but for one that is all or nothing */
	struct write *spare_writes;    /* what a chunk's arrays are sorted into */
	int64_t *spare_rows;
	bool is_large;                 /* IMPORT_CHECK: more than one job can hold */
	bool is_chained;               /* IMPORT_ABORT: many jobs, one transaction */
	struct write_chain chain;
	int attempts;                  /* at that transaction, so far */
	int64_t last_row;              /* of what was handed over */
	bool has_ended;                /* the reader has finished, or could not read on */
	enum status fault_status;      /* why not; STATUS_OK: it could */
	struct problems fault;
	size_t chunk_rows;             /* a chunk is full with these */
	int64_t done_rows;             /* of an earlier attempt under the same Idempotency-Key */
	struct import_counts counts;   /* of what is written */
	struct import_errors errors;   /* of rows refused so far, written chunks' included */
	struct import_spool spool;
	int64_t spool_at;
};

/* ---- import_report.c ---- */

/** Keep an error if it is among the first; texts are copied. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status import_errors_add(struct import_errors *errors, struct arena *arena, int64_t row, const struct problem *problem);
/** The errors of a row's problems, or of its status when it has none. */
MUST_CHECK enum status import_errors_add_all(struct import_errors *errors, struct arena *arena, int64_t row,
                                             const struct problems *problems, enum status status);
/** Count what became of a chunk, and keep its errors. Texts go into `arena`. */
MUST_CHECK enum status import_chunk_tally(const struct import_chunk *chunk, struct arena *arena, struct import_counts *counts,
                                          struct import_errors *errors);
/** {"received": …, "errors": […]}, errors up to last_row alone. @param number  of the import, for a checkpoint; 0: left out */
void import_report_write(struct buffer *out, int64_t number, const struct import_counts *counts, const struct import_errors *errors,
                         int64_t last_row);
/** The errors[] alone. */
void import_errors_write(struct json_writer *w, const struct import_errors *errors, int64_t last_row);
/** Read a checkpoint back; *number stays where it has none. @return STATUS_OK, STATUS_INTERNAL for what is none, STATUS_NO_MEMORY */
MUST_CHECK enum status import_report_read(struct text json, struct arena *arena, int64_t *number, struct import_counts *counts,
                                          struct import_errors *errors);

/* ---- import_chunk.c ---- */

/** Arrays and arenas of both chunks, and timers, released with the request. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status import_chunks_make(struct import *import);
/** The reader's callbacks; owner is the import. */
struct arena *import_row_arena(void *owner);
enum status import_row_take(void *owner, struct import_row *row);
/** @return whether the filling chunk can take the rows of another slice */
bool import_has_room(const struct import *import);
/** After each slice: hand the chunk over when it is full and the lane is free. */
void import_chunk_pass(struct import *import);
/** Hand the filling chunk over as it is; the last one of a chain may be empty. */
void import_chunk_submit(struct import *import);
/** The transaction was rolled back for others' sake: forget what was handed over. */
void import_chunks_reset(struct import *import);
/** The queue had no room for a job of the flying chunk: hand it over again a little later. @return false: that cannot be done */
bool import_part_wait(struct import *import, struct write_job *job);
/** Forget its rows. */
void import_chunk_clear(struct import_chunk *chunk);

/* ---- import_parts.c ---- */

/**
 * Bring the writes of a chunk into an order in which each part's are together: by the organisation they touch, so that two parts under way
 * at a time do not wait for each other; several rows of one record stay in one part, in their order.
 *
 * @param ends  ends[i] is the index behind part i's last write
 * @return      STATUS_OK or STATUS_NO_MEMORY
 */
MUST_CHECK enum status import_chunk_part(struct import *import, struct import_chunk *chunk, size_t ends[IMPORT_PARTS]);

/* ---- import_spool.c ---- */

/** Open a file without a name in TMPDIR, or /tmp. Closed with the arena. @return STATUS_OK, STATUS_UNAVAILABLE, STATUS_NO_MEMORY */
MUST_CHECK enum status import_spool_open(struct import_spool *spool, struct arena *arena);
/** @return STATUS_OK, or STATUS_UNAVAILABLE when the disk is full */
MUST_CHECK enum status import_spool_append(struct import_spool *spool, const char *bytes, size_t length);
/** @return bytes read; 0 at the end; -1 when the file cannot be read */
int64_t import_spool_read(const struct import_spool *spool, int64_t offset, char *bytes, size_t length);

/* ---- import_routes.c ---- */

/** A job of a chunk is done, or was refused. */
void import_on_written(struct http_request *request, struct write_job *job);

#endif
