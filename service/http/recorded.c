/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the last change before an instant, and the rules of that time. What is told of it is the explanations' own. */
#include "recorded.h"

#include "figures.h"

/** Of one request: the kind asked for. */
struct recorded {
	const struct recorded_kind *kind;
	int64_t before_us;
};

static void ask(struct http_request *request);

void recorded_rules_write(struct json_writer *w, struct row row)
{
	figure_day(w, "day", row_day(row, CHANGE_DAY));
	if (row_is_null(row, CHANGE_REVIEW))
		figure_null(w, "review");
	else
		figure_count(w, "review", row_int(row, CHANGE_REVIEW));
	figure_count(w, "policy", row_int(row, CHANGE_POLICY));
}

static void show(struct http_request *request, struct row row, struct rules rules)
{
	const struct recorded *recorded = request->state;
	struct json_writer w = json_writer_to(&request->answer);

	json_open_object(&w);
	figure_text(&w, "id", request->ids[0]);
	json_key(&w, "recorded_at");
	json_instant(&w, row_instant(row, CHANGE_AT));
	change_cause_write(&w, row);
	figure_text(&w, "status", row_text(row, CHANGE_STATUS));
	figure_text(&w, "seller", row_text(row, CHANGE_SELLER));
	recorded->kind->write(&w, request, row, rules);
	json_close_object(&w);
	http_reply_json(request, 200);
}

static void on_change(struct http_request *request, enum status status, const PGresult *rows)
{
	const struct recorded_kind *kind = ((const struct recorded *)request->state)->kind;
	struct row row = {rows, 0};
	bool is_other = status == STATUS_OK && PQntuples(rows) > 0 && row_bool(row, CHANGE_IS_ACCOUNT) != kind->is_account;
	struct rules rules;
	int32_t policy, review;

	if (status != STATUS_OK) {
		http_reply_problem(request, status, "the history could not be read");
		return;
	}
	if (is_other && kind->send_on != NULL) {
		kind->send_on(request);
		return;
	}
	if (PQntuples(rows) == 0 || is_other || row_is_null(row, CHANGE_POSITION)) {
		http_reply_problem(request, STATUS_NOT_FOUND, "no change of such %s is recorded before that instant", kind->noun);
		return;
	}
	policy = (int32_t)row_int(row, CHANGE_POLICY);
	review = (int32_t)row_int(row, CHANGE_REVIEW);
	if (store_rules_find(http_store(request), request->principal.workspace, policy, review, &rules))
		show(request, row, rules);
	else
		http_rules_fetch(request, policy, review, ask);
}

static void ask(struct http_request *request)
{
	changes_ask(request, INT64_MAX, ((const struct recorded *)request->state)->before_us, 1, on_change);
}

void recorded_start(struct http_request *request, int64_t before_us, const struct recorded_kind *kind)
{
	struct recorded *recorded = arena_alloc(request->arena, sizeof(*recorded));

	if (recorded == NULL) {
		http_reply_problem(request, STATUS_NO_MEMORY, NULL);
		return;
	}
	*recorded = (struct recorded){kind, before_us};
	request->state = recorded;
	ask(request);
}
