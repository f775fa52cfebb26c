/* SPDX-License-Identifier: Apache-2.0 */
/* Policy documents (domain.md §12): defaults, merging, and every name checked, all errors at once. */
#include <stdlib.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/number.h>
#include <sweetspot/policy_document.h>

#include "tests/unit/base/expect.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new(1 << 14);
}

static void teardown(void)
{
	arena_free(arena);
}

static void release(void *json)
{
	json_decref(json);
}

/** 'single quotes' read better in C. */
static json_t *json(const char *text)
{
	char *copy = strdup(text);
	json_t *value;

	for (char *c = copy; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(copy, JSON_DECODE_ANY, NULL);
	ck_assert_msg(value != NULL, "%s", text);
	free(copy);
	ck_assert_int_eq(arena_link(arena, release, value), STATUS_OK);
	return value;
}

static struct problems decode_problems(const char *document, struct policy *policy)
{
	struct problems problems = problems_in(arena);
	enum status status = policy_document_decode(json(document), 2, arena, policy, &problems);

	ck_assert_int_eq(status, problems.count == 0 ? STATUS_OK : STATUS_INVALID);
	return problems;
}

static struct policy decode(const char *document)
{
	struct policy policy = {.version = 7};
	struct problems problems = decode_problems(document, &policy);

	ck_assert_msg(problems.count == 0, "%s: %.*s %.*s", document, TEXT_ARGS(problems.first->pointer), TEXT_ARGS(problems.first->detail));
	ck_assert_int_eq(policy.version, 7);
	return policy;
}

/** Every pointer complained of, joined by blanks. */
static void expect_pointers(const char *document, const char *pointers)
{
	struct policy policy = {.version = 7};
	struct problems problems = decode_problems(document, &policy);
	char found[512] = "";

	for (const struct problem *problem = problems.first; problem != NULL; problem = problem->next)
		snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%.*s", problem == problems.first ? "" : " ",
				TEXT_ARGS(problem->pointer));
	ck_assert_msg(strcmp(found, pointers) == 0, "%s: got \"%s\", expected \"%s\"", document, found, pointers);
	ck_assert_int_eq(policy.version, 7);
}

/* ---- Decoding ---- */

START_TEST(test_policy_document_default_is_the_contracts)
{
	struct policy policy = decode(policy_document_default().bytes);
	static const int64_t engagement[ENGAGEMENT_PARTS] = {3500, 1500, 2000, 2000, 1000};
	static const int64_t potential[POTENTIAL_PARTS] = {5000, 1500, 1500, 2000};

	ck_assert_int_eq(policy.pinned_day, DAY_NONE);
	ck_assert_int_eq(policy.fiscal_month * 100 + policy.fiscal_day, 101);
	ck_assert_int_eq(policy.review_months, 6);
	ck_assert_int_eq(policy.revenue_from, REVENUE_AUTO);
	ck_assert_int_eq(policy.default_margin_pct_centi, 10000);
	ck_assert_int_eq(policy.hour_cost_minor, 0);
	ck_assert(!policy.lines_stated);
	ck_assert_int_eq(policy.rate_count, 0);
	ck_assert_int_eq(policy.key_pct_centi, 2500);
	ck_assert_int_eq(policy.small_pct_centi, 5000);
	ck_assert_int_eq(memcmp(policy.engagement_weight_centi, engagement, sizeof(engagement)), 0);
	ck_assert_int_eq(memcmp(policy.potential_weight_centi, potential, sizeof(potential)), 0);
	ck_assert(policy.full_reach == 0 && policy.full_rhythm == 0 && policy.full_orders == 0);
	ck_assert(!policy.engagement_cut.is_score && policy.engagement_cut.percentile == 50);
	ck_assert(!policy.potential_cut.is_score && policy.potential_cut.percentile == 50);
	ck_assert_int_eq(policy.margin_centi, 300);
	ck_assert_int_eq(policy.let_go_pct_centi, 1000);
	for (int tier = TIER_NONE; tier < TIER_COUNT; tier++)
		ck_assert_int_eq(policy.let_go_tier[tier], tier == TIER_SERVICE);
	ck_assert_int_eq(policy.min_tenure_days, 180);
	ck_assert_int_eq(policy.keep_days, 365);
	ck_assert_int_eq(policy.criteria_count, 0);
	ck_assert_int_eq(policy.criteria_weight_centi, 0);
	ck_assert_int_eq(policy.fit_threshold_centi, 6000);
	ck_assert_int_eq(policy.decider_count, 10);
	expect_text(policy.deciders[9], "decision maker");
	ck_assert(policy.floor_deal == -1 && policy.floor_annual == -1 && !policy.edges_stated);
	ck_assert(policy.max_targets == 9 && policy.max_leads == 10);
	ck_assert_int_eq(policy.account_management_pct_centi, 6000);
	ck_assert(policy.time_weight_centi[TIER_MAINTENANCE] == 2000 && policy.time_weight_centi[TIER_KEY] == 3000);
	ck_assert(policy.time_weight_centi[TIER_SERVICE] == 500 && policy.time_weight_centi[TIER_GROWTH] == 4500);
	ck_assert(policy.shortlist_max == 5 && policy.commitment_days == 182 && policy.event_days == 30);
}
END_TEST

