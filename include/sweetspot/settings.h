/* SPDX-License-Identifier: Apache-2.0 */
/* Every knob of the program, in one table: environment variable, flag, default, help. */
#ifndef SWEETSPOT_SETTINGS_H
#define SWEETSPOT_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <sweetspot/status.h>

/** Values as parsed; strings are borrowed from the environment or argv and live as long as the process. */
struct settings {
	const char *database_url;           /* DATABASE_URL */
	const char *listen;                 /* host:port; port 0 picks one */
	const char *metrics_listen;         /* "" = on the main listener */
	bool migrate;                       /* migrate at start of serve */
	int64_t workers;                    /* 0 = one per core */
	int64_t read_links;                 /* per worker */
	int64_t write_links;                /* per worker */
	int64_t job_runners;                /* threads for reviews and the like, one workspace each at a time */
	int64_t look_ms;                    /* between two of their looks for work */
	int64_t stream_links;               /* per worker, for lists in full and other long reads */
	int64_t batch_rows;                 /* rows a write batch may carry */
	int64_t batch_bytes;
	int64_t queue_rows;                 /* rows that may wait per worker before 503 */
	int64_t workspace_share_pct;        /* of queue_rows that one workspace may fill before 429 */
	int64_t body_bytes;                 /* body limit of one record; imports are streamed and exempt */
	int64_t import_row_bytes;           /* one row of an import */
	int64_t header_bytes;
	int64_t desk_questions;             /* long questions that may wait before 429 */
	int64_t desk_bytes;                 /* memory one of them may take */
	int64_t connections;
	int64_t request_ms;                 /* total time of a request until its answer begins */
	int64_t desk_ms;                    /* total time of a request that asks one */
	int64_t import_idle_ms;             /* an import must make progress within this */
	int64_t statement_ms;
	int64_t drain_ms;                   /* on SIGTERM: readyz says 503 for so long before quiescing */
	const char *cors_origins;           /* comma separated, or "*" */
	const char *log_level;
	int64_t key_poll_ms;
	int64_t key_stale_ms;
	int64_t provisional_ms;             /* quiet time before a provisional review */
	int64_t settle_rows;                /* a flip that changes more organisations writes an edition of its own */
	bool jobs;                          /* run reviews and refreshes in this process */
};

/**
 * Fill from defaults, then the environment, then flags (`--listen VALUE` or `--listen=VALUE`); the later wins. An empty variable
 * counts as unset. A yes-or-no flag may stand alone (`--migrate`) or take true, false, yes, no, on, off, 1 or 0. DATABASE_URL has no
 * default and must be given; its value is never repeated in a message.
 *
 * @param argc,argv  arguments behind the subcommand
 * @param rest       index of the first argument that is no setting's flag; argc when all were
 * @return           STATUS_OK, or STATUS_INVALID after one line per error on `errors`
 */
MUST_CHECK enum status settings_load(struct settings *settings, int argc, char **argv, int *rest, FILE *errors);
/** Print the settings table: flag, variable, default, what it does. */
void settings_help(FILE *out);

#endif
