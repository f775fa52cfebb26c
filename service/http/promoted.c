/* SPDX-License-Identifier: Apache-2.0 */
/* A prospect that has become an account is found there: same id, same question. */
#include "promoted.h"

#include "path.h"

/** A query is sent back as it came, but for bytes that no header should hold. */
static void append_query(struct buffer *out, struct text query)
{
	buffer_append_text(out, TEXT("?"));
	for (size_t i = 0; i < query.length; i++) {
		unsigned char byte = (unsigned char)query.bytes[i];

		if (byte <= ' ' || byte >= 0x7f)
			buffer_append_format(out, "%%%02X", byte);
		else
			buffer_append_text(out, (struct text){query.bytes + i, 1});
	}
}

struct text promoted_location(const struct http_request *request, const char *suffix)
{
	struct buffer path = {NULL, 0, 0, false};
	struct http_target target;
	struct text copy;

	buffer_append_text(&path, TEXT("/v1/accounts/"));
	http_path_append(&path, request->ids[0]);
	buffer_append_text(&path, text_of(suffix));
	if (http_target_split(request->target, &target) && target.query.length > 0)
		append_query(&path, target.query);
	copy = path.failed ? (struct text){NULL, 0} : text_copy(request->arena, buffer_text(&path));
	buffer_release(&path);
	return copy;
}

void promoted_reply(struct http_request *request, const char *suffix)
{
	struct text location = promoted_location(request, suffix);

	if (location.bytes == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	http_reply_header(request, "Location", location);
	http_reply_empty(request, 308);
}
