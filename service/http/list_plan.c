/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of docs/lists.md: every set of filters and sort that a list takes, with its statement. Nothing is put together at run time. */
#include "list_plan.h"

#include <string.h>

#define TIER FILTER_BIT(FILTER_TIER)
#define LIST FILTER_BIT(FILTER_LIST)
#define SELLER FILTER_BIT(FILTER_SELLER)
#define STATUS FILTER_BIT(FILTER_STATUS)
#define INDUSTRY FILTER_BIT(FILTER_INDUSTRY)
#define REGION FILTER_BIT(FILTER_REGION)
#define PREFIX FILTER_BIT(FILTER_PREFIX)
#define ORGANISATION FILTER_BIT(FILTER_ORGANISATION)
#define STAGE FILTER_BIT(FILTER_STAGE)
#define ACTIVE FILTER_BIT(FILTER_ACTIVE)
#define VERDICT FILTER_BIT(FILTER_VERDICT)
#define REVISIT FILTER_BIT(FILTER_REVISIT)
#define CONTENDER FILTER_BIT(FILTER_CONTENDER)
#define ASSIGNED FILTER_BIT(FILTER_ASSIGNED)

#define MEASURES "revenue_12m -revenue_12m potential -potential engagement -engagement"

static const char *const filter_names[FILTERS] = {
	[FILTER_TIER] = "tier", [FILTER_LIST] = "list", [FILTER_SELLER] = "seller", [FILTER_STATUS] = "status",
	[FILTER_INDUSTRY] = "industry", [FILTER_REGION] = "region", [FILTER_PREFIX] = "q", [FILTER_ORGANISATION] = "organisation",
	[FILTER_STAGE] = "stage", [FILTER_ACTIVE] = "active", [FILTER_VERDICT] = "verdict", [FILTER_REVISIT] = "revisit_before",
	[FILTER_CONTENDER] = "could_become_key", [FILTER_ASSIGNED] = "assigned",
};

#define DESCRIBED (STATUS | INDUSTRY | REGION)
#define CLASSED (TIER | LIST | CONTENDER)
#define QUALIFIED (VERDICT | LIST | REVISIT)
#define ORGANISATIONS(way) STATEMENT_LIST_ORGANISATIONS_##way

/* Legend: the first line whose sort and needs fit, and whose needs and takes hold all that is given, is taken.
 *   binds  w workspace, a accounts, r rows, o sort, k t i behind this key, name, id, and the filters: T tier, L list, S seller, U status,
 *          I industry, R region, Q prefix ("" for none), q prefix (null for none), O organisation, G stage, A active, P spellings of a
 *          region, V verdict, D day before which to revisit, C could become key, H by hand
 *   the last: it sorts everything each time
 */
