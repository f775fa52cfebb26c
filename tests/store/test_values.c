/* SPDX-License-Identifier: Apache-2.0 */
/* Binary values there and back, what errors mean, and rows as records, standings and features. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/calendar.h>

#include "../../service/store/canonical.h"
#include "../../service/store/values.h"

/** A connection and an arena. */
struct scene {
	PGconn *connection;
	struct arena *arena;
	struct params params;
};

static struct scene scene_new(void)
{
	struct scene scene = {.connection = plain_connect(TEST_DATABASE), .arena = arena_new(4096)};

	scene.params = params_in(scene.arena);
	return scene;
}

static void scene_free(struct scene *scene)
{
	PQfinish(scene->connection);
	arena_free(scene->arena);
}

/** Send the parameters gathered so far; binary rows come back, to be cleared. */
static PGresult *ask(struct scene *scene, const char *sql)
{
	PGresult *result;

	ck_assert(!scene->params.failed);
	result = PQexecParams(scene->connection, sql, scene->params.count, NULL, scene->params.values, scene->params.lengths, all_binary, 1);
	ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s", PQresultErrorMessage(result));
	return result;
}

START_TEST(test_params_every_type_comes_back)
{
	struct scene scene = scene_new();
	const int64_t numbers[] = {1, -2, INT64_MAX};
	PGresult *result;
	struct row row;

	params_null(&scene.params);
	params_bool(&scene.params, true);
	params_int2(&scene.params, -2);
	params_int4(&scene.params, INT32_MIN);
	params_int8(&scene.params, INT64_MAX);
	params_text(&scene.params, TEXT("ä\"\\"));
	params_text(&scene.params, TEXT(""));
	params_bytes(&scene.params, "\0\1", 2);
	params_json(&scene.params, TEXT("{\"a\": 1}"));
	params_day(&scene.params, -1);
	params_instant(&scene.params, 1);
	params_int8_array(&scene.params, numbers, 3);
	params_int8_array(&scene.params, NULL, 0);
	params_text(&scene.params, (struct text){NULL, 0});
	params_day(&scene.params, DAY_NONE);
	params_instant(&scene.params, INSTANT_NONE);
	params_json(&scene.params, (struct text){NULL, 0});
	result = ask(&scene, "SELECT $1::int, $2::bool, $3::int2, $4::int4, $5::int8, $6::text, $7::text, $8::bytea, $9::jsonb, $10::date,"
			     " $11::timestamptz, $12::int8[]::text, cardinality($13::int8[]), $14::text, $15::date, $16::timestamptz,"
			     " $17::jsonb, $10::date = '1969-12-31', $11::timestamptz = '1970-01-01T00:00:00.000001Z', 0.5::float8");
	row = (struct row){result, 0};
	ck_assert(row_is_null(row, 0));
	ck_assert_int_eq(row_int(row, 0), 0);
	ck_assert(row_bool(row, 1));
	ck_assert_int_eq(row_int(row, 2), -2);
	ck_assert_int_eq(row_int(row, 3), INT32_MIN);
	ck_assert_int_eq(row_int(row, 4), INT64_MAX);
	expect_text(row_text(row, 5), "ä\"\\");
	expect_text(row_text(row, 6), "");
	ck_assert_uint_eq(row_text(row, 7).length, 2);
	expect_text(row_json(row, 8), "{\"a\": 1}");
	ck_assert_int_eq(row_day(row, 9), -1);
	ck_assert_int_eq(row_instant(row, 10), 1);
	expect_text(row_text(row, 11), "{1,-2,9223372036854775807}");
	ck_assert_int_eq(row_int(row, 12), 0);
	for (int column = 13; column <= 16; column++)
		ck_assert(row_is_null(row, column));
	ck_assert_ptr_null(row_text(row, 13).bytes);
	ck_assert_int_eq(row_day(row, 14), DAY_NONE);
	ck_assert_int_eq(row_instant(row, 15), INSTANT_NONE);
	ck_assert_ptr_null(row_json(row, 16).bytes);
	ck_assert(row_bool(row, 17));
	ck_assert(row_bool(row, 18));
	ck_assert(row_double(row, 19) == 0.5);
	PQclear(result);
	scene_free(&scene);
}
END_TEST

START_TEST(test_params_too_many_fail)
{
	struct scene scene = scene_new();

	for (int i = 0; i < PARAMS_MAX; i++)
		params_bool(&scene.params, false);
	ck_assert(!scene.params.failed);
	params_null(&scene.params);
	ck_assert(scene.params.failed);
	ck_assert_int_eq(scene.params.count, PARAMS_MAX);
	scene_free(&scene);
}
END_TEST

