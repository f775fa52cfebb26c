/* SPDX-License-Identifier: Apache-2.0 */
/* What would change an account's standing: against trying every value, and one step less never does it. */
#include "service/http/let_go_entry.h"
#include "service/http/account_change.h"

#include <sweetspot/calendar.h>

#include "tests/unit/base/expect.h"
#include "tests/unit/core/random_book.h"

#define BOOK_SIZE 200
#define BOOKS 4

/** A reviewed book, with sides stored as a review stores them. */
struct reviewed {
	struct arena *arena;
	struct features *features;
	struct review review;
	struct policy policy;
};

static struct reviewed reviewed_book(uint64_t seed)
{
	struct reviewed book = {.arena = arena_new(1 << 16), .policy = default_policy()};
	struct dice dice = {seed};
	struct book facts;

	book.features = random_features(&dice, BOOK_SIZE, book.arena);
	facts = random_book(book.arena);
	ck_assert_int_eq(core_review_compute(&facts, &book.policy, book.features, BOOK_SIZE, book.arena, &book.review), STATUS_OK);
	book.review.half_year_momentum = seed % 2 == 1;
	for (size_t i = 0; i < BOOK_SIZE; i++) {
		book.features[i].engagement_side = (unsigned)dice_below(&dice, 3) & 3;
		book.features[i].potential_side = (unsigned)dice_below(&dice, 3) & 3;
	}
	return book;
}

/** What the record of such features says: a potential in force, where there is one. */
static struct record record_of(const struct features *features, int32_t day)
{
	struct record record = {.kind = RECORD_ORGANISATION};

	if (features_potential(features) < 0)
		return record;
	record.filled = 1u << ORGANISATION_ANNUAL_POTENTIAL | 1u << ORGANISATION_ANNUAL_POTENTIAL_ON;
	record.value[ORGANISATION_ANNUAL_POTENTIAL].integer = features_potential(features);
	record.value[ORGANISATION_ANNUAL_POTENTIAL_ON].integer = day;
	return record;
}

static struct would_change find(const struct standing_case *standing, struct arena *arena)
{
	struct would_change change = {.measure = TEXT("untouched")};

	ck_assert_int_eq(account_change_find(standing, arena, &change), STATUS_OK);
	return change;
}

static struct let_go_facts facts_of(const struct features *features)
{
	return (struct let_go_facts){
		.is_active = features->is_active, .protected_until = DAY_NONE, .kept_until = DAY_NONE, .client_since = DAY_NONE,
		.first_revenue_on = DAY_NONE, .book_first_revenue_on = DAY_NONE,
	};
}

/** Set a measure by its name, in the unit it is shown in. */
static void set(struct features *features, const char *measure, int64_t value)
{
	struct measures *m = &features->measures;
	int64_t decay = number_divide_rounded((int128)value << 32, 100);

	if (strcmp(measure, "annual_potential") == 0)
		features_state_potential(features, value);
	else if (strcmp(measure, "revenue_12m") == 0) {
		/* revenue of late */
		m->revenue_182 += value - m->revenue_12m;
		m->revenue_12m = value;
	} else if (strcmp(measure, "hours_12m") == 0)
		m->minutes_12m = value;
	else if (strcmp(measure, "rhythm") == 0)
		m->rhythm = decay;
	else if (strcmp(measure, "orders") == 0)
		m->orders = decay;
	else if (strcmp(measure, "reach") == 0)
		m->reach = (int32_t)value;
	else if (strcmp(measure, "inbound") == 0)
		m->inbound = (int32_t)value;
	else if (strcmp(measure, "directed") == 0)
		m->directed = (int32_t)value;
	else if (strcmp(measure, "lines_12m") == 0)
		m->lines_12m = (int32_t)value;
	else
		ck_abort_msg("unknown measure %s", measure);
}

static struct outcome_seen seen_with(const struct standing_case *standing, const char *measure, int64_t value)
{
	struct features features = *standing->features;
	struct standing_case changed = *standing;

	if (strcmp(measure, "annual_potential_on") == 0)
		features_state_potential(&features, value <= standing->day && standing->day - value < 365 ? features_potential(&features) : -1);
	else
		set(&features, measure, value);
	changed.features = &features;
	return account_outcome(&changed);
}

