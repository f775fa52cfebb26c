/* SPDX-License-Identifier: Apache-2.0 */
/* The metrics table, and its text. Who measures what, and when, is said where it happens. */
#include <sweetspot/metrics.h>

#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <sweetspot/json_writer.h>

#define MOST_BUCKETS 20
#define CODE_CLASSES 5
#define CACHE_LINE 64
#define SECONDS 6  /* values are microseconds, written with the point six digits in */

enum kind {
	KIND_COUNTER,
	KIND_REQUESTS,   /* a counter for each class of HTTP status */
	KIND_GAUGE,      /* over the sets: their sum */
	KIND_GAUGE_MAX,  /* over the sets: the largest */
	KIND_HISTOGRAM,
};

/* Upper ends of the buckets, ascending, up to the first 0; beyond the last is +Inf. */
static const int64_t quick_us[MOST_BUCKETS] = {100,    250,    500,     1000,    2500,    5000,    10000,   25000,
					       50000,  100000, 250000,  500000,  1000000, 2500000, 5000000, 10000000};
static const int64_t long_us[MOST_BUCKETS] = {100000,   250000,   500000,    1000000,   2500000,   5000000,   10000000,
					      30000000, 60000000, 120000000, 300000000, 600000000, 1800000000};
static const int64_t rows[MOST_BUCKETS] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000};

/* Name, kind, digits behind the point when written, buckets, help. Durations are kept in microseconds and written in seconds. */
static const struct descriptor {
	const char *name;
	enum kind kind;
	int digits;
	const int64_t *buckets;
	const char *help;
} table[METRIC_COUNT] = {
	[METRIC_REQUESTS] = {"sweetspot_requests_total", KIND_REQUESTS, 0, NULL, "Finished requests by class of HTTP status."},
	[METRIC_REQUEST_SECONDS] = {"sweetspot_request_seconds", KIND_HISTOGRAM, SECONDS, quick_us,
				    "Time from the first byte of a request to its answer."},
	[METRIC_BATCH_ROWS] = {"sweetspot_batch_rows", KIND_HISTOGRAM, 0, rows, "Rows a write batch carried."},
	[METRIC_BATCH_SECONDS] = {"sweetspot_batch_seconds", KIND_HISTOGRAM, SECONDS, quick_us,
				  "Time from the begin of a write batch to its commit."},
	[METRIC_QUEUE_ROWS] = {"sweetspot_queue_rows", KIND_GAUGE, 0, NULL, "Rows waiting to be written."},
	[METRIC_QUEUE_AGE_SECONDS] = {"sweetspot_queue_age_seconds", KIND_GAUGE_MAX, SECONDS, NULL,
				      "Age of the oldest write that waits."},
	[METRIC_LOOP_LAG_SECONDS] = {"sweetspot_loop_lag_seconds", KIND_HISTOGRAM, SECONDS, quick_us,
				     "Time between two waits of a worker's loop."},
	[METRIC_RECONNECTS] = {"sweetspot_reconnects_total", KIND_COUNTER, 0, NULL, "Database links that had to be made again."},
	[METRIC_SHARED_READS] = {"sweetspot_shared_reads_total", KIND_COUNTER, 0, NULL,
				 "Questions to the database that were answered together with another's that asks the same."},
	[METRIC_BATCH_RETRIES] = {"sweetspot_batch_retries_total", KIND_COUNTER, 0, NULL,
				  "Write batches repeated after a conflict with others."},
	[METRIC_BATCH_SPLITS] = {"sweetspot_batch_splits_total", KIND_COUNTER, 0, NULL,
				 "Write batches split because a row was refused."},
	[METRIC_REVIEW_SECONDS] = {"sweetspot_review_seconds", KIND_HISTOGRAM, SECONDS, long_us, "Time a review took."},
	[METRIC_REFRESH_SECONDS] = {"sweetspot_refresh_seconds", KIND_HISTOGRAM, SECONDS, long_us,
				    "Time a nightly refresh took."},
	[METRIC_QUESTION_SECONDS] = {"sweetspot_question_seconds", KIND_HISTOGRAM, SECONDS, long_us,
				     "Time a long question (a simulation, a preview) took to answer, waiting aside."},
	[METRIC_CONNECTIONS] = {"sweetspot_connections", KIND_GAUGE, 0, NULL, "Open HTTP connections."},
};

/** What one metric holds: a counter or gauge in slots[0], requests by class, a histogram's buckets with +Inf behind the last. */
struct cell {
	_Atomic int64_t slots[MOST_BUCKETS + 1];
	_Atomic int64_t sum;
};

struct metrics {
	alignas(CACHE_LINE) struct cell cells[METRIC_COUNT];
};

struct metrics *metrics_new(void)
{
	struct metrics *metrics = aligned_alloc(CACHE_LINE, sizeof(*metrics));

	if (metrics == NULL)
		return NULL;
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		for (size_t j = 0; j <= MOST_BUCKETS; j++)
			atomic_init(&metrics->cells[i].slots[j], 0);
		atomic_init(&metrics->cells[i].sum, 0);
	}
	return metrics;
}

void metrics_free(struct metrics *metrics)
{
	free(metrics);
}

static void increase(_Atomic int64_t *value, int64_t amount)
{
	atomic_fetch_add_explicit(value, amount, memory_order_relaxed);
}

