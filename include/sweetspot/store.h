/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker asks of PostgreSQL without ever waiting: reads, write batches, and the caches of keys and rules. */
#ifndef SWEETSPOT_STORE_H
#define SWEETSPOT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/database.h>
#include <sweetspot/loop.h>
#include <sweetspot/metrics.h>
#include <sweetspot/record.h>
#include <sweetspot/review.h>
#include <sweetspot/qualification.h>
#include <sweetspot/score.h>
#include <sweetspot/settings.h>

/** One worker's share of the database: read lane, write lane, stream lane, caches. One thread. */
struct store;

/** Start connecting; never waits. @return STATUS_OK, STATUS_NO_MEMORY */
MUST_CHECK enum status store_new(struct loop *loop, const struct settings *settings, struct metrics *metrics, struct store **out);
/** Refuse what waits with STATUS_UNAVAILABLE, drop what is in flight the same way, close the links. */
void store_free(struct store *store);
/** Send what has been submitted since the last turn: once per loop turn, before waiting. */
void store_flush(struct store *store);
/** @return whether a read could be sent now (for readyz) */
bool store_is_ready(const struct store *store);
/** @return whether no link of some lane stands: what is asked of that lane waits, or is refused */
bool store_lacks_links(const struct store *store);
/** @return reads and writes submitted and not yet answered */
size_t store_in_flight(const struct store *store);

/* ---- Reads ---- */

enum lane {
	LANE_READ,   /* short statements; everything waiting travels in one flush */
	LANE_STREAM, /* long ones: lists in full, counts, let-go; links of their own */
};

/**
 * One read. Caller's storage, untouched by the caller until on_done, which is called exactly once, never inside submit.
 * Autocommit: sees the latest commit. A read that a neighbour's failure aborted is sent again alone; one lost with its link is
 * sent again once when a link is back, within its deadline.
 */
struct read {
	enum statement statement;
	struct params params;
	enum lane lane;
	int64_t deadline_us;  /* clock_ticks_us(); STATUS_DEADLINE after it, STATUS_UNREACHABLE before it when there is no database to ask */
	/** rows: binary, borrowed, good until the callback returns; NULL unless status is STATUS_OK. */
	void (*on_done)(struct read *read, enum status status, const PGresult *rows);
	void *owner;
	struct read *next;    /* the lane's */
	void *lane_state;     /* the lane's */
};
void store_read(struct store *store, struct read *read);

/**
 * One read of one row by (workspace, id). All that wait for the same statement travel as one: its parameters are
 * ($1 bigint[], $2 text[]), its first two columns (workspace_id, id) say whose row it is.
 */
struct point_read {
	enum statement statement;
	int64_t workspace;
	struct text id;
	int64_t deadline_us;
	/** row.result is NULL when there is no such row or status is not STATUS_OK; borrowed, good until the callback returns. */
	void (*on_done)(struct point_read *read, enum status status, struct row row);
	void *owner;
	struct point_read *next;
	void *lane_state;
};
void store_point_read(struct store *store, struct point_read *read);

/* ---- Keys ---- */

enum role { ROLE_NONE, ROLE_READ, ROLE_WRITE, ROLE_ADMIN };

/** Whom a key speaks for; a copy is kept by the request. Texts live as long as the cache entry: copy what is kept longer. */
struct principal {
	int64_t workspace;
	enum role role;
	char key_id[40];
	char currency[4];
	int currency_digits;
};

enum key_answer { KEY_KNOWN, KEY_REFUSED, KEY_ASK };
/**
 * Look a bearer key up in the cache.
 *
 * @return KEY_KNOWN with *principal; KEY_REFUSED (unknown or revoked); KEY_ASK: ask the database with store_key_ask
 *
 * The cache is emptied when the largest key version changes, which is polled; it is void when the poll has had no answer for
 * settings.key_stale_ms: a revoked key dies within a second on every instance.
 */
enum key_answer store_key_find(struct store *store, struct text key, struct principal *principal);

struct key_ask {
	uint8_t hash[32];
	int64_t deadline_us;
	/** STATUS_OK with the principal, STATUS_UNAUTHORIZED, or a failure of the read */
	void (*on_done)(struct key_ask *ask, enum status status, const struct principal *principal);
	void *owner;
	struct read read;  /* the store's */
};
/** Ask the database for a key not in the cache; on_done comes once, never from inside this call. ask must last till then, key need not. */
void store_key_ask(struct store *store, struct text key, struct key_ask *ask);

/* ---- Rules: policy and review by version, immutable ---- */

struct rules {
	const struct policy *policy;
	const struct review *review;  /* NULL: none yet */
};

