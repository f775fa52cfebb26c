/* SPDX-License-Identifier: Apache-2.0 */
/* How an import renames columns and translates values: `?map=` and `?values=`, parsed and looked up. */
#ifndef SWEETSPOT_INTAKE_PLAN_H
#define SWEETSPOT_INTAKE_PLAN_H

#include "draft.h"

/** One entry of map. */
struct renaming {
	struct text source;
	struct target target;
	struct text name;   /* of the target */
};

/** One entry of values. */
struct translation {
	struct target target;
	struct text folded;       /* the value, as text_fold leaves it */
	struct text replacement;
};

/** Both, in the arena they were parsed into. */
struct plan {
	enum record_kind kind;
	enum import_extra extra;
	struct renaming *map;
	size_t map_count;
	struct translation *values;
	size_t value_count;
};

/** @return STATUS_OK, perhaps with problems at "?map", "?values", "?extra"; STATUS_NO_MEMORY */
MUST_CHECK enum status intake_plan_parse(struct plan *plan, enum record_kind kind, const struct import_options *options,
                                         struct arena *arena, struct problems *problems);
/** @return the entry that fills a target, or NULL */
const struct renaming *intake_plan_source(const struct plan *plan, struct target target);
/**
 * Translate a value of a target.
 *
 * @param text        UTF-8
 * @param *translated whether there was an entry; *text then is its replacement, which lives as long as the plan
 * @param arena       for scratch
 */
MUST_CHECK enum status intake_plan_translate(const struct plan *plan, struct target target, struct arena *arena, struct text *text,
                                             bool *translated);

#endif
