/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of the policy, put together from one fragment a name and the default document. Documents are read in policy_decode.c. */
#include <sweetspot/policy_schema.h>

#include <string.h>

#include <sweetspot/number.h>
#include <sweetspot/policy_document.h>
#include <sweetspot/record.h>

#define WEIGHT "{\"$ref\": \"#/$defs/weight\"}"
#define PERCENT "{\"$ref\": \"#/$defs/percent\"}"
#define CUT "{\"$ref\": \"#/$defs/cut\"}"
#define MONEY "{\"$ref\": \"#/$defs/money\"}"
#define WORDS(most) "{\"type\": \"array\", \"maxItems\": " most ", \"items\": {\"$ref\": \"#/$defs/word\"}}"
#define OR_NULL(schema) "{\"anyOf\": [{\"type\": \"null\"}, " schema "]}"
#define WHOLE(min, max) "{\"type\": \"integer\", \"minimum\": " min ", \"maximum\": " max "}"
#define DECAY OR_NULL("{\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 1000, \"multipleOf\": 0.000001}")

/** One name of the document. */
struct fragment {
	const char *section;  /* NULL: at the top */
	const char *name;
	const char *schema;
	const char *about;
};

/* section → name → schema → what it is; sections themselves are put together below */
static const struct fragment fragments[] = {
	{NULL, "today", OR_NULL("{\"type\": \"string\", \"format\": \"date\"}"), "The book's day, pinned; null: it goes with the calendar."},
	{NULL, "fiscal_year_start",
	  "{\"type\": \"string\", \"pattern\": \"^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
	  "|02-(0[1-9]|1[0-9]|2[0-8]))$\"}", "Month and day on which the fiscal year begins."},
	{NULL, "review_months", WHOLE("1", "120"), "Months from one review to the next."},
	{NULL, "revenue_from", "{\"enum\": [\"auto\", \"revenue\", \"deals\"]}", "Where revenue is taken from. Acts at the next review."},
	{NULL, "default_margin_pct", PERCENT, "Margin of what states none."},
	{NULL, "hour_cost", "{\"$ref\": \"#/$defs/hour_cost\"}", "What an hour of a seller's time costs."},
	{NULL, "lines", OR_NULL(WORDS("1000")), "Product lines offered; null: those of the book. Acts at the next review."},
	{NULL, "rates",
	  "{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^[A-Z]{3}$\"}, \"additionalProperties\": {\"$ref\": \"#/$defs/rate\"}}",
	  "What one unit of another currency is worth."},
	{NULL, "key_pct", "{\"type\": \"number\", \"minimum\": 0.01, \"maximum\": 100, \"multipleOf\": 0.01}",
	  "Share of the clients on the key list. Acts at the next review."},
	{NULL, "small_pct", PERCENT, "Share of the key cut-off below which an account is small."},
	{"engagement", "reach", WEIGHT, NULL},
	{"engagement", "initiative", WEIGHT, NULL},
	{"engagement", "rhythm", WEIGHT, NULL},
	{"engagement", "orders", WEIGHT, NULL},
	{"engagement", "breadth", WEIGHT, NULL},
	{"potential", "headroom", WEIGHT, NULL},
	{"potential", "white_space", WEIGHT, NULL},
	{"potential", "momentum", WEIGHT, NULL},
	{"potential", "fit", WEIGHT, NULL},
	{"full", "reach", OR_NULL(WHOLE("1", "1000000")), "Null: the 90th percentile of the clients that have any."},
	{"full", "rhythm", DECAY, NULL},
	{"full", "orders", DECAY, NULL},
	{"cuts", "engagement", CUT, NULL},
	{"cuts", "potential", CUT, NULL},
	{"cuts", "margin", PERCENT, "Points by which a score must pass a cut-off to change sides between two reviews."},
	{"let_go", "pct", PERCENT, "Share of the clients that may be let go in a fiscal year."},
	{"let_go", "tiers",
	  "{\"type\": \"array\", \"maxItems\": 5, \"items\": {\"enum\": [\"key\", \"growth\", \"maintenance\", \"service\"]}}",
	  "Tiers out of which accounts are let go."},
	{"let_go", "min_tenure_days", WHOLE("0", "36500"), "Days somebody has been a client before."},
	{NULL, "criteria", "{\"type\": \"array\", \"maxItems\": 200, \"items\": {\"$ref\": \"#/$defs/criterion\"}}",
	  "What makes a prospect ours; each id once."},
	{NULL, "fit_threshold", PERCENT, "Fit from which a prospect is ours."},
	{NULL, "deciders", WORDS("1000"), "Personas who decide."},
	{NULL, "floor_deal", OR_NULL(MONEY), "Smallest deal worth a pursuit; null: derived from closed deals."},
	{NULL, "floor_annual", OR_NULL(MONEY), "Smallest year worth a pursuit."},
	{NULL, "edges", OR_NULL("{\"type\": \"array\", \"maxItems\": 100, \"items\": {\"$ref\": \"#/$defs/edge\"}}"),
	  "Edges of the size bands, ascending; null: from closed deals. Act at the next review."},
	{NULL, "max_targets", WHOLE("0", "10000"), "Targets a seller can work on."},
	{NULL, "max_leads", WHOLE("0", "10000"), "Leads a seller can work on."},
	{NULL, "account_management_pct", PERCENT, "Share of a week for accounts. Acts on size bands at the next review."},
	{"time", "maintenance", PERCENT, NULL},
	{"time", "key", PERCENT, NULL},
	{"time", "service", PERCENT, NULL},
	{"time", "growth", PERCENT, NULL},
	{NULL, "shortlist_max", WHOLE("0", "10000"), "Accounts a seller may be asked to commit to."},
	{NULL, "commitment_days", WHOLE("1", "36500"), "Days a commitment runs for."},
	{NULL, "keep_days", WHOLE("1", "36500"), "Days a decision to keep holds."},
	{NULL, "event_days", WHOLE("1", "36500"), "Days raw events are kept."},
};

