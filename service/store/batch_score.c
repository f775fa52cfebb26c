/* SPDX-License-Identifier: Apache-2.0 */
/* From the touched organisations' sums to their standings, history and the commit. The rules themselves are core's. */
#include "batch.h"

#include <string.h>

#include <sweetspot/subject.h>

#include "columns.h"

/* ---- Measures ---- */

static bool is_restored(const struct item *item)
{
	return item->before.deleted && is_shown(item);
}

static bool states_seller(const struct item *item)
{
	return is_filled(&item->after.record, ORGANISATION_SELLER);
}

/** Sums of an organisation change only through its facts, and money only through those that earn it: the rest keeps its measures. */
static bool needs_money(const struct item *item)
{
	return is_shown(item) && ((item->touched & (TOUCHED_REVENUE | TOUCHED_DEALS)) != 0 || item->is_remargined || is_restored(item));
}

static bool needs_touches(const struct item *item)
{
	return is_shown(item) && ((item->touched & TOUCHED_ACTIVITIES) != 0 || is_restored(item));
}

static bool needs_money_alone(const struct item *item)
{
	return needs_money(item) && !needs_touches(item);
}

static bool needs_touches_alone(const struct item *item)
{
	return needs_touches(item) && !needs_money(item);
}

static bool needs_both(const struct item *item)
{
	return needs_money(item) && needs_touches(item);
}

/** Who sells to it is read from its deals and activities, whenever these change and when the seller that was stated no longer is. */
static bool needs_seller(const struct item *item)
{
	bool has_facts = item->before.exists || item->touched != 0;

	bool may_differ = (item->touched & (TOUCHED_DEALS | TOUCHED_ACTIVITIES)) != 0 || is_restored(item) || !item->standing_before.exists
	                  || is_filled(&item->before.record, ORGANISATION_SELLER);
	return is_shown(item) && !states_seller(item) && has_facts && may_differ;
}

static bool needs_next_seller(const struct item *item)
{
	return is_shown(item) && !states_seller(item);
}

static enum revenue_source source_in(struct rules rules)
{
	if (rules.review != NULL)
		return rules.review->revenue_source;
	return rules.policy->revenue_from == REVENUE_FROM_DEALS ? REVENUE_FROM_DEALS : REVENUE_FROM_ENTRIES;
}

static void read_measures(const PGresult *rows, struct item_table *table, bool next)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(table, row_text(row, 0));

		if (item != NULL)
			measures_read(row, 1, next ? &item->standing_next.measures : &item->standing_after.measures);
	}
}

static void copy_touches(struct measures *to, const struct measures *from)
{
	to->minutes_12m = from->minutes_12m;
	to->rhythm = from->rhythm;
	to->reach = from->reach;
	to->inbound = from->inbound;
	to->directed = from->directed;
}

/** One half was not asked for, is 0 in the rows, and stays as it was. */
static void read_half(const PGresult *rows, struct item_table *table, bool money)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(table, row_text(row, 0));
		struct measures read;

		if (item == NULL)
			continue;
		measures_read(row, 1, &read);
		copy_touches(money ? &read : &item->standing_after.measures, money ? &item->standing_after.measures : &read);
		if (money)
			item->standing_after.measures = read;
	}
}

static void on_money(struct batch *batch, const PGresult *rows)
{
	read_half(rows, &batch->tables[RECORD_ORGANISATION], true);
}

static void on_touches(struct batch *batch, const PGresult *rows)
{
	read_half(rows, &batch->tables[RECORD_ORGANISATION], false);
}

static void on_measures(struct batch *batch, const PGresult *rows)
{
	read_measures(rows, &batch->tables[RECORD_ORGANISATION], false);
}

static void on_next_measures(struct batch *batch, const PGresult *rows)
{
	read_measures(rows, &batch->tables[RECORD_ORGANISATION], true);
}

static void on_next_margins(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text(row, 0));

		if (item != NULL)
			item->standing_next.measures.margin_12m = row_int(row, 1);
	}
}

static void read_sellers(const PGresult *rows, struct item_table *table, bool next)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(table, row_text(row, 0));
		struct standing *standing = item == NULL ? NULL : next ? &item->standing_next : &item->standing_after;

		if (standing == NULL)
			continue;
		standing->seller = row_text(row, 1);
		standing->seller_derived = true;
	}
}

