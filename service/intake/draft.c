/* SPDX-License-Identifier: Apache-2.0 */
/* Named parts to one record: ids, currency, source time, fields, attributes. How a value is read is in values.c. */
#include "draft.h"

#include <ctype.h>
#include <strings.h>

#include <sweetspot/calendar.h>
#include <sweetspot/number.h>

#include "json.h"

/* Names of every kind beside its fields:
 *   what         what is done with it
 *   of_accounts  organisations alone have it */
static const struct {
	const char *name;
	enum target_kind what;
	bool of_accounts;
} common_names[] = {
	{"id",             TARGET_ID,            false},
	{"currency",       TARGET_CURRENCY,      false},
	{"source_at",      TARGET_SOURCE_AT,     false},
	{"seller_source",  TARGET_SELLER_SOURCE, true},
	{"kind",           TARGET_COMPUTED,      false},
	{"stub",           TARGET_COMPUTED,      false},
	{"version",        TARGET_COMPUTED,      false},
	{"created_at",     TARGET_COMPUTED,      false},
	{"updated_at",     TARGET_COMPUTED,      false},
	{"measures",       TARGET_COMPUTED,      true},
	{"classification", TARGET_COMPUTED,      true},
	{"qualification",  TARGET_COMPUTED,      true},
	{"explanation",    TARGET_COMPUTED,      true},
};

struct target intake_target_find(enum record_kind kind, struct text name)
{
	int field = record_field_find(record_shape(kind), name);

	if (field >= 0)
		return (struct target){TARGET_FIELD, field};
	for (size_t i = 0; i < sizeof(common_names) / sizeof(common_names[0]); i++)
		if (text_equal(text_of(common_names[i].name), name) && (!common_names[i].of_accounts || kind == RECORD_ORGANISATION))
			return (struct target){common_names[i].what, 0};
	return (struct target){TARGET_UNKNOWN, 0};
}

bool intake_target_equal(struct target a, struct target b)
{
	return a.kind == b.kind && a.field == b.field;
}

bool intake_target_leads(struct target target)
{
	return target.kind == TARGET_CURRENCY || target.kind == TARGET_SELLER_SOURCE;
}

void intake_draft_init(struct draft *draft, enum record_kind kind, struct text id, struct text pointer, char decimal,
                       const struct intake_context *context, struct arena *arena, struct record *out, struct problems *problems)
{
	*draft = (struct draft){.shape = record_shape(kind), .context = context, .out = out, .has_path_id = id.bytes != NULL};
	draft->money = (struct money_reading){
		.currency = context->currency,
		.digits = context->currency_digits,
		.workspace_currency = context->currency,
		.workspace_digits = context->currency_digits,
	};
	draft->reading = (struct reading){
		.arena = arena, .problems = problems, .parent = pointer, .decimal = decimal, .is_patch = context->is_patch,
	};
	draft->problems_before = problems->count;
	*out = (struct record){.kind = kind, .id = id, .source_at_us = INSTANT_NONE};
}

static void release(void *json)
{
	json_decref(json);
}

enum status intake_draft_keep_extra(struct draft *draft)
{
	draft->extra = json_object();
	return draft->extra == NULL ? STATUS_NO_MEMORY : arena_link(draft->reading.arena, release, draft->extra);
}

/**
 * The text of a part that must be one.
 *
 * @return false after a problem; *out has no bytes for null and blank texts
 */
static bool as_text(const struct draft *draft, struct given given, struct text *out)
{
	*out = given.text;
	if (given.json == NULL) {
		if (text_trim(given.text).length == 0)
			out->bytes = NULL;
		return true;
	}
	*out = intake_json_text(given.json);
	if (json_is_string(given.json) || json_is_null(given.json))
		return true;
	READING_PROBLEM(&draft->reading, "must be text in quotes");
	return false;
}

static enum status take_id(struct draft *draft, struct given given)
{
	const struct reading *reading = &draft->reading;
	struct text id;
	const char *wrong;

