/* SPDX-License-Identifier: Apache-2.0 */
/* Flips that break off half-way, and flips beside writers: readers see the old until the instant of the new, and nothing in between. */
#include "jobs_book.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

#include <sweetspot/rules.h>

#include "service/jobs/rescore.h"

/** A book measured on its day, with a review waiting; and the same book reviewed without any trouble. */
struct pair {
	struct jobs_book book, reference;
	int32_t review;
};

static struct pair make_pair(void)
{
	struct pair pair = {.book = jobs_book_make(), .reference = jobs_book_make()};

	book_run_due(&pair.book);
	pair.review = book_ask_review(&pair.book);
	book_run_due(&pair.reference);
	ck_assert_int_eq(book_digest(&pair.book), book_digest(&pair.reference));
	book_ask_review(&pair.reference);
	book_run_due(&pair.reference);
	return pair;
}

static void release_pair(struct pair *pair)
{
	jobs_book_release(&pair->book);
	jobs_book_release(&pair->reference);
}

/** What a review leaves behind when it is written as it should. */
static void expect_as_reference(const struct pair *pair)
{
	ck_assert_int_eq(book_digest(&pair->book), book_digest(&pair->reference));
	ck_assert_int_eq(book_number(&pair->book, "SELECT count(*) FROM workspace WHERE id = %W AND next_epoch IS NULL AND review = 1"), 1);
	ck_assert_int_eq(book_count(&pair->book, "review", "state = 'done'"), 1);
	ck_assert_int_eq(book_count(&pair->book, "touched", "true"), 0);
	ck_assert_int_eq(book_count(&pair->book, "change", "reference = 'broken off'"), 0);
	ck_assert_int_eq(book_count(&pair->book, "change", "true"),
	                 book_count(&pair->reference, "change", "true"));
	book_expect_settled(&pair->book);
}

/** A published flip that moves the day, and a pass of it. */
static struct rescore begin_refresh(const struct jobs_book *book, struct job *job, struct flip *flip, const char *day, bool publish)
{
	struct rules rules;

	*flip = (struct flip){.job = job, .cause = "refresh"};
	ck_assert(day_parse(text_of(day), &flip->target_day));
	ck_assert_int_eq(jobs_flip_announce(flip), STATUS_OK);
	ck_assert_int_eq(rules_load(job->session, job->workspace, flip->policy, flip->review, book->arena, &rules), STATUS_OK);
	if (publish)
		ck_assert_int_eq(jobs_flip_publish(flip), STATUS_OK);
	return (struct rescore){.flip = flip, .policy = rules.policy, .review = rules.review, .source = jobs_source_in(rules), .measures = true,
		                .derives_sellers = true, .promotes = true};
}

/** A flip to another day, written but for its end, with some history nobody may ever see. */
static void write_all_but_the_end(const struct jobs_book *book, struct job *job, struct flip *flip)
{
	struct rescore rescore = begin_refresh(book, job, flip, "2026-09-30", true);

	ck_assert_int_eq(jobs_rescore(&rescore), STATUS_OK);
	ck_assert_int_gt(book_number(book, "SELECT count(*) FROM standing AS s JOIN workspace AS w ON w.id = workspace_id"
					   " WHERE workspace_id = %W AND s.edition = w.next_epoch"), 50);
	book_run(book, "INSERT INTO change (workspace_id, organisation, at, epoch, day, policy, cause, reference, tier)"
		       " SELECT id, unnest('{o-001,z-gone}'::text[]), now(), next_epoch, day, 1, 'refresh', 'broken off', 'service' FROM"
		       " workspace WHERE id = %W");
}

static void kill_session(const struct jobs_book *book, struct job *job)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 5000)", PQbackendPID(session_connection(job->session)));
	plain_run(book->plain, sql);
}

