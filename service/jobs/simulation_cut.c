/* SPDX-License-Identifier: Apache-2.0 */
/* Let-go lists of a book in memory, and who joins or leaves them. The rules of the list are core's (domain.md §4). */
#include "simulation.h"

#include <limits.h>
#include <stdlib.h>

#include "rules.h"

/* Of the book's organisations one in so many is held as a candidate at once. */
#define ROWS_A_CANDIDATE 8

/* Columns of read_let_go_facts. */
enum { FACT_ACCOUNT, FACT_NAME, FACT_STATUS, FACT_PROTECTED_UNTIL, FACT_KEPT_UNTIL, FACT_CLIENT_SINCE, FACT_FIRST_REVENUE_ON };

size_t jobs_cutting_bytes(const struct cutting *cutting)
{
	return first_few_bytes(&cutting->candidates) + (cutting->rows == NULL ? 0 : (cutting->most + 1) * sizeof(*cutting->rows))
	       + text_map_bytes(&cutting->overrides);
}

void jobs_cutting_release(struct cutting *cutting)
{
	first_few_release(&cutting->candidates);
	text_map_release(&cutting->overrides);
	free(cutting->rows);
	cutting->rows = NULL;
}

/** Tiers set by hand that count on the day. */
static enum status read_overrides(struct simulating *simulating, struct cutting *cutting)
{
	struct params params;
	const PGresult *rows;
	enum status status;

	arena_reset(simulating->job->arena);
	cutting->overrides.arena = simulating->arena;
	params = jobs_params(simulating->job);
	params_day(&params, cutting->day);
	status = jobs_rows(simulating->job, STATEMENT_READ_OVERRIDE_TIERS, &params, &rows);
	for (int i = 0; status == STATUS_OK && i < PQntuples(rows); i++) {
		int64_t *tier = text_map_put(&cutting->overrides, row_text((struct row){rows, i}, 0));

		if (tier == NULL)
			return STATUS_NO_MEMORY;
		*tier = (int64_t)tier_of_name(row_text((struct row){rows, i}, 1));
	}
	return status;
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

static int compare_candidates(const void *a, const void *b)
{
	return core_let_go_compare(&((const struct candidate *)a)->key, &((const struct candidate *)b)->key);
}

/** Take it in if it may be on the list, behind those that were looked at. */
static void offer(struct cutting *cutting, const struct book_rows *window, size_t index, uint32_t row, struct stand stand)
{
	const struct features *features = &window->features[index];
	const struct text id = book_rows_id(window, index);
	const struct candidate candidate = {
		.key = {stand.keep_score_centi < 0 ? 0 : stand.keep_score_centi, features->measures.revenue_12m, id},
		.minutes_12m = features->measures.minutes_12m,
		.row = row,
		.owner = window->owners[index] & ~OWNER_DERIVED,
		.tier = (uint8_t)text_map_get(&cutting->overrides, id, stand.tier),
		.list = stand.list == STAND_UNCLASSIFIED ? LIST_NONE : stand.list,
	};
	struct let_go_facts facts;

	if (!features->is_account || !features->is_active)
		return;
	facts = known_facts(cutting, &candidate);
	if (core_let_go_bar(&facts, cutting->policy, cutting->day) != LET_GO_CANDIDATE)
		return;
	if (!cutting->has_last || compare_candidates(&candidate, &cutting->last) > 0)
		first_few_offer(&cutting->candidates, &candidate);
}

/** The first candidates behind the last, in order. */
static enum status gather(struct simulating *simulating, struct cutting *cutting)
{
	struct pack_reader reader = {.pack = &simulating->pack};
	const struct book_rows *window = &simulating->window;