START_TEST(test_policy_document_decode_reads_every_kept_name)
{
	static const char document[] =
		"{'today': '2017-12-31', 'fiscal_year_start': '04-30', 'review_months': 12, 'revenue_from': 'deals', 'default_margin_pct': 42.5,"
		" 'hour_cost': '80.25', 'lines': ['GTX Pro', ' gtx pro ', 'MG'], 'rates': {'USD': 0.92, 'JPY': '0.006123'}, 'key_pct': 20,"
		" 'engagement': {'reach': 1.25}, 'full': {'reach': 4, 'rhythm': 1.5, 'orders': 37.17748},"
		" 'cuts': {'engagement': {'score': 40.5}, 'potential': {'percentile': 99}, 'margin': 0},"
		" 'let_go': {'pct': 12.34, 'tiers': ['key', 'growth'], 'min_tenure_days': 0}, 'keep_days': 30, 'fit_threshold': 66.67,"
		" 'deciders': ['CEO', ' Straße ', 'STRASSE'], 'floor_deal': 0, 'floor_annual': '12.5', 'edges': [0.01, 885], 'max_targets': 3,"
		" 'max_leads': 0, 'account_management_pct': 12.5, 'time': {'key': 99.99}, 'shortlist_max': 1, 'commitment_days': 2,"
		" 'event_days': 3}";
	struct policy policy = decode(document);
	char day[11];

	day_format(policy.pinned_day, day);
	ck_assert_str_eq(day, "2017-12-31");
	ck_assert_int_eq(policy.fiscal_month * 100 + policy.fiscal_day, 430);
	ck_assert_int_eq(policy.revenue_from, REVENUE_FROM_DEALS);
	ck_assert_int_eq(policy.default_margin_pct_centi, 4250);
	ck_assert_int_eq(policy.hour_cost_minor, 8025);
	ck_assert(policy.lines_stated);
	ck_assert_int_eq(policy.line_count, 2);
	expect_text(policy.lines[0], "gtx pro");
	ck_assert_int_eq(policy.rate_count, 2);
	expect_text(policy.rates[0].currency, "USD");
	ck_assert_int_eq(policy.rates[0].rate_millionths, 920000);
	ck_assert_int_eq(policy.rates[1].rate_millionths, 6123);
	ck_assert_int_eq(policy.engagement_weight_centi[PART_REACH], 125);
	ck_assert_int_eq(policy.engagement_weight_centi[PART_INITIATIVE], 1500);
	ck_assert_int_eq(policy.full_reach, 4);
	ck_assert_int_eq(policy.full_rhythm, INT64_C(3) << 31);
	ck_assert_int_eq(policy.full_orders, INT64_C(159676060748));
	ck_assert(policy.engagement_cut.is_score && policy.engagement_cut.score_centi == 4050);
	ck_assert(!policy.potential_cut.is_score && policy.potential_cut.percentile == 99);
	ck_assert_int_eq(policy.margin_centi, 0);
	ck_assert_int_eq(policy.let_go_pct_centi, 1234);
	ck_assert(policy.let_go_tier[TIER_KEY] && policy.let_go_tier[TIER_GROWTH] && !policy.let_go_tier[TIER_SERVICE]);
	ck_assert_int_eq(policy.min_tenure_days, 0);
	ck_assert_int_eq(policy.keep_days, 30);
	ck_assert_int_eq(policy.fit_threshold_centi, 6667);
	ck_assert_int_eq(policy.decider_count, 2);
	expect_text(policy.deciders[0], "ceo");
	expect_text(policy.deciders[1], "strasse");
	ck_assert(policy.floor_deal == 0 && policy.floor_annual == 1250);
	ck_assert(policy.edges_stated && policy.edge_count == 2 && policy.edges[0] == 1 && policy.edges[1] == 88500);
	ck_assert(policy.max_targets == 3 && policy.max_leads == 0);
	ck_assert_int_eq(policy.account_management_pct_centi, 1250);
	ck_assert(policy.time_weight_centi[TIER_KEY] == 9999 && policy.time_weight_centi[TIER_GROWTH] == 4500);
	ck_assert(policy.shortlist_max == 1 && policy.commitment_days == 2 && policy.event_days == 3);
}
END_TEST

