/* SPDX-License-Identifier: Apache-2.0 */
/* "could_become_key" of a review: figures of all of them, and the first. Who they are is found elsewhere. */
#include "contenders_json.h"

#include <jansson.h>

#include "figures.h"

/* Places in an element of review_contenders_shown. */
enum { SHOWN_ID, SHOWN_NAME, SHOWN_REVENUE, SHOWN_ANNUAL_POTENTIAL, SHOWN_IS_ESTIMATE, SHOWN_POTENTIAL };

static void write_one(struct json_writer *w, const struct contender *one, int currency_digits)
{
	json_open_object(w);
	figure_text(w, "account", one->id);
	figure_text(w, "name", one->name);
	figure_money(w, "revenue_12m", one->revenue_12m, currency_digits);
	figure_money(w, "annual_potential", one->annual_potential, currency_digits);
	figure_text(w, "annual_potential_source", one->is_estimate ? TEXT("estimate") : TEXT("stated"));
	figure_score(w, "potential", one->potential_centi);
	json_close_object(w);
}

void contenders_write(struct json_writer *w, const struct contenders *contenders, int64_t revenue, int currency_digits)
{
	json_key(w, "could_become_key");
	json_open_object(w);
	figure_count(w, "count", contenders->count);
	figure_money(w, "revenue_12m", contenders->revenue, currency_digits);
	figure_share(w, "revenue_share", contenders->revenue, revenue);
	figure_money(w, "headroom", contenders->headroom, currency_digits);
	json_key(w, "first");
	json_open_array(w);
	for (size_t i = 0; i < contenders->shown; i++)
		write_one(w, &contenders->first[i], currency_digits);
	json_close_array(w);
	json_close_object(w);
}

static struct text text_at(const json_t *shown, size_t place)
{
	const json_t *value = json_array_get(shown, place);

	return (struct text){json_string_value(value), json_string_length(value)};
}

static struct contender contender_of(const json_t *shown)
{
	const json_t *potential = json_array_get(shown, SHOWN_POTENTIAL);

	return (struct contender){
		.id = text_at(shown, SHOWN_ID),
		.name = text_at(shown, SHOWN_NAME),
		.revenue_12m = json_integer_value(json_array_get(shown, SHOWN_REVENUE)),
		.annual_potential = json_integer_value(json_array_get(shown, SHOWN_ANNUAL_POTENTIAL)),
		.is_estimate = json_is_true(json_array_get(shown, SHOWN_IS_ESTIMATE)),
		.potential_centi = json_is_null(potential) ? -1 : (int32_t)json_integer_value(potential),
	};
}

void contenders_shown_write(struct json_writer *w, struct contenders contenders, struct text shown, int64_t revenue, int currency_digits)
{
	json_t *all = shown.bytes == NULL ? NULL : json_loadb(shown.bytes, shown.length, 0, NULL);
	struct contender first[CONTENDERS_MOST];

	for (contenders.shown = 0; contenders.shown < json_array_size(all) && contenders.shown < CONTENDERS_MOST; contenders.shown++)
		first[contenders.shown] = contender_of(json_array_get(all, contenders.shown));
	contenders.first = first;
	contenders_write(w, &contenders, revenue, currency_digits);
	json_decref(all);
}
