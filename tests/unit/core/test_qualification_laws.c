/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of any prospect under any policy: one verdict, with a reason, and narrowing lets nobody in (domain.md §5, §10). */
#include <sweetspot/calendar.h>
#include <sweetspot/decimal.h>
#include <sweetspot/qualification.h>

#include "random_book.h"
#include "tests/unit/base/expect.h"

#define TODAY 20000
#define CASES 20000
#define ATTRIBUTES 4
#define CRITERIA_MOST 6
#define VALUES_MOST 4

/** A policy and its memory. */
struct random_rules {
	struct policy policy;
	struct criterion criteria[CRITERIA_MOST];
	struct element values[CRITERIA_MOST][VALUES_MOST];
};

/** What an organisation says, for each attribute. */
struct random_values {
	struct elements of[ATTRIBUTES];
	struct element items[ATTRIBUTES][VALUES_MOST];
};

static struct element random_element(struct dice *dice, bool number_only)
{
	static struct element texts[] = {
		{ELEMENT_TEXT, {"a", 1}}, {ELEMENT_TEXT, {"b", 1}}, {ELEMENT_TEXT, {"c", 1}}, {ELEMENT_BOOLEAN, {"true", 4}},
		{ELEMENT_BOOLEAN, {"false", 5}},
	};
	static struct element numbers[] = {
		{ELEMENT_NUMBER, {"-3", 2}}, {ELEMENT_NUMBER, {"0", 1}}, {ELEMENT_NUMBER, {"0.5", 3}}, {ELEMENT_NUMBER, {"7", 1}},
		{ELEMENT_NUMBER, {"12", 2}}, {ELEMENT_NUMBER, {"1000", 4}},
	};

	if (number_only || dice_below(dice, 2) == 0)
		return numbers[dice_below(dice, COUNT_OF(numbers))];
	return texts[dice_below(dice, COUNT_OF(texts))];
}

static void random_criterion(struct dice *dice, struct criterion *out, struct element *values)
{
	bool compares;

	*out = (struct criterion){
		.id = {"x", 1},
		.attribute = (int32_t)dice_below(dice, ATTRIBUTES),
		.op = (enum criterion_op)dice_below(dice, OPS),
		.values = {values, 1 + (size_t)dice_below(dice, VALUES_MOST)},
		.weight_centi = 1 + dice_below(dice, 1000),
		.required = dice_below(dice, 3) == 0,
	};
	compares = out->op == OP_BETWEEN || out->op == OP_GTE || out->op == OP_LTE;
	for (size_t i = 0; i < VALUES_MOST; i++)
		values[i] = random_element(dice, compares);
	if (out->op == OP_BETWEEN && decimal_compare(values[0].text, values[1].text) > 0)
		values[1] = values[0];
}

static void random_rules(struct dice *dice, struct random_rules *out)
{
	*out = (struct random_rules){.policy = default_policy()};
	out->policy.criteria = out->criteria;
	out->policy.criteria_count = (int32_t)dice_below(dice, CRITERIA_MOST + 1);
	out->policy.criteria_weight_centi = 0;
	out->policy.fit_threshold_centi = (int32_t)dice_below(dice, 10001);
	out->policy.floor_deal = dice_below(dice, 2) == 0 ? dice_below(dice, 300) : -1;
	out->policy.floor_annual = dice_below(dice, 2) == 0 ? dice_below(dice, 1000) : -1;
	for (int32_t i = 0; i < out->policy.criteria_count; i++) {
		random_criterion(dice, &out->criteria[i], out->values[i]);
		out->policy.criteria_weight_centi += out->criteria[i].weight_centi;
	}
}

static void random_values(struct dice *dice, struct random_values *out)
{
	for (size_t i = 0; i < ATTRIBUTES; i++) {
		out->of[i] = (struct elements){out->items[i], (size_t)dice_below(dice, VALUES_MOST)};
		for (size_t k = 0; k < VALUES_MOST; k++)
			out->items[i][k] = random_element(dice, false);
	}
}

static struct prospect random_prospect(struct dice *dice)
{
	int64_t largest = dice_below(dice, 3) == 0 ? dice_below(dice, 500) : 0;

	return (struct prospect){
		.is_active = dice_below(dice, 9) != 0,
		.expected_annual = dice_below(dice, 2) == 0 ? dice_below(dice, 2000) : -1,
		.open_amount = largest * (1 + dice_below(dice, 3)),
		.largest_open = largest,
		.access = (enum access)dice_below(dice, 3),
		.revisit_on = dice_below(dice, 3) == 0 ? TODAY - 2 + (int32_t)dice_below(dice, 5) : DAY_NONE,
		.industry = -1,
	};
}

static struct cohort median_of_all = {.industry = -1, .clients = 9, .median = 60000, .p75 = 90000};

