/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the history. Writing it is part of every write and every flip. */
#include "changes.h"

#include "figures.h"

void changes_ask(struct http_request *request, int64_t before_position, int64_t before_us, int64_t rows,
                 void (*then)(struct http_request *request, enum status status, const PGresult *rows))
{
	struct params params = params_in(request->arena);

	params_int8(&params, request->principal.workspace);
	params_text(&params, request->ids[0]);
	params_int8(&params, before_position);
	params_instant(&params, before_us);
	params_int8(&params, rows);
	http_read_start(request, STATEMENT_LIST_CHANGES, &params, LANE_READ, then);
}

void change_cause_write(struct json_writer *w, struct row row)
{
	json_key(w, "at");
	json_instant(w, row_instant(row, CHANGE_AT));
	figure_text(w, "cause", row_text(row, CHANGE_CAUSE));
	figure_text(w, "reference", row_text(row, CHANGE_REFERENCE));
	figure_text(w, "key", row_text(row, CHANGE_KEY));
	figure_text(w, "actor", row_text(row, CHANGE_ACTOR));
}

void change_score_write(struct json_writer *w, const char *name, struct row row, int column)
{
	figure_score(w, name, row_is_null(row, column) ? -1 : (int32_t)row_int(row, column));
}

static void write_recorded(struct json_writer *w, const char *name, struct row row, int column)
{
	json_key(w, name);
	if (row_is_null(row, column))
		json_write_null(w);
	else
		json_raw(w, row_json(row, column));
}

void change_override_write(struct json_writer *w, struct row row, int column)
{
	write_recorded(w, "override", row, column);
}

void change_assigned_write(struct json_writer *w, struct row row, int column)
{
	write_recorded(w, "assigned", row, column);
}
