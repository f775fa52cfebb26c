/* SPDX-License-Identifier: Apache-2.0 */
/* A chunk of an import is sorted into parts that two links can carry at a time. What the parts are is known nowhere else. */
#include <string.h>

#include <sweetspot/digest.h>

#include "import.h"

/** Whose sums a row of each kind changes; a row that does not name it, like the kinds that are not here, goes by its own id. */
static const struct {
	bool has_owner;
	int field;
} owners[RECORD_KINDS] = {
	[RECORD_CONTACT] = {true, CONTACT_ORGANISATION},
	[RECORD_DEAL] = {true, DEAL_ORGANISATION},
	[RECORD_ACTIVITY] = {true, ACTIVITY_ORGANISATION},
	[RECORD_REVENUE] = {true, REVENUE_ORGANISATION},
};

static struct text owner_of(const struct record *record)
{
	int field = owners[record->kind].field;

	if (!owners[record->kind].has_owner || (record->filled >> field & 1) == 0)
		return record->id;
	return record->value[field].text;
}

/** The rows of a chunk by id: open addressing over 1-based indexes. */
struct ids {
	const struct write *writes;
	uint32_t *slots;
	size_t slot_count;
};

/** @return the first row of the same id, perhaps this very one */
static size_t first_of(struct ids *ids, size_t index)
{
	struct text id = ids->writes[index].record.id;
	size_t at = (size_t)hash_bytes(id.bytes, id.length) & (ids->slot_count - 1);

	while (ids->slots[at] != 0) {
		if (text_equal(ids->writes[ids->slots[at] - 1].record.id, id))
			return ids->slots[at] - 1;
		at = (at + 1) & (ids->slot_count - 1);
	}
	ids->slots[at] = (uint32_t)index + 1;
	return index;
}

static void choose_parts(struct ids *ids, size_t count, uint8_t *parts)
{
	for (size_t i = 0; i < count; i++) {
		size_t first = first_of(ids, i);
		struct text owner = owner_of(&ids->writes[i].record);

		parts[i] = first < i ? parts[first] : (uint8_t)(hash_bytes(owner.bytes, owner.length) >> 32) % IMPORT_PARTS;
	}
}

enum status import_chunk_part(struct import *import, struct import_chunk *chunk, size_t ends[IMPORT_PARTS])
{
	struct ids ids = {.writes = chunk->writes, .slot_count = 1};
	struct write *writes = import->spare_writes;
	int64_t *rows = import->spare_rows;
	uint8_t *parts = arena_array(chunk->arena, chunk->count, sizeof(*parts));
	size_t sorted = 0;

	while (ids.slot_count < 2 * chunk->count)
		ids.slot_count *= 2;
	ids.slots = arena_array(chunk->arena, ids.slot_count, sizeof(*ids.slots));
	if (parts == NULL || ids.slots == NULL)
		return STATUS_NO_MEMORY;
	choose_parts(&ids, chunk->count, parts);
	for (size_t part = 0; part < IMPORT_PARTS; part++) {
		for (size_t i = 0; i < chunk->count; i++) {
			if (parts[i] != part)
				continue;
			writes[sorted] = chunk->writes[i];
			rows[sorted++] = chunk->rows[i];
		}
		ends[part] = sorted;
	}
	import->spare_writes = chunk->writes;
	import->spare_rows = chunk->rows;
	chunk->writes = writes;
	chunk->rows = rows;
	return STATUS_OK;
}
