/* SPDX-License-Identifier: Apache-2.0 */
/* What merging refuses, and what follows from a write that says nothing of it: stubs, promotions, letting go, dates of potentials. */
#include "merging.h"

START_TEST(test_record_merge_put_without_required_names_every_one)
{
	struct stored_record stored = {.exists = false};
	struct outcome outcome = merge(&stored, said(RECORD_REVENUE, INSTANT_NONE), WRITE_PUT);

	ck_assert_int_eq(outcome.status, STATUS_INVALID);
	ck_assert_uint_eq(outcome.problems.count, 2);
	expect_text(outcome.problems.first->pointer, "/organisation");
	expect_text(outcome.problems.last->pointer, "/on");
	expect_text(outcome.problems.first->detail, "is required");
	expect_problem(merge(&stored, said(RECORD_ORGANISATION, INSTANT_NONE), WRITE_PUT), STATUS_INVALID, "/name");
}
END_TEST

START_TEST(test_record_merge_import_must_name_required_only_to_create)
{
	struct stored_record stored = {.exists = false};
	struct record row = said(RECORD_ACTIVITY, INSTANT_NONE);

	say_number(&row, ACTIVITY_MINUTES, 30);
	expect_problem(merge(&stored, row, WRITE_MERGE), STATUS_INVALID, "/at");
	say_number(&row, ACTIVITY_AT, 5);
	expect_effect(merge(&stored, row, WRITE_MERGE), EFFECT_CREATED);
	row = said(RECORD_ACTIVITY, INSTANT_NONE);
	say_number(&row, ACTIVITY_MINUTES, 45);
	expect_effect(merge(&stored, row, WRITE_MERGE), EFFECT_UPDATED);
	say_null(&row, ACTIVITY_AT);
	expect_problem(merge(&stored, row, WRITE_MERGE), STATUS_INVALID, "/at");
}
END_TEST

START_TEST(test_record_merge_import_without_name_takes_the_id)
{
	struct stored_record stored = {.exists = false};
	struct record older = said(RECORD_CONTACT, 5);
	struct record row = said(RECORD_CONTACT, INSTANT_NONE);

	say_text(&row, CONTACT_EMAIL, "a@example.org");
	expect_effect(merge(&stored, row, WRITE_MERGE), EFFECT_CREATED);
	expect_text(stored.record.value[CONTACT_NAME].text, "acme");
	ck_assert_int_eq(stored.stamps[CONTACT_NAME].at_us, INSTANT_NONE);
	/* It was never said, so the first name wins however old it is; a missing one afterwards keeps it. */
	say_text(&older, CONTACT_NAME, "Ann");
	expect_effect(merge(&stored, older, WRITE_MERGE), EFFECT_UPDATED);
	expect_effect(merge(&stored, row, WRITE_MERGE), EFFECT_UNCHANGED);
	expect_text(stored.record.value[CONTACT_NAME].text, "Ann");
	say_null(&row, CONTACT_NAME);
	expect_effect(merge(&stored, row, WRITE_MERGE), EFFECT_UPDATED);
	expect_text(stored.record.value[CONTACT_NAME].text, "acme");
	ck_assert_int_eq(stored.stamps[CONTACT_NAME].at_us, NOW_US);
}
END_TEST

static struct stored_record stub_of(enum record_kind kind)
{
	struct stored_record stub = {
		.record = {.kind = kind, .id = TEXT("acme")}, .exists = true, .stub = true, .version = 1, .created_at_us = 1, .updated_at_us = 1,
	};

	for (int i = 0; i < RECORD_FIELDS_MAX; i++)
		stub.stamps[i].at_us = INSTANT_NONE;
	return stub;
}

