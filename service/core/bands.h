/* SPDX-License-Identifier: Apache-2.0 */
/* What the files on size bands share. */
#ifndef SERVICE_CORE_BANDS_H
#define SERVICE_CORE_BANDS_H

#include <sweetspot/bands.h>

#include "service/core/wide.h"

#define HOUR_MINUTES 60
#define WORKING_WEEKS 46
#define PCT_ALL 10000

/** (k + 20 × K ÷ N) ÷ (n + 20), for up to 2^31 deals. */
struct rate {
	uint64_t num, den;
};
struct rate band_rate(const struct deal_sum *all, const struct deal_sum *band);
/** What winning one takes: effort of a pursuit ÷ rate, days, or hours with a year's service of the account. @return whether it is known */
bool band_effort_until_won(const struct size_bands *bands, const struct size_band *band, struct wide_quotient *out);
/** A year of selling nothing but deals that bring total ÷ of each, in minor units. @return whether it is known */
bool band_year(const struct size_bands *bands, const struct size_band *band, uint128 total, int64_t of, struct wide_quotient *out);
/** Fill index, verdicts, quota_infeasible and the floor from the sums. */
void bands_judge(struct size_bands *bands);

#endif
