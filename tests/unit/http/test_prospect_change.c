/* SPDX-License-Identifier: Apache-2.0 */
/* What would change a prospect's verdict or list: cases by hand. */
#include <stdio.h>

#include "prospect_scene.h"
#include "tests/unit/base/expect.h"

static struct prospect_scene *scene;

static void setup(void)
{
	scene = prospect_scene_new();
}

static void teardown(void)
{
	prospect_scene_free(scene);
}

static struct facts stating(uint32_t filled)
{
	return (struct facts){.record = {.kind = RECORD_ORGANISATION, .filled = filled}};
}

static void expect_change(const struct would_change *change, const char *measure, int64_t from, int64_t needs, enum verdict becomes)
{
	expect_text(change->measure, measure);
	ck_assert_int_eq(change->from, from);
	ck_assert_int_eq(change->needs, needs);
	ck_assert_int_eq(change->becomes.verdict, becomes);
}

#define CRITERION(attribute, op, value, more) \
	"{\"id\":\"" attribute "\",\"dimension\":\"market\",\"attribute\":\"" attribute "\",\"op\":\"" op "\",\"weight\":1," \
	"\"value\":" value more "}"

START_TEST(test_prospect_change_find_size_and_day_reach_what_they_are_compared_with)
{
	struct facts facts = stating(1u << ORGANISATION_EXPECTED_ANNUAL | 1u << ORGANISATION_REVISIT_ON);
	struct would_change change;

	prospect_scene_set_policy(scene, "{\"floor_deal\":100,\"criteria\":[" CRITERION("name", "exists", "null", "") "]}");
	scene->policy.fit_threshold_centi = 0;
	scene->review.deals_per_year = 3;
	facts.record.value[ORGANISATION_EXPECTED_ANNUAL].integer = 29900;
	facts.record.value[ORGANISATION_REVISIT_ON].integer = TODAY;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "expected_annual", 29900, 30000, VERDICT_NOW);
	ck_assert_int_eq(change.unit, UNIT_MONEY);
	/* The day it is to be revisited on is 50 days off; to come down to the floor is farther. */
	facts.record.value[ORGANISATION_EXPECTED_ANNUAL].integer = 90000000;
	facts.record.value[ORGANISATION_REVISIT_ON].integer = TODAY - 50;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "expected_annual", 90000000, 29999, VERDICT_THROW_BACK);
	facts.record.value[ORGANISATION_REVISIT_ON].integer = TODAY + 50;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "expected_annual", 90000000, 29999, VERDICT_THROW_BACK);
	facts.record.filled = 1u << ORGANISATION_REVISIT_ON;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "revisit_on", TODAY + 50, TODAY, VERDICT_NOW);
	ck_assert_int_eq(change.unit, UNIT_DAY);
}
END_TEST

START_TEST(test_prospect_change_find_largest_deal_goes_down_to_the_second)
{
	struct facts facts = stating(0);
	struct would_change change;

	prospect_scene_set_policy(scene, "{\"floor_deal\":30}");
	facts.deals[0] = 5000;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "largest_open_deal", 5000, 2999, VERDICT_THROW_BACK);
	/* A second deal of 40.00 stays, whatever becomes of the largest. */
	facts.deals[1] = 4000;
	ck_assert_ptr_null(prospect_scene_find(scene, &facts, scene->arena).measure.bytes);
	facts.deals[1] = 2999;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "largest_open_deal", 5000, 2999, VERDICT_THROW_BACK);
	facts.deals[1] = 3000;
	ck_assert_ptr_null(prospect_scene_find(scene, &facts, scene->arena).measure.bytes);
}
END_TEST

START_TEST(test_prospect_change_find_what_is_not_stated_is_not_looked_at)
{
	struct facts facts = stating(1u << ORGANISATION_ATTRIBUTES);
	struct arena *starving = starving_arena();
	struct would_change change = {.measure = TEXT("untouched")};
	struct prospect prospect;
	struct prospect_case standing = {&facts.record, &prospect, {NULL, 0}, 0, &scene->review, &scene->policy, TODAY};

	prospect_scene_set_policy(scene, "{\"criteria\":[" CRITERION("employees", "gte", "5", "") ","
	                          CRITERION("attributes.list", "gte", "5", "") ","
	                          CRITERION("attributes.flag", "in", "[5]", "") "," CRITERION("attributes.word", "in", "[5]", "") "]}");
	facts.record.value[ORGANISATION_ATTRIBUTES].text = TEXT("{\"list\":[1,2],\"flag\":true,\"word\":\"four\"}");
	ck_assert_ptr_null(prospect_scene_find(scene, &facts, scene->arena).measure.bytes);
	prospect_scene_judge(scene, &facts, &prospect, &standing.findings);
	ck_assert_int_eq(prospect_change_find(&standing, starving, &change), STATUS_NO_MEMORY);
	expect_text(change.measure, "untouched");
	arena_free(starving);
}
END_TEST

/* Legend: attributes as JSON; from, needs and the places they have; of criteria that ask for 0.2 or more of n, 0.1 or more of m. */
static const struct {
	const char *attributes, *measure;
	int64_t from, needs;
	int places;
} decimals[] = {
	{"{\"n\":0.12,\"m\":0.05}", "attributes.n", 12, 20, 2},
	{"{\"n\":\" 0.120 \",\"m\":0.05}", "attributes.n", 12, 20, 2},
	{"{\"n\":[0.1],\"m\":0}", "attributes.n", 1, 2, 1},
	{"{\"n\":7,\"m\":0}", "attributes.n", 70, 1, 1},
	/* beyond six places a value lies between two steps */
	{"{\"n\":0.123456789,\"m\":0}", "attributes.n", 123456, 200000, 6},
	{"{\"n\":0.223456789,\"m\":0}", "attributes.n", 223456, 199999, 6},
	{"{\"n\":-0.123456789,\"m\":-1}", "attributes.m", -10, 1, 1},
	/* more digits than numbers keep */
	{"{\"n\":123456789012345678901234567890,\"m\":-1}", "attributes.m", -10, 1, 1},
};

