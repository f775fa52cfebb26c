/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets of a read lane, who shares them, and their ends: answered, too late, or to be sent again. Nothing is sent here. */
#include "read_ticket.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>

#include "values.h"

#define ATTEMPTS_MOST 4
#define LOOKS_MOST 256          /* waiting tickets, the newest first, among which a read looks for one that asks the same */

/* ---- Tickets ---- */

void ticket_list_append(struct ticket_list *list, struct ticket *ticket)
{
	ticket->previous = list->last;
	ticket->next = NULL;
	if (list->last == NULL)
		list->first = ticket;
	else
		list->last->next = ticket;
	list->last = ticket;
}

void ticket_list_remove(struct ticket_list *list, struct ticket *ticket)
{
	if (ticket->previous == NULL)
		list->first = ticket->next;
	else
		ticket->previous->next = ticket->next;
	if (ticket->next == NULL)
		list->last = ticket->previous;
	else
		ticket->next->previous = ticket->previous;
}

struct ticket *ticket_get(struct read_lane *lane)
{
	struct ticket *ticket = lane->spare.first;

	if (ticket != NULL)
		ticket_list_remove(&lane->spare, ticket);
	else
		ticket = malloc(sizeof(*ticket));
	if (ticket != NULL)
		*ticket = (struct ticket){.lane = lane};
	return ticket;
}

void ticket_retire(struct ticket *ticket)
{
	ticket_list_remove(&ticket->lane->under_way, ticket);
	ticket_list_append(&ticket->lane->spare, ticket);
}

struct ticket *ticket_for(struct read_lane *lane, enum statement statement)
{
	struct ticket *ticket = ticket_get(lane);

	if (ticket == NULL)
		return NULL;
	ticket->statement = statement;
	ticket->has_effect = lane->has_effect[statement];
	ticket->is_alone = ticket->has_effect;
	return ticket;
}

/* ---- Reads that ask the same ---- */

static bool is_same_question(const struct read *a, const struct read *b)
{
	if (a->statement != b->statement || a->params.count != b->params.count)
		return false;
	for (int i = 0; i < a->params.count; i++) {
		const char *left = a->params.values[i], *right = b->params.values[i];

		if ((left == NULL) != (right == NULL))
			return false;
		if (left == NULL)
			continue;
		if (a->params.lengths[i] != b->params.lengths[i] || memcmp(left, right, (size_t)a->params.lengths[i]) != 0)
			return false;
	}
	return true;
}

static struct ticket *find_same(const struct ticket_list *list, const struct read *read, size_t looks)
{
	for (struct ticket *ticket = list->last; ticket != NULL && looks > 0; ticket = ticket->previous, looks--)
		if (ticket->reads != NULL && is_same_question(ticket->reads, read))
			return ticket;
	return NULL;
}

static void push_read(struct read **list, struct read *read)
{
	read->next = *list;
	*list = read;
}

bool ticket_join(struct read_lane *lane, struct read *read)
{
	struct ticket *ticket;

	if (lane->has_effect[read->statement] || read->params.failed)
		return false;
	if ((ticket = find_same(&lane->waiting, read, LOOKS_MOST)) != NULL)
		push_read(&ticket->reads, read);
	/* A long one is not waited for: it may take all the time that a request has. */
	else if (lane->options.depth > 1 && (ticket = find_same(&lane->under_way, read, SIZE_MAX)) != NULL)
		push_read(&ticket->behind, read);
	if (ticket == NULL)
		return false;
	if (lane->options.metrics != NULL)
		metrics_add(lane->options.metrics, METRIC_SHARED_READS, 1);
	return true;
}

/* ---- Deadlines ---- */

static void move_timer(struct read_lane *lane, int64_t due_us)
{
	enum status status = loop_timer_set(lane->loop, &lane->timer, due_us);

	/* Its place in the heap is the one it had: only the first setting, in read_lane_new, can fail. */
	assert(status == STATUS_OK);
	(void)status;
}

void read_lane_note_deadline(struct read_lane *lane, int64_t deadline_us)
{
	if (deadline_us < lane->timer.due_us)
		move_timer(lane, deadline_us);
}

void read_lane_answer_points(struct read_lane *lane, struct point_queue *points, enum status status, const PGresult *rows)
{
	if (points->count == 0)
		return;
	lane->unanswered -= points->count;
	point_group_answer(points, status, rows, lane->scratch);
}

/** What is too late, gathered before anything is answered: a callback may submit. */
struct expired {
	int64_t now_us;
	struct read *reads;
	struct point_queue points;
};

static void note_queue(struct read_lane *lane, const struct point_queue *queue)
{
	for (const struct point_read *point = queue->first; point != NULL; point = point->next)
		read_lane_note_deadline(lane, point->deadline_us);
}

static void expire_reads(struct read_lane *lane, struct read **list, struct expired *expired)
{
	while (*list != NULL) {
		struct read *read = *list;

		if (read->deadline_us > expired->now_us) {
			read_lane_note_deadline(lane, read->deadline_us);
			list = &read->next;
			continue;
		}
		*list = read->next;
		push_read(&expired->reads, read);
	}
}

static void expire_tickets(struct read_lane *lane, struct ticket_list *list, struct expired *expired)
{
	for (struct ticket *ticket = list->first; ticket != NULL; ticket = ticket->next) {
		expire_reads(lane, &ticket->reads, expired);
		expire_reads(lane, &ticket->behind, expired);
		point_queue_expire(&ticket->points, expired->now_us, &expired->points);
		note_queue(lane, &ticket->points);
	}
}

