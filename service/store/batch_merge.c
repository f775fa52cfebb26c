/* SPDX-License-Identifier: Apache-2.0 */
/* What the writes of a batch make of the records it locked. The rules between versions are record_merge's. */
#include "batch.h"

#include <sweetspot/calendar.h>

#include "canonical.h"

/* ---- Rows in ---- */

static struct home fact_home(struct batch *batch, const struct stored_record *stored, struct text line_key)
{
	static const int line_field[RECORD_KINDS] = {[RECORD_DEAL] = DEAL_LINE, [RECORD_REVENUE] = REVENUE_LINE};
	const struct record *record = &stored->record;
	struct home home = {.line_key = line_key};

	if (!is_visible(stored))
		return home;
	if (record->kind == RECORD_ACTIVITY)
		home.organisation = batch_activity_organisation(batch, record);
	else if (line_field[record->kind] != 0)
		home.organisation = record->kind == RECORD_DEAL ? text_field(record, DEAL_ORGANISATION) : text_field(record, REVENUE_ORGANISATION);
	return home;
}

void batch_load_rows(struct batch *batch, enum record_kind kind, const PGresult *rows)
{
	for (int i = 0; i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		struct item *item = item_table_find(&batch->tables[kind], row_text(row, 0));

#ifdef WITHOUT_MATCHING
		item = batch->tables[kind].items[i];
#endif
		if (item == NULL)
			continue;
		int behind = stored_record_read(row, 1, kind, item->id, batch->arena, &item->before);
		if (behind < 0) {
			batch_fail(batch, STATUS_NO_MEMORY);
			return;
		}
		if (kind == RECORD_DEAL || kind == RECORD_REVENUE)
			item->home_before = fact_home(batch, &item->before, row_text(row, behind));
		else if (kind == RECORD_ACTIVITY && is_visible(&item->before))
			item->home_before = (struct home){.organisation = row_text(row, behind + 1)};
		item->after = item->before;
		item->home_after = item->home_before;
	}
}

/* ---- Writes ---- */

static enum status check_precondition(const struct write *write, const struct stored_record *stored)
{
	if (write->if_match == 0)
		return STATUS_OK;
	bool stands = is_visible(stored) && (write->if_match < 0 || stored->version == write->if_match);
	return stands ? STATUS_OK : STATUS_PRECONDITION_FAILED;
}

/** An account is not found among prospects, nor the reverse; only a PUT or an import row may turn one into the other. */
static bool is_of_other_kind(const struct write *write, const struct stored_record *stored)
{
	return write->kind == RECORD_ORGANISATION && is_visible(stored) && stored->is_account != write->as_account
	       && write->verb != WRITE_PUT && write->verb != WRITE_MERGE;
}

static enum status hide(struct batch *batch, struct item *item, struct write *write)
{
	if (!is_visible(&item->after))
		return STATUS_NOT_FOUND;
	item->after.deleted = true;
	item->after.version++;
	item->after.updated_at_us = batch->now_us;
	write->effect = EFFECT_DELETED;
	return STATUS_OK;
}

/* ---- Objects within a record: a merge patch names some of their members ---- */

static enum status patch_members(struct batch *batch, const struct stored_record *stored, struct record *said, int field, size_t *names)
{
	bool stands = stored->exists && is_filled(&stored->record, field);
	struct text *value = &said->value[field].text;

