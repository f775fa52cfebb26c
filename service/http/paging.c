/* SPDX-License-Identifier: Apache-2.0 */
/* Cursors of numbered lists, on list_cursor. The lists of records have their own. */
#include "paging.h"

#include <sweetspot/digest.h>
#include <sweetspot/number.h>

#include "list_cursor.h"

static uint64_t digest_of(const struct http_request *request, struct text list)
{
	return hash_bytes(list.bytes, list.length) ^ (uint64_t)request->principal.workspace;
}

bool paging_cursor_read(struct http_request *request, struct text list, int64_t *before)
{
	const struct http_argument *cursor = &request->arguments[PAGING_CURSOR];
	struct problems problems = problems_in(request->arena);
	struct list_position position;
	enum status status;

	if (!cursor->given)
		return true;
	status = list_cursor_decode(request->arena, cursor->text, digest_of(request, list), &position);
	if (status == STATUS_OK) {
		*before = position.key;
		return true;
	}
	problems_add(&problems, TEXT("?cursor"), "is not a cursor of this list");
	http_reply_problems(request, status, &problems);
	return false;
}

enum status paging_close(struct http_request *request, struct json_writer *w, struct text list, bool has_more, int64_t last)
{
	struct list_position position = {.key = last, .name = {"", 0}, .id = {"", 0}};
	struct text cursor = {NULL, 0};

	if (has_more) {
		cursor = list_cursor_encode(request->arena, digest_of(request, list), &position);
		if (cursor.bytes == NULL)
			return STATUS_NO_MEMORY;
	}
	json_close_array(w);
	json_key(w, "next_cursor");
	json_text(w, cursor);
	return STATUS_OK;
}

int32_t paging_number(struct text text)
{
	int64_t number;

	if (number_parse(text, 0, &number) != NUMBER_OK || number < 1 || number > INT32_MAX)
		return 0;
	return (int32_t)number;
}
