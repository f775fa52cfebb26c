/* SPDX-License-Identifier: Apache-2.0 */
/* The matter of TOPIC_SIMULATION: what a book would look like under another policy, day or review (domain.md §11). Types alone. */
#ifndef SWEETSPOT_SIMULATION_H
#define SWEETSPOT_SIMULATION_H

#include <sweetspot/bands.h>
#include <sweetspot/contenders.h>
#include <sweetspot/crossing.h>
#include <sweetspot/problem.h>

/** One account of a let-go list. */
struct cut_entry {
	int64_t rank;
	struct text account, name, seller;  /* seller {NULL, 0}: none */
	enum tier tier;
	enum list list;
	int32_t keep_score_centi;
	int64_t revenue_12m, minutes_12m;
};

/** A let-go list, before or after: its budget, what the accounts within it come to, and the first of them. */
struct cut {
	int64_t base, budget, used, remaining;
	int64_t accounts, minutes;  /* of those within the budget */
	int128 revenue;
	struct cut_entry *entries;
	size_t shown;
};

/** A prospect that is let in. */
struct let_in {
	struct text prospect, name, seller;  /* seller {NULL, 0}: none */
	enum verdict from, to;
};
#define LET_IN_MOST 20

/** An organisation that crosses: tier, list or verdict is another. */
struct crosser {
	struct text id, name, seller;  /* seller {NULL, 0}: none */
	int64_t revenue_12m;
	uint32_t owner;                /* the seller's number, while it is being found */
	bool is_account;
	struct stand before, after;
};

/** A page of those who cross: most revenue first, then by id. */
struct crosser_page {
	bool has_behind;               /* asked: begin behind this one */
	int64_t behind_revenue_12m;
	struct text behind_id;
	struct crosser *data;          /* found, as many as `limit` */
	size_t shown;
	bool has_more;
	size_t total;                  /* on all pages */
};

/** A seller with movers. */
struct seller_movers {
	struct text seller;  /* {NULL, 0}: of no seller */
	struct movers movers;
};

/** A list of names, NULL-terminated, static. */
#define POLICY_NAMES_MOST 40

struct simulation {
	/* Asked: */
	bool is_preview;             /* a review under the policy in force, whatever differs; beside it limit and page.behind alone count */
	struct text patch;           /* a JSON object: merge patch of the newest policy */
	struct text document;        /* a whole policy instead; {NULL, 0}: the patch counts */
	bool has_today;
	struct text today;           /* JSON: a day, or null for no pinned one */
	size_t limit;                /* entries and sellers shown, each */
	int32_t deal_size_pct;       /* by which deals might be larger; 0: not asked */
	/* Found, when the question's status is STATUS_OK; problems with STATUS_INVALID: */
	struct problems problems;    /* pointers into the patched document */
	int currency_digits;
	int32_t day, next_day;
	int32_t policy;              /* the version the patch was applied to */
	int32_t policy_in_force, review_in_force;  /* what `before` stands under; review 0: none */
	const char *at_once[POLICY_NAMES_MOST], *at_next_review[POLICY_NAMES_MOST];  /* members of the policy that change, by when they act */
	bool judges_fits;            /* criteria or deciders are among them */
	struct review review;        /* that `after` stands under: the one in force, or one made for it; its cohorts are not there */
	bool review_is_made;
	const struct review *review_now;    /* in force; NULL: none */
	size_t organisations;
	struct crossings crossings;
	struct movers moved;         /* all of them */
	struct seller_movers *sellers;  /* most movers first, then by id */
	size_t seller_count, sellers_shown;
	size_t let_in_count;
	struct let_in let_in[LET_IN_MOST];  /* the first of them by id */
	size_t let_in_shown;
	int64_t client_minutes, clients;    /* hours of the clients after: what those let in may take by and by */
	struct contenders contenders;  /* of a preview: secondaries that could become key */
	struct crosser_page page;    /* of a preview, which has nothing of what follows but the effort */
	struct cut before, after;
	struct cut_entry *joined, *left;  /* within the budget after but not before, and the other way round */
	size_t joined_count, joined_shown, left_count, left_shown;
	struct size_bands bands;     /* of `review`, with deal_size_pct; none where it was made before reviews looked at sizes */
	struct band_seller *band_sellers;  /* by id */
	size_t band_seller_count;
	size_t bytes;                /* memory the book took, at its most */
	int64_t read_us, compute_us;
};

#endif
