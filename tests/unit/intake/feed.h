/* SPDX-License-Identifier: Apache-2.0 */
/* Running an import case of tests/data/intake/import.json, its input cut anywhere. */
#ifndef TESTS_UNIT_INTAKE_FEED_H
#define TESTS_UNIT_INTAKE_FEED_H

#include "show.h"

/** An import case: how it is read, and its bytes. */
struct feed_case {
	const char *name;
	enum record_kind kind;
	struct import_options options;
	char *input;
	size_t length;
};

/** Borrow a case from its JSON; input is to be freed. */
struct feed_case feed_case_of(const json_t *json);
/**
 * Run it in two pieces, the second beginning at `cut`; cut 0 and length are one piece.
 *
 * @return {"status": …, "rows": […], "problems": […]}; a new reference
 */
json_t *feed_run(const struct feed_case *feed, size_t cut);

#endif
