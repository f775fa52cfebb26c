/* SPDX-License-Identifier: Apache-2.0 */
/* The side of a request that libmicrohttpd sees: connections, phases, deadlines, workers. For the room's own plumbing alone. */
#ifndef SERVICE_HTTP_EXCHANGE_H
#define SERVICE_HTTP_EXCHANGE_H

#include <stdatomic.h>

#include <microhttpd.h>

#include "http.h"

/** How far a stop has come; only ever grows. */
enum http_stage {
	HTTP_RUNNING,
	HTTP_DRAINING,  /* readyz says 503, answers say Connection: close */
	HTTP_STOPPING,  /* nothing new is accepted */
};

/** What the workers share. Written before they start; only the atomics change afterwards, and the sockets, when all have quiesced. */
struct http_server {
	const struct settings *settings;
	struct desk *desk;
	struct bell *bell;
	bool has_operations;             /* there is a metrics listener; if not, /metrics is on the main one */
	int listen_fd;
	int metrics_fd;                  /* -1: none */
	_Atomic int stage;
	_Atomic size_t connections;      /* open, but for those of the metrics listener */
	_Atomic size_t handing;          /* workers that may just be handing a connection to another */
	_Atomic size_t ready;            /* workers that have once reached the database */
	_Atomic size_t quiesced;         /* workers that accept nothing any more */
	int news_fd;                     /* an eventfd: written when one of these two has grown */
	struct http_worker **workers;
	size_t worker_count;
	struct metrics **metrics;        /* of every worker, and whoever else measures */
	size_t metrics_count;
};

/** One libmicrohttpd daemon in a worker's loop. */
struct http_listener {
	struct http_worker *worker;
	struct MHD_Daemon *daemon;       /* NULL: not there */
	struct watch watch;              /* of the daemon's epoll descriptor */
	bool is_operations;
};

/** Where a request stands. It can be answered from LINE to HANDLING, once. */
enum http_phase {
	HTTP_PHASE_LINE,      /* the request line is here, the headers are not */
	HTTP_PHASE_KEY,       /* the key is being asked for */
	HTTP_PHASE_RESERVE,   /* the Idempotency-Key is being reserved */
	HTTP_PHASE_BODY,      /* the body is coming in */
	HTTP_PHASE_HANDLING,  /* the handler has been called */
	HTTP_PHASE_FINISHING, /* the answer is there and is being kept under its Idempotency-Key */
	HTTP_PHASE_ANSWERED,  /* the answer is there, libmicrohttpd has not got it yet */
	HTTP_PHASE_SENDING,   /* libmicrohttpd has it */
	HTTP_PHASE_LINGERING, /* the answer went out past libmicrohttpd; what still comes in is thrown away */
};

/** An accepted connection. */
struct http_peer {
	struct http_worker *worker;
	struct MHD_Connection *connection;
	struct http_exchange *exchange;  /* its present request; NULL between requests */
	int64_t waiting_since_us;        /* when it was accepted, or its last request ended */
	bool has_asked;                  /* a request of it has ended */
	bool is_operations;              /* on the metrics listener, which counts for itself */
	bool is_beyond;                  /* one more than there may be */
	bool seems_gone;
	struct http_peer *previous, *next;
};

/** A header of the answer. */
struct http_header {
	const char *name;
	struct text value;
	struct http_header *next;
};

/** What has become of the request's Idempotency-Key. */
enum http_reservation {
	HTTP_UNRESERVED,
	HTTP_RESERVED,   /* ours and running: to be finished, or given back */
	HTTP_SETTLED,    /* the answer is kept, or the key given back */
};

/** An import's checkpoint as the reservation found it. */
struct http_checkpoint {
	int64_t rows_done;
	struct text progress;  /* JSON; {NULL, 0}: none */
};

/**
 * A request with its connection. Lives until the connection is through with it and `open` is 0.
 * Invariants: connection is NULL once libmicrohttpd has completed the request; parked implies connection is not NULL.
 */
