/* SPDX-License-Identifier: Apache-2.0 */
/* What would change a prospect's verdict or list: against trying every value through the whole judging of records. */
#include "service/http/prospect_change.h"

#include <stdio.h>

#include <sweetspot/calendar.h>
#include <sweetspot/subject.h>

#include "tests/unit/base/expect.h"
#include "tests/unit/core/random_book.h"

#include "random_criteria.h"

#define TODAY 20000
#define DIGITS 2
#define LOOPS 8
#define CASES 800
#define DEALS 3
/* Values are small, so that trying all so far away tries all that a rule can tell apart. */
#define VALUES CRITERIA_VALUES
#define HALF (CRITERIA_VALUES / 2)
#define REACH 40
#define JSON_BYTES 4096

/** All that is known of a prospect. */
struct facts {
	struct record record;
	int64_t deals[DEALS];  /* amounts; the largest first; 0: there is none */
	int64_t more;          /* further deals, none of them larger: what they add up to */
	int32_t tenths;        /* attributes.n */
	bool has_n;
	char attributes[64];
};

/** What it is judged by. */
struct setting {
	struct policy policy;
	struct review review;
	struct cohort cohorts[3];
	struct arena *arena;   /* of the policy */
	struct arena *scratch; /* of one judging */
};

static struct setting setting;

static void setup(void)
{
	setting = (struct setting){.arena = arena_new(1 << 16), .scratch = arena_new(1 << 16)};
}

static void teardown(void)
{
	arena_free(setting.arena);
	arena_free(setting.scratch);
}

/* ---- Judging ---- */

static int64_t sum_open(const struct facts *facts)
{
	int64_t sum = facts->more;

	for (size_t i = 0; i < DEALS; i++)
		sum += facts->deals[i];
	return sum;
}

static int64_t ranked_open(const struct facts *facts, size_t rank)
{
	int64_t sorted[DEALS];

	memcpy(sorted, facts->deals, sizeof(sorted));
	for (size_t i = 0; i < DEALS; i++)
		for (size_t k = i + 1; k < DEALS; k++)
			if (sorted[k] > sorted[i]) {
				int64_t swapped = sorted[i];

				sorted[i] = sorted[k];
				sorted[k] = swapped;
			}
	return sorted[rank];
}

/** As a write judges it. @param out  NULL, or the prospect; its findings are in the scratch arena */
static struct outcome_seen judge(struct facts *facts, struct prospect *out, struct text *findings)
{
	struct stored_record stored;
	struct subject_facts beside = {.open_amount = sum_open(facts), .largest_open = ranked_open(facts, 0)};
	struct standing standing = {0};
	struct features features;
	struct scoring scoring;
	struct terms terms;

	arena_reset(setting.scratch);
	if (facts->has_n) {
		snprintf(facts->attributes, sizeof(facts->attributes), "{\"n\":%.1f,\"t\":\"x\"}", facts->tenths / 10.0);
		facts->record.value[ORGANISATION_ATTRIBUTES].text = text_of(facts->attributes);
	}
	stored = (struct stored_record){.record = facts->record, .exists = true};
	terms = terms_of(&stored.record);
	ck_assert_int_eq(subject_judge(&setting.policy, &stored.record, false, &beside, setting.scratch, &standing.qualified), STATUS_OK);
	ck_assert_int_eq(features_of(&stored, &standing, &setting.review.cohorts, TODAY, setting.scratch, &features), STATUS_OK);
	standing_classify(&features, &terms, (struct rules){&setting.policy, &setting.review}, TODAY, &standing, &scoring);
	if (out != NULL) {
		*out = prospect_of(&standing.qualified, &features, &terms, &setting.policy);
		*findings = standing.qualified.findings;
	}
	return (struct outcome_seen){.list = standing.list, .verdict = standing.qualified.verdict};
}

/** @param in  what is found is kept there */
static struct would_change find(struct facts *facts, struct arena *in)
{
	struct would_change change = {.measure = TEXT("untouched")};
	struct prospect prospect;
	struct prospect_case standing = {
		&facts->record, &prospect, {NULL, 0}, ranked_open(facts, 1), &setting.review, &setting.policy, TODAY,
	};
	struct outcome_seen now = judge(facts, &prospect, &standing.findings);