/* section → whether one of its numbers must be above 0 → what it is */
static const struct {
	const char *name;
	bool needs_one;
	const char *about;
} sections[] = {
	{"engagement", true, "Weights of engagement."},
	{"potential", true, "Weights of potential."},
	{"full", false, "Measures that count as full. Act at the next review."},
	{"cuts", false, "From which scores on engagement and potential are high. Act at the next review."},
	{"let_go", false, "Whom to let go."},
	{"time", true, "Shares of account management by tier."},
};

/* What several names share, but for money, whose decimals are the currency's. */
static const char definitions[] =
	"{\"weight\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 10000, \"multipleOf\": 0.01},"
	" \"percent\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 100, \"multipleOf\": 0.01},"
	" \"word\": {\"type\": \"string\", \"maxLength\": 400, \"pattern\": \"^\\\\s*[^\\\\s\\\\x00-\\\\x1f\\\\x7f-\\\\x9f]"
	"([^\\\\x00-\\\\x1f\\\\x7f-\\\\x9f]*[^\\\\s\\\\x00-\\\\x1f\\\\x7f-\\\\x9f])?\\\\s*$\"},"
	" \"cut\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
	"\"percentile\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 99},"
	" \"score\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 100, \"multipleOf\": 0.01}},"
	" \"oneOf\": [{\"required\": [\"percentile\"]}, {\"required\": [\"score\"]}]},"
	" \"number\": {\"type\": \"number\", \"multipleOf\": 0.000001},"
	" \"decimal\": {\"anyOf\": [{\"$ref\": \"#/$defs/number\"},"
	" {\"type\": \"string\", \"pattern\": \"^[+-]?[0-9]+(\\\\.[0-9]{1,6}0*)?$\"}]},"
	" \"scalar\": {\"anyOf\": [{\"type\": \"boolean\"}, {\"$ref\": \"#/$defs/number\"}, {\"$ref\": \"#/$defs/word\"}]},"
	" \"rate\": {\"anyOf\": [{\"type\": \"number\", \"minimum\": 0.000001, \"maximum\": 9007199254.740992, \"multipleOf\": 0.000001},"
	" {\"type\": \"string\", \"pattern\": \"^[+]?(?=.*[1-9])[0-9]{1,9}(\\\\.[0-9]{1,6}0*)?$\"}]}}";

