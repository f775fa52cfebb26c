/* SPDX-License-Identifier: Apache-2.0 */
/* Databases, plain connections and turning loops for the store's tests. Nothing is tested here. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sweetspot/migrate.h>
#include <sweetspot/policy_document.h>

const char *url_of(const char *database)
{
	static char url[1024];
	PQconninfoOption *options = PQconninfoParse(getenv("DATABASE_URL"), NULL);
	size_t length = 0;

	for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
		if (option->val != NULL && strcmp(option->keyword, "dbname") != 0)
			length += (size_t)snprintf(url + length, sizeof(url) - length, "%s='%s' ", option->keyword, option->val);
	snprintf(url + length, sizeof(url) - length, "dbname='%s'", database);
	PQconninfoFree(options);
	return url;
}

PGconn *plain_connect(const char *database)
{
	PGconn *connection = PQconnectdb(url_of(database));

	ck_assert_msg(PQstatus(connection) == CONNECTION_OK, "%s", PQerrorMessage(connection));
	return connection;
}

void plain_run(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(result);

	ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", sql, PQresultErrorMessage(result));
	PQclear(result);
}

int64_t plain_number(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);
	int64_t number;

	ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0, "%s: %s", sql, PQresultErrorMessage(result));
	number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return number;
}

void make_database(const char *name)
{
	PGconn *connection = plain_connect("postgres");
	char sql[256];

	plain_run(connection, "SET client_min_messages = warning");
	snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
	plain_run(connection, sql);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", name);
	plain_run(connection, sql);
	PQfinish(connection);
}

/** Outside of any test: Check's assertions would have nowhere to go. */
void prepare_database(void)
{
	PGconn *connection = PQconnectdb(url_of("postgres"));
	PGresult *result = PQexec(connection, "SET client_min_messages = warning");
	FILE *out = fopen("/dev/null", "w");

	PQclear(result);
	PQclear(PQexec(connection, "DROP DATABASE IF EXISTS " TEST_DATABASE " WITH (FORCE)"));
	result = PQexec(connection, "CREATE DATABASE " TEST_DATABASE);
	if (PQresultStatus(result) != PGRES_COMMAND_OK || out == NULL || migrate_run(url_of(TEST_DATABASE), out) != STATUS_OK) {
		fprintf(stderr, "no database to test with: %s\n", PQerrorMessage(connection));
		exit(EXIT_FAILURE);
	}
	PQclear(result);
	PQfinish(connection);
	fclose(out);
}

struct settings test_settings(void)
{
	struct settings settings;
	int rest;
	/* A copy: url_of's storage is taken again by others. */
	static char url[1024];

	snprintf(url, sizeof(url), "%s", url_of(TEST_DATABASE));
	setenv("DATABASE_URL", url, 1);
	ck_assert_int_eq(settings_load(&settings, 0, NULL, &rest, stderr), STATUS_OK);
	settings.database_url = url;
	return settings;
}

static void turn(struct loop *loop, struct store *store)
{
	if (store != NULL)
		store_flush(store);
	ck_assert_int_ge(loop_turn(loop, 10 * MS), 0);
}

void turn_until(struct loop *loop, struct store *store, bool (*is_so)(void *), void *owner)
{
	const int64_t end = clock_ticks_us() + 10 * SECOND;

	while (!is_so(owner)) {
		ck_assert_msg(clock_ticks_us() < end, "it did not come to pass within 10 s");
		turn(loop, store);
	}
}

void turn_for(struct loop *loop, struct store *store, int64_t us)
{
	const int64_t end = clock_ticks_us() + us;

	while (clock_ticks_us() < end)
		turn(loop, store);
}

struct counting {
	const int *counter;
	int count;
};

static bool has_count(void *owner)
{
	const struct counting *counting = owner;

	return *counting->counter >= counting->count;
}

void turn_until_count(struct loop *loop, struct store *store, const int *counter, int count)
{
	struct counting counting = {counter, count};

	turn_until(loop, store, has_count, &counting);
}

int64_t make_workspace(PGconn *connection)
{
	const int64_t id = plain_number(connection, "INSERT INTO workspace (name, currency, currency_digits, secret, day)"
						    " VALUES ('w' || nextval('api_key_version'), 'EUR', 2, '\\x00', '2026-03-01') RETURNING"
						    " id");
	const struct text document = policy_document_default();
	char number[32];
	char *json = strndup(document.bytes, document.length);
	const char *values[] = {number, json};
	PGresult *result;

	snprintf(number, sizeof(number), "%lld", (long long)id);
	result = PQexecParams(connection, "INSERT INTO policy (workspace_id, version, document) VALUES ($1, 1, $2)", 2, NULL, values, NULL,
		NULL, 0);
	ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQresultErrorMessage(result));
	PQclear(result);
	free(json);
	return id;
}
