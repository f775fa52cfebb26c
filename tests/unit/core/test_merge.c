/* SPDX-License-Identifier: Apache-2.0 */
/* Two versions of a record become one (api.md "Habits"): who wins, what counts as a change, what is refused. */
#include <stdlib.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/record.h>

#include "tests/unit/base/expect.h"

#define NOW_US 1000
#define BOOK_DAY 20000

static struct arena *arena;

static void setup(void)
{
	arena = arena_new(4096);
}

static void teardown(void)
{
	arena_free(arena);
}

/* ---- Saying things ---- */

static struct record said(enum record_kind kind, int64_t source_at_us)
{
	return (struct record){.kind = kind, .id = TEXT("acme"), .source_at_us = source_at_us};
}

static void say_number(struct record *record, int field, int64_t value)
{
	record->given |= UINT32_C(1) << field;
	record->filled |= UINT32_C(1) << field;
	record->value[field].integer = value;
}

static void say_text(struct record *record, int field, const char *value)
{
	record->given |= UINT32_C(1) << field;
	record->filled |= UINT32_C(1) << field;
	record->value[field].text = text_of(value);
}

static void say_null(struct record *record, int field)
{
	record->given |= UINT32_C(1) << field;
	record->filled &= ~(UINT32_C(1) << field);
}

static struct record named_organisation(int64_t source_at_us)
{
	struct record record = said(RECORD_ORGANISATION, source_at_us);

	say_text(&record, ORGANISATION_NAME, "Acme");
	return record;
}

static bool is_filled(const struct stored_record *stored, int field)
{
	return (stored->record.filled >> field & 1) != 0;
}

static int64_t number(const struct stored_record *stored, int field)
{
	ck_assert(is_filled(stored, field));
	return stored->record.value[field].integer;
}

/* ---- Merging ---- */

struct outcome {
	enum status status;
	enum write_effect effect;
	struct problems problems;
};

static struct outcome merge_at(struct stored_record *stored, struct record record, enum write_verb verb, bool as_account, int64_t now_us)
{
	struct merge_context context = {.verb = verb, .as_account = as_account, .now_us = now_us, .book_day = BOOK_DAY};
	struct outcome outcome = {.effect = EFFECT_DELETED, .problems = problems_in(arena)};

	outcome.status = record_merge(stored, &record, &context, &outcome.effect, &outcome.problems);
	return outcome;
}

static struct outcome merge(struct stored_record *stored, struct record record, enum write_verb verb)
{
	return merge_at(stored, record, verb, stored->is_account, NOW_US);
}

static void expect_effect(struct outcome outcome, enum write_effect effect)
{
	ck_assert_int_eq(outcome.status, STATUS_OK);
	ck_assert_int_eq(outcome.effect, effect);
	ck_assert_uint_eq(outcome.problems.count, 0);
}

static void expect_problem(struct outcome outcome, enum status status, const char *pointer)
{
	ck_assert_int_eq(outcome.status, status);
	ck_assert_uint_eq(outcome.problems.count, 1);
	expect_text(outcome.problems.first->pointer, pointer);
}

/* A whole organisation as of NOW_US. */
static struct stored_record standing(bool as_account)
{
	struct stored_record stored = {.exists = false};
	struct record record = named_organisation(INSTANT_NONE);

	say_number(&record, ORGANISATION_EMPLOYEES, 350);
	expect_effect(merge_at(&stored, record, WRITE_PUT, as_account, NOW_US), EFFECT_CREATED);
	return stored;
}

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

Suite *suite_merge(void);
Suite *suite_merge(void)
{
	Suite *suite = suite_create("merge");
	TCase *fields = tcase_create("fields");
	TCase *rules = tcase_create("rules");

	tcase_add_checked_fixture(fields, setup, teardown);
	tcase_add_test(fields, test_record_merge_put_of_nothing_creates);
	tcase_add_test(fields, test_record_merge_put_clears_what_it_leaves_out);
	tcase_add_test(fields, test_record_merge_cleared_field_beats_an_older_value);
	tcase_add_test(fields, test_record_merge_patch_keeps_what_it_leaves_out);
	tcase_add_test(fields, test_record_merge_patch_null_clears);
	tcase_add_test(fields, test_record_merge_patch_of_nothing_is_not_found);
	tcase_add_test(fields, test_record_merge_unchanged_write_advances_source_times_only);
	tcase_add_test(fields, test_record_merge_saying_what_reads_the_same_is_no_change);
	tcase_add_test(fields, test_record_merge_source_time_is_never_later_than_now);
	tcase_add_test(fields, test_record_merge_write_without_source_time_wins_over_a_clock_ahead);
	tcase_add_test(fields, test_record_merge_ties_go_by_event_id);
	tcase_add_test(fields, test_record_merge_complete_tie_goes_to_the_later_arrival);
	tcase_add_test(fields, test_record_merge_any_order_gives_the_same_record);
	tcase_add_test(fields, test_record_merge_refused_write_changes_nothing);
	suite_add_tcase(suite, fields);
	tcase_add_checked_fixture(rules, setup, teardown);
	tcase_add_test(rules, test_record_merge_put_without_required_names_every_one);
	tcase_add_test(rules, test_record_merge_import_must_name_required_only_to_create);
	tcase_add_test(rules, test_record_merge_import_without_name_takes_the_id);
	tcase_add_test(rules, test_record_merge_stub_is_described_by_any_write);
	tcase_add_test(rules, test_record_merge_deleted_comes_back_by_put_alone);
	tcase_add_test(rules, test_record_merge_prospect_becomes_account_and_never_back);
	tcase_add_test(rules, test_record_merge_status_let_go_needs_a_decision);
	tcase_add_test(rules, test_record_merge_let_go_yields_to_explicit_active_alone);
	tcase_add_test(rules, test_record_merge_older_active_does_not_undo_a_decision);
	tcase_add_test(rules, test_record_merge_new_potential_is_dated_by_the_book);
	tcase_add_test(rules, test_record_merge_put_of_the_same_potential_keeps_its_day);
	tcase_add_test(rules, test_record_merge_cleared_potential_takes_its_day_along);
	tcase_add_test(rules, test_record_merge_older_potential_under_a_later_cleared_day_is_dated);
	tcase_add_test(rules, test_record_merge_deal_opened_after_closed_is_refused);
	suite_add_tcase(suite, rules);
	return suite;
}
