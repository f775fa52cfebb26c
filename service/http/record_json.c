/* SPDX-License-Identifier: Apache-2.0 */
/* Records as GET answers them, written by their field tables. What the numbers mean is said in core; what is asked for, in the routes. */
#include "figures.h"
#include "qualification_json.h"

#define CENTI_DIGITS 2
#define SHARE_DIGITS 4
#define SHARE_ONE 10000
#define DECAY_SHIFT 32

static void write_value(struct json_writer *w, const struct field *field, union value value, int currency_digits)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_REFERENCE:
		json_text(w, value.text);
		break;
	case FIELD_INTEGER:
		json_int(w, value.integer);
		break;
	case FIELD_SCALED:
		json_scaled(w, value.integer, CENTI_DIGITS);
		break;
	case FIELD_MONEY:
		json_scaled(w, value.integer, currency_digits);
		break;
	case FIELD_DAY:
		json_day(w, (int32_t)value.integer);
		break;
	case FIELD_INSTANT:
		json_instant(w, value.integer);
		break;
	case FIELD_BOOL:
		json_bool(w, value.integer != 0);
		break;
	case FIELD_ENUM:
		json_text(w, text_of(field->labels[value.integer]));
		break;
	case FIELD_TEXTS:
	case FIELD_OBJECT:
	case FIELD_PROTECTION:
		json_raw(w, value.text);
		break;
	}
}

/** What a field without a value shows: its fallback, an empty collection, or null. */
static void write_absent(struct json_writer *w, const struct field *field, int currency_digits)
{
	if (field->has_fallback)
		write_value(w, field, (union value){.integer = field->fallback}, currency_digits);
	else if (field->kind == FIELD_TEXTS)
		json_raw(w, TEXT("[]"));
	else if (field->kind == FIELD_OBJECT)
		json_raw(w, TEXT("{}"));
	else
		json_write_null(w);
}

static void write_field(struct json_writer *w, const struct stored_record *stored, size_t index, int currency_digits)
{
	const struct record *record = &stored->record;
	const struct field *field = &record_shape(record->kind)->fields[index];

	json_key(w, field->name);
	if ((record->filled >> index & 1) == 0 && stored->stub && field->kind == FIELD_TEXT && field->required)
		json_text(w, record->id);  /* a stub goes by its id until it is described */
	else
		http_record_value_write(w, record, index, currency_digits);
}

void http_record_value_write(struct json_writer *w, const struct record *record, size_t field, int currency_digits)
{
	const struct field *described = &record_shape(record->kind)->fields[field];

	if ((record->filled >> field & 1) != 0)
		write_value(w, described, record->value[field], currency_digits);
	else
		write_absent(w, described, currency_digits);
}

void http_record_fields_write(struct json_writer *w, const struct stored_record *stored, int currency_digits)
{
	const struct record_shape *shape = record_shape(stored->record.kind);

	for (size_t i = 0; i < shape->field_count; i++)
		write_field(w, stored, i, currency_digits);
}

/** The seller in force, and where it comes from. */
static void write_seller(struct json_writer *w, const struct record *record, const struct standing *standing)
{
	bool is_given = (record->filled >> ORGANISATION_SELLER & 1) != 0;
	struct text seller = is_given ? record->value[ORGANISATION_SELLER].text : (struct text){NULL, 0};

	if (!is_given && standing != NULL && standing->exists)
		seller = standing->seller;
	json_key(w, "seller");
	json_text(w, seller);
	json_key(w, "seller_source");
	json_text(w, is_given ? TEXT("given") : seller.bytes != NULL ? TEXT("deals") : (struct text){NULL, 0});
}

static void write_organisation_fields(struct json_writer *w, const struct stored_record *stored, const struct standing *standing,
                                      int currency_digits)
{
	for (size_t i = 0; i < ORGANISATION_FIELDS; i++) {
		if (i == ORGANISATION_SELLER)
			write_seller(w, &stored->record, standing);
		else
			write_field(w, stored, i, currency_digits);
	}
}

/* ---- Measures ---- */

