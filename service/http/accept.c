/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing a media type by Accept (RFC 9110, 12.5.1). Offering several is the resources' business. */
#include <string.h>
#include <strings.h>

#include <sweetspot/number.h>

#include "header.h"
#include "http.h"

#define Q_DIGITS 3
#define Q_ONE 1000

/** How a media range fits a type: nothing, the whole range, its first half, the type itself. */
enum fit { FIT_NONE, FIT_ANY, FIT_FAMILY, FIT_EXACT };

static enum fit range_fits(struct text range, const char *type)
{
	size_t family = strcspn(type, "/") + 1;

	if (text_equal(range, TEXT("*/*")))
		return FIT_ANY;
	if (range.length == family + 1 && range.bytes[family] == '*' && strncasecmp(range.bytes, type, family) == 0)
		return FIT_FAMILY;
	if (range.length == strlen(type) && strncasecmp(range.bytes, type, range.length) == 0)
		return FIT_EXACT;
	return FIT_NONE;
}

/** The q of one element in thousandths, and the media range itself without parameters. What cannot be read counts as q=1. */
static int64_t split_quality(struct text element, struct text *range)
{
	const char *semicolon = memchr(element.bytes, ';', element.length);
	int64_t quality = Q_ONE;

	*range = element;
	if (semicolon == NULL)
		return Q_ONE;
	range->length = (size_t)(semicolon - element.bytes);
	*range = text_trim(*range);
	while (semicolon != NULL) {
		struct text rest = {semicolon + 1, element.length - (size_t)(semicolon + 1 - element.bytes)};
		const char *next = rest.length == 0 ? NULL : memchr(rest.bytes, ';', rest.length);
		struct text one = text_trim((struct text){rest.bytes, next == NULL ? rest.length : (size_t)(next - rest.bytes)});

		if (one.length > 2 && (one.bytes[0] == 'q' || one.bytes[0] == 'Q') && one.bytes[1] == '=' &&
		    number_parse((struct text){one.bytes + 2, one.length - 2}, Q_DIGITS, &quality) != NUMBER_OK)
			quality = Q_ONE;
		semicolon = next;
	}
	return quality;
}

/** The most specific range that fits decides. @return q in thousandths; 0: not accepted */
static int64_t type_quality(struct text accept, const char *type)
{
	enum fit best = FIT_NONE;
	int64_t quality = 0;
	struct text element;

	while (http_header_next(&accept, &element)) {
		struct text range;
		int64_t q = split_quality(element, &range);
		enum fit fit = range_fits(range, type);

		if (fit > best || (fit == best && fit != FIT_NONE && q > quality)) {
			best = fit;
			quality = q;
		}
	}
	return quality;
}

int http_accept_choose(struct text accept, const char *const *types, int count)
{
	int64_t best = 0;
	int chosen = -1;

	if (accept.length == 0)
		return 0;
	for (int i = 0; i < count; i++) {
		int64_t quality = type_quality(accept, types[i]);

		if (quality > best) {
			best = quality;
			chosen = i;
		}
	}
	return chosen;
}
