/* SPDX-License-Identifier: Apache-2.0 */
/* What a review froze of sizes, out of its rows: the same for whoever shows it and for jobs. */
#ifndef SWEETSPOT_BAND_ROWS_H
#define SWEETSPOT_BAND_ROWS_H

#include <sweetspot/bands.h>
#include <sweetspot/database.h>

/**
 * read_bands' rows to size bands.
 *
 * @param arena  for the bands
 * @param out    sellers are left out; untouched on failure
 * @return       STATUS_OK; STATUS_NO_MEMORY; STATUS_NOT_FOUND: there is no such review, or it was made before reviews looked at sizes
 */
MUST_CHECK enum status bands_read(const PGresult *rows, struct arena *arena, struct size_bands *out);
/** list_band_sellers' rows. @return STATUS_OK; STATUS_NO_MEMORY; texts and array are in the arena, both outputs untouched on failure */
MUST_CHECK enum status band_sellers_read(const PGresult *rows, struct arena *arena, struct band_seller **out, size_t *count);

#endif