START_TEST(test_flip_killed_after_announcement_changes_nothing_and_is_made_again)
{
	struct pair pair = make_pair();
	struct job job = book_job(&pair.book);
	struct flip flip = {.job = &job, .cause = "review", .target_day = DAY_NONE, .target_review = pair.review};
	const int64_t before = book_digest(&pair.book);

	ck_assert_int_eq(jobs_flip_announce(&flip), STATUS_OK);
	book_run(&pair.book, "INSERT INTO touched SELECT id, next_epoch, 'o-001' FROM workspace WHERE id = %W");
	kill_session(&pair.book, &job);
	ck_assert_int_eq(jobs_flip_publish(&flip), STATUS_UNAVAILABLE);
	ck_assert_int_eq(book_digest(&pair.book), before);
	ck_assert_int_eq(book_number(&pair.book, "SELECT count(*) FROM workspace WHERE id = %W AND next_state = 'computing'"), 1);

	book_run_due(&pair.book);
	expect_as_reference(&pair);
	jobs_flip_release(&flip);
	book_job_end(&job);
	release_pair(&pair);
}
END_TEST

START_TEST(test_flip_killed_while_writing_changes_nothing_and_is_made_again)
{
	struct pair pair = make_pair();
	struct job job = book_job(&pair.book);
	const int64_t before = book_digest(&pair.book);
	struct flip flip;

	write_all_but_the_end(&pair.book, &job, &flip);
	kill_session(&pair.book, &job);
	ck_assert_int_eq(jobs_flip_finish(&flip), STATUS_UNAVAILABLE);
	ck_assert_int_eq(book_digest(&pair.book), before);

	book_run_due(&pair.book);
	expect_as_reference(&pair);
	jobs_flip_release(&flip);
	book_job_end(&job);
	release_pair(&pair);
}
END_TEST

START_TEST(test_flip_abandoned_leaves_no_announcement_and_nothing_written)
{
	struct pair pair = make_pair();
	struct job job = book_job(&pair.book);
	const int64_t before = book_digest(&pair.book);
	struct flip flip;

	write_all_but_the_end(&pair.book, &job, &flip);
	ck_assert_int_eq(jobs_flip_abandon(&flip), STATUS_OK);
	ck_assert_int_eq(book_digest(&pair.book), before);
	ck_assert_int_eq(book_number(&pair.book, "SELECT count(*) FROM workspace WHERE id = %W AND next_epoch IS NULL"), 1);
	ck_assert_int_eq(book_number(&pair.book, "SELECT count(*) FROM standing AS s JOIN workspace AS w ON w.id = workspace_id"
						 " WHERE workspace_id = %W AND s.edition <> w.edition"), 0);
	ck_assert_int_eq(book_count(&pair.book, "change", "reference = 'broken off'"), 0);

	book_run_due(&pair.book);
	expect_as_reference(&pair);
	jobs_flip_release(&flip);
	book_job_end(&job);
	release_pair(&pair);
}
END_TEST

