/* SPDX-License-Identifier: Apache-2.0 */
/* The pipelined connection: connecting, sending, answering each entry once, dying, coming back. Reads and batches are unknown here. */
#include "link.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>

#include "link_judge.h"
#include "link_wire.h"
#include "lookup.h"
#include "values.h"

#define MS INT64_C(1000)
#define CONNECT_US (5000 * MS)     /* one attempt; libpq's connect_timeout does not work with PQconnectPoll */
#define LOOK_AGAIN_US (20 * MS)
#define IDLE_US (3600 * 1000 * MS) /* the timer is always set, so that moving it cannot fail */
#define SETUP_BYTES 1024

enum state {
	WAITING,    /* no connection; the timer says when to try */
	CONNECTING, /* PQconnectPoll is going on, or, without a connection, the lookup of its hosts; the timer ends it */
	UP,         /* the timer looks again for input an encrypted connection may hold back */
	BROKEN,     /* found out inside a call of an owner; the timer, due at once, does the rest */
};

struct link {
	struct loop *loop;
	struct link_options options;
	enum state state;
	PGconn *connection;               /* NULL while WAITING */
	struct lookup *lookup;            /* NULL: its hosts need none */
	struct watch watch;
	struct timer timer;
	struct link_entry *first, *last;  /* sent and not answered, in order */
	size_t in_flight;
	PGresult *result;                 /* of the first entry, until the NULL behind it */
	enum status since_sync;           /* first failure since the last Sync */
	bool may_be_failed;               /* the last Sync left a failed transaction behind, if it was in one: only ROLLBACK may follow */
	int failed_attempts;
	int64_t down_us;                  /* since when no connection has stood; 0: one stands, and has answered */
	bool was_up;
	struct arena *setup_arena;
	struct link_entry setup, setup_sync;
	uint8_t prepared[STATEMENT_COUNT]; /* enum link_preparation */
	struct link_entry replan;
	bool is_replanning;               /* replan is on its way */
	struct link_plans plans;
};

static void move_timer(struct link *link, int64_t delay_us)
{
	enum status status = loop_timer_set(link->loop, &link->timer, clock_ticks_us() + delay_us);

	/* Its place in the heap is the one it had: only the first setting, in link_new, can fail. */
	assert(status == STATUS_OK);
	(void)status;
}

static void answer(struct link_entry *entry, enum status status, bool aborted, PGresult *result)
{
	entry->aborted = aborted;
	entry->on_answer(entry, status, result);
}

/** Log the first failure of a series; the next line is when it stands again. */
static void log_failure(struct link *link)
{
	char reason[LOG_VALUE_BYTES];
	const char *why = link->lookup != NULL ? lookup_failure(link->lookup) : "";

	if (link->connection != NULL)
		why = PQerrorMessage(link->connection);
	/* The message of an end that came as an answer went with the answer. */
	if (why[0] == '\0')
		why = "the connection was closed";
	if (link->state != UP && link->failed_attempts > 0)
		return;
	log_event(LOG_WARN, link->state == CONNECTING ? "database_unreachable" : "database_link_lost", "link=\"%s\" unanswered=%zu reason=%s",
		  link->options.name, link->in_flight, log_value(reason, text_trim(text_of(why))));
}

/** Close the connection and answer whatever is outstanding. The state is one that takes no queries meanwhile. */
static void hang_up(struct link *link)
{
	struct link_entry *entry = link->first;

	loop_unwatch(link->loop, &link->watch);
	PQfinish(link->connection);
	link->connection = NULL;
	link->state = WAITING;
	PQclear(link->result);
	link->result = NULL;
	link->first = link->last = NULL;
	link->in_flight = 0;
	link->is_replanning = false;
#ifndef WITHOUT_PREPARING_AGAIN
	memset(link->prepared, LINK_UNPREPARED, sizeof(link->prepared));
#endif
	while (entry != NULL) {
		struct link_entry *next = entry->next;

		answer(entry, STATUS_UNAVAILABLE, false, NULL);
		entry = next;
	}
}

/** The connection is lost, or could not be had: answer all, try again later. */
static void go_down(struct link *link)
{
	bool was_up = link->state == UP || link->state == BROKEN;

	if (link->down_us == 0)
		link->down_us = clock_ticks_us();
	log_failure(link);
	link->failed_attempts++;
	move_timer(link, link_backoff_us(link->failed_attempts));
	hang_up(link);
	if (was_up && link->options.on_down != NULL)
		link->options.on_down(link);
}

/** As go_down, from inside a call in which no callback may be made. */
static void break_later(struct link *link)
{
	link->state = BROKEN;
	move_timer(link, 0);
}