START_TEST(test_record_merge_stub_is_described_by_any_write)
{
	static const enum write_verb verbs[] = {WRITE_PUT, WRITE_PATCH, WRITE_MERGE};

	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		struct stored_record stub = stub_of(RECORD_SELLER);
		struct record record = said(RECORD_SELLER, INSTANT_NONE);

		if (verbs[i] == WRITE_PUT)
			say_text(&record, SELLER_NAME, "acme");
		say_number(&record, SELLER_QUOTA, 100);
		expect_effect(merge(&stub, record, verbs[i]), EFFECT_CREATED);
		ck_assert(!stub.stub);
		ck_assert_int_eq(stub.version, 2);
		ck_assert_int_eq(stub.created_at_us, 1);
		expect_text(stub.record.value[SELLER_NAME].text, "acme");
	}
}
END_TEST

START_TEST(test_record_merge_stub_is_not_described_by_a_patch_of_nothing)
{
	struct stored_record stub = stub_of(RECORD_ORGANISATION);

	say_text(&stub.record, ORGANISATION_NAME, "acme");
	stub.record.given = 0;
	expect_effect(merge(&stub, said(RECORD_ORGANISATION, INSTANT_NONE), WRITE_PATCH), EFFECT_UNCHANGED);
	ck_assert(stub.stub);
	ck_assert_int_eq(stub.version, 1);
}
END_TEST

START_TEST(test_record_merge_deleted_comes_back_by_put_alone)
{
	struct stored_record stored = standing(true);

	stored.deleted = true;
	expect_problem(merge(&stored, named_organisation(INSTANT_NONE), WRITE_MERGE), STATUS_CONFLICT, "/id");
	ck_assert(stored.deleted);
	expect_effect(merge(&stored, named_organisation(INSTANT_NONE), WRITE_PUT), EFFECT_CREATED);
	ck_assert(!stored.deleted);
	ck_assert_int_eq(stored.version, 2);
}
END_TEST

START_TEST(test_record_merge_prospect_becomes_account_and_never_back)
{
	struct stored_record stored = standing(false);
	struct record same = named_organisation(INSTANT_NONE);

	ck_assert(!stored.is_account);
	say_number(&same, ORGANISATION_EMPLOYEES, 350);
	expect_effect(merge_at(&stored, same, WRITE_PATCH, true, NOW_US), EFFECT_UNCHANGED);
	ck_assert(!stored.is_account);
	expect_effect(merge_at(&stored, same, WRITE_PUT, true, NOW_US), EFFECT_UPDATED);
	ck_assert(stored.is_account);
	expect_problem(merge_at(&stored, same, WRITE_PUT, false, NOW_US), STATUS_CONFLICT, "/id");
	expect_problem(merge_at(&stored, same, WRITE_MERGE, false, NOW_US), STATUS_CONFLICT, "/id");
	expect_effect(merge_at(&stored, same, WRITE_PATCH, false, NOW_US), EFFECT_UNCHANGED);
	ck_assert(stored.is_account);
}
END_TEST

START_TEST(test_record_merge_status_let_go_needs_a_decision)
{
	struct stored_record stored = standing(true);
	struct record patch = said(RECORD_ORGANISATION, INSTANT_NONE);

	say_number(&patch, ORGANISATION_STATUS, ORGANISATION_LET_GO);
	expect_problem(merge(&stored, patch, WRITE_PATCH), STATUS_INVALID, "/status");
	say_number(&patch, ORGANISATION_STATUS, ORGANISATION_INACTIVE);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_STATUS), ORGANISATION_INACTIVE);
}
END_TEST