/** Two elements of every type, one of them null, through unnest and back as text. */
START_TEST(test_array_column_every_type_comes_back)
{
	struct scene scene = scene_new();
	struct array_column columns[9];
	PGresult *result;

	for (int type = ARRAY_BOOL; type <= ARRAY_BYTEA; type++) {
		struct array_column *column = &columns[type];

		array_column_init(column, (enum array_type)type);
		if (type == ARRAY_BOOL)
			array_add_bool(column, true);
		else if (type <= ARRAY_INT8)
			array_add_int(column, -7);
		else if (type == ARRAY_DATE)
			array_add_day(column, 0);
		else if (type == ARRAY_TIMESTAMPTZ)
			array_add_instant(column, 0);
		else
			array_add_text(column, type == ARRAY_JSONB ? TEXT("[1]") : TEXT("x"));
		array_add_null(column);
		params_array(&scene.params, column);
	}
	result = ask(&scene, "SELECT concat_ws('|', $1::bool[]::text, $2::int2[]::text, $3::int4[]::text, $4::int8[]::text,"
			     " $5::text[]::text, $6::date[]::text,"
			     " ($7::timestamptz[])[1] = 'epoch', $8::jsonb[]::text, $9::bytea[]::text)");
	expect_text(row_text((struct row){result, 0}, 0),
		"{t,NULL}|{-7,NULL}|{-7,NULL}|{-7,NULL}|{x,NULL}|{1970-01-01,NULL}|t|{[1],NULL}|{\"\\\\x78\",NULL}");
	PQclear(result);
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		array_column_release(&columns[i]);
	scene_free(&scene);
}
END_TEST

START_TEST(test_array_column_empty_is_empty)
{
	struct scene scene = scene_new();
	struct array_column column;
	PGresult *result;

	array_column_init(&column, ARRAY_TEXT);
	params_array(&scene.params, &column);
	result = ask(&scene, "SELECT count(*) FROM unnest($1::text[])");
	ck_assert_int_eq(row_int((struct row){result, 0}, 0), 0);
	PQclear(result);
	scene_free(&scene);
}
END_TEST

/* SQLSTATE → what it means */
static const struct {
	const char *code;
	enum status status;
} codes[] = {
	{"40001", STATUS_RETRY},
	{"40P01", STATUS_RETRY},
	{"55P03", STATUS_RETRY},
	{"57014", STATUS_DEADLINE},
	{"57P01", STATUS_UNAVAILABLE},
	{"57P03", STATUS_UNAVAILABLE},
	{"08006", STATUS_UNAVAILABLE},
	{"53300", STATUS_UNAVAILABLE},
	{"25006", STATUS_UNAVAILABLE},
	{"08P01", STATUS_INTERNAL},
	{"23505", STATUS_INTERNAL},
	{"42P01", STATUS_INTERNAL},
};

START_TEST(test_database_status_by_code)
{
	struct scene scene = scene_new();
	char sql[128];
	PGresult *result;

	snprintf(sql, sizeof(sql), "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '%s'; END $$", codes[_i].code);
	result = PQexec(scene.connection, sql);
	ck_assert_int_eq(database_status(result), codes[_i].status);
	PQclear(result);
	ck_assert_int_eq(database_status(NULL), STATUS_UNAVAILABLE);
	result = PQexec(scene.connection, "SELECT 1");
	ck_assert_int_eq(database_status(result), STATUS_OK);
	PQclear(result);
	scene_free(&scene);
}
END_TEST

/* What goes in → what comes back out of jsonb in the canonical form */
static const struct {
	const char *in, *out;
} documents[] = {
	{"[]", "[]"},
	{"{}", "{}"},
	{"[\"a b\", \"c, d\", \"e\\\"f\\\\\"]", "[\"a b\",\"c, d\",\"e\\\"f\\\\\"]"},
	{"{\"until\": \"2026-12-31\", \"reason\": \"x\"}", "{\"reason\":\"x\",\"until\":\"2026-12-31\"}"},
	{"{\"b\": 1, \"aa\": [1, true, null, \"{[,\"], \"c\": \"\\u00e4\"}", "{\"aa\":[1,true,null,\"{[,\"],\"b\":1,\"c\":\"ä\"}"},
	{"{\"x\": 1.50, \"y\": 1.0, \"z\": -0.001}", "{\"x\":1.5,\"y\":1.0,\"z\":-0.001}"},
	{"{\"x\": 1e300}", "{\"x\":1e+300}"},
	{"{\"x\": 9223372036854775}", "{\"x\":9223372036854775}"},
	{"{\"x\": 1e-7}", "{\"x\":1e-07}"},
	/* By their own bytes: the escapes of a quote, a tab, a control character begin with a backslash, which is behind "#" and "Z". */
	{"{\"a#\": 1, \"a\\\"\": 2, \"aZ\": 3, \"a\\t\": 4, \"a\\u0001\": 5}",
	 "{\"a\\u0001\":5,\"a\\t\":4,\"a\\\"\":2,\"a#\":1,\"aZ\":3}"},
	{"{\"a\\\\b\": 1, \"a\\\\\": 2, \"a]\": 3, \"a\": 4}", "{\"a\":4,\"a\\\\\":2,\"a\\\\b\":1,\"a]\":3}"},
	{"{\"\\u0001\": \"\\n\\t\"}", "{\"\\u0001\":\"\\n\\t\"}"},
};