struct http_exchange {
	struct http_request request;
	struct http_worker *worker;
	struct http_peer *peer;
	struct MHD_Connection *connection;
	struct http_exchange *previous, *next;  /* in the worker's list of the living; next alone in its pool */
	enum http_phase phase;
	bool parked;              /* suspended in libmicrohttpd */
	bool at_head;             /* the access handler's first call has not been passed */
	bool expects_continue;    /* the client sends its body only when told to */
	bool is_operations;       /* came in on the metrics listener */
	bool closes;              /* the connection is not to be used again */
	bool is_chunked;
	bool is_options;
	bool asks;                /* a question of it is at the desk */
	bool upload_ready;        /* the route's upload takes bytes */
	bool streams;             /* the answer is a stream */
	bool stream_waits;        /* produce has been called and has not pushed yet */
	bool stream_ended, stream_failed;
	uint64_t body_declared;   /* Content-Length; 0: none or chunked */
	uint64_t body_seen;
	unsigned open;            /* operations of the store that have not called back */
	struct timer deadline;
	struct buffer body;
	const char *method_name;  /* for the log: ours, static */
	int code;                 /* of the answer */
	const char *answer_type;  /* its media type; NULL: no body */
	struct http_header *headers, **headers_end;
	size_t stream_at;         /* bytes of request.answer that are sent */
	void (*produce)(struct http_request *request);
	enum http_reservation reservation;
	struct http_checkpoint checkpoint;
	struct text bearer;       /* the key as it came; {NULL, 0}: none */
	struct text requested_method;  /* Access-Control-Request-Method */
	const char *line_target;  /* where libmicrohttpd has the target, in the middle of the request line */
};

/** One thread's share. Everything is touched by that thread alone, but for its load and its inbox. */
struct http_worker {
	struct http_server *server;
	struct loop *loop;
	struct store *store;
	struct desk_box *box;      /* where answers to long questions come to */
	struct metrics *metrics;
	struct http_listener main, operations;
	_Atomic size_t load;       /* its connections, and those that are being handed to it; others read and add */
	int inbox[2];              /* a pipe of descriptors that others hand to it; -1: none */
	struct watch inbox_watch;
	struct http_peer *peers;
	struct timer sweep_timer;
	struct http_exchange *living;
	struct http_exchange *pool;
	size_t pool_count;
	bool resumed;              /* libmicrohttpd has to be run before the next wait */
	char instance[17];         /* random: begins the ids of requests */
	uint64_t request_count;
	bool was_ready;
	bool quiesced;
	int64_t quiesced_us;
};

/* ---- worker.c ---- */

/** @return NULL when memory or descriptors are short. is_first: it also serves the metrics listener */
struct http_worker *http_worker_new(struct http_server *server, struct metrics *metrics, bool is_first);
/** Turn until the server's stage is STOPPING and every request has been answered or its time is over. */
void http_worker_run(struct http_worker *worker);
/** After http_worker_run, or instead of it. NULL is allowed. */
void http_worker_free(struct http_worker *worker);

/* ---- spread.c: new connections go to the worker that has the fewest ---- */

/** Make its inbox. @return STATUS_OK or STATUS_UNAVAILABLE */
MUST_CHECK enum status http_spread_open(struct http_worker *worker);
/** Close it with what is left in it; one that was never made is allowed. */
void http_spread_close(struct http_worker *worker);
/** Take in who knocks, for this worker or another. Not past the limit of connections, nor once the server stops. */
void http_spread_knock(struct http_worker *worker);
/** The server stops: wait until nobody hands anything over any more, and take in what was. */
void http_spread_end(struct http_worker *worker);

/* ---- exchange.c: the phases of a request ---- */

