/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the open pipeline is lean (domain.md §10). Pure. */
#ifndef SWEETSPOT_PIPELINE_H
#define SWEETSPOT_PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include <sweetspot/number.h>

/** What is added up over sellers, or of one; money in minor units, none below 0. */
struct pipeline {
	int128 quota;       /* of a year */
	int128 won;         /* closed this fiscal year */
	int128 counted;     /* open with active accounts, and with prospects whose verdict is now */
	int128 open;        /* open with any organisation */
	int128 outside;     /* of that, with prospects not_ours or throw_back */
	int128 unattached;  /* open without an organisation */
	int64_t closed_deals, won_deals;  /* with an amount, closed in 730 days */
};

/** What it comes to. */
struct coverage {
	int128 left;        /* quota less won; may be below 0 */
	bool has_coverage;  /* counted ÷ left: there is a quota, and something left of it */
	bool has_needed;    /* closed_deals ÷ won_deals: something was won */
	bool is_lean;       /* coverage < needed; false where either is unknown */
};

/** Judge a pipeline. Total. */
struct coverage core_pipeline_judge(const struct pipeline *pipeline);
/** Add one up to another. */
void core_pipeline_add(struct pipeline *sum, const struct pipeline *part);

#endif
