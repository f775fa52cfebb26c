/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what is due and has it done, by a few threads or for the command line. The jobs are elsewhere. */
#include <sweetspot/jobs.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>

#include "review.h"

#define ARENA_BLOCK_BYTES (256 * 1024)
#define STATEMENT_MS 600000        /* a whole book may be read in one */
#define STOP_MS INT64_C(2000)               /* for what is under way; then its connection is cut */
#define AFTER_FAILURE_MS 1000
#define OPEN_EVERY_US 1000000
#define FORGET_EVERY_US 60000000
#define MOST_JOBS_IN_A_ROW 16      /* of one workspace, before the others have their turn */

/** Sessions and what goes with them. */
struct runner {
	const struct settings *settings;
	struct metrics *metrics;
	struct job job, mate;
	struct outage outage;          /* what was logged of the database being away */
	bool keeps_house;              /* opens reviews and forgets answers, for all */
	int64_t opened_us, forgot_us;  /* when last looked for reviews to open, answers to forget */
};

/** A thread that goes from workspace to workspace; the lock of each keeps two from the same one. */
struct helper {
	struct jobs *jobs;
	struct runner runner;
	pthread_t thread;
	int sockets[2];                /* under jobs->lock: the thread opens and closes them, whoever stops the thread cuts them; -1: none */
};

struct jobs {
	atomic_bool stopping;
	pthread_mutex_t lock;
	struct bell *bell;             /* wakes those that pause */
	size_t helper_count;           /* of those whose thread runs */
	struct helper helpers[];
};

/** What is due in a workspace. */
struct due {
	int64_t workspace;
	int32_t policy, day, review;   /* review 0: none waits */
	bool policy_changes, day_changes;
};

/* ---- A session ---- */

static int socket_of(const struct job *job)
{
	return job->session == NULL ? -1 : PQsocket(session_connection(job->session));
}

/** Sessions are known to whoever may have to cut them before they are used. */
static void show_sessions(struct helper *helper)
{
	pthread_mutex_lock(&helper->jobs->lock);
	helper->sockets[0] = socket_of(&helper->runner.job);
	helper->sockets[1] = socket_of(&helper->runner.mate);
	pthread_mutex_unlock(&helper->jobs->lock);
}

/** And no longer once they are about to be closed. */
static void hide_sessions(struct helper *helper)
{
	pthread_mutex_lock(&helper->jobs->lock);
	helper->sockets[0] = helper->sockets[1] = -1;
	pthread_mutex_unlock(&helper->jobs->lock);
}

static enum status job_open(struct job *job, struct runner *runner, const atomic_bool *stopping)
{
	*job = (struct job){
		.arena = arena_new(ARENA_BLOCK_BYTES),
		.session = session_open(runner->settings->database_url, STATEMENT_MS, &runner->outage),
		.stopping = stopping,
		.settle_rows = runner->settings->settle_rows,
	};
	if (job->arena == NULL)
		return STATUS_NO_MEMORY;
	return job->session == NULL ? STATUS_UNAVAILABLE : STATUS_OK;
}

static void job_close(struct job *job)
{
	session_close(job->session);
	arena_free(job->arena);
	*job = (struct job){0};
}

static void runner_close(struct runner *runner)
{
	job_close(&runner->job);
	job_close(&runner->mate);
}

static enum status runner_open(struct runner *runner, const atomic_bool *stopping)
{
	enum status status = job_open(&runner->job, runner, stopping);

	if (status == STATUS_OK)
		status = job_open(&runner->mate, runner, stopping);
	runner->job.mate = &runner->mate;
	return status;
}

/* ---- One workspace ---- */

static void read_due(struct row row, struct due *out)
{
	out->workspace = row_int(row, 0);
	out->policy = (int32_t)row_int(row, 1);
	out->day = row_day(row, 2);
	out->policy_changes = row_bool(row, 3);
	out->day_changes = row_bool(row, 4);
	out->review = (int32_t)row_int(row, 5);
}

static enum status find_due(struct job *job, struct due *due, bool *is_any)
{
	struct params params;
	const PGresult *rows;
	enum status status;