START_TEST(test_record_merge_let_go_yields_to_explicit_active_alone)
{
	struct stored_record stored = standing(true);
	struct record put = named_organisation(INSTANT_NONE);
	struct record patch = said(RECORD_ORGANISATION, INSTANT_NONE);

	say_number(&stored.record, ORGANISATION_STATUS, ORGANISATION_LET_GO);
	say_number(&put, ORGANISATION_EMPLOYEES, 350);
	expect_effect(merge(&stored, put, WRITE_PUT), EFFECT_UNCHANGED);
	say_number(&patch, ORGANISATION_STATUS, ORGANISATION_LET_GO);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UNCHANGED);
	say_number(&patch, ORGANISATION_STATUS, ORGANISATION_INACTIVE);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UNCHANGED);
	say_null(&patch, ORGANISATION_STATUS);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UNCHANGED);
	ck_assert_int_eq(number(&stored, ORGANISATION_STATUS), ORGANISATION_LET_GO);
	say_number(&patch, ORGANISATION_STATUS, ORGANISATION_ACTIVE);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_STATUS), ORGANISATION_ACTIVE);
}
END_TEST

START_TEST(test_record_merge_older_active_does_not_undo_a_decision)
{
	struct stored_record stored = standing(true);
	struct record event = said(RECORD_ORGANISATION, NOW_US - 1);

	say_number(&stored.record, ORGANISATION_STATUS, ORGANISATION_LET_GO);
	say_number(&event, ORGANISATION_STATUS, ORGANISATION_ACTIVE);
	expect_effect(merge(&stored, event, WRITE_MERGE), EFFECT_UNCHANGED);
	ck_assert_int_eq(number(&stored, ORGANISATION_STATUS), ORGANISATION_LET_GO);
}
END_TEST

/* ---- annual_potential_on ---- */

static struct record potential(int64_t amount)
{
	struct record record = said(RECORD_ORGANISATION, INSTANT_NONE);

	say_number(&record, ORGANISATION_ANNUAL_POTENTIAL, amount);
	return record;
}

START_TEST(test_record_merge_new_potential_is_dated_by_the_book)
{
	struct stored_record stored = standing(true);
	struct record dated = potential(700);

	expect_effect(merge(&stored, potential(500), WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), BOOK_DAY);
	ck_assert_int_eq(stored.stamps[ORGANISATION_ANNUAL_POTENTIAL_ON].at_us, NOW_US);
	say_number(&dated, ORGANISATION_ANNUAL_POTENTIAL_ON, 123);
	expect_effect(merge(&stored, dated, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), 123);
	/* The same potential again, however it is written, keeps its day. */
	expect_effect(merge(&stored, potential(700), WRITE_PATCH), EFFECT_UNCHANGED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), 123);
	expect_effect(merge(&stored, potential(800), WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), BOOK_DAY);
	/* Unless it says another: the same potential, confirmed. */
	say_number(&dated, ORGANISATION_ANNUAL_POTENTIAL, 800);
	expect_effect(merge(&stored, dated, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), 123);
}
END_TEST

START_TEST(test_record_merge_put_of_the_same_potential_keeps_its_day)
{
	struct stored_record stored = standing(true);
	struct record put = named_organisation(INSTANT_NONE);
	struct record dated = potential(500);

	say_number(&dated, ORGANISATION_ANNUAL_POTENTIAL_ON, 123);
	merge(&stored, dated, WRITE_PATCH);
	say_number(&put, ORGANISATION_EMPLOYEES, 350);
	say_number(&put, ORGANISATION_ANNUAL_POTENTIAL, 500);
	expect_effect(merge(&stored, put, WRITE_PUT), EFFECT_UNCHANGED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), 123);
	say_null(&put, ORGANISATION_ANNUAL_POTENTIAL_ON);
	expect_effect(merge(&stored, put, WRITE_PUT), EFFECT_UNCHANGED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), 123);
}
END_TEST

