/* SPDX-License-Identifier: Apache-2.0 */
/* Let-go lists of a book in memory, and who joins or leaves them. The rules of the list are core's (domain.md §4). */
#include "simulation.h"

#include <stdlib.h>

#include <sweetspot/let_go.h>

#include "rules.h"

/* Columns of read_let_go_facts. */
enum { FACT_ACCOUNT, FACT_NAME, FACT_STATUS, FACT_PROTECTED_UNTIL, FACT_KEPT_UNTIL, FACT_CLIENT_SINCE, FACT_FIRST_REVENUE_ON };

/** A list being made. */
struct cutting {
	struct simulating *simulating;
	const struct stand *stands;
	const struct cut_rules *rules;
	struct cut *out;
	struct cut_rows *within;
	uint32_t *candidates;  /* rows that tier, list and hours let on it, in order; on the heap */
	size_t candidate_count;
};

/* ---- Who may be on it, in order ---- */

static struct let_go_facts facts_in_memory(const struct cutting *cutting, uint32_t row)
{
	const struct features *features = &cutting->simulating->rows.features[row];
	const struct stand *stand = &cutting->stands[row];

	return (struct let_go_facts){
		.is_active = features->is_active && features->is_account,
		.tier = (enum tier)stand->tier,
		.list = stand->list == STAND_UNCLASSIFIED ? LIST_NONE : (enum list)stand->list,
		.minutes_12m = features->measures.minutes_12m,
		.protected_until = DAY_NONE,
		.kept_until = DAY_NONE,
		.client_since = DAY_NONE,
		.first_revenue_on = DAY_NONE,
		.book_first_revenue_on = cutting->rules->review->book_first_revenue_on,
	};
}

static struct let_go_key key_of(const struct cutting *cutting, uint32_t row)
{
	int32_t keep_score = cutting->stands[row].keep_score_centi;

	return (struct let_go_key){
		.keep_score_centi = keep_score < 0 ? 0 : keep_score,
		.revenue_12m = cutting->simulating->rows.features[row].measures.revenue_12m,
		.account = book_rows_id(&cutting->simulating->rows, row),
	};
}

static int compare_candidates(const void *a, const void *b, void *context)
{
	struct let_go_key left = key_of(context, *(const uint32_t *)a), right = key_of(context, *(const uint32_t *)b);

	return core_let_go_compare(&left, &right);
}

static enum status find_candidates(struct cutting *cutting)
{
	size_t rows = cutting->simulating->rows.count;

	cutting->candidates = calloc(rows + 1, sizeof(*cutting->candidates));
	if (cutting->candidates == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < rows; i++) {
		struct let_go_facts facts = facts_in_memory(cutting, (uint32_t)i);

		if (core_let_go_bar(&facts, cutting->rules->policy, cutting->rules->day) == LET_GO_CANDIDATE)
			cutting->candidates[cutting->candidate_count++] = (uint32_t)i;
	}
	qsort_r(cutting->candidates, cutting->candidate_count, sizeof(*cutting->candidates), compare_candidates, cutting);
	return STATUS_OK;
}

/* ---- What else decides ---- */

/** Rows of read_let_go_facts by organisation, for some rows of the book; in the job's arena but for the map's slots. */
struct facts {
	const PGresult *result;
	struct text_map places;  /* an organisation's row in the result, plus 1 */
};

static enum status facts_read(struct simulating *simulating, const uint32_t *rows, size_t count, int32_t day, enum revenue_source source,
                              struct facts *out)
{
	struct params params;
	struct array_column ids;
	enum status status;

	arena_reset(simulating->job->arena);
	*out = (struct facts){.places = {.arena = simulating->job->arena}};
	params = jobs_params(simulating->job);
	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < count; i++)
		array_add_text(&ids, book_rows_id(&simulating->rows, rows[i]));
	params_array(&params, &ids);
	array_column_release(&ids);
	params_day(&params, day);
	params_text(&params, jobs_source_name(source));
	status = jobs_rows(simulating->job, STATEMENT_READ_LET_GO_FACTS, &params, &out->result);
	for (int i = 0; status == STATUS_OK && i < PQntuples(out->result); i++) {
		int64_t *place = text_map_put(&out->places, row_text((struct row){out->result, i}, FACT_ACCOUNT));

		if (place == NULL)
			status = STATUS_NO_MEMORY;
		else
			*place = i + 1;
	}
	return status;
}

