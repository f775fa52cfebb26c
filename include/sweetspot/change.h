/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the history (domain.md §11), for writers and jobs alike: what insert_changes takes. */
#ifndef SWEETSPOT_CHANGE_H
#define SWEETSPOT_CHANGE_H

#include <sweetspot/store.h>

/** One organisation's line: from one standing and status to another, with the scoring that led there. Statuses: none while hidden. */
struct turn {
	struct text organisation;
	const struct standing *from, *to;
	struct text from_status, to_status;
	const struct scoring *scoring;
};

/** Under what some lines stand, and who or what brought them about. */
struct turning {
	int64_t at_us;
	int32_t epoch, day, policy;
	int32_t review;               /* 0: none */
	const char *cause;            /* as change.cause has it */
	struct text reference;        /* the review's number, the decision's; none otherwise */
	struct text key_id, actor;    /* none: the service */
	/** One a line, ARRAY_JSONB: the override, the protection and the assignment before; NULL: all are as they are now. */
	const struct array_column *overrides_before, *protections_before, *assignments_before;
};

#define CHANGE_COLUMNS 19

/** Start the columns of insert_changes; released one by one. */
void change_columns_init(struct array_column columns[CHANGE_COLUMNS]);
/** Add one line. */
void change_columns_add(struct array_column columns[CHANGE_COLUMNS], const struct turn *turn);
/** @return the parameters of insert_changes, in the arena; the columns may be released at once */
struct params change_params(struct arena *arena, int64_t workspace, const struct turning *turning,
                            const struct array_column columns[CHANGE_COLUMNS]);

#endif