static void on_sellers(struct batch *batch, const PGresult *rows)
{
	read_sellers(rows, &batch->tables[RECORD_ORGANISATION], false);
}

static void on_next_sellers(struct batch *batch, const PGresult *rows)
{
	read_sellers(rows, &batch->tables[RECORD_ORGANISATION], true);
}

static size_t ids_params(struct batch *batch, struct params *params, bool (*is_wanted)(const struct item *item))
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	size_t count = 0;

	for (size_t i = 0; i < table->count; i++)
		count += is_wanted(table->items[i]);
	*params = params_in(batch->arena);
	params_int8(params, batch->workspace);
	params_ids(params, table->items, table->count, is_wanted);
	return count;
}

/** Which measures of whom, and who takes them. */
struct measuring {
	bool (*is_wanted)(const struct item *item);
	bool money, touches;
	void (*on_rows)(struct batch *batch, const PGresult *rows);
};

static void send_measures(struct batch *batch, int32_t day, enum revenue_source source, const struct measuring *measuring)
{
	struct params params;

	if (ids_params(batch, &params, measuring->is_wanted) == 0)
		return;
	params_day(&params, day);
	params_text(&params, source == REVENUE_FROM_DEALS ? TEXT("deals") : TEXT("revenue"));
	params_int8_array(&params, decay_90, WINDOW_DAYS);
	params_int8_array(&params, decay_180, WINDOW_DAYS);
	params_bool(&params, measuring->money);
	params_bool(&params, measuring->touches);
	batch_send(batch, STATEMENT_MEASURE_ORGANISATIONS, &params, measuring->on_rows);
}

static void send_sellers(struct batch *batch, int32_t day, bool (*is_wanted)(const struct item *item),
                         void (*on_rows)(struct batch *batch, const PGresult *rows))
{
	struct params params;

	if (ids_params(batch, &params, is_wanted) == 0)
		return;
	params_day(&params, day);
	batch_send(batch, STATEMENT_DERIVE_SELLERS, &params, on_rows);
}

static void add_margins(struct batch *batch, struct params *params, bool (*is_wanted)(const struct item *item), const struct policy *policy)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	struct array_column margins;

	array_column_init(&margins, ARRAY_INT4);
	for (size_t i = 0; i < table->count; i++)
		if (is_wanted(table->items[i]))
			array_add_int(&margins, effective_margin_pct(&table->items[i]->after.record, policy));
	params_array(params, &margins);
	array_column_release(&margins);
}

static bool is_remargined(const struct item *item)
{
	return item->is_remargined;
}

/** The days of an organisation whose percentage moved, or that comes back, have their margins made again before they are read. */
static void send_margins(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	for (size_t i = 0; i < table->count; i++) {
		struct item *item = table->items[i];
		int32_t pct = effective_margin_pct(&item->after.record, batch->rules.policy);

		item->is_remargined = is_shown(item) && item->before.exists
		                      && (is_restored(item) || (item->standing_before.exists && item->standing_before.margin_pct_centi != pct));
	}
	struct params params;
	if (ids_params(batch, &params, is_remargined) == 0)
		return;
	add_margins(batch, &params, is_remargined, batch->rules.policy);
	batch_send(batch, STATEMENT_REMARGIN_ORGANISATIONS, &params, NULL);
}

static bool is_shown_prospect(const struct item *item)
{
	return is_shown(item) && !item->after.is_account;
}

static void on_buyers(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text((struct row){rows, i}, 0));

		if (item != NULL)
			item->buys_by_next_day = true;
	}
}

/** Facts of days to come make accounts of prospects when their day comes: they are scored as such for it. */
static void send_buyers(struct batch *batch)
{
	struct params params;

	if (batch->in_force.next_day <= batch->in_force.day || ids_params(batch, &params, is_shown_prospect) == 0)
		return;
	params_day(&params, batch->in_force.next_day);
	batch_send(batch, STATEMENT_FIND_BUYERS, &params, on_buyers);
}

