/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked at the desk about sizes: the bands of the facts as they are now, frozen nowhere. */
#ifndef SWEETSPOT_SIZE_QUESTION_H
#define SWEETSPOT_SIZE_QUESTION_H

#include <sweetspot/bands.h>

/** The matter of TOPIC_SIZES. */
struct size_question {
	/* Asked: */
	int32_t day;                  /* D: the last of the window */
	int32_t policy;               /* whose edges and share of account management count */
	/* Found, when the question's status is STATUS_OK: */
	struct size_bands bands;
	struct band_seller *sellers;  /* by id; hidden ones left out */
	size_t seller_count;
};

#endif
