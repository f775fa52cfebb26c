/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews, days and policies that flip while the write lane writes: afterwards everything stands as measuring and scoring it again says. */
#include "jobs_book.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define JOBS 150
#define WRITES 12

/** A job of the write lane, with the memory of it. */
struct written {
	struct write_job job;
	struct write writes[WRITES];
	struct arena *arena;
	bool is_done;
};

static void on_done(struct write_job *job)
{
	struct written *written = job->owner;

	written->is_done = true;
}

static bool is_done(void *owner)
{
	return ((const struct written *)owner)->is_done;
}

static void set(struct record *record, int field, union value value)
{
	record->given |= UINT32_C(1) << field;
	record->filled |= UINT32_C(1) << field;
	record->value[field] = value;
}

static int32_t some_day(unsigned *seed)
{
	int32_t day;

	ck_assert(day_parse(TEXT("2026-11-30"), &day));
	return day - rand_r(seed) % 700;
}

/** A revenue entry that is new, changes, moves or goes; an account whose fields score; a won deal of a prospect; a touch. */
static void draw(struct written *written, struct write *write, unsigned *seed)
{
	struct arena *arena = written->arena;
	struct text account = text_format(arena, "o-%03d", 1 + rand_r(seed) % 80);
	struct text prospect = text_format(arena, "p-%03d", 1 + rand_r(seed) % 300);
	int what = rand_r(seed) % 10;

	*write = (struct write){.verb = what == 9 ? WRITE_DELETE : WRITE_MERGE, .as_account = true, .problems = problems_in(arena)};
	write->record.source_at_us = INSTANT_NONE;
	if (what < 5 || what == 9) {
		write->kind = RECORD_REVENUE;
		write->record.id = text_format(arena, "r-%d-%d", 1 + rand_r(seed) % 60, rand_r(seed) % 30);
		set(&write->record, REVENUE_ORGANISATION, (union value){.text = account});
		set(&write->record, REVENUE_AMOUNT, (union value){.integer = rand_r(seed) % 100000 - 5000});
		set(&write->record, REVENUE_ON, (union value){.integer = some_day(seed)});
	} else if (what < 7) {
		write->kind = RECORD_ORGANISATION;
		write->record.id = account;
		set(&write->record, ORGANISATION_ANNUAL_POTENTIAL, (union value){.integer = rand_r(seed) % 1000000});
		set(&write->record, ORGANISATION_STATUS,
		    (union value){.integer = rand_r(seed) % 5 == 0 ? ORGANISATION_INACTIVE : ORGANISATION_ACTIVE});
		if (rand_r(seed) % 3 == 0)
			set(&write->record, ORGANISATION_MARGIN_PCT, (union value){.integer = 100 * (rand_r(seed) % 90)});
	} else if (what < 8) {
		write->kind = RECORD_DEAL;
		write->record.id = text_format(arena, "d-%d", rand_r(seed) % 400);
		set(&write->record, DEAL_ORGANISATION, (union value){.text = prospect});
		set(&write->record, DEAL_SELLER, (union value){.text = text_format(arena, "s-%d", rand_r(seed) % 4)});
		set(&write->record, DEAL_STAGE, (union value){.integer = STAGE_WON});
		set(&write->record, DEAL_AMOUNT, (union value){.integer = rand_r(seed) % 100000});
		set(&write->record, DEAL_CLOSED_ON, (union value){.integer = some_day(seed)});
	} else {
		write->kind = RECORD_ACTIVITY;
		write->record.id = text_format(arena, "t-%d", rand_r(seed) % 200);
		set(&write->record, ACTIVITY_ORGANISATION, (union value){.text = account});
		set(&write->record, ACTIVITY_CONTACT, (union value){.text = text_format(arena, "c-%d", rand_r(seed) % 50)});
		set(&write->record, ACTIVITY_MINUTES, (union value){.integer = 10});
		set(&write->record, ACTIVITY_DIRECTION, (union value){.integer = rand_r(seed) % 2});
		set(&write->record, ACTIVITY_AT, (union value){.integer = some_day(seed) * DAY_US});
	}
	write->record.kind = write->kind;
}

static struct written *written_new(void)
{
	struct written *written = calloc(1, sizeof(*written));

	ck_assert_ptr_nonnull(written);
	written->arena = arena_new(65536);
	return written;
}

