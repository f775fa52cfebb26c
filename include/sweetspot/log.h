/* SPDX-License-Identifier: Apache-2.0 */
/* One line a fact, on stderr: `2026-03-01T09:30:00Z level event key=value ...` (logfmt). */
#ifndef SWEETSPOT_LOG_H
#define SWEETSPOT_LOG_H

#include <sweetspot/text.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/** Lowest level that is written; LOG_INFO until set. Called once at start, before threads. */
void log_set_level(enum log_level level);
/**
 * Write one line, atomically with respect to other threads (a single write(2)).
 *
 * @param event   what happened, snake_case; pairs follow as a printf format: "host=%s attempt=%d". Control characters come out
 *                escaped, so no value can begin a line of its own; a value from outside goes through log_value, so that it cannot
 *                pass for a pair of its own either. What is beyond 2 KiB is cut. errno is kept.
 */
void log_event(enum log_level level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define LOG_VALUE_BYTES 256

/**
 * Make a value from outside fit for "key=%s": quoted and escaped where it has blanks, quotes, '=' or control characters, or is
 * empty; cut with "..." when long.
 *
 * @return storage, NUL-terminated
 */
const char *log_value(char storage[LOG_VALUE_BYTES], struct text value);

#endif
