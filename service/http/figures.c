/* SPDX-License-Identifier: Apache-2.0 */
/* One function a kind of figure, so that a money is a money in every answer. Records write theirs by their field tables. */
#include "figures.h"

#define CENTI_DIGITS 2
#define SHARE_DIGITS 4
#define SHARE_ONE 10000
#define DECAY_SHIFT 32
#define FULL_DIGITS 5

void figure_money(struct json_writer *w, const char *name, int64_t minor, int currency_digits)
{
	json_key(w, name);
	json_scaled(w, minor, currency_digits);
}

void figure_hours(struct json_writer *w, const char *name, int64_t minutes)
{
	json_key(w, name);
	json_scaled(w, number_divide_rounded((int128)minutes * 100, 60), CENTI_DIGITS);
}

void figure_value_per_hour(struct json_writer *w, const char *name, int64_t margin, int64_t minutes, int currency_digits)
{
	json_key(w, name);
	if (minutes > 0)
		json_scaled(w, number_divide_rounded((int128)margin * 60, minutes), currency_digits);
	else
		json_write_null(w);
}

void figure_score(struct json_writer *w, const char *name, int32_t centi)
{
	json_key(w, name);
	if (centi >= 0)
		json_scaled(w, centi, CENTI_DIGITS);
	else
		json_write_null(w);
}

void figure_share(struct json_writer *w, const char *name, int128 num, int128 den)
{
	json_key(w, name);
	if (den != 0)
		json_scaled(w, number_divide_rounded(num * SHARE_ONE, den), SHARE_DIGITS);
	else
		json_write_null(w);
}

void figure_decay(struct json_writer *w, const char *name, int64_t sum, bool zero_is_null)
{
	json_key(w, name);
	if (sum == 0 && zero_is_null)
		json_write_null(w);
	else
		json_scaled(w, number_divide_rounded((int128)sum * 100, (int128)1 << DECAY_SHIFT), CENTI_DIGITS);
}

void figure_count(struct json_writer *w, const char *name, int64_t count)
{
	json_key(w, name);
	json_int(w, count);
}

void figure_text(struct json_writer *w, const char *name, struct text text)
{
	json_key(w, name);
	json_text(w, text);
}

void figure_bool(struct json_writer *w, const char *name, bool value)
{
	json_key(w, name);
	json_bool(w, value);
}

void figure_day(struct json_writer *w, const char *name, int32_t day)
{
	json_key(w, name);
	json_day(w, day);
}

void figure_null(struct json_writer *w, const char *name)
{
	json_key(w, name);
	json_write_null(w);
}

void figure_tier(struct json_writer *w, const char *name, enum tier tier)
{
	json_key(w, name);
	json_text(w, text_of(tier_name(tier)));
}

void figure_cuts(struct json_writer *w, int32_t engagement_centi, int32_t potential_centi)
{
	json_key(w, "cuts");
	json_open_object(w);
	figure_score(w, "engagement", engagement_centi);
	figure_score(w, "potential", potential_centi);
	json_close_object(w);
}

static void write_mark(struct json_writer *w, const char *name, int64_t value, int128 one)
{
	json_key(w, name);
	if (value > 0)
		json_scaled(w, number_divide_rounded((int128)value * 100000, one), FULL_DIGITS);
	else
		json_write_null(w);
}

void figure_full(struct json_writer *w, int64_t reach, int64_t rhythm, int64_t orders)
{
	json_key(w, "full");
	json_open_object(w);
	write_mark(w, "reach", reach, 1);
	write_mark(w, "rhythm", rhythm, (int128)1 << DECAY_SHIFT);
	write_mark(w, "orders", orders, (int128)1 << DECAY_SHIFT);
	json_close_object(w);
}
