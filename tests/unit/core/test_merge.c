/* SPDX-License-Identifier: Apache-2.0 */
/* Two versions of a record become one (api.md "Habits"): who wins, and what counts as a change. */
#include <stdlib.h>

#include "merging.h"

START_TEST(test_record_merge_put_of_nothing_creates)
{
	struct stored_record stored = standing(true);

	ck_assert(stored.exists);
	ck_assert(stored.is_account);
	ck_assert(!stored.stub);
	ck_assert_int_eq(stored.version, 1);
	ck_assert_int_eq(stored.created_at_us, NOW_US);
	ck_assert_int_eq(stored.updated_at_us, NOW_US);
	expect_text(stored.record.id, "acme");
	ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 350);
	ck_assert_int_eq(stored.stamps[ORGANISATION_REGION].at_us, NOW_US);
	ck_assert(!is_filled(&stored, ORGANISATION_REGION));
}
END_TEST

START_TEST(test_record_merge_put_clears_what_it_leaves_out)
{
	struct stored_record stored = standing(true);

	expect_effect(merge_at(&stored, named_organisation(INSTANT_NONE), WRITE_PUT, true, NOW_US + 5), EFFECT_UPDATED);
	ck_assert(!is_filled(&stored, ORGANISATION_EMPLOYEES));
	ck_assert_int_eq(stored.version, 2);
	ck_assert_int_eq(stored.created_at_us, NOW_US);
	ck_assert_int_eq(stored.updated_at_us, NOW_US + 5);
	ck_assert_int_eq(stored.stamps[ORGANISATION_EMPLOYEES].at_us, NOW_US + 5);
}
END_TEST

START_TEST(test_record_merge_cleared_field_beats_an_older_value)
{
	struct stored_record stored = standing(true);
	struct record older = said(RECORD_ORGANISATION, NOW_US - 1);

	merge_at(&stored, named_organisation(INSTANT_NONE), WRITE_PUT, true, NOW_US);
	say_number(&older, ORGANISATION_EMPLOYEES, 12);
	expect_effect(merge(&stored, older, WRITE_MERGE), EFFECT_UNCHANGED);
	ck_assert(!is_filled(&stored, ORGANISATION_EMPLOYEES));
}
END_TEST

START_TEST(test_record_merge_patch_keeps_what_it_leaves_out)
{
	struct stored_record stored = standing(true);
	struct record patch = said(RECORD_ORGANISATION, INSTANT_NONE);

	say_text(&patch, ORGANISATION_REGION, "north");
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 350);
	expect_text(stored.record.value[ORGANISATION_REGION].text, "north");
}
END_TEST

START_TEST(test_record_merge_patch_null_clears)
{
	struct stored_record stored = standing(true);
	struct record patch = said(RECORD_ORGANISATION, INSTANT_NONE);

	say_null(&patch, ORGANISATION_EMPLOYEES);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert(!is_filled(&stored, ORGANISATION_EMPLOYEES));
}
END_TEST

START_TEST(test_record_merge_patch_of_nothing_is_not_found)
{
	struct stored_record absent = {.exists = false};
	struct stored_record deleted = standing(true);

	deleted.deleted = true;
	ck_assert_int_eq(merge(&absent, named_organisation(INSTANT_NONE), WRITE_PATCH).status, STATUS_NOT_FOUND);
	ck_assert_int_eq(merge(&deleted, named_organisation(INSTANT_NONE), WRITE_PATCH).status, STATUS_NOT_FOUND);
	ck_assert(!absent.exists);
}
END_TEST

START_TEST(test_record_merge_unchanged_write_advances_source_times_only)
{
	struct stored_record stored = standing(true);
	struct record same = named_organisation(INSTANT_NONE);
	struct record older = said(RECORD_ORGANISATION, NOW_US + 3);

	say_number(&same, ORGANISATION_EMPLOYEES, 350);
	expect_effect(merge_at(&stored, same, WRITE_PUT, true, NOW_US + 5), EFFECT_UNCHANGED);
	ck_assert_int_eq(stored.version, 1);
	ck_assert_int_eq(stored.updated_at_us, NOW_US);
	ck_assert_int_eq(stored.stamps[ORGANISATION_EMPLOYEES].at_us, NOW_US + 5);

	say_number(&older, ORGANISATION_EMPLOYEES, 12);
	expect_effect(merge_at(&stored, older, WRITE_MERGE, true, NOW_US + 9), EFFECT_UNCHANGED);
	ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 350);
}
END_TEST

