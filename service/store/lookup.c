/* SPDX-License-Identifier: Apache-2.0 */
/* Taking host names out of a URL, asking the resolver beside the loop, and telling libpq. When to connect is the link's business. */
#include "lookup.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sweetspot/buffer.h>
#include <sweetspot/text.h>

#define ADDRESSES_MOST 16 /* of one name */

/** Lists as libpq takes them, separated by commas, all of the same length. */
struct targets {
	struct buffer hosts, addresses, ports;
	size_t count;
};

/** What the thread works on. Whoever lets go of it last frees it: the resolver may outlast the link that asked. */
struct errand {
	atomic_int holders;
	int news_fd;              /* an eventfd, written when it is done */
	struct text hosts, ports; /* as the URL has them; in `url` */
	PQconninfoOption *url;
	struct targets found;
	const char *failure;      /* of the last name that was not found */
};

struct lookup {
	struct loop *loop;
	const char *url;
	void (*on_done)(void *owner);
	void *owner;
	struct watch watch;
	struct errand *errand;    /* NULL: none yet */
	bool is_under_way;
};

/* ---- Names ---- */

/** Take the part up to the next comma off the list. */
static struct text next_part(struct text *list)
{
	const char *comma = list->length == 0 ? NULL : memchr(list->bytes, ',', list->length);
	size_t length = comma == NULL ? list->length : (size_t)(comma - list->bytes);
	struct text part = {list->bytes, length};

	list->bytes += comma == NULL ? length : length + 1;
	list->length -= comma == NULL ? length : length + 1;
	return part;
}

/** Neither a socket's directory nor an address. */
static bool is_name(struct text host)
{
	char copy[INET6_ADDRSTRLEN];
	uint8_t address[sizeof(struct in6_addr)];

	if (host.length == 0 || host.bytes[0] == '/' || host.bytes[0] == '@')
		return false;
	if (host.length >= sizeof(copy))
		return true;
	memcpy(copy, host.bytes, host.length);
	copy[host.length] = '\0';
	return inet_pton(AF_INET, copy, address) != 1 && inet_pton(AF_INET6, copy, address) != 1;
}

static struct text value_of(const PQconninfoOption *url, const char *keyword)
{
	for (; url->keyword != NULL; url++)
		if (strcmp(url->keyword, keyword) == 0)
			return text_of(url->val == NULL ? "" : url->val);
	return TEXT("");
}

static bool names_hosts(const PQconninfoOption *url)
{
	struct text hosts = value_of(url, "host");

	if (value_of(url, "hostaddr").length > 0)
		return false;
	while (hosts.length > 0)
		if (is_name(next_part(&hosts)))
			return true;
	return false;
}

/* ---- The thread ---- */

static void errand_drop(struct errand *errand)
{
	if (errand == NULL || atomic_fetch_sub(&errand->holders, 1) > 1)
		return;
	if (errand->news_fd >= 0)
		close(errand->news_fd);
	PQconninfoFree(errand->url);
	buffer_release(&errand->found.hosts);
	buffer_release(&errand->found.addresses);
	buffer_release(&errand->found.ports);
	free(errand);
}

static void targets_add(struct targets *targets, struct text host, const char *address, struct text port)
{
	const struct text comma = targets->count++ > 0 ? TEXT(",") : TEXT("");

	buffer_append_text(&targets->hosts, comma);
	buffer_append_text(&targets->hosts, host);
	buffer_append_text(&targets->addresses, comma);
	buffer_append_text(&targets->addresses, text_of(address));
	buffer_append_text(&targets->ports, comma);
	buffer_append_text(&targets->ports, port);
}

/** Every address of the name, in the resolver's order: libpq tries one after the other. */
static void find(struct errand *errand, struct text host, struct text port)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	char name[NI_MAXHOST] = "", address[INET6_ADDRSTRLEN];
	int failed = EAI_NONAME, count = 0;

	if (host.length < sizeof(name)) {
		memcpy(name, host.bytes, host.length);
		failed = getaddrinfo(name, NULL, &hints, &found);
	}
	if (failed != 0) {
		errand->failure = gai_strerror(failed);
		return;
	}
	for (const struct addrinfo *each = found; each != NULL && count < ADDRESSES_MOST; each = each->ai_next)
		if (getnameinfo(each->ai_addr, each->ai_addrlen, address, sizeof(address), NULL, 0, NI_NUMERICHOST) == 0) {
			targets_add(&errand->found, host, address, port);
			count++;
		}
	freeaddrinfo(found);
}

