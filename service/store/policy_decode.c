/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a policy document by one table of names. Its making is policy_document.c, its criteria are policy_criteria.c. */
#include <sweetspot/policy_document.h>

#include <stddef.h>
#include <string.h>

#include <sweetspot/calendar.h>

#include "policy_reading.h"

#define LINES_MOST 1000
#define DECIDERS_MOST 1000
#define EDGES_MOST 100
#define DAYS_MOST 36500
#define COUNT_MOST 10000
#define PCT_ALL 10000
/* An hour for 100 million units of a currency with cents; times all minutes of a year it stays far from overflow. */
#define HOUR_COST_MOST INT64_C(10000000000)
/* Decay sums have at most 365 days of weight 1. */
#define FULL_MOST_MILLIONTHS INT64_C(1000000000)
#define RATE_DIGITS 6
#define MILLION 1000000

/* ---- Reading single values ---- */

static struct text pointer_of(struct reading *reading, struct text parent, struct text name)
{
	struct text pointer = pointer_join(reading->arena, parent, name);

	if (pointer.bytes == NULL)
		reading->is_short = true;
	return pointer;
}

struct place place_member(struct reading *reading, struct place object, const char *name)
{
	return (struct place){json_object_get(object.value, name), pointer_of(reading, object.pointer, text_of(name))};
}

struct place place_element(struct reading *reading, struct place array, size_t index)
{
	struct text name = text_format(reading->arena, "%zu", index);

	return (struct place){json_array_get(array.value, index), pointer_of(reading, array.pointer, name)};
}

static int64_t power_of_ten(int exponent)
{
	int64_t power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

enum number_result place_number(struct place place, int digits, bool texts_too, int64_t *out)
{
	int64_t most = EXACT_MAX / power_of_ten(digits);

	if (json_is_real(place.value))
		return number_from_double(json_real_value(place.value), digits, out);
	if (json_is_string(place.value) && texts_too)
		return number_parse((struct text){json_string_value(place.value), json_string_length(place.value)}, digits, out);
	if (!json_is_integer(place.value))
		return NUMBER_NOT_PLAIN;
	if (json_integer_value(place.value) < -most || json_integer_value(place.value) > most)
		return NUMBER_TOO_LARGE;
	*out = json_integer_value(place.value) * power_of_ten(digits);
	return NUMBER_OK;
}

/** 149350, 2 → "1493.5" */
static struct text show_scaled(struct reading *reading, int64_t value, int digits)
{
	int64_t whole = value / power_of_ten(digits);
	int64_t rest = value % power_of_ten(digits);
	int places = digits;

	if (rest == 0)
		return text_format(reading->arena, "%lld", (long long)whole);
	for (; rest % 10 == 0; rest /= 10)
		places--;
	return text_format(reading->arena, "%lld.%0*lld", (long long)whole, places, (long long)rest);
}

bool read_scaled_number(struct reading *reading, struct place place, int digits, bool texts_too, int64_t min, int64_t max, int64_t *out)
{
	int64_t value = 0;
	enum number_result result = place_number(place, digits, texts_too, &value);
	struct text low = show_scaled(reading, min, digits);
	struct text high = show_scaled(reading, max, digits);

	if (result == NUMBER_OK && value >= min && value <= max) {
		*out = value;
		return true;
	}
	if (digits == 0)
		PLACE_PROBLEM(reading, place, "must be a whole number from %.*s to %.*s", TEXT_ARGS(low), TEXT_ARGS(high));
	else
		PLACE_PROBLEM(reading, place, "must be a number from %.*s to %.*s with at most %d decimals", TEXT_ARGS(low), TEXT_ARGS(high),
		              digits);
	return false;
}

bool read_text(struct reading *reading, struct place place, size_t max_bytes, struct text *out)
{
	struct text text = text_trim((struct text){json_string_value(place.value), json_string_length(place.value)});

	if (text.length == 0 || text.length > max_bytes || text_has_control(text)) {
		PLACE_PROBLEM(reading, place, "must be text of 1 to %zu bytes, not blank and without control characters", max_bytes);
		return false;
	}
	*out = text;
	return true;
}

bool read_array(struct reading *reading, struct place place, size_t most, size_t *count)
{
	*count = json_array_size(place.value);
	if (json_is_array(place.value) && *count <= most)
		return true;
	PLACE_PROBLEM(reading, place, "must be a list of at most %zu", most);
	return false;
}

static bool is_among(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

void refuse_unknown(struct reading *reading, struct place object, const char *const *names)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object.value, name, value)
		if (!is_among(names, name))
			problems_add(reading->problems, pointer_of(reading, object.pointer, text_of(name)), "is not a name of the policy");
}

