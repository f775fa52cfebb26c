/* SPDX-License-Identifier: Apache-2.0 */
/* Every statement against the migrated schema: it prepares, and it never reads a large table from end to end. */
#include "support.h"

#include <stdio.h>

#include <sweetspot/migrate.h>

#include "statements.h"

#define DATABASE "sweetspot_plans"
#define YOUNG_DATABASE "sweetspot_young"
#define SQL_BYTES 4096

/* Some thousand rows in every table that grows, in ten workspaces of the same size; generate_series numbers rows and workspaces. */
static const char *const fills[] = {
	"INSERT INTO workspace (name, currency, currency_digits, secret, day) SELECT 'w' || n, 'EUR', 2, '',"
	" '2026-03-01' FROM generate_series(1, 10) n",
	"INSERT INTO api_key (workspace_id, id, hash, role) SELECT w.id, 'k' || w.id, decode(lpad(w.id::text, 64,"
	" '0'), 'hex'), 'read' FROM workspace w",
	"INSERT INTO policy (workspace_id, version, document) SELECT w.id, n, '{}' FROM workspace w, generate_series(1, 5) n",
	"INSERT INTO review (workspace_id, number, state, provisional) SELECT w.id, n, 'done', true FROM workspace w,"
	" generate_series(1, 100) n",
	"INSERT INTO review_cohort (workspace_id, review, industry_key, all_clients, band, clients, median, p75)"
	" SELECT w.id, r, 'i' || n, false, 0, 5, 1, 1 FROM workspace w, generate_series(1, 20) r, generate_series(1, 30) n",
	"INSERT INTO review_band SELECT w.id, r, n, n, n + 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 'outside' FROM workspace w,"
	" generate_series(1, 100) r, generate_series(1, 5) n",
	"INSERT INTO review_signal (workspace_id, clients_delta, decisive) SELECT w.id, 1, false FROM workspace w, generate_series(1, 500) n",
	"INSERT INTO seller (workspace_id, id, name, active, said, said_at, version, created_at, updated_at)"
	" SELECT w.id, 's' || n, 'S', true, 1, now(), 1, now(), now() FROM workspace w, generate_series(1, 500) n",
	"INSERT INTO review_seller SELECT w.id, r, 's' || n, 1, 1, 1, 0, 1, 1 FROM workspace w, generate_series(1, 50) r,"
	" generate_series(1, 50) n",
	"INSERT INTO organisation (workspace_id, id, is_account, name, seller, status, name_key, industry_key,"
	" region_key, said, said_at, version,"
	" created_at, updated_at) SELECT w.id, 'o' || n, n % 5 > 0, 'O', 's' || n % 50, 'active', 'o' || n, 'i' || n"
	" % 20, 'r' || n % 9, 1, now(), 1,"
	" now(), now() FROM workspace w, generate_series(1, 1000) n",
	"INSERT INTO contact (workspace_id, id, organisation, name, said, said_at, version, created_at, updated_at)"
	" SELECT w.id, 'c' || n, 'o' || n % 1000, 'C', 1, now(), 1, now(), now() FROM workspace w, generate_series(1, 1000) n",
	"INSERT INTO deal (workspace_id, id, organisation, seller, amount, stage, opened_on, closed_on, line,"
	" line_key, said, said_at, version, created_at,"
	" updated_at) SELECT w.id, 'd' || n, 'o' || n % 1000, 's' || n % 50, n, (ARRAY['open', 'won', 'lost'])[1 + n % 3],"
	" date '2026-03-01' - n % 700, date '2026-03-01' - n % 600, 'l', 'l' || n % 7, 1, now(), 1, now(), now() FROM"
	" workspace w, generate_series(1, 2000) n",
	"INSERT INTO activity (workspace_id, id, organisation, seller, contact, kind, minutes, at, day,"
	" of_organisation, said, said_at, version, created_at,"
	" updated_at) SELECT w.id, 'a' || n, 'o' || n % 1000, 's' || n % 50, 'c' || n % 1000, 'call', 30, now(), date '2026-03-01' - n % 700,"
	" 'o' || n % 1000, 1, now(), 1, now(), now() FROM workspace w, generate_series(1, 2000) n",
	"INSERT INTO revenue (workspace_id, id, organisation, amount, day, line, line_key, said, said_at, version, created_at, updated_at)"
	" SELECT w.id, 'r' || n, 'o' || n % 1000, n, date '2026-03-01' - n % 700, 'l', 'l' || n % 7, 1, now(), 1, now(), now()"
	" FROM workspace w, generate_series(1, 2000) n",
	"INSERT INTO revenue_day (workspace_id, organisation, source, day, line_key, seller, amount, margin, entries, positive)"
	" SELECT w.id, 'o' || n % 1000, (ARRAY['revenue', 'deals'])[1 + n % 2], date '2026-03-01' - n, 'l' || n % 7, '', n, n, 1, 1"
	" FROM workspace w, generate_series(1, 2000) n",
	"INSERT INTO activity_day (workspace_id, organisation, day, activities, minutes, inbound, directed)"
	" SELECT w.id, 'o' || n % 1000, date '2026-03-01' - n, 1, 30, 0, 1 FROM workspace w, generate_series(1, 2000) n",
	"INSERT INTO touch_pair (workspace_id, organisation, seller, contact, activities, last_day)"
	" SELECT w.id, 'o' || n % 1000, 's' || n % 50, 'c' || n, 1, date '2026-03-01' - n % 700 FROM workspace w, generate_series(1, 2000) n",
	"INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, tier, list, engagement, potential,"
	" keep_score, seller, revenue_12m,"
	" revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
	" SELECT w.id, 'o' || n, 0, n % 5 > 0, 10000, (ARRAY['key', 'growth', 'maintenance', 'service'])[1 + n % 4],"
	" (ARRAY['key', 'secondary', 'lka'])[1 + n % 3],"
	" n % 10000, n % 9999, n % 9000, 's' || n % 50, n, n, n, n, n, n, n, n, 1, 1, 1, 1 FROM workspace w, generate_series(1, 1000) n",
	"UPDATE standing SET could_become_key = true WHERE edition = 0 AND potential % 10 = 0",
	"INSERT INTO review_contender SELECT w.id, r, n, 'o' || n * r % 1000, 1, 2, true, 5000 FROM workspace w, generate_series(1, 100) r,"
	" generate_series(1, 20) n",
	"INSERT INTO touched (workspace_id, epoch, organisation) SELECT w.id, n % 100, 'o' || n FROM workspace w, generate_series(1, 3000) n",
	"INSERT INTO change (workspace_id, organisation, at, epoch, day, policy, cause, tier)"
	" SELECT w.id, 'o' || n % 1000, now(), 0, '2026-03-01', 1, 'write', 'key' FROM workspace w, generate_series(1, 2000) n",
	"INSERT INTO decision (workspace_id, organisation, decision, decided_by, reason, day, revenue_12m, minutes_12m)"
	" SELECT w.id, 'o' || n, 'keep', 'x', 'y', date '2026-03-01' - n % 700, 1, 1 FROM workspace w, generate_series(1, 500) n",
	"INSERT INTO override (workspace_id, organisation, tier, reason, until, day, set_at)"
	" SELECT w.id, 'o' || n, 'key', 'x', date '2026-03-01' + n % 700, '2026-03-01', now() FROM workspace w, generate_series(1, 500) n",
	"INSERT INTO assignment (workspace_id, organisation, seller, list, is_on)"
	" SELECT w.id, 'o' || n, 's' || n % 50, 'target', n % 3 > 0 FROM workspace w, generate_series(1, 1000) n",
	"INSERT INTO idempotency (workspace_id, key, fingerprint, state, lease_until, expires_at)"
	" SELECT w.id, 'k' || n, '', 'done', now(), now() + n * interval '1 s' FROM workspace w, generate_series(1, 500) n",
	"INSERT INTO hidden_side (workspace_id, organisation, review, engagement_side, potential_side)"
	" SELECT w.id, 'o' || n, 1, 1, 2 FROM workspace AS w, generate_series(1, 3000) AS n",
	"INSERT INTO erased (workspace_id, kind, hmac) SELECT w.id, 'contact', decode(lpad(n::text, 64, '0'), 'hex')"
	" FROM workspace w, generate_series(1, 500) n",
	"INSERT INTO pipeline_month (workspace_id, month, seller, open_amount, outside)"
	" SELECT w.id, date '2000-01-01' + n / 50 * 31, 's' || n % 50, n, 0 FROM workspace w, generate_series(1, 3000) n",
	"INSERT INTO refused_currency SELECT w.id, k, chr(65 + n / 26) || chr(65 + n % 26) || 'X', 1, now(), now() FROM workspace w,"
	" generate_series(1, 300) n, unnest('{deals,revenue}'::text[]) k",
	"ANALYZE",
};

