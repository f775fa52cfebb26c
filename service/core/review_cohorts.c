/* SPDX-License-Identifier: Apache-2.0 */
/* Cohorts of a whole book, frozen: clients grouped by counting, ranks by selection. Looking up is cohort.c. */
#include "service/core/review_cohorts.h"

#include "service/core/select.h"

/** Revenues grouped by cell. Cell c is values[starts[c]..starts[c + 1]). */
struct groups {
	int64_t *values;
	uint32_t *starts;
	size_t industries;
};

static size_t cells_total(const struct groups *groups)
{
	return (groups->industries + 1) * BANDS;
}

void core_cohorts_lay_out(const struct book *book, struct cohort_space *space)
{
	const struct groups groups = {.industries = (size_t)book->industry_count};

	/* Counts stand one cell ahead; while values are placed a cell's start runs to its end, which is the next one's start. */
	for (size_t cell = 1; cell <= cells_total(&groups); cell++)
		space->starts[cell] += space->starts[cell - 1];
}

/** Starts are back where they were before values were placed. */
static void close_up(struct groups *groups)
{
	for (size_t cell = cells_total(groups); cell > 0; cell--)
		groups->starts[cell] = groups->starts[cell - 1];
	groups->starts[0] = 0;
}

static size_t cells_size(const struct groups *groups, size_t first, size_t cells)
{
	return groups->starts[first + cells] - groups->starts[first];
}

static bool is_kept(const struct groups *groups, size_t first, size_t cells)
{
	return cells_size(groups, first, cells) >= COHORT_LEAST_CLIENTS;
}

static void sift_down(const struct text *names, int32_t *heap, size_t root, size_t count)
{
	int32_t moved = heap[root];

	for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
		if (child + 1 < count && text_compare(names[heap[child]], names[heap[child + 1]]) < 0)
			child++;
		if (text_compare(names[moved], names[heap[child]]) >= 0)
			break;
		heap[root] = heap[child];
		root = child;
	}
	heap[root] = moved;
}

/** Heap sort: in place, where the C library's qsort may allocate. */
static void sort_by_name(const struct text *names, int32_t *indexes, size_t count)
{
	for (size_t root = count / 2; root-- > 0;)
		sift_down(names, indexes, root, count);
	for (size_t end = count; end-- > 1;) {
		int32_t largest = indexes[0];

		indexes[0] = indexes[end];
		indexes[end] = largest;
		sift_down(names, indexes, 0, end);
	}
}

/** Which industries get a place in the table, by name. @return how many */
static size_t pick_industries(const struct book *book, const struct groups *groups, int32_t *picked)
{
	size_t count = 0;

	for (size_t i = 0; i < groups->industries; i++)
		if (is_kept(groups, cell_of((int32_t)i, 0), BANDS))
			picked[count++] = (int32_t)i;
	sort_by_name(book->industries, picked, count);
	return count;
}

/** Selecting reorders within the cells only, so smaller groups must be frozen before larger ones that hold them. */
static void freeze_row(const struct groups *groups, size_t first, size_t cells, int32_t industry, uint8_t band, struct cohort *row)
{
	int64_t *values = groups->values + groups->starts[first];
	size_t count = cells_size(groups, first, cells);
	size_t upper = percentile_rank(count, 75);
	int64_t p75 = select_rank(values, count, upper);

	*row = (struct cohort){
		.industry = industry,
		.band = band,
		.clients = (int64_t)count,
		/* What is below the upper quartile stands in front of it by now. */
		.median = select_rank(values, upper + 1, percentile_rank(count, 50)),
		.p75 = p75,
	};
}

/** @return the number of rows */
static size_t freeze_rows(const struct groups *groups, const int32_t *picked, size_t count, struct cohort *rows)
{
	struct cohort *row = rows + 1;

	for (size_t i = 0; i < count; i++) {
		size_t first = cell_of(picked[i], 0);
		struct cohort *whole = row++;

		for (uint8_t band = 1; band < BANDS; band++)
			if (is_kept(groups, first + band, 1))
				freeze_row(groups, first + band, 1, (int32_t)i, band, row++);
		freeze_row(groups, first, BANDS, (int32_t)i, 0, whole);
	}
	freeze_row(groups, 0, cells_total(groups), -1, 0, rows);
	return (size_t)(row - rows);
}

struct cohorts core_cohorts_freeze(const struct book *book, size_t clients, struct cohort_space *space)
{
	struct groups groups = {.values = space->values, .starts = space->starts, .industries = (size_t)book->industry_count};
	struct cohorts cohorts = {.industries = space->industries, .rows = space->rows};
	size_t kept;

	close_up(&groups);
	kept = pick_industries(book, &groups, space->picked);
	for (int32_t i = 0; i < book->industry_count; i++)
		space->map[i] = -1;
	for (size_t i = 0; i < kept; i++) {
		space->map[space->picked[i]] = (int32_t)i;
		cohorts.industries[i] = book->industries[space->picked[i]];
	}
	cohorts.industry_count = (int32_t)kept;
	if (clients > 0)
		cohorts.row_count = (int32_t)freeze_rows(&groups, space->picked, kept, cohorts.rows);
	return cohorts;
}
