/* SPDX-License-Identifier: Apache-2.0 */
/* Columns, picks and CSV rows out of records that are JSON already. How a record becomes JSON is record.c's. */
#include "list_columns.h"

#include <string.h>

#include "json_members.h"

/* Behind id and the fields of the record's table. */
static const char *const organisation_tail[] = {
	"seller_source", "stub",
	"measures.revenue_12m", "measures.revenue_prior_12m", "measures.margin_12m", "measures.hours_12m", "measures.contribution_12m",
	"measures.value_per_hour", "measures.reach", "measures.inbound", "measures.directed", "measures.rhythm", "measures.orders",
	"measures.lines_12m", "measures.momentum", "measures.annual_potential", "measures.annual_potential_source",
	"classification.tier", "classification.list", "classification.could_become_key", "classification.engagement",
	"classification.potential", "classification.day", "classification.review", "classification.policy", "classification.override",
	"created_at", "updated_at", NULL,
};
static const char *const prospect_tail[] = {
	"qualification.verdict", "qualification.list", "qualification.fit", "qualification.fit_best", "qualification.expected_annual",
	"qualification.expected_annual_source", "qualification.expected_deal", "qualification.access", "qualification.over_cap",
	"qualification.assigned", "qualification.missing", NULL,
};
static const char *const fact_tail[] = {"stub", "created_at", "updated_at", NULL};

static void add_columns(struct list_columns *out, const char *const *names)
{
	for (; *names != NULL; names++)
		out->paths[out->count++] = text_of(*names);
}

void list_columns_of(enum record_kind kind, bool accounts, struct list_columns *out)
{
	const struct record_shape *shape = record_shape(kind);

	out->count = 0;
	out->paths[out->count++] = TEXT("id");
	for (size_t i = 0; i < shape->field_count; i++)
		out->paths[out->count++] = text_of(shape->fields[i].name);
	add_columns(out, kind == RECORD_ORGANISATION ? organisation_tail : fact_tail);
	if (kind == RECORD_ORGANISATION && !accounts)
		add_columns(out, prospect_tail);
}

/* ---- Picks ---- */

/** @return whether the path is the name, or lies inside it */
static bool is_inside(struct text path, struct text name)
{
	return path.length >= name.length && memcmp(path.bytes, name.bytes, name.length) == 0 &&
	       (path.length == name.length || path.bytes[name.length] == '.');
}

static bool is_known(const struct list_columns *columns, struct text pick)
{
	for (size_t i = 0; i < columns->count; i++)
		if (is_inside(columns->paths[i], pick))
			return true;
	return false;
}

static void pick_add(struct list_picks *picks, struct text pick)
{
	for (size_t i = 0; i < picks->count; i++)
		if (text_equal(picks->paths[i], pick))
			return;
	picks->paths[picks->count++] = pick;
}

void list_picks_read(struct text fields, const struct list_columns *columns, struct list_picks *out, struct problems *problems)
{
	*out = (struct list_picks){1, {TEXT("id")}};
	while (fields.length > 0) {
		const char *comma = memchr(fields.bytes, ',', fields.length);
		struct text pick = text_trim((struct text){fields.bytes, comma == NULL ? fields.length : (size_t)(comma - fields.bytes)});
		size_t cut = comma == NULL ? fields.length : (size_t)(comma - fields.bytes) + 1;

		if (pick.length == 0 || !is_known(columns, pick))
			problems_add(problems, TEXT("?fields"), "\"%.*s\" is not a field of this list", TEXT_ARGS(pick));
		else
			pick_add(out, pick);
		fields = (struct text){fields.bytes + cut, fields.length - cut};
	}
}

void list_columns_pick(struct list_columns *columns, const struct list_picks *picks)
{
	size_t kept = 0;

	for (size_t i = 0; picks->count > 0 && i < columns->count; i++) {
		bool is_picked = false;

		for (size_t j = 0; j < picks->count && !is_picked; j++)
			is_picked = is_inside(columns->paths[i], picks->paths[j]);
		if (is_picked)
			columns->paths[kept++] = columns->paths[i];
	}
	if (picks->count > 0)
		columns->count = kept;
}

/** How much of a member is picked. */
enum picked { PICKED_NONE, PICKED_PART, PICKED_WHOLE };

static enum picked member_picked(const struct list_picks *picks, struct text name)
{
	enum picked picked = PICKED_NONE;

	for (size_t i = 0; i < picks->count; i++) {
		if (text_equal(picks->paths[i], name))
			return PICKED_WHOLE;
		if (is_inside(picks->paths[i], name))
			picked = PICKED_PART;
	}
	return picked;
}

