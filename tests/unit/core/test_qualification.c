/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts, sizes, floors and lists of one prospect (domain.md §5), by hand. What holds of any is test_qualification_laws.c. */
#include <sweetspot/calendar.h>
#include <sweetspot/qualification.h>

#include "random_book.h"
#include "tests/unit/base/expect.h"

#define TODAY 20000
#define CRITERIA 3

/* ---- Vectors ---- */

static struct element yes = {ELEMENT_BOOLEAN, {"true", 4}};
static struct text deciders[] = {{"ceo", 3}, {"vp", 2}};

/* Weights 5 (required), 3 and 2; each asks for a boolean of its own. */
static struct criterion three_criteria[CRITERIA] = {
	{.id = {"b", 1}, .attribute = 0, .op = OP_EQ, .values = {&yes, 1}, .weight_centi = 500, .required = true},
	{.id = {"c", 1}, .attribute = 1, .op = OP_EQ, .values = {&yes, 1}, .weight_centi = 300},
	{.id = {"a", 1}, .attribute = 2, .op = OP_EQ, .values = {&yes, 1}, .weight_centi = 200},
};

static struct policy policy_with_criteria(void)
{
	struct policy policy = default_policy();

	policy.criteria = three_criteria;
	policy.criteria_count = CRITERIA;
	policy.criteria_weight_centi = 1000;
	policy.deciders = deciders;
	policy.decider_count = COUNT_OF(deciders);
	return policy;
}

static struct cohort median_of_all = {.industry = -1, .clients = 9, .median = 60000, .p75 = 90000};

static struct review some_review(void)
{
	return (struct review){
		.has_key_cutoff = true, .key_cutoff = 100000, .deals_per_year = 4, .cohorts = {.rows = &median_of_all, .row_count = 1},
	};
}

static struct prospect fitting_prospect(void)
{
	return (struct prospect){
		.fit = {.passed_centi = 1000, .possible_centi = 1000}, .is_active = true, .expected_annual = 200000, .access = ACCESS_YES,
		.revisit_on = DAY_NONE, .industry = -1,
	};
}

static struct qualification qualify(struct prospect prospect, struct review review, struct policy policy)
{
	struct qualification found;

	core_qualify(&prospect, &review, &policy, TODAY, &found);
	return found;
}

static void expect_verdict(struct qualification found, const char *verdict, unsigned holds, const char *list)
{
	ck_assert_str_eq(verdict_name(found.verdict), verdict);
	ck_assert_uint_eq(found.holds, holds);
	ck_assert_str_eq(list_name(found.list), list);
}

#define BIT(verdict) (1u << VERDICT_##verdict)

START_TEST(test_core_fit_sums_the_weights_of_what_it_finds)
{
	static const struct {
		int passes, unknowns;  /* bits of criteria */
		int64_t passed, possible;
		bool required_failed, required_unknown;
	} cases[] = {
		{7, 0, 1000, 1000, false, false}, {6, 0, 500, 500, true, false}, {6, 1, 500, 1000, false, true}, {0, 7, 0, 1000, false, true},
		{1, 2, 500, 800, false, false}, {0, 0, 0, 0, true, false},
	};
	static struct element no = {ELEMENT_BOOLEAN, {"false", 5}};
	struct policy policy = policy_with_criteria();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct elements values[CRITERIA];
		enum finding findings[CRITERIA];
		struct fit_weights fit;

		for (int k = 0; k < CRITERIA; k++)
			values[k] = (struct elements){(cases[i].passes >> k & 1) ? &yes : &no, (cases[i].unknowns >> k & 1) ? 0 : 1};
		fit = core_fit(&policy, values, findings);
		ck_assert_int_eq(fit.passed_centi, cases[i].passed);
		ck_assert_int_eq(fit.possible_centi, cases[i].possible);
		ck_assert(fit.required_failed == cases[i].required_failed && fit.required_unknown == cases[i].required_unknown);
		for (int k = 0; k < CRITERIA; k++)
			ck_assert_int_eq(findings[k] == FINDING_UNKNOWN, cases[i].unknowns >> k & 1);
		fit = core_fit(&policy, values, NULL);
		ck_assert_int_eq(fit.passed_centi, cases[i].passed);
	}
}
END_TEST

