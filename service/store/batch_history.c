/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch says in the history: every change of tier, list, seller, status, protection or override, and every decision. */
#include "batch.h"

#include "columns.h"

static const char *cause_name(enum write_cause cause)
{
	static const char *const names[] = { [CAUSE_WRITE] = "write", [CAUSE_IMPORT] = "import", [CAUSE_EVENT] = "event",
	                                     [CAUSE_DECISION] = "decision", [CAUSE_OVERRIDE] = "override" };
	return names[cause];
}

static struct text status_text(const struct stored_record *stored)
{
	if (!is_visible(stored))
		return (struct text){ 0 };
	const char *const *labels = record_shape(RECORD_ORGANISATION)->fields[ORGANISATION_STATUS].labels;
	return text_of(labels[stored->record.value[ORGANISATION_STATUS].integer]);
}

static struct text protection_of(const struct stored_record *stored)
{
	return is_visible(stored) ? text_field(&stored->record, ORGANISATION_PROTECTED) : (struct text){ 0 };
}

static bool has_other_marks(const struct item *item)
{
	return item->override_before.set_at_us != item->override_after.set_at_us
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
	return a->tier != b->tier || (was_there ? a->list != b->list || a->classified != b->classified : b->list != LIST_NONE)
	       || (was_there && !text_equal(a->seller, b->seller))
	       || (was_there && !text_equal(status_text(&item->before), status_text(&item->after)));
}

static void add_points(struct array_column *column, const struct component *parts, size_t count, bool scored)
{
	for (size_t i = 0; i < count; i++)
		array_add_int(column, scored && parts[i].available ? parts[i].points_centi : -1);
}

static void add_centi(struct array_column *column, int32_t centi)
{
	if (centi < 0)
		array_add_null(column);
	else
		array_add_int(column, centi);
}

/** One line of the history: from one standing and status to another, with the contributions that led there. */
struct turn {
	const struct standing *from, *to;
	struct text from_status, to_status;
	const struct scoring *scoring;
};

static void add_change(struct columns *columns, struct text id, const struct turn *turn)
{
	const struct standing *a = turn->from, *b = turn->to;
	struct array_column *column = columns->column;
	array_add_text(column++, id);
	array_add_text(column++, turn->to_status);
	array_add_text(column++, text_of(tier_name(b->tier)));
	array_add_text(column++, b->classified ? text_of(list_name(b->list)) : (struct text){ 0 });
	array_add_text(column++, b->seller);
	add_centi(column++, b->exists ? b->engagement_centi : -1);
	add_centi(column++, b->exists ? b->potential_centi : -1);
	array_add_text(column++, turn->from_status);
	array_add_text(column++, text_of(tier_name(a->tier)));
	array_add_text(column++, a->classified ? text_of(list_name(a->list)) : (struct text){ 0 });
	array_add_text(column++, a->seller);
	add_points(column++, turn->scoring->engagement, ENGAGEMENT_PARTS, b->classified);
	add_points(column, turn->scoring->potential, POTENTIAL_PARTS, b->classified);
}

static void change_columns_init(struct columns *columns)
{
	static const enum array_type types[] = { ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4,
		                                 ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT4, ARRAY_INT4 };
	columns_init(columns, types, (int)(sizeof types / sizeof *types));
}

/** Under what the lines of one epoch stand, and who or what brought them about. */
struct turning {
	int32_t epoch, day, review, policy;
	const char *cause;
	struct text reference, key_id, actor;
	const struct columns *marks;   /* overrides and protections before; NULL: as they are now */
};

