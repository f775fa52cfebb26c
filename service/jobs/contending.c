/* SPDX-License-Identifier: Apache-2.0 */
/* Secondaries that could become key: added up, and the best of them kept. Who could is core's to say. */
#include "contending.h"

/** By falling potential, who has none last, then by id: the order of the list that has all of them. */
static int compare(const void *a, const void *b)
{
	const struct contender *left = a, *right = b;

	if (left->potential_centi != right->potential_centi)
		return left->potential_centi > right->potential_centi ? -1 : 1;
	return text_compare(left->id, right->id);
}

enum status contending_init(struct contending *contending)
{
	*contending = (struct contending){0};
	return first_few_init(&contending->first, CONTENDERS_MOST, sizeof(struct contender), compare);
}

void contending_release(struct contending *contending)
{
	first_few_release(&contending->first);
}

void contending_offer(struct contending *contending, struct text id, int64_t revenue_12m, const struct scoring *scoring)
{
	const struct contender one = {
		.id = id,
		.revenue_12m = revenue_12m,
		.annual_potential = scoring->annual_potential,
		.is_estimate = scoring->annual_potential_is_estimate,
		.potential_centi = scoring->potential_centi,
	};

	contending->count++;
	contending->revenue += revenue_12m;
	contending->headroom += (int128)scoring->annual_potential - revenue_12m;
	first_few_offer(&contending->first, &one);
}

static int64_t money_sum(int128 sum)
{
	return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

enum status contending_finish(struct contending *contending, struct arena *arena, struct contenders *out)
{
	size_t shown = contending->first.count;
	struct contender *first = arena_array(arena, shown + 1, sizeof(*first));

	if (first == NULL)
		return STATUS_NO_MEMORY;
	first_few_sort(&contending->first);
	for (size_t i = 0; i < shown; i++) {
		first[i] = ((const struct contender *)(const void *)contending->first.things)[i];
		first[i].id = text_copy(arena, first[i].id);
		if (first[i].id.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	*out = (struct contenders){
		.count = contending->count,
		.revenue = money_sum(contending->revenue),
		.headroom = money_sum(contending->headroom),
		.first = first,
		.shown = shown,
	};
	return STATUS_OK;
}