START_TEST(test_record_merge_cleared_potential_takes_its_day_along)
{
	struct stored_record stored = standing(true);
	struct record null = said(RECORD_ORGANISATION, INSTANT_NONE);

	merge(&stored, potential(500), WRITE_PATCH);
	say_null(&null, ORGANISATION_ANNUAL_POTENTIAL);
	expect_effect(merge(&stored, null, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert(!is_filled(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON));
	merge(&stored, potential(500), WRITE_PATCH);
	say_number(&null, ORGANISATION_ANNUAL_POTENTIAL_ON, 77);
	expect_effect(merge(&stored, null, WRITE_PATCH), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), 77);
}
END_TEST

START_TEST(test_record_merge_older_potential_under_a_later_cleared_day_is_dated)
{
	struct stored_record stored = standing(true);
	struct record clear = said(RECORD_ORGANISATION, INSTANT_NONE);
	struct record event = said(RECORD_ORGANISATION, NOW_US - 10);

	stored.stamps[ORGANISATION_ANNUAL_POTENTIAL].at_us = INSTANT_NONE;
	say_null(&clear, ORGANISATION_ANNUAL_POTENTIAL_ON);
	expect_effect(merge(&stored, clear, WRITE_PATCH), EFFECT_UNCHANGED);
	say_number(&event, ORGANISATION_ANNUAL_POTENTIAL, 900);
	say_number(&event, ORGANISATION_ANNUAL_POTENTIAL_ON, 5);
	expect_effect(merge(&stored, event, WRITE_MERGE), EFFECT_UPDATED);
	ck_assert_int_eq(number(&stored, ORGANISATION_ANNUAL_POTENTIAL_ON), BOOK_DAY);
}
END_TEST

/* ---- Deals ---- */

START_TEST(test_record_merge_deal_opened_after_closed_is_refused)
{
	struct stored_record stored = {.exists = false};
	struct record deal = said(RECORD_DEAL, INSTANT_NONE);
	struct record patch = said(RECORD_DEAL, INSTANT_NONE);

	say_number(&deal, DEAL_OPENED_ON, 11);
	expect_effect(merge(&stored, deal, WRITE_PUT), EFFECT_CREATED);
	say_number(&deal, DEAL_CLOSED_ON, 10);
	expect_problem(merge(&stored, deal, WRITE_PUT), STATUS_INVALID, "/closed_on");
	say_number(&deal, DEAL_CLOSED_ON, 11);
	expect_effect(merge(&stored, deal, WRITE_PUT), EFFECT_UPDATED);
	say_number(&patch, DEAL_OPENED_ON, 12);
	expect_problem(merge(&stored, patch, WRITE_PATCH), STATUS_INVALID, "/opened_on");
	say_null(&patch, DEAL_OPENED_ON);
	expect_effect(merge(&stored, patch, WRITE_PATCH), EFFECT_UPDATED);
}
END_TEST

Suite *suite_merge_rules(void);
Suite *suite_merge_rules(void)
{
	Suite *suite = suite_create("merge_rules");
	TCase *tcase = tcase_create("merge_rules");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_record_merge_put_without_required_names_every_one);
	tcase_add_test(tcase, test_record_merge_import_must_name_required_only_to_create);
	tcase_add_test(tcase, test_record_merge_import_without_name_takes_the_id);
	tcase_add_test(tcase, test_record_merge_stub_is_described_by_any_write);
	tcase_add_test(tcase, test_record_merge_stub_is_not_described_by_a_patch_of_nothing);
	tcase_add_test(tcase, test_record_merge_deleted_comes_back_by_put_alone);
	tcase_add_test(tcase, test_record_merge_prospect_becomes_account_and_never_back);
	tcase_add_test(tcase, test_record_merge_status_let_go_needs_a_decision);
	tcase_add_test(tcase, test_record_merge_let_go_yields_to_explicit_active_alone);
	tcase_add_test(tcase, test_record_merge_older_active_does_not_undo_a_decision);
	tcase_add_test(tcase, test_record_merge_new_potential_is_dated_by_the_book);
	tcase_add_test(tcase, test_record_merge_put_of_the_same_potential_keeps_its_day);
	tcase_add_test(tcase, test_record_merge_cleared_potential_takes_its_day_along);
	tcase_add_test(tcase, test_record_merge_older_potential_under_a_later_cleared_day_is_dated);
	tcase_add_test(tcase, test_record_merge_deal_opened_after_closed_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
