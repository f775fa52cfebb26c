/* SPDX-License-Identifier: Apache-2.0 */
/* Who may be let go, how many a year, and in which order (domain.md §4). Deciding it is a person's. */
#include <sweetspot/let_go.h>

#include <stddef.h>

#include <sweetspot/calendar.h>

int32_t core_let_go_client_since(const struct let_go_facts *facts, const struct policy *policy)
{
	if (facts->client_since != DAY_NONE || facts->first_revenue_on == DAY_NONE || facts->book_first_revenue_on == DAY_NONE)
		return facts->client_since;
	if ((int64_t)facts->first_revenue_on - facts->book_first_revenue_on > policy->min_tenure_days)
		return facts->first_revenue_on;
	return DAY_NONE;
}

enum let_go_bar core_let_go_bar(const struct let_go_facts *facts, const struct policy *policy, int32_t day)
{
	int32_t since = core_let_go_client_since(facts, policy);

	if (!facts->is_active)
		return LET_GO_NOT_ACTIVE;
	if (!policy->let_go_tier[facts->tier])
		return LET_GO_TIER;
	if (facts->list != LIST_KEY && facts->list != LIST_SECONDARY && facts->list != LIST_LKA)
		return LET_GO_LIST;
	if (facts->list == LIST_LKA && facts->minutes_12m <= 0)
		return LET_GO_SILENT_LKA;
	/* DAY_NONE lies before every day. */
	if (day <= facts->protected_until)
		return LET_GO_PROTECTED;
	if (facts->committed)
		return LET_GO_COMMITTED;
	if (day <= facts->kept_until)
		return LET_GO_KEPT;
	if (since != DAY_NONE && (int64_t)day - since < policy->min_tenure_days)
		return LET_GO_TENURE;
	return LET_GO_CANDIDATE;
}

int64_t core_let_go_budget(int64_t base, const struct policy *policy)
{
	return (int64_t)((int128)base * policy->let_go_pct_centi / 10000);
}

static int order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int core_let_go_compare(const struct let_go_key *a, const struct let_go_key *b)
{
	if (a->keep_score_centi != b->keep_score_centi)
		return order(a->keep_score_centi, b->keep_score_centi);
	if (a->revenue_12m != b->revenue_12m)
		return order(a->revenue_12m, b->revenue_12m);
	return text_compare(a->account, b->account);
}
