/* SPDX-License-Identifier: Apache-2.0 */
/* The lane of short reads and the lane of long ones: taking in, and what travels when. How a read ends is read_ticket.c's business. */
#include "read_lane.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/clock.h>

#include "read_ticket.h"

#define GROUP_MOST 256          /* point reads in one statement */
#define SCRATCH_BYTES 32768
#define LOCK_SHARE 2            /* lock_timeout is this part of statement_timeout */
#ifdef WITHOUT_EFFECT_AT_SYNC
#define EFFECTS_WAIT false
#else
#define EFFECTS_WAIT true
#endif

static void on_answer(struct link_entry *entry, enum status status, PGresult *result)
{
	struct ticket *ticket = entry->owner;

	if (!ticket->waits_for_sync) {
		ticket_settle(ticket, status, result);
		return;
	}
	/* What has an effect has it at its Sync: until then a success is none. */
	ticket->status = status;
	ticket->result = result;
}

static void on_sync(struct link_entry *entry, enum status status, PGresult *none)
{
	struct ticket *sync = entry->owner;
	struct ticket *ticket = sync->settles;
	PGresult *result;

	(void)none;
	ticket_retire(sync);
	if (ticket == NULL)
		return;
	result = ticket->result;
	ticket->result = NULL;
	ticket->waits_for_sync = false;
	ticket_settle(ticket, ticket->status == STATUS_OK ? status : ticket->status, result);
}

/* ---- Sending ---- */

/** @return the link with the least under way, taking turns; NULL when none is up and has room */
static struct link *choose_link(struct read_lane *lane)
{
	struct link *best = NULL;

	for (size_t i = 0; i < lane->options.links; i++) {
		struct link *link = lane->links[(lane->next_link + i) % lane->options.links];

		if (!link_is_up(link) || link_in_flight(link) >= lane->options.depth)
			continue;
		if (best == NULL || link_in_flight(link) < link_in_flight(best))
			best = link;
	}
	lane->next_link++;
	return best;
}

enum sending { SENT, ANSWERED /* no memory for its parameters */, BROKEN /* waits on */ };

static enum sending send(struct read_lane *lane, struct link *link, struct ticket *ticket)
{
	struct params params;
	enum status status;

	arena_reset(lane->scratch);
	params = params_in(lane->scratch);
	if (ticket->reads == NULL)
		point_group_bind(&ticket->points, &params);
	ticket->entry = (struct link_entry){.on_answer = on_answer, .owner = ticket};
	status = link_query(link, ticket->statement, ticket->reads == NULL ? &params : &ticket->reads->params, &ticket->entry);
	if (status == STATUS_UNAVAILABLE)
		return BROKEN;
	ticket_list_remove(&lane->waiting, ticket);
	ticket_list_append(&lane->under_way, ticket);
	if (status == STATUS_OK)
		return SENT;
	ticket_answer(ticket, status, NULL);
	return ANSWERED;
}

static void send_sync(struct read_lane *lane, struct link *link, struct ticket *sync, struct ticket *settles)
{
	sync->entry = (struct link_entry){.on_answer = on_sync, .owner = sync};
	sync->settles = settles;
	ticket_list_append(&lane->under_way, sync);
	/* When it is not taken the link is broken, and its death answers the query. */
	if (link_sync(link, &sync->entry) != STATUS_OK)
		ticket_retire(sync);
	else if (settles != NULL)
		settles->waits_for_sync = true;
}

/** One statement, one Sync. @return false: nothing more can be sent in this turn */
static bool send_alone(struct read_lane *lane, struct ticket *ticket)
{
	struct link *link = choose_link(lane);
	struct ticket *sync = link == NULL ? NULL : ticket_get(lane);
	enum sending sending;

	if (sync == NULL)
		return false;
	sending = send(lane, link, ticket);
	if (sending == SENT)
		send_sync(lane, link, sync, ticket->has_effect && EFFECTS_WAIT ? ticket : NULL);
	else
		ticket_list_append(&lane->spare, sync);
	return sending != BROKEN;
}