static void write_money(struct json_writer *w, const char *name, int64_t minor, int currency_digits)
{
	json_key(w, name);
	json_scaled(w, minor, currency_digits);
}

static void write_count(struct json_writer *w, const char *name, int64_t count)
{
	json_key(w, name);
	json_int(w, count);
}

/** A decay sum, kept times 2^32, to two decimals. */
static void write_decay(struct json_writer *w, const char *name, int64_t sum)
{
	json_key(w, name);
	json_scaled(w, number_divide_rounded((int128)sum * 100, (int128)1 << DECAY_SHIFT), CENTI_DIGITS);
}

static void write_hours(struct json_writer *w, const struct measures *measures, int currency_digits)
{
	json_key(w, "hours_12m");
	json_scaled(w, number_divide_rounded((int128)measures->minutes_12m * 100, 60), CENTI_DIGITS);
	json_key(w, "value_per_hour");
	if (measures->minutes_12m > 0)
		json_scaled(w, number_divide_rounded((int128)measures->margin_12m * 60, measures->minutes_12m), currency_digits);
	else
		json_write_null(w);
}

/** What only a review lets us say: null before there is one, but for a potential that was stated. */
struct outlook {
	bool has_momentum;
	struct share momentum;
	int64_t annual_potential;  /* minor units; -1: none */
	bool is_estimate;
};

static enum status outlook_find(const struct stored_record *stored, const struct standing *standing, struct http_present present,
                                struct rules rules, struct arena *arena, struct outlook *out)
{
	struct features features;
	struct scoring scoring;
	enum status status = features_of(stored, standing, rules.review == NULL ? NULL : &rules.review->cohorts, present.day, arena, &features);

	if (status != STATUS_OK)
		return status;
	*out = (struct outlook){.annual_potential = features_potential(&features)};
	if (rules.review == NULL || rules.policy == NULL)
		return STATUS_OK;
	core_score(&features, rules.review, rules.policy, &scoring);
	out->has_momentum = true;
	out->momentum = measures_momentum(&features.measures, rules.review);
	out->annual_potential = scoring.annual_potential;
	out->is_estimate = scoring.annual_potential_is_estimate;
	return STATUS_OK;
}

static void write_outlook(struct json_writer *w, const struct outlook *outlook, int currency_digits)
{
	json_key(w, "momentum");
	if (outlook->has_momentum)
		json_scaled(w, number_divide_rounded(outlook->momentum.num * SHARE_ONE, outlook->momentum.den), SHARE_DIGITS);
	else
		json_write_null(w);
	json_key(w, "annual_potential");
	if (outlook->annual_potential >= 0)
		json_scaled(w, outlook->annual_potential, currency_digits);
	else
		json_write_null(w);
	json_key(w, "annual_potential_source");
	if (outlook->annual_potential < 0)
		json_write_null(w);
	else
		json_text(w, outlook->is_estimate ? TEXT("estimate") : TEXT("stated"));
}

static void write_measures(struct json_writer *w, const struct measures *measures, const struct outlook *outlook,
                           const struct policy *policy, int currency_digits)
{
	json_open_object(w);
	write_money(w, "revenue_12m", measures->revenue_12m, currency_digits);
	write_money(w, "revenue_prior_12m", measures->revenue_prior_12m, currency_digits);
	write_money(w, "margin_12m", measures->margin_12m, currency_digits);
	write_hours(w, measures, currency_digits);
	if (policy != NULL)
		write_money(w, "contribution_12m", measures_contribution(measures, policy), currency_digits);
	write_count(w, "reach", measures->reach);
	write_count(w, "inbound", measures->inbound);
	write_count(w, "directed", measures->directed);
	write_decay(w, "rhythm", measures->rhythm);
	write_decay(w, "orders", measures->orders);
	write_count(w, "lines_12m", measures->lines_12m);
	write_outlook(w, outlook, currency_digits);
	json_close_object(w);
}

/* ---- Classification ---- */

static void write_number(struct json_writer *w, const char *name, int32_t number)
{
	json_key(w, name);
	if (number > 0)
		json_int(w, number);
	else
		json_write_null(w);
}

