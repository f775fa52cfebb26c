/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of an account's measures: their bounds, which of them move a score one way only, where a rule takes another form; and how
 * its record's are read. */
#include "account_change.h"

#include <stddef.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/subject.h>

#include "record_change.h"

#define DECAY_SHIFT 32
/* Where a score may rise and fall again, a look is taken at every sixteenth of the way further. */
#define LOOK_FRACTION 16
#define LOOKS_MOST 2000
#define COUNT_MOST 1000000
#define BENDS 8

/** A measure in steps of its unit. */
struct lever {
	const char *name;
	enum measure_unit unit;
	size_t offset;        /* in struct measures */
	bool is_wide;         /* an int64_t there, else an int32_t */
	bool is_one_way;      /* each score only rises, or only falls, as the measure rises */
};

/* In the order of names. Legend: name, unit, where, int64_t, one way. */
static const struct lever levers[] = {
	{"directed", UNIT_COUNT, offsetof(struct measures, directed), false, true},
	{"hours_12m", UNIT_MINUTES, offsetof(struct measures, minutes_12m), true, true},
	{"inbound", UNIT_COUNT, offsetof(struct measures, inbound), false, true},
	{"lines_12m", UNIT_COUNT, offsetof(struct measures, lines_12m), false, true},
	{"orders", UNIT_DECAY, offsetof(struct measures, orders), true, true},
	{"reach", UNIT_COUNT, offsetof(struct measures, reach), false, true},
	{"revenue_12m", UNIT_MONEY, offsetof(struct measures, revenue_12m), true, false},
	{"rhythm", UNIT_DECAY, offsetof(struct measures, rhythm), true, true},
};
#define LEVERS (sizeof(levers) / sizeof(levers[0]))

/** One of them, of one account. */
struct pushed {
	const struct standing_case *standing;
	const struct lever *lever;
	int64_t bends[BENDS];  /* values of revenue_12m at which a rule takes another form */
};

