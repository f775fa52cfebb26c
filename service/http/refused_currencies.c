/* SPDX-License-Identifier: Apache-2.0 */
/* Counting by currency, and handing the counts over. When, is the business of the routes that take records in. */
#include "refused_currencies.h"

#include <string.h>

void refused_currencies_add(void *owner, struct text currency)
{
	struct refused_currencies *refused = owner;
	size_t i = 0;

	while (i < refused->count && memcmp(refused->items[i].code, currency.bytes, sizeof(refused->items[i].code)) != 0)
		i++;
	if (i == REFUSED_CURRENCIES_MOST)
		return;
	if (i == refused->count) {
		memcpy(refused->items[i].code, currency.bytes, sizeof(refused->items[i].code));
		refused->count++;
	}
	refused->items[i].records++;
}

void refused_currencies_note(struct http_request *request, const char *kind, const struct refused_currencies *refused,
                             void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct params params = params_in(request->arena);
	struct array_column codes, records;

	if (refused->count == 0) {
		then(request, STATUS_OK, NULL);
		return;
	}
	array_column_init(&codes, ARRAY_TEXT);
	array_column_init(&records, ARRAY_INT8);
	for (size_t i = 0; i < refused->count; i++) {
		array_add_text(&codes, (struct text){refused->items[i].code, sizeof(refused->items[i].code)});
		array_add_int(&records, refused->items[i].records);
	}
	params_int8(&params, request->principal.workspace);
	params_text(&params, text_of(kind));
	params_array(&params, &codes);
	params_array(&params, &records);
	array_column_release(&codes);
	array_column_release(&records);
	http_read_start(request, STATEMENT_NOTE_REFUSED_CURRENCIES, &params, LANE_READ, then);
}
