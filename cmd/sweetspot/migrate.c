/* SPDX-License-Identifier: Apache-2.0 */
/* sweetspot migrate. */
#include "command.h"

#include <stdio.h>

#include <sweetspot/migrate.h>

enum exit_code command_migrate(const struct invocation *invocation)
{
	enum status status = migrate_run(invocation->settings.database_url, stdout);

	return status == STATUS_OK ? EXIT_DONE : command_failed("bringing the schema up to date", status);
}
