/* SPDX-License-Identifier: Apache-2.0 */
/* The two clocks. Only rooms above core may look at them. */
#ifndef SWEETSPOT_CLOCK_H
#define SWEETSPOT_CLOCK_H

#include <stdint.h>
#include <time.h>

/** Wall clock, microseconds since 1970 UTC: for what is stored and shown. */
int64_t clock_now_us(void);
/** Monotonic clock, microseconds: for deadlines and durations. */
int64_t clock_ticks_us(void);
/** A time of either clock, or a duration, as the system calls want it. */
struct timespec clock_timespec(int64_t us);

#endif
