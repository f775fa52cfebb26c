/* SPDX-License-Identifier: Apache-2.0 */
/* Parses `?map=` and `?values=` and looks entries up. Rows are not read here. */
#include "plan.h"

#include <string.h>

/** One entry of a list: what stands before and behind its colon. */
struct pair {
	struct text left, right;
};

/** How an entry's letters are taken in: escapes undone, the colon found. */
struct pair_scan {
	char *letters;
	size_t length;
	size_t colon;   /* SIZE_MAX: none yet */
	bool second_colon;
};

static void scan_letter(struct pair_scan *scan, char c, bool escaped)
{
	if (c == ':' && !escaped && scan->colon == SIZE_MAX) {
		scan->colon = scan->length;
		return;
	}
	scan->second_colon |= c == ':' && !escaped;
	scan->letters[scan->length++] = c;
}

/**
 * Take the next entry off the list.
 *
 * @return STATUS_OK; STATUS_INVALID with a problem when it has no colon, or two
 */
static enum status next_pair(struct text *list, struct arena *arena, const char *parameter, struct pair *out, struct problems *problems)
{
	struct pair_scan scan = {.letters = arena_alloc(arena, list->length + 1), .colon = SIZE_MAX};
	size_t at = 0;

	if (scan.letters == NULL)
		return STATUS_NO_MEMORY;
	while (at < list->length && list->bytes[at] != ',') {
		bool escaped = list->bytes[at] == '\\' && at + 1 < list->length && strchr(",:\\", list->bytes[at + 1]) != NULL;

		at += escaped;
		scan_letter(&scan, list->bytes[at++], escaped);
	}
	at += at < list->length;
	*list = (struct text){list->bytes + at, list->length - at};
	if (scan.colon == SIZE_MAX || scan.second_colon) {
		struct text entry = {scan.letters, scan.length};

		problems_add(problems, text_of(parameter), "entry \"%.*s%s\" must have one colon, as in %s; a colon inside a name is written \\:",
		             SHOWN(entry), strcmp(parameter, "?map") == 0 ? "close_value:amount" : "stage.Prospecting:open");
		return STATUS_INVALID;
	}
	out->left = text_trim((struct text){scan.letters, scan.colon});
	out->right = text_trim((struct text){scan.letters + scan.colon, scan.length - scan.colon});
	return STATUS_OK;
}

static size_t count_commas(struct text list)
{
	size_t commas = 0;

	for (size_t i = 0; i < list.length; i++)
		commas += list.bytes[i] == ',';
	return commas;
}

/** A name that map or values may speak of: computed parts are not. */
static bool find_name(const struct plan *plan, struct text name, struct target *out)
{
	*out = intake_target_find(plan->kind, name);
	return out->kind != TARGET_UNKNOWN && out->kind != TARGET_COMPUTED;
}

static bool add_renaming(struct plan *plan, struct pair pair, struct problems *problems)
{
	struct renaming renaming = {.source = pair.left, .name = pair.right};

	if (pair.left.length == 0)
		problems_add(problems, TEXT("?map"), "the column for %.*s%s is not named", SHOWN(pair.right));
	else if (!find_name(plan, pair.right, &renaming.target))
		problems_add(problems, TEXT("?map"), "\"%.*s%s\" is not a field of %s, so %.*s%s cannot fill it", SHOWN(pair.right),
		             record_shape(plan->kind)->plural, SHOWN(pair.left));
	else if (intake_plan_source(plan, renaming.target) != NULL)
		problems_add(problems, TEXT("?map"), "%.*s is filled twice; one column can fill a field", TEXT_ARGS(pair.right));
	else {
		plan->map[plan->map_count++] = renaming;
		return true;
	}
	return false;
}

static enum status add_translation(struct plan *plan, struct pair pair, struct arena *arena, struct problems *problems)
{
	const char *dot = pair.left.length == 0 ? NULL : memchr(pair.left.bytes, '.', pair.left.length);
	size_t name_bytes = dot == NULL ? pair.left.length : (size_t)(dot - pair.left.bytes);
	struct text name = {pair.left.bytes, name_bytes};
	struct text value = {pair.left.bytes + name_bytes + 1, dot == NULL ? 0 : pair.left.length - name_bytes - 1};
	struct translation translation = {.replacement = pair.right};

