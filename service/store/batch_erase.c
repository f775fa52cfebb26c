/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing: which rows leave which tables for good, and what is left to remember. Hiding (DELETE) is a merge like any other. */
#include "batch.h"

#include <sweetspot/digest.h>

#include "columns.h"

static const enum statement erase_statements[RECORD_KINDS] = {
	[RECORD_SELLER] = STATEMENT_ERASE_SELLER, [RECORD_ORGANISATION] = STATEMENT_ERASE_ORGANISATION,
	[RECORD_CONTACT] = STATEMENT_ERASE_CONTACT, [RECORD_DEAL] = STATEMENT_ERASE_DEAL,
	[RECORD_ACTIVITY] = STATEMENT_ERASE_ACTIVITY, [RECORD_REVENUE] = STATEMENT_ERASE_REVENUE,
};

enum status batch_erase(struct item *item, struct write *write)
{
	if (!item->before.exists)
		return STATUS_NOT_FOUND;
	item->is_erasing = true;
	item->after.deleted = true;
	write->effect = EFFECT_DELETED;
	return STATUS_OK;
}

static bool is_erasing(const struct item *item)
{
	return item->is_erasing;
}

/** Whoever an erased seller owned, sold to or touched has its seller and its sums made anew. */
static void on_homes(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct item *item = item_table_add(&batch->tables[RECORD_ORGANISATION], RECORD_ORGANISATION, row_text((struct row){rows, i}, 0));

		if (item == NULL)
			continue;
		item->touched = TOUCHED_ALL;
		item->lost_seller = true;
	}
}

static bool any_erasing(const struct item_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i]->is_erasing)
			return true;
	return false;
}

void batch_find_homes_of_erased_sellers(struct batch *batch)
{
	struct item_table *sellers = &batch->tables[RECORD_SELLER];

	if (!any_erasing(sellers))
		return;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, sellers->items, sellers->count, is_erasing);
	batch_send(batch, STATEMENT_READ_HOMES_OF_SELLERS, &params, on_homes);
}

void batch_forget_erased_sellers(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	for (size_t i = 0; i < table->count; i++) {
		struct record *record = &table->items[i]->after.record;

		if (!table->items[i]->lost_seller || !is_filled(record, ORGANISATION_SELLER))
			continue;
		const struct item *seller = item_table_find(&batch->tables[RECORD_SELLER], record->value[ORGANISATION_SELLER].text);
		if (seller != NULL && seller->is_erasing)
			record->filled &= ~(UINT32_C(1) << ORGANISATION_SELLER);
	}
}

static bool lost_seller(const struct item *item)
{
	return item->lost_seller;
}

static void send_rebuilding(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	struct columns margins = {0};

	columns_init(&margins, &(const enum array_type){ARRAY_INT4}, 1);
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i]->lost_seller)
			array_add_int(&margins.column[0], effective_margin_pct(&table->items[i]->after.record, batch->rules.policy));
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, table->items, table->count, lost_seller);
	if (margins.column[0].count > 0) {
		batch_send(batch, STATEMENT_REBUILD_TOUCH_PAIRS, &params, NULL);
		columns_params(&margins, &params);
		batch_send(batch, STATEMENT_REBUILD_DEAL_DAYS, &params, NULL);
	}
	columns_release(&margins);
}

static void send_erasing(struct batch *batch, enum record_kind kind, const struct item *item)
{
	uint8_t hmac[DIGEST_BYTES];
	struct params id = params_in(batch->arena), memory = params_in(batch->arena);
	enum status status = digest_hmac_sha256(batch->in_force.secret, item->id, hmac);

	if (status != STATUS_OK) {
		batch_fail(batch, status);
		return;
	}
	params_int8(&id, batch->workspace);
	params_text(&id, item->id);
	batch_send(batch, erase_statements[kind], &id, NULL);
	params_int8(&memory, batch->workspace);
	params_text(&memory, text_of(record_shape(kind)->noun));
	params_bytes(&memory, hmac, sizeof(hmac));
	params_text(&memory, item->id);
	batch_send(batch, STATEMENT_REMEMBER_ERASED, &memory, NULL);
}

/* ---- Remembering: an HMAC of the id, which comes back by a PUT alone ---- */

/** Kinds and HMACs side by side, as read_erased.sql takes them. */
static enum status add_hmacs(struct batch *batch, struct columns *columns, enum record_kind kind, const struct item_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		uint8_t hmac[DIGEST_BYTES];
		enum status status = digest_hmac_sha256(batch->in_force.secret, table->items[i]->id, hmac);

		if (status != STATUS_OK)
			return status;
		array_add_text(&columns->column[0], text_of(record_shape(kind)->noun));
		array_add_text(&columns->column[1], (struct text){(const char *)hmac, DIGEST_BYTES});
	}
	return STATUS_OK;
}

