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

enum status book_rows_init(struct book_rows *rows)
{
	*rows = (struct book_rows){.names = arena_new(NAMES_BLOCK_BYTES)};
	rows->industries.arena = rows->won_deals.arena = rows->sellers.arena = rows->names;
	return rows->names == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void book_rows_release(struct book_rows *rows)
{
	free(rows->features);
	free(rows->before);
	free(rows->ids);
	free(rows->owners);
	free(rows->other_margins);
	free(rows->prospects);
	arena_free(rows->window_texts);
	text_map_release(&rows->industries);
	text_map_release(&rows->sellers);
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
	if (rows->wants_owners && !grow_array(&rows->owners, capacity, sizeof(*rows->owners)))
		return STATUS_NO_MEMORY;
	rows->capacity = capacity;
	return STATUS_OK;
}

enum status book_rows_window(struct book_rows *rows, enum status (*on_window)(struct book_rows *rows, void *context), void *context)
{
	rows->wants_owners = true;
	rows->on_window = on_window;
	rows->window_context = context;
	rows->capacity = JOBS_CHUNK_ROWS;
	rows->other_capacity = JOBS_CHUNK_ROWS;
	rows->pool_left = JOBS_CHUNK_ROWS * (size_t)(ID_BYTES + 1);
	rows->features = calloc(JOBS_CHUNK_ROWS, sizeof(*rows->features));
	rows->before = calloc(JOBS_CHUNK_ROWS, sizeof(*rows->before));
	rows->ids = calloc(JOBS_CHUNK_ROWS, sizeof(*rows->ids));
	rows->owners = calloc(JOBS_CHUNK_ROWS, sizeof(*rows->owners));
	rows->other_margins = calloc(JOBS_CHUNK_ROWS, sizeof(*rows->other_margins));
	rows->prospects = calloc(JOBS_CHUNK_ROWS, sizeof(*rows->prospects));
	rows->prospect_capacity = JOBS_CHUNK_ROWS;
	rows->window_texts = arena_new(POOL_BYTES);
	rows->pool = rows->window_pool = arena_alloc(rows->names, rows->pool_left);
	if (rows->features == NULL || rows->before == NULL || rows->ids == NULL || rows->owners == NULL || rows->other_margins == NULL)
		return STATUS_NO_MEMORY;
	return rows->prospects == NULL || rows->window_texts == NULL || rows->window_pool == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/** Hand the window over when it is full, or at the end. */
static enum status hand_over(struct book_rows *rows, bool is_end)
{
	enum status status;

	if (rows->on_window == NULL || (rows->count < JOBS_CHUNK_ROWS && !is_end))
		return STATUS_OK;
	status = rows->on_window(rows, rows->window_context);
	rows->count = rows->other_count = rows->prospect_count = 0;
	arena_reset(rows->window_texts);
	rows->pool = rows->window_pool;
	rows->pool_left = JOBS_CHUNK_ROWS * (size_t)(ID_BYTES + 1);
	return status;
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
	out->could_become_key = copy_bool(copy);
}

static bool add_other_margin(struct book_rows *rows, int32_t pct_centi)
{
	size_t capacity = rows->other_capacity == 0 ? FIRST_CAPACITY : rows->other_capacity * 2;

	if (rows->other_count == rows->other_capacity) {
		if (!grow_array(&rows->other_margins, capacity, sizeof(*rows->other_margins)))
			return false;
		rows->other_capacity = capacity;
	}
	rows->other_margins[rows->other_count++] = (struct other_margin){(uint32_t)rows->count, pct_centi};
	return true;
}

/** Who it belongs to, and whether its margin has to be summed up anew. */
static enum status add_owner(struct copy *copy, struct book_rows *rows)
{
	struct text seller = copy_text(copy);
	bool is_derived = copy_bool(copy);
	int64_t summed_centi = copy_int(copy, -1), margin_centi = copy_int(copy, rows->default_margin_centi);
	int64_t *number;

