/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the clocks. What day it is for a book is data and not asked here. */
#include <sweetspot/clock.h>

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_ticks_us(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

struct timespec clock_timespec(int64_t us)
{
	return (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
}
