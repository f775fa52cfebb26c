/* SPDX-License-Identifier: Apache-2.0 */
/* POST :import of the seven kinds: bodies of any length in constant memory, one chunk being written while the next one fills. */
#include <sweetspot/clock.h>

#include "exchange.h"
#include "import.h"
#include "resources.h"

#define SPOOL_READ_BYTES 16384
#define CHAIN_ATTEMPTS 5

enum { MAP, VALUES, EXTRA, DECIMAL, DELIMITER, CHARSET, ON_ERROR };
enum { DECIMAL_POINT, DECIMAL_COMMA };
enum { CHARSET_UTF8, CHARSET_LATIN1 };
enum { DELIMITER_COMMA, DELIMITER_SEMICOLON, DELIMITER_TAB, DELIMITER_TAB_NAME };
enum { ON_ERROR_SKIP, ON_ERROR_ABORT };

static const char *const extra_labels[] = {"refuse", "attributes", "ignore", NULL};
static const char *const decimal_labels[] = {".", ",", NULL};
static const char *const delimiter_labels[] = {",", ";", "\t", "tab", NULL};
static const char *const charset_labels[] = {"utf-8", "latin1", NULL};
static const char *const on_error_labels[] = {"skip", "abort", NULL};

/* name, kind, bounds, labels, default */
static const struct http_parameter import_parameters[] = {
	[MAP] = {"map", HTTP_TEXT, .max = 8192},
	[VALUES] = {"values", HTTP_TEXT, .max = 8192},
	[EXTRA] = {"extra", HTTP_CHOICE, .labels = extra_labels, .fallback = IMPORT_EXTRA_REFUSE},
	[DECIMAL] = {"decimal", HTTP_CHOICE, .labels = decimal_labels, .fallback = DECIMAL_POINT},
	[DELIMITER] = {"delimiter", HTTP_CHOICE, .labels = delimiter_labels},
	[CHARSET] = {"charset", HTTP_CHOICE, .labels = charset_labels, .fallback = CHARSET_UTF8},
	[ON_ERROR] = {"on_error", HTTP_CHOICE, .labels = on_error_labels, .fallback = ON_ERROR_SKIP},
	{.name = NULL},
};

/* media type, what it is read as */
static const struct {
	const char *type;
	enum import_format format;
} media_types[] = {
	{"text/csv", IMPORT_CSV},
	{"application/json", IMPORT_JSON},
	{"application/x-ndjson", IMPORT_NDJSON},
	{"application/ndjson", IMPORT_NDJSON},
	{"application/jsonl", IMPORT_NDJSON},
	{"application/x-jsonlines", IMPORT_NDJSON},
};

/* ---- How it is to be read ---- */

static bool read_media_type(const struct http_request *request, struct import_options *options)
{
	bool is_known = false;

	for (size_t i = 0; i < sizeof(media_types) / sizeof(media_types[0]) && !is_known; i++) {
		is_known = text_equal(request->content_type, text_of(media_types[i].type));
		options->format = media_types[i].format;
	}
	if (!is_known || request->charset.bytes == NULL || text_equal(request->charset, TEXT("utf-8")))
		return is_known;
	options->latin1 = text_equal(request->charset, TEXT("iso-8859-1")) || text_equal(request->charset, TEXT("windows-1252")) ||
			  text_equal(request->charset, TEXT("latin1"));
	return options->latin1;
}

static char delimiter_of(const struct http_argument *argument)
{
	if (!argument->given)
		return '\0';
	return argument->integer == DELIMITER_COMMA ? ',' : argument->integer == DELIMITER_SEMICOLON ? ';' : '\t';
}

/** @return false for a media type that is not read here */
static bool read_options(const struct http_request *request, struct import_options *options)
{
	*options = (struct import_options){
		.map = request->arguments[MAP].text,
		.values = request->arguments[VALUES].text,
		.extra = (enum import_extra)request->arguments[EXTRA].integer,
		.decimal = request->arguments[DECIMAL].integer == DECIMAL_COMMA ? ',' : '.',
		.delimiter = delimiter_of(&request->arguments[DELIMITER]),
		.row_bytes = (size_t)request->worker->server->settings->import_row_bytes,
	};
	if (!read_media_type(request, options))
		return false;
	if (request->arguments[CHARSET].given)
		options->latin1 = request->arguments[CHARSET].integer == CHARSET_LATIN1;
	return true;
}

static void on_reader_release(void *reader)
{
	import_reader_free(reader);
}

/** A reader that lives as long as the request; an import that is checked first has two, one after the other. */
static enum status reader_start(struct import *import, struct problems *problems)
{
	struct import_options options;
	enum status status;

