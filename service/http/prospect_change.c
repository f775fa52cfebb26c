/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a prospect's measures: their bounds, and every value at which a rule takes another form. The rules are core's. */
#include "prospect_change.h"

#include <sweetspot/calendar.h>
#include <sweetspot/decimal.h>
#include <sweetspot/subject.h>

/* Numbers of up to so many digits come back from JSON as they went there. */
#define DECIMAL_MOST INT64_C(999999999999999)
#define PLACES_MOST 6
#define CENTI_PLACES 2
/* How many elements all looks of one direction may be compared with; and looks however few elements there are. */
#define COMPARISONS_MOST INT64_C(4000000)
#define LOOKS_MOST INT64_C(4000)
/* Those of sizes, and the book's day. */
#define OTHER_EDGES 6

enum pull { PULL_FIELD, PULL_NAMED, PULL_LARGEST_OPEN, PULL_OPEN };

/** One measure of one prospect. */
struct pulled {
	const struct prospect_case *standing;
	struct arena *arena;
	enum pull pull;
	enum organisation_field field;  /* PULL_FIELD */
	int32_t attribute;              /* of the policy's attributes; -1: no criterion looks at it */
	struct measure measure;
	char *letters;                  /* as the findings, one a criterion: those of the attribute are judged anew */
	int64_t *edges;                 /* where a rule may say something else: from there on, behind it, or there alone */
	size_t edge_count;
	bool failed;                    /* for want of memory; nothing alters then */
};

/** A search, and what all measures have in common. */
struct pulling {
	const struct prospect_case *standing;
	struct arena *arena;
	struct change_search search;
	const struct elements *elements;  /* one each attribute of the policy */
	int64_t values;                   /* how many all criteria name */
};

/* ---- Looking ---- */

