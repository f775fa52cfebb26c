/* SPDX-License-Identifier: Apache-2.0 */
/* Who may be let go, and in which order (domain.md §4). Pure. */
#ifndef SWEETSPOT_LET_GO_H
#define SWEETSPOT_LET_GO_H

#include <sweetspot/score.h>

/** Why an account is no candidate; the first that holds. */
enum let_go_bar {
	LET_GO_CANDIDATE, LET_GO_NOT_ACTIVE, LET_GO_TIER, LET_GO_LIST, LET_GO_SILENT_LKA, LET_GO_PROTECTED, LET_GO_COMMITTED, LET_GO_KEPT,
	LET_GO_TENURE
};

/** What decides it besides scores. Days are DAY_NONE where unknown. */
struct let_go_facts {
	bool is_active;
	enum tier tier;               /* an override in force counts instead of the computed one */
	enum list list;
	int64_t minutes_12m;
	int32_t protected_until;      /* its day included */
	bool committed;               /* an open commitment */
	int32_t kept_until;           /* a standing keep, its day included */
	int32_t client_since;
	int32_t first_revenue_on;     /* the account's own */
	int32_t book_first_revenue_on;
};

/** From when its tenure counts: client_since, else a first revenue that the book would have seen starting. @return DAY_NONE: unknown */
int32_t core_let_go_client_since(const struct let_go_facts *facts, const struct policy *policy);
/** domain.md §4: candidates. D = day. Total. */
enum let_go_bar core_let_go_bar(const struct let_go_facts *facts, const struct policy *policy, int32_t day);
/** budget = floor(pct × base) */
int64_t core_let_go_budget(int64_t base, const struct policy *policy);

/** The three things a rank is made of. */
struct let_go_key {
	int32_t keep_score_centi;
	int64_t revenue_12m;
	struct text account;
};
/** Lowest keep score first, then lowest revenue_12m, then id. @return <0, 0, >0 */
int core_let_go_compare(const struct let_go_key *a, const struct let_go_key *b);

#endif
