/* SPDX-License-Identifier: Apache-2.0 */
/* Workspaces and keys: made, listed, known, revoked within a second, and void when nobody answers. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/calendar.h>
#include <sweetspot/workspace_admin.h>

/** A store, a workspace and its admin key. */
struct scene {
	struct loop *loop;
	struct settings settings;
	struct metrics *metrics;
	struct store *store;
	struct session *session;
	PGconn *beside;
	char workspace[64];
	struct new_key key;
	struct key_ask ask;
	int answers;
	enum status status;
	struct principal principal;
};

static bool is_ready(void *owner)
{
	return store_is_ready(owner);
}

static struct scene *scene_new(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->settings = test_settings();
	scene->loop = loop_new();
	scene->metrics = metrics_new();
	scene->beside = plain_connect(TEST_DATABASE);
	scene->session = session_open(scene->settings.database_url, 5000, NULL);
	snprintf(scene->workspace, sizeof(scene->workspace), "keys %lld",
		(long long)plain_number(scene->beside, "SELECT nextval('api_key_version')"));
	ck_assert_int_eq(workspace_create(scene->session, text_of(scene->workspace), TEXT("JPY"), &scene->key), STATUS_OK);
	ck_assert_int_eq(store_new(scene->loop, &scene->settings, scene->metrics, &scene->store), STATUS_OK);
	turn_until(scene->loop, scene->store, is_ready, scene->store);
	return scene;
}

static void scene_free(struct scene *scene)
{
	store_free(scene->store);
	session_close(scene->session);
	metrics_free(scene->metrics);
	loop_free(scene->loop);
	PQfinish(scene->beside);
	free(scene);
}

static void on_asked(struct key_ask *ask, enum status status, const struct principal *principal)
{
	struct scene *scene = ask->owner;

	scene->answers++;
	scene->status = status;
	if (principal != NULL)
		scene->principal = *principal;
}

static enum status ask(struct scene *scene, const char *key)
{
	int before = scene->answers;

	scene->ask = (struct key_ask){.deadline_us = clock_ticks_us() + 5 * SECOND, .on_done = on_asked, .owner = scene};
	store_key_ask(scene->store, text_of(key), &scene->ask);
	ck_assert_int_eq(scene->answers, before);
	turn_until_count(scene->loop, scene->store, &scene->answers, before + 1);
	return scene->status;
}

static enum key_answer find(struct scene *scene, const char *key)
{
	return store_key_find(scene->store, text_of(key), &scene->principal);
}

/** The first poll has been answered: what is asked from now on is kept. */
static void wait_for_poll(struct scene *scene)
{
	turn_for(scene->loop, scene->store, 400 * MS);
}

START_TEST(test_workspace_create_makes_policy_day_and_admin_key)
{
	struct scene *scene = scene_new();
	struct new_key other;
	int64_t id;
	char sql[256];

	ck_assert_uint_eq(strlen(scene->key.secret), 46);
	ck_assert_int_eq(strncmp(scene->key.secret, "sk_", 3), 0);
	ck_assert_int_eq(workspace_find(scene->session, text_of(scene->workspace), &id), STATUS_OK);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM workspace w JOIN policy p ON p.workspace_id = w.id AND p.version = w.policy"
				   " WHERE w.id = %lld AND w.day = (now() AT TIME ZONE 'UTC')::date AND w.currency_digits = 0 AND"
				   " length(w.secret) = 32",
		(long long)id);
	ck_assert_int_eq(plain_number(scene->beside, sql), 1);
	/* The key itself is kept nowhere. */
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM api_key WHERE workspace_id = %lld AND hash = sha256('%s') AND role = 'admin'",
		(long long)id, scene->key.secret);
	ck_assert_int_eq(plain_number(scene->beside, sql), 1);
	ck_assert_int_eq(workspace_create(scene->session, text_of(scene->workspace), TEXT("EUR"), &other), STATUS_CONFLICT);
	ck_assert_int_eq(workspace_create(scene->session, TEXT("no currency"), TEXT("euro"), &other), STATUS_INVALID);
	ck_assert_int_eq(workspace_create(scene->session, TEXT(" blanks"), TEXT("EUR"), &other), STATUS_INVALID);
	ck_assert_int_eq(workspace_create(scene->session, TEXT(""), TEXT("EUR"), &other), STATUS_INVALID);
	ck_assert_int_eq(workspace_find(scene->session, TEXT("no currency"), &id), STATUS_NOT_FOUND);
	scene_free(scene);
}
END_TEST

