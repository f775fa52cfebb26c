/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to PostgreSQL in pipeline mode that never blocks and comes back by itself. What travels on it is the lanes' business. */
#ifndef SERVICE_STORE_LINK_H
#define SERVICE_STORE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

#include <sweetspot/database.h>
#include <sweetspot/loop.h>
#include <sweetspot/metrics.h>
#include <sweetspot/status.h>

/** A restart of PostgreSQL takes a second or two: whoever asks meanwhile had better wait than be refused. */
#define LINK_PATIENCE_US INT64_C(2000000)

struct link;

/** What a link is made with. Texts are borrowed and must outlive it. */
struct link_options {
	const char *url;
	const char *name;          /* application_name, and in logs */
	int64_t statement_ms;      /* statement_timeout */
	int64_t lock_ms;           /* lock_timeout */
	int64_t idle_ms;           /* idle_in_transaction_session_timeout */
	struct metrics *metrics;   /* reconnects are counted here; may be NULL */
	void (*on_up)(struct link *link);    /* queries are taken from now on; may be NULL */
	void (*on_down)(struct link *link);  /* every entry has been answered; may be NULL */
	void *owner;               /* link_owner() */
};

/**
 * One query, or one Sync, on its way. Caller's storage, not to be touched from a STATUS_OK of link_query or link_sync until on_answer,
 * which
 * is called exactly once, in the order of sending, and never inside link_query, link_sync or link_request_flush.
 * It may be used again, or freed, from inside its own on_answer.
 */
struct link_entry {
	/**
	 * A query:
	 *   STATUS_OK, result its rows (binary), not aborted;
	 *   what database_status says of a failure, result the error, not aborted: this very query was refused;
	 *   STATUS_RETRY, result NULL, entry->aborted: it never ran, for something before the same Sync failed (or its statement had been
	 *   forgotten): send it again;
	 *   STATUS_UNAVAILABLE, result NULL, entry->aborted false: the connection died; it may or may not have run.
	 * A Sync: STATUS_OK when everything since the previous Sync succeeded, and what was not in a BEGIN is committed; else the status of the
	 * first that failed (also a commit that failed at this Sync itself); result is always NULL.
	 *
	 * @param result  given away: the callee clears it (PQclear takes NULL) or ties it to its arena
	 */
	void (*on_answer)(struct link_entry *entry, enum status status, PGresult *result);
	void *owner;
	bool aborted;
	/* The link's own: */
	struct link_entry *next;
	enum statement statement;
	bool is_sync;
	bool prepares;             /* a Parse of the same statement was sent in front */
};

/**
 * Make a link and start connecting on the next turn. on_up comes when it stands; a connection that is lost or cannot be had is tried
 * again, after
 * 100 ms at first, then up to 2 s, with jitter, for ever.
 *
 * @return STATUS_OK, or STATUS_NO_MEMORY
 */
MUST_CHECK enum status link_new(struct loop *loop, const struct link_options *options, struct link **out);
/**
 * Close. Every entry is answered STATUS_UNAVAILABLE first; on_down is not called. Not from inside a callback of this link. NULL is allowed.
 */
void link_free(struct link *link);
void *link_owner(const struct link *link);
/** @return whether queries are taken now */
bool link_is_up(const struct link *link);
/**
 * Whether it is not worth waiting for: no connection has stood for LINK_PATIENCE_US, some attempts to make one included. A link that has
 * just been made has as long.
 */
bool link_is_out_of_reach(const struct link *link);
/** @return entries sent and not yet answered, Syncs included */
size_t link_in_flight(const struct link *link);

/**
 * Put one statement into the pipeline; it is prepared on this connection when first used. Parameters are copied at once. Nothing leaves
 * before
 * link_sync or link_request_flush (unless some 64 KiB have gathered).
 *
 * Statements before one Sync and outside of BEGIN … COMMIT are one transaction. BEGIN, COMMIT and ROLLBACK are statements like any
 * other. A COMMIT
 * answered STATUS_OK is committed only when its tag says so (PQcmdStatus "COMMIT", not "ROLLBACK"), and to be acknowledged at its Sync.
 *
 * @param params  NULL: none
 * @return        STATUS_OK; STATUS_NO_MEMORY (params->failed, nothing sent); STATUS_UNAVAILABLE (not up, or just broken): the entry is
 * not taken
 */
MUST_CHECK enum status link_query(struct link *link, enum statement statement, const struct params *params, struct link_entry *entry);
/**
 * End what belongs together and send it.
 *
 * @return STATUS_OK, or STATUS_UNAVAILABLE: the entry is not taken, and what was sent since the last Sync will not succeed either
 */
MUST_CHECK enum status link_sync(struct link *link, struct link_entry *entry);
/**
 * Send, and ask for the answers so far without ending the transaction: for reading in the middle of one. Failures come as the link's death.
 */
void link_request_flush(struct link *link);
/**
 * Give this connection up and make another: every entry is answered STATUS_UNAVAILABLE on the next turn, then on_down. Nothing when it
 * is not up.
 */
void link_reset(struct link *link);

#endif