/* ---- Answers ---- */

/** Whether the answer is about this connection rather than the query, which is then sent again. */
static bool is_about_preparing(struct link *link, const struct link_entry *entry, const PGresult *result)
{
	enum link_fault fault = link_judge_fault(result, &link->prepared[entry->statement]);

	if (fault == LINK_FAULT_SESSION)
		break_later(link);
	return fault != LINK_FAULT_QUERY;
}

/** The first entry's Parse has been answered, its query comes next. A failure is kept: it says more than the query's "aborted". */
static void finish_parse(struct link *link)
{
	struct link_entry *entry = link->first;
	bool succeeded = is_success(link->result);

	entry->prepares = false;
	link->prepared[entry->statement] = succeeded ? LINK_PREPARED : LINK_UNPREPARED;
	if (!succeeded)
		return;
	PQclear(link->result);
	link->result = NULL;
}

static void pop(struct link *link)
{
	link->first = link->first->next;
	if (link->first == NULL)
		link->last = NULL;
	link->in_flight--;
}

/** The first entry, a query, is complete. */
static void finish_query(struct link *link)
{
	struct link_entry *entry = link->first;
	PGresult *result = link->result;
	bool aborted = PQresultStatus(result) == PGRES_PIPELINE_ABORTED;
	enum status status = STATUS_OK;

	link->result = NULL;
	pop(link);
	if (link_is_last_word(result))
		break_later(link);
	if (!is_success(result)) {
		aborted = aborted || is_about_preparing(link, entry, result);
		status = aborted ? STATUS_RETRY : database_status(result);
		if (link->since_sync == STATUS_OK)
			link->since_sync = status;
	}
	if (aborted) {
		PQclear(result);
		result = NULL;
	}
	answer(entry, status, aborted, result);
}

static void finish_sync(struct link *link)
{
	struct link_entry *entry = link->first;
	enum status status = link->since_sync;

	link->since_sync = STATUS_OK;
	link->may_be_failed = status != STATUS_OK;
	pop(link);
	answer(entry, status, false, NULL);
}

static void finish_stage(struct link *link)
{
	if (link->result == NULL)
		break_later(link); /* libpq and we no longer mean the same statement */
	else if (link->first->prepares)
		finish_parse(link);
	else
		finish_query(link);
}

/** Take one PQgetResult while the first entry is a Sync: one result without NULL, perhaps behind the failure of its commit. */
static void take_sync(struct link *link, PGresult *result)
{
	bool is_done = PQresultStatus(result) == PGRES_PIPELINE_SYNC;

#ifndef WITHOUT_COMMIT_CHECK
	if (result != NULL && !is_done && link->since_sync == STATUS_OK)
		link->since_sync = link_judge_commit(link->options.name, result);
#endif
	if (link_is_last_word(result))
		break_later(link);
	PQclear(result);
	if (is_done)
		finish_sync(link);
}

/** Take one PQgetResult while the first entry is a query: its Parse, if any, and itself are a result and a NULL each. */
static void take_query(struct link *link, PGresult *result)
{
	if (result == NULL) {
		finish_stage(link);
	} else if (link->result == NULL) {
		link->result = result;
	} else {
		PQclear(result);
	}
}

/** Take all that has arrived whole. PQgetResult would wait while PQisBusy, and give NULL for ever once nothing is outstanding. */
static void drain(struct link *link)
{
	while (link->state == UP && link->first != NULL && link_wire_has_answer(link->connection)) {
		PGresult *result = PQgetResult(link->connection);

		if (PQstatus(link->connection) == CONNECTION_BAD && result == NULL)
			break_later(link);
		else if (link->first->is_sync)
			take_sync(link, result);
		else
			take_query(link, result);
	}
}

/* ---- The socket ---- */

/** Send what the socket takes, and wait for room when it does not take all. */
static void push(struct link *link)
{
	int rest = PQflush(link->connection);

	if (rest < 0)
		break_later(link);
	else
		loop_rewatch(link->loop, &link->watch, link_wire_events(rest));
}

/** TLS may keep input that no socket shows: as long as answers are outstanding, look again. */
static void look_again_later(struct link *link)
{
	move_timer(link, link_wire_is_encrypted(link->connection) && link->first != NULL ? LOOK_AGAIN_US : IDLE_US);
}

static void receive(struct link *link)
{
	if (PQconsumeInput(link->connection) == 0) {
		go_down(link);
		return;
	}
	/* Also with nothing outstanding: notices, and the last words of a server that goes. */
	(void)PQisBusy(link->connection);
	drain(link);
	if (link->state == UP)
		push(link);
	if (link->state == UP)
		look_again_later(link);
}

