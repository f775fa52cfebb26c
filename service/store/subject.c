/* SPDX-License-Identifier: Apache-2.0 */
/* Records as criteria see them: fields, personas and attributes folded and parsed once for each organisation. Judging is core's. */
#include <sweetspot/subject.h>

#include <stdlib.h>
#include <string.h>

#include <sweetspot/calendar.h>

#include "canonical.h"

/* ---- Values ---- */

static struct text string_of(const json_t *value)
{
	return (struct text){json_string_value(value), json_string_length(value)};
}

static enum status element_of_json(struct arena *arena, const json_t *json, struct element *out)
{
	switch (json_typeof(json)) {
	case JSON_STRING:
		return element_of_text(arena, string_of(json), out);
	case JSON_INTEGER:
		return element_of_scaled(arena, json_integer_value(json), 0, out);
	case JSON_REAL:
		return element_of_double(arena, json_real_value(json), out);
	case JSON_TRUE:
	case JSON_FALSE:
		*out = element_of_boolean(json_is_true(json));
		return STATUS_OK;
	default:
		*out = (struct element){.kind = ELEMENT_NONE};
		return STATUS_OK;
	}
}

/* Room for some elements; elements are appended, blank ones left out. */
struct growing {
	struct element *items;
	size_t count;
};

static enum status begin(struct growing *growing, struct arena *arena, size_t most)
{
	*growing = (struct growing){.items = arena_array(arena, most + 1, sizeof(*growing->items))};
	return growing->items == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static void keep(struct growing *growing)
{
	growing->count += growing->items[growing->count].kind != ELEMENT_NONE;
}

enum status elements_of_json(struct arena *arena, const json_t *json, struct elements *out)
{
	size_t count = json_is_array(json) ? json_array_size(json) : 1;
	struct growing growing;
	enum status status = begin(&growing, arena, count);

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		const json_t *value = json_is_array(json) ? json_array_get(json, i) : json;

		status = element_of_json(arena, value, &growing.items[growing.count]);
		if (status == STATUS_OK)
			keep(&growing);
	}
	if (status == STATUS_OK)
		*out = (struct elements){growing.items, growing.count};
	return status;
}

/** What the database spells as numeric may be an integer wider than a machine word. */
static json_t *load(struct text json)
{
	json_t *value = json_loadb(json.bytes, json.length, JSON_DECODE_ANY, NULL);

	return value != NULL ? value : json_loadb(json.bytes, json.length, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
}

struct text subject_attribute_json(struct arena *arena, struct text attributes, struct text name)
{
	json_t *object = attributes.bytes == NULL ? NULL : load(attributes);
	const json_t *value = json_object_getn(object, name.bytes, name.length);
	struct text shown = TEXT("null");

	if (value != NULL) {
		/* More digits than a double keeps: canonical_json finds the fewest that are enough. */
		char *bytes = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
		shown = bytes == NULL ? (struct text){NULL, 0} : canonical_json(text_of(bytes), arena);
		free(bytes);
	}
	json_decref(object);
	return shown;
}

static enum status texts_elements(struct arena *arena, struct text json, struct elements *out)
{
	json_t *list = load(json);
	enum status status = list != NULL ? elements_of_json(arena, list, out) : STATUS_MALFORMED;

	json_decref(list);
	return status;
}

/* ---- Fields ---- */

static enum status element_of_day(struct arena *arena, int64_t day, struct element *out)
{
	char text[11];

	day_format((int32_t)day, text);
	return element_of_text(arena, text_of(text), out);
}

static enum status element_of_value(struct arena *arena, const struct field *field, const union value *value, int currency_digits,
                                    struct element *out)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_REFERENCE:
		return element_of_text(arena, value->text, out);
	case FIELD_INTEGER:
		return element_of_scaled(arena, value->integer, 0, out);
	case FIELD_SCALED:
		return element_of_scaled(arena, value->integer, 2, out);
	case FIELD_MONEY:
		return element_of_scaled(arena, value->integer, currency_digits, out);
	case FIELD_DAY:
		return element_of_day(arena, value->integer, out);
	case FIELD_ENUM:
		return element_of_text(arena, text_of(field->labels[value->integer]), out);
	default:
		*out = element_of_boolean(value->integer != 0);
		return STATUS_OK;
	}
}

static enum status field_elements(struct arena *arena, const struct record *record, enum organisation_field index, int currency_digits,
                                  struct elements *out)
{
	const struct field *field = &record_shape(RECORD_ORGANISATION)->fields[index];
	bool is_filled = (record->filled >> index & 1) != 0;
	const union value fallback = {.integer = field->fallback};
	const union value *value = is_filled ? &record->value[index] : &fallback;
	struct growing growing;
	enum status status;

