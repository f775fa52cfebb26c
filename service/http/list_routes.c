/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of records: a page as JSON, or all of it as CSV or NDJSON. Which sets of filters there are is said in list_plan.c. */
#include <sweetspot/digest.h>

#include "list_columns.h"
#include "list_plan.h"
#include "resources.h"

#define STREAM_ROWS 1000
/* A list that is sorted anew for every piece is sent in larger ones. */
#define STREAM_ROWS_SORTED 5000
#define SCRATCH_BLOCK_BYTES 65536
/* Columns in front of the record: fits, ends a chunk, key, name, id; of organisations also day, policy, review. */
enum {
	COLUMN_FITS, COLUMN_ENDS, COLUMN_KEY, COLUMN_NAME, COLUMN_ID, COLUMN_RECORD,
	COLUMN_DAY = COLUMN_RECORD, COLUMN_POLICY, COLUMN_REVIEW, COLUMN_ORGANISATION
};

/** Parameters that every list has, in front of its filters. */
enum { PARAMETER_LIMIT, PARAMETER_CURSOR, PARAMETER_SORT, PARAMETER_COUNT, PARAMETER_FIELDS, PARAMETER_FILTERS };

enum format { FORMAT_JSON, FORMAT_CSV, FORMAT_NDJSON, FORMATS };
static const char *const format_types[FORMATS] = {"application/json", "text/csv", "application/x-ndjson"};
static const char *const stream_types[FORMATS] = {NULL, "text/csv; charset=utf-8; header=present", "application/x-ndjson"};

/** A list on its way out. */
struct listed {
	const struct list_kind *kind;
	const struct list_way *way;
	struct list_values values;
	unsigned given;
	enum format format;
	uint64_t digest;
	int64_t limit, written;
	int64_t total;                  /* -1: not asked for */
	struct list_position last;      /* of the last row written */
	struct list_columns columns;
	struct list_picks picks;
	struct json_writer w;
	struct arena *arena;            /* of the rows: the request's for a page, its own for a stream */
	struct array_column regions;
	struct buffer record, cell;
	bool has_begun;                 /* of a stream: its head is out */
	const PGresult *rows;           /* while their rules come */
	struct http_present present;
};

static void listed_release(void *object)
{
	struct listed *listed = object;

	if (listed->format != FORMAT_JSON)
		arena_free(listed->arena);
	array_column_release(&listed->regions);
	buffer_release(&listed->record);
	buffer_release(&listed->cell);
}

static void clear_rows(void *rows)
{
	PQclear(rows);
}

static void fail(struct http_request *request, enum status status)
{
	const struct listed *listed = request->state;

	if (listed->format == FORMAT_JSON)
		http_reply_problem(request, status, NULL);
	else
		http_stream_push(request, status, true);
}

/* ---- Rows out ---- */

static enum status record_write(struct http_request *request, struct json_writer *w, struct row row, struct rules rules)
{
	const struct listed *listed = request->state;
	bool is_organisation = listed->kind->record == RECORD_ORGANISATION;
	struct stored_record stored;
	struct standing standing;
	int column = listed_record_read(row, is_organisation ? COLUMN_ORGANISATION : COLUMN_RECORD, listed->kind->record,
	                                row_text(row, COLUMN_ID), listed->arena, &stored);

	if (column < 0)
		return STATUS_NO_MEMORY;
	if (is_organisation)
		standing_read_shown(row, column, &standing);
	return http_record_write(w, &stored, is_organisation ? &standing : NULL, listed->present, rules, request->principal.currency_digits,
	                         listed->arena);
}

static enum status row_write(struct http_request *request, struct row row, struct rules rules)
{
	struct listed *listed = request->state;
	struct json_writer scratch = json_writer_to(&listed->record);
	enum status status;

	if (listed->format == FORMAT_JSON && listed->picks.count == 0)
		return record_write(request, &listed->w, row, rules);
	buffer_clear(&listed->record);
	status = record_write(request, &scratch, row, rules);
	if (status != STATUS_OK || listed->record.failed)
		return STATUS_NO_MEMORY;
	if (listed->format == FORMAT_CSV) {
		list_csv_row(&request->answer, &listed->columns, buffer_text(&listed->record), &listed->cell);
		return STATUS_OK;
	}
	list_picks_write(&listed->w, &listed->picks, buffer_text(&listed->record));
	if (listed->format == FORMAT_NDJSON) {
		listed->w.needs_comma = false;
		buffer_append_char(&request->answer, '\n');
	}
	return STATUS_OK;
}