/* A row a workspace, or a few: reading them whole is nothing. */
static const char *const small_tables[] = {"workspace", "api_key", "policy", "review", "schema_migration"};

/* Statements that may read a large table whole, and why. */
static const char *const exceptions[] = {
	"delete_expired_idempotency", /* takes some thousand rows at a time, which is all that is filled in here */
	"delete_touched",             /* likewise */
	"signal_loss",                /* ends at the first it finds */
};

/** A connection that plans as the links do. */
static PGconn *filled_connect(void)
{
	PGconn *connection = plain_connect(DATABASE);

	plain_run(connection, "SET plan_cache_mode = force_generic_plan; SET jit = off");
	return connection;
}

static void fill(void)
{
	FILE *out = fopen("/dev/null", "w");
	PGconn *connection;

	make_database(DATABASE);
	ck_assert_int_eq(migrate_run(url_of(DATABASE), out), STATUS_OK);
	fclose(out);
	connection = plain_connect(DATABASE);
	for (size_t i = 0; i < COUNT_OF(fills); i++)
		plain_run(connection, fills[i]);
	PQfinish(connection);
}

/** @return the statement's first word, behind its comments */
static const char *first_word(const char *sql)
{
	for (;;) {
		sql += strspn(sql, " \t\n");
		if (strncmp(sql, "--", 2) != 0)
			return sql;
		sql += strcspn(sql, "\n");
	}
}

