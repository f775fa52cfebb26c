/* SPDX-License-Identifier: Apache-2.0 */
/* The lean-pipeline guard's arithmetic (domain.md §10). What is open and won is added up elsewhere. */
#include <sweetspot/pipeline.h>

struct coverage core_pipeline_judge(const struct pipeline *pipeline)
{
	struct coverage coverage = {.left = pipeline->quota - pipeline->won};

	coverage.has_coverage = pipeline->quota > 0 && coverage.left > 0;
	coverage.has_needed = pipeline->won_deals > 0;
	if (coverage.has_coverage && coverage.has_needed)
		coverage.is_lean = pipeline->counted * pipeline->won_deals < coverage.left * pipeline->closed_deals;
	return coverage;
}

void core_pipeline_add(struct pipeline *sum, const struct pipeline *part)
{
	sum->quota += part->quota;
	sum->won += part->won;
	sum->counted += part->counted;
	sum->open += part->open;
	sum->outside += part->outside;
	sum->unattached += part->unattached;
	sum->closed_deals += part->closed_deals;
	sum->won_deals += part->won_deals;
}
