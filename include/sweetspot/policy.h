/* SPDX-License-Identifier: Apache-2.0 */
/* The rules a workspace may set (domain.md §12), as the scoring reads them. */
#ifndef SWEETSPOT_POLICY_H
#define SWEETSPOT_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/criteria.h>
#include <sweetspot/text.h>

enum tier { TIER_NONE, TIER_KEY, TIER_GROWTH, TIER_MAINTENANCE, TIER_SERVICE, TIER_COUNT };
enum list { LIST_NONE, LIST_KEY, LIST_SECONDARY, LIST_LKA, LIST_TARGET, LIST_LEAD, LIST_COUNT };
/** @return "key", "growth" …; NULL for TIER_NONE */
const char *tier_name(enum tier tier);
/** @return "key", "secondary", "lka", "target", "lead", "none" */
const char *list_name(enum list list);
/** @return the tier of that name; TIER_NONE for any other text, or none */
enum tier tier_of_name(struct text name);
/** @return the list of that name; LIST_NONE for any other text, or none */
enum list list_of_name(struct text name);

enum engagement_part { PART_REACH, PART_INITIATIVE, PART_RHYTHM, PART_ORDERS, PART_BREADTH, ENGAGEMENT_PARTS };
enum potential_part { PART_HEADROOM, PART_WHITE_SPACE, PART_MOMENTUM, PART_FIT, POTENTIAL_PARTS };
extern const char *const engagement_part_names[ENGAGEMENT_PARTS];
extern const char *const potential_part_names[POTENTIAL_PARTS];

enum revenue_source { REVENUE_AUTO, REVENUE_FROM_ENTRIES, REVENUE_FROM_DEALS };

/** {"percentile": p} or {"score": x} */
struct cut_rule {
	bool is_score;
	int32_t percentile;   /* 1..99 */
	int32_t score_centi;  /* 0..10000 */
};

/** Foreign currency to the workspace's: one unit of `currency` is rate_millionths / 10^6 units. */
struct exchange_rate {
	struct text currency;
	int64_t rate_millionths;  /* > 0 */
};

/**
 * One version of the policy. Immutable once loaded; texts live as long as it does.
 * Percentages are in hundredths of a percent (25 % = 2500), weights in hundredths (35 = 3500), scores in hundredths of a point.
 */
struct policy {
	int32_t version;
	int currency_digits;             /* of the workspace's currency */
	int32_t pinned_day;              /* "today"; DAY_NONE: the refresh moves D */
	int fiscal_month, fiscal_day;    /* the fiscal year's first day */
	int32_t review_months;
	enum revenue_source revenue_from;
	int64_t default_margin_pct_centi;
	int64_t hour_cost_minor;
	struct text *lines;              /* folded, distinct; NULL with lines_stated false */
	int32_t line_count;
	bool lines_stated;
	struct exchange_rate *rates;
	int32_t rate_count;
	int64_t key_pct_centi, small_pct_centi;
	int64_t engagement_weight_centi[ENGAGEMENT_PARTS];
	int64_t potential_weight_centi[POTENTIAL_PARTS];
	int64_t full_reach;              /* 0: from the book; else the measure in its own unit */
	int64_t full_rhythm, full_orders;/* 0: from the book; else × 2^32, as decay sums are kept */
	struct cut_rule engagement_cut, potential_cut;
	int32_t margin_centi;            /* steadiness, hundredths of a point */
	int64_t let_go_pct_centi;
	bool let_go_tier[TIER_COUNT];
	int32_t min_tenure_days;
	int32_t keep_days;
	struct criterion *criteria;
	int32_t criteria_count;
	struct attribute *attributes;    /* what the criteria look at, each once */
	int32_t attribute_count;
	int64_t criteria_weight_centi;   /* of all criteria together; 0 without any */
	int32_t fit_threshold_centi;     /* 0..10000 */
	struct text *deciders;           /* folded, distinct */
	int32_t decider_count;
	int64_t floor_deal, floor_annual;/* minor units; -1: none */
	bool edges_stated;
	int64_t *edges;                  /* minor units, above 0, ascending; NULL with edges_stated false */
	int32_t edge_count;
	int32_t max_targets, max_leads;  /* per seller */
	int32_t account_management_pct_centi;
	int64_t time_weight_centi[TIER_COUNT];
	int32_t shortlist_max, commitment_days, event_days;
};

#endif
