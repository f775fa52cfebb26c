/* SPDX-License-Identifier: Apache-2.0 */
/* What the touched organisations measure, and who sells to them, read from facts and daily sums. What follows is batch_score.c's. */
#include "batch.h"

static bool is_restored(const struct item *item)
{
	return item->before.deleted && is_shown(item);
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

size_t batch_ids_params(struct batch *batch, struct params *params, bool (*is_wanted)(const struct item *item))
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

	if (batch_ids_params(batch, &params, measuring->is_wanted) == 0)
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

	if (batch_ids_params(batch, &params, is_wanted) == 0)
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
	if (batch_ids_params(batch, &params, is_remargined) == 0)
		return;
	add_margins(batch, &params, is_remargined, batch->rules.policy);
	batch_send(batch, STATEMENT_REMARGIN_ORGANISATIONS, &params, NULL);
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

	if (batch->in_force.next_day <= batch->in_force.day || batch_ids_params(batch, &params, is_shown_prospect) == 0)
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
	    || batch_ids_params(batch, &params, is_shown) == 0)
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

	if (batch_ids_params(batch, &params, is_restored) == 0)
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