/** What is being prepared may have another day, revenue source or margin: measured on their own then, else the same as now. */
static void send_next_measures(struct batch *batch)
{
	const struct in_force *now = &batch->in_force;

	if (now->next_day != now->day || source_in(batch->next_rules) != source_in(batch->rules)) {
		send_measures(batch, now->next_day, source_in(batch->next_rules), &(struct measuring){is_shown, true, true, on_next_measures});
		send_sellers(batch, now->next_day, needs_next_seller, on_next_sellers);
	}
	struct params params;
	if (batch->next_rules.policy->default_margin_pct_centi == batch->rules.policy->default_margin_pct_centi
	    || ids_params(batch, &params, is_shown) == 0)
		return;
	add_margins(batch, &params, is_shown, batch->next_rules.policy);
	params_day(&params, now->next_day);
	params_text(&params, source_in(batch->next_rules) == REVENUE_FROM_DEALS ? TEXT("deals") : TEXT("revenue"));
	batch_send(batch, STATEMENT_MEASURE_MARGINS, &params, on_next_margins);
}

static void on_sides(struct batch *batch, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text(row, 0));

		if (item == NULL)
			continue;
		item->standing_after.engagement_side = (enum side)row_int(row, 1);
		item->standing_after.potential_side = (enum side)row_int(row, 2);
	}
}

/** What was hidden and is shown again under the same review stands on the sides it stood on. */
static void send_sides(struct batch *batch)
{
	struct params params;

	if (ids_params(batch, &params, is_restored) == 0)
		return;
	params_int4(&params, batch->in_force.review);
	batch_send(batch, STATEMENT_TAKE_HIDDEN_SIDES, &params, on_sides);
}

void batch_measure(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	send_margins(batch);
	send_sides(batch);
	for (size_t i = 0; i < table->count; i++) {
		struct item *item = table->items[i];

		item->standing_after = item->standing_before;
		if (states_seller(item) || needs_seller(item) || !item->standing_before.seller_derived) {
			item->standing_after.seller = text_field(&item->after.record, ORGANISATION_SELLER);
			item->standing_after.seller_derived = false;
		}
	}
	batch_send_subjects(batch);
	static const struct measuring now[] = {
		{needs_money_alone, true, false, on_money},
		{needs_touches_alone, false, true, on_touches},
		{needs_both, true, true, on_measures},
	};
	for (size_t i = 0; i < sizeof(now) / sizeof(*now); i++)
		send_measures(batch, batch->in_force.day, source_in(batch->rules), &now[i]);
	send_sellers(batch, batch->in_force.day, needs_seller, on_sellers);
	if (batch->in_force.next_is_writing) {
		send_next_measures(batch);
		send_buyers(batch);
	}
}

/* ---- Scores ---- */

static void score(struct batch *batch, const struct stored_record *organisation, struct rules rules, int32_t day, struct standing *standing,
                  struct scoring *scoring)
{
	struct terms terms = terms_of(&organisation->record);
	struct features features;
	const struct cohorts *cohorts = rules.review == NULL ? NULL : &rules.review->cohorts;
	enum status status = features_of(organisation, standing, cohorts, day, batch->arena, &features);

	if (status == STATUS_OK)
		standing_classify(&features, &terms, rules, day, standing, scoring);
	else
		batch_fail(batch, status);
}

static enum side plain_side(int32_t score_centi, int32_t cut_centi)
{
	if (score_centi < 0)
		return SIDE_NONE;
	return core_side_is_high(score_centi, cut_centi, SIDE_NONE, 0) ? SIDE_HIGH : SIDE_LOW;
}

/** A review stores sides by the plain comparison; any other flip leaves those of the review in force. */
static void score_next(struct batch *batch, struct item *item)
{
	const struct in_force *now = &batch->in_force;
	struct standing measured = item->standing_next;
	bool is_measured_anew = now->next_day != now->day || source_in(batch->next_rules) != source_in(batch->rules);

	item->standing_next = item->standing_after;
	if (is_measured_anew) {
		item->standing_next.measures = measured.measures;
		if (!states_seller(item)) {
			item->standing_next.seller = measured.seller;
			item->standing_next.seller_derived = measured.seller_derived;
		}
	}
	if (batch->next_rules.policy->default_margin_pct_centi != batch->rules.policy->default_margin_pct_centi)
		item->standing_next.measures.margin_12m = measured.measures.margin_12m;
	struct scoring *scoring = &item->next_scoring;
	bool is_review = now->next_review != now->review;
	if (is_review)
		item->standing_next.engagement_side = item->standing_next.potential_side = SIDE_NONE;
	struct stored_record next = item->after;
	next.is_account |= item->buys_by_next_day;
	batch_judge(batch, &next, batch->next_rules, &item->next_subject, &item->standing_next);
	score(batch, &next, batch->next_rules, now->next_day, &item->standing_next, scoring);
	if (is_review && batch->next_rules.review != NULL) {
		item->standing_next.engagement_side = plain_side(scoring->engagement_centi, batch->next_rules.review->engagement_cut_centi);
		item->standing_next.potential_side = plain_side(scoring->potential_centi, batch->next_rules.review->potential_cut_centi);
	}
}

