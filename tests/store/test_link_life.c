/* SPDX-License-Identifier: Apache-2.0 */
/* The pipelined link's life: servers that are not there or say nothing, death and coming back, the end. */
#include "link_scene.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

START_TEST(test_link_death_answers_all_once_and_comes_back)
{
	struct link_scene *scene = link_scene_new();

	plain_run(scene->beside, "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE");
	for (int i = 0; i < 5; i++)
		scene_version(scene);
	scene_sync(scene);
	turn_for(scene->loop, NULL, 100 * MS);
	plain_run(scene->beside, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test link'");
	turn_until_count(scene->loop, NULL, &scene->downs, 1);
	ck_assert_int_eq(scene->answers, 6);
	for (int i = 0; i < 6; i++) {
		ck_assert_int_eq(scene->order[i], i);
		ck_assert_int_eq(scene->statuses[i], STATUS_UNAVAILABLE);
		ck_assert(!scene->aborted[i]);
	}
	ck_assert(!link_is_up(scene->link));
	plain_run(scene->beside, "ROLLBACK");
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	/* What was prepared is gone with the session. */
	scene_version(scene);
	scene_sync(scene);
	scene_wait_for(scene, 8);
	ck_assert_int_eq(scene->statuses[6], STATUS_OK);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_death_while_idle_comes_back)
{
	struct link_scene *scene = link_scene_new();

	turn_for(scene->loop, NULL, 50 * MS);
	plain_run(scene->beside, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test link'");
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	ck_assert_int_eq(scene->downs, 1);
	ck_assert_int_eq(scene->answers, 0);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_reset_answers_and_comes_back)
{
	struct link_scene *scene = link_scene_new();
	struct link_entry refused = {.on_answer = scene_on_answer, .owner = scene};

	scene_version(scene);
	link_reset(scene->link);
	ck_assert_int_eq(scene->answers, 0);
	ck_assert_int_eq(link_query(scene->link, STATEMENT_READ_KEY_VERSION, NULL, &refused), STATUS_UNAVAILABLE);
	ck_assert_int_eq(link_sync(scene->link, &refused), STATUS_UNAVAILABLE);
	turn_until_count(scene->loop, NULL, &scene->ups, 2);
	ck_assert_int_eq(scene->answers, 1);
	ck_assert_int_eq(scene->statuses[0], STATUS_UNAVAILABLE);
	link_scene_free(scene);
}
END_TEST

START_TEST(test_link_free_answers_outstanding)
{
	struct link_scene *scene = link_scene_new();

	scene_version(scene);
	scene_sync(scene);
	link_free(scene->link);
	scene->link = NULL;
	ck_assert_int_eq(scene->answers, 2);
	ck_assert_int_eq(scene->statuses[0], STATUS_UNAVAILABLE);
	ck_assert_int_eq(scene->downs, 0);
	link_scene_free(scene);
}
END_TEST

/** A server that takes connections and says nothing. */
static int listen_silently(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, path, strlen(path));
	unlink(path);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

START_TEST(test_link_connect_unreachable_never_blocks)
{
	struct link_scene *scene = calloc(1, sizeof(*scene));
	int64_t longest = 0;

	scene->loop = loop_new();
	scene->link = scene_link_to(scene, "host=127.0.0.1 port=1 user=nobody");
	for (int64_t end = clock_ticks_us() + SECOND; clock_ticks_us() < end;) {
		int64_t before = clock_ticks_us();

		loop_turn(scene->loop, MS);
		if (clock_ticks_us() - before > longest)
			longest = clock_ticks_us() - before;
	}
	ck_assert_int_lt(longest, 200 * MS);
	ck_assert_int_eq(scene->ups, 0);
	ck_assert(!link_is_up(scene->link));
	link_free(scene->link);
	loop_free(scene->loop);
	free(scene);
}
END_TEST

START_TEST(test_link_connect_silent_server_is_given_up)
{
	struct link_scene *scene = calloc(1, sizeof(*scene));
	char directory[] = "/tmp/link-test.XXXXXX", path[64], url[128];
	int fd, first, second;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", directory);
	snprintf(url, sizeof(url), "host=%s port=5432 user=nobody", directory);
	fd = listen_silently(path);
	scene->loop = loop_new();
	scene->link = scene_link_to(scene, url);
	turn_for(scene->loop, NULL, 200 * MS);
	first = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_int_ge(first, 0);
	turn_for(scene->loop, NULL, 6 * SECOND);
	second = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_int_ge(second, 0);
	link_free(scene->link);
	loop_free(scene->loop);
	close(fd);
	close(first);
	close(second);
	unlink(path);
	rmdir(directory);
	free(scene);
}
END_TEST

/* ---- Names ---- */

#define SLOW_MS 1500

static pthread_t asked_by; /* who asked for a name last; read once its answer has come */

/**
 * In front of the system's, for this program and for libpq in it. A name server that takes its time over `slow.test`, which has two
 * addresses, and does not know `dead.test`.
 */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	int (*systems)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	struct addrinfo *second = NULL;
	int failed;

	*(void **)&systems = dlsym(RTLD_NEXT, "getaddrinfo");
	if (name == NULL || (strcmp(name, "slow.test") != 0 && strcmp(name, "dead.test") != 0))
		return systems(name, service, hints, out);
	asked_by = pthread_self();
	usleep(SLOW_MS * 1000);
	if (strcmp(name, "dead.test") == 0)
		return EAI_AGAIN;
	failed = systems("127.0.0.2", service, hints, out);
	if (failed == 0)
		failed = systems("127.0.0.1", service, hints, &second);
	if (failed == 0)
		(*out)->ai_next = second;
	return failed;
}

static int listen_on_loopback(int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

/** @return the longest of its turns */
static int64_t turn_and_time(struct loop *loop, int64_t us)
{
	int64_t longest = 0;

	for (int64_t end = clock_ticks_us() + us; clock_ticks_us() < end;) {
		int64_t before = clock_ticks_us();

		loop_turn(loop, MS);
		if (clock_ticks_us() - before > longest)
			longest = clock_ticks_us() - before;
	}
	return longest;
}

/* Nobody listens on the first address: the second is tried. */
START_TEST(test_link_names_are_looked_up_beside_the_loop)
{
	struct link_scene *scene = calloc(1, sizeof(*scene));
	char url[128];
	int port, peer, fd = listen_on_loopback(&port);

	snprintf(url, sizeof(url), "postgresql://nobody@slow.test:%d/none?sslmode=disable", port);
	scene->loop = loop_new();
	scene->link = scene_link_to(scene, url);
	ck_assert_int_lt(turn_and_time(scene->loop, SLOW_MS * MS + SECOND), 500 * MS);
	peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	ck_assert_int_ge(peer, 0);
	ck_assert(!pthread_equal(asked_by, pthread_self()));
	link_free(scene->link);
	loop_free(scene->loop);
	close(peer);
	close(fd);
	free(scene);
}
END_TEST

START_TEST(test_link_name_that_is_not_found_is_asked_for_again)
{
	struct link_scene *scene = calloc(1, sizeof(*scene));

	scene->loop = loop_new();
	scene->link = scene_link_to(scene, "host=dead.test,/nowhere user=nobody");
	ck_assert_int_lt(turn_and_time(scene->loop, 2 * SLOW_MS * MS + SECOND), 500 * MS);
	ck_assert(!link_is_up(scene->link));
	ck_assert(link_is_out_of_reach(scene->link));
	/* Under way once more: whoever is asked outlasts the link. */
	link_free(scene->link);
	loop_free(scene->loop);
	free(scene);
}
END_TEST

Suite *suite_link_life(void);
Suite *suite_link_life(void)
{
	Suite *suite = suite_create("store/link_life");
	TCase *tcase = tcase_create("link_life");

	TCase *death = tcase_create("death");

	tcase_set_timeout(death, 60);
	tcase_add_test(death, test_link_death_answers_all_once_and_comes_back);
	tcase_add_test(death, test_link_death_while_idle_comes_back);
	suite_add_tcase(suite, death);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_link_reset_answers_and_comes_back);
	tcase_add_test(tcase, test_link_free_answers_outstanding);
	tcase_add_test(tcase, test_link_connect_unreachable_never_blocks);
	tcase_add_test(tcase, test_link_connect_silent_server_is_given_up);
	tcase_add_test(tcase, test_link_names_are_looked_up_beside_the_loop);
	tcase_add_test(tcase, test_link_name_that_is_not_found_is_asked_for_again);
	suite_add_tcase(suite, tcase);
	return suite;
}