	ck_assert(outcome_equal(prospect_outcome(&standing), now));
	ck_assert_int_eq(prospect_change_find(&standing, in, &change), STATUS_OK);
	return change;
}

/* ---- The measures once more, by name ---- */

static const struct {
	const char *name;
	enum organisation_field field;
} fields[] = {
	{"annual_potential", ORGANISATION_ANNUAL_POTENTIAL}, {"client_since", ORGANISATION_CLIENT_SINCE},
	{"company_revenue", ORGANISATION_COMPANY_REVENUE}, {"employees", ORGANISATION_EMPLOYEES},
	{"expected_annual", ORGANISATION_EXPECTED_ANNUAL}, {"margin_pct", ORGANISATION_MARGIN_PCT}, {"revisit_on", ORGANISATION_REVISIT_ON},
};
/* And what is no field. */
enum { LARGEST = COUNT_OF(fields), OPEN, N, MEASURES };

static const char *measure_name(size_t measure)
{
	static const char *const others[] = {"largest_open_deal", "open_deals", "attributes.n"};

	return measure < COUNT_OF(fields) ? fields[measure].name : others[measure - COUNT_OF(fields)];
}

static size_t measure_find(struct text name)
{
	size_t measure = 0;

	while (measure < MEASURES && !text_equal(text_of(measure_name(measure)), name))
		measure++;
	ck_assert_msg(measure < MEASURES, "unknown measure %.*s", TEXT_ARGS(name));
	return measure;
}

static bool is_stated(const struct facts *facts, size_t measure)
{
	if (measure < COUNT_OF(fields))
		return (facts->record.filled >> fields[measure].field & 1) != 0;
	return measure == LARGEST || (measure == OPEN && facts->deals[0] > 0) || (measure == N && facts->has_n);
}

static bool is_day(size_t measure)
{
	return measure < COUNT_OF(fields)
	       && (fields[measure].field == ORGANISATION_REVISIT_ON || fields[measure].field == ORGANISATION_CLIENT_SINCE);
}

/** In steps; attributes.n in tenths. */
static int64_t value_of(const struct facts *facts, size_t measure)
{
	if (measure < COUNT_OF(fields))
		return facts->record.value[fields[measure].field].integer;
	return measure == LARGEST ? facts->deals[0] : measure == OPEN ? sum_open(facts) : facts->tenths;
}

static int64_t least_of(const struct facts *facts, size_t measure)
{
	if (is_day(measure) || measure == N || (measure < COUNT_OF(fields) && fields[measure].field == ORGANISATION_MARGIN_PCT))
		return -10000;
	return measure == LARGEST ? ranked_open(facts, 1) : measure == OPEN ? facts->deals[0] : 0;
}

static struct outcome_seen judge_with(const struct facts *facts, size_t measure, int64_t value)
{
	struct facts changed = *facts;

	if (measure < COUNT_OF(fields)) {
		changed.record.value[fields[measure].field].integer = value;
	} else if (measure == LARGEST) {
		changed.deals[0] = value;
	} else if (measure == OPEN) {
		changed.deals[1] = changed.deals[2] = 0;
		changed.more = value - changed.deals[0];
	} else {
		changed.tenths = (int32_t)value;
	}
	return judge(&changed, NULL, NULL);
}

/* ---- Made-up prospects ---- */

static void set_policy(const char *document)
{
	policy_of_json(document, DIGITS, setting.arena, &setting.policy);
}

static void random_policy(struct dice *dice)
{
	char document[JSON_BYTES];
	int used = snprintf(document, sizeof(document), "{\"fit_threshold\":%lld,\"floor_deal\":%.2f,\"floor_annual\":%.2f,",
	                    (long long)dice_below(dice, 101), (double)dice_below(dice, 12) / 100, (double)dice_below(dice, VALUES) / 100);

	print_criteria(dice, document + used, sizeof(document) - (size_t)used, TODAY);
	arena_reset(setting.arena);
	set_policy(document);
	if (dice_below(dice, 3) == 0)
		setting.policy.floor_deal = -1;
	if (dice_below(dice, 3) == 0)
		setting.policy.floor_annual = -1;
}

