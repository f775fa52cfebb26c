/* SPDX-License-Identifier: Apache-2.0 */
/* What of an account's own record would change its standing: against trying every value through the whole judging of records. */
#include <stdio.h>

#include <sweetspot/calendar.h>
#include <sweetspot/subject.h>

#include "service/http/account_change.h"

#include "tests/unit/base/expect.h"
#include "tests/unit/core/random_book.h"

#include "random_criteria.h"

#define TODAY 20000
#define DIGITS 2
#define LOOPS 6
#define CASES 1600
#define VALUES CRITERIA_VALUES
#define REACH 40
#define JSON_BYTES 4096

/** An account: its record, a number among its attributes, and what it earned. */
struct facts {
	struct record record;
	struct measures measures;
	enum side engagement_side, potential_side;
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
	struct arena *found;   /* of one search */
};

static struct setting setting;

static void setup(void)
{
	setting = (struct setting){.arena = arena_new(1 << 16), .scratch = arena_new(1 << 16), .found = arena_new(1 << 16)};
}

static void teardown(void)
{
	arena_free(setting.arena);
	arena_free(setting.scratch);
	arena_free(setting.found);
}

/* ---- Judging, as a write does it ---- */

static struct let_go_facts let_go_of(const struct record *record)
{
	bool says_since = (record->filled >> ORGANISATION_CLIENT_SINCE & 1) != 0;

	return (struct let_go_facts){
		.is_active = true, .protected_until = DAY_NONE, .kept_until = DAY_NONE, .first_revenue_on = DAY_NONE,
		.client_since = says_since ? (int32_t)record->value[ORGANISATION_CLIENT_SINCE].integer : DAY_NONE,
		.book_first_revenue_on = DAY_NONE,
	};
}

static struct features features_by(struct facts *facts, struct qualified *judged)
{
	struct stored_record stored = {.exists = true, .is_account = true};
	struct standing standing = {
		.measures = facts->measures, .engagement_side = facts->engagement_side, .potential_side = facts->potential_side,
	};
	const struct subject_facts nobody = {0};
	struct features features;

	arena_reset(setting.scratch);
	if (facts->has_n) {
		snprintf(facts->attributes, sizeof(facts->attributes), "{\"n\":%.1f,\"t\":\"x\"}", facts->tenths / 10.0);
		facts->record.value[ORGANISATION_ATTRIBUTES].text = text_of(facts->attributes);
	}
	stored.record = facts->record;
	ck_assert_int_eq(subject_judge(&setting.policy, &stored.record, false, &nobody, setting.scratch, judged), STATUS_OK);
	standing.qualified = *judged;
	ck_assert_int_eq(features_of(&stored, &standing, &setting.review.cohorts, TODAY, setting.scratch, &features), STATUS_OK);
	return features;
}

static struct outcome_seen judge(struct facts *facts)
{
	struct qualified judged;
	struct features features = features_by(facts, &judged);
	struct let_go_facts let_go = let_go_of(&facts->record);
	struct scoring scoring;

	core_score(&features, &setting.review, &setting.policy, &scoring);
	let_go.tier = scoring.tier;
	let_go.list = scoring.list;
	let_go.minutes_12m = facts->measures.minutes_12m;
	return (struct outcome_seen){
		.tier = scoring.tier, .list = scoring.list, .is_candidate = core_let_go_bar(&let_go, &setting.policy, TODAY) == LET_GO_CANDIDATE,
	};
}

static struct would_change find(struct facts *facts)
{
	struct would_change change = {.measure = TEXT("untouched")};
	struct qualified judged;
	struct features features = features_by(facts, &judged);
	struct let_go_facts let_go = let_go_of(&facts->record);
	struct standing_case standing = {
		&features, &let_go, &setting.review, &setting.policy, TODAY, TIER_NONE, &facts->record, judged.findings,
	};

	arena_reset(setting.found);
	ck_assert_int_eq(account_change_find(&standing, setting.found, &change), STATUS_OK);
	return change;
}

/* ---- The record's measures once more, by name ---- */

static const struct {
	const char *name;
	enum organisation_field field;
	bool is_day;
} fields[] = {
	{"annual_potential", ORGANISATION_ANNUAL_POTENTIAL, false}, {"annual_potential_on", ORGANISATION_ANNUAL_POTENTIAL_ON, true},
	{"client_since", ORGANISATION_CLIENT_SINCE, true}, {"company_revenue", ORGANISATION_COMPANY_REVENUE, false},
	{"employees", ORGANISATION_EMPLOYEES, false}, {"expected_annual", ORGANISATION_EXPECTED_ANNUAL, false},
	{"margin_pct", ORGANISATION_MARGIN_PCT, false},
};
enum { N = COUNT_OF(fields), MEASURES };

static const char *measure_name(size_t measure)
{
	return measure == N ? "attributes.n" : fields[measure].name;
}