START_TEST(test_account_change_find_alters_and_one_step_less_does_not)
{
	struct reviewed book = reviewed_book((uint64_t)_i + 1);
	size_t found = 0;

	for (size_t i = 0; i < BOOK_SIZE; i++) {
		struct let_go_facts facts = facts_of(&book.features[i]);
		struct record record = record_of(&book.features[i], book.review.day);
		struct standing_case standing = {&book.features[i], &facts, &book.review, &book.policy, book.review.day, TIER_NONE, &record,
		                                 {NULL, 0}};
		struct would_change change = find(&standing, book.arena);
		struct outcome_seen now = account_outcome(&standing);
		int64_t less;

		if (change.measure.bytes == NULL)
			continue;
		found++;
		ck_assert(!outcome_equal(seen_with(&standing, change.measure.bytes, change.needs), now));
		ck_assert(outcome_equal(seen_with(&standing, change.measure.bytes, change.needs), change.becomes));
		if (change.unit == UNIT_DECAY)
			ck_assert_msg(change.needs <= (strcmp(change.measure.bytes, "rhythm") == 0 ? 12300 : 19700), "more than every day gives");
		less = change.needs + (change.needs > change.from ? -1 : 1);
		if (less != change.from)
			ck_assert_msg(outcome_equal(seen_with(&standing, change.measure.bytes, less), now), "%s %lld", change.measure.bytes,
			              (long long)less);
	}
	ck_assert_uint_gt(found, BOOK_SIZE / 4);
	arena_free(book.arena);
}
END_TEST

/** The nearest value of a count, by trying them all; -1: none up to a hundred either way. */
static int64_t nearest_count(const struct standing_case *standing, const char *measure, int64_t from, int64_t least, int64_t most)
{
	struct outcome_seen now = account_outcome(standing);

	for (int64_t far = 1; far <= 100; far++) {
		if (from + far <= most && !outcome_equal(seen_with(standing, measure, from + far), now))
			return far;
		if (from - far >= least && !outcome_equal(seen_with(standing, measure, from - far), now))
			return far;
	}
	return -1;
}

START_TEST(test_account_change_find_no_count_is_nearer)
{
	struct reviewed book = reviewed_book((uint64_t)_i + 100);

	for (size_t i = 0; i < BOOK_SIZE; i++) {
		const struct measures *m = &book.features[i].measures;
		struct let_go_facts facts = facts_of(&book.features[i]);
		struct record record = record_of(&book.features[i], book.review.day);
		struct standing_case standing = {&book.features[i], &facts, &book.review, &book.policy, book.review.day, TIER_NONE, &record,
		                                 {NULL, 0}};
		struct would_change change = find(&standing, book.arena);
		const struct {
			const char *measure;
			int64_t from, least, most;
		} counts[] = {
			{"reach", m->reach, 0, 1000},
			{"inbound", m->inbound, 0, m->directed},
			{"directed", m->directed, m->inbound, 1000},
			{"lines_12m", m->lines_12m, 0, book.review.lines_offered},
		};

		for (size_t j = 0; j < COUNT_OF(counts); j++) {
			int64_t far = nearest_count(&standing, counts[j].measure, counts[j].from, counts[j].least, counts[j].most);

			if (far < 0 || counts[j].from == 0)
				continue;
			ck_assert_ptr_nonnull(change.measure.bytes);
			/* What was found is not farther in proportion; decay sums are rounded to hundredths, so they are left out. */
			if (change.unit != UNIT_DECAY)
				ck_assert_msg((int128)llabs(change.needs - change.from) * counts[j].from <= (int128)far * change.from,
				              "%s is nearer than %s", counts[j].measure, change.measure.bytes);
		}
	}
	arena_free(book.arena);
}
END_TEST

START_TEST(test_account_change_find_inactive_account_nothing_does)
{
	struct reviewed book = reviewed_book(7);
	struct features features = book.features[0];
	struct let_go_facts facts = facts_of(&features);
	struct record record = record_of(&features, book.review.day);
	struct standing_case standing = {&features, &facts, &book.review, &book.policy, book.review.day, TIER_NONE, &record, {NULL, 0}};

	features.is_account = true;
	features.is_active = false;
	ck_assert_ptr_null(find(&standing, book.arena).measure.bytes);
	arena_free(book.arena);
}
END_TEST

START_TEST(test_account_outcome_tier_by_hand_counts_for_letting_go_alone)
{
	struct reviewed book = reviewed_book(8);

	for (size_t i = 0; i < BOOK_SIZE; i++) {
		struct let_go_facts facts = facts_of(&book.features[i]);
		struct record record = record_of(&book.features[i], book.review.day);
		struct standing_case standing = {&book.features[i], &facts, &book.review, &book.policy, book.review.day, TIER_NONE, &record,
		                                 {NULL, 0}};
		struct outcome_seen computed = account_outcome(&standing), by_hand;
		bool is_listed = computed.list != LIST_NONE && (computed.list != LIST_LKA || book.features[i].measures.minutes_12m > 0);

		standing.tier_by_hand = TIER_SERVICE;
		by_hand = account_outcome(&standing);
		ck_assert(by_hand.tier == computed.tier && by_hand.list == computed.list);
		ck_assert_int_eq(by_hand.is_candidate, book.features[i].is_active && is_listed);
		standing.tier_by_hand = TIER_KEY;
		ck_assert(!account_outcome(&standing).is_candidate);
	}
	arena_free(book.arena);
}
END_TEST

