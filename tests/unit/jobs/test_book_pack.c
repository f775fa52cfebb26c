/* SPDX-License-Identifier: Apache-2.0 */
/* What goes into the pack comes out, whatever the numbers, in its order, as often as it is read. */
#include <sweetspot/calendar.h>

#include "service/jobs/book_pack.h"

#include "tests/unit/base/expect.h"
#include "tests/unit/core/random_book.h"

#define ROWS 9000

static enum status no_window(struct book_rows *rows, void *context)
{
	(void)rows;
	(void)context;
	return STATUS_OK;
}

static struct book_rows window_make(void)
{
	struct book_rows window;

	ck_assert_int_eq(book_rows_init(&window), STATUS_OK);
	ck_assert_int_eq(book_rows_window(&window, no_window, NULL), STATUS_OK);
	return window;
}

/** Rows of a made-up book, the extremes of every type among them. */
struct scene {
	struct arena *arena;
	struct features *features;
	struct before *before;
	uint32_t *owners;
	const char **ids;
	struct other_margin *others;
	size_t other_count;
	struct prospect_row *prospects;
	size_t prospect_count;
};

static int64_t extreme(struct dice *dice)
{
	static const int64_t edges[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(1) << 53, -(INT64_C(1) << 56)};

	return edges[dice_below(dice, COUNT_OF(edges))];
}

static void make_extreme(struct measures *measures, struct dice *dice)
{
	*measures = (struct measures){
		.revenue_12m = extreme(dice), .revenue_prior_12m = extreme(dice), .revenue_182 = extreme(dice), .revenue_prior_182 = extreme(dice),
		.margin_12m = extreme(dice), .minutes_12m = extreme(dice), .rhythm = extreme(dice), .orders = extreme(dice), .reach = INT32_MAX,
		.inbound = INT32_MIN, .directed = -1, .lines_12m = (int32_t)dice_below(dice, 9),
	};
}

static const char *make_id(struct arena *arena, struct dice *dice)
{
	size_t length = (size_t)dice_below(dice, 129);
	char *id = arena_alloc(arena, length + 1);

	id[0] = (char)(unsigned char)length;
	for (size_t i = 1; i <= length; i++)
		id[i] = (char)dice_below(dice, 256);
	return id;
}

static void make_prospect(struct scene *scene, size_t row, struct dice *dice)
{
	static const char *const letters[] = {"p", "pfu", "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"};
	bool has_letters = dice_below(dice, 3) > 0;

	scene->before[row].prospect = (int32_t)scene->prospect_count;
	scene->prospects[scene->prospect_count++] = (struct prospect_row){
		.qualified = {
			.verdict = (enum verdict)dice_below(dice, VERDICT_COUNT),
			.size_source = (enum size_source)dice_below(dice, SIZE_SOURCES),
			.access = (enum access)dice_below(dice, 3),
			.expected_annual = extreme(dice),
			.fit_passed_centi = (int32_t)dice_below(dice, 100) - 1,
			.fit_possible_centi = (int32_t)dice_below(dice, 100) - 1,
			.open_amount = extreme(dice),
			.largest_open = extreme(dice),
			.findings = has_letters ? text_of(letters[dice_below(dice, 3)]) : (struct text){NULL, 0},
		},
		.terms = {extreme(dice), dice_below(dice, 2) == 0 ? DAY_NONE : 20000},
	};
}

static void expect_prospect(const struct prospect_row *expected, const struct prospect_row *found)
{
	const struct qualified *a = &expected->qualified, *b = &found->qualified;

	ck_assert(a->verdict == b->verdict && a->size_source == b->size_source && a->access == b->access);
	ck_assert_int_eq(a->expected_annual, b->expected_annual);
	ck_assert_int_eq(a->fit_passed_centi, b->fit_passed_centi);
	ck_assert_int_eq(a->fit_possible_centi, b->fit_possible_centi);
	ck_assert_int_eq(a->open_amount, b->open_amount);
	ck_assert_int_eq(a->largest_open, b->largest_open);
	ck_assert(text_equal(a->findings, b->findings));
	ck_assert_int_eq(expected->terms.expected_annual, found->terms.expected_annual);
	ck_assert_int_eq(expected->terms.revisit_on, found->terms.revisit_on);
}

