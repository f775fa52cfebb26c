/* SPDX-License-Identifier: Apache-2.0 */
/* What a link does to libpq's connection: each call with what libpq wants kept in mind around it. When it is made is link.c's business. */
#ifndef SERVICE_STORE_LINK_WIRE_H
#define SERVICE_STORE_LINK_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include <sweetspot/database.h>

/** Make a connection that stands one that never waits, in pipeline mode. @return whether it is */
bool link_wire_enter(PGconn *connection);
/**
 * Put a statement into the pipeline, its Parse in front if it is to be prepared.
 *
 * @param params  NULL: none
 * @return whether libpq took it; if not, the connection is to be given up
 */
bool link_wire_send(PGconn *connection, enum statement statement, const struct params *params, bool prepares);
/** Ask for the answers so far, which the server would keep back until the Sync. @return as link_wire_send */
bool link_wire_ask(PGconn *connection);
/** @return whether PQgetResult gives what has arrived; else it would wait */
bool link_wire_has_answer(PGconn *connection);
/** @return what the loop is to watch for, by what PQflush said is left to send: until nothing is, room as well as answers */
uint32_t link_wire_events(int rest);
/** @return whether input may be held back in a layer that the socket does not show */
bool link_wire_is_encrypted(PGconn *connection);

#endif
