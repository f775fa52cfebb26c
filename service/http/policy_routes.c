/* SPDX-License-Identifier: Apache-2.0 */
/* The policy shown: the newest version, each one, all of them, and the schema of the document. How one comes about is policy_change.c. */
#include <sweetspot/policy_document.h>
#include <sweetspot/policy_schema.h>

#include "figures.h"
#include "paging.h"
#include "policy_versions.h"
#include "resources.h"

#define LIST TEXT("policy versions")
/* Decimal digits that a double keeps: a document comes out as it was written. */
#define REAL_DIGITS 15

static void unref(void *json)
{
	json_decref(json);
}

json_t *policy_json_keep(struct http_request *request, json_t *json)
{
	if (json == NULL || arena_link(request->arena, unref, json) != STATUS_OK)
		return NULL;
	return json;
}

struct text policy_json_dump(struct http_request *request, const json_t *json)
{
	char *bytes = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS));

	if (bytes == NULL || arena_link(request->arena, free, bytes) != STATUS_OK)
		return (struct text){NULL, 0};
	return text_of(bytes);
}

json_t *policy_json_load(struct http_request *request, struct text text)
{
	return policy_json_keep(request, json_loadb(text.bytes, text.length, 0, NULL));
}

/* ---- Showing ---- */

/** As `value`, its names in the order of `order`, which jsonb does not keep. @return new; NULL when memory is short */
static json_t *in_order(json_t *value, const json_t *order)
{
	json_t *ordered;
	const char *name;
	json_t *order_of_it;

	if (!json_is_object(value) || !json_is_object(order))
		return json_incref(value);
	ordered = json_object();
	json_object_foreach((json_t *)(uintptr_t)order, name, order_of_it) {
		json_t *member = json_object_get(value, name);

		if (member != NULL && json_object_set_new(ordered, name, in_order(member, order_of_it)) != 0) {
			json_decref(ordered);
			return NULL;
		}
	}
	if (json_object_update_missing(ordered, value) != 0) {
		json_decref(ordered);
		return NULL;
	}
	return ordered;
}

/** The members of a document in the order domain.md has them. */
static enum status write_document(struct http_request *request, struct json_writer *w, struct text document)
{
	json_t *order = policy_json_load(request, policy_document_default());
	json_t *stored = policy_json_load(request, document);
	json_t *ordered = order == NULL || stored == NULL ? NULL : policy_json_keep(request, in_order(stored, order));
	const char *name;
	json_t *value;

	if (ordered == NULL)
		return STATUS_NO_MEMORY;
	json_object_foreach(ordered, name, value) {
		struct text said = policy_json_dump(request, value);

		if (said.bytes == NULL)
			return STATUS_NO_MEMORY;
		json_key(w, name);
		json_raw(w, said);
	}
	return STATUS_OK;
}

static void write_origin(struct json_writer *w, struct row row)
{
	json_key(w, "created_at");
	json_instant(w, row_instant(row, POLICY_CREATED_AT));
	figure_text(w, "created_by", row_text(row, POLICY_KEY));
	figure_text(w, "actor", row_text(row, POLICY_ACTOR));
	figure_text(w, "note", row_text(row, POLICY_NOTE));
	figure_text(w, "acknowledged", row_text(row, POLICY_ACKNOWLEDGED));
	json_key(w, "let_in");
	if (row_is_null(row, POLICY_LET_IN))
		json_write_null(w);
	else
		json_int(w, row_int(row, POLICY_LET_IN));
}

