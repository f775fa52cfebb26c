/* SPDX-License-Identifier: Apache-2.0 */
/* Overrides end by themselves when the day moves past them. */
#ifndef SERVICE_JOBS_OVERRIDE_TURNS_H
#define SERVICE_JOBS_OVERRIDE_TURNS_H

#include "flip.h"

/**
 * Write into the history which overrides the new day ends (or, when it lies before the old one, brings back), with the contributions in
 * force from then on. In the transaction that brings the day into force, behind the statement that does. @return as session_run
 */
MUST_CHECK enum status jobs_overrides_turn(struct flip *flip);

#endif
