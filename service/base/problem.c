/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting errors and building JSON pointers. How an error body looks is said in the http room. */
#include <sweetspot/problem.h>

#include <stdarg.h>

/* As many as an import reports (api.md, "Records in"). */
#define KEEP_AT_MOST 100

struct problems problems_in(struct arena *arena)
{
	return (struct problems){.arena = arena, .keep_at_most = KEEP_AT_MOST};
}

static void append(struct problems *problems, struct problem *problem)
{
	if (problems->last == NULL)
		problems->first = problem;
	else
		problems->last->next = problem;
	problems->last = problem;
}

void problems_add(struct problems *problems, struct text pointer, const char *detail, ...)
{
	struct problem *problem;

	va_list arguments;

	problems->count++;
	if (problems->count > problems->keep_at_most || problems->failed)
		return;
	problem = arena_alloc(problems->arena, sizeof(*problem));
	if (problem == NULL) {
		problems->failed = true;
		return;
	}
	problem->pointer = text_copy(problems->arena, pointer.bytes == NULL ? TEXT("") : pointer);
	va_start(arguments, detail);
	problem->detail = text_format_list(problems->arena, detail, arguments);
	va_end(arguments);
	if (problem->pointer.bytes == NULL || problem->detail.bytes == NULL) {
		problems->failed = true;
		return;
	}
	append(problems, problem);
}

static size_t escaped_length(struct text name)
{
	size_t length = name.length;

	for (size_t i = 0; i < name.length; i++)
		length += name.bytes[i] == '~' || name.bytes[i] == '/';
	return length;
}

struct text pointer_join(struct arena *arena, struct text pointer, struct text name)
{
	size_t length = pointer.length + 1 + escaped_length(name);
	char *joined = arena_alloc(arena, length + 1);
	char *at = joined;

	if (joined == NULL)
		return (struct text){NULL, 0};
	for (size_t i = 0; i < pointer.length; i++)
		*at++ = pointer.bytes[i];
	*at++ = '/';
	for (size_t i = 0; i < name.length; i++) {
		char c = name.bytes[i];

		if (c != '~' && c != '/') {
			*at++ = c;
			continue;
		}
		*at++ = '~';
		*at++ = c == '~' ? '0' : '1';
	}
	return (struct text){joined, length};
}
