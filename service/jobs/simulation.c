/* SPDX-License-Identifier: Apache-2.0 */
/* Answering a simulation: the whole book in memory, before and after. Nothing is written. */
#include "simulation.h"

#include <stdlib.h>

#include <sweetspot/clock.h>
#include <sweetspot/rules.h>

#include "clerk.h"
#include "rules.h"

/* ---- The book ---- */

static void read_before(struct simulating *simulating)
{
	for (size_t i = 0; i < simulating->rows.count; i++) {
		const struct before *before = &simulating->rows.before[i];

		simulating->before[i] = (struct stand){before->keep_score, before->tier, before->list};
		if (!before->classified)
			simulating->before[i].list = STAND_UNCLASSIFIED;
	}
}

static enum status read_book(struct simulating *simulating, const struct settings *settings)
{
	struct simulation *simulation = simulating->simulation;
	struct book_rows *rows = &simulating->rows;
	enum status status;

	rows->wants_owners = true;
	rows->default_margin_centi = (int32_t)simulating->next_policy.default_margin_pct_centi;
	rows->skips_won_deals = !simulation->review_is_made;
	rows->most_bytes = (size_t)settings->desk_bytes;
	status = jobs_book_load(simulating->job, simulation->next_day, rows);
	if (status != STATUS_OK)
		return status;
	simulation->organisations = rows->count;
	simulating->before = calloc(rows->count + 1, sizeof(*simulating->before));
	simulating->after = calloc(rows->count + 1, sizeof(*simulating->after));
	if (simulating->before == NULL || simulating->after == NULL)
		return STATUS_NO_MEMORY;
	read_before(simulating);
	return STATUS_OK;
}

static enum status move_book(struct simulating *simulating)
{
	const struct simulation *simulation = simulating->simulation;
	struct book_move move = {
		.day = simulation->next_day,
		.source = simulating->source,
		.measures = simulation->next_day != simulation->day || simulating->source != jobs_source_in(simulating->rules),
		.margins = simulating->rows.other_count > 0,
		.derives_sellers = simulation->next_day != simulation->day,
		.promotes = simulation->next_day > simulation->day,
	};

	return jobs_book_move(simulating->job, &move, &simulating->rows);
}

/* ---- Judging it ---- */

/** Industries of the book as the frozen cohorts have them, and the sides that hold under the review. */
static enum status stand_under_frozen(struct simulating *simulating)
{
	struct book_rows *rows = &simulating->rows;
	const struct cohorts *cohorts = &simulating->rules.review->cohorts;
	struct text *industries = jobs_book_industries(rows, simulating->job->arena);
	int32_t *places = arena_array(simulating->job->arena, rows->industries.count + 1, sizeof(*places));

	if (places == NULL || (industries == NULL && rows->industries.count > 0))
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < rows->industries.count; i++)
		places[i] = cohort_industry(cohorts, industries[i]);
	for (size_t i = 0; i < rows->count; i++) {
		struct features *features = &rows->features[i];

		features->industry = features->industry < 0 ? -1 : places[features->industry];
		features->engagement_side = rows->before[i].engagement_side;
		features->potential_side = rows->before[i].potential_side;
	}
	simulating->simulation->review = *simulating->rules.review;
	return STATUS_OK;
}

static enum status make_review(struct simulating *simulating, const struct book_span *span)
{
	struct simulation *simulation = simulating->simulation;
	struct book book = {.number = simulation->review_in_force + 1, .day = simulation->next_day};

	return jobs_book_review(&simulating->rows, span, &simulating->next_policy, &book, simulating->job->arena, &simulation->review);
}

static int compare_movers(const void *a, const void *b)
{
	const struct seller_movers *left = a, *right = b;

	if (left->movers.all.count != right->movers.all.count)
		return left->movers.all.count > right->movers.all.count ? -1 : 1;
	return text_compare(left->seller, right->seller);
}

static void add_movers(struct movers *sum, const struct movers *movers)
{
	sum->all.count += movers->all.count;
	sum->all.revenue += movers->all.revenue;
	sum->all.minutes += movers->all.minutes;
	sum->tiers += movers->tiers;
	sum->lists += movers->lists;
}

/** Sellers who have movers, most first. */
static enum status list_movers(struct simulating *simulating, const struct movers *movers)
{
	struct simulation *simulation = simulating->simulation;
	const struct text_map *map = &simulating->rows.sellers;
	struct seller_movers *sellers = arena_array(simulating->job->arena, map->count + 1, sizeof(*sellers));
	size_t count = 0;