static struct list_position position_of(struct row row)
{
	return (struct list_position){row_int(row, COLUMN_KEY), row_text(row, COLUMN_NAME), row_text(row, COLUMN_ID)};
}

static enum status position_keep(struct arena *arena, struct row row, struct list_position *out)
{
	struct list_position position = position_of(row);

	position.name = text_copy(arena, position.name.bytes == NULL ? TEXT("") : position.name);
	position.id = text_copy(arena, position.id);
	if (position.name.bytes == NULL || position.id.bytes == NULL)
		return STATUS_NO_MEMORY;
	*out = position;
	return STATUS_OK;
}

/* ---- A page ---- */

static void page_end(struct http_request *request, bool has_more)
{
	struct listed *listed = request->state;
	struct text cursor = {NULL, 0};

	if (has_more) {
		cursor = list_cursor_encode(request->arena, listed->digest, &listed->last);
		if (cursor.bytes == NULL) {
			http_reply_problem(request, STATUS_NO_MEMORY, NULL);
			return;
		}
	}
	json_close_array(&listed->w);
	json_key(&listed->w, "next_cursor");
	json_text(&listed->w, cursor);
	if (listed->total >= 0) {
		json_key(&listed->w, "total");
		json_int(&listed->w, listed->total);
	}
	json_close_object(&listed->w);
	http_reply_json(request, 200);
}

static void ask_rows(struct http_request *request, enum lane lane);

/** What a result's last row tells: whether it was the end of a chunk, behind which there may be more. */
static bool ends_chunk(const PGresult *rows)
{
	int count = PQntuples(rows);

	return count > 0 && row_bool((struct row){rows, count - 1}, COLUMN_ENDS);
}

/** Write what fits and has room. @return whether a row was left over; *status: what went wrong */
static bool rows_write(struct http_request *request, const PGresult *rows, struct rules rules, int64_t room, enum status *status)
{
	struct listed *listed = request->state;
	int last = -1;

	*status = STATUS_OK;
	for (int i = 0; i < PQntuples(rows) && *status == STATUS_OK; i++) {
		struct row row = {rows, i};

		if (!row_bool(row, COLUMN_FITS))
			continue;
		if (room == 0)
			break;
		*status = row_write(request, row, rules);
		last = i;
		room--;
		listed->written++;
	}
	if (*status == STATUS_OK && last >= 0)
		*status = position_keep(request->arena, (struct row){rows, last}, &listed->last);
	return room == 0 && last >= 0 && last + 1 < PQntuples(rows) && row_bool((struct row){rows, last + 1}, COLUMN_FITS);
}

static void page_take(struct http_request *request, const PGresult *rows, struct rules rules)
{
	struct listed *listed = request->state;
	enum status status;
	bool is_full, is_left_over;

	/* One row more than there is room for was asked for; it may come in a later chunk than the last that was written. */
	is_full = listed->written == listed->limit;
	is_left_over = rows_write(request, rows, rules, listed->limit - listed->written, &status);
	if (is_full)
		is_left_over = PQntuples(rows) > 0 && row_bool((struct row){rows, 0}, COLUMN_FITS);
	if (status == STATUS_OK && !is_left_over && ends_chunk(rows))
		status = position_keep(request->arena, (struct row){rows, PQntuples(rows) - 1}, &listed->values.behind);
	if (status != STATUS_OK)
		fail(request, status);
	else if (!is_left_over && ends_chunk(rows))
		ask_rows(request, LANE_STREAM);
	else
		page_end(request, is_left_over);
}

/* ---- A stream ---- */

static void stream_take(struct http_request *request, const PGresult *rows, struct rules rules)
{
	struct listed *listed = request->state;
	int count = PQntuples(rows);
	enum status status;
	bool has_more = count == listed->values.rows || ends_chunk(rows);

	arena_reset(listed->arena);
	rows_write(request, rows, rules, INT64_MAX, &status);
	if (status == STATUS_OK && has_more)
		status = position_keep(request->arena, (struct row){rows, count - 1}, &listed->values.behind);
	http_stream_push(request, status, !has_more);
}

static void stream_produce(struct http_request *request)
{
	struct listed *listed = request->state;

	if (!listed->has_begun && listed->format == FORMAT_CSV)
		list_csv_head(&request->answer, &listed->columns);
	listed->has_begun = true;
	ask_rows(request, LANE_STREAM);
}

