/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics: sums over sets, cumulative buckets, and the text format's rules. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/metrics.h>

#include "expect.h"

#define THREADS 4
#define TIMES 10000

/** The whole text of some sets, terminated; the caller frees it. */
static char *written(struct metrics *const *sets, size_t count)
{
	struct buffer out = {0};

	metrics_write(sets, count, &out);
	buffer_append_char(&out, '\0');
	ck_assert(!out.failed);
	return out.bytes;
}

static void expect_line(const char *text, const char *line)
{
	char wanted[256];

	snprintf(wanted, sizeof(wanted), "\n%s\n", line);
	ck_assert_msg(strstr(text, wanted) != NULL, "no line \"%s\" in:\n%s", line, text);
}

START_TEST(test_metrics_write_new_set_is_zero_and_complete)
{
	static const char *const lines[] = {
		"# TYPE sweetspot_requests_total counter", "sweetspot_requests_total{code=\"2xx\"} 0", "# TYPE sweetspot_request_seconds histogram",
		"sweetspot_request_seconds_sum 0", "sweetspot_request_seconds_count 0", "sweetspot_queue_rows 0", "sweetspot_queue_age_seconds 0",
		"# TYPE sweetspot_connections gauge", "sweetspot_reconnects_total 0", "sweetspot_batch_retries_total 0",
		"sweetspot_batch_splits_total 0",
		"sweetspot_review_seconds_bucket{le=\"+Inf\"} 0", "sweetspot_refresh_seconds_bucket{le=\"0.1\"} 0",
		"sweetspot_batch_rows_bucket{le=\"2000\"} 0",
	};
	struct metrics *set = metrics_new();
	char *text = written(&set, 1);

	for (size_t i = 0; i < COUNT_OF(lines); i++)
		expect_line(text, lines[i]);
	free(text);
	metrics_free(set);
	metrics_free(NULL);
}
END_TEST

START_TEST(test_metrics_write_sets_are_summed_the_age_is_the_largest)
{
	struct metrics *sets[2] = {metrics_new(), metrics_new()};
	char *text;

	metrics_add(sets[0], METRIC_CONNECTIONS, 5);
	metrics_add(sets[0], METRIC_CONNECTIONS, -2);
	metrics_add(sets[1], METRIC_CONNECTIONS, 10);
	metrics_set(sets[0], METRIC_QUEUE_ROWS, 100);
	metrics_set(sets[0], METRIC_QUEUE_ROWS, 7);
	metrics_set(sets[1], METRIC_QUEUE_ROWS, 3);
	metrics_set(sets[0], METRIC_QUEUE_AGE_SECONDS, 1250000);
	metrics_set(sets[1], METRIC_QUEUE_AGE_SECONDS, 300000);
	metrics_add(sets[1], METRIC_RECONNECTS, 1);
	text = written(sets, 2);
	expect_line(text, "sweetspot_connections 13");
	expect_line(text, "sweetspot_queue_rows 10");
	expect_line(text, "sweetspot_queue_age_seconds 1.25");
	expect_line(text, "sweetspot_reconnects_total 1");
	free(text);
	metrics_free(sets[0]);
	metrics_free(sets[1]);
}
END_TEST

START_TEST(test_metrics_request_counts_by_class_and_time)
{
	static const int codes[] = {200, 204, 304, 404, 422, 429, 503, 0, 999};
	struct metrics *set = metrics_new();
	char *text;

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		metrics_request(set, codes[i], 1500);
	text = written(&set, 1);
	expect_line(text, "sweetspot_requests_total{code=\"1xx\"} 0");
	expect_line(text, "sweetspot_requests_total{code=\"2xx\"} 2");
	expect_line(text, "sweetspot_requests_total{code=\"3xx\"} 1");
	expect_line(text, "sweetspot_requests_total{code=\"4xx\"} 3");
	expect_line(text, "sweetspot_requests_total{code=\"5xx\"} 3");
	expect_line(text, "sweetspot_request_seconds_bucket{le=\"0.001\"} 0");
	expect_line(text, "sweetspot_request_seconds_bucket{le=\"0.0025\"} 9");
	expect_line(text, "sweetspot_request_seconds_sum 0.0135");
	expect_line(text, "sweetspot_request_seconds_count 9");
	free(text);
	metrics_free(set);
}
END_TEST

