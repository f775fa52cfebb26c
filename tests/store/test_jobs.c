/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews, refreshes and policies as jobs: what each brings into force, what is due when, and two at once. */
#include "jobs_book.h"

#include <pthread.h>

START_TEST(test_review_first_classifies_every_active_account)
{
	struct jobs_book book = jobs_book_make();

	ck_assert_int_eq(book_ask_review(&book), 1);
	book_run_due(&book);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "tier IS NOT NULL"), BOOK_ACCOUNTS - 1);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "list = 'none'"), 11);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "list = 'lka'"), 5);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "engagement_side > 0 AND potential_side > 0"), BOOK_ACCOUNTS);
	ck_assert_int_eq(book_number(&book, "SELECT clients FROM review WHERE workspace_id = %W"), 54);
	ck_assert_int_eq(book_number(&book, "SELECT changed FROM review WHERE workspace_id = %W"), BOOK_ACCOUNTS - 1);
	ck_assert_int_eq(book_count(&book, "change", "cause = 'review' AND previous_tier IS NULL AND tier IS NOT NULL"), BOOK_ACCOUNTS - 1);
	ck_assert_int_eq(book_count(&book, "change", "cause = 'review' AND verdict = 'unknown'"), BOOK_PROSPECTS);
	ck_assert_int_eq(book_number(&book, "SELECT (verdicts ->> 'unknown')::bigint FROM review WHERE workspace_id = %W"), BOOK_PROSPECTS);
	ck_assert_int_eq(book_number(&book, "SELECT lines_offered FROM review WHERE workspace_id = %W"), 4);
	ck_assert_int_eq(book_number(&book, "SELECT first_revenue_on - (SELECT min(day) FROM revenue WHERE workspace_id = %W) FROM review"
					    " WHERE workspace_id = %W"), 0);
	ck_assert_int_eq(book_count(&book, "review_cohort", "all_clients AND clients = 54"), 1);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_counts_are_those_of_the_standings)
{
	struct jobs_book book = jobs_book_make();

	book_ask_review(&book);
	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM (SELECT tier, count(*) AS n FROM standing_in_force WHERE workspace_id ="
					    " %W AND tier IS NOT NULL"
					    " GROUP BY tier) AS s JOIN review AS r ON r.workspace_id = %W WHERE (r.tiers ->> tier)::bigint <> n"), 0);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM (SELECT list, count(*) AS n FROM standing_in_force WHERE workspace_id ="
					    " %W AND list <> 'none'"
					    " GROUP BY list) AS s JOIN review AS r ON r.workspace_id = %W WHERE (r.lists ->> list)::bigint <> n"), 0);
	ck_assert_int_eq(book_number(&book, "SELECT key_revenue - (SELECT sum(revenue_12m) FROM standing_in_force WHERE workspace_id = %W"
					    " AND list = 'key')"
					    " FROM review WHERE workspace_id = %W"), 0);
	ck_assert_int_gt(book_count(&book, "standing_in_force", "could_become_key"), 0);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "could_become_key AND list <> 'secondary'"), 0);
	ck_assert_int_eq(book_number(&book, "SELECT contenders - count(*) + contender_revenue - sum(s.revenue_12m) FROM review AS r"
					    " JOIN standing_in_force AS s USING (workspace_id) WHERE workspace_id = %W AND s.could_become_key"
					    " GROUP BY r.contenders, r.contender_revenue"), 0);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM (SELECT organisation, row_number() OVER"
					    " (ORDER BY potential DESC, organisation) AS place FROM standing_in_force"
					    " WHERE workspace_id = %W AND could_become_key) AS s"
					    " FULL JOIN (SELECT organisation, place FROM review_contender WHERE workspace_id = %W) AS c"
					    " USING (organisation, place) WHERE (place <= 20) <> (c.place IS NOT NULL AND s.place IS NOT NULL)"), 0);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_made_again_forgets_whom_a_broken_attempt_named)
{
	struct jobs_book book = jobs_book_make();

	book_ask_review(&book);
	book_run(&book, "INSERT INTO review_contender VALUES (%W, 1, 1, 'o-001', 7, 8, true, 9), (%W, 1, 999, 'o-002', 7, 8, true, 9)");
	book_run_due(&book);
	ck_assert_int_gt(book_count(&book, "review_contender", "place = 1"), 0);
	ck_assert_int_eq(book_count(&book, "review_contender", "revenue_12m = 7"), 0);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_that_changes_nothing_writes_nothing)
{
	struct jobs_book book = jobs_book_make();
	int64_t before;

	book_ask_review(&book);
	book_run_due(&book);
	before = book_rows_written(&book);
	ck_assert_int_eq(book_ask_review(&book), 2);
	book_run_due(&book);
	ck_assert_int_eq(book_rows_written(&book), before);
	ck_assert_int_eq(book_number(&book, "SELECT review FROM workspace WHERE id = %W"), 2);
	ck_assert_int_eq(book_number(&book, "SELECT changed FROM review WHERE workspace_id = %W AND number = 2"), 0);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_writes_what_changed_and_nothing_else)
{
	struct jobs_book book = jobs_book_make();
	int64_t before;

	book_ask_review(&book);
	book_run_due(&book);
	before = book_count(&book, "change", "true");
	/* A side that nobody computed: plain comparison at the next review puts it right, and only it. */
	book_run(&book, "UPDATE standing SET engagement_side = 0 WHERE workspace_id = %W AND organisation = 'o-005'");
	const int64_t rows = book_number(&book, "SELECT sum(hashtext(organisation || xmin::text)) FROM standing WHERE workspace_id = %W"
						" AND organisation <> 'o-005'");
	book_ask_review(&book);
	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT sum(hashtext(organisation || xmin::text)) FROM standing WHERE workspace_id = %W AND"
					    " organisation <> 'o-005'"), rows);
	ck_assert_int_gt(book_number(&book, "SELECT engagement_side FROM standing_in_force WHERE workspace_id = %W AND organisation ="
					    " 'o-005'"), 0);
	ck_assert_int_eq(book_count(&book, "change", "true"), before);
	jobs_book_release(&book);
}
END_TEST