START_TEST(test_canonical_json_of_jsonb)
{
	struct scene scene = scene_new();
	PGresult *result;

	params_json(&scene.params, text_of(documents[_i].in));
	result = ask(&scene, "SELECT $1::jsonb");
	expect_text(canonical_json(row_json((struct row){result, 0}, 0), scene.arena), documents[_i].out);
	PQclear(result);
	scene_free(&scene);
}
END_TEST

/* An object, a merge patch of it → the object then, and its names */
static const struct {
	const char *object, *patch, *patched;
	size_t names;
} patches[] = {
	{"{}", "{}", "{}", 0},
	{"{\"a\":1}", "{}", "{\"a\":1}", 1},
	{"{}", "{\"a\":1,\"b\":null}", "{\"a\":1}", 1},
	{"{\"a\":1,\"c\":3}", "{\"b\":[\"x,}\",null]}", "{\"a\":1,\"b\":[\"x,}\",null],\"c\":3}", 3},
	{"{\"a\":1,\"b\":null,\"c\":3}", "{\"a\":null,\"c\":\"null\",\"d\":4}", "{\"b\":null,\"c\":\"null\",\"d\":4}", 3},
	{"{\"a\\\"b\":1,\"a\\\\\":2}", "{\"a\\\"b\":null,\"\":0}", "{\"\":0,\"a\\\\\":2}", 2},
	{"{\"a\":1}", "{\"a\":null}", "{}", 0},
};

START_TEST(test_canonical_patched_is_a_merge_patch)
{
	struct arena *arena = arena_new(256);
	size_t names = 99;

	expect_text(canonical_patched(text_of(patches[_i].object), text_of(patches[_i].patch), arena, &names), patches[_i].patched);
	ck_assert_uint_eq(names, patches[_i].names);
	arena_free(arena);
}
END_TEST

START_TEST(test_canonical_json_no_text_stays_none)
{
	struct arena *arena = arena_new(256);

	ck_assert_ptr_null(canonical_json((struct text){NULL, 0}, arena).bytes);
	arena_free(arena);
}
END_TEST

static PGresult *read_organisation(struct session *session, struct arena *arena, int64_t workspace, const char *id)
{
	struct params params = params_in(arena);
	struct array_column workspaces, ids;
	PGresult *rows = NULL;

	array_column_init(&workspaces, ARRAY_INT8);
	array_column_init(&ids, ARRAY_TEXT);
	array_add_int(&workspaces, workspace);
	array_add_text(&ids, text_of(id));
	params_array(&params, &workspaces);
	params_array(&params, &ids);
	ck_assert_int_eq(session_run(session, STATEMENT_READ_ORGANISATION, &params, &rows), STATUS_OK);
	array_column_release(&workspaces);
	array_column_release(&ids);
	return rows;
}

/* said 52133: bits 0 (name), 2, 5, 7, 8, 9, 11 and 15 (problems); and 14 (access), which is null */
static const char insert_organisation[] =
	"INSERT INTO organisation (workspace_id, id, is_account, name, employees, annual_potential,"
	" annual_potential_on, margin_pct, status, problems,"
	" industry, said, said_at, said_by, stamps, version, created_at, updated_at)"
	" SELECT max(id), 'acme', true, 'Acme', 350, 9000000, '2026-02-01', 4250, 'inactive', '[\"churn\", \"price\"]', 'Medical',"
	" 52133, '2026-03-01', 'e9',"
	" '{\"employees\": [5, \"e\\\"1\"], \"name\": [-9223372036854775808, \"\"]}', 7, '2026-01-01', '2026-01-02' FROM workspace;"
	"INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, tier, list, engagement, potential,"
	" engagement_side, seller, revenue_12m,"
	" revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
	" SELECT max(id), 'acme', 0, true, 4250, 'growth', 'secondary', 6125, 5740, 2, 's-1', 1, 2, 3, 4, 5, 6, 7, 8, 9,"
	" 10, 11, 12 FROM workspace";

