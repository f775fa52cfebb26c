/* SPDX-License-Identifier: Apache-2.0 */
/* Settings: defaults, what wins, every error at once, and that help and header agree with the table. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/settings.h>

#include "expect.h"

extern char **environ;

static char *no_environment[] = {NULL};

/** What one call to settings_load left behind. */
struct outcome {
	struct settings settings;
	enum status status;
	int rest;
	char *errors;
};

/** Each test runs in its own process, or is followed by another that sets all it needs. */
static void setup(void)
{
	environ = no_environment;
	ck_assert_int_eq(setenv("DATABASE_URL", "postgresql:///test", 1), 0);
}

/* The settings borrow the arguments, as those of main live on; the next call writes over them. */
static char kept[16][64];

static struct outcome load(int argc, const char *const *arguments)
{
	struct outcome outcome = {.rest = -1};
	size_t length;
	FILE *errors = open_memstream(&outcome.errors, &length);
	char *argv[COUNT_OF(kept)];

	for (int i = 0; i < argc; i++) {
		snprintf(kept[i], sizeof(kept[i]), "%s", arguments[i]);
		argv[i] = kept[i];
	}
	outcome.status = settings_load(&outcome.settings, argc, argv, &outcome.rest, errors);
	fclose(errors);
	return outcome;
}

#define LOAD(...) load((int)COUNT_OF(((const char *const[]){__VA_ARGS__})), (const char *const[]){__VA_ARGS__})

