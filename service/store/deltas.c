/* SPDX-License-Identifier: Apache-2.0 */
/* From facts as they were and as they are to differences of revenue_day, activity_day and touch_pair. No sum is ever read here. */
#include "deltas.h"

#include <stdlib.h>
#include <string.h>

#include <sweetspot/calendar.h>

#include "columns.h"

enum sum { SUM_REVENUE, SUM_ACTIVITY, SUM_PAIR };

/** One key and what is to be added to it. Unused texts are empty, unused amounts 0. */
struct delta {
	enum sum sum;
	struct text organisation, source, line_key, seller, contact;
	int32_t day;                /* pairs: the latest day added, or DAY_NONE */
	int64_t amount, margin;     /* activities: amount is minutes */
	int64_t count;              /* entries, activities */
	int64_t positive;           /* entries above 0; activities: inbound */
	int64_t directed;
	bool loses;                 /* something was taken away: the row may be empty now */
};

struct deltas {
	struct arena *arena;
	struct delta *list;
	size_t count, capacity;
	bool failed;
	bool is_out_of_range;
};

static void push(struct deltas *deltas, struct delta delta)
{
	if (deltas->count == deltas->capacity) {
		size_t capacity = deltas->capacity == 0 ? 64 : deltas->capacity * 2;
		struct delta *list = arena_array(deltas->arena, capacity, sizeof(*list));

		if (list == NULL) {
			deltas->failed = true;
			return;
		}
		if (deltas->count > 0)
			memcpy(list, deltas->list, deltas->count * sizeof(*list));
		deltas->list = list;
		deltas->capacity = capacity;
	}
	deltas->list[deltas->count++] = delta;
}

int64_t entry_margin(int64_t amount, int32_t margin_pct_centi)
{
	return number_divide_rounded((int128)amount * margin_pct_centi, 10000);
}

/* ---- One fact, added (sign 1) or taken away (sign -1) ---- */

static void push_money(struct deltas *deltas, int sign, struct delta key, int64_t amount, int64_t margin)
{
	key.sum = SUM_REVENUE;
	key.amount = sign * amount;
	key.margin = sign * margin;
	key.count = sign;
	key.positive = amount > 0 ? sign : 0;
	key.loses = sign < 0;
	push(deltas, key);
}

static void push_revenue(struct deltas *deltas, int sign, const struct record *record, struct home home, int32_t margin_pct)
{
	int64_t amount = is_filled(record, REVENUE_AMOUNT) ? record->value[REVENUE_AMOUNT].integer : 0;
	int64_t margin = is_filled(record, REVENUE_MARGIN) ? record->value[REVENUE_MARGIN].integer : entry_margin(amount, margin_pct);

	if (is_filled(record, REVENUE_ON))
		push_money(deltas, sign, (struct delta){.organisation = home.organisation, .source = TEXT("revenue"), .line_key = home.line_key,
		                                         .day = (int32_t)record->value[REVENUE_ON].integer}, amount, margin);
}

static void push_deal(struct deltas *deltas, int sign, const struct record *record, struct home home, int32_t margin_pct)
{
	int64_t amount = is_filled(record, DEAL_AMOUNT) ? record->value[DEAL_AMOUNT].integer : 0;

	if (record->value[DEAL_STAGE].integer == STAGE_WON && is_filled(record, DEAL_CLOSED_ON))
		push_money(deltas, sign, (struct delta){.organisation = home.organisation, .source = TEXT("deals"), .line_key = home.line_key,
		                                         .seller = text_field(record, DEAL_SELLER),
		                                         .day = (int32_t)record->value[DEAL_CLOSED_ON].integer},
		           amount, entry_margin(amount, margin_pct));
}

static void push_activity(struct deltas *deltas, int sign, const struct record *record, struct home home)
{
	if (!is_filled(record, ACTIVITY_AT))
		return;
	int32_t day = day_of_instant(record->value[ACTIVITY_AT].integer);
	bool is_directed = is_filled(record, ACTIVITY_DIRECTION) && record->value[ACTIVITY_KIND].integer != ACTIVITY_SERVICE;
	bool is_inbound = is_directed && record->value[ACTIVITY_DIRECTION].integer == DIRECTION_INBOUND;
	int64_t minutes = is_filled(record, ACTIVITY_MINUTES) ? record->value[ACTIVITY_MINUTES].integer : 0;
	push(deltas, (struct delta){.sum = SUM_ACTIVITY, .organisation = home.organisation, .day = day,
	                             .amount = sign * minutes, .count = sign, .positive = is_inbound ? sign : 0,
	                             .directed = is_directed ? sign : 0, .loses = sign < 0});
	if (is_filled(record, ACTIVITY_CONTACT))
		push(deltas, (struct delta){.sum = SUM_PAIR, .organisation = home.organisation, .seller = text_field(record, ACTIVITY_SELLER),
		                             .contact = text_field(record, ACTIVITY_CONTACT), .day = sign > 0 ? day : DAY_NONE, .count = sign,
		                             .loses = sign < 0});
}