START_TEST(test_store_key_known_after_asking)
{
	struct scene *scene = scene_new();

	wait_for_poll(scene);
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_ASK);
	ck_assert_int_eq(ask(scene, scene->key.secret), STATUS_OK);
	ck_assert_int_eq(scene->principal.role, ROLE_ADMIN);
	ck_assert_str_eq(scene->principal.currency, "JPY");
	ck_assert_int_eq(scene->principal.currency_digits, 0);
	ck_assert_str_eq(scene->principal.key_id, scene->key.id);
	scene->principal = (struct principal){0};
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_KNOWN);
	ck_assert_str_eq(scene->principal.key_id, scene->key.id);
	scene_free(scene);
}
END_TEST

START_TEST(test_store_key_wrong_is_refused)
{
	struct scene *scene = scene_new();

	wait_for_poll(scene);
	ck_assert_int_eq(ask(scene, "sk_nobody"), STATUS_UNAUTHORIZED);
	ck_assert_int_eq(find(scene, "sk_nobody"), KEY_REFUSED);
	ck_assert_int_eq(ask(scene, ""), STATUS_UNAUTHORIZED);
	scene_free(scene);
}
END_TEST

START_TEST(test_store_key_flood_of_wrong_ones_leaves_the_right_one)
{
	struct scene *scene = scene_new();
	char key[32];

	wait_for_poll(scene);
	ck_assert_int_eq(ask(scene, scene->key.secret), STATUS_OK);
	for (int i = 0; i < 3000; i++) {
		snprintf(key, sizeof(key), "sk_%d", i);
		ck_assert_int_eq(ask(scene, key), STATUS_UNAUTHORIZED);
	}
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_KNOWN);
	ck_assert_int_eq(find(scene, "sk_2999"), KEY_REFUSED);
	scene_free(scene);
}
END_TEST

static bool is_gone(void *owner)
{
	struct scene *scene = owner;

	return find(scene, scene->key.secret) != KEY_KNOWN;
}

START_TEST(test_store_key_revoked_within_a_second)
{
	struct scene *scene = scene_new();
	int64_t before;

	wait_for_poll(scene);
	ck_assert_int_eq(ask(scene, scene->key.secret), STATUS_OK);
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_KNOWN);
	ck_assert_int_eq(key_revoke(scene->session, text_of(scene->key.id)), STATUS_OK);
	before = clock_ticks_us();
	turn_until(scene->loop, scene->store, is_gone, scene);
	ck_assert_int_lt(clock_ticks_us() - before, SECOND);
	ck_assert_int_eq(ask(scene, scene->key.secret), STATUS_UNAUTHORIZED);
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_REFUSED);
	ck_assert_int_eq(key_revoke(scene->session, text_of(scene->key.id)), STATUS_NOT_FOUND);
	scene_free(scene);
}
END_TEST

START_TEST(test_store_key_cache_is_void_without_answers)
{
	struct scene *scene = scene_new();
	int64_t before;

	wait_for_poll(scene);
	ck_assert_int_eq(ask(scene, scene->key.secret), STATUS_OK);
	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	before = clock_ticks_us();
	turn_until(scene->loop, scene->store, is_gone, scene);
	ck_assert_int_lt(clock_ticks_us() - before, SECOND);
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_ASK);
	plain_run(scene->beside, "ROLLBACK");
	turn_for(scene->loop, scene->store, SECOND);
	/* No key has changed meanwhile: it holds again. */
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_KNOWN);
	scene_free(scene);
}
END_TEST