static void *run_thread(void *argument)
{
	struct errand *errand = argument;
	struct text hosts = errand->hosts, ports = errand->ports;
	bool has_one_port = ports.length == 0 || memchr(ports.bytes, ',', ports.length) == NULL;
	const uint64_t one = 1;
	ssize_t ignored;

	while (hosts.length > 0) {
		struct text host = next_part(&hosts), port = has_one_port ? ports : next_part(&ports);

		if (is_name(host))
			find(errand, host, port);
		else
			targets_add(&errand->found, host, "", port);
	}
	buffer_append_char(&errand->found.hosts, '\0');
	buffer_append_char(&errand->found.addresses, '\0');
	buffer_append_char(&errand->found.ports, '\0');
	ignored = write(errand->news_fd, &one, sizeof(one));
	(void)ignored;
	errand_drop(errand);
	return NULL;
}

/** Signals are for the thread that serves. */
static enum status thread_start(struct errand *errand)
{
	pthread_t thread;
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&thread, NULL, run_thread, errand);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed == 0 && pthread_detach(thread) == 0 ? STATUS_OK : STATUS_UNAVAILABLE;
}

/* ---- What a link calls ---- */

static void on_news(struct watch *watch, uint32_t events)
{
	struct lookup *lookup = watch->owner;

	(void)events;
	loop_unwatch(lookup->loop, watch);
	lookup->is_under_way = false;
	lookup->on_done(lookup->owner);
}

enum status lookup_new(struct loop *loop, const char *url, void (*on_done)(void *owner), void *owner, struct lookup **out)
{
	PQconninfoOption *parsed = PQconninfoParse(url, NULL); /* what libpq cannot read it will say itself */
	bool is_needed = parsed != NULL && names_hosts(parsed);

	PQconninfoFree(parsed);
	*out = is_needed ? calloc(1, sizeof(**out)) : NULL;
	if (*out == NULL)
		return is_needed ? STATUS_NO_MEMORY : STATUS_OK;
	**out = (struct lookup){.loop = loop, .url = url, .on_done = on_done, .owner = owner};
	(*out)->watch = (struct watch){.fd = -1, .on_ready = on_news, .owner = *out};
	return STATUS_OK;
}

void lookup_free(struct lookup *lookup)
{
	if (lookup == NULL)
		return;
	loop_unwatch(lookup->loop, &lookup->watch);
	errand_drop(lookup->errand);
	free(lookup);
}

static struct errand *errand_new(const char *url)
{
	struct errand *errand = calloc(1, sizeof(*errand));

	if (errand == NULL)
		return NULL;
	atomic_init(&errand->holders, 1);
	errand->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	errand->url = PQconninfoParse(url, NULL);
	if (errand->news_fd < 0 || errand->url == NULL) {
		errand_drop(errand);
		return NULL;
	}
	errand->hosts = value_of(errand->url, "host");
	errand->ports = value_of(errand->url, "port");
	return errand;
}

enum status lookup_start(struct lookup *lookup)
{
	enum status status;

	if (lookup->is_under_way)
		return STATUS_OK;
	errand_drop(lookup->errand);
	lookup->errand = errand_new(lookup->url);
	if (lookup->errand == NULL)
		return STATUS_NO_MEMORY;
	status = loop_watch(lookup->loop, &lookup->watch, lookup->errand->news_fd, EPOLLIN);
	if (status != STATUS_OK)
		return status;
	atomic_fetch_add(&lookup->errand->holders, 1);
	status = thread_start(lookup->errand);
	if (status != STATUS_OK) {
		loop_unwatch(lookup->loop, &lookup->watch);
		errand_drop(lookup->errand);
	}
	lookup->is_under_way = status == STATUS_OK;
	return status;
}

const char *lookup_failure(const struct lookup *lookup)
{
	const struct errand *errand = lookup->errand;

	if (errand == NULL)
		return "short of memory, or of descriptors";
	if (lookup->is_under_way)
		return "the host's name is still being looked up";
	if (errand->found.hosts.failed || errand->found.addresses.failed || errand->found.ports.failed)
		return "short of memory";
	if (errand->found.count > 0)
		return NULL;
	return errand->failure != NULL ? errand->failure : "no thread can be had to look its name up";
}

void lookup_apply(const struct lookup *lookup, struct connect_words *words)
{
	const struct targets *found = &lookup->errand->found;

	connect_words_add(words, "host", found->hosts.bytes);
	connect_words_add(words, "hostaddr", found->addresses.bytes);
	connect_words_add(words, "port", found->ports.bytes);
}
