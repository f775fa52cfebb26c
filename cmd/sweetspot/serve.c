/* SPDX-License-Identifier: Apache-2.0 */
/* sweetspot serve: schema, jobs and HTTP, in that order, and back. */
#include "command.h"

#include <stdio.h>

#include <sweetspot/jobs.h>
#include <sweetspot/migrate.h>
#include <sweetspot/server.h>

/* Of the questions that may wait at once, so that one book does not keep all others waiting. */
#define QUESTIONS_OF_A_WORKSPACE 4

static enum status run(const struct settings *settings, struct metrics *metrics, struct desk *desk, struct bell *bell)
{
	struct jobs *jobs = NULL;
	struct clerk *clerk = NULL;
	enum status status = clerk_start(settings, metrics, desk, &clerk);

	if (status == STATUS_OK && settings->jobs)
		status = jobs_start(settings, metrics, bell, &jobs);
	if (status == STATUS_OK)
		status = server_run(settings, metrics, desk, bell);
	clerk_stop(clerk);
	jobs_stop(jobs);
	return status;
}

static enum exit_code serve(const struct settings *settings, struct metrics *metrics)
{
	struct desk *desk = desk_new((struct desk_limits){(size_t)settings->desk_questions, QUESTIONS_OF_A_WORKSPACE});
	struct bell *bell = bell_new();
	enum status status = desk == NULL || bell == NULL ? STATUS_NO_MEMORY : run(settings, metrics, desk, bell);

	bell_free(bell);
	desk_free(desk);
	return status == STATUS_OK ? EXIT_DONE : command_failed("serving", status);
}

enum exit_code command_serve(const struct invocation *invocation)
{
	struct metrics *metrics;
	enum exit_code code;

	if (invocation->settings.migrate) {
		enum status status = migrate_run(invocation->settings.database_url, stderr);

		if (status != STATUS_OK)
			return command_failed("bringing the schema up to date", status);
	}
	metrics = metrics_new();
	if (metrics == NULL)
		return command_failed("serving", STATUS_NO_MEMORY);
	code = serve(&invocation->settings, metrics);
	metrics_free(metrics);
	return code;
}

enum exit_code command_routes(const struct invocation *invocation)
{
	(void)invocation;
	server_routes_print(stdout);
	return EXIT_DONE;
}
