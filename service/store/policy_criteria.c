/* SPDX-License-Identifier: Apache-2.0 */
/* Criteria of the sweet spot in a policy document (domain.md §5): checked and put into the form that compares. Judging is core's. */
#include "policy_reading.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/decimal.h>
#include <sweetspot/record.h>

#define CRITERIA_MOST 200
#define VALUES_MOST 1000
#define ID_BYTES 128
#define NUMBER_PLACES 6

enum operand {
	OPERAND_ANY,    /* `exists`: whatever stands there is ignored */
	OPERAND_LIST,   /* texts, numbers and booleans, one or a list of them */
	OPERAND_NUMBER,
	OPERAND_RANGE,  /* two numbers, the lower first */
};

/* operator → what its value must be */
static const enum operand operands[OPS] = {
	[OP_IN] = OPERAND_LIST,       [OP_EQ] = OPERAND_LIST,    [OP_ANY] = OPERAND_LIST,   [OP_NOT_IN] = OPERAND_LIST,
	[OP_ALL] = OPERAND_LIST,      [OP_GTE] = OPERAND_NUMBER, [OP_LTE] = OPERAND_NUMBER, [OP_BETWEEN] = OPERAND_RANGE,
	[OP_EXISTS] = OPERAND_ANY,
};

static const char *const criterion_names[] = {"id", "dimension", "attribute", "op", "value", "weight", "required", NULL};
static const char attributes_prefix[] = "attributes.";
#define PREFIX_BYTES (sizeof(attributes_prefix) - 1)

static struct text string_of(const json_t *value)
{
	return (struct text){json_string_value(value), json_string_length(value)};
}

/** Texts of the document end with it: what is kept is copied. */
static struct text keep_text(struct reading *reading, struct text text)
{
	struct text copy = text_copy(reading->arena, text);

	if (copy.bytes == NULL)
		reading->is_short = true;
	return copy;
}

static void note_status(struct reading *reading, enum status status)
{
	if (status == STATUS_NO_MEMORY)
		reading->is_short = true;
}

/* ---- Values ---- */

static enum status number_of(struct reading *reading, struct place place, struct element *out)
{
	if (json_is_integer(place.value))
		return element_of_scaled(reading->arena, json_integer_value(place.value), 0, out);
	if (json_is_real(place.value))
		return element_of_double(reading->arena, json_real_value(place.value), out);
	if (json_is_string(place.value))
		return element_of_text(reading->arena, string_of(place.value), out);
	return STATUS_MALFORMED;
}

/** ELEMENT_NONE after telling the problem. */
static struct element read_number_element(struct reading *reading, struct place place)
{
	struct element element = {.kind = ELEMENT_NONE};
	enum status status = number_of(reading, place, &element);

	note_status(reading, status);
	if (status == STATUS_OK && element.kind == ELEMENT_NUMBER && decimal_places(element.text) <= NUMBER_PLACES)
		return element;
	PLACE_PROBLEM(reading, place, "must be a number with at most %d decimals", NUMBER_PLACES);
	return (struct element){.kind = ELEMENT_NONE};
}

static struct element read_scalar(struct reading *reading, struct place place)
{
	struct element element = {.kind = ELEMENT_NONE};
	struct text text;

	if (json_is_boolean(place.value))
		return element_of_boolean(json_is_true(place.value));
	if (json_is_number(place.value))
		return read_number_element(reading, place);
	if (read_text(reading, place, WORD_BYTES, &text))
		note_status(reading, element_of_text(reading->arena, text, &element));
	return element;
}

static struct element *allocate_values(struct reading *reading, struct elements *out, size_t count)
{
	struct element *values = arena_array(reading->arena, count + 1, sizeof(*values));

	if (values == NULL)
		reading->is_short = true;
	else
		*out = (struct elements){values, count};
	return values;
}

static void read_single(struct reading *reading, struct place place, bool number_only, struct elements *out)
{
	struct element *values = allocate_values(reading, out, 1);

	if (values != NULL)
		values[0] = number_only ? read_number_element(reading, place) : read_scalar(reading, place);
}

static void read_list(struct reading *reading, struct place place, struct elements *out)
{
	struct element *values;
	size_t count;

	if (!json_is_array(place.value)) {
		read_single(reading, place, false, out);
		return;
	}
	if (!read_array(reading, place, VALUES_MOST, &count))
		return;
	if (count == 0)
		PLACE_PROBLEM(reading, place, "needs at least one value");
	values = allocate_values(reading, out, count);
	for (size_t i = 0; values != NULL && i < count; i++)
		values[i] = read_scalar(reading, place_element(reading, place, i));
}

static void read_range(struct reading *reading, struct place place, struct elements *out)
{
	struct element *ends = allocate_values(reading, out, 2);

	if (json_array_size(place.value) != 2) {
		PLACE_PROBLEM(reading, place, "must be a list of two numbers, the lower first");
		return;
	}
	if (ends == NULL)
		return;
	ends[0] = read_number_element(reading, place_element(reading, place, 0));
	ends[1] = read_number_element(reading, place_element(reading, place, 1));
	if (ends[0].kind == ELEMENT_NUMBER && ends[1].kind == ELEMENT_NUMBER && decimal_compare(ends[0].text, ends[1].text) > 0)
		PLACE_PROBLEM(reading, place, "must have the lower number first");
}

static struct text spell_json(struct reading *reading, const json_t *value)
{
	char *json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	struct text copy = keep_text(reading, text_of(json));

	free(json);
	return copy;
}