static size_t measure_find(struct text name)
{
	size_t measure = 0;

	while (measure < MEASURES && !text_equal(text_of(measure_name(measure)), name))
		measure++;
	return measure;
}

static bool is_stated(const struct facts *facts, size_t measure)
{
	return measure == N ? facts->has_n : (facts->record.filled >> fields[measure].field & 1) != 0;
}

static int64_t value_of(const struct facts *facts, size_t measure)
{
	return measure == N ? facts->tenths : facts->record.value[fields[measure].field].integer;
}

static int64_t zero_of(size_t measure)
{
	return measure < N && fields[measure].is_day ? TODAY : 0;
}

static int64_t least_of(size_t measure)
{
	return measure == N || fields[measure].is_day || fields[measure].field == ORGANISATION_MARGIN_PCT ? -10000 : 0;
}

static struct outcome_seen judge_with(const struct facts *facts, size_t measure, int64_t value)
{
	struct facts changed = *facts;

	if (measure == N)
		changed.tenths = (int32_t)value;
	else
		changed.record.value[fields[measure].field].integer = value;
	return judge(&changed);
}

/* ---- Made-up accounts ---- */

static void random_policy(struct dice *dice)
{
	static const char *const tiers[] = {"[\"service\"]", "[\"service\",\"growth\"]", "[\"key\",\"maintenance\",\"service\",\"growth\"]"};
	char document[JSON_BYTES];
	const long long weights[] = {dice_below(dice, 4), dice_below(dice, 2), 1 + dice_below(dice, 6)}, tenure = dice_below(dice, 6);
	const char *let_go = tiers[dice_below(dice, COUNT_OF(tiers))];
	int used = snprintf(document, sizeof(document),
	                    "{\"potential\":{\"headroom\":%lld,\"white_space\":0,\"momentum\":%lld,\"fit\":%lld},"
	                    "\"let_go\":{\"tiers\":%s,\"min_tenure_days\":%lld},", weights[0], weights[1], weights[2], let_go, tenure);

	print_criteria(dice, document + used, sizeof(document) - (size_t)used, TODAY);
	arena_reset(setting.arena);
	policy_of_json(document, DIGITS, setting.arena, &setting.policy);
}

static void random_review(struct dice *dice)
{
	static struct text industries[] = {{"mining", 6}};

	for (size_t i = 0; i < COUNT_OF(setting.cohorts); i++)
		setting.cohorts[i] = (struct cohort){
			.industry = i == 0 ? -1 : 0, .band = i < 2 ? 0 : 2, .clients = 5, .median = VALUES, .p75 = dice_below(dice, VALUES),
		};
	setting.review = (struct review){
		.has_key_cutoff = true, .key_cutoff = 1 + dice_below(dice, VALUES), .full_reach = 1, .margin_centi = 300,
		.engagement_cut_centi = 5000, .potential_cut_centi = (int32_t)dice_below(dice, 10000), .book_first_revenue_on = DAY_NONE,
		.cohorts = {industries, COUNT_OF(industries), setting.cohorts, (int32_t)(1 + dice_below(dice, 3))},
	};
}

/** Stated potentials begin of late, or a year ago; nothing but revenue and a pair of touches moves a score beside the record. */
static struct facts random_facts(struct dice *dice)
{
	struct facts facts = {.record = {.kind = RECORD_ORGANISATION}, .has_n = dice_below(dice, 2) == 0};

	facts.measures.revenue_12m = facts.measures.revenue_182 = dice_below(dice, VALUES);
	facts.measures.reach = (int32_t)dice_below(dice, 2);
	facts.engagement_side = (enum side)dice_below(dice, 3);
	facts.potential_side = (enum side)dice_below(dice, 3);
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (dice_below(dice, 2) == 0)
			continue;
		facts.record.filled |= 1u << fields[i].field;
		facts.record.value[fields[i].field].integer = fields[i].is_day ? TODAY - 4 + dice_below(dice, 9) : dice_below(dice, VALUES);
	}
	if (dice_below(dice, 2) == 0)
		facts.record.value[ORGANISATION_ANNUAL_POTENTIAL_ON].integer -= 365;
	if (dice_below(dice, 2) == 0) {
		facts.record.filled |= 1u << ORGANISATION_INDUSTRY;
		facts.record.value[ORGANISATION_INDUSTRY].text = TEXT("Mining");
	}
	facts.record.filled |= facts.has_n ? 1u << ORGANISATION_ATTRIBUTES : 0;
	facts.tenths = (int32_t)dice_below(dice, VALUES) - VALUES / 2;
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

