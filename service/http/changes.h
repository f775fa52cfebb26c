/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of list_changes: the history of an organisation, for the history and for ?at= of an explanation. */
#ifndef SERVICE_HTTP_CHANGES_H
#define SERVICE_HTTP_CHANGES_H

#include "http.h"

/** Columns of list_changes. All behind the first are null where nothing has changed. */
enum {
	CHANGE_IS_ACCOUNT, CHANGE_POSITION, CHANGE_AT, CHANGE_CAUSE, CHANGE_REFERENCE, CHANGE_KEY, CHANGE_ACTOR, CHANGE_DAY, CHANGE_REVIEW,
	CHANGE_POLICY, CHANGE_STATUS, CHANGE_TIER, CHANGE_LIST, CHANGE_SELLER, CHANGE_ENGAGEMENT, CHANGE_POTENTIAL, CHANGE_PREVIOUS_STATUS,
	CHANGE_PREVIOUS_TIER, CHANGE_PREVIOUS_LIST, CHANGE_PREVIOUS_SELLER, CHANGE_ENGAGEMENT_POINTS,
	CHANGE_POTENTIAL_POINTS = CHANGE_ENGAGEMENT_POINTS + ENGAGEMENT_PARTS,
	CHANGE_VERDICT = CHANGE_POTENTIAL_POINTS + POTENTIAL_PARTS, CHANGE_PREVIOUS_VERDICT, CHANGE_EXPECTED_ANNUAL, CHANGE_FIT,
	CHANGE_FIT_BEST, CHANGE_FINDINGS, CHANGE_OVERRIDE, CHANGE_PREVIOUS_OVERRIDE,
	CHANGE_PROTECTED_UNTIL, CHANGE_PREVIOUS_PROTECTED_UNTIL, CHANGE_ASSIGNED, CHANGE_PREVIOUS_ASSIGNED, CHANGE_DECISION
};

/** Ask for changes of request->ids[0] before a position and (not INSTANT_NONE) before an instant. */
void changes_ask(struct http_request *request, int64_t before_position, int64_t before_us, int64_t rows,
                 void (*then)(struct http_request *request, enum status status, const PGresult *rows));
/** "at", "cause", "reference", "key", "actor": when it changed, and why. */
void change_cause_write(struct json_writer *w, struct row row);
/** "override": as it was recorded; null for none. */
void change_override_write(struct json_writer *w, struct row row, int column);
/** "assigned": likewise. */
void change_assigned_write(struct json_writer *w, struct row row, int column);
/** A score, null for none. */
void change_score_write(struct json_writer *w, const char *name, struct row row, int column);

#endif
