/* SPDX-License-Identifier: Apache-2.0 */
/* Workspaces and keys over a blocking session. Nothing is printed here. */
#include <sweetspot/workspace_admin.h>

#include <stdio.h>

#include <sweetspot/calendar.h>
#include <sweetspot/clock.h>
#include <sweetspot/digest.h>
#include <sweetspot/number.h>
#include <sweetspot/policy_document.h>

#define ARENA_BYTES 4096
#define SECRET_BYTES 32
#define ID_RANDOM_BYTES 12
#define NAME_MOST 200

static const char *const role_names[] = {[ROLE_READ] = "read", [ROLE_WRITE] = "write", [ROLE_ADMIN] = "admin"};

const char *role_name(enum role role)
{
	return role_names[role];
}

enum role role_parse(struct text name)
{
	for (int role = ROLE_READ; role <= ROLE_ADMIN; role++)
		if (text_equal(text_of(role_names[role]), name))
			return (enum role)role;
	return ROLE_NONE;
}

/** Base64 for URLs without padding, and a NUL: out holds (4 × length + 2) ÷ 3 + 1 bytes. */
static void base64url(const uint8_t *bytes, size_t length, char *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	int count = 0;

	for (size_t i = 0; i < length; i++) {
		bits = bits << 8 | bytes[i];
		for (count += 8; count >= 6; count -= 6)
			*out++ = alphabet[bits >> (count - 6) & 63];
	}
	if (count > 0)
		*out++ = alphabet[bits << (6 - count) & 63];
	*out = '\0';
}

static enum status make_key(struct new_key *out)
{
	uint8_t secret[SECRET_BYTES], id[ID_RANDOM_BYTES];
	char hex[2 * ID_RANDOM_BYTES + 1], encoded[KEY_BYTES - 3];

	if (random_bytes(secret, sizeof(secret)) != STATUS_OK || random_bytes(id, sizeof(id)) != STATUS_OK)
		return STATUS_INTERNAL;
	hex_encode(id, sizeof(id), hex);
	base64url(secret, sizeof(secret), encoded);
	snprintf(out->id, sizeof(out->id), "key_%s", hex);
	snprintf(out->secret, sizeof(out->secret), "sk_%s", encoded);
	return STATUS_OK;
}

/** One change of keys, inside the caller's transaction. */
static enum status insert_key(struct session *session, struct arena *arena, int64_t workspace, enum role role, struct new_key *out)
{
	struct params params = params_in(arena);
	uint8_t hash[DIGEST_BYTES];
	enum status status = make_key(out);

	if (status == STATUS_OK)
		status = digest_sha256(text_of(out->secret), hash);
	if (status == STATUS_OK)
		status = session_run(session, STATEMENT_LOCK_KEYS, NULL, NULL);
	if (status != STATUS_OK)
		return status;
	params_int8(&params, workspace);
	params_text(&params, text_of(out->id));
	params_bytes(&params, hash, sizeof(hash));
	params_text(&params, text_of(role_names[role]));
	return session_run(session, STATEMENT_CREATE_KEY, &params, NULL);
}

/** Commit what succeeded, roll back what did not. */
static enum status end(struct session *session, enum status status)
{
	if (status == STATUS_OK)
		return session_commit(session);
	session_rollback(session);
	return status;
}

static enum status insert_workspace(struct session *session, struct arena *arena, struct text name, struct text currency, int digits,
				    int64_t *id)
{
	struct params params = params_in(arena);
	uint8_t secret[SECRET_BYTES];
	PGresult *rows = NULL;
	enum status status = random_bytes(secret, sizeof(secret));

	if (status != STATUS_OK)
		return status;
	params_text(&params, name);
	params_text(&params, currency);
	params_int2(&params, (int16_t)digits);
	params_bytes(&params, secret, sizeof(secret));
	params_day(&params, day_of_instant(clock_now_us()));
	status = session_run(session, STATEMENT_CREATE_WORKSPACE, &params, &rows);
	if (status != STATUS_OK)
		return status;
	if (PQntuples(rows) == 1)
		*id = row_int((struct row){rows, 0}, 0);
	else
		status = STATUS_CONFLICT;
	PQclear(rows);
	return status;
}

static enum status insert_policy(struct session *session, struct arena *arena, int64_t workspace)
{
	struct params params = params_in(arena);