static void random_review(struct dice *dice)
{
	static struct text industries[] = {{"mining", 6}};

	for (size_t i = 0; i < COUNT_OF(setting.cohorts); i++)
		setting.cohorts[i] = (struct cohort){
			.industry = i == 0 ? -1 : 0, .band = i < 2 ? 0 : 2, .clients = 5, .median = dice_below(dice, VALUES), .p75 = VALUES,
		};
	setting.review = (struct review){
		.has_key_cutoff = dice_below(dice, 5) > 0, .key_cutoff = dice_below(dice, VALUES), .deals_per_year = 1 + dice_below(dice, 4),
		.has_derived_floor = dice_below(dice, 2) == 0, .derived_floor = dice_below(dice, 10),
		.cohorts = {industries, COUNT_OF(industries), setting.cohorts, (int32_t)dice_below(dice, 4)},
	};
}

static struct facts random_facts(struct dice *dice)
{
	struct facts facts = {.record = {.kind = RECORD_ORGANISATION}, .has_n = dice_below(dice, 2) == 0};
	size_t deals = dice_below(dice, 2) == 0 ? 0 : 1 + (size_t)dice_below(dice, DEALS);

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (dice_below(dice, 2) == 0)
			continue;
		facts.record.filled |= 1u << fields[i].field;
		facts.record.value[fields[i].field].integer = is_day(i) ? TODAY - 4 + dice_below(dice, 9) : dice_below(dice, VALUES);
	}
	if (dice_below(dice, 2) == 0) {
		facts.record.filled |= 1u << ORGANISATION_INDUSTRY;
		facts.record.value[ORGANISATION_INDUSTRY].text = TEXT("Mining");
	}
	if (dice_below(dice, 2) == 0) {
		facts.record.filled |= 1u << ORGANISATION_ACCESS;
		facts.record.value[ORGANISATION_ACCESS].integer = dice_below(dice, 3) > 0;
	}
	facts.record.filled |= facts.has_n ? 1u << ORGANISATION_ATTRIBUTES : 0;
	facts.tenths = (int32_t)dice_below(dice, VALUES) - HALF;
	for (size_t i = 0; i < deals; i++)
		facts.deals[i] = i == 0 ? 1 + dice_below(dice, VALUES) : dice_below(dice, facts.deals[0] + 1);
	return facts;
}

/* ---- What must hold ---- */

/** attributes.n goes in tenths where its value or a criterion has any, else in ones; elsewhere a step is one. */
static int64_t tenths_of(const struct would_change *change, size_t measure, int64_t steps)
{
	return measure == N && change->places == 0 ? steps * 10 : steps;
}

/** @return whether `far` of `over` is nearer than what was found; a present 0 is infinitely far from everything */
static bool is_nearer(int64_t far, int64_t over, int64_t found_far, int64_t found_over)
{
	if (over == 0 || found_over == 0)
		return over != 0 && found_over == 0;
	return far * found_over < found_far * over;
}

/** Try all values of all measures that lie near; those of attributes.n on its own grid alone. */
static void expect_none_nearer(const struct facts *facts, const struct would_change *change, struct outcome_seen now)
{
	bool is_found = change->measure.bytes != NULL;
	size_t found = is_found ? measure_find(change->measure) : MEASURES;
	int64_t from = is_found ? tenths_of(change, found, change->from) : 0;
	int64_t found_far = is_found ? llabs(tenths_of(change, found, change->needs) - from) : 0;
	int64_t found_over = is_found ? llabs(from - (is_day(found) ? TODAY : 0)) : 0;

	for (size_t measure = 0; measure < MEASURES; measure++) {
		int64_t value = value_of(facts, measure), over = llabs(value - (is_day(measure) ? TODAY : 0));

		if (!is_stated(facts, measure))
			continue;
		for (int64_t at = value - REACH; at <= value + REACH; at++) {
			bool is_on_grid = measure != N || at % 10 == 0 || value % 10 != 0;
			bool is_better = is_found ? is_nearer(llabs(at - value), over, found_far, found_over) : true;

			if (at < least_of(facts, measure) || !is_on_grid || !is_better)
				continue;
			ck_assert_msg(outcome_equal(judge_with(facts, measure, at), now), "%s: %lld instead of %lld is nearer than %.*s",
			              measure_name(measure), (long long)at, (long long)value, TEXT_ARGS(change->measure));
		}
	}
}