	arena_reset(job->arena);
	params = jobs_params(job);
	status = jobs_rows(job, STATEMENT_FIND_DUE_JOBS, &params, &rows);
	*is_any = status == STATUS_OK && PQntuples(rows) > 0;
	if (*is_any)
		read_due((struct row){rows, 0}, due);
	return status;
}

static enum status do_due(struct runner *runner, const struct due *due)
{
	struct job *job = &runner->job;
	struct flip abandoned = {.job = job};

	if (due->policy_changes || due->day_changes)
		return jobs_advance(job, due->policy, due->day, due->policy_changes, runner->metrics);
	if (due->review != 0)
		return jobs_review_make(job, due->review, runner->metrics);
	return jobs_flip_abandon(&abandoned);
}

/** Under the workspace's job lock, so that what is found due cannot be done by somebody else meanwhile. */
static enum status do_all_due(struct runner *runner)
{
	enum status status = STATUS_OK;
	bool is_any = true;

	for (int i = 0; i < MOST_JOBS_IN_A_ROW && status == STATUS_OK && is_any && !jobs_is_stopping(&runner->job); i++) {
		struct due due;

		status = find_due(&runner->job, &due, &is_any);
		if (status == STATUS_OK && is_any)
			status = do_due(runner, &due);
	}
	return status;
}

static enum status run_workspace(struct runner *runner, int64_t workspace)
{
	struct job *job = &runner->job;
	struct params params;
	const PGresult *rows;
	enum status unlocked, status;

	job->workspace = workspace;
	arena_reset(job->arena);
	params = jobs_params(job);
	status = jobs_rows(job, STATEMENT_TRY_JOB_LOCK, &params, &rows);
	if (status != STATUS_OK || !row_bool((struct row){rows, 0}, 0))
		return status;
	status = do_all_due(runner);
	arena_reset(job->arena);
	params = jobs_params(job);
	unlocked = jobs_run(job, STATEMENT_RELEASE_JOB_LOCK, &params);
	return status == STATUS_OK ? unlocked : status;
}

enum status jobs_run_due(const struct settings *settings, struct metrics *metrics, int64_t workspace)
{
	struct runner runner = {.settings = settings, .metrics = metrics};
	enum status status = runner_open(&runner, NULL);

	if (status == STATUS_OK)
		status = run_workspace(&runner, workspace);
	runner_close(&runner);
	return status;
}

/* ---- All workspaces ---- */

static bool is_time(int64_t *last_us, int64_t every_us)
{
	int64_t now_us = clock_ticks_us();

	if (*last_us != 0 && now_us - *last_us < every_us)
		return false;
	*last_us = now_us;
	return true;
}

static enum status open_reviews(struct runner *runner)
{
	struct params params = params_in(runner->job.arena);

	params_int8(&params, runner->settings->provisional_ms);
	return jobs_run(&runner->job, STATEMENT_OPEN_DUE_REVIEWS, &params);
}

static enum status forget_answers(struct runner *runner)
{
	const PGresult *rows;
	enum status status;

	do {
		arena_reset(runner->job.arena);
		status = jobs_rows(&runner->job, STATEMENT_DELETE_EXPIRED_IDEMPOTENCY, NULL, &rows);
	} while (status == STATUS_OK && PQntuples(rows) > 0 && !jobs_is_stopping(&runner->job));
	return status;
}

/** Workspaces with something due, on the heap: the arena does not outlive the first job. */
static enum status find_workspaces(struct runner *runner, int64_t **out, size_t *count)
{
	struct params params = params_in(runner->job.arena);
	const PGresult *rows;
	enum status status;

	params_null(&params);
	status = jobs_rows(&runner->job, STATEMENT_FIND_DUE_JOBS, &params, &rows);
	if (status != STATUS_OK)
		return status;
	*count = (size_t)PQntuples(rows);
	*out = calloc(*count + 1, sizeof(**out));
	if (*out == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < *count; i++)
		(*out)[i] = row_int((struct row){rows, (int)i}, 0);
	return STATUS_OK;
}

/** A workspace whose job fails does not keep the others from theirs; a lost connection does. */
static enum status run_workspaces(struct runner *runner, const int64_t *workspaces, size_t count)
{
	enum status failure = STATUS_OK;

	for (size_t i = 0; i < count && failure != STATUS_UNAVAILABLE && !jobs_is_stopping(&runner->job); i++) {
		enum status status = run_workspace(runner, workspaces[i]);

		if (status != STATUS_OK)
			failure = status;
	}
	return failure;
}

