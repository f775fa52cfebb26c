/* SPDX-License-Identifier: Apache-2.0 */
/* The blocking connection of jobs and of the command line: one statement at a time. Reconnecting is its user's business. */
#include <sweetspot/database.h>

#include <stdlib.h>
#include <string.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>

#include "values.h"

#define APPLICATION "sweetspot jobs"
#define IDLE_MS 300000 /* a review computes between two statements of one transaction */
#define SETUP_BYTES 512
#define AWAY_EVERY_US INT64_C(60000000)

struct session {
	PGconn *connection;
	bool is_prepared[STATEMENT_COUNT];
};

static enum status set_limits(struct session *session, int64_t statement_ms)
{
	const struct session_limits limits = {.statement_ms = statement_ms, .lock_ms = statement_ms, .idle_ms = IDLE_MS};
	struct arena *arena = arena_new(SETUP_BYTES);
	struct params params;
	enum status status;

	if (arena == NULL)
		return STATUS_NO_MEMORY;
	params = params_in(arena);
	session_limits_bind(&params, &limits);
	status = session_run(session, STATEMENT_SET_SESSION, &params, NULL);
	arena_free(arena);
	return status;
}

static void log_no_connection(PGconn *connection)
{
	char reason[LOG_VALUE_BYTES];

	log_event(LOG_WARN, "database_unreachable", "link=\"%s\" reason=%s", APPLICATION,
	          log_value(reason, text_trim(text_of(connection == NULL ? "no memory" : PQerrorMessage(connection)))));
}

/** @return whether this failure is one to tell of */
static bool outage_goes_on(struct outage *outage)
{
	int64_t now_us = clock_ticks_us();

	if (outage == NULL)
		return true;
	if (outage->attempts++ > 0 && now_us - outage->said_us < AWAY_EVERY_US)
		return false;
	outage->said_us = now_us;
	return true;
}

static void outage_ends(struct outage *outage)
{
	if (outage == NULL || outage->attempts == 0)
		return;
	log_event(LOG_INFO, "database_link_up", "link=\"%s\" attempts=%d", APPLICATION, outage->attempts + 1);
	*outage = (struct outage){0};
}

struct session *session_open(const char *url, int64_t statement_ms, struct outage *outage)
{
	struct connect_words words = connect_words_of(url, APPLICATION);
	struct session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->connection = PQconnectdbParams(words.keywords, words.values, 1);
	if (session->connection == NULL || PQstatus(session->connection) != CONNECTION_OK) {
		if (outage_goes_on(outage))
			log_no_connection(session->connection);
		session_close(session);
		return NULL;
	}
	quiet_notices(session->connection);
	if (set_limits(session, statement_ms) != STATUS_OK) {
		session_close(session);
		return NULL;
	}
	outage_ends(outage);
	return session;
}

void session_close(struct session *session)
{
	if (session == NULL)
		return;
	PQfinish(session->connection);
	free(session);
}

PGconn *session_connection(struct session *session)
{
	return session->connection;
}

/** What nobody had when the statement looked for it is inserted plainly: a key that is there means that a writer was faster. */
static bool was_overtaken(enum statement statement, const PGresult *result)
{
	return statement == STATEMENT_FLIP_SCORES && has_code(result, "23505");
}

/** @return what the result means; a failure is logged and cleared */
static enum status judge(enum statement statement, PGresult *result)
{
	enum status status = was_overtaken(statement, result) ? STATUS_RETRY : database_status(result);
	char message[LOG_VALUE_BYTES];
	const char *code;

	if (status == STATUS_OK)
		return STATUS_OK;
	code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	log_event(status == STATUS_INTERNAL ? LOG_ERROR : LOG_WARN, "statement_failed", "statement=%s sqlstate=%s message=%s",
		  statement_texts[statement].name, code == NULL ? "none" : code,
		  log_value(message, text_trim(text_of(result == NULL ? "no result" : PQresultErrorMessage(result)))));
	PQclear(result);
	return status;
}

static enum status prepare(struct session *session, enum statement statement)
{
	const struct statement_text *text = &statement_texts[statement];
	PGresult *result;
	enum status status;

	if (session->is_prepared[statement])
		return STATUS_OK;
	result = PQprepare(session->connection, text->name, text->sql, 0, NULL);
	status = judge(statement, result);
	if (status != STATUS_OK)
		return status;
	PQclear(result);
	session->is_prepared[statement] = true;
	return STATUS_OK;
}

enum status session_run(struct session *session, enum statement statement, const struct params *params, PGresult **rows)
{
	int count = params == NULL ? 0 : params->count;
	PGresult *result;
	enum status status;

	if (params != NULL && params->failed)
		return STATUS_NO_MEMORY;
	status = prepare(session, statement);
	if (status != STATUS_OK)
		return status;
	result = PQexecPrepared(session->connection, statement_texts[statement].name, count, count == 0 ? NULL : params->values,
				count == 0 ? NULL : params->lengths, all_binary, 1);
	status = judge(statement, result);
	if (status != STATUS_OK)
		return status;
	if (rows != NULL)
		*rows = result;
	else
		PQclear(result);
	return STATUS_OK;
}

enum status session_begin(struct session *session, bool repeatable_read)
{
	return session_run(session, repeatable_read ? STATEMENT_BEGIN_REPEATABLE_READ : STATEMENT_BEGIN, NULL, NULL);
}

enum status session_commit(struct session *session)
{
	PGresult *result = NULL;
	enum status status = session_run(session, STATEMENT_COMMIT, NULL, &result);
	bool is_committed;

	if (status != STATUS_OK)
		return status;
#ifdef WITHOUT_COMMIT_TAG
	PQclear(result);
	return STATUS_OK;
#endif
	/* A transaction that had failed is rolled back by COMMIT, which calls that a success. */
	is_committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
	PQclear(result);
	return is_committed ? STATUS_OK : STATUS_INTERNAL;
}

void session_rollback(struct session *session)
{
	enum status status = session_run(session, STATEMENT_ROLLBACK, NULL, NULL);

	/* Without a connection there is nothing to roll back either. */
	(void)status;
}