	if (!read_options(import->request, &options))
		return STATUS_UNSUPPORTED_MEDIA;
	status = import_reader_new(import->resource->kind, &options, &import->context, import_row_arena, import_row_take, import,
	                           &import->reader, problems);
	return status == STATUS_OK ? arena_link(import->request->arena, on_reader_release, import->reader) : status;
}

/** The context lives as long as the import; the policy the rates come from need not. */
static enum status copy_rates(struct import *import, const struct policy *policy)
{
	struct arena *arena = import->request->arena;
	struct exchange_rate *rates = NULL;

	if (policy->rate_count > 0) {
		rates = arena_array(arena, (size_t)policy->rate_count, sizeof(*rates));
		if (rates == NULL)
			return STATUS_NO_MEMORY;
	}
	for (int32_t i = 0; i < policy->rate_count; i++) {
		rates[i] = policy->rates[i];
		rates[i].currency = text_copy(arena, rates[i].currency);
		if (rates[i].currency.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	import->context = http_intake_context(import->request, rates, policy->rate_count);
	import->context.is_patch = true;
	import->context.on_unrated = refused_currencies_add;
	import->context.owner = &import->unrated;
	return STATUS_OK;
}

/* ---- Answers ---- */

static void refuse(struct import *import, enum status status, const struct problems *problems)
{
	if (problems->first != NULL)
		http_reply_problems(import->request, status, problems);
	else if (status == STATUS_UNSUPPORTED_MEDIA)
		http_reply_problem(import->request, status, "send Content-Type: text/csv, application/x-ndjson or application/json");
	else
		http_reply_problem(import->request, status, NULL);
}

/** What is written, for an import that ends before its end. @param may_be_written  what was handed over last, all of it */
static struct text progress(const struct import *import, bool may_be_written)
{
	if (import->mode != IMPORT_SKIP && !may_be_written)
		return TEXT("nothing is written");
	if (import->mode != IMPORT_SKIP)
		return TEXT("it is not known whether the rows are written; send the same again");
	return text_format(import->request->arena,
	                   "the first %lld rows are written; send the same again, with its Idempotency-Key to go on behind them",
	                   (long long)import->counts.received);
}

static struct text import_standing(const struct http_request *request)
{
	const struct import *import = request->state;

	return progress(import, import->mode == IMPORT_ABORT && import->flying != NULL);
}

/** The stream could not be read on; all that came before is written, unless it is all or nothing. */
static void refuse_rest(struct import *import)
{
	struct arena *arena = import->request->arena;
	const struct problem *first = import->fault.first;
	struct text written = TEXT("nothing is written"), detail;

	if (first == NULL || import->fault.failed) {
		refuse(import, import->fault_status, &import->fault);
		return;
	}
	if (import->mode == IMPORT_SKIP && import->counts.received > 0)
		written = text_format(arena, "the first %lld rows are written", (long long)import->counts.received);
	detail = text_format(arena, "%.*s; %.*s", TEXT_ARGS(first->detail), TEXT_ARGS(written));
	http_reply_errors(import->request, import->fault_status, detail, http_errors_json(arena, &import->fault));
}

static void on_noted_refuse(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct import *import = request->state;
	struct buffer out = {NULL, 0, 0, false};
	struct json_writer w = json_writer_to(&out);
	struct text errors;

	(void)status;
	(void)rows;
	import_errors_write(&w, &import->errors, INT64_MAX);
	errors = out.failed ? (struct text){NULL, 0} : text_copy(request->arena, buffer_text(&out));
	buffer_release(&out);
	http_reply_errors(request, STATUS_INVALID, TEXT("rows were refused, and nothing is written"), errors);
}

/** on_error=abort, and rows were refused. */
static void refuse_rows(struct import *import)
{
	refused_currencies_note(import->request, import->resource->plural, &import->unrated, on_noted_refuse);
}

static void on_noted_report(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct import *import = request->state;

	(void)status;
	(void)rows;
	import_report_write(&request->answer, 0, &import->counts, &import->errors, INT64_MAX);
	http_reply_json(request, 200);
}

static void reply_report(struct import *import)
{
	refused_currencies_note(import->request, import->resource->plural, &import->unrated, on_noted_report);
}

/* ---- Reading ---- */

/** Go on from a checkpoint of an earlier attempt. */
static enum status resume(struct import *import)
{
	const struct http_checkpoint *checkpoint = &import->request->exchange->checkpoint;

	if (import->request->exchange->reservation != HTTP_RESERVED || checkpoint->rows_done == 0)
		return STATUS_OK;
	import->done_rows = checkpoint->rows_done;
	return import_report_read(checkpoint->progress, import->request->arena, &import->number, &import->counts,
	                          &import->errors);
}

static enum status prepare(struct import *import, const struct policy *policy, struct problems *problems)
{
	struct arena *arena = import->request->arena;
	enum status status = copy_rates(import, policy);

	if (status == STATUS_OK)
		status = import_chunks_make(import);
	if (status == STATUS_OK)
		status = resume(import);
	if (status == STATUS_OK && import->mode == IMPORT_CHECK)
		status = import_spool_open(&import->spool, arena);
	return status == STATUS_OK ? reader_start(import, problems) : status;
}

static void on_rates(struct http_request *request, enum status status, struct http_present present, struct rules rules)
{
	struct import *import = request->state;
	struct problems problems = problems_in(request->arena);

	(void)present;
	if (status == STATUS_OK)
		status = prepare(import, rules.policy, &problems);
	if (status == STATUS_OK)
		http_upload_continue(request);
	else
		refuse(import, status, &problems);
}

static void import_begin(struct http_request *request)
{
	struct import *import = arena_alloc(request->arena, sizeof(*import));
	struct import_options options;

	if (import == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	import->request = request;
	import->resource = request->route->detail;
	import->mode = request->arguments[ON_ERROR].integer == ON_ERROR_ABORT ? IMPORT_CHECK : IMPORT_SKIP;
	import->number = clock_now_us();
	import->spool.fd = -1;
	request->state = import;
	if (!read_options(request, &options))
		refuse(import, STATUS_UNSUPPORTED_MEDIA, &(struct problems){.first = NULL});
	else
		http_present_start(request, on_rates);
}

/** The input has ended: what is left travels, or everything has. */
static void conclude(struct import *import)
{
	if (import->flying != NULL)
		return;
	if (import->filling->count > 0 || import->chain.is_open) {
		import_chunk_submit(import);
		return;
	}
	/* Rows that were all refused travel in no job. */
	if (import_chunk_tally(import->filling, import->request->arena, &import->counts, &import->errors) != STATUS_OK) {
		http_reply_problem(import->request, STATUS_NO_MEMORY, NULL);
		return;
	}
	if (import->fault_status != STATUS_OK)
		refuse_rest(import);
	else
		reply_report(import);
}

static void end_at_fault(struct import *import, enum status status, const struct problems *problems)
{
	import->fault_status = status;
	import->fault = *problems;
	import->has_ended = true;
	if (import->mode == IMPORT_SKIP)
		conclude(import);
	else
		refuse_rest(import);
}

/** Read one slice. @return whether reading may go on; otherwise it has been answered, or what came so far is on its way */
static bool read_slice(struct import *import, const char *bytes, size_t length)
{
	struct problems problems = problems_in(import->request->arena);
	enum status status = import_reader_feed(import->reader, bytes, length, &problems);

	if (status != STATUS_OK) {
		end_at_fault(import, status, &problems);
		return false;
	}
	import_chunk_pass(import);
	return !http_is_answered(import->request);
}

static size_t import_feed(struct http_request *request, const char *bytes, size_t length)
{
	struct import *import = request->state;
	size_t taken = 0;

	/* What comes behind a fault is nobody's. */
	if (import->has_ended)
		return length;
	while (taken < length && import_has_room(import)) {
		size_t slice = length - taken < IMPORT_SLICE_BYTES ? length - taken : IMPORT_SLICE_BYTES;

		if (import->mode == IMPORT_CHECK && import_spool_append(&import->spool, bytes + taken, slice) != STATUS_OK) {
			http_reply_problem(request, STATUS_UNAVAILABLE, "there is no room for a temporary file");
			return length;
		}
		if (!read_slice(import, bytes + taken, slice))
			return length;
		taken += slice;
	}
	return taken;
}

static void end_reading(struct import *import)
{
	struct problems problems = problems_in(import->request->arena);
	enum status status = import_reader_finish(import->reader, &problems);

	if (status != STATUS_OK)
		end_at_fault(import, status, &problems);
	import->has_ended = true;
}

/** Second reading of what was found good: from the file, as far as there is room. */
static void pump(struct import *import)
{
	char bytes[SPOOL_READ_BYTES];

	while (!import->has_ended && import_has_room(import)) {
		int64_t count = import_spool_read(&import->spool, import->spool_at, bytes, sizeof(bytes));
		size_t taken = 0;

		if (count < 0) {
			http_reply_problem(import->request, STATUS_UNAVAILABLE, "the temporary file cannot be read");
			return;
		}
		if (count == 0)
			end_reading(import);
		while (taken < (size_t)count && import_has_room(import)) {
			size_t slice = (size_t)count - taken < IMPORT_SLICE_BYTES ? (size_t)count - taken : IMPORT_SLICE_BYTES;

			if (!read_slice(import, bytes + taken, slice))
				return;
			taken += slice;
		}
		import->spool_at += (int64_t)taken;
	}
	if (import->has_ended)
		conclude(import);
}

/** Everything has been read and nothing written: refuse, or write it. */
static void end_checking(struct import *import)
{
	struct import_chunk *chunk = import->filling;
	struct problems problems = problems_in(import->request->arena);
	bool is_large = import->is_large;
	enum status status;

	if (chunk->rejected > 0) {
		refuse_rows(import);
		return;
	}
	import->mode = IMPORT_ABORT;
	import->is_large = false;
	import->is_chained = is_large;
	if (!is_large && import->done_rows == 0) {
		conclude(import);
		return;
	}
	import_chunk_clear(chunk);
	import->has_ended = false;
	status = reader_start(import, &problems);
	if (status != STATUS_OK)
		refuse(import, status, &problems);
	else
		pump(import);
}

static void import_finish(struct http_request *request)
{
	struct import *import = request->state;

	http_deadline_extend(request);
	if (import->has_ended)
		return;
	end_reading(import);
	if (http_is_answered(request) || import->fault_status != STATUS_OK)
		return;
	if (import->mode == IMPORT_CHECK) {
		import_chunk_pass(import);
		end_checking(import);
	} else {
		conclude(import);
	}
}

/* ---- Writing ---- */

static void go_on(struct import *import)
{
	http_deadline_extend(import->request);
	import_chunk_pass(import);
	if (import->has_ended)
		conclude(import);
	else if (import->mode == IMPORT_ABORT)
		pump(import);
	else
		http_upload_continue(import->request);
}

static void refuse_job(struct import *import, const struct write_job *job)
{
	bool may_be_written = job->status == STATUS_UNAVAILABLE;

	http_reply_errors(import->request, job->status, progress(import, may_be_written), (struct text){NULL, 0});
}

/** A deadlock, a lock that was not to be had, a lost connection: all of it once more, from the file. @return false: too often already */
static bool begin_again(struct import *import)
{
	struct problems problems = problems_in(import->request->arena);
	enum status status;

	if (++import->attempts >= CHAIN_ATTEMPTS)
		return false;
	import_chunks_reset(import);
	status = reader_start(import, &problems);
	if (status != STATUS_OK)
		refuse(import, status, &problems);
	else
		pump(import);
	return true;
}

void import_on_written(struct http_request *request, struct write_job *job)
{
	struct import *import = request->state;
	struct import_chunk *chunk = import->flying;
	bool is_refused = job->atomic && job->status == STATUS_INVALID;
	struct import_counts counts = import->counts;

	/* The queue, or the workspace's share of it, had no room: nothing was taken, so the same job waits its turn. */
	if ((job->status == STATUS_FULL || job->status == STATUS_TOO_MANY) && import_part_wait(import, job))
		return;
	if (job->status == STATUS_RETRY && job->chain != NULL && begin_again(import))
		return;
	if (job->status != STATUS_OK && !is_refused) {
		refuse_job(import, job);
		return;
	}
	if (--chunk->open_parts > 0)
		return;
	if (import_chunk_tally(chunk, request->arena, &counts, &import->errors) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	if (is_refused) {
		refuse_rows(import);
		return;
	}
	import->counts = counts;
	import_chunk_clear(chunk);
	import->flying = NULL;
	go_on(import);
}

static const struct http_upload import_upload = {.begin = import_begin, .feed = import_feed, .standing = import_standing};

/* method, path, least role, body, handler at its end, query, upload, resource */
#define ROUTE(plural, resource) \
	{ \
		HTTP_POST, "/v1/" plural ":import", ROLE_WRITE, HTTP_BODY_STREAM, import_finish, import_parameters, &import_upload, \
			.detail = &http_resources[resource] \
	}

const struct http_route http_import_routes[HTTP_IMPORT_ROUTES] = {
	ROUTE("sellers", HTTP_SELLERS), ROUTE("accounts", HTTP_ACCOUNTS),     ROUTE("prospects", HTTP_PROSPECTS),
	ROUTE("contacts", HTTP_CONTACTS), ROUTE("deals", HTTP_DEALS),         ROUTE("activities", HTTP_ACTIVITIES),
	ROUTE("revenue", HTTP_REVENUE),
};
