/* SPDX-License-Identifier: Apache-2.0 */
/* What would change a prospect's verdict or list: against trying every value through the whole judging of records. */
#include <stdio.h>

#include "prospect_scene.h"
#include "random_criteria.h"
#include "tests/unit/base/expect.h"

#define LOOPS 8
#define CASES 800
#define VALUES CRITERIA_VALUES
#define HALF (CRITERIA_VALUES / 2)
#define REACH 40
#define JSON_BYTES 4096

static struct prospect_scene *scene;

static void setup(void)
{
	scene = prospect_scene_new();
}

static void teardown(void)
{
	prospect_scene_free(scene);
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
/** And what is no field. */
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
	return measure == LARGEST ? facts->deals[0] : measure == OPEN ? prospect_scene_sum_open(facts) : facts->tenths;
}

static int64_t least_of(const struct facts *facts, size_t measure)
{
	if (is_day(measure) || measure == N || (measure < COUNT_OF(fields) && fields[measure].field == ORGANISATION_MARGIN_PCT))
		return -10000;
	return measure == LARGEST ? prospect_scene_ranked_open(facts, 1) : measure == OPEN ? facts->deals[0] : 0;
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
	return prospect_scene_judge(scene, &changed, NULL, NULL);
}

/* ---- Made-up prospects ---- */

static void random_policy(struct dice *dice)
{
	char document[JSON_BYTES];
	int used = snprintf(document, sizeof(document), "{\"fit_threshold\":%lld,\"floor_deal\":%.2f,\"floor_annual\":%.2f,",
	                    (long long)dice_below(dice, 101), (double)dice_below(dice, 12) / 100, (double)dice_below(dice, VALUES) / 100);

	print_criteria(dice, document + used, sizeof(document) - (size_t)used, TODAY);
	arena_reset(scene->arena);
	prospect_scene_set_policy(scene, document);
	if (dice_below(dice, 3) == 0)
		scene->policy.floor_deal = -1;
	if (dice_below(dice, 3) == 0)
		scene->policy.floor_annual = -1;
}

static void random_review(struct dice *dice)
{
	static struct text industries[] = {{"mining", 6}};

	for (size_t i = 0; i < COUNT_OF(scene->cohorts); i++)
		scene->cohorts[i] = (struct cohort){
			.industry = i == 0 ? -1 : 0, .band = i < 2 ? 0 : 2, .clients = 5, .median = dice_below(dice, VALUES), .p75 = VALUES,
		};
	scene->review = (struct review){
		.has_key_cutoff = dice_below(dice, 5) > 0, .key_cutoff = dice_below(dice, VALUES), .deals_per_year = 1 + dice_below(dice, 4),
		.has_derived_floor = dice_below(dice, 2) == 0, .derived_floor = dice_below(dice, 10),
		.cohorts = {industries, COUNT_OF(industries), scene->cohorts, (int32_t)dice_below(dice, 4)},
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
		now = prospect_scene_judge(scene, &facts, NULL, NULL);
		arena_reset(in);
		change = prospect_scene_find(scene, &facts, in);
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

Suite *suite_prospect_change_laws(void);
Suite *suite_prospect_change_laws(void)
{
	Suite *suite = suite_create("http prospect_change_laws");
	TCase *tcase = tcase_create("prospect_change_laws");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_prospect_change_find_alters_one_step_less_does_not_and_none_is_nearer, 0, LOOPS);
	suite_add_tcase(suite, tcase);
	return suite;
}