	*out = (struct elements){NULL, 0};
	if (!is_filled && !field->has_fallback)
		return STATUS_OK;
	if (field->kind == FIELD_TEXTS)
		return texts_elements(arena, value->text, out);
	status = begin(&growing, arena, 1);
	if (status == STATUS_OK)
		status = element_of_value(arena, field, value, currency_digits, growing.items);
	if (status != STATUS_OK)
		return status;
	keep(&growing);
	*out = (struct elements){growing.items, growing.count};
	return STATUS_OK;
}

static enum status persona_elements(struct arena *arena, const struct subject_facts *facts, struct elements *out)
{
	struct growing growing;
	enum status status = begin(&growing, arena, facts->persona_count);

	for (size_t i = 0; i < facts->persona_count && status == STATUS_OK; i++) {
		status = element_of_text(arena, facts->personas[i], &growing.items[growing.count]);
		if (status == STATUS_OK)
			keep(&growing);
	}
	if (status == STATUS_OK)
		*out = (struct elements){growing.items, growing.count};
	return status;
}

/* ---- All that a policy looks at ---- */

static enum status attribute_elements(const struct attribute *attribute, const struct record *record, const struct subject_facts *facts,
                                      const json_t *attributes, int currency_digits, struct arena *arena, struct elements *out)
{
	const json_t *named;

	switch (attribute->source) {
	case ATTRIBUTE_FIELD:
		return field_elements(arena, record, attribute->field, currency_digits, out);
	case ATTRIBUTE_PERSONAS:
		return persona_elements(arena, facts, out);
	default:
		named = json_object_getn(attributes, attribute->key.bytes, attribute->key.length);
		*out = (struct elements){NULL, 0};
		return named != NULL ? elements_of_json(arena, named, out) : STATUS_OK;
	}
}

static bool looks_at_attributes(const struct policy *policy)
{
	for (int32_t i = 0; i < policy->attribute_count; i++)
		if (policy->attributes[i].source == ATTRIBUTE_NAMED)
			return true;
	return false;
}

enum status subject_elements(const struct policy *policy, const struct record *record, const struct subject_facts *facts,
                             struct arena *arena, struct elements **out)
{
	struct elements *elements = arena_array(arena, (size_t)policy->attribute_count + 1, sizeof(*elements));
	bool has_attributes = (record->filled >> ORGANISATION_ATTRIBUTES & 1) != 0 && looks_at_attributes(policy);
	json_t *attributes = has_attributes ? load(record->value[ORGANISATION_ATTRIBUTES].text) : NULL;
	enum status status = elements == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	for (int32_t i = 0; i < policy->attribute_count && status == STATUS_OK; i++)
		status = attribute_elements(&policy->attributes[i], record, facts, attributes, policy->currency_digits, arena,
		                            &elements[i]);
	json_decref(attributes);
	if (status == STATUS_OK)
		*out = elements;
	return status;
}

/* ---- Judging ---- */

static int64_t integer_of(const struct record *record, enum organisation_field field, int64_t missing)
{
	return (record->filled >> field & 1) != 0 ? record->value[field].integer : missing;
}

struct terms terms_of(const struct record *record)
{
	return (struct terms){
		.expected_annual = integer_of(record, ORGANISATION_EXPECTED_ANNUAL, -1),
		.revisit_on = (int32_t)integer_of(record, ORGANISATION_REVISIT_ON, DAY_NONE),
	};
}

static enum status find_access(const struct policy *policy, const struct record *record, const struct subject_facts *facts,
                               struct arena *arena, enum access *out)
{
	int64_t stated = integer_of(record, ORGANISATION_ACCESS, -1);

	*out = stated < 0 ? ACCESS_UNKNOWN : stated == 0 ? ACCESS_NO : ACCESS_YES;
	for (size_t i = 0; i < facts->persona_count && *out == ACCESS_UNKNOWN; i++) {
		struct text folded;

		if (text_fold(arena, facts->personas[i], &folded) != STATUS_OK)
			return STATUS_NO_MEMORY;
		if (policy_has_decider(policy, folded))
			*out = ACCESS_YES;
	}
	return STATUS_OK;
}

static enum status judge(const struct policy *policy, const struct elements *elements, struct arena *arena, struct qualified *out)
{
	enum finding *findings = arena_array(arena, (size_t)policy->criteria_count + 1, sizeof(*findings));
	char *letters = arena_alloc(arena, (size_t)policy->criteria_count + 1);
	struct fit_weights fit;

