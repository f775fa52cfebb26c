/* SPDX-License-Identifier: Apache-2.0 */
/* The migrator: which migrations are missing, and applying them one by one. What they do is theirs. */
#include <sweetspot/migrate.h>

#include <sweetspot/arena.h>
#include <sweetspot/database.h>

#include "migrations.h"
#include "values.h"

#define ARENA_BYTES 1024

static enum status read_last(struct session *session, int64_t *last)
{
	PGresult *rows = NULL;
	enum status status = session_run(session, STATEMENT_READ_MIGRATION, NULL, &rows);

	if (status != STATUS_OK)
		return status;
	*last = row_int((struct row){rows, 0}, 0);
	PQclear(rows);
	return STATUS_OK;
}

/** A migration is many statements, so it goes as plain text. */
static enum status apply_text(struct session *session, const struct migration *migration, FILE *out)
{
	PGresult *result = PQexec(session_connection(session), migration->sql);
	enum status status = database_status(result);

	if (status != STATUS_OK)
		fprintf(out, "migration %s failed: %s", migration->name, result == NULL ? "no memory\n" : PQresultErrorMessage(result));
	PQclear(result);
	return status == STATUS_OK || status == STATUS_UNAVAILABLE ? status : STATUS_INTERNAL;
}

static enum status note(struct session *session, const struct migration *migration)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct params params;
	enum status status;

	if (arena == NULL)
		return STATUS_NO_MEMORY;
	params = params_in(arena);
	params_int4(&params, migration->number);
	params_text(&params, text_of(migration->name));
	status = session_run(session, STATEMENT_INSERT_MIGRATION, &params, NULL);
	arena_free(arena);
	return status;
}

static enum status apply(struct session *session, const struct migration *migration, FILE *out)
{
	enum status status = session_begin(session, false);

	if (status != STATUS_OK)
		return status;
	status = apply_text(session, migration, out);
	if (status == STATUS_OK)
		status = note(session, migration);
	if (status == STATUS_OK)
		status = session_commit(session);
	if (status == STATUS_OK)
		fprintf(out, "applied %s\n", migration->name);
	else
		session_rollback(session);
	return status;
}

static enum status apply_missing(struct session *session, FILE *out)
{
	int64_t known = migration_count == 0 ? 0 : migrations[migration_count - 1].number;
	int64_t last = 0;
	size_t applied = 0;
	enum status status = read_last(session, &last);

	if (status == STATUS_OK && last > known) {
		fprintf(out, "the database is at migration %lld, this program knows %lld: run a newer program\n", (long long)last,
			(long long)known);
		return STATUS_CONFLICT;
	}
	for (size_t i = 0; i < migration_count && status == STATUS_OK; i++) {
		if (migrations[i].number <= last)
			continue;
		status = apply(session, &migrations[i], out);
		applied++;
	}
	if (status == STATUS_OK && applied == 0)
		fprintf(out, "up to date at migration %lld\n", (long long)last);
	return status;
}

enum status migrate_run(const char *url, FILE *out)
{
	struct session *session = session_open(url, 0, NULL);
	enum status status;

	if (session == NULL) {
		fputs("no connection to the database\n", out);
		return STATUS_UNREACHABLE;
	}
	/* The lock goes with the session. */
	status = session_run(session, STATEMENT_LOCK_MIGRATIONS, NULL, NULL);
	if (status == STATUS_OK)
		status = session_run(session, STATEMENT_CREATE_MIGRATIONS, NULL, NULL);
	if (status == STATUS_OK)
		status = apply_missing(session, out);
	session_close(session);
	return status;
}