/* What a writer does between the snapshot and the publication: the review sees it through touched alone. */
static const char *const touch_in_between[] = {
	"CREATE OR REPLACE FUNCTION touch_in_between() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
	" UPDATE organisation SET annual_potential = 90000000, annual_potential_on = '" BOOK_DAY "' WHERE workspace_id = new.workspace_id"
	" AND id = 'o-005';"
	" INSERT INTO touched SELECT id, next_epoch, 'o-005' FROM workspace WHERE id = new.workspace_id; RETURN new; END $$",
	"CREATE OR REPLACE TRIGGER touch_in_between AFTER UPDATE ON review FOR EACH ROW WHEN (new.workspace_id = %W AND new.state = 'writing')"
	" EXECUTE FUNCTION touch_in_between()",
};

START_TEST(test_review_scores_what_was_written_behind_its_snapshot)
{
	struct jobs_book book = jobs_book_make();

	book_run_due(&book);
	for (size_t i = 0; i < COUNT_OF(touch_in_between); i++)
		book_run(&book, touch_in_between[i]);
	book_ask_review(&book);
	book_run_due(&book);
	book_run(&book, "DROP TRIGGER touch_in_between ON review");
	ck_assert_int_eq(book_count(&book, "standing_in_force", "organisation = 'o-005' AND tier IN ('key', 'growth')"), 1);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_of_won_deals_measures_under_them)
{
	struct jobs_book book = jobs_book_make();

	book_run(&book, "DELETE FROM revenue WHERE workspace_id = %W");
	book_run(&book, "UPDATE revenue_day SET source = 'deals', seller = 's-1' WHERE workspace_id = %W");
	book_run(&book, "INSERT INTO deal (workspace_id, id, organisation, seller, amount, stage, closed_on, line_key, said, said_at,"
			" version, created_at, updated_at)"
			" SELECT workspace_id, organisation || row_number() OVER (), organisation, 's-1', amount, 'won', day, line_key, 1, now(),"
			" 1, now(), now()"
			" FROM revenue_day WHERE workspace_id = %W");
	book_ask_review(&book);
	book_run_due(&book);
	ck_assert_int_eq(book_count(&book, "review", "revenue_source = 'deals' AND clients = 54"), 1);
	/* All are on a list for the first time, but for the inactive one. */
	ck_assert_int_eq(book_count(&book, "review", "changed = 59"), 1);
	/* One every 40 days, the first ten days ago: nine within the year, for each of the 54. */
	ck_assert_int_eq(book_number(&book, "SELECT deals_per_year FROM review WHERE workspace_id = %W"), 9);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "seller = 's-1' AND seller_derived"), BOOK_ACCOUNTS);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_that_cannot_be_made_says_so_and_frees_the_writers)
{
	struct jobs_book book = jobs_book_make();
	int64_t before;

	book_run_due(&book);
	before = book_digest(&book);
	book_run(&book, "UPDATE policy SET document = document || '{\"key_pct\": \"many\"}' WHERE workspace_id = %W");
	book_ask_review(&book);
	ck_assert_int_eq(jobs_run_due(&book.settings, book.metrics, book.workspace), STATUS_INTERNAL);
	ck_assert_int_eq(book_count(&book, "review", "state = 'failed' AND failure <> ''"), 1);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM workspace WHERE id = %W AND next_epoch IS NULL AND review IS NULL"), 1);
	ck_assert_int_eq(book_digest(&book), before);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_refresh_moves_the_day_and_measures_again)
{
	struct jobs_book book = jobs_book_make();

	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT day - DATE '" BOOK_DAY "' FROM workspace WHERE id = %W"), 0);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM standing_in_force AS s WHERE workspace_id = %W AND revenue_12m <>"
					    " (SELECT coalesce(sum(amount), 0) FROM revenue WHERE workspace_id = %W AND organisation = s.organisation"
					    " AND day > DATE '" BOOK_DAY "' - 365)"), 0);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