START_TEST(test_policy_document_decode_tells_no_edges_from_none_stated)
{
	ck_assert(decode("{'edges': []}").edges_stated && decode("{'edges': []}").edge_count == 0);
	ck_assert(!decode("{'edges': null}").edges_stated);
}
END_TEST

START_TEST(test_policy_document_decode_takes_every_name_at_its_bounds)
{
	static const char *const documents[] = {
		"{}", "{'lines': []}", "{'edges': []}", "{'edges': [0.01, 5, 90071992547409.92]}", "{'floor_deal': 0, 'floor_annual': '12.50'}",
		"{'hour_cost': 100000000}",
		"{'key_pct': 0.01}", "{'key_pct': 100}", "{'rates': {'USD': 0.000001}}", "{'cuts': {'potential': {'score': 0}}}",
		"{'cuts': {'potential': {'score': 100}}}",
		"{'cuts': {'potential': {'percentile': 1}}}", "{'let_go': {'tiers': []}}", "{'let_go': {'tiers': ['service', 'service']}}",
		"{'max_targets': 0, 'max_leads': 10000}",
		"{'review_months': 6.0}", "{'engagement': {'reach': 0, 'initiative': 0, 'rhythm': 0, 'orders': 0, 'breadth': 0.01}}",
		"{'fit_threshold': 0}", "{'deciders': []}",
		"{'account_management_pct': 100, 'shortlist_max': 0, 'commitment_days': 1, 'event_days': 1}",
		"{'today': null, 'full': {'reach': null}}",
	};

	for (size_t i = 0; i < COUNT_OF(documents); i++)
		(void)decode(documents[i]);
}
END_TEST

