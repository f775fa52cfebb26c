/* SPDX-License-Identifier: Apache-2.0 */
/* What simulations and previews both show of a book before and after. Finding it is the clerk's. */
#include "simulation_json.h"

#include <sweetspot/number.h>

#include "figures.h"

int64_t simulation_money(int128 sum)
{
	return sum > INT64_MAX ? INT64_MAX : sum < INT64_MIN ? INT64_MIN : (int64_t)sum;
}

static void write_worth(struct json_writer *w, const struct crossed *crossed, int currency_digits)
{
	figure_count(w, "count", crossed->count);
	figure_money(w, "revenue_12m", simulation_money(crossed->revenue), currency_digits);
	figure_hours(w, "hours_12m", crossed->minutes);
}

static void write_crossed(struct json_writer *w, const char *from, const char *to, const struct crossed *crossed, int currency_digits)
{
	if (crossed->count == 0)
		return;
	json_open_object(w);
	figure_text(w, "from", text_of(from));
	figure_text(w, "to", text_of(to));
	write_worth(w, crossed, currency_digits);
	json_close_object(w);
}

static void write_stands(struct json_writer *w, const struct crossings *crossings, int currency_digits)
{
	json_key(w, "tiers");
	json_open_array(w);
	for (int from = 0; from < TIER_COUNT; from++)
		for (int to = 0; to < TIER_COUNT; to++)
			write_crossed(w, tier_name((enum tier)from), tier_name((enum tier)to), &crossings->tiers[from][to], currency_digits);
	json_close_array(w);
	json_key(w, "lists");
	json_open_array(w);
	for (int from = 0; from <= LIST_COUNT; from++)
		for (int to = 0; to < LIST_COUNT; to++)
			write_crossed(w, from == STAND_UNCLASSIFIED ? NULL : list_name((enum list)from), list_name((enum list)to),
			              &crossings->lists[from][to], currency_digits);
	json_close_array(w);
}

static void write_verdicts(struct json_writer *w, const struct crossings *crossings)
{
	json_key(w, "verdicts");
	json_open_array(w);
	for (int from = 0; from < VERDICT_COUNT; from++)
		for (int to = 0; to < VERDICT_COUNT; to++) {
			const struct crossed *crossed = &crossings->verdicts[from][to];

			if (crossed->count == 0)
				continue;
			json_open_object(w);
			figure_text(w, "from", text_of(verdict_name((enum verdict)from)));
			figure_text(w, "to", text_of(verdict_name((enum verdict)to)));
			figure_count(w, "count", crossed->count);
			figure_hours(w, "hours_12m", crossed->minutes);
			json_close_object(w);
		}
	json_close_array(w);
}

void simulation_crossings_write(struct json_writer *w, const struct simulation *simulation)
{
	write_stands(w, &simulation->crossings, simulation->currency_digits);
	write_verdicts(w, &simulation->crossings);
}

static void write_movers(struct json_writer *w, const struct movers *movers, int currency_digits)
{
	write_worth(w, &movers->all, currency_digits);
	figure_count(w, "tiers", movers->tiers);
	figure_count(w, "lists", movers->lists);
}

void simulation_moved_write(struct json_writer *w, const struct simulation *simulation)
{
	json_key(w, "moved");
	json_open_object(w);
	write_movers(w, &simulation->moved, simulation->currency_digits);
	figure_count(w, "sellers", (int64_t)simulation->seller_count);
	json_key(w, "by_seller");
	json_open_array(w);
	for (size_t i = 0; i < simulation->sellers_shown; i++) {
		json_open_object(w);
		figure_text(w, "seller", simulation->sellers[i].seller);
		write_movers(w, &simulation->sellers[i].movers, simulation->currency_digits);
		json_close_object(w);
	}
	json_close_array(w);
	json_close_object(w);
}

void simulation_let_in_write(struct json_writer *w, const struct simulation *simulation)
{
	int128 minutes = simulation->clients == 0 ? 0 : (int128)simulation->client_minutes * (int64_t)simulation->let_in_count;

	json_key(w, "let_in");
	json_open_object(w);
	figure_count(w, "count", (int64_t)simulation->let_in_count);
	if (simulation->client_minutes > 0)
		figure_hours(w, "hours_12m", number_divide_rounded(minutes, simulation->clients));
	else
		figure_null(w, "hours_12m");
	json_key(w, "data");
	json_open_array(w);
	for (size_t i = 0; i < simulation->let_in_shown; i++) {
		const struct let_in *let_in = &simulation->let_in[i];

		json_open_object(w);
		figure_text(w, "prospect", let_in->prospect);
		figure_text(w, "name", let_in->name);
		figure_text(w, "seller", let_in->seller);
		figure_text(w, "from", text_of(verdict_name(let_in->from)));
		figure_text(w, "to", text_of(verdict_name(let_in->to)));
		json_close_object(w);
	}
	json_close_array(w);
	json_close_object(w);
}

void simulation_effort_write(struct json_writer *w, const struct simulation *simulation)
{
	json_key(w, "effort");
	json_open_object(w);
	figure_count(w, "read_ms", simulation->read_us / 1000);
	figure_count(w, "compute_ms", simulation->compute_us / 1000);
	figure_count(w, "memory_bytes", (int64_t)simulation->bytes);
	json_close_object(w);
}