/* ---- The table of names ---- */

/** One name of the document. */
struct knob {
	const char *section;  /* NULL: at the top */
	const char *name;
	void (*read)(struct reading *reading, const struct knob *knob, struct place place);
	int64_t min, max;     /* scaled as it is kept */
	size_t offset, size;  /* where it is kept in struct reading, an int64_t or an int32_t; size 0: the reader knows where */
};

static void keep(struct reading *reading, const struct knob *knob, int64_t value)
{
	unsigned char *at = (unsigned char *)reading + knob->offset;
	int32_t narrow = (int32_t)value;

	if (knob->size == sizeof(value))
		memcpy(at, &value, sizeof(value));
	if (knob->size == sizeof(narrow))
		memcpy(at, &narrow, sizeof(narrow));
}

static void read_number(struct reading *reading, const struct knob *knob, struct place place, int digits, bool texts_too)
{
	int64_t value;

	if (read_scaled_number(reading, place, digits, texts_too, knob->min, knob->max, &value))
		keep(reading, knob, value);
}

static void read_whole(struct reading *reading, const struct knob *knob, struct place place)
{
	read_number(reading, knob, place, 0, false);
}

/** Percentages, weights and points: kept in hundredths. */
static void read_centi(struct reading *reading, const struct knob *knob, struct place place)
{
	read_number(reading, knob, place, 2, false);
}

static void read_money(struct reading *reading, const struct knob *knob, struct place place)
{
	read_number(reading, knob, place, reading->currency_digits, true);
}

/** null is -1: there is none. */
static void read_money_or_null(struct reading *reading, const struct knob *knob, struct place place)
{
	if (json_is_null(place.value))
		keep(reading, knob, -1);
	else
		read_money(reading, knob, place);
}

/** null is 0: the mark comes from the book. */
static void read_whole_or_null(struct reading *reading, const struct knob *knob, struct place place)
{
	if (!json_is_null(place.value))
		read_whole(reading, knob, place);
}

/** A decay sum: kept times 2^32, as the book's are. */
static void read_decay_or_null(struct reading *reading, const struct knob *knob, struct place place)
{
	int64_t millionths;

	if (!json_is_null(place.value) && read_scaled_number(reading, place, 6, false, knob->min, knob->max, &millionths))
		keep(reading, knob, number_divide_rounded((int128)millionths << 32, MILLION));
}

static struct text place_text(struct place place)
{
	return (struct text){json_string_value(place.value), json_string_length(place.value)};
}

static void read_today(struct reading *reading, const struct knob *knob, struct place place)
{
	int32_t day = DAY_NONE;

	if (!json_is_null(place.value) && !day_parse(place_text(place), &day))
		PLACE_PROBLEM(reading, place, "must be a day such as \"2017-12-31\", or null");
	keep(reading, knob, day);
}

/** Judged in a year without 29 February, so that the day exists every year. */
static void read_month_day(struct reading *reading, const struct knob *knob, struct place place)
{
	struct text in_2001 = text_format(reading->arena, "2001-%.*s", TEXT_ARGS(place_text(place)));
	struct civil_date date;
	int32_t day;

	(void)knob;
	if (!day_parse(in_2001, &day)) {
		PLACE_PROBLEM(reading, place, "must be a month and a day that every year has, such as \"04-01\"");
		return;
	}
	date = day_to_civil(day);
	reading->policy.fiscal_month = date.month;
	reading->policy.fiscal_day = date.day;
}

static void read_revenue_from(struct reading *reading, const struct knob *knob, struct place place)
{
	static const char *const words[] = {[REVENUE_AUTO] = "auto", [REVENUE_FROM_ENTRIES] = "revenue", [REVENUE_FROM_DEALS] = "deals"};

	(void)knob;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!text_equal(place_text(place), text_of(words[i])))
			continue;
		reading->policy.revenue_from = (enum revenue_source)i;
		return;
	}
	PLACE_PROBLEM(reading, place, "must be \"auto\", \"revenue\" or \"deals\"");
}

/** Add a word folded, unless it stands there already. */
static void add_folded(struct reading *reading, struct text word, struct text *words, int32_t *count)
{
	struct text folded;

	if (text_fold(reading->arena, word, &folded) != STATUS_OK) {
		reading->is_short = true;
		return;
	}
	for (int32_t i = 0; i < *count; i++)
		if (text_equal(words[i], folded))
			return;
	words[(*count)++] = folded;
}

/** @return the distinct words of a list, folded; NULL after telling the problem */
static struct text *read_words(struct reading *reading, struct place place, size_t most, int32_t *words_count)
{
	struct text *words;
	struct text word;
	size_t count;

