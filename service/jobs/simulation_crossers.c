/* SPDX-License-Identifier: Apache-2.0 */
/* Who crosses from one tier, list or verdict to another when a review is made, and who could become key: counted, and some named. */
#include "simulation.h"

static int compare_places(int64_t revenue_12m, struct text id, int64_t other_revenue_12m, struct text other_id)
{
	if (revenue_12m != other_revenue_12m)
		return revenue_12m > other_revenue_12m ? -1 : 1;
	return text_compare(id, other_id);
}

static int compare_crossers(const void *a, const void *b)
{
	const struct crosser *left = a, *right = b;

	return compare_places(left->revenue_12m, left->id, right->revenue_12m, right->id);
}

/** One more than the page holds tells whether there are more. */
enum status jobs_crossers_init(struct simulating *simulating)
{
	enum status status = contending_init(&simulating->contending);

	if (status != STATUS_OK)
		return status;
	return first_few_init(&simulating->crossers, simulating->simulation->limit + 1, sizeof(struct crosser), compare_crossers);
}

void jobs_contender_offer(void *of, size_t index, const struct scoring *scoring)
{
	struct simulating *simulating = of;
	const struct book_rows *window = &simulating->window;

	contending_offer(&simulating->contending, book_rows_id(window, index), window->features[index].measures.revenue_12m, scoring);
}

void jobs_crossers_offer(struct simulating *simulating, size_t index, struct stand before, struct stand after)
{
	struct crosser_page *page = &simulating->simulation->page;
	const struct book_rows *window = &simulating->window;
	const struct crosser crosser = {
		.id = book_rows_id(window, index),
		.revenue_12m = window->features[index].measures.revenue_12m,
		.owner = window->owners[index] & ~OWNER_DERIVED,
		.is_account = window->features[index].is_account,
		.before = before,
		.after = after,
	};

	if (before.verdict == after.verdict && !core_stand_moves(before, after))
		return;
	page->total++;
	if (!page->has_behind || compare_places(crosser.revenue_12m, crosser.id, page->behind_revenue_12m, page->behind_id) > 0)
		first_few_offer(&simulating->crossers, &crosser);
}

/** Out of the pack, which ends before the answer does. */
static enum status keep_page(struct simulating *simulating)
{
	struct crosser_page *page = &simulating->simulation->page;
	size_t count = simulating->crossers.count;

	page->has_more = count > simulating->simulation->limit;
	page->shown = page->has_more ? simulating->simulation->limit : count;
	page->data = arena_array(simulating->arena, page->shown + 1, sizeof(*page->data));
	if (page->data == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < page->shown; i++) {
		struct crosser *crosser = &page->data[i];

		*crosser = ((const struct crosser *)(const void *)simulating->crossers.things)[i];
		crosser->id = text_copy(simulating->arena, crosser->id);
		crosser->seller = text_copy(simulating->arena, jobs_simulation_seller(simulating, crosser->owner));
		if (crosser->id.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

static enum status read_names(struct simulating *simulating, const PGresult **rows)
{
	const struct crosser_page *page = &simulating->simulation->page;
	const struct contenders *contenders = &simulating->simulation->contenders;
	struct params params = jobs_params(simulating->job);
	struct array_column ids;

	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < page->shown; i++)
		array_add_text(&ids, page->data[i].id);
	for (size_t i = 0; i < contenders->shown; i++)
		array_add_text(&ids, contenders->first[i].id);
	params_array(&params, &ids);
	array_column_release(&ids);
	return jobs_rows(simulating->job, STATEMENT_READ_NAMES, &params, rows);
}

/** The name of one of the rows of read_names. @return {NULL, 0}: it is not there, or memory is short */
static struct text name_of(struct simulating *simulating, const struct text_map *places, const PGresult *rows, struct text id)
{
	int64_t place = text_map_get(places, id, 0);

	return place == 0 ? (struct text){NULL, 0} : text_copy(simulating->arena, row_text((struct row){rows, (int)place - 1}, 1));
}

static enum status name_all(struct simulating *simulating)
{
	struct crosser_page *page = &simulating->simulation->page;
	struct contenders *contenders = &simulating->simulation->contenders;
	struct text_map places = {.arena = simulating->job->arena};
	const PGresult *rows;
	enum status status = read_names(simulating, &rows);

	for (int i = 0; status == STATUS_OK && i < PQntuples(rows); i++) {
		int64_t *place = text_map_put(&places, row_text((struct row){rows, i}, 0));

		if (place == NULL)
			status = STATUS_NO_MEMORY;
		else
			*place = i + 1;
	}
	for (size_t i = 0; status == STATUS_OK && i < page->shown; i++)
		page->data[i].name = name_of(simulating, &places, rows, page->data[i].id);
	for (size_t i = 0; status == STATUS_OK && i < contenders->shown; i++)
		contenders->first[i].name = name_of(simulating, &places, rows, contenders->first[i].id);
	text_map_release(&places);
	return status;
}

enum status jobs_crossers_finish(struct simulating *simulating)
{
	enum status status;

	first_few_sort(&simulating->crossers);
	status = keep_page(simulating);
	if (status == STATUS_OK)
		status = contending_finish(&simulating->contending, simulating->arena, &simulating->simulation->contenders);
	arena_reset(simulating->job->arena);
	return status == STATUS_OK ? name_all(simulating) : status;
}
