/* SPDX-License-Identifier: Apache-2.0 */
/* Let-go lists of a book in memory, and who joins or leaves them. The rules of the list are core's (domain.md §4). */
#include "simulation.h"

#include <stdlib.h>
#include <string.h>

#include "rules.h"

#define IDS_BLOCK_BYTES (256 * 1024)
#define FIRST_CAPACITY 1024

/* Columns of read_let_go_facts. */
enum { FACT_ACCOUNT, FACT_NAME, FACT_STATUS, FACT_PROTECTED_UNTIL, FACT_KEPT_UNTIL, FACT_CLIENT_SINCE, FACT_FIRST_REVENUE_ON };

enum status jobs_cutting_init(struct cutting *cutting)
{
	cutting->ids = arena_new(IDS_BLOCK_BYTES);
	return cutting->ids == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void jobs_cutting_release(struct cutting *cutting)
{
	free(cutting->candidates);
	free(cutting->within);
	arena_free(cutting->ids);
	cutting->candidates = cutting->within = NULL;
	cutting->ids = NULL;
}

/* ---- Who may be on it ---- */

/** What memory knows of it; the rest bars nobody yet. */
static struct let_go_facts known_facts(const struct cutting *cutting, const struct candidate *candidate)
{
	return (struct let_go_facts){
		.is_active = true,
		.tier = (enum tier)candidate->tier,
		.list = (enum list)candidate->list,
		.minutes_12m = candidate->minutes_12m,
		.protected_until = DAY_NONE,
		.kept_until = DAY_NONE,
		.client_since = DAY_NONE,
		.first_revenue_on = DAY_NONE,
		.book_first_revenue_on = cutting->review->book_first_revenue_on,
	};
}

static enum status push(struct cutting *cutting, const struct candidate *candidate)
{
	size_t capacity = cutting->capacity == 0 ? FIRST_CAPACITY : cutting->capacity + cutting->capacity / 2;
	struct candidate *grown;

	if (cutting->count == cutting->capacity) {
		grown = reallocarray(cutting->candidates, capacity, sizeof(*grown));
		if (grown == NULL)
			return STATUS_NO_MEMORY;
		cutting->candidates = grown;
		cutting->capacity = capacity;
	}
	cutting->candidates[cutting->count++] = *candidate;
	return STATUS_OK;
}

enum status jobs_cutting_add(struct cutting *cutting, const struct book_rows *window, size_t index, uint32_t row, struct stand stand)
{
	const struct features *features = &window->features[index];
	struct candidate candidate = {
		.key = {stand.keep_score_centi < 0 ? 0 : stand.keep_score_centi, features->measures.revenue_12m, {NULL, 0}},
		.minutes_12m = features->measures.minutes_12m,
		.row = row,
		.owner = window->owners[index] & ~OWNER_DERIVED,
		.tier = stand.tier,
		.list = stand.list == STAND_UNCLASSIFIED ? LIST_NONE : stand.list,
	};
	struct let_go_facts facts;

	if (cutting->review == NULL || !features->is_account || !features->is_active)
		return STATUS_OK;
	facts = known_facts(cutting, &candidate);
	if (core_let_go_bar(&facts, cutting->policy, cutting->day) != LET_GO_CANDIDATE)
		return STATUS_OK;
	candidate.key.account = text_copy(cutting->ids, book_rows_id(window, index));
	return candidate.key.account.bytes == NULL ? STATUS_NO_MEMORY : push(cutting, &candidate);
}

static int compare_candidates(const void *a, const void *b)
{
	return core_let_go_compare(&((const struct candidate *)a)->key, &((const struct candidate *)b)->key);
}

/* ---- What else decides ---- */

/** Rows of read_let_go_facts by organisation; in the job's arena but for the map's slots. */
struct facts {
	const PGresult *result;
	struct text_map places;  /* an organisation's row in the result, plus 1 */
};

static enum status facts_read(struct simulating *simulating, const struct candidate *candidates, size_t count, int32_t day,
                              enum revenue_source source, struct facts *out)
{
	struct params params;
	struct array_column ids;
	enum status status;