static void score_items(struct batch *batch)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	for (size_t i = 0; i < table->count; i++) {
		struct item *item = table->items[i];

		if (!is_shown(item)) {
			item->standing_after = (struct standing){0};
			continue;
		}
		item->standing_after.margin_pct_centi = effective_margin_pct(&item->after.record, batch->rules.policy);
		batch_judge(batch, &item->after, batch->rules, &item->subject, &item->standing_after);
		score(batch, &item->after, batch->rules, batch->in_force.day, &item->standing_after, &item->scoring);
		if (batch->in_force.next_is_writing)
			score_next(batch, item);
	}
}

/* ---- Standings out ---- */

static bool has_new_standing(const struct item *item)
{
	const struct standing *a = &item->standing_before, *b = &item->standing_after;

	if (!is_shown(item))
		return false;
	return !a->exists || item->before.is_account != item->after.is_account || a->margin_pct_centi != b->margin_pct_centi
	       || a->classified != b->classified || a->tier != b->tier || a->list != b->list || a->engagement_centi != b->engagement_centi
	       || a->potential_centi != b->potential_centi || a->keep_score_centi != b->keep_score_centi
	       || a->could_become_key != b->could_become_key
	       || a->seller_derived != b->seller_derived || !text_equal(a->seller, b->seller) || !qualified_equal(&a->qualified, &b->qualified)
	       || memcmp(&a->measures, &b->measures, sizeof(a->measures)) != 0;
}

static bool is_gone(const struct item *item)
{
	return !is_shown(item) && item->standing_before.exists;
}

/** One edition of those that are wanted. */
static void send_edition(struct batch *batch, int32_t edition, bool (*is_wanted)(const struct item *item), bool next)
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	struct columns columns = {0};

	columns_init(&columns, (const enum array_type[]){ARRAY_TEXT, ARRAY_BOOL, ARRAY_INT4}, 3);
	standing_columns_init(&columns.column[3]);
	columns.count += STANDING_COLUMNS;
	for (size_t i = 0; i < table->count; i++) {
		const struct item *item = table->items[i];
		const struct standing *standing = next ? &item->standing_next : &item->standing_after;

		if (!is_wanted(item))
			continue;
		array_add_text(&columns.column[0], item->id);
		array_add_bool(&columns.column[1], item->after.is_account || (next && item->buys_by_next_day));
		array_add_int(&columns.column[2], standing->margin_pct_centi);
		standing_columns_add(&columns.column[3], standing);
	}
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_int4(&params, edition);
	columns_params(&columns, &params);
	if (columns.column[0].count > 0)
		batch_send(batch, STATEMENT_WRITE_STANDINGS, &params, NULL);
	columns_release(&columns);
}

static void send_marks(struct batch *batch, enum statement statement, bool (*is_wanted)(const struct item *item))
{
	const struct item_table *table = &batch->tables[RECORD_ORGANISATION];
	struct params params = params_in(batch->arena);

	params_int8(&params, batch->workspace);
	params_int4(&params, batch->in_force.next_epoch);
	params_ids(&params, table->items, table->count, is_wanted);
	batch_send(batch, statement, &params, NULL);
}

/** What is hidden leaves all editions; a flip that is writing the next one may just be writing it there, and takes it out at its end. */
static void send_gone(struct batch *batch)
{
	struct params params;

	if (ids_params(batch, &params, is_gone) == 0)
		return;
	batch_send(batch, STATEMENT_HIDE_STANDINGS, &params, NULL);
	if (batch->in_force.next_is_writing)
		send_marks(batch, STATEMENT_MARK_HIDDEN, is_gone);
}

