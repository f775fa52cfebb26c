/* SPDX-License-Identifier: Apache-2.0 */
/* Published vectors of SHA-256 (FIPS 180-2), HMAC (RFC 4231) and FNV-1a. */
#include <limits.h>
#include <stdint.h>

#include <sweetspot/digest.h>

#include "expect.h"

static void expect_digest(const uint8_t digest[DIGEST_BYTES], const char *hex)
{
	char text[2 * DIGEST_BYTES + 1];

	hex_encode(digest, DIGEST_BYTES, text);
	ck_assert_str_eq(text, hex);
}

START_TEST(test_digest_sha256_published_vectors_match)
{
	uint8_t digest[DIGEST_BYTES];

	ck_assert_int_eq(digest_sha256(TEXT("abc"), digest), STATUS_OK);
	expect_digest(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_int_eq(digest_sha256((struct text){NULL, 0}, digest), STATUS_OK);
	expect_digest(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	ck_assert_int_eq(digest_sha256(TEXT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), digest), STATUS_OK);
	expect_digest(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
END_TEST

START_TEST(test_digest_hmac_sha256_published_vectors_match)
{
	uint8_t digest[DIGEST_BYTES];
	char key[131];

	ck_assert_int_eq(digest_hmac_sha256(TEXT("Jefe"), TEXT("what do ya want for nothing?"), digest), STATUS_OK);
	expect_digest(digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	ck_assert_int_eq(digest_hmac_sha256((struct text){key, sizeof(key)},
					    TEXT("Test Using Larger Than Block-Size Key - Hash Key First"), digest), STATUS_OK);
	expect_digest(digest, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	ck_assert_int_eq(digest_hmac_sha256((struct text){NULL, 0}, (struct text){NULL, 0}, digest), STATUS_OK);
	expect_digest(digest, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}
END_TEST

START_TEST(test_digest_hmac_sha256_oversized_key_is_refused)
{
	uint8_t digest[DIGEST_BYTES];

	ck_assert_int_eq(digest_hmac_sha256((struct text){"k", (size_t)INT_MAX + 1}, TEXT("m"), digest), STATUS_INTERNAL);
}
END_TEST

START_TEST(test_random_bytes_fills_all_and_differs)
{
	uint8_t a[600] = {0}, b[600] = {0};
	size_t zeros = 0;

	ck_assert_int_eq(random_bytes(a, sizeof(a)), STATUS_OK);
	ck_assert_int_eq(random_bytes(b, sizeof(b)), STATUS_OK);
	ck_assert_int_eq(random_bytes(b, 0), STATUS_OK);
	ck_assert_mem_ne(a, b, sizeof(a));
	for (size_t i = 0; i < sizeof(a); i++)
		zeros += a[i] == 0;
	ck_assert_uint_lt(zeros, 60);
}
END_TEST

START_TEST(test_hex_encode_is_lower_case_and_terminated)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0x7f, 0x80, 0xab, 0xff};
	char out[2 * sizeof(bytes) + 1];

	hex_encode(bytes, sizeof(bytes), out);
	ck_assert_str_eq(out, "00017f80abff");
	hex_encode(bytes, 0, out);
	ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(test_hash_bytes_fnv_1a_vectors_match)
{
	ck_assert_uint_eq(hash_bytes(NULL, 0), UINT64_C(0xcbf29ce484222325));
	ck_assert_uint_eq(hash_bytes("a", 1), UINT64_C(0xaf63dc4c8601ec8c));
	ck_assert_uint_eq(hash_bytes("foobar", 6), UINT64_C(0x85944171f73967e8));
}
END_TEST

Suite *suite_digest(void);
Suite *suite_digest(void)
{
	Suite *suite = suite_create("digest");
	TCase *tcase = tcase_create("digest");

	tcase_add_test(tcase, test_digest_sha256_published_vectors_match);
	tcase_add_test(tcase, test_digest_hmac_sha256_published_vectors_match);
	tcase_add_test(tcase, test_digest_hmac_sha256_oversized_key_is_refused);
	tcase_add_test(tcase, test_random_bytes_fills_all_and_differs);
	tcase_add_test(tcase, test_hex_encode_is_lower_case_and_terminated);
	tcase_add_test(tcase, test_hash_bytes_fnv_1a_vectors_match);
	suite_add_tcase(suite, tcase);
	return suite;
}