/** Tickets that nobody waits for any more need not be sent. */
static void drop_empty(struct read_lane *lane)
{
	struct ticket *next;

	for (struct ticket *ticket = lane->waiting.first; ticket != NULL; ticket = next) {
		next = ticket->next;
		if (ticket->reads != NULL || ticket->points.count > 0)
			continue;
		ticket_list_remove(&lane->waiting, ticket);
		ticket_list_append(&lane->spare, ticket);
	}
}

static void expire_points(struct read_lane *lane, struct expired *expired)
{
	for (size_t i = 0; i < STATEMENT_COUNT && lane->points_waiting > 0; i++) {
		lane->points_waiting -= lane->points[i].count;
		point_queue_expire(&lane->points[i], expired->now_us, &expired->points);
		lane->points_waiting += lane->points[i].count;
		note_queue(lane, &lane->points[i]);
	}
}

void read_lane_answer_reads(struct read_lane *lane, struct read *read, enum status status, const PGresult *rows)
{
	while (read != NULL) {
		struct read *next = read->next;

		lane->unanswered--;
		read->on_done(read, status, rows);
		read = next;
	}
}

void read_lane_on_due(struct timer *timer)
{
	struct read_lane *lane = timer->owner;
	struct expired expired = {.now_us = clock_ticks_us()};

	move_timer(lane, expired.now_us + READ_LANE_IDLE_US);
	expire_tickets(lane, &lane->under_way, &expired);
	expire_tickets(lane, &lane->waiting, &expired);
	drop_empty(lane);
	expire_points(lane, &expired);
	read_lane_answer_reads(lane, expired.reads, STATUS_DEADLINE, NULL);
	read_lane_answer_points(lane, &expired.points, STATUS_DEADLINE, NULL);
}

/* ---- Answers ---- */

static void log_refusal(const struct ticket *ticket, const PGresult *result)
{
	char message[LOG_VALUE_BYTES];
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	log_event(LOG_ERROR, "statement_failed", "statement=%s sqlstate=%s message=%s", statement_texts[ticket->statement].name,
		  code == NULL ? "none" : code, log_value(message, text_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY))));
}

/** What waited behind a ticket that has ended gets one of its own. @return false: nothing more is asked, or memory is short */
static bool ask_for(struct read_lane *lane, struct read *behind)
{
	struct ticket *ticket = lane->is_closing ? NULL : ticket_for(lane, behind->statement);

	if (ticket == NULL)
		return false;
	ticket->reads = behind;
	ticket_list_append(&lane->waiting, ticket);
	return true;
}

void ticket_answer(struct ticket *ticket, enum status status, const PGresult *rows)
{
	struct read_lane *lane = ticket->lane;
	struct read *reads = ticket->reads, *behind = ticket->behind;
	struct point_queue points = ticket->points;

	/* Out of the list first: a callback may submit, and take this very ticket. */
	ticket_retire(ticket);
	if (behind != NULL && ask_for(lane, behind))
		behind = NULL;
	read_lane_answer_reads(lane, reads, status, rows);
	read_lane_answer_reads(lane, behind, STATUS_UNAVAILABLE, NULL);
	read_lane_answer_points(lane, &points, status, rows);
}

static void send_again(struct ticket *ticket)
{
	while (ticket->behind != NULL) {
		struct read *read = ticket->behind;

		ticket->behind = read->next;
		push_read(&ticket->reads, read);
	}
	ticket->is_alone = true;
	ticket->attempts++;
	ticket_list_remove(&ticket->lane->under_way, ticket);
	ticket_list_append(&ticket->lane->waiting, ticket);
}

/** One of the group's keys may be what PostgreSQL refused: each is asked for by itself. @return false: memory is short */
static bool split(struct ticket *ticket)
{
	struct read_lane *lane = ticket->lane;

	while (ticket->points.count > 1) {
		struct ticket *single = ticket_for(lane, ticket->statement);

		if (single == NULL)
			return false;
		point_queue_move(&ticket->points, &single->points, 1);
		single->is_alone = true;
		single->attempts = ticket->attempts + 1;
		ticket_list_append(&lane->waiting, single);
	}
	send_again(ticket);
	return true;
}

/** @return whether a statement that ended so is to be sent again */
static bool is_worth_another(const struct ticket *ticket, enum status status)
{
	if (ticket->lane->is_closing || ticket->attempts >= ATTEMPTS_MOST || (ticket->reads == NULL && ticket->points.count == 0))
		return false;
#ifndef WITHOUT_SENDING_AGAIN
	if (status == STATUS_RETRY)
		return true;
#endif
#ifdef WITHOUT_UNKNOWN
	return status == STATUS_UNAVAILABLE && !ticket->was_lost;
#endif
	return status == STATUS_UNAVAILABLE && !ticket->has_effect && !ticket->was_lost;
}

void ticket_settle(struct ticket *ticket, enum status status, PGresult *result)
{
	bool is_worth = is_worth_another(ticket, status);

	if (status == STATUS_INTERNAL && !is_success(result))
		log_refusal(ticket, result);
	if (status == STATUS_UNAVAILABLE)
		ticket->was_lost = true;
	if (is_worth)
		send_again(ticket);
	else if (status != STATUS_INTERNAL || ticket->points.count < 2 || ticket->lane->is_closing || !split(ticket))
		ticket_answer(ticket, status == STATUS_RETRY ? STATUS_UNAVAILABLE : status, status == STATUS_OK ? result : NULL);
	PQclear(result);
}
