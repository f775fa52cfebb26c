/* SPDX-License-Identifier: Apache-2.0 */
/* What the two ways of sending a statement, pipelined and blocking, share. */
#ifndef SERVICE_STORE_VALUES_H
#define SERVICE_STORE_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include <sweetspot/database.h>

/** Formats of parameters: every one binary. */
extern const int all_binary[PARAMS_MAX];

/** A value for PQconnectdbParams and its asynchronous brother: what our connections have in common, the URL winning where it may. */
#define CONNECT_WORDS 13
struct connect_words {
	const char *keywords[CONNECT_WORDS];
	const char *values[CONNECT_WORDS];
};
struct connect_words connect_words_of(const char *url, const char *application_name);
/** One more, which wins over what the URL says; there is room for three. Borrowed. */
void connect_words_add(struct connect_words *words, const char *keyword, const char *value);

/** Parameters of set_session, the first statement on every connection. */
struct session_limits {
	int64_t statement_ms, lock_ms, idle_ms;  /* 0: no limit */
	bool generic_plans;                      /* plan once for every run, as short statements all day want; else anew for each */
};
void session_limits_bind(struct params *params, const struct session_limits *limits);

/** What the server remarks goes to the debug log, not to stderr as libpq would have it. */
void quiet_notices(PGconn *connection);

/** @return whether a result is a success that ends a statement */
bool is_success(const PGresult *result);
/** @return whether it is a failure with this SQLSTATE */
bool has_code(const PGresult *result, const char *code);

#endif
