/* SPDX-License-Identifier: Apache-2.0 */
/* A review of a book in memory: what core asks for beside the organisations. Reading the book and writing the review are elsewhere. */
#include "book_rows.h"

#include <stdlib.h>

#define MEDIAN 50

struct text *jobs_book_industries(const struct book_rows *rows, struct arena *arena)
{
	const struct text_map *map = &rows->industries;
	struct text *names = map->count == 0 ? NULL : arena_array(arena, map->count, sizeof(*names));

	for (size_t i = 0; names != NULL && i < map->slot_count; i++)
		if (map->slots[i].key.bytes != NULL)
			names[map->slots[i].value - 1] = map->slots[i].key;
	return names;
}

/** The median number of won deals in 12 months over the clients, at least 1. */
static enum status deals_per_year(const struct book_rows *rows, int64_t *out)
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

enum status jobs_book_review(struct book_rows *rows, const struct book_span *span, const struct policy *policy, struct book *book,
                             struct arena *arena, struct review *out)
{
	bool from_deals = core_revenue_source(policy, span->has_revenue_entries) == REVENUE_FROM_DEALS;
	enum status status;

	book->has_revenue_entries = span->has_revenue_entries;
	book->first_revenue_on = from_deals ? span->first_deal_on : span->first_entry_on;
	book->distinct_lines = span->distinct_lines;
	book->industries = jobs_book_industries(rows, arena);
	book->industry_count = (int32_t)rows->industries.count;
	if (book->industries == NULL && book->industry_count > 0)
		return STATUS_NO_MEMORY;
	status = deals_per_year(rows, &book->deals_per_year);
	return status == STATUS_OK ? core_review_compute(book, policy, rows->features, rows->count, arena, out) : status;
}
