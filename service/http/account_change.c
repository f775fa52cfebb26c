/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of an account's measures: their bounds, which of them move a score one way only, where a rule takes another form. */
#include "account_change.h"

#include <stddef.h>
#include <string.h>

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
	{"annual_potential", UNIT_MONEY, SIZE_MAX, true, true},
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
struct pulled {
	const struct standing_case *standing;
	const struct lever *lever;
	int64_t bends[BENDS];  /* values of revenue_12m at which a rule takes another form */
};

static bool is_potential(const struct lever *lever)
{
	return lever->offset == SIZE_MAX;
}

static int64_t lever_read(const struct lever *lever, const struct features *features)
{
	const char *at = (const char *)&features->measures + (is_potential(lever) ? 0 : lever->offset);
	int64_t wide;
	int32_t narrow;

	if (is_potential(lever))
		return features_potential(features);
	if (lever->is_wide) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static void lever_set(const struct lever *lever, struct features *features, int64_t value)
{
	char *at = (char *)&features->measures + (is_potential(lever) ? 0 : lever->offset);
	int64_t wide = measure_kept(lever->unit, value);
	int32_t narrow = (int32_t)wide;

	/* More or less revenue is revenue of late, also where momentum compares half years. */
	if (lever->offset == offsetof(struct measures, revenue_12m))
		features->measures.revenue_182 += wide - features->measures.revenue_12m;
	if (is_potential(lever))
		features_state_potential(features, wide);
	else if (lever->is_wide)
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
	const struct pulled *pulled = of;
	struct features features = *pulled->standing->features;
	struct standing_case changed = *pulled->standing;

	lever_set(pulled->lever, &features, value);
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
	const struct pulled *pulled = walk->of;
	int64_t next = step + 1 + step / LOOK_FRACTION;

	if (pulled->lever->is_one_way)
		return walk->steps;
	if (next > walk->steps)
		next = walk->steps;
	for (size_t i = 0; i < BENDS; i++) {
		int64_t at = (pulled->bends[i] - walk->origin) * walk->sign;

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

struct would_change account_change_find(const struct standing_case *standing)
{
	struct change_search search = change_search_from(account_outcome(standing));
	struct pulled pulled = {.standing = standing};
	const struct lookout lookout = {&pulled, see, next_look, LOOKS_MOST};

	find_bends(standing, pulled.bends);
	for (size_t i = 0; i < LEVERS; i++) {
		const struct lever *lever = &levers[i];
		struct measure measure = {.name = text_of(lever->name), .unit = lever->unit, .value = lever_read(lever, standing->features)};

		if (is_potential(lever) && measure.value < 0)
			continue;
		lever_bounds(lever, standing, &measure.least, &measure.most);
		pulled.lever = lever;
		change_search_try(&search, &measure, &lookout);
	}
	return search.best;
}
