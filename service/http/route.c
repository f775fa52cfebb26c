/* SPDX-License-Identifier: Apache-2.0 */
/* Which tables of routes there are, and finding one. What the routes do is said in each resource's file. */
#include <string.h>

#include <sweetspot/server.h>

#include "exchange.h"
#include "path.h"
#include "resources.h"

/* One line per resource: its table, and how many lines it has. */
const struct http_route_table http_route_tables[] = {
	{http_health_routes, HTTP_HEALTH_ROUTES},
	{http_record_routes, HTTP_RECORD_ROUTES},
	{http_import_routes, HTTP_IMPORT_ROUTES},
	{http_list_routes, HTTP_LIST_ROUTES},
	{http_summary_routes, HTTP_SUMMARY_ROUTES},
	{http_quality_routes, HTTP_QUALITY_ROUTES},
	{http_sweet_spot_routes, HTTP_SWEET_SPOT_ROUTES},
	{http_top_seller_routes, HTTP_TOP_SELLER_ROUTES},
	{http_policy_routes, HTTP_POLICY_ROUTES},
	{http_policy_change_routes, HTTP_POLICY_CHANGE_ROUTES},
	{http_preview_routes, HTTP_PREVIEW_ROUTES},
	{http_review_routes, HTTP_REVIEW_ROUTES},
	{http_pipeline_routes, HTTP_PIPELINE_ROUTES},
	{http_simulation_routes, HTTP_SIMULATION_ROUTES},
	{http_explanation_routes, HTTP_EXPLANATION_ROUTES},
	{http_prospect_explanation_routes, HTTP_PROSPECT_EXPLANATION_ROUTES},
	{http_qualify_routes, HTTP_QUALIFY_ROUTES},
	{http_seller_list_routes, HTTP_SELLER_LIST_ROUTES},
	{http_assignment_routes, HTTP_ASSIGNMENT_ROUTES},
	{http_history_routes, HTTP_HISTORY_ROUTES},
	{http_let_go_routes, HTTP_LET_GO_ROUTES},
	{http_decision_routes, HTTP_DECISION_ROUTES},
	{http_override_routes, HTTP_OVERRIDE_ROUTES},
	{http_ledger_routes, HTTP_LEDGER_ROUTES},
};
const size_t http_route_table_count = sizeof(http_route_tables) / sizeof(http_route_tables[0]);

static const char *const names[HTTP_METHODS] = {
	[HTTP_GET] = "GET", [HTTP_PUT] = "PUT", [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_POST] = "POST",
};
static const char *const roles[] = {[ROLE_NONE] = "none", [ROLE_READ] = "read", [ROLE_WRITE] = "write", [ROLE_ADMIN] = "admin"};

const char *http_method_name(enum http_method method)
{
	return names[method];
}

static bool is_served(const struct http_route *route, bool is_operations, bool has_operations)
{
	if (is_operations)
		return (route->options & HTTP_OPERATIONS) != 0;
	return !has_operations || (route->options & HTTP_METRICS) == 0;
}

static void match_table(const struct http_route_table *table, enum http_method method, struct text path, bool is_operations,
                        bool has_operations, struct http_match *found, struct text ids[HTTP_IDS_MAX])
{
	for (size_t i = 0; i < table->count && found->route == NULL; i++) {
		const struct http_route *route = &table->routes[i];
		struct text taken[HTTP_IDS_MAX] = {{NULL, 0}};

		if (!is_served(route, is_operations, has_operations) || !http_path_match(route->pattern, path, taken, HTTP_IDS_MAX))
			continue;
		found->allowed |= 1u << route->method;
		if (route->method != method)
			continue;
		found->route = route;
		memcpy(ids, taken, sizeof(taken));
	}
}

struct http_match http_route_find(enum http_method method, struct text path, bool is_operations, bool has_operations,
                                  struct text ids[HTTP_IDS_MAX])
{
	struct http_match found = {NULL, 0};

	for (size_t i = 0; i < http_route_table_count && found.route == NULL; i++)
		match_table(&http_route_tables[i], method, path, is_operations, has_operations, &found, ids);
	return found;
}

struct text http_route_allow(struct arena *arena, unsigned allowed)
{
	struct text list = {"", 0};

	for (int i = 0; i < HTTP_METHODS; i++) {
		if ((allowed & (1u << i)) == 0)
			continue;
		list = text_format(arena, "%.*s%s%s, ", TEXT_ARGS(list), names[i], i == HTTP_GET ? ", HEAD" : "");
	}
	return text_format(arena, "%.*sOPTIONS", TEXT_ARGS(list));
}

void server_routes_print(FILE *out)
{
	for (size_t i = 0; i < http_route_table_count; i++)
		for (size_t j = 0; j < http_route_tables[i].count; j++) {
			const struct http_route *route = &http_route_tables[i].routes[j];

			fprintf(out, "%s %s %s\n", names[route->method], route->pattern, roles[route->role]);
		}
}