static void push_fact(struct deltas *deltas, int sign, const struct record *record, struct home home, int32_t margin_pct)
{
	if (home.organisation.length == 0)
		return;
	if (record->kind == RECORD_REVENUE)
		push_revenue(deltas, sign, record, home, margin_pct);
	else if (record->kind == RECORD_DEAL)
		push_deal(deltas, sign, record, home, margin_pct);
	else
		push_activity(deltas, sign, record, home);
}

/* ---- All facts, one delta a key ---- */

static int compare_keys(const void *left, const void *right)
{
	const struct delta *a = left, *b = right;
	int order = (a->sum > b->sum) - (a->sum < b->sum);

	if (order == 0)
		order = text_compare(a->organisation, b->organisation);
	if (order == 0)
		order = text_compare(a->source, b->source);
	if (order == 0 && a->sum != SUM_PAIR)
		order = (a->day > b->day) - (a->day < b->day);
	if (order == 0)
		order = text_compare(a->line_key, b->line_key);
	if (order == 0)
		order = text_compare(a->seller, b->seller);
	return order == 0 ? text_compare(a->contact, b->contact) : order;
}

/** @return false: more than bigint holds, which some thousand of the largest amounts make */
static bool add_up(struct delta *into, const struct delta *from)
{
	bool is_exact = !__builtin_add_overflow(into->amount, from->amount, &into->amount);

	is_exact &= !__builtin_add_overflow(into->margin, from->margin, &into->margin);
	into->count += from->count;
	into->positive += from->positive;
	into->directed += from->directed;
	into->loses |= from->loses;
	if (from->day > into->day)
		into->day = from->day;
	return is_exact;
}

static bool is_nothing(const struct delta *d)
{
	return d->amount == 0 && d->margin == 0 && d->count == 0 && d->positive == 0 && d->directed == 0 && !(d->sum == SUM_PAIR && d->loses);
}

static void gather(struct deltas *deltas)
{
	if (deltas->count == 0)
		return;
	qsort(deltas->list, deltas->count, sizeof(*deltas->list), compare_keys);
	size_t kept = 0;
#ifdef WITHOUT_ONE_EACH
	return;
#endif
	for (size_t i = 0; i < deltas->count; i++) {
		if (kept > 0 && compare_keys(&deltas->list[kept - 1], &deltas->list[i]) == 0)
			deltas->is_out_of_range |= !add_up(&deltas->list[kept - 1], &deltas->list[i]);
		else
			deltas->list[kept++] = deltas->list[i];
	}
	deltas->count = 0;
	for (size_t i = 0; i < kept; i++)
		if (!is_nothing(&deltas->list[i]))
			deltas->list[deltas->count++] = deltas->list[i];
}

/** Margins change by what the sums were made with; an organisation whose percentage moves has them made again afterwards (remargin). */
static int32_t margin_pct_of(struct batch *batch, struct text organisation)
{
	const struct item *item = item_table_find(&batch->tables[RECORD_ORGANISATION], organisation);

	if (item != NULL && item->standing_before.exists)
		return item->standing_before.margin_pct_centi;
	return item != NULL ? effective_margin_pct(&item->after.record, batch->rules.policy)
	                    : (int32_t)batch->rules.policy->default_margin_pct_centi;
}

static void push_differences(struct batch *batch, struct deltas *deltas)
{
	static const enum record_kind facts[] = {RECORD_DEAL, RECORD_ACTIVITY, RECORD_REVENUE};

	for (size_t k = 0; k < sizeof(facts) / sizeof(*facts); k++) {
		for (size_t i = 0; i < batch->tables[facts[k]].count; i++) {
			const struct item *item = batch->tables[facts[k]].items[i];

			if (!item->is_dirty)
				continue;
			push_fact(deltas, -1, &item->before.record, item->home_before, margin_pct_of(batch, item->home_before.organisation));
			push_fact(deltas, 1, &item->after.record, item->home_after, margin_pct_of(batch, item->home_after.organisation));
		}
	}
}

/* ---- Out ---- */

static void add_text(struct array_column *column, struct text text)
{
	array_add_text(column, text.bytes == NULL ? TEXT("") : text);
}

