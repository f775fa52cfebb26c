/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer says about its connection, and how long to wait for the next one. The connection itself is link.c's. */
#include "link_judge.h"

#include <string.h>

#include <sweetspot/database.h>
#include <sweetspot/digest.h>
#include <sweetspot/log.h>

#define BACKOFF_LEAST_US INT64_C(100000)
/* Requests are refused meanwhile: after an outage they may be for so long, and no longer. */
#define BACKOFF_MOST_US INT64_C(2000000)

/* A plan kept from a young table goes on as if the table were small: plans are made anew soon at first, then seldom. */
#define REPLAN_FIRST_US INT64_C(50000)
#define REPLAN_LAST_US INT64_C(30000000)

int64_t link_backoff_us(int failed_attempts)
{
	int64_t most = BACKOFF_LEAST_US;
	uint32_t random = 0;

	for (int i = 1; i < failed_attempts && most < BACKOFF_MOST_US; i++)
		most *= 2;
	if (most > BACKOFF_MOST_US)
		most = BACKOFF_MOST_US;
	if (random_bytes((uint8_t *)&random, sizeof(random)) != STATUS_OK)
		return most;
	return most / 2 + (int64_t)random % (most / 2 + 1);
}

bool link_is_last_word(const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	return severity != NULL && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

void link_plans_restart(struct link_plans *plans, int64_t now_us)
{
	plans->keep_us = REPLAN_FIRST_US;
	if (now_us + REPLAN_FIRST_US < plans->due_us)
		plans->due_us = now_us + REPLAN_FIRST_US;
}

bool link_plans_are_old(struct link_plans *plans, int64_t now_us)
{
	if (now_us < plans->due_us)
		return false;
	plans->keep_us = plans->keep_us > REPLAN_LAST_US / 2 ? REPLAN_LAST_US : plans->keep_us * 2;
	plans->due_us = now_us + plans->keep_us;
	return true;
}

enum link_fault link_judge_fault(const PGresult *result, uint8_t *prepared)
{
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *routine = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

	if (code == NULL || routine == NULL)
		return LINK_FAULT_QUERY;
	if (strcmp(code, "26000") == 0) {
		/* A Parse that a failure swallowed; unless another is already on its way. */
		if (*prepared == LINK_PREPARED)
			*prepared = LINK_UNPREPARED;
		return LINK_FAULT_STATEMENT;
	}
	if (strcmp(code, "42P05") == 0) {
		*prepared = LINK_PREPARED;
		return LINK_FAULT_STATEMENT;
	}
	/* A migration changed what the statement returns: only a new session plans it anew. */
	if (strcmp(code, "0A000") == 0 && strcmp(routine, "RevalidateCachedQuery") == 0)
		return LINK_FAULT_SESSION;
	return LINK_FAULT_QUERY;
}

enum status link_judge_commit(const char *name, const PGresult *result)
{
	char message[LOG_VALUE_BYTES];
	enum status status = database_status(result);

	if (status == STATUS_INTERNAL)
		log_event(LOG_ERROR, "commit_failed", "link=\"%s\" message=%s", name,
			  log_value(message, text_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY))));
	return status;
}