/* ---- The let-go list's own, by scores ---- */

static const struct {
	struct let_go_scores scores;
	const char *measure;
	int32_t needs;
} escapes[] = {
	/* potential is nearer in proportion */
	{{1000, 4000, SIDE_NONE, SIDE_NONE, LIST_SECONDARY, 0, false}, "potential", 5217},
	{{4000, 1000, SIDE_NONE, SIDE_NONE, LIST_SECONDARY, 0, false}, "engagement", 4100},
	/* stored sides hold within the margin of 3.00 */
	{{4000, 1000, SIDE_LOW, SIDE_LOW, LIST_SECONDARY, 0, false}, "engagement", 4400},
	{{1000, 4800, SIDE_LOW, SIDE_HIGH, LIST_SECONDARY, 0, false}, "potential", 4917},
	/* equally far: by name */
	{{4100 / 2, 0, SIDE_NONE, SIDE_NONE, LIST_SECONDARY, 0, false}, "engagement", 4100},
	/* from nothing is infinitely far */
	{{0, 1, SIDE_NONE, SIDE_NONE, LIST_SECONDARY, 0, false}, "potential", 5217},
	{{0, 0, SIDE_NONE, SIDE_NONE, LIST_SECONDARY, 0, false}, "engagement", 4100},
	/* an lka leaves the list when it costs no time */
	{{1000, 1000, SIDE_NONE, SIDE_NONE, LIST_LKA, 600, false}, "hours_12m", 0},
	{{4099, 1000, SIDE_NONE, SIDE_NONE, LIST_LKA, 600, false}, "engagement", 4100},
	/* no score moves a tier set by hand */
	{{4099, 1000, SIDE_NONE, SIDE_NONE, LIST_LKA, 600, true}, "hours_12m", 0},
};

START_TEST(test_let_go_escape_find_nearest_in_proportion)
{
	struct policy policy = default_policy();
	struct review review = {.engagement_cut_centi = 4100, .potential_cut_centi = 5217, .margin_centi = 300};
	struct let_go_escape escape = let_go_escape_find(&escapes[_i].scores, &review, &policy);

	ck_assert_str_eq(escape.measure, escapes[_i].measure);
	ck_assert_int_eq(escape.needs_centi, escapes[_i].needs);
}
END_TEST

START_TEST(test_let_go_escape_find_all_tiers_let_go_nothing_helps)
{
	struct policy policy = default_policy();
	struct review review = {.engagement_cut_centi = 4100, .potential_cut_centi = 5217};
	struct let_go_scores scores = {1000, 1000, SIDE_NONE, SIDE_NONE, LIST_SECONDARY, 60, false};

	for (int tier = 0; tier < TIER_COUNT; tier++)
		policy.let_go_tier[tier] = true;
	ck_assert_ptr_null(let_go_escape_find(&scores, &review, &policy).measure);
}
END_TEST

START_TEST(test_let_go_escape_find_maintenance_let_go_too_falls_are_found)
{
	struct policy policy = default_policy();
	struct review review = {.engagement_cut_centi = 4100, .potential_cut_centi = 5217};
	struct let_go_scores scores = {4200, 1000, SIDE_NONE, SIDE_NONE, LIST_SECONDARY, 60, false};
	struct let_go_escape escape;

	policy.let_go_tier[TIER_SERVICE] = false;
	policy.let_go_tier[TIER_MAINTENANCE] = true;
	escape = let_go_escape_find(&scores, &review, &policy);
	ck_assert_str_eq(escape.measure, "engagement");
	ck_assert_int_eq(escape.needs_centi, 4099);
}
END_TEST

Suite *suite_account_change(void);
Suite *suite_account_change(void)
{
	Suite *suite = suite_create("http account_change");
	TCase *tcase = tcase_create("account_change");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_account_change_find_alters_and_one_step_less_does_not, 0, BOOKS);
	tcase_add_loop_test(tcase, test_account_change_find_no_count_is_nearer, 0, BOOKS);
	tcase_add_test(tcase, test_account_change_find_inactive_account_nothing_does);
	tcase_add_test(tcase, test_account_outcome_tier_by_hand_counts_for_letting_go_alone);
	tcase_add_loop_test(tcase, test_let_go_escape_find_nearest_in_proportion, 0, COUNT_OF(escapes));
	tcase_add_test(tcase, test_let_go_escape_find_all_tiers_let_go_nothing_helps);
	tcase_add_test(tcase, test_let_go_escape_find_maintenance_let_go_too_falls_are_found);
	suite_add_tcase(suite, tcase);
	return suite;
}
