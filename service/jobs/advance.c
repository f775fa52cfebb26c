/* SPDX-License-Identifier: Apache-2.0 */
/* The nightly refresh and new policies: another day, another policy or both come into force under the review there is. */
#include "review.h"

#include <inttypes.h>

#include <sweetspot/clock.h>
#include <sweetspot/log.h>
#include <sweetspot/rules.h>

#include "rescore.h"

#define ARENA_BLOCK_BYTES (64 * 1024)

/** What is in force, and what will be. */
struct advance {
	struct flip flip;
	struct arena *arena;
	struct rules rules, next_rules;  /* the review is the same, or none */
	bool judges;                     /* the policy is another, or standings want to be made anew */
	bool found_other_margins;        /* daily sums were made with another margin than will hold */
};

static enum status load_rules(struct advance *advance)
{
	const struct flip *flip = &advance->flip;
	struct session *session = flip->job->session;
	enum status status = rules_load(session, flip->job->workspace, flip->policy, flip->review, advance->arena, &advance->rules);

	if (status != STATUS_OK)
		return status;
	return rules_load(session, flip->job->workspace, flip->next_policy, flip->next_review, advance->arena, &advance->next_rules);
}

static struct rescore whole_book(struct advance *advance)
{
	const struct flip *flip = &advance->flip;
	enum revenue_source source = jobs_source_in(advance->next_rules);
	bool day_changes = flip->next_day != flip->day;

	return (struct rescore){
		.flip = &advance->flip,
		.policy = advance->next_rules.policy,
		.review = advance->next_rules.review,
		.source = source,
		.measures = day_changes || source != jobs_source_in(advance->rules),
		.judges = advance->judges,
		.derives_sellers = day_changes,
		.promotes = flip->next_day > flip->day,
	};
}

/** A day or policy that changes little is settled; how much it changes is found out by scoring, as far as that may be. */
static enum status settle(struct advance *advance, bool *is_settled)
{
	struct rescore rescore = whole_book(advance);
	enum status status;

	rescore.pass = RESCORE_MARKS;
	status = jobs_rescore(&rescore);
	advance->found_other_margins = rescore.found_other_margins;
	if (status != STATUS_OK || rescore.marked > advance->flip.job->settle_rows)
		return status;
	return jobs_rescore_settle(&rescore, is_settled);
}

static enum status write_edition(struct advance *advance)
{
	struct rescore rescore = whole_book(advance);
	enum status status = jobs_flip_publish(&advance->flip);

	if (status == STATUS_OK)
		status = jobs_rescore(&rescore);
	advance->found_other_margins |= rescore.found_other_margins;
	return status == STATUS_OK ? jobs_flip_finish(&advance->flip) : status;
}

/** @return the first day of its month */
static int32_t month_of(int32_t day)
{
	struct civil_date date = day_to_civil(day);

	date.day = 1;
	return day_from_civil(date);
}

/** The month that the book's day is about to leave. */
struct leaving {
	int32_t month;
};

static enum status keep_month(struct job *job, void *context)
{
	const struct leaving *leaving = context;
	struct params params = jobs_params(job);
	enum status status;

	params_day(&params, leaving->month);
	status = jobs_run(job, STATEMENT_FORGET_PIPELINE, &params);
	return status == STATUS_OK ? jobs_run(job, STATEMENT_KEEP_PIPELINE, &params) : status;
}

/** The pipeline as the book's day leaves a month, if it does. */
static enum status keep_pipeline(struct advance *advance)
{
	const struct flip *flip = &advance->flip;
	struct leaving leaving = {month_of(flip->day)};

	if (flip->next_day <= flip->day || month_of(flip->next_day) == leaving.month)
		return STATUS_OK;
	return jobs_transaction(flip->job, JOBS_LOCK_NONE, keep_month, &leaving);
}

static enum status tell_clients(struct job *job, void *context)
{
	struct params params = jobs_params(job);

	(void)context;
	return jobs_run(job, STATEMENT_SIGNAL_CLIENTS, &params);
}

static enum status run(struct advance *advance)
{
	bool is_settled = false;
	enum status status = jobs_flip_announce(&advance->flip);

	if (status == STATUS_OK)
		status = keep_pipeline(advance);

	if (status == STATUS_OK)
		status = load_rules(advance);
	if (status == STATUS_OK)
		status = settle(advance, &is_settled);
	if (status == STATUS_OK && !is_settled)
		status = write_edition(advance);
	if (status == STATUS_OK && advance->found_other_margins)
		status = jobs_margins_settle(advance->flip.job, advance->next_rules.policy);
	/* A policy that pins another day may be what makes clients: a provisional review waits for that as for any other write. */
	if (status == STATUS_OK && advance->judges)
		status = jobs_transaction(advance->flip.job, JOBS_LOCK_SHARED, tell_clients, NULL);
	return status;
}

enum status jobs_advance(struct job *job, int32_t policy, int32_t day, bool policy_changes, struct metrics *metrics)
{
	struct advance advance = {
		.flip = {.job = job, .cause = policy_changes ? "policy" : "refresh", .target_day = day, .target_policy = policy},
		.arena = arena_new(ARENA_BLOCK_BYTES),
		.judges = policy_changes,
	};
	int64_t started_us = clock_ticks_us();
	enum status status = advance.arena == NULL ? STATUS_NO_MEMORY : run(&advance);
	char day_text[11];

	day_format(day, day_text);
	if (!policy_changes)
		metrics_observe(metrics, METRIC_REFRESH_SECONDS, clock_ticks_us() - started_us);
	log_event(status == STATUS_OK ? LOG_INFO : LOG_WARN, advance.flip.cause,
	          "workspace=%" PRId64 " day=%s policy=%d status=%s ms=%" PRId64 " changed=%" PRId64,
	          job->workspace, day_text, policy, status_describe(status)->slug, (clock_ticks_us() - started_us) / 1000,
	          advance.flip.changed);
	jobs_flip_release(&advance.flip);
	arena_free(advance.arena);
	return status;
}