/* _i: settled in the edition in force, or written as another one, where each hand meets one of them. */
START_TEST(test_refresh_makes_accounts_of_prospects_that_have_bought)
{
	struct jobs_book book = jobs_book_make();

	if (_i == 1)
		book.settings.settle_rows = 0;
	book_run(&book, "INSERT INTO organisation (workspace_id, id, is_account, name, status, said, said_at, version, created_at, updated_at)"
			" VALUES (%W, 'a-first', false, 'First', 'active', 524287, now(), 1, now(), now())");
	book_run(&book, "INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m, revenue_prior_12m,"
			" revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
			" VALUES (%W, 'a-first', 0, false, 10000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
	book_run(&book, "INSERT INTO revenue_day VALUES (%W, 'a-first', 'revenue', '2026-06-01', '', '', 7000, 7000, 1, 1)");
	book_run(&book, "INSERT INTO revenue_day VALUES (%W, 'p-004', 'revenue', '2026-06-01', '', '', 5000, 5000, 1, 1),"
			" (%W, 'p-005', 'revenue', '2026-06-01', '', '', -5000, -5000, 1, 0), (%W, 'p-006', 'revenue', '2026-12-01', '', '',"
			" 5000, 5000, 1, 1)");
	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT (edition > 0)::integer FROM workspace WHERE id = %W"), _i);
	ck_assert_int_eq(book_count(&book, "organisation", "is_account AND id = 'a-first'"), 1);
	ck_assert_int_eq(book_count(&book, "organisation", "is_account AND id LIKE 'p-%%'"), 1);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM organisation AS o JOIN standing AS s ON s.workspace_id = o.workspace_id"
					    " AND s.organisation = o.id"
					    " WHERE o.workspace_id = %W AND o.is_account AND s.is_account AND id = 'p-004' AND version = 2"), 1);
	book_ask_review(&book);
	book_run_due(&book);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "organisation = 'p-004' AND list = 'secondary'"), 1);
	jobs_book_release(&book);
}
END_TEST