START_TEST(test_core_fit_recall_of_letters_is_the_same_fit)
{
	struct policy policy = policy_with_criteria();
	enum finding findings[CRITERIA];
	struct fit_weights fit = core_fit_recall(&policy, TEXT("ufp"), findings);

	ck_assert(fit.passed_centi == 200 && fit.possible_centi == 700 && fit.required_unknown && !fit.required_failed);
	ck_assert(findings[0] == FINDING_UNKNOWN && findings[1] == FINDING_FAILED && findings[2] == FINDING_PASSED);
	fit = core_fit_recall(&policy, TEXT("p"), NULL);
	ck_assert(fit.passed_centi == 500 && fit.possible_centi == 1000);
	for (int finding = 0; finding < FINDINGS; finding++)
		ck_assert_int_eq(finding_of_letter(finding_letter((enum finding)finding)), finding);
}
END_TEST

START_TEST(test_core_qualify_the_rest_is_now_and_a_big_one_with_access_a_target)
{
	struct qualification found = qualify(fitting_prospect(), some_review(), policy_with_criteria());

	expect_verdict(found, "now", BIT(NOW), "target");
	ck_assert_uint_eq(found.reasons, 0);
	ck_assert(found.fit_centi == 10000 && found.fit_best_centi == 10000 && !found.size_missing);
	ck_assert_str_eq(size_source_name(found.size_source), "given");
	ck_assert(found.expected_annual == 200000 && found.expected_deal.num == 200000 && found.expected_deal.den == 4);
}
END_TEST

