/* SPDX-License-Identifier: Apache-2.0 */
/* Two threads for two halves. What a half is, and that they do not get into each other's way, is the caller's. */
#include "halves.h"

#include <pthread.h>

struct hand {
	struct half half;
	enum status (*run)(const struct half *half);
	atomic_bool *is_off;
	enum status status;
};

static void *work(void *argument)
{
	struct hand *hand = argument;

	hand->status = hand->run(&hand->half);
	if (hand->status != STATUS_OK)
		atomic_store(hand->is_off, true);
	return NULL;
}

/** Signals stay where they are: a runner's thread has them all blocked, and this one inherits that. */
static bool start(struct hand *hand, struct job *mate, pthread_t *thread)
{
	struct job *own = hand->half.job;

	if (mate == NULL)
		return false;
	mate->workspace = own->workspace;
	hand->half.job = mate;
	if (pthread_create(thread, NULL, work, hand) == 0)
		return true;
	hand->half.job = own;
	return false;
}

enum status jobs_in_halves(struct job *job, enum status (*run)(const struct half *half), void *const contexts[2])
{
	atomic_bool is_off = false;
	struct hand hands[2];
	pthread_t thread;
	bool has_thread;

	for (size_t i = 0; i < 2; i++)
		hands[i] = (struct hand){.half = {job, &is_off, contexts[i]}, .run = run, .is_off = &is_off};
	has_thread = start(&hands[1], job->mate, &thread);
	work(&hands[0]);
	if (has_thread)
		pthread_join(thread, NULL);
	else
		work(&hands[1]);
	return hands[0].status == STATUS_OK ? hands[1].status : hands[0].status;
}
