/* SPDX-License-Identifier: Apache-2.0 */
/* Thin calls into libcrypto and the kernel's randomness. Comparing secrets and keeping keys is done elsewhere. */
#include <sweetspot/digest.h>

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

enum status digest_sha256(struct text message, uint8_t out[DIGEST_BYTES])
{
	if (EVP_Digest(message.length == 0 ? "" : message.bytes, message.length, out, NULL, EVP_sha256(), NULL) != 1)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

enum status digest_hmac_sha256(struct text key, struct text message, uint8_t out[DIGEST_BYTES])
{
	const void *secret = key.length == 0 ? "" : key.bytes;
	const void *bytes = message.length == 0 ? "" : message.bytes;

	if (key.length > INT_MAX)
		return STATUS_INTERNAL;
	if (HMAC(EVP_sha256(), secret, (int)key.length, bytes, message.length, out, NULL) == NULL)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

enum status random_bytes(uint8_t *out, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t got = getrandom(out + done, length - done, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_INTERNAL;
		done += (size_t)got;
	}
	return STATUS_OK;
}

void hex_encode(const uint8_t *bytes, size_t length, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 0x0f];
	}
	out[2 * length] = '\0';
}

uint64_t hash_bytes(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t hash = FNV_OFFSET;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * FNV_PRIME;
	return hash;
}