/** @return index -1 where there are none */
static struct row facts_find(const struct facts *facts, struct text id)
{
	return (struct row){facts->result, (int)text_map_get(&facts->places, id, 0) - 1};
}

static bool is_candidate(const struct cutting *cutting, uint32_t index, struct row row)
{
	struct let_go_facts facts = facts_in_memory(cutting, index);

	if (row.index < 0)
		return false;
	facts.protected_until = row_day(row, FACT_PROTECTED_UNTIL);
	facts.kept_until = row_day(row, FACT_KEPT_UNTIL);
	facts.client_since = row_day(row, FACT_CLIENT_SINCE);
	facts.first_revenue_on = row_day(row, FACT_FIRST_REVENUE_ON);
	return core_let_go_bar(&facts, cutting->rules->policy, cutting->rules->day) == LET_GO_CANDIDATE;
}

/* ---- Entries ---- */

static struct text seller_name(const struct book_rows *rows, uint32_t owner)
{
	for (size_t i = 0; owner != 0 && i < rows->sellers.slot_count; i++)
		if (rows->sellers.slots[i].key.bytes != NULL && rows->sellers.slots[i].value == owner)
			return rows->sellers.slots[i].key;
	return (struct text){NULL, 0};
}

static enum status entry_fill(struct simulating *simulating, const struct stand *stand, uint32_t index, struct row row,
                              struct cut_entry *out)
{
	const struct book_rows *rows = &simulating->rows;
	const struct measures *measures = &rows->features[index].measures;

	*out = (struct cut_entry){
		.account = text_copy(simulating->arena, book_rows_id(rows, index)),
		.name = row.index < 0 ? (struct text){NULL, 0} : text_copy(simulating->arena, row_text(row, FACT_NAME)),
		.seller = text_copy(simulating->arena, seller_name(rows, rows->owners[index] & ~OWNER_DERIVED)),
		.tier = (enum tier)stand->tier,
		.list = stand->list == STAND_UNCLASSIFIED ? LIST_NONE : (enum list)stand->list,
		.keep_score_centi = stand->keep_score_centi,
		.revenue_12m = measures->revenue_12m,
		.minutes_12m = measures->minutes_12m,
	};
	return out->account.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- The list ---- */

static enum status take(struct cutting *cutting, uint32_t index, struct row row)
{
	struct simulating *simulating = cutting->simulating;
	struct cut *cut = cutting->out;
	enum status status = STATUS_OK;

	cutting->within->rows[cutting->within->count++] = index;
	cut->accounts++;
	cut->revenue += simulating->rows.features[index].measures.revenue_12m;
	cut->minutes += simulating->rows.features[index].measures.minutes_12m;
	if (cut->shown == simulating->simulation->limit)
		return STATUS_OK;
	status = entry_fill(simulating, &cutting->stands[index], index, row, &cut->entries[cut->shown]);
	cut->entries[cut->shown++].rank = cut->accounts;
	return status;
}

static enum status take_some(struct cutting *cutting, size_t from, size_t to)
{
	struct facts facts;
	enum status status = facts_read(cutting->simulating, cutting->candidates + from, to - from, cutting->rules->day,
	                                cutting->rules->review->revenue_source, &facts);

	for (size_t i = from; i < to && status == STATUS_OK && cutting->out->accounts < cutting->out->remaining; i++) {
		uint32_t index = cutting->candidates[i];
		struct row row = facts_find(&facts, book_rows_id(&cutting->simulating->rows, index));

		if (is_candidate(cutting, index, row))
			status = take(cutting, index, row);
	}
	text_map_release(&facts.places);
	return status;
}

static enum status take_all(struct cutting *cutting)
{
	struct cut *cut = cutting->out;
	size_t limit = cutting->simulating->simulation->limit;
	enum status status = find_candidates(cutting);
	size_t most = (size_t)cut->remaining < cutting->candidate_count ? (size_t)cut->remaining : cutting->candidate_count;

