/* SPDX-License-Identifier: Apache-2.0 */
/* Versions of the policy as the database has them, for those who show one and those who make the next. */
#ifndef SERVICE_HTTP_POLICY_VERSIONS_H
#define SERVICE_HTTP_POLICY_VERSIONS_H

#include <jansson.h>

#include "http.h"

/* Columns of list_policies. */
enum policy_column {
	POLICY_VERSION, POLICY_DOCUMENT, POLICY_NOTE, POLICY_KEY, POLICY_ACTOR, POLICY_CREATED_AT, POLICY_IN_FORCE, POLICY_ACKNOWLEDGED,
	POLICY_LET_IN,
};

/** Read the newest versions before this number. */
void policy_versions_ask(struct http_request *request, int32_t before, int64_t rows,
                         void (*then)(struct http_request *request, enum status status, const PGresult *rows));
/** Read the version that the path names. @return false: it cannot be one, and 404 is answered */
bool policy_version_ask(struct http_request *request, void (*then)(struct http_request *request, enum status status, const PGresult *rows));
/** @param version  0: any. @return whether it is the first of the rows; else it is answered */
bool policy_version_is_found(struct http_request *request, enum status status, const PGresult *rows, int32_t version);
/** Answer with a version. */
void policy_version_show(struct http_request *request, struct row row);

/** Tie it to the request. @return the same; NULL when memory is short, and for NULL */
json_t *policy_json_keep(struct http_request *request, json_t *json);
/** @return its text, kept by the request; {NULL, 0} when memory is short */
struct text policy_json_dump(struct http_request *request, const json_t *json);
/** @return the tree of a stored document, kept by the request; NULL when memory is short */
json_t *policy_json_load(struct http_request *request, struct text text);

#endif
