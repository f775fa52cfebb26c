/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy document may say, as a JSON Schema (2020-12) with every default. */
#ifndef SWEETSPOT_POLICY_SCHEMA_H
#define SWEETSPOT_POLICY_SCHEMA_H

#include <jansson.h>

/**
 * The schema of what PUT /v1/policy takes. Two things it cannot say, and its descriptions do: that `edges` ascend, and that the lower end of
 * a `between` comes first, as ids of criteria come once.
 *
 * @param currency_digits  decimals of the workspace's money, 0..6
 * @return                 new; NULL when memory is short
 */
json_t *policy_schema(int currency_digits);

#endif
