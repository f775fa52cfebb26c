/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a read lane: its tickets and their lists, shared by what sends and what answers. */
#ifndef SERVICE_STORE_READ_TICKET_H
#define SERVICE_STORE_READ_TICKET_H

#include "link.h"
#include "point_group.h"
#include "read_lane.h"

#define READ_LANE_IDLE_US INT64_C(3600000000)

/**
 * One statement and whom it is for: reads that ask the same, or a group of point reads. Invariant: in exactly one of the lane's lists
 * (waiting, under way, spare). Under way with neither reads nor points: all were answered by their deadline, the late answer is dropped.
 * `behind` asks the same too, but came when the statement was under way, and may have to see more than that does; only what is under way
 * has it.
 * A Sync is a ticket too; `settles` is the ticket that is answered only there.
 */
struct ticket {
	struct link_entry entry;
	struct read_lane *lane;
	struct ticket *previous, *next;
	enum statement statement;
	struct read *reads, *behind;    /* by read->next */
	struct point_queue points;
	int attempts;
	bool is_alone;          /* has a Sync of its own: a neighbour's failure cannot reach it */
	bool has_effect;        /* not a plain read: alone, answered at its Sync, never sent again once its outcome is unknown */
	bool was_lost;          /* was under way when its link died */
	bool waits_for_sync;
	enum status status;     /* its own answer, while it waits for its Sync */
	PGresult *result;
	struct ticket *settles;
};

struct ticket_list {
	struct ticket *first, *last;
};

struct read_lane {
	struct loop *loop;
	struct read_lane_options options;
	struct link **links;
	size_t next_link;
	struct ticket_list waiting, under_way, spare;
	struct point_queue points[STATEMENT_COUNT];   /* waiting, not yet in a group */
	size_t points_waiting;
	struct read *refused;                         /* to be answered at the next flush */
	struct point_queue refused_points;
	size_t unanswered;
	struct timer timer;                           /* not later than the earliest deadline; always set */
	struct arena *scratch;
	bool is_closing;
	bool has_effect[STATEMENT_COUNT];
};

void ticket_list_append(struct ticket_list *list, struct ticket *ticket);
void ticket_list_remove(struct ticket_list *list, struct ticket *ticket);
/** @return a ticket in no list; NULL when memory is short */
struct ticket *ticket_get(struct read_lane *lane);
/** @return a ticket in no list for a statement; NULL when memory is short */
struct ticket *ticket_for(struct read_lane *lane, enum statement statement);
/**
 * Have a plain read answered together with one that asks the same: by that one's statement if it still waits; in a lane of short reads
 * else by the next, which is sent when that one has ended.
 *
 * @return false: there is none, or it has an effect
 */
bool ticket_join(struct read_lane *lane, struct read *read);
/** From under way to spare. */
void ticket_retire(struct ticket *ticket);

/** Make sure the timer is due by then. */
void read_lane_note_deadline(struct read_lane *lane, int64_t deadline_us);
/** The timer's: answer what is too late. */
void read_lane_on_due(struct timer *timer);

/** A list by read->next, all with the same answer. */
void read_lane_answer_reads(struct read_lane *lane, struct read *read, enum status status, const PGresult *rows);
void read_lane_answer_points(struct read_lane *lane, struct point_queue *points, enum status status, const PGresult *rows);
/** Answer all of a ticket that is under way, and retire it. */
void ticket_answer(struct ticket *ticket, enum status status, const PGresult *rows);
/** A ticket's statement has ended so: answer, or send again. @param result  given away */
void ticket_settle(struct ticket *ticket, enum status status, PGresult *result);

#endif