/** Write the first so many of what was drawn, and forget them. */
static void write_drawn(const struct jobs_book *book, struct loop *loop, struct store *store, struct written *written, size_t count)
{
	written->job = (struct write_job){
		.workspace = book->workspace,
		.writes = written->writes,
		.count = count,
		.bytes = 4096,
		.arena = written->arena,
		.deadline_us = clock_ticks_us() + 20 * SECOND,
		.on_done = on_done,
		.owner = written,
	};
	store_write(store, &written->job);
	turn_until(loop, store, is_done, written);
	ck_assert_int_eq(written->job.status, STATUS_OK);
	arena_free(written->arena);
	free(written);
}

static void write_some(const struct jobs_book *book, struct loop *loop, struct store *store, unsigned *seed)
{
	struct written *written = written_new();

	for (size_t i = 0; i < WRITES; i++)
		draw(written, &written->writes[i], seed);
	write_drawn(book, loop, store, written, WRITES);
}

static void write_account(const struct jobs_book *book, struct loop *loop, struct store *store, const char *id)
{
	struct written *written = written_new();
	struct write *write = &written->writes[0];

	*write = (struct write){.verb = WRITE_MERGE, .kind = RECORD_ORGANISATION, .as_account = true, .problems = problems_in(written->arena)};
	write->record = (struct record){.kind = RECORD_ORGANISATION, .id = text_of(id), .source_at_us = INSTANT_NONE};
	set(&write->record, ORGANISATION_ANNUAL_POTENTIAL, (union value){.integer = 4711});
	write_drawn(book, loop, store, written, 1);
}

/** What the other thread needs: a connection of its own. */
struct flipping {
	struct jobs_book book;
	atomic_bool stop;
	int flips;
	bool failed;
};

static void *flip_on(void *argument)
{
	static const char *const policies[] = {
		"INSERT INTO policy (workspace_id, version, document) SELECT %W, max(version) + 1, (array_agg(document ORDER BY version DESC))[1]"
		" || jsonb_build_object('today', (DATE '2026-06-30' + max(version) * 17 % 140)::text) FROM policy WHERE workspace_id = %W",
		"INSERT INTO policy (workspace_id, version, document) SELECT %W, max(version) + 1, (array_agg(document ORDER BY version DESC))[1]"
		" || jsonb_build_object('default_margin_pct', 20 + max(version) % 5) FROM policy WHERE workspace_id = %W",
	};
	struct flipping *flipping = argument;

	while (!atomic_load(&flipping->stop) && !flipping->failed) {
		if (flipping->flips % 3 == 2)
			book_ask_review(&flipping->book);
		else
			book_run(&flipping->book, policies[flipping->flips % 3]);
		flipping->failed = jobs_run_due(&flipping->book.settings, flipping->book.metrics, flipping->book.workspace) != STATUS_OK;
		flipping->flips++;
	}
	return NULL;
}

static bool is_ready(void *store)
{
	return store_is_ready(store);
}

START_TEST(test_jobs_beside_writers_leave_everything_as_recomputing_has_it)
{
	struct jobs_book book = jobs_book_make();
	/* Settled, and with editions of their own. */
	book.settings.settle_rows = _i % 2 == 0 ? 0 : 1000;
	struct flipping flipping = {.book = book};
	struct loop *loop = loop_new();
	struct store *store;
	unsigned seed = 20260630u + (unsigned)_i;
	pthread_t thread;

	flipping.book.plain = plain_connect(TEST_DATABASE);
	flipping.book.arena = arena_new(65536);
	flipping.book.metrics = metrics_new();
	book_run_due(&book);
	book_ask_review(&book);
	book_run_due(&book);
	ck_assert_int_eq(store_new(loop, &book.settings, book.metrics, &store), STATUS_OK);
	turn_until(loop, store, is_ready, store);
	ck_assert_int_eq(pthread_create(&thread, NULL, flip_on, &flipping), 0);
	for (int i = 0; i < JOBS; i++)
		write_some(&book, loop, store, &seed);
	atomic_store(&flipping.stop, true);
	pthread_join(thread, NULL);
	ck_assert(!flipping.failed);
	ck_assert_int_gt(flipping.flips, 3);
	book_run_due(&book);
	book_expect_settled(&book);
	/* The history ends with what stands. */
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM standing_in_force AS s JOIN LATERAL (SELECT tier, list FROM change"
					    " WHERE workspace_id = s.workspace_id AND organisation = s.organisation ORDER BY position DESC LIMIT 1) AS c"
					    " ON true"
					    " WHERE workspace_id = %W AND (s.tier IS DISTINCT FROM c.tier OR s.list IS DISTINCT FROM c.list)"), 0);
	store_free(store);
	loop_free(loop);
	jobs_book_release(&flipping.book);
	jobs_book_release(&book);
}
END_TEST

