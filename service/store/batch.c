/* SPDX-License-Identifier: Apache-2.0 */
/* The order of events in a write transaction. What writes mean: batch_merge.c, deltas.c, batch_score.c; who travels in it: write_lane.c. */
#include "batch.h"

#include <string.h>

#include <sweetspot/calendar.h>
#include <sweetspot/clock.h>
#include <sweetspot/digest.h>
#include <sweetspot/log.h>

#include "columns.h"
#include "values.h"

/* Facts before organisations, contacts before the activities that lean on them: every batch locks in this order, by id within a kind. */
static const enum record_kind lock_order[] = {RECORD_CONTACT, RECORD_SELLER, RECORD_DEAL, RECORD_ACTIVITY, RECORD_REVENUE};
#define LOCK_ORDER_LENGTH (sizeof(lock_order) / sizeof(*lock_order))

struct kind_statements {
	enum statement lock, insert, update;
};
static const struct kind_statements kind_statements[RECORD_KINDS] = {
	[RECORD_SELLER] = {STATEMENT_LOCK_SELLERS, STATEMENT_INSERT_SELLERS, STATEMENT_UPDATE_SELLERS},
	[RECORD_ORGANISATION] = {STATEMENT_LOCK_ORGANISATIONS, STATEMENT_INSERT_ORGANISATIONS, STATEMENT_UPDATE_ORGANISATIONS},
	[RECORD_CONTACT] = {STATEMENT_LOCK_CONTACTS, STATEMENT_INSERT_CONTACTS, STATEMENT_UPDATE_CONTACTS},
	[RECORD_DEAL] = {STATEMENT_LOCK_DEALS, STATEMENT_INSERT_DEALS, STATEMENT_UPDATE_DEALS},
	[RECORD_ACTIVITY] = {STATEMENT_LOCK_ACTIVITIES, STATEMENT_INSERT_ACTIVITIES, STATEMENT_UPDATE_ACTIVITIES},
	[RECORD_REVENUE] = {STATEMENT_LOCK_REVENUE, STATEMENT_INSERT_REVENUE, STATEMENT_UPDATE_REVENUE},
};

/* What another worker commits while a batch waits for its locks must be in what is measured behind them: each statement sees for itself. */
#ifdef WITHOUT_LATER_LOOK
#define SNAPSHOTS STATEMENT_BEGIN_REPEATABLE_READ
#else
#define SNAPSHOTS STATEMENT_BEGIN
#endif

/* ---- Sending and waiting ---- */

struct sent {
	struct link_entry entry;
	struct batch *batch;
	void (*on_rows)(struct batch *batch, const PGresult *rows);
	bool is_insert;  /* a key that is there means that somebody was faster: STATUS_RETRY */
};

static void end(struct batch *batch, enum status status)
{
	batch->on_end(batch, status);
}

static void on_rolled_back(struct link_entry *entry, enum status status, PGresult *result)
{
	struct batch *batch = entry->owner;

	(void)status;
	PQclear(result);
	end(batch, batch->refused_atomic ? STATUS_INVALID : batch->failure);
}

/** Without its ROLLBACK the session stays in the failed transaction: the next one gets another. */
static void on_rollback_answer(struct link_entry *entry, enum status status, PGresult *result)
{
	struct batch *batch = entry->owner;

	PQclear(result);
	if (status != STATUS_OK)
		link_reset(batch->link);
}

void batch_roll_back(struct batch *batch)
{
	struct link_entry *rollback = arena_alloc(batch->arena, sizeof(*rollback));

	batch->sync_entry = (struct link_entry){.on_answer = on_rolled_back, .owner = batch};
	if (rollback == NULL) {
		link_reset(batch->link);
		end(batch, batch->failure);
		return;
	}
	*rollback = (struct link_entry){.on_answer = on_rollback_answer, .owner = batch};
	if (link_query(batch->link, STATEMENT_ROLLBACK, NULL, rollback) != STATUS_OK || link_sync(batch->link, &batch->sync_entry) != STATUS_OK)
		end(batch, batch->failure);
}

/** The pipeline has skipped to its Sync, but the session is still inside the failed BEGIN. */
static void on_skipped(struct link_entry *entry, enum status status, PGresult *result)
{
	(void)status;
	PQclear(result);
	batch_roll_back(entry->owner);
}