	draft->id_is_wrong = !as_text(draft, given, &id);
	if (draft->id_is_wrong)
		return STATUS_OK;
	/* Without text it is missing, and intake_draft_finish says so. */
	if (id.bytes == NULL && !draft->has_path_id)
		return STATUS_OK;
	if (draft->has_path_id) {
		if (!text_equal(id, draft->out->id))
			READING_PROBLEM(reading, "is \"%.*s%s\" where the address says \"%.*s\"; leave it out, or make both the same", SHOWN(id),
			                TEXT_ARGS(draft->out->id));
		return STATUS_OK;
	}
	wrong = intake_id_error(id);
	if (wrong != NULL) {
		draft->id_is_wrong = true;
		READING_PROBLEM(reading, "%s", wrong);
		return STATUS_OK;
	}
	draft->out->id = text_copy(reading->arena, id);
	return draft->out->id.bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static int64_t find_rate(const struct intake_context *context, struct text currency)
{
	for (int32_t i = 0; i < context->rate_count; i++)
		if (text_equal(context->rates[i].currency, currency))
			return context->rates[i].rate_millionths;
	return 0;
}

static enum status use_currency(struct draft *draft, struct text code)
{
	struct money_reading *money = &draft->money;

	if (text_equal(code, money->workspace_currency))
		return STATUS_OK;
	money->currency = text_copy(draft->reading.arena, code);
	if (money->currency.bytes == NULL)
		return STATUS_NO_MEMORY;
	money->is_foreign = true;
	money->digits = currency_digits(code);
	money->rate_millionths = find_rate(draft->context, code);
	if (money->rate_millionths != 0)
		return STATUS_OK;
	READING_PROBLEM(&draft->reading,
	                "%.*s is not the workspace's currency, and policy.rates has no rate for it; add one, or write amounts in %.*s",
	                TEXT_ARGS(code), TEXT_ARGS(money->workspace_currency));
	if (draft->context->on_unrated != NULL)
		draft->context->on_unrated(draft->context->owner, code);
	return STATUS_OK;
}

static enum status take_currency(struct draft *draft, struct given given)
{
	struct text text;
	char code[3];

	if (!as_text(draft, given, &text) || text.bytes == NULL)
		return STATUS_OK;
	text = text_trim(text);
	if (text.length == sizeof(code))
		for (size_t i = 0; i < sizeof(code); i++)
			code[i] = (char)toupper((unsigned char)text.bytes[i]);
	if (text.length == sizeof(code) && currency_digits((struct text){code, sizeof(code)}) >= 0)
		return use_currency(draft, (struct text){code, sizeof(code)});
	READING_PROBLEM(&draft->reading, "\"%.*s%s\" is not a currency code; write three letters such as EUR", SHOWN(text));
	return STATUS_OK;
}

static enum status take_seller_source(struct draft *draft, struct given given)
{
	struct text text;

	if (!as_text(draft, given, &text) || text.bytes == NULL)
		return STATUS_OK;
	text = text_trim(text);
	draft->seller_is_derived = text.length == 5 && strncasecmp(text.bytes, "deals", 5) == 0;
	if (!draft->seller_is_derived && !(text.length == 5 && strncasecmp(text.bytes, "given", 5) == 0))
		READING_PROBLEM(&draft->reading, "\"%.*s%s\" is neither given nor deals", SHOWN(text));
	return STATUS_OK;
}

static enum status take_source_at(struct draft *draft, struct given given)
{
	struct text text;
	int64_t at_us;

	if (!as_text(draft, given, &text) || text.bytes == NULL)
		return STATUS_OK;
	if (intake_instant_read(text_trim(text), &draft->reading, &at_us) == STATUS_OK)
		draft->out->source_at_us = at_us > draft->context->now_us ? draft->context->now_us : at_us;
	return STATUS_OK;
}

/** Attributes wait for the extra names: what they are together is read at the end. */
static enum status hold_attributes(struct draft *draft, struct given given)
{
	const struct reading *reading = &draft->reading;
	json_t *parsed;
	enum status status;

	if (given.json != NULL) {
		draft->attributes = given.json;
		return STATUS_OK;
	}
	if (text_trim(given.text).length == 0)
		return STATUS_OK;
	status = intake_json_parse_at(given.text, intake_reading_pointer(reading), reading->arena, &parsed, reading->problems);
	if (status == STATUS_OK)
		draft->attributes = parsed;
	return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

static enum status take_field(struct draft *draft, int index, struct given given)
{
	const struct field *field = &draft->shape->fields[index];
	uint32_t bit = UINT32_C(1) << index;
	bool filled = false;
	enum status status;

