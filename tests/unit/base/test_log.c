/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: their shape, and that nothing from outside can forge one. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <sweetspot/calendar.h>
#include <sweetspot/log.h>

#include "expect.h"

static int real_stderr;
static int pipe_ends[2];

static void catch_stderr(void)
{
	ck_assert_int_eq(pipe(pipe_ends), 0);
	real_stderr = dup(STDERR_FILENO);
	ck_assert_int_ge(dup2(pipe_ends[1], STDERR_FILENO), 0);
}

/** Give stderr back and return what was written to it, the time cut off. */
static const char *caught(char *out, size_t size)
{
	char bytes[8192];
	ssize_t length;
	int64_t instant;
	const char *blank;

	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	close(pipe_ends[1]);
	length = read(pipe_ends[0], bytes, sizeof(bytes) - 1);
	close(pipe_ends[0]);
	ck_assert_int_ge(length, 0);
	bytes[length] = '\0';
	if (length == 0)
		return "";
	blank = strchr(bytes, ' ');
	ck_assert_ptr_nonnull(blank);
	ck_assert(instant_parse((struct text){bytes, (size_t)(blank - bytes)}, &instant));
	snprintf(out, size, "%s", blank + 1);
	return out;
}

START_TEST(test_log_event_line_is_logfmt)
{
	char line[8192];

	catch_stderr();
	log_event(LOG_WARN, "link_lost", "host=%s attempt=%d", "db-1", 3);
	ck_assert_str_eq(caught(line, sizeof(line)), "warn link_lost host=db-1 attempt=3\n");
}
END_TEST

START_TEST(test_log_event_without_pairs_has_no_blank_behind)
{
	char line[8192];

	catch_stderr();
	log_event(LOG_ERROR, "stopped", "%s", "");
	ck_assert_str_eq(caught(line, sizeof(line)), "error stopped\n");
}
END_TEST

START_TEST(test_log_event_below_the_level_is_silent)
{
	char line[8192];

	catch_stderr();
	log_event(LOG_DEBUG, "detail", "a=%d", 1);
	log_set_level(LOG_ERROR);
	log_event(LOG_WARN, "warned", "a=%d", 1);
	log_set_level(LOG_DEBUG);
	log_event(LOG_DEBUG, "detail", "a=%d", 2);
	log_set_level(LOG_INFO);
	ck_assert_str_eq(caught(line, sizeof(line)), "debug detail a=2\n");
}
END_TEST

START_TEST(test_log_event_control_characters_cannot_forge_a_line)
{
	char line[8192];

	catch_stderr();
	log_event(LOG_INFO, "seen", "path=%s", "/x\n2026-03-01T09:30:00Z error forged\r\t\x1b[2J\x7f\xc2\x9b" "1m\xc3\xa9");
	ck_assert_str_eq(caught(line, sizeof(line)),
			 "info seen path=/x\\n2026-03-01T09:30:00Z error forged\\x0d\\x09\\x1b[2J\\x7f\\xc2\\x9b" "1m\xc3\xa9\n");
}
END_TEST

START_TEST(test_log_event_too_long_is_cut_but_one_line)
{
	char value[6000], line[8192];
	size_t length;

	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	catch_stderr();
	log_event(LOG_INFO, "long", "value=%s", value);
	caught(line, sizeof(line));
	length = strlen(line);
	ck_assert_uint_lt(length, 4096);
	ck_assert_uint_gt(length, 1000);
	ck_assert_ptr_eq(strchr(line, '\n'), line + length - 1);
	memset(value, '\n', sizeof(value) - 1);
	catch_stderr();
	log_event(LOG_INFO, "long", "value=%s", value);
	caught(line, sizeof(line));
	ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
}
END_TEST

START_TEST(test_log_event_errno_is_kept)
{
	char line[8192];

	catch_stderr();
	errno = ENOTTY;
	log_event(LOG_INFO, "kept", "a=%d", 1);
	ck_assert_int_eq(errno, ENOTTY);
	caught(line, sizeof(line));
}
END_TEST

START_TEST(test_log_value_vectors_match)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"plain", "plain"},       {"", "\"\""},         {"a b", "\"a b\""},
		{"a=b", "\"a=b\""},       {"a\"b", "\"a\\\"b\""}, {"a\\b", "\"a\\\\b\""},
		{"a\nb", "\"a\\nb\""},    {"\x1b[2J", "\"\\x1b[2J\""}, {"S\xc3\xb8ren", "S\xc3\xb8ren"},
	};
	char storage[LOG_VALUE_BYTES];

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		ck_assert_str_eq(log_value(storage, text_of(cases[i].from)), cases[i].to);
	ck_assert_str_eq(log_value(storage, (struct text){NULL, 0}), "\"\"");
	ck_assert_str_eq(log_value(storage, TEXT("a\0b")), "\"a\\x00b\"");
}
END_TEST

START_TEST(test_log_value_any_length_fits_and_shows_the_cut)
{
	char value[600], storage[LOG_VALUE_BYTES];

	for (size_t length = 0; length < sizeof(value); length++)
		for (int kind = 0; kind < 3; kind++) {
			size_t written;

			memset(value, "x \n"[kind], length);
			written = strlen(log_value(storage, (struct text){value, length}));
			ck_assert_uint_lt(written, LOG_VALUE_BYTES);
			if (length > LOG_VALUE_BYTES)
				ck_assert_ptr_nonnull(strstr(storage, "..."));
			if (kind > 0)
				ck_assert_int_eq(storage[written - 1], '"');
		}
}
END_TEST

Suite *suite_log(void);
Suite *suite_log(void)
{
	Suite *suite = suite_create("log");
	TCase *tcase = tcase_create("log");

	tcase_add_test(tcase, test_log_event_line_is_logfmt);
	tcase_add_test(tcase, test_log_event_without_pairs_has_no_blank_behind);
	tcase_add_test(tcase, test_log_event_below_the_level_is_silent);
	tcase_add_test(tcase, test_log_event_control_characters_cannot_forge_a_line);
	tcase_add_test(tcase, test_log_event_too_long_is_cut_but_one_line);
	tcase_add_test(tcase, test_log_event_errno_is_kept);
	tcase_add_test(tcase, test_log_value_vectors_match);
	tcase_add_test(tcase, test_log_value_any_length_fits_and_shows_the_cut);
	suite_add_tcase(suite, tcase);
	return suite;
}
