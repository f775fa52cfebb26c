/* SPDX-License-Identifier: Apache-2.0 */
/* Streams a book out of the database into arrays. What is computed from it is core's. */
#include "book_rows.h"

#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "rules.h"

#define NAMES_BLOCK_BYTES (1024 * 1024)
#define POOL_BYTES (64 * 1024)
#define ID_BYTES 128
#define FIRST_CAPACITY 4096
#define STATED_POTENTIAL_DAYS 365
#define MEDIAN 50

enum status book_rows_init(struct book_rows *rows)
{
	*rows = (struct book_rows){.names = arena_new(NAMES_BLOCK_BYTES)};
	rows->industries.arena = rows->won_deals.arena = rows->names;
	return rows->names == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void book_rows_release(struct book_rows *rows)
{
	free(rows->features);
	free(rows->before);
	free(rows->ids);
	text_map_release(&rows->industries);
	text_map_release(&rows->won_deals);
	arena_free(rows->names);
	*rows = (struct book_rows){0};
}

struct text book_rows_id(const struct book_rows *rows, size_t index)
{
	return (struct text){rows->ids[index] + 1, (unsigned char)rows->ids[index][0]};
}

/* ---- Growing ---- */

static bool grow_array(void *array, size_t capacity, size_t bytes)
{
	void *old, *grown;

	memcpy(&old, array, sizeof(old));
	grown = realloc(old, capacity * bytes);
	if (grown == NULL)
		return false;
	memcpy(array, &grown, sizeof(grown));
	return true;
}

/** By half: memory that was never written is not there. */
static enum status make_room(struct book_rows *rows)
{
	size_t capacity = rows->capacity == 0 ? FIRST_CAPACITY : rows->capacity + rows->capacity / 2;

	if (rows->count < rows->capacity)
		return STATUS_OK;
	if (!grow_array(&rows->features, capacity, sizeof(*rows->features)) || !grow_array(&rows->before, capacity, sizeof(*rows->before))
	    || !grow_array(&rows->ids, capacity, sizeof(*rows->ids)))
		return STATUS_NO_MEMORY;
	rows->capacity = capacity;
	return STATUS_OK;
}

/** Many small texts side by side: a block of the arena for each would double them. */
static const char *keep_id(struct book_rows *rows, struct text id)
{
	char *kept;

	if (rows->pool_left < id.length + 1) {
		rows->pool = arena_alloc(rows->names, POOL_BYTES);
		rows->pool_left = rows->pool == NULL ? 0 : POOL_BYTES;
	}
	if (id.length > ID_BYTES || rows->pool_left < id.length + 1)
		return NULL;
	kept = rows->pool;
	kept[0] = (char)(unsigned char)id.length;
	if (id.length > 0)
		memcpy(kept + 1, id.bytes, id.length);
	rows->pool += id.length + 1;
	rows->pool_left -= id.length + 1;
	return kept;
}

/* ---- One organisation ---- */

static bool number_industry(struct book_rows *rows, struct text industry, int32_t *out)
{
	int64_t *number;

	*out = -1;
	if (industry.bytes == NULL)
		return true;
	number = text_map_put(&rows->industries, industry);
	if (number == NULL)
		return false;
	if (*number == 0)
		*number = (int64_t)rows->industries.count;
	*out = (int32_t)*number - 1;
	return true;
}

static void read_measures(struct copy *copy, struct measures *out)
{
	out->revenue_12m = copy_int(copy, 0);
	out->revenue_prior_12m = copy_int(copy, 0);
	out->revenue_182 = copy_int(copy, 0);
	out->revenue_prior_182 = copy_int(copy, 0);
	out->margin_12m = copy_int(copy, 0);
	out->minutes_12m = copy_int(copy, 0);
	out->rhythm = copy_int(copy, 0);
	out->orders = copy_int(copy, 0);
	out->reach = (int32_t)copy_int(copy, 0);
	out->inbound = (int32_t)copy_int(copy, 0);
	out->directed = (int32_t)copy_int(copy, 0);
	out->lines_12m = (int32_t)copy_int(copy, 0);
}

static void read_before(struct copy *copy, struct before *out)
{
	struct text list;

	out->tier = (uint8_t)tier_of_name(copy_text(copy));
	list = copy_text(copy);
	out->list = (uint8_t)list_of_name(list);
	out->classified = list.bytes != NULL;
	out->engagement = (int16_t)copy_int(copy, -1);
	out->potential = (int16_t)copy_int(copy, -1);
	out->keep_score = (int16_t)copy_int(copy, -1);
	out->engagement_side = (uint8_t)copy_int(copy, 0);
	out->potential_side = (uint8_t)copy_int(copy, 0);
}

/** Stated, and in force for a year from its day; as features_of has it. */
static int64_t stated_potential(int64_t potential, int32_t on, int32_t day)
{
	if (potential < 0 || on == DAY_NONE)
		return -1;
	return day >= on && day - on < STATED_POTENTIAL_DAYS ? potential : -1;
}

static enum status add_row(struct copy *copy, int32_t day, struct book_rows *rows)
{
	struct features features = {.fit_centi = -1};
	struct before before = {0};
	struct text id = copy_text(copy), industry;
	int64_t potential;
	enum status status = make_room(rows);

