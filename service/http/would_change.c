/* SPDX-License-Identifier: Apache-2.0 */
/* A search over the real rules: nothing of them is known here but which measures move a score one way only. */
#include "would_change.h"

#include <stddef.h>
#include <string.h>

#define DECAY_SHIFT 32
/* Where a score may rise and fall again, a look is taken at every sixteenth of the way further. */
#define LOOK_FRACTION 16
#define COUNT_MOST 1000000

/** A measure in steps of its unit. */
struct lever {
	const char *name;
	enum measure_unit unit;
	size_t offset;        /* in struct measures */
	bool is_wide;         /* an int64_t there, else an int32_t */
	bool is_one_way;      /* each score only rises, or only falls, as the measure rises */
};

/* In the order of names: of two equal changes the first is told. Legend: name, unit, where, int64_t, one way. */
static const struct lever levers[] = {
	{"annual_potential", UNIT_MONEY, SIZE_MAX, true, true},
	{"directed", UNIT_COUNT, offsetof(struct measures, directed), false, true},
	{"hours_12m", UNIT_MINUTES, offsetof(struct measures, minutes_12m), true, true},
	{"inbound", UNIT_COUNT, offsetof(struct measures, inbound), false, true},
	{"lines_12m", UNIT_COUNT, offsetof(struct measures, lines_12m), false, true},
	{"orders", UNIT_CENTI, offsetof(struct measures, orders), true, true},
	{"reach", UNIT_COUNT, offsetof(struct measures, reach), false, true},
	{"revenue_12m", UNIT_MONEY, offsetof(struct measures, revenue_12m), true, false},
	{"rhythm", UNIT_CENTI, offsetof(struct measures, rhythm), true, true},
};
#define LEVERS (sizeof(levers) / sizeof(levers[0]))

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

/** Hundredths stand on a grid; what is kept is the nearest to it. */
static int64_t kept_value(const struct lever *lever, int64_t value)
{
	return lever->unit == UNIT_CENTI ? number_divide_rounded((int128)value << DECAY_SHIFT, 100) : value;
}

static void lever_set(const struct lever *lever, struct features *features, int64_t value)
{
	char *at = (char *)&features->measures + (is_potential(lever) ? 0 : lever->offset);
	int64_t wide = kept_value(lever, value);
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

struct outcome_seen outcome_see(const struct standing_case *standing)
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

static bool is_same(struct outcome_seen a, struct outcome_seen b)
{
	return a.tier == b.tier && a.list == b.list && a.is_candidate == b.is_candidate;
}

/** One direction of one measure: step 1 is the first value beyond the present one. */
struct walk {
	const struct standing_case *standing;
	const struct lever *lever;
	struct outcome_seen now;
	int64_t origin;   /* step 0: the present value, or the grid's value next to it on the other side */
	int sign;
	int64_t steps;    /* how far the measure can go */
};

static int64_t walk_value(const struct walk *walk, int64_t step)
{
	return walk->origin + walk->sign * step;
}

static struct outcome_seen walk_see(const struct walk *walk, int64_t step)
{
	struct features features = *walk->standing->features;
	struct standing_case changed = *walk->standing;

	lever_set(walk->lever, &features, walk_value(walk, step));
	changed.features = &features;
	return outcome_see(&changed);
}

static bool walk_alters(const struct walk *walk, int64_t step)
{
	return !is_same(walk_see(walk, step), walk->now);
}

/** @param from  alters nothing, or is 0; @param to  alters. @return the first step between them that alters */
static int64_t walk_bisect(const struct walk *walk, int64_t from, int64_t to)
{
	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (walk_alters(walk, middle))
			to = middle;
		else
			from = middle;
	}
	return to;
}

/** Values of revenue_12m at which a rule takes another form: the client, the list, momentum's evidence and ends, headroom's ends. */
static int64_t next_bend(const struct walk *walk, int64_t step)
{
	const struct standing_case *s = walk->standing;
	const struct measures *m = &s->features->measures;
	bool is_half = s->review->half_year_momentum;
	int64_t late = is_half ? m->revenue_182 : m->revenue_12m, before = is_half ? m->revenue_prior_182 : m->revenue_prior_12m;
	int64_t nearest = walk->steps;
	struct scoring scoring;

	core_score(s->features, s->review, s->policy, &scoring);
	const int64_t bends[] = {0, 1, m->revenue_12m - late + before, m->revenue_12m - late - before, m->revenue_12m - late - before + 1,
	                         s->review->key_cutoff, scoring.annual_potential, scoring.annual_potential - s->review->key_cutoff};

	for (size_t i = 0; i < sizeof(bends) / sizeof(bends[0]); i++) {
		int64_t at = (bends[i] - walk->origin) * walk->sign;

		if (at > step && at < nearest)
			nearest = at;
	}
	return nearest;
}

