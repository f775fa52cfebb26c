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
/** What the criteria of a prospect are looked at in. */
struct seen {
	const struct record *record;
	struct text personas;         /* JSON array; no text: none */
	const struct policy *policy;
	struct arena *arena;
};

/** The member "criteria": each with what it found, and in what. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status http_criteria_write(struct json_writer *w, const enum finding *findings, const struct seen *seen);
/** The members "fit", "size" and "verdicts": what was compared with what, and every verdict that holds, with its reasons. */
void http_verdicts_write(struct json_writer *w, const struct qualified_prospect *qualified, struct rules rules, int currency_digits);
/** One criterion without what it saw, as a member of an open array. */
void http_criterion_write(struct json_writer *w, const struct criterion *criterion, const struct policy *policy, enum finding finding);

#endif
