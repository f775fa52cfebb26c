/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of merging share: saying things, merging them, and expecting what comes of it. One arena a file and test. */
#ifndef TESTS_UNIT_CORE_MERGING_H
#define TESTS_UNIT_CORE_MERGING_H

#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/record.h>

#include "tests/unit/base/expect.h"

#define NOW_US 1000
#define BOOK_DAY 20000

static struct arena *arena;

static inline void setup(void)
{
	arena = arena_new(4096);
}

static inline void teardown(void)
{
	arena_free(arena);
}

/* ---- Saying things ---- */

static inline struct record said(enum record_kind kind, int64_t source_at_us)
{
	return (struct record){.kind = kind, .id = TEXT("acme"), .source_at_us = source_at_us};
}

static inline void say_number(struct record *record, int field, int64_t value)
{
	record->given |= UINT32_C(1) << field;
	record->filled |= UINT32_C(1) << field;
	record->value[field].integer = value;
}

static inline void say_text(struct record *record, int field, const char *value)
{
	record->given |= UINT32_C(1) << field;
	record->filled |= UINT32_C(1) << field;
	record->value[field].text = text_of(value);
}

static inline void say_null(struct record *record, int field)
{
	record->given |= UINT32_C(1) << field;
	record->filled &= ~(UINT32_C(1) << field);
}

static inline struct record named_organisation(int64_t source_at_us)
{
	struct record record = said(RECORD_ORGANISATION, source_at_us);

	say_text(&record, ORGANISATION_NAME, "Acme");
	return record;
}

static inline bool is_filled(const struct stored_record *stored, int field)
{
	return (stored->record.filled >> field & 1) != 0;
}

static inline int64_t number(const struct stored_record *stored, int field)
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

static inline struct outcome merge_at(struct stored_record *stored, struct record record, enum write_verb verb, bool as_account,
                                      int64_t now_us)
{
	struct merge_context context = {.verb = verb, .as_account = as_account, .now_us = now_us, .book_day = BOOK_DAY};
	struct outcome outcome = {.effect = EFFECT_DELETED, .problems = problems_in(arena)};

	outcome.status = record_merge(stored, &record, &context, &outcome.effect, &outcome.problems);
	return outcome;
}

static inline struct outcome merge(struct stored_record *stored, struct record record, enum write_verb verb)
{
	return merge_at(stored, record, verb, stored->is_account, NOW_US);
}

static inline void expect_effect(struct outcome outcome, enum write_effect effect)
{
	ck_assert_int_eq(outcome.status, STATUS_OK);
	ck_assert_int_eq(outcome.effect, effect);
	ck_assert_uint_eq(outcome.problems.count, 0);
}

static inline void expect_problem(struct outcome outcome, enum status status, const char *pointer)
{
	ck_assert_int_eq(outcome.status, status);
	ck_assert_uint_eq(outcome.problems.count, 1);
	expect_text(outcome.problems.first->pointer, pointer);
}

/* A whole organisation as of NOW_US. */
static inline struct stored_record standing(bool as_account)
{
	struct stored_record stored = {.exists = false};
	struct record record = named_organisation(INSTANT_NONE);

	say_number(&record, ORGANISATION_EMPLOYEES, 350);
	expect_effect(merge_at(&stored, record, WRITE_PUT, as_account, NOW_US), EFFECT_CREATED);
	return stored;
}

#endif