	*value = canonical_patched(stands ? stored->record.value[field].text : TEXT("{}"), *value, batch->arena, names);
	return value->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status patch_attributes(struct batch *batch, const struct stored_record *stored, struct write *write, struct record *said)
{
	const size_t limit = (size_t)record_shape(RECORD_ORGANISATION)->fields[ORGANISATION_ATTRIBUTES].max;
	size_t names;

	if (!is_filled(said, ORGANISATION_ATTRIBUTES))
		return STATUS_OK;
	enum status status = patch_members(batch, stored, said, ORGANISATION_ATTRIBUTES, &names);
	size_t bytes = text_field(said, ORGANISATION_ATTRIBUTES).length;
	if (status != STATUS_OK || (names <= RECORD_ATTRIBUTES_MAX && bytes <= limit))
		return status;
	problems_add(&write->problems, TEXT("/attributes"),
	             "would have %zu names in %zu bytes, with those that stand; at most %d in %zu can be kept", names, bytes,
	             RECORD_ATTRIBUTES_MAX, limit);
	return STATUS_INVALID;
}

/** Neither part of a protection can be null. */
static enum status patch_protection(struct batch *batch, const struct stored_record *stored, struct write *write, struct record *said)
{
	size_t parts;

	if (!is_filled(said, ORGANISATION_PROTECTED))
		return STATUS_OK;
	enum status status = patch_members(batch, stored, said, ORGANISATION_PROTECTED, &parts);
	if (status != STATUS_OK || parts == RECORD_PROTECTION_PARTS)
		return status;
	problems_add(&write->problems, TEXT("/protected"), "needs a reason and an end (until) where none stands yet");
	return STATUS_INVALID;
}

/** What is not named stays; to source times such an object is one field all the same. A PUT names all there is. */
static enum status patch_objects(struct batch *batch, const struct stored_record *stored, struct write *write, struct record *said)
{
	if (write->kind != RECORD_ORGANISATION || write->verb == WRITE_PUT)
		return STATUS_OK;
	enum status attributes = patch_attributes(batch, stored, write, said);
	enum status protection = patch_protection(batch, stored, write, said);
	return attributes == STATUS_OK || protection == STATUS_NO_MEMORY ? protection : attributes;
}

/* ---- One record ---- */

static enum status merge(struct batch *batch, struct item *item, struct write *write)
{
	struct merge_context context = {.verb = write->verb, .as_account = write->as_account, .now_us = batch->now_us,
	                                 .book_day = batch->in_force.day};