static void mark_erased(struct batch *batch, struct item_table *table, struct text hmac)
{
	for (size_t i = 0; i < table->count; i++) {
		uint8_t own[DIGEST_BYTES];

		if (digest_hmac_sha256(batch->in_force.secret, table->items[i]->id, own) != STATUS_OK)
			batch_fail(batch, STATUS_NO_MEMORY);
		else if (text_equal(hmac, (struct text){(const char *)own, DIGEST_BYTES}))
			table->items[i]->is_erased = true;
	}
}

static void on_erased(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};

		for (size_t kind = 0; kind < RECORD_KINDS; kind++) {
			if (!text_equal(row_text(row, 0), text_of(record_shape((enum record_kind)kind)->noun)))
				continue;
			mark_erased(batch, &batch->tables[kind], row_text(row, 1));
			mark_erased(batch, &batch->referred[kind], row_text(row, 1));
		}
	}
}

static void collect_references(struct batch *batch, const struct record *record)
{
	const struct record_shape *shape = record_shape(record->kind);

	for (size_t i = 0; i < shape->field_count; i++)
		if (shape->fields[i].kind == FIELD_REFERENCE && is_filled(record, (int)i))
			item_table_add(&batch->referred[shape->fields[i].refers_to], shape->fields[i].refers_to, record->value[i].text);
}

void batch_read_erased(struct batch *batch)
{
	struct columns columns = {0};
	enum status status = STATUS_OK;

	for (const struct segment *s = batch->segments; s != NULL; s = s->next)
		for (size_t i = s->from; i < s->to; i++)
			collect_references(batch, &s->job->writes[i].record);
	columns_init(&columns, (const enum array_type[]){ARRAY_TEXT, ARRAY_BYTEA}, 2);
	for (size_t kind = 0; kind < RECORD_KINDS && status == STATUS_OK; kind++) {
		status = add_hmacs(batch, &columns, (enum record_kind)kind, &batch->tables[kind]);
		if (status == STATUS_OK)
			status = add_hmacs(batch, &columns, (enum record_kind)kind, &batch->referred[kind]);
	}
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	columns_params(&columns, &params);
	columns_release(&columns);
	if (status != STATUS_OK)
		batch_fail(batch, status);
	else
		batch_send(batch, STATEMENT_READ_ERASED, &params, on_erased);
}

bool batch_may_refer(struct batch *batch, struct write *write)
{
	const struct record_shape *shape = record_shape(write->kind);
	bool may = true;

	for (size_t i = 0; i < shape->field_count; i++) {
		if (shape->fields[i].kind != FIELD_REFERENCE || !is_filled(&write->record, (int)i))
			continue;
		const struct item *named = item_table_find(&batch->referred[shape->fields[i].refers_to], write->record.value[i].text);
		if (named == NULL || !named->is_erased)
			continue;
		problems_add(&write->problems, pointer_join(write->problems.arena, TEXT(""), text_of(shape->fields[i].name)),
		             "was erased, and does not come back by being referred to");
		may = false;
	}
	return may;
}

static void send_forgetting(struct batch *batch, enum record_kind kind, const struct item *item)
{
	uint8_t hmac[DIGEST_BYTES];
	struct params params = params_in(batch->arena);
	enum status status = digest_hmac_sha256(batch->in_force.secret, item->id, hmac);

	if (status != STATUS_OK) {
		batch_fail(batch, status);
		return;
	}
	params_int8(&params, batch->workspace);
	params_text(&params, text_of(record_shape(kind)->noun));
	params_bytes(&params, hmac, sizeof(hmac));
	batch_send(batch, STATEMENT_FORGET_ERASED, &params, NULL);
}

void batch_send_erasing(struct batch *batch)
{
	for (size_t kind = 0; kind < RECORD_KINDS; kind++)
		for (size_t i = 0; i < batch->tables[kind].count; i++)
			if (batch->tables[kind].items[i]->is_erased && batch->tables[kind].items[i]->is_dirty)
				send_forgetting(batch, (enum record_kind)kind, batch->tables[kind].items[i]);
	for (size_t kind = 0; kind < RECORD_KINDS; kind++)
		for (size_t i = 0; i < batch->tables[kind].count; i++)
			if (batch->tables[kind].items[i]->is_erasing)
				send_erasing(batch, (enum record_kind)kind, batch->tables[kind].items[i]);
	if (any_erasing(&batch->tables[RECORD_SELLER]))
		send_rebuilding(batch);
}
