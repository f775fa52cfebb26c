/* SPDX-License-Identifier: Apache-2.0 */
/* The book itself, straight into the tables, so that these tests do not lean on the write lane. Nothing is tested here. */
#include "jobs_book.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/rules.h>

#include "service/jobs/rescore.h"

#define SQL_BYTES 4096
#define ARENA_BYTES 65536

/* Every field has been said. Entries every 40 days for two years and more, the biggest a hundred times the smallest; o-056 to o-060
 * lapsed. Touches of every third. */
static const char *const fill[] = {
	"UPDATE policy SET document = document || '{\"today\": \"" BOOK_DAY "\"}' WHERE workspace_id = %W",
	"INSERT INTO organisation (workspace_id, id, is_account, name, industry, industry_key, employees, status, said, said_at, version,"
	" created_at, updated_at)"
	" SELECT %W, 'o-' || lpad(i::text, 3, '0'), true, 'Account ' || i, 'Food', 'food', i * 7, CASE WHEN i = 50 THEN 'inactive' ELSE"
	" 'active' END,"
	" 524287, now(), 1, now(), now() FROM generate_series(1, 60) AS i",
	"INSERT INTO organisation (workspace_id, id, is_account, name, status, said, said_at, version, created_at, updated_at)"
	" SELECT %W, 'p-' || lpad(i::text, 3, '0'), false, 'Prospect ' || i, 'active', 524287, now(), 1, now(), now() FROM"
	" generate_series(1, 10) AS i",
	"INSERT INTO revenue (workspace_id, id, organisation, amount, day, line, line_key, said, said_at, version, created_at, updated_at)"
	" SELECT %W, 'r-' || i || '-' || n, 'o-' || lpad(i::text, 3, '0'), (i * i * 100 + n * 1000) % 90000 + 500,"
	" DATE '2026-06-20' - n * 40 - CASE WHEN i > 55 THEN 400 ELSE 0 END, 'L' || (i + n) % 4, 'l' || (i + n) % 4, 31, now(), 1, now(), now()"
	" FROM generate_series(1, 60) AS i, generate_series(0, 20) AS n",
	"INSERT INTO revenue_day SELECT workspace_id, organisation, 'revenue', day, line_key, '', sum(amount), sum(amount), count(*), count(*)"
	" FROM revenue WHERE workspace_id = %W GROUP BY workspace_id, organisation, day, line_key",
	"INSERT INTO activity_day SELECT %W, 'o-' || lpad(i::text, 3, '0'), DATE '2026-06-25' - n * 11, 1, 30, n % 2, 1"
	" FROM generate_series(1, 60, 3) AS i, generate_series(0, i % 9) AS n",
	"INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m, revenue_prior_12m, revenue_182,"
	" revenue_prior_182,"
	" margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)"
	" SELECT workspace_id, id, 0, is_account, 10000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM organisation WHERE workspace_id = %W",
};

static void place(const struct jobs_book *book, const char *sql, char out[SQL_BYTES])
{
	size_t length = 0;

	for (const char *at = sql; *at != '\0' && length < SQL_BYTES - 32; at++)
		if (at[0] == '%' && at[1] == 'W')
			length += (size_t)snprintf(out + length, SQL_BYTES - length, "%" PRId64, book->workspace), at++;
		else
			out[length++] = *at;
	ck_assert_uint_lt(length, SQL_BYTES - 32);
	out[length] = '\0';
}

void book_run(const struct jobs_book *book, const char *sql)
{
	char text[SQL_BYTES];

	place(book, sql, text);
	plain_run(book->plain, text);
}

int64_t book_number(const struct jobs_book *book, const char *sql)
{
	char text[SQL_BYTES];

	place(book, sql, text);
	return plain_number(book->plain, text);
}

int64_t book_count(const struct jobs_book *book, const char *table, const char *condition)
{
	char sql[SQL_BYTES];

	ck_assert_int_lt(snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE workspace_id = %%W AND"
						    " %s", table, condition), (int)sizeof(sql));
	return book_number(book, sql);
}

struct jobs_book jobs_book_make(void)
{
	struct jobs_book book = {.plain = plain_connect(TEST_DATABASE), .settings = test_settings(), .metrics = metrics_new(),
		                 .arena = arena_new(ARENA_BYTES)};

	ck_assert_ptr_nonnull(book.metrics);
	ck_assert_ptr_nonnull(book.arena);
	book.workspace = make_workspace(book.plain);
	for (size_t i = 0; i < COUNT_OF(fill); i++)
		book_run(&book, fill[i]);
	return book;
}

void jobs_book_release(struct jobs_book *book)
{
	PQfinish(book->plain);
	metrics_free(book->metrics);
	arena_free(book->arena);
}

int64_t book_digest(const struct jobs_book *book)
{
	return book_number(book, "SELECT ('x' || substr(md5(string_agg((to_jsonb(s) - 'workspace_id' - 'edition')::text, '|'"
				 " ORDER BY organisation)), 1, 15))::bit(60)::bigint"
				 " FROM standing_in_force AS s WHERE workspace_id = %W");
}

int64_t book_rows_written(const struct jobs_book *book)
{
	return book_number(book, "SELECT sum(hashtext(organisation || xmin::text || ctid::text)) FROM standing WHERE workspace_id = %W");
}

int32_t book_ask_review(const struct jobs_book *book)
{
	return (int32_t)book_number(book, "INSERT INTO review (workspace_id, number, state, provisional)"
					  " SELECT %W, coalesce(max(number), 0) + 1, 'waiting', false FROM review WHERE workspace_id = %W RETURNING number");
}

void book_run_due(const struct jobs_book *book)
{
	ck_assert_int_eq(jobs_run_due(&book->settings, book->metrics, book->workspace), STATUS_OK);
}

struct job book_job(const struct jobs_book *book)
{
	struct job job = {
		.session = session_open(book->settings.database_url, 60000, NULL),
		.arena = arena_new(ARENA_BYTES),
		.workspace = book->workspace,
		.settle_rows = book->settings.settle_rows,
	};

	ck_assert_ptr_nonnull(job.session);
	ck_assert_ptr_nonnull(job.arena);
	return job;
}

void book_job_end(struct job *job)
{
	session_close(job->session);
	arena_free(job->arena);
}

void book_expect_settled(const struct jobs_book *book)
{
	struct job job = book_job(book);
	struct flip flip = {.job = &job, .cause = "refresh", .target_day = DAY_NONE};
	const int64_t before = book_digest(book);
	struct rules rules;
	struct rescore rescore;

	ck_assert_int_eq(jobs_flip_announce(&flip), STATUS_OK);
	ck_assert_int_eq(rules_load(job.session, job.workspace, flip.policy, flip.review, book->arena, &rules), STATUS_OK);
	ck_assert_int_eq(jobs_flip_publish(&flip), STATUS_OK);
	rescore = (struct rescore){
		.flip = &flip,
		.policy = rules.policy,
		.review = rules.review,
		.source = jobs_source_in(rules),
		.measures = true,
		.judges = true,
		.derives_sellers = true,
		.promotes = true,
	};
	ck_assert_int_eq(jobs_rescore(&rescore), STATUS_OK);
	ck_assert(!rescore.found_other_margins);
	ck_assert_int_eq(flip.promoted.count, 0);
	ck_assert_int_eq(jobs_flip_finish(&flip), STATUS_OK);
	ck_assert_int_eq(book_digest(book), before);
	ck_assert_int_eq(book_number(book, "SELECT count(DISTINCT edition) FROM standing WHERE workspace_id = %W"), 1);
	jobs_flip_release(&flip);
	book_job_end(&job);
}