/** As many as one link takes, one Sync. @return false: nothing more can be sent in this turn */
static bool send_together(struct read_lane *lane)
{
	struct link *link = choose_link(lane);
	struct ticket *sync = link == NULL ? NULL : ticket_get(lane);
	struct ticket *next;
	enum sending sending = ANSWERED;
	bool any_sent = false;

	if (sync == NULL)
		return false;
	for (struct ticket *ticket = lane->waiting.first; ticket != NULL && sending != BROKEN; ticket = next) {
		next = ticket->next;
		if (ticket->is_alone)
			continue;
		if (link_in_flight(link) >= lane->options.depth)
			break;
		sending = send(lane, link, ticket);
		any_sent = any_sent || sending == SENT;
	}
	if (any_sent && sending != BROKEN)
		send_sync(lane, link, sync, NULL);
	else
		ticket_list_append(&lane->spare, sync);
	return sending != BROKEN;
}

static struct ticket *first_waiting(const struct read_lane *lane, bool is_alone)
{
	struct ticket *ticket = lane->waiting.first;

	while (ticket != NULL && ticket->is_alone != is_alone)
		ticket = ticket->next;
	return ticket;
}

/** Point reads that wait become groups, as late as possible: the longer they wait, the more travel together. */
static void group_points(struct read_lane *lane)
{
	for (size_t i = 0; i < STATEMENT_COUNT && lane->points_waiting > 0; i++)
		while (lane->points[i].count > 0) {
			struct ticket *ticket = ticket_for(lane, (enum statement)i);

			if (ticket == NULL)
				return;
			point_queue_move(&lane->points[i], &ticket->points, GROUP_MOST);
			lane->points_waiting -= ticket->points.count;
			ticket_list_append(&lane->waiting, ticket);
		}
}

/** Nobody waits for a database that has been away for so long. */
static bool is_out_of_reach(const struct read_lane *lane)
{
	for (size_t i = 0; i < lane->options.links; i++)
		if (!link_is_out_of_reach(lane->links[i]))
			return false;
	return true;
}

static void answer_refused(struct read_lane *lane)
{
	struct read *refused = lane->refused;
	struct point_queue points = lane->refused_points;
	enum status status = !lane->is_closing && is_out_of_reach(lane) ? STATUS_UNREACHABLE : STATUS_UNAVAILABLE;

	lane->refused = NULL;
	lane->refused_points = (struct point_queue){0};
	read_lane_answer_reads(lane, refused, status, NULL);
	read_lane_answer_points(lane, &points, status, NULL);
}

static void answer_waiting(struct read_lane *lane, enum status status)
{
	while (lane->waiting.first != NULL) {
		struct ticket *ticket = lane->waiting.first;

		ticket_list_remove(&lane->waiting, ticket);
		ticket_list_append(&lane->under_way, ticket);
		ticket_answer(ticket, status, NULL);
	}
	for (size_t i = 0; i < STATEMENT_COUNT; i++) {
		struct point_queue points = lane->points[i];

		lane->points_waiting -= points.count;
		lane->points[i] = (struct point_queue){0};
		read_lane_answer_points(lane, &points, status, NULL);
	}
}

static bool has_room(const struct read_lane *lane)
{
	for (size_t i = 0; i < lane->options.links; i++)
		if (link_is_up(lane->links[i]) && link_in_flight(lane->links[i]) < lane->options.depth)
			return true;
	return false;
}

void read_lane_flush(struct read_lane *lane)
{
	struct ticket *ticket;

	answer_refused(lane);
	if (lane->is_closing)
		return;
	if (is_out_of_reach(lane))
		answer_waiting(lane, STATUS_UNREACHABLE);
	if (!has_room(lane))
		return;
	group_points(lane);
	while (lane->options.depth > 1 && first_waiting(lane, false) != NULL)
		if (!send_together(lane))
			return;
	while ((ticket = lane->waiting.first) != NULL)
		if (!send_alone(lane, ticket))
			return;
}

/* ---- What the store calls ---- */

/** A read that cannot be taken is answered at the next flush, never inside submit. */
static bool can_take(const struct read_lane *lane)
{
	return !lane->is_closing && lane->unanswered <= lane->options.limit && !is_out_of_reach(lane);
}