void policy_version_show(struct http_request *request, struct row row)
{
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	figure_count(&w, "version", row_int(row, POLICY_VERSION));
	figure_count(&w, "in_force_version", row_int(row, POLICY_IN_FORCE));
	if (write_document(request, &w, row_json(row, POLICY_DOCUMENT)) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	write_origin(&w, row);
	json_close_object(&w);
	http_reply_tagged(request, 200, row_int(row, POLICY_VERSION));
}

void policy_versions_ask(struct http_request *request, int32_t before, int64_t rows,
                         void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_int4(&params, before);
	params_int8(&params, rows);
	http_read_start(request, STATEMENT_LIST_POLICIES, &params, LANE_READ, then);
}

bool policy_version_is_found(struct http_request *request, enum status status, const PGresult *rows, int32_t version)
{
	if (status != STATUS_OK)
		http_reply_problem(request, status, "the policy could not be read");
	else if (PQntuples(rows) == 0 || (version != 0 && row_int((struct row){rows, 0}, POLICY_VERSION) != version))
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such version");
	else
		return true;
	return false;
}

static void on_newest(struct http_request *request, enum status status, const PGresult *rows)
{
	if (policy_version_is_found(request, status, rows, 0))
		policy_version_show(request, (struct row){rows, 0});
}

static void get_policy(struct http_request *request)
{
	policy_versions_ask(request, INT32_MAX, 1, on_newest);
}

static void on_version(struct http_request *request, enum status status, const PGresult *rows)
{
	if (policy_version_is_found(request, status, rows, paging_number(request->ids[0])))
		policy_version_show(request, (struct row){rows, 0});
}

bool policy_version_ask(struct http_request *request, void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	int32_t version = paging_number(request->ids[0]);

	if (version == 0 || version == INT32_MAX) {
		http_reply_problem(request, STATUS_NOT_FOUND, "there is no such version");
		return false;
	}
	policy_versions_ask(request, version + 1, 1, then);
	return true;
}

static void get_version(struct http_request *request)
{
	(void)policy_version_ask(request, on_version);
}

static void get_schema(struct http_request *request)
{
	json_t *schema = policy_json_keep(request, policy_schema(request->principal.currency_digits));
	struct text said = schema == NULL ? (struct text){NULL, 0} : policy_json_dump(request, schema);

	if (said.bytes == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	buffer_append_text(&request->answer, said);
	http_reply_tagged(request, 200, 0);
}

static void on_versions(struct http_request *request, enum status status, const PGresult *rows)
{
	struct json_writer w = json_writer_to(&request->answer);
	int64_t limit = request->arguments[PAGING_LIMIT].integer, last = 0;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, NULL);
		return;
	}
	json_open_object(&w);
	json_key(&w, "data");
	json_open_array(&w);
	for (int i = 0; i < PQntuples(rows) && i < limit; i++) {
		struct row row = {rows, i};

		last = row_int(row, POLICY_VERSION);
		json_open_object(&w);
		figure_count(&w, "version", last);
		figure_bool(&w, "in_force", last == row_int(row, POLICY_IN_FORCE));
		write_origin(&w, row);
		json_close_object(&w);
	}
	if (paging_close(request, &w, LIST, PQntuples(rows) > limit, last) != STATUS_OK) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void get_versions(struct http_request *request)
{
	int64_t before = INT32_MAX;

	if (paging_cursor_read(request, LIST, &before))
		policy_versions_ask(request, (int32_t)before, request->arguments[PAGING_LIMIT].integer + 1, on_versions);
}

static const struct http_parameter list_parameters[] = {PAGING_TABLE, {NULL, HTTP_TEXT, 0, 0, NULL, 0}};

/* method, path, least role, body, handler, parameters */
const struct http_route http_policy_routes[HTTP_POLICY_ROUTES] = {
	{HTTP_GET, "/v1/policy", ROLE_READ, HTTP_BODY_NONE, get_policy, NULL, NULL, 0, NULL},
	{HTTP_GET, "/v1/policy/schema", ROLE_READ, HTTP_BODY_NONE, get_schema, NULL, NULL, 0, NULL},
	{HTTP_GET, "/v1/policy/versions", ROLE_READ, HTTP_BODY_NONE, get_versions, list_parameters, NULL, 0, NULL},
	{HTTP_GET, "/v1/policy/versions/{version}", ROLE_READ, HTTP_BODY_NONE, get_version, NULL, NULL, 0, NULL},
};
