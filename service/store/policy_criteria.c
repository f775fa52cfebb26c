/* SPDX-License-Identifier: Apache-2.0 */
/* Criteria of the sweet spot in a policy document (domain.md §5): checked here, judged elsewhere. */
#include "policy_reading.h"

#include <string.h>

#include <sweetspot/record.h>

#define CRITERIA_MOST 200
#define VALUES_MOST 1000
#define ID_BYTES 128
#define NUMBER_DIGITS 6

enum operand {
	OPERAND_ANY,    /* `exists`: whatever stands there is ignored */
	OPERAND_LIST,   /* texts, numbers and booleans, one or a list of them */
	OPERAND_NUMBER,
	OPERAND_RANGE,  /* two numbers, the lower first */
};

/* operator → what its value must be */
static const struct {
	const char *name;
	enum operand operand;
} operators[] = {
	{ "in", OPERAND_LIST },       { "eq", OPERAND_LIST },    { "any", OPERAND_LIST },   { "not_in", OPERAND_LIST },
	{ "all", OPERAND_LIST },      { "gte", OPERAND_NUMBER }, { "lte", OPERAND_NUMBER }, { "between", OPERAND_RANGE },
	{ "exists", OPERAND_ANY },
};

static const char *const dimensions[] = { "market", "enterprise", "persona", "problem", NULL };
static const char *const criterion_names[] = { "id", "dimension", "attribute", "op", "value", "weight", "required", NULL };

static struct text string_of(const json_t *value)
{
	return (struct text){ json_string_value(value), json_string_length(value) };
}

static void check_scalar(struct reading *reading, struct place place)
{
	struct text ignored;
	int64_t number;

	if (json_is_boolean(place.value))
		return;
	if (!json_is_number(place.value)) {
		(void)read_text(reading, place, WORD_BYTES, &ignored);
		return;
	}
	if (place_number(place, NUMBER_DIGITS, false, &number) != NUMBER_OK)
		PLACE_PROBLEM(reading, place, "must have at most %d decimals", NUMBER_DIGITS);
}

static void check_list(struct reading *reading, struct place place)
{
	size_t count;

	if (!json_is_array(place.value)) {
		check_scalar(reading, place);
		return;
	}
	if (!read_array(reading, place, VALUES_MOST, &count))
		return;
	if (count == 0)
		PLACE_PROBLEM(reading, place, "needs at least one value");
	for (size_t i = 0; i < count; i++)
		check_scalar(reading, place_element(reading, place, i));
}

static bool check_number(struct reading *reading, struct place place, int64_t *out)
{
	if (place_number(place, NUMBER_DIGITS, true, out) == NUMBER_OK)
		return true;
	PLACE_PROBLEM(reading, place, "must be a number with at most %d decimals", NUMBER_DIGITS);
	return false;
}

static void check_range(struct reading *reading, struct place place)
{
	int64_t low;
	int64_t high;
	bool both;

	if (json_array_size(place.value) != 2) {
		PLACE_PROBLEM(reading, place, "must be a list of two numbers, the lower first");
		return;
	}
	both = check_number(reading, place_element(reading, place, 0), &low);
	both = check_number(reading, place_element(reading, place, 1), &high) && both;
	if (both && low > high)
		PLACE_PROBLEM(reading, place, "must have the lower number first");
}

static void check_operand(struct reading *reading, struct place value, enum operand operand)
{
	int64_t number;

	if (operand == OPERAND_ANY)
		return;
	if (operand == OPERAND_LIST)
		check_list(reading, value);
	if (operand == OPERAND_NUMBER)
		(void)check_number(reading, value, &number);
	if (operand == OPERAND_RANGE)
		check_range(reading, value);
}

static void check_operator(struct reading *reading, struct place criterion)
{
	struct place op = place_member(reading, criterion, "op");

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (!text_equal(string_of(op.value), text_of(operators[i].name)))
			continue;
		check_operand(reading, place_member(reading, criterion, "value"), operators[i].operand);
		return;
	}
	PLACE_PROBLEM(reading, op, "must be one of in, eq, any, not_in, all, between, gte, lte, exists");
}

static void check_dimension(struct reading *reading, struct place place)
{
	for (size_t i = 0; dimensions[i] != NULL; i++)
		if (text_equal(string_of(place.value), text_of(dimensions[i])))
			return;
	PLACE_PROBLEM(reading, place, "must be market, enterprise, persona or problem");
}

static bool is_attribute(struct text name)
{
	static const char own[] = "attributes.";
	const struct record_shape *shape = record_shape(RECORD_ORGANISATION);
	int field = record_field_find(shape, name);

	if (text_equal(name, TEXT("personas")))
		return true;
	if (name.length >= sizeof(own) && memcmp(name.bytes, own, sizeof(own) - 1) == 0)
		return true;
	return field >= 0 && shape->fields[field].kind != FIELD_OBJECT && shape->fields[field].kind != FIELD_PROTECTION;
}

static void check_attribute(struct reading *reading, struct place place)
{
	if (!is_attribute(string_of(place.value)))
		PLACE_PROBLEM(reading, place, "must be a field of organisations, personas, problems, or attributes.NAME");
}

static void check_required(struct reading *reading, struct place place)
{
	if (place.value != NULL && !json_is_boolean(place.value))
		PLACE_PROBLEM(reading, place, "must be true or false");
}

/* Explanations and `missing` name criteria by id. */
static void check_id(struct reading *reading, struct place criteria, size_t index, struct place place)
{
	struct text id;

	if (!read_text(reading, place, ID_BYTES, &id))
		return;
	for (size_t i = 0; i < index; i++) {
		const json_t *other = json_object_get(json_array_get(criteria.value, i), "id");

		if (!json_is_string(other) || !text_equal(text_trim(string_of(other)), id))
			continue;
		PLACE_PROBLEM(reading, place, "is the id of another criterion already");
		return;
	}
}

static void check_criterion(struct reading *reading, struct place criteria, size_t index)
{
	struct place criterion = place_element(reading, criteria, index);
	int64_t weight;

	if (!json_is_object(criterion.value)) {
		PLACE_PROBLEM(reading, criterion, "must be an object");
		return;
	}
	refuse_unknown(reading, criterion, criterion_names);
	check_id(reading, criteria, index, place_member(reading, criterion, "id"));
	check_dimension(reading, place_member(reading, criterion, "dimension"));
	check_attribute(reading, place_member(reading, criterion, "attribute"));
	check_operator(reading, criterion);
	(void)read_scaled_number(reading, place_member(reading, criterion, "weight"), 2, false, 1, WEIGHT_MOST_CENTI, &weight);
	check_required(reading, place_member(reading, criterion, "required"));
}

void read_criteria(struct reading *reading, struct place place)
{
	size_t count;

	if (!read_array(reading, place, CRITERIA_MOST, &count))
		return;
	for (size_t i = 0; i < count; i++)
		check_criterion(reading, place, i);
	reading->policy.criteria_count = (int32_t)count;
}
