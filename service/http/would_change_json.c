/* SPDX-License-Identifier: Apache-2.0 */
/* Writing what would change a standing, each measure in its unit. */
#include "would_change_json.h"

#include "figures.h"

static void write_value(struct json_writer *w, const char *name, const struct would_change *change, int64_t value, int currency_digits)
{
	switch (change->unit) {
	case UNIT_MONEY: figure_money(w, name, value, currency_digits); break;
	case UNIT_COUNT: figure_count(w, name, value); break;
	case UNIT_MINUTES: figure_hours(w, name, value); break;
	case UNIT_DECAY: figure_score(w, name, (int32_t)value); break;
	case UNIT_DAY: figure_day(w, name, (int32_t)value); break;
	case UNIT_DECIMAL:
		json_key(w, name);
		json_scaled(w, value, change->places);
		break;
	}
}

static void write_outcome(struct json_writer *w, struct outcome_seen outcome, bool of_account)
{
	json_key(w, "becomes");
	json_open_object(w);
	if (of_account)
		figure_tier(w, "tier", outcome.tier);
	else
		figure_text(w, "verdict", text_of(verdict_name(outcome.verdict)));
	figure_text(w, "list", text_of(list_name(outcome.list)));
	if (of_account)
		figure_bool(w, "let_go_candidate", outcome.is_candidate);
	json_close_object(w);
}

void would_change_write(struct json_writer *w, const struct would_change *change, bool of_account, int currency_digits)
{
	json_key(w, "would_change");
	if (change->measure.bytes == NULL) {
		json_write_null(w);
		return;
	}
	json_open_object(w);
	figure_text(w, "measure", change->measure);
	if (change->beyond.bytes != NULL) {
		json_key(w, "from");
		json_raw(w, change->beyond);
	} else {
		write_value(w, "from", change, change->from, currency_digits);
	}
	write_value(w, "needs", change, change->needs, currency_digits);
	write_outcome(w, change->becomes, of_account);
	json_close_object(w);
}