/* ---- Asking for rows ---- */

static void take(struct http_request *request, const PGresult *rows, struct rules rules)
{
	const struct listed *listed = request->state;

	if (listed->format == FORMAT_JSON)
		page_take(request, rows, rules);
	else
		stream_take(request, rows, rules);
}

static void on_rules(struct http_request *request, enum status status, struct rules rules)
{
	const struct listed *listed = request->state;

	if (status == STATUS_OK)
		take(request, listed->rows, rules);
	else
		fail(request, status);
}

/** Organisations are shown under the rules that their rows name; the rows outlast the wait for them. */
static void on_organisations(struct http_request *request, const PGresult *rows)
{
	struct listed *listed = request->state;
	struct row first = {rows, 0};
	PGresult *copy;
	struct rules rules;

	listed->present = (struct http_present){
		.day = row_day(first, COLUMN_DAY),
		.policy = (int32_t)row_int(first, COLUMN_POLICY),
		.review = (int32_t)row_int(first, COLUMN_REVIEW),
	};
	if (store_rules_find(http_store(request), request->principal.workspace, listed->present.policy, listed->present.review, &rules)) {
		take(request, rows, rules);
		return;
	}
	copy = PQcopyResult(rows, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
	if (copy == NULL || arena_link(request->arena, clear_rows, copy) != STATUS_OK) {
		fail(request, STATUS_NO_MEMORY);
		return;
	}
	listed->rows = copy;
	http_rules_start(request, listed->present.policy, listed->present.review, on_rules);
}

static void on_rows(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct listed *listed = request->state;

	if (status != STATUS_OK)
		fail(request, status);
	else if (listed->kind->record == RECORD_ORGANISATION && PQntuples(rows) > 0)
		on_organisations(request, rows);
	else
		take(request, rows, (struct rules){NULL, NULL});
}

static void ask_rows(struct http_request *request, enum lane lane)
{
	struct listed *listed = request->state;
	struct params params = params_in(request->arena);

	if (listed->format == FORMAT_JSON)
		listed->values.rows = listed->limit - listed->written + 1;
	list_bind(&params, listed->way->binds, &listed->values);
	http_read_start(request, listed->way->statement, &params, lane, on_rows);
}

static void start_rows(struct http_request *request)
{
	struct listed *listed = request->state;
	bool is_short = !listed->way->is_sorting && (listed->given & ~listed->way->needs) == 0;

	if (listed->format != FORMAT_JSON) {
		listed->values.rows = listed->way->is_sorting ? STREAM_ROWS_SORTED : STREAM_ROWS;
		http_reply_stream(request, stream_types[listed->format], stream_produce);
		return;
	}
	json_open_object(&listed->w);
	json_key(&listed->w, "data");
	json_open_array(&listed->w);
	ask_rows(request, is_short ? LANE_READ : LANE_STREAM);
}

static void on_count(struct http_request *request, enum status status, const PGresult *rows)
{
	struct listed *listed = request->state;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, NULL);
		return;
	}
	listed->total = row_int((struct row){rows, 0}, 0);
	start_rows(request);
}

static void start_count(struct http_request *request)
{
	struct listed *listed = request->state;
	struct params params = params_in(request->arena);

	if (listed->format != FORMAT_JSON || request->arguments[PARAMETER_COUNT].integer == 0) {
		start_rows(request);
		return;
	}
	list_bind(&params, listed->kind->count_binds, &listed->values);
	http_read_start(request, listed->kind->count_statement, &params, LANE_STREAM, on_count);
}

/** A region compares case-folded, which the database cannot: the spellings that fold to it stand for it. */
static void on_regions(struct http_request *request, enum status status, const PGresult *rows)
{
	struct listed *listed = request->state;

	for (int i = 0; status == STATUS_OK && i < PQntuples(rows); i++) {
		struct text spelling = row_text((struct row){rows, i}, 0), folded = {NULL, 0};

		status = text_fold(request->arena, spelling, &folded);
		if (status == STATUS_OK && text_equal(folded, listed->values.filter[FILTER_REGION]))
			array_add_text(&listed->regions, spelling);
	}
	if (status != STATUS_OK) {
		http_reply_problem(request, status, NULL);
		return;
	}
	listed->values.regions = &listed->regions;
	start_count(request);
}

/* ---- What is asked for ---- */

