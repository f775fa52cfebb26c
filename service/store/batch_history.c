/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch says in the history: every decision, and every change of tier, list, verdict, seller, status or what stands beside them. */
#include "batch.h"

#include <sweetspot/change.h>

#include "columns.h"

static const char *cause_name(enum write_cause cause)
{
	static const char *const names[] = {[CAUSE_WRITE] = "write", [CAUSE_IMPORT] = "import", [CAUSE_EVENT] = "event",
	                                     [CAUSE_DECISION] = "decision", [CAUSE_OVERRIDE] = "override",
	                                     [CAUSE_ASSIGNMENT] = "assignment"};

	return names[cause];
}

static struct text status_text(const struct stored_record *stored)
{
	if (!is_visible(stored))
		return (struct text){0};
	const char *const *labels = record_shape(RECORD_ORGANISATION)->fields[ORGANISATION_STATUS].labels;
	return text_of(labels[stored->record.value[ORGANISATION_STATUS].integer]);
}

static struct text protection_of(const struct stored_record *stored)
{
	return is_visible(stored) ? text_field(&stored->record, ORGANISATION_PROTECTED) : (struct text){0};
}

static bool has_other_marks(const struct item *item)
{
	return item->override_before.set_at_us != item->override_after.set_at_us
	       || item->assignment_before.at_us != item->assignment_after.at_us
	       || !text_equal(protection_of(&item->before), protection_of(&item->after));
}

static bool is_decided(const struct item *item)
{
	return item->last_write != NULL && item->last_write->decision != NULL;
}

static bool has_changed(const struct item *item)
{
	const struct standing *a = &item->standing_before, *b = &item->standing_after;
	bool was_there = a->exists;

	if (item->is_erasing)
		return false;
	if (is_shown(item) && (is_decided(item) || has_other_marks(item)))
		return true;
	return a->tier != b->tier || a->qualified.verdict != b->qualified.verdict
	       || (was_there ? a->list != b->list || a->classified != b->classified : b->list != LIST_NONE)
	       || (was_there && !text_equal(a->seller, b->seller))
	       || (was_there && !text_equal(status_text(&item->before), status_text(&item->after)));
}

static void send_changes(struct batch *batch, struct columns *columns, const struct turning *turning)
{
	struct params params = change_params(batch->arena, batch->workspace, turning, columns->column);

	if (columns->column[0].count > 0)
		batch_send(batch, STATEMENT_INSERT_CHANGES, &params, NULL);
	columns_release(columns);
}

static struct columns change_columns(void)
{
	struct columns columns = {.count = CHANGE_COLUMNS};

	change_columns_init(columns.column);
	return columns;
}

/** A decision travels alone, and so does an import among other jobs. */
static struct text reference_of(const struct batch *batch)
{
	const struct segment *s = batch->segments;
	const struct write *write = &s->job->writes[s->from];

	if (s->job->import > 0)
		return text_format(batch->arena, "%lld", (long long)s->job->import);
	return write->decision == NULL ? (struct text){0} : text_format(batch->arena, "%lld", (long long)write->decision->id);
}

/** A batch has one cause and actor in its history: those of its first job; jobs of different actors do not share one (write_lane.c). */
void batch_send_changes(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	const struct in_force *now = &batch->in_force;
	const struct write_job *job = batch->segments->job;
	struct columns columns = change_columns(), marks = {0};

	columns_init(&marks, (const enum array_type[]){ARRAY_JSONB, ARRAY_JSONB, ARRAY_JSONB}, 3);
	for (size_t i = 0; i < table->count; i++) {
		const struct item *item = table->items[i];

		if (!has_changed(item))
			continue;
		change_columns_add(columns.column, &(struct turn){item->id, &item->standing_before, &item->standing_after,
		                                                    status_text(&item->before), status_text(&item->after), &item->scoring});
		array_add_text(&marks.column[0], item->override_shown);
		array_add_text(&marks.column[1], protection_of(&item->before));
		array_add_text(&marks.column[2], item->assignment_shown);
	}
	/* Where overrides or assignments were not asked for, there are none before and none now. */
	send_changes(batch, &columns, &(struct turning){.at_us = batch->now_us, .epoch = now->epoch, .day = now->day, .review = now->review,
	                                                 .policy = now->policy, .cause = cause_name(job->cause),
	                                                 .reference = reference_of(batch), .key_id = job->key_id, .actor = job->actor,
	                                                 .overrides_before = batch_knows_overrides(batch) ? &marks.column[0] : NULL,
	                                                 .protections_before = &marks.column[1],
	                                                 .assignments_before = batch_knows_assignments(batch) ? &marks.column[2] : NULL});
	columns_release(&marks);
}

static bool turns_with_next(const struct item *item)
{
	const struct standing *a = &item->standing_after, *b = &item->standing_next;

	return is_shown(item) && (a->tier != b->tier || a->list != b->list || a->classified != b->classified
	                           || a->qualified.verdict != b->qualified.verdict
	                           || !text_equal(a->seller, b->seller));
}

/** As the job that flips says it: a policy may bring another day with it. */
static const char *next_cause(const struct in_force *now)
{
	return now->next_review != now->review ? "review" : now->next_policy != now->policy ? "policy" : "refresh";
}

/** The flip may have written already what it will change about these; what it will change now is said anew, behind what just changed. */
void batch_send_next_changes(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	const struct in_force *now = &batch->in_force;
	struct columns columns = change_columns();
	struct params params = params_in(batch->arena);

	params_int8(&params, batch->workspace);
	params_ids(&params, table->items, table->count, NULL);
	params_int4(&params, now->next_epoch);
	if (table->count > 0)
		batch_send(batch, STATEMENT_DROP_NEXT_CHANGES, &params, NULL);
	for (size_t i = 0; i < table->count; i++) {
		const struct item *item = table->items[i];

		if (turns_with_next(item))
			change_columns_add(columns.column, &(struct turn){item->id, &item->standing_after, &item->standing_next,
			                                                    status_text(&item->after), status_text(&item->after),
			                                                    &item->next_scoring});
	}
	bool is_review = now->next_review != now->review;
	send_changes(batch, &columns, &(struct turning){.at_us = batch->now_us, .epoch = now->next_epoch, .day = now->next_day,
	                                                 .review = now->next_review, .policy = now->next_policy, .cause = next_cause(now),
	                                                 .reference = is_review ? text_format(batch->arena, "%d", now->next_review)
	                                                                        : (struct text){0}});
}
