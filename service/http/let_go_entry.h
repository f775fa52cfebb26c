/* SPDX-License-Identifier: Apache-2.0 */
/* One line of the let-go list: whom it is about, why, and what would take it off. Pure. */
#ifndef SERVICE_HTTP_LET_GO_ENTRY_H
#define SERVICE_HTTP_LET_GO_ENTRY_H

#include <sweetspot/json_writer.h>
#include <sweetspot/let_go.h>
#include <sweetspot/store.h>

/** Columns of scan_let_go. */
enum {
	SCAN_EPOCH, SCAN_DAY, SCAN_POLICY, SCAN_REVIEW, SCAN_ACCOUNT, SCAN_KEEP_SCORE, SCAN_REVENUE_12M, SCAN_MINUTES_12M, SCAN_SELLER,
	SCAN_TIER_NAME, SCAN_LIST_NAME, SCAN_TIER_BY_HAND, SCAN_STATUS, SCAN_PROTECTED_UNTIL, SCAN_KEPT_UNTIL, SCAN_CLIENT_SINCE,
	SCAN_FIRST_REVENUE_ON
};
/** Columns of list_let_go. */
enum {
	LET_GO_EPOCH, LET_GO_ACCOUNT, LET_GO_KEEP_SCORE, LET_GO_NAME, LET_GO_SELLER, LET_GO_TIER_NAME, LET_GO_LIST_NAME, LET_GO_ENGAGEMENT,
	LET_GO_POTENTIAL, LET_GO_ENGAGEMENT_SIDE, LET_GO_POTENTIAL_SIDE, LET_GO_MEASURES, LET_GO_OVERRIDE = LET_GO_MEASURES + 12
};

/** What an entry is seen against. */
struct let_go_book {
	struct rules rules;        /* with a review */
	int64_t margin, minutes;   /* of all clients, 12 months */
	struct text currency;
	int currency_digits;
	struct arena *arena;
};

/** What decides whether the account of a row of scan_let_go is a candidate. */
struct let_go_facts let_go_facts_of(struct row row, const struct review *review);
/** Write the entry of a row of list_let_go. rank: company-wide, from 1. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status let_go_entry_write(struct json_writer *w, struct row row, int64_t rank, bool within_budget,
                                          const struct let_go_book *book);

/** A change that takes an account off the list: the measure (NULL: none does) and the value it needs. */
struct let_go_escape {
	const char *measure;
	int32_t needs_centi;
};
/** What stands of an account's scores, hundredths, with their stored sides. */
struct let_go_scores {
	int32_t engagement_centi, potential_centi;
	enum side engagement_side, potential_side;
	enum list list;
	int64_t minutes_12m;
	bool by_hand;    /* the tier that counts is an override: no score moves it */
};
/**
 * The nearest score that gives a tier which is not let go, or no hours where the list is lka; by distance in proportion to the present
 * value, then by name.
 */
struct let_go_escape let_go_escape_find(const struct let_go_scores *scores, const struct review *review, const struct policy *policy);

#endif
