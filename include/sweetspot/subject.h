/* SPDX-License-Identifier: Apache-2.0 */
/* An organisation's record, its contacts' personas and its deals as what the criteria of a policy look at. */
#ifndef SWEETSPOT_SUBJECT_H
#define SWEETSPOT_SUBJECT_H

#include <jansson.h>

#include <sweetspot/store.h>

/** What qualification reads of an organisation besides its record. Texts are borrowed. */
struct subject_facts {
	const struct text *personas;  /* of its contacts, as they are spelled */
	size_t persona_count;
	int64_t open_amount;          /* of open deals with an amount above 0, minor units; 0: none */
	int64_t largest_open;
};

/** @return whether two standings keep the same, as the table keeps it */
bool qualified_equal(const struct qualified *a, const struct qualified *b);

/** The elements of a JSON value: of a list its elements, blank ones and objects left out. In the arena. */
MUST_CHECK enum status elements_of_json(struct arena *arena, const json_t *json, struct elements *out);

/**
 * What an organisation's attributes hold under a name, spelled as the record shows it.
 *
 * @param attributes  a JSON object; no text: none
 * @return            JSON in the arena, null where it is not there; {NULL, 0} when memory is short
 */
struct text subject_attribute_json(struct arena *arena, struct text attributes, struct text name);

/**
 * The elements of everything the criteria of a policy look at.
 *
 * @param record  an organisation; what it leaves out is missing
 * @param out     as many as the policy has attributes, in the arena; unchanged on failure
 * @return        STATUS_OK, STATUS_NO_MEMORY, or STATUS_MALFORMED for texts or JSON that no write lets in
 */
MUST_CHECK enum status subject_elements(const struct policy *policy, const struct record *record, const struct subject_facts *facts,
                                        struct arena *arena, struct elements **out);

/** What a record says of a prospect beside what its criteria and deals do. */
struct terms {
	int64_t expected_annual;  /* as given, minor units; -1: not given */
	int32_t revisit_on;       /* DAY_NONE: not given */
};
struct terms terms_of(const struct record *record);

/**
 * Judge an organisation under a policy: what it fits, and of a prospect its findings, open deals and access.
 *
 * @param out  all but verdict and size, which need a review; its texts in the arena; unchanged on failure
 * @return     as subject_elements
 */
MUST_CHECK enum status subject_judge(const struct policy *policy, const struct record *record, bool is_account,
                                     const struct subject_facts *facts, struct arena *arena, struct qualified *out);

/** What qualification reads of a prospect, out of what is kept of it. */
struct prospect prospect_of(const struct qualified *qualified, const struct features *features, const struct terms *terms,
                            const struct policy *policy);

/**
 * Say where an organisation stands under a review, from its measures and what it was judged to be: scores, tier and list; of a prospect
 * verdict, size and list.
 *
 * @param features   as features_of, with the sides to keep to
 * @param standing   measures and qualified are given; sides stay; without a review nothing is classified
 * @param scoring    of an account; zeroed for a prospect
 */
void standing_classify(const struct features *features, const struct terms *terms, struct rules rules, int32_t day,
                       struct standing *standing, struct scoring *scoring);

#endif