static void read_values(struct reading *reading, struct place place, struct criterion *out)
{
	switch (operands[out->op]) {
	case OPERAND_LIST:
		read_list(reading, place, &out->values);
		break;
	case OPERAND_NUMBER:
		read_single(reading, place, true, &out->values);
		break;
	case OPERAND_RANGE:
		read_range(reading, place, &out->values);
		break;
	default:
		break;
	}
	if (place.value != NULL)
		out->value_json = spell_json(reading, place.value);
}

/* ---- What is looked at ---- */

static bool attribute_of(struct text name, struct attribute *out)
{
	const struct record_shape *shape = record_shape(RECORD_ORGANISATION);
	int field = record_field_find(shape, name);

	*out = (struct attribute){.source = ATTRIBUTE_PERSONAS, .name = name};
	if (text_equal(name, TEXT("personas")))
		return true;
	if (name.length > PREFIX_BYTES && memcmp(name.bytes, attributes_prefix, PREFIX_BYTES) == 0) {
		out->source = ATTRIBUTE_NAMED;
		out->key = (struct text){name.bytes + PREFIX_BYTES, name.length - PREFIX_BYTES};
		return true;
	}
	if (field < 0 || shape->fields[field].kind == FIELD_OBJECT || shape->fields[field].kind == FIELD_PROTECTION)
		return false;
	out->source = ATTRIBUTE_FIELD;
	out->field = (enum organisation_field)field;
	return true;
}

/** Each attribute once, however many criteria look at it. @return its index */
static int32_t keep_attribute(struct reading *reading, struct text name)
{
	struct policy *policy = &reading->policy;
	int32_t at = 0;

	while (at < policy->attribute_count && !text_equal(policy->attributes[at].name, name))
		at++;
	if (at == policy->attribute_count)
		(void)attribute_of(keep_text(reading, name), &policy->attributes[policy->attribute_count++]);
	return at;
}

static void read_attribute(struct reading *reading, struct place place, struct criterion *out)
{
	struct text name = string_of(place.value);
	struct attribute attribute;

	if (name.length > WORD_BYTES || !attribute_of(name, &attribute)) {
		PLACE_PROBLEM(reading, place, "must be a field of organisations, personas, problems, or attributes.NAME");
		return;
	}
	out->attribute = keep_attribute(reading, name);
}

/* ---- One criterion ---- */

/** @return the index among `names`, or -1 */
static int find_name(const char *const *names, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(name, text_of(names[i])))
			return (int)i;
	return -1;
}

static void read_operator(struct reading *reading, struct place criterion, struct criterion *out)
{
	struct place place = place_member(reading, criterion, "op");
	int op = find_name(criterion_op_names, OPS, string_of(place.value));

	if (op < 0) {
		PLACE_PROBLEM(reading, place, "must be one of in, eq, any, not_in, all, between, gte, lte, exists");
		return;
	}
	out->op = (enum criterion_op)op;
	read_values(reading, place_member(reading, criterion, "value"), out);
}

static void read_dimension(struct reading *reading, struct place place, struct criterion *out)
{
	int dimension = find_name(criterion_dimension_names, DIMENSIONS, string_of(place.value));

	if (dimension < 0)
		PLACE_PROBLEM(reading, place, "must be market, enterprise, persona or problem");
	else
		out->dimension = (enum criterion_dimension)dimension;
}

static void read_required(struct reading *reading, struct place place, struct criterion *out)
{
	out->required = json_is_true(place.value);
	if (place.value != NULL && !json_is_boolean(place.value))
		PLACE_PROBLEM(reading, place, "must be true or false");
}

/** Explanations and `missing` name criteria by id. */
static void read_id(struct reading *reading, struct place place, struct criterion *criteria, size_t index)
{
	struct text id;

	if (!read_text(reading, place, ID_BYTES, &id))
		return;
	criteria[index].id = keep_text(reading, id);
	for (size_t i = 0; i < index; i++) {
		if (!text_equal(criteria[i].id, id))
			continue;
		PLACE_PROBLEM(reading, place, "is the id of another criterion already");
		return;
	}
}

static void read_criterion(struct reading *reading, struct place place, struct criterion *criteria, size_t index)
{
	struct criterion *out = &criteria[index];

	if (!json_is_object(place.value)) {
		PLACE_PROBLEM(reading, place, "must be an object");
		return;
	}
	refuse_unknown(reading, place, criterion_names);
	read_id(reading, place_member(reading, place, "id"), criteria, index);
	read_dimension(reading, place_member(reading, place, "dimension"), out);
	read_attribute(reading, place_member(reading, place, "attribute"), out);
	read_operator(reading, place, out);
	if (read_scaled_number(reading, place_member(reading, place, "weight"), 2, false, 1, WEIGHT_MOST_CENTI, &out->weight_centi))
		reading->policy.criteria_weight_centi += out->weight_centi;
	read_required(reading, place_member(reading, place, "required"), out);
}

void read_criteria(struct reading *reading, struct place place)
{
	struct policy *policy = &reading->policy;
	size_t count;

	if (!read_array(reading, place, CRITERIA_MOST, &count))
		return;
	policy->criteria = arena_array(reading->arena, count + 1, sizeof(*policy->criteria));
	policy->attributes = arena_array(reading->arena, count + 1, sizeof(*policy->attributes));
	if (policy->criteria == NULL || policy->attributes == NULL) {
		reading->is_short = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		read_criterion(reading, place_element(reading, place, i), policy->criteria, i);
	policy->criteria_count = (int32_t)count;
}