	if (dot == NULL) {
		problems_add(problems, TEXT("?values"), "entry \"%.*s%s\" must name a field and a value, as in stage.Prospecting:open",
		             SHOWN(pair.left));
		return STATUS_INVALID;
	}
	if (!find_name(plan, text_trim(name), &translation.target)) {
		problems_add(problems, TEXT("?values"), "\"%.*s%s\" is not a field of %s", SHOWN(name), record_shape(plan->kind)->plural);
		return STATUS_INVALID;
	}
	if (text_fold(arena, value, &translation.folded) != STATUS_OK)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < plan->value_count; i++) {
		if (intake_target_equal(plan->values[i].target, translation.target) && text_equal(plan->values[i].folded, translation.folded)) {
			problems_add(problems, TEXT("?values"), "\"%.*s%s\" is translated twice", SHOWN(pair.left));
			return STATUS_INVALID;
		}
	}
	plan->values[plan->value_count++] = translation;
	return STATUS_OK;
}

static enum status parse_map(struct plan *plan, struct text list, struct arena *arena, struct problems *problems)
{
	struct pair pair;

	plan->map = arena_array(arena, count_commas(list) + 1, sizeof(*plan->map));
	if (plan->map == NULL)
		return STATUS_NO_MEMORY;
	while (list.length > 0) {
		enum status status = next_pair(&list, arena, "?map", &pair, problems);

		if (status == STATUS_NO_MEMORY)
			return status;
		if (status == STATUS_OK)
			add_renaming(plan, pair, problems);
	}
	return STATUS_OK;
}

static enum status parse_values(struct plan *plan, struct text list, struct arena *arena, struct problems *problems)
{
	struct pair pair;

	plan->values = arena_array(arena, count_commas(list) + 1, sizeof(*plan->values));
	if (plan->values == NULL)
		return STATUS_NO_MEMORY;
	while (list.length > 0) {
		enum status status = next_pair(&list, arena, "?values", &pair, problems);

		if (status == STATUS_OK)
			status = add_translation(plan, pair, arena, problems);
		if (status == STATUS_NO_MEMORY)
			return status;
	}
	return STATUS_OK;
}

enum status intake_plan_parse(struct plan *plan, enum record_kind kind, const struct import_options *options, struct arena *arena,
                              struct problems *problems)
{
	enum status status = STATUS_OK;

	*plan = (struct plan){.kind = kind, .extra = options->extra};
	if (options->extra == IMPORT_EXTRA_ATTRIBUTES && kind != RECORD_ORGANISATION)
		problems_add(problems, TEXT("?extra"), "%s have no attributes to keep other columns in; write extra=ignore to leave them out",
		             record_shape(kind)->plural);
	if (!text_is_utf8(options->map))
		problems_add(problems, TEXT("?map"), "is not UTF-8");
	else
		status = parse_map(plan, options->map, arena, problems);
	if (!text_is_utf8(options->values))
		problems_add(problems, TEXT("?values"), "is not UTF-8");
	else if (status == STATUS_OK)
		status = parse_values(plan, options->values, arena, problems);
	return status;
}

const struct renaming *intake_plan_source(const struct plan *plan, struct target target)
{
	for (size_t i = 0; i < plan->map_count; i++)
		if (intake_target_equal(plan->map[i].target, target))
			return &plan->map[i];
	return NULL;
}

enum status intake_plan_translate(const struct plan *plan, struct target target, struct arena *arena, struct text *text, bool *translated)
{
	struct text folded = {NULL, 0};

	*translated = false;
	for (size_t i = 0; i < plan->value_count; i++) {
		const struct translation *entry = &plan->values[i];

		if (!intake_target_equal(entry->target, target))
			continue;
		if (folded.bytes == NULL && text_fold(arena, *text, &folded) != STATUS_OK)
			return STATUS_NO_MEMORY;
		if (text_equal(entry->folded, folded)) {
			*text = entry->replacement;
			*translated = true;
			return STATUS_OK;
		}
	}
	return STATUS_OK;
}
