/* SPDX-License-Identifier: Apache-2.0 */
/* Two versions of a record become one, field by field. Shapes and bounds were checked when the input was decoded. */
#include <sweetspot/record.h>

#include <string.h>

#include <sweetspot/calendar.h>

/** One merge under way: `next` is a copy, so that a refused write leaves what stands untouched. */
struct merge {
	const struct stored_record *before;
	struct stored_record next;
	struct record said;    /* the input, with what its verb implies said out loud */
	const struct merge_context *context;
	const struct record_shape *shape;
	struct problems *problems;
};

static uint32_t bit_of(size_t field)
{
	return UINT32_C(1) << field;
}

static bool is_filled(const struct record *record, size_t field)
{
	return (record->filled & bit_of(field)) != 0;
}

static bool holds(const struct record *record, size_t field, int64_t integer)
{
	return is_filled(record, field) && record->value[field].integer == integer;
}

/** The one required text of a shape is its name; the other required fields are days, instants and references. */
static bool is_name(const struct field *field)
{
	return field->required && field->kind == FIELD_TEXT;
}

static bool is_text_kind(enum field_kind kind)
{
	return kind == FIELD_TEXT || kind == FIELD_REFERENCE || kind == FIELD_TEXTS || kind == FIELD_OBJECT || kind == FIELD_PROTECTION;
}

static int stamp_compare(struct stamp a, struct stamp b)
{
	if (a.at_us != b.at_us)
		return a.at_us < b.at_us ? -1 : 1;
	return text_compare(a.event, b.event);
}

/** The source time this write has for a field. Without one of its own it is later than what stands, whatever the clocks say. */
static struct stamp stamp_of_write(const struct merge *merge, size_t field)
{
	const struct record *said = &merge->said;
	int64_t now_us = merge->context->now_us;
	struct stamp stamp = {now_us, said->source_event};

	if (said->source_at_us != INSTANT_NONE) {
		if (said->source_at_us < now_us)
			stamp.at_us = said->source_at_us;
		return stamp;
	}
	return stamp_compare(merge->next.stamps[field], stamp) > 0 ? merge->next.stamps[field] : stamp;
}

/** Complete ties go to the write that arrives later: a corrected file under its old date is meant to correct. */
static bool is_latest(const struct merge *merge, size_t field)
{
	return stamp_compare(stamp_of_write(merge, field), merge->next.stamps[field]) >= 0;
}

static void field_set(struct record *record, size_t field, bool filled, union value value)
{
	record->given |= bit_of(field);
	record->filled = filled ? record->filled | bit_of(field) : record->filled & ~bit_of(field);
	record->value[field] = value;
}

static void field_say(struct merge *merge, size_t field, bool filled, union value value)
{
	struct stamp stamp = stamp_of_write(merge, field);

	if (!is_latest(merge, field))
		return;
	field_set(&merge->next.record, field, filled, value);
	merge->next.stamps[field] = stamp;
}

/** What GET would show. Lists and attributes read as empty when nothing was said, so saying them empty changes nothing. */
static bool field_read(const struct record *record, const struct field *field, size_t i, union value *value)
{
	*value = (union value){.text = {NULL, 0}};
	if (is_filled(record, i))
		*value = record->value[i];
	else if (field->has_fallback)
		value->integer = field->fallback;
	else if (field->kind == FIELD_TEXTS)
		value->text = TEXT("[]");
	else if (field->kind == FIELD_OBJECT)
		value->text = TEXT("{}");
	else
		return false;
	return true;
}

static bool field_reads_same(const struct record *a, const struct record *b, const struct field *field, size_t i)
{
	union value x;
	union value y;

	if (field_read(a, field, i, &x) != field_read(b, field, i, &y))
		return false;
	return is_text_kind(field->kind) ? text_equal(x.text, y.text) : x.integer == y.integer;
}

static bool reads_same(const struct merge *merge)
{
	for (size_t i = 0; i < merge->shape->field_count; i++)
		if (!field_reads_same(&merge->before->record, &merge->next.record, &merge->shape->fields[i], i))
			return false;
	return true;
}

/** Is the record described for the first time: new, only referred to so far, or hidden until now? */
static bool is_creating(const struct stored_record *stored)
{
	return !stored->exists || stored->stub || stored->deleted;
}

static void problem_at(struct merge *merge, const char *field, const char *detail)
{
	problems_add(merge->problems, pointer_join(merge->problems->arena, TEXT(""), text_of(field)), "%s", detail);
}

/** PUT clears what it leaves out; a merge's empty name is the id; let_go yields to an explicit active and to nothing else. */
static void say_implied(struct merge *merge)
{
	struct record *said = &merge->said;
	bool all = merge->context->verb == WRITE_PUT;

	if (all)
		said->given = bit_of(merge->shape->field_count) - 1;
	for (size_t i = 0; i < merge->shape->field_count && merge->context->verb == WRITE_MERGE; i++)
		if (is_name(&merge->shape->fields[i]) && (said->given & bit_of(i)) != 0 && !is_filled(said, i))
			field_set(said, i, true, (union value){.text = said->id});
	if (said->kind != RECORD_ORGANISATION || (said->given & bit_of(ORGANISATION_STATUS)) == 0)
		return;
	if (holds(&merge->before->record, ORGANISATION_STATUS, ORGANISATION_LET_GO) && !holds(said, ORGANISATION_STATUS, ORGANISATION_ACTIVE))
		field_set(said, ORGANISATION_STATUS, true, (union value){.integer = ORGANISATION_LET_GO});
	else if (holds(said, ORGANISATION_STATUS, ORGANISATION_LET_GO))
		problem_at(merge, "status", "let_go comes from a decision on the let-go list alone");
}