static struct review some_review(void)
{
	return (struct review){
		.has_key_cutoff = true, .key_cutoff = 100000, .deals_per_year = 4, .cohorts = {.rows = &median_of_all, .row_count = 1},
	};
}

static struct review random_review(struct dice *dice)
{
	struct review review = some_review();

	review.has_key_cutoff = dice_below(dice, 5) != 0;
	review.key_cutoff = review.has_key_cutoff ? 1 + dice_below(dice, 1000) : 0;
	review.deals_per_year = 1 + dice_below(dice, 5);
	review.cohorts.row_count = review.has_key_cutoff;
	review.has_derived_floor = dice_below(dice, 2) == 0;
	review.derived_floor = dice_below(dice, 200);
	return review;
}

/** The verdict told once more, straight from the text of domain.md §5. */
static enum verdict verdict_by_text(const struct prospect *prospect, const struct review *review, const struct policy *policy,
                                    const struct qualification *found)
{
	double annual = (double)found->expected_annual;
	double deal = prospect->largest_open > 0 ? (double)prospect->largest_open : annual / (double)review->deals_per_year;
	double threshold = (double)policy->fit_threshold_centi;
	double total = (double)policy->criteria_weight_centi;
	bool rests = policy->floor_annual >= 0 || !review->has_derived_floor;
	double floor = policy->floor_deal >= 0 ? (double)policy->floor_deal : rests ? -1 : (double)review->derived_floor;
	bool is_small = found->size_source != SIZE_NONE && (deal < floor || annual < (double)policy->floor_annual);
	bool is_estimate = prospect->expected_annual < 0 && prospect->open_amount == 0;

	if (total > 0 && (prospect->fit.required_failed || (double)prospect->fit.possible_centi * 10000 < threshold * total))
		return VERDICT_NOT_OURS;
	if (is_small && !is_estimate)
		return VERDICT_THROW_BACK;
	if (total == 0 || prospect->fit.required_unknown || (double)prospect->fit.passed_centi * 10000 < threshold * total || is_small)
		return VERDICT_UNKNOWN;
	return prospect->revisit_on != DAY_NONE && prospect->revisit_on > TODAY ? VERDICT_LATER : VERDICT_NOW;
}

static void expect_sound(const struct qualification *found, const struct prospect *prospect, const struct policy *policy)
{
	bool is_small = (found->reasons & (REASON_DEAL_BELOW | REASON_ANNUAL_BELOW)) != 0;

	ck_assert(found->verdict > VERDICT_NONE && found->verdict < VERDICT_COUNT);
	ck_assert((found->holds >> found->verdict & 1) != 0 && (found->holds & ((1 << found->verdict) - 1)) == 0);
	ck_assert_int_eq(found->verdict == VERDICT_NOW, found->reasons == 0);
	ck_assert_int_le(prospect->fit.passed_centi, prospect->fit.possible_centi);
	ck_assert_int_le(prospect->fit.possible_centi, policy->criteria_weight_centi);
	ck_assert_int_le(found->fit_centi, found->fit_best_centi);
	ck_assert_int_le(found->fit_best_centi, 10000);
	ck_assert_int_eq(found->size_missing, found->verdict == VERDICT_UNKNOWN && is_small);
	ck_assert(found->list == LIST_NONE || found->list == LIST_LEAD || found->list == LIST_TARGET);
	ck_assert(found->list == LIST_NONE || prospect->is_active);
	ck_assert(found->list != LIST_TARGET || (found->verdict == VERDICT_NOW && prospect->access == ACCESS_YES));
	ck_assert(found->list != LIST_LEAD || policy->criteria_count > 0);
}

/** What an unknown verdict waits for can be named. */
static void expect_missing(const struct qualification *found, const struct policy *policy, const enum finding *findings)
{
	int32_t missing[CRITERIA_MOST];
	int32_t count = core_missing_criteria(policy, findings, missing);

	if (found->verdict == VERDICT_UNKNOWN)
		ck_assert(count > 0 || found->size_missing || policy->criteria_count == 0);
	for (int32_t i = 1; i < count; i++)
		ck_assert_int_ge(policy->criteria[missing[i - 1]].weight_centi, policy->criteria[missing[i]].weight_centi);
}

START_TEST(test_core_qualify_any_prospect_has_one_verdict_with_a_reason)
{
	struct dice dice = {41};
	int seen[VERDICT_COUNT] = {0};

	for (int i = 0; i < CASES; i++) {
		struct prospect prospect = random_prospect(&dice);
		struct review review = random_review(&dice);
		enum finding findings[CRITERIA_MOST];
		struct qualification found, again;
		struct random_values values;
		struct random_rules rules;

		random_rules(&dice, &rules);
		random_values(&dice, &values);
		prospect.fit = core_fit(&rules.policy, values.of, findings);
		memset(&again, 0x55, sizeof(again));
		core_qualify(&prospect, &review, &rules.policy, TODAY, &found);
		core_qualify(&prospect, &review, &rules.policy, TODAY, &again);
		ck_assert(found.verdict == again.verdict && found.holds == again.holds && found.list == again.list);
		ck_assert(found.fit_centi == again.fit_centi && found.expected_annual == again.expected_annual);
		ck_assert_int_eq(found.verdict, verdict_by_text(&prospect, &review, &rules.policy, &found));
		expect_sound(&found, &prospect, &rules.policy);
		expect_missing(&found, &rules.policy, findings);
		seen[found.verdict]++;
	}
	for (int verdict = VERDICT_NOT_OURS; verdict < VERDICT_COUNT; verdict++)
		ck_assert_int_gt(seen[verdict], CASES / 200);
}
END_TEST