static const char criterion[] =
	"{\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"id\", \"dimension\", \"attribute\", \"op\", \"weight\"],"
	" \"properties\": {\"id\": {\"allOf\": [{\"$ref\": \"#/$defs/word\"}, {\"maxLength\": 128}]},"
	" \"dimension\": {\"enum\": [\"market\", \"enterprise\", \"persona\", \"problem\"]},"
	" \"attribute\": {\"type\": \"string\", \"maxLength\": 400},"
	" \"op\": {\"enum\": [\"in\", \"eq\", \"any\", \"not_in\", \"all\", \"between\", \"gte\", \"lte\", \"exists\"]}, \"value\": true,"
	" \"weight\": {\"type\": \"number\", \"minimum\": 0.01, \"maximum\": 10000, \"multipleOf\": 0.01},"
	" \"required\": {\"type\": \"boolean\"}},"
	" \"allOf\": [{\"if\": {\"properties\": {\"op\": {\"enum\": [\"in\", \"eq\", \"any\", \"not_in\", \"all\"]}}},"
	" \"then\": {\"required\": [\"value\"], \"properties\": {\"value\": {\"anyOf\": [{\"$ref\": \"#/$defs/scalar\"},"
	" {\"type\": \"array\", \"minItems\": 1, \"maxItems\": 1000, \"items\": {\"$ref\": \"#/$defs/scalar\"}}]}}}},"
	" {\"if\": {\"properties\": {\"op\": {\"enum\": [\"gte\", \"lte\"]}}},"
	" \"then\": {\"required\": [\"value\"], \"properties\": {\"value\": {\"$ref\": \"#/$defs/decimal\"}}}},"
	" {\"if\": {\"properties\": {\"op\": {\"const\": \"between\"}}}, \"then\": {\"required\": [\"value\"], \"properties\": {\"value\":"
	" {\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, \"items\": {\"$ref\": \"#/$defs/decimal\"},"
	" \"description\": \"The lower number first.\"}}}}]}";

/* ---- Putting it together; NULL at any step is NULL at the end ---- */

static json_t *parsed(const char *text)
{
	return json_loads(text, 0, NULL);
}

/** Set a member, taking the value over. @return whether it could be */
static bool set(json_t *object, const char *name, json_t *value)
{
	return object != NULL && json_object_set_new(object, name, value) == 0;
}

/** A member's schema with what it is and its default. */
static json_t *described(json_t *schema, const char *about, const json_t *fallback)
{
	bool ok = about == NULL || set(schema, "description", json_string(about));

	if (ok && set(schema, "default", json_deep_copy(fallback)))
		return schema;
	json_decref(schema);
	return NULL;
}

/** Not all of them 0: those left out take their defaults, which are above it. */
static json_t *one_above_zero(const json_t *defaults)
{
	json_t *required = json_array(), *zeros = json_object();
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)defaults, name, value) {
		json_array_append_new(required, json_string(name));
		set(zeros, name, json_pack("{s:i}", "const", 0));
	}
	return json_pack("{s:o, s:o}", "required", required, "properties", zeros);
}

static const struct fragment *find_fragment(const char *section, const char *name)
{
	for (size_t i = 0; i < sizeof(fragments) / sizeof(fragments[0]); i++) {
		bool is_in = section == NULL ? fragments[i].section == NULL
		                             : fragments[i].section != NULL && strcmp(fragments[i].section, section) == 0;

		if (is_in && strcmp(fragments[i].name, name) == 0)
			return &fragments[i];
	}
	return NULL;
}

static json_t *object_schema(const char *section, const json_t *defaults);