static int64_t add_amounts(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static void set_field(struct prospect *prospect, enum organisation_field field, int64_t value)
{
	if (field == ORGANISATION_EXPECTED_ANNUAL)
		prospect->expected_annual = value;
	if (field == ORGANISATION_EMPLOYEES)
		prospect->employee_band = employee_band_of(value);
	if (field == ORGANISATION_REVISIT_ON)
		prospect->revisit_on = (int32_t)value;
}

static void set(const struct pulled *pulled, struct prospect *prospect, int64_t value)
{
	int64_t others = prospect->open_amount - prospect->largest_open;

	switch (pulled->pull) {
	case PULL_FIELD:
		set_field(prospect, pulled->field, value);
		break;
	case PULL_LARGEST_OPEN:
		prospect->largest_open = value;
		prospect->open_amount = add_amounts(others, value);
		break;
	case PULL_OPEN:
		prospect->open_amount = value;
		break;
	case PULL_NAMED:
		break;
	}
}

/** A value as criteria see it. */
static enum status element_of_value(const struct pulled *pulled, int64_t value, struct element *out)
{
	char day[11];

	if (pulled->measure.unit != UNIT_DAY)
		return element_of_scaled(pulled->arena, value, pulled->measure.places, out);
	day_format((int32_t)value, day);
	return element_of_text(pulled->arena, text_of(day), out);
}

/** What the criteria come to with another value; what does not look at it found what it found. */
static enum status refit(const struct pulled *pulled, int64_t value, struct fit_weights *out)
{
	const struct policy *policy = pulled->standing->policy;
	struct element element;
	enum status status = element_of_value(pulled, value, &element);

	if (status != STATUS_OK)
		return status;
	for (int32_t i = 0; i < policy->criteria_count; i++)
		if (policy->criteria[i].attribute == pulled->attribute)
			pulled->letters[i] = finding_letter(core_criterion_judge(&policy->criteria[i], (struct elements){&element, 1}));
	*out = core_fit_recall(policy, (struct text){pulled->letters, (size_t)policy->criteria_count}, NULL);
	return STATUS_OK;
}

struct outcome_seen prospect_outcome(const struct prospect_case *standing)
{
	struct qualification found;

	core_qualify(standing->prospect, standing->review, standing->policy, standing->day, &found);
	return (struct outcome_seen){.list = found.list, .verdict = found.verdict};
}

static struct outcome_seen see(void *of, int64_t value)
{
	struct pulled *pulled = of;
	struct prospect prospect = *pulled->standing->prospect;
	struct prospect_case changed = *pulled->standing;

	if (pulled->attribute >= 0 && refit(pulled, value, &prospect.fit) != STATUS_OK)
		pulled->failed = true;
	set(pulled, &prospect, value);
	changed.prospect = pulled->failed ? pulled->standing->prospect : &prospect;
	return prospect_outcome(&changed);
}

/** The nearest edge further on, or what lies behind one. */
static int64_t next_look(const struct walk *walk, int64_t step)
{
	const struct pulled *pulled = walk->of;
	int64_t next = walk->steps;

	for (size_t i = 0; i < pulled->edge_count; i++) {
		int64_t at = (pulled->edges[i] - walk->origin) * walk->sign;

		if (at <= step)
			at++;
		if (at > step && at < next)
			next = at;
	}
	return next;
}

/* ---- Edges ---- */

/** Keep an edge that can be walked to. */
static void add_edge(struct pulled *pulled, int128 at)
{
	if (at >= pulled->measure.least && at <= pulled->measure.most)
		pulled->edges[pulled->edge_count++] = (int64_t)at;
}

/** The greatest step that is not above a decimal. @return false: it is too large */
static bool step_below(struct text decimal, int places, int64_t *out, bool *is_beyond)
{
	size_t all = decimal_places(decimal), beyond = all > (size_t)places ? all - (size_t)places : 0;
	bool is_negative = decimal.bytes[0] == '-';

	decimal.length -= beyond + (beyond > 0 && places == 0);
	if (number_parse(decimal, places, out) != NUMBER_OK)
		return false;
	*is_beyond = beyond > 0;
	*out -= beyond > 0 && is_negative;
	return true;
}

/** The days and numbers that one criterion names. */
static void add_values(struct pulled *pulled, struct elements values)
{
	for (size_t i = 0; i < values.count; i++) {
		const struct element *value = &values.items[i];
		int64_t step;
		int32_t day;
		bool is_beyond;

		if (pulled->measure.unit == UNIT_DAY && day_parse(value->text, &day))
			add_edge(pulled, day);
		if (pulled->measure.unit == UNIT_DAY || value->kind != ELEMENT_NUMBER)
			continue;
		if (!step_below(value->text, pulled->measure.places, &step, &is_beyond))
			continue;
		add_edge(pulled, step);
	}
}

static void add_criteria(struct pulled *pulled)
{
	const struct policy *policy = pulled->standing->policy;

	for (int32_t i = 0; i < policy->criteria_count; i++)
		if (policy->criteria[i].attribute == pulled->attribute)
			add_values(pulled, policy->criteria[i].values);
}

/** Where a size is compared; `others` is what counts beside it in a year. */
static void add_sizes(struct pulled *pulled, int64_t others)
{
	const struct prospect_case *s = pulled->standing;
	struct floors floors = core_floors(s->policy, s->review);

	add_edge(pulled, 0);
	add_edge(pulled, floors.deal);
	add_edge(pulled, (int128)floors.deal * s->review->deals_per_year);
	add_edge(pulled, (int128)floors.annual - others);
	add_edge(pulled, (int128)s->review->key_cutoff - others);
}

static void add_edges(struct pulled *pulled)
{
	const struct prospect *prospect = pulled->standing->prospect;

	if (pulled->attribute >= 0)
		add_criteria(pulled);
	if (pulled->pull == PULL_LARGEST_OPEN)
		add_sizes(pulled, prospect->open_amount - prospect->largest_open);
	if (pulled->pull == PULL_OPEN || (pulled->pull == PULL_FIELD && pulled->field == ORGANISATION_EXPECTED_ANNUAL))
		add_sizes(pulled, 0);
	if (pulled->pull == PULL_FIELD && pulled->field == ORGANISATION_EMPLOYEES)
		for (size_t i = 0; i < EMPLOYEE_BANDS; i++)
			add_edge(pulled, employee_band_starts[i]);
	if (pulled->measure.unit == UNIT_DAY)
		add_edge(pulled, pulled->standing->day);
}

/* ---- One measure ---- */

/** @return how many values the criteria name that look at an attribute */
static size_t count_values(const struct policy *policy, int32_t attribute)
{
	size_t count = 0;

	for (int32_t i = 0; i < policy->criteria_count; i++)
		count += policy->criteria[i].attribute == attribute ? policy->criteria[i].values.count : 0;
	return count;
}

static char *copy_letters(const struct pulling *pulling)
{
	size_t count = (size_t)pulling->standing->policy->criteria_count;
	struct text findings = pulling->standing->findings;
	char *letters = arena_alloc(pulling->arena, count + 1);

	for (size_t i = 0; letters != NULL && i < count; i++)
		letters[i] = i < findings.length ? findings.bytes[i] : finding_letter(FINDING_UNKNOWN);
	return letters;
}

static enum status pull(struct pulling *pulling, struct pulled *pulled)
{
	size_t edges_most = count_values(pulling->standing->policy, pulled->attribute) + OTHER_EDGES + EMPLOYEE_BANDS;
	int64_t looks = COMPARISONS_MOST / (pulling->values + 1);
	const struct lookout lookout = {pulled, see, next_look, looks < LOOKS_MOST ? looks : LOOKS_MOST};

	pulled->standing = pulling->standing;
	pulled->arena = pulling->arena;
	pulled->letters = copy_letters(pulling);
	pulled->edges = arena_array(pulling->arena, edges_most, sizeof(*pulled->edges));
	if (pulled->letters == NULL || pulled->edges == NULL)
		return STATUS_NO_MEMORY;
	add_edges(pulled);
	change_search_try(&pulling->search, &pulled->measure, &lookout);
	return pulled->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- All of them ---- */

static int32_t attribute_of_field(const struct policy *policy, enum organisation_field field)
{
	for (int32_t i = 0; i < policy->attribute_count; i++)
		if (policy->attributes[i].source == ATTRIBUTE_FIELD && policy->attributes[i].field == field)
			return i;
	return -1;
}

static struct measure measure_of_field(const struct prospect_case *standing, enum organisation_field index)
{
	const struct field *field = &record_shape(RECORD_ORGANISATION)->fields[index];
	struct measure measure = {
		.name = text_of(field->name), .value = standing->record->value[index].integer, .least = field->min, .most = field->max,
	};

	switch (field->kind) {
	case FIELD_MONEY:
		measure.unit = UNIT_MONEY;
		measure.places = standing->policy->currency_digits;
		break;
	case FIELD_SCALED:
		measure.unit = UNIT_DECIMAL;
		measure.places = CENTI_PLACES;
		break;
	case FIELD_DAY:
		measure.unit = UNIT_DAY;
		measure.zero = standing->day;
		measure.least = day_from_civil((struct civil_date){1, 1, 1});
		measure.most = day_from_civil((struct civil_date){9999, 12, 31});
		break;
	default:
		measure.unit = UNIT_COUNT;
		break;
	}
	return measure;
}

static bool is_measure(const struct record *record, enum organisation_field index)
{
	enum field_kind kind = record_shape(RECORD_ORGANISATION)->fields[index].kind;

	return (record->filled >> index & 1) != 0
	       && (kind == FIELD_MONEY || kind == FIELD_SCALED || kind == FIELD_DAY || kind == FIELD_INTEGER);
}

static enum status pull_fields(struct pulling *pulling)
{
	const struct prospect_case *standing = pulling->standing;
	enum status status = STATUS_OK;

	for (int i = 0; i < ORGANISATION_FIELDS && status == STATUS_OK; i++) {
		enum organisation_field field = (enum organisation_field)i;
		struct pulled pulled = {.pull = PULL_FIELD, .field = field, .attribute = attribute_of_field(standing->policy, field)};

		if (!is_measure(standing->record, field))
			continue;
		pulled.measure = measure_of_field(standing, field);
		status = pull(pulling, &pulled);
	}
	return status;
}

/** The last decimal place that a value or a criterion over it has. */
static int places_of(const struct policy *policy, int32_t attribute, struct text value)
{
	size_t places = decimal_places(value);

	for (int32_t i = 0; i < policy->criteria_count; i++) {
		struct elements values = policy->criteria[i].values;

		for (size_t k = 0; policy->criteria[i].attribute == attribute && k < values.count; k++)
			if (values.items[k].kind == ELEMENT_NUMBER && decimal_places(values.items[k].text) > places)
				places = decimal_places(values.items[k].text);
	}
	return places < PLACES_MOST ? (int)places : PLACES_MOST;
}

static enum status pull_named(struct pulling *pulling)
{
	const struct policy *policy = pulling->standing->policy;
	enum status status = STATUS_OK;

	for (int32_t i = 0; i < policy->attribute_count && status == STATUS_OK; i++) {
		const struct attribute *attribute = &policy->attributes[i];
		struct elements seen = pulling->elements[i];
		struct pulled pulled = {.pull = PULL_NAMED, .attribute = i};
		bool is_beyond;
		struct measure measure = {.name = attribute->name, .unit = UNIT_DECIMAL, .least = -DECIMAL_MOST, .most = DECIMAL_MOST};

		if (attribute->source != ATTRIBUTE_NAMED || seen.count != 1 || seen.items[0].kind != ELEMENT_NUMBER)
			continue;
		measure.places = places_of(policy, i, seen.items[0].text);
		if (!step_below(seen.items[0].text, measure.places, &measure.value, &is_beyond))
			continue;
		measure.beyond = is_beyond ? seen.items[0].text : (struct text){NULL, 0};
		pulled.measure = measure;
		status = pull(pulling, &pulled);
	}
	return status;
}

static enum status pull_deals(struct pulling *pulling)
{
	const struct prospect *prospect = pulling->standing->prospect;
	struct pulled largest = {
		.pull = PULL_LARGEST_OPEN, .attribute = -1,
		.measure = {
			.name = TEXT("largest_open_deal"), .unit = UNIT_MONEY, .value = prospect->largest_open,
			.least = pulling->standing->second_open, .most = EXACT_MAX,
		},
	};
	struct pulled open = {
		.pull = PULL_OPEN, .attribute = -1,
		.measure = {
			.name = TEXT("open_deals"), .unit = UNIT_MONEY, .value = prospect->open_amount,
			.least = prospect->largest_open, .most = EXACT_MAX,
		},
	};
	enum status status = pull(pulling, &largest);

	/* Where no deal is open, the first is the largest. */
	return status == STATUS_OK && prospect->largest_open > 0 ? pull(pulling, &open) : status;
}

enum status prospect_change_find(const struct prospect_case *standing, struct arena *arena, struct would_change *out)
{
	const struct subject_facts nobody = {0};
	struct pulling pulling = {
		.standing = standing, .arena = arena, .search = change_search_from(prospect_outcome(standing)),
	};
	struct elements *elements = NULL;
	enum status status = subject_elements(standing->policy, standing->record, &nobody, arena, &elements);

	pulling.elements = elements;
	for (int32_t i = 0; i < standing->policy->attribute_count; i++)
		pulling.values += (int64_t)count_values(standing->policy, i);
	if (status == STATUS_OK)
		status = pull_fields(&pulling);
	if (status == STATUS_OK)
		status = pull_named(&pulling);
	if (status == STATUS_OK)
		status = pull_deals(&pulling);
	if (status == STATUS_OK)
		*out = pulling.search.best;
	return status;
}
