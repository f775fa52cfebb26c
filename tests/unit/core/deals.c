/* SPDX-License-Identifier: Apache-2.0 */
/* Making books of closed deals. What must hold of them is in the tests. */
#include "deals.h"

#include <check.h>

#include <sweetspot/calendar.h>

#define ARENA_BYTES 65536
#define ORGANISATIONS 9
#define SELLERS 4

struct deals deals_new(size_t capacity)
{
	struct deals deals = {.capacity = capacity, .arena = arena_new(ARENA_BYTES)};

	ck_assert_ptr_nonnull(deals.arena);
	deals.rows = arena_array(deals.arena, capacity + 1, sizeof(*deals.rows));
	ck_assert_ptr_nonnull(deals.rows);
	deals.book.deals = deals.rows;
	return deals;
}

void deals_free(struct deals *deals)
{
	arena_free(deals->arena);
}

struct closed_deal *deals_add(struct deals *deals, bool won, int64_t amount_minor, int32_t days)
{
	struct closed_deal *deal = &deals->rows[deals->book.count++];

	ck_assert_uint_le(deals->book.count, deals->capacity);
	*deal = (struct closed_deal){
		.amount_minor = amount_minor,
		.opened_on = days < 0 ? DAY_NONE : DEALS_CLOSED_ON - days,
		.closed_on = DEALS_CLOSED_ON,
		.organisation = -1,
		.seller = -1,
		.won = won,
	};
	return deal;
}

void deals_add_many(struct deals *deals, size_t count, bool won, int64_t amount_minor, int32_t days)
{
	for (size_t i = 0; i < count; i++)
		deals_add(deals, won, amount_minor, days);
}

struct size_bands deals_bands(const struct deals *deals)
{
	struct size_bands bands;

	ck_assert_int_eq(core_bands_compute(&deals->book, deals->arena, &bands), STATUS_OK);
	return bands;
}

struct deals deals_worked_example(void)
{
	static const struct {
		int64_t from, won_minor, days;
		size_t deals, won;
	} bands[] = {
		{3800, 9748900, 65621, 1341, 911},       {48300, 46669800, 66720, 1343, 822},   {88500, 166342800, 66960, 1341, 943},
		{336300, 310265900, 54922, 1188, 758}, {482100, 467526000, 67807, 1498, 804},
	};
	struct deals deals = deals_new(6711);

	for (size_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++) {
		size_t lost = bands[i].deals - bands[i].won, money = (size_t)bands[i].won_minor, days = (size_t)bands[i].days;

		/* The first few of each have one unit more, so that the sums are these. */
		for (size_t j = 0; j < bands[i].won; j++)
			deals_add(&deals, true, (int64_t)(money / bands[i].won + (j < money % bands[i].won)),
			          (int32_t)(days / bands[i].deals + (j < days % bands[i].deals)));
		for (size_t j = bands[i].won; j < bands[i].deals; j++)
			deals_add(&deals, false, bands[i].from, (int32_t)(days / bands[i].deals + (j < days % bands[i].deals)));
		ck_assert_uint_gt(lost, 1);
	}
	return deals;
}

static void add_random(struct deals *deals, struct dice *dice, bool hours)
{
	static const int64_t amounts[] = {-5, 0, 1, 100, 100, 250, 250, 999};
	bool ties = dice_below(dice, 2) == 0;
	int64_t amount = ties ? amounts[dice_below(dice, 8)] : 1 + dice_below(dice, INT64_C(1) << dice_below(dice, 16));
	struct closed_deal *deal = deals_add(deals, dice_below(dice, 3) > 0, amount, (int32_t)dice_below(dice, 40) - 2);

	if (dice_below(dice, 20) == 0)
		deal->opened_on = DEALS_CLOSED_ON + 1;
	deal->closed_on -= (int32_t)dice_below(dice, 2);
	deal->organisation = (int32_t)dice_below(dice, ORGANISATIONS + 1) - 1;
	deal->seller = (int32_t)dice_below(dice, SELLERS + 1) - 1;
	if (hours && deal->organisation >= 0 && deal->opened_on != DAY_NONE)
		deal->minutes = dice_below(dice, 3) * dice_below(dice, 300);
}

struct deals deals_random(struct dice *dice, size_t count, bool hours)
{
	struct deals deals = deals_new(count);
	int64_t *minutes = arena_array(deals.arena, ORGANISATIONS, sizeof(*minutes));

	ck_assert_ptr_nonnull(minutes);
	for (size_t i = 0; i < count; i++)
		add_random(&deals, dice, hours);
	for (size_t i = 0; i < ORGANISATIONS; i++)
		minutes[i] = dice_below(dice, 2) * dice_below(dice, 6000);
	deals.book.minutes_12m = minutes;
	deals.book.organisation_count = ORGANISATIONS;
	deals.book.seller_count = SELLERS;
	deals.book.selling = (struct selling){
		.is_known = dice_below(dice, 2) == 0,
		.weekly_hours_centi = dice_below(dice, 16000),
		.quota_minor = dice_below(dice, INT64_C(1) << dice_below(dice, 24)),
		.account_management_pct_centi = dice_below(dice, 10001),
	};
	return deals;
}
