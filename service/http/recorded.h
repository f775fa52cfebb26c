/* SPDX-License-Identifier: Apache-2.0 */
/* An organisation as the last change before an instant left it: what ?at= of an explanation asks for. */
#ifndef SERVICE_HTTP_RECORDED_H
#define SERVICE_HTTP_RECORDED_H

#include "changes.h"

/** One kind of organisation's answer. */
struct recorded_kind {
	bool is_account;
	const char *noun;     /* "an account" */
	/** Writes the members behind those that all have, under the rules of that time. */
	void (*write)(struct json_writer *w, const struct http_request *request, struct row row, struct rules rules);
	/** What is now of the other kind; NULL: there is nothing then, too. */
	void (*send_on)(struct http_request *request);
};

/** Answer request->ids[0] as it stood before an instant. Uses request->state; kind must last. */
void recorded_start(struct http_request *request, int64_t before_us, const struct recorded_kind *kind);
/** "qualification" and "criteria" of a change that a prospect made, under the rules of that time. */
void recorded_qualification_write(struct json_writer *w, const struct http_request *request, struct row row, struct rules rules);
/** "day", "review", "policy": under which the change stands. */
void recorded_rules_write(struct json_writer *w, struct row row);

#endif
