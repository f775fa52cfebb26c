/* SPDX-License-Identifier: Apache-2.0 */
/* Policies and reviews by version: loaded, found, pushed out, held; and the blocking way. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/calendar.h>
#include <sweetspot/rules.h>

#include "../../service/store/rules_cache.h"

#define ASKS 8

/** A store, a workspace with a review, and what was answered. */
struct scene {
	struct loop *loop;
	struct settings settings;
	struct metrics *metrics;
	struct store *store;
	PGconn *beside;
	int64_t workspace;
	struct rules_ask asks[ASKS];
	int answers;
	enum status status;
	struct rules rules;
};

static struct scene *scene_new(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->settings = test_settings();
	scene->loop = loop_new();
	scene->metrics = metrics_new();
	scene->beside = plain_connect(TEST_DATABASE);
	scene->workspace = make_workspace(scene->beside);
	ck_assert_int_eq(store_new(scene->loop, &scene->settings, scene->metrics, &scene->store), STATUS_OK);
	return scene;
}

static void scene_free(struct scene *scene)
{
	store_free(scene->store);
	metrics_free(scene->metrics);
	loop_free(scene->loop);
	PQfinish(scene->beside);
	free(scene);
}

static void on_asked(struct rules_ask *ask, enum status status, struct rules rules)
{
	struct scene *scene = ask->owner;

	scene->answers++;
	scene->status = status;
	scene->rules = rules;
}

static void submit(struct scene *scene, int i, int32_t policy, int32_t review)
{
	scene->asks[i] = (struct rules_ask){
		.workspace = scene->workspace,
		.policy = policy,
		.review = review,
		.deadline_us = clock_ticks_us() + 5 * SECOND,
		.on_done = on_asked,
		.owner = scene,
	};
	store_rules_ask(scene->store, &scene->asks[i]);
}

static enum status ask(struct scene *scene, int32_t policy, int32_t review)
{
	int before = scene->answers;

	submit(scene, 0, policy, review);
	ck_assert_int_eq(scene->answers, before);
	turn_until_count(scene->loop, scene->store, &scene->answers, before + 1);
	return scene->status;
}

static void make_review(struct scene *scene)
{
	char sql[2048];
	long long workspace = (long long)scene->workspace;

	snprintf(sql, sizeof(sql),
		"INSERT INTO review (workspace_id, number, state, provisional, day, policy, clients, key_cutoff, key_revenue,"
		" revenue, engagement_cut,"
		" potential_cut, full_reach, full_rhythm, full_orders, initiative_available, revenue_source,"
		" half_year_momentum, lines_offered,"
		" deals_per_year, first_revenue_on) VALUES (%lld, 3, 'done', true, '2026-03-01', 1, 812, 5000000, 74, 100,"
		" 4100, 5217, 6, 1, 2, true,"
		" 'deals', true, 7, 4, '2020-01-01');"
		"INSERT INTO review_cohort (workspace_id, review, industry_key, all_clients, band, clients, median, p75) VALUES"
		" (%lld, 3, '', true, 0, 812, 10, 20), (%lld, 3, 'medical', false, 0, 9, 11, 21), (%lld, 3, 'medical', false, 4, 5, 12, 22),"
		" (%lld, 3, 'software', false, 0, 6, 13, 23), (%lld, 3, '', false, 0, 5, 14, 24)",
		workspace, workspace, workspace, workspace, workspace, workspace);
	plain_run(scene->beside, sql);
}

static void check_review(const struct review *review)
{
	ck_assert_ptr_nonnull(review);
	ck_assert_int_eq(review->number, 3);
	ck_assert_int_eq(review->policy_version, 1);
	ck_assert(review->provisional && review->has_key_cutoff && review->initiative_available && review->half_year_momentum);
	ck_assert_int_eq(review->key_cutoff, 5000000);
	ck_assert_int_eq(review->engagement_cut_centi, 4100);
	ck_assert_int_eq(review->revenue_source, REVENUE_FROM_DEALS);
	ck_assert_int_eq(review->lines_offered, 7);
	ck_assert_int_eq(review->cohorts.row_count, 5);
	ck_assert_int_eq(review->cohorts.industry_count, 3);
	/* As cohort_find wants them: all clients, then the industries in the order of their bytes. */
	ck_assert_int_eq(cohort_industry(&review->cohorts, TEXT("software")), 2);
	ck_assert_int_eq(cohort_find(&review->cohorts, 1, 4)->p75, 22);
	ck_assert_int_eq(cohort_find(&review->cohorts, 1, 3)->p75, 21);
	ck_assert_int_eq(cohort_find(&review->cohorts, -1, 3)->p75, 20);
}