START_TEST(test_record_merge_saying_what_reads_the_same_is_no_change)
{
	struct stored_record stored = standing(true);
	struct record same = said(RECORD_ORGANISATION, INSTANT_NONE);
	struct record other;

	say_number(&same, ORGANISATION_STATUS, ORGANISATION_ACTIVE);
	say_text(&same, ORGANISATION_PROBLEMS, "[]");
	say_text(&same, ORGANISATION_ATTRIBUTES, "{}");
	expect_effect(merge(&stored, same, WRITE_PATCH), EFFECT_UNCHANGED);

	other = said(RECORD_ORGANISATION, INSTANT_NONE);
	say_text(&other, ORGANISATION_ATTRIBUTES, "{\"a\":1}");
	expect_effect(merge(&stored, other, WRITE_PATCH), EFFECT_UPDATED);
	other = said(RECORD_ORGANISATION, INSTANT_NONE);
	say_text(&other, ORGANISATION_SELLER, "s-1");
	expect_effect(merge(&stored, other, WRITE_PATCH), EFFECT_UPDATED);
	other = said(RECORD_ORGANISATION, INSTANT_NONE);
	say_text(&other, ORGANISATION_PROTECTED, "{\"reason\":\"founder\",\"until\":\"2030-01-01\"}");
	expect_effect(merge(&stored, other, WRITE_PATCH), EFFECT_UPDATED);
	other = said(RECORD_ORGANISATION, INSTANT_NONE);
	say_number(&other, ORGANISATION_ACCESS, 0);
	expect_effect(merge(&stored, other, WRITE_PATCH), EFFECT_UPDATED);
}
END_TEST

START_TEST(test_record_merge_source_time_is_never_later_than_now)
{
	struct stored_record stored = standing(true);
	struct record early = said(RECORD_ORGANISATION, NOW_US + 1000000);
	struct record next = said(RECORD_ORGANISATION, NOW_US + 1);

	say_number(&early, ORGANISATION_EMPLOYEES, 1);
	expect_effect(merge(&stored, early, WRITE_MERGE), EFFECT_UPDATED);
	ck_assert_int_eq(stored.stamps[ORGANISATION_EMPLOYEES].at_us, NOW_US);
	say_number(&next, ORGANISATION_EMPLOYEES, 2);
	expect_effect(merge_at(&stored, next, WRITE_MERGE, true, NOW_US + 1), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 2);
}
END_TEST

START_TEST(test_record_merge_write_without_source_time_wins_over_a_clock_ahead)
{
	struct stored_record stored = standing(true);
	struct record patch = said(RECORD_ORGANISATION, INSTANT_NONE);

	stored.stamps[ORGANISATION_EMPLOYEES] = (struct stamp){NOW_US + 50, TEXT("e-1")};
	say_number(&patch, ORGANISATION_EMPLOYEES, 7);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 7);
	ck_assert_int_eq(stored.stamps[ORGANISATION_EMPLOYEES].at_us, NOW_US + 50);
	expect_text(stored.stamps[ORGANISATION_EMPLOYEES].event, "e-1");
}
END_TEST

START_TEST(test_record_merge_ties_go_by_event_id)
{
	struct stored_record stored = standing(true);
	struct record event = said(RECORD_ORGANISATION, NOW_US);

	event.source_event = TEXT("e-2");
	say_number(&event, ORGANISATION_EMPLOYEES, 2);
	expect_effect(merge(&stored, event, WRITE_MERGE), EFFECT_UPDATED);
	event.source_event = TEXT("e-1");
	say_number(&event, ORGANISATION_EMPLOYEES, 1);
	expect_effect(merge(&stored, event, WRITE_MERGE), EFFECT_UNCHANGED);
	ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 2);
}
END_TEST