static int lines_in(const char *text)
{
	int lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

START_TEST(test_settings_load_defaults_are_the_documented_ones)
{
	struct outcome outcome = load(0, NULL);
	const struct settings *s = &outcome.settings;

	ck_assert_int_eq(outcome.status, STATUS_OK);
	ck_assert_str_eq(outcome.errors, "");
	ck_assert_int_eq(outcome.rest, 0);
	ck_assert_str_eq(s->database_url, "postgresql:///test");
	ck_assert_str_eq(s->listen, "127.0.0.1:8080");
	ck_assert_str_eq(s->metrics_listen, "");
	ck_assert_str_eq(s->cors_origins, "");
	ck_assert_str_eq(s->log_level, "info");
	ck_assert(!s->migrate);
	ck_assert(s->jobs);
	ck_assert_int_eq(s->workers, 0);
	ck_assert_int_eq(s->read_links, 2);
	ck_assert_int_eq(s->write_links, 2);
	ck_assert_int_eq(s->job_runners, 2);
	ck_assert_int_eq(s->look_ms, 200);
	ck_assert_int_eq(s->stream_links, 2);
	ck_assert_int_eq(s->batch_rows, 2000);
	ck_assert_int_eq(s->batch_bytes, 8 << 20);
	ck_assert_int_eq(s->queue_rows, 20000);
	ck_assert_int_eq(s->workspace_share_pct, 50);
	ck_assert_int_eq(s->body_bytes, 1 << 20);
	ck_assert_int_eq(s->import_row_bytes, 1 << 20);
	ck_assert_int_eq(s->header_bytes, 16 << 10);
	ck_assert_int_eq(s->connections, 2000);
	ck_assert_int_eq(s->request_ms, 10000);
	ck_assert_int_eq(s->import_idle_ms, 30000);
	ck_assert_int_eq(s->statement_ms, 5000);
	ck_assert_int_eq(s->drain_ms, 0);
	ck_assert_int_eq(s->key_poll_ms, 300);
	ck_assert_int_eq(s->key_stale_ms, 900);
	ck_assert_int_eq(s->provisional_ms, 10000);
	free(outcome.errors);
}
END_TEST

START_TEST(test_settings_load_flag_wins_over_environment)
{
	struct outcome outcome;

	setenv("SWEETSPOT_LISTEN", "0.0.0.0:80", 1);
	setenv("SWEETSPOT_BATCH_ROWS", "7", 1);
	setenv("SWEETSPOT_MIGRATE", "1", 1);
	outcome = LOAD("--listen", "[::1]:0", "--log-level=debug", "--listen=localhost:9000");
	ck_assert_int_eq(outcome.status, STATUS_OK);
	ck_assert_str_eq(outcome.settings.listen, "localhost:9000");
	ck_assert_str_eq(outcome.settings.log_level, "debug");
	ck_assert_int_eq(outcome.settings.batch_rows, 7);
	ck_assert(outcome.settings.migrate);
	ck_assert_int_eq(outcome.rest, 4);
	free(outcome.errors);
}
END_TEST

START_TEST(test_settings_load_switch_stands_alone_or_takes_a_word)
{
	struct outcome outcome = LOAD("--migrate", "--jobs=no", "--workers", "3");

	ck_assert_int_eq(outcome.status, STATUS_OK);
	ck_assert(outcome.settings.migrate);
	ck_assert(!outcome.settings.jobs);
	ck_assert_int_eq(outcome.settings.workers, 3);
	free(outcome.errors);
	outcome = LOAD("--jobs", "off", "--migrate", "name");
	ck_assert(!outcome.settings.jobs);
	ck_assert(outcome.settings.migrate);
	ck_assert_int_eq(outcome.rest, 3);
	free(outcome.errors);
}
END_TEST

START_TEST(test_settings_load_rest_is_the_first_foreign_argument)
{
	struct outcome outcome = LOAD("--workers=2", "--workspace", "acme", "--listen", "x");

	ck_assert_int_eq(outcome.status, STATUS_OK);
	ck_assert_int_eq(outcome.rest, 1);
	free(outcome.errors);
	outcome = LOAD("--work", "2");
	ck_assert_int_eq(outcome.rest, 0);
	free(outcome.errors);
	outcome = LOAD("list", "--workers=2");
	ck_assert_int_eq(outcome.rest, 0);
	ck_assert_int_eq(outcome.settings.workers, 0);
	free(outcome.errors);
}
END_TEST

START_TEST(test_settings_load_empty_variable_counts_as_unset)
{
	struct outcome outcome;

	setenv("SWEETSPOT_LISTEN", "", 1);
	setenv("SWEETSPOT_WORKERS", "", 1);
	outcome = load(0, NULL);
	ck_assert_int_eq(outcome.status, STATUS_OK);
	ck_assert_str_eq(outcome.settings.listen, "127.0.0.1:8080");
	free(outcome.errors);
}
END_TEST

START_TEST(test_settings_load_every_error_is_told_at_once)
{
	struct outcome outcome;

	unsetenv("DATABASE_URL");
	setenv("SWEETSPOT_BATCH_ROWS", "many", 1);
	setenv("SWEETSPOT_MIGRATE", "maybe", 1);
	outcome = LOAD("--listen=8080", "--log-level", "loud", "--cors-origins=example.com", "--workers");
	ck_assert_int_eq(outcome.status, STATUS_INVALID);
	ck_assert_int_eq(lines_in(outcome.errors), 7);
	ck_assert_ptr_nonnull(strstr(outcome.errors, "DATABASE_URL: must be set"));
	ck_assert_ptr_nonnull(strstr(outcome.errors, "SWEETSPOT_BATCH_ROWS: must be a whole number from 1 to 100000, not \"many\"\n"));
	ck_assert_ptr_nonnull(strstr(outcome.errors, "SWEETSPOT_MIGRATE: must be true or false, not \"maybe\"\n"));
	ck_assert_ptr_nonnull(strstr(outcome.errors, "--listen: must be HOST:PORT with a port from 0 to 65535, not \"8080\"\n"));
	ck_assert_ptr_nonnull(strstr(outcome.errors, "--log-level: must be debug, info, warn or error, not \"loud\"\n"));
	ck_assert_ptr_nonnull(strstr(outcome.errors, "--cors-origins: "));
	ck_assert_ptr_nonnull(strstr(outcome.errors, "--workers: needs a value\n"));
	free(outcome.errors);
}
END_TEST

START_TEST(test_settings_load_secret_is_not_repeated)
{
	struct outcome outcome = LOAD("--database-url=");

	ck_assert_int_eq(outcome.status, STATUS_INVALID);
	ck_assert_str_eq(outcome.errors, "--database-url: must be set, like postgresql://user@host/database\n");
	free(outcome.errors);
}
END_TEST

START_TEST(test_settings_load_values_out_of_bounds_are_refused)
{
	static const char *const flags[] = {
		"--workers=-1", "--workers=1025", "--workers=1.0", "--workers=1e3", "--workers= 1", "--workers=", "--batch-rows=0",
		"--workspace-share-pct=101", "--workspace-share-pct=0", "--queue-rows=99999999999999999999", "--header-bytes=1",
		"--listen=", "--listen=:80", "--listen=host", "--listen=host:", "--listen=host:65536", "--listen=host:-1", "--listen=host:+1",
		"--listen=host:1.0", "--listen=::1:80", "--listen=[::1:80", "--listen=[]:80", "--metrics-listen=9090", "--cors-origins=https://",
		"--cors-origins=https://a.example/path", "--cors-origins=https://a.example,", "--cors-origins=ftp://a.example", "--migrate=2",
		"--key-stale-ms=300", "--log-level=INFO",
	};

	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		struct outcome outcome = LOAD(flags[i]);

		ck_assert_msg(outcome.status == STATUS_INVALID, "%s was taken", flags[i]);
		ck_assert_int_eq(lines_in(outcome.errors), 1);
		free(outcome.errors);
	}
}
END_TEST

