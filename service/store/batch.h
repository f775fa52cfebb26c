/* SPDX-License-Identifier: Apache-2.0 */
/* One write transaction of one workspace: from the writes that travel together to their committed effect. */
#ifndef SERVICE_STORE_BATCH_H
#define SERVICE_STORE_BATCH_H

#include <sweetspot/store.h>

#include "items.h"
#include "link.h"

/** A run of writes of one job: a job may be split when one of its rows spoils a batch. */
struct segment {
	struct write_job *job;
	size_t from, to;   /* writes[from] … writes[to - 1] */
	int attempts;
	int64_t not_before_us;  /* held back: somebody has locked what it needs */
	struct segment *next;
};

/** What the workspace row says is in force, and what is being prepared. */
struct in_force {
	int32_t day, policy, review;  /* review 0: none */
	int32_t epoch;
	int32_t edition;              /* of standing */
	int32_t next_epoch;           /* 0: nothing is being prepared */
	bool next_is_writing;         /* the edition next_epoch is being written: score under both, write both */
	int32_t next_day, next_policy, next_review;
	bool has_erased;
	bool has_overrides, has_assignments;
	struct text secret;
};

/** Differences to the daily sums that the batch's facts make, one a key; see deltas.c. */
struct deltas;

struct batch {
	/* Given: */
	struct store *store;
	struct link *link;
	struct arena *arena;          /* everything of the batch; outlives on_done */
	int64_t workspace;
	struct segment *segments;
	int64_t deadline_us;
	bool continues;               /* the link is inside a transaction already, whose next part this is */
	bool stays_open;              /* leave the transaction open for the next part: the end is no commit */
	int64_t lock_ms;              /* how long it waits for a lock; 0: as long as its link does */
	/** Called once, when the transaction has ended. STATUS_OK: committed. STATUS_RETRY: not committed, run it again. Else why not. */
	void (*on_end)(struct batch *batch, enum status status);
	void *owner;
	/* Its own: */
	int64_t now_us;
	struct in_force in_force;
	struct rules rules, next_rules;
	struct item_table tables[RECORD_KINDS];
	struct item_table referred[RECORD_KINDS];  /* whom the writes name, where something has ever been erased; only is_erased counts */
	struct deltas *deltas;
	void (*next_phase)(struct batch *batch);  /* once everything awaited has been answered */
	size_t awaited;
	enum status failure;          /* first failure of the transaction */
	const PGresult *refusal;      /* the answer that was none of those that are foreseen; NULL: none. Lives as long as the arena */
	enum statement refused;       /* and what it was an answer to */
	bool is_out_of_range;         /* it failed for a daily sum that would be more than bigint holds */
	bool is_blocked;              /* a row it needs was locked for longer than it waits */
	bool is_broken;               /* the link died under it */
	bool may_be_committed;        /* COMMIT has been handed to the link: without its answer nobody knows */
	bool commit_sent;
	bool is_atomic;
	bool refused_atomic;          /* a write of the atomic job was refused: rolled back */
	struct link_entry sync_entry;
	struct rules_ask rules_ask;
};

/** Start the transaction. The link must be up and idle. on_end comes later, never inside. */
void batch_start(struct batch *batch);

/* ---- Between the files of the batch ---- */

/** Send a statement; on_rows sees its result (tied to the batch's arena). A failure makes the batch fail as a whole. */
void batch_send(struct batch *batch, enum statement statement, const struct params *params,
                void (*on_rows)(struct batch *batch, const PGresult *rows));
/** Ask for the answers so far; next_phase runs when all are there. */
void batch_then(struct batch *batch, void (*next_phase)(struct batch *batch));
/** Give the transaction up for this reason. */
void batch_fail(struct batch *batch, enum status status);
/** Behind the Sync of a failed transaction: have the session leave it, then end the batch with its failure. */
void batch_roll_back(struct batch *batch);
/** The workspace and the touched organisations that are wanted, as a statement's first parameters. @return how many these are */
size_t batch_ids_params(struct batch *batch, struct params *params, bool (*is_wanted)(const struct item *item));

/** Apply the writes to records of every kind but organisations (batch_merge.c). */
void batch_merge_facts(struct batch *batch);
void batch_merge_organisations(struct batch *batch);
/** Add items for every organisation the changed facts and contacts belong to or belonged to. */
void batch_collect_organisations(struct batch *batch);
/** Read a locked row into its item. */
void batch_load_rows(struct batch *batch, enum record_kind kind, const PGresult *rows);
/** The organisation an activity counts for: stated, else its contact's. */
struct text batch_activity_organisation(struct batch *batch, const struct record *activity);

/** Mark a record as one that leaves every table (batch_erase.c). @return STATUS_OK or STATUS_NOT_FOUND; a hidden one can be erased */
MUST_CHECK enum status batch_erase(struct item *item, struct write *write);
/** Ask which of the ids at hand are remembered as erased: those of new records, and those that records refer to. */
void batch_read_erased(struct batch *batch);
/** @return whether every record that this one names may come into being; else problems say which may not */
bool batch_may_refer(struct batch *batch, struct write *write);
/** Bring in whom erased sellers owned, sold to or touched; and take the seller's name from them once they are loaded. */
void batch_find_homes_of_erased_sellers(struct batch *batch);
void batch_forget_erased_sellers(struct batch *batch);
/** Send what makes rows leave, and remembers that they did. */
void batch_send_erasing(struct batch *batch);