/** Borrowed until the callback or the turn ends. @return false: not cached, use store_rules_ask. review 0: none */
bool store_rules_find(struct store *store, int64_t workspace, int32_t policy, int32_t review, struct rules *rules);
/**
 * Keep rules that were found or answered in this turn until the arena is reset or freed, also past the turn.
 *
 * @return STATUS_OK or STATUS_NO_MEMORY (not kept)
 */
MUST_CHECK enum status store_rules_hold(struct store *store, struct rules rules, struct arena *arena);
struct rules_ask {
	int64_t workspace;
	int32_t policy, review;
	int64_t deadline_us;
	void (*on_done)(struct rules_ask *ask, enum status status, struct rules rules);
	void *owner;
	struct rules_ask *next;
	void *lane_state;
};
void store_rules_ask(struct store *store, struct rules_ask *ask);

/* ---- Writes ---- */

/** A tier or list set by hand (domain.md §11): it stands beside the computed one, through its last day. */
struct override {
	bool exists;                   /* in force; all else is empty when it is not */
	enum tier tier;                /* TIER_NONE: left alone */
	bool has_list;                 /* else the list is left alone */
	enum list list;
	struct text reason;
	int32_t until;                 /* its day included */
	struct text actor;
	/* override_read_whole alone, and what a change of it answers: */
	int32_t day;                   /* the book's, when it was set */
	int64_t set_at_us;             /* also its version */
	struct text key_id;
};

/** What somebody made of a prospect and a seller's list: put it there, or took it off. It stands beside the computed list. */
struct assignment {
	bool exists;                   /* all else is empty when it does not */
	enum list list;                /* LIST_TARGET or LIST_LEAD */
	struct text seller;            /* whose list it is */
	bool is_off;                   /* taken off that list, and on none */
	struct text reason;            /* {NULL, 0}: nobody said */
	struct text actor;
	int64_t at_us;
};

/** What a standing keeps of how an organisation meets the criteria and, of a prospect, where it stands (domain.md §5). */
struct qualified {
	enum verdict verdict;          /* VERDICT_NONE: an account, or there is no review */
	int64_t expected_annual;       /* minor units; -1: nobody knows */
	enum size_source size_source;
	int32_t fit_passed_centi, fit_possible_centi;  /* hundredths of a weight; -1: the policy has no criteria */
	int32_t fit_centi, fit_best_centi;             /* 0..10000, as shown; not read from rows: standing_classify fills them */
	struct text findings;          /* of a prospect, a letter a criterion (finding_letter) */
	int64_t open_amount, largest_open;  /* of a prospect's open deals, minor units; 0: none */
	enum access access;            /* of a prospect */
};

/** What is stored of an organisation beside its record: its standing (domain.md §1–§4), as the table keeps it. */
struct standing {
	bool exists;
	struct measures measures;
	int32_t margin_pct_centi;      /* that measures.margin_12m was computed with */
	struct text seller;            /* in force; none: {NULL, 0} */
	bool seller_derived;
	bool classified;               /* a review exists */
	enum list list;
	enum tier tier;
	int32_t engagement_centi, potential_centi, keep_score_centi;  /* -1: none */
	enum side engagement_side, potential_side;
	bool could_become_key;
	struct override override;      /* beside it: of what is read, and what writes answer */
	struct assignment assignment;  /* likewise; of a prospect */
	struct qualified qualified;
	bool is_over_cap;              /* of a prospect: beyond its seller's cap, as ranked when it was read (standing_read_ranked) */
};

enum decision_kind { DECISION_LET_GO, DECISION_KEEP, DECISION_REASSIGN, DECISION_REPRICE };

/**
 * What a person decided about an account (domain.md §4), applied in the transaction of its write: WRITE_PATCH of an organisation,
 * as_account, whose record gives the seller of a reassign and the margin_pct of a reprice, where they are stated, and nothing else.
 * let_go sets the status, which no record may. An organisation that is not there is STATUS_NOT_FOUND; one that is no account, or not
 * active (let go already, inactive), is STATUS_CONFLICT: nothing is written.
 */
struct decision {
	enum decision_kind kind;
	struct text by, reason;
	int32_t until;                 /* its day included; DAY_NONE: for good, but a keep gets keep_days of the policy, from the book's day */
	/* the answer: */
	int64_t id;
	int32_t day;                   /* the book's */
	int64_t decided_at_us;
	struct standing before;        /* what the account was: tier, list, keep score, revenue and minutes go into the ledger */
};

/**
 * A person sets an override or withdraws it, in the transaction of its write: WRITE_PATCH of an organisation, as_account, whose record
 * gives nothing. STATUS_NOT_FOUND: there is no such account, or nothing to withdraw. STATUS_PRECONDITION_FAILED: if_match names another
 * version. One that says what stands already changes nothing.
 */