static void expect_alters_at_last(const struct facts *facts, const struct would_change *change, struct outcome_seen now)
{
	size_t measure = measure_find(change->measure);
	int64_t less = change->needs + (change->needs > change->from ? -1 : 1);
	struct outcome_seen becomes = judge_with(facts, measure, tenths_of(change, measure, change->needs));

	ck_assert(is_stated(facts, measure));
	ck_assert_int_eq(tenths_of(change, measure, change->from), value_of(facts, measure));
	ck_assert(outcome_equal(becomes, change->becomes) && !outcome_equal(becomes, now));
	ck_assert_msg(outcome_equal(judge_with(facts, measure, tenths_of(change, measure, less)), now), "%s %lld", measure_name(measure),
	              (long long)less);
	ck_assert_int_ge(tenths_of(change, measure, change->needs), least_of(facts, measure));
}

START_TEST(test_prospect_change_find_alters_one_step_less_does_not_and_none_is_nearer)
{
	struct arena *in = arena_new(1 << 16);
	struct dice dice = {(uint64_t)_i + 900};
	int named[MEASURES] = {0}, found = 0;

	for (int i = 0; i < CASES; i++) {
		struct would_change change;
		struct outcome_seen now;
		struct facts facts;

		random_policy(&dice);
		random_review(&dice);
		facts = random_facts(&dice);
		now = judge(&facts, NULL, NULL);
		arena_reset(in);
		change = find(&facts, in);
		expect_none_nearer(&facts, &change, now);
		if (change.measure.bytes == NULL)
			continue;
		expect_alters_at_last(&facts, &change, now);
		named[measure_find(change.measure)]++;
		found++;
	}
	ck_assert_int_gt(found, CASES / 2);
	for (size_t i = 0; i < MEASURES; i++)
		ck_assert_msg(named[i] > 0, "%s was never named", measure_name(i));
	arena_free(in);
}
END_TEST

/* ---- By hand ---- */

static struct facts stating(uint32_t filled)
{
	return (struct facts){.record = {.kind = RECORD_ORGANISATION, .filled = filled}};
}

static void expect_change(const struct would_change *change, const char *measure, int64_t from, int64_t needs, enum verdict becomes)
{
	expect_text(change->measure, measure);
	ck_assert_int_eq(change->from, from);
	ck_assert_int_eq(change->needs, needs);
	ck_assert_int_eq(change->becomes.verdict, becomes);
}

#define CRITERION(attribute, op, value, more) \
	"{\"id\":\"" attribute "\",\"dimension\":\"market\",\"attribute\":\"" attribute "\",\"op\":\"" op "\",\"weight\":1," \
	"\"value\":" value more "}"

START_TEST(test_prospect_change_find_size_and_day_reach_what_they_are_compared_with)
{
	struct facts facts = stating(1u << ORGANISATION_EXPECTED_ANNUAL | 1u << ORGANISATION_REVISIT_ON);
	struct would_change change;

	set_policy("{\"floor_deal\":100,\"criteria\":[" CRITERION("name", "exists", "null", "") "]}");
	setting.policy.fit_threshold_centi = 0;
	setting.review.deals_per_year = 3;
	facts.record.value[ORGANISATION_EXPECTED_ANNUAL].integer = 29900;
	facts.record.value[ORGANISATION_REVISIT_ON].integer = TODAY;
	change = find(&facts, setting.arena);
	expect_change(&change, "expected_annual", 29900, 30000, VERDICT_NOW);
	ck_assert_int_eq(change.unit, UNIT_MONEY);
	/* The day it is to be revisited on is 50 days off; to come down to the floor is farther. */
	facts.record.value[ORGANISATION_EXPECTED_ANNUAL].integer = 90000000;
	facts.record.value[ORGANISATION_REVISIT_ON].integer = TODAY - 50;
	change = find(&facts, setting.arena);
	expect_change(&change, "expected_annual", 90000000, 29999, VERDICT_THROW_BACK);
	facts.record.value[ORGANISATION_REVISIT_ON].integer = TODAY + 50;
	change = find(&facts, setting.arena);
	expect_change(&change, "expected_annual", 90000000, 29999, VERDICT_THROW_BACK);
	facts.record.filled = 1u << ORGANISATION_REVISIT_ON;
	change = find(&facts, setting.arena);
	expect_change(&change, "revisit_on", TODAY + 50, TODAY, VERDICT_NOW);
	ck_assert_int_eq(change.unit, UNIT_DAY);
}
END_TEST

