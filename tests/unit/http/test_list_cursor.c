/* SPDX-License-Identifier: Apache-2.0 */
/* Cursors: what is written comes back, and nothing else is taken. */
#include "service/http/list_cursor.h"

#include "tests/unit/base/expect.h"

#define DIGEST UINT64_C(0x0123456789abcdef)

static struct arena *arena;

static void set_up(void)
{
	arena = arena_new(4096);
	ck_assert_ptr_nonnull(arena);
}

static void tear_down(void)
{
	arena_free(arena);
}

static struct text encoded(int64_t key, const char *name, const char *id)
{
	struct list_position position = {key, text_of(name), text_of(id)};
	struct text cursor = list_cursor_encode(arena, DIGEST, &position);

	ck_assert_ptr_nonnull(cursor.bytes);
	return cursor;
}

/* numbers of both signs and their ends, texts of every length modulo 3, UTF-8 */
static const struct list_position positions[] = {
	{0, {"", 0}, {"", 0}},
	{INT64_MIN, {"", 0}, {"a", 1}},
	{INT64_MAX, {"n", 1}, {"ab", 2}},
	{-1, {"name key", 8}, {"abc", 3}},
	{5740, {"", 0}, {"\xc3\xa9t\xc3\xa9/1", 7}},
};

START_TEST(test_list_cursor_decode_what_was_encoded_comes_back)
{
	const struct list_position *in = &positions[_i];
	struct list_position out;
	struct text cursor = list_cursor_encode(arena, DIGEST, in);

	for (size_t i = 0; i < cursor.length; i++)
		ck_assert_ptr_nonnull(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", cursor.bytes[i]));
	ck_assert_int_eq(list_cursor_decode(arena, cursor, DIGEST, &out), STATUS_OK);
	ck_assert_int_eq(out.key, in->key);
	ck_assert(text_equal(out.name, in->name));
	ck_assert(text_equal(out.id, in->id));
}
END_TEST

START_TEST(test_list_cursor_decode_another_list_is_refused)
{
	struct list_position out;

	ck_assert_int_eq(list_cursor_decode(arena, encoded(1, "", "a"), DIGEST + 1, &out), STATUS_INVALID);
}
END_TEST

START_TEST(test_list_cursor_decode_every_cut_is_refused_or_shorter)
{
	struct text cursor = encoded(42, "name", "some id");
	struct list_position out;

	for (size_t length = 0; length < cursor.length; length++) {
		enum status status = list_cursor_decode(arena, (struct text){cursor.bytes, length}, DIGEST, &out);

		/* A cut may fall between two letters of the id: then it is another cursor, and a well-formed one. */
		if (status == STATUS_OK)
			ck_assert_uint_lt(out.id.length, strlen("some id"));
		else
			ck_assert_int_eq(status, STATUS_INVALID);
	}
}
END_TEST

static const char *const junk[] = {"", "A", "not a cursor", "AAAA====", "AQ", "////", "\xff\xfe"};

START_TEST(test_list_cursor_decode_junk_is_refused)
{
	struct list_position out;

	ck_assert_int_eq(list_cursor_decode(arena, text_of(junk[_i]), DIGEST, &out), STATUS_INVALID);
}
END_TEST

START_TEST(test_list_cursor_decode_other_version_or_letters_are_refused)
{
	struct text cursor = encoded(42, "", "id");
	char bytes[64];
	struct list_position out;

	ck_assert_uint_lt(cursor.length, sizeof(bytes));
	memcpy(bytes, cursor.bytes, cursor.length);
	bytes[0] = 'B';
	ck_assert_int_eq(list_cursor_decode(arena, (struct text){bytes, cursor.length}, DIGEST, &out), STATUS_INVALID);
	memcpy(bytes, cursor.bytes, cursor.length);
	bytes[cursor.length / 2] = '=';
	ck_assert_int_eq(list_cursor_decode(arena, (struct text){bytes, cursor.length}, DIGEST, &out), STATUS_INVALID);
}
END_TEST

START_TEST(test_list_cursor_decode_texts_postgresql_refuses_are_refused)
{
	static const struct text bad[] = {{"\xff", 1}, {"a\0b", 3}, {"a\nb", 3}};
	struct list_position out;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct list_position position = {0, {"", 0}, bad[i]};

		ck_assert_int_eq(list_cursor_decode(arena, list_cursor_encode(arena, DIGEST, &position), DIGEST, &out), STATUS_INVALID);
		position = (struct list_position){0, bad[i], {"", 0}};
		ck_assert_int_eq(list_cursor_decode(arena, list_cursor_encode(arena, DIGEST, &position), DIGEST, &out), STATUS_INVALID);
	}
}
END_TEST

START_TEST(test_list_cursor_without_memory_says_so)
{
	struct arena *starving = starving_arena();
	struct list_position position = {0, {"", 0}, {"a", 1}};
	struct text cursor = encoded(0, "", "a");

	ck_assert_ptr_null(list_cursor_encode(starving, DIGEST, &position).bytes);
	ck_assert_int_eq(list_cursor_decode(starving, cursor, DIGEST, &position), STATUS_NO_MEMORY);
	arena_free(starving);
}
END_TEST

Suite *suite_list_cursor(void);
Suite *suite_list_cursor(void)
{
	Suite *suite = suite_create("http list_cursor");
	TCase *tcase = tcase_create("list_cursor");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, test_list_cursor_decode_what_was_encoded_comes_back, 0, COUNT_OF(positions));
	tcase_add_test(tcase, test_list_cursor_decode_another_list_is_refused);
	tcase_add_test(tcase, test_list_cursor_decode_every_cut_is_refused_or_shorter);
	tcase_add_loop_test(tcase, test_list_cursor_decode_junk_is_refused, 0, COUNT_OF(junk));
	tcase_add_test(tcase, test_list_cursor_decode_other_version_or_letters_are_refused);
	tcase_add_test(tcase, test_list_cursor_decode_texts_postgresql_refuses_are_refused);
	tcase_add_test(tcase, test_list_cursor_without_memory_says_so);
	suite_add_tcase(suite, tcase);
	return suite;
}