struct override_change {
	bool withdraws;
	struct override override;      /* to be set: tier, list, reason, until; DAY_NONE: keep_days of the policy from the book's day */
	int64_t if_match;              /* of the override, as write.if_match */
	/* the answer: */
	struct override before, after;
};

/** Why an assignment may not be. */
enum assignment_hindrance {
	ASSIGNMENT_FULL,  /* the list is; places and the weakest say how */
	ASSIGNMENT_SELLER_INACTIVE,
	ASSIGNMENT_PROSPECT_INACTIVE,
	ASSIGNMENT_NOT_INSTEAD,  /* instead_of is not on that list */
};

/**
 * A person puts a prospect on a seller's target or lead list, or takes it off, in the transaction of its write: WRITE_PATCH of an
 * organisation, not as_account, whose record gives nothing. STATUS_NOT_FOUND: there is no such prospect or seller, or it is not on that
 * list. STATUS_CONFLICT: hindrance says why. One that says what stands already changes nothing. The texts of the answer are there until
 * on_done returns.
 */
struct assignment_change {
	bool takes_off;
	enum list list;
	struct text seller, reason;
	struct text instead_of;        /* a prospect on that list, taken off it in the same transaction; {NULL, 0}: nobody */
	/* the answer: */
	enum assignment_hindrance hindrance;
	bool has_seller, seller_is_active;  /* there is such a seller */
	int64_t places, taken;         /* the policy's cap, and how many others are within it */
	struct text weakest, weakest_name;  /* of the others; {NULL, 0}: there are none */
	int64_t weakest_annual;        /* minor units; -1: nobody knows */
};

/** One record in, and what became of it. Several of the same id in one job apply in order. */
struct write {
	enum record_kind kind;
	enum write_verb verb;
	bool as_account;               /* organisations: through /accounts */
	struct record record;          /* id always; fields for PUT, PATCH, MERGE */
	int64_t if_match;              /* version that must stand; 0: none asked; -1: any, but it must exist */
	struct decision *decision;     /* taken with this write; NULL: none */
	struct override_change *override;  /* made by this write, which does nothing else; NULL: none */
	struct assignment_change *assignment;  /* likewise */
	/* the answer: */
	enum status status;
	bool is_promoted;              /* STATUS_NOT_FOUND, for what was looked for among prospects is an account by now */
	enum write_effect effect;
	struct problems problems;      /* arena set by the caller; filled for STATUS_INVALID, STATUS_CONFLICT */
	const struct stored_record *stored;  /* after the write, until on_done returns (written_keep); NULL for DELETE, ERASE and failures */
	struct standing standing;      /* organisations; its texts likewise */
};

/** Jobs of a decision, an override or an assignment have one write, and travel alone: each has a change of its own in the history. */
enum write_cause { CAUSE_WRITE, CAUSE_IMPORT, CAUSE_EVENT, CAUSE_DECISION, CAUSE_OVERRIDE, CAUSE_ASSIGNMENT };

struct write_job;

/**
 * Jobs that are one transaction, each submitted when the one before has been answered STATUS_OK; what they wrote is there for others once
 * the last, which ends_chain, is answered STATUS_OK. Any other answer has rolled all of them back, but for STATUS_UNAVAILABLE of the last.
 * What they touch stays locked meanwhile, and no review takes effect. Caller's storage, zeroed before the first.
 */
struct write_chain {
	bool is_open;   /* the store's: a transaction stands */
	bool is_lost;   /* the store's: it stood, and was lost between two jobs */
};

/** The reserved Idempotency-Key that this job's answer finishes in the same transaction; key {NULL,0}: none. */
struct idempotent_answer {
	struct text key;
	/**
	 * Called with every write's result known and before the commit: the answer that will be given, in job->arena.
	 * rows_done ≥ 0: this is a checkpoint of an import (progress is JSON), not yet the answer.
	 */
	enum status (*compose)(struct write_job *job, int *http_status, struct text *headers_json, struct text *body,
	                       int64_t *rows_done, struct text *progress);
};

/**
 * Some writes of one workspace that are answered together. Caller's storage until on_done, called exactly once.
 * Every write has its own status; `status` is the job's: STATUS_OK when the transaction is committed (single writes may still have been
 * refused), STATUS_UNAVAILABLE when the outcome is unknown, STATUS_DEADLINE and STATUS_UNREACHABLE when it never started, STATUS_FULL
 * when the queue had no room and STATUS_TOO_MANY over the workspace's share (neither was taken), STATUS_RETRY for a chain that was
 * rolled back and may begin again, STATUS_INVALID for an atomic job of which a write was refused (nothing is written).
 */
