/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON straight into a buffer: what jansson would need a tree for. */
#ifndef SWEETSPOT_JSON_WRITER_H
#define SWEETSPOT_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sweetspot/buffer.h>

/** Commas and colons are the writer's business; nesting is the caller's. Errors are the buffer's sticky `failed`. */
struct json_writer {
	struct buffer *out;
	bool needs_comma;
};

/** A writer of one value at the buffer's end; the buffer is borrowed. */
struct json_writer json_writer_to(struct buffer *out);
/** {, behind a comma where one is due; the caller closes it. */
void json_open_object(struct json_writer *w);
void json_close_object(struct json_writer *w);
/** [, behind a comma where one is due; the caller closes it. */
void json_open_array(struct json_writer *w);
void json_close_array(struct json_writer *w);
/**
 * A member's name and its colon, inside an object; the value is the next thing written. Escaped like json_text; "no text" is the empty
 * name.
 */
void json_key_text(struct json_writer *w, struct text name);
/** As json_key_text, of length bytes that need no escape. */
void json_key_plain(struct json_writer *w, const char *name, size_t length);
/** As json_key_plain. Names that stand in the code are measured by the compiler. */
static inline void json_key(struct json_writer *w, const char *name)
{
	json_key_plain(w, name, strlen(name));
}
/** Not json_null: jansson has one. */
void json_write_null(struct json_writer *w);
void json_bool(struct json_writer *w, bool value);
void json_int(struct json_writer *w, int64_t value);
/** A number times 10^-digits (0 to 18), exactly and without trailing zeros after the point: 149398, 2 → 1493.98; 4100, 2 → 41 */
void json_scaled(struct json_writer *w, int64_t value, int digits);
/** A string, or null for "no text"; bytes are escaped as RFC 8259 asks, and assumed to be UTF-8. */
void json_text(struct json_writer *w, struct text value);
/** "2026-03-01", or null for DAY_NONE (calendar.h) */
void json_day(struct json_writer *w, int32_t day);
/** "2026-03-01T09:30:00Z", with milliseconds or microseconds only where they are not zero; null for INSTANT_NONE */
void json_instant(struct json_writer *w, int64_t instant_us);
/** A value that is JSON already, as it stands; null for "no text" */
void json_raw(struct json_writer *w, struct text json);

#endif
