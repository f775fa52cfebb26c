/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this room share. */
#ifndef TESTS_UNIT_BASE_EXPECT_H
#define TESTS_UNIT_BASE_EXPECT_H

#include <check.h>
#include <string.h>

#include <sweetspot/arena.h>
#include <sweetspot/text.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/** The text has exactly these bytes and is there at all. */
static inline void expect_text(struct text actual, const char *expected)
{
	ck_assert_ptr_nonnull(actual.bytes);
	ck_assert_msg(text_equal(actual, text_of(expected)), "got \"%.*s\", expected \"%s\"", TEXT_ARGS(actual), expected);
}

/** An arena whose blocks no machine can give: every allocation from it fails. */
static inline struct arena *starving_arena(void)
{
	struct arena *arena = arena_new((size_t)1 << 61);

	ck_assert_ptr_nonnull(arena);
	return arena;
}

#endif
