/* SPDX-License-Identifier: Apache-2.0 */
/* Making workspaces, and making, listing and revoking their keys: the command line's part of the store. Blocking. */
#ifndef SWEETSPOT_WORKSPACE_ADMIN_H
#define SWEETSPOT_WORKSPACE_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/database.h>
#include <sweetspot/status.h>
#include <sweetspot/store.h>

#define KEY_BYTES 48     /* "sk_", 43 characters, a NUL */
#define KEY_ID_BYTES 40  /* "key_", 24 characters, a NUL */

/** A new key. `secret` is shown once and kept nowhere. */
struct new_key {
	char id[KEY_ID_BYTES];
	char secret[KEY_BYTES];
};

/**
 * Make a workspace with policy version 1, today (UTC) as its day, and an admin key, in one transaction.
 *
 * @param currency  ISO 4217, three capital letters
 * @return          STATUS_OK; STATUS_INVALID: no currency, or no name; STATUS_CONFLICT: the name is taken; or the database's trouble
 */
MUST_CHECK enum status workspace_create(struct session *session, struct text name, struct text currency, struct new_key *out);

/** @return STATUS_OK with the workspace's id; STATUS_NOT_FOUND; or the database's trouble */
MUST_CHECK enum status workspace_find(struct session *session, struct text name, int64_t *out);

/** @param role  not ROLE_NONE. @return STATUS_OK; STATUS_NOT_FOUND: no such workspace; or the database's trouble */
MUST_CHECK enum status key_create(struct session *session, struct text workspace, enum role role, struct new_key *out);

/**
 * Revoke: within a second no instance takes it any more.
 *
 * @return STATUS_OK; STATUS_NOT_FOUND: no such key, or revoked before; or the database's trouble
 */
MUST_CHECK enum status key_revoke(struct session *session, struct text id);

/** A key as it is listed; texts are borrowed until the callback returns. */
struct listed_key {
	struct text workspace, id, role;
	int64_t created_at_us;
	int64_t revoked_at_us;  /* INSTANT_NONE: it holds */
};
/** @param workspace  "no text": of all workspaces. @return as key_create */
MUST_CHECK enum status key_list(struct session *session, struct text workspace,
                                void (*on_key)(void *owner, const struct listed_key *key), void *owner);

/** @return ROLE_NONE for a word that is no role */
enum role role_parse(struct text name);
/** @return "read", "write", "admin"; NULL for ROLE_NONE */
const char *role_name(enum role role);

#endif