	if (!read_array(reading, place, most, &count))
		return NULL;
	words = arena_array(reading->arena, count + 1, sizeof(*words));
	if (words == NULL)
		reading->is_short = true;
	for (size_t i = 0; words != NULL && i < count; i++)
		if (read_text(reading, place_element(reading, place, i), WORD_BYTES, &word))
			add_folded(reading, word, words, words_count);
	return words;
}

static void read_lines(struct reading *reading, const struct knob *knob, struct place place)
{
	struct policy *policy = &reading->policy;

	(void)knob;
	if (json_is_null(place.value))
		return;
	policy->lines_stated = true;
	policy->lines = read_words(reading, place, LINES_MOST, &policy->line_count);
}

static void add_rate(struct reading *reading, struct place place, struct text code)
{
	struct policy *policy = &reading->policy;
	struct exchange_rate rate = {.currency = text_copy(reading->arena, code)};

	if (currency_digits(code) < 0)
		PLACE_PROBLEM(reading, place, "must be named by a currency code of three capital letters, such as \"USD\"");
	else if (read_scaled_number(reading, place, RATE_DIGITS, true, 1, EXACT_MAX, &rate.rate_millionths))
		policy->rates[policy->rate_count++] = rate;
	if (rate.currency.bytes == NULL)
		reading->is_short = true;
}

static void read_rates(struct reading *reading, const struct knob *knob, struct place place)
{
	struct policy *policy = &reading->policy;
	const char *code;
	json_t *value;

	(void)knob;
	if (!json_is_object(place.value)) {
		PLACE_PROBLEM(reading, place, "must be an object of rates by currency, such as {\"USD\": 0.92}");
		return;
	}
	policy->rates = arena_array(reading->arena, json_object_size(place.value) + 1, sizeof(*policy->rates));
	if (policy->rates == NULL) {
		reading->is_short = true;
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)place.value, code, value)
		add_rate(reading, place_member(reading, place, code), text_of(code));
}

static void read_cut(struct reading *reading, const struct knob *knob, struct place place)
{
	static const char *const names[] = {"percentile", "score", NULL};
	struct cut_rule *rule = (struct cut_rule *)(void *)((unsigned char *)reading + knob->offset);
	struct place percentile = place_member(reading, place, "percentile");
	struct place score = place_member(reading, place, "score");
	int64_t value = 0;

	refuse_unknown(reading, place, names);
	if ((percentile.value == NULL) == (score.value == NULL)) {
		PLACE_PROBLEM(reading, place, "must be either {\"percentile\": 1 to 99} or {\"score\": 0 to 100}");
		return;
	}
	rule->is_score = score.value != NULL;
	if (rule->is_score && read_scaled_number(reading, score, 2, false, 0, PCT_ALL, &value))
		rule->score_centi = (int32_t)value;
	if (!rule->is_score && read_scaled_number(reading, percentile, 0, false, 1, 99, &value))
		rule->percentile = (int32_t)value;
}

static void read_tier(struct reading *reading, struct place place)
{
	for (int tier = TIER_KEY; tier < TIER_COUNT; tier++) {
		if (!text_equal(place_text(place), text_of(tier_name((enum tier)tier))))
			continue;
		reading->policy.let_go_tier[tier] = true;
		return;
	}
	PLACE_PROBLEM(reading, place, "must be \"key\", \"growth\", \"maintenance\" or \"service\"");
}

static void read_tiers(struct reading *reading, const struct knob *knob, struct place place)
{
	size_t count;

	(void)knob;
	if (!read_array(reading, place, TIER_COUNT, &count))
		return;
	for (size_t i = 0; i < count; i++)
		read_tier(reading, place_element(reading, place, i));
}

static void read_deciders(struct reading *reading, const struct knob *knob, struct place place)
{
	(void)knob;
	reading->policy.deciders = read_words(reading, place, DECIDERS_MOST, &reading->policy.decider_count);
}

static void add_edge(struct reading *reading, const struct knob *knob, struct place place)
{
	struct policy *policy = &reading->policy;
	int64_t before = policy->edge_count > 0 ? policy->edges[policy->edge_count - 1] : 0;
	int64_t edge;

	if (!read_scaled_number(reading, place, reading->currency_digits, true, knob->min, knob->max, &edge))
		return;
	if (edge <= before)
		PLACE_PROBLEM(reading, place, "must be above the edge before it");
	policy->edges[policy->edge_count++] = edge;
}

