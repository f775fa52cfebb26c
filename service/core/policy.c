/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the policy, as the API and the database spell them. Reading a policy is the store's. */
#include <sweetspot/policy.h>

#include <stddef.h>

static const char *const tier_names[TIER_COUNT] = {
	[TIER_NONE] = NULL,
	[TIER_KEY] = "key",
	[TIER_GROWTH] = "growth",
	[TIER_MAINTENANCE] = "maintenance",
	[TIER_SERVICE] = "service",
};

static const char *const list_names[LIST_COUNT] = {
	[LIST_NONE] = "none",
	[LIST_KEY] = "key",
	[LIST_SECONDARY] = "secondary",
	[LIST_LKA] = "lka",
	[LIST_TARGET] = "target",
	[LIST_LEAD] = "lead",
};

const char *const engagement_part_names[ENGAGEMENT_PARTS] = {
	[PART_REACH] = "reach",
	[PART_INITIATIVE] = "initiative",
	[PART_RHYTHM] = "rhythm",
	[PART_ORDERS] = "orders",
	[PART_BREADTH] = "breadth",
};

const char *const potential_part_names[POTENTIAL_PARTS] = {
	[PART_HEADROOM] = "headroom",
	[PART_WHITE_SPACE] = "white_space",
	[PART_MOMENTUM] = "momentum",
	[PART_FIT] = "fit",
};

const char *const criterion_dimension_names[DIMENSIONS] = {
	[DIMENSION_MARKET] = "market",
	[DIMENSION_ENTERPRISE] = "enterprise",
	[DIMENSION_PERSONA] = "persona",
	[DIMENSION_PROBLEM] = "problem",
};

const char *const criterion_op_names[OPS] = {
	[OP_IN] = "in",
	[OP_EQ] = "eq",
	[OP_ANY] = "any",
	[OP_NOT_IN] = "not_in",
	[OP_ALL] = "all",
	[OP_BETWEEN] = "between",
	[OP_GTE] = "gte",
	[OP_LTE] = "lte",
	[OP_EXISTS] = "exists",
};

const char *tier_name(enum tier tier)
{
	return tier_names[tier];
}

const char *list_name(enum list list)
{
	return list_names[list];
}

enum tier tier_of_name(struct text name)
{
	for (int tier = TIER_NONE + 1; tier < TIER_COUNT; tier++)
		if (text_equal(text_of(tier_names[tier]), name))
			return (enum tier)tier;
	return TIER_NONE;
}

enum list list_of_name(struct text name)
{
	for (int list = LIST_NONE + 1; list < LIST_COUNT; list++)
		if (text_equal(text_of(list_names[list]), name))
			return (enum list)list;
	return LIST_NONE;
}
