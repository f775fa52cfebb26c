/* SPDX-License-Identifier: Apache-2.0 */
/* Streams closed deals out of the database into arrays. What is computed from them is core's. */
#include "closed_deals.h"

#include <stdlib.h>

#include "copy.h"

#define NAMES_BLOCK_BYTES (256 * 1024)
#define FIRST_CAPACITY 1024

enum status closed_deals_init(struct closed_deals *deals)
{
	*deals = (struct closed_deals){.names = arena_new(NAMES_BLOCK_BYTES)};
	deals->organisations.arena = deals->sellers.arena = deals->names;
	return deals->names == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void closed_deals_release(struct closed_deals *deals)
{
	free(deals->rows);
	free(deals->minutes_12m);
	text_map_release(&deals->organisations);
	text_map_release(&deals->sellers);
	arena_free(deals->names);
	*deals = (struct closed_deals){0};
}

/* ---- Growing ---- */

size_t closed_deals_bytes(const struct closed_deals *deals)
{
	return deals->capacity * sizeof(*deals->rows) + deals->organisation_capacity * sizeof(*deals->minutes_12m)
	       + text_map_bytes(&deals->organisations) + text_map_bytes(&deals->sellers) + arena_bytes(deals->names);
}

static bool is_too_large(const struct closed_deals *deals)
{
	return deals->most_bytes > 0 && closed_deals_bytes(deals) > deals->most_bytes;
}

/** @return the array with room for one more, moved perhaps; NULL when memory is short, and the old one stays */
static void *with_room(void *array, size_t count, size_t *capacity, size_t bytes)
{
	size_t more = *capacity == 0 ? FIRST_CAPACITY : *capacity + *capacity / 2;
	void *grown;

	if (count < *capacity)
		return array;
	grown = reallocarray(array, more, bytes);
	if (grown != NULL)
		*capacity = more;
	return grown;
}

/** Number a text in order of discovery: *index −1 for no text. @return false: memory is short */
static bool number_text(struct text_map *map, struct text text, int32_t *index)
{
	int64_t *number;

	*index = -1;
	if (text.bytes == NULL)
		return true;
	number = text_map_put(map, text);
	if (number == NULL)
		return false;
	if (*number == 0)
		*number = (int64_t)map->count;
	*index = (int32_t)*number - 1;
	return true;
}

static bool number_organisation(struct closed_deals *deals, struct text organisation, int64_t minutes_12m, int32_t *index)
{
	const size_t known = deals->organisations.count;
	int64_t *minutes = with_room(deals->minutes_12m, known, &deals->organisation_capacity, sizeof(*minutes));

	if (minutes == NULL)
		return false;
	deals->minutes_12m = minutes;
	if (!number_text(&deals->organisations, organisation, index))
		return false;
	if (deals->organisations.count > known)
		minutes[known] = minutes_12m;
	return true;
}

static bool make_room(struct closed_deals *deals)
{
	struct closed_deal *rows = with_room(deals->rows, deals->count, &deals->capacity, sizeof(*rows));

	if (rows == NULL)
		return false;
	deals->rows = rows;
	return true;
}

/* ---- Reading ---- */

static enum status add_row(struct copy *copy, struct closed_deals *deals)
{
	struct closed_deal deal = {0};
	struct text organisation = copy_text(copy), seller = copy_text(copy);
	int64_t minutes_12m;

	if (is_too_large(deals) || !make_room(deals))
		return STATUS_NO_MEMORY;
	deal.amount_minor = copy_int(copy, 0);
	deal.won = copy_bool(copy);
	deal.opened_on = copy_day(copy);
	deal.closed_on = copy_day(copy);
	deal.minutes = copy_int(copy, 0);
	minutes_12m = copy_int(copy, 0);
	if (copy->broken)
		return STATUS_INTERNAL;
	if (!number_organisation(deals, organisation, minutes_12m, &deal.organisation)
	    || !number_text(&deals->sellers, seller, &deal.seller))
		return STATUS_NO_MEMORY;
	deals->rows[deals->count++] = deal;
	return STATUS_OK;
}

static enum status copy_rows(struct job *job, struct closed_deals *deals)
{
	struct copy copy;
	bool has_row = true;
	enum status ended, status = jobs_copy_begin(&copy, job->session, STATEMENT_COPY_CLOSED_DEALS);

	if (status != STATUS_OK)
		return status;
	while (status == STATUS_OK && has_row) {
		status = deals->count % JOBS_CHUNK_ROWS == 0 && jobs_is_stopping(job) ? STATUS_UNAVAILABLE : jobs_copy_next(&copy, &has_row);
		if (status == STATUS_OK && has_row)
			status = add_row(&copy, deals);
	}
	ended = jobs_copy_end(&copy);
	return status == STATUS_OK ? ended : status;
}

static enum status read_selling(struct job *job, struct closed_deals *deals)
{
	struct params params = jobs_params(job);
	const PGresult *rows;
	enum status status = jobs_rows(job, STATEMENT_READ_SELLING, &params, &rows);
	struct row row;

	if (status != STATUS_OK)
		return status;
	row = (struct row){rows, 0};
	deals->selling = (struct selling){
		.is_known = row_bool(row, 0),
		.weekly_hours_centi = row_int(row, 1),
		.quota_minor = row_int(row, 2),
	};
	return STATUS_OK;
}

enum status jobs_deals_load(struct job *job, int32_t day, struct closed_deals *deals)
{
	struct params params = jobs_params(job);
	enum status status;

	params_day(&params, day);
	status = jobs_run(job, STATEMENT_SCOPE_DEALS, &params);
	if (status == STATUS_OK)
		status = copy_rows(job, deals);
	return status == STATUS_OK ? read_selling(job, deals) : status;
}

enum status jobs_deals_band(const struct closed_deals *deals, const struct policy *policy, struct arena *arena, struct size_bands *out)
{
	struct deal_book book = {
		.deals = deals->rows,
		.count = deals->count,
		.edges = policy->edges_stated ? policy->edges : NULL,
		.edge_count = (size_t)policy->edge_count,
		.minutes_12m = deals->minutes_12m,
		.organisation_count = deals->organisations.count,
		.seller_count = deals->sellers.count,
		.selling = deals->selling,
	};

	book.selling.account_management_pct_centi = policy->account_management_pct_centi;
	return core_bands_compute(&book, arena, out);
}

static int compare_sellers(const void *a, const void *b)
{
	return text_compare(((const struct band_seller *)a)->seller, ((const struct band_seller *)b)->seller);
}

enum status jobs_deals_sellers(const struct closed_deals *deals, const struct size_bands *bands, struct arena *arena,
                               struct band_seller **out, size_t *count)
{
	const struct text_map *names = &deals->sellers;
	struct band_seller *sellers = arena_array(arena, names->count + 1, sizeof(*sellers));
	size_t found = 0;

	if (sellers == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < names->slot_count; i++) {
		const struct text_map_slot *slot = &names->slots[i];

		if (slot->key.bytes == NULL)
			continue;
		sellers[found] = (struct band_seller){text_copy(arena, slot->key), bands->sellers[slot->value - 1]};
		if (sellers[found++].seller.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	qsort(sellers, found, sizeof(*sellers), compare_sellers);
	*out = sellers;
	*count = found;
	return STATUS_OK;
}