	cutting->candidates.count = 0;
	do {
		uint32_t row = (uint32_t)reader.rows;

		book_pack_read(&reader, &simulating->window);
		if (jobs_is_stopping(simulating->job))
			return STATUS_UNAVAILABLE;
		for (size_t i = 0; i < window->count; i++)
			offer(cutting, window, i, row + (uint32_t)i,
			      cutting->is_after ? simulating->after[row + i] : jobs_simulation_before(window, i));
	} while (window->count > 0);
	first_few_sort(&cutting->candidates);
	return STATUS_OK;
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

static enum status entry_fill(struct simulating *simulating, const struct candidate *candidate, int32_t keep_score_centi, int64_t rank,
                              struct row row, struct cut_entry *out)
{
	*out = (struct cut_entry){
		.rank = rank,
		.account = text_copy(simulating->arena, candidate->key.account),
		.name = row.index < 0 ? (struct text){NULL, 0} : text_copy(simulating->arena, row_text(row, FACT_NAME)),
		.seller = text_copy(simulating->arena, jobs_simulation_seller(simulating, candidate->owner)),
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
	cutting->rows[cutting->within++] = candidate->row;
	cut->accounts++;
	cut->revenue += candidate->key.revenue_12m;
	cut->minutes += candidate->minutes_12m;
	if (cut->shown == simulating->simulation->limit)
		return STATUS_OK;
	return entry_fill(simulating, candidate, candidate->key.keep_score_centi, cut->accounts, row, &cut->entries[cut->shown++]);
}

static const struct candidate *candidate_at(const struct cutting *cutting, size_t index)
{
	return (const struct candidate *)(const void *)cutting->candidates.things + index;
}

static enum status take_some(struct simulating *simulating, struct cutting *cutting, size_t from, size_t to, struct cut *cut)
{
	struct facts facts;
	enum status status = facts_read(simulating, candidate_at(cutting, from), to - from, cutting->day, cutting->review->revenue_source,
	                                &facts);

	for (size_t i = from; i < to && status == STATUS_OK && cut->accounts < cut->remaining; i++) {
		const struct candidate *candidate = candidate_at(cutting, i);
		struct row row = facts_find(&facts, candidate->key.account);

		if (is_candidate(cutting, candidate, row))
			status = take(simulating, cutting, candidate, row, cut);
	}
	text_map_release(&facts.places);
	return status;
}

/** All that are there, until the budget is full. */
static enum status take_gathered(struct simulating *simulating, struct cutting *cutting, struct cut *cut)
{
	size_t count = cutting->candidates.count;
	enum status status = STATUS_OK;

	for (size_t from = 0; from < count && cut->accounts < cut->remaining && status == STATUS_OK; from += JOBS_CHUNK_ROWS) {
		size_t to = from + JOBS_CHUNK_ROWS < count ? from + JOBS_CHUNK_ROWS : count;

		status = jobs_is_stopping(simulating->job) ? STATUS_UNAVAILABLE : take_some(simulating, cutting, from, to, cut);
	}
	return status;
}

static enum status make_room(struct simulating *simulating, struct cutting *cutting, struct cut *cut)
{
	size_t rows = simulating->pack.rows, held = rows / ROWS_A_CANDIDATE + JOBS_CHUNK_ROWS;

	cutting->most = (size_t)cut->remaining < rows ? (size_t)cut->remaining : rows;
	cutting->rows = calloc(cutting->most + 1, sizeof(*cutting->rows));
	cut->entries = arena_array(simulating->arena, simulating->simulation->limit + 1, sizeof(*cut->entries));
	if (cutting->rows == NULL || cut->entries == NULL)
		return STATUS_NO_MEMORY;
	return first_few_init(&cutting->candidates, held, sizeof(struct candidate), compare_candidates);
}

static enum status take_all(struct simulating *simulating, struct cutting *cutting, struct cut *cut)
{
	struct first_few *candidates = &cutting->candidates;
	enum status status = make_room(simulating, cutting, cut);

