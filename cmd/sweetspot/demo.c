/* SPDX-License-Identifier: Apache-2.0 */
/* sweetspot demo: writes a made-up book through the same write lane as HTTP, then has it reviewed. What is in the book is demo_book.c's. */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/clock.h>
#include <sweetspot/jobs.h>
#include <sweetspot/number.h>
#include <sweetspot/store.h>

#include "demo_book.h"

#define WRITES_A_JOB 500
#define ARENA_BLOCK_BYTES (256 * 1024)
#define RECORD_BYTES 400          /* rough size, for the batch's bound */
#define JOB_US INT64_C(60000000)
#define READY_US INT64_C(30000000)
#define TURN_US 100000
#define MOST_ACCOUNTS 1000000

/** Gathers records and writes them, one job at a time, in a loop of its own. */
struct writer {
	struct loop *loop;
	struct store *store;
	struct metrics *metrics;
	struct arena *arena;           /* of the job being gathered or written */
	struct write *writes;          /* WRITES_A_JOB of them, in the arena */
	struct write spare;            /* taken when there is no memory for others */
	size_t count;
	int64_t workspace;
	int64_t written;
	bool is_done;
	enum status status;            /* first failure; nothing is written after it */
};

/* ---- Writing ---- */

static void on_done(struct write_job *job)
{
	*(bool *)job->owner = true;
}

static void turn(struct writer *writer)
{
	store_flush(writer->store);
	if (loop_turn(writer->loop, TURN_US) < 0)
		writer->status = STATUS_INTERNAL;
}

static void complain(const struct write *write)
{
	const struct problem *problem = write->problems.first;

	fprintf(stderr, "sweetspot: %s %.*s: %s %.*s %.*s\n", record_shape(write->kind)->noun, TEXT_ARGS(write->record.id),
	        status_describe(write->status)->title, TEXT_ARGS(problem == NULL ? TEXT("") : problem->pointer),
	        TEXT_ARGS(problem == NULL ? TEXT("") : problem->detail));
}

static enum status judge(const struct write_job *job)
{
	if (job->status != STATUS_OK)
		return job->status;
	for (size_t i = 0; i < job->count; i++)
		if (job->writes[i].status != STATUS_OK) {
			complain(&job->writes[i]);
			return job->writes[i].status;
		}
	return STATUS_OK;
}

static void flush(struct writer *writer)
{
	struct write_job job = {
		.workspace = writer->workspace,
		.writes = writer->writes,
		.count = writer->count,
		.bytes = writer->count * RECORD_BYTES,
		.cause = CAUSE_IMPORT,
		.actor = TEXT("demo"),
		.arena = writer->arena,
		.deadline_us = clock_ticks_us() + JOB_US,
		.on_done = on_done,
		.owner = &writer->is_done,
	};

	if (writer->count > 0 && writer->status == STATUS_OK) {
		writer->is_done = false;
		store_write(writer->store, &job);
		while (!writer->is_done)
			turn(writer);
		if (writer->status == STATUS_OK)
			writer->status = judge(&job);
		writer->written += (int64_t)writer->count;
	}
	writer->count = 0;
	writer->writes = NULL;
	arena_reset(writer->arena);
}

/* ---- The sink ---- */

static struct record *next(void *owner, enum record_kind kind, bool as_account, struct text id)
{
	struct writer *writer = owner;

	/* Flushing resets the arena that the id lives in. */
	char kept[128];
	size_t length = id.length < sizeof(kept) ? id.length : sizeof(kept);
	struct write *write = &writer->spare;

	memcpy(kept, id.bytes == NULL ? "" : id.bytes, id.bytes == NULL ? 0 : length);
	if (writer->count == WRITES_A_JOB)
		flush(writer);
	if (writer->writes == NULL)
		writer->writes = arena_array(writer->arena, WRITES_A_JOB, sizeof(*writer->writes));
	if (writer->writes != NULL)
		write = &writer->writes[writer->count++];
	else
		writer->status = STATUS_NO_MEMORY;
	*write = (struct write){.kind = kind, .verb = WRITE_PUT, .as_account = as_account, .problems = problems_in(writer->arena)};
	write->record.kind = kind;
	write->record.source_at_us = INSTANT_NONE;
	write->record.id = text_copy(writer->arena, (struct text){kept, length});
	return &write->record;
}

static struct arena *texts(void *owner)
{
	return ((struct writer *)owner)->arena;
}

static enum status writer_open(struct writer *writer, const struct settings *settings)
{
	int64_t until_us = clock_ticks_us() + READY_US;
	enum status status;