static const struct list_way account_ways[] = {
	/* sorts          needs         takes                  statement                       binds            sorting */
	{"id",            SELLER,       CLASSED | DESCRIBED,          ORGANISATIONS(OF_SELLER),        "warSiTLUIRVDC",    false},
	{"id",            INDUSTRY,     CLASSED | STATUS | REGION, ORGANISATIONS(OF_INDUSTRY),    "warIiTLURVDC",     false},
	{"id",            REGION,       CLASSED | STATUS,        ORGANISATIONS(OF_REGION),        "warRiTLUVDC",      false},
	{"id",            0,            CLASSED | STATUS,        ORGANISATIONS(BY_ID),            "wariTLUVDC",       false},
	{"name",          PREFIX,       CLASSED | DESCRIBED | SELLER, ORGANISATIONS(BY_NAME),          "wartiQTLUIRSVDC",  false},
	{"name " MEASURES, SELLER,      CLASSED | DESCRIBED,          ORGANISATIONS(OF_SELLER_SORTED), "waroktiSTLUIRVDC", true},
	{"name",          0,            CLASSED | DESCRIBED,          ORGANISATIONS(BY_NAME),          "wartiQTLUIRSVDC",  false},
	{"-potential",    CONTENDER,    TIER | LIST | DESCRIBED,    ORGANISATIONS(OF_CONTENDERS),    "wrkiTLUIR",      false},
	{"-potential",    TIER,         LIST | DESCRIBED,           ORGANISATIONS(OF_TIER),          "warTkiLUIR",     false},
	{MEASURES,        0,            CLASSED | DESCRIBED,          ORGANISATIONS(BY_MEASURE),       "warokiTLUIRVDC",   true},
};
static const struct list_way prospect_ways[] = {
	{"id name -fit",  ASSIGNED,     QUALIFIED | DESCRIBED | SELLER | PREFIX, STATEMENT_LIST_PROSPECTS_BY_HAND, "wroktiHLUIRVDSq", true},
	{"id",            SELLER,       QUALIFIED | DESCRIBED,             ORGANISATIONS(OF_SELLER),        "warSiTLUIRVDC",    false},
	{"id",            INDUSTRY,     QUALIFIED | STATUS | REGION,       ORGANISATIONS(OF_INDUSTRY),      "warIiTLURVDC",     false},
	{"id",            REGION,       QUALIFIED | STATUS,                ORGANISATIONS(OF_REGION),        "warRiTLUVDC",      false},
	{"id",            0,            QUALIFIED | STATUS,                ORGANISATIONS(BY_ID),            "wariTLUVDC",       false},
	{"name",          PREFIX,       QUALIFIED | DESCRIBED | SELLER,    ORGANISATIONS(BY_NAME),          "wartiQTLUIRSVDC",  false},
	{"name -fit",     SELLER,       QUALIFIED | DESCRIBED,             ORGANISATIONS(OF_SELLER_SORTED), "waroktiSTLUIRVDC", true},
	{"name",          0,            QUALIFIED | DESCRIBED,             ORGANISATIONS(BY_NAME),          "wartiQTLUIRSVDC",  false},
	{"-fit",          VERDICT,      LIST | REVISIT | DESCRIBED,        STATEMENT_LIST_PROSPECTS_OF_VERDICT, "wrVkiLUIRD", false},
	{"-fit",          0,            LIST | REVISIT | DESCRIBED,        ORGANISATIONS(BY_MEASURE),       "warokiTLUIRVDC",   true},
};
static const struct list_way seller_ways[] = {
	{"id",            0,            REGION | ACTIVE,       STATEMENT_LIST_SELLERS_BY_ID,    "wriPA",         false},
};
static const struct list_way contact_ways[] = {
	{"id",            ORGANISATION, 0,                     STATEMENT_LIST_CONTACTS_OF_ORGANISATION, "wriO",  false},
	{"id",            0,            0,                     STATEMENT_LIST_CONTACTS_BY_ID,   "wri",           false},
};
static const struct list_way deal_ways[] = {
	{"id",            ORGANISATION, SELLER | STAGE,        STATEMENT_LIST_DEALS_OF_ORGANISATION, "wriOSG",   true},
	{"id",            0,            SELLER | STAGE,        STATEMENT_LIST_DEALS_BY_ID,      "wriSG",         false},
};
static const struct list_way activity_ways[] = {
	{"id",            ORGANISATION, 0,                     STATEMENT_LIST_ACTIVITIES_OF_ORGANISATION, "wriO", true},
	{"id",            0,            0,                     STATEMENT_LIST_ACTIVITIES_BY_ID, "wri",           false},
};
static const struct list_way revenue_ways[] = {
	{"id",            ORGANISATION, 0,                     STATEMENT_LIST_REVENUE_OF_ORGANISATION, "wriO",   true},
	{"id",            0,            0,                     STATEMENT_LIST_REVENUE_BY_ID,    "wri",           false},
};

