/* SPDX-License-Identifier: Apache-2.0 */
/* Writing what qualification found. The rules are core's. */
#include "qualification_json.h"

#include "figures.h"

enum status http_qualified_find(const struct stored_record *stored, const struct standing *standing, struct http_present present,
                                struct rules rules, struct arena *arena, struct qualified_prospect *out)
{
	struct terms terms = terms_of(&stored->record);
	struct features features;
	enum status status = features_of(stored, standing, rules.review == NULL ? NULL : &rules.review->cohorts, present.day, arena, &features);

	*out = (struct qualified_prospect){.standing = standing};
	if (status != STATUS_OK)
		return status;
	out->findings = arena_array(arena, (size_t)rules.policy->criteria_count + 1, sizeof(*out->findings));
	if (out->findings == NULL)
		return STATUS_NO_MEMORY;
	out->prospect = prospect_of(&standing->qualified, &features, &terms, rules.policy);
	(void)core_fit_recall(rules.policy, standing->qualified.findings, out->findings);
	if (rules.review != NULL)
		core_qualify(&out->prospect, rules.review, rules.policy, present.day, &out->found);
	return STATUS_OK;
}

static void write_amount(struct json_writer *w, const char *name, int64_t amount, int currency_digits)
{
	if (amount < 0)
		figure_null(w, name);
	else
		figure_money(w, name, amount, currency_digits);
}

static void write_access(struct json_writer *w, enum access access)
{
	if (access == ACCESS_UNKNOWN)
		figure_null(w, "access");
	else
		figure_bool(w, "access", access == ACCESS_YES);
}

static void write_size(struct json_writer *w, const struct qualified_prospect *q, int currency_digits)
{
	const struct qualified *kept = &q->standing->qualified;
	struct share deal = q->found.expected_deal;

	write_amount(w, "expected_annual", kept->expected_annual, currency_digits);
	figure_text(w, "expected_annual_source", text_of(size_source_name(kept->size_source)));
	write_amount(w, "expected_deal", deal.den == 0 ? -1 : number_divide_rounded(deal.num, deal.den), currency_digits);
}

/** What would settle an unknown verdict, heaviest first. */
static enum status write_missing(struct json_writer *w, const struct qualified_prospect *q, const struct policy *policy,
                                 struct arena *arena)
{
	int32_t *order = arena_array(arena, (size_t)policy->criteria_count + 1, sizeof(*order));
	bool is_unknown = q->standing->qualified.verdict == VERDICT_UNKNOWN;
	int32_t count;

	if (order == NULL)
		return STATUS_NO_MEMORY;
	count = is_unknown ? core_missing_criteria(policy, q->findings, order) : 0;
	json_key(w, "missing");
	json_open_array(w);
	for (int32_t i = 0; i < count; i++)
		json_text(w, policy->criteria[order[i]].id);
	if (is_unknown && q->found.size_missing)
		json_text(w, TEXT("expected_annual"));
	if (is_unknown && policy->criteria_count == 0)
		json_text(w, TEXT("policy.criteria"));
	json_close_array(w);
	return STATUS_OK;
}

enum status http_qualification_write(struct json_writer *w, const struct qualified_prospect *q, struct rules rules, int currency_digits,
                                     struct arena *arena)
{
	const struct standing *standing = q->standing;
	enum status status;

	json_key(w, "qualification");
	json_open_object(w);
	figure_text(w, "verdict", text_of(verdict_name(standing->qualified.verdict)));
	figure_text(w, "list", standing->classified ? text_of(list_name(standing->list)) : (struct text){NULL, 0});
	figure_score(w, "fit", core_fit_shown(rules.policy, standing->qualified.fit_passed_centi));
	figure_score(w, "fit_best", core_fit_shown(rules.policy, standing->qualified.fit_possible_centi));
	write_size(w, q, currency_digits);
	write_access(w, standing->qualified.access);
	figure_bool(w, "over_cap", standing->is_over_cap);
	status = write_missing(w, q, rules.policy, arena);
	json_close_object(w);
	return status;
}