/* Asked before it was revoked, answered after the cache has learnt of it: not kept. */
START_TEST(test_store_key_answer_that_is_overtaken_is_not_kept)
{
	struct scene *scene = scene_new();
	int64_t version;
	char sql[256];

	wait_for_poll(scene);
	plain_run(scene->beside, "BEGIN; LOCK TABLE workspace IN ACCESS EXCLUSIVE MODE");
	scene->ask = (struct key_ask){.deadline_us = clock_ticks_us() + 5 * SECOND, .on_done = on_asked, .owner = scene};
	store_key_ask(scene->store, text_of(scene->key.secret), &scene->ask);
	turn_for(scene->loop, scene->store, 100 * MS);
	version = plain_number(scene->beside, "SELECT nextval('api_key_version')");
	snprintf(sql, sizeof(sql), "UPDATE api_key SET version = %lld WHERE id = '%s'", (long long)version, scene->key.id);
	{
		PGconn *other = plain_connect(TEST_DATABASE);

		plain_run(other, sql);
		PQfinish(other);
	}
	turn_for(scene->loop, scene->store, 700 * MS);
	ck_assert_int_eq(scene->answers, 0);
	plain_run(scene->beside, "ROLLBACK");
	turn_until_count(scene->loop, scene->store, &scene->answers, 1);
	ck_assert_int_eq(scene->status, STATUS_OK);
	ck_assert_int_eq(find(scene, scene->key.secret), KEY_ASK);
	scene_free(scene);
}
END_TEST

/** What key_list showed. */
struct listing {
	int count, revoked;
	char last_role[16];
};

static void on_key(void *owner, const struct listed_key *key)
{
	struct listing *listing = owner;

	listing->count++;
	listing->revoked += key->revoked_at_us != INSTANT_NONE;
	snprintf(listing->last_role, sizeof(listing->last_role), "%.*s", TEXT_ARGS(key->role));
}

START_TEST(test_key_list_shows_all_of_a_workspace)
{
	struct scene *scene = scene_new();
	struct listing listing = {0}, all = {0};
	struct new_key key;

	ck_assert_int_eq(key_create(scene->session, text_of(scene->workspace), role_parse(TEXT("read")), &key), STATUS_OK);
	ck_assert_int_eq(key_revoke(scene->session, text_of(scene->key.id)), STATUS_OK);
	ck_assert_int_eq(key_list(scene->session, text_of(scene->workspace), on_key, &listing), STATUS_OK);
	ck_assert_int_eq(listing.count, 2);
	ck_assert_int_eq(listing.revoked, 1);
	ck_assert_str_eq(listing.last_role, role_name(ROLE_READ));
	ck_assert_int_eq(key_list(scene->session, (struct text){NULL, 0}, on_key, &all), STATUS_OK);
	ck_assert_int_ge(all.count, 2);
	ck_assert_int_eq(key_list(scene->session, TEXT("nobody's"), on_key, &all), STATUS_NOT_FOUND);
	ck_assert_int_eq(key_create(scene->session, TEXT("nobody's"), ROLE_READ, &key), STATUS_NOT_FOUND);
	ck_assert_int_eq(role_parse(TEXT("owner")), ROLE_NONE);
	scene_free(scene);
}
END_TEST

Suite *suite_keys(void);
Suite *suite_keys(void)
{
	Suite *suite = suite_create("store/keys");
	TCase *tcase = tcase_create("keys");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_workspace_create_makes_policy_day_and_admin_key);
	tcase_add_test(tcase, test_store_key_known_after_asking);
	tcase_add_test(tcase, test_store_key_wrong_is_refused);
	tcase_add_test(tcase, test_store_key_flood_of_wrong_ones_leaves_the_right_one);
	tcase_add_test(tcase, test_store_key_revoked_within_a_second);
	tcase_add_test(tcase, test_store_key_cache_is_void_without_answers);
	tcase_add_test(tcase, test_store_key_answer_that_is_overtaken_is_not_kept);
	tcase_add_test(tcase, test_key_list_shows_all_of_a_workspace);
	suite_add_tcase(suite, tcase);
	return suite;
}