static const enum list_filter account_filters[] = {
	FILTER_TIER, FILTER_LIST, FILTER_CONTENDER, FILTER_SELLER, FILTER_STATUS, FILTER_INDUSTRY, FILTER_REGION, FILTER_PREFIX,
};
static const enum list_filter prospect_filters[] = {
	FILTER_VERDICT, FILTER_LIST, FILTER_ASSIGNED, FILTER_SELLER, FILTER_REVISIT, FILTER_STATUS, FILTER_INDUSTRY, FILTER_REGION,
	FILTER_PREFIX,
};
static const enum list_filter seller_filters[] = {FILTER_REGION, FILTER_ACTIVE};
static const enum list_filter deal_filters[] = {FILTER_ORGANISATION, FILTER_SELLER, FILTER_STAGE};
static const enum list_filter fact_filters[] = {FILTER_ORGANISATION};

#define WAYS(array) array, sizeof(array) / sizeof((array)[0])
#define COUNT_OF_ORGANISATIONS STATEMENT_COUNT_ORGANISATIONS, "waTLSUIRqVDCH"
/* Legend: plural, record, accounts, ways, filters, statement that counts and its parameters. */
const struct list_kind list_kinds[LISTINGS] = {
	[LISTING_ACCOUNTS] =
		{"accounts", RECORD_ORGANISATION, true, WAYS(account_ways), WAYS(account_filters), COUNT_OF_ORGANISATIONS},
	[LISTING_PROSPECTS] =
		{"prospects", RECORD_ORGANISATION, false, WAYS(prospect_ways), WAYS(prospect_filters), COUNT_OF_ORGANISATIONS},
	[LISTING_SELLERS] = {"sellers", RECORD_SELLER, false, WAYS(seller_ways), WAYS(seller_filters), STATEMENT_COUNT_SELLERS, "wPA"},
	[LISTING_CONTACTS] = {"contacts", RECORD_CONTACT, false, WAYS(contact_ways), WAYS(fact_filters), STATEMENT_COUNT_CONTACTS, "wO"},
	[LISTING_DEALS] = {"deals", RECORD_DEAL, false, WAYS(deal_ways), WAYS(deal_filters), STATEMENT_COUNT_DEALS, "wOSG"},
	[LISTING_ACTIVITIES] =
		{"activities", RECORD_ACTIVITY, false, WAYS(activity_ways), WAYS(fact_filters), STATEMENT_COUNT_ACTIVITIES, "wO"},
	[LISTING_REVENUE] = {"revenue", RECORD_REVENUE, false, WAYS(revenue_ways), WAYS(fact_filters), STATEMENT_COUNT_REVENUE, "wO"},
};

const char *list_filter_name(enum list_filter filter)
{
	return filter_names[filter];
}

static bool has_word(const char *words, struct text word)
{
	while (*words != '\0') {
		size_t length = strcspn(words, " ");

		if (text_equal((struct text){words, length}, word))
			return true;
		words += length + (words[length] == ' ');
	}
	return false;
}

const struct list_way *list_way_find(const struct list_kind *kind, struct text sort, unsigned given)
{
	for (size_t i = 0; i < kind->way_count; i++) {
		const struct list_way *way = &kind->ways[i];

		if ((given & way->needs) == way->needs && (given & ~(way->needs | way->takes)) == 0 && has_word(way->sorts, sort))
			return way;
	}
	return NULL;
}

struct text list_sort_default(unsigned given)
{
	return (given & PREFIX) != 0 ? TEXT("name") : TEXT("id");
}

/* ---- What to say to whoever asked for something else ---- */

static struct text name_filters(struct arena *arena, unsigned bits)
{
	struct text names = {NULL, 0};

	for (int filter = 0; filter < FILTERS; filter++) {
		if ((bits & FILTER_BIT(filter)) == 0)
			continue;
		names = text_format(arena, "%.*s%s%s", TEXT_ARGS(names), names.length > 0 ? ", " : "", filter_names[filter]);
	}
	return names;
}

struct text list_way_explain(struct arena *arena, const struct list_kind *kind, struct text sort)
{
	struct text said = {NULL, 0};

