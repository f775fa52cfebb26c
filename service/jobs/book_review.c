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

/** The median number of won deals in 12 months over the clients, at least 1. Reorders. */
int64_t jobs_book_deals_per_year(int64_t *won_deals, size_t clients)
{
	int64_t median = clients == 0 ? 1 : core_percentile(won_deals, clients, MEDIAN);

	return median < 1 ? 1 : median;
}

static bool is_client(const struct features *features)
{
	return features->is_account && features->is_active && features->measures.revenue_12m > 0;
}

size_t jobs_book_won_deals(const struct book_rows *rows, int64_t *out)
{
	size_t clients = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (is_client(&rows->features[i]))
			out[clients++] = rows->before[i].won_deals;
	return clients;
}

enum status jobs_book_describe(const struct book_rows *rows, const struct book_span *span, const struct policy *policy,
                               struct arena *arena, struct book *book)
{
	bool from_deals = core_revenue_source(policy, span->has_revenue_entries) == REVENUE_FROM_DEALS;

	book->has_revenue_entries = span->has_revenue_entries;
	book->first_revenue_on = from_deals ? span->first_deal_on : span->first_entry_on;
	book->distinct_lines = span->distinct_lines;
	book->industries = jobs_book_industries(rows, arena);
	book->industry_count = (int32_t)rows->industries.count;
	return book->industries == NULL && book->industry_count > 0 ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status jobs_book_review(struct book_rows *rows, const struct book_span *span, const struct policy *policy, struct book *book,
                             struct arena *arena, struct review *out)
{
	int64_t *won_deals = calloc(rows->count + 1, sizeof(*won_deals));
	enum status status = jobs_book_describe(rows, span, policy, arena, book);

	if (won_deals == NULL)
		return STATUS_NO_MEMORY;
	book->deals_per_year = jobs_book_deals_per_year(won_deals, jobs_book_won_deals(rows, won_deals));
	free(won_deals);
	return status == STATUS_OK ? core_review_compute(book, policy, rows->features, rows->count, arena, out) : status;
}