static bool has_plan(const char *sql)
{
	static const char *const words[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "MERGE", "VALUES"};
	const char *word = first_word(sql);

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strncmp(word, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/** @return the number of parameters */
static int prepare(PGconn *connection, const struct statement_text *text)
{
	PGresult *result = PQprepare(connection, text->name, text->sql, 0, NULL);
	int count;

	ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", text->name, PQresultErrorMessage(result));
	PQclear(result);
	result = PQdescribePrepared(connection, text->name);
	count = PQnparams(result);
	PQclear(result);
	return count;
}

static PGresult *explain(PGconn *connection, const struct statement_text *text, int params)
{
	char sql[SQL_BYTES];
	int length = snprintf(sql, sizeof(sql), "EXPLAIN EXECUTE %s", text->name);
	PGresult *result;

	for (int i = 0; i < params; i++)
		length += snprintf(sql + length, sizeof(sql) - (size_t)length, "%s NULL", i == 0 ? "(" : ",");
	if (params > 0)
		snprintf(sql + length, sizeof(sql) - (size_t)length, ")");
	result = PQexec(connection, sql);
	ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", text->name, PQresultErrorMessage(result));
	return result;
}

static bool is_small(const char *table)
{
	size_t length = strcspn(table, " ");

	for (size_t i = 0; i < COUNT_OF(small_tables); i++)
		if (strlen(small_tables[i]) == length && strncmp(small_tables[i], table, length) == 0)
			return true;
	return false;
}

static bool is_exception(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(exceptions); i++)
		if (strcmp(exceptions[i], name) == 0)
			return true;
	return false;
}

static void check_plan(const struct statement_text *text, PGresult *plan)
{
	static const char scan[] = "Seq Scan on ";

	if (is_exception(text->name))
		return;

	for (int i = 0; i < PQntuples(plan); i++) {
		const char *at = strstr(PQgetvalue(plan, i, 0), scan);

		ck_assert_msg(at == NULL || is_small(at + strlen(scan)), "%s reads a large table whole: %s", text->name, PQgetvalue(plan, i, 0));
	}
}

START_TEST(test_statement_prepares_and_reads_no_large_table_whole)
{
	const struct statement_text *text = &statement_texts[_i];
	PGconn *connection = filled_connect();
	int params = prepare(connection, text);

	if (has_plan(text->sql)) {
		PGresult *plan = explain(connection, text, params);

		check_plan(text, plan);
		PQclear(plan);
	}
	PQfinish(connection);
}
END_TEST

/* The test above can fail: a statement without an index to rely on is found out. */
START_TEST(test_statement_sequential_scan_is_found_out)
{
	const struct statement_text text = {"bad", "SELECT name FROM organisation WHERE domain = $1"};
	PGconn *connection = filled_connect();
	int params = prepare(connection, &text);
	PGresult *plan = explain(connection, &text, params);

	ck_assert_ptr_nonnull(strstr(PQgetvalue(plan, 0, 0), "Seq Scan on organisation"));
	PQclear(plan);
	PQfinish(connection);
}
END_TEST

static const struct statement_text *statement_named(const char *name)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		if (strcmp(statement_texts[i].name, name) == 0)
			return &statement_texts[i];
	ck_abort_msg("there is no statement %s", name);
}

