/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts under flips: a policy, a day or a review that comes into force requalifies the book. */
#include "jobs_book.h"

static const char *const describe[] = {
	"UPDATE organisation SET industry = 'Food', industry_key = 'food', employees = 50 WHERE workspace_id = %W AND id < 'p-006'"
	" AND NOT is_account",
	"UPDATE organisation SET expected_annual = 90000000, access = true WHERE workspace_id = %W AND id = 'p-001'",
	"UPDATE organisation SET expected_annual = 90000000, revisit_on = DATE '" BOOK_DAY "' + 1 WHERE workspace_id = %W AND id = 'p-002'",
	"UPDATE organisation SET expected_annual = 90000000 WHERE workspace_id = %W AND id = 'p-003'",
	"UPDATE organisation SET industry = 'Toys', industry_key = 'toys' WHERE workspace_id = %W AND id = 'p-006'",
	"INSERT INTO contact (workspace_id, id, organisation, name, persona, said, said_at, version, created_at, updated_at)"
	" VALUES (%W, 'c-1', 'p-003', 'Ann', ' CEO', 15, now(), 1, now(), now()),"
	" (%W, 'c-2', 'p-003', 'Bob', 'clerk', 15, now(), 1, now(), now())",
	"INSERT INTO deal (workspace_id, id, organisation, amount, stage, opened_on, closed_on, said, said_at, version, created_at, updated_at)"
	" VALUES (%W, 'd-1', 'p-004', 100, 'open', NULL, NULL, 1, now(), 1, now(), now()),"
	" (%W, 'd-2', 'p-004', 300, 'lost', '2026-06-01', DATE '" BOOK_DAY "' + 1, 1, now(), 1, now(), now()),"
	" (%W, 'd-3', 'p-004', 9000000, 'open', DATE '" BOOK_DAY "' + 2, NULL, 1, now(), 1, now(), now()),"
	" (%W, 'd-4', 'p-004', 9000000, 'lost', '2026-06-01', '2026-06-02', 1, now(), 1, now(), now())",
	/* No writer has judged what is put into the tables here. */
	"UPDATE workspace SET judged = false WHERE id = %W",
};

#define ASK_INDUSTRY                                                                                                      \
	"INSERT INTO policy (workspace_id, version, document) SELECT %W, max(version) + 1, (array_agg(document ORDER BY version DESC))[1] ||" \
	" '{\"criteria\": [{\"id\": \"i\", \"dimension\": \"market\", \"attribute\": \"industry\", \"op\": \"in\", \"value\": [\"FOOD\"]," \
	" \"weight\": 3}, {\"id\": \"size\", \"dimension\": \"enterprise\", \"attribute\": \"employees\", \"op\": \"gte\", \"value\": 40," \
	" \"weight\": 1}], \"floor_deal\": 5}' FROM policy WHERE workspace_id = %W"

static struct jobs_book qualified_book(void)
{
	struct jobs_book book = jobs_book_make();

	for (size_t i = 0; i < COUNT_OF(describe); i++)
		book_run(&book, describe[i]);
	book_ask_review(&book);
	book_run_due(&book);
	return book;
}

static void expect_standing(const struct jobs_book *book, const char *organisation, const char *condition)
{
	char sql[1000];

	snprintf(sql, sizeof(sql), "organisation = '%s' AND %s", organisation, condition);
	ck_assert_msg(book_count(book, "standing_in_force", sql) == 1, "%s is not so: %s", organisation, condition);
}

START_TEST(test_qualify_without_criteria_all_is_unknown_but_what_is_small)
{
	struct jobs_book book = qualified_book();

	ck_assert_int_eq(book_count(&book, "standing_in_force", "verdict = 'unknown' AND list = 'none' AND NOT is_account"), BOOK_PROSPECTS);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "is_account AND (verdict IS NOT NULL OR fit_passed IS NOT NULL)"), 0);
	expect_standing(&book, "p-004", "expected_annual = 400 AND size_source = 'deals' AND open_amount = 400 AND largest_open = 300");
	expect_standing(&book, "p-003", "access AND size_source = 'given'");
	expect_standing(&book, "p-005", "access IS NULL AND size_source = 'estimate' AND expected_annual > 0");
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

static void expect_qualified(const struct jobs_book *book)
{
	expect_standing(book, "p-001", "verdict = 'now' AND list = 'target' AND fit_passed = 400 AND findings = 'pp'");
	expect_standing(book, "p-002", "verdict = 'later' AND list = 'none'");
	expect_standing(book, "p-003", "verdict = 'now' AND list = 'target' AND access");
	expect_standing(book, "p-004", "verdict = 'throw_back'");
	expect_standing(book, "p-006", "verdict = 'not_ours' AND findings = 'fu' AND fit_passed = 0 AND fit_possible = 100");
	expect_standing(book, "p-007", "verdict = 'unknown' AND list = 'lead' AND findings = 'uu' AND fit_possible = 400");
	expect_standing(book, "o-005", "verdict IS NULL AND fit_passed = 300 AND findings IS NULL");
	expect_standing(book, "o-040", "fit_passed = 400");
}

