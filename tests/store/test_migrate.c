/* SPDX-License-Identifier: Apache-2.0 */
/* The migrator: once, twice, by many at once, on a newer database, and when a migration fails. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sweetspot/migrate.h>

#include "migrations.h"

#define DATABASE "sweetspot_migrate"

/** @return the status; *output is what it said, at most 1023 bytes */
static enum status migrate(char output[1024])
{
	FILE *out = fmemopen(output, 1024, "w");
	enum status status;

	ck_assert_ptr_nonnull(out);
	status = migrate_run(url_of(DATABASE), out);
	fclose(out);
	return status;
}

static int64_t count_applied(void)
{
	PGconn *connection = plain_connect(DATABASE);
	int64_t count = plain_number(connection, "SELECT count(*) FROM schema_migration");

	PQfinish(connection);
	return count;
}

START_TEST(test_migrate_run_twice_applies_once)
{
	char output[1024] = "";

	make_database(DATABASE);
	ck_assert_int_eq(migrate(output), STATUS_OK);
	ck_assert_ptr_nonnull(strstr(output, "applied 0001_foundation\n"));
	ck_assert_int_eq(count_applied(), (int64_t)migration_count);
	ck_assert_int_eq(migrate(output), STATUS_OK);
	ck_assert_ptr_nonnull(strstr(output, "up to date at migration"));
	ck_assert_int_eq(count_applied(), (int64_t)migration_count);
}
END_TEST

START_TEST(test_migrate_run_by_many_at_once)
{
	pid_t children[6];

	make_database(DATABASE);
	for (size_t i = 0; i < COUNT_OF(children); i++) {
		children[i] = fork();
		ck_assert_int_ge(children[i], 0);
		if (children[i] == 0) {
			char output[1024];

			_exit(migrate(output) == STATUS_OK ? 0 : 1);
		}
	}
	for (size_t i = 0; i < COUNT_OF(children); i++) {
		int code;

		ck_assert_int_eq(waitpid(children[i], &code, 0), children[i]);
		ck_assert_int_eq(code, 0);
	}
	ck_assert_int_eq(count_applied(), (int64_t)migration_count);
}
END_TEST

START_TEST(test_migrate_run_newer_database_is_refused)
{
	char output[1024] = "";
	PGconn *connection;

	make_database(DATABASE);
	ck_assert_int_eq(migrate(output), STATUS_OK);
	connection = plain_connect(DATABASE);
	plain_run(connection, "INSERT INTO schema_migration (number, name) VALUES (9999, 'from the future')");
	PQfinish(connection);
	ck_assert_int_eq(migrate(output), STATUS_CONFLICT);
	ck_assert_ptr_nonnull(strstr(output, "9999"));
}
END_TEST

START_TEST(test_migrate_run_failed_migration_leaves_nothing)
{
	char output[1024] = "";
	PGconn *connection;

	make_database(DATABASE);
	connection = plain_connect(DATABASE);
	/* In the way of the last table of the first migration. */
	plain_run(connection, "CREATE TABLE erased (id integer)");
	ck_assert_int_eq(migrate(output), STATUS_INTERNAL);
	ck_assert_ptr_nonnull(strstr(output, "0001_foundation failed"));
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM pg_class WHERE relname = 'workspace'"), 0);
	ck_assert_int_eq(count_applied(), 0);
	plain_run(connection, "DROP TABLE erased");
	PQfinish(connection);
	ck_assert_int_eq(migrate(output), STATUS_OK);
}
END_TEST

/** A database as a program left it that knew the first migrations only. */
static PGconn *make_older_database(size_t known)
{
	PGconn *connection;

	make_database(DATABASE);
	connection = plain_connect(DATABASE);
	plain_run(connection, "CREATE TABLE schema_migration (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL"
			      " DEFAULT now())");
	for (size_t i = 0; i < known; i++) {
		char note[128];

		plain_run(connection, migrations[i].sql);
		snprintf(note, sizeof(note), "INSERT INTO schema_migration VALUES (%lld, '%s')", (long long)migrations[i].number,
		         migrations[i].name);
		plain_run(connection, note);
	}
	return connection;
}

/* Epoch 3 is in force: 'folded' has no next values, 'flipped' has those of epoch 3, 'ahead' some of epoch 4, which never came. */
static const char two_versions[] =
	"INSERT INTO workspace (name, currency, currency_digits, secret, day, epoch, next_epoch, next_state) VALUES ('w', 'EUR', 2, '',"
	" '2026-03-01', 3, 4, 'writing');"
	"INSERT INTO standing (workspace_id, organisation, is_account, margin_pct, tier, potential, revenue_12m, revenue_prior_12m,"
	" revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m, next_epoch,"
	" next_tier, next_potential, next_revenue_12m, next_revenue_prior_12m, next_revenue_182, next_revenue_prior_182, next_margin_12m,"
	" next_minutes_12m, next_rhythm, next_orders, next_reach, next_inbound, next_directed, next_lines_12m, next_seller_derived,"
	" next_engagement_side, next_potential_side)"
	" SELECT id, o, true, 10000, 'key', 100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, e, 'growth', 200, 2, 2, 2, 2, 2, 2, 2, 2,"
	" 2, 2, 2, 2, true, 1, 2"
	" FROM workspace, (VALUES ('folded', NULL), ('flipped', 3), ('ahead', 4)) AS v (o, e);"
	"INSERT INTO change (workspace_id, organisation, at, epoch, day, policy, cause) SELECT id, 'ahead', now(), e, day, 1, 'review'"
	" FROM workspace, generate_series(3, 4) AS e;";

