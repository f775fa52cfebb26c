/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the schema up to date. */
#ifndef SWEETSPOT_MIGRATE_H
#define SWEETSPOT_MIGRATE_H

#include <stdio.h>

#include <sweetspot/status.h>

/**
 * Apply every migration of this program that the database has not seen, each in a transaction of its own. Any number of programs may do
 * so at
 * once: they wait for each other. Blocks.
 *
 * @param out  one line per migration applied, or that there was none; and why it failed
 * @return     STATUS_OK; STATUS_CONFLICT: the database is newer than this program, nothing was done; STATUS_UNREACHABLE: no database;
 *             STATUS_UNAVAILABLE: it was lost;
 *             STATUS_INTERNAL: a migration failed and was rolled back, those before it stand
 */
MUST_CHECK enum status migrate_run(const char *url, FILE *out);

#endif
