/* SPDX-License-Identifier: Apache-2.0 */
/* The route tables of the resources, one per file, for route.c. */
#ifndef SERVICE_HTTP_RESOURCES_H
#define SERVICE_HTTP_RESOURCES_H

#include "http.h"

/** health.c: /livez, /readyz, /metrics, /openapi.yaml */
#define HTTP_HEALTH_ROUTES 4
extern const struct http_route http_health_routes[HTTP_HEALTH_ROUTES];

/** record_routes.c: GET, PUT, PATCH, DELETE and :erase of the seven kinds */
#define HTTP_RECORD_ROUTES 35
extern const struct http_route http_record_routes[HTTP_RECORD_ROUTES];

/** import_routes.c: POST :import of the seven kinds */
#define HTTP_IMPORT_ROUTES 7
extern const struct http_route http_import_routes[HTTP_IMPORT_ROUTES];

/** list_routes.c: the lists of the seven kinds */
#define HTTP_LIST_ROUTES 7
extern const struct http_route http_list_routes[HTTP_LIST_ROUTES];

/** summary_routes.c: GET /v1/summary */
#define HTTP_SUMMARY_ROUTES 1
extern const struct http_route http_summary_routes[HTTP_SUMMARY_ROUTES];

/** quality_routes.c: GET /v1/quality */
#define HTTP_QUALITY_ROUTES 1
extern const struct http_route http_quality_routes[HTTP_QUALITY_ROUTES];

/** sweet_spot_routes.c: the size bands */
#define HTTP_SWEET_SPOT_ROUTES 1
extern const struct http_route http_sweet_spot_routes[HTTP_SWEET_SPOT_ROUTES];

/** top_seller_routes.c: what the best sellers own */
#define HTTP_TOP_SELLER_ROUTES 1
extern const struct http_route http_top_seller_routes[HTTP_TOP_SELLER_ROUTES];

/** explanation_routes.c: why an account stands as it does */
#define HTTP_EXPLANATION_ROUTES 1
extern const struct http_route http_explanation_routes[HTTP_EXPLANATION_ROUTES];

/** prospect_explanation.c: why a prospect has its verdict */
#define HTTP_PROSPECT_EXPLANATION_ROUTES 1
extern const struct http_route http_prospect_explanation_routes[HTTP_PROSPECT_EXPLANATION_ROUTES];

/** qualify_routes.c: judging prospects that are not saved */
#define HTTP_QUALIFY_ROUTES 1
extern const struct http_route http_qualify_routes[HTTP_QUALIFY_ROUTES];

/** seller_lists.c: a seller's lists */
#define HTTP_SELLER_LIST_ROUTES 1
extern const struct http_route http_seller_list_routes[HTTP_SELLER_LIST_ROUTES];

/** list_assignments.c: prospects put on a target or lead list by hand, or taken off it */
#define HTTP_ASSIGNMENT_ROUTES 2
extern const struct http_route http_assignment_routes[HTTP_ASSIGNMENT_ROUTES];

/** history_routes.c: what has changed about an account or prospect */
#define HTTP_HISTORY_ROUTES 2
extern const struct http_route http_history_routes[HTTP_HISTORY_ROUTES];

/** let_go_routes.c: the let-go list */
#define HTTP_LET_GO_ROUTES 1
extern const struct http_route http_let_go_routes[HTTP_LET_GO_ROUTES];

/** decision_routes.c: decisions about accounts */
#define HTTP_DECISION_ROUTES 1
extern const struct http_route http_decision_routes[HTTP_DECISION_ROUTES];

/** override_routes.c: tiers and lists set by hand */
#define HTTP_OVERRIDE_ROUTES 3
extern const struct http_route http_override_routes[HTTP_OVERRIDE_ROUTES];

/** ledger_routes.c: what became of them */
#define HTTP_LEDGER_ROUTES 1
extern const struct http_route http_ledger_routes[HTTP_LEDGER_ROUTES];

/** policy_routes.c: the policy and its versions, shown */
#define HTTP_POLICY_ROUTES 4
extern const struct http_route http_policy_routes[HTTP_POLICY_ROUTES];

/** policy_change.c: a version made or reinstated */
#define HTTP_POLICY_CHANGE_ROUTES 3
extern const struct http_route http_policy_change_routes[HTTP_POLICY_CHANGE_ROUTES];

/** preview_routes.c: what a review made now would do; stands in front of the reviews, whose {number} would take its path */
#define HTTP_PREVIEW_ROUTES 1
extern const struct http_route http_preview_routes[HTTP_PREVIEW_ROUTES];

/** pipeline_routes.c: GET /v1/pipeline */
#define HTTP_PIPELINE_ROUTES 1
extern const struct http_route http_pipeline_routes[HTTP_PIPELINE_ROUTES];

/** simulation_routes.c: POST /v1/simulations */
#define HTTP_SIMULATION_ROUTES 1
extern const struct http_route http_simulation_routes[HTTP_SIMULATION_ROUTES];

/** review_routes.c: reviews */
#define HTTP_REVIEW_ROUTES 4
extern const struct http_route http_review_routes[HTTP_REVIEW_ROUTES];

#endif