static void filter_read(struct http_request *request, size_t index, struct problems *problems)
{
	struct listed *listed = request->state;
	enum list_filter filter = listed->kind->filters[index];
	const struct http_argument *argument = &request->arguments[PARAMETER_FILTERS + index];
	struct text *value = &listed->values.filter[filter];

	if (!argument->given)
		return;
	listed->given |= FILTER_BIT(filter);
	*value = argument->text;
	if (filter == FILTER_REVISIT)
		listed->values.revisit_before = (int32_t)argument->integer;
	if (filter == FILTER_ACTIVE)
		listed->values.active = argument->integer != 0;
	if (filter != FILTER_INDUSTRY && filter != FILTER_REGION && filter != FILTER_PREFIX)
		return;
	if (text_fold(request->arena, argument->text, value) != STATUS_OK)
		problems->failed = true;
}

static void way_find(struct http_request *request, struct problems *problems)
{
	struct listed *listed = request->state;
	const struct http_argument *sort = &request->arguments[PARAMETER_SORT];
	struct text why;

	listed->values.sort = sort->given ? sort->text : list_sort_default(listed->given);
	listed->way = list_way_find(listed->kind, listed->values.sort, listed->given);
	if (listed->way != NULL)
		return;
	why = list_way_explain(request->arena, listed->kind, listed->values.sort);
	problems_add(problems, TEXT("?sort"), "does not go with these filters: %.*s", TEXT_ARGS(why));
}

/** What makes it another list makes another digest. */
static uint64_t digest_of(struct arena *arena, const struct listed *listed)
{
	struct text all = text_format(arena, "%s %lld %.*s", listed->kind->plural, (long long)listed->values.workspace,
	                              TEXT_ARGS(listed->values.sort));

	for (int filter = 0; filter < FILTERS; filter++)
		if ((listed->given & FILTER_BIT(filter)) != 0)
			all = text_format(arena, "%.*s\n%s=%.*s", TEXT_ARGS(all), list_filter_name((enum list_filter)filter),
			                  TEXT_ARGS(listed->values.filter[filter]));
	return hash_bytes(all.bytes, all.length);
}

static void cursor_read(struct http_request *request, struct problems *problems)
{
	struct listed *listed = request->state;
	const struct http_argument *cursor = &request->arguments[PARAMETER_CURSOR];
	enum status status;

	listed->values.behind = list_position_first(listed->way, &listed->values);
	listed->digest = digest_of(request->arena, listed);
	if (!cursor->given)
		return;
	status = list_cursor_decode(request->arena, cursor->text, listed->digest, &listed->values.behind);
	if (status == STATUS_NO_MEMORY)
		problems->failed = true;
	else if (status != STATUS_OK)
		problems_add(problems, TEXT("?cursor"), "is not a cursor of this list with these filters and this sort");
}

static bool is_memory_ready(struct http_request *request)
{
	struct listed *listed = request->state;

	array_column_init(&listed->regions, ARRAY_TEXT);
	listed->w = json_writer_to(&request->answer);
	listed->arena = listed->format == FORMAT_JSON ? request->arena : arena_new(SCRATCH_BLOCK_BYTES);
	return listed->arena != NULL && arena_link(request->arena, listed_release, listed) == STATUS_OK;
}

static void listed_read(struct http_request *request, struct problems *problems)
{
	struct listed *listed = request->state;

	listed->values.workspace = request->principal.workspace;
	listed->values.accounts = listed->kind->accounts;
	listed->limit = request->arguments[PARAMETER_LIMIT].integer;
	listed->total = -1;
	for (size_t i = 0; i < listed->kind->filter_count; i++)
		filter_read(request, i, problems);
	list_columns_of(listed->kind->record, listed->kind->accounts, &listed->columns);
	if (request->arguments[PARAMETER_FIELDS].given)
		list_picks_read(request->arguments[PARAMETER_FIELDS].text, &listed->columns, &listed->picks, problems);
	list_columns_pick(&listed->columns, &listed->picks);
	way_find(request, problems);
	if (listed->way != NULL)
		cursor_read(request, problems);
}

