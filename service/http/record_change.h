/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers and days of an organisation's own record, and numbers among its attributes, as measures of a search for what changes it. */
#ifndef SERVICE_HTTP_RECORD_CHANGE_H
#define SERVICE_HTTP_RECORD_CHANGE_H

#include <sweetspot/record.h>

#include "would_change.h"

/** One measure being looked at. */
struct pulled {
	enum organisation_field field;  /* ORGANISATION_FIELDS: none of them */
	int other;                      /* without a field: what it is to its owner; 0: an attribute that criteria look at */
	int32_t attribute;              /* of the policy's attributes; -1: no criterion looks at it */
	struct measure measure;
	struct record_change *changing;
	char *letters;                  /* as the findings, one a criterion: those of the attribute are judged anew */
	int64_t *edges;                 /* where a rule may say something else: from there on, behind it, or there alone */
	size_t edge_count;
};

/** A search over one record. What is asked is set by the owner, the rest by record_change_begin. */
struct record_change {
	const struct record *record;
	struct text findings;           /* what its criteria found, a letter each; what is not among them is unknown */
	const struct policy *policy;
	int32_t day;
	struct arena *arena;
	void *of;                       /* the owner's */
	/** @return the outcome with a measure at a value; fit: what the criteria then come to, NULL where none looks at it */
	struct outcome_seen (*see)(void *of, const struct pulled *pulled, int64_t value, const struct fit_weights *fit);
	/** Add where the owner's rules compare a measure with something, OTHER_EDGES at most; what criteria name is there. */
	void (*add_edges)(void *of, struct pulled *pulled);
	struct change_search search;
	const struct elements *elements;  /* one each attribute of the policy */
	int64_t values;                   /* how many all criteria name */
	bool failed;                      /* for want of memory; nothing alters then */
};
#define OTHER_EDGES 12

/** Begin a search from how the record stands. @return STATUS_OK; STATUS_NO_MEMORY; STATUS_MALFORMED for what no write lets in */
MUST_CHECK enum status record_change_begin(struct record_change *changing, struct outcome_seen now);
/** Search every number and day that the record states, and numbers among its attributes that criteria look at. @return as begin */
MUST_CHECK enum status record_change_search(struct record_change *changing);
/** Search one measure more, of the owner's. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status record_change_pull(struct record_change *changing, struct pulled *pulled);
/** Keep an edge that can be walked to. */
void pulled_add_edge(struct pulled *pulled, int128 at);
/** Let the walk stop beside all edges so far: where the outcome may change between them, too. */
void pulled_widen_edges(struct pulled *pulled);

#endif