START_TEST(test_metrics_observe_bounds_belong_to_their_bucket)
{
	struct metrics *set = metrics_new();
	char *text;

	metrics_observe(set, METRIC_BATCH_ROWS, 0);
	metrics_observe(set, METRIC_BATCH_ROWS, 1);
	metrics_observe(set, METRIC_BATCH_ROWS, 2);
	metrics_observe(set, METRIC_BATCH_ROWS, 3);
	metrics_observe(set, METRIC_BATCH_ROWS, 20000);
	metrics_observe(set, METRIC_BATCH_ROWS, 20001);
	text = written(&set, 1);
	expect_line(text, "sweetspot_batch_rows_bucket{le=\"1\"} 2");
	expect_line(text, "sweetspot_batch_rows_bucket{le=\"2\"} 3");
	expect_line(text, "sweetspot_batch_rows_bucket{le=\"5\"} 4");
	expect_line(text, "sweetspot_batch_rows_bucket{le=\"20000\"} 5");
	expect_line(text, "sweetspot_batch_rows_bucket{le=\"+Inf\"} 6");
	expect_line(text, "sweetspot_batch_rows_sum 40007");
	expect_line(text, "sweetspot_batch_rows_count 6");
	free(text);
	metrics_free(set);
}
END_TEST

START_TEST(test_metrics_write_text_follows_the_format)
{
	struct metrics *set = metrics_new();
	char *text = written(&set, 1);
	char *rest = NULL, type[32] = "", family[64] = "";
	int families = 0;

	ck_assert_int_eq(text[strlen(text) - 1], '\n');
	for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "# HELP %63s", family) == 1) {
			families++;
			continue;
		}
		if (sscanf(line, "# TYPE %*s %31s", type) == 1) {
			bool ends_in_total = strstr(family, "_total") != NULL;

			ck_assert_msg(ends_in_total == (strcmp(type, "counter") == 0), "%s is a %s", family, type);
			continue;
		}
		ck_assert_msg(strncmp(line, family, strlen(family)) == 0, "%s under %s", line, family);
	}
	ck_assert_int_eq(families, METRIC_COUNT);
	free(text);
	metrics_free(set);
}
END_TEST

static void *measure(void *argument)
{
	for (int i = 0; i < TIMES; i++) {
		metrics_add(argument, METRIC_BATCH_RETRIES, 1);
		metrics_observe(argument, METRIC_LOOP_LAG_SECONDS, i);
	}
	return NULL;
}

START_TEST(test_metrics_add_from_many_threads_loses_nothing)
{
	struct metrics *set = metrics_new();
	pthread_t threads[THREADS];
	char *text;

	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, measure, set), 0);
	free(written(&set, 1));
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	text = written(&set, 1);
	expect_line(text, "sweetspot_batch_retries_total 40000");
	expect_line(text, "sweetspot_loop_lag_seconds_count 40000");
	free(text);
	metrics_free(set);
}
END_TEST

Suite *suite_metrics(void);
Suite *suite_metrics(void)
{
	Suite *suite = suite_create("metrics");
	TCase *tcase = tcase_create("metrics");

	tcase_add_test(tcase, test_metrics_write_new_set_is_zero_and_complete);
	tcase_add_test(tcase, test_metrics_write_sets_are_summed_the_age_is_the_largest);
	tcase_add_test(tcase, test_metrics_request_counts_by_class_and_time);
	tcase_add_test(tcase, test_metrics_observe_bounds_belong_to_their_bucket);
	tcase_add_test(tcase, test_metrics_write_text_follows_the_format);
	tcase_add_test(tcase, test_metrics_add_from_many_threads_loses_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
