/* SPDX-License-Identifier: Apache-2.0 */
/* Scores, list, tier and keep score of one organisation (domain.md §2–§4). What the whole book decides is review.c. */
#include "service/core/score.h"

#include <stddef.h>

#include "service/core/share.h"

#define POINTS_CENTI 10000
#define VALUE_POINTS_CENTI 4000
/* Fewer touches than these do not show who takes the initiative. */
#define LEAST_DIRECTED 5

/** What potential is measured against. */
struct outlook {
	int64_t annual_potential;  /* minor units; -1: none */
	bool is_estimate;
	struct ratio momentum;
};

/** The shares of one score's components; the first is multiplied by discount. */
struct shares {
	struct ratio of[PARTS_MAX];
	struct ratio discount;
};
#define NOTHING ((struct ratio){0, 1})
#define WHOLE ((struct ratio){1, 1})

static uint64_t common_factor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/** 10000 × w ÷ Σ w, shortened so that most products fit into a machine word. */
static struct scale scale_of(const bool *available, const int64_t *weight_centi, size_t count)
{
	struct scale scale = {.by = 1};
	uint64_t weights = 0;
	uint64_t factor;

	for (size_t i = 0; i < count; i++)
		weights += available[i] ? (uint64_t)weight_centi[i] : 0;
	factor = common_factor(POINTS_CENTI, weights);
	for (size_t i = 0; i < count; i++) {
		scale.available[i] = available[i];
		scale.times[i] = available[i] ? POINTS_CENTI / factor * (uint64_t)weight_centi[i] : 0;
	}
	if (weights > 0)
		scale.by = weights / factor;
	scale.counts = weights > 0;
	return scale;
}

/** Without clients a review has no cut-off, and nothing but fit is available (domain.md §3). */
struct scales core_scales(const struct review *review, const struct policy *policy)
{
	bool has_lines = review->has_key_cutoff && review->lines_offered > 0;
	const bool engagement[ENGAGEMENT_PARTS] = {
		[PART_REACH] = review->full_reach > 0,
		[PART_INITIATIVE] = review->initiative_available,
		[PART_RHYTHM] = review->full_rhythm > 0,
		[PART_ORDERS] = review->full_orders > 0,
		[PART_BREADTH] = has_lines,
	};
	const bool potential[POTENTIAL_PARTS] = {
		[PART_HEADROOM] = review->has_key_cutoff,
		[PART_WHITE_SPACE] = has_lines,
		[PART_MOMENTUM] = review->has_key_cutoff,
		[PART_FIT] = policy->criteria_count > 0,
	};

	return (struct scales){
		.engagement = scale_of(engagement, policy->engagement_weight_centi, ENGAGEMENT_PARTS),
		.potential = scale_of(potential, policy->potential_weight_centi, POTENTIAL_PARTS),
		.criteria_weight_centi = policy->criteria_weight_centi,
	};
}

static inline struct shares engagement_shares(const struct features *features, const struct review *review)
{
	const struct measures *m = &features->measures;

	return (struct shares){
		.of[PART_REACH] = ratio_of(m->reach, review->full_reach),
		.of[PART_INITIATIVE] = ratio_of(2 * (int64_t)m->inbound, m->directed > LEAST_DIRECTED ? m->directed : LEAST_DIRECTED),
		.of[PART_RHYTHM] = ratio_of(m->rhythm, review->full_rhythm),
		.of[PART_ORDERS] = ratio_of(m->orders, review->full_orders),
		.of[PART_BREADTH] = ratio_of(m->lines_12m, review->lines_offered),
		.discount = WHOLE,
	};
}

static int64_t estimate_of(const struct features *features, const struct review *review)
{
	const struct cohort *cohort = NULL;

	if (core_is_client(features))
		cohort = cohort_find(&review->cohorts, features->industry, features->employee_band);
	return cohort != NULL ? cohort->p75 : -1;
}

/** Stated, else the estimate, which is -1 for none. */
static inline struct outlook outlook_of(const struct features *features, const struct review *review, int64_t estimate)
{
	return (struct outlook){
		.annual_potential = features->has_potential ? features_potential(features) : estimate,
		.is_estimate = !features->has_potential && estimate >= 0,
		.momentum = core_momentum(&features->measures, review),
	};
}

/** Look-alikes show that there is room; only momentum shows that it will be used (domain.md §3). Without any potential all but fit is 0. */
static inline struct shares potential_shares(const struct features *features, const struct review *review, const struct outlook *outlook,
                                             int64_t criteria_weight_centi)
{
	int64_t room = money_cut(outlook->annual_potential) - money_cut(features->measures.revenue_12m);
	int64_t lines_left = (int64_t)review->lines_offered - features->measures.lines_12m;
	bool has_any = outlook->annual_potential >= 0;

	return (struct shares){
		.of[PART_HEADROOM] = has_any ? ratio_of(room, money_cut(review->key_cutoff)) : NOTHING,
		.of[PART_WHITE_SPACE] = has_any ? ratio_of(lines_left, review->lines_offered) : NOTHING,
		.of[PART_MOMENTUM] = has_any ? outlook->momentum : NOTHING,
		.of[PART_FIT] = ratio_of(features->fit_passed_centi, criteria_weight_centi),
		.discount = outlook->is_estimate ? outlook->momentum : WHOLE,
	};
}

static inline int32_t part_points(const struct shares *shares, const struct scale *scale, size_t part)
{
	if (part == 0 && shares->discount.den > 1)
		return share_scale(share_of_product(shares->of[0], shares->discount), scale->times[0], scale->by);
	return ratio_scale(shares->of[part], scale->times[part], scale->by);
}

