/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts a JSON array or NDJSON into the texts of its elements, fed in any pieces; the elements themselves are not parsed here. */
#ifndef SWEETSPOT_INTAKE_JSON_STREAM_H
#define SWEETSPOT_INTAKE_JSON_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include <sweetspot/buffer.h>
#include <sweetspot/status.h>

/**
 * @param element   its text, while the call runs
 * @param too_long  it had more than row_bytes; element is empty
 */
typedef enum status json_stream_on_element(void *owner, struct text element, bool too_long);

enum json_stream_state { STREAM_START, STREAM_FIRST, STREAM_NEXT, STREAM_ELEMENT, STREAM_BEHIND, STREAM_END };

/** Memory: a small multiple of row_bytes, whatever comes in. */
struct json_stream {
	bool lines;             /* NDJSON: an element a line, blank lines skipped */
	size_t row_bytes;
	json_stream_on_element *on_element;
	void *owner;
	const char *complaint;  /* what is wrong when feed or finish fail with STATUS_MALFORMED. Static storage */

	enum json_stream_state state;
	size_t mark;            /* bytes of a byte order mark seen */
	size_t depth;           /* brackets open inside the element */
	bool in_string, escaped;
	struct buffer element;
	bool too_long;
};

void intake_json_stream_init(struct json_stream *stream, bool lines, size_t row_bytes, json_stream_on_element *on_element, void *owner);
void intake_json_stream_release(struct json_stream *stream);
/** @return STATUS_OK, STATUS_MALFORMED (what stands between elements is not an array's), STATUS_NO_MEMORY, or what on_element returned */
MUST_CHECK enum status intake_json_stream_feed(struct json_stream *stream, const char *bytes, size_t length);
/** The input has ended. @return as feed; STATUS_MALFORMED for an array that is not closed */
MUST_CHECK enum status intake_json_stream_finish(struct json_stream *stream);

#endif