START_TEST(test_record_merge_complete_tie_goes_to_the_later_arrival)
{
	struct stored_record stored = standing(true);
	struct record row = said(RECORD_ORGANISATION, NOW_US);

	say_number(&row, ORGANISATION_EMPLOYEES, 1);
	expect_effect(merge(&stored, row, WRITE_MERGE), EFFECT_UPDATED);
	say_number(&row, ORGANISATION_EMPLOYEES, 2);
	expect_effect(merge(&stored, row, WRITE_MERGE), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 2);
}
END_TEST

/* Events with source times of their own, in any order, end in the same record. */
START_TEST(test_record_merge_any_order_gives_the_same_record)
{
	enum { EVENTS = 5 };
	int order[EVENTS] = {0, 1, 2, 3, 4};
	struct stored_record first = {.exists = false};

	for (int round = 0; round < 200; round++) {
		struct stored_record stored = {.exists = false};

		for (int i = EVENTS - 1; i > 0; i--) {
			int j = rand() % (i + 1);
			int swap = order[i];

			order[i] = order[j];
			order[j] = swap;
		}
		for (int i = 0; i < EVENTS; i++) {
			struct record event = said(RECORD_ORGANISATION, 100 + order[i] / 2);
			const char ids[EVENTS][4] = {"e-0", "e-1", "e-2", "e-3", "e-4"};

			event.source_event = text_copy(arena, text_of(ids[order[i]]));
			if (order[i] % 2 == 0)
				say_number(&event, ORGANISATION_EMPLOYEES, order[i]);
			if (order[i] != 3)
				say_number(&event, ORGANISATION_ANNUAL_POTENTIAL, order[i] * 10);
			if (order[i] == 1)
				say_text(&event, ORGANISATION_NAME, "Acme");
			if (order[i] == 2)
				say_null(&event, ORGANISATION_REGION);
			ck_assert_int_eq(merge(&stored, event, WRITE_MERGE).status, STATUS_OK);
		}
		if (round == 0)
			first = stored;
		ck_assert_uint_eq(stored.record.filled, first.record.filled);
		ck_assert_int_eq(number(&stored, ORGANISATION_EMPLOYEES), 4);
		ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL), 40);
		expect_text(stored.record.value[ORGANISATION_NAME].text, "Acme");
		for (int i = 0; i < ORGANISATION_FIELDS; i++)
			ck_assert_int_eq(stored.stamps[i].at_us, first.stamps[i].at_us);
	}
}
END_TEST

START_TEST(test_record_merge_refused_write_changes_nothing)
{
	struct stored_record stored = standing(true);
	struct stored_record before = stored;
	struct record patch = said(RECORD_ORGANISATION, INSTANT_NONE);

	say_number(&patch, ORGANISATION_EMPLOYEES, 1);
	say_null(&patch, ORGANISATION_NAME);
	expect_problem(merge(&stored, patch, WRITE_PATCH), STATUS_INVALID, "/name");
	ck_assert_int_eq(memcmp(&stored, &before, sizeof(stored)), 0);
}
END_TEST

Suite *suite_merge(void);
Suite *suite_merge(void)
{
	Suite *suite = suite_create("merge");
	TCase *tcase = tcase_create("merge");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_record_merge_put_of_nothing_creates);
	tcase_add_test(tcase, test_record_merge_put_clears_what_it_leaves_out);
	tcase_add_test(tcase, test_record_merge_cleared_field_beats_an_older_value);
	tcase_add_test(tcase, test_record_merge_patch_keeps_what_it_leaves_out);
	tcase_add_test(tcase, test_record_merge_patch_null_clears);
	tcase_add_test(tcase, test_record_merge_patch_of_nothing_is_not_found);
	tcase_add_test(tcase, test_record_merge_unchanged_write_advances_source_times_only);
	tcase_add_test(tcase, test_record_merge_saying_what_reads_the_same_is_no_change);
	tcase_add_test(tcase, test_record_merge_source_time_is_never_later_than_now);
	tcase_add_test(tcase, test_record_merge_write_without_source_time_wins_over_a_clock_ahead);
	tcase_add_test(tcase, test_record_merge_ties_go_by_event_id);
	tcase_add_test(tcase, test_record_merge_complete_tie_goes_to_the_later_arrival);
	tcase_add_test(tcase, test_record_merge_any_order_gives_the_same_record);
	tcase_add_test(tcase, test_record_merge_refused_write_changes_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
