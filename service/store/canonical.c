/* SPDX-License-Identifier: Apache-2.0 */
/* Rewrites jsonb's text token by token. Trusts its input: it comes from jsonb's output function. */
#include "canonical.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 400  /* the largest double has 309 digits */
#define EXACT_DIGITS 18   /* so many digits fit into 64 bits for sure */

/** A text being read, and the same being written: never longer, for only blanks and digits are left out. */
struct rewrite {
	const char *in, *end;
	char *out;
};

/** A member of the outermost object in the rewritten text: `"name":value`. */
struct member {
	struct text name;
	struct text whole;
};

static void copy_string(struct rewrite *rewrite)
{
	const char *from = rewrite->in;

	for (rewrite->in++; rewrite->in < rewrite->end && *rewrite->in != '"'; rewrite->in++)
		if (*rewrite->in == '\\')
			rewrite->in++;
	rewrite->in++;
	memcpy(rewrite->out, from, (size_t)(rewrite->in - from));
	rewrite->out += rewrite->in - from;
}

/** @return length of the shortest decimal that reads back as the same double; a real stays one: 1.0, not 1 */
static size_t shortest_real(double value, char digits[NUMBER_BYTES])
{
	size_t length = 0;

	for (int precision = 15; precision <= 17; precision++) {
		length = (size_t)snprintf(digits, NUMBER_BYTES - 2, "%.*g", precision, value);
		if (strtod(digits, NULL) == value)
			break;
	}
	if (strpbrk(digits, ".e") == NULL) {
		memcpy(digits + length, ".0", 3);
		length += 2;
	}
	return length;
}

static void copy_number(struct rewrite *rewrite)
{
	const char *from = rewrite->in;
	char digits[NUMBER_BYTES];
	size_t length, shortest;

	while (rewrite->in < rewrite->end && strchr("-+.0123456789eE", *rewrite->in) != NULL)
		rewrite->in++;
	length = (size_t)(rewrite->in - from);
	memcpy(rewrite->out, from, length);
	if (length < NUMBER_BYTES && (length > EXACT_DIGITS || memchr(from, '.', length) != NULL)) {
		memcpy(digits, from, length);
		digits[length] = '\0';
		shortest = shortest_real(strtod(digits, NULL), digits);
		if (shortest <= length) {
			memcpy(rewrite->out, digits, shortest);
			length = shortest;
		}
	}
	rewrite->out += length;
}

static bool begins_number(char c)
{
	return c == '-' || (c >= '0' && c <= '9');
}

/** Copy up to and with the next comma or bracket that stands outside strings. @return it, or 0 at the end */
static char copy_to_mark(struct rewrite *rewrite)
{
	while (rewrite->in < rewrite->end) {
		char c = *rewrite->in;

		if (c == '"') {
			copy_string(rewrite);
		} else if (begins_number(c)) {
			copy_number(rewrite);
		} else {
			if (c != ' ')
				*rewrite->out++ = c;
			rewrite->in++;
			if (strchr(",[]{}", c) != NULL)
				return c;
		}
	}
	return '\0';
}

static struct member member_of(const char *from, const char *to)
{
	const char *end = from + 1;

	while (end < to && *end != '"')
		end += *end == '\\' ? 2 : 1;
	return (struct member){{from + 1, (size_t)(end - from - 1)}, {from, (size_t)(to - from)}};
}

/** @return members found; no more than one more than there are commas */
static size_t split(struct rewrite *rewrite, struct member *members)
{
	const char *from = NULL;
	size_t count = 0;
	int depth = 0;
	char mark;

	while ((mark = copy_to_mark(rewrite)) != '\0') {
		bool closes = mark == '}' || mark == ']';

		if (from != NULL && rewrite->out - from > 1 && depth == 1 && (mark == ',' || closes)) {
			members[count++] = member_of(from, rewrite->out - 1);
			from = rewrite->out;
		}
		if (mark == '{' || mark == '[')
			depth++;
		if (depth == 1 && from == NULL)
			from = rewrite->out;
		if (closes)
			depth--;
	}
	return count;
}

static size_t count_commas(struct text json)
{
	size_t count = 0;

	for (size_t i = 0; i < json.length; i++)
		count += json.bytes[i] == ',';
	return count;
}

