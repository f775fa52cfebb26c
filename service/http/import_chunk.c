/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of an import gather into a chunk, which becomes a write job. When to go on reading is said in import_routes.c. */
#include <stdlib.h>

#include <sweetspot/clock.h>

#include "exchange.h"
#include "import.h"

/* Of a part: enough that a batch's fixed cost is shared by many rows, few enough that a single PUT need not wait long behind it. */
#define PART_ROWS 1000
#define PART_BYTES (1024 * 1024)
/* Fewer are not worth a second transaction. */
#define PARTED_ROWS_LEAST 256
#define RETRY_US INT64_C(50000)
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

static void on_retry(struct timer *timer)
{
	struct import_part *part = timer->owner;
	struct write_job *job = &part->job;

	if (http_is_answered(part->import->request))
		return;
	*job = (struct write_job){
		.writes = job->writes,
		.count = job->count,
		.bytes = job->bytes,
		.atomic = job->atomic,
		.apart = job->apart,
		.chain = job->chain,
		.ends_chain = job->ends_chain,
		.cause = job->cause,
		.import = job->import,
		.arena = job->arena,
		.idempotent = job->idempotent,
	};
	http_write_start(part->import->request, job, import_on_written);
}

static void on_import_release(void *owner)
{
	struct import *import = owner;

	if (import->chain.is_open)
		store_chain_drop(import->request->worker->store, &import->chain);
	for (size_t i = 0; i < IMPORT_PARTS; i++)
		loop_timer_clear(http_loop(import->request), &import->parts[i].retry);
}

/** A checkpoint tells how many rows are done, from the first on, and an import that is all or nothing has one job: these have one part. */
static size_t count_parts(const struct import *import)
{
	if (import->mode != IMPORT_SKIP || import->request->idempotency_key.bytes != NULL || http_settings(import->request)->write_links == 1)
		return 1;
	return IMPORT_PARTS;
}

enum status import_chunks_make(struct import *import)
{
	struct arena *arena = import->request->arena;
	int64_t batch_rows = http_settings(import->request)->batch_rows;
	enum status status = STATUS_OK;

	import->part_count = count_parts(import);
	import->chunk_rows = import->part_count * (batch_rows < PART_ROWS ? (size_t)batch_rows : PART_ROWS);
	for (size_t i = 0; i < 2 && status == STATUS_OK; i++)
		status = chunk_make(&import->chunks[i], import->chunk_rows + OVERFLOW_ROWS, arena);
	if (status == STATUS_OK && import->part_count > 1) {
		import->spare_writes = linked_array(arena, import->chunk_rows + OVERFLOW_ROWS, sizeof(*import->spare_writes));
		import->spare_rows = linked_array(arena, import->chunk_rows + OVERFLOW_ROWS, sizeof(*import->spare_rows));
		status = import->spare_writes == NULL || import->spare_rows == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	for (size_t i = 0; i < IMPORT_PARTS; i++)
		import->parts[i] = (struct import_part){.import = import, .retry = {.on_due = on_retry, .owner = &import->parts[i]}};
	import->filling = &import->chunks[0];
	return status == STATUS_OK ? arena_link(arena, on_import_release, import) : status;
}

bool import_part_wait(struct import *import, struct write_job *job)
{
	for (size_t i = 0; i < IMPORT_PARTS; i++)
		if (job == &import->parts[i].job)
			return loop_timer_set(http_loop(import->request), &import->parts[i].retry, clock_ticks_us() + RETRY_US) == STATUS_OK;
	return false;
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

	return chunk->count >= import->chunk_rows || (chunk->count > 0 && arena_bytes(chunk->arena) >= PART_BYTES * import->part_count);
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
		import_chunk_submit(import);
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
	import_report_write(&out, import->number, &counts, errors, chunk->last_row);
	*rows_done = chunk->last_row;
	*progress = out.failed ? (struct text){NULL, 0} : text_copy(job->arena, buffer_text(&out));
	buffer_release(&out);
	return progress->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static void on_renewed(struct http_request *request, enum status status, const PGresult *rows)
{
	(void)request;
	(void)status;
	(void)rows;
}

/** A transaction of many jobs keeps no checkpoint before its end, so that the lease of its key is renewed beside it. */
static void renew_lease(struct import *import)
{
	struct params params = params_in(import->request->arena);

	params_int8(&params, import->request->principal.workspace);
	params_text(&params, import->request->idempotency_key);
	http_read_start(import->request, STATEMENT_RENEW_IDEMPOTENCY, &params, LANE_READ, on_renewed);
}

static void submit_part(struct import *import, struct import_part *part, size_t from, size_t to)
{
	struct import_chunk *chunk = import->flying;
	bool is_last = !import->is_chained || import->has_ended;

	part->job = (struct write_job){
		.writes = chunk->writes + from,
		.count = to - from,
		.bytes = chunk->count == 0 ? 0 : arena_bytes(chunk->arena) / chunk->count * (to - from),
		.atomic = import->mode == IMPORT_ABORT,
		.apart = to - from < chunk->count,
		.chain = import->is_chained ? &import->chain : NULL,
		.ends_chain = is_last,
		.cause = CAUSE_IMPORT,
		.import = import->number,
		.arena = chunk->arena,
	};
	if (import->request->idempotency_key.bytes != NULL && is_last)
		part->job.idempotent = (struct idempotent_answer){.key = import->request->idempotency_key, .compose = compose_checkpoint};
	http_write_start(import->request, &part->job, import_on_written);
}

void import_chunk_submit(struct import *import)
{
	struct import_chunk *chunk = import->filling;
	size_t ends[IMPORT_PARTS] = {chunk->count, chunk->count};

	if (import->part_count > 1 && chunk->count >= PARTED_ROWS_LEAST && import_chunk_part(import, chunk, ends) != STATUS_OK) {
		http_reply_problem(import->request, STATUS_NO_MEMORY, NULL);
		return;
	}
	import->flying = chunk;
	import->filling = chunk == &import->chunks[0] ? &import->chunks[1] : &import->chunks[0];
	if (chunk->count == 0)
		chunk->last_row = import->last_row;
	import->last_row = chunk->last_row;
	chunk->open_parts = chunk->count == 0;
	for (size_t i = 0, from = 0; i < IMPORT_PARTS; from = ends[i], i++)
		chunk->open_parts += ends[i] > from;
	for (size_t i = 0, from = 0; i < IMPORT_PARTS; from = ends[i], i++)
		if (ends[i] > from)
			submit_part(import, &import->parts[i], from, ends[i]);
	if (chunk->count == 0)
		submit_part(import, &import->parts[0], 0, 0);
	if (import->is_chained && !import->has_ended && import->request->idempotency_key.bytes != NULL)
		renew_lease(import);
}

void import_chunks_reset(struct import *import)
{
	for (size_t i = 0; i < 2; i++)
		import_chunk_clear(&import->chunks[i]);
	import->flying = NULL;
	import->chain = (struct write_chain){.is_open = false};
	import->counts = (struct import_counts){0};
	import->errors.count = 0;
	import->has_ended = false;
	import->spool_at = 0;
}
