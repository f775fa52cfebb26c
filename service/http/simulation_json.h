/* SPDX-License-Identifier: Apache-2.0 */
/* What a simulation has found, as members of an open JSON object, for whoever asked for one. */
#ifndef SERVICE_HTTP_SIMULATION_JSON_H
#define SERVICE_HTTP_SIMULATION_JSON_H

#include <sweetspot/json_writer.h>
#include <sweetspot/simulation.h>

/** "let_in": how many, the hours they may take, and the first of them. */
void simulation_let_in_write(struct json_writer *w, const struct simulation *simulation);

#endif
