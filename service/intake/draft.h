/* SPDX-License-Identifier: Apache-2.0 */
/* A record being put together from named parts, wherever they come from. */
#ifndef SWEETSPOT_INTAKE_DRAFT_H
#define SWEETSPOT_INTAKE_DRAFT_H

#include <sweetspot/intake.h>

#include "values.h"

enum target_kind {
	TARGET_UNKNOWN,
	TARGET_FIELD,
	TARGET_ID,
	TARGET_CURRENCY,
	TARGET_SELLER_SOURCE,
	TARGET_SOURCE_AT,
	TARGET_COMPUTED,       /* what GET answers beside the fields: accepted and ignored */
};

/** What a name in a body, or a column, stands for. */
struct target {
	enum target_kind kind;
	int field;  /* TARGET_FIELD: its index in the shape; else 0 */
};

/** Look a name up: fields first, then the names that every kind has. */
struct target intake_target_find(enum record_kind kind, struct text name);
bool intake_target_equal(struct target a, struct target b);
/** Whether this part must be taken before the others, because it decides how they are read (currency, seller_source). */
bool intake_target_leads(struct target target);

/** A part's value as it came: JSON, or the text of a cell when json is NULL. Borrowed. */
struct given {
	const json_t *json;
	struct text text;
};

/** Begin with intake_draft_init, take parts (leading ones first), end with intake_draft_finish. */
struct draft {
	const struct record_shape *shape;
	const struct intake_context *context;
	struct reading reading;
	struct money_reading money;
	struct record *out;
	bool has_path_id;
	bool id_is_wrong;          /* and that has been said */
	bool seller_is_derived;
	json_t *extra;             /* names without a field, kept as attributes; linked to the arena. NULL: such names are refused */
	bool has_extra;            /* there was such a name, perhaps without a value */
	const json_t *attributes;  /* given ones, until they are merged with extra */
	size_t problems_before;
};

/**
 * @param id       from the path; NULL bytes: the parts must bring one
 * @param decimal  how texts write decimals
 * @param out      filled as parts are taken; not to be used unless intake_draft_finish says STATUS_OK
 */
void intake_draft_init(struct draft *draft, enum record_kind kind, struct text id, struct text pointer, char decimal,
                       const struct intake_context *context, struct arena *arena, struct record *out, struct problems *problems);
/** Keep names without a field as attributes (intake_draft_keep). @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status intake_draft_keep_extra(struct draft *draft);
/** Take one part; what is wrong with it is added to the problems. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status intake_draft_take(struct draft *draft, struct target target, struct text name, struct given given);
/** Keep a value as attribute `name`; null and blank texts are left out. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status intake_draft_keep(struct draft *draft, struct text name, struct given given);
/** @return STATUS_OK; STATUS_INVALID when there were problems; STATUS_NO_MEMORY */
MUST_CHECK enum status intake_draft_finish(struct draft *draft);

#endif