/* Of the first chunk, at which looking how much changes ends, nobody has another margin; those whom the hands meet behind it have. */
START_TEST(test_policy_with_another_margin_is_settled_where_a_hand_alone_meets_it)
{
	struct jobs_book book = jobs_book_make();

	book.settings.settle_rows = 0;
	book_run(&book, "INSERT INTO organisation (workspace_id, id, is_account, name, status, margin_pct, said, said_at, version, created_at,"
			" updated_at) SELECT %W, 'a-' || lpad(i::text, 3, '0'), true, 'A', 'active', 5000, 524287, now(), 1, now(), now()"
			" FROM generate_series(1, 260) AS i");
	book_run(&book, "INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m, revenue_prior_12m,"
			" revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
			" SELECT workspace_id, id, 0, true, 5000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM organisation WHERE workspace_id = %W"
			" AND id LIKE 'a-%%'");
	book_run(&book, "INSERT INTO revenue_day VALUES (%W, 'a-001', 'revenue', '2026-06-01', '', '', 9000, 4500, 1, 1)");
	book_run(&book, "INSERT INTO activity_day VALUES (%W, 'a-001', '2026-06-01', 1, 30, 0, 1)");
	book_ask_review(&book);
	book_run_due(&book);
	book_run(&book, "INSERT INTO policy (workspace_id, version, document) SELECT %W, 2, document || '{\"default_margin_pct\": 40,"
			" \"hour_cost\": 50}' FROM policy WHERE workspace_id = %W");
	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT policy FROM workspace WHERE id = %W"), 2);
	ck_assert_int_eq(book_count(&book, "standing", "margin_pct <> CASE WHEN organisation LIKE 'a-%%' THEN 5000 ELSE 4000 END"), 0);
	ck_assert_int_eq(book_count(&book, "revenue_day", "margin <> round(amount * CASE WHEN organisation LIKE 'a-%%' THEN 0.5 ELSE 0.4"
							  " END)"), 0);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_policy_with_another_margin_changes_margins_at_the_flip_and_sums_after_it)
{
	struct jobs_book book = jobs_book_make();

	book_run(&book, "UPDATE organisation SET margin_pct = 2000 WHERE workspace_id = %W AND id = 'o-002'");
	book_run(&book, "UPDATE standing SET margin_pct = 2000 WHERE workspace_id = %W AND organisation = 'o-002'");
	book_run(&book, "UPDATE revenue_day SET margin = round(amount * 0.2) WHERE workspace_id = %W AND organisation = 'o-002'");
	book_ask_review(&book);
	book_run_due(&book);
	book_run(&book, "INSERT INTO policy (workspace_id, version, document) SELECT %W, 2, document || '{\"default_margin_pct\": 40}'"
			" FROM policy WHERE workspace_id = %W");
	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT policy FROM workspace WHERE id = %W"), 2);
	ck_assert_int_eq(book_number(&book, "SELECT count(*) FROM standing_in_force AS s WHERE workspace_id = %W AND margin_12m <>"
					    " (SELECT coalesce(sum(round(amount * CASE WHEN organisation = 'o-002' THEN 0.2 ELSE 0.4 END)), 0) FROM revenue"
					    " WHERE workspace_id = %W AND organisation = s.organisation AND day > DATE '" BOOK_DAY "' - 365)"), 0);
	ck_assert_int_eq(book_count(&book, "standing", "margin_pct <> CASE WHEN organisation = 'o-002' THEN 2000 ELSE 4000 END"), 0);
	ck_assert_int_eq(book_count(&book, "revenue_day", "margin <> round(amount * CASE WHEN organisation = 'o-002' THEN 0.2 ELSE 0.4"
							  " END)"), 0);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_policy_with_the_same_rules_writes_no_standing)
{
	struct jobs_book book = jobs_book_make();
	int64_t before;

	book_ask_review(&book);
	book_run_due(&book);
	before = book_rows_written(&book);
	book_run(&book, "INSERT INTO policy (workspace_id, version, document) SELECT %W, 2, document || '{\"max_leads\": 5}' FROM policy"
			" WHERE workspace_id = %W");
	book_run_due(&book);
	ck_assert_int_eq(book_number(&book, "SELECT policy FROM workspace WHERE id = %W"), 2);
	ck_assert_int_eq(book_rows_written(&book), before);
	jobs_book_release(&book);
}
END_TEST

/* ---- What is due ---- */

/** Look for reviews to open, after so many quiet milliseconds. @return how many the workspace has waiting */
static int64_t open_due(const struct jobs_book *book, int64_t quiet_ms)
{
	struct job job = book_job(book);
	struct params params = params_in(job.arena);

	params_int8(&params, quiet_ms);
	ck_assert_int_eq(jobs_run(&job, STATEMENT_OPEN_DUE_REVIEWS, &params), STATUS_OK);
	book_job_end(&job);
	return book_number(book, "SELECT count(*) FROM review WHERE workspace_id = %W AND state = 'waiting'");
}

START_TEST(test_due_provisional_review_waits_for_a_decisive_signal_and_quiet)
{
	struct jobs_book book = jobs_book_make();

	ck_assert_int_eq(open_due(&book, 0), 0);
	book_run(&book, "INSERT INTO review_signal (workspace_id, clients_delta, decisive) VALUES (%W, 0, true)");
	ck_assert_int_eq(open_due(&book, 60000), 0);
	ck_assert_int_eq(open_due(&book, 0), 1);
	ck_assert_int_eq(book_count(&book, "review", "provisional"), 1);
	ck_assert_int_eq(open_due(&book, 0), 1);
	book_run_due(&book);
	ck_assert_int_eq(book_count(&book, "review_signal", "true"), 0);
	ck_assert_int_eq(open_due(&book, 0), 0);
	jobs_book_release(&book);
}
END_TEST

