/* SPDX-License-Identifier: Apache-2.0 */
/* Figures as members of an open JSON object, each in the API's unit. What they mean is said where they come from. */
#ifndef SERVICE_HTTP_FIGURES_H
#define SERVICE_HTTP_FIGURES_H

#include <sweetspot/json_writer.h>
#include <sweetspot/number.h>
#include <sweetspot/policy.h>
#include <sweetspot/score.h>

/** Minor units. */
void figure_money(struct json_writer *w, const char *name, int64_t minor, int currency_digits);
/** Minutes as hours, to two decimals. */
void figure_hours(struct json_writer *w, const char *name, int64_t minutes);
/** Margin per hour, minor units; null without minutes. */
void figure_value_per_hour(struct json_writer *w, const char *name, int64_t margin, int64_t minutes, int currency_digits);
/** Hundredths; null below 0. */
void figure_score(struct json_writer *w, const char *name, int32_t centi);
/** num ÷ den to four decimals; null where den is 0. */
void figure_share(struct json_writer *w, const char *name, int128 num, int128 den);
/** A decay sum, kept times 2^32, to two decimals; null for 0 where that means "not recorded". */
void figure_decay(struct json_writer *w, const char *name, int64_t sum, bool zero_is_null);
void figure_count(struct json_writer *w, const char *name, int64_t count);
void figure_text(struct json_writer *w, const char *name, struct text text);
void figure_bool(struct json_writer *w, const char *name, bool value);
void figure_day(struct json_writer *w, const char *name, int32_t day);
void figure_null(struct json_writer *w, const char *name);
/** The tier's word, null for none. */
void figure_tier(struct json_writer *w, const char *name, enum tier tier);
/** "cuts": both cut-offs. */
void figure_cuts(struct json_writer *w, int32_t engagement_centi, int32_t potential_centi);
/** "full": the full marks, decay sums times 2^32; null for 0, which means "not recorded". */
void figure_full(struct json_writer *w, int64_t reach, int64_t rhythm, int64_t orders);

#endif