/** A required field may not be nulled, and a record that comes into being needs it; a name that was never said is the id. */
static void check_required(struct merge *merge)
{
	const struct record *said = &merge->said;

	for (size_t i = 0; i < merge->shape->field_count; i++) {
		const struct field *field = &merge->shape->fields[i];
		bool named = (said->given & bit_of(i)) != 0;
		bool needed = is_creating(merge->before) && !is_name(field);

		if (field->required && !is_filled(said, i) && (named || needed))
			problem_at(merge, field->name, "is required");
	}
}

static void name_fall_back(struct merge *merge)
{
	struct stored_record *next = &merge->next;

	/* Its stamp stays "never said", so that the first name to come wins, however old. */
	for (size_t i = 0; i < merge->shape->field_count; i++)
		if (is_name(&merge->shape->fields[i]) && !is_filled(&next->record, i))
			field_set(&next->record, i, true, (union value){.text = next->record.id});
}

/** A new potential is dated D unless the write dates it; the same one keeps its day; a cleared one takes it along (domain.md §1). */
static void potential_date(struct merge *merge)
{
	const size_t amount = ORGANISATION_ANNUAL_POTENTIAL;
	const size_t on = ORGANISATION_ANNUAL_POTENTIAL_ON;
	const union value book_day = {.integer = merge->context->book_day};
	const struct record *before = &merge->before->record;
	struct record *next = &merge->next.record;
	bool is_dated = is_filled(&merge->said, on);

	if (!is_filled(next, amount)) {
		if (is_filled(before, amount) && !is_dated)
			field_say(merge, on, false, (union value){.integer = 0});
		return;
	}
	if (holds(before, amount, next->value[amount].integer) && !is_dated)
		field_set(next, on, is_filled(before, on), before->value[on]);
	else if (!is_dated)
		field_say(merge, on, true, book_day);
	/* Its day was cleared later than this write's source time. */
	if (!is_filled(next, on))
		field_set(next, on, true, book_day);
}

static void check_deal_days(struct merge *merge)
{
	const struct record *next = &merge->next.record;

	if (is_filled(next, DEAL_OPENED_ON) && is_filled(next, DEAL_CLOSED_ON) &&
	    next->value[DEAL_OPENED_ON].integer > next->value[DEAL_CLOSED_ON].integer)
		problem_at(merge, is_filled(&merge->said, DEAL_CLOSED_ON) ? "closed_on" : "opened_on", "opened_on must not be after closed_on");
}

/** A keep, an override, a PATCH of nothing: who was only referred to has not been described by it. */
static bool says_nothing(const struct merge *merge)
{
	return merge->context->verb == WRITE_PATCH && merge->said.given == 0;
}

static void merge_fields(struct merge *merge)
{
	for (size_t i = 0; i < merge->shape->field_count; i++)
		if ((merge->said.given & bit_of(i)) != 0)
			field_say(merge, i, is_filled(&merge->said, i), merge->said.value[i]);
	if (merge->said.kind == RECORD_ORGANISATION)
		potential_date(merge);
	if (merge->said.kind == RECORD_DEAL)
		check_deal_days(merge);
	if (!says_nothing(merge))
		name_fall_back(merge);
}

/** Version and times tell of visible changes alone; the fields' source times have advanced in any case. */
static enum write_effect settle(struct merge *merge)
{
	struct stored_record *next = &merge->next;
	bool created = is_creating(merge->before) && !says_nothing(merge);
	bool promoted = merge->context->as_account && merge->context->verb != WRITE_PATCH && !merge->before->is_account;

	if (!created && !promoted && reads_same(merge))
		return EFFECT_UNCHANGED;
	if (!merge->before->exists)
		next->created_at_us = merge->context->now_us;
	next->exists = true;
	next->stub = false;
	next->deleted = false;
	next->is_account = merge->before->is_account || promoted;
	next->version++;
	next->updated_at_us = merge->context->now_us;
	return created ? EFFECT_CREATED : EFFECT_UPDATED;
}

/** An absent record has said nothing at no time. */
static void begin_absent(struct stored_record *next, const struct record *input)
{
	*next = (struct stored_record){.record = {.kind = input->kind, .id = input->id, .source_at_us = INSTANT_NONE}};
	for (size_t i = 0; i < RECORD_FIELDS_MAX; i++)
		next->stamps[i].at_us = INSTANT_NONE;
}

static enum status check_target(const struct stored_record *stored, const struct merge_context *context, struct problems *problems)
{
	if (context->verb == WRITE_PATCH)
		return stored->exists && !stored->deleted ? STATUS_OK : STATUS_NOT_FOUND;
	if (stored->deleted && context->verb == WRITE_MERGE) {
		problems_add(problems, TEXT("/id"), "was deleted; a PUT brings it back");
		return STATUS_CONFLICT;
	}
	if (stored->is_account && !context->as_account) {
		problems_add(problems, TEXT("/id"), "is an account already, and an account never becomes a prospect again; write it as an account");
		return STATUS_CONFLICT;
	}
	return STATUS_OK;
}

enum status record_merge(struct stored_record *stored, const struct record *input, const struct merge_context *context,
                         enum write_effect *effect, struct problems *problems)
{
	struct stored_record absent;
	struct merge merge = {.said = *input, .context = context, .shape = record_shape(input->kind), .problems = problems};
	size_t problems_before = problems->count;
	enum status status;

	begin_absent(&absent, input);
	merge.before = stored->exists ? stored : &absent;
	merge.next = *merge.before;
	status = check_target(merge.before, context, problems);
	if (status != STATUS_OK)
		return status;
	say_implied(&merge);
	check_required(&merge);
	merge_fields(&merge);
	if (problems->count > problems_before)
		return STATUS_INVALID;
	*effect = settle(&merge);
	*stored = merge.next;
	return STATUS_OK;
}