START_TEST(test_migrate_editions_keeps_what_was_in_force)
{
	char output[1024] = "";
	PGconn *connection = make_older_database(1);

	plain_run(connection, two_versions);
	ck_assert_int_eq(migrate(output), STATUS_OK);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM standing_in_force WHERE organisation IN ('folded', 'ahead') AND"
						  " tier = 'key' AND potential = 100 AND revenue_12m = 1"), 2);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM standing_in_force WHERE organisation = 'flipped' AND tier ="
						  " 'growth' AND potential = 200 AND revenue_12m = 2 AND potential_side = 2"), 1);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM standing"), 3);
	ck_assert_int_eq(plain_number(connection, "SELECT max(epoch) FROM change"), 3);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM workspace WHERE next_epoch IS NULL AND next_state IS NULL"), 1);
	PQfinish(connection);
}
END_TEST

/* Lists by hand as they were made before the history knew of them. */
static const char hands[] =
	"INSERT INTO workspace (name, currency, currency_digits, secret, day) VALUES ('w', 'EUR', 2, '', '2026-03-01');"
	"INSERT INTO assignment (workspace_id, organisation, seller, list, is_on, at, key_id, actor)"
	" SELECT id, 'put', 's', 'target', true, timestamptz '2026-02-01 10:00:00.25+00', 'k', 'Ada' FROM workspace UNION ALL"
	" SELECT id, 'taken', 's', 'lead', false, '2026-02-01 11:00:00+01', 'k', NULL FROM workspace;"
	"INSERT INTO change (workspace_id, organisation, at, epoch, day, policy, cause)"
	" SELECT id, 'put', now(), 0, day, 1, 'write' FROM workspace;";

START_TEST(test_migrate_assignment_keeps_lists_by_hand)
{
	char output[1024] = "";
	PGconn *connection = make_older_database(8);

	plain_run(connection, hands);
	ck_assert_int_eq(migrate(output), STATUS_OK);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM assignment_shown WHERE organisation = 'put' AND shown = jsonb"
						  " '{\"list\": \"target\", \"seller\": \"s\", \"taken_off\": false, \"reason\": null,"
						  " \"by\": \"Ada\", \"at\": \"2026-02-01T10:00:00.250Z\"}'"), 1);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM assignment_shown WHERE organisation = 'taken' AND shown = jsonb"
						  " '{\"list\": \"lead\", \"seller\": \"s\", \"taken_off\": true, \"reason\": null,"
						  " \"by\": null, \"at\": \"2026-02-01T10:00:00Z\"}'"), 1);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM assignment WHERE key_id = 'k' AND reason IS NULL"), 2);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM change WHERE cause = 'write' AND assigned IS NULL"), 1);
	plain_run(connection, "UPDATE change SET cause = 'assignment'");
	PQfinish(connection);
}
END_TEST

/* A review made before reviews looked for secondaries that could become key says nothing of them; the book is gone through once to know. */
static const char reviewed[] =
	"INSERT INTO workspace (name, currency, currency_digits, secret, day, review, judged) VALUES ('w', 'EUR', 2, '', '2026-03-01', 1,"
	" true);"
	"INSERT INTO review (workspace_id, number, state, provisional, clients) SELECT id, 1, 'done', false, 4 FROM workspace;"
	"INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, list, revenue_12m, revenue_prior_12m, revenue_182,"
	" revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
	" SELECT id, 'a', 0, true, 10000, 'secondary', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 FROM workspace;";

START_TEST(test_migrate_could_become_key_is_not_known_of_what_was)
{
	char output[1024] = "";
	PGconn *connection = make_older_database(11);

	plain_run(connection, reviewed);
	ck_assert_int_eq(migrate(output), STATUS_OK);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM review WHERE contenders IS NULL AND contender_revenue IS NULL AND"
						  " contender_headroom IS NULL"), 1);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM standing_in_force WHERE NOT could_become_key"), 1);
	ck_assert_int_eq(plain_number(connection, "SELECT count(*) FROM workspace WHERE NOT judged"), 1);
	PQfinish(connection);
}
END_TEST

START_TEST(test_migrate_run_no_database_is_unavailable)
{
	FILE *out = fopen("/dev/null", "w");

	ck_assert_int_eq(migrate_run("host=/nonexistent user=nobody", out), STATUS_UNREACHABLE);
	fclose(out);
}
END_TEST

Suite *suite_migrate(void);
Suite *suite_migrate(void)
{
	Suite *suite = suite_create("store/migrate");
	TCase *tcase = tcase_create("migrate");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_migrate_run_twice_applies_once);
	tcase_add_test(tcase, test_migrate_run_by_many_at_once);
	tcase_add_test(tcase, test_migrate_run_newer_database_is_refused);
	tcase_add_test(tcase, test_migrate_run_failed_migration_leaves_nothing);
	tcase_add_test(tcase, test_migrate_editions_keeps_what_was_in_force);
	tcase_add_test(tcase, test_migrate_assignment_keeps_lists_by_hand);
	tcase_add_test(tcase, test_migrate_could_become_key_is_not_known_of_what_was);
	tcase_add_test(tcase, test_migrate_run_no_database_is_unavailable);
	suite_add_tcase(suite, tcase);
	return suite;
}