/** Contributions are rounded one by one, so the parts always add up to the score. */
static inline int32_t score_sum(const struct shares *shares, const struct scale *scale, size_t count)
{
	int32_t score = 0;

	/* Unrolled, the shares never leave the registers: a fifth of the time of a review. */
#pragma GCC unroll 5
	for (size_t i = 0; i < count; i++)
		score += part_points(shares, scale, i);
	return scale->counts ? score : -1;
}

struct scores core_client_scores(const struct features *features, const struct review *review, const struct scales *scales,
                                 int64_t estimate)
{
	struct outlook outlook = outlook_of(features, review, estimate);
	struct shares engagement = engagement_shares(features, review);
	struct shares potential = potential_shares(features, review, &outlook, scales->criteria_weight_centi);

	return (struct scores){
		.engagement_centi = score_sum(&engagement, &scales->engagement, ENGAGEMENT_PARTS),
		.potential_centi = score_sum(&potential, &scales->potential, POTENTIAL_PARTS),
	};
}

/** @return the score, the parts being added up */
static int32_t explain(const struct shares *shares, const struct scale *scale, const int64_t *weight_centi, struct component *parts,
                       size_t count)
{
	int32_t score = 0;

	for (size_t i = 0; i < count; i++) {
		parts[i] = (struct component){
			.available = scale->available[i],
			.share = share_of_product(scale->available[i] ? shares->of[i] : NOTHING, i == 0 ? shares->discount : WHOLE),
			.weight_centi = weight_centi[i],
			.points_centi = part_points(shares, scale, i),
		};
		score += parts[i].points_centi;
	}
	return scale->counts ? score : -1;
}

static void score_both(const struct features *features, const struct review *review, const struct policy *policy,
                       const struct outlook *outlook, struct scoring *out)
{
	struct scales scales = core_scales(review, policy);
	struct shares engagement = engagement_shares(features, review);
	struct shares potential = potential_shares(features, review, outlook, scales.criteria_weight_centi);

	out->engagement_centi = explain(&engagement, &scales.engagement, policy->engagement_weight_centi, out->engagement, ENGAGEMENT_PARTS);
	out->potential_centi = explain(&potential, &scales.potential, policy->potential_weight_centi, out->potential, POTENTIAL_PARTS);
}

bool core_side_is_high(int32_t score_centi, int32_t cut_centi, enum side stored, int32_t margin_centi)
{
	if (stored == SIDE_HIGH)
		return score_centi >= cut_centi - margin_centi;
	if (stored == SIDE_LOW)
		return score_centi >= cut_centi + margin_centi;
	return score_centi >= cut_centi;
}

enum tier core_tier_assign(bool engagement_high, bool potential_high)
{
	if (engagement_high)
		return potential_high ? TIER_KEY : TIER_MAINTENANCE;
	return potential_high ? TIER_GROWTH : TIER_SERVICE;
}

/** A score that is not there is on no side. */
static bool is_high(int32_t score_centi, int32_t cut_centi, enum side stored, const struct review *review)
{
	return score_centi >= 0 && core_side_is_high(score_centi, cut_centi, stored, review->margin_centi);
}

static void find_sides(const struct features *features, const struct review *review, struct scoring *out)
{
	out->engagement_high = is_high(out->engagement_centi, review->engagement_cut_centi, features->engagement_side, review);
	out->potential_high = is_high(out->potential_centi, review->potential_cut_centi, features->potential_side, review);
}

static enum list account_list(const struct features *features, const struct review *review)
{
	if (!core_is_client(features))
		return LIST_LKA;
	return review->has_key_cutoff && features->measures.revenue_12m >= review->key_cutoff ? LIST_KEY : LIST_SECONDARY;
}

/** Domain.md §2: what a secondary is thought to be able to bring in a year would have put it on key. */
static bool could_become_key(const struct scoring *scoring, const struct review *review)
{
	return scoring->list == LIST_SECONDARY && review->has_key_cutoff && scoring->annual_potential >= review->key_cutoff;
}

static int32_t points_of(int32_t score_centi)
{
	return score_centi > 0 ? score_centi : 0;
}

/**
 * 0.4 × and 0.2 × a score in hundredths, rounded half up. What is not there counts as 0: whom a tier set by hand puts on the let-go list
 * need not have every part.
 */
static void keep_score(const struct features *features, const struct review *review, const struct policy *policy, struct scoring *out)
{
	int64_t contribution = measures_contribution(&features->measures, policy);

	if (review->has_key_cutoff)
		out->keep_value_centi = ratio_scale(ratio_of(contribution, review->key_cutoff), VALUE_POINTS_CENTI, 1);
	out->keep_potential_centi = (points_of(out->potential_centi) * 4 + 5) / 10;
	out->keep_engagement_centi = (points_of(out->engagement_centi) * 2 + 5) / 10;
	out->keep_score_centi = out->keep_value_centi + out->keep_potential_centi + out->keep_engagement_centi;
}

void core_score(const struct features *features, const struct review *review, const struct policy *policy, struct scoring *out)
{
	struct outlook outlook = outlook_of(features, review, estimate_of(features, review));

	*out = (struct scoring){
		.engagement_centi = -1,
		.potential_centi = -1,
		.keep_score_centi = -1,
		.is_client = core_is_client(features),
		.annual_potential = outlook.annual_potential,
		.annual_potential_is_estimate = outlook.is_estimate,
		.momentum = {outlook.momentum.num, outlook.momentum.den},
	};
	if (!features->is_account)
		return;
	score_both(features, review, policy, &outlook, out);
	find_sides(features, review, out);
	if (!features->is_active)
		return;
	out->list = account_list(features, review);
	out->could_become_key = could_become_key(out, review);
	keep_score(features, review, policy, out);
	if (out->engagement_centi >= 0 && out->potential_centi >= 0)
		out->tier = core_tier_assign(out->engagement_high, out->potential_high);
}
