/* SPDX-License-Identifier: Apache-2.0 */
/* Puts one line together on the stack and writes it. Where the lines go from stderr is the operator's business. */
#include <sweetspot/log.h>

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sweetspot/calendar.h>
#include <sweetspot/clock.h>

/* A pipe takes so many bytes in one piece (PIPE_BUF), so lines of several processes do not mix. */
#define LINE_BYTES 4096
#define BODY_BYTES 2048

/* Set once at start, before there is a second thread: the one mutable thing at file scope. */
static enum log_level lowest = LOG_INFO;

/** A bounded place to write to; what does not fit is left out, and `is_cut` says so. */
struct line {
	char *at;
	char *end;
	bool is_cut;
};

void log_set_level(enum log_level level)
{
	lowest = level;
}

static void put(struct line *line, const char *bytes, size_t length)
{
	if (line->is_cut || length > (size_t)(line->end - line->at)) {
		line->is_cut = true;
		return;
	}
	memcpy(line->at, bytes, length);
	line->at += length;
}

static void put_string(struct line *line, const char *string)
{
	put(line, string, strlen(string));
}

static void put_hex(struct line *line, unsigned char c)
{
	char escape[5];

	snprintf(escape, sizeof(escape), "\\x%02x", c);
	put_string(line, escape);
}

/** Every control character becomes visible: a line feed or a terminal's escape from outside must not act. */
static void put_escaped(struct line *line, struct text text, const char *also)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.bytes[i];
		bool is_c1 = c == 0xc2 && i + 1 < text.length && (unsigned char)text.bytes[i + 1] < 0xa0;

		if (c == '\n') {
			put_string(line, "\\n");
		} else if (c < 0x20 || c == 0x7f) {
			put_hex(line, c);
		} else if (is_c1) {
			put_hex(line, c);
			put_hex(line, (unsigned char)text.bytes[++i]);
		} else {
			if (strchr(also, c) != NULL)
				put_string(line, "\\");
			put(line, &text.bytes[i], 1);
		}
	}
}

const char *log_value(char storage[LOG_VALUE_BYTES], struct text value)
{
	static const char cut[] = "...";
	struct line line = {storage, storage + LOG_VALUE_BYTES - sizeof(cut) - 1, false};
	bool needs_quotes = value.length == 0 || text_has_control(value);

	for (size_t i = 0; i < value.length && !needs_quotes; i++)
		needs_quotes = strchr(" =\"\\", value.bytes[i]) != NULL;
	if (needs_quotes)
		put_string(&line, "\"");
	put_escaped(&line, value, "\"\\");
	line.end += sizeof(cut);
	if (line.is_cut) {
		line.is_cut = false;
		put_string(&line, cut);
	}
	if (needs_quotes)
		put_string(&line, "\"");
	*line.at = '\0';
	return storage;
}

static void write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDERR_FILENO, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return;
		bytes += written;
		length -= (size_t)written;
	}
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
	static const char *const names[] = {" debug ", " info ", " warn ", " error "};
	char bytes[LINE_BYTES], body[BODY_BYTES], now[28];
	struct line line = {bytes, bytes + sizeof(bytes) - 1, false};
	int saved = errno;

	va_list arguments;
	int length;

	if (level < lowest)
		return;
	va_start(arguments, format);
	length = vsnprintf(body, sizeof(body), format, arguments);
	va_end(arguments);
	instant_format(clock_now_us(), now);
	put_string(&line, now);
	put_string(&line, names[level]);
	put_escaped(&line, text_of(event), "");
	if (length > 0) {
		put_string(&line, " ");
		put_escaped(&line, text_of(body), "");
	}
	*line.at++ = '\n';
	write_all(bytes, (size_t)(line.at - bytes));
	errno = saved;
}
