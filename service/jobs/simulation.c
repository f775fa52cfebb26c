/* SPDX-License-Identifier: Apache-2.0 */
/* Answering a simulation: the whole book in memory, window by window, before and after. Nothing is written. */
#include "simulation.h"

#include <inttypes.h>
#include <stdlib.h>

#include <sweetspot/clock.h>
#include <sweetspot/rules.h>

#include "clerk.h"
#include "rules.h"

#define TOO_SLOW_TIMES 2
enum status jobs_simulation_weigh(struct simulating *simulating, size_t beside)
{
	struct simulation *simulation = simulating->simulation;
	const struct book_rows *window = &simulating->window;
	size_t bytes = beside + simulating->pack.bytes + simulating->eaten.bytes + arena_bytes(window->names);

	bytes += text_map_bytes(&window->sellers) + text_map_bytes(&window->industries) + arena_bytes(simulating->job->arena);
	bytes += jobs_cutting_bytes(&simulating->before_cut) + jobs_cutting_bytes(&simulating->after_cut);
	bytes += first_few_bytes(&simulating->crossers) + first_few_bytes(&simulating->contending.first);
	if (simulating->after != NULL)
		bytes += (simulation->organisations + 1) * sizeof(*simulating->after);
	if (bytes > simulation->bytes)
		simulation->bytes = bytes;
	return bytes > (size_t)simulating->settings->desk_bytes ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- The book ---- */

struct stand jobs_simulation_before(const struct book_rows *window, size_t index)
{
	const struct before *before = &window->before[index];
	enum verdict verdict = before->prospect < 0 ? VERDICT_NONE : window->prospects[before->prospect].qualified.verdict;

	return (struct stand){before->keep_score, before->tier, before->classified ? before->list : STAND_UNCLASSIFIED, (uint8_t)verdict};
}

static enum status keep_window(struct book_rows *window, void *context)
{
	struct simulating *simulating = context;
	enum status status = book_pack_add(&simulating->pack, window);