START_TEST(test_flip_overtaken_by_another_announcement_gives_up)
{
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	struct flip slow = {.job = &job, .cause = "refresh", .target_day = DAY_NONE}, quick = slow;

	ck_assert_int_eq(jobs_flip_announce(&slow), STATUS_OK);
	ck_assert_int_eq(jobs_flip_announce(&quick), STATUS_OK);
	ck_assert(quick.found_abandoned);
	ck_assert_int_gt(quick.next_epoch, slow.next_epoch);
	ck_assert_int_eq(jobs_flip_publish(&slow), STATUS_CONFLICT);
	ck_assert_int_eq(jobs_flip_publish(&quick), STATUS_OK);
	ck_assert_int_eq(jobs_flip_finish(&slow), STATUS_CONFLICT);
	ck_assert_int_eq(jobs_flip_finish(&quick), STATUS_OK);
	jobs_flip_release(&slow);
	jobs_flip_release(&quick);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_flip_unpublished_cannot_be_finished)
{
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	struct flip flip = {.job = &job, .cause = "refresh", .target_day = DAY_NONE};

	ck_assert_int_eq(jobs_flip_announce(&flip), STATUS_OK);
	ck_assert_int_eq(jobs_flip_finish(&flip), STATUS_CONFLICT);
	jobs_flip_release(&flip);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_rescore_leaves_what_a_writer_wrote_for_the_same_epoch)
{
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	struct flip flip;
	struct rescore rescore = begin_refresh(&book, &job, &flip, BOOK_DAY, true);

	book_run(&book, "INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m, revenue_prior_12m,"
			" revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
			" SELECT id, 'o-007', next_epoch, true, 10000, 4711, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM workspace WHERE id = %W");
	ck_assert_int_eq(jobs_rescore(&rescore), STATUS_OK);
	ck_assert_int_eq(jobs_flip_finish(&flip), STATUS_OK);
	ck_assert_int_eq(book_number(&book, "SELECT revenue_12m FROM standing_in_force WHERE workspace_id = %W AND organisation ="
					    " 'o-007'"), 4711);
	ck_assert_int_gt(book_number(&book, "SELECT revenue_12m FROM standing_in_force WHERE workspace_id = %W AND organisation ="
					    " 'o-008'"), 4711);
	jobs_flip_release(&flip);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_rescore_of_what_was_touched_leaves_the_rest)
{
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	struct flip flip;
	struct rescore rescore = begin_refresh(&book, &job, &flip, BOOK_DAY, false);

	book_run(&book, "INSERT INTO touched SELECT id, next_epoch, unnest('{o-003,o-009,gone}'::text[]) FROM workspace WHERE id = %W");
	ck_assert_int_eq(jobs_flip_publish(&flip), STATUS_OK);
	rescore.touched_only = true;
	ck_assert_int_eq(jobs_rescore(&rescore), STATUS_OK);
	ck_assert_int_eq(book_count(&book, "standing", "edition > 0"), 2);
	ck_assert_int_eq(jobs_flip_finish(&flip), STATUS_OK);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "revenue_12m > 0"), 2);
	jobs_flip_release(&flip);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

static void *run_due(void *book)
{
	book_run_due(book);
	return NULL;
}

/** Until a session waits for another's transaction to end. */
static void wait_for_waiting(const struct jobs_book *book)
{
	const int64_t until_us = clock_ticks_us() + 20 * SECOND;

	while (book_number(book, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
				 " AND wait_event = 'transactionid'") == 0)
		ck_assert_int_lt(clock_ticks_us(), until_us);
}

/* The writer's row is not there yet when the review looks for it, and is when it inserts its own; _i: in its lower half, and its upper. */
START_TEST(test_review_leaves_what_a_writer_was_quicker_to_write)
{
	struct jobs_book book = jobs_book_make();
	PGconn *writer = plain_connect(TEST_DATABASE);
	char sql[600];
	pthread_t thread;

	book.settings.settle_rows = 0;
	book_run_due(&book);
	book_ask_review(&book);
	snprintf(sql, sizeof(sql), "BEGIN; INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m,"
				   " revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound,"
				   " directed, lines_12m)"
				   " SELECT id, 'o-0%d7', epoch + 1, true, 10000, 4711, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM workspace WHERE id = %" PRId64,
	         _i * 5, book.workspace);
	plain_run(writer, sql);
	ck_assert_int_eq(pthread_create(&thread, NULL, run_due, &book), 0);
	wait_for_waiting(&book);
	plain_run(writer, "COMMIT");
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(book_count(&book, "review", "state = 'done'"), 1);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "revenue_12m = 4711"), 1);
	ck_assert_int_eq(book_count(&book, "standing", "edition <> (SELECT edition FROM workspace WHERE id = workspace_id)"), 0);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "is_account AND tier IS NULL AND organisation IN (SELECT id FROM organisation"
							        " WHERE workspace_id = %W AND status = 'active')"), 1);
	PQfinish(writer);
	jobs_book_release(&book);
}
END_TEST

