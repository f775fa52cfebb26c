/* SPDX-License-Identifier: Apache-2.0 */
/* Where each element of a stream begins and ends. Whether it is JSON is the parser's business, one element at a time. */
#include "json_stream.h"

#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";
#define MARK_BYTES (sizeof(byte_order_mark) - 1)

void intake_json_stream_init(struct json_stream *stream, bool lines, size_t row_bytes, json_stream_on_element *on_element, void *owner)
{
	*stream = (struct json_stream){.lines = lines, .row_bytes = row_bytes, .on_element = on_element, .owner = owner};
}

void intake_json_stream_release(struct json_stream *stream)
{
	buffer_release(&stream->element);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/** Keep bytes of the element, or only the fact that there were too many. */
static void keep(struct json_stream *stream, const char *bytes, size_t length)
{
	if (stream->too_long)
		return;
	if (length > stream->row_bytes - stream->element.length) {
		stream->too_long = true;
		buffer_clear(&stream->element);
		return;
	}
	buffer_append(&stream->element, bytes, length);
}

static enum status hand_over(struct json_stream *stream, struct text element)
{
	bool too_long = stream->too_long;
	enum status status;

	if (stream->element.failed)
		return STATUS_NO_MEMORY;
	status = stream->on_element(stream->owner, too_long ? TEXT("") : element, too_long);
	buffer_clear(&stream->element);
	stream->too_long = false;
	return status;
}

/* --- a JSON array -------------------------------------------------------------------------------------------------- */

/**
 * Find the end of the element: behind its closing bracket or quote, or before what follows a number or word.
 *
 * @return how many of the bytes belong to it; *ended tells whether it ends there
 */
static size_t scan_element(struct json_stream *stream, const char *bytes, size_t length, bool *ended)
{
	*ended = true;
	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];

		if (stream->in_string) {
			stream->in_string = c != '"' || stream->escaped;
			stream->escaped = c == '\\' && !stream->escaped;
			if (!stream->in_string && stream->depth == 0)
				return i + 1;
			continue;
		}
		if (stream->depth == 0 && (c == ',' || c == ']' || c == '}' || is_space(c)))
			return i;
		if (c == '"')
			stream->in_string = true;
		else if (c == '[' || c == '{')
			stream->depth++;
		else if ((c == ']' || c == '}') && --stream->depth == 0)
			return i + 1;
	}
	*ended = false;
	return length;
}

static size_t take_element(struct json_stream *stream, const char *bytes, size_t length, enum status *status)
{
	bool ended;
	size_t taken = scan_element(stream, bytes, length, &ended);

	keep(stream, bytes, taken);
	if (ended) {
		stream->state = STREAM_BEHIND;
		*status = hand_over(stream, buffer_text(&stream->element));
	}
	return taken;
}

static enum status complain(struct json_stream *stream, const char *complaint)
{
	stream->complaint = complaint;
	return STATUS_MALFORMED;
}

static enum status take_start(struct json_stream *stream, char c)
{
	if (stream->mark < MARK_BYTES && c == byte_order_mark[stream->mark]) {
		stream->mark++;
		return STATUS_OK;
	}
	if (c != '[' || (stream->mark != 0 && stream->mark != MARK_BYTES))
		return complain(stream, "a JSON import is an array of records and begins with [; records one a line are application/x-ndjson");
	stream->state = STREAM_FIRST;
	return STATUS_OK;
}

/**
 * Take a byte from between elements.
 *
 * @return 1, or 0 when the byte begins an element
 */
static size_t take_between(struct json_stream *stream, char c, enum status *status)
{
	if (is_space(c))
		return 1;
	switch (stream->state) {
	case STREAM_START:
		*status = take_start(stream, c);
		return 1;
	case STREAM_BEHIND:
		if (c != ',' && c != ']')
			*status = complain(stream, "a record is followed by something that is neither a comma nor ]");
		stream->state = c == ',' ? STREAM_NEXT : STREAM_END;
		return 1;
	case STREAM_END:
		*status = complain(stream, "something stands behind the array's ]");
		return 1;
	default:
		break;
	}
	if (c == ']' && stream->state == STREAM_FIRST) {
		stream->state = STREAM_END;
		return 1;
	}
	if (c == ',' || c == ']' || c == '}') {
		*status = complain(stream, "a record is missing beside a comma");
		return 1;
	}
	stream->state = STREAM_ELEMENT;
	return 0;
}

static enum status feed_array(struct json_stream *stream, const char *bytes, size_t length)
{
	enum status status = STATUS_OK;
	size_t at = 0;

	while (at < length && status == STATUS_OK) {
		if (stream->state == STREAM_ELEMENT)
			at += take_element(stream, bytes + at, length - at, &status);
		else
			at += take_between(stream, bytes[at], &status);
	}
	return status;
}

/* --- NDJSON -------------------------------------------------------------------------------------------------------- */

static enum status end_line(struct json_stream *stream)
{
	struct text line = buffer_text(&stream->element);
	bool first = stream->state == STREAM_START;

	if (stream->element.failed)
		return STATUS_NO_MEMORY;
	stream->state = STREAM_NEXT;
	if (first && line.length >= MARK_BYTES && memcmp(line.bytes, byte_order_mark, MARK_BYTES) == 0) {
		line.bytes += MARK_BYTES;
		line.length -= MARK_BYTES;
	}
	while (line.length > 0 && is_space(line.bytes[0])) {
		line.bytes++;
		line.length--;
	}
	while (line.length > 0 && is_space(line.bytes[line.length - 1]))
		line.length--;
	if (line.length > 0 || stream->too_long)
		return hand_over(stream, line);
	buffer_clear(&stream->element);
	return STATUS_OK;
}

static enum status feed_lines(struct json_stream *stream, const char *bytes, size_t length)
{
	enum status status = STATUS_OK;

	while (length > 0 && status == STATUS_OK) {
		const char *end = memchr(bytes, '\n', length);
		size_t taken = end == NULL ? length : (size_t)(end - bytes);

		keep(stream, bytes, taken);
		if (end != NULL) {
			status = end_line(stream);
			taken++;
		}
		bytes += taken;
		length -= taken;
	}
	return status;
}

enum status intake_json_stream_feed(struct json_stream *stream, const char *bytes, size_t length)
{
	enum status status = stream->lines ? feed_lines(stream, bytes, length) : feed_array(stream, bytes, length);

	return status == STATUS_OK && stream->element.failed ? STATUS_NO_MEMORY : status;
}

enum status intake_json_stream_finish(struct json_stream *stream)
{
	if (stream->lines)
		return end_line(stream);
	if (stream->state == STREAM_START)
		return complain(stream, "the import is empty; an array of records is expected, [] for none");
	if (stream->state != STREAM_END)
		return complain(stream, "the array breaks off: its ] is missing");
	return STATUS_OK;
}