/** The callbacks of libmicrohttpd; cls is the listener. */
void *http_on_line(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result http_on_access(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                               const char *upload, size_t *upload_size, void **own);
void http_on_completed(void *cls, struct MHD_Connection *connection, void **own, enum MHD_RequestTerminationCode why);
void http_on_connection(void *cls, struct MHD_Connection *connection, void **own, enum MHD_ConnectionNotificationCode what);
/** Keep the path as it came: it is split before it is decoded. */
size_t http_on_unescape(void *cls, struct MHD_Connection *connection, char *text);

/* ---- peer.c ---- */

/** Seconds without a byte after which libmicrohttpd closes a connection: longer than load balancers keep theirs. */
#define HTTP_IDLE_SECONDS 75
/** The worker's sweep_timer. */
void http_peer_on_sweep(struct timer *timer);
/** @return whose head it is that libmicrohttpd has no room for just now; NULL: it might be several's */
struct http_peer *http_peer_with_large_head(struct http_worker *worker);

/* ---- exchange.c again: what the rest of the room does to a request ---- */

/** An operation of the store begins; it keeps the exchange alive. */
void http_exchange_hold(struct http_exchange *exchange);
/**
 * An operation has called back.
 *
 * @return whether the request still waits for it; when false, the exchange may be gone
 */
bool http_exchange_release(struct http_exchange *exchange);
/** Suspend the connection until http_exchange_wake. Only inside libmicrohttpd's callbacks. */
void http_exchange_park(struct http_exchange *exchange);
/** Something has changed: libmicrohttpd is to call the access handler again. Owning thread. */
void http_exchange_wake(struct http_exchange *exchange);
/** The key is known (or not needed): go on with what follows it. */
void http_exchange_admit(struct http_exchange *exchange);
/** The Idempotency-Key is ours (or there is none): go on with what follows it. */
void http_exchange_proceed(struct http_exchange *exchange);
/** Set the deadline; without memory for the timer the request is given up. */
void http_exchange_limit(struct http_exchange *exchange, int64_t due_us);
/** Give up waiting: answer 503 where that can be done, break off where not. */
void http_exchange_refuse(struct http_exchange *exchange, enum status status);
/** One from the pool, or a new one, among the worker's living. @return NULL: memory is short */
struct http_exchange *http_exchange_take(struct http_worker *worker);
/** Nobody needs it any more: back to the pool, wiped, its memory kept. */
void http_exchange_recycle(struct http_exchange *exchange);
/** Free what the pool holds. */
void http_exchange_pool_free(struct http_worker *worker);

/** libmicrohttpd is about to answer a Content-Length it cannot read, and would write its head twice: answer first, and close. */
void http_exchange_answer_bad_length(struct http_worker *worker);
/** libmicrohttpd is about to answer a head that it has no room for, with a page of its own: answer first, and close. */
void http_exchange_answer_large_head(struct http_peer *peer);

/* ---- head.c: from headers to a request that may be handled ---- */

/** Read the headers, find the route, check what can be checked before the body. Answers, or leaves the phase at KEY, RESERVE or BODY. */
void http_head_read(struct http_exchange *exchange, const char *method, const char *version);
/** @return whether a request whose headers are still coming in has a Content-Length that is no number */
bool http_head_has_bad_length(struct http_exchange *exchange);

/* ---- reply.c ---- */

/** Hand the answer to libmicrohttpd. */
enum MHD_Result http_reply_queue(struct http_exchange *exchange);
/** Write the answer to the socket past libmicrohttpd, which has no state for an answer in the middle of a body. */
void http_reply_raw(struct http_exchange *exchange);
/** Append an error body. errors_json: {NULL, 0} without errors[]. */
void http_problem_write(const struct http_request *request, enum status status, struct text detail, struct text errors_json,
                        struct buffer *out);
/** @return the array errors[] in the arena; {NULL, 0} when there are none, or memory is short */
struct text http_errors_json(struct arena *arena, const struct problems *problems);
/** The answer of an earlier request, kept under the same Idempotency-Key. */
void http_reply_replayed(struct http_exchange *exchange, int code, struct text headers_json, struct text body);

/* ---- route.c ---- */

/** What a path and method lead to. */
struct http_match {
	const struct http_route *route;  /* NULL: none */
	unsigned allowed;                /* bit per http_method that some route of this path takes; 0: no such path */
};
/** Find the route; `ids` are raw. is_operations, has_operations: which listener, and whether there are two. */
struct http_match http_route_find(enum http_method method, struct text path, bool is_operations, bool has_operations,
                                  struct text ids[HTTP_IDS_MAX]);
/** "GET, HEAD, PUT" … OPTIONS last, in the arena. */
struct text http_route_allow(struct arena *arena, unsigned allowed);
/** @return the method's name */
const char *http_method_name(enum http_method method);

/* ---- auth.c, cors.c, query.c, idempotency.c ---- */

/** Find or ask who calls; ends in http_exchange_admit or an answer. */
void http_auth_start(struct http_exchange *exchange);
/** Add the headers a page of another origin needs. */
void http_cors_apply(struct http_exchange *exchange);
/** Answer an OPTIONS. */
void http_cors_preflight(struct http_exchange *exchange, unsigned allowed);
/** Read the query by the route's parameters; what is wrong goes into problems. @return STATUS_OK, STATUS_MALFORMED, STATUS_NO_MEMORY */
MUST_CHECK enum status http_query_read(struct http_request *request, struct problems *problems);
/** Reserve the Idempotency-Key; ends in http_exchange_proceed or an answer. */
void http_idempotency_reserve(struct http_exchange *exchange);
/** Keep the present answer under the key; ends in http_exchange_answered. */
void http_idempotency_finish(struct http_exchange *exchange);
/** Give the key back, so that a retry need not wait for the lease. */
void http_idempotency_give_back(struct http_exchange *exchange);
/** The answer may go out. */
void http_exchange_answered(struct http_exchange *exchange);
/** An answer has been composed: keep it under the key first where there is one. */
void http_exchange_composed(struct http_exchange *exchange);

#endif