/* A hand of a job whose lock is gone may still have a chunk to write: _i: whether somebody else has announced another flip by then; and a
 * review's scores, or standings. */
START_TEST(test_an_edition_is_written_only_while_its_announcement_stands)
{
	const enum outcome_scope scope = _i < 2 ? OUTCOME_SCORES : OUTCOME_STANDINGS;
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	struct flip flip;
	struct rescore rescore = begin_refresh(&book, &job, &flip, BOOK_DAY, true);
	struct outcome outcome = {.id = TEXT("o-007"), .is_account = true}, *outcomes[] = {&outcome};
	int64_t reclassified;

	(void)rescore;
	if (_i % 2 == 1)
		book_run(&book, "UPDATE workspace SET next_epoch = next_epoch + 1 WHERE id = %W");
	ck_assert_int_eq(jobs_outcomes_write(&flip, outcomes, 1, scope, &reclassified), STATUS_OK);
	ck_assert_int_eq(book_count(&book, "standing", "edition > 0"), 1 - _i % 2);
	jobs_flip_release(&flip);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

/* The flip's chunk was under way while the organisation was hidden: its row came after the writer had taken all others out. */
START_TEST(test_flip_takes_out_what_was_hidden_while_it_was_written)
{
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	struct flip flip;
	struct rescore rescore = begin_refresh(&book, &job, &flip, BOOK_DAY, true);

	ck_assert_int_eq(jobs_rescore(&rescore), STATUS_OK);
	book_run(&book, "DELETE FROM standing WHERE workspace_id = %W AND organisation = 'o-007' AND edition = 0");
	book_run(&book, "INSERT INTO touched SELECT id, next_epoch, unnest('{o-007,o-008}'::text[]), true FROM workspace WHERE id = %W");
	ck_assert_int_eq(jobs_flip_finish(&flip), STATUS_OK);
	ck_assert_int_eq(book_count(&book, "standing", "organisation = 'o-007'"), 0);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "organisation = 'o-008'"), 1);
	jobs_flip_release(&flip);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_flip_sweeps_the_edition_that_was_in_force)
{
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	const int64_t standings = book_count(&book, "standing", "true");
	struct flip flip;
	struct rescore rescore = begin_refresh(&book, &job, &flip, "2026-09-30", true);

	ck_assert_int_eq(jobs_rescore(&rescore), STATUS_OK);
	ck_assert_int_eq(book_count(&book, "standing", "true"), 2 * standings);
	ck_assert_int_eq(jobs_flip_finish(&flip), STATUS_OK);
	ck_assert_int_eq(book_count(&book, "standing", "true"), standings);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "true"), standings);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM workspace WHERE id = %W AND unswept"), 0);
	jobs_flip_release(&flip);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_flip_killed_before_its_sweep_is_swept_by_the_next_look)
{
	struct jobs_book book = jobs_book_make();

	book_run_due(&book);
	book_run(&book, "UPDATE workspace SET unswept = true WHERE id = %W");
	book_run(&book, "INSERT INTO standing SELECT workspace_id, organisation, edition + 1000, is_account, margin_pct, tier, list,"
			" engagement, potential, keep_score, engagement_side, potential_side, seller, seller_derived, revenue_12m, revenue_prior_12m,"
			" revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m"
			" FROM standing WHERE workspace_id = %W");
	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT count(DISTINCT edition) FROM standing WHERE workspace_id = %W"), 1);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM workspace WHERE id = %W AND unswept"), 0);
	jobs_book_release(&book);
}
END_TEST

