/* SPDX-License-Identifier: Apache-2.0 */
/* Sending on a link, and keeping what is answered. Nothing is tested here. */
#include "link_scene.h"

#include <stdio.h>
#include <stdlib.h>

static void on_up(struct link *link)
{
	((struct link_scene *)link_owner(link))->ups++;
}

static void on_down(struct link *link)
{
	((struct link_scene *)link_owner(link))->downs++;
}

void scene_on_answer(struct link_entry *entry, enum status status, PGresult *result)
{
	struct link_scene *scene = entry->owner;
	int i = (int)(entry - scene->entries);

	ck_assert_int_lt(scene->answers, LINK_SCENE_MOST);
	scene->statuses[i] = status;
	scene->aborted[i] = entry->aborted;
	if (PQresultStatus(result) == PGRES_TUPLES_OK) {
		scene->rows[i] = PQntuples(result);
		if (scene->rows[i] > 0)
			scene->values[i] = row_int((struct row){result, 0}, 0);
	}
	scene->order[scene->answers++] = i;
	PQclear(result);
}

struct link *scene_link_to(struct link_scene *scene, const char *url)
{
	const struct link_options options = {
		.url = url,
		.name = "test link",
		.statement_ms = 5000,
		.lock_ms = 2000,
		.idle_ms = 5000,
		.on_up = on_up,
		.on_down = on_down,
		.owner = scene,
	};
	struct link *link = NULL;

	ck_assert_int_eq(link_new(scene->loop, &options, &link), STATUS_OK);
	return link;
}

struct link_scene *link_scene_new(void)
{
	struct link_scene *scene = calloc(1, sizeof(*scene));
	static char url[1024];

	snprintf(url, sizeof(url), "%s", url_of(TEST_DATABASE));
	scene->loop = loop_new();
	scene->arena = arena_new(4096);
	scene->beside = plain_connect(TEST_DATABASE);
	scene->link = scene_link_to(scene, url);
	turn_until_count(scene->loop, NULL, &scene->ups, 1);
	return scene;
}

void link_scene_free(struct link_scene *scene)
{
	link_free(scene->link);
	loop_free(scene->loop);
	arena_free(scene->arena);
	PQfinish(scene->beside);
	free(scene);
}

int scene_query(struct link_scene *scene, enum statement statement, const struct params *params)
{
	int i = scene->sent++;

	scene->entries[i] = (struct link_entry){.on_answer = scene_on_answer, .owner = scene};
	ck_assert_int_eq(link_query(scene->link, statement, params, &scene->entries[i]), STATUS_OK);
	return i;
}

int scene_sync(struct link_scene *scene)
{
	int i = scene->sent++;

	scene->entries[i] = (struct link_entry){.on_answer = scene_on_answer, .owner = scene};
	ck_assert_int_eq(link_sync(scene->link, &scene->entries[i]), STATUS_OK);
	return i;
}

int scene_version(struct link_scene *scene)
{
	return scene_query(scene, STATEMENT_READ_KEY_VERSION, NULL);
}

int scene_bad(struct link_scene *scene)
{
	struct params params = params_in(scene->arena);

	params_bytes(&params, "bad", 3);
	params_int4(&params, 1);
	return scene_query(scene, STATEMENT_READ_POLICY, &params);
}

int scene_create_key(struct link_scene *scene, int64_t workspace, const char *id)
{
	struct params params = params_in(scene->arena);

	params_int8(&params, workspace);
	params_text(&params, text_of(id));
	params_bytes(&params, id, strlen(id));
	params_text(&params, TEXT("read"));
	return scene_query(scene, STATEMENT_CREATE_KEY, &params);
}

void scene_wait_for(struct link_scene *scene, int answers)
{
	turn_until_count(scene->loop, NULL, &scene->answers, answers);
}