START_TEST(test_store_rules_loaded_once_then_found)
{
	struct scene *scene = scene_new();
	struct rules rules;

	make_review(scene);
	ck_assert(!store_rules_find(scene->store, scene->workspace, 1, 3, &rules));
	ck_assert_int_eq(ask(scene, 1, 3), STATUS_OK);
	check_review(scene->rules.review);
	ck_assert_int_eq(scene->rules.policy->version, 1);
	ck_assert_int_eq(scene->rules.policy->key_pct_centi, 2500);
	ck_assert(store_rules_find(scene->store, scene->workspace, 1, 3, &rules));
	ck_assert_ptr_eq(rules.policy, scene->rules.policy);
	ck_assert(!store_rules_find(scene->store, scene->workspace, 1, 0, &rules));
	ck_assert_int_eq(ask(scene, 1, 0), STATUS_OK);
	ck_assert_ptr_null(scene->rules.review);
	scene_free(scene);
}
END_TEST

START_TEST(test_store_rules_missing_is_not_found)
{
	struct scene *scene = scene_new();

	ck_assert_int_eq(ask(scene, 2, 0), STATUS_NOT_FOUND);
	ck_assert_int_eq(ask(scene, 1, 99), STATUS_NOT_FOUND);
	scene_free(scene);
}
END_TEST

START_TEST(test_store_rules_asked_by_many_loaded_once)
{
	struct scene *scene = scene_new();

	for (int i = 0; i < ASKS; i++)
		submit(scene, i, 1, 0);
	ck_assert_uint_eq(store_in_flight(scene->store), 1);
	turn_until_count(scene->loop, scene->store, &scene->answers, ASKS);
	ck_assert_int_eq(scene->status, STATUS_OK);
	scene_free(scene);
}
END_TEST

START_TEST(test_store_rules_held_outlive_being_pushed_out)
{
	struct scene *scene = scene_new();
	struct arena *arena = arena_new(256);
	struct rules held, rules;
	char sql[256];

	snprintf(sql, sizeof(sql), "INSERT INTO policy (workspace_id, version, document)"
				   " SELECT workspace_id, n, document FROM policy, generate_series(2, 80) n"
				   " WHERE workspace_id = %lld",
		(long long)scene->workspace);
	plain_run(scene->beside, sql);
	ck_assert_int_eq(ask(scene, 1, 0), STATUS_OK);
	held = scene->rules;
	ck_assert_int_eq(store_rules_hold(scene->store, held, arena), STATUS_OK);
	for (int32_t version = 2; version <= 80; version++)
		ck_assert_int_eq(ask(scene, version, 0), STATUS_OK);
	ck_assert(!store_rules_find(scene->store, scene->workspace, 1, 0, &rules));
	ck_assert(store_rules_find(scene->store, scene->workspace, 80, 0, &rules));
	store_flush(scene->store);
	ck_assert_int_eq(held.policy->version, 1);
	scene_free(scene);
	ck_assert_int_eq(held.policy->key_pct_centi, 2500);
	arena_free(arena);
}
END_TEST

START_TEST(test_store_free_answers_asks)
{
	struct scene *scene = scene_new();

	submit(scene, 0, 1, 0);
	store_free(scene->store);
	scene->store = NULL;
	ck_assert_int_eq(scene->answers, 1);
	ck_assert_int_eq(scene->status, STATUS_UNAVAILABLE);
	scene_free(scene);
}
END_TEST

START_TEST(test_rules_load_blocking_says_the_same)
{
	struct scene *scene = scene_new();
	struct session *session = session_open(scene->settings.database_url, 5000, NULL);
	struct arena *arena = arena_new(4096);
	struct rules rules;

	make_review(scene);
	ck_assert_int_eq(rules_load(session, scene->workspace, 1, 3, arena, &rules), STATUS_OK);
	check_review(rules.review);
	ck_assert_int_eq(rules.policy->key_pct_centi, 2500);
	ck_assert_int_eq(rules_load(session, scene->workspace, 1, 0, arena, &rules), STATUS_OK);
	ck_assert_ptr_null(rules.review);
	ck_assert_int_eq(rules_load(session, scene->workspace, 1, 4, arena, &rules), STATUS_NOT_FOUND);
	arena_free(arena);
	session_close(session);
	scene_free(scene);
}
END_TEST

Suite *suite_rules(void);
Suite *suite_rules(void)
{
	Suite *suite = suite_create("store/rules");
	TCase *tcase = tcase_create("rules");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_store_rules_loaded_once_then_found);
	tcase_add_test(tcase, test_store_rules_missing_is_not_found);
	tcase_add_test(tcase, test_store_rules_asked_by_many_loaded_once);
	tcase_add_test(tcase, test_store_rules_held_outlive_being_pushed_out);
	tcase_add_test(tcase, test_store_free_answers_asks);
	tcase_add_test(tcase, test_rules_load_blocking_says_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