static void give_up(struct batch *batch)
{
	batch->sync_entry = (struct link_entry){.on_answer = on_skipped, .owner = batch};
	if (batch->is_broken || link_sync(batch->link, &batch->sync_entry) != STATUS_OK)
		end(batch, batch->failure);
}

static void advance(struct batch *batch)
{
	if (batch->awaited > 0 || batch->commit_sent)
		return;
	if (batch->failure != STATUS_OK || batch->refused_atomic) {
		give_up(batch);
		return;
	}
	void (*phase)(struct batch *) = batch->next_phase;
	batch->next_phase = NULL;
	phase(batch);
}

static void clear_result(void *result)
{
	PQclear(result);
}

/** What nobody had when the batch looked for it is inserted plainly, for ON CONFLICT costs every row a second look. */
static bool was_overtaken(const struct sent *sent, const PGresult *result)
{
	return sent->is_insert && has_code(result, "23505");
}

static void on_sent_answer(struct link_entry *entry, enum status status, PGresult *result)
{
	struct sent *sent = entry->owner;
	struct batch *batch = sent->batch;

	if (was_overtaken(sent, result))
		status = STATUS_RETRY;
	/* The workspace as a whole is locked for a moment by reviews; a row, by whoever has a reason to. */
	if (entry->statement != STATEMENT_LOCK_WORKSPACE_SHARED)
		batch->is_blocked |= has_code(result, "55P03");
	if (entry->statement == STATEMENT_ADD_REVENUE_DAYS || entry->statement == STATEMENT_ADD_ACTIVITY_DAYS)
		batch->is_out_of_range |= has_code(result, "22003");
	if (result != NULL && arena_link(batch->arena, clear_result, result) != STATUS_OK)
		status = status == STATUS_OK ? STATUS_NO_MEMORY : status;
	else if (status == STATUS_INTERNAL && batch->refusal == NULL) {
		batch->refusal = result;
		batch->refused = entry->statement;
	}
	if (status == STATUS_UNAVAILABLE && !entry->aborted)
		batch->is_broken = true;
	if (status != STATUS_OK && (batch->failure == STATUS_OK || (batch->failure == STATUS_RETRY && !entry->aborted)))
		batch->failure = status;
	if (status == STATUS_OK && sent->on_rows != NULL && batch->failure == STATUS_OK)
		sent->on_rows(batch, result);
	batch->awaited--;
	advance(batch);
}

void batch_fail(struct batch *batch, enum status status)
{
	if (batch->failure == STATUS_OK)
		batch->failure = status;
}

static void send(struct batch *batch, enum statement statement, const struct params *params,
                 void (*on_rows)(struct batch *batch, const PGresult *rows), bool is_insert)
{
	struct sent *sent = arena_alloc(batch->arena, sizeof(*sent));

	if (sent == NULL || batch->failure != STATUS_OK) {
		batch_fail(batch, STATUS_NO_MEMORY);
		return;
	}
	*sent = (struct sent){.entry = {.on_answer = on_sent_answer}, .batch = batch, .on_rows = on_rows,
	                       .is_insert = is_insert};
	sent->entry.owner = sent;
	enum status status = link_query(batch->link, statement, params, &sent->entry);
	if (status == STATUS_OK)
		batch->awaited++;
	else
		batch_fail(batch, status);
}

void batch_send(struct batch *batch, enum statement statement, const struct params *params,
                void (*on_rows)(struct batch *batch, const PGresult *rows))
{
	send(batch, statement, params, on_rows, false);
}

void batch_then(struct batch *batch, void (*next_phase)(struct batch *batch))
{
	batch->next_phase = next_phase;
	if (batch->awaited > 0)
		link_request_flush(batch->link);
	else
		advance(batch);
}

/* ---- Phases ---- */

static void load_sellers(struct batch *batch, const PGresult *rows)
{
	batch_load_rows(batch, RECORD_SELLER, rows);
}

static void load_organisations(struct batch *batch, const PGresult *rows)
{
	batch_load_rows(batch, RECORD_ORGANISATION, rows);
}

static void load_contacts(struct batch *batch, const PGresult *rows)
{
	batch_load_rows(batch, RECORD_CONTACT, rows);
}

static void load_deals(struct batch *batch, const PGresult *rows)
{
	batch_load_rows(batch, RECORD_DEAL, rows);
}

static void load_activities(struct batch *batch, const PGresult *rows)
{
	batch_load_rows(batch, RECORD_ACTIVITY, rows);
}

