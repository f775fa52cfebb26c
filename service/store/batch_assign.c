/* SPDX-License-Identifier: Apache-2.0 */
/* Prospects put on a seller's list by hand, or taken off it. Who is on it by the rules is found when it is read. */
#include "batch.h"

/* Columns of read_assignments behind the id, and of read_places. */
enum { COLUMN_ID, COLUMN_ASSIGNMENT };
enum { HAS_SELLER, SELLER_IS_ACTIVE, PLACES, TAKEN, WEAKEST, WEAKEST_NAME, WEAKEST_ANNUAL };

/** An assignment travels alone. */
static struct assignment_change *change_of(const struct batch *batch)
{
	const struct segment *s = batch->segments;

	return s->job->writes[s->from].assignment;
}

void batch_add_those_beside_assignments(struct batch *batch)
{
	const struct assignment_change *change = change_of(batch);

	if (change != NULL && change->instead_of.bytes != NULL
	    && item_table_add(&batch->tables[RECORD_ORGANISATION], RECORD_ORGANISATION, change->instead_of) == NULL)
		batch_fail(batch, STATUS_NO_MEMORY);
#ifdef WITHOUT_SELLER_LOCK
	return;
#endif
	if (change != NULL && item_table_add(&batch->tables[RECORD_SELLER], RECORD_SELLER, change->seller) == NULL)
		batch_fail(batch, STATUS_NO_MEMORY);
}

static void on_assignments(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
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
	struct row row = {rows, 0};

	change->has_seller = row_bool(row, HAS_SELLER);
	change->seller_is_active = row_bool(row, SELLER_IS_ACTIVE);
	change->places = row_int(row, PLACES);
	change->taken = row_int(row, TAKEN);
	change->weakest = row_text(row, WEAKEST);
	change->weakest_name = row_text(row, WEAKEST_NAME);
	change->weakest_annual = row_is_null(row, WEAKEST_ANNUAL) ? -1 : row_int(row, WEAKEST_ANNUAL);
}

/** The first one may come while we look: only what sets another must see it. */
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
	params_text(&params, change->instead_of);
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

/** By hand where somebody has said something, else by the rules. */
static bool is_there(const struct item *item, const struct assignment_change *change)
{
	const struct standing *standing = &item->standing_before;

	if (item->assignment_before.exists)
		return is_put(&item->assignment_before, change);
	return standing->list == change->list && text_equal(standing->seller, change->seller);
}

static enum status hinder(struct assignment_change *change, enum assignment_hindrance hindrance)
{
	change->hindrance = hindrance;
	return STATUS_CONFLICT;
}

/** Who is there already may be put there again, whatever has become of the list. */
static enum status may_put(const struct item *item, const struct item *other, struct assignment_change *change)
{
	if (!change->has_seller)
		return STATUS_NOT_FOUND;
	if (other != NULL && (!is_visible(&other->after) || other->after.is_account || !is_there(other, change)))
		return hinder(change, ASSIGNMENT_NOT_INSTEAD);
	if (is_put(&item->assignment_before, change))
		return STATUS_OK;
	if (!change->seller_is_active)
		return hinder(change, ASSIGNMENT_SELLER_INACTIVE);
	if (!organisation_is_active(&item->after.record))
		return hinder(change, ASSIGNMENT_PROSPECT_INACTIVE);
	return change->taken < change->places ? STATUS_OK : hinder(change, ASSIGNMENT_FULL);
}

static enum status may_assign(const struct item *item, const struct item *other, struct assignment_change *change)
{
	if (!is_visible(&item->after))
		return STATUS_NOT_FOUND;
	if (change->takes_off)
		return is_there(item, change) ? STATUS_OK : STATUS_NOT_FOUND;
	return may_put(item, other, change);
}

static struct assignment assignment_to_be(const struct batch *batch, const struct assignment_change *change, bool is_off)
{
	return (struct assignment){.exists = true, .list = change->list, .seller = change->seller, .is_off = is_off,
		                    .reason = change->reason, .actor = batch->segments->job->actor, .at_us = batch->now_us};
}

static struct item *other_of(struct batch *batch, const struct assignment_change *change)
{
	return change->instead_of.bytes == NULL ? NULL : item_table_find(&batch->tables[RECORD_ORGANISATION], change->instead_of);
}

enum status batch_assign(struct batch *batch, struct item *item, struct write *write)
{
	struct assignment_change *change = write->assignment;
	struct item *other = other_of(batch, change);
	enum status status = may_assign(item, other, change);

	if (status != STATUS_OK)
		return status;
	if (other != NULL) {
		other->assignment_after = assignment_to_be(batch, change, true);
		write->effect = EFFECT_UPDATED;
	}
	if (!change->takes_off && is_put(&item->assignment_before, change) && text_equal(item->assignment_before.reason, change->reason))
		return STATUS_OK;
	write->effect = change->takes_off ? EFFECT_DELETED : item->assignment_before.exists ? EFFECT_UPDATED : EFFECT_CREATED;
	item->assignment_after = assignment_to_be(batch, change, change->takes_off);
	return STATUS_OK;
}

void batch_end_assignments(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	for (size_t i = 0; i < table->count; i++)
		if (table->items[i]->after.is_account)
			table->items[i]->assignment_after = (struct assignment){0};
}

static void send_assignment(struct batch *batch, const struct item *item)
{
	const struct write_job *job = batch->segments->job;
	const struct assignment *after = &item->assignment_after;

	if (!after->exists || after->at_us == item->assignment_before.at_us)
		return;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_text(&params, item->id);
	params_text(&params, after->seller);
	params_text(&params, text_of(list_name(after->list)));
	params_bool(&params, !after->is_off);
	params_text(&params, after->reason);
	params_instant(&params, after->at_us);
	params_text(&params, job->key_id);
	params_text(&params, job->actor);
	batch_send(batch, STATEMENT_WRITE_ASSIGNMENT, &params, NULL);
}

void batch_send_assignments(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	if (change_of(batch) == NULL)
		return;
	for (size_t i = 0; i < table->count; i++)
		send_assignment(batch, table->items[i]);
}