START_TEST(test_policy_document_decode_refuses_with_pointers)
{
	static const struct {
		const char *document, *pointers;
	} cases[] = {
		{"[]", ""}, {"5", ""}, {"null", ""},
		{"{'today': '2017-02-29'}", "/today"}, {"{'today': 20171231}", "/today"}, {"{'today': ''}", "/today"},
		{"{'fiscal_year_start': '02-29'}", "/fiscal_year_start"}, {"{'fiscal_year_start': '13-01'}", "/fiscal_year_start"},
		{"{'fiscal_year_start': null}", "/fiscal_year_start"}, {"{'fiscal_year_start': '4-1'}", "/fiscal_year_start"},
		{"{'review_months': 0}", "/review_months"}, {"{'review_months': 1.5}", "/review_months"},
		{"{'review_months': '6'}", "/review_months"},
		{"{'revenue_from': 'invoices'}", "/revenue_from"}, {"{'revenue_from': null}", "/revenue_from"},
		{"{'default_margin_pct': 100.01}", "/default_margin_pct"}, {"{'default_margin_pct': -1}", "/default_margin_pct"},
		{"{'default_margin_pct': 1.005}", "/default_margin_pct"},
		{"{'hour_cost': -1}", "/hour_cost"}, {"{'hour_cost': 0.001}", "/hour_cost"}, {"{'hour_cost': 'a lot'}", "/hour_cost"},
		{"{'hour_cost': 9007199254740993}", "/hour_cost"},
		{"{'lines': 'books'}", "/lines"}, {"{'lines': ['a', ' ', 5]}", "/lines/1 /lines/2"},
		{"{'rates': []}", "/rates"}, {"{'rates': {'usd': 1, 'USD': 0, 'GBP': 1.0000001, 'CHF': -1}}",
		 "/rates/usd /rates/USD /rates/GBP /rates/CHF"},
		{"{'key_pct': 0}", "/key_pct"}, {"{'key_pct': true}", "/key_pct"}, {"{'small_pct': 101}", "/small_pct"},
		{"{'engagement': {'reach': -1}}", "/engagement/reach"}, {"{'engagement': 5}", "/engagement"},
		{"{'potential': {'fit': 10000.01}}", "/potential/fit"},
		{"{'engagement': {'reach': 0, 'initiative': 0, 'rhythm': 0, 'orders': 0, 'breadth': 0}}", "/engagement"},
		{"{'potential': {'headroom': 0, 'white_space': 0, 'momentum': 0, 'fit': 0}}", "/potential"},
		{"{'time': {'maintenance': 0, 'key': 0, 'service': 0, 'growth': 0}}", "/time"}, {"{'time': {'key': 101}}", "/time/key"},
		{"{'engagement': {'reach': 'x', 'initiative': 0, 'rhythm': 0, 'orders': 0, 'breadth': 0}}", "/engagement/reach"},
		{"{'full': {'reach': 0}}", "/full/reach"}, {"{'full': {'reach': 1.5}}", "/full/reach"},
		{"{'full': {'rhythm': -1, 'orders': 0}}", "/full/rhythm /full/orders"},
		{"{'cuts': {'engagement': {}}}", "/cuts/engagement"},
		{"{'cuts': {'engagement': {'percentile': 50, 'score': 40}}}", "/cuts/engagement"},
		{"{'cuts': {'engagement': {'percentile': 100}, 'potential': {'score': 100.5}}}",
		"/cuts/engagement/percentile /cuts/potential/score"},
		{"{'cuts': {'engagement': {'percentile': 0}}}", "/cuts/engagement/percentile"},
		{"{'cuts': {'engagement': {'percentile': 1.5}}}", "/cuts/engagement/percentile"},
		{"{'cuts': {'engagement': 50}}", "/cuts/engagement"}, {"{'cuts': {'margin': 100.5}}", "/cuts/margin"},
		{"{'cuts': {'engagement': {'score': 5, 'x': 1}}}", "/cuts/engagement/x"},
		{"{'let_go': {'pct': 101, 'tiers': ['all', 5], 'min_tenure_days': -1}}",
		"/let_go/pct /let_go/tiers/0 /let_go/tiers/1 /let_go/min_tenure_days"},
		{"{'let_go': {'tiers': 'service'}}", "/let_go/tiers"}, {"{'fit_threshold': 100.5}", "/fit_threshold"},
		{"{'deciders': ['ceo', '']}", "/deciders/1"}, {"{'deciders': null}", "/deciders"},
		{"{'floor_deal': -0.01, 'floor_annual': 'x'}", "/floor_deal /floor_annual"},
		{"{'edges': [5, 5, 3, 'x', 0]}", "/edges/1 /edges/2 /edges/3 /edges/4"}, {"{'edges': {}}", "/edges"},
		{"{'max_targets': -1, 'max_leads': 10001}", "/max_targets /max_leads"},
		{"{'account_management_pct': 100.001, 'shortlist_max': null, 'commitment_days': 0, 'keep_days': 0, 'event_days': 36501}",
		 "/account_management_pct /shortlist_max /commitment_days /keep_days /event_days"},
		{"{'key_percent': 25, 'cuts': {'marge': 1}, 'a/b~c': 1}", "/key_percent /a~1b~0c /cuts/marge"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_pointers(cases[i].document, cases[i].pointers);
}
END_TEST

START_TEST(test_policy_document_decode_details_tell_the_bounds)
{
	struct policy policy = {0};

	expect_text(decode_problems("{'review_months': 0}", &policy).first->detail, "must be a whole number from 1 to 120");
	expect_text(decode_problems("{'key_pct': 0}", &policy).first->detail, "must be a number from 0.01 to 100 with at most 2 decimals");
	expect_text(decode_problems("{'rates': {'USD': 0}}", &policy).first->detail,
			"must be a number from 0.000001 to 9007199254.740992 with at most 6 decimals");
	expect_text(decode_problems("{'keys': 0}", &policy).first->detail, "is not a name of the policy");
}
END_TEST

START_TEST(test_policy_document_decode_money_has_the_currencys_digits)
{
	struct policy policy = {0};
	struct problems problems = problems_in(arena);

	ck_assert_int_eq(policy_document_decode(json("{'hour_cost': 80}"), 0, arena, &policy, &problems), STATUS_OK);
	ck_assert_int_eq(policy.hour_cost_minor, 80);
	ck_assert_int_eq(policy_document_decode(json("{'hour_cost': 80.125}"), 3, arena, &policy, &problems), STATUS_OK);
	ck_assert_int_eq(policy.hour_cost_minor, 80125);
	ck_assert_int_eq(policy_document_decode(json("{'hour_cost': 80.5}"), 0, arena, &policy, &problems), STATUS_INVALID);
}
END_TEST

START_TEST(test_policy_document_decode_short_of_memory_leaves_the_policy)
{
	struct arena *starving = starving_arena();
	struct problems problems = problems_in(starving);
	struct policy policy = {.version = 7, .review_months = 3};

	ck_assert_int_eq(policy_document_decode(json("{}"), 2, starving, &policy, &problems), STATUS_NO_MEMORY);
	ck_assert_int_eq(policy.review_months, 3);
	arena_free(starving);
}
END_TEST

/* ---- Criteria ---- */

#define CRITERION "'id': 'a', 'dimension': 'market', 'attribute': 'industry', 'weight': 3"

START_TEST(test_policy_document_decode_takes_good_criteria)
{
	struct policy policy = decode(
		"{'criteria': ["
		" {'id': 'industry', 'dimension': 'market', 'attribute': 'industry', 'op': 'in', 'value': ['software', 'medical'], 'weight': 3,"
		"  'required': true},"
		" {'id': 'size', 'dimension': 'enterprise', 'attribute': 'employees', 'op': 'between', 'value': [50, '500.5'], 'weight': 0.01},"
		" {'id': 'buyer', 'dimension': 'persona', 'attribute': 'personas', 'op': 'any', 'value': 'ceo', 'weight': 1},"
		" {'id': 'pain', 'dimension': 'problem', 'attribute': 'problems', 'op': 'all', 'value': ['churn'], 'weight': 1},"
		" {'id': 'score', 'dimension': 'market', 'attribute': 'attributes.score', 'op': 'gte', 'value': 0.5, 'weight': 1},"
		" {'id': 'cap', 'dimension': 'market', 'attribute': 'company_revenue', 'op': 'lte', 'value': '1000000', 'weight': 1},"
		" {'id': 'not', 'dimension': 'market', 'attribute': 'country', 'op': 'not_in', 'value': ['XX', 5, true, 1.5], 'weight': 1},"
		" {'id': 'eq', 'dimension': 'market', 'attribute': 'access', 'op': 'eq', 'value': true, 'weight': 1},"
		" {'id': 'web', 'dimension': 'market', 'attribute': 'domain', 'op': 'exists', 'weight': 10000}]}");

	ck_assert_int_eq(policy.criteria_count, 9);
	ck_assert_int_eq(policy.criteria_weight_centi, 300 + 1 + 6 * 100 + 1000000);
}
END_TEST

static void expect_element(struct element element, enum element_kind kind, const char *text)
{
	ck_assert_int_eq(element.kind, kind);
	expect_text(element.text, text);
}

START_TEST(test_policy_document_decode_keeps_criteria_in_the_form_that_compares)
{
	struct policy policy = decode(
		"{'criteria': ["
		" {'id': ' size ', 'dimension': 'enterprise', 'attribute': 'employees', 'op': 'between', 'value': [5e1, ' +500.50 '],"
		"  'weight': 1.25},"
		" {'id': 'mix', 'dimension': 'problem', 'attribute': 'attributes.a.b', 'op': 'all',"
		"  'value': [' Straße', '007.0', 0.1, 9223372036854775807, true, false], 'weight': 2, 'required': true},"
		" {'id': 'one', 'dimension': 'market', 'attribute': 'employees', 'op': 'eq', 'value': 'x', 'weight': 1},"
		" {'id': 'who', 'dimension': 'persona', 'attribute': 'personas', 'op': 'exists', 'value': {'any': ['thing']}, 'weight': 1}]}");
	const struct criterion *size = &policy.criteria[0];
	const struct criterion *mix = &policy.criteria[1];

	expect_text(size->id, "size");
	ck_assert(size->dimension == DIMENSION_ENTERPRISE && size->op == OP_BETWEEN && !size->required && size->weight_centi == 125);
	ck_assert_uint_eq(size->values.count, 2);
	expect_element(size->values.items[0], ELEMENT_NUMBER, "50");
	expect_element(size->values.items[1], ELEMENT_NUMBER, "500.5");
	expect_text(size->value_json, "[50.0,\" +500.50 \"]");
	ck_assert(mix->dimension == DIMENSION_PROBLEM && mix->op == OP_ALL && mix->required);
	ck_assert_uint_eq(mix->values.count, 6);
	expect_element(mix->values.items[0], ELEMENT_TEXT, "strasse");
	expect_element(mix->values.items[1], ELEMENT_NUMBER, "7");
	expect_element(mix->values.items[2], ELEMENT_NUMBER, "0.1");
	expect_element(mix->values.items[3], ELEMENT_NUMBER, "9223372036854775807");
	expect_element(mix->values.items[4], ELEMENT_BOOLEAN, "true");
	expect_element(mix->values.items[5], ELEMENT_BOOLEAN, "false");
	ck_assert_uint_eq(policy.criteria[2].values.count, 1);
	ck_assert_uint_eq(policy.criteria[3].values.count, 0);
	expect_text(policy.criteria[3].value_json, "{\"any\":[\"thing\"]}");
}
END_TEST

START_TEST(test_policy_document_decode_keeps_each_attribute_once)
{
	struct policy policy = decode(
		"{'criteria': ["
		" {'id': 'a', 'dimension': 'market', 'attribute': 'industry', 'op': 'exists', 'weight': 1},"
		" {'id': 'b', 'dimension': 'market', 'attribute': 'attributes.industry', 'op': 'exists', 'weight': 1},"
		" {'id': 'c', 'dimension': 'market', 'attribute': 'personas', 'op': 'exists', 'weight': 1},"
		" {'id': 'd', 'dimension': 'market', 'attribute': 'industry', 'op': 'exists', 'weight': 1}]}");

	ck_assert_int_eq(policy.attribute_count, 3);
	ck_assert(policy.attributes[0].source == ATTRIBUTE_FIELD && policy.attributes[0].field == ORGANISATION_INDUSTRY);
	ck_assert_int_eq(policy.attributes[1].source, ATTRIBUTE_NAMED);
	expect_text(policy.attributes[1].key, "industry");
	expect_text(policy.attributes[1].name, "attributes.industry");
	ck_assert_int_eq(policy.attributes[2].source, ATTRIBUTE_PERSONAS);
	for (int32_t i = 0; i < 4; i++)
		ck_assert_int_eq(policy.criteria[i].attribute, i % 3);
}
END_TEST

START_TEST(test_policy_document_decode_refuses_bad_criteria)
{
	static const struct {
		const char *document, *pointers;
	} cases[] = {
		{"{'criteria': {}}", "/criteria"}, {"{'criteria': [5]}", "/criteria/0"},
		{"{'criteria': [{}]}", "/criteria/0/id /criteria/0/dimension /criteria/0/attribute /criteria/0/op /criteria/0/weight"},
		{"{'criteria': [{" CRITERION ", 'op': 'in', 'value': [], 'wait': 1}]}", "/criteria/0/wait /criteria/0/value"},
		{"{'criteria': [{" CRITERION ", 'op': 'in'}]}", "/criteria/0/value"},
		{"{'criteria': [{" CRITERION ", 'op': 'in', 'value': ['x', null, ' ', 1.0000001]}]}",
		"/criteria/0/value/1 /criteria/0/value/2 /criteria/0/value/3"},
		{"{'criteria': [{" CRITERION ", 'op': 'like', 'value': 'x'}]}", "/criteria/0/op"},
		{"{'criteria': [{" CRITERION ", 'op': 'gte', 'value': 'much'}]}", "/criteria/0/value"},
		{"{'criteria': [{" CRITERION ", 'op': 'between', 'value': 5}]}", "/criteria/0/value"},
		{"{'criteria': [{" CRITERION ", 'op': 'between', 'value': [5, 4]}]}", "/criteria/0/value"},
		{"{'criteria': [{" CRITERION ", 'op': 'between', 'value': ['x', null]}]}", "/criteria/0/value/0 /criteria/0/value/1"},
		{"{'criteria': [{" CRITERION ", 'op': 'between', 'value': [1, 2, 3]}]}", "/criteria/0/value"},
		{"{'criteria': [{" CRITERION ", 'op': 'exists', 'required': 1}]}", "/criteria/0/required"},
		{"{'criteria': [{" CRITERION ", 'op': 'exists'}, {" CRITERION ", 'op': 'exists'}]}", "/criteria/1/id"},
		{"{'criteria': [{'id': 'a', 'dimension': 'moon', 'attribute': 'attributes', 'op': 'exists', 'weight': 0}]}",
		 "/criteria/0/dimension /criteria/0/attribute /criteria/0/weight"},
		{"{'criteria': [{'id': ' ', 'dimension': 'market', 'attribute': 'attributes.', 'op': 'exists', 'weight': 10000.01}]}",
		 "/criteria/0/id /criteria/0/attribute /criteria/0/weight"},
		{"{'criteria': [{'id': 'x', 'dimension': 'market', 'attribute': 'protected', 'op': 'exists', 'weight': 1}]}",
		"/criteria/0/attribute"},
		{"{'criteria': [{'id': 5, 'dimension': 'market', 'attribute': 'name', 'op': 'exists', 'weight': 1},"
		 " {" CRITERION ", 'op': 'exists'}]}", "/criteria/0/id"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_pointers(cases[i].document, cases[i].pointers);
}
END_TEST

/* ---- Making documents ---- */

static void expect_json(json_t *actual, const char *expected)
{
	char *found = json_dumps(actual, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	char *wanted = json_dumps(json(expected), JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	ck_assert_str_eq(found, wanted);
	free(found);
	free(wanted);
}

static json_t *member(json_t *document, const char *section, const char *name)
{
	json_t *object = json_object_get(document, section);

	return name == NULL ? object : json_object_get(object, name);
}

START_TEST(test_policy_document_complete_fills_what_is_left_out)
{
	static const char document[] =
		"{'key_pct': 20, 'engagement': {'reach': 1}, 'cuts': {'engagement': {'score': 40}}, 'deciders': ['ceo'], 'x': 1, 'full': 5}";
	json_t *given = json(document);
	json_t *complete = policy_document_complete(given);

	expect_json(member(complete, "key_pct", NULL), "20");
	expect_json(member(complete, "small_pct", NULL), "50");
	expect_json(member(complete, "engagement", NULL), "{'reach': 1, 'initiative': 15, 'rhythm': 20, 'orders': 20, 'breadth': 10}");
	expect_json(member(complete, "cuts", NULL), "{'engagement': {'score': 40}, 'potential': {'percentile': 50}, 'margin': 3}");
	expect_json(member(complete, "deciders", NULL), "['ceo']");
	expect_json(member(complete, "x", NULL), "1");
	expect_json(member(complete, "full", NULL), "5");
	expect_json(member(given, "engagement", NULL), "{'reach': 1}");
	json_decref(complete);
}
END_TEST

START_TEST(test_policy_document_complete_of_nothing_is_the_default)
{
	json_t *complete = policy_document_complete(json("{}"));
	json_t *other = policy_document_complete(json("[1]"));

	expect_json(complete, policy_document_default().bytes);
	expect_json(other, "[1]");
	json_decref(complete);
	json_decref(other);
}
END_TEST

START_TEST(test_policy_document_patch_is_a_merge_patch)
{
	static const struct {
		const char *patch, *section, *name, *expected;
	} cases[] = {
		{"{'key_pct': 30}", "key_pct", NULL, "30"},
		{"{'key_pct': null}", "key_pct", NULL, "25"},
		{"{'today': null}", "today", NULL, "null"},
		{"{}", "today", NULL, "'2017-12-31'"},
		{"{'rates': {'USD': null, 'CHF': 2}}", "rates", NULL, "{'GBP': 1.2, 'CHF': 2}"},
		{"{'rates': null}", "rates", NULL, "{}"},
		{"{'engagement': {'reach': 5}}", "engagement", "reach", "5"},
		{"{'engagement': {'reach': 5}}", "engagement", "orders", "20"},
		{"{'deciders': ['vp']}", "deciders", NULL, "['vp']"},
		{"{'engagement': 5}", "engagement", NULL, "5"},
		{"{'cuts': {'engagement': {'percentile': 60}}}", "cuts", "engagement", "{'percentile': 60}"},
		{"{'cuts': {'potential': {'score': 60}}}", "cuts", "potential", "{'score': 60}"},
		{"{'cuts': {'potential': {'percentile': 60}}}", "cuts", "potential", "{'percentile': 60}"},
		{"{'cuts': {'potential': {'score': 60, 'percentile': null}}}", "cuts", "potential", "{'score': 60}"},
		{"{'cuts': {'potential': {'score': 60, 'percentile': 5}}}", "cuts", "potential", "{'score': 60, 'percentile': 5}"},
		{"{'cuts': null}", "cuts", "engagement", "{'percentile': 50}"},
		{"{'full': {'reach': {'deep': {'er': 1, 'x': null}}}}", "full", "reach", "{'deep': {'er': 1}}"},
		{"{'x': {'y': null}}", "x", NULL, "{}"},
	};
	static const char document[] =
		"{'today': '2017-12-31', 'key_pct': 20, 'rates': {'USD': 1, 'GBP': 1.2}, 'cuts': {'engagement': {'score': 40}}}";
	json_t *current = policy_document_complete(json(document));
	json_t *untouched = json_deep_copy(current);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		json_t *patched = policy_document_patch(current, json(cases[i].patch));

		expect_json(member(patched, cases[i].section, cases[i].name), cases[i].expected);
		json_decref(patched);
	}
	ck_assert(json_equal(current, untouched));
	json_decref(current);
	json_decref(untouched);
}
END_TEST

START_TEST(test_policy_document_patch_by_no_object_replaces_all)
{
	json_t *current = json(policy_document_default().bytes);
	json_t *patched = policy_document_patch(current, json("[1]"));

	expect_json(patched, "[1]");
	json_decref(patched);
}
END_TEST

Suite *suite_policy_document(void);
Suite *suite_policy_document(void)
{
	Suite *suite = suite_create("policy_document");
	TCase *decoding = tcase_create("decoding");
	TCase *making = tcase_create("making");

	tcase_add_checked_fixture(decoding, setup, teardown);
	tcase_add_test(decoding, test_policy_document_default_is_the_contracts);
	tcase_add_test(decoding, test_policy_document_decode_reads_every_kept_name);
	tcase_add_test(decoding, test_policy_document_decode_tells_no_edges_from_none_stated);
	tcase_add_test(decoding, test_policy_document_decode_takes_every_name_at_its_bounds);
	tcase_add_test(decoding, test_policy_document_decode_refuses_with_pointers);
	tcase_add_test(decoding, test_policy_document_decode_details_tell_the_bounds);
	tcase_add_test(decoding, test_policy_document_decode_money_has_the_currencys_digits);
	tcase_add_test(decoding, test_policy_document_decode_short_of_memory_leaves_the_policy);
	tcase_add_test(decoding, test_policy_document_decode_takes_good_criteria);
	tcase_add_test(decoding, test_policy_document_decode_keeps_criteria_in_the_form_that_compares);
	tcase_add_test(decoding, test_policy_document_decode_keeps_each_attribute_once);
	tcase_add_test(decoding, test_policy_document_decode_refuses_bad_criteria);
	suite_add_tcase(suite, decoding);
	tcase_add_checked_fixture(making, setup, teardown);
	tcase_add_test(making, test_policy_document_complete_fills_what_is_left_out);
	tcase_add_test(making, test_policy_document_complete_of_nothing_is_the_default);
	tcase_add_test(making, test_policy_document_patch_is_a_merge_patch);
	tcase_add_test(making, test_policy_document_patch_by_no_object_replaces_all);
	suite_add_tcase(suite, making);
	return suite;
}
