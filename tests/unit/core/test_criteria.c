/* SPDX-License-Identifier: Apache-2.0 */
/* What one criterion finds in one value; the cases are tests/data/qualification/criteria.json, which the oracle reads too. */
#include <sweetspot/policy_document.h>
#include <sweetspot/subject.h>

#include "tests/unit/base/expect.h"

static struct criterion criterion_of(const json_t *one, struct arena *arena)
{
	struct problems problems = problems_in(arena);
	struct policy policy = {.version = 1};
	json_t *document = json_pack("{s:[{s:s,s:s,s:s,s:O,s:O,s:i}]}", "criteria", "id", "c", "dimension", "market", "attribute",
	                             "attributes.x", "op", json_object_get(one, "op"), "value", json_object_get(one, "value"), "weight", 1);

	ck_assert_int_eq(policy_document_decode(document, 2, arena, &policy, &problems), STATUS_OK);
	json_decref(document);
	return policy.criteria[0];
}

static void expect_finding(const json_t *one)
{
	struct arena *arena = arena_new(1 << 12);
	struct criterion criterion = criterion_of(one, arena);
	struct elements sees;
	char *shown = json_dumps(one, JSON_COMPACT);
	const char *finds;

	ck_assert_int_eq(elements_of_json(arena, json_object_get(one, "sees"), &sees), STATUS_OK);
	finds = finding_name(core_criterion_judge(&criterion, sees));
	ck_assert_msg(strcmp(finds, json_string_value(json_object_get(one, "finds"))) == 0, "%s: %s", shown, finds);
	free(shown);
	arena_free(arena);
}

START_TEST(test_core_criterion_judge_cases_match)
{
	json_t *cases = json_load_file("tests/data/qualification/criteria.json", 0, NULL);
	size_t index;
	json_t *one;

	ck_assert_msg(cases != NULL, "cannot read the cases; tests run in the project's folder");
	json_array_foreach(cases, index, one)
		expect_finding(one);
	ck_assert_uint_gt(index, 80);
	json_decref(cases);
}
END_TEST

Suite *suite_criteria(void);
Suite *suite_criteria(void)
{
	Suite *suite = suite_create("criteria");
	TCase *criteria = tcase_create("criteria");

	tcase_add_test(criteria, test_core_criterion_judge_cases_match);
	suite_add_tcase(suite, criteria);
	return suite;
}