static struct scene scene_make(void)
{
	struct scene scene = {.arena = arena_new(65536)};
	struct dice dice = {99};

	scene.features = random_features(&dice, ROWS, scene.arena);
	scene.before = arena_array(scene.arena, ROWS, sizeof(*scene.before));
	scene.owners = arena_array(scene.arena, ROWS, sizeof(*scene.owners));
	scene.ids = arena_array(scene.arena, ROWS, sizeof(*scene.ids));
	scene.prospects = arena_array(scene.arena, ROWS, sizeof(*scene.prospects));
	scene.others = arena_array(scene.arena, ROWS, sizeof(*scene.others));
	for (size_t i = 0; i < ROWS; i++) {
		scene.features[i].fit_passed_centi = (int32_t)dice_below(&dice, 2000000);
		scene.features[i].engagement_side = scene.features[i].potential_side = SIDE_NONE;
		if (dice_below(&dice, 20) == 0)
			make_extreme(&scene.features[i].measures, &dice);
		scene.before[i] = (struct before){
			.engagement = -1, .potential = -1, .keep_score = (int16_t)(dice_below(&dice, 10004) - 1),
			.tier = (uint8_t)dice_below(&dice, TIER_COUNT),
			.list = (uint8_t)dice_below(&dice, LIST_COUNT), .engagement_side = (uint8_t)dice_below(&dice, 3),
			.potential_side = (uint8_t)dice_below(&dice, 3), .classified = dice_below(&dice, 2) == 0,
			.won_deals = (int32_t)dice_below(&dice, 5000), .prospect = -1,
		};
		if (!scene.features[i].is_account)
			make_prospect(&scene, i, &dice);
		scene.owners[i] = (uint32_t)dice_below(&dice, 300) | (dice_below(&dice, 2) == 0 ? OWNER_DERIVED : 0);
		scene.ids[i] = make_id(scene.arena, &dice);
		if (dice_below(&dice, 9) == 0)
			scene.others[scene.other_count++] = (struct other_margin){(uint32_t)i, (int32_t)dice_below(&dice, 10001)};
	}
	return scene;
}

static void pack_all(const struct scene *scene, struct book_rows *window, struct book_pack *pack)
{
	const struct other_margin *other = scene->others;

	for (size_t from = 0; from < ROWS; from += window->count) {
		window->count = ROWS - from < JOBS_CHUNK_ROWS ? ROWS - from : JOBS_CHUNK_ROWS;
		window->other_count = window->prospect_count = 0;
		for (size_t i = 0; i < window->count; i++) {
			window->features[i] = scene->features[from + i];
			window->before[i] = scene->before[from + i];
			window->owners[i] = scene->owners[from + i];
			window->ids[i] = scene->ids[from + i];
			if (window->before[i].prospect >= 0) {
				window->prospects[window->prospect_count] = scene->prospects[window->before[i].prospect];
				window->before[i].prospect = (int32_t)window->prospect_count++;
			}
			if (other < scene->others + scene->other_count && other->index == from + i)
				window->other_margins[window->other_count++] = (struct other_margin){(uint32_t)i, (other++)->pct_centi};
		}
		ck_assert_int_eq(book_pack_add(pack, window), STATUS_OK);
	}
	ck_assert_uint_eq(pack->rows, ROWS);
}

