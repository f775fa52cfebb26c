/* SPDX-License-Identifier: Apache-2.0 */
/* Records as criteria see them: every kind of field, personas and attributes. */
#include <stdio.h>

#include <sweetspot/calendar.h>
#include <sweetspot/policy_document.h>
#include <sweetspot/subject.h>

#include "tests/unit/base/expect.h"

#define FILLED(field) (1u << ORGANISATION_##field)

static struct arena *arena;

static void setup(void)
{
	arena = arena_new(1 << 14);
}

static void teardown(void)
{
	arena_free(arena);
}

/** A policy that asks for the existence of each attribute, and that "boss" decides. */
static struct policy policy_looking_at(const char *const *attributes, size_t count)
{
	struct problems problems = problems_in(arena);
	struct policy policy = {.version = 1};
	json_t *criteria = json_array();
	json_t *document = json_pack("{s:o,s:[s]}", "criteria", criteria, "deciders", " BOSS ");

	for (size_t i = 0; i < count; i++)
		json_array_append_new(criteria, json_pack("{s:s,s:s,s:s,s:s,s:i}", "id", attributes[i], "dimension", "market", "attribute",
		                                          attributes[i], "op", "exists", "weight", 1));
	ck_assert_int_eq(policy_document_decode(document, 2, arena, &policy, &problems), STATUS_OK);
	json_decref(document);
	return policy;
}

static struct record full_record(void)
{
	struct record record = {
		.kind = RECORD_ORGANISATION,
		.filled = FILLED(NAME) | FILLED(SELLER) | FILLED(EMPLOYEES) | FILLED(COMPANY_REVENUE) | FILLED(MARGIN_PCT) | FILLED(CLIENT_SINCE)
		          | FILLED(ACCESS) | FILLED(PROBLEMS) | FILLED(ATTRIBUTES) | FILLED(REGION) | FILLED(COUNTRY),
	};

	record.value[ORGANISATION_NAME].text = TEXT(" Acme STRAẞE ");
	record.value[ORGANISATION_SELLER].text = TEXT("007");
	record.value[ORGANISATION_EMPLOYEES].integer = 350;
	record.value[ORGANISATION_COMPANY_REVENUE].integer = 1250;
	record.value[ORGANISATION_MARGIN_PCT].integer = -4250;
	record.value[ORGANISATION_CLIENT_SINCE].integer = 0;
	record.value[ORGANISATION_ACCESS].integer = 0;
	record.value[ORGANISATION_PROBLEMS].text = TEXT("[\"Churn\",\" price \"]");
	record.value[ORGANISATION_ATTRIBUTES].text =
		TEXT("{\"a\":\"X\",\"b\":1.50,\"c\":[1,true,null,\"\",\"2.0\"],\"d.e\":false,\"f\":1000000000000000000000,\"g\":null}");
	record.value[ORGANISATION_REGION].text = TEXT(" ");
	record.value[ORGANISATION_COUNTRY].text = TEXT("12.50");
	return record;
}

/** "number 5|text x": what is seen, kind and form. */
static const char *show(struct elements elements)
{
	static const char *const kinds[] = {"none", "text", "number", "boolean"};
	static char shown[256];

	shown[0] = '\0';
	for (size_t i = 0; i < elements.count; i++)
		snprintf(shown + strlen(shown), sizeof(shown) - strlen(shown), "%s%s %.*s", i > 0 ? "|" : "", kinds[elements.items[i].kind],
		         TEXT_ARGS(elements.items[i].text));
	return shown;
}

static const struct {
	const char *attribute, *seen;
} sights[] = {
	{"name", "text acme strasse"}, {"seller", "number 7"}, {"industry", ""}, {"employees", "number 350"},
	{"company_revenue", "number 12.5"},
	{"margin_pct", "number -42.5"}, {"client_since", "text 1970-01-01"}, {"revisit_on", ""}, {"status", "text active"},
	{"access", "boolean false"}, {"problems", "text churn|text price"}, {"personas", "text boss|number 5"}, {"region", ""},
	{"country", "number 12.5"}, {"attributes.a", "text x"}, {"attributes.b", "number 1.5"},
	{"attributes.c", "number 1|boolean true|number 2"}, {"attributes.d.e", "boolean false"},
	{"attributes.f", "number 1000000000000000000000"}, {"attributes.g", ""}, {"attributes.h", ""}, {"attributes.A", ""},
};

