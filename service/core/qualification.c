/* SPDX-License-Identifier: Apache-2.0 */
/* Fit, size, access, verdict and list of one prospect (domain.md §5). How one criterion is judged is criteria.c. */
#include <sweetspot/qualification.h>

#define FULL_CENTI 10000

static const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_NONE] = NULL,
	[VERDICT_NOT_OURS] = "not_ours",
	[VERDICT_THROW_BACK] = "throw_back",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_LATER] = "later",
	[VERDICT_NOW] = "now",
};

static const char *const size_source_names[SIZE_SOURCES] = {
	[SIZE_NONE] = NULL,
	[SIZE_GIVEN] = "given",
	[SIZE_DEALS] = "deals",
	[SIZE_ESTIMATE] = "estimate",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

const char *size_source_name(enum size_source source)
{
	return size_source_names[source];
}

bool policy_has_decider(const struct policy *policy, struct text folded_persona)
{
	for (int32_t i = 0; i < policy->decider_count; i++)
		if (text_equal(policy->deciders[i], folded_persona))
			return true;
	return false;
}

/* ---- Fit ---- */

static void add_finding(const struct criterion *criterion, enum finding finding, struct fit_weights *fit)
{
	fit->passed_centi += finding == FINDING_PASSED ? criterion->weight_centi : 0;
	fit->possible_centi += finding != FINDING_FAILED ? criterion->weight_centi : 0;
	fit->required_failed |= criterion->required && finding == FINDING_FAILED;
	fit->required_unknown |= criterion->required && finding == FINDING_UNKNOWN;
}

struct fit_weights core_fit(const struct policy *policy, const struct elements *values, enum finding *findings)
{
	struct fit_weights fit = {0};

	for (int32_t i = 0; i < policy->criteria_count; i++) {
		const struct criterion *criterion = &policy->criteria[i];
		enum finding finding = core_criterion_judge(criterion, values[criterion->attribute]);

		add_finding(criterion, finding, &fit);
		if (findings != NULL)
			findings[i] = finding;
	}
	return fit;
}

struct fit_weights core_fit_recall(const struct policy *policy, struct text letters, enum finding *findings)
{
	struct fit_weights fit = {0};

	for (int32_t i = 0; i < policy->criteria_count; i++) {
		enum finding finding = finding_of_letter((size_t)i < letters.length ? letters.bytes[i] : 'u');

		add_finding(&policy->criteria[i], finding, &fit);
		if (findings != NULL)
			findings[i] = finding;
	}
	return fit;
}

int32_t core_fit_shown(const struct policy *policy, int64_t weight_centi)
{
	if (policy->criteria_count == 0)
		return -1;
	return (int32_t)number_divide_rounded((int128)weight_centi * FULL_CENTI, policy->criteria_weight_centi);
}

static bool is_below_threshold(const struct policy *policy, int64_t weight_centi)
{
	return weight_centi * FULL_CENTI < policy->fit_threshold_centi * policy->criteria_weight_centi;
}

static unsigned fit_reasons(const struct policy *policy, const struct fit_weights *fit)
{
	unsigned reasons = 0;

	if (policy->criteria_count == 0)
		return REASON_NO_CRITERIA;
	reasons |= fit->required_failed ? REASON_REQUIRED_FAILED : 0;
	reasons |= fit->required_unknown ? REASON_REQUIRED_UNKNOWN : 0;
	reasons |= is_below_threshold(policy, fit->possible_centi) ? REASON_FIT_BEST_BELOW : 0;
	reasons |= is_below_threshold(policy, fit->passed_centi) ? REASON_FIT_BELOW : 0;
	return reasons;
}

/* ---- Size ---- */

static int64_t cohort_median(const struct prospect *prospect, const struct review *review)
{
	const struct cohort *cohort = cohort_find(&review->cohorts, prospect->industry, prospect->employee_band);

	return cohort != NULL ? cohort->median : -1;
}

static void find_size(const struct prospect *prospect, const struct review *review, struct qualification *out)
{
	if (prospect->expected_annual >= 0) {
		out->expected_annual = prospect->expected_annual;
		out->size_source = SIZE_GIVEN;
	} else if (prospect->open_amount > 0) {
		out->expected_annual = prospect->open_amount;
		out->size_source = SIZE_DEALS;
	} else {
		out->expected_annual = cohort_median(prospect, review);
		out->size_source = out->expected_annual >= 0 ? SIZE_ESTIMATE : SIZE_NONE;
	}
	if (prospect->largest_open > 0)
		out->expected_deal = (struct share){prospect->largest_open, 1};
	else if (out->expected_annual >= 0)
		out->expected_deal = (struct share){out->expected_annual, review->deals_per_year};
}

struct floors core_floors(const struct policy *policy, const struct review *review)
{
	struct floors floors = {.deal = policy->floor_deal, .annual = policy->floor_annual};

	if (floors.deal < 0 && floors.annual < 0 && review != NULL && review->has_derived_floor) {
		floors.deal = review->derived_floor;
		floors.deal_is_derived = true;
	}
	return floors;
}

/** Of no floor nothing is below: it is -1. */
static unsigned size_reasons(const struct qualification *found)
{
	unsigned reasons = 0;

	if (found->size_source == SIZE_NONE)
		return 0;
	reasons |= found->expected_deal.num < (int128)found->floors.deal * found->expected_deal.den ? REASON_DEAL_BELOW : 0;
	reasons |= found->expected_annual < found->floors.annual ? REASON_ANNUAL_BELOW : 0;
	return reasons;
}

/* ---- Verdict ---- */

static uint8_t bit_of(enum verdict verdict, bool holds)
{
	return (uint8_t)(holds << verdict);
}

static uint8_t find_holding(unsigned reasons, bool is_estimate)
{
	const unsigned settled = REASON_REQUIRED_FAILED | REASON_FIT_BEST_BELOW;
	const unsigned unsettled = REASON_NO_CRITERIA | REASON_REQUIRED_UNKNOWN | REASON_FIT_BELOW;
	bool is_small = (reasons & (REASON_DEAL_BELOW | REASON_ANNUAL_BELOW)) != 0;
	bool is_open = (reasons & unsettled) != 0 || (is_small && is_estimate);

	return bit_of(VERDICT_NOT_OURS, (reasons & settled) != 0) | bit_of(VERDICT_THROW_BACK, is_small && !is_estimate)
	       | bit_of(VERDICT_UNKNOWN, is_open) | bit_of(VERDICT_LATER, (reasons & REASON_REVISIT) != 0)
	       | bit_of(VERDICT_NOW, reasons == 0);
}

static enum verdict first_of(uint8_t holds)
{
	return (enum verdict)__builtin_ctz(holds);
}

static enum list find_list(const struct prospect *prospect, const struct review *review, const struct qualification *found)
{
	bool is_big = review->has_key_cutoff && found->expected_annual >= review->key_cutoff;

	if (!prospect->is_active)
		return LIST_NONE;
	if (found->verdict == VERDICT_UNKNOWN)
		return found->fit_centi >= 0 ? LIST_LEAD : LIST_NONE;
	if (found->verdict != VERDICT_NOW || !is_big || prospect->access == ACCESS_NO)
		return LIST_NONE;
	return prospect->access == ACCESS_YES ? LIST_TARGET : LIST_LEAD;
}

void core_qualify(const struct prospect *prospect, const struct review *review, const struct policy *policy, int32_t day,
                  struct qualification *out)
{
	bool is_small;

	*out = (struct qualification){
		.fit_centi = core_fit_shown(policy, prospect->fit.passed_centi),
		.fit_best_centi = core_fit_shown(policy, prospect->fit.possible_centi),
		.floors = core_floors(policy, review),
	};
	find_size(prospect, review, out);
	out->reasons = fit_reasons(policy, &prospect->fit) | size_reasons(out);
	out->reasons |= prospect->revisit_on > day ? REASON_REVISIT : 0;
	out->holds = find_holding(out->reasons, out->size_source == SIZE_ESTIMATE);
	out->verdict = first_of(out->holds);
	is_small = (out->reasons & (REASON_DEAL_BELOW | REASON_ANNUAL_BELOW)) != 0;
	out->size_missing = out->verdict == VERDICT_UNKNOWN && is_small;
	out->list = find_list(prospect, review, out);
}

/* ---- What is missing ---- */

static bool comes_before(const struct criterion *a, const struct criterion *b)
{
	if (a->weight_centi != b->weight_centi)
		return a->weight_centi > b->weight_centi;
	return text_compare(a->id, b->id) < 0;
}

int32_t core_missing_criteria(const struct policy *policy, const enum finding *findings, int32_t *out)
{
	int32_t count = 0;

	for (int32_t i = 0; i < policy->criteria_count; i++) {
		int32_t at = count;

		if (findings[i] != FINDING_UNKNOWN)
			continue;
		for (; at > 0 && comes_before(&policy->criteria[i], &policy->criteria[out[at - 1]]); at--)
			out[at] = out[at - 1];
		out[at] = i;
		count++;
	}
	return count;
}

int64_t core_least_estimate(const struct policy *policy, const struct review *review)
{
	struct floors floors = core_floors(policy, review);
	int128 least = floors.deal > 0 ? (int128)floors.deal * review->deals_per_year : 0;

	if (floors.annual > least)
		least = floors.annual;
	return least > INT64_MAX ? INT64_MAX : (int64_t)least;
}

static int32_t missing_thing(const struct policy *policy, int32_t criterion)
{
	int32_t index = policy->criteria[criterion].attribute;
	const struct attribute *attribute = &policy->attributes[index];

	if (attribute->source == ATTRIBUTE_FIELD && attribute->field == ORGANISATION_EXPECTED_ANNUAL)
		return SETTLED_BY_SIZE;
	return index;
}

int32_t core_settled_by(const struct policy *policy, struct text letters, bool size_missing)
{
	int32_t only = size_missing ? SETTLED_BY_SIZE : SETTLED_BY_NO_ONE_THING;

	if (policy->criteria_count == 0)
		return size_missing ? SETTLED_BY_NO_ONE_THING : SETTLED_BY_CRITERIA;
	for (int32_t i = 0; i < policy->criteria_count; i++) {
		int32_t thing = missing_thing(policy, i);

		if ((size_t)i < letters.length && finding_of_letter(letters.bytes[i]) != FINDING_UNKNOWN)
			continue;
		if (only != SETTLED_BY_NO_ONE_THING && only != thing)
			return SETTLED_BY_NO_ONE_THING;
		only = thing;
	}
	return only;
}