	if (!rows->wants_owners || copy->broken)
		return STATUS_OK;
	rows->owners[rows->count] = OWNER_DERIVED;
	if (seller.bytes != NULL) {
		number = text_map_put(&rows->sellers, seller);
		if (number == NULL)
			return STATUS_NO_MEMORY;
		if (*number == 0)
			*number = (int64_t)rows->sellers.count;
		rows->owners[rows->count] = (uint32_t)*number | (is_derived ? OWNER_DERIVED : 0);
	}
	if (summed_centi != margin_centi && !add_other_margin(rows, (int32_t)margin_centi))
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

/** The columns behind the measures. Texts are the copy's. */
static void read_prospect(struct copy *copy, struct prospect_row *out)
{
	struct qualified *q = &out->qualified;
	int64_t access;

	q->verdict = verdict_of_name(copy_text(copy));
	q->expected_annual = copy_int(copy, -1);
	q->size_source = size_source_of_name(copy_text(copy));
	q->fit_passed_centi = (int32_t)copy_int(copy, -1);
	q->fit_possible_centi = (int32_t)copy_int(copy, -1);
	q->findings = copy_text(copy);
	q->open_amount = copy_int(copy, 0);
	q->largest_open = copy_int(copy, 0);
	access = copy_int(copy, -1);
	q->access = access < 0 ? ACCESS_UNKNOWN : access == 0 ? ACCESS_NO : ACCESS_YES;
	out->terms.expected_annual = copy_int(copy, -1);
	out->terms.revisit_on = copy_day(copy);
}

static enum status keep_prospect(struct book_rows *rows, struct prospect_row prospect, int32_t *index)
{
	size_t capacity = rows->prospect_capacity == 0 ? FIRST_CAPACITY : rows->prospect_capacity + rows->prospect_capacity / 2;
	bool has_findings = prospect.qualified.findings.bytes != NULL;

	if (has_findings)
		prospect.qualified.findings = text_copy(rows->window_texts != NULL ? rows->window_texts : rows->names,
		                                        prospect.qualified.findings);
	if (has_findings && prospect.qualified.findings.bytes == NULL)
		return STATUS_NO_MEMORY;
	if (rows->prospect_count == rows->prospect_capacity) {
		if (!grow_array(&rows->prospects, capacity, sizeof(*rows->prospects)))
			return STATUS_NO_MEMORY;
		rows->prospect_capacity = capacity;
	}
	*index = (int32_t)rows->prospect_count;
	rows->prospects[rows->prospect_count++] = prospect;
	return STATUS_OK;
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
	struct features features = {0};
	struct before before = {.prospect = -1};
	struct prospect_row prospect;
	struct text id = copy_text(copy), industry;
	int64_t potential;
	enum status status = make_room(rows);

	if (status != STATUS_OK)
		return status;
	features.is_account = copy_bool(copy);
	features.is_active = copy_bool(copy);
	features.employee_band = employee_band_of(copy_int(copy, 0)) & 7u;
	industry = copy_text(copy);
	potential = copy_int(copy, -1);
	features_state_potential(&features, stated_potential(potential, copy_day(copy), day));
	read_before(copy, &before);
	read_measures(copy, &features.measures);
	read_prospect(copy, &prospect);
	status = add_owner(copy, rows);
	if (copy->broken)
		return STATUS_INTERNAL;
	features.fit_passed_centi = prospect.qualified.fit_passed_centi > 0 ? prospect.qualified.fit_passed_centi : 0;
	if (status == STATUS_OK && !features.is_account)
		status = keep_prospect(rows, prospect, &before.prospect);
	if (status != STATUS_OK)
		return status;
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
		status = rows->count % JOBS_CHUNK_ROWS == 0 && jobs_is_stopping(job) ? STATUS_UNAVAILABLE : jobs_copy_next(&copy, &has_row);
		if (status == STATUS_OK && has_row)
			status = add_row(&copy, day, rows);
		if (status == STATUS_OK)
			status = hand_over(rows, !has_row);
	}
	ended = jobs_copy_end(&copy);
	return status == STATUS_OK ? ended : status;
}

enum status jobs_book_load(struct job *job, int32_t day, struct book_rows *rows)
{
	struct params params = jobs_params(job);
	enum status status = jobs_run(job, STATEMENT_SCOPE_SESSION, &params);

	if (status == STATUS_OK && !rows->skips_won_deals)
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
