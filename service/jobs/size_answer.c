/* SPDX-License-Identifier: Apache-2.0 */
/* Answers what the size bands would be if a review were made now. Nothing is written. */
#include "clerk.h"

#include <sweetspot/rules.h>
#include <sweetspot/size_question.h>

#include "closed_deals.h"

static enum status load(struct job *job, const struct size_question *asked, struct closed_deals *deals, struct rules *rules)
{
	enum status status = session_begin(job->session, true);

	if (status != STATUS_OK)
		return status;
	status = rules_load(job->session, job->workspace, asked->policy, 0, job->arena, rules);
	if (status == STATUS_OK)
		status = jobs_deals_load(job, asked->day, deals);
	session_rollback(job->session);
	return status;
}

enum status jobs_answer_sizes(struct job *job, struct question *question, const struct settings *settings)
{
	struct size_question *asked = question->matter;
	struct closed_deals deals;
	struct rules rules;
	enum status status = closed_deals_init(&deals);

	deals.most_bytes = (size_t)settings->desk_bytes;
	if (status == STATUS_OK)
		status = load(job, asked, &deals, &rules);
	if (status == STATUS_OK)
		status = jobs_deals_band(&deals, rules.policy, question->arena, &asked->bands);
	if (status == STATUS_OK)
		status = jobs_deals_sellers(&deals, &asked->bands, question->arena, &asked->sellers, &asked->seller_count);
	closed_deals_release(&deals);
	return status == STATUS_RETRY ? STATUS_UNAVAILABLE : status;
}