/** @return false: memory is short */
static bool start_ticket(struct read_lane *lane, struct read *read)
{
	struct ticket *ticket = ticket_for(lane, read->statement);

	if (ticket == NULL)
		return false;
	read->next = NULL;
	ticket->reads = read;
	ticket_list_append(&lane->waiting, ticket);
	return true;
}

void read_lane_submit(struct read_lane *lane, struct read *read)
{
	lane->unanswered++;
	if (can_take(lane) && (ticket_join(lane, read) || start_ticket(lane, read))) {
		read_lane_note_deadline(lane, read->deadline_us);
		return;
	}
	read->next = lane->refused;
	lane->refused = read;
	loop_wake(lane->loop);
}

void read_lane_submit_point(struct read_lane *lane, struct point_read *point)
{
	lane->unanswered++;
	if (!can_take(lane)) {
		point_queue_append(&lane->refused_points, point);
		loop_wake(lane->loop);
		return;
	}
	point_queue_append(&lane->points[point->statement], point);
	lane->points_waiting++;
	read_lane_note_deadline(lane, point->deadline_us);
}

bool read_lane_is_up(const struct read_lane *lane)
{
	for (size_t i = 0; i < lane->options.links; i++)
		if (lane->links[i] != NULL && link_is_up(lane->links[i]))
			return true;
	return false;
}

size_t read_lane_in_flight(const struct read_lane *lane)
{
	return lane->unanswered;
}

/** By its verb. What is not known to be a plain read is treated as more: that costs a Sync, the reverse an effect. */
static bool is_plain_read(const char *name)
{
	static const char *const verbs[] = {"read_", "list_", "count_", "find_", "sum_"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strncmp(name, verbs[i], strlen(verbs[i])) == 0)
			return true;
	return false;
}

static enum status make_links(struct read_lane *lane)
{
	const struct link_options options = {
		.url = lane->options.url,
		.name = lane->options.name,
		.statement_ms = lane->options.statement_ms,
		.lock_ms = lane->options.statement_ms / LOCK_SHARE,
		.idle_ms = lane->options.statement_ms,
		.metrics = lane->options.metrics,
		.owner = lane,
	};
	enum status status = STATUS_OK;

	lane->links = calloc(lane->options.links, sizeof(struct link *));
	if (lane->links == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < lane->options.links && status == STATUS_OK; i++)
		status = link_new(lane->loop, &options, &lane->links[i]);
	return status;
}

enum status read_lane_new(struct loop *loop, const struct read_lane_options *options, struct read_lane **out)
{
	struct read_lane *lane = calloc(1, sizeof(*lane));
	enum status status;

	if (lane == NULL)
		return STATUS_NO_MEMORY;
	lane->loop = loop;
	lane->options = *options;
	lane->timer = (struct timer){.on_due = read_lane_on_due, .owner = lane};
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		lane->has_effect[i] = !is_plain_read(statement_texts[i].name);
	lane->scratch = arena_new(SCRATCH_BYTES);
	status = lane->scratch == NULL ? STATUS_NO_MEMORY : loop_timer_set(loop, &lane->timer, clock_ticks_us() + READ_LANE_IDLE_US);
	if (status == STATUS_OK)
		status = make_links(lane);
	if (status == STATUS_OK)
		*out = lane;
	else
		read_lane_free(lane);
	return status;
}

static void answer_all(struct read_lane *lane)
{
	answer_waiting(lane, STATUS_UNAVAILABLE);
	while (lane->refused != NULL || lane->refused_points.count > 0)
		answer_refused(lane);
}

void read_lane_close(struct read_lane *lane)
{
	if (lane == NULL)
		return;
	lane->is_closing = true;
	for (size_t i = 0; lane->links != NULL && i < lane->options.links; i++) {
		link_free(lane->links[i]);
		lane->links[i] = NULL;
	}
	answer_all(lane);
}

void read_lane_free(struct read_lane *lane)
{
	if (lane == NULL)
		return;
	read_lane_close(lane);
	loop_timer_clear(lane->loop, &lane->timer);
	while (lane->spare.first != NULL) {
		struct ticket *ticket = lane->spare.first;

		ticket_list_remove(&lane->spare, ticket);
		free(ticket);
	}
	free(lane->links);
	arena_free(lane->scratch);
	free(lane);
}
