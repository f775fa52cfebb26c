/* SPDX-License-Identifier: Apache-2.0 */
/* What closed deals say of sizes in a simulation: the floor that a review derives, and the bands that larger deals are read by. */
#include "simulation.h"

#include <sweetspot/band_rows.h>

#include "closed_deals.h"

/** Bands and sellers out of the job's arena, which ends before the answer does. */
static enum status keep(struct simulating *simulating, const struct closed_deals *deals, const struct size_bands *bands)
{
	struct simulation *simulation = simulating->simulation;
	struct size_band *kept = arena_array(simulating->arena, (size_t)bands->count + 1, sizeof(*kept));

	if (kept == NULL)
		return STATUS_NO_MEMORY;
	for (int32_t i = 0; i < bands->count; i++)
		kept[i] = bands->bands[i];
	simulation->bands = *bands;
	simulation->bands.bands = kept;
	simulation->bands.sellers = NULL;
	return jobs_deals_sellers(deals, bands, simulating->arena, &simulation->band_sellers, &simulation->band_seller_count);
}

/** As a review would freeze them. */
static enum status make_sizes(struct simulating *simulating)
{
	struct closed_deals deals;
	struct size_bands bands;
	enum status status = closed_deals_init(&deals);

	deals.most_bytes = (size_t)simulating->settings->desk_bytes;
	if (status == STATUS_OK)
		status = jobs_deals_load(simulating->job, simulating->simulation->next_day, &deals);
	if (status == STATUS_OK)
		status = jobs_simulation_weigh(simulating, closed_deals_bytes(&deals));
	if (status == STATUS_OK)
		status = jobs_deals_band(&deals, &simulating->next_policy, simulating->job->arena, &bands);
	if (status == STATUS_OK && simulating->simulation->deal_size_pct > 0)
		status = keep(simulating, &deals, &bands);
	closed_deals_release(&deals);
	if (status != STATUS_OK)
		return status;
	simulating->has_derived_floor = bands.has_floor;
	simulating->derived_floor = bands.floor_minor;
	return STATUS_OK;
}

static enum status read_frozen(struct simulating *simulating, enum statement statement, const PGresult **rows)
{
	struct params params = jobs_params(simulating->job);

	params_int4(&params, simulating->simulation->review_in_force);
	return jobs_rows(simulating->job, statement, &params, rows);
}

static enum status read_sizes(struct simulating *simulating)
{
	struct simulation *simulation = simulating->simulation;
	const PGresult *rows;
	enum status status = read_frozen(simulating, STATEMENT_READ_BANDS, &rows);

	if (status == STATUS_OK)
		status = bands_read(rows, simulating->arena, &simulation->bands);
	if (status == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (status == STATUS_OK)
		status = read_frozen(simulating, STATEMENT_LIST_BAND_SELLERS, &rows);
	if (status == STATUS_OK)
		status = band_sellers_read(rows, simulating->arena, &simulation->band_sellers, &simulation->band_seller_count);
	return status;
}

enum status jobs_simulation_sizes(struct simulating *simulating)
{
	arena_reset(simulating->job->arena);
	if (simulating->simulation->review_is_made)
		return make_sizes(simulating);
	return simulating->simulation->deal_size_pct > 0 ? read_sizes(simulating) : STATUS_OK;
}
