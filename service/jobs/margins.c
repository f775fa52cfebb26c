/* SPDX-License-Identifier: Apache-2.0 */
/* Daily sums after the default margin has changed: made again with the one in force, in chunks. What is measured was flipped before. */
#include "rescore.h"

#include <string.h>

#define ID_BYTES 128

struct settling {
	const struct policy *policy;
	char after[ID_BYTES], upto[ID_BYTES];
	size_t after_length, upto_length;
	bool is_done;
};

/** Organisations of the chunk whose sums were made with another percentage. */
static enum status find_other(struct job *job, struct settling *settling, struct array_column *ids)
{
	struct params params = jobs_params(job);
	const PGresult *rows;
	struct text last = {NULL, 0};
	enum status status;

	params_text(&params, (struct text){settling->after, settling->after_length});
	params_int8(&params, JOBS_CHUNK_ROWS);
	params_int4(&params, (int32_t)settling->policy->default_margin_pct_centi);
	status = jobs_rows(job, STATEMENT_READ_MARGINS_AFTER, &params, &rows);
	if (status != STATUS_OK)
		return status;
	for (int i = 0; i < PQntuples(rows); i++) {
		last = row_text((struct row){rows, i}, 0);
		if (!row_is_null((struct row){rows, i}, 1))
			array_add_text(ids, last);
	}
	settling->is_done = last.bytes == NULL;
	if (last.length > ID_BYTES)
		return STATUS_INTERNAL;
	if (!settling->is_done)
		memcpy(settling->upto, last.bytes, last.length);
	settling->upto_length = last.length;
	return STATUS_OK;
}

/** Lock them first: between that read and this lock a writer may have settled some. Doing so twice is harmless. */
static enum status settle(struct job *job, const struct settling *settling, const struct array_column *ids)
{
	struct params params = jobs_params(job);
	struct array_column locked, margins;
	const PGresult *rows;
	enum status status;

	params_array(&params, ids);
	params_int4(&params, (int32_t)settling->policy->default_margin_pct_centi);
	status = jobs_rows(job, STATEMENT_LOCK_MARGINS, &params, &rows);
	if (status != STATUS_OK)
		return status;
	array_column_init(&locked, ARRAY_TEXT);
	array_column_init(&margins, ARRAY_INT4);
	for (int i = 0; i < PQntuples(rows); i++) {
		array_add_text(&locked, row_text((struct row){rows, i}, 0));
		array_add_int(&margins, row_int((struct row){rows, i}, 1));
	}
	params = jobs_params(job);
	params_array(&params, &locked);
	params_array(&params, &margins);
	array_column_release(&locked);
	array_column_release(&margins);
	status = jobs_run(job, STATEMENT_REMARGIN_ORGANISATIONS, &params);
	return status == STATUS_OK ? jobs_run(job, STATEMENT_SET_MARGINS, &params) : status;
}

static enum status settle_chunk(struct job *job, void *context)
{
	struct settling *settling = context;
	struct array_column ids;
	enum status status;

	array_column_init(&ids, ARRAY_TEXT);
	status = find_other(job, settling, &ids);
	if (status == STATUS_OK && ids.count > 0)
		status = settle(job, settling, &ids);
	array_column_release(&ids);
	return status;
}

enum status jobs_margins_settle(struct job *job, const struct policy *policy)
{
	struct settling settling = {.policy = policy};

	while (!settling.is_done) {
		enum status status = jobs_transaction(job, JOBS_LOCK_SHARED, settle_chunk, &settling);

		if (status != STATUS_OK)
			return status;
		memcpy(settling.after, settling.upto, settling.upto_length);
		settling.after_length = settling.upto_length;
	}
	return STATUS_OK;
}
