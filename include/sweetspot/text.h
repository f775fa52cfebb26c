/* SPDX-License-Identifier: Apache-2.0 */
/* Counted UTF-8 text that somebody else owns. */
#ifndef SWEETSPOT_TEXT_H
#define SWEETSPOT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/arena.h>
#include <sweetspot/status.h>

/** A borrowed run of bytes, not NUL-terminated unless said. {NULL, 0} is "no text"; {"", 0} is the empty text. */
struct text {
	const char *bytes;
	size_t length;
};

/** A text literal with its length, for initialisers and expressions. */
#define TEXT(literal) ((struct text){"" literal, sizeof(literal) - 1})

/** @return a view of a NUL-terminated string; {NULL, 0} for NULL */
struct text text_of(const char *string);
/** @return whether both have the same bytes; "no text" equals the empty text */
bool text_equal(struct text a, struct text b);
/** Order by bytes, shorter first on a tie: the order of ids (domain.md §1). @return <0, 0, >0 */
int text_compare(struct text a, struct text b);
/** @return the text without leading and trailing white space (Unicode White_Space; borrowed from the argument) */
struct text text_trim(struct text text);
/** @return whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms) */
bool text_is_utf8(struct text text);
/** @return whether any code point is a control character (C0, DEL, C1) */
bool text_has_control(struct text text);
/** Copy into the arena, NUL-terminated behind the counted bytes. @return {NULL, 0} when memory is short, and for "no text" */
struct text text_copy(struct arena *arena, struct text text);
/**
 * Trim, then full Unicode case folding (libunistring, u8_casefold, no normalisation): the form in which industry, region,
 * country, line, persona and criteria compare (domain.md §1).
 *
 * @param out  the folded text in the arena, NUL-terminated; "no text" stays "no text"; unchanged on failure
 * @return     STATUS_OK, STATUS_NO_MEMORY, or STATUS_MALFORMED for bytes that are not UTF-8
 */
MUST_CHECK enum status text_fold(struct arena *arena, struct text text, struct text *out);
/** printf into the arena. @return a NUL-terminated text; {NULL, 0} when memory is short */
struct text text_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** As text_format, for callers that have the arguments as a list. */
struct text text_format_list(struct arena *arena, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/** printf arguments for "%.*s" */
#define TEXT_ARGS(text) (int)(text).length, (text).bytes == NULL ? "" : (text).bytes

#endif
