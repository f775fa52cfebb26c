/* SPDX-License-Identifier: Apache-2.0 */
/* Criteria by the dice, for whoever searches what would change an organisation's standing. */
#ifndef TESTS_UNIT_HTTP_RANDOM_CRITERIA_H
#define TESTS_UNIT_HTTP_RANDOM_CRITERIA_H

#include <sweetspot/policy.h>

#include "tests/unit/core/random_book.h"

/** Values are small, so that trying all so far away tries all that a rule can tell apart. */
#define CRITERIA_VALUES 30

/** The end of a policy document: up to four criteria over numbers, days near today and a text, of attributes that a record may state. */
void print_criteria(struct dice *dice, char *out, size_t room, int32_t today);
/** The policy that a document is, which must be right. */
void policy_of_json(const char *document, int digits, struct arena *arena, struct policy *out);

#endif