START_TEST(test_core_qualify_access_and_size_decide_the_list)
{
	static const struct {
		enum access access;
		bool is_active;
		int64_t expected_annual;
		const char *list;
	} cases[] = {
		{ACCESS_YES, true, 100000, "target"}, {ACCESS_YES, true, 99999, "none"}, {ACCESS_NO, true, 100000, "none"},
		{ACCESS_UNKNOWN, true, 100000, "lead"}, {ACCESS_UNKNOWN, true, 99999, "none"}, {ACCESS_YES, false, 100000, "none"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct prospect prospect = fitting_prospect();

		prospect.access = cases[i].access;
		prospect.is_active = cases[i].is_active;
		prospect.expected_annual = cases[i].expected_annual;
		expect_verdict(qualify(prospect, some_review(), policy_with_criteria()), "now", BIT(NOW), cases[i].list);
	}
}
END_TEST

START_TEST(test_core_qualify_without_a_key_cut_off_nothing_is_big)
{
	struct review review = some_review();

	review.has_key_cutoff = false;
	review.key_cutoff = 0;
	expect_verdict(qualify(fitting_prospect(), review, policy_with_criteria()), "now", BIT(NOW), "none");
}
END_TEST

START_TEST(test_core_qualify_without_criteria_is_unknown_and_no_lead)
{
	struct qualification found = qualify(fitting_prospect(), some_review(), default_policy());

	expect_verdict(found, "unknown", BIT(UNKNOWN), "none");
	ck_assert_uint_eq(found.reasons, REASON_NO_CRITERIA);
	ck_assert(found.fit_centi == -1 && found.fit_best_centi == -1);
}
END_TEST

START_TEST(test_core_qualify_fit_decides_between_ours_and_not)
{
	static const struct {
		int64_t passed, possible;
		bool required_failed, required_unknown;
		const char *verdict;
		unsigned holds, reasons;
		const char *list;
	} cases[] = {
		{600, 600, false, false, "now", BIT(NOW), 0, "target"},
		{599, 599, false, false, "not_ours", BIT(NOT_OURS) | BIT(UNKNOWN), REASON_FIT_BEST_BELOW | REASON_FIT_BELOW, "none"},
		{599, 600, false, false, "unknown", BIT(UNKNOWN), REASON_FIT_BELOW, "lead"},
		{900, 900, true, false, "not_ours", BIT(NOT_OURS), REASON_REQUIRED_FAILED, "none"},
		{900, 1000, false, true, "unknown", BIT(UNKNOWN), REASON_REQUIRED_UNKNOWN, "lead"},
		{600, 900, true, true, "not_ours", BIT(NOT_OURS) | BIT(UNKNOWN), REASON_REQUIRED_FAILED | REASON_REQUIRED_UNKNOWN, "none"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct prospect prospect = fitting_prospect();
		struct qualification found;

		prospect.fit = (struct fit_weights){cases[i].passed, cases[i].possible, cases[i].required_failed, cases[i].required_unknown};
		found = qualify(prospect, some_review(), policy_with_criteria());
		expect_verdict(found, cases[i].verdict, cases[i].holds, cases[i].list);
		ck_assert_uint_eq(found.reasons, cases[i].reasons);
	}
}
END_TEST

START_TEST(test_core_fit_shown_rounds_half_away_from_zero)
{
	struct policy policy = policy_with_criteria();

	policy.criteria_weight_centi = 60000;
	ck_assert_int_eq(core_fit_shown(&policy, 20003), 3334);   /* 3333.83 */
	ck_assert_int_eq(core_fit_shown(&policy, 3), 1);          /* 0.5 */
	policy.criteria_count = 0;
	ck_assert_int_eq(core_fit_shown(&policy, 3), -1);
}
END_TEST

START_TEST(test_core_qualify_size_is_given_then_deals_then_the_cohorts)
{
	static const struct {
		int64_t given, open, largest;
		bool has_cohort;
		const char *source;
		int64_t annual, deal_num, deal_den;
	} cases[] = {
		{200000, 0, 0, true, "given", 200000, 200000, 4}, {200000, 700, 500, true, "given", 200000, 500, 1},
		{0, 700, 500, true, "given", 0, 500, 1}, {-1, 700, 500, true, "deals", 700, 500, 1}, {-1, 0, 0, true, "estimate", 60000, 60000, 4},
		{-1, 0, 0, false, NULL, -1, 0, 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct prospect prospect = fitting_prospect();
		struct review review = some_review();
		struct qualification found;
		const char *source;

		prospect.expected_annual = cases[i].given;
		prospect.open_amount = cases[i].open;
		prospect.largest_open = cases[i].largest;
		review.cohorts.row_count = cases[i].has_cohort ? 1 : 0;
		found = qualify(prospect, review, policy_with_criteria());
		source = size_source_name(found.size_source);
		ck_assert_msg(source == cases[i].source || strcmp(source, cases[i].source) == 0, "case %zu", i);
		ck_assert_int_eq(found.expected_annual, cases[i].annual);
		ck_assert(found.expected_deal.num == cases[i].deal_num && found.expected_deal.den == cases[i].deal_den);
	}
}
END_TEST

START_TEST(test_core_floors_derived_rests_beside_any_stated_one)
{
	static const struct {
		int64_t deal, annual;
		bool has_derived;
		struct floors floors;
	} cases[] = {
		{-1, -1, false, {-1, -1, false}}, {-1, -1, true, {885, -1, true}}, {5, -1, true, {5, -1, false}}, {-1, 7, true, {-1, 7, false}},
		{0, 7, true, {0, 7, false}},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = default_policy();
		struct review review = some_review();
		struct floors floors;

		policy.floor_deal = cases[i].deal;
		policy.floor_annual = cases[i].annual;
		review.has_derived_floor = cases[i].has_derived;
		review.derived_floor = 885;
		floors = core_floors(&policy, &review);
		ck_assert(floors.deal == cases[i].floors.deal && floors.annual == cases[i].floors.annual);
		ck_assert(floors.deal_is_derived == cases[i].floors.deal_is_derived);
		/* Before a review there is none to derive. */
		floors = core_floors(&policy, NULL);
		ck_assert(floors.deal == cases[i].deal && floors.annual == cases[i].annual && !floors.deal_is_derived);
	}
}
END_TEST

START_TEST(test_core_qualify_below_a_floor_is_thrown_back_unless_only_estimated)
{
	static const struct {
		int64_t given, largest, floor_deal, floor_annual;
		const char *verdict;
		unsigned reasons;
		bool size_missing;
	} cases[] = {
		{200000, 0, 50000, -1, "now", 0, false},                      /* 200000 ÷ 4 */
		{199999, 0, 50000, -1, "throw_back", REASON_DEAL_BELOW, false},
		{200003, 0, 50001, -1, "throw_back", REASON_DEAL_BELOW, false},  /* 50000.75 */
		{200004, 0, 50001, -1, "now", 0, false},
		{200000, 700, 701, -1, "throw_back", REASON_DEAL_BELOW, false},
		{200000, 0, -1, 200001, "throw_back", REASON_ANNUAL_BELOW, false},
		{200000, 0, 50001, 200001, "throw_back", REASON_DEAL_BELOW | REASON_ANNUAL_BELOW, false},
		{0, 0, 0, 0, "now", 0, false},
		{-1, 0, 15000, -1, "now", 0, false},                          /* 60000 ÷ 4 */
		{-1, 0, 15001, -1, "unknown", REASON_DEAL_BELOW, true},
		{-1, 0, -1, 60001, "unknown", REASON_ANNUAL_BELOW, true},
		{-1, 700, 701, -1, "throw_back", REASON_DEAL_BELOW, false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct prospect prospect = fitting_prospect();
		struct policy policy = policy_with_criteria();
		struct qualification found;

		prospect.expected_annual = cases[i].given;
		prospect.open_amount = prospect.largest_open = cases[i].largest;
		policy.floor_deal = cases[i].floor_deal;
		policy.floor_annual = cases[i].floor_annual;
		found = qualify(prospect, some_review(), policy);
		ck_assert_msg(strcmp(verdict_name(found.verdict), cases[i].verdict) == 0, "case %zu: %s", i, verdict_name(found.verdict));
		ck_assert_uint_eq(found.reasons, cases[i].reasons);
		ck_assert_int_eq(found.size_missing, cases[i].size_missing);
	}
}
END_TEST

START_TEST(test_core_qualify_of_no_size_at_all_nothing_is_below)
{
	struct prospect prospect = fitting_prospect();
	struct policy policy = policy_with_criteria();
	struct review review = some_review();

	prospect.expected_annual = -1;
	policy.floor_deal = policy.floor_annual = 1000;
	review.cohorts.row_count = 0;
	expect_verdict(qualify(prospect, review, policy), "now", BIT(NOW), "none");
}
END_TEST

START_TEST(test_core_qualify_waits_for_a_day_after_today)
{
	struct prospect prospect = fitting_prospect();

	prospect.revisit_on = TODAY;
	expect_verdict(qualify(prospect, some_review(), policy_with_criteria()), "now", BIT(NOW), "target");
	prospect.revisit_on = TODAY + 1;
	expect_verdict(qualify(prospect, some_review(), policy_with_criteria()), "later", BIT(LATER), "none");
	prospect.fit.required_failed = true;
	expect_verdict(qualify(prospect, some_review(), policy_with_criteria()), "not_ours", BIT(NOT_OURS) | BIT(LATER), "none");
}
END_TEST

START_TEST(test_policy_has_decider_wants_the_whole_persona)
{
	struct policy policy = policy_with_criteria();

	ck_assert(policy_has_decider(&policy, TEXT("vp")));
	ck_assert(!policy_has_decider(&policy, TEXT("vp sales")));
	ck_assert(!policy_has_decider(&policy, TEXT("")));
}
END_TEST

START_TEST(test_core_missing_criteria_heaviest_first_then_by_id)
{
	static const enum finding all[CRITERIA] = {FINDING_UNKNOWN, FINDING_UNKNOWN, FINDING_UNKNOWN};
	static const enum finding some[CRITERIA] = {FINDING_PASSED, FINDING_FAILED, FINDING_UNKNOWN};
	struct policy policy = policy_with_criteria();
	struct criterion criteria[CRITERIA];
	int32_t missing[CRITERIA];

	memcpy(criteria, three_criteria, sizeof(criteria));
	policy.criteria = criteria;
	criteria[1].weight_centi = 200;
	ck_assert_int_eq(core_missing_criteria(&policy, all, missing), 3);
	ck_assert(missing[0] == 0 && missing[1] == 2 && missing[2] == 1);
	criteria[1].weight_centi = 800;
	ck_assert_int_eq(core_missing_criteria(&policy, all, missing), 3);
	ck_assert(missing[0] == 1 && missing[1] == 0 && missing[2] == 2);
	ck_assert_int_eq(core_missing_criteria(&policy, some, missing), 1);
	ck_assert_int_eq(missing[0], 2);
}
END_TEST

START_TEST(test_core_least_estimate_is_the_higher_floor_in_a_year)
{
	static const struct {
		int64_t deal, annual, deals_per_year, least;
	} cases[] = {
		{-1, -1, 4, 0}, {100, -1, 4, 400}, {100, 399, 4, 400}, {100, 401, 4, 401}, {-1, 7, 4, 7}, {0, -1, 4, 0},
		{INT64_C(1) << 53, -1, 4096, INT64_MAX},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy = default_policy();
		struct review review = some_review();

		policy.floor_deal = cases[i].deal;
		policy.floor_annual = cases[i].annual;
		review.deals_per_year = cases[i].deals_per_year;
		ck_assert_int_eq(core_least_estimate(&policy, &review), cases[i].least);
	}
}
END_TEST

START_TEST(test_core_settled_by_the_one_thing_that_is_missing)
{
	static struct attribute attributes[CRITERIA] = {
		{.source = ATTRIBUTE_FIELD, .field = ORGANISATION_INDUSTRY}, {.source = ATTRIBUTE_FIELD, .field = ORGANISATION_EXPECTED_ANNUAL},
		{.source = ATTRIBUTE_NAMED},
	};
	static const struct {
		const char *letters;
		bool size_missing;
		int32_t thing;
	} cases[] = {
		{"upp", false, 0},
		{"pfu", false, 2},
		{"pup", false, SETTLED_BY_SIZE},
		{"ppp", true, SETTLED_BY_SIZE},
		{"pup", true, SETTLED_BY_SIZE},
		{"upu", false, SETTLED_BY_NO_ONE_THING},
		{"upp", true, SETTLED_BY_NO_ONE_THING},
		{"uup", false, SETTLED_BY_NO_ONE_THING},
		{"pp", false, 2},
		{"ppp", false, SETTLED_BY_NO_ONE_THING},
	};
	struct policy policy = policy_with_criteria(), same = policy_with_criteria(), none = default_policy();
	struct criterion criteria[CRITERIA];

	policy.attributes = same.attributes = attributes;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_int_eq(core_settled_by(&policy, text_of(cases[i].letters), cases[i].size_missing), cases[i].thing);
	/* Two criteria over one attribute are one thing. */
	memcpy(criteria, three_criteria, sizeof(criteria));
	criteria[2].attribute = 0;
	same.criteria = criteria;
	ck_assert_int_eq(core_settled_by(&same, TEXT("upu"), false), 0);
	ck_assert_int_eq(core_settled_by(&none, TEXT(""), false), SETTLED_BY_CRITERIA);
	ck_assert_int_eq(core_settled_by(&none, TEXT(""), true), SETTLED_BY_NO_ONE_THING);
}
END_TEST

Suite *suite_qualification(void);
Suite *suite_qualification(void)
{
	Suite *suite = suite_create("qualification");
	TCase *vectors = tcase_create("vectors");

	tcase_add_test(vectors, test_core_fit_sums_the_weights_of_what_it_finds);
	tcase_add_test(vectors, test_core_fit_recall_of_letters_is_the_same_fit);
	tcase_add_test(vectors, test_core_qualify_the_rest_is_now_and_a_big_one_with_access_a_target);
	tcase_add_test(vectors, test_core_qualify_access_and_size_decide_the_list);
	tcase_add_test(vectors, test_core_qualify_without_a_key_cut_off_nothing_is_big);
	tcase_add_test(vectors, test_core_qualify_without_criteria_is_unknown_and_no_lead);
	tcase_add_test(vectors, test_core_qualify_fit_decides_between_ours_and_not);
	tcase_add_test(vectors, test_core_fit_shown_rounds_half_away_from_zero);
	tcase_add_test(vectors, test_core_qualify_size_is_given_then_deals_then_the_cohorts);
	tcase_add_test(vectors, test_core_floors_derived_rests_beside_any_stated_one);
	tcase_add_test(vectors, test_core_qualify_below_a_floor_is_thrown_back_unless_only_estimated);
	tcase_add_test(vectors, test_core_qualify_of_no_size_at_all_nothing_is_below);
	tcase_add_test(vectors, test_core_qualify_waits_for_a_day_after_today);
	tcase_add_test(vectors, test_policy_has_decider_wants_the_whole_persona);
	tcase_add_test(vectors, test_core_missing_criteria_heaviest_first_then_by_id);
	tcase_add_test(vectors, test_core_least_estimate_is_the_higher_floor_in_a_year);
	tcase_add_test(vectors, test_core_settled_by_the_one_thing_that_is_missing);
	suite_add_tcase(suite, vectors);
	return suite;
}
