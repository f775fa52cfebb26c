/* SPDX-License-Identifier: Apache-2.0 */
/* sweetspot review: asks for a review as POST /v1/reviews does, makes it here unless an instance is at it, and waits. */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include <sweetspot/clock.h>
#include <sweetspot/jobs.h>

#define ARENA_BYTES 4096
#define LOOK_MS 200
#define PATIENCE_US INT64_C(3600000000)

/** What waiting for a review needs. */
struct wait {
	const struct settings *settings;
	struct session *session;
	struct metrics *metrics;
	struct arena *arena;
	int64_t workspace;
	int32_t number;
};

/** Another request may take the same number at the same moment: then there is no row, and the next is asked for. */
static enum status ask(struct wait *wait)
{
	wait->number = 0;
	while (wait->number == 0) {
		struct params params = params_in(wait->arena);
		PGresult *rows;
		enum status status;

		params_int8(&params, wait->workspace);
		params_bool(&params, false);
		params_null(&params);
		params_text(&params, TEXT("command line"));
		status = session_run(wait->session, STATEMENT_OPEN_REVIEW, &params, &rows);
		if (status != STATUS_OK)
			return status;
		if (PQntuples(rows) > 0)
			wait->number = (int32_t)row_int((struct row){rows, 0}, 0);
		PQclear(rows);
		arena_reset(wait->arena);
	}
	return STATUS_OK;
}

/** @return STATUS_OK with *is_done; STATUS_INTERNAL for a review that failed, after saying why */
static enum status look(struct wait *wait, bool *is_done)
{
	struct params params = params_in(wait->arena);
	PGresult *rows;
	enum status status;
	bool has_failed;

	params_int8(&params, wait->workspace);
	params_int4(&params, wait->number);
	status = session_run(wait->session, STATEMENT_READ_REVIEW_STATE, &params, &rows);
	if (status != STATUS_OK)
		return status;
	*is_done = text_equal(row_text((struct row){rows, 0}, 0), TEXT("done"));
	has_failed = text_equal(row_text((struct row){rows, 0}, 0), TEXT("failed"));
	if (has_failed)
		fprintf(stderr, "sweetspot: review %" PRId32 ": %.*s\n", wait->number, TEXT_ARGS(row_text((struct row){rows, 0}, 1)));
	PQclear(rows);
	arena_reset(wait->arena);
	return has_failed ? STATUS_INTERNAL : STATUS_OK;
}

static enum status wait_for(struct wait *wait)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	int64_t until_us = clock_ticks_us() + PATIENCE_US;
	bool is_done = false;
	enum status status = ask(wait);

	while (status == STATUS_OK && !is_done) {
		status = jobs_run_due(wait->settings, wait->metrics, wait->workspace);
		if (status == STATUS_OK)
			status = look(wait, &is_done);
		if (status == STATUS_OK && !is_done && clock_ticks_us() > until_us)
			status = STATUS_DEADLINE;
		if (status == STATUS_OK && !is_done)
			nanosleep(&pause, NULL);
	}
	return status;
}

enum exit_code command_review(const struct invocation *invocation)
{
	struct wait wait = {.settings = &invocation->settings, .session = command_session(&invocation->settings)};
	enum exit_code code = EXIT_FAILED;

	if (wait.session == NULL)
		return EXIT_FAILED;
	wait.metrics = metrics_new();
	wait.arena = arena_new(ARENA_BYTES);
	if (wait.metrics == NULL || wait.arena == NULL) {
		command_failed("reviewing", STATUS_NO_MEMORY);
	} else if (command_workspace(wait.session, invocation->options[0], &wait.workspace)) {
		enum status status = wait_for(&wait);

		if (status == STATUS_OK)
			printf("%" PRId32 "\n", wait.number);
		code = status == STATUS_OK ? EXIT_DONE : command_failed("reviewing", status);
	}
	arena_free(wait.arena);
	metrics_free(wait.metrics);
	session_close(wait.session);
	return code;
}