static void on_setup(struct link_entry *entry, enum status status, PGresult *result)
{
	struct link *link = entry->owner;

	PQclear(result);
	if (status != STATUS_OK && link->state == UP)
		break_later(link);
}

static void on_setup_sync(struct link_entry *entry, enum status status, PGresult *result)
{
	struct link *link = entry->owner;

	(void)result;
	if (status != STATUS_OK)
		return;
	link->failed_attempts = 0;
	link->down_us = 0;
}

/** The first statement on every connection. Whatever an owner sends next travels behind it, in a transaction of its own. */
static enum status send_setup(struct link *link)
{
	struct params params;
	const struct session_limits limits = {
		.statement_ms = link->options.statement_ms,
		.lock_ms = link->options.lock_ms,
		.idle_ms = link->options.idle_ms,
		.generic_plans = true,
	};
	enum status status;

	arena_reset(link->setup_arena);
	params = params_in(link->setup_arena);
	session_limits_bind(&params, &limits);
	link->setup = (struct link_entry){.on_answer = on_setup, .owner = link};
	link->setup_sync = (struct link_entry){.on_answer = on_setup_sync, .owner = link};
#ifdef WITHOUT_LIMITS
	return STATUS_OK;
#endif
	status = link_query(link, STATEMENT_SET_SESSION, &params, &link->setup);
	return status == STATUS_OK ? link_sync(link, &link->setup_sync) : status;
}

static void come_up(struct link *link)
{
	if (!link_wire_enter(link->connection) ||
	    loop_watch(link->loop, &link->watch, PQsocket(link->connection), EPOLLIN) != STATUS_OK) {
		go_down(link);
		return;
	}
	link->state = UP;
	link->since_sync = STATUS_OK;
	link->may_be_failed = false;
	link->plans.due_us = INT64_MAX;
	move_timer(link, IDLE_US);
	if (send_setup(link) != STATUS_OK) {
		break_later(link);
		return;
	}
	/* Of the first start there is nothing to tell. */
	log_event(link->was_up || link->failed_attempts > 0 ? LOG_INFO : LOG_DEBUG, "database_link_up", "link=\"%s\" attempts=%d",
	          link->options.name, link->failed_attempts + 1);
	if (link->was_up && link->options.metrics != NULL)
		metrics_add(link->options.metrics, METRIC_RECONNECTS, 1);
	link->was_up = true;
	if (link->options.on_up != NULL)
		link->options.on_up(link);
}

/** One step of connecting. The descriptor may be another one after it, and the old one closed: never watched across it. */
static void poll_connection(struct link *link)
{
	PostgresPollingStatusType next;

	loop_unwatch(link->loop, &link->watch);
	next = PQconnectPoll(link->connection);
	if (next == PGRES_POLLING_OK) {
		come_up(link);
		return;
	}
	if (next != PGRES_POLLING_FAILED &&
	    loop_watch(link->loop, &link->watch, PQsocket(link->connection), next == PGRES_POLLING_READING ? EPOLLIN : EPOLLOUT) == STATUS_OK)
		return;
	go_down(link);
}

static void on_ready(struct watch *watch, uint32_t events)
{
	struct link *link = watch->owner;

	(void)events; /* errors and hang-ups show as failures of reading */
	if (link->state == CONNECTING)
		poll_connection(link);
	else if (link->state == UP)
		receive(link);
}

static void start_connection(struct link *link)
{
	struct connect_words words = connect_words_of(link->options.url, link->options.name);

	if (link->lookup != NULL)
		lookup_apply(link->lookup, &words);
	link->connection = PQconnectStartParams(words.keywords, words.values, 1);
	if (link->connection != NULL)
		quiet_notices(link->connection);
	if (link->connection == NULL || PQstatus(link->connection) == CONNECTION_BAD ||
	    loop_watch(link->loop, &link->watch, PQsocket(link->connection), EPOLLOUT) != STATUS_OK)
		go_down(link);
}

static void on_looked_up(void *owner)
{
	struct link *link = owner;

	/* The attempt that asked may be over. */
	if (link->state != CONNECTING || link->connection != NULL)
		return;
	if (lookup_failure(link->lookup) == NULL)
		start_connection(link);
	else
		go_down(link);
}

static void start(struct link *link)
{
	link->state = CONNECTING;
	move_timer(link, CONNECT_US);
	if (link->lookup == NULL)
		start_connection(link);
	else if (lookup_start(link->lookup) != STATUS_OK)
		go_down(link);
}