	for (size_t i = 0; i < kind->way_count; i++) {
		const struct list_way *way = &kind->ways[i];
		struct text needs, takes;

		if (!has_word(way->sorts, sort))
			continue;
		needs = name_filters(arena, way->needs);
		takes = name_filters(arena, way->takes);
		said = text_format(arena, "%.*s%s%s%.*s%s%.*s", TEXT_ARGS(said), said.length > 0 ? "; or " : "", way->needs != 0 ? "with " : "",
		                   TEXT_ARGS(needs), way->takes == 0 ? "" : way->needs != 0 ? " and any of " : "with any of ", TEXT_ARGS(takes));
		if (way->needs == 0 && way->takes == 0)
			said = text_format(arena, "%.*swithout filters", TEXT_ARGS(said));
	}
	if (said.length == 0)
		return text_format(arena, "this list has no sort \"%.*s\"", TEXT_ARGS(sort));
	return text_format(arena, "sort \"%.*s\" goes %.*s", TEXT_ARGS(sort), TEXT_ARGS(said));
}

/* ---- Parameters ---- */

struct list_position list_position_first(const struct list_way *way, const struct list_values *values)
{
	struct list_position first = {.key = INT64_MIN, .name = {"", 0}, .id = {"", 0}};

	/* Falling by the index, where everything else rises; and a prefix is where its names begin. */
	if (way->statement == STATEMENT_LIST_ORGANISATIONS_OF_TIER)
		first.key = INT64_MAX;
	if (way->statement == STATEMENT_LIST_ORGANISATIONS_BY_NAME && values->filter[FILTER_PREFIX].bytes != NULL)
		first.name = values->filter[FILTER_PREFIX];
	return first;
}

static void bind_regions(struct params *params, const struct list_values *values)
{
	if (values->regions == NULL)
		params_null(params);
	else
		params_array(params, values->regions);
}

static void bind_active(struct params *params, const struct list_values *values)
{
	if (values->filter[FILTER_ACTIVE].bytes == NULL)
		params_null(params);
	else
		params_bool(params, values->active);
}

static void bind_revisit(struct params *params, const struct list_values *values)
{
	if (values->filter[FILTER_REVISIT].bytes == NULL)
		params_null(params);
	else
		params_day(params, values->revisit_before);
}

/** The one value that the filter has is true. */
static void bind_contender(struct params *params, const struct list_values *values)
{
	if (values->filter[FILTER_CONTENDER].bytes == NULL)
		params_null(params);
	else
		params_bool(params, true);
}

static void bind_prefix(struct params *params, const struct list_values *values)
{
	struct text prefix = values->filter[FILTER_PREFIX];

	params_text(params, prefix.bytes == NULL ? TEXT("") : prefix);
}

static void bind_filter(struct params *params, char letter, const struct list_values *values)
{
	static const char letters[] = "TLSUIRqOGVH";
	static const enum list_filter filters[] = {
		FILTER_TIER, FILTER_LIST, FILTER_SELLER, FILTER_STATUS, FILTER_INDUSTRY, FILTER_REGION, FILTER_PREFIX, FILTER_ORGANISATION,
		FILTER_STAGE, FILTER_VERDICT, FILTER_ASSIGNED,
	};
	const char *found = strchr(letters, letter);

	params_text(params, found == NULL ? (struct text){NULL, 0} : values->filter[filters[found - letters]]);
}

static void bind_one(struct params *params, char letter, const struct list_values *values)
{
	switch (letter) {
	case 'w': params_int8(params, values->workspace); break;
	case 'a': params_bool(params, values->accounts); break;
	case 'r': params_int8(params, values->rows); break;
	case 'o': params_text(params, values->sort); break;
	case 'k': params_int8(params, values->behind.key); break;
	case 't': params_text(params, values->behind.name); break;
	case 'i': params_text(params, values->behind.id); break;
	case 'Q': bind_prefix(params, values); break;
	case 'A': bind_active(params, values); break;
	case 'D': bind_revisit(params, values); break;
	case 'C': bind_contender(params, values); break;
	case 'P': bind_regions(params, values); break;
	default: bind_filter(params, letter, values); break;
	}
}

void list_bind(struct params *params, const char *binds, const struct list_values *values)
{
	for (; *binds != '\0'; binds++)
		bind_one(params, *binds, values);
}
