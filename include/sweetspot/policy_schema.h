/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy document may say, as a JSON Schema (2020-12) with every default. */
#ifndef SWEETSPOT_POLICY_SCHEMA_H
#define SWEETSPOT_POLICY_SCHEMA_H

#include <jansson.h>

/**
 * The schema of what PUT /v1/policy takes. What it cannot say, its descriptions do: `edges` ascend, each criterion has an id of its own,
 * the lower end of a `between` comes first.
 *
 * @param currency_digits  decimals of the workspace's money, 0..6
 * @return                 new; NULL when memory is short
 */
json_t *policy_schema(int currency_digits);

#endif
