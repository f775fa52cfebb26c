/* SPDX-License-Identifier: Apache-2.0 */
/* Size bands out of their rows. Writing them is the jobs'. */
#include <sweetspot/band_rows.h>

/* Columns of read_bands. */
enum {
	BASIS, WITHOUT_AMOUNT, WEEKLY_HOURS, QUOTA, MANAGEMENT_PCT, INFEASIBLE, FLOOR, POSITION, FROM, TO, SUM, MEDIAN = SUM + 6, INDEX,
	ACCOUNTS, SERVICE, VERDICT
};

/** The whole average and what is left of it give back the sum, which may pass a bigint. */
static struct deal_sum sum_read(struct row row, int column)
{
	int64_t won = row_int(row, column + 1);

	return (struct deal_sum){
		.deals = row_int(row, column),
		.won = won,
		.won_minor = (int128)row_int(row, column + 2) * won + row_int(row, column + 3),
		.pursuits = row_int(row, column + 4),
		.effort = row_int(row, column + 5),
	};
}

static enum band_verdict verdict_of(struct text name)
{
	for (int verdict = 0; verdict < BAND_VERDICTS; verdict++)
		if (text_equal(text_of(band_verdict_name((enum band_verdict)verdict)), name))
			return (enum band_verdict)verdict;
	return BAND_OUTSIDE;
}

static struct size_band band_read(struct row row)
{
	return (struct size_band){
		.from_minor = row_int(row, FROM),
		.to_minor = row_int(row, TO),
		.sum = sum_read(row, SUM),
		.median_cycle_days = row_is_null(row, MEDIAN) ? -1 : (int32_t)row_int(row, MEDIAN),
		.index = row_is_null(row, INDEX) ? -1 : row_int(row, INDEX),
		.accounts = row_int(row, ACCOUNTS),
		.service_minutes = row_int(row, SERVICE),
		.verdict = verdict_of(row_text(row, VERDICT)),
	};
}

static void sum_add(struct deal_sum *all, const struct deal_sum *sum)
{
	all->deals += sum->deals;
	all->won += sum->won;
	all->won_minor += sum->won_minor;
	all->pursuits += sum->pursuits;
	all->effort += sum->effort;
}

static struct size_bands head_read(struct row row)
{
	return (struct size_bands){
		.basis = text_equal(row_text(row, BASIS), TEXT("hours")) ? EFFORT_HOURS : EFFORT_DAYS,
		.without_amount = row_int(row, WITHOUT_AMOUNT),
		.selling = {
			.is_known = !row_is_null(row, WEEKLY_HOURS) && !row_is_null(row, QUOTA),
			.weekly_hours_centi = row_int(row, WEEKLY_HOURS),
			.quota_minor = row_int(row, QUOTA),
			.account_management_pct_centi = row_int(row, MANAGEMENT_PCT),
		},
		.quota_infeasible = row_bool(row, INFEASIBLE),
		.has_floor = !row_is_null(row, FLOOR),
		.floor_minor = row_int(row, FLOOR),
	};
}

enum status bands_read(const PGresult *rows, struct arena *arena, struct size_bands *out)
{
	const int count = PQntuples(rows);
	struct size_bands bands;

	if (count == 0 || row_is_null((struct row){rows, 0}, BASIS))
		return STATUS_NOT_FOUND;
	bands = head_read((struct row){rows, 0});
	bands.bands = arena_array(arena, (size_t)count, sizeof(*bands.bands));
	if (bands.bands == NULL)
		return STATUS_NO_MEMORY;
	for (int i = 0; i < count; i++) {
		struct row row = {rows, i};

		if (row_is_null(row, POSITION))
			continue;
		bands.bands[bands.count] = band_read(row);
		sum_add(&bands.all, &bands.bands[bands.count++].sum);
	}
	*out = bands;
	return STATUS_OK;
}

enum status band_sellers_read(const PGresult *rows, struct arena *arena, struct band_seller **out, size_t *count)
{
	const int all = PQntuples(rows);
	struct band_seller *sellers = arena_array(arena, (size_t)all + 1, sizeof(*sellers));

	if (sellers == NULL)
		return STATUS_NO_MEMORY;
	for (int i = 0; i < all; i++) {
		struct row row = {rows, i};

		sellers[i] = (struct band_seller){text_copy(arena, row_text(row, 0)), sum_read(row, 1)};
		if (sellers[i].seller.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	*out = sellers;
	*count = (size_t)all;
	return STATUS_OK;
}
