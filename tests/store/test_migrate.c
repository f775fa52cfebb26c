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

START_TEST(test_migrate_run_no_database_is_unavailable)
{
	FILE *out = fopen("/dev/null", "w");

	ck_assert_int_eq(migrate_run("host=/nonexistent user=nobody", out), STATUS_UNAVAILABLE);
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
	tcase_add_test(tcase, test_migrate_run_no_database_is_unavailable);
	suite_add_tcase(suite, tcase);
	return suite;
}
