/* SPDX-License-Identifier: Apache-2.0 */
/* A count, and a condition for those who wait until it grows. What there is to do is not known here. */
#include <sweetspot/bell.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct bell {
	pthread_mutex_t lock;
	pthread_cond_t rung;
	uint64_t count;
};

struct bell *bell_new(void)
{
	struct bell *bell = calloc(1, sizeof(*bell));
	pthread_condattr_t by_ticks;

	if (bell == NULL)
		return NULL;
	pthread_mutex_init(&bell->lock, NULL);
	pthread_condattr_init(&by_ticks);
	pthread_condattr_setclock(&by_ticks, CLOCK_MONOTONIC);
	pthread_cond_init(&bell->rung, &by_ticks);
	pthread_condattr_destroy(&by_ticks);
	return bell;
}

void bell_free(struct bell *bell)
{
	if (bell == NULL)
		return;
	pthread_cond_destroy(&bell->rung);
	pthread_mutex_destroy(&bell->lock);
	free(bell);
}

void bell_ring(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	bell->count++;
	pthread_cond_broadcast(&bell->rung);
	pthread_mutex_unlock(&bell->lock);
}

uint64_t bell_count(struct bell *bell)
{
	uint64_t count;

	pthread_mutex_lock(&bell->lock);
	count = bell->count;
	pthread_mutex_unlock(&bell->lock);
	return count;
}

static struct timespec ticks_in(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += ms % 1000 * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

void bell_wait(struct bell *bell, uint64_t heard, int64_t ms)
{
	const struct timespec until = ticks_in(ms);
	int over = 0;

	pthread_mutex_lock(&bell->lock);
	while (bell->count == heard && over == 0)
		over = pthread_cond_timedwait(&bell->rung, &bell->lock, &until);
	pthread_mutex_unlock(&bell->lock);
}