/** @return whether a decision can be taken about it (batch_decide.c): STATUS_OK, STATUS_NOT_FOUND, STATUS_CONFLICT with why */
MUST_CHECK enum status batch_may_decide(const struct item *item, struct write *write);
/** Apply what the record's fields cannot say, and note what the account was. */
void batch_decide(struct batch *batch, struct item *item, struct write *write);
/** Send the ledger's lines; their numbers are known when the answers are composed. */
void batch_send_decisions(struct batch *batch);

/** Ask for the overrides in force of the organisations at hand, once they are locked (batch_override.c). */
void batch_read_overrides(struct batch *batch);
/** @return whether batch_read_overrides asks: a workspace without any is not asked */
bool batch_knows_overrides(const struct batch *batch);
/** Take a change of an override in. @return STATUS_OK, STATUS_NOT_FOUND, STATUS_PRECONDITION_FAILED */
MUST_CHECK enum status batch_override(struct batch *batch, struct item *item, struct write *write);
/** Send the override to be, or that there is none any more. */
void batch_send_overrides(struct batch *batch);

/**
 * Add whom an assignment looks at or changes beside its prospect, to be locked (batch_assign.c): who leaves for it, and the seller, so
 * that who puts one there waits for who is before.
 */
void batch_add_those_beside_assignments(struct batch *batch);
/** Ask for the assignments of the organisations at hand, and the places on the lists that are changed, once all are locked. */
void batch_read_assignments(struct batch *batch);
/** @return whether batch_read_assignments asks: a workspace without any is not asked */
bool batch_knows_assignments(const struct batch *batch);
/** Put a prospect on a list, or take it off. @return STATUS_OK, STATUS_NOT_FOUND, STATUS_CONFLICT */
MUST_CHECK enum status batch_assign(struct batch *batch, struct item *item, struct write *write);
/** Whoever is an account now is on no list by hand. */
void batch_end_assignments(struct batch *batch);
/** Send the assignments to be. */
void batch_send_assignments(struct batch *batch);

/** Ask for what the organisations are judged by, beside their records, into their items (batch_qualify.c). */
void batch_send_subjects(struct batch *batch);
/** Judge an organisation by its record and these facts under rules: what its standing keeps of it. */
void batch_judge(struct batch *batch, const struct stored_record *organisation, struct rules rules, const struct subject_facts *facts,
                 struct standing *standing);

/** Send the differences of the daily sums (deltas.c). @return STATUS_OK, STATUS_NO_MEMORY, or STATUS_INTERNAL: out of range */
MUST_CHECK enum status batch_send_deltas(struct batch *batch);

/** Send what reads the measures of the touched organisations into their standings (batch_measure.c). */
void batch_measure(struct batch *batch);
/** Then, as next_phase: score, write and commit (batch_score.c). */
void batch_score(struct batch *batch);
/** Report what a provisional review waits for, while reviews are provisional (batch_signal.c). */
void batch_send_signal(struct batch *batch);
/** Send the history's lines under the epoch in force, and anew those of the one being prepared (batch_history.c). */
void batch_send_changes(struct batch *batch);
void batch_send_next_changes(struct batch *batch);

static inline bool is_visible(const struct stored_record *stored)
{
	return stored->exists && !stored->deleted;
}

/** @return whether an organisation will be there for readers */
static inline bool is_shown(const struct item *item)
{
	return is_visible(&item->after);
}

static inline bool is_shown_prospect(const struct item *item)
{
	return is_shown(item) && !item->after.is_account;
}

static inline bool is_filled(const struct record *record, int field)
{
	return (record->filled >> field & 1) != 0;
}

/** @return the text of a field; no text when it is not filled */
static inline struct text text_field(const struct record *record, int field)
{
	return is_filled(record, field) ? record->value[field].text : (struct text){0};
}

/** @return whether somebody said who sells to an organisation */
static inline bool states_seller(const struct item *item)
{
	return is_filled(&item->after.record, ORGANISATION_SELLER);
}

/** @return what the book's revenue is under these rules: before the first review as the policy says */
static inline enum revenue_source source_in(struct rules rules)
{
	if (rules.review != NULL)
		return rules.review->revenue_source;
	return rules.policy->revenue_from == REVENUE_FROM_DEALS ? REVENUE_FROM_DEALS : REVENUE_FROM_ENTRIES;
}

/** @return the margin an organisation's entries without their own are computed with, hundredths of a percent */
static inline int32_t effective_margin_pct(const struct record *organisation, const struct policy *policy)
{
	return (int32_t)(is_filled(organisation, ORGANISATION_MARGIN_PCT) ? organisation->value[ORGANISATION_MARGIN_PCT].integer
	                                                                  : policy->default_margin_pct_centi);
}

#endif