START_TEST(test_prospect_change_find_decimals_go_by_their_last_place)
{
	struct facts facts = stating(1u << ORGANISATION_ATTRIBUTES);
	struct would_change change;

	prospect_scene_set_policy(scene, "{\"fit_threshold\":50,\"criteria\":[" CRITERION("attributes.n", "gte", "0.2", "") ","
	                          CRITERION("attributes.m", "gte", "0.1", ",\"required\":true") "]}");
	if (strstr(decimals[_i].attributes, "\"m\":-1") == NULL)
		prospect_scene_set_policy(scene, "{\"fit_threshold\":50,\"criteria\":[" CRITERION("attributes.n", "gte", "0.2", "") ","
		           CRITERION("attributes.m", "gte", "10000", "") "]}");
	facts.record.value[ORGANISATION_ATTRIBUTES].text = text_of(decimals[_i].attributes);
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_text(change.measure, decimals[_i].measure);
	ck_assert_int_eq(change.from, decimals[_i].from);
	ck_assert_int_eq(change.needs, decimals[_i].needs);
	ck_assert_int_eq(change.places, decimals[_i].places);
}
END_TEST

START_TEST(test_prospect_change_find_between_two_steps_the_next_is_one_away)
{
	struct facts facts = stating(1u << ORGANISATION_ATTRIBUTES);
	struct would_change change;

	prospect_scene_set_policy(scene, "{\"criteria\":[" CRITERION("attributes.n", "lte", "0.2", "") "]}");
	facts.record.value[ORGANISATION_ATTRIBUTES].text = TEXT("{\"n\":0.2000001234}");
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "attributes.n", 200000, 200000, VERDICT_NOW);
	expect_text(change.beyond, "0.2000001234");
	prospect_scene_set_policy(scene, "{\"criteria\":[" CRITERION("attributes.n", "gte", "0.200001", "") "]}");
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "attributes.n", 200000, 200001, VERDICT_NOW);
}
END_TEST

START_TEST(test_prospect_change_find_equally_far_goes_by_name)
{
	struct facts facts = stating(1u << ORGANISATION_EMPLOYEES | 1u << ORGANISATION_COMPANY_REVENUE);
	struct would_change change;

	prospect_scene_set_policy(scene, "{\"fit_threshold\":50,\"criteria\":[" CRITERION("employees", "gte", "60", "") ","
	                          CRITERION("company_revenue", "gte", "60", "") "]}");
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 50;
	facts.record.value[ORGANISATION_COMPANY_REVENUE].integer = 5000;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "company_revenue", 5000, 6000, VERDICT_NOW);
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 51;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "employees", 51, 60, VERDICT_NOW);
	/* A present 0 is infinitely far. */
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 0;
	facts.record.value[ORGANISATION_COMPANY_REVENUE].integer = 1;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "company_revenue", 1, 6000, VERDICT_NOW);
}
END_TEST

START_TEST(test_prospect_change_find_among_thousands_of_values)
{
	struct facts facts = stating(1u << ORGANISATION_EMPLOYEES);
	char document[1 << 14];
	int used = snprintf(document, sizeof(document), "{\"criteria\":[");
	struct would_change change;

	for (int i = 0; i < 2; i++) {
		used += snprintf(document + used, sizeof(document) - (size_t)used, "%s{\"id\":\"c%d\",\"dimension\":\"market\",\"weight\":1,"
		                 "\"attribute\":\"employees\",\"op\":\"not_in\",\"required\":true,\"value\":[", i > 0 ? "," : "", i);
		for (int value = 1; value <= 1000; value++)
			used += snprintf(document + used, sizeof(document) - (size_t)used, "%s%d", value > 1 ? "," : "", i * 1000 + value);
		used += snprintf(document + used, sizeof(document) - (size_t)used, "]}");
	}
	snprintf(document + used, sizeof(document) - (size_t)used, "]}");
	prospect_scene_set_policy(scene, document);
	facts.record.value[ORGANISATION_EMPLOYEES].integer = 1100;
	change = prospect_scene_find(scene, &facts, scene->arena);
	expect_change(&change, "employees", 1100, 2001, VERDICT_NOW);
}
END_TEST

Suite *suite_prospect_change(void);
Suite *suite_prospect_change(void)
{
	Suite *suite = suite_create("http prospect_change");
	TCase *tcase = tcase_create("prospect_change");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_prospect_change_find_size_and_day_reach_what_they_are_compared_with);
	tcase_add_test(tcase, test_prospect_change_find_largest_deal_goes_down_to_the_second);
	tcase_add_test(tcase, test_prospect_change_find_what_is_not_stated_is_not_looked_at);
	tcase_add_loop_test(tcase, test_prospect_change_find_decimals_go_by_their_last_place, 0, COUNT_OF(decimals));
	tcase_add_test(tcase, test_prospect_change_find_between_two_steps_the_next_is_one_away);
	tcase_add_test(tcase, test_prospect_change_find_equally_far_goes_by_name);
	tcase_add_test(tcase, test_prospect_change_find_among_thousands_of_values);
	suite_add_tcase(suite, tcase);
	return suite;
}