static void load_revenue(struct batch *batch, const PGresult *rows)
{
	batch_load_rows(batch, RECORD_REVENUE, rows);
}

static void (*const load_rows[RECORD_KINDS])(struct batch *batch, const PGresult *rows) = {
	[RECORD_SELLER] = load_sellers, [RECORD_ORGANISATION] = load_organisations, [RECORD_CONTACT] = load_contacts,
	[RECORD_DEAL] = load_deals, [RECORD_ACTIVITY] = load_activities, [RECORD_REVENUE] = load_revenue,
};

static bool is_not_loaded(const struct item *item)
{
	return !item->before.exists && !item->is_erased;
}

static void send_locks(struct batch *batch, enum record_kind kind)
{
	struct item_table *table = &batch->tables[kind];

	if (table->count == 0)
		return;
	item_table_sort(table);
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, table->items, table->count, is_not_loaded);
	batch_send(batch, kind_statements[kind].lock, &params, load_rows[kind]);
}

static void on_in_force(struct batch *batch, const PGresult *rows)
{
	if (PQntuples(rows) == 0) {
		batch_fail(batch, STATUS_NOT_FOUND);
		return;
	}
	struct row row = {rows, 0};
	batch->in_force = (struct in_force){
		.day = row_day(row, 0),
		.policy = (int32_t)row_int(row, 1),
		.review = (int32_t)row_int(row, 2),
		.epoch = (int32_t)row_int(row, 3),
		.next_epoch = (int32_t)row_int(row, 4),
		.next_is_writing = text_equal(row_text(row, 5), TEXT("writing")),
		.next_day = row_day(row, 6),
		.next_policy = (int32_t)row_int(row, 7),
		.next_review = (int32_t)row_int(row, 8),
		.secret = row_text(row, 9),
		.has_erased = row_bool(row, 10),
		.edition = (int32_t)row_int(row, 11),
		.has_overrides = row_bool(row, 12),
		.has_assignments = row_bool(row, 13),
	};
}

static void send_patience(struct batch *batch)
{
	struct params params = params_in(batch->arena);

	params_int8(&params, batch->lock_ms);
	batch_send(batch, STATEMENT_LIMIT_LOCK_WAIT, &params, NULL);
}

static void after_locks(struct batch *batch);

void batch_start(struct batch *batch)
{
	batch->now_us = clock_now_us();
	for (size_t i = 0; i < RECORD_KINDS; i++)
		batch->tables[i] = batch->referred[i] = item_table_in(batch->arena);
	for (struct segment *s = batch->segments; s != NULL; s = s->next) {
		batch->is_atomic |= s->job->atomic;
		for (size_t i = s->from; i < s->to; i++)
			if (item_table_add(&batch->tables[s->job->writes[i].kind], s->job->writes[i].kind, s->job->writes[i].record.id) == NULL)
				batch_fail(batch, STATUS_NO_MEMORY);
	}
	batch_add_those_beside_assignments(batch);
	struct params workspace = params_in(batch->arena);
	params_int8(&workspace, batch->workspace);
	batch->awaited++;  /* held until everything is sent, so that on_end never comes inside */
	if (!batch->continues)
		batch_send(batch, SNAPSHOTS, NULL, NULL);
	if (batch->lock_ms > 0)
		send_patience(batch);
	batch_send(batch, STATEMENT_LOCK_WORKSPACE_SHARED, &workspace, NULL);
	batch_send(batch, STATEMENT_READ_IN_FORCE, &workspace, on_in_force);
	for (size_t i = 0; i < LOCK_ORDER_LENGTH; i++)
		send_locks(batch, lock_order[i]);
	batch->awaited--;
	batch_then(batch, after_locks);
}

/* ---- Rules: from the cache, or asked for while the transaction waits ---- */

static void find_rules(struct batch *batch);

static void on_rules(struct rules_ask *ask, enum status status, struct rules rules)
{
	struct batch *batch = ask->owner;

	(void)rules;
	batch->awaited--;
	if (status != STATUS_OK)
		batch_fail(batch, status == STATUS_INTERNAL ? STATUS_INTERNAL : STATUS_RETRY);
	batch->next_phase = find_rules;
	advance(batch);
}

static void ask_rules(struct batch *batch, int32_t policy, int32_t review)
{
	batch->rules_ask = (struct rules_ask){.workspace = batch->workspace, .policy = policy, .review = review,
		                               .deadline_us = batch->deadline_us, .on_done = on_rules, .owner = batch};
	batch->awaited++;
	store_rules_ask(batch->store, &batch->rules_ask);
}

