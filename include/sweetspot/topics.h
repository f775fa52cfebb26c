/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked at the desk. The matter of each topic is declared in the header it names. */
#ifndef SWEETSPOT_TOPICS_H
#define SWEETSPOT_TOPICS_H

/** question.topic, and what question.matter points to. */
enum topic {
	TOPIC_NONE,
	TOPIC_SIMULATION,  /* struct simulation, simulation.h */
	TOPIC_SIZES,       /* struct size_question, size_question.h */
	TOPIC_COUNT
};

#endif
