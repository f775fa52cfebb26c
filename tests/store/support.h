/* SPDX-License-Identifier: Apache-2.0 */
/* What the store's tests share: databases, a plain connection beside the one under test, and a loop to run until something is so. */
#ifndef TESTS_STORE_SUPPORT_H
#define TESTS_STORE_SUPPORT_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <libpq-fe.h>

#include <sweetspot/arena.h>
#include <sweetspot/clock.h>
#include <sweetspot/database.h>
#include <sweetspot/loop.h>
#include <sweetspot/settings.h>
#include <sweetspot/store.h>

#define MS INT64_C(1000)
#define SECOND INT64_C(1000000)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/** The migrated database that most tests use. */
#define TEST_DATABASE "sweetspot_store"

/** Connection string of a database on the server of DATABASE_URL; static storage, good until the next call. */
const char *url_of(const char *database);
/** Make TEST_DATABASE anew, migrated. Ends the program when that fails. */
void prepare_database(void);
/** Make a database anew, empty. */
void make_database(const char *name);

/** A plain blocking connection. */
PGconn *plain_connect(const char *database);
/** Run SQL, must succeed. */
void plain_run(PGconn *connection, const char *sql);
/** @return the first value as a number; 0 for null */
int64_t plain_number(PGconn *connection, const char *sql);

/** Settings as they are by default, for TEST_DATABASE. */
struct settings test_settings(void);

/** Turn the loop (flushing the store, if any, before each wait) until it is so, or fail the test after 10 s. */
void turn_until(struct loop *loop, struct store *store, bool (*is_so)(void *), void *owner);
/** Turn the loop for so long. */
void turn_for(struct loop *loop, struct store *store, int64_t us);
/** Turn the loop until an int counted up by callbacks reaches `count`. */
void turn_until_count(struct loop *loop, struct store *store, const int *counter, int count);

/** @return a new workspace with its default policy, key left out; names differ by call */
int64_t make_workspace(PGconn *connection);

/** The text has exactly these bytes and is there at all. */
static inline void expect_text(struct text actual, const char *expected)
{
	ck_assert_ptr_nonnull(actual.bytes);
	ck_assert_msg(text_equal(actual, text_of(expected)), "got \"%.*s\", expected \"%s\"", TEXT_ARGS(actual), expected);
}

#endif