static void add_revenue(struct columns *columns, const struct delta *d, bool key_only)
{
	struct array_column *column = columns->column;

	add_text(column++, d->organisation);
	add_text(column++, d->source);
	array_add_day(column++, d->day);
	add_text(column++, d->line_key);
	add_text(column++, d->seller);
	if (key_only)
		return;
	array_add_int(column++, d->amount);
	array_add_int(column++, d->margin);
	array_add_int(column++, d->count);
	array_add_int(column, d->positive);
}

static void add_activity(struct columns *columns, const struct delta *d, bool key_only)
{
	struct array_column *column = columns->column;

	add_text(column++, d->organisation);
	array_add_day(column++, d->day);
	if (key_only)
		return;
	array_add_int(column++, d->count);
	array_add_int(column++, d->amount);
	array_add_int(column++, d->positive);
	array_add_int(column, d->directed);
}

static void add_pair(struct columns *columns, const struct delta *d, bool key_only)
{
	struct array_column *column = columns->column;

	add_text(column++, d->organisation);
	add_text(column++, d->seller);
	add_text(column++, d->contact);
	if (key_only)
		return;
	array_add_int(column++, d->count);
	array_add_day(column, d->day == DAY_NONE ? day_from_civil((struct civil_date){1, 1, 1}) : d->day);
}

/** How one kind of sum travels: the columns of its key, and of its differences. */
struct sum_way {
	enum array_type types[10];
	int key_columns, columns;
	void (*add)(struct columns *columns, const struct delta *delta, bool key_only);
	enum statement add_statement;
	enum statement lost_statements[3];
	int lost_count;
};
static const struct sum_way sum_ways[] = {
	[SUM_REVENUE] = {{ARRAY_TEXT, ARRAY_TEXT, ARRAY_DATE, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT8, ARRAY_INT8, ARRAY_INT4, ARRAY_INT4}, 5, 9,
	                  add_revenue, STATEMENT_ADD_REVENUE_DAYS, {STATEMENT_DROP_EMPTY_REVENUE_DAYS}, 1},
	[SUM_ACTIVITY] = {{ARRAY_TEXT, ARRAY_DATE, ARRAY_INT4, ARRAY_INT8, ARRAY_INT4, ARRAY_INT4}, 2, 6,
	                   add_activity, STATEMENT_ADD_ACTIVITY_DAYS, {STATEMENT_DROP_EMPTY_ACTIVITY_DAYS}, 1},
	[SUM_PAIR] = {{ARRAY_TEXT, ARRAY_TEXT, ARRAY_TEXT, ARRAY_INT8, ARRAY_DATE}, 3, 5,
	               add_pair, STATEMENT_ADD_TOUCH_PAIRS, {STATEMENT_DROP_EMPTY_TOUCH_PAIRS, STATEMENT_LOWER_TOUCH_PAIRS}, 2},
};

static void send_columns(struct batch *batch, struct columns *columns, const enum statement *statements, int count)
{
	struct params params = params_in(batch->arena);

	params_int8(&params, batch->workspace);
	columns_params(columns, &params);
	columns_release(columns);
	for (int i = 0; i < count; i++)
		batch_send(batch, statements[i], &params, NULL);
}

static void send_sum(struct batch *batch, const struct deltas *deltas, enum sum sum)
{
	const struct sum_way *way = &sum_ways[sum];
	struct columns added = {0}, lost = {0};
	size_t added_count = 0, lost_count = 0;

	columns_init(&added, way->types, way->columns);
	columns_init(&lost, way->types, way->key_columns);
	for (size_t i = 0; i < deltas->count; i++) {
		const struct delta *d = &deltas->list[i];

		if (d->sum != sum)
			continue;
		way->add(&added, d, false);
		added_count++;
		if (d->loses) {
			way->add(&lost, d, true);
			lost_count++;
		}
	}
	if (added_count > 0)
		send_columns(batch, &added, &way->add_statement, 1);
	if (lost_count > 0)
		send_columns(batch, &lost, way->lost_statements, way->lost_count);
	columns_release(&added);
	columns_release(&lost);
}

enum status batch_send_deltas(struct batch *batch)
{
	struct deltas deltas = {.arena = batch->arena};

	push_differences(batch, &deltas);
	if (deltas.failed)
		return STATUS_NO_MEMORY;
	gather(&deltas);
	batch->is_out_of_range |= deltas.is_out_of_range;
	if (deltas.is_out_of_range)
		return STATUS_INTERNAL;
	send_sum(batch, &deltas, SUM_REVENUE);
	send_sum(batch, &deltas, SUM_ACTIVITY);
	send_sum(batch, &deltas, SUM_PAIR);
	return STATUS_OK;
}