	return status == STATUS_OK ? jobs_simulation_weigh(simulating, 0) : status;
}

static enum status read_book(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;
	struct book_rows *window = &simulating->window;
	enum status status = book_rows_window(window, keep_window, simulating);

	window->default_margin_centi = (int32_t)simulating->next_policy.default_margin_pct_centi;
	window->skips_won_deals = true;
	if (status == STATUS_OK)
		status = jobs_book_load(simulating->job, simulation->next_day, window);
	if (status != STATUS_OK)
		return status;
	simulation->organisations = simulating->pack.rows;
	simulating->after = calloc(simulating->pack.rows + 1, sizeof(*simulating->after));
	return simulating->after == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/**
 * Give up where the rest would take twice the time that is left, rather than let everybody wait for nothing. A pace that looked slow in the
 * beginning may yet do; one that does not is found out before the time is over.
 */
static enum status check_pace(struct simulating *simulating, int64_t started_us)
{
	struct question *question = simulating->question;
	int64_t done = (int64_t)simulating->pack.rows, now_us = clock_ticks_us();
	int64_t rest = (int64_t)simulating->simulation->organisations - done;
	int64_t rest_us = done == 0 ? 0 : (int64_t)((int128)(now_us - started_us) * rest / done);

	if (rest == 0 || rest_us / TOO_SLOW_TIMES < question->deadline_us - now_us)
		return STATUS_OK;
	question->detail = text_format(simulating->arena, "measuring %" PRId64 " of %zu organisations anew would take %" PRId64
	                               " s more, and SWEETSPOT_DESK_MS allows less", rest, simulating->simulation->organisations,
	                               rest_us / 1000000 + 1);
	return STATUS_DEADLINE;
}

/** Bring the book where it is to be, into another pack; this one shrinks meanwhile. */
static enum status repack(struct simulating *simulating, const struct book_move *move)
{
	struct pack_reader reader = {.pack = &simulating->eaten, .eats = true};
	int64_t started_us = clock_ticks_us();
	enum status status = STATUS_OK;

	simulating->eaten = simulating->pack;
	simulating->pack = (struct book_pack){0};
	do {
		book_pack_read(&reader, &simulating->window);
		status = jobs_book_move(simulating->job, move, &simulating->window);
		/* Their margins have been summed up. */
		simulating->window.other_count = 0;
		if (status == STATUS_OK)
			status = book_pack_add(&simulating->pack, &simulating->window);
		if (status == STATUS_OK)
			status = jobs_simulation_weigh(simulating, 0);
		if (status == STATUS_OK)
			status = check_pace(simulating, started_us);
	} while (status == STATUS_OK && simulating->window.count > 0);
	return status;
}

static enum status move_book(struct simulating *simulating)
{
	const struct simulation *simulation = simulating->simulation;
	struct book_move move = {
		.day = simulation->next_day,
		.source = simulating->source,
		.measures = simulation->next_day != simulation->day || simulating->source != jobs_source_in(simulating->rules),
		.margins = true,
		.derives_sellers = simulation->next_day != simulation->day,
		.promotes = simulation->next_day > simulation->day,
		.counts_won_deals = simulation->review_is_made,
		.judges = simulation->next_day != simulation->day || simulation->judges_fits,
		.judges_fits = simulation->judges_fits,
		.policy = &simulating->next_policy,
	};
	bool has_other_margins = simulating->next_policy.default_margin_pct_centi != simulating->rules.policy->default_margin_pct_centi;

	return jobs_book_moves(&move) || has_other_margins ? repack(simulating, &move) : STATUS_OK;
}

/* ---- A review of it ---- */

/** The pack, as core goes through it. */
struct passing {
	struct pack_reader reader;
	struct book_rows *window;
};

static struct features *next_window(void *context, size_t *count)
{
	struct passing *passing = context;

	book_pack_read(&passing->reader, passing->window);
	*count = passing->window->count;
	return *count == 0 ? NULL : passing->window->features;
}

static enum status count_deals(struct simulating *simulating, int64_t *out)
{
	struct pack_reader reader = {.pack = &simulating->pack};
	size_t clients = 0, bytes = (simulating->pack.rows + 1) * sizeof(int64_t);
	enum status status = jobs_simulation_weigh(simulating, bytes);
	int64_t *won_deals = status == STATUS_OK ? calloc(bytes, 1) : NULL;

	if (won_deals == NULL)
		return STATUS_NO_MEMORY;
	do {
		book_pack_read(&reader, &simulating->window);
		clients += jobs_book_won_deals(&simulating->window, won_deals + clients);
	} while (simulating->window.count > 0);
	*out = jobs_book_deals_per_year(won_deals, clients);
	free(won_deals);
	return STATUS_OK;
}

static enum status make_review(struct simulating *simulating, const struct book_span *span)
{
	struct simulation *simulation = simulating->simulation;
	struct book book = {.number = simulation->review_in_force + 1, .day = simulation->next_day};
	struct passing passing = {.reader = {.pack = &simulating->pack}, .window = &simulating->window};
	const struct book_windows windows = {next_window, &passing};
	enum status status = jobs_book_describe(&simulating->window, span, &simulating->next_policy, simulating->job->arena, &book);

	if (status == STATUS_OK)
		status = count_deals(simulating, &book.deals_per_year);
	if (status == STATUS_OK)
		status = core_review_compute_windows(&book, &simulating->next_policy, &windows, simulating->pack.rows, simulating->job->arena,
		                                     &simulation->review);
	simulation->review.has_derived_floor = simulating->has_derived_floor;
	simulation->review.derived_floor = simulating->derived_floor;
	return status == STATUS_OK ? jobs_simulation_weigh(simulating, 0) : status;
}

/* ---- Judging it ---- */

/** The industries of the book, as places in the cohorts of the review it is judged under. */
static enum status map_industries(struct simulating *simulating, int32_t **out)
{
	const struct book_rows *window = &simulating->window;
	struct text *industries = jobs_book_industries(window, simulating->job->arena);
	int32_t *places = arena_array(simulating->job->arena, window->industries.count + 1, sizeof(*places));

	if (places == NULL || (industries == NULL && window->industries.count > 0))
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < window->industries.count; i++)
		places[i] = cohort_industry(&simulating->simulation->review.cohorts, industries[i]);
	*out = places;
	return STATUS_OK;
}

/** Industries as the frozen cohorts have them, and the sides that hold under the review: none where it has just been made. */
static void stand_under(struct simulating *simulating, const int32_t *places)
{
	struct book_rows *window = &simulating->window;
	bool keeps_sides = !simulating->simulation->review_is_made;

	for (size_t i = 0; i < window->count; i++) {
		struct features *features = &window->features[i];

		features->industry = features->industry < 0 ? -1 : places[features->industry];
		features->engagement_side = (keeps_sides ? window->before[i].engagement_side : SIDE_NONE) & 3u;
		features->potential_side = (keeps_sides ? window->before[i].potential_side : SIDE_NONE) & 3u;
		window->owners[i] &= ~OWNER_DERIVED;
	}
}

/** Verdict and list of the prospects of a window. */
static void qualify_window(struct simulating *simulating, struct stand *after)
{
	const struct simulation *simulation = simulating->simulation;
	const struct book_rows *window = &simulating->window;

	for (size_t i = 0; i < window->count; i++) {
		const struct features *features = &window->features[i];
		const struct prospect_row *row;
		struct prospect prospect;
		struct qualification found;

		if (features->is_account || window->before[i].prospect < 0)
			continue;
		row = &window->prospects[window->before[i].prospect];
		prospect = prospect_of(&row->qualified, features, &row->terms, &simulating->next_policy);
		core_qualify(&prospect, &simulation->review, &simulating->next_policy, simulation->next_day, &found);
		after[i].verdict = (uint8_t)found.verdict;
		after[i].list = (uint8_t)found.list;
	}
}

static enum status judge_window(struct simulating *simulating, uint32_t row, struct movers *movers)
{
	struct simulation *simulation = simulating->simulation;
	struct book_rows *window = &simulating->window;
	struct stand *after = simulating->after + row, before[JOBS_CHUNK_ROWS];
	const struct contender_watch watch = {jobs_contender_offer, simulating};
	enum status status = STATUS_OK;

