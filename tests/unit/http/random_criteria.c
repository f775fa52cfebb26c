/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up criteria, and policies out of JSON. Nothing is tested here. */
#include "random_criteria.h"

#include <stdio.h>

#include <sweetspot/calendar.h>
#include <sweetspot/policy_document.h>

#include "tests/unit/base/expect.h"

#define CRITERION_BYTES 512

/** The values of a criterion: numbers as its attribute has them, days, or a text. */
static int print_values(struct dice *dice, char *out, size_t room, const char *attribute, int32_t today, bool is_single, bool is_pair)
{
	size_t count = is_single ? 1 : is_pair ? 2 : 1 + (size_t)dice_below(dice, 3);
	int64_t number = dice_below(dice, CRITERIA_VALUES);
	int used = is_single ? 0 : snprintf(out, room, "[");

	for (size_t i = 0; i < count; i++) {
		const char *comma = i > 0 ? "," : "";
		char day[11];

		day_format(today - 2 + (int32_t)dice_below(dice, 5), day);
		if (strcmp(attribute, "client_since") == 0)
			used += snprintf(out + used, room - (size_t)used, "%s\"%s\"", comma, day);
		else if (strcmp(attribute, "employees") == 0)
			used += snprintf(out + used, room - (size_t)used, "%s%lld%s", comma, (long long)number,
			                 dice_below(dice, 4) == 0 ? ".5" : "");
		else if (strcmp(attribute, "attributes.n") == 0)
			used += snprintf(out + used, room - (size_t)used, "%s%.1f", comma, (double)(number - (CRITERIA_VALUES / 2)) / 10);
		else
			used += snprintf(out + used, room - (size_t)used, "%s%.2f", comma, (double)number / 100);
		number += 1 + dice_below(dice, 4);
	}
	return used + snprintf(out + used, room - (size_t)used, is_single ? "" : "]");
}

static void print_criterion(struct dice *dice, char *out, size_t room, int64_t number, int32_t today)
{
	static const char *const attributes[] = {
		"employees", "company_revenue", "expected_annual", "attributes.n", "annual_potential", "margin_pct", "attributes.t", "client_since",
	};
	static const char *const ops[] = {"gte", "lte", "between", "in", "not_in", "all", "exists"};
	const char *attribute = attributes[dice_below(dice, COUNT_OF(attributes))];
	const char *op = ops[strcmp(attribute, "client_since") == 0 ? 3 + dice_below(dice, 4) : dice_below(dice, COUNT_OF(ops))];
	bool is_single = strcmp(op, "gte") == 0 || strcmp(op, "lte") == 0;
	long long weight = dice_below(dice, 4) + 1;
	int used = snprintf(out, room, "{\"id\":\"c%lld\",\"dimension\":\"market\",\"attribute\":\"%s\",\"op\":\"%s\",\"weight\":%lld,"
	                    "\"required\":%s", (long long)number, attribute, op, weight, dice_below(dice, 3) == 0 ? "true" : "false");

	if (strcmp(op, "exists") != 0) {
		used += snprintf(out + used, room - (size_t)used, ",\"value\":");
		used += print_values(dice, out + used, room - (size_t)used, attribute, today, is_single, strcmp(op, "between") == 0);
	}
	snprintf(out + used, room - (size_t)used, "}");
}

void print_criteria(struct dice *dice, char *out, size_t room, int32_t today)
{
	int64_t count = dice_below(dice, 5);
	int used = snprintf(out, room, "\"criteria\":[");

	for (int64_t i = 0; i < count; i++) {
		char criterion[CRITERION_BYTES];

		print_criterion(dice, criterion, sizeof(criterion), i, today);
		used += snprintf(out + used, room - (size_t)used, "%s%s", i > 0 ? "," : "", criterion);
	}
	snprintf(out + used, room - (size_t)used, "]}");
}

void policy_of_json(const char *document, int digits, struct arena *arena, struct policy *out)
{
	struct problems problems = problems_in(arena);
	json_t *json = json_loads(document, 0, NULL);

	ck_assert_msg(json != NULL, "%s", document);
	*out = (struct policy){.version = 1};
	ck_assert_msg(policy_document_decode(json, digits, arena, out, &problems) == STATUS_OK, "%s", document);
	out->currency_digits = digits;
	json_decref(json);
}