static void insert_changes(struct batch *batch, struct columns *columns, const struct turning *turning)
{
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_instant(&params, batch->now_us);
	params_int4(&params, turning->epoch);
	params_day(&params, turning->day);
	params_int4(&params, turning->review);
	params_int4(&params, turning->policy);
	params_text(&params, text_of(turning->cause));
	params_text(&params, turning->reference);
	params_text(&params, turning->key_id);
	params_text(&params, turning->actor);
	columns_params(columns, &params);
	if (turning->marks == NULL || turning->marks->column[0].count == 0)
		params_null(&params);
	else
		params_array(&params, &turning->marks->column[0]);
	if (turning->marks == NULL)
		params_null(&params);
	else
		params_array(&params, &turning->marks->column[1]);
	if (columns->column[0].count > 0)
		batch_send(batch, STATEMENT_INSERT_CHANGES, &params, NULL);
	columns_release(columns);
}

static bool knows_overrides(const struct batch *batch)
{
	return batch->in_force.has_overrides || batch->segments->job->cause == CAUSE_OVERRIDE;
}

/* Where overrides were not asked for, there are none before and none now: their column stays empty. */
static void add_marks(struct columns *marks, const struct batch *batch, const struct item *item)
{
	if (knows_overrides(batch))
		array_add_text(&marks->column[0], item->override_shown);
	array_add_text(&marks->column[1], protection_of(&item->before));
}

/* A decision travels alone. */
static struct text decision_reference(const struct batch *batch)
{
	const struct segment *s = batch->segments;
	const struct write *write = &s->job->writes[s->from];
	return write->decision == NULL ? (struct text){ 0 } : text_format(batch->arena, "%lld", (long long)write->decision->id);
}

/* A batch has one cause and actor in its history: those of its first job; jobs of different actors do not share one (write_lane.c). */
void batch_send_changes(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	const struct in_force *now = &batch->in_force;
	const struct write_job *job = batch->segments->job;
	struct columns columns = { 0 }, marks = { 0 };
	change_columns_init(&columns);
	columns_init(&marks, (const enum array_type[]){ ARRAY_JSONB, ARRAY_JSONB }, 2);
	for (size_t i = 0; i < table->count; i++) {
		const struct item *item = table->items[i];
		if (!has_changed(item))
			continue;
		add_change(&columns, item->id, &(struct turn){ &item->standing_before, &item->standing_after, status_text(&item->before),
		                                               status_text(&item->after), &item->scoring });
		add_marks(&marks, batch, item);
	}
	insert_changes(batch, &columns, &(struct turning){ .epoch = now->epoch, .day = now->day, .review = now->review, .policy = now->policy,
	                                                   .cause = cause_name(job->cause), .reference = decision_reference(batch),
	                                                   .key_id = job->key_id, .actor = job->actor, .marks = &marks });
	columns_release(&marks);
}

static bool turns_with_next(const struct item *item)
{
	const struct standing *a = &item->standing_after, *b = &item->standing_next;
	return is_shown(item) && (a->tier != b->tier || a->list != b->list || a->classified != b->classified
	                           || !text_equal(a->seller, b->seller));
}

static const char *next_cause(const struct in_force *now)
{
	return now->next_review != now->review ? "review" : now->next_day != now->day ? "refresh" : "policy";
}

/* The flip may have written already what it will change about these; what it will change now is said anew, behind what has just changed. */
void batch_send_next_changes(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	const struct in_force *now = &batch->in_force;
	struct columns columns = { 0 };
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, table->items, table->count, NULL);
	params_int4(&params, now->next_epoch);
	if (table->count > 0)
		batch_send(batch, STATEMENT_DROP_NEXT_CHANGES, &params, NULL);
	change_columns_init(&columns);
	for (size_t i = 0; i < table->count; i++) {
		const struct item *item = table->items[i];
		if (turns_with_next(item))
			add_change(&columns, item->id, &(struct turn){ &item->standing_after, &item->standing_next, status_text(&item->after),
			                                               status_text(&item->after), &item->next_scoring });
	}
	bool is_review = now->next_review != now->review;
	insert_changes(batch, &columns, &(struct turning){ .epoch = now->next_epoch, .day = now->next_day, .review = now->next_review,
	                                                   .policy = now->next_policy, .cause = next_cause(now),
	                                                   .reference = is_review ? text_format(batch->arena, "%d", now->next_review)
	                                                                          : (struct text){ 0 } });
}