static bool is_part_picked(const struct list_picks *picks, struct text name, struct text part)
{
	for (size_t i = 0; i < picks->count; i++) {
		struct text path = picks->paths[i];

		if (path.length == name.length + 1 + part.length && is_inside(path, name) &&
		    memcmp(path.bytes + name.length + 1, part.bytes, part.length) == 0)
			return true;
	}
	return false;
}

static void write_parts(struct json_writer *w, const struct list_picks *picks, struct text name, struct text object)
{
	struct text members = json_members_of(object), part, value;

	json_key_text(w, name);
	if (members.bytes == NULL) {
		json_raw(w, object);
		return;
	}
	json_open_object(w);
	while (json_members_next(&members, &part, &value)) {
		if (!is_part_picked(picks, name, part))
			continue;
		json_key_text(w, part);
		json_raw(w, value);
	}
	json_close_object(w);
}

void list_picks_write(struct json_writer *w, const struct list_picks *picks, struct text record)
{
	struct text members = json_members_of(record), name, value;

	if (picks->count == 0) {
		json_raw(w, record);
		return;
	}
	json_open_object(w);
	while (json_members_next(&members, &name, &value)) {
		enum picked picked = member_picked(picks, name);

		if (picked == PICKED_PART)
			write_parts(w, picks, name, value);
		if (picked != PICKED_WHOLE)
			continue;
		json_key_text(w, name);
		json_raw(w, value);
	}
	json_close_object(w);
}

/* ---- CSV ---- */

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

void list_csv_cell(struct buffer *out, struct text text, bool is_text)
{
	bool is_formula = is_text && text.length > 0 && is_one_of(text.bytes[0], "=+-@\t\r");
	bool needs_quotes = false;

	for (size_t i = 0; i < text.length && !needs_quotes; i++)
		needs_quotes = is_one_of(text.bytes[i], ",\"\r\n");
	if (needs_quotes)
		buffer_append_char(out, '"');
	if (is_formula)
		buffer_append_char(out, '\'');
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '"')
			buffer_append_char(out, '"');
		buffer_append_char(out, text.bytes[i]);
	}
	if (needs_quotes)
		buffer_append_char(out, '"');
}

void list_csv_head(struct buffer *out, const struct list_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++) {
		if (i > 0)
			buffer_append_char(out, ',');
		for (size_t j = 0; j < columns->paths[i].length; j++)
			buffer_append_char(out, columns->paths[i].bytes[j] == '.' ? '_' : columns->paths[i].bytes[j]);
	}
	buffer_append(out, "\r\n", 2);
}

/** Values by column, and where the last one was found: members come in the order of the columns, near enough. */
struct row_values {
	const struct list_columns *columns;
	size_t last;
	struct text values[LIST_COLUMNS_MAX];
};

static bool is_path(struct text path, struct text name, struct text part)
{
	if (part.bytes == NULL)
		return text_equal(path, name);
	return path.length == name.length + 1 + part.length && is_inside(path, name) && path.bytes[name.length] == '.' &&
	       memcmp(path.bytes + name.length + 1, part.bytes, part.length) == 0;
}

static bool place(struct row_values *row, struct text name, struct text part, struct text value)
{
	for (size_t i = 0; i < row->columns->count; i++) {
		size_t at = (row->last + i) % row->columns->count;

		if (!is_path(row->columns->paths[at], name, part))
			continue;
		row->values[at] = value;
		row->last = at + 1;
		return true;
	}
	return false;
}

static void place_members(struct row_values *row, struct text record)
{
	struct text members = json_members_of(record), name, value, part, inner;

	while (json_members_next(&members, &name, &value)) {
		struct text parts = json_members_of(value);

		if (place(row, name, (struct text){NULL, 0}, value))
			continue;
		while (json_members_next(&parts, &part, &inner))
			place(row, name, part, inner);
	}
}

void list_csv_row(struct buffer *out, const struct list_columns *columns, struct text record, struct buffer *scratch)
{
	struct row_values row = {.columns = columns};

	place_members(&row, record);
	for (size_t i = 0; i < columns->count; i++) {
		struct text value = row.values[i];

		if (i > 0)
			buffer_append_char(out, ',');
		if (text_equal(value, TEXT("null")) || value.length == 0)
			continue;
		buffer_clear(scratch);
		json_plain_append(scratch, value);
		out->failed |= scratch->failed;
		list_csv_cell(out, buffer_text(scratch), value.bytes[0] == '"');
	}
	buffer_append(out, "\r\n", 2);
}
