/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the lists: every set of filters and sort, against the rules of docs/lists.md said another way. */
#include "service/http/list_plan.h"

#include "tests/unit/base/expect.h"

static const char *const sorts[] = {
	"id", "name", "revenue_12m", "-revenue_12m", "potential", "-potential", "engagement", "-engagement", "-id", "",
};

#define BIT(name) FILTER_BIT(FILTER_##name)

static const struct list_way *account_way(const char *sort, unsigned given)
{
	return list_way_find(&list_kinds[LISTING_ACCOUNTS], text_of(sort), given);
}

static bool is_measure(const char *sort)
{
	return strcmp(sort, "id") != 0 && strcmp(sort, "name") != 0;
}

/** Said once more: a prefix goes with the sort by name alone; everything else goes together. */
static bool is_allowed(const char *sort, unsigned given)
{
	if ((given & BIT(PREFIX)) != 0)
		return strcmp(sort, "name") == 0;
	return strcmp(sort, "-id") != 0 && strcmp(sort, "") != 0;
}

START_TEST(test_list_way_find_accounts_every_set_is_as_documented)
{
	const unsigned filters[] = {BIT(TIER), BIT(LIST), BIT(CONTENDER), BIT(SELLER), BIT(STATUS), BIT(INDUSTRY), BIT(REGION), BIT(PREFIX)};

	for (unsigned set = 0; set < 1u << COUNT_OF(filters); set++) {
		unsigned given = 0;

		for (size_t i = 0; i < COUNT_OF(filters); i++)
			given |= (set >> i & 1) != 0 ? filters[i] : 0;
		for (size_t i = 0; i < COUNT_OF(sorts); i++) {
			const struct list_way *way = account_way(sorts[i], given);

			ck_assert_msg((way != NULL) == is_allowed(sorts[i], given), "sort %s, filters %x", sorts[i], given);
			if (way == NULL)
				continue;
			ck_assert_uint_eq(given & ~(way->needs | way->takes), 0);
		}
	}
}
END_TEST

START_TEST(test_list_way_find_narrowest_index_is_taken)
{
	ck_assert_int_eq(account_way("-potential", BIT(TIER))->statement, STATEMENT_LIST_ORGANISATIONS_OF_TIER);
	ck_assert_int_eq(account_way("-potential", BIT(TIER) | BIT(LIST))->statement, STATEMENT_LIST_ORGANISATIONS_OF_TIER);
	ck_assert_int_eq(account_way("-potential", BIT(TIER) | BIT(SELLER))->statement, STATEMENT_LIST_ORGANISATIONS_OF_SELLER_SORTED);
	ck_assert_int_eq(account_way("-potential", BIT(CONTENDER) | BIT(TIER))->statement, STATEMENT_LIST_ORGANISATIONS_OF_CONTENDERS);
	ck_assert_int_eq(account_way("-potential", BIT(CONTENDER) | BIT(SELLER))->statement, STATEMENT_LIST_ORGANISATIONS_OF_SELLER_SORTED);
	ck_assert_int_eq(account_way("potential", BIT(TIER))->statement, STATEMENT_LIST_ORGANISATIONS_BY_MEASURE);
	ck_assert_int_eq(account_way("id", BIT(SELLER) | BIT(INDUSTRY))->statement, STATEMENT_LIST_ORGANISATIONS_OF_SELLER);
	ck_assert_int_eq(account_way("id", BIT(REGION) | BIT(INDUSTRY))->statement, STATEMENT_LIST_ORGANISATIONS_OF_INDUSTRY);
	ck_assert_int_eq(account_way("id", BIT(REGION))->statement, STATEMENT_LIST_ORGANISATIONS_OF_REGION);
	ck_assert_int_eq(account_way("name", BIT(PREFIX) | BIT(SELLER))->statement, STATEMENT_LIST_ORGANISATIONS_BY_NAME);
}
END_TEST

/* Whom somebody has put on a list are so few that they are looked at one by one, whatever else is asked. */
START_TEST(test_list_way_find_prospects_by_hand_go_with_everything)
{
	const unsigned others = BIT(VERDICT) | BIT(LIST) | BIT(SELLER) | BIT(REVISIT) | BIT(STATUS) | BIT(INDUSTRY) | BIT(REGION) | BIT(PREFIX);
	const char *const all[] = {"id", "name", "-fit"};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		const struct list_way *alone = list_way_find(&list_kinds[LISTING_PROSPECTS], text_of(all[i]), BIT(ASSIGNED));
		const struct list_way *with_all = list_way_find(&list_kinds[LISTING_PROSPECTS], text_of(all[i]), BIT(ASSIGNED) | others);

		ck_assert_ptr_nonnull(alone);
		ck_assert_int_eq(alone->statement, STATEMENT_LIST_PROSPECTS_BY_HAND);
		ck_assert(alone->is_sorting);
		ck_assert_ptr_eq(alone, with_all);
	}
	ck_assert_ptr_null(account_way("id", BIT(ASSIGNED)));
}
END_TEST

