/* SPDX-License-Identifier: Apache-2.0 */
/* A body (first byte: the kind of record) is parsed and decoded: a record that keeps to its table, or problems in UTF-8. */
#include "fuzz_intake.h"

static void decode(const json_t *json, enum record_kind kind, struct arena *arena)
{
	struct problems problems = problems_in(arena);
	struct buffer written = {0};
	struct record record;
	struct text no_id = {NULL, 0};
	enum status status = intake_record_decode(json, kind, no_id, TEXT("/x"), &fuzz_context, arena, &record, &problems);

	FUZZ_ASSERT((status == STATUS_OK) == (problems.count == 0));
	FUZZ_ASSERT(status == STATUS_OK || status == STATUS_INVALID);
	if (status == STATUS_OK)
		fuzz_write_record(&record, &written);
	else
		fuzz_write_problems(&problems, &written);
	buffer_release(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	enum record_kind kind = (enum record_kind)(fuzz_byte(&input) % RECORD_KINDS);
	char *body = fuzz_copy(input.data, input.size);
	struct arena *arena = arena_new(4096);
	struct problems problems = problems_in(arena);
	struct buffer written = {0};
	json_t *json = NULL;
	enum status status = intake_json_parse((struct text){body, input.size}, arena, &json, &problems);

	FUZZ_ASSERT(status == STATUS_OK || status == STATUS_MALFORMED || status == STATUS_TOO_LARGE);
	FUZZ_ASSERT((status == STATUS_OK) == (problems.count == 0) && (status == STATUS_OK) == (json != NULL));
	fuzz_write_problems(&problems, &written);
	free(body);
	if (json != NULL)
		decode(json, kind, arena);
	buffer_release(&written);
	arena_free(arena);
	return 0;
}
