/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a record's measures: their bounds and steps, and what criteria compare them with. The rules are the owner's. */
#include "record_change.h"

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
/* An edge, and either side of it. */
#define EDGE_WIDTH 3

/* ---- Looking ---- */

/** A value as criteria see it. */
static enum status element_of_value(const struct pulled *pulled, int64_t value, struct element *out)
{
	char day[11];

	if (pulled->measure.unit != UNIT_DAY)
		return element_of_scaled(pulled->changing->arena, value, pulled->measure.places, out);
	day_format((int32_t)value, day);
	return element_of_text(pulled->changing->arena, text_of(day), out);
}

/** What the criteria come to with another value; what does not look at it found what it found. */
static enum status refit(const struct pulled *pulled, int64_t value, struct fit_weights *out)
{
	const struct policy *policy = pulled->changing->policy;
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

static struct outcome_seen see(void *of, int64_t value)
{
	struct pulled *pulled = of;
	struct record_change *changing = pulled->changing;
	struct fit_weights fit;

	if (pulled->attribute >= 0 && refit(pulled, value, &fit) != STATUS_OK)
		changing->failed = true;
	if (changing->failed)
		return changing->search.now;
	return changing->see(changing->of, pulled, value, pulled->attribute >= 0 ? &fit : NULL);
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

void pulled_add_edge(struct pulled *pulled, int128 at)
{
	if (at >= pulled->measure.least && at <= pulled->measure.most)
		pulled->edges[pulled->edge_count++] = (int64_t)at;
}

void pulled_widen_edges(struct pulled *pulled)
{
	for (size_t i = pulled->edge_count; i-- > 0;) {
		pulled_add_edge(pulled, (int128)pulled->edges[i] - 1);
		pulled_add_edge(pulled, (int128)pulled->edges[i] + 1);
	}
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
			pulled_add_edge(pulled, day);
		if (pulled->measure.unit == UNIT_DAY || value->kind != ELEMENT_NUMBER)
			continue;
		if (!step_below(value->text, pulled->measure.places, &step, &is_beyond))
			continue;
		pulled_add_edge(pulled, step);
	}
}

static void add_criteria(struct pulled *pulled)
{
	const struct policy *policy = pulled->changing->policy;

	for (int32_t i = 0; i < policy->criteria_count; i++)
		if (policy->criteria[i].attribute == pulled->attribute)
			add_values(pulled, policy->criteria[i].values);
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

static char *copy_letters(const struct record_change *changing)
{
	size_t count = (size_t)changing->policy->criteria_count;
	struct text findings = changing->findings;
	char *letters = arena_alloc(changing->arena, count + 1);

	for (size_t i = 0; letters != NULL && i < count; i++)
		letters[i] = i < findings.length ? findings.bytes[i] : finding_letter(FINDING_UNKNOWN);
	return letters;
}

enum status record_change_pull(struct record_change *changing, struct pulled *pulled)
{
	size_t edges_most = (count_values(changing->policy, pulled->attribute) + OTHER_EDGES) * EDGE_WIDTH;
	int64_t looks = COMPARISONS_MOST / (changing->values + 1);
	const struct lookout lookout = {pulled, see, next_look, looks < LOOKS_MOST ? looks : LOOKS_MOST};

	pulled->changing = changing;
	pulled->letters = copy_letters(changing);
	pulled->edges = arena_array(changing->arena, edges_most, sizeof(*pulled->edges));
	if (pulled->letters == NULL || pulled->edges == NULL)
		return STATUS_NO_MEMORY;
	if (pulled->attribute >= 0)
		add_criteria(pulled);
	changing->add_edges(changing->of, pulled);
	change_search_try(&changing->search, &pulled->measure, &lookout);
	return changing->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- All of the record's ---- */

static int32_t attribute_of_field(const struct policy *policy, enum organisation_field field)
{
	for (int32_t i = 0; i < policy->attribute_count; i++)
		if (policy->attributes[i].source == ATTRIBUTE_FIELD && policy->attributes[i].field == field)
			return i;
	return -1;
}

static struct measure measure_of_field(const struct record_change *changing, enum organisation_field index)
{
	const struct field *field = &record_shape(RECORD_ORGANISATION)->fields[index];
	struct measure measure = {
		.name = text_of(field->name), .value = changing->record->value[index].integer, .least = field->min, .most = field->max,
	};

	switch (field->kind) {
	case FIELD_MONEY:
		measure.unit = UNIT_MONEY;
		measure.places = changing->policy->currency_digits;
		break;
	case FIELD_SCALED:
		measure.unit = UNIT_DECIMAL;
		measure.places = CENTI_PLACES;
		break;
	case FIELD_DAY:
		measure.unit = UNIT_DAY;
		measure.zero = changing->day;
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

static enum status search_fields(struct record_change *changing)
{
	enum status status = STATUS_OK;

	for (int i = 0; i < ORGANISATION_FIELDS && status == STATUS_OK; i++) {
		enum organisation_field field = (enum organisation_field)i;
		struct pulled pulled = {.field = field, .attribute = attribute_of_field(changing->policy, field)};

		if (!is_measure(changing->record, field))
			continue;
		pulled.measure = measure_of_field(changing, field);
		status = record_change_pull(changing, &pulled);
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

static enum status search_named(struct record_change *changing)
{
	const struct policy *policy = changing->policy;
	enum status status = STATUS_OK;

	for (int32_t i = 0; i < policy->attribute_count && status == STATUS_OK; i++) {
		const struct attribute *attribute = &policy->attributes[i];
		struct elements seen = changing->elements[i];
		struct pulled pulled = {.field = ORGANISATION_FIELDS, .attribute = i};
		bool is_beyond;
		struct measure measure = {.name = attribute->name, .unit = UNIT_DECIMAL, .least = -DECIMAL_MOST, .most = DECIMAL_MOST};

		if (attribute->source != ATTRIBUTE_NAMED || seen.count != 1 || seen.items[0].kind != ELEMENT_NUMBER)
			continue;
		measure.places = places_of(policy, i, seen.items[0].text);
		if (!step_below(seen.items[0].text, measure.places, &measure.value, &is_beyond))
			continue;
		measure.beyond = is_beyond ? seen.items[0].text : (struct text){NULL, 0};
		pulled.measure = measure;
		status = record_change_pull(changing, &pulled);
	}
	return status;
}

enum status record_change_begin(struct record_change *changing, struct outcome_seen now)
{
	const struct subject_facts nobody = {0};
	struct elements *elements = NULL;
	enum status status = subject_elements(changing->policy, changing->record, &nobody, changing->arena, &elements);

	changing->search = change_search_from(now);
	changing->elements = elements;
	changing->values = 0;
	for (int32_t i = 0; i < changing->policy->attribute_count; i++)
		changing->values += (int64_t)count_values(changing->policy, i);
	return status;
}

enum status record_change_search(struct record_change *changing)
{
	enum status status = search_fields(changing);

	return status == STATUS_OK ? search_named(changing) : status;
}