static void merge_facts(struct batch *batch);

static void look_for_erased(struct batch *batch)
{
	if (batch->in_force.has_erased)
		batch_read_erased(batch);
	batch_then(batch, merge_facts);
}

/** The cache may push them out while the batch lives: held until its arena goes. */
static bool take_rules(struct batch *batch, int32_t policy, int32_t review, struct rules *rules)
{
	if (!store_rules_find(batch->store, batch->workspace, policy, review, rules))
		return false;
	enum status status = store_rules_hold(batch->store, *rules, batch->arena);
	if (status != STATUS_OK)
		batch_fail(batch, status);
	return true;
}

static void find_rules(struct batch *batch)
{
	const struct in_force *now = &batch->in_force;

	if (!take_rules(batch, now->policy, now->review, &batch->rules))
		ask_rules(batch, now->policy, now->review);
	else if (now->next_is_writing && !take_rules(batch, now->next_policy, now->next_review, &batch->next_rules))
		ask_rules(batch, now->next_policy, now->next_review);
	else
		look_for_erased(batch);
}

static void after_locks(struct batch *batch)
{
	find_rules(batch);
}

/* ---- Facts, and what they drag in: contacts of activities, activities of contacts that moved ---- */

static void lock_organisations(struct batch *batch);

static bool contact_has_moved(const struct item *item)
{
	return item->before.exists && item->is_dirty
	       && !text_equal(text_field(&item->before.record, CONTACT_ORGANISATION), text_field(&item->after.record, CONTACT_ORGANISATION));
}

static bool contact_changes_homes(const struct item *item)
{
	return item->before.exists && item->is_dirty && (contact_has_moved(item) || item->before.deleted != item->after.deleted);
}

static void on_followers(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++)
		item_table_add(&batch->tables[RECORD_ACTIVITY], RECORD_ACTIVITY, row_text((struct row){rows, i}, 0));
	for (int i = 0; i < PQntuples(rows); i++) {
		struct text home = row_text((struct row){rows, i}, 1);
		struct item *item = home.length == 0 ? NULL : item_table_add(&batch->tables[RECORD_ORGANISATION], RECORD_ORGANISATION, home);

		if (item != NULL)
			item->touched = TOUCHED_ALL;
	}
}

/** The activities of a contact that moved are locked a second time with their rows, now that their ids are known. */
static void load_followers(struct batch *batch)
{
	send_locks(batch, RECORD_ACTIVITY);
	batch_then(batch, lock_organisations);
}

static size_t count_items(const struct item_table *table, bool (*is_wanted)(const struct item *item))
{
	size_t count = 0;

	for (size_t i = 0; i < table->count; i++)
		count += is_wanted(table->items[i]);
	return count;
}

/** Activities that lean on a contact the batch has not seen bring it in, as a stub if need be. */
static bool add_missing_contacts(struct batch *batch)
{
	struct item_table *activities = &batch->tables[RECORD_ACTIVITY], *contacts = &batch->tables[RECORD_CONTACT];
	size_t known = contacts->count;

	for (size_t i = 0; i < activities->count; i++) {
		const struct record *after = &activities->items[i]->after.record;

		if (activities->items[i]->is_dirty && is_filled(after, ACTIVITY_CONTACT))
			item_table_add(contacts, RECORD_CONTACT, after->value[ACTIVITY_CONTACT].text);
	}
	return contacts->count > known;
}

static void send_contact_stubs(struct batch *batch)
{
	struct item_table *contacts = &batch->tables[RECORD_CONTACT];

	item_table_sort(contacts);
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, contacts->items, contacts->count, is_not_loaded);
	params_instant(&params, batch->now_us);
	batch_send(batch, STATEMENT_CREATE_STUB_CONTACTS, &params, NULL);
	send_locks(batch, RECORD_CONTACT);
}

static void merge_facts(struct batch *batch)
{
	batch_merge_facts(batch);
	struct item_table *contacts = &batch->tables[RECORD_CONTACT];
	size_t moved = count_items(contacts, contact_changes_homes);
	if (moved > 0) {
		struct params params = params_in(batch->arena);

		params_int8(&params, batch->workspace);
		params_ids(&params, contacts->items, contacts->count, contact_changes_homes);
		batch_send(batch, STATEMENT_LOCK_ACTIVITIES_OF_CONTACTS, &params, on_followers);
	}
	batch_find_homes_of_erased_sellers(batch);
	if (add_missing_contacts(batch))
		send_contact_stubs(batch);
	batch_then(batch, moved > 0 ? load_followers : lock_organisations);
}

