/* SPDX-License-Identifier: Apache-2.0 */
/* A prospect's qualification as JSON, in records, explanations and answers of POST /v1/qualify alike. */
#ifndef SERVICE_HTTP_QUALIFICATION_JSON_H
#define SERVICE_HTTP_QUALIFICATION_JSON_H

#include <sweetspot/subject.h>

#include "http.h"

/** A prospect as it is shown. */
struct qualified_prospect {
	const struct standing *standing;
	struct prospect prospect;
	struct qualification found;   /* zeroed without a review */
	enum finding *findings;       /* one a criterion of the policy */
};

/** Qualify what a standing keeps of a prospect, under the rules it was made under. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status http_qualified_find(const struct stored_record *stored, const struct standing *standing, struct http_present present,
                                           struct rules rules, struct arena *arena, struct qualified_prospect *out);
/** The member "qualification". @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status http_qualification_write(struct json_writer *w, const struct qualified_prospect *qualified, struct rules rules,
                                                int currency_digits, struct arena *arena);

#endif
