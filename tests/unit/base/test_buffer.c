/* SPDX-License-Identifier: Apache-2.0 */
/* Growing bytes: content survives growth, the failure is sticky, integers are big-endian. */
#include <stdint.h>

#include <sweetspot/buffer.h>

#include "expect.h"

START_TEST(test_buffer_append_grows_and_keeps_content)
{
	struct buffer buffer = {0};

	for (int i = 0; i < 10000; i++)
		buffer_append_char(&buffer, (char)('a' + i % 26));
	ck_assert_uint_eq(buffer.length, 10000);
	ck_assert(!buffer.failed);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(buffer.bytes[i], 'a' + i % 26);
	buffer_release(&buffer);
	ck_assert_ptr_null(buffer.bytes);
	ck_assert_uint_eq(buffer.capacity, 0);
}
END_TEST

START_TEST(test_buffer_append_nothing_changes_nothing)
{
	struct buffer buffer = {0};

	buffer_append(&buffer, NULL, 0);
	buffer_append_text(&buffer, (struct text){NULL, 0});
	ck_assert_ptr_null(buffer.bytes);
	expect_text(buffer_text(&buffer), "");
	buffer_release(&buffer);
}
END_TEST

START_TEST(test_buffer_append_kinds_follow_each_other)
{
	struct buffer buffer = {0};

	buffer_append(&buffer, "ab", 2);
	buffer_append_text(&buffer, TEXT("cd"));
	buffer_append_char(&buffer, 'e');
	buffer_append_format(&buffer, "-%d-%s", 42, "x");
	expect_text(buffer_text(&buffer), "abcde-42-x");
	buffer_append_format(&buffer, "%0600d", 1);
	ck_assert_uint_eq(buffer.length, 610);
	ck_assert_int_eq(buffer.bytes[609], '1');
	buffer_release(&buffer);
}
END_TEST

START_TEST(test_buffer_append_int_is_big_endian)
{
	struct buffer buffer = {0};

	buffer_append_int16(&buffer, 0x0102);
	buffer_append_int16(&buffer, -2);
	buffer_append_int32(&buffer, 0x01020304);
	buffer_append_int32(&buffer, INT32_MIN);
	buffer_append_int64(&buffer, INT64_C(0x0102030405060708));
	buffer_append_int64(&buffer, -1);
	ck_assert_uint_eq(buffer.length, 28);
	ck_assert_mem_eq(buffer.bytes, "\x01\x02\xff\xfe\x01\x02\x03\x04\x80\0\0\0\x01\x02\x03\x04\x05\x06\x07\x08"
				       "\xff\xff\xff\xff\xff\xff\xff\xff", 28);
	buffer_release(&buffer);
}
END_TEST

START_TEST(test_buffer_reserve_does_not_count_as_content)
{
	struct buffer buffer = {0};
	char *at = buffer_reserve(&buffer, 100);

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(buffer.length, 0);
	memcpy(at, "xyz", 3);
	buffer.length += 3;
	expect_text(buffer_text(&buffer), "xyz");
	ck_assert_ptr_nonnull(buffer_reserve(&buffer, 0));
	buffer_release(&buffer);
}
END_TEST

START_TEST(test_buffer_reserve_too_much_fails_for_good)
{
	static const size_t amounts[] = {SIZE_MAX, SIZE_MAX / 2, (size_t)1 << 61};

	for (size_t i = 0; i < COUNT_OF(amounts); i++) {
		struct buffer buffer = {0};

		buffer_append_text(&buffer, TEXT("abc"));
		ck_assert_ptr_null(buffer_reserve(&buffer, amounts[i]));
		ck_assert(buffer.failed);
		buffer_append_text(&buffer, TEXT("def"));
		buffer_append_char(&buffer, 'g');
		buffer_append_int32(&buffer, 1);
		buffer_append_format(&buffer, "%d", 1);
		expect_text(buffer_text(&buffer), "abc");
		buffer_clear(&buffer);
		ck_assert(!buffer.failed);
		buffer_append_text(&buffer, TEXT("new"));
		expect_text(buffer_text(&buffer), "new");
		buffer_release(&buffer);
	}
}
END_TEST

START_TEST(test_buffer_clear_keeps_the_memory)
{
	struct buffer buffer = {0};
	size_t capacity;

	buffer_append_format(&buffer, "%05000d", 1);
	capacity = buffer.capacity;
	buffer_clear(&buffer);
	ck_assert_uint_eq(buffer.length, 0);
	ck_assert_uint_eq(buffer.capacity, capacity);
	buffer_release(&buffer);
}
END_TEST

START_TEST(test_buffer_consume_moves_the_rest_forward)
{
	struct buffer buffer = {0};

	buffer_consume(&buffer, 3);
	buffer_append_text(&buffer, TEXT("abcdef"));
	buffer_consume(&buffer, 0);
	expect_text(buffer_text(&buffer), "abcdef");
	buffer_consume(&buffer, 2);
	expect_text(buffer_text(&buffer), "cdef");
	buffer_consume(&buffer, 4);
	expect_text(buffer_text(&buffer), "");
	buffer_append_text(&buffer, TEXT("x"));
	buffer_consume(&buffer, 99);
	expect_text(buffer_text(&buffer), "");
	buffer_release(&buffer);
}
END_TEST

Suite *suite_buffer(void);
Suite *suite_buffer(void)
{
	Suite *suite = suite_create("buffer");
	TCase *tcase = tcase_create("buffer");

	tcase_add_test(tcase, test_buffer_append_grows_and_keeps_content);
	tcase_add_test(tcase, test_buffer_append_nothing_changes_nothing);
	tcase_add_test(tcase, test_buffer_append_kinds_follow_each_other);
	tcase_add_test(tcase, test_buffer_append_int_is_big_endian);
	tcase_add_test(tcase, test_buffer_reserve_does_not_count_as_content);
	tcase_add_test(tcase, test_buffer_reserve_too_much_fails_for_good);
	tcase_add_test(tcase, test_buffer_clear_keeps_the_memory);
	tcase_add_test(tcase, test_buffer_consume_moves_the_rest_forward);
	suite_add_tcase(suite, tcase);
	return suite;
}