START_TEST(test_settings_load_values_at_bounds_are_taken)
{
	static const char *const flags[] = {
		"--workers=0", "--workers=1024", "--workspace-share-pct=100", "--listen=host:0", "--listen=[::]:65535", "--listen=0.0.0.0:80",
		"--metrics-listen=", "--metrics-listen=127.0.0.1:9090", "--cors-origins=*", "--cors-origins=https://a.example",
		"--cors-origins=https://a.example, http://localhost:3000", "--cors-origins=", "--drain-ms=0", "--key-stale-ms=301",
	};

	for (size_t i = 0; i < COUNT_OF(flags); i++) {
		struct outcome outcome = LOAD(flags[i]);

		ck_assert_msg(outcome.status == STATUS_OK, "%s was refused: %s", flags[i], outcome.errors);
		free(outcome.errors);
	}
}
END_TEST

START_TEST(test_settings_help_every_setting_is_told)
{
	static const char *const told[] = {
		"--database-url URL", "DATABASE_URL\n", "--listen HOST:PORT", "SWEETSPOT_LISTEN\n", "(default 127.0.0.1:8080)",
		"--workspace-share-pct N", "SWEETSPOT_WORKSPACE_SHARE_PCT\n", "--jobs BOOL", "(default true)", "(needed)",
	};
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int flags = 0;

	settings_help(out);
	fclose(out);
	for (size_t i = 0; i < COUNT_OF(told); i++)
		ck_assert_msg(strstr(text, told[i]) != NULL, "%s is missing in:\n%s", told[i], text);
	for (const char *at = text; (at = strstr(at, "\n  --")) != NULL; at++)
		flags++;
	ck_assert_int_eq(flags, 32);
	free(text);
}
END_TEST

Suite *suite_settings(void);
Suite *suite_settings(void)
{
	Suite *suite = suite_create("settings");
	TCase *tcase = tcase_create("settings");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, test_settings_load_defaults_are_the_documented_ones);
	tcase_add_test(tcase, test_settings_load_flag_wins_over_environment);
	tcase_add_test(tcase, test_settings_load_switch_stands_alone_or_takes_a_word);
	tcase_add_test(tcase, test_settings_load_rest_is_the_first_foreign_argument);
	tcase_add_test(tcase, test_settings_load_empty_variable_counts_as_unset);
	tcase_add_test(tcase, test_settings_load_every_error_is_told_at_once);
	tcase_add_test(tcase, test_settings_load_secret_is_not_repeated);
	tcase_add_test(tcase, test_settings_load_values_out_of_bounds_are_refused);
	tcase_add_test(tcase, test_settings_load_values_at_bounds_are_taken);
	tcase_add_test(tcase, test_settings_help_every_setting_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}
