/* SPDX-License-Identifier: Apache-2.0 */
/* What most subcommands begin with: a session, a workspace, and words for what failed. */
#include "command.h"

#include <stdio.h>

#include <sweetspot/workspace_admin.h>

struct session *command_session(const struct settings *settings)
{
	struct session *session = session_open(settings->database_url, settings->statement_ms, NULL);

	if (session == NULL)
		fputs("sweetspot: no connection to the database (DATABASE_URL)\n", stderr);
	return session;
}

bool command_workspace(struct session *session, const char *name, int64_t *out)
{
	enum status status = workspace_find(session, text_of(name), out);

	if (status == STATUS_NOT_FOUND)
		fprintf(stderr, "sweetspot: there is no workspace %s\n", name);
	else if (status != STATUS_OK)
		command_failed("looking for the workspace", status);
	return status == STATUS_OK;
}

enum exit_code command_failed(const char *what, enum status status)
{
	fprintf(stderr, "sweetspot: %s: %s\n", what, status_describe(status)->title);
	return EXIT_FAILED;
}
