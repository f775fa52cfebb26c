/* SPDX-License-Identifier: Apache-2.0 */
/* sweetspot workspace create. */
#include "command.h"

#include <stdio.h>

#include <sweetspot/workspace_admin.h>

enum exit_code command_workspace_create(const struct invocation *invocation)
{
	struct session *session = command_session(&invocation->settings);
	struct new_key key;
	enum status status;

	if (session == NULL)
		return EXIT_FAILED;
	status = workspace_create(session, text_of(invocation->positional[0]), text_of(invocation->options[0]), &key);
	session_close(session);
	if (status == STATUS_OK) {
		puts(key.secret);
		return EXIT_DONE;
	}
	if (status == STATUS_CONFLICT)
		fprintf(stderr, "sweetspot: there is a workspace %s already\n", invocation->positional[0]);
	else if (status == STATUS_INVALID)
		fputs("sweetspot: a workspace needs a name, and a currency of three capital letters like EUR\n", stderr);
	else
		command_failed("making the workspace", status);
	return EXIT_FAILED;
}