static json_t *section_schema(const char *name, const json_t *defaults)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		json_t *schema;

		if (strcmp(sections[i].name, name) != 0)
			continue;
		schema = described(object_schema(name, defaults), sections[i].about, defaults);
		if (!sections[i].needs_one || set(schema, "not", one_above_zero(defaults)))
			return schema;
		json_decref(schema);
	}
	return NULL;
}

/** The members of the defaults, in their order. */
static json_t *object_schema(const char *section, const json_t *defaults)
{
	json_t *properties = json_object(), *value;
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)defaults, name, value) {
		const struct fragment *fragment = find_fragment(section, name);
		json_t *schema = fragment == NULL ? section_schema(name, value) : described(parsed(fragment->schema), fragment->about, value);

		if (set(properties, name, schema))
			continue;
		json_decref(properties);
		return NULL;
	}
	return json_pack("{s:s, s:b, s:o}", "type", "object", "additionalProperties", false, "properties", properties);
}

/** A number of the currency, or the same as text; least and most in minor units. */
static json_t *money_schema(int digits, int64_t least, int64_t most)
{
	double unit = 1;
	char pattern[96];
	json_t *number;

	for (int i = 0; i < digits; i++)
		unit *= 10;
	/* As many digits before the point as every amount within bounds has at most. */
	snprintf(pattern, sizeof(pattern), digits > 0 ? "^[+]?%s[0-9]{1,15}(\\.[0-9]{1,%d}0*)?$" : "^[+]?%s[0-9]{1,15}(\\.0+)?$",
	         least > 0 ? "(?=.*[1-9])" : "", digits);
	number = json_pack("{s:s, s:f, s:f}", "type", "number", "minimum", (double)least / unit, "maximum", (double)most / unit);
	set(number, "multipleOf", json_real(1 / unit));
	return json_pack("{s:[o, {s:s, s:s}]}", "anyOf", number, "type", "string", "pattern", pattern);
}

/** Fields of organisations that criteria can look at. */
static bool is_looked_at(const struct field *field)
{
	return field->kind != FIELD_OBJECT && field->kind != FIELD_PROTECTION;
}

static json_t *criterion_schema(void)
{
	const struct record_shape *shape = record_shape(RECORD_ORGANISATION);
	json_t *schema = parsed(criterion), *names = json_array();
	json_t *attribute = json_object_get(json_object_get(schema, "properties"), "attribute");

	json_array_append_new(names, json_string("personas"));
	for (size_t i = 0; i < shape->field_count; i++)
		if (is_looked_at(&shape->fields[i]))
			json_array_append_new(names, json_string(shape->fields[i].name));
	if (set(attribute, "anyOf", json_pack("[{s:o}, {s:s}]", "enum", names, "pattern", "^attributes\\..")))
		return schema;
	json_decref(schema);
	return NULL;
}

/* For validators that divide doubles. */
static const char decimals[] = "Numbers are meant as they are written: 1.1 is a multiple of 0.01. A validator that divides in binary "
			       "has to allow for that, as ajv does with multipleOfPrecision: 6.";

#define HOUR_COST_MOST INT64_C(10000000000)

static bool add_definitions(json_t *schema, int digits)
{
	json_t *all = parsed(definitions);
	bool ok = set(all, "money", money_schema(digits, 0, EXACT_MAX));

	ok = set(all, "hour_cost", money_schema(digits, 0, HOUR_COST_MOST)) && ok;
	ok = set(all, "edge", money_schema(digits, 1, EXACT_MAX)) && ok;
	ok = set(all, "criterion", criterion_schema()) && ok;
	return set(schema, "$defs", all) && ok;
}

json_t *policy_schema(int currency_digits)
{
	struct text text = policy_document_default();
	json_t *defaults = json_loadb(text.bytes, text.length, 0, NULL);
	json_t *schema = object_schema(NULL, defaults);
	bool ok = set(schema, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));

	json_decref(defaults);
	ok = ok && set(schema, "title", json_string("Policy"));
	ok = ok && set(schema, "$comment", json_string(decimals));
	if (ok && add_definitions(schema, currency_digits))
		return schema;
	json_decref(schema);
	return NULL;
}