/** A book with a review, a flip to another day that has been announced, and a store that writes beside it. */
struct beside {
	struct jobs_book book;
	struct job job;
	struct flip flip;
	struct loop *loop;
	struct store *store;
};

static void beside_begin(struct beside *beside)
{
	beside->book = jobs_book_make();
	book_run_due(&beside->book);
	book_ask_review(&beside->book);
	book_run_due(&beside->book);
	beside->job = book_job(&beside->book);
	beside->flip = (struct flip){.job = &beside->job, .cause = "refresh"};
	ck_assert(day_parse(TEXT("2026-09-30"), &beside->flip.target_day));
	ck_assert_int_eq(jobs_flip_announce(&beside->flip), STATUS_OK);
	beside->loop = loop_new();
	ck_assert_int_eq(store_new(beside->loop, &beside->book.settings, beside->book.metrics, &beside->store), STATUS_OK);
	turn_until(beside->loop, beside->store, is_ready, beside->store);
}

static void beside_end(struct beside *beside)
{
	store_free(beside->store);
	loop_free(beside->loop);
	jobs_flip_release(&beside->flip);
	book_job_end(&beside->job);
	jobs_book_release(&beside->book);
}

START_TEST(test_writer_marks_what_it_touches_while_a_flip_computes)
{
	struct beside beside;

	beside_begin(&beside);
	write_account(&beside.book, beside.loop, beside.store, "o-003");
	ck_assert_int_eq(book_count(&beside.book, "touched", "organisation = 'o-003'"), 1);
	ck_assert_int_eq(book_count(&beside.book, "touched", "true"), 1);
	beside_end(&beside);
}
END_TEST

START_TEST(test_writer_writes_both_editions_while_a_flip_is_written)
{
	struct beside beside;

	beside_begin(&beside);
	ck_assert_int_eq(jobs_flip_publish(&beside.flip), STATUS_OK);
	write_account(&beside.book, beside.loop, beside.store, "o-003");
	ck_assert_int_eq(book_count(&beside.book, "standing", "organisation = 'o-003'"), 2);
	ck_assert_int_eq(book_count(&beside.book, "standing", "edition > 1"), 1);
	beside_end(&beside);
}
END_TEST

static void *publish(void *flip)
{
	ck_assert_int_eq(jobs_flip_publish(flip), STATUS_OK);
	return NULL;
}

/* A writer that has seen what is in force goes on as if it were: nothing may come into force before it has ended. */
START_TEST(test_flip_waits_for_the_writers_that_are_under_way)
{
	const int64_t until_us = clock_ticks_us() + 8 * SECOND;
	PGconn *writer = plain_connect(TEST_DATABASE);
	struct beside beside;
	pthread_t thread;
	char sql[128];

	beside_begin(&beside);
	snprintf(sql, sizeof(sql), "BEGIN; SELECT pg_advisory_xact_lock_shared(6005344792186191872 # %" PRId64 ")", beside.book.workspace);
	plain_run(writer, sql);
	ck_assert_int_eq(pthread_create(&thread, NULL, publish, &beside.flip), 0);
	while (book_number(&beside.book, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 0)
		ck_assert_int_lt(clock_ticks_us(), until_us);
	ck_assert_int_eq(book_number(&beside.book, "SELECT count(*) FROM workspace WHERE id = %W AND next_state = 'computing'"), 1);
	plain_run(writer, "COMMIT");
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(book_number(&beside.book, "SELECT count(*) FROM workspace WHERE id = %W AND next_state = 'writing'"), 1);
	PQfinish(writer);
	beside_end(&beside);
}
END_TEST

Suite *suite_jobs_beside_writers(void);
Suite *suite_jobs_beside_writers(void)
{
	Suite *suite = suite_create("jobs_beside_writers");
	TCase *cases = tcase_create("jobs_beside_writers");
	TCase *steps = tcase_create("steps");

	tcase_set_timeout(steps, 60);
	tcase_add_test(steps, test_writer_marks_what_it_touches_while_a_flip_computes);
	tcase_add_test(steps, test_writer_writes_both_editions_while_a_flip_is_written);
	tcase_add_test(steps, test_flip_waits_for_the_writers_that_are_under_way);
	suite_add_tcase(suite, steps);

	tcase_set_timeout(cases, 120);
	tcase_add_loop_test(cases, test_jobs_beside_writers_leave_everything_as_recomputing_has_it, 0, 6);
	suite_add_tcase(suite, cases);
	return suite;
}
