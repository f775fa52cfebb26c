/* SPDX-License-Identifier: Apache-2.0 */
/* A pipelined link under test, and what became of what was sent on it. */
#ifndef TESTS_STORE_LINK_SCENE_H
#define TESTS_STORE_LINK_SCENE_H

#include "support.h"

#include "../../service/store/link.h"

#define LINK_SCENE_MOST 64

/** A link, and what became of what was sent. */
struct link_scene {
	struct loop *loop;
	struct arena *arena;
	struct link *link;
	PGconn *beside;
	int ups, downs;
	struct link_entry entries[LINK_SCENE_MOST];
	enum status statuses[LINK_SCENE_MOST];
	bool aborted[LINK_SCENE_MOST];
	int rows[LINK_SCENE_MOST];
	int64_t values[LINK_SCENE_MOST]; /* first column of the first row */
	int order[LINK_SCENE_MOST]; /* entries in the order of their answers */
	int answers;
	int sent;
};

/** A link that is up. */
struct link_scene *link_scene_new(void);
void link_scene_free(struct link_scene *scene);
/** A link that tries to connect there. */
struct link *scene_link_to(struct link_scene *scene, const char *url);
/** What an entry of the scene does when it is answered. */
void scene_on_answer(struct link_entry *entry, enum status status, PGresult *result);

/* Send something; @return its place in the scene's arrays. */
int scene_query(struct link_scene *scene, enum statement statement, const struct params *params);
int scene_sync(struct link_scene *scene);
int scene_version(struct link_scene *scene);
/** A statement that PostgreSQL refuses: a bigint of three bytes. */
int scene_bad(struct link_scene *scene);
int scene_create_key(struct link_scene *scene, int64_t workspace, const char *id);
/** Turn the loop until so many are answered. */
void scene_wait_for(struct link_scene *scene, int answers);

#endif