	core_stands_judge(window->features, window->count, &simulation->review, &simulating->next_policy, after,
	                  simulation->is_preview ? &watch : NULL);
	qualify_window(simulating, after);
	for (size_t i = 0; i < window->count; i++)
		before[i] = jobs_simulation_before(window, i);
	core_crossings_count(window->features, before, after, window->owners, window->count, &simulation->crossings, movers);
	for (size_t i = 0; i < window->count && status == STATUS_OK; i++) {
		if (simulation->is_preview)
			jobs_crossers_offer(simulating, i, before[i], after[i]);
		else if (core_verdict_lets_in((enum verdict)before[i].verdict, (enum verdict)after[i].verdict))
			status = jobs_simulation_let_in(simulating, i, before[i], after[i]);
	}
	return status;
}

static enum status judge_all(struct simulating *simulating, struct movers *movers)
{
	struct pack_reader reader = {.pack = &simulating->pack};
	int32_t *places = NULL;
	enum status status = map_industries(simulating, &places);

	do {
		uint32_t row = (uint32_t)reader.rows;

		book_pack_read(&reader, &simulating->window);
		if (status == STATUS_OK && jobs_is_stopping(simulating->job))
			status = STATUS_UNAVAILABLE;
		if (status != STATUS_OK)
			return status;
		stand_under(simulating, places);
		status = judge_window(simulating, row, movers);
	} while (simulating->window.count > 0);
	return status == STATUS_OK ? jobs_simulation_weigh(simulating, 0) : status;
}

/* ---- Who moves ---- */

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
	const struct text_map *map = &simulating->window.sellers;
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

/* ---- The whole ---- */

static enum status compute(struct simulating *simulating, const struct book_span *span)
{
	struct simulation *simulation = simulating->simulation;
	int64_t started_us = clock_ticks_us();
	struct movers *movers;
	enum status status = STATUS_OK;