	arena_reset(simulating->job->arena);
	*out = (struct facts){.places = {.arena = simulating->job->arena}};
	params = jobs_params(simulating->job);
	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < count; i++)
		array_add_text(&ids, candidates[i].key.account);
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

static bool is_candidate(const struct cutting *cutting, const struct candidate *candidate, struct row row)
{
	struct let_go_facts facts = known_facts(cutting, candidate);

	if (row.index < 0)
		return false;
	facts.protected_until = row_day(row, FACT_PROTECTED_UNTIL);
	facts.kept_until = row_day(row, FACT_KEPT_UNTIL);
	facts.client_since = row_day(row, FACT_CLIENT_SINCE);
	facts.first_revenue_on = row_day(row, FACT_FIRST_REVENUE_ON);
	return core_let_go_bar(&facts, cutting->policy, cutting->day) == LET_GO_CANDIDATE;
}

/* ---- Entries ---- */

static struct text seller_name(const struct book_rows *rows, uint32_t owner)
{
	for (size_t i = 0; owner != 0 && i < rows->sellers.slot_count; i++)
		if (rows->sellers.slots[i].key.bytes != NULL && rows->sellers.slots[i].value == owner)
			return rows->sellers.slots[i].key;
	return (struct text){NULL, 0};
}

static enum status entry_fill(struct simulating *simulating, const struct candidate *candidate, int32_t keep_score_centi, int64_t rank,
                              struct row row, struct cut_entry *out)
{
	*out = (struct cut_entry){
		.rank = rank,
		.account = text_copy(simulating->arena, candidate->key.account),
		.name = row.index < 0 ? (struct text){NULL, 0} : text_copy(simulating->arena, row_text(row, FACT_NAME)),
		.seller = text_copy(simulating->arena, seller_name(&simulating->window, candidate->owner)),
		.tier = (enum tier)candidate->tier,
		.list = (enum list)candidate->list,
		.keep_score_centi = keep_score_centi,
		.revenue_12m = candidate->key.revenue_12m,
		.minutes_12m = candidate->minutes_12m,
	};
	return out->account.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- The list ---- */

static enum status take(struct simulating *simulating, struct cutting *cutting, const struct candidate *candidate, struct row row,
                        struct cut *cut)
{
	cutting->within[cutting->within_count++] = *candidate;
	cut->accounts++;
	cut->revenue += candidate->key.revenue_12m;
	cut->minutes += candidate->minutes_12m;
	if (cut->shown == simulating->simulation->limit)
		return STATUS_OK;
	return entry_fill(simulating, candidate, candidate->key.keep_score_centi, cut->accounts, row, &cut->entries[cut->shown++]);
}

static enum status take_some(struct simulating *simulating, struct cutting *cutting, size_t from, size_t to, struct cut *cut)
{
	struct facts facts;
	enum status status = facts_read(simulating, cutting->candidates + from, to - from, cutting->day, cutting->review->revenue_source,
	                                &facts);

	for (size_t i = from; i < to && status == STATUS_OK && cut->accounts < cut->remaining; i++) {
		const struct candidate *candidate = &cutting->candidates[i];
		struct row row = facts_find(&facts, candidate->key.account);

		if (is_candidate(cutting, candidate, row))
			status = take(simulating, cutting, candidate, row, cut);
	}
	text_map_release(&facts.places);
	return status;
}

static enum status take_all(struct simulating *simulating, struct cutting *cutting, struct cut *cut)
{
	size_t count = cutting->count, most = (size_t)cut->remaining < count ? (size_t)cut->remaining : count;
	enum status status = STATUS_OK;

	qsort(cutting->candidates, count, sizeof(*cutting->candidates), compare_candidates);
	cut->entries = arena_array(simulating->arena, simulating->simulation->limit + 1, sizeof(*cut->entries));
	cutting->within = calloc(most + 1, sizeof(*cutting->within));
	if (cut->entries == NULL || cutting->within == NULL)
		return STATUS_NO_MEMORY;
	for (size_t from = 0; from < count && cut->accounts < cut->remaining && status == STATUS_OK; from += JOBS_CHUNK_ROWS) {
		size_t to = from + JOBS_CHUNK_ROWS < count ? from + JOBS_CHUNK_ROWS : count;

		status = jobs_is_stopping(simulating->job) ? STATUS_UNAVAILABLE : take_some(simulating, cutting, from, to, cut);
	}
	return status;
}

/** The most clients at a review of the year, the one made in memory included; before its first, those of the last review before it. */
static int64_t base_of(const struct cutting *cutting, struct row row)
{
	int64_t base = row_int(row, row_is_null(row, 0) ? 1 : 0);

	if (!cutting->review_is_made)
		return base;
	return row_is_null(row, 0) || cutting->review->clients > base ? cutting->review->clients : base;
}

static enum status read_budget(struct simulating *simulating, const struct cutting *cutting, struct cut *cut)
{
	struct job *job = simulating->job;
	struct params params;
	const PGresult *rows;
	enum status status;

