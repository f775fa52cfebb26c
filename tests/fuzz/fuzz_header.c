/* SPDX-License-Identifier: Apache-2.0 */
/* One header's value (first byte: which header) is read: what comes out keeps to its promises. */
#include "fuzz.h"

#include "service/http/header.h"
#include "service/http/http.h"

static void read_bearer(struct text value, struct arena *arena)
{
	struct text token;

	(void)arena;
	if (!http_header_bearer(value, &token))
		return;
	FUZZ_ASSERT(token.length > 0);
	for (size_t i = 0; i < token.length; i++)
		FUZZ_ASSERT(token.bytes[i] > ' ' && token.bytes[i] < 127 && token.bytes[i] != '"' && token.bytes[i] != ',');
}

static void read_if_match(struct text value, struct arena *arena)
{
	int64_t version = 0;

	(void)arena;
	if (http_header_if_match(value, &version))
		FUZZ_ASSERT(version == -1 || version > 0);
	else
		FUZZ_ASSERT(version == 0);
	(void)http_header_none_match(value, TEXT("\"1-0\""));
}

static void read_key(struct text value, struct arena *arena)
{
	struct text key = {NULL, 0};
	enum status status = http_header_idempotency_key(arena, value, &key);

	FUZZ_ASSERT(status == STATUS_OK || status == STATUS_MALFORMED);
	FUZZ_ASSERT((status == STATUS_OK) == (key.bytes != NULL));
	FUZZ_ASSERT(key.length <= 255);
	for (size_t i = 0; i < key.length; i++)
		FUZZ_ASSERT(key.bytes[i] > ' ' && key.bytes[i] < 127);
}

static void read_trace(struct text value, struct arena *arena)
{
	struct text trace = {NULL, 0};

	(void)arena;
	if (http_header_trace_id(value, &trace))
		FUZZ_ASSERT(trace.length == 32);
	else
		FUZZ_ASSERT(trace.bytes == NULL);
	(void)http_header_is_request_id(value);
}

static void read_media(struct text value, struct arena *arena)
{
	static const char *const types[] = {"application/json", "text/csv", "application/x-ndjson"};
	struct text type, charset;
	int chosen = http_accept_choose(value, types, 3);

	FUZZ_ASSERT(chosen >= -1 && chosen < 3);
	FUZZ_ASSERT(http_header_media_type(arena, value, &type, &charset) == STATUS_OK);
}

static void read_preferences(struct text value, struct arena *arena)
{
	struct http_preferences preferences = http_header_prefer(value);

	(void)arena;
	FUZZ_ASSERT(preferences.wait_s >= -1 && preferences.wait_s <= 3600);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct text value, struct arena *arena) = {
		read_bearer, read_if_match, read_key, read_trace, read_media, read_preferences,
	};
	struct fuzz_input input = {data, size};
	unsigned which = fuzz_byte(&input) % (sizeof(readers) / sizeof(readers[0]));
	char *bytes = fuzz_copy(input.data, input.size);
	struct arena *arena = arena_new(1024);

	FUZZ_ASSERT(arena != NULL);
	readers[which]((struct text){bytes, input.size}, arena);
	arena_free(arena);
	free(bytes);
	return 0;
}
