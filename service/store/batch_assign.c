/* SPDX-License-Identifier: Apache-2.0 */
/* Prospects put on a seller's list by hand, or taken off it. Who is on it by the rules is found when it is read. */
#include "batch.h"

/* Columns of read_assignments behind the id, and of read_places. */
enum { COLUMN_ID, COLUMN_ASSIGNMENT };
enum { HAS_SELLER, PLACES, TAKEN, WEAKEST, WEAKEST_NAME, WEAKEST_ANNUAL };

/* An assignment travels alone. */
static struct assignment_change *change_of(const struct batch *batch)
{
	const struct segment *s = batch->segments;
	return s->job->writes[s->from].assignment;
}

void batch_add_assigning_sellers(struct batch *batch)
{
#ifdef WITHOUT_SELLER_LOCK
	return;
#endif
	const struct assignment_change *change = change_of(batch);
	if (change != NULL && item_table_add(&batch->tables[RECORD_SELLER], RECORD_SELLER, change->seller) == NULL)
		batch_fail(batch, STATUS_NO_MEMORY);
}

static void on_assignments(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = { rows, i };
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text(row, COLUMN_ID));
		if (item == NULL)
			continue;
		int behind = assignment_read(row, COLUMN_ASSIGNMENT, &item->assignment_before);
		item->assignment_shown = row_json(row, behind);
		item->assignment_after = item->assignment_before;
	}
}

static void on_places(struct batch *batch, const PGresult *rows)
{
	struct assignment_change *change = change_of(batch);
	struct row row = { rows, 0 };
	change->has_seller = row_bool(row, HAS_SELLER);
	change->places = row_int(row, PLACES);
	change->taken = row_int(row, TAKEN);
	change->weakest = row_text(row, WEAKEST);
	change->weakest_name = row_text(row, WEAKEST_NAME);
	change->weakest_annual = row_is_null(row, WEAKEST_ANNUAL) ? -1 : row_int(row, WEAKEST_ANNUAL);
}

/* The first one may come while we look: only what sets another must see it. */
bool batch_knows_assignments(const struct batch *batch)
{
	return batch->in_force.has_assignments || change_of(batch) != NULL;
}

static void read_places(struct batch *batch, const struct assignment_change *change)
{
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_text(&params, change->seller);
	params_text(&params, text_of(list_name(change->list)));
	params_text(&params, batch->segments->job->writes[batch->segments->from].record.id);
	batch_send(batch, STATEMENT_READ_PLACES, &params, on_places);
}

void batch_read_assignments(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	const struct assignment_change *change = change_of(batch);
	if (!batch_knows_assignments(batch))
		return;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, table->items, table->count, NULL);
	batch_send(batch, STATEMENT_READ_ASSIGNMENTS, &params, on_assignments);
	if (change != NULL)
		read_places(batch, change);
}

/* ---- Putting on, and taking off ---- */

static bool is_put(const struct assignment *assignment, const struct assignment_change *change)
{
	return assignment->exists && !assignment->is_off && assignment->list == change->list && text_equal(assignment->seller, change->seller);
}

/* By hand where somebody has said something, else by the rules. */
static bool is_there(const struct item *item, const struct assignment_change *change)
{
	const struct standing *standing = &item->standing_before;
	if (item->assignment_before.exists)
		return is_put(&item->assignment_before, change);
	return standing->list == change->list && text_equal(standing->seller, change->seller);
}

static enum status may_assign(const struct item *item, const struct assignment_change *change)
{
	if (!is_visible(&item->after))
		return STATUS_NOT_FOUND;
	if (change->takes_off)
		return is_there(item, change) ? STATUS_OK : STATUS_NOT_FOUND;
	if (!change->has_seller)
		return STATUS_NOT_FOUND;
	return change->taken < change->places || is_put(&item->assignment_before, change) ? STATUS_OK : STATUS_CONFLICT;
}

enum status batch_assign(struct batch *batch, struct item *item, struct write *write)
{
	const struct assignment_change *change = write->assignment;
	enum status status = may_assign(item, change);
	if (status != STATUS_OK)
		return status;
	if (!change->takes_off && is_put(&item->assignment_before, change) && text_equal(item->assignment_before.reason, change->reason))
		return STATUS_OK;
	write->effect = change->takes_off ? EFFECT_DELETED : item->assignment_before.exists ? EFFECT_UPDATED : EFFECT_CREATED;
	item->assignment_after = (struct assignment){ .exists = true, .list = change->list, .seller = change->seller,
		                                      .is_off = change->takes_off, .reason = change->reason,
		                                      .actor = batch->segments->job->actor, .at_us = batch->now_us };
	return STATUS_OK;
}

void batch_end_assignments(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i]->after.is_account)
			table->items[i]->assignment_after = (struct assignment){ 0 };
}

void batch_send_assignments(struct batch *batch)
{
	const struct write_job *job = batch->segments->job;
	const struct write *write = &job->writes[batch->segments->from];
	if (write->assignment == NULL || write->status != STATUS_OK || write->effect == EFFECT_UNCHANGED)
		return;
	const struct assignment *after = &item_table_find(&batch->tables[RECORD_ORGANISATION], write->record.id)->assignment_after;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_text(&params, write->record.id);
	params_text(&params, after->seller);
	params_text(&params, text_of(list_name(after->list)));
	params_bool(&params, !after->is_off);
	params_text(&params, after->reason);
	params_instant(&params, after->at_us);
	params_text(&params, job->key_id);
	params_text(&params, job->actor);
	batch_send(batch, STATEMENT_WRITE_ASSIGNMENT, &params, NULL);
}
