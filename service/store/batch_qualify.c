/* SPDX-License-Identifier: Apache-2.0 */
/* What the touched organisations are judged by, beside their records: their contacts' personas and their open deals. Judging is core's. */
#include "batch.h"

#include <sweetspot/subject.h>

static bool asks_for_fit(const struct batch *batch)
{
	return batch->rules.policy->criteria_count > 0 || (batch->in_force.next_is_writing && batch->next_rules.policy->criteria_count > 0);
}

/** The rows of one organisation stand together. @return how many from this one on */
static int run_length(const PGresult *rows, int from)
{
	struct text organisation = row_text((struct row){rows, from}, 0);
	int to = from + 1;

	while (to < PQntuples(rows) && text_equal(row_text((struct row){rows, to}, 0), organisation))
		to++;
	return to - from;
}

static void on_personas(struct batch *batch, const PGresult *rows)
{
	for (int from = 0, count; from < PQntuples(rows); from += count) {
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text((struct row){rows, from}, 0));
		struct text *personas;

		count = run_length(rows, from);
		personas = arena_array(batch->arena, (size_t)count, sizeof(*personas));
		if (item == NULL || personas == NULL) {
			batch_fail(batch, personas == NULL ? STATUS_NO_MEMORY : STATUS_INTERNAL);
			return;
		}
		for (int i = 0; i < count; i++)
			personas[i] = row_text((struct row){rows, from + i}, 1);
		item->subject.personas = item->next_subject.personas = personas;
		item->subject.persona_count = item->next_subject.persona_count = (size_t)count;
	}
}

static void read_open_deals(struct batch *batch, const PGresult *rows, bool next)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], row_text(row, 0));
		struct subject_facts *facts = item == NULL ? NULL : next ? &item->next_subject : &item->subject;

		if (facts == NULL)
			continue;
		facts->open_amount = row_int(row, 1);
		facts->largest_open = row_int(row, 2);
	}
}

static void on_open_deals(struct batch *batch, const PGresult *rows)
{
	read_open_deals(batch, rows, false);
}

static void on_next_open_deals(struct batch *batch, const PGresult *rows)
{
	read_open_deals(batch, rows, true);
}

static void send_open_deals(struct batch *batch, int32_t day, void (*on_rows)(struct batch *batch, const PGresult *rows))
{
	struct params params;

	if (batch_ids_params(batch, &params, is_shown_prospect) == 0)
		return;
	params_day(&params, day);
	batch_send(batch, STATEMENT_READ_OPEN_DEALS, &params, on_rows);
}

void batch_send_subjects(struct batch *batch)
{
	const struct in_force *now = &batch->in_force;
	struct params params;

	if (batch_ids_params(batch, &params, asks_for_fit(batch) ? is_shown : is_shown_prospect) > 0)
		batch_send(batch, STATEMENT_READ_PERSONAS, &params, on_personas);
	send_open_deals(batch, now->day, on_open_deals);
	if (now->next_is_writing)
		send_open_deals(batch, now->next_day, on_next_open_deals);
}

/** The id that the table shows as the name of a stub is nothing that a criterion could see. */
static struct record said_of(const struct stored_record *organisation)
{
	struct record record = organisation->record;

	if (organisation->stub)
		record.filled &= record.given;
	return record;
}

void batch_judge(struct batch *batch, const struct stored_record *organisation, struct rules rules, const struct subject_facts *facts,
                 struct standing *standing)
{
	struct record record = said_of(organisation);
	enum status status = subject_judge(rules.policy, &record, organisation->is_account, facts, batch->arena, &standing->qualified);

	if (status != STATUS_OK)
		batch_fail(batch, status == STATUS_MALFORMED ? STATUS_INTERNAL : status);
}