static void handle(struct http_request *request)
{
	struct problems problems = problems_in(request->arena);
	struct listed *listed = arena_alloc(request->arena, sizeof(*listed));
	int format = http_accept_choose(request->accept, format_types, FORMATS);
	struct params params = params_in(request->arena);

	if (format < 0) {
		http_reply_problem(request, STATUS_NOT_ACCEPTABLE, "a list comes as application/json, text/csv or application/x-ndjson");
		return;
	}
	request->state = listed;
	if (listed != NULL) {
		listed->kind = request->route->detail;
		listed->format = (enum format)format;
	}
	if (listed == NULL || !is_memory_ready(request)) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	listed_read(request, &problems);
	if (problems.failed || problems.count > 0) {
		http_reply_problems(request, STATUS_INVALID, &problems);
		return;
	}
	if (listed->kind->record != RECORD_SELLER || (listed->given & FILTER_BIT(FILTER_REGION)) == 0) {
		start_count(request);
		return;
	}
	params_int8(&params, request->principal.workspace);
	http_read_start(request, STATEMENT_READ_SELLER_REGIONS, &params, LANE_READ, on_regions);
}

/* ---- Routes ---- */

static const char *const tiers[] = {"key", "growth", "maintenance", "service", NULL};
static const char *const lists[] = {"key", "secondary", "lka", "none", NULL};
static const char *const statuses[] = {"active", "inactive", "let_go", NULL};
static const char *const stages[] = {"open", "won", "lost", NULL};
static const char *const account_sorts[] = {
	"id", "name", "revenue_12m", "-revenue_12m", "potential", "-potential", "engagement", "-engagement", NULL,
};
static const char *const prospect_sorts[] = {"id", "name", "-fit", NULL};
static const char *const prospect_lists[] = {"target", "lead", "none", NULL};
static const char *const hands[] = {"any", "target", "lead", "taken_off", NULL};
static const char *const verdicts[] = {"not_ours", "throw_back", "unknown", "later", "now", NULL};
static const char *const trues[] = {"true", NULL};
static const char *const id_sorts[] = {"id", NULL};

#define COMMON(sorts)                                                            \
	{"limit", HTTP_INTEGER, 1, 500, NULL, 50}, {"cursor", HTTP_TEXT, 0, 8192, NULL, 0}, \
	{"sort", HTTP_CHOICE, 0, 0, sorts, -1}, {"count", HTTP_BOOL, 0, 0, NULL, 0}, {"fields", HTTP_TEXT, 0, 4096, NULL, 0}
#define CHOICE(name, labels) {name, HTTP_CHOICE, 0, 0, labels, -1}
#define WORD(name) {name, HTTP_TEXT, 0, 400, NULL, 0}
#define ID(name) {name, HTTP_ID, 0, 0, NULL, 0}
#define END {NULL, HTTP_TEXT, 0, 0, NULL, 0}

/* Filters behind the common ones stand in the order of their kind's list_kind.filters. */
static const struct http_parameter account_parameters[] = {
	COMMON(account_sorts), CHOICE("tier", tiers), CHOICE("list", lists), CHOICE("could_become_key", trues), ID("seller"),
	CHOICE("status", statuses), WORD("industry"), WORD("region"), WORD("q"), END,
};
static const struct http_parameter prospect_parameters[] = {
	COMMON(prospect_sorts), CHOICE("verdict", verdicts), CHOICE("list", prospect_lists), CHOICE("assigned", hands), ID("seller"),
	{"revisit_before", HTTP_DAY, 0, 0, NULL, 0}, CHOICE("status", statuses), WORD("industry"), WORD("region"), WORD("q"), END,
};
static const struct http_parameter seller_parameters[] = {COMMON(id_sorts), WORD("region"), {"active", HTTP_BOOL, 0, 0, NULL, 0}, END};
static const struct http_parameter deal_parameters[] = {COMMON(id_sorts), ID("organisation"), ID("seller"), CHOICE("stage", stages), END};
static const struct http_parameter fact_parameters[] = {COMMON(id_sorts), ID("organisation"), END};

#define ROUTE(path, parameters, listing) {HTTP_GET, path, ROLE_READ, HTTP_BODY_NONE, handle, parameters, NULL, 0, &list_kinds[listing]}
const struct http_route http_list_routes[HTTP_LIST_ROUTES] = {
	ROUTE("/v1/accounts", account_parameters, LISTING_ACCOUNTS),
	ROUTE("/v1/prospects", prospect_parameters, LISTING_PROSPECTS),
	ROUTE("/v1/sellers", seller_parameters, LISTING_SELLERS),
	ROUTE("/v1/contacts", fact_parameters, LISTING_CONTACTS),
	ROUTE("/v1/deals", deal_parameters, LISTING_DEALS),
	ROUTE("/v1/activities", fact_parameters, LISTING_ACTIVITIES),
	ROUTE("/v1/revenue", fact_parameters, LISTING_REVENUE),
};