START_TEST(test_list_way_find_sorting_ways_are_marked)
{
	for (size_t i = 0; i < COUNT_OF(sorts); i++) {
		const struct list_way *way = account_way(sorts[i], 0);

		if (way != NULL)
			ck_assert_int_eq(way->is_sorting, is_measure(sorts[i]));
	}
}
END_TEST

/* Each letter of binds stands for one parameter, and a filter that a way needs or takes must be among them. */
START_TEST(test_list_kinds_every_filter_of_a_way_is_bound)
{
	static const char letters[FILTERS] = {
		[FILTER_TIER] = 'T', [FILTER_LIST] = 'L', [FILTER_SELLER] = 'S', [FILTER_STATUS] = 'U', [FILTER_INDUSTRY] = 'I',
		[FILTER_REGION] = 'R', [FILTER_PREFIX] = 'Q', [FILTER_ORGANISATION] = 'O', [FILTER_STAGE] = 'G', [FILTER_ACTIVE] = 'A',
		[FILTER_VERDICT] = 'V', [FILTER_REVISIT] = 'D', [FILTER_CONTENDER] = 'C',
		[FILTER_ASSIGNED] = 'H',
	};

	for (size_t kind = 0; kind < LISTINGS; kind++) {
		for (size_t i = 0; i < list_kinds[kind].way_count; i++) {
			const struct list_way *way = &list_kinds[kind].ways[i];

			for (int filter = 0; filter < FILTERS; filter++) {
				char letter = kind == LISTING_SELLERS && filter == FILTER_REGION ? 'P' : letters[filter];
				/* Without a prefix there is no stretch of names to begin with: null. */
				bool is_null = way->statement == STATEMENT_LIST_PROSPECTS_BY_HAND && filter == FILTER_PREFIX;

				/* Who could become key is found by a statement that looks at nobody else. */
				if (filter == FILTER_CONTENDER && (way->needs & FILTER_BIT(filter)) != 0)
					continue;
				if (((way->needs | way->takes) & FILTER_BIT(filter)) != 0)
					ck_assert_msg(strchr(way->binds, is_null ? 'q' : letter) != NULL, "%s, way %zu, %c", list_kinds[kind].plural, i,
					              letter);
			}
		}
	}
}
END_TEST

START_TEST(test_list_bind_binds_one_parameter_a_letter)
{
	struct arena *arena = arena_new(4096);
	struct list_values values = {.workspace = 1, .sort = TEXT("id"), .behind = {0, {"", 0}, {"", 0}}};

	for (size_t kind = 0; kind < LISTINGS; kind++) {
		struct params params = params_in(arena);

		list_bind(&params, list_kinds[kind].count_binds, &values);
		ck_assert_int_eq(params.count, (int)strlen(list_kinds[kind].count_binds));
		for (size_t i = 0; i < list_kinds[kind].way_count; i++) {
			params = params_in(arena);
			list_bind(&params, list_kinds[kind].ways[i].binds, &values);
			ck_assert_int_eq(params.count, (int)strlen(list_kinds[kind].ways[i].binds));
			ck_assert(!params.failed);
		}
	}
	arena_free(arena);
}
END_TEST

START_TEST(test_list_way_explain_names_what_goes_together)
{
	struct arena *arena = arena_new(4096);

	expect_text(list_way_explain(arena, &list_kinds[LISTING_CONTACTS], TEXT("id")),
	            "sort \"id\" goes with organisation; or without filters");
	expect_text(list_way_explain(arena, &list_kinds[LISTING_SELLERS], TEXT("name")), "this list has no sort \"name\"");
	arena_free(arena);
}
END_TEST

START_TEST(test_list_position_first_begins_where_the_order_does)
{
	struct list_values values = {.filter = {[FILTER_PREFIX] = TEXT("ac")}};

	ck_assert_int_eq(list_position_first(account_way("-potential", BIT(TIER)), &values).key, INT64_MAX);
	ck_assert_int_eq(list_position_first(account_way("-potential", 0), &values).key, INT64_MIN);
	ck_assert_int_eq(list_position_first(account_way("-potential", BIT(CONTENDER)), &values).key, INT64_MIN);
	expect_text(list_position_first(account_way("name", BIT(PREFIX)), &values).name, "ac");
}
END_TEST

Suite *suite_list_plan(void);
Suite *suite_list_plan(void)
{
	Suite *suite = suite_create("http list_plan");
	TCase *tcase = tcase_create("list_plan");

	tcase_add_test(tcase, test_list_way_find_accounts_every_set_is_as_documented);
	tcase_add_test(tcase, test_list_way_find_narrowest_index_is_taken);
	tcase_add_test(tcase, test_list_way_find_prospects_by_hand_go_with_everything);
	tcase_add_test(tcase, test_list_way_find_sorting_ways_are_marked);
	tcase_add_test(tcase, test_list_kinds_every_filter_of_a_way_is_bound);
	tcase_add_test(tcase, test_list_bind_binds_one_parameter_a_letter);
	tcase_add_test(tcase, test_list_way_explain_names_what_goes_together);
	tcase_add_test(tcase, test_list_position_first_begins_where_the_order_does);
	suite_add_tcase(suite, tcase);
	return suite;
}
