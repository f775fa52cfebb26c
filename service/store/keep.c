/* SPDX-License-Identifier: Apache-2.0 */
/* What a batch answers, kept beyond the batch: its texts lie in rows that go when the next one starts. */
#include <sweetspot/store.h>

static void keep_text(struct arena *arena, struct text *text, bool *is_short)
{
	struct text copy = text_copy(arena, *text);

	*is_short |= text->bytes != NULL && copy.bytes == NULL;
	*text = copy;
}

static bool is_text(enum field_kind kind)
{
	return kind == FIELD_TEXT || kind == FIELD_REFERENCE || kind == FIELD_TEXTS || kind == FIELD_OBJECT || kind == FIELD_PROTECTION;
}

static void keep_record(struct arena *arena, struct record *record, bool *is_short)
{
	const struct record_shape *shape = record_shape(record->kind);

	keep_text(arena, &record->id, is_short);
	for (size_t i = 0; i < shape->field_count; i++)
		if ((record->filled >> i & 1) != 0 && is_text(shape->fields[i].kind))
			keep_text(arena, &record->value[i].text, is_short);
}

static void keep_standing(struct arena *arena, struct standing *standing, bool *is_short)
{
	struct text *const texts[] = {&standing->seller, &standing->qualified.findings, &standing->override.reason, &standing->override.actor,
		                      &standing->override.key_id, &standing->assignment.seller, &standing->assignment.reason,
		                      &standing->assignment.actor};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		keep_text(arena, texts[i], is_short);
}

enum status written_keep(struct write *write, struct arena *arena)
{
	struct stored_record *stored = arena_alloc(arena, sizeof(*stored));
	bool is_short = false;

	if (stored == NULL)
		return STATUS_NO_MEMORY;
	*stored = *write->stored;
	stored->record.source_event = (struct text){NULL, 0};
	for (size_t i = 0; i < RECORD_FIELDS_MAX; i++)
		stored->stamps[i].event = (struct text){NULL, 0};
	keep_record(arena, &stored->record, &is_short);
	keep_standing(arena, &write->standing, &is_short);
	write->stored = stored;
	return is_short ? STATUS_NO_MEMORY : STATUS_OK;
}