	arena_reset(simulating->job->arena);
	movers = arena_array(simulating->job->arena, simulating->window.sellers.count + 1, sizeof(*movers));
	if (movers == NULL)
		return STATUS_NO_MEMORY;
	if (simulation->review_is_made)
		status = make_review(simulating, span);
	else
		simulation->review = *simulating->rules.review;
	if (status == STATUS_OK)
		status = judge_all(simulating, movers);
	if (status == STATUS_OK)
		status = list_movers(simulating, movers);
	simulation->compute_us = clock_ticks_us() - started_us;
	return status;
}

static enum status begin(struct simulating *simulating, struct book_span *span)
{
	struct simulation *simulation = simulating->simulation;
	enum status status = jobs_simulation_rules(simulating);

	if (status == STATUS_OK)
		status = jobs_book_span(simulating->job, simulation->next_day, span);
	if (status != STATUS_OK)
		return status;
	simulating->source = simulation->review_is_made ? core_revenue_source(&simulating->next_policy, span->has_revenue_entries)
	                                                : simulating->rules.review->revenue_source;
	simulating->before_cut.policy = simulating->rules.policy;
	simulating->before_cut.review = simulating->rules.review;
	simulating->before_cut.day = simulation->day;
	simulating->after_cut.policy = &simulating->next_policy;
	simulating->after_cut.review = &simulation->review;
	simulating->after_cut.day = simulation->next_day;
	simulating->after_cut.is_after = true;
	return simulation->is_preview ? jobs_crossers_init(simulating) : STATUS_OK;
}

/** The deals are gone before the book comes; the let-go list before is made before the book is moved to what it is to be. */
static enum status prepare(struct simulating *simulating, struct book_span *span)
{
	struct simulation *simulation = simulating->simulation;
	int64_t started_us = clock_ticks_us();
	enum status status = begin(simulating, span);

	if (status == STATUS_OK)
		status = jobs_simulation_sizes(simulating);
	if (status == STATUS_OK)
		status = read_book(simulating);
	if (status == STATUS_OK && !simulation->is_preview)
		status = jobs_cutting_make(simulating, &simulating->before_cut, &simulation->before);
	if (status == STATUS_OK)
		status = move_book(simulating);
	simulation->read_us = clock_ticks_us() - started_us;
	return status;
}

static enum status compare_cuts(struct simulating *simulating)
{
	enum status status = jobs_cutting_make(simulating, &simulating->after_cut, &simulating->simulation->after);

	if (status == STATUS_OK)
		status = jobs_cutting_compare(simulating);
	return status == STATUS_OK ? jobs_simulation_name_let_in(simulating) : status;
}

static enum status run(struct simulating *simulating)
{
	struct book_span span;
	enum status status = prepare(simulating, &span);

	if (status == STATUS_OK)
		status = compute(simulating, &span);
	if (status != STATUS_OK)
		return status;
	return simulating->simulation->is_preview ? jobs_crossers_finish(simulating) : compare_cuts(simulating);
}

static void release(struct simulating *simulating)
{
	book_rows_release(&simulating->window);
	book_pack_release(&simulating->pack);
	book_pack_release(&simulating->eaten);
	jobs_cutting_release(&simulating->before_cut);
	jobs_cutting_release(&simulating->after_cut);
	first_few_release(&simulating->crossers);
	contending_release(&simulating->contending);
	free(simulating->after);
}

/** Found beside the matter, since what an attempt that broke off has counted must not be counted twice. */
enum status jobs_simulate(struct job *job, struct question *question, const struct settings *settings)
{
	struct simulation *matter = question->matter, found = *matter;
	struct simulating simulating = {
		.job = job, .question = question, .settings = settings, .simulation = &found, .arena = question->arena,
	};
	enum status status = book_rows_init(&simulating.window);

	found.problems = problems_in(question->arena);
	if (status == STATUS_OK)
		status = session_begin(job->session, true);
	if (status == STATUS_OK) {
		status = run(&simulating);
		session_rollback(job->session);
	}
	release(&simulating);
	if (status == STATUS_OK || status == STATUS_INVALID)
		*matter = found;
	return status == STATUS_RETRY ? STATUS_UNAVAILABLE : status;
}