static void expect_row(const struct scene *scene, size_t row, const struct book_rows *window, size_t i)
{
	const struct features *expected = &scene->features[row], *found = &window->features[i];
	const struct before *before = &scene->before[row], *was = &window->before[i];
	struct text id = {scene->ids[row] + 1, (unsigned char)scene->ids[row][0]};

	ck_assert_mem_eq(&found->measures, &expected->measures, sizeof(found->measures));
	ck_assert_int_eq(features_potential(found), features_potential(expected));
	ck_assert_int_eq(found->industry, expected->industry);
	ck_assert_int_eq(found->fit_passed_centi, expected->fit_passed_centi);
	ck_assert_int_eq(found->employee_band, expected->employee_band);
	ck_assert(found->is_account == expected->is_account && found->is_active == expected->is_active);
	ck_assert(was->tier == before->tier && was->list == before->list && was->classified == before->classified);
	ck_assert(was->engagement_side == before->engagement_side && was->potential_side == before->potential_side);
	ck_assert_int_eq(was->keep_score, before->keep_score);
	ck_assert_int_eq(was->won_deals, before->won_deals);
	ck_assert_uint_eq(window->owners[i], scene->owners[row]);
	ck_assert(text_equal(book_rows_id(window, i), id));
	ck_assert_int_eq(was->prospect >= 0, before->prospect >= 0);
	if (before->prospect >= 0)
		expect_prospect(&scene->prospects[before->prospect], &window->prospects[was->prospect]);
}

static void expect_all(const struct scene *scene, struct pack_reader *reader, struct book_rows *window)
{
	const struct other_margin *other = scene->others;
	size_t row = 0;

	do {
		book_pack_read(reader, window);
		for (size_t i = 0; i < window->other_count; i++, other++) {
			ck_assert_uint_eq(row + window->other_margins[i].index, other->index);
			ck_assert_int_eq(window->other_margins[i].pct_centi, other->pct_centi);
		}
		for (size_t i = 0; i < window->count; i++)
			expect_row(scene, row++, window, i);
	} while (window->count > 0);
	ck_assert_uint_eq(row, ROWS);
	ck_assert_ptr_eq(other, scene->others + scene->other_count);
}

START_TEST(test_book_pack_read_is_what_was_added_as_often_as_it_is_read)
{
	struct scene scene = scene_make();
	struct book_rows window = window_make();
	struct book_pack pack = {0};
	struct pack_reader reader = {.pack = &pack};

	pack_all(&scene, &window, &pack);
	expect_all(&scene, &reader, &window);
	expect_all(&scene, &reader, &window);
	book_pack_release(&pack);
	ck_assert_uint_eq(pack.bytes, 0);
	book_rows_release(&window);
	arena_free(scene.arena);
}
END_TEST

START_TEST(test_book_pack_read_that_eats_leaves_nothing)
{
	struct scene scene = scene_make();
	struct book_rows window = window_make();
	struct book_pack pack = {0};
	struct pack_reader reader = {.pack = &pack, .eats = true};

	pack_all(&scene, &window, &pack);
	ck_assert_uint_gt(pack.bytes, 0);
	expect_all(&scene, &reader, &window);
	ck_assert_uint_eq(pack.bytes, 0);
	ck_assert_ptr_null(pack.first);
	book_rows_release(&window);
	arena_free(scene.arena);
}
END_TEST

START_TEST(test_book_pack_read_of_nothing_is_nothing)
{
	struct book_rows window = window_make();
	struct book_pack pack = {0};
	struct pack_reader reader = {.pack = &pack};

	ck_assert_int_eq(book_pack_add(&pack, &window), STATUS_OK);
	book_pack_read(&reader, &window);
	ck_assert_uint_eq(window.count, 0);
	book_rows_release(&window);
}
END_TEST

Suite *suite_book_pack(void);
Suite *suite_book_pack(void)
{
	Suite *suite = suite_create("book_pack");
	TCase *tcase = tcase_create("book_pack");

	tcase_add_test(tcase, test_book_pack_read_is_what_was_added_as_often_as_it_is_read);
	tcase_add_test(tcase, test_book_pack_read_that_eats_leaves_nothing);
	tcase_add_test(tcase, test_book_pack_read_of_nothing_is_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