static void on_due(struct timer *timer)
{
	struct link *link = timer->owner;

	move_timer(link, IDLE_US);
	switch (link->state) {
	case WAITING:
		start(link);
		break;
	case CONNECTING:
#ifdef WITHOUT_CONNECT_TIMER
		break;
#endif
	case BROKEN:
		go_down(link);
		break;
	case UP:
		receive(link);
		break;
	}
}

/* ---- What owners call ---- */

enum status link_new(struct loop *loop, const struct link_options *options, struct link **out)
{
	struct link *link = calloc(1, sizeof(*link));

	if (link == NULL)
		return STATUS_NO_MEMORY;
	link->loop = loop;
	link->options = *options;
	link->state = WAITING;
	link->down_us = clock_ticks_us();
	link->watch = (struct watch){.fd = -1, .on_ready = on_ready, .owner = link};
	link->timer = (struct timer){.on_due = on_due, .owner = link};
	link->setup_arena = arena_new(SETUP_BYTES);
	if (link->setup_arena == NULL || lookup_new(loop, options->url, on_looked_up, link, &link->lookup) != STATUS_OK ||
	    loop_timer_set(loop, &link->timer, clock_ticks_us()) != STATUS_OK) {
		lookup_free(link->lookup);
		arena_free(link->setup_arena);
		free(link);
		return STATUS_NO_MEMORY;
	}
	*out = link;
	return STATUS_OK;
}

void link_free(struct link *link)
{
	if (link == NULL)
		return;
	hang_up(link);
	loop_timer_clear(link->loop, &link->timer);
	lookup_free(link->lookup);
	arena_free(link->setup_arena);
	free(link);
}

void *link_owner(const struct link *link)
{
	return link->options.owner;
}

bool link_is_up(const struct link *link)
{
	return link->state == UP;
}

bool link_is_out_of_reach(const struct link *link)
{
	return link->state != UP && link->down_us != 0 && clock_ticks_us() - link->down_us >= LINK_PATIENCE_US;
}

size_t link_in_flight(const struct link *link)
{
	return link->in_flight;
}

static void append(struct link *link, struct link_entry *entry)
{
	entry->next = NULL;
	entry->aborted = false;
	if (link->last == NULL)
		link->first = entry;
	else
		link->last->next = entry;
	link->last = entry;
	link->in_flight++;
}

/* ---- Plans ---- */

static enum status send_query(struct link *link, enum statement statement, const struct params *params, struct link_entry *entry)
{
	bool prepares = link->prepared[statement] == LINK_UNPREPARED;

	if (!link_wire_send(link->connection, statement, params, prepares)) {
		break_later(link);
		return STATUS_UNAVAILABLE;
	}
	if (prepares) {
		link->prepared[statement] = LINK_PARSE_SENT;
		link_plans_restart(&link->plans, clock_ticks_us());
	}
	entry->statement = statement;
	entry->is_sync = false;
	entry->prepares = prepares;
	append(link, entry);
	return STATUS_OK;
}

static void on_replan(struct link_entry *entry, enum status status, PGresult *result)
{
	struct link *link = entry->owner;

	PQclear(result);
	link->is_replanning = false;
	if (status != STATUS_OK)
		link_plans_restart(&link->plans, clock_ticks_us());
}

/** It changes nothing but plans, so it may stand in front of any statement, in a transaction too, as long as that has not failed. */
static enum status replan_when_due(struct link *link)
{
	if (link->is_replanning || link->may_be_failed || !link_plans_are_old(&link->plans, clock_ticks_us()))
		return STATUS_OK;
	link->replan = (struct link_entry){.on_answer = on_replan, .owner = link};
	link->is_replanning = true;
	return send_query(link, STATEMENT_DISCARD_PLANS, NULL, &link->replan);
}

enum status link_query(struct link *link, enum statement statement, const struct params *params, struct link_entry *entry)
{
	enum status status;

	if (link->state != UP)
		return STATUS_UNAVAILABLE;
	if (params != NULL && params->failed)
		return STATUS_NO_MEMORY;
	status = replan_when_due(link);
	return status == STATUS_OK ? send_query(link, statement, params, entry) : status;
}

enum status link_sync(struct link *link, struct link_entry *entry)
{
	if (link->state != UP)
		return STATUS_UNAVAILABLE;
	if (PQpipelineSync(link->connection) == 0) {
		break_later(link);
		return STATUS_UNAVAILABLE;
	}
	entry->is_sync = true;
	entry->prepares = false;
	append(link, entry);
	push(link);
	return STATUS_OK;
}

void link_request_flush(struct link *link)
{
	if (link->state != UP)
		return;
	if (!link_wire_ask(link->connection))
		break_later(link);
	else
		push(link);
}

void link_reset(struct link *link)
{
	if (link->state == UP)
		break_later(link);
}
