/* SPDX-License-Identifier: Apache-2.0 */
/* The first so many of any number of things, in room for just so many. */
#ifndef SERVICE_JOBS_FIRST_FEW_H
#define SERVICE_JOBS_FIRST_FEW_H

#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/status.h>

/** Things of one size, compared with one another; copied as they are. Zeroed: may be released. */
struct first_few {
	int (*compare)(const void *a, const void *b);
	size_t bytes;          /* of a thing */
	size_t most, count;    /* wanted; there */
	unsigned char *things; /* on the heap: in no order until first_few_sort */
};

/** Make room. @param most at least 1. @return STATUS_OK or STATUS_NO_MEMORY; first_few_release in either case */
MUST_CHECK enum status first_few_init(struct first_few *few, size_t most, size_t bytes, int (*compare)(const void *a, const void *b));
void first_few_release(struct first_few *few);
/** @return memory taken from the heap */
size_t first_few_bytes(const struct first_few *few);
/** Keep a copy of the thing if it is among the first of those offered so far; what is then one too many goes. */
void first_few_offer(struct first_few *few, const void *thing);
/** Bring what is there into its order, in place. Nothing is offered afterwards, unless count is set to 0. */
void first_few_sort(struct first_few *few);

#endif
