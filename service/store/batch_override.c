/* SPDX-License-Identifier: Apache-2.0 */
/* Tiers and lists set by hand, set and withdrawn. They end by being read; the history of that is written by the flip. */
#include "batch.h"

#include <sweetspot/calendar.h>

/* Columns of read_overrides behind the override. */
enum { COLUMN_ID, COLUMN_OVERRIDE };

static void on_overrides(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text(row, COLUMN_ID));

		if (item == NULL)
			continue;
		int behind = override_read_whole(row, COLUMN_OVERRIDE, &item->override_before);
		item->override_shown = row_json(row, behind);
		item->override_after = item->override_before;
	}
}

/** The first one may come while we look: only what sets another must see it. */
bool batch_knows_overrides(const struct batch *batch)
{
	return batch->in_force.has_overrides || batch->segments->job->cause == CAUSE_OVERRIDE;
}

void batch_read_overrides(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	if (!batch_knows_overrides(batch))
		return;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, table->items, table->count, NULL);
	batch_send(batch, STATEMENT_READ_OVERRIDES, &params, on_overrides);
}

static bool says_the_same(const struct override *a, const struct override *b)
{
	return a->exists && a->tier == b->tier && a->has_list == b->has_list && a->list == b->list && a->until == b->until
	       && text_equal(a->reason, b->reason);
}

static bool stands(const struct override *override, int64_t if_match)
{
	if (if_match == 0)
		return true;
	return override->exists && (if_match < 0 || if_match == override->set_at_us);
}

enum status batch_override(struct batch *batch, struct item *item, struct write *write)
{
	struct override_change *change = write->override;

	if (!is_visible(&item->after) || (change->withdraws && !item->override_before.exists && change->if_match == 0))
		return STATUS_NOT_FOUND;
	if (!stands(&item->override_before, change->if_match))
		return STATUS_PRECONDITION_FAILED;
	change->before = item->override_before;
	change->after = change->withdraws ? (struct override){0} : change->override;
	if (!change->withdraws) {
		change->after.exists = true;
		change->after.day = batch->in_force.day;
		change->after.set_at_us = batch->now_us;
		change->after.actor = batch->segments->job->actor;
		change->after.key_id = batch->segments->job->key_id;
		if (change->after.until == DAY_NONE)
			change->after.until = batch->in_force.day + batch->rules.policy->keep_days;
	}
	if (!change->withdraws && says_the_same(&change->before, &change->after))
		change->after = change->before;
	else
		write->effect = change->withdraws ? EFFECT_DELETED : change->before.exists ? EFFECT_UPDATED : EFFECT_CREATED;
	item->override_after = change->after;
	return STATUS_OK;
}

static void send_override(struct batch *batch, struct text id, const struct override *override)
{
	struct params params = params_in(batch->arena);

	params_int8(&params, batch->workspace);
	params_text(&params, id);
	params_text(&params, text_of(tier_name(override->tier)));
	params_text(&params, override->has_list ? text_of(list_name(override->list)) : (struct text){0});
	params_text(&params, override->reason);
	params_day(&params, override->until);
	params_day(&params, override->day);
	params_instant(&params, override->set_at_us);
	params_text(&params, override->key_id);
	params_text(&params, override->actor);
	batch_send(batch, STATEMENT_WRITE_OVERRIDE, &params, NULL);
}

static void send_withdrawal(struct batch *batch, struct text id)
{
	struct params params = params_in(batch->arena);

	params_int8(&params, batch->workspace);
	params_text(&params, id);
	batch_send(batch, STATEMENT_WITHDRAW_OVERRIDE, &params, NULL);
}

void batch_send_overrides(struct batch *batch)
{
	for (const struct segment *s = batch->segments; s != NULL; s = s->next)
		for (size_t i = s->from; i < s->to; i++) {
			const struct write *write = &s->job->writes[i];

			if (write->override == NULL || write->status != STATUS_OK || write->effect == EFFECT_UNCHANGED)
				continue;
			if (write->override->withdraws)
				send_withdrawal(batch, write->record.id);
			else
				send_override(batch, write->record.id, &write->override->after);
		}
}