struct write_job {
	int64_t workspace;
	struct write *writes;
	size_t count;
	size_t bytes;                  /* rough size, for the batch's bound */
	bool atomic;
	bool apart;                    /* shares no batch, and may be under way beside another batch of its workspace: part of an import */
	struct write_chain *chain;     /* NULL: a transaction of its own, perhaps with others */
	bool ends_chain;
	enum write_cause cause;
	int64_t import;                /* above 0: of all its jobs; what they change of an organisation is one change. 0: none */
	struct text key_id, actor;
	struct idempotent_answer idempotent;
	struct arena *arena;           /* for results; lives until on_done has returned */
	int64_t deadline_us;
	enum status status;
	int32_t day, policy, review;   /* in force for the results; review 0: none */
	void (*on_done)(struct write_job *job);
	void *owner;
	struct write_job *next;        /* the lane's */
	void *lane_state;
	int64_t queued_us;
};
void store_write(struct store *store, struct write_job *job);
/**
 * Copy a write's `stored`, which is there, and the texts of its standing into the arena, for who shows them once on_done has returned. Who
 * said what, and when, is not kept.
 *
 * @return STATUS_OK or STATUS_NO_MEMORY (then nothing of them may be shown)
 */
MUST_CHECK enum status written_keep(struct write *write, struct arena *arena);
/** Give up a chain that will get no further job; none of it may be under way. */
void store_chain_drop(struct store *store, struct write_chain *chain);

/* ---- Rows to structs, for handlers and jobs alike ---- */

/**
 * Columns of a record in its .sql files, always in this order: the shape's fields, then said, said_at, said_by, stamps, stub, deleted,
 * version, created_at, updated_at. Organisations have is_account in front of the fields.
 *
 * @param column  of the first of them
 * @return        the column behind the last, or -1 when memory is short
 */
int stored_record_read(struct row row, int column, enum record_kind kind, struct text id, struct arena *arena, struct stored_record *out);
/**
 * The same of a row of a list, which has no columns but the fields, stub, created_at and updated_at: enough to be shown, not to be merged.
 */
int listed_record_read(struct row row, int column, enum record_kind kind, struct text id, struct arena *arena, struct stored_record *out);
/**
 * Columns of a standing, always in this order: margin_pct, tier, list, engagement, potential, keep_score, engagement_side, potential_side,
 * could_become_key, verdict, expected_annual, size_source, fit_passed, fit_possible, findings, open_amount, largest_open, access, seller,
 * seller_derived, then the twelve measures in the order of the table. All null: does not exist. There is no override or assignment yet.
 */
int standing_read(struct row row, int column, struct standing *out);
/** As standing_read, with the column behind it: whether a prospect is over its seller's cap. */
int standing_read_ranked(struct row row, int column, struct standing *out);
/** Columns of an override: tier, list, reason, until, actor. All null: does not exist. @return the column behind the last */
int override_read(struct row row, int column, struct override *out);
/** And behind them day, set_at, key_id. @return the column behind the last */
int override_read_whole(struct row row, int column, struct override *out);
/** Columns of an assignment: list, seller, is_on, reason, actor, at. All null: does not exist. @return the column behind the last */
int assignment_read(struct row row, int column, struct assignment *out);
/** As standing_read_ranked, with the columns of its override and its assignment behind. @return the column behind the last */
int standing_read_shown(struct row row, int column, struct standing *out);
/** @return what a standing keeps by that name; VERDICT_NONE, SIZE_NONE for any other */
enum verdict verdict_of_name(struct text name);
enum size_source size_source_of_name(struct text name);
/** Of the columns tier … lines_12m, as statements that write standings take them. */
#define STANDING_COLUMNS 31
/** How many of them, from the left, a review decides: tier, list, scores and keep score, sides, could_become_key, verdict, expected_annual,
 * size_source. */
#define STANDING_SCORE_COLUMNS 11
/** Start those columns; released one by one. */
void standing_columns_init(struct array_column *columns);
/** Add one standing. */
void standing_columns_add(struct array_column *columns, const struct standing *standing);
/** Hundredths of a point; below 0: null. */
void array_add_centi(struct array_column *column, int32_t centi);
/** The twelve measures alone, in the order of the table. @return the column behind the last */
int measures_read(struct row row, int column, struct measures *out);
/** @return whether its status is active, or was never said */
bool organisation_is_active(const struct record *organisation);
/** For so many days a stated annual potential is in force, from annual_potential_on. */
#define STATED_POTENTIAL_DAYS 365
/** @return the potential that a record states, if it is in force on the day; minor units, -1: none */
int64_t record_potential(const struct record *organisation, int32_t day);
/** What scoring reads, from a record and its standing. cohorts may be NULL (no review). */
enum status features_of(const struct stored_record *organisation, const struct standing *standing, const struct cohorts *cohorts,
                        int32_t day, struct arena *arena, struct features *out);

#endif
