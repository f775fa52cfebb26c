/* SPDX-License-Identifier: Apache-2.0 */
/* What a review reads of closed deals and freezes of sizes, and reading it back. The rules themselves are tested in unit/core. */
#include "jobs_book.h"

#include <sweetspot/band_rows.h>
#include <sweetspot/calendar.h>
#include <sweetspot/rules.h>

#include "service/jobs/closed_deals.h"

/* Of the small ones (10.00) 20 days, of the large (100.00) 10, half of each won; o-001 buys the small, nobody the large. */
static const char *const deals[] = {
	"INSERT INTO seller (workspace_id, id, name, active, weekly_hours, quota, said, said_at, version, created_at, updated_at)"
	" SELECT %W, 's-' || i, 'S', true, 4000, 100000, 1, now(), 1, now(), now() FROM generate_series(1, 2) AS i",
	"INSERT INTO deal (workspace_id, id, organisation, seller, amount, stage, opened_on, closed_on, said, said_at, version, created_at,"
	" updated_at)"
	" SELECT %W, 'small-' || i, 'o-001', 's-1', 1000, CASE WHEN i % 2 = 0 THEN 'won' ELSE 'lost' END, DATE '" BOOK_DAY "' - 20 - i,"
	" DATE '" BOOK_DAY "' - i, 1, now(), 1, now(), now() FROM generate_series(0, 39) AS i",
	"INSERT INTO deal (workspace_id, id, seller, amount, stage, opened_on, closed_on, said, said_at, version, created_at, updated_at)"
	" SELECT %W, 'large-' || i, 's-2', 10000, CASE WHEN i % 2 = 0 THEN 'won' ELSE 'lost' END, DATE '" BOOK_DAY "' - 10 - i,"
	" DATE '" BOOK_DAY "' - i, 1, now(), 1, now(), now() FROM generate_series(0, 39) AS i",
};

static struct jobs_book deals_book_make(void)
{
	struct jobs_book book = jobs_book_make();

	for (size_t i = 0; i < COUNT_OF(deals); i++)
		book_run(&book, deals[i]);
	return book;
}

static PGresult *read_bands(const struct jobs_book *book, struct job *job, int32_t review)
{
	struct params params = params_in(book->arena);
	PGresult *rows = NULL;

	params_int8(&params, book->workspace);
	params_int4(&params, review);
	ck_assert_int_eq(session_run(job->session, STATEMENT_READ_BANDS, &params, &rows), STATUS_OK);
	return rows;
}

/** What the review froze, read back. */
static struct size_bands frozen(const struct jobs_book *book, int32_t review)
{
	struct job job = book_job(book);
	PGresult *rows = read_bands(book, &job, review);
	struct size_bands bands;

	ck_assert_int_eq(bands_read(rows, book->arena, &bands), STATUS_OK);
	PQclear(rows);
	book_job_end(&job);
	return bands;
}