/** Ask for more: fewer accepted values, more refused or demanded ones, narrower bounds, a higher threshold, a criterion made required. */
static void narrow(struct dice *dice, struct random_rules *rules)
{
	static struct element far_below = {ELEMENT_NUMBER, {"-1000000", 8}};
	static struct element far_above = {ELEMENT_NUMBER, {"1000000", 7}};
	struct criterion *one = &rules->criteria[dice_below(dice, rules->policy.criteria_count)];
	struct element *values = rules->values[one - rules->criteria];

	if (dice_below(dice, 4) == 0)
		rules->policy.fit_threshold_centi += (int32_t)dice_below(dice, 10001 - rules->policy.fit_threshold_centi);
	else if (dice_below(dice, 3) == 0)
		one->required = true;
	else if (one->op == OP_GTE)
		values[0] = far_above;
	else if (one->op == OP_LTE)
		values[0] = far_below;
	else if (one->op == OP_BETWEEN)
		values[1] = values[0];
	else if (one->op == OP_NOT_IN || one->op == OP_ALL)
		one->values.count = VALUES_MOST;
	else if (one->op != OP_EXISTS && one->values.count > 1)
		one->values.count--;
}

/** domain.md §10: a verdict of not_ours or throw_back turns into another, or later or unknown into now. */
static bool lets_in(enum verdict before, enum verdict after)
{
	bool was_out = before == VERDICT_NOT_OURS || before == VERDICT_THROW_BACK;
	bool is_out = after == VERDICT_NOT_OURS || after == VERDICT_THROW_BACK;

	return (was_out && !is_out) || (!was_out && before != VERDICT_NOW && after == VERDICT_NOW);
}

START_TEST(test_core_qualify_narrowing_never_lets_anyone_in)
{
	struct dice dice = {43};
	int put_out = 0;

	for (int i = 0; i < CASES; i++) {
		struct prospect prospect = random_prospect(&dice);
		struct review review = random_review(&dice);
		struct qualification before, after;
		struct random_values values;
		struct random_rules rules;

		random_rules(&dice, &rules);
		if (rules.policy.criteria_count == 0)
			continue;
		random_values(&dice, &values);
		prospect.fit = core_fit(&rules.policy, values.of, NULL);
		core_qualify(&prospect, &review, &rules.policy, TODAY, &before);
		narrow(&dice, &rules);
		prospect.fit = core_fit(&rules.policy, values.of, NULL);
		core_qualify(&prospect, &review, &rules.policy, TODAY, &after);
		ck_assert_msg(!lets_in(before.verdict, after.verdict), "%s to %s", verdict_name(before.verdict), verdict_name(after.verdict));
		put_out += lets_in(after.verdict, before.verdict);
	}
	ck_assert_int_gt(put_out, CASES / 100);
}
END_TEST

/* A criterion that becomes known moves fit up or fit_best down, so nothing it settles is unsettled again. */
START_TEST(test_core_fit_knowing_more_never_widens_the_gap)
{
	struct dice dice = {47};

	for (int i = 0; i < CASES; i++) {
		struct random_values values;
		struct random_rules rules;
		struct fit_weights before, after;
		size_t at;

		random_rules(&dice, &rules);
		random_values(&dice, &values);
		at = (size_t)dice_below(&dice, ATTRIBUTES);
		values.of[at].count = 0;
		before = core_fit(&rules.policy, values.of, NULL);
		values.of[at].count = 1;
		after = core_fit(&rules.policy, values.of, NULL);
		ck_assert_int_ge(after.passed_centi, before.passed_centi);
		ck_assert_int_le(after.possible_centi - after.passed_centi, before.possible_centi - before.passed_centi);
	}
}
END_TEST

Suite *suite_qualification_laws(void);
Suite *suite_qualification_laws(void)
{
	Suite *suite = suite_create("qualification_laws");
	TCase *properties = tcase_create("properties");

	tcase_add_test(properties, test_core_qualify_any_prospect_has_one_verdict_with_a_reason);
	tcase_add_test(properties, test_core_qualify_narrowing_never_lets_anyone_in);
	tcase_add_test(properties, test_core_fit_knowing_more_never_widens_the_gap);
	suite_add_tcase(suite, properties);
	return suite;
}
