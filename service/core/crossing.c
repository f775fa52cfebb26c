/* SPDX-License-Identifier: Apache-2.0 */
/* Judging a book under other rules, and comparing. Where the book comes from, and what is shown of it, is decided elsewhere. */
#include <sweetspot/crossing.h>

void core_stands_judge(const struct features *features, size_t count, const struct review *review, const struct policy *policy,
                       struct stand *out, const struct contender_watch *watch)
{
	struct scoring scoring;

	for (size_t i = 0; i < count; i++) {
		core_score(&features[i], review, policy, &scoring);
		out[i] = (struct stand){(int16_t)scoring.keep_score_centi, (uint8_t)scoring.tier, (uint8_t)scoring.list, VERDICT_NONE};
		if (watch != NULL && scoring.could_become_key)
			watch->see(watch->of, i, &scoring);
	}
}

/** As struct stand has it, "unclassified" is a list of its own. */
static bool moves_in_list(struct stand before, struct stand after)
{
	if (before.list == STAND_UNCLASSIFIED)
		return after.list != LIST_NONE;
	return before.list != after.list;
}

bool core_stand_moves(struct stand before, struct stand after)
{
	return before.tier != after.tier || moves_in_list(before, after);
}

static bool keeps_out(enum verdict verdict)
{
	return verdict == VERDICT_NOT_OURS || verdict == VERDICT_THROW_BACK;
}

bool core_verdict_lets_in(enum verdict before, enum verdict after)
{
	if (after == VERDICT_NONE)
		return false;
	if (keeps_out(before))
		return !keeps_out(after);
	return (before == VERDICT_LATER || before == VERDICT_UNKNOWN) && after == VERDICT_NOW;
}

static void add(struct crossed *crossed, const struct measures *measures)
{
	crossed->count++;
	crossed->revenue += measures->revenue_12m;
	crossed->minutes += measures->minutes_12m;
}

void core_crossings_count(const struct features *features, const struct stand *before, const struct stand *after, const uint32_t *owners,
                          size_t count, struct crossings *out, struct movers *movers)
{
	for (size_t i = 0; i < count; i++) {
		const struct measures *measures = &features[i].measures;
		struct movers *owner = &movers[owners[i]];

		if (features[i].is_account)
			add(&out->tiers[before[i].tier][after[i].tier], measures);
		add(&out->lists[before[i].list][after[i].list], measures);
		if (!features[i].is_account || before[i].verdict != VERDICT_NONE)
			add(&out->verdicts[before[i].verdict][after[i].verdict], measures);
		if (!core_stand_moves(before[i], after[i]))
			continue;
		add(&owner->all, measures);
		owner->tiers += before[i].tier != after[i].tier;
		owner->lists += moves_in_list(before[i], after[i]);
	}
}
