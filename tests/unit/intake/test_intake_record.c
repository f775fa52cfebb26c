/* SPDX-License-Identifier: Apache-2.0 */
/* Objects become records, or all their errors; the cases are tests/data/intake/decode.json. */
#include <stdlib.h>
#include <string.h>

#include <sweetspot/buffer.h>
#include <sweetspot/number.h>

#include "show.h"

static enum status decode(struct text body, enum record_kind kind, const char *id, const struct intake_context *context,
                          struct arena *arena, struct record *record, struct problems *problems)
{
	json_t *json;
	enum status status = intake_json_parse(body, arena, &json, problems);

	ck_assert_int_eq(status, STATUS_OK);
	return intake_record_decode(json, kind, text_of(id), TEXT(""), context, arena, record, problems);
}

START_TEST(test_intake_record_decode_cases_match)
{
	json_t *cases = show_json("decode.json");
	size_t index;
	json_t *one;

	json_array_foreach(cases, index, one) {
		const char *name = json_string_value(json_object_get(one, "name"));
		const json_t *expected = json_object_get(one, "record");
		struct arena *arena = arena_new(4096);
		struct problems problems = problems_in(arena);
		struct record record;
		json_t *actual;
		enum status status = decode(text_of(json_string_value(json_object_get(one, "body"))),
		                            show_kind(json_string_value(json_object_get(one, "kind"))),
		                            json_string_value(json_object_get(one, "id")), &show_context, arena, &record, &problems);

		ck_assert_msg(status == (expected != NULL ? STATUS_OK : STATUS_INVALID), "%s: status %d", name, (int)status);
		actual = status == STATUS_OK ? show_record(&record) : show_problems(&problems);
		show_expect(name, actual, expected != NULL ? expected : json_object_get(one, "errors"));
		json_decref(actual);
		arena_free(arena);
	}
	ck_assert_uint_gt(index, 100);
	json_decref(cases);
}
END_TEST

/** Decode one field given as JSON. @return the first problem's detail, or "" */
static const char *decode_field(enum record_kind kind, const char *name, struct text value)
{
	static char detail[400];
	struct arena *arena = arena_new(4096);
	struct problems problems = problems_in(arena);
	struct buffer body = {0};
	struct record record;
	enum status status;

	buffer_append_format(&body, "{\"%s\":%.*s}", name, TEXT_ARGS(value));
	status = decode(buffer_text(&body), kind, "a", &show_context, arena, &record, &problems);
	ck_assert_int_eq(status, problems.count == 0 ? STATUS_OK : STATUS_INVALID);
	snprintf(detail, sizeof(detail), "%.*s", problems.first == NULL ? 0 : (int)problems.first->detail.length,
	         problems.first == NULL ? "" : problems.first->detail.bytes);
	buffer_release(&body);
	arena_free(arena);
	return detail;
}

static struct text many(struct buffer *out, const char *open, const char *format, int count, const char *close)
{
	buffer_clear(out);
	buffer_append_text(out, text_of(open));
	for (int i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_char(out, ',');
		buffer_append_text(out, text_of("\""));
		buffer_append_format(out, "%s%d", format, i);
		buffer_append_text(out, text_of(open[0] == '{' ? "\":0" : "\""));
	}
	buffer_append_text(out, text_of(close));
	return buffer_text(out);
}

START_TEST(test_intake_record_decode_lists_and_attributes_are_bounded)
{
	struct buffer value = {0};

	ck_assert_str_eq(decode_field(RECORD_ORGANISATION, "problems", many(&value, "[", "p", INTAKE_LIST_TEXTS, "]")), "");
	ck_assert_str_eq(decode_field(RECORD_ORGANISATION, "problems", many(&value, "[", "p", INTAKE_LIST_TEXTS + 1, "]")),
	                 "has more than 100 entries");
	ck_assert_str_eq(decode_field(RECORD_ORGANISATION, "attributes", many(&value, "{", "n", RECORD_ATTRIBUTES_MAX, "}")), "");
	ck_assert_str_eq(decode_field(RECORD_ORGANISATION, "attributes", many(&value, "{", "n", RECORD_ATTRIBUTES_MAX + 1, "}")),
	                 "has 101 names; at most 100 can be kept");
	buffer_release(&value);
}
END_TEST

START_TEST(test_intake_record_decode_texts_outlive_the_json)
{
	struct arena *tree = arena_new(1024);
	struct arena *kept = arena_new(1024);
	struct problems problems = problems_in(kept);
	struct record record;
	json_t *json;
	const struct text body = TEXT("{\"id\":\"x\",\"name\":\"Acme\",\"attributes\":{\"a\":\"b\"}}");
	const struct text no_id = {NULL, 0};

	ck_assert_int_eq(intake_json_parse(body, tree, &json, &problems), STATUS_OK);
	ck_assert_int_eq(intake_record_decode(json, RECORD_ORGANISATION, no_id, TEXT(""), &show_context, kept, &record, &problems), STATUS_OK);
	arena_free(tree);
	ck_assert(text_equal(record.id, TEXT("x")));
	ck_assert(text_equal(record.value[ORGANISATION_NAME].text, TEXT("Acme")));
	ck_assert(text_equal(record.value[ORGANISATION_ATTRIBUTES].text, TEXT("{\"a\":\"b\"}")));
	arena_free(kept);
}
END_TEST

