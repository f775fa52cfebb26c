/* SPDX-License-Identifier: Apache-2.0 */
/* Chance that comes out the same on every machine: splitmix64, integers alone. */
#ifndef CMD_SWEETSPOT_DEMO_RANDOM_H
#define CMD_SWEETSPOT_DEMO_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/** @return least..most, both included */
static inline int64_t random_between(struct random *random, int64_t least, int64_t most)
{
	return least + (int64_t)(random_next(random) % (uint64_t)(most - least + 1));
}

static inline bool random_chance(struct random *random, int percent)
{
	return random_between(random, 1, 100) <= percent;
}

#endif