START_TEST(test_qualify_a_policy_with_criteria_judges_the_book)
{
	struct jobs_book book = qualified_book();

	book_run(&book, ASK_INDUSTRY);
	book_run_due(&book);
	expect_qualified(&book);
	ck_assert_int_eq(book_count(&book, "change", "cause = 'policy' AND organisation = 'p-001' AND verdict = 'now'"
					    " AND previous_verdict = 'unknown' AND fit = 10000 AND findings = 'pp'"), 1);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

/* Both ways of a flip: whole editions, and settling into the one in force. */
START_TEST(test_qualify_a_policy_judges_the_same_by_settling_and_by_editions)
{
	struct jobs_book book = qualified_book();
	int64_t settled;

	book_run(&book, ASK_INDUSTRY);
	book_run_due(&book);
	settled = book_digest(&book);
	jobs_book_release(&book);
	book = qualified_book();
	book.settings.settle_rows = 0;
	book_run(&book, ASK_INDUSTRY);
	book_run_due(&book);
	ck_assert_int_eq(book_digest(&book), settled);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_qualify_a_review_keeps_what_fits_and_makes_verdicts_anew)
{
	struct jobs_book book = jobs_book_make();

	for (size_t i = 0; i < COUNT_OF(describe); i++)
		book_run(&book, describe[i]);
	book_run(&book, ASK_INDUSTRY);
	book_run_due(&book);
	ck_assert_int_eq(book_count(&book, "standing_in_force", "(verdict IS NOT NULL OR list IS NOT NULL)"), 0);
	expect_standing(&book, "p-001", "fit_passed = 400 AND findings = 'pp'");
	book.settings.settle_rows = 0;
	book_ask_review(&book);
	book_run_due(&book);
	expect_qualified(&book);
	ck_assert_int_eq(book_number(&book, "SELECT (verdicts ->> 'now')::bigint FROM review WHERE workspace_id = %W"), 3);
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_qualify_a_day_brings_back_whom_it_is_time_to_revisit)
{
	struct jobs_book book = qualified_book();

	book_run(&book, ASK_INDUSTRY);
	book_run_due(&book);
	book_run(&book, "UPDATE policy SET document = document || '{\"today\": \"2026-07-01\"}' WHERE workspace_id = %W AND version = 2");
	book_run_due(&book);
	expect_standing(&book, "p-002", "verdict = 'now' AND list = 'lead'");
	expect_standing(&book, "p-004", "open_amount = 100 AND largest_open = 100 AND verdict = 'throw_back'");
	ck_assert_int_eq(book_count(&book, "change", "cause = 'refresh' AND organisation = 'p-002' AND previous_verdict = 'later'"), 1);
	book_run(&book, "UPDATE policy SET document = document || '{\"today\": \"2026-07-02\"}' WHERE workspace_id = %W AND version = 2");
	book_run_due(&book);
	expect_standing(&book, "p-004", "open_amount = 9000100 AND largest_open = 9000000 AND verdict = 'now'");
	book_expect_settled(&book);
	jobs_book_release(&book);
}
END_TEST

START_TEST(test_qualify_a_book_that_no_verdict_was_made_for_is_due)
{
	struct jobs_book book = qualified_book();
	const int64_t qualified = book_digest(&book);

	book_run(&book, "UPDATE workspace SET judged = false WHERE id = %W");
	book_run(&book, "UPDATE standing SET verdict = NULL, expected_annual = NULL, size_source = NULL, open_amount = NULL,"
			" largest_open = NULL, access = NULL WHERE workspace_id = %W");
	book_run_due(&book);
	ck_assert_int_eq(book_digest(&book), qualified);
	ck_assert_int_eq(book_number(&book, "SELECT judged::integer FROM workspace WHERE id = %W"), 1);
	jobs_book_release(&book);
}
END_TEST

Suite *suite_qualify_jobs(void);
Suite *suite_qualify_jobs(void)
{
	Suite *suite = suite_create("qualify_jobs");
	TCase *flips = tcase_create("flips");

	tcase_set_timeout(flips, 60);
	tcase_add_test(flips, test_qualify_without_criteria_all_is_unknown_but_what_is_small);
	tcase_add_test(flips, test_qualify_a_policy_with_criteria_judges_the_book);
	tcase_add_test(flips, test_qualify_a_policy_judges_the_same_by_settling_and_by_editions);
	tcase_add_test(flips, test_qualify_a_review_keeps_what_fits_and_makes_verdicts_anew);
	tcase_add_test(flips, test_qualify_a_day_brings_back_whom_it_is_time_to_revisit);
	tcase_add_test(flips, test_qualify_a_book_that_no_verdict_was_made_for_is_due);
	suite_add_tcase(suite, flips);
	return suite;
}