START_TEST(test_review_freezes_what_its_deals_add_up_to)
{
	struct jobs_book book = deals_book_make();
	struct size_bands bands;

	/* 1200 minutes within the first pursuit and on its ends, and one before it; touches of the book itself are there too. */
	book_run(&book, "DELETE FROM activity_day WHERE workspace_id = %W");
	book_run(&book, "INSERT INTO activity_day SELECT %W, 'o-001', DATE '" BOOK_DAY "' - d, 1, m, 0, 0"
			" FROM (VALUES (0, 200), (20, 1000), (60, 7)) AS v (d, m)");
	book_run(&book, "UPDATE deal SET opened_on = NULL WHERE workspace_id = %W AND id <> 'small-0' AND organisation IS NOT NULL");
	book_ask_review(&book);
	book_run_due(&book);
	bands = frozen(&book, 1);
	ck_assert_int_eq(bands.basis, EFFORT_HOURS);
	ck_assert_int_eq(bands.count, 2);
	ck_assert_int_eq(bands.without_amount, 0);
	ck_assert_int_eq(bands.bands[0].sum.deals, 40);
	ck_assert_int_eq(bands.bands[0].sum.won, 20);
	ck_assert(bands.bands[0].sum.won_minor == 20000);
	ck_assert_int_eq(bands.bands[0].sum.pursuits, 1);
	ck_assert_int_eq(bands.bands[0].sum.effort, 1200);
	ck_assert_int_eq(bands.bands[0].median_cycle_days, 20);
	ck_assert_int_eq(bands.bands[0].accounts, 1);
	ck_assert_int_eq(bands.bands[1].sum.pursuits, 0);
	ck_assert_int_eq(bands.bands[1].median_cycle_days, 10);
	ck_assert_int_eq(bands.bands[1].index, -1);
	ck_assert_int_eq(bands.bands[1].verdict, BAND_CANNOT_TELL);
	ck_assert(bands.all.won_minor == 220000);
	ck_assert(bands.selling.is_known);
	ck_assert_int_eq(bands.selling.weekly_hours_centi, 8000);
	ck_assert_int_eq(bands.selling.quota_minor, 200000);
	ck_assert_int_eq(bands.selling.account_management_pct_centi, 6000);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_leaves_out_what_is_hidden_or_outside_the_window)
{
	static const char *const strays[] = {
		"UPDATE deal SET closed_on = DATE '" BOOK_DAY "' - 729, opened_on = NULL WHERE workspace_id = %W AND id = 'large-0'",
		"UPDATE deal SET closed_on = DATE '" BOOK_DAY "' - 730, opened_on = NULL WHERE workspace_id = %W AND id = 'large-1'",
		"UPDATE deal SET closed_on = DATE '" BOOK_DAY "' + 1 WHERE workspace_id = %W AND id = 'large-2'",
		"UPDATE deal SET stage = 'open' WHERE workspace_id = %W AND id = 'large-3'",
		"UPDATE deal SET deleted = true WHERE workspace_id = %W AND id = 'large-4'",
		"UPDATE deal SET amount = NULL WHERE workspace_id = %W AND id = 'large-5'",
		"UPDATE deal SET amount = -5 WHERE workspace_id = %W AND id = 'large-6'",
		"UPDATE deal SET closed_on = NULL WHERE workspace_id = %W AND id = 'large-7'",
		"UPDATE organisation SET deleted = true WHERE workspace_id = %W AND id = 'o-001'",
		"DELETE FROM standing WHERE workspace_id = %W AND organisation = 'o-001'",
	};
	struct jobs_book book = deals_book_make();
	struct size_bands bands;

	for (size_t i = 0; i < COUNT_OF(strays); i++)
		book_run(&book, strays[i]);
	book_ask_review(&book);
	book_run_due(&book);
	bands = frozen(&book, 1);
	ck_assert_int_eq(bands.all.deals, 33);
	ck_assert_int_eq(bands.without_amount, 2);
	ck_assert_int_eq(bands.basis, EFFORT_DAYS);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_review_floor_comes_with_the_rules)
{
	struct jobs_book book = deals_book_make();
	struct job job = book_job(&book);
	struct rules rules;

	book_run(&book, "UPDATE seller SET quota = NULL WHERE workspace_id = %W");
	book_run(&book, "DELETE FROM activity_day WHERE workspace_id = %W");
	book_ask_review(&book);
	book_run_due(&book);
	ck_assert_int_eq(rules_load(job.session, book.workspace, 1, 1, book.arena, &rules), STATUS_OK);
	ck_assert(rules.review->has_derived_floor);
	ck_assert_int_eq(rules.review->derived_floor, 10000);
	ck_assert(!frozen(&book, 1).selling.is_known);
	book_run(&book, "DELETE FROM deal WHERE workspace_id = %W");
	book_ask_review(&book);
	book_run_due(&book);
	ck_assert_int_eq(rules_load(job.session, book.workspace, 1, 2, book.arena, &rules), STATUS_OK);
	ck_assert(!rules.review->has_derived_floor);
	ck_assert_int_eq(frozen(&book, 2).count, 0);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_bands_freeze_again_replaces_what_an_attempt_left)
{
	struct jobs_book book = deals_book_make();
	struct job job = book_job(&book);
	struct closed_deals closed;
	struct size_bands bands;
	struct policy policy = {.account_management_pct_centi = 6000};
	int32_t day = day_from_civil((struct civil_date){2026, 6, 30});

	book_ask_review(&book);
	ck_assert_int_eq(closed_deals_init(&closed), STATUS_OK);
	ck_assert_int_eq(session_begin(job.session, true), STATUS_OK);
	ck_assert_int_eq(jobs_deals_load(&job, day, &closed), STATUS_OK);
	session_rollback(job.session);
	ck_assert_int_eq(jobs_deals_band(&closed, &policy, book.arena, &bands), STATUS_OK);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(session_begin(job.session, false), STATUS_OK);
		ck_assert_int_eq(jobs_bands_freeze(&job, 1, &bands, &closed), STATUS_OK);
		ck_assert_int_eq(session_commit(job.session), STATUS_OK);
	}
	ck_assert_int_eq(book_count(&book, "review_band", "review = 1"), 2);
	ck_assert_int_eq(book_count(&book, "review_seller", "review = 1 AND deals = 40 AND won = 20"), 2);
	ck_assert_int_eq(book_number(&book, "SELECT average_won FROM review_seller WHERE workspace_id = %W AND seller = 's-2'"), 10000);
	/* Who is erased goes from every review, and does not come back by a review that had read of them. */
	book_run(&book, "DELETE FROM seller WHERE workspace_id = %W AND id = 's-1'");
	ck_assert_int_eq(book_count(&book, "review_seller", "true"), 1);
	ck_assert_int_eq(session_begin(job.session, false), STATUS_OK);
	ck_assert_int_eq(jobs_bands_freeze(&job, 1, &bands, &closed), STATUS_OK);
	ck_assert_int_eq(session_commit(job.session), STATUS_OK);
	ck_assert_int_eq(book_count(&book, "review_seller", "seller = 's-1'"), 0);
	closed_deals_release(&closed);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

