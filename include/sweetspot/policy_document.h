/* SPDX-License-Identifier: Apache-2.0 */
/* The policy as a JSON document (domain.md §12): its defaults, how a PUT and a PATCH make the next one, and what it says as a struct. */
#ifndef SWEETSPOT_POLICY_DOCUMENT_H
#define SWEETSPOT_POLICY_DOCUMENT_H

#include <jansson.h>

#include <sweetspot/policy.h>
#include <sweetspot/problem.h>

/** @return the default policy as JSON text, complete; static */
struct text policy_document_default(void);

/**
 * What a PUT makes of its body: every name that is left out takes its default, down to the names within full, cuts, let_go, time and the
 * weights. Lists, rates and the rule of one cut-off are replaced as a whole. Wrong types and unknown names stay as they are, for decode
 * to complain about.
 *
 * @param given  borrowed
 * @return       new, complete; NULL when memory is short
 */
json_t *policy_document_complete(const json_t *given);

/**
 * What a PATCH makes of the present document: a JSON merge patch (RFC 7396); a name that null took away is back at its default. A cut-off
 * patched from a percentile to a score, or back, forgets the other.
 *
 * @param current  borrowed
 * @param patch    borrowed
 * @return         new, complete; NULL when memory is short
 */
json_t *policy_document_patch(const json_t *current, const json_t *patch);

/**
 * Check a document against domain.md §12, every field of it, and say what it means. Names that are left out count as their defaults.
 *
 * @param document         borrowed; texts are copied into the arena
 * @param currency_digits  of the workspace's currency, 0..6
 * @param out              all but `version`, which is left as it is; unchanged on failure
 * @param problems         all errors at once
 * @return                 STATUS_OK, STATUS_INVALID with problems, STATUS_NO_MEMORY
 */
MUST_CHECK enum status policy_document_decode(const json_t *document, int currency_digits, struct arena *arena, struct policy *out,
                                              struct problems *problems);

#endif
