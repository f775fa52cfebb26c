/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up books. What must hold of them is in the tests. */
#include "random_book.h"

#include <check.h>

#include <sweetspot/calendar.h>

uint64_t dice_roll(struct dice *dice)
{
	dice->state ^= dice->state >> 12;
	dice->state ^= dice->state << 25;
	dice->state ^= dice->state >> 27;
	return dice->state * UINT64_C(2685821657736338717);
}

int64_t dice_below(struct dice *dice, int64_t sides)
{
	return (int64_t)(dice_roll(dice) >> 11) % sides;
}

struct policy default_policy(void)
{
	return (struct policy){
		.version = 1,
		.pinned_day = DAY_NONE,
		.fiscal_month = 1,
		.fiscal_day = 1,
		.review_months = 6,
		.default_margin_pct_centi = 10000,
		.key_pct_centi = 2500,
		.small_pct_centi = 5000,
		.engagement_weight_centi = {3500, 1500, 2000, 2000, 1000},
		.potential_weight_centi = {5000, 1500, 1500, 2000},
		.engagement_cut = {.percentile = 50},
		.potential_cut = {.percentile = 50},
		.margin_centi = 300,
		.let_go_pct_centi = 1000,
		.let_go_tier[TIER_SERVICE] = true,
		.min_tenure_days = 180,
		.keep_days = 365,
		.criteria_weight_centi = RANDOM_CRITERIA_WEIGHT,
		.fit_threshold_centi = 6000,
		.floor_deal = -1,
		.floor_annual = -1,
		.max_targets = 9,
		.max_leads = 10,
	};
}

static int64_t some_money(struct dice *dice)
{
	int64_t top = INT64_C(1) << dice_below(dice, 40);

	return dice_below(dice, 8) == 0 ? 0 : dice_below(dice, top + 1);
}

static struct measures random_measures(struct dice *dice)
{
	struct measures measures = {
		.revenue_12m = some_money(dice),
		.revenue_prior_12m = some_money(dice) - some_money(dice) / 8,
		.margin_12m = some_money(dice) - some_money(dice),
		.minutes_12m = dice_below(dice, 5000),
		.rhythm = dice_below(dice, 3) == 0 ? 0 : dice_below(dice, INT64_C(60) << 32),
		.orders = dice_below(dice, 3) == 0 ? 0 : dice_below(dice, INT64_C(90) << 32),
		.reach = (int32_t)dice_below(dice, 12),
		.directed = (int32_t)dice_below(dice, 40),
		.lines_12m = (int32_t)dice_below(dice, 9),
	};

	measures.revenue_182 = measures.revenue_12m - some_money(dice) / 2;
	measures.revenue_prior_182 = some_money(dice);
	measures.inbound = (int32_t)dice_below(dice, measures.directed + 1);
	return measures;
}

struct features *random_features(struct dice *dice, size_t count, struct arena *arena)
{
	struct features *features = arena_array(arena, count + 1, sizeof(*features));

	ck_assert_ptr_nonnull(features);
	for (size_t i = 0; i < count; i++) {
		features[i] = (struct features){
			.measures = random_measures(dice),
			.industry = (int32_t)dice_below(dice, RANDOM_INDUSTRIES + 1) - 1,
			.fit_passed_centi = (int32_t)dice_below(dice, RANDOM_CRITERIA_WEIGHT + 1),
			.employee_band = (unsigned)dice_below(dice, 7) & 7,
			.engagement_side = (unsigned)dice_below(dice, 3) & 3,
			.potential_side = (unsigned)dice_below(dice, 3) & 3,
			.is_account = dice_below(dice, 5) != 0,
			.is_active = dice_below(dice, 9) != 0,
		};
		features_state_potential(&features[i], dice_below(dice, 4) == 0 ? some_money(dice) : -1);
	}
	return features;
}

struct book random_book(struct arena *arena)
{
	static const char *const names[RANDOM_INDUSTRIES] = {"software", "medical", "retail", "", "media", "finance"};
	struct text *industries = arena_array(arena, RANDOM_INDUSTRIES, sizeof(*industries));

	ck_assert_ptr_nonnull(industries);
	for (size_t i = 0; i < RANDOM_INDUSTRIES; i++)
		industries[i] = text_of(names[i]);
	return (struct book){
		.number = 3,
		.day = 20000,
		.has_revenue_entries = true,
		.first_revenue_on = 19000,
		.distinct_lines = 7,
		.deals_per_year = 2,
		.industries = industries,
		.industry_count = RANDOM_INDUSTRIES,
	};
}