/** Take a byte of a name off its front, with its escape undone: a quote, a backslash and control characters have one. */
static unsigned char take_byte(struct text *name)
{
	static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
	char digits[3] = {0}, c = name->bytes[0];
	size_t taken = 1;

	if (c == '\\') {
		const char *letter = strchr(letters, name->bytes[1]);

		c = letter != NULL ? meant[letter - letters] : name->bytes[1];
		taken = 2;
	}
	if (taken == 2 && c == 'u') {
		memcpy(digits, name->bytes + 4, 2);
		c = (char)strtol(digits, NULL, 16);
		taken = 6;
	}
	*name = (struct text){name->bytes + taken, name->length - taken};
	return (unsigned char)c;
}

/** By the bytes of the names themselves, as intake orders them, not by those of their escapes. */
static int compare_names(const void *a, const void *b)
{
	struct text one = ((const struct member *)a)->name, other = ((const struct member *)b)->name;

	while (one.length > 0 && other.length > 0) {
		int difference = take_byte(&one) - take_byte(&other);

		if (difference != 0)
			return difference;
	}
	return (one.length > 0) - (other.length > 0);
}

static bool is_sorted(const struct member *members, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (compare_names(&members[i - 1], &members[i]) > 0)
			return false;
	return true;
}

/** @param most  bytes that the members take with brackets and commas, or more. @return an object of them in order of their names */
static struct text join_sorted(size_t most, struct member *members, size_t count, struct arena *arena)
{
	char *sorted = arena_alloc(arena, most + 1);
	char *out = sorted;

	if (sorted == NULL)
		return (struct text){NULL, 0};
	qsort(members, count, sizeof(*members), compare_names);
	*out++ = '{';
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			*out++ = ',';
		memcpy(out, members[i].whole.bytes, members[i].whole.length);
		out += members[i].whole.length;
	}
	*out++ = '}';
	return (struct text){sorted, (size_t)(out - sorted)};
}

/** Members of some JSON, in the arena, and the compact text they are parts of. */
struct members {
	struct text compact;   /* {NULL, 0}: memory is short */
	struct member *items;
	size_t count;
};

static struct members members_of(struct text json, struct arena *arena)
{
	struct rewrite rewrite = {json.bytes, json.bytes + json.length, arena_alloc(arena, json.length + 1)};
	struct members members = {.compact = {rewrite.out, 0}, .items = arena_array(arena, count_commas(json) + 1, sizeof(*members.items))};

	if (members.compact.bytes == NULL || members.items == NULL)
		return (struct members){0};
	members.count = split(&rewrite, members.items);
	members.compact.length = (size_t)(rewrite.out - members.compact.bytes);
	return members;
}

struct text canonical_json(struct text json, struct arena *arena)
{
	struct members members;

	if (json.length == 0)
		return json;
	members = members_of(json, arena);
	if (members.compact.bytes == NULL || members.compact.bytes[0] != '{' || is_sorted(members.items, members.count))
		return members.compact;
	return join_sorted(members.compact.length, members.items, members.count, arena);
}

static bool is_null(struct member member)
{
	size_t before = member.name.length + 3;   /* two quotes and the colon */

	return text_equal((struct text){member.whole.bytes + before, member.whole.length - before}, TEXT("null"));
}

struct text canonical_patched(struct text object, struct text patch, struct arena *arena, size_t *names)
{
	struct members old = members_of(object, arena), said = members_of(patch, arena);
	struct member *members = arena_array(arena, old.count + said.count + 1, sizeof(*members));
	size_t count = 0, i = 0;

	if (old.compact.bytes == NULL || said.compact.bytes == NULL || members == NULL)
		return (struct text){NULL, 0};
	qsort(old.items, old.count, sizeof(*old.items), compare_names);
	qsort(said.items, said.count, sizeof(*said.items), compare_names);
	for (size_t j = 0; j < said.count; j++) {
		while (i < old.count && compare_names(&old.items[i], &said.items[j]) < 0)
			members[count++] = old.items[i++];
		i += i < old.count && compare_names(&old.items[i], &said.items[j]) == 0;
		if (!is_null(said.items[j]))
			members[count++] = said.items[j];
	}
	while (i < old.count)
		members[count++] = old.items[i++];
	*names = count;
	return join_sorted(object.length + patch.length, members, count, arena);
}
