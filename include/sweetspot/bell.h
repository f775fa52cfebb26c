/* SPDX-License-Identifier: Apache-2.0 */
/* Wakes threads that pause between two looks for work. */
#ifndef SWEETSPOT_BELL_H
#define SWEETSPOT_BELL_H

#include <stdint.h>

/** Any number of threads ring and wait. */
struct bell;

/** @return NULL when memory is short */
struct bell *bell_new(void);
/** Nobody may be waiting any more. NULL is allowed. */
void bell_free(struct bell *bell);
/** Wake all that wait. */
void bell_ring(struct bell *bell);
/** @return how often it has rung; taken before a look, so that a ring during the look is heard behind it */
uint64_t bell_count(struct bell *bell);
/** Return when it has rung since it had rung `heard` times, which may be at once, or after so many milliseconds. */
void bell_wait(struct bell *bell, uint64_t heard, int64_t ms);

#endif
