/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch tells those who make provisional reviews: clients gained and lost, and what is recorded for the first
 * time, or was for the last. */
#include "batch.h"

static bool is_client(const struct stored_record *stored, const struct standing *standing)
{
	return standing->exists && is_visible(stored) && stored->is_account
	       && stored->record.value[ORGANISATION_STATUS].integer == ORGANISATION_ACTIVE
	       && standing->measures.revenue_12m > 0;
}

/** Something a client now records that the review in force had as not recorded in this book. */
static bool brings_something_new(const struct item *item, const struct review *review)
{
	const struct measures *m = &item->standing_after.measures;

	if (!is_client(&item->after, &item->standing_after))
		return false;
	return (review->full_reach == 0 && m->reach > 0) || (review->full_rhythm == 0 && m->rhythm > 0)
	       || (review->full_orders == 0 && m->orders > 0)
	       || (!review->initiative_available && m->directed > 0);
}

static bool has_line(const struct stored_record *stored, int field)
{
	return is_visible(stored) && is_filled(&stored->record, field) && text_field(&stored->record, field).length > 0;
}

/** As read_lines has it. */
static bool offers_line(const struct stored_record *stored, int32_t day)
{
	const struct record *record = &stored->record;

	if (record->kind == RECORD_REVENUE)
		return has_line(stored, REVENUE_LINE) && record->value[REVENUE_ON].integer <= day;
	bool is_open = !is_filled(record, DEAL_STAGE) || record->value[DEAL_STAGE].integer == STAGE_OPEN;
	return has_line(stored, DEAL_LINE) && (is_open || is_filled(record, DEAL_CLOSED_ON))
	       && (!is_filled(record, DEAL_OPENED_ON) || record->value[DEAL_OPENED_ON].integer <= day);
}

/** The first line of the book, whoever buys it or may: breadth and white space can be told now. */
static bool brings_first_line(const struct batch *batch)
{
	static const enum record_kind kinds[] = {RECORD_DEAL, RECORD_REVENUE};
	const struct review *review = batch->rules.review;

	if (review == NULL || !review->has_key_cutoff || review->lines_offered > 0 || batch->rules.policy->lines_stated)
		return false;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0; i < batch->tables[kinds[k]].count; i++) {
			const struct item *item = batch->tables[kinds[k]].items[i];

			if (item->is_dirty && offers_line(&item->after, batch->in_force.day))
				return true;
		}
	return false;
}

/** The source of revenue was frozen as deals because there were no entries; the first entry would decide it otherwise. */
static bool brings_revenue_entries(const struct batch *batch)
{
	if (batch->rules.policy->revenue_from != REVENUE_AUTO || batch->rules.review == NULL
	    || batch->rules.review->revenue_source != REVENUE_FROM_DEALS)
		return false;
	const struct item_table *table = &batch->tables[RECORD_REVENUE];
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i]->is_dirty && is_visible(&table->items[i]->after)
		    && table->items[i]->after.record.value[REVENUE_ON].integer <= batch->in_force.day)
			return true;
	return false;
}

/* ---- What may have gone with the last that recorded it ---- */

enum loss { LOSS_REACH, LOSS_RHYTHM, LOSS_ORDERS, LOSS_INITIATIVE, LOSS_ENTRIES, LOSS_LINES, LOSSES };

static bool loses(const struct item *item, int64_t before, int64_t after)
{
	return is_client(&item->before, &item->standing_before) && before > 0 && !(is_client(&item->after, &item->standing_after) && after > 0);
}

static void note_client(const struct item *item, const struct review *review, bool lost[LOSSES])
{
	const struct measures *a = &item->standing_before.measures, *b = &item->standing_after.measures;

	lost[LOSS_REACH] |= review->full_reach > 0 && loses(item, a->reach, b->reach);
	lost[LOSS_RHYTHM] |= review->full_rhythm > 0 && loses(item, a->rhythm, b->rhythm);
	lost[LOSS_ORDERS] |= review->full_orders > 0 && loses(item, a->orders, b->orders);
	lost[LOSS_INITIATIVE] |= review->initiative_available && loses(item, a->directed, b->directed);
}

static bool counts_as_entry(const struct stored_record *stored, int32_t day)
{
	return stored->record.kind == RECORD_REVENUE && is_visible(stored) && stored->record.value[REVENUE_ON].integer <= day;
}

static void note_fact(const struct item *item, const struct batch *batch, bool lost[LOSSES])
{
	const struct policy *policy = batch->rules.policy;
	const struct review *review = batch->rules.review;
	int32_t day = batch->in_force.day;

	lost[LOSS_ENTRIES] |= policy->revenue_from == REVENUE_AUTO && review->revenue_source != REVENUE_FROM_DEALS
	                      && counts_as_entry(&item->before, day) && !counts_as_entry(&item->after, day);
	lost[LOSS_LINES] |= review->lines_offered > 0 && !policy->lines_stated && offers_line(&item->before, day)
	                    && !offers_line(&item->after, day);
}

/** Facts of an organisation that is hidden are nobody's any more. */
static void note_hidden(const struct item *item, const struct batch *batch, bool lost[LOSSES])
{
	if (!is_visible(&item->before) || is_shown(item))
		return;
	lost[LOSS_ENTRIES] |= batch->rules.policy->revenue_from == REVENUE_AUTO && batch->rules.review->revenue_source != REVENUE_FROM_DEALS;
	lost[LOSS_LINES] |= batch->rules.review->lines_offered > 0 && !batch->rules.policy->lines_stated;
}

/** Whether anybody else still records it, the database knows. */
static void send_losses(struct batch *batch)
{
	static const enum record_kind kinds[] = {RECORD_DEAL, RECORD_REVENUE};
	const struct item_table *organisations = &batch->tables[RECORD_ORGANISATION];
	bool lost[LOSSES] = {false}, any = false;

	for (size_t i = 0; i < organisations->count; i++) {
		note_client(organisations->items[i], batch->rules.review, lost);
		note_hidden(organisations->items[i], batch, lost);
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0; i < batch->tables[kinds[k]].count; i++)
			if (batch->tables[kinds[k]].items[i]->is_dirty)
				note_fact(batch->tables[kinds[k]].items[i], batch, lost);
	for (size_t i = 0; i < LOSSES; i++)
		any |= lost[i];
	if (!any)
		return;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	for (size_t i = 0; i < LOSSES; i++)
		params_bool(&params, lost[i]);
	batch_send(batch, STATEMENT_SIGNAL_LOSS, &params, NULL);
}

/* ---- All ---- */

void batch_send_signal(struct batch *batch)
{
	const struct review *review = batch->rules.review;
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	if (review != NULL && !review->provisional)
		return;
	int32_t clients = 0;
	bool decisive = brings_revenue_entries(batch) || brings_first_line(batch);
	for (size_t i = 0; i < table->count; i++) {
		const struct item *item = table->items[i];

		clients += is_client(&item->after, &item->standing_after) - is_client(&item->before, &item->standing_before);
		decisive |= review == NULL ? is_shown(item) : brings_something_new(item, review);
	}
	if (review != NULL && !decisive)
		send_losses(batch);
	if (clients == 0 && !decisive)
		return;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_int4(&params, clients);
	params_bool(&params, decisive);
	batch_send(batch, STATEMENT_SIGNAL_REVIEW, &params, NULL);
}