	if (status != STATUS_OK)
		return status;
	features.is_account = copy_bool(copy);
	features.is_active = copy_bool(copy);
	features.employee_band = employee_band_of(copy_int(copy, 0));
	industry = copy_text(copy);
	potential = copy_int(copy, -1);
	features.stated_potential = stated_potential(potential, copy_day(copy), day);
	read_before(copy, &before);
	read_measures(copy, &features.measures);
	if (copy->broken)
		return STATUS_INTERNAL;
	before.won_deals = (int32_t)text_map_get(&rows->won_deals, id, 0);
	rows->ids[rows->count] = keep_id(rows, id);
	if (rows->ids[rows->count] == NULL || !number_industry(rows, industry, &features.industry))
		return STATUS_NO_MEMORY;
	rows->features[rows->count] = features;
	rows->before[rows->count++] = before;
	return STATUS_OK;
}

/* ---- The whole book ---- */

static enum status load_won_deals(struct job *job, int32_t day, struct book_rows *rows)
{
	struct params params = jobs_params(job);
	const PGresult *counts;
	enum status status;

	params_day(&params, day);
	status = jobs_rows(job, STATEMENT_COUNT_WON_DEALS, &params, &counts);
	for (int i = 0; status == STATUS_OK && i < PQntuples(counts); i++) {
		struct row row = {counts, i};
		int64_t *count = text_map_put(&rows->won_deals, row_text(row, 0));

		if (count == NULL)
			status = STATUS_NO_MEMORY;
		else
			*count = row_int(row, 1);
	}
	return status;
}

static enum status copy_rows(struct job *job, int32_t day, struct book_rows *rows)
{
	struct copy copy;
	bool has_row = true;
	enum status ended, status = jobs_copy_begin(&copy, job->session, STATEMENT_COPY_BOOK);

	if (status != STATUS_OK)
		return status;
	while (status == STATUS_OK && has_row) {
		status = jobs_copy_next(&copy, &has_row);
		if (status == STATUS_OK && has_row)
			status = add_row(&copy, day, rows);
	}
	ended = jobs_copy_end(&copy);
	return status == STATUS_OK ? ended : status;
}

enum status jobs_book_load(struct job *job, int32_t day, struct book_rows *rows)
{
	struct params params = jobs_params(job);
	enum status status = jobs_run(job, STATEMENT_SCOPE_SESSION, &params);

	if (status == STATUS_OK)
		status = load_won_deals(job, day, rows);
	arena_reset(job->arena);
	if (status == STATUS_OK)
		status = copy_rows(job, day, rows);
	text_map_release(&rows->won_deals);
	return status;
}

enum status jobs_book_span(struct job *job, int32_t day, struct book_span *span)
{
	struct params params = jobs_params(job);
	struct text_map lines = {.arena = job->arena};
	const PGresult *rows;
	enum status status;

	*span = (struct book_span){.first_entry_on = DAY_NONE, .first_deal_on = DAY_NONE};
	params_day(&params, day);
	status = jobs_rows(job, STATEMENT_READ_LINES, &params, &rows);
	for (int i = 0; status == STATUS_OK && i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		bool is_entry = row_bool(row, 0);
		struct text line = row_text(row, 1);
		int32_t on = row_day(row, 2), *first = is_entry ? &span->first_entry_on : &span->first_deal_on;

		span->has_revenue_entries |= is_entry;
		if (on != DAY_NONE && (*first == DAY_NONE || on < *first))
			*first = on;
		if (line.length > 0 && text_map_put(&lines, line) == NULL)
			status = STATUS_NO_MEMORY;
	}
	span->distinct_lines = (int32_t)lines.count;
	text_map_release(&lines);
	return status;
}

enum status jobs_book_deals_per_year(const struct book_rows *rows, int64_t *out)
{
	int64_t *counts = calloc(rows->count + 1, sizeof(*counts));
	size_t clients = 0;

	if (counts == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < rows->count; i++)
		if (rows->features[i].is_account && rows->features[i].is_active && rows->features[i].measures.revenue_12m > 0)
			counts[clients++] = rows->before[i].won_deals;
	*out = clients == 0 ? 1 : core_percentile(counts, clients, MEDIAN);
	if (*out < 1)
		*out = 1;
	free(counts);
	return STATUS_OK;
}

/* ---- Measuring again ---- */

static enum status measure_some(struct job *job, int32_t day, enum revenue_source source, struct book_rows *rows, size_t from, size_t to)
{
	struct text_map places = {.arena = job->arena};
	struct array_column ids;
	const PGresult *measured;
	enum status status = STATUS_OK;

	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = from; i < to && status == STATUS_OK; i++) {
		int64_t *place = text_map_put(&places, book_rows_id(rows, i));

		array_add_text(&ids, book_rows_id(rows, i));
		if (place == NULL)
			status = STATUS_NO_MEMORY;
		else
			*place = (int64_t)i;
	}
	if (status == STATUS_OK)
		status = jobs_measure(job, &ids, day, source, &measured);
	for (int i = 0; status == STATUS_OK && i < PQntuples(measured); i++) {
		struct row row = {measured, i};
		int64_t place = text_map_get(&places, row_text(row, 0), -1);

		if (place >= 0)
			measures_read(row, 1, &rows->features[place].measures);
	}
	array_column_release(&ids);
	text_map_release(&places);
	return status;
}

enum status jobs_book_measure(struct job *job, int32_t day, enum revenue_source source, struct book_rows *rows)
{
	for (size_t from = 0; from < rows->count; from += JOBS_CHUNK_ROWS) {
		size_t to = from + JOBS_CHUNK_ROWS < rows->count ? from + JOBS_CHUNK_ROWS : rows->count;
		enum status status;

		arena_reset(job->arena);
		status = jobs_is_stopping(job) ? STATUS_UNAVAILABLE : measure_some(job, day, source, rows, from, to);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}