/* Quiet would be ten seconds, and writing goes on. How long the last review took (0: none yet), and what was told; a second is missing. */
static const struct {
	int review_s;
	const char *told;
} without_quiet[] = {
	/* six times as long, from the first client on */
	{0, "(%W, now() - interval '120 s', 0, true), (%W, now() - interval '59 s', 1, false), (%W, now(), 1, false)"},
	/* sixty times as long without any */
	{0, "(%W, now() - interval '599 s', 0, true), (%W, now(), 0, true)"},
	/* a review is there, without a client */
	{1, "(%W, now() - interval '59 s', 0, true), (%W, now(), 0, true)"},
	/* five times as long as it took: else a large book that is imported is reviewed again and again, which takes as much as the import */
	{30, "(%W, now() - interval '149 s', 100, false), (%W, now(), 1, false)"},
};

static void make_review_that_took(struct jobs_book *book, int seconds)
{
	char update[128];

	book_run(book, "INSERT INTO review_signal (workspace_id, clients_delta, decisive) VALUES (%W, 0, true)");
	ck_assert_int_eq(open_due(book, 0), 1);
	book_run_due(book);
	snprintf(update, sizeof(update), "UPDATE review SET requested_at = done_at - interval '%d s' WHERE workspace_id = %%W", seconds);
	book_run(book, update);
}

START_TEST(test_due_provisional_review_does_not_wait_for_ever_for_quiet)
{
	struct jobs_book book = jobs_book_make();
	char insert[512];

	if (without_quiet[_i].review_s > 0)
		make_review_that_took(&book, without_quiet[_i].review_s);
	snprintf(insert, sizeof(insert), "INSERT INTO review_signal (workspace_id, at, clients_delta, decisive) VALUES %s",
	         without_quiet[_i].told);
	book_run(&book, insert);
	ck_assert_int_eq(open_due(&book, 10000), 0);
	book_run(&book, "UPDATE review_signal SET at = at - interval '2 s' WHERE workspace_id = %W");
	ck_assert_int_eq(open_due(&book, 10000), 1);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_due_provisional_review_after_a_fifth_more_clients)
{
	struct jobs_book book = jobs_book_make();

	book_run(&book, "INSERT INTO review_signal (workspace_id, clients_delta, decisive) VALUES (%W, 1, false)");
	ck_assert_int_eq(open_due(&book, 0), 1);
	book_run_due(&book);
	/* 54 clients: eleven more are a fifth. */
	book_run(&book, "INSERT INTO review_signal (workspace_id, clients_delta, decisive) VALUES (%W, 14, false), (%W, -4, false)");
	ck_assert_int_eq(open_due(&book, 0), 1);
	book_run_due(&book);
	book_run(&book, "INSERT INTO review_signal (workspace_id, clients_delta, decisive) VALUES (%W, 10, false)");
	ck_assert_int_eq(open_due(&book, 0), 0);
	book_run(&book, "INSERT INTO review_signal (workspace_id, clients_delta, decisive) VALUES (%W, 1, false)");
	ck_assert_int_eq(open_due(&book, 0), 1);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_due_no_provisional_review_once_a_person_has_posted_one)
{
	struct jobs_book book = jobs_book_make();

	book_ask_review(&book);
	book_run_due(&book);
	book_run(&book, "INSERT INTO review_signal (workspace_id, clients_delta, decisive) VALUES (%W, 100, true)");
	ck_assert_int_eq(open_due(&book, 0), 0);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_due_review_every_six_months_unless_the_day_is_pinned)
{
	struct jobs_book book = jobs_book_make();

	book_ask_review(&book);
	book_run_due(&book);
	book_run(&book, "UPDATE review SET done_at = now() - interval '7 months' WHERE workspace_id = %W");
	ck_assert_int_eq(open_due(&book, 0), 0);
	book_run(&book, "UPDATE policy SET document = document || '{\"today\": null}' WHERE workspace_id = %W");
	ck_assert_int_eq(open_due(&book, 0), 1);
	ck_assert_int_eq(book_count(&book, "review", "state = 'waiting' AND NOT provisional"), 1);
	book_run(&book, "DELETE FROM review WHERE workspace_id = %W AND state = 'waiting'");
	book_run(&book, "UPDATE review SET done_at = now() - interval '5 months' WHERE workspace_id = %W");
	ck_assert_int_eq(open_due(&book, 0), 0);
	jobs_book_release(&book);
}
END_TEST

/* ---- Several at once ---- */

