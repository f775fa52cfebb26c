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

	*out = (struct qualified_prospect){.standing = standing, .found.floors = core_floors(rules.policy, rules.review)};
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
	json_key(w, "assigned");
	http_assignment_write(w, &standing->assignment);
	status = write_missing(w, q, rules.policy, arena);
	json_close_object(w);
	return status;
}

/* ---- Criteria ---- */

static void open_criterion(struct json_writer *w, const struct criterion *criterion, const struct policy *policy, enum finding finding)
{
	json_open_object(w);
	figure_text(w, "id", criterion->id);
	figure_text(w, "dimension", text_of(criterion_dimension_names[criterion->dimension]));
	figure_text(w, "attribute", policy->attributes[criterion->attribute].name);
	figure_text(w, "op", text_of(criterion_op_names[criterion->op]));
	json_key(w, "value");
	json_raw(w, criterion->value_json);
	figure_score(w, "weight", (int32_t)criterion->weight_centi);
	figure_bool(w, "required", criterion->required);
	figure_text(w, "result", text_of(finding_name(finding)));
}

void http_criterion_write(struct json_writer *w, const struct criterion *criterion, const struct policy *policy, enum finding finding)
{
	open_criterion(w, criterion, policy, finding);
	json_close_object(w);
}

static enum status write_named(struct json_writer *w, const struct seen *seen, struct text key)
{
	bool has_any = (seen->record->filled >> ORGANISATION_ATTRIBUTES & 1) != 0;
	struct text json = has_any ? seen->record->value[ORGANISATION_ATTRIBUTES].text : (struct text){NULL, 0};
	struct text shown = subject_attribute_json(seen->arena, json, key);

	json_raw(w, shown);
	return shown.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status write_seen(struct json_writer *w, const struct seen *seen, const struct attribute *attribute)
{
	json_key(w, "saw");
	switch (attribute->source) {
	case ATTRIBUTE_PERSONAS:
		json_raw(w, seen->personas.bytes == NULL ? TEXT("[]") : seen->personas);
		return STATUS_OK;
	case ATTRIBUTE_NAMED:
		return write_named(w, seen, attribute->key);
	default:
		http_record_value_write(w, seen->record, attribute->field, seen->policy->currency_digits);
		return STATUS_OK;
	}
}

enum status http_criteria_write(struct json_writer *w, const enum finding *findings, const struct seen *seen)
{
	const struct policy *policy = seen->policy;
	enum status status = STATUS_OK;

	json_key(w, "criteria");
	json_open_array(w);
	for (int32_t i = 0; i < policy->criteria_count && status == STATUS_OK; i++) {
		open_criterion(w, &policy->criteria[i], policy, findings[i]);
		status = write_seen(w, seen, &policy->attributes[policy->criteria[i].attribute]);
		json_close_object(w);
	}
	json_close_array(w);
	return status;
}

/* ---- Verdicts and their reasons ---- */

/* reason → in words */
static const struct {
	enum reason reason;
	const char *words;
} reason_words[] = {
	{REASON_REQUIRED_FAILED, "a required criterion fails"},
	{REASON_FIT_BEST_BELOW, "even with everything unknown counted for it, the fit stays below the threshold"},
	{REASON_NO_CRITERIA, "the policy has no criteria"},
	{REASON_REQUIRED_UNKNOWN, "a required criterion is unknown"},
	{REASON_FIT_BELOW, "what is known is not enough for the threshold"},
	{REASON_DEAL_BELOW, "the deal to be expected is below the floor"},
	{REASON_ANNUAL_BELOW, "the year to be expected is below the floor"},
	{REASON_REVISIT, "it is to be revisited later than the book's day"},
};

#define TOO_SMALL (REASON_DEAL_BELOW | REASON_ANNUAL_BELOW)

/** Which reasons speak for a verdict: what is too small by an estimate alone is unknown. */
static unsigned reasons_for(enum verdict verdict, bool is_estimate)
{
	switch (verdict) {
	case VERDICT_NOT_OURS:
		return REASON_REQUIRED_FAILED | REASON_FIT_BEST_BELOW;
	case VERDICT_THROW_BACK:
		return TOO_SMALL;
	case VERDICT_UNKNOWN:
		return REASON_NO_CRITERIA | REASON_REQUIRED_UNKNOWN | REASON_FIT_BELOW | (is_estimate ? TOO_SMALL : 0);
	case VERDICT_LATER:
		return REASON_REVISIT;
	default:
		return 0;
	}
}

static void write_held(struct json_writer *w, const struct qualification *found, enum verdict verdict)
{
	unsigned reasons = found->reasons & reasons_for(verdict, found->size_source == SIZE_ESTIMATE);

	json_open_object(w);
	figure_text(w, "verdict", text_of(verdict_name(verdict)));
	json_key(w, "because");
	json_open_array(w);
	for (size_t i = 0; i < sizeof(reason_words) / sizeof(reason_words[0]); i++)
		if ((reasons & reason_words[i].reason) != 0)
			json_text(w, text_of(reason_words[i].words));
	json_close_array(w);
	json_close_object(w);
}

static void write_fit(struct json_writer *w, const struct qualified_prospect *q, const struct policy *policy)
{
	const struct qualified *kept = &q->standing->qualified;

	json_key(w, "fit");
	json_open_object(w);
	figure_score(w, "fit", core_fit_shown(policy, kept->fit_passed_centi));
	figure_score(w, "fit_best", core_fit_shown(policy, kept->fit_possible_centi));
	figure_score(w, "threshold", policy->fit_threshold_centi);
	json_close_object(w);
}

static void write_floors(struct json_writer *w, const struct qualification *found, int currency_digits)
{
	write_amount(w, "floor_deal", found->floors.deal, currency_digits);
	figure_text(w, "floor_deal_source", text_of(found->floors.deal < 0 ? NULL : found->floors.deal_is_derived ? "derived" : "policy"));
	write_amount(w, "floor_annual", found->floors.annual, currency_digits);
	figure_bool(w, "below_floor_deal", (found->reasons & REASON_DEAL_BELOW) != 0);
	figure_bool(w, "below_floor_annual", (found->reasons & REASON_ANNUAL_BELOW) != 0);
}

void http_verdicts_write(struct json_writer *w, const struct qualified_prospect *q, struct rules rules, int currency_digits)
{
	const struct review *review = rules.review;

	write_fit(w, q, rules.policy);
	json_key(w, "size");
	json_open_object(w);
	write_size(w, q, currency_digits);
	figure_money(w, "open_deals", q->prospect.open_amount, currency_digits);
	figure_money(w, "largest_open_deal", q->prospect.largest_open, currency_digits);
	write_floors(w, &q->found, currency_digits);
	write_amount(w, "key_cutoff", review != NULL && review->has_key_cutoff ? review->key_cutoff : -1, currency_digits);
	json_close_object(w);
	json_key(w, "verdicts");
	json_open_array(w);
	for (int verdict = VERDICT_NOT_OURS; verdict < VERDICT_COUNT; verdict++)
		if ((q->found.holds >> verdict & 1) != 0)
			write_held(w, &q->found, (enum verdict)verdict);
	json_close_array(w);
}