	if (findings == NULL || letters == NULL)
		return STATUS_NO_MEMORY;
	fit = core_fit(policy, elements, findings);
	for (int32_t i = 0; i < policy->criteria_count; i++)
		letters[i] = finding_letter(findings[i]);
	out->fit_passed_centi = (int32_t)fit.passed_centi;
	out->fit_possible_centi = (int32_t)fit.possible_centi;
	out->findings = (struct text){letters, (size_t)policy->criteria_count};
	return STATUS_OK;
}

enum status subject_judge(const struct policy *policy, const struct record *record, bool is_account, const struct subject_facts *facts,
                          struct arena *arena, struct qualified *out)
{
	struct qualified judged = {.expected_annual = -1, .fit_passed_centi = -1, .fit_possible_centi = -1};
	struct elements *elements = NULL;
	enum status status = STATUS_OK;

	if (policy->criteria_count > 0)
		status = subject_elements(policy, record, facts, arena, &elements);
	if (status == STATUS_OK && policy->criteria_count > 0)
		status = judge(policy, elements, arena, &judged);
	if (status == STATUS_OK && !is_account)
		status = find_access(policy, record, facts, arena, &judged.access);
	if (status != STATUS_OK)
		return status;
	if (is_account) {
		judged.findings = (struct text){NULL, 0};
	} else {
		judged.open_amount = facts->open_amount;
		judged.largest_open = facts->largest_open;
	}
	*out = judged;
	return STATUS_OK;
}

bool qualified_equal(const struct qualified *a, const struct qualified *b)
{
	return a->verdict == b->verdict && a->expected_annual == b->expected_annual && a->size_source == b->size_source
	       && a->fit_passed_centi == b->fit_passed_centi && a->fit_possible_centi == b->fit_possible_centi
	       && a->open_amount == b->open_amount && a->largest_open == b->largest_open && a->access == b->access
	       && text_equal(a->findings, b->findings);
}

/* ---- Where it stands ---- */

struct prospect prospect_of(const struct qualified *qualified, const struct features *features, const struct terms *terms,
                            const struct policy *policy)
{
	return (struct prospect){
		.fit = core_fit_recall(policy, qualified->findings, NULL),
		.is_active = features->is_active,
		.expected_annual = terms->expected_annual,
		.open_amount = qualified->open_amount,
		.largest_open = qualified->largest_open,
		.access = qualified->access,
		.revisit_on = terms->revisit_on,
		.industry = features->industry,
		.employee_band = features->employee_band,
	};
}

static void classify_prospect(const struct features *features, const struct terms *terms, struct rules rules, int32_t day,
                              struct standing *standing)
{
	struct prospect prospect = prospect_of(&standing->qualified, features, terms, rules.policy);
	struct qualification found;

	core_qualify(&prospect, rules.review, rules.policy, day, &found);
	standing->list = found.list;
	standing->qualified.verdict = found.verdict;
	standing->qualified.expected_annual = found.expected_annual;
	standing->qualified.size_source = found.size_source;
}

static void classify_account(const struct features *features, struct rules rules, struct standing *standing, struct scoring *scoring)
{
	core_score(features, rules.review, rules.policy, scoring);
	standing->tier = scoring->tier;
	standing->list = scoring->list;
	standing->engagement_centi = scoring->engagement_centi;
	standing->potential_centi = scoring->potential_centi;
	standing->keep_score_centi = scoring->keep_score_centi;
	standing->could_become_key = scoring->could_become_key;
}

void standing_classify(const struct features *features, const struct terms *terms, struct rules rules, int32_t day,
                       struct standing *standing, struct scoring *scoring)
{
	*scoring = (struct scoring){0};
	standing->exists = true;
	standing->classified = rules.review != NULL;
	standing->tier = TIER_NONE;
	standing->list = LIST_NONE;
	standing->could_become_key = false;
	standing->engagement_centi = standing->potential_centi = standing->keep_score_centi = -1;
	standing->qualified.verdict = VERDICT_NONE;
	standing->qualified.expected_annual = -1;
	standing->qualified.size_source = SIZE_NONE;
	standing->qualified.fit_centi = core_fit_shown(rules.policy, standing->qualified.fit_passed_centi);
	standing->qualified.fit_best_centi = core_fit_shown(rules.policy, standing->qualified.fit_possible_centi);
	if (rules.review == NULL)
		return;
	if (features->is_account)
		classify_account(features, rules, standing, scoring);
	else
		classify_prospect(features, terms, rules, day, standing);
}