	if (draft->out->kind == RECORD_ORGANISATION && index == ORGANISATION_SELLER && draft->seller_is_derived)
		return STATUS_OK;
	draft->out->given |= bit;
	if (draft->extra != NULL && field->kind == FIELD_OBJECT)
		return hold_attributes(draft, given);
	if (given.json != NULL)
		status = intake_value_from_json(field, given.json, &draft->reading, &draft->out->value[index], &filled);
	else
		status = intake_value_from_text(field, given.text, &draft->reading, &draft->out->value[index], &filled);
	if (filled && status == STATUS_OK)
		draft->out->filled |= bit;
	return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

static struct text list_fields(const struct record_shape *shape, struct arena *arena)
{
	struct text list = TEXT("id");

	for (size_t i = 0; i < shape->field_count; i++)
		list = text_format(arena, "%.*s, %s", TEXT_ARGS(list), shape->fields[i].name);
	return list;
}

static enum status refuse_name(struct draft *draft, struct text name)
{
	struct text known = list_fields(draft->shape, draft->reading.arena);

	READING_PROBLEM(&draft->reading, "\"%.*s%s\" is not a field of %s; known are %.*s", SHOWN(name), draft->shape->plural,
	                TEXT_ARGS(known));
	return STATUS_OK;
}

enum status intake_draft_take(struct draft *draft, struct target target, struct text name, struct given given)
{
	draft->reading.name = name;
	draft->reading.money = &draft->money;
	draft->reading.is_cell = given.json == NULL;
	switch (target.kind) {
	case TARGET_FIELD:
		return take_field(draft, target.field, given);
	case TARGET_ID:
		return take_id(draft, given);
	case TARGET_CURRENCY:
		return take_currency(draft, given);
	case TARGET_SELLER_SOURCE:
		return take_seller_source(draft, given);
	case TARGET_SOURCE_AT:
		return take_source_at(draft, given);
	case TARGET_COMPUTED:
		return STATUS_OK;
	case TARGET_UNKNOWN:
		break;
	}
	return refuse_name(draft, name);
}

enum status intake_draft_keep(struct draft *draft, struct text name, struct given given)
{
	json_t *value;

	draft->has_extra = true;
	/* jansson counts references in the value itself. An empty cell clears. */
	if (given.json != NULL)
		value = json_incref((json_t *)given.json);
	else
		value = text_trim(given.text).length == 0 ? json_null() : json_stringn_nocheck(given.text.bytes, given.text.length);
	return json_object_setn_new_nocheck(draft->extra, name.bytes, name.length, value) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/** Read the attributes that were held back, together with the extra names; of two of one name the extra one counts. */
static enum status merge_extra(struct draft *draft)
{
	const uint32_t bit = UINT32_C(1) << ORGANISATION_ATTRIBUTES;
	const struct target target = {TARGET_FIELD, ORGANISATION_ATTRIBUTES};
	struct given merged = {.json = draft->attributes};
	json_t *extra = draft->extra;

	draft->extra = NULL;
	if (draft->has_extra && (draft->attributes == NULL || json_is_null(draft->attributes)))
		merged.json = extra;
	if (draft->has_extra && json_is_object(draft->attributes)) {
		if (json_object_update_missing(extra, (json_t *)draft->attributes) != 0)
			return STATUS_NO_MEMORY;
		merged.json = extra;
	}
	if (!draft->has_extra && (draft->out->given & bit) == 0)
		return STATUS_OK;
	return intake_draft_take(draft, target, TEXT("attributes"), merged);
}

enum status intake_draft_finish(struct draft *draft)
{
	struct problems *problems = draft->reading.problems;

	if (draft->extra != NULL && merge_extra(draft) != STATUS_OK)
		return STATUS_NO_MEMORY;
	if (draft->out->id.bytes == NULL && !draft->id_is_wrong) {
		draft->reading.name = TEXT("id");
		READING_PROBLEM(&draft->reading, "is missing: every record needs its id");
	}
	if (problems->failed)
		return STATUS_NO_MEMORY;
	return problems->count > draft->problems_before ? STATUS_INVALID : STATUS_OK;
}
