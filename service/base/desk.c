/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of questions and the boxes of answers, under one lock. Who asks and who answers is decided elsewhere. */
#include <sweetspot/desk.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <sweetspot/clock.h>

#define ARENA_BLOCK_BYTES 16384

/** Where a question is. */
enum stage {
	STAGE_NEW,       /* the asker's */
	STAGE_WAITING,   /* in the desk's queue */
	STAGE_TAKEN,     /* with the answering thread */
	STAGE_ANSWERED,  /* in its box */
};

/** Questions in order of arrival. */
struct queue {
	struct question *first, *last;
	size_t count;
};

struct desk {
	pthread_mutex_t lock;       /* of everything here, of the boxes' queues, and of box, next and stage of every question asked */
	pthread_cond_t has_news;
	struct desk_limits limits;
	struct queue waiting;
	struct question *taken;     /* NULL: nobody answers at the moment */
	bool closed;
};

struct desk_box {
	struct desk *desk;
	struct loop *loop;
	struct watch watch;         /* of the eventfd */
	int news_fd;
	struct queue answered;
};

/* ---- Queues ---- */

static void queue_push(struct queue *queue, struct question *question)
{
	question->next = NULL;
	if (queue->last != NULL)
		queue->last->next = question;
	else
		queue->first = question;
	queue->last = question;
	queue->count++;
}

static struct question *queue_pop(struct queue *queue)
{
	struct question *question = queue->first;

	if (question == NULL)
		return NULL;
	queue->first = question->next;
	if (queue->first == NULL)
		queue->last = NULL;
	queue->count--;
	return question;
}

static void queue_remove(struct queue *queue, struct question *question)
{
	struct queue rest = {0};

	for (struct question *each = queue_pop(queue); each != NULL; each = queue_pop(queue))
		if (each != question)
			queue_push(&rest, each);
	*queue = rest;
}

/* ---- Questions ---- */

struct question *question_new(int topic, int64_t workspace)
{
	struct question *question = calloc(1, sizeof(*question));

	if (question == NULL)
		return NULL;
	question->topic = topic;
	question->workspace = workspace;
	question->arena = arena_new(ARENA_BLOCK_BYTES);
	if (question->arena == NULL) {
		free(question);
		return NULL;
	}
	return question;
}

void question_free(struct question *question)
{
	if (question == NULL)
		return;
	arena_free(question->arena);
	free(question);
}

/* ---- The desk ---- */

struct desk *desk_new(struct desk_limits limits)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	if (desk == NULL)
		return NULL;
	desk->limits = limits;
	pthread_mutex_init(&desk->lock, NULL);
	pthread_cond_init(&desk->has_news, NULL);
	return desk;
}

void desk_free(struct desk *desk)
{
	if (desk == NULL)
		return;
	pthread_cond_destroy(&desk->has_news);
	pthread_mutex_destroy(&desk->lock);
	free(desk);
}

/** Under the lock: put the answer into its box, or away where nobody wants it. */
static void deliver(struct question *question)
{
	const uint64_t one = 1;
	ssize_t ignored;

	if (question->box == NULL) {
		question_free(question);
		return;
	}
	question->stage = STAGE_ANSWERED;
	queue_push(&question->box->answered, question);
	ignored = write(question->box->news_fd, &one, sizeof(one));
	(void)ignored;
}

static void refuse(struct question *question, enum status status)
{
	question->status = status;
	deliver(question);
}

/** Under the lock. */
static size_t asked_by(const struct desk *desk, int64_t workspace)
{
	size_t count = desk->taken != NULL && desk->taken->workspace == workspace;

	for (const struct question *question = desk->waiting.first; question != NULL; question = question->next)
		count += question->workspace == workspace;
	return count;
}

static enum status admit(struct desk *desk, struct question *question)
{
	if (desk->closed)
		return STATUS_UNAVAILABLE;
	if (desk->waiting.count >= desk->limits.questions || asked_by(desk, question->workspace) >= desk->limits.of_a_workspace)
		return STATUS_TOO_MANY;
	question->stage = STAGE_WAITING;
	queue_push(&desk->waiting, question);
	pthread_cond_signal(&desk->has_news);
	return STATUS_OK;
}

enum status desk_ask(struct desk_box *box, struct question *question)
{
	struct desk *desk = box->desk;
	enum status status;

	question->desk = desk;
	question->box = box;
	pthread_mutex_lock(&desk->lock);
	status = admit(desk, question);
	pthread_mutex_unlock(&desk->lock);
	return status;
}