	if (status != STATUS_OK)
		return status;
	cut->entries = arena_array(cutting->simulating->arena, limit + 1, sizeof(*cut->entries));
	cutting->within->rows = calloc(most + 1, sizeof(*cutting->within->rows));
	if (cut->entries == NULL || cutting->within->rows == NULL)
		return STATUS_NO_MEMORY;
	for (size_t from = 0; from < cutting->candidate_count && cut->accounts < cut->remaining && status == STATUS_OK; from += JOBS_CHUNK_ROWS) {
		size_t to = from + JOBS_CHUNK_ROWS < cutting->candidate_count ? from + JOBS_CHUNK_ROWS : cutting->candidate_count;

		status = jobs_is_stopping(cutting->simulating->job) ? STATUS_UNAVAILABLE : take_some(cutting, from, to);
	}
	return status;
}

/** The largest number of clients at a review of the year, the one made in memory included; before its first, at the last review before it. */
static int64_t base_of(const struct cut_rules *rules, struct row row)
{
	int64_t base = row_int(row, row_is_null(row, 0) ? 1 : 0);

	if (!rules->review_is_made)
		return base;
	return row_is_null(row, 0) || rules->review->clients > base ? rules->review->clients : base;
}

static enum status read_budget(struct cutting *cutting)
{
	const struct cut_rules *rules = cutting->rules;
	struct job *job = cutting->simulating->job;
	struct cut *cut = cutting->out;
	struct params params;
	const PGresult *rows;
	enum status status;

	arena_reset(job->arena);
	params = jobs_params(job);
	params_day(&params, core_fiscal_year_start(rules->policy, rules->day));
	params_day(&params, rules->day);
	status = jobs_rows(job, STATEMENT_READ_BUDGET, &params, &rows);
	if (status != STATUS_OK)
		return status;
	cut->base = base_of(rules, (struct row){rows, 0});
	cut->used = row_int((struct row){rows, 0}, 2);
	return STATUS_OK;
}

enum status jobs_simulation_cut(struct simulating *simulating, const struct stand *stands, const struct cut_rules *rules,
                                struct cut *out, struct cut_rows *within)
{
	struct cutting cutting = {.simulating = simulating, .stands = stands, .rules = rules, .out = out, .within = within};
	enum status status = read_budget(&cutting);

	if (status != STATUS_OK)
		return status;
	out->budget = core_let_go_budget(out->base, rules->policy);
	out->remaining = out->budget > out->used ? out->budget - out->used : 0;
	if (rules->review != NULL)
		status = take_all(&cutting);
	free(cutting.candidates);
	return status;
}

/* ---- Before and after ---- */

/** Those of `rows` that are not marked, the first `limit` of them described as they stand after. */
static enum status list_missing(struct simulating *simulating, const struct cut_rows *rows, const unsigned char *marks,
                                struct cut_entry **entries, size_t *count, size_t *shown)
{
	size_t limit = simulating->simulation->limit;
	uint32_t *missing = arena_array(simulating->arena, limit + 1, sizeof(*missing));
	int64_t *ranks = arena_array(simulating->arena, limit + 1, sizeof(*ranks));
	struct facts facts;
	enum status status;

	*entries = arena_array(simulating->arena, limit + 1, sizeof(**entries));
	if (*entries == NULL || missing == NULL || ranks == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < rows->count; i++) {
		if (marks[rows->rows[i]] != 0)
			continue;
		if (*count < limit) {
			missing[*count] = rows->rows[i];
			ranks[*count] = (int64_t)i + 1;
		}
		(*count)++;
	}
	*shown = *count < limit ? *count : limit;
	status = facts_read(simulating, missing, *shown, simulating->simulation->next_day, simulating->source, &facts);
	for (size_t i = 0; i < *shown && status == STATUS_OK; i++) {
		struct row row = facts_find(&facts, book_rows_id(&simulating->rows, missing[i]));

		status = entry_fill(simulating, &simulating->after[missing[i]], missing[i], row, &(*entries)[i]);
		(*entries)[i].rank = ranks[i];
	}
	text_map_release(&facts.places);
	return status;
}

static void mark(const struct cut_rows *rows, unsigned char *marks, unsigned char value)
{
	for (size_t i = 0; i < rows->count; i++)
		marks[rows->rows[i]] = value;
}

enum status jobs_simulation_compare(struct simulating *simulating, const struct cut_rows *before, const struct cut_rows *after)
{
	struct simulation *simulation = simulating->simulation;
	unsigned char *marks = calloc(simulating->rows.count + 1, 1);
	enum status status = STATUS_NO_MEMORY;

	if (marks == NULL)
		return status;
	mark(before, marks, 1);
	status = list_missing(simulating, after, marks, &simulation->joined, &simulation->joined_count, &simulation->joined_shown);
	mark(before, marks, 0);
	mark(after, marks, 1);
	if (status == STATUS_OK)
		status = list_missing(simulating, before, marks, &simulation->left, &simulation->left_count, &simulation->left_shown);
	free(marks);
	return status;
}
