/* SPDX-License-Identifier: Apache-2.0 */
/* libpq's calls as a link makes them. Which of them is due, and what an answer means, is decided elsewhere. */
#include "link_wire.h"

#include <sys/epoll.h>

#include "values.h"

#ifdef WITHOUT_WRITE_WATCH
#define WANTS_ROOM 0U
#else
#define WANTS_ROOM EPOLLOUT
#endif

bool link_wire_enter(PGconn *connection)
{
#ifdef WITHOUT_NONBLOCKING
	return PQenterPipelineMode(connection) == 1;
#endif
	return PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection) == 1;
}

bool link_wire_send(PGconn *connection, enum statement statement, const struct params *params, bool prepares)
{
	const struct statement_text *text = &statement_texts[statement];
	int count = params == NULL ? 0 : params->count;

	return (!prepares || PQsendPrepare(connection, text->name, text->sql, 0, NULL) == 1) &&
	       PQsendQueryPrepared(connection, text->name, count, count == 0 ? NULL : params->values, count == 0 ? NULL : params->lengths,
				   all_binary, 1) == 1;
}

bool link_wire_ask(PGconn *connection)
{
#ifdef WITHOUT_FLUSH_REQUEST
	return PQstatus(connection) == CONNECTION_OK;
#endif
	return PQsendFlushRequest(connection) == 1;
}

bool link_wire_has_answer(PGconn *connection)
{
#ifdef WITHOUT_BUSY_CHECK
	return PQstatus(connection) == CONNECTION_OK;
#endif
	return PQisBusy(connection) == 0;
}

uint32_t link_wire_events(int rest)
{
#ifdef WITHOUT_READING_ON
	return rest == 0 ? EPOLLIN : EPOLLOUT;
#endif
	return rest == 0 ? EPOLLIN : EPOLLIN | WANTS_ROOM;
}

bool link_wire_is_encrypted(PGconn *connection)
{
	return PQsslInUse(connection) != 0 || PQgssEncInUse(connection) != 0;
}