/** Under the lock: forget the asker. @return whether the question is nobody's any more */
static bool withdraw(struct question *question)
{
	struct desk_box *box = question->box;

	question->box = NULL;
	if (question->stage == STAGE_WAITING)
		queue_remove(&question->desk->waiting, question);
	else if (question->stage == STAGE_ANSWERED)
		queue_remove(&box->answered, question);
	return question->stage != STAGE_TAKEN;
}

void desk_withdraw(struct question *question)
{
	struct desk *desk = question->desk;
	bool is_free;

	pthread_mutex_lock(&desk->lock);
	is_free = withdraw(question);
	pthread_mutex_unlock(&desk->lock);
	if (is_free)
		question_free(question);
}

/* ---- Answering ---- */

struct question *desk_take(struct desk *desk)
{
	struct question *question = NULL;

	pthread_mutex_lock(&desk->lock);
	while (!desk->closed && question == NULL) {
		question = queue_pop(&desk->waiting);
		if (question == NULL) {
			pthread_cond_wait(&desk->has_news, &desk->lock);
		} else if (clock_ticks_us() >= question->deadline_us) {
			refuse(question, STATUS_DEADLINE);
			question = NULL;
		}
	}
	if (question != NULL) {
		question->stage = STAGE_TAKEN;
		desk->taken = question;
	}
	pthread_mutex_unlock(&desk->lock);
	return question;
}

void desk_put(struct question *question)
{
	struct desk *desk = question->desk;

	pthread_mutex_lock(&desk->lock);
	desk->taken = NULL;
	deliver(question);
	pthread_mutex_unlock(&desk->lock);
}

bool question_is_over(const struct question *question)
{
	struct desk *desk = question->desk;
	bool is_over;

	pthread_mutex_lock(&desk->lock);
	is_over = desk->closed || question->box == NULL;
	pthread_mutex_unlock(&desk->lock);
	return is_over || clock_ticks_us() >= question->deadline_us;
}

void desk_close(struct desk *desk)
{
	pthread_mutex_lock(&desk->lock);
	desk->closed = true;
	for (struct question *question = queue_pop(&desk->waiting); question != NULL; question = queue_pop(&desk->waiting))
		refuse(question, STATUS_UNAVAILABLE);
	pthread_cond_broadcast(&desk->has_news);
	pthread_mutex_unlock(&desk->lock);
}

/* ---- Boxes ---- */

static struct question *next_answer(struct desk_box *box)
{
	struct question *question;

	pthread_mutex_lock(&box->desk->lock);
	question = queue_pop(&box->answered);
	pthread_mutex_unlock(&box->desk->lock);
	return question;
}

static void on_news(struct watch *watch, uint32_t events)
{
	struct desk_box *box = watch->owner;
	struct question *question;
	uint64_t count;
	ssize_t ignored = read(box->news_fd, &count, sizeof(count));

	(void)ignored;
	(void)events;
	while ((question = next_answer(box)) != NULL) {
		question->on_done(question);
		question_free(question);
	}
}

struct desk_box *desk_box_new(struct desk *desk, struct loop *loop)
{
	struct desk_box *box = calloc(1, sizeof(*box));

	if (box == NULL)
		return NULL;
	*box = (struct desk_box){.desk = desk, .loop = loop, .watch = {.fd = -1, .on_ready = on_news, .owner = box}};
	box->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (box->news_fd < 0 || loop_watch(loop, &box->watch, box->news_fd, EPOLLIN) != STATUS_OK) {
		desk_box_free(box);
		return NULL;
	}
	return box;
}

/** Under the lock. */
static void withdraw_all(struct desk_box *box)
{
	struct desk *desk = box->desk;
	struct queue waiting = desk->waiting;
	struct question *question;

	desk->waiting = (struct queue){0};
	while ((question = queue_pop(&waiting)) != NULL) {
		if (question->box == box)
			question_free(question);
		else
			queue_push(&desk->waiting, question);
	}
	while ((question = queue_pop(&box->answered)) != NULL)
		question_free(question);
	if (desk->taken != NULL && desk->taken->box == box)
		desk->taken->box = NULL;
}

void desk_box_free(struct desk_box *box)
{
	if (box == NULL)
		return;
	pthread_mutex_lock(&box->desk->lock);
	withdraw_all(box);
	pthread_mutex_unlock(&box->desk->lock);
	loop_unwatch(box->loop, &box->watch);
	if (box->news_fd >= 0)
		close(box->news_fd);
	free(box);
}