START_TEST(test_prospect_change_find_largest_deal_goes_down_to_the_second)
{
	struct facts facts = stating(0);
	struct would_change change;

	set_policy("{\"floor_deal\":30}");
	facts.deals[0] = 5000;
	change = find(&facts, setting.arena);
	expect_change(&change, "largest_open_deal", 5000, 2999, VERDICT_THROW_BACK);
	/* A second deal of 40.00 stays, whatever becomes of the largest. */
	facts.deals[1] = 4000;
	ck_assert_ptr_null(find(&facts, setting.arena).measure.bytes);
	facts.deals[1] = 2999;
	change = find(&facts, setting.arena);
	expect_change(&change, "largest_open_deal", 5000, 2999, VERDICT_THROW_BACK);
	facts.deals[1] = 3000;
	ck_assert_ptr_null(find(&facts, setting.arena).measure.bytes);
}
END_TEST

START_TEST(test_prospect_change_find_what_is_not_stated_is_not_looked_at)
{
	struct facts facts = stating(1u << ORGANISATION_ATTRIBUTES);
	struct arena *starving = starving_arena();
	struct would_change change = {.measure = TEXT("untouched")};
	struct prospect prospect;
	struct prospect_case standing = {&facts.record, &prospect, {NULL, 0}, 0, &setting.review, &setting.policy, TODAY};

	set_policy("{\"criteria\":[" CRITERION("employees", "gte", "5", "") "," CRITERION("attributes.list", "gte", "5", "") ","
	           CRITERION("attributes.flag", "in", "[5]", "") "," CRITERION("attributes.word", "in", "[5]", "") "]}");
	facts.record.value[ORGANISATION_ATTRIBUTES].text = TEXT("{\"list\":[1,2],\"flag\":true,\"word\":\"four\"}");
	ck_assert_ptr_null(find(&facts, setting.arena).measure.bytes);
	judge(&facts, &prospect, &standing.findings);
	ck_assert_int_eq(prospect_change_find(&standing, starving, &change), STATUS_NO_MEMORY);
	expect_text(change.measure, "untouched");
	arena_free(starving);
}
END_TEST

/* Legend: attributes as JSON; from, needs and the places they have; of criteria that ask for 0.2 or more of n, 0.1 or more of m. */
static const struct {
	const char *attributes, *measure;
	int64_t from, needs;
	int places;
} decimals[] = {
	{"{\"n\":0.12,\"m\":0.05}", "attributes.n", 12, 20, 2},
	{"{\"n\":\" 0.120 \",\"m\":0.05}", "attributes.n", 12, 20, 2},
	{"{\"n\":[0.1],\"m\":0}", "attributes.n", 1, 2, 1},
	{"{\"n\":7,\"m\":0}", "attributes.n", 70, 1, 1},
	/* beyond six places a value lies between two steps */
	{"{\"n\":0.123456789,\"m\":0}", "attributes.n", 123456, 200000, 6},
	{"{\"n\":0.223456789,\"m\":0}", "attributes.n", 223456, 199999, 6},
	{"{\"n\":-0.123456789,\"m\":-1}", "attributes.m", -10, 1, 1},
	/* more digits than numbers keep */
	{"{\"n\":123456789012345678901234567890,\"m\":-1}", "attributes.m", -10, 1, 1},
};

START_TEST(test_prospect_change_find_decimals_go_by_their_last_place)
{
	struct facts facts = stating(1u << ORGANISATION_ATTRIBUTES);
	struct would_change change;

	set_policy("{\"fit_threshold\":50,\"criteria\":[" CRITERION("attributes.n", "gte", "0.2", "") ","
	           CRITERION("attributes.m", "gte", "0.1", ",\"required\":true") "]}");
	if (strstr(decimals[_i].attributes, "\"m\":-1") == NULL)
		set_policy("{\"fit_threshold\":50,\"criteria\":[" CRITERION("attributes.n", "gte", "0.2", "") ","
		           CRITERION("attributes.m", "gte", "10000", "") "]}");
	facts.record.value[ORGANISATION_ATTRIBUTES].text = text_of(decimals[_i].attributes);
	change = find(&facts, setting.arena);
	expect_text(change.measure, decimals[_i].measure);
	ck_assert_int_eq(change.from, decimals[_i].from);
	ck_assert_int_eq(change.needs, decimals[_i].needs);
	ck_assert_int_eq(change.places, decimals[_i].places);
}
END_TEST