static int64_t lever_read(const struct lever *lever, const struct features *features)
{
	const char *at = (const char *)&features->measures + lever->offset;
	int64_t wide;
	int32_t narrow;

	if (lever->is_wide) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static void lever_set(const struct lever *lever, struct features *features, int64_t value)
{
	char *at = (char *)&features->measures + lever->offset;
	int64_t wide = measure_kept(lever->unit, value);
	int32_t narrow = (int32_t)wide;

	/* More or less revenue is revenue of late, also where momentum compares half years. */
	if (lever->offset == offsetof(struct measures, revenue_12m))
		features->measures.revenue_182 += wide - features->measures.revenue_12m;
	if (lever->is_wide)
		memcpy(at, &wide, sizeof(wide));
	else
		memcpy(at, &narrow, sizeof(narrow));
}

struct outcome_seen account_outcome(const struct standing_case *standing)
{
	struct let_go_facts facts = *standing->let_go;
	struct scoring scoring;

	core_score(standing->features, standing->review, standing->policy, &scoring);
	facts.tier = standing->tier_by_hand != TIER_NONE ? standing->tier_by_hand : scoring.tier;
	facts.list = scoring.list;
	facts.minutes_12m = standing->features->measures.minutes_12m;
	return (struct outcome_seen){
		.tier = scoring.tier,
		.list = scoring.list,
		.is_candidate = core_let_go_bar(&facts, standing->policy, standing->day) == LET_GO_CANDIDATE,
	};
}

/* ---- Looking ---- */

static struct outcome_seen see(void *of, int64_t value)
{
	const struct pushed *pushed = of;
	struct features features = *pushed->standing->features;
	struct standing_case changed = *pushed->standing;

	lever_set(pushed->lever, &features, value);
	changed.features = &features;
	return account_outcome(&changed);
}

/** The client, the list, momentum's evidence and ends, headroom's ends. */
static void find_bends(const struct standing_case *s, int64_t out[BENDS])
{
	const struct measures *m = &s->features->measures;
	bool is_half = s->review->half_year_momentum;
	int64_t late = is_half ? m->revenue_182 : m->revenue_12m, before = is_half ? m->revenue_prior_182 : m->revenue_prior_12m;
	struct scoring scoring;

	core_score(s->features, s->review, s->policy, &scoring);
	const int64_t bends[BENDS] = {0, 1, m->revenue_12m - late + before, m->revenue_12m - late - before,
	                              m->revenue_12m - late - before + 1, s->review->key_cutoff, scoring.annual_potential,
	                              scoring.annual_potential - s->review->key_cutoff};

	memcpy(out, bends, sizeof(bends));
}

/** Where each score goes one way, the end tells whether anything alters; else no bend is stepped over. */
static int64_t next_look(const struct walk *walk, int64_t step)
{
	const struct pushed *pushed = walk->of;
	int64_t next = step + 1 + step / LOOK_FRACTION;

	if (pushed->lever->is_one_way)
		return walk->steps;
	if (next > walk->steps)
		next = walk->steps;
	for (size_t i = 0; i < BENDS; i++) {
		int64_t at = (pushed->bends[i] - walk->origin) * walk->sign;

		if (at > step && at < next)
			next = at;
	}
	return next;
}

/* ---- Measures ---- */

/** What a decay sum can come to at most, hundredths: every day counts. */
static int64_t decay_most(const struct lever *lever)
{
	const int64_t *table = lever->offset == offsetof(struct measures, rhythm) ? decay_90 : decay_180;
	int64_t sum = 0;

	for (int age = 0; age < WINDOW_DAYS; age++)
		sum += table[age];
	return (int64_t)(((int128)sum * 100) >> DECAY_SHIFT);
}

/** The values a measure can have. */
static void lever_bounds(const struct lever *lever, const struct standing_case *standing, int64_t *least, int64_t *most)
{
	const struct measures *m = &standing->features->measures;

	*least = 0;
	*most = lever->unit == UNIT_MONEY ? EXACT_MAX : lever->unit == UNIT_DECAY ? decay_most(lever) : COUNT_MOST;
	/* An inbound touch is a directed one. */
	if (strcmp(lever->name, "inbound") == 0)
		*most = m->directed;
	if (strcmp(lever->name, "directed") == 0)
		*least = m->inbound;
	if (strcmp(lever->name, "lines_12m") == 0)
		*most = standing->review->lines_offered;
}

static void search_facts(const struct standing_case *standing, struct change_search *search)
{
	struct pushed pushed = {.standing = standing};
	const struct lookout lookout = {&pushed, see, next_look, LOOKS_MOST};

	find_bends(standing, pushed.bends);
	for (size_t i = 0; i < LEVERS; i++) {
		const struct lever *lever = &levers[i];
		struct measure measure = {.name = text_of(lever->name), .unit = lever->unit, .value = lever_read(lever, standing->features)};

		lever_bounds(lever, standing, &measure.least, &measure.most);
		pushed.lever = lever;
		change_search_try(search, &measure, &lookout);
	}
}

/* ---- The record's ---- */

/** The potential that a record states and the day from which, or as one of them is changed to. */
static int64_t potential_with(const struct standing_case *standing, enum organisation_field field, int64_t value)
{
	struct record record = *standing->record;

	record.value[field].integer = value;
	return record_potential(&record, standing->day);
}

static struct outcome_seen see_record(void *of, const struct pulled *pulled, int64_t value, const struct fit_weights *fit)
{
	struct standing_case changed = *(const struct standing_case *)of;
	struct features features = *changed.features;
	struct let_go_facts facts = *changed.let_go;

	if (fit != NULL)
		features.fit_passed_centi = (int32_t)fit->passed_centi;
	if (pulled->field == ORGANISATION_EMPLOYEES)
		features.employee_band = employee_band_of(value) & 7u;
	if (pulled->field == ORGANISATION_ANNUAL_POTENTIAL || pulled->field == ORGANISATION_ANNUAL_POTENTIAL_ON)
		features_state_potential(&features, potential_with(&changed, pulled->field, value));
	if (pulled->field == ORGANISATION_CLIENT_SINCE)
		facts.client_since = (int32_t)value;
	changed.features = &features;
	changed.let_go = &facts;
	return account_outcome(&changed);
}

/** By a potential alone a score moves between edges, one way: so that no edge hides what lies beside it, both its sides are looked at. */
static void add_edges(void *of, struct pulled *pulled)
{
	const struct standing_case *standing = of;

	if (pulled->field == ORGANISATION_EMPLOYEES)
		for (size_t i = 0; i < EMPLOYEE_BANDS; i++)
			pulled_add_edge(pulled, employee_band_starts[i]);
	if (pulled->field == ORGANISATION_ANNUAL_POTENTIAL)
		pulled_widen_edges(pulled);
	if (pulled->field == ORGANISATION_ANNUAL_POTENTIAL_ON || pulled->field == ORGANISATION_CLIENT_SINCE)
		pulled_add_edge(pulled, standing->day);
	if (pulled->field == ORGANISATION_ANNUAL_POTENTIAL_ON)
		pulled_add_edge(pulled, (int128)standing->day - STATED_POTENTIAL_DAYS);
	if (pulled->field == ORGANISATION_CLIENT_SINCE)
		pulled_add_edge(pulled, (int128)standing->day - standing->policy->min_tenure_days);
}

enum status account_change_find(const struct standing_case *standing, struct arena *arena, struct would_change *out)
{
	struct standing_case of = *standing;
	struct record_change changing = {
		.record = standing->record, .findings = standing->findings, .policy = standing->policy, .day = standing->day, .arena = arena,
		.of = &of, .see = see_record, .add_edges = add_edges,
	};
	enum status status = record_change_begin(&changing, account_outcome(standing));

	if (status != STATUS_OK)
		return status;
	search_facts(standing, &changing.search);
	status = record_change_search(&changing);
	if (status == STATUS_OK)
		*out = changing.search.best;
	return status;
}
