/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions about accounts: what each does to the record, and its line in the ledger. Who may decide what is the handler's business. */
#include "batch.h"

#include <sweetspot/calendar.h>

/* Names as table decision keeps them. */
static const char *const decision_names[] = {
	[DECISION_LET_GO] = "let_go", [DECISION_KEEP] = "keep", [DECISION_REASSIGN] = "reassign", [DECISION_REPRICE] = "reprice",
};

static bool is_decidable(const struct stored_record *stored)
{
	return stored->is_account && organisation_is_active(&stored->record);
}

enum status batch_may_decide(const struct item *item, struct write *write)
{
	if (!is_visible(&item->after))
		return STATUS_NOT_FOUND;
	if (is_decidable(&item->after))
		return STATUS_OK;
	problems_add(&write->problems, TEXT(""), item->after.is_account ? "the account is not active: it is inactive or has been let go"
	                                                                : "this is a prospect, not an account");
	return STATUS_CONFLICT;
}

void batch_decide(struct batch *batch, struct item *item, struct write *write)
{
	struct decision *decision = write->decision;
	struct stored_record *after = &item->after;

	decision->id = 0;
	decision->day = batch->in_force.day;
	decision->decided_at_us = batch->now_us;
	decision->before = item->standing_before;
	if (decision->kind == DECISION_KEEP && decision->until == DAY_NONE)
		decision->until = batch->in_force.day + batch->rules.policy->keep_days;
	if (decision->kind != DECISION_LET_GO)
		return;
	after->record.given |= UINT32_C(1) << ORGANISATION_STATUS;
	after->record.filled |= UINT32_C(1) << ORGANISATION_STATUS;
	after->record.value[ORGANISATION_STATUS].integer = ORGANISATION_LET_GO;
	after->stamps[ORGANISATION_STATUS] = (struct stamp){.at_us = batch->now_us};
	after->version++;
	after->updated_at_us = batch->now_us;
	write->effect = EFFECT_UPDATED;
}

/** Answers come in the order of sending, so the first decision without a number is the one that has got it. */
static void on_decision(struct batch *batch, const PGresult *rows)
{
	for (struct segment *s = batch->segments; s != NULL; s = s->next)
		for (size_t i = s->from; i < s->to; i++) {
			struct write *write = &s->job->writes[i];

			if (write->decision == NULL || write->status != STATUS_OK || write->decision->id != 0)
				continue;
			write->decision->id = row_int((struct row){rows, 0}, 0);
			return;
		}
}

static void send_decision(struct batch *batch, const struct write_job *job, const struct write *write)
{
	const struct decision *decision = write->decision;
	const struct record *record = &write->record;
	const struct standing *before = &decision->before;
	struct params params = params_in(batch->arena);

	params_int8(&params, batch->workspace);
	params_text(&params, record->id);
	params_text(&params, text_of(decision_names[decision->kind]));
	params_text(&params, decision->by);
	params_text(&params, decision->reason);
	params_day(&params, decision->until);
	params_text(&params, text_field(record, ORGANISATION_SELLER));
	if (is_filled(record, ORGANISATION_MARGIN_PCT))
		params_int4(&params, (int32_t)record->value[ORGANISATION_MARGIN_PCT].integer);
	else
		params_null(&params);
	params_day(&params, decision->day);
	params_instant(&params, decision->decided_at_us);
	params_text(&params, job->key_id);
	params_text(&params, job->actor);
	params_text(&params, text_of(tier_name(before->tier)));
	params_text(&params, before->classified ? text_of(list_name(before->list)) : (struct text){0});
	if (before->keep_score_centi < 0)
		params_null(&params);
	else
		params_int4(&params, before->keep_score_centi);
	params_int8(&params, before->measures.revenue_12m);
	params_int8(&params, before->measures.minutes_12m);
	batch_send(batch, STATEMENT_INSERT_DECISION, &params, on_decision);
}

void batch_send_decisions(struct batch *batch)
{
	for (const struct segment *s = batch->segments; s != NULL; s = s->next)
		for (size_t i = s->from; i < s->to; i++)
			if (s->job->writes[i].decision != NULL && s->job->writes[i].status == STATUS_OK)
				send_decision(batch, s->job, &s->job->writes[i]);
}
