/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, HMAC and random bytes, from libcrypto. */
#ifndef SWEETSPOT_DIGEST_H
#define SWEETSPOT_DIGEST_H

#include <stdint.h>

#include <sweetspot/status.h>
#include <sweetspot/text.h>

#define DIGEST_BYTES 32

/** @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status digest_sha256(struct text message, uint8_t out[DIGEST_BYTES]);
/** @return STATUS_OK, STATUS_NO_MEMORY, or STATUS_INTERNAL for a key of more than INT_MAX bytes */
MUST_CHECK enum status digest_hmac_sha256(struct text key, struct text message, uint8_t out[DIGEST_BYTES]);
/** Bytes fit for keys, from the kernel. @return STATUS_OK or STATUS_INTERNAL */
MUST_CHECK enum status random_bytes(uint8_t *out, size_t length);
/** Lower-case hex and a NUL: out holds 2 * length + 1 bytes. */
void hex_encode(const uint8_t *bytes, size_t length, char *out);
/** A fast 64-bit hash for ETags and hash tables (FNV-1a); not for secrets. */
uint64_t hash_bytes(const void *bytes, size_t length);

#endif
