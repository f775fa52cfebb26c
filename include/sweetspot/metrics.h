/* SPDX-License-Identifier: Apache-2.0 */
/* Counters, gauges and histograms in one table, written as Prometheus text. */
#ifndef SWEETSPOT_METRICS_H
#define SWEETSPOT_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include <sweetspot/buffer.h>

enum metric {
	METRIC_REQUESTS,            /* counter, label code by class of status, "2xx"; metrics_request alone adds to it */
	METRIC_REQUEST_SECONDS,     /* histogram */
	METRIC_BATCH_ROWS,          /* histogram */
	METRIC_BATCH_SECONDS,       /* histogram */
	METRIC_QUEUE_ROWS,          /* gauge */
	METRIC_QUEUE_AGE_SECONDS,   /* gauge: age of the oldest waiting write */
	METRIC_LOOP_LAG_SECONDS,    /* histogram: time between two waits of the loop */
	METRIC_RECONNECTS,          /* counter */
	METRIC_SHARED_READS,        /* counter */
	METRIC_BATCH_RETRIES,       /* counter */
	METRIC_BATCH_SPLITS,        /* counter */
	METRIC_REVIEW_SECONDS,      /* histogram */
	METRIC_REFRESH_SECONDS,     /* histogram */
	METRIC_QUESTION_SECONDS,    /* histogram */
	METRIC_CONNECTIONS,         /* gauge */
	METRIC_COUNT
};

/** One set per thread that measures, so that nothing is shared; sums are taken when /metrics is asked. Values are relaxed atomics. */
struct metrics;

/** @return a set of zeros; NULL when memory is short */
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);
/** Add to a counter, or move a gauge by a signed amount. */
void metrics_add(struct metrics *metrics, enum metric metric, int64_t amount);
/** Set a gauge (queue age in microseconds). */
void metrics_set(struct metrics *metrics, enum metric metric, int64_t value);
/** Record into a histogram (and nothing else): microseconds for *_seconds, plain counts otherwise. */
void metrics_observe(struct metrics *metrics, enum metric metric, int64_t value);
/** Count a finished request of HTTP status `code` that took so long. */
void metrics_request(struct metrics *metrics, int code, int64_t microseconds);
/** Write the sum of all sets (of the queue's age, the largest) in the Prometheus text format 0.0.4, with HELP and TYPE for each. */
void metrics_write(struct metrics *const *sets, size_t count, struct buffer *out);

#endif