void http_override_write(struct json_writer *w, const struct override *override)
{
	if (!override->exists) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	figure_tier(w, "tier", override->tier);
	figure_text(w, "list", override->has_list ? text_of(list_name(override->list)) : (struct text){NULL, 0});
	figure_text(w, "reason", override->reason);
	figure_day(w, "until", override->until);
	figure_text(w, "actor", override->actor);
	json_close_object(w);
}

void http_assignment_write(struct json_writer *w, const struct assignment *assignment)
{
	if (!assignment->exists) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	figure_text(w, "list", text_of(list_name(assignment->list)));
	figure_text(w, "seller", assignment->seller);
	figure_bool(w, "taken_off", assignment->is_off);
	figure_text(w, "reason", assignment->reason);
	figure_text(w, "by", assignment->actor);
	json_key(w, "at");
	json_instant(w, assignment->at_us);
	json_close_object(w);
}

static void write_classification(struct json_writer *w, const struct standing *standing, struct http_present present)
{
	json_open_object(w);
	figure_tier(w, "tier", standing->tier);
	figure_text(w, "list", standing->classified ? text_of(list_name(standing->list)) : (struct text){NULL, 0});
	if (standing->classified)
		figure_bool(w, "could_become_key", standing->could_become_key);
	else
		figure_null(w, "could_become_key");
	figure_score(w, "engagement", standing->engagement_centi);
	figure_score(w, "potential", standing->potential_centi);
	figure_day(w, "day", present.day);
	write_number(w, "review", present.review);
	write_number(w, "policy", present.policy);
	json_key(w, "override");
	http_override_write(w, &standing->override);
	json_close_object(w);
}

static enum status write_qualification(struct json_writer *w, const struct stored_record *stored, const struct standing *standing,
                                       struct http_present present, struct rules rules, int currency_digits, struct arena *arena)
{
	struct qualified_prospect qualified;
	enum status status = http_qualified_find(stored, standing, present, rules, arena, &qualified);

	return status == STATUS_OK ? http_qualification_write(w, &qualified, rules, currency_digits, arena) : status;
}

static void write_nothing(struct json_writer *w, bool is_account)
{
	json_key(w, "measures");
	json_write_null(w);
	json_key(w, "classification");
	json_write_null(w);
	if (is_account)
		return;
	json_key(w, "qualification");
	json_write_null(w);
}

enum status http_standing_write(struct json_writer *w, const struct stored_record *stored, const struct standing *standing,
                                struct http_present present, struct rules rules, int currency_digits, struct arena *arena)
{
	struct outlook outlook;
	enum status status;

	if (standing == NULL || !standing->exists || rules.policy == NULL) {
		write_nothing(w, stored->is_account);
		return STATUS_OK;
	}
	status = outlook_find(stored, standing, present, rules, arena, &outlook);
	if (status != STATUS_OK)
		return status;
	json_key(w, "measures");
	write_measures(w, &standing->measures, &outlook, rules.policy, currency_digits);
	json_key(w, "classification");
	write_classification(w, standing, present);
	return stored->is_account ? STATUS_OK : write_qualification(w, stored, standing, present, rules, currency_digits, arena);
}

enum status http_record_write(struct json_writer *w, const struct stored_record *stored, const struct standing *standing,
                              struct http_present present, struct rules rules, int currency_digits, struct arena *arena)
{
	bool is_organisation = stored->record.kind == RECORD_ORGANISATION;
	enum status status = STATUS_OK;

	json_open_object(w);
	json_key(w, "id");
	json_text(w, stored->record.id);
	if (is_organisation) {
		write_organisation_fields(w, stored, standing, currency_digits);
		status = http_standing_write(w, stored, standing, present, rules, currency_digits, arena);
	} else {
		http_record_fields_write(w, stored, currency_digits);
	}
	json_key(w, "stub");
	json_bool(w, stored->stub);
	json_key(w, "created_at");
	json_instant(w, stored->created_at_us);
	json_key(w, "updated_at");
	json_instant(w, stored->updated_at_us);
	json_close_object(w);
	return status;
}
