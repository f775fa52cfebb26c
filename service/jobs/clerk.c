/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that answers the desk's questions, one after another, on a connection of its own. How each topic is answered is elsewhere. */
#include "clerk.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <sweetspot/clock.h>
#include <sweetspot/jobs.h>
#include <sweetspot/log.h>
#include <sweetspot/topics.h>

#define ARENA_BLOCK_BYTES (256 * 1024)
#define STOP_MS 2000  /* for the question under way; then its connection is cut */

struct clerk {
	const struct settings *settings;
	struct metrics *metrics;
	struct desk *desk;
	pthread_t thread;
	pthread_mutex_t session_lock;  /* of session_socket: the thread opens and closes it, whoever stops the thread cuts it */
	int session_socket;            /* -1: none */
	struct job job;                /* the thread's */
};

/* topic, how it is answered */
static clerk_answer *const answers[TOPIC_COUNT] = {
	[TOPIC_SIMULATION] = jobs_simulate,
	[TOPIC_SIZES] = jobs_answer_sizes,
};

/* ---- The session ---- */

static void show_session(struct clerk *clerk, int socket)
{
	pthread_mutex_lock(&clerk->session_lock);
	clerk->session_socket = socket;
	pthread_mutex_unlock(&clerk->session_lock);
}

static void session_drop(struct clerk *clerk)
{
	show_session(clerk, -1);
	session_close(clerk->job.session);
	clerk->job.session = NULL;
}

static enum status session_have(struct clerk *clerk)
{
	if (clerk->job.session != NULL)
		return STATUS_OK;
	clerk->job.session = session_open(clerk->settings->database_url, clerk->settings->desk_ms, NULL);
	if (clerk->job.session == NULL)
		return STATUS_UNAVAILABLE;
	show_session(clerk, PQsocket(session_connection(clerk->job.session)));
	return STATUS_OK;
}

/* ---- One question ---- */

static enum status answer_once(struct clerk *clerk, struct question *question)
{
	enum status status = session_have(clerk);

	if (status != STATUS_OK)
		return status;
	arena_reset(clerk->job.arena);
	status = answers[question->topic](&clerk->job, question, clerk->settings);
	arena_reset(clerk->job.arena);
	if (status == STATUS_UNAVAILABLE || PQstatus(session_connection(clerk->job.session)) != CONNECTION_OK)
		session_drop(clerk);
	return status;
}

/** Nothing is written, so what an old connection was lost with is simply asked again. */
static void answer(struct clerk *clerk, struct question *question)
{
	int64_t started_us = clock_ticks_us();
	bool was_open = clerk->job.session != NULL;

	clerk->job.workspace = question->workspace;
	clerk->job.question = question;
	question->status = answer_once(clerk, question);
	if (question->status == STATUS_UNAVAILABLE && was_open && !question_is_over(question))
		question->status = answer_once(clerk, question);
	if (question->status == STATUS_UNAVAILABLE && clock_ticks_us() >= question->deadline_us)
		question->status = STATUS_DEADLINE;
	metrics_observe(clerk->metrics, METRIC_QUESTION_SECONDS, clock_ticks_us() - started_us);
	log_event(LOG_INFO, "question", "workspace=%" PRId64 " topic=%d status=%s ms=%" PRId64, question->workspace, question->topic,
	          status_describe(question->status)->slug, (clock_ticks_us() - started_us) / 1000);
}

static void *run_thread(void *argument)
{
	struct clerk *clerk = argument;
	struct question *question;

	while ((question = desk_take(clerk->desk)) != NULL) {
		answer(clerk, question);
		desk_put(question);
	}
	session_drop(clerk);
	return NULL;
}

/* ---- Life ---- */

/** Signals are for the thread that serves. */
static enum status start_thread(struct clerk *clerk)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&clerk->thread, NULL, run_thread, clerk);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed == 0 ? STATUS_OK : STATUS_UNAVAILABLE;
}

static void clerk_free(struct clerk *clerk)
{
	arena_free(clerk->job.arena);
	pthread_mutex_destroy(&clerk->session_lock);
	free(clerk);
}

enum status clerk_start(const struct settings *settings, struct metrics *metrics, struct desk *desk, struct clerk **out)
{
	struct clerk *clerk = calloc(1, sizeof(*clerk));
	enum status status = STATUS_NO_MEMORY;

	if (clerk == NULL)
		return STATUS_NO_MEMORY;
	*clerk = (struct clerk){.settings = settings, .metrics = metrics, .desk = desk, .session_socket = -1};
	pthread_mutex_init(&clerk->session_lock, NULL);
	clerk->job.arena = arena_new(ARENA_BLOCK_BYTES);
	if (clerk->job.arena != NULL)
		status = start_thread(clerk);
	if (status == STATUS_OK)
		*out = clerk;
	else
		clerk_free(clerk);
	return status;
}

static bool ends_within(pthread_t thread, int64_t ms)
{
	const struct timespec until = clock_timespec(clock_now_us() + ms * 1000);

	return pthread_timedjoin_np(thread, NULL, &until) == 0;
}

/** A database that does not answer would keep the thread for ever. */
static void cut_session(struct clerk *clerk)
{
	pthread_mutex_lock(&clerk->session_lock);
	if (clerk->session_socket >= 0)
		shutdown(clerk->session_socket, SHUT_RDWR);
	pthread_mutex_unlock(&clerk->session_lock);
}

void clerk_stop(struct clerk *clerk)
{
	if (clerk == NULL)
		return;
	desk_close(clerk->desk);
	if (!ends_within(clerk->thread, STOP_MS)) {
		cut_session(clerk);
		pthread_join(clerk->thread, NULL);
	}
	clerk_free(clerk);
}
