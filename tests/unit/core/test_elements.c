/* SPDX-License-Identifier: Apache-2.0 */
/* Values in the form in which criteria compare. */
#include <sweetspot/criteria.h>

#include "tests/unit/base/expect.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new(1 << 12);
}

static void teardown(void)
{
	arena_free(arena);
}

START_TEST(test_element_of_text_folds_and_takes_numbers_by_value)
{
	static const struct {
		const char *text;
		enum element_kind kind;
		const char *form;
	} cases[] = {
		{" Straße ", ELEMENT_TEXT, "strasse"}, {"VP Sales", ELEMENT_TEXT, "vp sales"}, {" +05.0\t", ELEMENT_NUMBER, "5"},
		{"1e3", ELEMENT_TEXT, "1e3"}, {"2026-01-01", ELEMENT_TEXT, "2026-01-01"}, {"TRUE", ELEMENT_TEXT, "true"},
	};
	struct element blank = {ELEMENT_TEXT, TEXT("x")};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct element element;

		ck_assert_int_eq(element_of_text(arena, text_of(cases[i].text), &element), STATUS_OK);
		ck_assert_msg(element.kind == cases[i].kind, "%s", cases[i].text);
		expect_text(element.text, cases[i].form);
	}
	ck_assert_int_eq(element_of_text(arena, TEXT(" \t "), &blank), STATUS_OK);
	ck_assert_int_eq(blank.kind, ELEMENT_NONE);
}
END_TEST

START_TEST(test_element_of_numbers_and_booleans_have_one_form)
{
	struct element json;
	struct element scaled;

	ck_assert_int_eq(element_of_double(arena, 12.5, &json), STATUS_OK);
	ck_assert_int_eq(element_of_scaled(arena, 1250, 2, &scaled), STATUS_OK);
	ck_assert(json.kind == ELEMENT_NUMBER && scaled.kind == ELEMENT_NUMBER);
	expect_text(json.text, "12.5");
	expect_text(scaled.text, "12.5");
	ck_assert(element_of_boolean(true).kind == ELEMENT_BOOLEAN && element_of_boolean(false).kind == ELEMENT_BOOLEAN);
	expect_text(element_of_boolean(true).text, "true");
	expect_text(element_of_boolean(false).text, "false");
}
END_TEST

START_TEST(test_element_of_bad_input_is_untouched)
{
	struct element element = {ELEMENT_TEXT, TEXT("untouched")};
	struct arena *starving = starving_arena();

	ck_assert_int_eq(element_of_text(arena, TEXT("\xff"), &element), STATUS_MALFORMED);
	ck_assert_int_eq(element_of_text(starving, TEXT("x"), &element), STATUS_NO_MEMORY);
	ck_assert_int_eq(element_of_text(starving, TEXT("1"), &element), STATUS_NO_MEMORY);
	ck_assert_int_eq(element_of_double(starving, 1, &element), STATUS_NO_MEMORY);
	ck_assert_int_eq(element_of_scaled(starving, 1, 0, &element), STATUS_NO_MEMORY);
	expect_text(element.text, "untouched");
	arena_free(starving);
}
END_TEST

Suite *suite_elements(void);
Suite *suite_elements(void)
{
	Suite *suite = suite_create("elements");
	TCase *elements = tcase_create("elements");

	tcase_add_checked_fixture(elements, setup, teardown);
	tcase_add_test(elements, test_element_of_text_folds_and_takes_numbers_by_value);
	tcase_add_test(elements, test_element_of_numbers_and_booleans_have_one_form);
	tcase_add_test(elements, test_element_of_bad_input_is_untouched);
	suite_add_tcase(suite, elements);
	return suite;
}
