/* SPDX-License-Identifier: Apache-2.0 */
/* Size bands as JSON, for whoever shows some. What they mean is said in bands.h. */
#ifndef SERVICE_HTTP_BANDS_JSON_H
#define SERVICE_HTTP_BANDS_JSON_H

#include <sweetspot/bands.h>
#include <sweetspot/json_writer.h>
#include <sweetspot/policy.h>

/** The member "bands": an array of objects. */
void bands_write(struct json_writer *w, const struct size_bands *bands, int currency_digits);
/** A member {"from": 500, "to": null}: 0 is null. */
void bands_range_write(struct json_writer *w, const char *name, struct size_range range, int currency_digits);
/** The members "floor", "floor_source" and "derived_floor" under the policy in force. */
void bands_floor_write(struct json_writer *w, const struct size_bands *bands, const struct policy *policy, int currency_digits);
/** The member "selling": what the active sellers have to make in which time; null when it is not known. */
void bands_selling_write(struct json_writer *w, const struct selling *selling, int currency_digits);
/** A member: what a deal of some amount is worth by its band's figures, and what it takes; all null where none of that size was closed. */
void bands_proof_write(struct json_writer *w, const char *name, const struct size_bands *bands, int64_t amount_minor,
                       int64_t hour_cost_minor, int currency_digits);
/** Deals hardly become ten times as large. */
#define DEAL_SIZE_MOST_PCT 1000
/** A member {"deal_size_pct": 25, "sellers": […]}: what deals that much larger would make of who has won one. @param pct above 0 */
void bands_larger_write(struct json_writer *w, const char *name, const struct size_bands *bands, const struct band_seller *sellers,
                        size_t count, int64_t pct, int currency_digits);

#endif
