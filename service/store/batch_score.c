/* SPDX-License-Identifier: Apache-2.0 */
/* From the touched organisations' measures to their standings, history and the commit. The rules themselves are core's. */
#include "batch.h"

#include <string.h>

#include <sweetspot/subject.h>

#include "columns.h"

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

	if (batch_ids_params(batch, &params, is_gone) == 0)
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