/* ---- Organisations ---- */

static void on_standings(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text(row, 0));

		if (item != NULL)
			standing_read(row, 1, &item->standing_before);
	}
}

static void write_all(struct batch *batch);

static void lock_organisations(struct batch *batch)
{
	struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	batch_collect_organisations(batch);
	if (table->failed) {
		batch_fail(batch, STATUS_NO_MEMORY);
		batch_then(batch, NULL);
		return;
	}
	send_locks(batch, RECORD_ORGANISATION);
	if (table->count > 0) {
		struct params params = params_in(batch->arena);

		params_int8(&params, batch->workspace);
		params_ids(&params, table->items, table->count, NULL);
		batch_send(batch, STATEMENT_READ_STANDINGS, &params, on_standings);
		batch_read_overrides(batch);
		batch_read_assignments(batch);
	}
	batch_then(batch, write_all);
}

/* ---- Writing ---- */

static bool is_new(const struct item *item)
{
	return item->is_dirty && !item->before.exists && item->after.exists;
}

static bool is_changed(const struct item *item)
{
	return item->is_dirty && item->before.exists && !item->is_erasing;
}

static void send_rows(struct batch *batch, enum record_kind kind, bool (*is_wanted)(const struct item *item), enum statement statement,
                      bool is_insert)
{
	struct item_table *table = &batch->tables[kind];
	size_t count = count_items(table, is_wanted);

	if (count == 0)
		return;
	struct columns columns = {0};
	record_columns_init(&columns, kind);
	enum status status = STATUS_OK;
	for (size_t i = 0; i < table->count && status == STATUS_OK; i++)
		if (is_wanted(table->items[i]))
			status = record_columns_add(&columns, table->items[i], batch->arena);
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	columns_params(&columns, &params);
	columns_release(&columns);
	if (status != STATUS_OK)
		batch_fail(batch, status);
	else
		send(batch, statement, &params, NULL, is_insert);
}

/** The sellers that changed records name, each once; one that nobody has described becomes a stub. */
static void add_named_sellers(struct batch *batch, struct item_table *named, enum record_kind kind, int field)
{
	const struct item_table *table = &batch->tables[kind];

	for (size_t i = 0; i < table->count; i++) {
		const struct item *item = table->items[i];
		struct text seller = text_field(&item->after.record, field);

		if (!item->is_dirty || seller.length == 0 || text_equal(seller, text_field(&item->before.record, field)))
			continue;
		if (item_table_find(&batch->tables[RECORD_SELLER], seller) == NULL && item_table_add(named, RECORD_SELLER, seller) == NULL)
			batch_fail(batch, STATUS_NO_MEMORY);
	}
}

static void send_seller_stubs(struct batch *batch)
{
	struct item_table named = item_table_in(batch->arena);

	add_named_sellers(batch, &named, RECORD_ORGANISATION, ORGANISATION_SELLER);
	add_named_sellers(batch, &named, RECORD_DEAL, DEAL_SELLER);
	add_named_sellers(batch, &named, RECORD_ACTIVITY, ACTIVITY_SELLER);
	if (named.count == 0)
		return;
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_ids(&params, named.items, named.count, NULL);
	params_instant(&params, batch->now_us);
	batch_send(batch, STATEMENT_CREATE_STUB_SELLERS, &params, NULL);
}

static void write_all(struct batch *batch)
{
	batch_merge_organisations(batch);
	if (batch->refused_atomic) {
		batch_then(batch, NULL);
		return;
	}
	for (size_t kind = 0; kind < RECORD_KINDS; kind++) {
		send_rows(batch, (enum record_kind)kind, is_new, kind_statements[kind].insert, true);
		send_rows(batch, (enum record_kind)kind, is_changed, kind_statements[kind].update, false);
	}
	send_seller_stubs(batch);
	enum status status = batch_send_deltas(batch);
	if (status != STATUS_OK)
		batch_fail(batch, status);
	batch_send_erasing(batch);
	batch_send_decisions(batch);
	batch_send_overrides(batch);
	batch_send_assignments(batch);
	batch_measure(batch);
	batch_then(batch, batch_score);
}