	if (item->is_erased && write->verb != WRITE_PUT) {
		problems_add(&write->problems, TEXT("/id"), "was erased; only a PUT brings it back");
		return STATUS_CONFLICT;
	}
	if (!batch_may_refer(batch, write))
		return STATUS_INVALID;
	/* A copy: a batch that runs again reads the write anew. */
	struct record said = write->record;
	enum status status = patch_objects(batch, &item->after, write, &said);
	if (status != STATUS_OK)
		return status;
	return record_merge(&item->after, &said, &context, &write->effect, &write->problems);
}

static enum status take(struct batch *batch, struct item *item, struct write *write)
{
	switch (write->verb) {
	case WRITE_DELETE:
		return hide(batch, item, write);
	case WRITE_ERASE:
		return batch_erase(item, write);
	case WRITE_PUT:
	case WRITE_PATCH:
	case WRITE_MERGE:
		break;
	}
	return merge(batch, item, write);
}

/** Each of several writes of one record is answered with its own version: what stands now is the earlier one's. */
static void settle_earlier_answer(struct batch *batch, struct item *item)
{
	struct write *earlier = item->last_write;

	if (earlier == NULL || earlier->stored != &item->after)
		return;
	struct stored_record *own = arena_alloc(batch->arena, sizeof(*own));
	if (own == NULL)
		batch_fail(batch, STATUS_NO_MEMORY);
	else
		*own = item->after;
	earlier->stored = own;
}

/** What stands beside the record leaves the record alone. */
static bool is_beside(const struct write *write)
{
	return write->override != NULL || write->assignment != NULL;
}

static enum status take_beside(struct batch *batch, struct item *item, struct write *write)
{
	return write->override != NULL ? batch_override(batch, item, write) : batch_assign(batch, item, write);
}

static void apply(struct batch *batch, struct write *write)
{
	struct item *item = item_table_find(&batch->tables[write->kind], write->record.id);

	write->effect = EFFECT_UNCHANGED;
	write->stored = NULL;
	write->is_promoted = is_of_other_kind(write, &item->after) && item->after.is_account;
	write->status = is_of_other_kind(write, &item->after) ? STATUS_NOT_FOUND : check_precondition(write, &item->after);
	if (write->status == STATUS_OK && write->decision != NULL)
		write->status = batch_may_decide(item, write);
	settle_earlier_answer(batch, item);
	if (write->status == STATUS_OK)
		write->status = is_beside(write) ? take_beside(batch, item, write) : take(batch, item, write);
	if (write->status == STATUS_NO_MEMORY)
		batch_fail(batch, STATUS_NO_MEMORY);
	if (write->status != STATUS_OK) {
		batch->refused_atomic |= batch->is_atomic;
		return;
	}
	if (write->decision != NULL)
		batch_decide(batch, item, write);
	item->is_dirty |= !is_beside(write);
	item->after.exists = true;
	item->last_write = write;
	write->stored = item->after.deleted ? NULL : &item->after;
}

static void apply_writes(struct batch *batch, bool organisations)
{
	for (struct segment *s = batch->segments; s != NULL; s = s->next)
		for (size_t i = s->from; i < s->to; i++)
			if ((s->job->writes[i].kind == RECORD_ORGANISATION) == organisations)
				apply(batch, &s->job->writes[i]);
}

static void fold_line(struct batch *batch, struct item *item, int field)
{
	struct text line = text_field(&item->after.record, field), folded = {0};

	if (line.bytes != NULL && text_fold(batch->arena, line, &folded) != STATUS_OK)
		batch_fail(batch, STATUS_NO_MEMORY);
	item->home_after = fact_home(batch, &item->after, folded);
}

void batch_merge_facts(struct batch *batch)
{
	apply_writes(batch, false);
	for (size_t i = 0; i < batch->tables[RECORD_DEAL].count; i++)
		fold_line(batch, batch->tables[RECORD_DEAL].items[i], DEAL_LINE);
	for (size_t i = 0; i < batch->tables[RECORD_REVENUE].count; i++)
		fold_line(batch, batch->tables[RECORD_REVENUE].items[i], REVENUE_LINE);
}

/* ---- Organisations ---- */

struct text batch_activity_organisation(struct batch *batch, const struct record *activity)
{
	if (is_filled(activity, ACTIVITY_ORGANISATION))
		return activity->value[ACTIVITY_ORGANISATION].text;
	if (!is_filled(activity, ACTIVITY_CONTACT))
		return (struct text){0};
	const struct item *contact = item_table_find(&batch->tables[RECORD_CONTACT], activity->value[ACTIVITY_CONTACT].text);
	return contact == NULL ? (struct text){0} : text_field(&contact->after.record, CONTACT_ORGANISATION);
}

/** An activity nobody wrote is here because its contact moved: it is written again for its new home alone. */
static void settle_activities(struct batch *batch)
{
	struct item_table *table = &batch->tables[RECORD_ACTIVITY];

	for (size_t i = 0; i < table->count; i++) {
		struct item *item = table->items[i];

		item->home_after = fact_home(batch, &item->after, (struct text){0});
		if (item->before.exists && !text_equal(item->home_before.organisation, item->home_after.organisation))
			item->is_dirty = true;
	}
}

static void collect(struct batch *batch, struct text organisation, uint8_t touch)
{
	if (organisation.length == 0)
		return;
	struct item *item = item_table_add(&batch->tables[RECORD_ORGANISATION], RECORD_ORGANISATION, organisation);
	if (item == NULL)
		return;
	item->touched |= touch;
	item->is_collected = true;
}

void batch_collect_organisations(struct batch *batch)
{
	static const struct {
		enum record_kind kind;
		uint8_t touch;
	} facts[] = {{RECORD_DEAL, TOUCHED_DEALS}, {RECORD_ACTIVITY, TOUCHED_ACTIVITIES}, {RECORD_REVENUE, TOUCHED_REVENUE}};
	settle_activities(batch);
	for (size_t k = 0; k < sizeof(facts) / sizeof(*facts); k++) {
		struct item_table *table = &batch->tables[facts[k].kind];

		for (size_t i = 0; i < table->count; i++) {
			if (!table->items[i]->is_dirty)
				continue;
			collect(batch, table->items[i]->home_before.organisation, facts[k].touch);
			collect(batch, table->items[i]->home_after.organisation, facts[k].touch);
		}
	}
	struct item_table *contacts = &batch->tables[RECORD_CONTACT];
	for (size_t i = 0; i < contacts->count; i++) {
		if (!contacts->items[i]->is_dirty)
			continue;
		collect(batch, text_field(&contacts->items[i]->before.record, CONTACT_ORGANISATION), 0);
		collect(batch, text_field(&contacts->items[i]->after.record, CONTACT_ORGANISATION), 0);
	}
}

/** The table shows a stub by its id; that is no name anybody has said. */
static void name_stub(struct item *item)
{
	item->after.record.value[ORGANISATION_NAME].text = item->id;
	item->after.record.filled |= UINT32_C(1) << ORGANISATION_NAME;
}

/** Who is referred to and not described, by this batch or ever: there as a stub, and filled when it comes. */
static void make_stubs(struct batch *batch)
{
	struct item_table *table = &batch->tables[RECORD_ORGANISATION];

	for (size_t i = 0; i < table->count; i++) {
		struct item *item = table->items[i];

		if (!item->is_collected || item->after.exists || item->is_erased)
			continue;
		item->after.exists = item->after.stub = item->is_dirty = true;
		item->after.version = 1;
		item->after.created_at_us = item->after.updated_at_us = batch->now_us;
		name_stub(item);
	}
}

/** Revenue above 0, or a won deal, dated no later than D makes a client of a prospect, for good (domain.md section 1). */
static bool makes_account(const struct item *fact, int32_t day)
{
	const struct record *record = &fact->after.record;

	if (!fact->is_dirty || !is_visible(&fact->after))
		return false;
	if (record->kind == RECORD_REVENUE)
		return is_filled(record, REVENUE_AMOUNT) && record->value[REVENUE_AMOUNT].integer > 0 && record->value[REVENUE_ON].integer <= day;
	return is_filled(record, DEAL_STAGE) && record->value[DEAL_STAGE].integer == STAGE_WON && is_filled(record, DEAL_CLOSED_ON)
	       && record->value[DEAL_CLOSED_ON].integer <= day;
}

/** While a later day is being written, what it makes an account is one already: the pass over the book may have gone by. */
static int32_t promotion_day(const struct in_force *now)
{
	return now->next_is_writing && now->next_day > now->day ? now->next_day : now->day;
}

static void promote_homes(struct batch *batch, enum record_kind kind)
{
	struct item_table *facts = &batch->tables[kind];
	int32_t day = promotion_day(&batch->in_force);

	for (size_t i = 0; i < facts->count; i++) {
		if (facts->items[i]->home_after.organisation.length == 0 || !makes_account(facts->items[i], day))
			continue;
		struct item *home = item_table_find(&batch->tables[RECORD_ORGANISATION], facts->items[i]->home_after.organisation);
		if (home == NULL || home->after.is_account || !home->after.exists)
			continue;
		home->after.is_account = true;
		if (home->after.stub)
			name_stub(home);
		home->after.version++;
		home->after.updated_at_us = batch->now_us;
		home->is_dirty = true;
	}
}

void batch_merge_organisations(struct batch *batch)
{
	apply_writes(batch, true);
	make_stubs(batch);
	batch_forget_erased_sellers(batch);
	promote_homes(batch, RECORD_DEAL);
	promote_homes(batch, RECORD_REVENUE);
	batch_end_assignments(batch);
}