static void read_edges(struct reading *reading, const struct knob *knob, struct place place)
{
	struct policy *policy = &reading->policy;
	size_t count;

	if (json_is_null(place.value) || !read_array(reading, place, EDGES_MOST, &count))
		return;
	policy->edges_stated = true;
	policy->edges = arena_array(reading->arena, count + 1, sizeof(*policy->edges));
	if (policy->edges == NULL)
		reading->is_short = true;
	for (size_t i = 0; policy->edges != NULL && i < count; i++)
		add_edge(reading, knob, place_element(reading, place, i));
}

static void read_criteria_knob(struct reading *reading, const struct knob *knob, struct place place)
{
	(void)knob;
	read_criteria(reading, place);
}

#define KEPT(member) offsetof(struct reading, member), sizeof(((struct reading *)0)->member)
#define WEIGHT(score, part) KEPT(policy.score##_weight_centi[part])
#define HOURS(tier) KEPT(policy.time_weight_centi[tier])
#define BY_ITSELF 0, 0

/* section → name → how it is read → bounds, scaled as it is kept → where it is kept, unless the reader knows */
static const struct knob knobs[] = {
	{NULL,         "today",                  read_today,         0, 0,                    KEPT(policy.pinned_day)},
	{NULL,         "fiscal_year_start",      read_month_day,     0, 0,                    BY_ITSELF},
	{NULL,         "review_months",          read_whole,         1, 120,                  KEPT(policy.review_months)},
	{NULL,         "revenue_from",           read_revenue_from,  0, 0,                    BY_ITSELF},
	{NULL,         "default_margin_pct",     read_centi,         0, PCT_ALL,              KEPT(policy.default_margin_pct_centi)},
	{NULL,         "hour_cost",              read_money,         0, HOUR_COST_MOST,       KEPT(policy.hour_cost_minor)},
	{NULL,         "lines",                  read_lines,         0, 0,                    BY_ITSELF},
	{NULL,         "rates",                  read_rates,         0, 0,                    BY_ITSELF},
	{NULL,         "key_pct",                read_centi,         1, PCT_ALL,              KEPT(policy.key_pct_centi)},
	{NULL,         "small_pct",              read_centi,         0, PCT_ALL,              KEPT(policy.small_pct_centi)},
	{"engagement", "reach",                  read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(engagement, PART_REACH)},
	{"engagement", "initiative",             read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(engagement, PART_INITIATIVE)},
	{"engagement", "rhythm",                 read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(engagement, PART_RHYTHM)},
	{"engagement", "orders",                 read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(engagement, PART_ORDERS)},
	{"engagement", "breadth",                read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(engagement, PART_BREADTH)},
	{"potential",  "headroom",               read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(potential, PART_HEADROOM)},
	{"potential",  "white_space",            read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(potential, PART_WHITE_SPACE)},
	{"potential",  "momentum",               read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(potential, PART_MOMENTUM)},
	{"potential",  "fit",                    read_centi,         0, WEIGHT_MOST_CENTI,    WEIGHT(potential, PART_FIT)},
	{"full",       "reach",                  read_whole_or_null, 1, MILLION,              KEPT(policy.full_reach)},
	{"full",       "rhythm",                 read_decay_or_null, 1, FULL_MOST_MILLIONTHS, KEPT(policy.full_rhythm)},
	{"full",       "orders",                 read_decay_or_null, 1, FULL_MOST_MILLIONTHS, KEPT(policy.full_orders)},
	{"cuts",       "engagement",             read_cut,           0, 0,                    KEPT(policy.engagement_cut)},
	{"cuts",       "potential",              read_cut,           0, 0,                    KEPT(policy.potential_cut)},
	{"cuts",       "margin",                 read_centi,         0, PCT_ALL,              KEPT(policy.margin_centi)},
	{"let_go",     "pct",                    read_centi,         0, PCT_ALL,              KEPT(policy.let_go_pct_centi)},
	{"let_go",     "tiers",                  read_tiers,         0, 0,                    BY_ITSELF},
	{"let_go",     "min_tenure_days",        read_whole,         0, DAYS_MOST,            KEPT(policy.min_tenure_days)},
	{NULL,         "criteria",               read_criteria_knob, 0, 0,                    BY_ITSELF},
	{NULL,         "fit_threshold",          read_centi,         0, PCT_ALL,              KEPT(policy.fit_threshold_centi)},
	{NULL,         "deciders",               read_deciders,      0, 0,                    BY_ITSELF},
	{NULL,         "floor_deal",             read_money_or_null, 0, EXACT_MAX,            KEPT(policy.floor_deal)},
	{NULL,         "floor_annual",           read_money_or_null, 0, EXACT_MAX,            KEPT(policy.floor_annual)},
	{NULL,         "edges",                  read_edges,         1, EXACT_MAX,            BY_ITSELF},
	{NULL,         "max_targets",            read_whole,         0, COUNT_MOST,           KEPT(policy.max_targets)},
	{NULL,         "max_leads",              read_whole,         0, COUNT_MOST,           KEPT(policy.max_leads)},
	{NULL,         "account_management_pct", read_centi,         0, PCT_ALL,              KEPT(policy.account_management_pct_centi)},
	{"time",       "maintenance",            read_centi,         0, PCT_ALL,              HOURS(TIER_MAINTENANCE)},
	{"time",       "key",                    read_centi,         0, PCT_ALL,              HOURS(TIER_KEY)},
	{"time",       "service",                read_centi,         0, PCT_ALL,              HOURS(TIER_SERVICE)},
	{"time",       "growth",                 read_centi,         0, PCT_ALL,              HOURS(TIER_GROWTH)},
	{NULL,         "shortlist_max",          read_whole,         0, COUNT_MOST,           KEPT(policy.shortlist_max)},
	{NULL,         "commitment_days",        read_whole,         1, DAYS_MOST,            KEPT(policy.commitment_days)},
	{NULL,         "keep_days",              read_whole,         1, DAYS_MOST,            KEPT(policy.keep_days)},
	{NULL,         "event_days",             read_whole,         1, DAYS_MOST,            KEPT(policy.event_days)},
};
#define KNOBS (sizeof(knobs) / sizeof(knobs[0]))

