/* SPDX-License-Identifier: Apache-2.0 */
/* A whole book in some 60 bytes an organisation: written and read in one order, in windows of ordinary rows. */
#ifndef SERVICE_JOBS_BOOK_PACK_H
#define SERVICE_JOBS_BOOK_PACK_H

#include "book_rows.h"

/** A run of rows. */
struct pack_block;

/** Rows in the order they were added. Zeroed: empty. */
struct book_pack {
	struct pack_block *first, *last;
	size_t rows, bytes;  /* bytes taken from the heap */
};

void book_pack_release(struct book_pack *pack);
/** Add all rows of a window, which wants_owners. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status book_pack_add(struct book_pack *pack, const struct book_rows *window);

/** Where a reading stands. Zeroed but for pack and eats: at the beginning. */
struct pack_reader {
	struct book_pack *pack;
	bool eats;           /* give memory back behind what was read: the pack is empty at the end */
	struct pack_block *block;
	size_t at;           /* byte of the block */
	size_t rows;         /* read so far */
};

/**
 * Fill a window with the next rows, at most JOBS_CHUNK_ROWS; none at the end, and the next call begins again. Ids and findings are borrowed
 * from the pack, where they stay until it is released; with `eats` until the next call.
 *
 * @param window  book_rows_window has made room; its maps and its arena stay as they are
 */
void book_pack_read(struct pack_reader *reader, struct book_rows *window);

#endif
