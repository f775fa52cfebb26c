/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of an import gather into a chunk, which becomes a write job. When to go on reading is said in import_routes.c. */
#include <stdlib.h>

#include "exchange.h"
#include "import.h"

/* Enough that a batch's fixed cost is shared by many rows, few enough that a single PUT need not wait long behind it. */
#define CHUNK_ROWS 1000
#define CHUNK_BYTES (1024 * 1024)
#define ARENA_BLOCK_BYTES 65536
/* A slice of a body may bring so many rows more than the chunk was to have: the shortest row has two bytes. */
#define OVERFLOW_ROWS (IMPORT_SLICE_BYTES / 2 + 2)

static void on_arena_release(void *arena)
{
	arena_free(arena);
}

/** Memory of the heap: it is touched only as far as rows come. */
static void *linked_array(struct arena *arena, size_t count, size_t bytes)
{
	void *array = calloc(count, bytes);

	return array != NULL && arena_link(arena, free, array) == STATUS_OK ? array : NULL;
}

static enum status chunk_make(struct import_chunk *chunk, size_t capacity, struct arena *arena)
{
	chunk->capacity = capacity;
	chunk->arena = arena_new(ARENA_BLOCK_BYTES);
	if (chunk->arena == NULL || arena_link(arena, on_arena_release, chunk->arena) != STATUS_OK)
		return STATUS_NO_MEMORY;
	chunk->writes = linked_array(arena, capacity, sizeof(*chunk->writes));
	chunk->rows = linked_array(arena, capacity, sizeof(*chunk->rows));
	return chunk->writes == NULL || chunk->rows == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status import_chunks_make(struct import *import)
{
	struct arena *arena = import->request->arena;
	int64_t batch_rows = http_settings(import->request)->batch_rows;
	enum status status;

	import->chunk_rows = batch_rows < CHUNK_ROWS ? (size_t)batch_rows : CHUNK_ROWS;
	status = chunk_make(&import->chunks[0], import->chunk_rows + OVERFLOW_ROWS, arena);
	if (status == STATUS_OK)
		status = chunk_make(&import->chunks[1], import->chunk_rows + OVERFLOW_ROWS, arena);
	import->filling = &import->chunks[0];
	return status;
}

void import_chunk_clear(struct import_chunk *chunk)
{
	arena_reset(chunk->arena);
	chunk->count = 0;
	chunk->received = chunk->rejected = 0;
}

struct arena *import_row_arena(void *owner)
{
	struct import *import = owner;

	return import->filling->arena;
}

static bool is_full(const struct import *import)
{
	const struct import_chunk *chunk = import->filling;

	return chunk->count >= import->chunk_rows || (chunk->count > 0 && arena_bytes(chunk->arena) >= CHUNK_BYTES);
}

static void take_write(const struct import *import, struct import_chunk *chunk, const struct import_row *row)
{
	chunk->rows[chunk->count] = row->number;
	chunk->writes[chunk->count] = (struct write){
		.kind = import->resource->kind,
		.verb = WRITE_MERGE,
		.as_account = import->resource->as_account,
		.record = row->record,
		.problems = problems_in(chunk->arena),
	};
	chunk->count++;
}

enum status import_row_take(void *owner, struct import_row *row)
{
	struct import *import = owner;
	struct import_chunk *chunk = import->filling;

	if (import->mode != IMPORT_CHECK && row->number <= import->done_rows)
		return STATUS_OK;
	chunk->received++;
	chunk->last_row = row->number;
	if (row->status != STATUS_OK) {
		chunk->rejected++;
		return import_errors_add_all(&import->errors, import->request->arena, row->number, &row->problems, row->status);
	}
	if (import->is_large)
		return STATUS_OK;
	if (chunk->count == chunk->capacity)
		return STATUS_INTERNAL;
	take_write(import, chunk, row);
	return STATUS_OK;
}

bool import_has_room(const struct import *import)
{
	return import->mode == IMPORT_CHECK || !is_full(import);
}

/** While everything is only being checked, one chunk is kept: if it remains the only one, it can be written all or nothing. */
static void pass_checked(struct import *import)
{
	struct import_chunk *chunk = import->filling;

	if (!import->is_large && is_full(import)) {
		import->is_large = true;
		chunk->count = 0;
	}
	if (import->is_large)
		arena_reset(chunk->arena);
}

void import_chunk_pass(struct import *import)
{
	if (import->mode == IMPORT_CHECK)
		pass_checked(import);
	else if (import->filling->count == 0)
		arena_reset(import->filling->arena);
	else if (is_full(import) && import->flying == NULL)
		import_chunk_submit(import, import->mode == IMPORT_ABORT);
}

/** How far the import has come, with this chunk: kept in the chunk's transaction, so that another attempt goes on behind it. */
static enum status compose_checkpoint(struct write_job *job, int *http_status, struct text *headers_json, struct text *body,
                                      int64_t *rows_done, struct text *progress)
{
	const struct import *import = http_write_request(job)->state;
	const struct import_chunk *chunk = import->flying;
	struct import_counts counts = import->counts;
	struct import_errors *errors = arena_alloc(job->arena, sizeof(*errors));
	struct buffer out = {NULL, 0, 0, false};

	*http_status = 0;
	*headers_json = *body = (struct text){NULL, 0};
	if (errors == NULL)
		return STATUS_NO_MEMORY;
	*errors = import->errors;
	if (import_chunk_tally(chunk, job->arena, &counts, errors) != STATUS_OK)
		return STATUS_NO_MEMORY;
	import_report_write(&out, &counts, errors, chunk->last_row);
	*rows_done = chunk->last_row;
	*progress = out.failed ? (struct text){NULL, 0} : text_copy(job->arena, buffer_text(&out));
	buffer_release(&out);
	return progress->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void import_chunk_submit(struct import *import, bool atomic)
{
	struct import_chunk *chunk = import->filling;

	chunk->job = (struct write_job){
		.writes = chunk->writes,
		.count = chunk->count,
		.bytes = arena_bytes(chunk->arena),
		.atomic = atomic,
		.cause = CAUSE_IMPORT,
		.arena = chunk->arena,
	};
	if (import->request->idempotency_key.bytes != NULL)
		chunk->job.idempotent = (struct idempotent_answer){.key = import->request->idempotency_key, .compose = compose_checkpoint};
	import->flying = chunk;
	import->filling = chunk == &import->chunks[0] ? &import->chunks[1] : &import->chunks[0];
	http_write_start(import->request, &chunk->job, import_on_written);
}