START_TEST(test_subject_elements_every_kind_of_field_is_seen)
{
	static const struct text personas[] = {{"Boss", 4}, {" ", 1}, {"05", 2}};
	const struct subject_facts facts = {.personas = personas, .persona_count = COUNT_OF(personas)};
	const char *attributes[COUNT_OF(sights)];
	struct record record = full_record();
	struct elements *elements;
	struct policy policy;

	for (size_t i = 0; i < COUNT_OF(sights); i++)
		attributes[i] = sights[i].attribute;
	policy = policy_looking_at(attributes, COUNT_OF(sights));
	ck_assert_int_eq(subject_elements(&policy, &record, &facts, arena, &elements), STATUS_OK);
	for (size_t i = 0; i < COUNT_OF(sights); i++)
		ck_assert_msg(strcmp(show(elements[i]), sights[i].seen) == 0, "%s: %s", sights[i].attribute, show(elements[i]));
}
END_TEST

static void expect_judged(const struct qualified *judged, int32_t passed, int32_t possible, const char *findings)
{
	ck_assert_int_eq(judged->fit_passed_centi, passed);
	ck_assert_int_eq(judged->fit_possible_centi, possible);
	ck_assert(text_equal(judged->findings, text_of(findings)));
}

START_TEST(test_subject_judge_takes_record_and_facts_together)
{
	static const struct text personas[] = {{"intern", 6}, {"Boss ", 5}};
	const struct subject_facts facts = {.personas = personas, .persona_count = COUNT_OF(personas), .open_amount = 70, .largest_open = 50};
	const char *const attributes[] = {"industry", "employees", "personas"};
	struct policy policy = policy_looking_at(attributes, COUNT_OF(attributes));
	struct record record = full_record();
	struct qualified judged;

	ck_assert_int_eq(subject_judge(&policy, &record, false, &facts, arena, &judged), STATUS_OK);
	expect_judged(&judged, 200, 200, "fpp");
	ck_assert(judged.access == ACCESS_NO && judged.open_amount == 70 && judged.largest_open == 50 && judged.verdict == VERDICT_NONE);
	record.filled &= ~FILLED(ACCESS);
	ck_assert_int_eq(subject_judge(&policy, &record, false, &facts, arena, &judged), STATUS_OK);
	ck_assert_int_eq(judged.access, ACCESS_YES);
	ck_assert_int_eq(subject_judge(&policy, &record, false, &(struct subject_facts){0}, arena, &judged), STATUS_OK);
	expect_judged(&judged, 100, 100, "fpf");
	ck_assert_int_eq(judged.access, ACCESS_UNKNOWN);
	ck_assert_int_eq(subject_judge(&policy, &record, true, &facts, arena, &judged), STATUS_OK);
	expect_judged(&judged, 200, 200, NULL);
	ck_assert(judged.access == ACCESS_UNKNOWN && judged.open_amount == 0 && judged.largest_open == 0);
}
END_TEST

START_TEST(test_subject_judge_without_criteria_has_no_fit)
{
	struct policy policy = policy_looking_at(NULL, 0);
	struct record record = full_record();
	struct qualified judged;

	ck_assert_int_eq(subject_judge(&policy, &record, false, &(struct subject_facts){.open_amount = 5}, arena, &judged), STATUS_OK);
	expect_judged(&judged, -1, -1, NULL);
	ck_assert(judged.access == ACCESS_NO && judged.open_amount == 5);
}
END_TEST

