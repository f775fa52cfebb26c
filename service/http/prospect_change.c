/* SPDX-License-Identifier: Apache-2.0 */
/* How a prospect's verdict and list follow its measures: its record's, and its open deals. The rules are core's. */
#include "prospect_change.h"

#include "record_change.h"

/** Measures that are no field of the record. */
enum { OTHER_NONE, OTHER_LARGEST_OPEN, OTHER_OPEN };

/* ---- Looking ---- */

static int64_t add_amounts(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static void set(const struct pulled *pulled, struct prospect *prospect, int64_t value)
{
	int64_t others = prospect->open_amount - prospect->largest_open;

	if (pulled->field == ORGANISATION_EXPECTED_ANNUAL)
		prospect->expected_annual = value;
	if (pulled->field == ORGANISATION_EMPLOYEES)
		prospect->employee_band = employee_band_of(value);
	if (pulled->field == ORGANISATION_REVISIT_ON)
		prospect->revisit_on = (int32_t)value;
	if (pulled->other == OTHER_LARGEST_OPEN) {
		prospect->largest_open = value;
		prospect->open_amount = add_amounts(others, value);
	}
	if (pulled->other == OTHER_OPEN)
		prospect->open_amount = value;
}

struct outcome_seen prospect_outcome(const struct prospect_case *standing)
{
	struct qualification found;

	core_qualify(standing->prospect, standing->review, standing->policy, standing->day, &found);
	return (struct outcome_seen){.list = found.list, .verdict = found.verdict};
}

static struct outcome_seen see(void *of, const struct pulled *pulled, int64_t value, const struct fit_weights *fit)
{
	struct prospect_case changed = *(const struct prospect_case *)of;
	struct prospect prospect = *changed.prospect;

	if (fit != NULL)
		prospect.fit = *fit;
	set(pulled, &prospect, value);
	changed.prospect = &prospect;
	return prospect_outcome(&changed);
}

/* ---- Edges ---- */

/** Where a size is compared; `others` is what counts beside it in a year. */
static void add_sizes(const struct prospect_case *s, struct pulled *pulled, int64_t others)
{
	struct floors floors = core_floors(s->policy, s->review);

	pulled_add_edge(pulled, 0);
	pulled_add_edge(pulled, floors.deal);
	pulled_add_edge(pulled, (int128)floors.deal * s->review->deals_per_year);
	pulled_add_edge(pulled, (int128)floors.annual - others);
	pulled_add_edge(pulled, (int128)s->review->key_cutoff - others);
}

static void add_edges(void *of, struct pulled *pulled)
{
	const struct prospect_case *standing = of;
	const struct prospect *prospect = standing->prospect;

	if (pulled->other == OTHER_LARGEST_OPEN)
		add_sizes(standing, pulled, prospect->open_amount - prospect->largest_open);
	if (pulled->other == OTHER_OPEN || pulled->field == ORGANISATION_EXPECTED_ANNUAL)
		add_sizes(standing, pulled, 0);
	if (pulled->field == ORGANISATION_EMPLOYEES)
		for (size_t i = 0; i < EMPLOYEE_BANDS; i++)
			pulled_add_edge(pulled, employee_band_starts[i]);
	if (pulled->measure.unit == UNIT_DAY)
		pulled_add_edge(pulled, standing->day);
}

/* ---- All of them ---- */

static enum status search_deals(const struct prospect_case *standing, struct record_change *changing)
{
	const struct prospect *prospect = standing->prospect;
	struct pulled largest = {
		.field = ORGANISATION_FIELDS, .other = OTHER_LARGEST_OPEN, .attribute = -1,
		.measure = {
			.name = TEXT("largest_open_deal"), .unit = UNIT_MONEY, .value = prospect->largest_open,
			.least = standing->second_open, .most = EXACT_MAX,
		},
	};
	struct pulled open = {
		.field = ORGANISATION_FIELDS, .other = OTHER_OPEN, .attribute = -1,
		.measure = {
			.name = TEXT("open_deals"), .unit = UNIT_MONEY, .value = prospect->open_amount,
			.least = prospect->largest_open, .most = EXACT_MAX,
		},
	};
	enum status status = record_change_pull(changing, &largest);

	/* Where no deal is open, the first is the largest. */
	return status == STATUS_OK && prospect->largest_open > 0 ? record_change_pull(changing, &open) : status;
}

enum status prospect_change_find(const struct prospect_case *standing, struct arena *arena, struct would_change *out)
{
	struct prospect_case of = *standing;
	struct record_change changing = {
		.record = standing->record, .findings = standing->findings, .policy = standing->policy, .day = standing->day, .arena = arena,
		.of = &of, .see = see, .add_edges = add_edges,
	};
	enum status status = record_change_begin(&changing, prospect_outcome(standing));

	if (status == STATUS_OK)
		status = record_change_search(&changing);
	if (status == STATUS_OK)
		status = search_deals(standing, &changing);
	if (status == STATUS_OK)
		*out = changing.search.best;
	return status;
}