/** @return the first step that alters, as far as looks find it; 0: none */
static int64_t walk_find(const struct walk *walk)
{
	int64_t step = 0, bend = 0;

	if (walk->steps < 1)
		return 0;
	if (walk->lever->is_one_way)
		return walk_alters(walk, walk->steps) ? walk_bisect(walk, 0, walk->steps) : 0;
	while (step < walk->steps) {
		int64_t next = step + 1 + step / LOOK_FRACTION;

		if (bend <= step)
			bend = next_bend(walk, step);
		next = next < bend ? next : bend;
		if (walk_alters(walk, next))
			return walk_bisect(walk, step, next);
		step = next;
	}
	return 0;
}

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
	*most = lever->unit == UNIT_MONEY ? EXACT_MAX : lever->unit == UNIT_CENTI ? decay_most(lever) : COUNT_MOST;
	/* An inbound touch is a directed one. */
	if (strcmp(lever->name, "inbound") == 0)
		*most = m->directed;
	if (strcmp(lever->name, "directed") == 0)
		*least = m->inbound;
	if (strcmp(lever->name, "lines_12m") == 0)
		*most = standing->review->lines_offered;
}

/** The present value on the measure's grid: hundredths are rounded away from where the walk goes. */
static int64_t grid_value(const struct lever *lever, int64_t value, int sign)
{
	int64_t below;

	if (lever->unit != UNIT_CENTI)
		return value;
	below = (int64_t)(((int128)value * 100) >> DECAY_SHIFT);
	return sign > 0 || kept_value(lever, below) >= value ? below : below + 1;
}

/** How far a change goes, over where it begins. */
struct distance {
	int128 far, from;
};

static bool is_shorter(struct distance a, struct distance b)
{
	if (a.from == 0 || b.from == 0)
		return a.from != 0 && b.from == 0;
	return a.far * b.from < b.far * a.from;
}

static int128 magnitude(int128 value)
{
	return value < 0 ? -value : value;
}

/** Put what this walk finds into *best if it is nearer. */
static void try_walk(const struct walk *walk, struct would_change *best, struct distance *shortest)
{
	int64_t value = lever_read(walk->lever, walk->standing->features);
	int64_t step = walk_find(walk);
	struct distance distance;

	if (step == 0)
		return;
	distance.far = magnitude((int128)kept_value(walk->lever, walk_value(walk, step)) - value);
	distance.from = magnitude(value);
	if (best->measure != NULL && !is_shorter(distance, *shortest))
		return;
	*shortest = distance;
	*best = (struct would_change){
		.measure = walk->lever->name,
		.unit = walk->lever->unit,
		.from = walk->lever->unit == UNIT_CENTI ? number_divide_rounded((int128)value * 100, (int128)1 << DECAY_SHIFT) : value,
		.needs = walk_value(walk, step),
		.becomes = walk_see(walk, step),
	};
}

struct would_change would_change_find(const struct standing_case *standing)
{
	struct would_change best = {.measure = NULL};
	struct distance shortest = {0, 0};
	struct outcome_seen now = outcome_see(standing);

	for (size_t i = 0; i < LEVERS; i++) {
		const struct lever *lever = &levers[i];
		int64_t value = lever_read(lever, standing->features), least, most;

		if (is_potential(lever) && value < 0)
			continue;
		lever_bounds(lever, standing, &least, &most);
		for (int sign = 1; sign >= -1; sign -= 2) {
			struct walk walk = {.standing = standing, .lever = lever, .now = now, .origin = grid_value(lever, value, sign), .sign = sign};

			walk.steps = sign > 0 ? most - walk.origin : walk.origin - least;
			try_walk(&walk, &best, &shortest);
		}
	}
	return best;
}
