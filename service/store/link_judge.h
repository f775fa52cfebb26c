/* SPDX-License-Identifier: Apache-2.0 */
/* Judgements that a link makes about answers and failures. */
#ifndef SERVICE_STORE_LINK_JUDGE_H
#define SERVICE_STORE_LINK_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include <sweetspot/status.h>

/** Doubling with every failure from 100 ms to 2 s; a random half, so that the workers of a fleet do not knock together. */
int64_t link_backoff_us(int failed_attempts);
/** FATAL and PANIC are a server's last words: nothing more may be sent, though the socket does not show it yet. NULL: no. */
bool link_is_last_word(const PGresult *result);

/** What a connection knows of a statement. */
enum link_preparation { LINK_UNPREPARED, LINK_PARSE_SENT, LINK_PREPARED };
/** Whose fault a failure is. */
enum link_fault {
	LINK_FAULT_QUERY,
	LINK_FAULT_STATEMENT, /* it is not there on this connection, or is there already: to be sent again */
	LINK_FAULT_SESSION,   /* it is outdated there for good: to be sent again on a new connection */
};
/** @param prepared  an enum link_preparation, set to what the failure shows */
enum link_fault link_judge_fault(const PGresult *result, uint8_t *prepared);

/** How long the plans of a connection are kept, and until when: INT64_MAX while there are none. */
struct link_plans {
	int64_t keep_us, due_us;
};
/** A statement that is new here may have met a table that is new too, however old the other plans are. */
void link_plans_restart(struct link_plans *plans, int64_t now_us);
/** @return whether they are to be made anew now; then they are kept for longer, from now on */
bool link_plans_are_old(struct link_plans *plans, int64_t now_us);

/** A commit failed at its Sync: owners learn the status alone, so what PostgreSQL said about it is logged here. */
enum status link_judge_commit(const char *name, const PGresult *result);

#endif