static int64_t look(const _Atomic int64_t *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

void metrics_add(struct metrics *metrics, enum metric metric, int64_t amount)
{
	increase(&metrics->cells[metric].slots[0], amount);
}

void metrics_set(struct metrics *metrics, enum metric metric, int64_t value)
{
	atomic_store_explicit(&metrics->cells[metric].slots[0], value, memory_order_relaxed);
}

/** @return number of finite buckets */
static size_t bucket_count(const int64_t *buckets)
{
	size_t count = 0;

	while (count < MOST_BUCKETS && buckets[count] != 0)
		count++;
	return count;
}

void metrics_observe(struct metrics *metrics, enum metric metric, int64_t value)
{
	const int64_t *buckets = table[metric].buckets;
	size_t slot = 0;

	while (slot < MOST_BUCKETS && buckets[slot] != 0 && value > buckets[slot])
		slot++;
	increase(&metrics->cells[metric].slots[slot], 1);
	increase(&metrics->cells[metric].sum, value);
}

void metrics_request(struct metrics *metrics, int code, int64_t microseconds)
{
	int class = code / 100;

	if (class < 1 || class > CODE_CLASSES)
		class = CODE_CLASSES;
	increase(&metrics->cells[METRIC_REQUESTS].slots[class - 1], 1);
	metrics_observe(metrics, METRIC_REQUEST_SECONDS, microseconds);
}

static int64_t sum_slots(struct metrics *const *sets, size_t count, enum metric metric, size_t slot)
{
	int64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += look(&sets[i]->cells[metric].slots[slot]);
	return total;
}

static int64_t largest_slot(struct metrics *const *sets, size_t count, enum metric metric)
{
	int64_t largest = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t value = look(&sets[i]->cells[metric].slots[0]);

		if (i == 0 || value > largest)
			largest = value;
	}
	return largest;
}

/** The text format writes finite numbers as JSON does. */
static void append_number(struct buffer *out, int64_t value, int digits)
{
	struct json_writer writer = json_writer_to(out);

	json_scaled(&writer, value, digits);
}

static void append_sample(struct buffer *out, const char *name, int64_t value, int digits)
{
	buffer_append_format(out, "%s ", name);
	append_number(out, value, digits);
	buffer_append_char(out, '\n');
}

static void write_requests(struct metrics *const *sets, size_t count, enum metric metric, struct buffer *out)
{
	for (size_t class = 0; class < CODE_CLASSES; class++) {
		buffer_append_format(out, "%s{code=\"%zuxx\"} ", table[metric].name, class + 1);
		append_number(out, sum_slots(sets, count, metric, class), 0);
		buffer_append_char(out, '\n');
	}
}

static void write_histogram(struct metrics *const *sets, size_t count, enum metric metric, struct buffer *out)
{
	const struct descriptor *descriptor = &table[metric];
	size_t finite = bucket_count(descriptor->buckets);
	int64_t seen = 0, sum = 0;

	for (size_t slot = 0; slot <= finite; slot++) {
		seen += sum_slots(sets, count, metric, slot);
		buffer_append_format(out, "%s_bucket{le=\"", descriptor->name);
		if (slot < finite)
			append_number(out, descriptor->buckets[slot], descriptor->digits);
		else
			buffer_append_text(out, TEXT("+Inf"));
		buffer_append_text(out, TEXT("\"} "));
		append_number(out, seen, 0);
		buffer_append_char(out, '\n');
	}
	for (size_t i = 0; i < count; i++)
		sum += look(&sets[i]->cells[metric].sum);
	buffer_append_format(out, "%s_sum ", descriptor->name);
	append_number(out, sum, descriptor->digits);
	/* Counted from the buckets just read, so that +Inf and _count agree while others go on measuring. */
	buffer_append_format(out, "\n%s_count ", descriptor->name);
	append_number(out, seen, 0);
	buffer_append_char(out, '\n');
}

static void write_metric(struct metrics *const *sets, size_t count, enum metric metric, struct buffer *out)
{
	static const char *const types[] = {
		[KIND_COUNTER] = "counter",   [KIND_REQUESTS] = "counter",    [KIND_GAUGE] = "gauge",
		[KIND_GAUGE_MAX] = "gauge",   [KIND_HISTOGRAM] = "histogram",
	};
	const struct descriptor *descriptor = &table[metric];

	buffer_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", descriptor->name, descriptor->help, descriptor->name,
			     types[descriptor->kind]);
	switch (descriptor->kind) {
	case KIND_COUNTER:
	case KIND_GAUGE:
		append_sample(out, descriptor->name, sum_slots(sets, count, metric, 0), descriptor->digits);
		break;
	case KIND_GAUGE_MAX:
		append_sample(out, descriptor->name, largest_slot(sets, count, metric), descriptor->digits);
		break;
	case KIND_REQUESTS:
		write_requests(sets, count, metric, out);
		break;
	case KIND_HISTOGRAM:
		write_histogram(sets, count, metric, out);
		break;
	}
}

void metrics_write(struct metrics *const *sets, size_t count, struct buffer *out)
{
	for (size_t metric = 0; metric < METRIC_COUNT; metric++)
		write_metric(sets, count, (enum metric)metric, out);
}