/* What batches look up one by one, and by which key. */
static const struct {
	const char *statement, *key, *condition;
} looked_up[] = {
	{"read_standings", "standing_pkey", "(organisation = "}, {"lock_organisations", "organisation_pkey", "(id = "},
	{"lock_sellers", "seller_pkey", "(id = "},               {"lock_contacts", "contact_pkey", "(id = "},
	{"lock_deals", "deal_pkey", "(id = "},                   {"lock_activities", "activity_pkey", "(id = "},
	{"lock_revenue", "revenue_pkey", "(id = "},
};

/* Tables that were never analysed look empty, and then all indexes cost the same: only the key may be to be had, or imports crawl. */
START_TEST(test_statement_looks_up_by_key_in_a_young_database)
{
	FILE *out = fopen("/dev/null", "w");
	PGconn *connection;
	bool is_by_key = false;

	make_database(YOUNG_DATABASE);
	ck_assert_int_eq(migrate_run(url_of(YOUNG_DATABASE), out), STATUS_OK);
	fclose(out);
	connection = plain_connect(YOUNG_DATABASE);
	plain_run(connection, "SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = off");
	const struct statement_text *text = statement_named(looked_up[_i].statement);
	PGresult *plan = explain(connection, text, prepare(connection, text));

	for (int i = 0; i + 1 < PQntuples(plan); i++)
		is_by_key |= strstr(PQgetvalue(plan, i, 0), looked_up[_i].key) != NULL
		             && strstr(PQgetvalue(plan, i + 1, 0), looked_up[_i].condition) != NULL;
	ck_assert_msg(is_by_key, "%s does not look up by %s", text->name, looked_up[_i].key);
	PQclear(plan);
	PQfinish(connection);
}
END_TEST

START_TEST(test_statement_opens_with_its_line)
{
	ck_assert_msg(strncmp(statement_texts[_i].sql, "-- ", 3) == 0, "%s does not begin with a line about itself", statement_texts[_i].name);
}
END_TEST

Suite *suite_statements(void);
Suite *suite_statements(void)
{
	Suite *suite = suite_create("store/statements");
	TCase *tcase = tcase_create("statements");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, fill, NULL);
	tcase_add_loop_test(tcase, test_statement_prepares_and_reads_no_large_table_whole, 0, STATEMENT_COUNT);
	tcase_add_test(tcase, test_statement_sequential_scan_is_found_out);
	tcase_add_loop_test(tcase, test_statement_looks_up_by_key_in_a_young_database, 0, COUNT_OF(looked_up));
	tcase_add_loop_test(tcase, test_statement_opens_with_its_line, 0, STATEMENT_COUNT);
	suite_add_tcase(suite, tcase);
	return suite;
}