/** Minutes in the 12 months up to a day of the only organisation that has bought. */
static int64_t minutes_12m(struct job *job, int32_t day)
{
	struct closed_deals closed;
	int64_t minutes;

	ck_assert_int_eq(closed_deals_init(&closed), STATUS_OK);
	ck_assert_int_eq(session_begin(job->session, true), STATUS_OK);
	ck_assert_int_eq(jobs_deals_load(job, day, &closed), STATUS_OK);
	session_rollback(job->session);
	ck_assert_uint_eq(closed.organisations.count, 1);
	minutes = closed.minutes_12m[0];
	closed_deals_release(&closed);
	return minutes;
}

START_TEST(test_deals_load_minutes_of_service_are_those_of_the_day)
{
	struct jobs_book book = deals_book_make();
	struct job job = book_job(&book);
	int32_t day = day_from_civil((struct civil_date){2026, 6, 30});

	book_run(&book, "DELETE FROM activity_day WHERE workspace_id = %W");
	book_run(&book, "INSERT INTO activity_day SELECT %W, 'o-001', DATE '" BOOK_DAY "' - d, 1, m, 0, 0"
			" FROM (VALUES (0, 1), (10, 20), (364, 300), (365, 4000), (366, 50000)) AS v (d, m)");
	book_run_due(&book);
	/* The book's own day, which the standings are measured on, and the two before it. */
	ck_assert_int_eq(minutes_12m(&job, day), 321);
	ck_assert_int_eq(minutes_12m(&job, day - 1), 4320);
	ck_assert_int_eq(minutes_12m(&job, day - 2), 54320);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_deals_load_ends_at_its_memory)
{
	struct jobs_book book = deals_book_make();
	struct job job = book_job(&book);
	struct closed_deals closed;

	ck_assert_int_eq(closed_deals_init(&closed), STATUS_OK);
	closed.most_bytes = arena_bytes(closed.names) + 4 * sizeof(*closed.rows);
	ck_assert_int_eq(session_begin(job.session, true), STATUS_OK);
	ck_assert_int_eq(jobs_deals_load(&job, day_from_civil((struct civil_date){2026, 6, 30}), &closed), STATUS_NO_MEMORY);
	session_rollback(job.session);
	closed_deals_release(&closed);
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_bands_read_without_a_review_finds_nothing)
{
	struct jobs_book book = deals_book_make();
	struct job job = book_job(&book);
	struct size_bands bands;

	book_ask_review(&book);
	for (int32_t review = 1; review <= 2; review++) {
		PGresult *rows = read_bands(&book, &job, review);

		/* The first waits and has frozen nothing; there is no second. */
		ck_assert_int_eq(bands_read(rows, book.arena, &bands), STATUS_NOT_FOUND);
		PQclear(rows);
	}
	book_job_end(&job);
	jobs_book_release(&book);
}
END_TEST

Suite *suite_sizes(void);
Suite *suite_sizes(void)
{
	Suite *suite = suite_create("store/sizes");
	TCase *tcase = tcase_create("sizes");

	TCase *memory = tcase_create("memory");

	tcase_set_timeout(tcase, 60);
	tcase_set_timeout(memory, 20);
	tcase_add_test(memory, test_deals_load_ends_at_its_memory);
	suite_add_tcase(suite, memory);
	tcase_add_test(tcase, test_review_freezes_what_its_deals_add_up_to);
	tcase_add_test(tcase, test_review_leaves_out_what_is_hidden_or_outside_the_window);
	tcase_add_test(tcase, test_review_floor_comes_with_the_rules);
	tcase_add_test(tcase, test_bands_freeze_again_replaces_what_an_attempt_left);
	tcase_add_test(tcase, test_deals_load_minutes_of_service_are_those_of_the_day);
	tcase_add_test(tcase, test_bands_read_without_a_review_finds_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