/** Try all values of all measures of the record that lie near; those of attributes.n on its own grid alone. */
static void expect_none_nearer(const struct facts *facts, const struct would_change *change, struct outcome_seen now)
{
	bool is_found = change->measure.bytes != NULL;
	size_t found = is_found ? measure_find(change->measure) : MEASURES;
	int64_t from = is_found ? tenths_of(change, found, change->from) : 0;
	int64_t found_far = is_found ? llabs(tenths_of(change, found, change->needs) - from) : 0;
	int64_t found_over = is_found ? llabs(from - (found < MEASURES ? zero_of(found) : 0)) : 0;

	for (size_t measure = 0; measure < MEASURES; measure++) {
		int64_t value = value_of(facts, measure), over = llabs(value - zero_of(measure));

		for (int64_t at = value - REACH; is_stated(facts, measure) && at <= value + REACH; at++) {
			bool is_on_grid = measure != N || at % 10 == 0 || value % 10 != 0;
			bool is_better = is_found ? is_nearer(llabs(at - value), over, found_far, found_over) : true;

			if (at < least_of(measure) || !is_on_grid || !is_better)
				continue;
			ck_assert_msg(outcome_equal(judge_with(facts, measure, at), now), "%s: %lld instead of %lld is nearer than %.*s",
			              measure_name(measure), (long long)at, (long long)value, TEXT_ARGS(change->measure));
		}
	}
}

static void expect_alters_at_last(const struct facts *facts, size_t measure, const struct would_change *change, struct outcome_seen now)
{
	int64_t less = change->needs + (change->needs > change->from ? -1 : 1);
	struct outcome_seen becomes = judge_with(facts, measure, tenths_of(change, measure, change->needs));

	ck_assert(is_stated(facts, measure));
	ck_assert_int_eq(tenths_of(change, measure, change->from), value_of(facts, measure));
	ck_assert(outcome_equal(becomes, change->becomes) && !outcome_equal(becomes, now));
	ck_assert_msg(outcome_equal(judge_with(facts, measure, tenths_of(change, measure, less)), now), "%s %lld", measure_name(measure),
	              (long long)less);
}

START_TEST(test_account_change_find_of_a_record_alters_one_step_less_does_not_and_none_is_nearer)
{
	struct dice dice = {(uint64_t)_i + 500};
	int named[MEASURES + 1] = {0};

	for (int i = 0; i < CASES; i++) {
		struct would_change change;
		struct outcome_seen now;
		struct facts facts;
		size_t measure;

		random_policy(&dice);
		random_review(&dice);
		facts = random_facts(&dice);
		now = judge(&facts);
		change = find(&facts);
		expect_none_nearer(&facts, &change, now);
		measure = measure_find(change.measure);
		if (measure < MEASURES)
			expect_alters_at_last(&facts, measure, &change, now);
		named[measure]++;
	}
	for (size_t i = 0; i < MEASURES; i++)
		ck_assert_msg(named[i] > 0, "%s was never named", measure_name(i));
}
END_TEST

/* A criterion that takes away at one value what headroom has just given: the values between are not stepped over. */
START_TEST(test_account_change_find_potential_between_two_criteria_is_not_missed)
{
	struct facts facts = {
		.record = {.kind = RECORD_ORGANISATION, .filled = 1u << ORGANISATION_ANNUAL_POTENTIAL | 1u << ORGANISATION_ANNUAL_POTENTIAL_ON},
	};
	static const char between[] =
		"{\"potential\":{\"headroom\":50,\"white_space\":0,\"momentum\":0,\"fit\":50},\"criteria\":[{\"id\":\"a\",\"dimension\":\"market\","
		"\"attribute\":\"annual_potential\",\"op\":\"lte\",\"value\":59.99,\"weight\":1}]}";
	struct would_change change;

	policy_of_json(between, DIGITS, setting.arena, &setting.policy);
	setting.cohorts[0] = (struct cohort){.industry = -1, .clients = 5, .p75 = 1};
	setting.review = (struct review){
		.has_key_cutoff = true, .key_cutoff = 10000, .full_reach = 1, .potential_cut_centi = 7000, .engagement_cut_centi = 5000,
		.book_first_revenue_on = DAY_NONE, .cohorts = {.rows = setting.cohorts, .row_count = 1},
	};
	facts.record.value[ORGANISATION_ANNUAL_POTENTIAL].integer = 1000;
	facts.record.value[ORGANISATION_ANNUAL_POTENTIAL_ON].integer = TODAY;
	change = find(&facts);
	expect_text(change.measure, "annual_potential");
	ck_assert_int_eq(change.needs, 3999);
	ck_assert_int_eq(change.becomes.tier, TIER_GROWTH);
	facts.record.value[ORGANISATION_ANNUAL_POTENTIAL].integer = 6500;
	change = find(&facts);
	expect_text(change.measure, "annual_potential");
	ck_assert_int_eq(change.needs, 5999);
}
END_TEST

Suite *suite_account_record_change(void);
Suite *suite_account_record_change(void)
{
	Suite *suite = suite_create("http account_record_change");
	TCase *tcase = tcase_create("account_record_change");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_account_change_find_of_a_record_alters_one_step_less_does_not_and_none_is_nearer, 0, LOOPS);
	tcase_add_test(tcase, test_account_change_find_potential_between_two_criteria_is_not_missed);
	suite_add_tcase(suite, tcase);
	return suite;
}