static void check_record(const struct stored_record *stored)
{
	const struct record *record = &stored->record;

	ck_assert(stored->exists && stored->is_account && !stored->stub && !stored->deleted);
	ck_assert_int_eq(stored->version, 7);
	expect_text(record->value[ORGANISATION_NAME].text, "Acme");
	ck_assert_int_eq(record->value[ORGANISATION_EMPLOYEES].integer, 350);
	ck_assert_int_eq(record->value[ORGANISATION_MARGIN_PCT].integer, 4250);
	ck_assert_int_eq(record->value[ORGANISATION_STATUS].integer, ORGANISATION_INACTIVE);
	expect_text(record->value[ORGANISATION_PROBLEMS].text, "[\"churn\",\"price\"]");
	/* access was said to be null; region was never said. */
	ck_assert_int_eq(record->given >> ORGANISATION_ACCESS & 1, 1);
	ck_assert_int_eq(record->filled >> ORGANISATION_ACCESS & 1, 0);
	ck_assert_int_eq(record->given >> ORGANISATION_REGION & 1, 0);
	ck_assert_int_eq(stored->stamps[ORGANISATION_EMPLOYEES].at_us, 5);
	expect_text(stored->stamps[ORGANISATION_EMPLOYEES].event, "e\"1");
	ck_assert_int_eq(stored->stamps[ORGANISATION_NAME].at_us, INSTANT_NONE);
	expect_text(stored->stamps[ORGANISATION_STATUS].event, "e9");
	ck_assert_int_eq(stored->stamps[ORGANISATION_REGION].at_us, INSTANT_NONE);
}

static void check_standing(const struct standing *standing)
{
	ck_assert(standing->exists && standing->classified && !standing->seller_derived);
	ck_assert_int_eq(standing->margin_pct_centi, 4250);
	ck_assert_int_eq(standing->tier, TIER_GROWTH);
	ck_assert_int_eq(standing->list, LIST_SECONDARY);
	ck_assert_int_eq(standing->engagement_centi, 6125);
	ck_assert_int_eq(standing->keep_score_centi, -1);
	ck_assert_int_eq(standing->engagement_side, SIDE_HIGH);
	expect_text(standing->seller, "s-1");
	ck_assert_int_eq(standing->measures.revenue_12m, 1);
	ck_assert_int_eq(standing->measures.orders, 8);
	ck_assert_int_eq(standing->measures.lines_12m, 12);
}

static void check_features(const struct stored_record *stored, const struct standing *standing, struct arena *arena)
{
	struct text industries[] = {TEXT("medical")};
	const struct cohorts cohorts = {.industries = industries, .industry_count = 1};
	int32_t stated_on = (int32_t)stored->record.value[ORGANISATION_ANNUAL_POTENTIAL_ON].integer;
	struct features features;

	ck_assert_int_eq(features_of(stored, standing, &cohorts, stated_on + 364, arena, &features), STATUS_OK);
	ck_assert_int_eq(features_potential(&features), 9000000);
	ck_assert_int_eq(features.industry, 0);
	ck_assert_int_eq(features.employee_band, employee_band_of(350));
	ck_assert(features.is_account && !features.is_active);
	ck_assert_int_eq(features.engagement_side, SIDE_HIGH);
	/* The potential ages, and is not known before its day. */
	ck_assert_int_eq(features_of(stored, standing, NULL, stated_on + 365, arena, &features), STATUS_OK);
	ck_assert_int_eq(features_potential(&features), -1);
	ck_assert_int_eq(features.industry, -1);
	ck_assert_int_eq(features_of(stored, standing, NULL, stated_on - 1, arena, &features), STATUS_OK);
	ck_assert_int_eq(features_potential(&features), -1);
}

