/* SPDX-License-Identifier: Apache-2.0 */
/* What main.c and the subcommands share. */
#ifndef CMD_SWEETSPOT_COMMAND_H
#define CMD_SWEETSPOT_COMMAND_H

#include <stdint.h>

#include <sweetspot/database.h>
#include <sweetspot/settings.h>

#define POSITIONALS_MAX 1
#define OPTIONS_MAX 3

/** Exit codes: as shells expect them. */
enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/** A flag of one subcommand, `--name VALUE` or `--name=VALUE`. */
struct option {
	const char *name;      /* NULL ends a list */
	const char *value;     /* how the help names the value */
	const char *fallback;  /* NULL: must be given */
};

/** A subcommand as it was called: texts are argv's. */
struct invocation {
	struct settings settings;
	const char *positional[POSITIONALS_MAX];
	const char *options[OPTIONS_MAX];  /* in the order of the subcommand's list; the fallback when not given */
};

/* The subcommands. Each prints what it was asked for on stdout, alone, and what went wrong on stderr. */
enum exit_code command_serve(const struct invocation *invocation);
enum exit_code command_routes(const struct invocation *invocation);
enum exit_code command_migrate(const struct invocation *invocation);
enum exit_code command_workspace_create(const struct invocation *invocation);
enum exit_code command_key_create(const struct invocation *invocation);
enum exit_code command_key_list(const struct invocation *invocation);
enum exit_code command_key_revoke(const struct invocation *invocation);
enum exit_code command_demo(const struct invocation *invocation);
enum exit_code command_review(const struct invocation *invocation);

/** @return a session for a subcommand; NULL after saying why not on stderr */
struct session *command_session(const struct settings *settings);
/** Find a workspace by its name. @return false after saying why not on stderr */
bool command_workspace(struct session *session, const char *name, int64_t *out);
/** Say on stderr what failed and how. @return EXIT_FAILED */
enum exit_code command_failed(const char *what, enum status status);

#endif