	writer->loop = loop_new();
	writer->metrics = metrics_new();
	writer->arena = arena_new(ARENA_BLOCK_BYTES);
	if (writer->loop == NULL || writer->metrics == NULL || writer->arena == NULL)
		return STATUS_NO_MEMORY;
	status = store_new(writer->loop, settings, writer->metrics, &writer->store);
	while (status == STATUS_OK && !store_is_ready(writer->store) && clock_ticks_us() < until_us)
		turn(writer);
	if (status == STATUS_OK && !store_is_ready(writer->store))
		return STATUS_UNAVAILABLE;
	return status;
}

static void writer_close(struct writer *writer)
{
	if (writer->store != NULL)
		store_free(writer->store);
	if (writer->loop != NULL)
		loop_free(writer->loop);
	arena_free(writer->arena);
	metrics_free(writer->metrics);
}

/* ---- The book and its review ---- */

/** The book's day, and how its money is counted. */
static enum status read_book(struct session *session, int64_t workspace, struct arena *arena, struct demo_plan *plan)
{
	struct params params = params_in(arena);
	PGresult *rows;
	enum status status;

	params_int8(&params, workspace);
	status = session_run(session, STATEMENT_READ_IN_FORCE, &params, &rows);
	if (status != STATUS_OK)
		return status;
	plan->day = row_day((struct row){rows, 0}, 0);
	params_int4(&params, (int32_t)row_int((struct row){rows, 0}, 1));
	PQclear(rows);
	status = session_run(session, STATEMENT_READ_POLICY, &params, &rows);
	if (status != STATUS_OK)
		return status;
	plan->minor_units = 1;
	for (int64_t digits = row_int((struct row){rows, 0}, 1); digits > 0; digits--)
		plan->minor_units *= 10;
	PQclear(rows);
	return STATUS_OK;
}

static enum status write_book(const struct settings *settings, int64_t workspace, const struct demo_plan *plan)
{
	struct writer writer = {.workspace = workspace};
	const struct demo_sink sink = {&writer, next, texts};
	enum status status = writer_open(&writer, settings);

	if (status == STATUS_OK)
		status = demo_book_make(plan, &sink);
	if (status == STATUS_OK) {
		flush(&writer);
		status = writer.status;
	}
	if (status == STATUS_OK)
		fprintf(stderr, "%" PRId64 " records written\n", writer.written);
	writer_close(&writer);
	return status;
}

/** As the service would ten seconds later, so that there are tiers to look at once this returns. */
static enum status review_book(const struct settings *settings, struct session *session, int64_t workspace, struct arena *arena)
{
	struct params params = params_in(arena);
	struct metrics *metrics = metrics_new();
	enum status status;

	if (metrics == NULL)
		return STATUS_NO_MEMORY;
	params_int8(&params, 0);
	status = session_run(session, STATEMENT_OPEN_DUE_REVIEWS, &params, NULL);
	if (status == STATUS_OK)
		status = jobs_run_due(settings, metrics, workspace);
	metrics_free(metrics);
	return status;
}

static enum status make(const struct settings *settings, struct session *session, int64_t workspace, struct demo_plan *plan)
{
	struct arena *arena = arena_new(ARENA_BLOCK_BYTES);
	enum status status = arena == NULL ? STATUS_NO_MEMORY : read_book(session, workspace, arena, plan);

	if (status == STATUS_OK)
		status = write_book(settings, workspace, plan);
	if (status == STATUS_OK)
		status = review_book(settings, session, workspace, arena);
	arena_free(arena);
	return status;
}

static bool read_number(const char *text, int64_t least, int64_t most, int64_t *out)
{
	return number_parse(text_of(text), 0, out) == NUMBER_OK && *out >= least && *out <= most;
}

enum exit_code command_demo(const struct invocation *invocation)
{
	struct demo_plan plan = {0};
	struct session *session;
	int64_t workspace, seed;
	enum status status;

	if (!read_number(invocation->options[1], 1, MOST_ACCOUNTS, &plan.accounts) ||
	    !read_number(invocation->options[2], 0, EXACT_MAX, &seed)) {
		fputs("sweetspot: --accounts is 1 to 1000000, --seed a whole number from 0\n", stderr);
		return EXIT_USAGE;
	}
	plan.seed = (uint64_t)seed;
	session = command_session(&invocation->settings);
	if (session == NULL)
		return EXIT_FAILED;
	if (!command_workspace(session, invocation->options[0], &workspace)) {
		session_close(session);
		return EXIT_FAILED;
	}
	status = make(&invocation->settings, session, workspace, &plan);
	session_close(session);
	return status == STATUS_OK ? EXIT_DONE : command_failed("making the demo book", status);
}