	arena_reset(job->arena);
	params = jobs_params(job);
	params_day(&params, core_fiscal_year_start(cutting->policy, cutting->day));
	params_day(&params, cutting->day);
	status = jobs_rows(job, STATEMENT_READ_BUDGET, &params, &rows);
	if (status != STATUS_OK)
		return status;
	cut->base = base_of(cutting, (struct row){rows, 0});
	cut->used = row_int((struct row){rows, 0}, 2);
	return STATUS_OK;
}

/** What is not within is not needed any more. */
static void forget_candidates(struct cutting *cutting)
{
	free(cutting->candidates);
	cutting->candidates = NULL;
	cutting->count = cutting->capacity = 0;
}

enum status jobs_cutting_finish(struct simulating *simulating, struct cutting *cutting, struct cut *out)
{
	enum status status = read_budget(simulating, cutting, out);

	if (status != STATUS_OK)
		return status;
	out->budget = core_let_go_budget(out->base, cutting->policy);
	out->remaining = out->budget > out->used ? out->budget - out->used : 0;
	if (cutting->review != NULL)
		status = take_all(simulating, cutting, out);
	forget_candidates(cutting);
	return status;
}

/* ---- Before and after ---- */

/** A difference between two lists: the first of those that are missing, with their ranks where they are. */
struct difference {
	struct candidate *missing;
	int64_t *ranks;
	int32_t *keep_scores;
	size_t count, shown;
};

static enum status find_missing(struct simulating *simulating, const struct cutting *cutting, const unsigned char *marks,
                                struct difference *out)
{
	size_t limit = simulating->simulation->limit;

	out->missing = arena_array(simulating->arena, limit + 1, sizeof(*out->missing));
	out->ranks = arena_array(simulating->arena, limit + 1, sizeof(*out->ranks));
	out->keep_scores = arena_array(simulating->arena, limit + 1, sizeof(*out->keep_scores));
	if (out->missing == NULL || out->ranks == NULL || out->keep_scores == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < cutting->within_count; i++) {
		if (marks[cutting->within[i].row] != 0)
			continue;
		if (out->count < limit) {
			out->missing[out->count] = cutting->within[i];
			out->ranks[out->count] = (int64_t)i + 1;
			out->shown = out->count + 1;
		}
		out->count++;
	}
	return STATUS_OK;
}

/** As they stand after: what they were before went with the list. */
static void restate(struct simulating *simulating, struct difference *difference)
{
	struct pack_reader reader = {.pack = &simulating->pack};
	const struct book_rows *window = &simulating->window;

	do {
		uint32_t first = (uint32_t)reader.rows;

		book_pack_read(&reader, &simulating->window);
		for (size_t i = 0; i < difference->shown; i++) {
			struct candidate *candidate = &difference->missing[i];
			uint32_t index = candidate->row - first;
			struct stand after = simulating->after[candidate->row];

			if (candidate->row < first || index >= window->count)
				continue;
			candidate->key.revenue_12m = window->features[index].measures.revenue_12m;
			candidate->minutes_12m = window->features[index].measures.minutes_12m;
			candidate->owner = window->owners[index] & ~OWNER_DERIVED;
			candidate->tier = after.tier;
			candidate->list = after.list;
			difference->keep_scores[i] = after.keep_score_centi;
		}
	} while (window->count > 0);
}

static enum status describe(struct simulating *simulating, struct difference *difference, struct cut_entry **entries)
{
	struct facts facts;
	enum status status = facts_read(simulating, difference->missing, difference->shown, simulating->simulation->next_day,
	                                simulating->source, &facts);

	*entries = arena_array(simulating->arena, difference->shown + 1, sizeof(**entries));
	if (*entries == NULL && status == STATUS_OK)
		status = STATUS_NO_MEMORY;
	for (size_t i = 0; i < difference->shown && status == STATUS_OK; i++)
		status = entry_fill(simulating, &difference->missing[i], difference->keep_scores[i], difference->ranks[i],
		                    facts_find(&facts, difference->missing[i].key.account), &(*entries)[i]);
	text_map_release(&facts.places);
	return status;
}

static enum status list_missing(struct simulating *simulating, const struct cutting *cutting, const struct cutting *other,
                                struct difference *out, struct cut_entry **entries)
{
	unsigned char *marks = calloc(simulating->pack.rows + 1, 1);
	enum status status;

	if (marks == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < other->within_count; i++)
		marks[other->within[i].row] = 1;
	status = find_missing(simulating, cutting, marks, out);
	free(marks);
	if (status != STATUS_OK)
		return status;
	restate(simulating, out);
	return describe(simulating, out, entries);
}

enum status jobs_cutting_compare(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;
	struct difference joined = {0}, left = {0};
	enum status status = list_missing(simulating, &simulating->after_cut, &simulating->before_cut, &joined, &simulation->joined);

	if (status == STATUS_OK)
		status = list_missing(simulating, &simulating->before_cut, &simulating->after_cut, &left, &simulation->left);
	simulation->joined_count = joined.count;
	simulation->joined_shown = joined.shown;
	simulation->left_count = left.count;
	simulation->left_shown = left.shown;
	return status;
}
