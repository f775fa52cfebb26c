/* SPDX-License-Identifier: Apache-2.0 */
/* sweetspot key create, list, revoke. */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>

#include <sweetspot/calendar.h>
#include <sweetspot/workspace_admin.h>

#define INSTANT_BYTES 28

static enum exit_code no_workspace(const char *name)
{
	fprintf(stderr, "sweetspot: there is no workspace %s\n", name);
	return EXIT_FAILED;
}

enum exit_code command_key_create(const struct invocation *invocation)
{
	enum role role = role_parse(text_of(invocation->options[1]));
	struct session *session;
	struct new_key key;
	enum status status;

	if (role == ROLE_NONE) {
		fputs("sweetspot: --role is read, write or admin\n", stderr);
		return EXIT_USAGE;
	}
	session = command_session(&invocation->settings);
	if (session == NULL)
		return EXIT_FAILED;
	status = key_create(session, text_of(invocation->options[0]), role, &key);
	session_close(session);
	if (status == STATUS_NOT_FOUND)
		return no_workspace(invocation->options[0]);
	if (status != STATUS_OK)
		return command_failed("making the key", status);
	puts(key.secret);
	return EXIT_DONE;
}

/** id, workspace, role, made, revoked or "-": one line, separated by tabs. */
static void print_key(void *owner, const struct listed_key *key)
{
	char created[INSTANT_BYTES], revoked[INSTANT_BYTES] = "-";

	(void)owner;
	instant_format(key->created_at_us, created);
	if (key->revoked_at_us != INSTANT_NONE)
		instant_format(key->revoked_at_us, revoked);
	printf("%.*s\t%.*s\t%.*s\t%s\t%s\n", TEXT_ARGS(key->id), TEXT_ARGS(key->workspace), TEXT_ARGS(key->role), created, revoked);
}

enum exit_code command_key_list(const struct invocation *invocation)
{
	const char *workspace = invocation->options[0];
	struct session *session = command_session(&invocation->settings);
	enum status status;

	if (session == NULL)
		return EXIT_FAILED;
	status = key_list(session, text_of(*workspace == '\0' ? NULL : workspace), print_key, NULL);
	session_close(session);
	if (status == STATUS_NOT_FOUND)
		return no_workspace(workspace);
	return status == STATUS_OK ? EXIT_DONE : command_failed("listing the keys", status);
}

enum exit_code command_key_revoke(const struct invocation *invocation)
{
	struct session *session = command_session(&invocation->settings);
	enum status status;

	if (session == NULL)
		return EXIT_FAILED;
	status = key_revoke(session, text_of(invocation->positional[0]));
	session_close(session);
	if (status == STATUS_NOT_FOUND) {
		fprintf(stderr, "sweetspot: there is no key %s that could be revoked\n", invocation->positional[0]);
		return EXIT_FAILED;
	}
	return status == STATUS_OK ? EXIT_DONE : command_failed("revoking the key", status);
}