static void send_standings(struct batch *batch)
{
	const struct in_force *now = &batch->in_force;

	send_edition(batch, now->edition, has_new_standing, false);
#ifndef WITHOUT_BOTH_EDITIONS
	if (now->next_is_writing)
		send_edition(batch, now->next_epoch, is_shown, true);
#endif
	send_gone(batch);
#ifdef WITHOUT_MARKS
	return;
#endif
	if (now->next_epoch != 0 && !now->next_is_writing && batch->tables[RECORD_ORGANISATION].count > 0)
		send_marks(batch, STATEMENT_MARK_TOUCHED, NULL);
}

/* ---- Answers and the commit ---- */

static void answer_writes(struct batch *batch)
{
	for (struct segment *s = batch->segments; s != NULL; s = s->next) {
		s->job->day = batch->in_force.day;
		s->job->policy = batch->in_force.policy;
		s->job->review = batch->in_force.review;
		for (size_t i = s->from; i < s->to; i++) {
			struct write *write = &s->job->writes[i];
			const struct item *item = item_table_find(&batch->tables[write->kind], write->record.id);

			write->standing = item->standing_after;
			write->standing.override = item->override_after;
			write->standing.assignment = item->assignment_after;
		}
	}
}

static void finish_idempotency(struct batch *batch, struct write_job *job)
{
	int http_status = 0;
	int64_t rows_done = -1;
	struct text headers = {0}, body = {0}, progress = {0};
	enum status status = job->idempotent.compose(job, &http_status, &headers, &body, &rows_done, &progress);

	if (status != STATUS_OK) {
		batch_fail(batch, status);
		return;
	}
	struct params params = params_in(batch->arena);
	params_int8(&params, batch->workspace);
	params_text(&params, job->idempotent.key);
	if (rows_done >= 0) {
		params_int8(&params, rows_done);
		params_json(&params, progress);
		batch_send(batch, STATEMENT_CHECKPOINT_IDEMPOTENCY, &params, NULL);
		return;
	}
	params_int4(&params, http_status);
	params_json(&params, headers);
	params_bytes(&params, body.bytes, body.length);
	batch_send(batch, STATEMENT_FINISH_IDEMPOTENCY, &params, NULL);
}

static void on_committed(struct link_entry *entry, enum status status, PGresult *result)
{
	struct batch *batch = entry->owner;

	PQclear(result);
	if (status == STATUS_OK)
		status = batch->failure;
	/* What failed in front of the COMMIT skipped it, and left the transaction open. */
	batch->failure = status;
	if (status == STATUS_OK || batch->is_broken)
		batch->on_end(batch, status);
	else
		batch_roll_back(batch);
}

/** A COMMIT of a failed transaction is answered ROLLBACK, and is no commit. */
static void on_commit_tag(struct batch *batch, const PGresult *result)
{
	if (strcmp(PQcmdStatus((PGresult *)(uintptr_t)result), "COMMIT") != 0)
		batch_fail(batch, STATUS_INTERNAL);
}

static void commit(struct batch *batch)
{
	batch->may_be_committed = !batch->stays_open;
	if (!batch->stays_open)
		batch_send(batch, STATEMENT_COMMIT, NULL, on_commit_tag);
	if (batch->failure != STATUS_OK) {
		batch_then(batch, NULL);
		return;
	}
	batch->commit_sent = true;
	batch->sync_entry = (struct link_entry){.on_answer = on_committed, .owner = batch};
	if (link_sync(batch->link, &batch->sync_entry) != STATUS_OK) {
		batch->commit_sent = false;
		batch->is_broken = true;
		batch_fail(batch, STATUS_UNAVAILABLE);
	}
}

void batch_score(struct batch *batch)
{
	score_items(batch);
	send_standings(batch);
	batch_send_changes(batch);
	if (batch->in_force.next_is_writing)
		batch_send_next_changes(batch);
	batch_send_signal(batch);
	answer_writes(batch);
	for (struct segment *s = batch->segments; s != NULL; s = s->next)
		if (s->job->idempotent.key.length > 0 && s->to == s->job->count)
			finish_idempotency(batch, s->job);
	if (batch->failure != STATUS_OK)
		batch_then(batch, NULL);
	else
		commit(batch);
}
