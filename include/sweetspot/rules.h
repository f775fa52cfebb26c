/* SPDX-License-Identifier: Apache-2.0 */
/* A policy and a review as jobs load them. */
#ifndef SWEETSPOT_RULES_H
#define SWEETSPOT_RULES_H

#include <sweetspot/store.h>

/**
 * Load rules by a blocking session.
 *
 * @param review  0: none, out->review is NULL
 * @param out     in the arena; untouched on failure
 * @return        STATUS_OK; STATUS_NOT_FOUND: there is no such policy or review; STATUS_NO_MEMORY; STATUS_INTERNAL: the document cannot be
 *                read; or what session_run says
 */
MUST_CHECK enum status rules_load(struct session *session, int64_t workspace, int32_t policy, int32_t review, struct arena *arena,
                                  struct rules *out);

#endif