	while (status == STATUS_OK && cut->accounts < cut->remaining) {
		status = gather(simulating, cutting);
		if (status == STATUS_OK)
			status = jobs_simulation_weigh(simulating, 0);
		if (status == STATUS_OK)
			status = take_gathered(simulating, cutting, cut);
		if (candidates->count < candidates->most)
			break;
		cutting->last = *candidate_at(cutting, candidates->count - 1);
		cutting->has_last = true;
	}
	first_few_release(candidates);
	return status;
}

/** The most clients at a review of the year, the one made in memory included; before its first, those of the last review before it. */
static int64_t base_of(const struct cutting *cutting, bool review_is_made, struct row row)
{
	int64_t base = row_int(row, row_is_null(row, 0) ? 1 : 0);

	if (!review_is_made)
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
	cut->base = base_of(cutting, cutting->is_after && simulating->simulation->review_is_made, (struct row){rows, 0});
	cut->used = row_int((struct row){rows, 0}, 2);
	return STATUS_OK;
}

enum status jobs_cutting_make(struct simulating *simulating, struct cutting *cutting, struct cut *out)
{
	enum status status = read_budget(simulating, cutting, out);

	if (status != STATUS_OK)
		return status;
	out->budget = core_let_go_budget(out->base, cutting->policy);
	out->remaining = out->budget > out->used ? out->budget - out->used : 0;
	if (cutting->review == NULL)
		return STATUS_OK;
	status = read_overrides(simulating, cutting);
	return status == STATUS_OK ? take_all(simulating, cutting, out) : status;
}

/* ---- Before and after ---- */

/** A difference between two lists: the first of those that are missing, with their ranks where they are. */
struct difference {
	struct candidate *missing;
	int64_t *ranks;
	int32_t *keep_scores;
	size_t count, shown;
};

/** One bit a row of the book. */
static bool is_marked(const unsigned char *marks, uint32_t row)
{
	return (marks[row / CHAR_BIT] >> row % CHAR_BIT & 1) != 0;
}

static unsigned char *mark(const struct simulating *simulating, const struct cutting *cutting)
{
	unsigned char *marks = calloc(simulating->pack.rows / CHAR_BIT + 1, 1);

	for (size_t i = 0; marks != NULL && i < cutting->within; i++)
		marks[cutting->rows[i] / CHAR_BIT] |= (unsigned char)(1u << cutting->rows[i] % CHAR_BIT);
	return marks;
}

static enum status find_missing(struct simulating *simulating, const struct cutting *cutting, const unsigned char *marks,
                                struct difference *out)
{
	size_t limit = simulating->simulation->limit;

	out->missing = arena_array(simulating->arena, limit + 1, sizeof(*out->missing));
	out->ranks = arena_array(simulating->arena, limit + 1, sizeof(*out->ranks));
	out->keep_scores = arena_array(simulating->arena, limit + 1, sizeof(*out->keep_scores));
	if (out->missing == NULL || out->ranks == NULL || out->keep_scores == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < cutting->within; i++) {
		if (is_marked(marks, cutting->rows[i]))
			continue;
		if (out->count < limit) {
			out->missing[out->count].row = cutting->rows[i];
			out->ranks[out->count] = (int64_t)i + 1;
			out->shown = out->count + 1;
		}
		out->count++;
	}
	return STATUS_OK;
}

/** As they stand after. */
static void state(struct simulating *simulating, struct difference *difference)
{
	struct pack_reader reader = {.pack = &simulating->pack};
	const struct book_rows *window = &simulating->window;

	if (difference->shown == 0)
		return;
	do {
		uint32_t first = (uint32_t)reader.rows;

		book_pack_read(&reader, &simulating->window);
		for (size_t i = 0; i < difference->shown; i++) {
			struct candidate *candidate = &difference->missing[i];
			uint32_t index = candidate->row - first;
			struct stand after = simulating->after[candidate->row];

			if (candidate->row < first || index >= window->count)
				continue;
			candidate->key.account = book_rows_id(window, index);
			candidate->key.revenue_12m = window->features[index].measures.revenue_12m;
			candidate->minutes_12m = window->features[index].measures.minutes_12m;
			candidate->owner = window->owners[index] & ~OWNER_DERIVED;
			candidate->tier = (uint8_t)text_map_get(&simulating->after_cut.overrides, candidate->key.account, after.tier);
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
	unsigned char *marks = mark(simulating, other);
	enum status status;

	if (marks == NULL)
		return STATUS_NO_MEMORY;
	status = find_missing(simulating, cutting, marks, out);
	free(marks);
	if (status != STATUS_OK)
		return status;
	state(simulating, out);
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