	params_int8(&params, workspace);
	params_json(&params, policy_document_default());
	return session_run(session, STATEMENT_CREATE_FIRST_POLICY, &params, NULL);
}

enum status workspace_create(struct session *session, struct text name, struct text currency, struct new_key *out)
{
	const int digits = currency_digits(currency);
	struct arena *arena;
	int64_t id = 0;
	enum status status;

	if (digits < 0 || name.length == 0 || name.length > NAME_MOST || !text_is_utf8(name) || text_has_control(name) ||
	    text_trim(name).length != name.length)
		return STATUS_INVALID;
	arena = arena_new(ARENA_BYTES);
	if (arena == NULL)
		return STATUS_NO_MEMORY;
	status = session_begin(session, false);
	if (status == STATUS_OK) {
		status = insert_workspace(session, arena, name, currency, digits, &id);
		if (status == STATUS_OK)
			status = insert_policy(session, arena, id);
		if (status == STATUS_OK)
			status = insert_key(session, arena, id, ROLE_ADMIN, out);
		status = end(session, status);
	}
	arena_free(arena);
	return status;
}

enum status workspace_find(struct session *session, struct text name, int64_t *out)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	PGresult *rows = NULL;
	struct params params;
	enum status status;

	if (arena == NULL)
		return STATUS_NO_MEMORY;
	params = params_in(arena);
	params_text(&params, name);
	status = session_run(session, STATEMENT_FIND_WORKSPACE, &params, &rows);
	if (status == STATUS_OK && PQntuples(rows) == 0)
		status = STATUS_NOT_FOUND;
	if (status == STATUS_OK)
		*out = row_int((struct row){rows, 0}, 0);
	PQclear(rows);
	arena_free(arena);
	return status;
}

enum status key_create(struct session *session, struct text workspace, enum role role, struct new_key *out)
{
	struct arena *arena;
	int64_t id = 0;
	enum status status = workspace_find(session, workspace, &id);

	if (status != STATUS_OK)
		return status;
	arena = arena_new(ARENA_BYTES);
	if (arena == NULL)
		return STATUS_NO_MEMORY;
	status = session_begin(session, false);
	if (status == STATUS_OK)
		status = end(session, insert_key(session, arena, id, role, out));
	arena_free(arena);
	return status;
}

static enum status revoke(struct session *session, struct arena *arena, struct text id)
{
	struct params params = params_in(arena);
	PGresult *rows = NULL;
	enum status status = session_run(session, STATEMENT_LOCK_KEYS, NULL, NULL);

	if (status != STATUS_OK)
		return status;
	params_text(&params, id);
	status = session_run(session, STATEMENT_REVOKE_KEY, &params, &rows);
	if (status == STATUS_OK && PQntuples(rows) == 0)
		status = STATUS_NOT_FOUND;
	PQclear(rows);
	return status;
}

enum status key_revoke(struct session *session, struct text id)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	enum status status;

	if (arena == NULL)
		return STATUS_NO_MEMORY;
	status = session_begin(session, false);
	if (status == STATUS_OK)
		status = end(session, revoke(session, arena, id));
	arena_free(arena);
	return status;
}

static enum status list_keys(struct session *session, struct arena *arena, int64_t workspace, PGresult **rows)
{
	struct params params = params_in(arena);

	if (workspace == 0)
		params_null(&params);
	else
		params_int8(&params, workspace);
	return session_run(session, STATEMENT_LIST_KEYS, &params, rows);
}

enum status key_list(struct session *session, struct text workspace, void (*on_key)(void *owner, const struct listed_key *key), void *owner)
{
	struct arena *arena;
	PGresult *rows = NULL;
	int64_t id = 0;
	enum status status = workspace.bytes == NULL ? STATUS_OK : workspace_find(session, workspace, &id);

	if (status != STATUS_OK)
		return status;
	arena = arena_new(ARENA_BYTES);
	if (arena == NULL)
		return STATUS_NO_MEMORY;
	status = list_keys(session, arena, id, &rows);
	for (int i = 0; status == STATUS_OK && i < PQntuples(rows); i++) {
		struct row row = {rows, i};
		const struct listed_key key = {row_text(row, 0), row_text(row, 1), row_text(row, 2), row_instant(row, 3), row_instant(row, 4)};

		on_key(owner, &key);
	}
	PQclear(rows);
	arena_free(arena);
	return status;
}