START_TEST(test_prospect_change_find_between_two_steps_the_next_is_one_away)
{
	struct facts facts = stating(1u << ORGANISATION_ATTRIBUTES);
	struct would_change change;

	set_policy("{\"criteria\":[" CRITERION("attributes.n", "lte", "0.2", "") "]}");
	facts.record.value[ORGANISATION_ATTRIBUTES].text = TEXT("{\"n\":0.2000001234}");
	change = find(&facts, setting.arena);
	expect_change(&change, "attributes.n", 200000, 200000, VERDICT_NOW);
	expect_text(change.beyond, "0.2000001234");
	set_policy("{\"criteria\":[" CRITERION("attributes.n", "gte", "0.200001", "") "]}");
	change = find(&facts, setting.arena);
	expect_change(&change, "attributes.n", 200000, 200001, VERDICT_NOW);
}
END_TEST

START_TEST(test_prospect_change_find_equally_far_goes_by_name)
{
	struct facts facts = stating(1u << ORGANISATION_EMPLOYEES | 1u << ORGANISATION_COMPANY_REVENUE);
	struct would_change change;

	set_policy("{\"fit_threshold\":50,\"criteria\":[" CRITERION("employees", "gte", "60", "") ","
	           CRITERION("company_revenue", "gte", "60", "") "]}");
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 50;
	facts.record.value[ORGANISATION_COMPANY_REVENUE].integer = 5000;
	change = find(&facts, setting.arena);
	expect_change(&change, "company_revenue", 5000, 6000, VERDICT_NOW);
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 51;
	change = find(&facts, setting.arena);
	expect_change(&change, "employees", 51, 60, VERDICT_NOW);
	/* A present 0 is infinitely far. */
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 0;
	facts.record.value[ORGANISATION_COMPANY_REVENUE].integer = 1;
	change = find(&facts, setting.arena);
	expect_change(&change, "company_revenue", 1, 6000, VERDICT_NOW);
}
END_TEST

START_TEST(test_prospect_change_find_among_thousands_of_values)
{
	struct facts facts = stating(1u << ORGANISATION_EMPLOYEES);
	char document[1 << 14];
	int used = snprintf(document, sizeof(document), "{\"criteria\":[");
	struct would_change change;

	for (int i = 0; i < 2; i++) {
		used += snprintf(document + used, sizeof(document) - (size_t)used, "%s{\"id\":\"c%d\",\"dimension\":\"market\",\"weight\":1,"
		                 "\"attribute\":\"employees\",\"op\":\"not_in\",\"required\":true,\"value\":[", i > 0 ? "," : "", i);
		for (int value = 1; value <= 1000; value++)
			used += snprintf(document + used, sizeof(document) - (size_t)used, "%s%d", value > 1 ? "," : "", i * 1000 + value);
		used += snprintf(document + used, sizeof(document) - (size_t)used, "]}");
	}
	snprintf(document + used, sizeof(document) - (size_t)used, "]}");
	set_policy(document);
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 1100;
	change = find(&facts, setting.arena);
	expect_change(&change, "employees", 1100, 2001, VERDICT_NOW);
}
END_TEST

Suite *suite_prospect_change(void);
Suite *suite_prospect_change(void)
{
	Suite *suite = suite_create("http prospect_change");
	TCase *tcase = tcase_create("prospect_change");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_prospect_change_find_alters_one_step_less_does_not_and_none_is_nearer, 0, LOOPS);
	tcase_add_test(tcase, test_prospect_change_find_size_and_day_reach_what_they_are_compared_with);
	tcase_add_test(tcase, test_prospect_change_find_largest_deal_goes_down_to_the_second);
	tcase_add_test(tcase, test_prospect_change_find_what_is_not_stated_is_not_looked_at);
	tcase_add_loop_test(tcase, test_prospect_change_find_decimals_go_by_their_last_place, 0, COUNT_OF(decimals));
	tcase_add_test(tcase, test_prospect_change_find_between_two_steps_the_next_is_one_away);
	tcase_add_test(tcase, test_prospect_change_find_equally_far_goes_by_name);
	tcase_add_test(tcase, test_prospect_change_find_among_thousands_of_values);
	suite_add_tcase(suite, tcase);
	return suite;
}
