/* SPDX-License-Identifier: Apache-2.0 */
/* A search over the real rules: nothing of them is known here but where they are to be looked at. */
#include "would_change.h"

#define DECAY_SHIFT 32

int64_t measure_kept(enum measure_unit unit, int64_t value)
{
	return unit == UNIT_DECAY ? number_divide_rounded((int128)value << DECAY_SHIFT, 100) : value;
}

bool outcome_equal(struct outcome_seen a, struct outcome_seen b)
{
	return a.tier == b.tier && a.list == b.list && a.is_candidate == b.is_candidate && a.verdict == b.verdict;
}

/* ---- One direction of one measure ---- */

/** The present value on the measure's grid: what lies between two steps is rounded away from where the walk goes. */
static int64_t grid_value(const struct measure *measure, int sign)
{
	int64_t below = measure->value;
	bool is_beyond = measure->beyond.bytes != NULL;

	if (measure->unit == UNIT_DECAY) {
		below = (int64_t)(((int128)measure->value * 100) >> DECAY_SHIFT);
		is_beyond = measure_kept(UNIT_DECAY, below) < measure->value;
	}
	return sign < 0 && is_beyond ? below + 1 : below;
}

static struct walk walk_begin(const struct measure *measure, const struct lookout *lookout, int sign)
{
	int64_t origin = grid_value(measure, sign);

	return (struct walk){lookout->of, origin, sign, sign > 0 ? measure->most - origin : origin - measure->least};
}

static struct outcome_seen walk_see(const struct walk *walk, const struct lookout *lookout, int64_t step)
{
	return lookout->see(walk->of, walk->origin + walk->sign * step);
}

/** @param from  alters nothing, or is 0; @param to  alters. @return the first step between them that alters */
static int64_t walk_bisect(const struct walk *walk, const struct lookout *lookout, struct outcome_seen now, int64_t from, int64_t to)
{
	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (outcome_equal(walk_see(walk, lookout, middle), now))
			from = middle;
		else
			to = middle;
	}
	return to;
}

/** @return the first step that alters, as far as looks find it; 0: none */
static int64_t walk_find(const struct walk *walk, const struct lookout *lookout, struct outcome_seen now)
{
	int64_t step = 0;

	for (int64_t looks = 0; step < walk->steps && looks < lookout->looks_most; looks++) {
		int64_t next = lookout->next(walk, step);

		if (!outcome_equal(walk_see(walk, lookout, next), now))
			return walk_bisect(walk, lookout, now, step, next);
		step = next;
	}
	return 0;
}

/* ---- The nearest of all ---- */

static int128 magnitude(int128 value)
{
	return value < 0 ? -value : value;
}

/** No distance is 0; one over 0 is infinite. */
static bool is_taken(const struct change_search *search, int128 far, int128 over, struct text name)
{
	int128 mine = far * search->over, best = search->far * over;

	if (search->best.measure.bytes == NULL)
		return true;
	return mine < best || (mine == best && text_compare(name, search->best.measure) < 0);
}

static int64_t shown_value(const struct measure *measure)
{
	return measure->unit == UNIT_DECAY ? number_divide_rounded((int128)measure->value * 100, (int128)1 << DECAY_SHIFT) : measure->value;
}

void change_search_try(struct change_search *search, const struct measure *measure, const struct lookout *lookout)
{
	int128 over = magnitude((int128)measure->value - measure->zero);

	for (int sign = 1; sign >= -1; sign -= 2) {
		struct walk walk = walk_begin(measure, lookout, sign);
		int64_t step = walk_find(&walk, lookout, search->now), needs = walk.origin + sign * step;
		int128 far = magnitude((int128)measure_kept(measure->unit, needs) - measure->value);

		if (step == 0 || !is_taken(search, far, over, measure->name))
			continue;
		search->far = far;
		search->over = over;
		search->best = (struct would_change){
			.measure = measure->name, .unit = measure->unit, .places = measure->places, .from = shown_value(measure), .needs = needs,
			.beyond = measure->beyond, .becomes = lookout->see(lookout->of, needs),
		};
	}
}

struct change_search change_search_from(struct outcome_seen now)
{
	return (struct change_search){.now = now, .best = {.measure = {NULL, 0}}};
}