static void *run_due(void *argument)
{
	const struct jobs_book *book = argument;
	static const char *const outcomes[] = {"ok", "failed"};

	return (void *)(uintptr_t)outcomes[jobs_run_due(&book->settings, book->metrics, book->workspace) != STATUS_OK];
}

START_TEST(test_jobs_two_instances_make_one_review)
{
	struct jobs_book book = jobs_book_make();
	pthread_t threads[4];

	book_run_due(&book);
	book_ask_review(&book);
	const int64_t epoch = book_number(&book, "SELECT epoch FROM workspace WHERE id = %W");
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run_due, &book), 0);
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		void *outcome;

		pthread_join(threads[i], &outcome);
		ck_assert_str_eq(outcome, "ok");
	}
	ck_assert_int_eq(book_number(&book, "SELECT epoch FROM workspace WHERE id = %W"), epoch + 1);
	ck_assert_int_eq(book_count(&book, "change", "true"), BOOK_ACCOUNTS - 1 + BOOK_PROSPECTS);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_jobs_thread_does_what_is_due_and_stops)
{
	struct jobs_book book = jobs_book_make();
	const int64_t end_us = clock_ticks_us() + 20 * SECOND;
	struct bell *bell = bell_new();
	struct jobs *jobs;

	book_ask_review(&book);
	book_run(&book, "INSERT INTO idempotency (workspace_id, key, fingerprint, state, lease_until, expires_at)"
			" VALUES (%W, 'old', '', 'done', now(), now() - interval '1 s'), (%W, 'new', '', 'done', now(), now() + interval '1 day')");
	ck_assert_int_eq(jobs_start(&book.settings, book.metrics, bell, &jobs), STATUS_OK);
	while (book_count(&book, "review", "state = 'done'") == 0)
		ck_assert_int_lt(clock_ticks_us(), end_us);
	jobs_stop(jobs);
	bell_free(bell);
	ck_assert_int_eq(book_count(&book, "idempotency", "true"), 1);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

Suite *suite_jobs(void);
Suite *suite_jobs(void)
{
	Suite *suite = suite_create("jobs");
	TCase *review = tcase_create("review"), *advance = tcase_create("advance"), *due = tcase_create("due"), *many = tcase_create("many");

	tcase_set_timeout(review, 60);
	tcase_add_test(review, test_review_first_classifies_every_active_account);
	tcase_add_test(review, test_review_counts_are_those_of_the_standings);
	tcase_add_test(review, test_review_made_again_forgets_whom_a_broken_attempt_named);
	tcase_add_test(review, test_review_that_changes_nothing_writes_nothing);
	tcase_add_test(review, test_review_writes_what_changed_and_nothing_else);
	tcase_add_test(review, test_review_scores_what_was_written_behind_its_snapshot);
	tcase_add_test(review, test_review_of_won_deals_measures_under_them);
	tcase_add_test(review, test_review_that_cannot_be_made_says_so_and_frees_the_writers);
	suite_add_tcase(suite, review);
	tcase_set_timeout(advance, 60);
	tcase_add_test(advance, test_refresh_moves_the_day_and_measures_again);
	tcase_add_loop_test(advance, test_refresh_makes_accounts_of_prospects_that_have_bought, 0, 2);
	tcase_add_test(advance, test_policy_with_another_margin_is_settled_where_a_hand_alone_meets_it);
	tcase_add_test(advance, test_policy_with_another_margin_changes_margins_at_the_flip_and_sums_after_it);
	tcase_add_test(advance, test_policy_with_the_same_rules_writes_no_standing);
	suite_add_tcase(suite, advance);
	tcase_set_timeout(due, 60);
	tcase_add_test(due, test_due_provisional_review_waits_for_a_decisive_signal_and_quiet);
	tcase_add_loop_test(due, test_due_provisional_review_does_not_wait_for_ever_for_quiet, 0, (int)COUNT_OF(without_quiet));
	tcase_add_test(due, test_due_provisional_review_after_a_fifth_more_clients);
	tcase_add_test(due, test_due_no_provisional_review_once_a_person_has_posted_one);
	tcase_add_test(due, test_due_review_every_six_months_unless_the_day_is_pinned);
	suite_add_tcase(suite, due);
	tcase_set_timeout(many, 60);
	tcase_add_test(many, test_jobs_two_instances_make_one_review);
	tcase_add_test(many, test_jobs_thread_does_what_is_due_and_stops);
	suite_add_tcase(suite, many);
	return suite;
}
