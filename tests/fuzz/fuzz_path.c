/* SPDX-License-Identifier: Apache-2.0 */
/* A request target is split, matched and decoded: what comes out is UTF-8 without NUL, and encodes back to what decodes to the same. */
#include "fuzz.h"

#include "service/http/path.h"

static const char *const patterns[] = {
	"/v1/accounts/{id}", "/v1/accounts/{id}:erase", "/v1/accounts", "/v1/{a}/{b}/{c}", "/v1/accounts:import",
};

static void decode(struct text piece, struct arena *arena)
{
	struct buffer encoded = {0};
	struct text decoded, again;

	if (http_percent_decode(arena, piece, &decoded) != STATUS_OK)
		return;
	FUZZ_ASSERT(text_is_utf8(decoded));
	FUZZ_ASSERT(decoded.length <= piece.length);
	http_path_append(&encoded, decoded);
	FUZZ_ASSERT(!encoded.failed);
	FUZZ_ASSERT(encoded.length == 0 || memchr(encoded.bytes, '/', encoded.length) == NULL);
	FUZZ_ASSERT(http_percent_decode(arena, buffer_text(&encoded), &again) == STATUS_OK);
	FUZZ_ASSERT(text_equal(decoded, again));
	buffer_release(&encoded);
}

static void match(struct text path, const char *pattern, struct arena *arena)
{
	struct text taken[2] = {{NULL, 0}};

	if (!http_path_match(pattern, path, taken, 2))
		return;
	for (size_t i = 0; i < 2 && taken[i].bytes != NULL; i++) {
		FUZZ_ASSERT(taken[i].length > 0);
		FUZZ_ASSERT(taken[i].bytes >= path.bytes && taken[i].bytes + taken[i].length <= path.bytes + path.length);
		FUZZ_ASSERT(memchr(taken[i].bytes, '/', taken[i].length) == NULL);
		decode(taken[i], arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = fuzz_copy(data, size);
	struct text target = {bytes, size};
	struct arena *arena = arena_new(1024);
	struct http_target split;

	FUZZ_ASSERT(arena != NULL);
	if (http_target_split(target, &split)) {
		FUZZ_ASSERT(split.path.length > 0);
		for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
			match(split.path, patterns[i], arena);
	}
	decode(target, arena);
	arena_free(arena);
	free(bytes);
	return 0;
}
