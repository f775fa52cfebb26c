/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that read a book stretch by stretch: what one stretch looks at does not grow with the book, be it large or small. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/migrate.h>

#include "statements.h"

#define SQL_BYTES 8192
#define ROWS "100"
#define MOST_ROWS 101 /* one more tells whether there are more */

/* What is left of the small one when a list goes on from its middle is what a list looks at most, so that sorting it might seem as well. */
static const struct {
	const char *database, *every;
} books[] = {{"sweetspot_stretches", "1"}, {"sweetspot_stretches_small", "15"}};

/* One workspace with 60,000 accounts, or some of them, that have everything in common, so that every list is as long as the book. */
static const char *const fills[] = {
	"INSERT INTO workspace (name, currency, currency_digits, secret, day) VALUES ('w', 'EUR', 2, '', '2026-03-01')",
	"INSERT INTO organisation (workspace_id, id, is_account, name, name_key, industry_key, region_key, status, revisit_on, said, said_at,"
	" version, created_at, updated_at) SELECT w.id, 'o' || lpad(n::text, 6, '0'), true, 'o' || n, 'o' || lpad(n::text, 6, '0'), 'i', 'r',"
	" 'active', '2026-01-01', 1, now(), 1, now(), now() FROM workspace w,"
	" generate_series(1, 60000, current_setting('test.every')::integer) n",
	"INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, tier, list, verdict, fit_passed, potential, seller,"
	" could_become_key, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach,"
	" inbound, directed, lines_12m) SELECT workspace_id, id, 0, true, 10000, 'growth', 'secondary', 'now', 7, 5000, 's', true, 1, 1, 1, 1,"
	" 1, 1, 1, 1, 1, 1, 1, 1 FROM organisation",
	"INSERT INTO touched (workspace_id, epoch, organisation) SELECT workspace_id, 1, id FROM organisation",
	"ANALYZE",
};

/* Each goes on from the middle of the book, planned as the sessions of jobs or the links have it. */
static const char for_jobs[] = "SET plan_cache_mode = force_custom_plan; SET jit = off";
static const char for_links[] = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off;"
				" SET jit = off";
static const struct {
	const char *settings, *statement, *arguments;
} stretches[] = {
	{for_jobs, "read_organisations_after", "'o030000', " ROWS},
	{for_jobs, "read_touched_after", "'o030000', " ROWS ", 1"},
	{for_jobs, "read_margins_after", "'o030000', " ROWS ", 10000"},
	{for_jobs, "read_chunk_end", "'o030000', " ROWS},
	{for_links, "list_organisations_by_id", "true, " ROWS ", 'o030000', NULL, NULL, NULL, NULL, NULL, NULL"},
	{for_links, "list_organisations_by_name",
	 "true, " ROWS ", 'o030000', 'o030000', 'o', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"},
	{for_links, "list_organisations_of_industry", "true, " ROWS ", 'i', 'o030000', NULL, NULL, NULL, NULL, NULL, NULL, NULL"},
	{for_links, "list_organisations_of_region", "true, " ROWS ", 'r', 'o030000', NULL, NULL, NULL, NULL, NULL, NULL"},
	{for_links, "list_organisations_of_seller", "true, " ROWS ", 's', 'o030000', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"},
	{for_links, "list_organisations_of_tier", "true, " ROWS ", 'growth', 5000, 'o030000', NULL, NULL, NULL, NULL"},
	{for_links, "list_organisations_of_contenders", ROWS ", -5000, 'o030000', NULL, NULL, NULL, NULL, NULL"},
	{for_links, "list_prospects_of_verdict", ROWS ", 'now', -7, 'o030000', NULL, NULL, NULL, NULL, NULL"},
};

static void fill_book(const char *database, const char *every)
{
	FILE *out = fopen("/dev/null", "w");
	PGconn *connection;
	char sql[100];

	make_database(database);
	ck_assert_int_eq(migrate_run(url_of(database), out), STATUS_OK);
	fclose(out);
	connection = plain_connect(database);
	snprintf(sql, sizeof(sql), "SET test.every = %s", every);
	plain_run(connection, sql);
	for (size_t i = 0; i < COUNT_OF(fills); i++)
		plain_run(connection, fills[i]);
	PQfinish(connection);
}

static void fill(void)
{
	for (size_t i = 0; i < COUNT_OF(books); i++)
		fill_book(books[i].database, books[i].every);
}

static const char *sql_of(const char *name)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		if (strcmp(statement_texts[i].name, name) == 0)
			return statement_texts[i].sql;
	ck_abort_msg("there is no statement %s", name);
}

static PGresult *run_explained(PGconn *connection, const char *settings, const char *name, const char *arguments)
{
	char sql[SQL_BYTES];
	PGresult *plan;

	plain_run(connection, settings);
	ck_assert_int_lt(snprintf(sql, sizeof(sql), "PREPARE it AS %s", sql_of(name)), (int)sizeof(sql));
	plain_run(connection, sql);
	snprintf(sql, sizeof(sql), "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE it (1, %s)", arguments); /* the first workspace */
	plan = PQexec(connection, sql);
	ck_assert_msg(PQresultStatus(plan) == PGRES_TUPLES_OK, "%s: %s", name, PQresultErrorMessage(plan));
	return plan;
}

/** @return the number behind a word of a plan's line; 0 where it is not said */
static long figure(const char *line, const char *word)
{
	const char *at = strstr(line, word);

	return at == NULL ? 0 : strtol(at + strlen(word), NULL, 10);
}

START_TEST(test_stretch_looks_at_no_more_than_itself)
{
	const size_t i_stretch = (size_t)_i / COUNT_OF(books), i_book = (size_t)_i % COUNT_OF(books);
	const char *name = stretches[i_stretch].statement;
	PGconn *connection = plain_connect(books[i_book].database);
	PGresult *plan = run_explained(connection, stretches[i_stretch].settings, name, stretches[i_stretch].arguments);
	long rows = figure(PQgetvalue(plan, 0, 0), "rows=");

	ck_assert_msg(rows > 0, "%s finds nothing", name);
	for (int i = 0; i < PQntuples(plan); i++) {
		const char *line = PQgetvalue(plan, i, 0);
		long loops = figure(line, "loops="), removed = figure(line, "Removed by Filter: ");

		ck_assert_msg(figure(line, "rows=") * (loops > 0 ? loops : 1) <= MOST_ROWS && removed <= MOST_ROWS, "%s goes through the book: %s",
		              name, line);
	}
	PQclear(plan);
	PQfinish(connection);
}
END_TEST

Suite *suite_stretches(void);
Suite *suite_stretches(void)
{
	Suite *suite = suite_create("store/stretches");
	TCase *tcase = tcase_create("stretches");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, fill, NULL);
	tcase_add_loop_test(tcase, test_stretch_looks_at_no_more_than_itself, 0, COUNT_OF(stretches) * COUNT_OF(books));
	suite_add_tcase(suite, tcase);
	return suite;
}