START_TEST(test_standing_classify_of_a_prospect_needs_a_review)
{
	const char *const attributes[] = {"employees"};
	struct policy policy = policy_looking_at(attributes, 1);
	const struct review review = {.has_key_cutoff = true, .key_cutoff = 1000, .deals_per_year = 1};
	struct standing standing = {
		.qualified = {.findings = TEXT("p"), .fit_passed_centi = 100, .fit_possible_centi = 100, .access = ACCESS_YES},
	};
	const struct features features = {.industry = -1, .is_active = true};
	struct scoring scoring;

	standing_classify(&features, &(struct terms){5000, DAY_NONE}, (struct rules){&policy, NULL}, 20000, &standing, &scoring);
	ck_assert(!standing.classified && standing.qualified.verdict == VERDICT_NONE && standing.list == LIST_NONE);
	standing_classify(&features, &(struct terms){5000, DAY_NONE}, (struct rules){&policy, &review}, 20000, &standing, &scoring);
	ck_assert(standing.classified && standing.qualified.verdict == VERDICT_NOW && standing.list == LIST_TARGET);
	ck_assert(standing.qualified.expected_annual == 5000 && standing.qualified.size_source == SIZE_GIVEN);
	ck_assert(standing.qualified.fit_centi == 10000 && standing.engagement_centi == -1 && standing.tier == TIER_NONE);
	standing_classify(&features, &(struct terms){-1, 20001}, (struct rules){&policy, &review}, 20000, &standing, &scoring);
	ck_assert(standing.qualified.verdict == VERDICT_LATER && standing.list == LIST_NONE && standing.qualified.expected_annual == -1);
}
END_TEST

START_TEST(test_subject_attribute_json_is_spelled_as_the_record_has_it)
{
	/* name → as it is shown */
	static const struct {
		const char *name, *json;
	} cases[] = {
		{"whole", "7"}, {"large", "12345678901234567"}, {"real", "0.1"}, {"digits", "0.1234567890123456"}, {"point", "100.0"},
		{"text", "\"a\\\"b\""}, {"yes", "true"}, {"list", "[1,2.5,\"x\"]"}, {"none", "null"}, {"not there", "null"}, {"wide", "null"},
	};
	struct text json = TEXT("{\"whole\": 7, \"large\": 12345678901234567, \"real\": 0.1, \"digits\": 0.1234567890123456, \"point\": 100.0, "
				"\"text\": \"a\\\"b\", \"yes\": true, \"list\": [1, 2.5, \"x\"], \"none\": null}");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_text(subject_attribute_json(arena, json, text_of(cases[i].name)), cases[i].json);
	expect_text(subject_attribute_json(arena, TEXT("{\"wide\": 12345678901234567890123}"), TEXT("wide")), "1.2345678901234568e22");
	expect_text(subject_attribute_json(arena, (struct text){NULL, 0}, TEXT("whole")), "null");
}
END_TEST

START_TEST(test_subject_elements_short_of_memory_says_so)
{
	const char *const attributes[] = {"name"};
	struct policy policy = policy_looking_at(attributes, COUNT_OF(attributes));
	struct arena *starving = starving_arena();
	struct record record = full_record();
	struct elements *elements;

	ck_assert_int_eq(subject_elements(&policy, &record, &(struct subject_facts){0}, starving, &elements), STATUS_NO_MEMORY);
	arena_free(starving);
}
END_TEST

Suite *suite_subject(void);
Suite *suite_subject(void)
{
	Suite *suite = suite_create("subject");
	TCase *subject = tcase_create("subject");

	tcase_add_checked_fixture(subject, setup, teardown);
	tcase_add_test(subject, test_subject_elements_every_kind_of_field_is_seen);
	tcase_add_test(subject, test_subject_judge_takes_record_and_facts_together);
	tcase_add_test(subject, test_subject_judge_without_criteria_has_no_fit);
	tcase_add_test(subject, test_standing_classify_of_a_prospect_needs_a_review);
	tcase_add_test(subject, test_subject_attribute_json_is_spelled_as_the_record_has_it);
	tcase_add_test(subject, test_subject_elements_short_of_memory_says_so);
	suite_add_tcase(suite, subject);
	return suite;
}