static const char *const sections[] = {"engagement", "potential", "full", "cuts", "let_go", "time", NULL};

/* ---- Reading the document ---- */

static bool in_section(const struct knob *knob, const char *section)
{
	return section == NULL ? knob->section == NULL : knob->section != NULL && strcmp(knob->section, section) == 0;
}

static void read_object(struct reading *reading, struct place object, const char *section)
{
	const char *names[KNOBS + sizeof(sections) / sizeof(sections[0])];
	size_t count = 0;

	if (!json_is_object(object.value)) {
		PLACE_PROBLEM(reading, object, "must be an object");
		return;
	}
	for (size_t i = 0; i < KNOBS; i++) {
		if (!in_section(&knobs[i], section))
			continue;
		knobs[i].read(reading, &knobs[i], place_member(reading, object, knobs[i].name));
		names[count++] = knobs[i].name;
	}
	for (size_t i = 0; section == NULL && sections[i] != NULL; i++)
		names[count++] = sections[i];
	names[count] = NULL;
	refuse_unknown(reading, object, names);
}

/** A weighted mean needs a weight. Told only where all of them could be read. */
static void check_weights(struct reading *reading, struct place document, const char *section, const int64_t *weights, size_t count)
{
	struct place place = place_member(reading, document, section);
	size_t problems = reading->problems->count;
	int64_t sum = 0;

	read_object(reading, place, section);
	for (size_t i = 0; i < count; i++)
		sum += weights[i];
	if (sum == 0 && reading->problems->count == problems)
		PLACE_PROBLEM(reading, place, "needs at least one number above 0");
}

static void read_document(struct reading *reading, struct place document)
{
	size_t problems = reading->problems->count;

	read_object(reading, document, NULL);
	if (!json_is_object(document.value) && reading->problems->count > problems)
		return;
	check_weights(reading, document, "engagement", reading->policy.engagement_weight_centi, ENGAGEMENT_PARTS);
	check_weights(reading, document, "potential", reading->policy.potential_weight_centi, POTENTIAL_PARTS);
	check_weights(reading, document, "time", reading->policy.time_weight_centi, TIER_COUNT);
	read_object(reading, place_member(reading, document, "full"), "full");
	read_object(reading, place_member(reading, document, "cuts"), "cuts");
	read_object(reading, place_member(reading, document, "let_go"), "let_go");
}

enum status policy_document_decode(const json_t *document, int currency_digits, struct arena *arena, struct policy *out,
                                   struct problems *problems)
{
	struct reading reading = {.arena = arena, .problems = problems, .currency_digits = currency_digits};
	size_t problems_before = problems->count;
	json_t *whole = policy_document_complete(document);

	if (whole == NULL)
		return STATUS_NO_MEMORY;
	reading.policy.version = out->version;
	reading.policy.currency_digits = currency_digits;
	read_document(&reading, (struct place){whole, TEXT("")});
	json_decref(whole);
	if (reading.is_short || problems->failed)
		return STATUS_NO_MEMORY;
	if (problems->count > problems_before)
		return STATUS_INVALID;
	*out = reading.policy;
	return STATUS_OK;
}
