/* SPDX-License-Identifier: Apache-2.0 */
/* What a simulation has found, as members of an open JSON object, for whoever asked for one. */
#ifndef SERVICE_HTTP_SIMULATION_JSON_H
#define SERVICE_HTTP_SIMULATION_JSON_H

#include <sweetspot/json_writer.h>
#include <sweetspot/simulation.h>

/** @return a sum of money, cut where its type ends */
int64_t simulation_money(int128 sum);
/** "tiers", "lists" and "verdicts": from × to, cells without any left out. */
void simulation_crossings_write(struct json_writer *w, const struct simulation *simulation);
/** "moved": all of them, and by seller. */
void simulation_moved_write(struct json_writer *w, const struct simulation *simulation);
/** "let_in": how many, the hours they may take, and the first of them. */
void simulation_let_in_write(struct json_writer *w, const struct simulation *simulation);
/** "effort": what the answer took. */
void simulation_effort_write(struct json_writer *w, const struct simulation *simulation);

#endif