/** What a small change leads to: settled, as a flip with an edition of its own would have it. */
START_TEST(test_settle_writes_what_an_edition_would_and_leaves_the_rest)
{
	struct jobs_book book = jobs_book_make(), reference = jobs_book_make();
	struct job job = book_job(&book), other = book_job(&reference);
	struct flip flip, written;
	bool is_settled = false;

	book_run_due(&book);
	book_run_due(&reference);
	struct rescore rescore = begin_refresh(&book, &job, &flip, "2026-07-02", false);
	rescore.pass = RESCORE_MARKS;
	ck_assert_int_eq(jobs_rescore(&rescore), STATUS_OK);
	ck_assert_int_gt(rescore.marked, 20);
	ck_assert_int_eq(jobs_rescore_settle(&rescore, &is_settled), STATUS_OK);
	ck_assert(is_settled);
	struct rescore whole = begin_refresh(&reference, &other, &written, "2026-07-02", true);
	ck_assert_int_eq(jobs_rescore(&whole), STATUS_OK);
	ck_assert_int_eq(jobs_flip_finish(&written), STATUS_OK);
	ck_assert_int_eq(book_digest(&book), book_digest(&reference));
	ck_assert_int_eq(book_count(&book, "change", "true"), book_count(&reference, "change", "true"));
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM workspace WHERE id = %W AND edition = 0 AND next_epoch IS NULL"
					    " AND day = '2026-07-02'"), 1);
	jobs_flip_release(&flip);
	jobs_flip_release(&written);
	book_job_end(&job);
	book_job_end(&other);
	jobs_book_release(&book);
	jobs_book_release(&reference);
}
END_TEST

START_TEST(test_settle_declines_when_too_much_was_touched)
{
	struct jobs_book book = jobs_book_make();
	struct job job = book_job(&book);
	struct flip flip;
	struct rescore rescore = begin_refresh(&book, &job, &flip, BOOK_DAY, false);
	const int64_t before = book_digest(&book);
	bool is_settled = true;

	book_run(&book, "INSERT INTO touched SELECT id, next_epoch, 'x' || n FROM workspace, generate_series(1, 1001) AS n WHERE id = %W");
	ck_assert_int_eq(jobs_rescore_settle(&rescore, &is_settled), STATUS_OK);
	ck_assert(!is_settled);
	ck_assert_int_eq(book_digest(&book), before);
	ck_assert_int_eq(jobs_flip_publish(&flip), STATUS_OK);
	jobs_flip_release(&flip);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

Suite *suite_flip(void);
Suite *suite_flip(void)
{
	Suite *suite = suite_create("flip");
	TCase *cases = tcase_create("flip");

	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, test_flip_killed_after_announcement_changes_nothing_and_is_made_again);
	tcase_add_test(cases, test_flip_killed_while_writing_changes_nothing_and_is_made_again);
	tcase_add_test(cases, test_flip_abandoned_leaves_no_announcement_and_nothing_written);
	tcase_add_test(cases, test_flip_overtaken_by_another_announcement_gives_up);
	tcase_add_test(cases, test_flip_unpublished_cannot_be_finished);
	tcase_add_test(cases, test_rescore_leaves_what_a_writer_wrote_for_the_same_epoch);
	tcase_add_test(cases, test_rescore_of_what_was_touched_leaves_the_rest);
	tcase_add_loop_test(cases, test_review_leaves_what_a_writer_was_quicker_to_write, 0, 2);
	tcase_add_loop_test(cases, test_an_edition_is_written_only_while_its_announcement_stands, 0, 4);
	tcase_add_test(cases, test_flip_takes_out_what_was_hidden_while_it_was_written);
	tcase_add_test(cases, test_flip_sweeps_the_edition_that_was_in_force);
	tcase_add_test(cases, test_flip_killed_before_its_sweep_is_swept_by_the_next_look);
	tcase_add_test(cases, test_settle_writes_what_an_edition_would_and_leaves_the_rest);
	tcase_add_test(cases, test_settle_declines_when_too_much_was_touched);
	suite_add_tcase(suite, cases);
	return suite;
}
