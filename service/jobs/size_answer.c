/* SPDX-License-Identifier: Apache-2.0 */
/* Answers what the size bands would be if a review were made now. Nothing is written. */
#include "clerk.h"

#include <stdlib.h>

#include <sweetspot/rules.h>
#include <sweetspot/size_question.h>

#include "closed_deals.h"

static int compare_sellers(const void *a, const void *b)
{
	return text_compare(((const struct band_seller *)a)->seller, ((const struct band_seller *)b)->seller);
}

static enum status name_sellers(const struct text_map *names, struct arena *arena, struct size_question *asked)
{
	asked->sellers = arena_array(arena, names->count + 1, sizeof(*asked->sellers));
	if (asked->sellers == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < names->slot_count; i++) {
		const struct text_map_slot *slot = &names->slots[i];
		struct band_seller *seller = &asked->sellers[asked->seller_count];

		if (slot->key.bytes == NULL)
			continue;
		seller->sum = asked->bands.sellers[slot->value - 1];
		seller->seller = text_copy(arena, slot->key);
		if (seller->seller.bytes == NULL)
			return STATUS_NO_MEMORY;
		asked->seller_count++;
	}
	qsort(asked->sellers, asked->seller_count, sizeof(*asked->sellers), compare_sellers);
	return STATUS_OK;
}

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
	asked->seller_count = 0;
	if (status == STATUS_OK)
		status = load(job, asked, &deals, &rules);
	if (status == STATUS_OK)
		status = jobs_deals_band(&deals, rules.policy, question->arena, &asked->bands);
	if (status == STATUS_OK)
		status = name_sellers(&deals.sellers, question->arena, asked);
	closed_deals_release(&deals);
	return status == STATUS_RETRY ? STATUS_UNAVAILABLE : status;
}
