/* SPDX-License-Identifier: Apache-2.0 */
/* The open pipeline as the database adds it up, for whoever shows or guards it. */
#ifndef SERVICE_HTTP_PIPELINE_H
#define SERVICE_HTTP_PIPELINE_H

#include <sweetspot/pipeline.h>

#include "http.h"

/** Ask for the rows of read_pipeline in a fiscal year that policy and day decide. */
void pipeline_ask(struct http_request *request, const struct policy *policy, int32_t day,
                  void (*then)(struct http_request *request, enum status status, const PGresult *rows));
/** @return one row of it; its first column is the seller */
struct pipeline pipeline_read(struct row row);
/** @return all rows together */
struct pipeline pipeline_sum(const PGresult *rows);
/** Members of an open object: quota, won, left, open, coverage, needed, lean, outside, outside_share. */
void pipeline_write(struct json_writer *w, const struct pipeline *pipeline, int currency_digits);

#endif