static enum status look(struct runner *runner)
{
	int64_t *workspaces = NULL;
	size_t count = 0;
	enum status status = STATUS_OK;

	arena_reset(runner->job.arena);
	if (runner->keeps_house && is_time(&runner->opened_us, OPEN_EVERY_US))
		status = open_reviews(runner);
	if (status == STATUS_OK && runner->keeps_house && is_time(&runner->forgot_us, FORGET_EVERY_US))
		status = forget_answers(runner);
	if (status == STATUS_OK)
		status = find_workspaces(runner, &workspaces, &count);
	if (status == STATUS_OK)
		status = run_workspaces(runner, workspaces, count);
	free(workspaces);
	return status;
}

/* ---- The threads ---- */

static void *run_thread(void *argument)
{
	struct helper *helper = argument;
	struct runner *runner = &helper->runner;
	struct jobs *jobs = helper->jobs;

	while (!atomic_load(&jobs->stopping)) {
		uint64_t heard = bell_count(jobs->bell);
		enum status status = STATUS_OK;

		if (runner->job.session == NULL) {
			status = runner_open(runner, &jobs->stopping);
			show_sessions(helper);
		}
		if (status == STATUS_OK)
			status = look(runner);
		if (status == STATUS_UNAVAILABLE || status == STATUS_NO_MEMORY) {
			hide_sessions(helper);
			runner_close(runner);
		}
		if (!atomic_load(&jobs->stopping))
			bell_wait(jobs->bell, heard, status == STATUS_OK ? runner->settings->look_ms : AFTER_FAILURE_MS);
	}
	hide_sessions(helper);
	runner_close(runner);
	return NULL;
}

/** Signals are for the thread that serves. */
static enum status start_threads(struct jobs *jobs, const struct settings *settings, struct metrics *metrics)
{
	size_t wanted = (size_t)settings->job_runners;

	sigset_t all, before;
	int failed = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; i < wanted && failed == 0; i++) {
		struct helper *helper = &jobs->helpers[i];

		helper->jobs = jobs;
		helper->runner = (struct runner){.settings = settings, .metrics = metrics, .keeps_house = i == 0};
		helper->sockets[0] = helper->sockets[1] = -1;
		failed = pthread_create(&helper->thread, NULL, run_thread, helper);
		jobs->helper_count += failed == 0;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed == 0 ? STATUS_OK : STATUS_UNAVAILABLE;
}

enum status jobs_start(const struct settings *settings, struct metrics *metrics, struct bell *bell, struct jobs **out)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs) + (size_t)settings->job_runners * sizeof(jobs->helpers[0]));
	enum status status;

	if (jobs == NULL)
		return STATUS_NO_MEMORY;
	jobs->bell = bell;
	pthread_mutex_init(&jobs->lock, NULL);
	status = start_threads(jobs, settings, metrics);
	if (status == STATUS_OK)
		*out = jobs;
	else
		jobs_stop(jobs);
	return status;
}

static bool ends_by(pthread_t thread, const struct timespec *until)
{
	return pthread_timedjoin_np(thread, NULL, until) == 0;
}

/** A database that does not answer would keep a thread for ever: its connections end, and what they had begun is rolled back. */
static void cut_sessions(struct helper *helper)
{
	pthread_mutex_lock(&helper->jobs->lock);
	for (size_t i = 0; i < 2; i++)
		if (helper->sockets[i] >= 0)
			shutdown(helper->sockets[i], SHUT_RDWR);
	pthread_mutex_unlock(&helper->jobs->lock);
}

void jobs_stop(struct jobs *jobs)
{
	struct timespec until;

	if (jobs == NULL)
		return;
	atomic_store(&jobs->stopping, true);
	bell_ring(jobs->bell);
	until = clock_timespec(clock_now_us() + STOP_MS * 1000);
	for (size_t i = 0; i < jobs->helper_count; i++) {
		struct helper *helper = &jobs->helpers[i];

		if (!ends_by(helper->thread, &until)) {
			cut_sessions(helper);
			pthread_join(helper->thread, NULL);
		}
	}
	pthread_mutex_destroy(&jobs->lock);
	free(jobs);
}
