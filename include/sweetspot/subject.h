/* SPDX-License-Identifier: Apache-2.0 */
/* An organisation's record, its contacts' personas and its deals as what the criteria of a policy look at. */
#ifndef SWEETSPOT_SUBJECT_H
#define SWEETSPOT_SUBJECT_H

#include <jansson.h>

#include <sweetspot/qualification.h>

/** What qualification reads of an organisation besides its record. Texts are borrowed. */
struct subject_facts {
	const struct text *personas;  /* of its contacts, as they are spelled */
	size_t persona_count;
	int64_t open_amount;          /* of open deals with an amount above 0, minor units; 0: none */
	int64_t largest_open;
};

/** The elements of a JSON value: of a list its elements, blank ones and objects left out. In the arena. */
MUST_CHECK enum status elements_of_json(struct arena *arena, const json_t *json, struct elements *out);

/**
 * The elements of everything the criteria of a policy look at.
 *
 * @param record           an organisation; what it leaves out is missing
 * @param currency_digits  of the workspace's currency: money is compared in currency units
 * @param out              as many as the policy has attributes, in the arena; unchanged on failure
 * @return                 STATUS_OK, STATUS_NO_MEMORY, or STATUS_MALFORMED for texts or JSON that no write lets in
 */
MUST_CHECK enum status subject_elements(const struct policy *policy, const struct record *record, const struct subject_facts *facts,
                                        int currency_digits, struct arena *arena, struct elements **out);

/**
 * All that qualification reads of an organisation, its criteria judged.
 *
 * @param features  its features under the review: cohort and status
 * @param findings  NULL, or room for the policy's criteria_count
 * @return          as subject_elements
 */
MUST_CHECK enum status subject_read(const struct policy *policy, const struct record *record, const struct subject_facts *facts,
                                    const struct features *features, int currency_digits, struct arena *arena, enum finding *findings,
                                    struct prospect *out);

#endif
