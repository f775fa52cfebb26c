/* SPDX-License-Identifier: Apache-2.0 */
/* Judging one criterion of the sweet spot (domain.md §5). What all of them together say is qualification.c. */
#include <sweetspot/criteria.h>

#include <sweetspot/decimal.h>

static const char *const finding_names[FINDINGS] = {
	[FINDING_UNKNOWN] = "unknown",
	[FINDING_FAILED] = "failed",
	[FINDING_PASSED] = "passed",
};

const char *finding_name(enum finding finding)
{
	return finding_names[finding];
}

char finding_letter(enum finding finding)
{
	return finding_names[finding][0];
}

enum finding finding_of_letter(char letter)
{
	if (letter == 'p')
		return FINDING_PASSED;
	return letter == 'f' ? FINDING_FAILED : FINDING_UNKNOWN;
}

static bool is_among(const struct element *element, struct elements values)
{
	for (size_t i = 0; i < values.count; i++)
		if (element->kind == values.items[i].kind && text_equal(element->text, values.items[i].text))
			return true;
	return false;
}

static size_t count_among(struct elements elements, struct elements values)
{
	size_t count = 0;

	for (size_t i = 0; i < elements.count; i++)
		count += is_among(&elements.items[i], values);
	return count;
}

static enum finding finding_of(bool passed)
{
	return passed ? FINDING_PASSED : FINDING_FAILED;
}

/** Only a single number can be compared. */
static enum finding compare(const struct criterion *criterion, struct elements value)
{
	struct elements bounds = criterion->values;
	struct text number = value.items[0].text;

	if (value.count != 1 || value.items[0].kind != ELEMENT_NUMBER)
		return FINDING_UNKNOWN;
	if (criterion->op == OP_GTE)
		return finding_of(decimal_compare(number, bounds.items[0].text) >= 0);
	if (criterion->op == OP_LTE)
		return finding_of(decimal_compare(number, bounds.items[0].text) <= 0);
	return finding_of(decimal_compare(number, bounds.items[0].text) >= 0 && decimal_compare(number, bounds.items[1].text) <= 0);
}

enum finding core_criterion_judge(const struct criterion *criterion, struct elements value)
{
	if (criterion->op == OP_EXISTS)
		return finding_of(value.count > 0);
	if (value.count == 0)
		return FINDING_UNKNOWN;
	switch (criterion->op) {
	case OP_NOT_IN:
		return finding_of(count_among(value, criterion->values) == 0);
	case OP_ALL:
		return finding_of(count_among(criterion->values, value) == criterion->values.count);
	case OP_BETWEEN:
	case OP_GTE:
	case OP_LTE:
		return compare(criterion, value);
	default:
		return finding_of(count_among(value, criterion->values) > 0);
	}
}
