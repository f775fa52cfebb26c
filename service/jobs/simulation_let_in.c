/* SPDX-License-Identifier: Apache-2.0 */
/* Prospects that a policy would let in (domain.md §10): counted, and the first of them named. */
#include "simulation.h"

#include <string.h>

struct text jobs_simulation_seller(const struct simulating *simulating, uint32_t owner)
{
	const struct text_map *sellers = &simulating->window.sellers;

	for (size_t i = 0; owner != 0 && i < sellers->slot_count; i++)
		if (sellers->slots[i].key.bytes != NULL && sellers->slots[i].value == owner)
			return sellers->slots[i].key;
	return (struct text){NULL, 0};
}

enum status jobs_simulation_let_in(struct simulating *simulating, size_t index, struct stand before, struct stand after)
{
	struct simulation *simulation = simulating->simulation;
	const struct book_rows *window = &simulating->window;
	struct text id = book_rows_id(window, index);
	size_t at = simulation->let_in_shown;

	simulation->let_in_count++;
	while (at > 0 && text_compare(id, simulation->let_in[at - 1].prospect) < 0)
		at--;
	if (at == LET_IN_MOST)
		return STATUS_OK;
	if (simulation->let_in_shown < LET_IN_MOST)
		simulation->let_in_shown++;
	memmove(&simulation->let_in[at + 1], &simulation->let_in[at], (simulation->let_in_shown - at - 1) * sizeof(simulation->let_in[0]));
	simulation->let_in[at] = (struct let_in){
		.prospect = text_copy(simulating->arena, id),
		.seller = text_copy(simulating->arena, jobs_simulation_seller(simulating, window->owners[index] & ~OWNER_DERIVED)),
		.from = (enum verdict)before.verdict,
		.to = (enum verdict)after.verdict,
	};
	return simulation->let_in[at].prospect.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static void add_clients(struct simulation *simulation)
{
	static const enum list lists[] = {LIST_KEY, LIST_SECONDARY};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (int from = 0; from <= LIST_COUNT; from++) {
			simulation->clients += simulation->crossings.lists[from][lists[i]].count;
			simulation->client_minutes += simulation->crossings.lists[from][lists[i]].minutes;
		}
}

enum status jobs_simulation_name_let_in(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;
	struct array_column ids;
	struct params params;
	const PGresult *rows;
	enum status status;

	add_clients(simulation);
	if (simulation->let_in_shown == 0)
		return STATUS_OK;
	arena_reset(simulating->job->arena);
	params = jobs_params(simulating->job);
	array_column_init(&ids, ARRAY_TEXT);
	for (size_t i = 0; i < simulation->let_in_shown; i++)
		array_add_text(&ids, simulation->let_in[i].prospect);
	params_array(&params, &ids);
	array_column_release(&ids);
	status = jobs_rows(simulating->job, STATEMENT_READ_NAMES, &params, &rows);
	for (int i = 0; status == STATUS_OK && i < PQntuples(rows); i++)
		for (size_t j = 0; j < simulation->let_in_shown; j++)
			if (text_equal(simulation->let_in[j].prospect, row_text((struct row){rows, i}, 0)))
				simulation->let_in[j].name = text_copy(simulating->arena, row_text((struct row){rows, i}, 1));
	return status;
}