START_TEST(test_stored_record_read_organisation_and_standing)
{
	struct scene scene = scene_new();
	struct session *session = session_open(url_of(TEST_DATABASE), 5000, NULL);
	int64_t workspace = make_workspace(scene.connection);
	struct stored_record stored;
	struct standing standing;
	PGresult *rows;
	int column;

	plain_run(scene.connection, insert_organisation);
	rows = read_organisation(session, scene.arena, workspace, "acme");
	ck_assert_int_eq(PQntuples(rows), 1);
	column = stored_record_read((struct row){rows, 0}, 2, RECORD_ORGANISATION, TEXT("acme"), scene.arena, &stored);
	ck_assert_int_gt(column, 0);
	check_record(&stored);
	column = standing_read_shown((struct row){rows, 0}, column, &standing);
	check_standing(&standing);
	ck_assert(!standing.override.exists && standing.override.tier == TIER_NONE && !standing.override.has_list);
	ck_assert(!standing.assignment.exists && standing.assignment.list == LIST_NONE && !standing.assignment.is_off);
	ck_assert_int_eq(row_int((struct row){rows, 0}, column + 1), 1);
	ck_assert_int_eq(column + 3, PQnfields(rows));
	check_features(&stored, &standing, scene.arena);
	PQclear(rows);
	/* Hidden: it is not there. */
	plain_run(scene.connection, "UPDATE organisation SET deleted = true WHERE id = 'acme'");
	rows = read_organisation(session, scene.arena, workspace, "acme");
	ck_assert_int_eq(PQntuples(rows), 0);
	PQclear(rows);
	session_close(session);
	scene_free(&scene);
}
END_TEST

/* While a flip is being written, readers see the present edition; from the flip on, the next one. */
START_TEST(test_standing_read_follows_the_edition)
{
	struct scene scene = scene_new();
	struct session *session = session_open(url_of(TEST_DATABASE), 5000, NULL);
	int64_t workspace = make_workspace(scene.connection);
	struct standing standing;
	PGresult *rows;

	plain_run(scene.connection, insert_organisation);
	plain_run(scene.connection, "INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, tier, list,"
				    " revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders,"
				    " reach, inbound, directed, lines_12m) SELECT max(id), 'acme', 1, true, 4250, 'key', 'key', 1, 2, 3, 4, 5, 6,"
				    " 7, 8, 99, 10, 11, 12 FROM workspace");
	rows = read_organisation(session, scene.arena, workspace, "acme");
	standing_read((struct row){rows, 0}, 31, &standing);
	ck_assert_int_eq(standing.tier, TIER_GROWTH);
	PQclear(rows);
	plain_run(scene.connection, "UPDATE workspace SET edition = 1");
	rows = read_organisation(session, scene.arena, workspace, "acme");
	standing_read((struct row){rows, 0}, 31, &standing);
	ck_assert_int_eq(standing.tier, TIER_KEY);
	ck_assert_int_eq(standing.measures.reach, 99);
	PQclear(rows);
	session_close(session);
	scene_free(&scene);
}
END_TEST

START_TEST(test_session_commit_of_a_failed_transaction_is_no_success)
{
	struct session *session = session_open(url_of(TEST_DATABASE), 5000, NULL);
	struct arena *arena = arena_new(1024);
	struct params params = params_in(arena);

	params_bytes(&params, "bad", 3);
	params_int4(&params, 1);
	ck_assert_int_eq(session_begin(session, true), STATUS_OK);
	ck_assert_int_eq(session_run(session, STATEMENT_READ_POLICY, &params, NULL), STATUS_INTERNAL);
	ck_assert_int_eq(session_commit(session), STATUS_INTERNAL);
	ck_assert_int_eq(session_begin(session, false), STATUS_OK);
	session_rollback(session);
	arena_free(arena);
	session_close(session);
	ck_assert_ptr_null(session_open("host=/nonexistent user=nobody", 5000, NULL));
}
END_TEST

Suite *suite_values(void);
Suite *suite_values(void)
{
	Suite *suite = suite_create("store/values");
	TCase *tcase = tcase_create("values");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_params_every_type_comes_back);
	tcase_add_test(tcase, test_params_too_many_fail);
	tcase_add_test(tcase, test_array_column_every_type_comes_back);
	tcase_add_test(tcase, test_array_column_empty_is_empty);
	tcase_add_loop_test(tcase, test_database_status_by_code, 0, (int)COUNT_OF(codes));
	tcase_add_loop_test(tcase, test_canonical_json_of_jsonb, 0, (int)COUNT_OF(documents));
	tcase_add_loop_test(tcase, test_canonical_patched_is_a_merge_patch, 0, (int)COUNT_OF(patches));
	tcase_add_test(tcase, test_canonical_json_no_text_stays_none);
	tcase_add_test(tcase, test_stored_record_read_organisation_and_standing);
	tcase_add_test(tcase, test_standing_read_follows_the_edition);
	tcase_add_test(tcase, test_session_commit_of_a_failed_transaction_is_no_success);
	suite_add_tcase(suite, tcase);
	return suite;
}
