/* SPDX-License-Identifier: Apache-2.0 */
/* A count, and a condition for those who wait until it grows. What there is to do is not known here. */
#include <sweetspot/bell.h>

#include <pthread.h>
#include <stdlib.h>

#include <sweetspot/clock.h>

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

void bell_wait(struct bell *bell, uint64_t heard, int64_t ms)
{
	const struct timespec until = clock_timespec(clock_ticks_us() + ms * 1000);
	int over = 0;

	pthread_mutex_lock(&bell->lock);
	while (bell->count == heard && over == 0)
		over = pthread_cond_timedwait(&bell->rung, &bell->lock, &until);
	pthread_mutex_unlock(&bell->lock);
}