	if (sellers == NULL)
		return STATUS_NO_MEMORY;
	if (movers[0].all.count > 0)
		sellers[count++].movers = movers[0];
	for (size_t i = 0; i < map->slot_count; i++)
		if (map->slots[i].key.bytes != NULL && movers[map->slots[i].value].all.count > 0)
			sellers[count++] = (struct seller_movers){map->slots[i].key, movers[map->slots[i].value]};
	for (size_t i = 0; i < count; i++)
		add_movers(&simulation->moved, &sellers[i].movers);
	qsort(sellers, count, sizeof(*sellers), compare_movers);
	simulation->seller_count = count;
	simulation->sellers_shown = count < simulation->limit ? count : simulation->limit;
	simulation->sellers = arena_array(simulating->arena, simulation->sellers_shown + 1, sizeof(*sellers));
	for (size_t i = 0; simulation->sellers != NULL && i < simulation->sellers_shown; i++) {
		simulation->sellers[i] = sellers[i];
		simulation->sellers[i].seller = text_copy(simulating->arena, sellers[i].seller);
	}
	return simulation->sellers == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status judge(struct simulating *simulating, const struct book_span *span)
{
	struct simulation *simulation = simulating->simulation;
	struct book_rows *rows = &simulating->rows;
	struct movers *movers = arena_array(simulating->job->arena, rows->sellers.count + 1, sizeof(*movers));
	enum status status = simulation->review_is_made ? make_review(simulating, span) : stand_under_frozen(simulating);

	if (movers == NULL && status == STATUS_OK)
		status = STATUS_NO_MEMORY;
	if (status != STATUS_OK)
		return status;
	core_stands_judge(rows->features, rows->count, &simulation->review, &simulating->next_policy, simulating->after);
	for (size_t i = 0; i < rows->count; i++)
		rows->owners[i] &= ~OWNER_DERIVED;
	core_crossings_count(rows->features, simulating->before, simulating->after, rows->owners, rows->count, &simulation->crossings, movers);
	return list_movers(simulating, movers);
}

/** The scratch of the computation is in the job's arena, so this is the most that was ever held. */
static void measure_memory(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;

	simulation->bytes = book_rows_bytes(&simulating->rows) + simulating->rows.count * 2 * sizeof(struct stand)
	                    + arena_bytes(simulating->job->arena);
}

/* ---- The whole ---- */

static enum status compare_cuts(struct simulating *simulating, const struct cut_rows *before)
{
	struct simulation *simulation = simulating->simulation;
	const struct cut_rules rules = {&simulating->next_policy, &simulation->review, simulation->next_day, simulation->review_is_made};
	struct cut_rows after = {0};
	enum status status = jobs_simulation_cut(simulating, simulating->after, &rules, &simulation->after, &after);

	if (status == STATUS_OK)
		status = jobs_simulation_compare(simulating, before, &after);
	free(after.rows);
	return status;
}

static enum status compute(struct simulating *simulating, const struct book_span *span)
{
	struct simulation *simulation = simulating->simulation;
	int64_t started_us = clock_ticks_us();
	enum status status;

	arena_reset(simulating->job->arena);
	status = judge(simulating, span);
	measure_memory(simulating);
	simulation->compute_us = clock_ticks_us() - started_us;
	return status;
}

/** The list before is made before the book is moved to what it is to be. */
static enum status run(struct simulating *simulating, const struct settings *settings)
{
	struct simulation *simulation = simulating->simulation;
	int64_t started_us = clock_ticks_us();
	struct cut_rows before = {0};
	struct book_span span;
	enum status status = jobs_simulation_rules(simulating);
	const struct cut_rules rules = {simulating->rules.policy, simulating->rules.review, simulation->day, false};

	if (status == STATUS_OK)
		status = jobs_book_span(simulating->job, simulation->next_day, &span);
	if (status != STATUS_OK)
		return status;
	simulating->source = simulation->review_is_made ? core_revenue_source(&simulating->next_policy, span.has_revenue_entries)
	                                                : simulating->rules.review->revenue_source;
	status = read_book(simulating, settings);
	if (status == STATUS_OK)
		status = jobs_simulation_cut(simulating, simulating->before, &rules, &simulation->before, &before);
	if (status == STATUS_OK)
		status = move_book(simulating);
	simulation->read_us = clock_ticks_us() - started_us;
	if (status == STATUS_OK)
		status = compute(simulating, &span);
	if (status == STATUS_OK)
		status = compare_cuts(simulating, &before);
	free(before.rows);
	return status;
}

enum status jobs_simulate(struct job *job, struct question *question, const struct settings *settings)
{
	struct simulating simulating = {.job = job, .simulation = question->matter, .arena = question->arena};
	enum status status = book_rows_init(&simulating.rows);

	simulating.simulation->problems = problems_in(question->arena);
	if (status == STATUS_OK)
		status = session_begin(job->session, true);
	if (status == STATUS_OK) {
		status = run(&simulating, settings);
		session_rollback(job->session);
	}
	book_rows_release(&simulating.rows);
	free(simulating.before);
	free(simulating.after);
	return status == STATUS_RETRY ? STATUS_UNAVAILABLE : status;
}