START_TEST(test_intake_record_decode_pointers_begin_with_the_given_one)
{
	struct arena *arena = arena_new(1024);
	struct problems problems = problems_in(arena);
	struct record record;
	json_t *json;

	ck_assert_int_eq(intake_json_parse(TEXT("{\"protected\":{\"until\":1}}"), arena, &json, &problems), STATUS_OK);
	ck_assert_int_eq(
	    intake_record_decode(json, RECORD_ORGANISATION, TEXT("a"), TEXT("/prospect"), &show_context, arena, &record, &problems),
	    STATUS_INVALID);
	ck_assert(text_equal(problems.first->pointer, TEXT("/prospect/protected/reason")));
	ck_assert(text_equal(problems.last->pointer, TEXT("/prospect/protected/until")));
	arena_free(arena);
}
END_TEST

START_TEST(test_intake_record_decode_conversion_beyond_128_bits_is_refused)
{
	static const struct exchange_rate rate = {{"BIG", 3}, INT64_MAX};
	/* Four decimals, as some codes of ISO 4217 have: 2^53 × 2^63 × 10^4 does not fit. */
	struct intake_context context = {.currency_digits = 4, .currency = TEXT("CLF"), .rates = &rate, .rate_count = 1};
	struct arena *arena = arena_new(1024);
	struct problems problems = problems_in(arena);
	struct record record;
	const struct text body = TEXT("{\"currency\":\"BIG\",\"amount\":\"90071992547409.92\"}");

	ck_assert_int_eq(decode(body, RECORD_DEAL, "a", &context, arena, &record, &problems), STATUS_INVALID);
	ck_assert(text_equal(problems.first->pointer, TEXT("/amount")));
	arena_free(arena);
}
END_TEST

/* Every amount of minor units reads back, as number and as text, as what it is. */
START_TEST(test_intake_record_decode_money_is_exact)
{
	static const int64_t amounts[] = {0, 1, -1, 99, 100, 12345, -678901, 4503599627370497, EXACT_MAX, -EXACT_MAX};

	for (size_t i = 0; i < COUNT_OF(amounts); i++) {
		for (int quoted = 0; quoted < 2; quoted++) {
			struct arena *arena = arena_new(1024);
			struct problems problems = problems_in(arena);
			struct record record;
			int64_t magnitude = llabs(amounts[i]);
			struct text body = text_format(arena, "{\"amount\":%s%s%lld.%02lld%s}", quoted ? "\"" : "", amounts[i] < 0 ? "-" : "",
			                               (long long)(magnitude / 100), (long long)(magnitude % 100), quoted ? "\"" : "");

			ck_assert_int_eq(decode(body, RECORD_REVENUE, "a", &show_context, arena, &record, &problems), STATUS_OK);
			ck_assert_int_eq(record.value[REVENUE_AMOUNT].integer, amounts[i]);
			arena_free(arena);
		}
	}
}
END_TEST

START_TEST(test_intake_record_decode_short_of_memory_says_so)
{
	static const char *const bodies[] = {"{\"name\":\"x\"}", "{\"x\":1}", "[]", "{\"attributes\":{}}", "{\"problems\":[]}",
	                                     "{\"currency\":\"USD\"}", "{\"protected\":{\"reason\":\"x\",\"until\":\"2026-01-01\"}}"};

	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct arena *tree = arena_new(1024);
		struct arena *starving = show_starving_arena();
		struct problems problems = problems_in(starving);
		struct record record;
		json_t *json;

		ck_assert_int_eq(intake_json_parse(text_of(bodies[i]), tree, &json, &problems), STATUS_OK);
		ck_assert_int_eq(intake_record_decode(json, RECORD_ORGANISATION, TEXT("a"), TEXT(""), &show_context, starving, &record, &problems),
		                 STATUS_NO_MEMORY);
		arena_free(starving);
		arena_free(tree);
	}
}
END_TEST

Suite *suite_intake_record(void);
Suite *suite_intake_record(void)
{
	Suite *suite = suite_create("intake_record");
	TCase *tcase = tcase_create("intake_record");

	tcase_add_test(tcase, test_intake_record_decode_cases_match);
	tcase_add_test(tcase, test_intake_record_decode_lists_and_attributes_are_bounded);
	tcase_add_test(tcase, test_intake_record_decode_texts_outlive_the_json);
	tcase_add_test(tcase, test_intake_record_decode_pointers_begin_with_the_given_one);
	tcase_add_test(tcase, test_intake_record_decode_conversion_beyond_128_bits_is_refused);
	tcase_add_test(tcase, test_intake_record_decode_money_is_exact);
	tcase_add_test(tcase, test_intake_record_decode_short_of_memory_says_so);
	suite_add_tcase(suite, tcase);
	return suite;
}
