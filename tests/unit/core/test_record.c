/* SPDX-License-Identifier: Apache-2.0 */
/* The field tables: whole, consistent, and what api.md says of them. */
#include <string.h>

#include <sweetspot/number.h>
#include <sweetspot/record.h>

#include "tests/unit/base/expect.h"

START_TEST(test_record_shape_every_field_has_a_name_of_its_own)
{
	for (enum record_kind kind = RECORD_SELLER; kind < RECORD_KINDS; kind++) {
		const struct record_shape *shape = record_shape(kind);

		ck_assert_uint_le(shape->field_count, RECORD_FIELDS_MAX);
		for (size_t i = 0; i < shape->field_count; i++) {
			ck_assert_ptr_nonnull(shape->fields[i].name);
			ck_assert_int_eq(record_field_find(shape, text_of(shape->fields[i].name)), (int)i);
		}
	}
}
END_TEST

START_TEST(test_record_shape_bounds_fit_the_kind_of_field)
{
	for (enum record_kind kind = RECORD_SELLER; kind < RECORD_KINDS; kind++) {
		const struct record_shape *shape = record_shape(kind);

		for (size_t i = 0; i < shape->field_count; i++) {
			const struct field *field = &shape->fields[i];
			bool has_bounds = field->kind != FIELD_DAY && field->kind != FIELD_INSTANT;

			ck_assert_msg(has_bounds == (field->max > field->min), "%s.%s", shape->noun, field->name);
			ck_assert_int_ge(field->min, -EXACT_MAX);
			ck_assert_int_le(field->max, EXACT_MAX);
			ck_assert_int_eq(field->kind == FIELD_ENUM, field->labels != NULL);
			if (field->kind == FIELD_ENUM)
				ck_assert_ptr_null(field->labels[field->max + 1]);
			if (field->has_fallback)
				ck_assert(field->fallback >= field->min && field->fallback <= field->max);
		}
	}
}
END_TEST

START_TEST(test_record_shape_requires_what_the_contract_says)
{
	static const char *const required[RECORD_KINDS] = {
		[RECORD_SELLER] = "name ",  [RECORD_ORGANISATION] = "name ", [RECORD_CONTACT] = "name ",
		[RECORD_DEAL] = "",         [RECORD_ACTIVITY] = "at ",       [RECORD_REVENUE] = "organisation on ",
	};

	for (enum record_kind kind = RECORD_SELLER; kind < RECORD_KINDS; kind++) {
		const struct record_shape *shape = record_shape(kind);
		char found[64] = "";

		for (size_t i = 0; i < shape->field_count; i++)
			if (shape->fields[i].required)
				snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s ", shape->fields[i].name);
		ck_assert_str_eq(found, required[kind]);
	}
}
END_TEST

START_TEST(test_record_shape_enumerations_are_the_contracts)
{
	static const struct {
		enum record_kind kind;
		int field;
		int value;
		const char *label;
	} cases[] = {
		{RECORD_ORGANISATION, ORGANISATION_STATUS, ORGANISATION_ACTIVE, "active"},
		{RECORD_ORGANISATION, ORGANISATION_STATUS, ORGANISATION_INACTIVE, "inactive"},
		{RECORD_ORGANISATION, ORGANISATION_STATUS, ORGANISATION_LET_GO, "let_go"},
		{RECORD_DEAL, DEAL_STAGE, STAGE_OPEN, "open"}, {RECORD_DEAL, DEAL_STAGE, STAGE_WON, "won"},
		{RECORD_DEAL, DEAL_STAGE, STAGE_LOST, "lost"},
		{RECORD_ACTIVITY, ACTIVITY_KIND, ACTIVITY_CALL, "call"}, {RECORD_ACTIVITY, ACTIVITY_KIND, ACTIVITY_EMAIL, "email"},
		{RECORD_ACTIVITY, ACTIVITY_KIND, ACTIVITY_MEETING, "meeting"}, {RECORD_ACTIVITY, ACTIVITY_KIND, ACTIVITY_VISIT, "visit"},
		{RECORD_ACTIVITY, ACTIVITY_KIND, ACTIVITY_SERVICE, "service"}, {RECORD_ACTIVITY, ACTIVITY_KIND, ACTIVITY_OTHER, "other"},
		{RECORD_ACTIVITY, ACTIVITY_DIRECTION, DIRECTION_INBOUND, "inbound"},
		{RECORD_ACTIVITY, ACTIVITY_DIRECTION, DIRECTION_OUTBOUND, "outbound"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_str_eq(record_shape(cases[i].kind)->fields[cases[i].field].labels[cases[i].value], cases[i].label);
}
END_TEST

START_TEST(test_record_field_find_unknown_name_is_none)
{
	ck_assert_int_eq(record_field_find(record_shape(RECORD_REVENUE), TEXT("seller")), -1);
	ck_assert_int_eq(record_field_find(record_shape(RECORD_REVENUE), TEXT("")), -1);
}
END_TEST

Suite *suite_record(void);
Suite *suite_record(void)
{
	Suite *suite = suite_create("record");
	TCase *shapes = tcase_create("shapes");

	tcase_add_test(shapes, test_record_shape_every_field_has_a_name_of_its_own);
	tcase_add_test(shapes, test_record_shape_bounds_fit_the_kind_of_field);
	tcase_add_test(shapes, test_record_shape_requires_what_the_contract_says);
	tcase_add_test(shapes, test_record_shape_enumerations_are_the_contracts);
	tcase_add_test(shapes, test_record_field_find_unknown_name_is_none);
	suite_add_tcase(suite, shapes);
	return suite;
}
