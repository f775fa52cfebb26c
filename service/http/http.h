/* SPDX-License-Identifier: Apache-2.0 */
/* What a resource of the http room is written against: requests, routes, asking the store, answering. One thread per worker. */
#ifndef SERVICE_HTTP_HTTP_H
#define SERVICE_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/arena.h>
#include <sweetspot/buffer.h>
#include <sweetspot/calendar.h>
#include <sweetspot/desk.h>
#include <sweetspot/json_writer.h>
#include <sweetspot/loop.h>
#include <sweetspot/problem.h>
#include <sweetspot/settings.h>
#include <sweetspot/store.h>
#include <sweetspot/text.h>

struct http_worker;
struct http_request;

/* ---- Routes ---- */

enum http_method { HTTP_GET, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_POST, HTTP_METHODS };

/** What is done with a request's body before the handler runs. */
enum http_body {
	HTTP_BODY_NONE,   /* read and thrown away */
	HTTP_BODY_JSON,   /* application/json (PATCH: or merge-patch+json), at most settings.body_bytes, whole in request->body */
	HTTP_BODY_STREAM, /* handed piece by piece to the route's upload */
};

/** How a query parameter is read. Text and enumerations are UTF-8 without control characters. */
enum http_parameter_kind {
	HTTP_TEXT,     /* argument.text, at least 1 and at most max bytes (0: 1024) */
	HTTP_ID,       /* argument.text: an id as intake_id_error has it */
	HTTP_INTEGER,  /* argument.integer within min..max */
	HTTP_AMOUNT,   /* argument.integer: minor units of the workspace's currency, above 0 */
	HTTP_DAY,      /* argument.integer: days since 1970-01-01 */
	HTTP_INSTANT,  /* argument.integer: microseconds since 1970 */
	HTTP_BOOL,     /* argument.integer: 1, true → 1; 0, false → 0 */
	HTTP_CHOICE,   /* argument.integer: index into labels (compared as they stand); text too */
};

/** One query parameter a route takes. A route's list ends with a NULL name; what is not in it is 422, naming it. */
struct http_parameter {
	const char *name;
	enum http_parameter_kind kind;
	int64_t min, max;
	const char *const *labels;  /* HTTP_CHOICE: NULL-terminated */
	int64_t fallback;           /* argument.integer when the query does not name it */
};
#define HTTP_PARAMETERS_MAX 24

/** A parameter as the query gave it: request->arguments[i] belongs to route->parameters[i]. */
struct http_argument {
	bool given;
	struct text text;   /* decoded; {NULL, 0} when not given */
	int64_t integer;
};

/** How a streamed body is taken in, in its order. After an answer neither is called any more. */
struct http_upload {
	/** Before the first byte: answer, or get ready and call http_upload_continue, now or later; no byte comes before that. */
	void (*begin)(struct http_request *request);
	/**
	 * Some bytes, borrowed for the call. @return bytes taken; when fewer than length, http_upload_continue must be called, now or later,
	 * and the rest comes again
	 */
	size_t (*feed)(struct http_request *request, const char *bytes, size_t length);
	/** What is done so far, for an end from outside (its time is up, the service stops): the problem's detail. Not before begin. */
	struct text (*standing)(const struct http_request *request);
};

/** Bits of http_route.options. */
enum {
	HTTP_NO_IDEMPOTENCY = 1,  /* a POST that changes nothing: Idempotency-Key is accepted and ignored */
	HTTP_OPERATIONS = 2,      /* served on the metrics listener too, where nothing else is */
	HTTP_METRICS = 4,         /* not on the main listener once there is a metrics listener */
	HTTP_IDEMPOTENCY = 8,     /* a PUT or DELETE that takes an Idempotency-Key, as every POST does */
};

/**
 * One line of the route table. pattern: segments of the path; "{id}" takes any one segment (decoded into request->ids in order),
 * "{id}:erase" one that ends in ":erase", everything else stands for itself. Of two patterns that match, the one without braces must
 * stand first.
 */
struct http_route {
	enum http_method method;    /* HTTP_GET answers HEAD too */
	const char *pattern;
	enum role role;             /* least role needed; ROLE_NONE: open */
	enum http_body body;
	/** Everything has been checked and the body is there: answer now or start asking the store. Exactly one answer, once. */
	void (*handle)(struct http_request *request);
	const struct http_parameter *parameters;  /* NULL: none */
	const struct http_upload *upload;         /* HTTP_BODY_STREAM */
	unsigned options;
	const void *detail;         /* the resource's own, static */
};

/** The tables of all resources; adding a resource means adding a line in route.c. */
struct http_route_table {
	const struct http_route *routes;
	size_t count;
};
extern const struct http_route_table http_route_tables[];
extern const size_t http_route_table_count;

/* ---- A request ---- */

#define HTTP_IDS_MAX 3

/** If-Match as the write lane wants it: 0 none, -1 any that exists, else the version; HTTP_MATCH_NEVER for a tag that is not ours. */
#define HTTP_MATCH_NEVER INT64_MAX

/**
 * One request, from its request line until its answer is sent and nothing it asked of the store is open. All texts and the body live in
 * `arena`, so they outlast the connection. Handlers read it; they write `state`, `answer`, and the answer's headers.
 */
struct http_request {
	struct http_worker *worker;
	struct arena *arena;
	const struct http_route *route;
	enum http_method method;
	bool is_head;
	struct text target;                /* as it came: path and query, undecoded */
	struct text path;                  /* its path, undecoded */
	struct text ids[HTTP_IDS_MAX];     /* what the pattern's braces took, decoded */
	struct http_argument arguments[HTTP_PARAMETERS_MAX];
	struct principal principal;        /* role ROLE_NONE on open routes */
	struct text actor;                 /* X-Actor; {NULL, 0} */
	struct text request_id, trace_id;
	struct text accept;                /* Accept, for http_accept_choose; {NULL, 0} when it was not sent */
	struct text if_none_match;         /* as it came */
	int64_t if_match;
	struct text idempotency_key;       /* decoded; {NULL, 0}: none, or the route takes none */
	struct text content_type;          /* media type without parameters, lower case; {NULL, 0}: none */
	struct text charset;               /* its charset, lower case; {NULL, 0}: none */
	struct text origin;
	bool prefers_minimal;              /* Prefer: return=minimal */
	int64_t prefers_wait_s;            /* Prefer: wait=n; -1: not asked */
	struct text body;                  /* HTTP_BODY_JSON */
	int64_t started_us, deadline_us;   /* clock_ticks_us() */
	void *state;                       /* the handler's own */
	struct buffer answer;              /* the body of the answer, empty at first; kept from request to request */
	struct http_exchange *exchange;    /* the connection's side: exchange.h */
};

/** @return the worker's things a handler may use */
struct store *http_store(struct http_request *request);
struct loop *http_loop(struct http_request *request);
const struct settings *http_settings(struct http_request *request);

/* ---- Asking the store. No callback comes once the request has been answered, or given up. Short of memory: a 503 is given. ---- */

/** Run one statement within the request's deadline. `params` is copied; its bytes must live in request->arena. */
void http_read_start(struct http_request *request, enum statement statement, const struct params *params, enum lane lane,
                     void (*then)(struct http_request *request, enum status status, const PGresult *rows));
/** Read one row by (workspace of the key, id). row.result is NULL when there is none. */
void http_point_read_start(struct http_request *request, enum statement statement, struct text id,
                           void (*then)(struct http_request *request, enum status status, struct row row));
/** Policy and review by number: from the cache within this call, or later. Borrowed until `then` returns. */
void http_rules_start(struct http_request *request, int32_t policy, int32_t review,
                      void (*then)(struct http_request *request, enum status status, struct rules rules));
/**
 * Rules that store_rules_find did not find for rows just read: once they are in the cache, `again` reads the rows anew, for those are
 * gone. A failure is answered.
 */
void http_rules_fetch(struct http_request *request, int32_t policy, int32_t review, void (*again)(struct http_request *request));
/** The numbers in force in a workspace. */
struct http_present {
	int32_t day, policy, review;  /* review 0: none */
};
/** What is in force now, with its rules. */
void http_present_start(struct http_request *request,
                        void (*then)(struct http_request *request, enum status status, struct http_present present, struct rules rules));
/**
 * Hand writes to the lane. The job must be zeroed but for writes, count, bytes, atomic, cause and idempotent, and perhaps arena (default:
 * the request's); the rest is filled here. The job and all it points to live in that arena, which must not end before the lane has called
 * back.
 * `then` is called only while the request waits for it.
 */
void http_write_start(struct http_request *request, struct write_job *job,
                      void (*then)(struct http_request *request, struct write_job *job));
/**
 * Hand a question in at the desk, which answers it beside the loop; the request's time becomes settings.desk_ms. Takes the question over:
 * its matter is all that is set.
 *
 * @param then  called with the answer, good or bad, unless the request is over by then; the question is borrowed for the call. Where the
 *              desk is full or closed the request is answered (429, 503) and `then` is not called
 */
void http_ask_start(struct http_request *request, struct question *question,
                    void (*then)(struct http_request *request, struct question *question));
/** What this request wrote makes work for the jobs: they begin at once rather than at their next look. */
void http_work_made(struct http_request *request);
/** Answer with why a question has no answer: its detail, else what its status is known to mean, else `otherwise`. */
void http_ask_failed(struct http_request *request, const struct question *question, const char *otherwise);
/** @return the request a job was started for; inside `then` and idempotent.compose. It may have been answered or given up. */
struct http_request *http_write_request(const struct write_job *job);
/** A streamed body may begin, or go on: what feed() left, and what follows. Its time (settings.import_idle_ms) starts anew. */
void http_upload_continue(struct http_request *request);
/** Progress has been made: settings.import_idle_ms from now until the next. For what takes longer than one request's time. */
void http_deadline_extend(struct http_request *request);

/* ---- Answering: exactly one of these, once ---- */

/** Add a header to the answer; both are copied. */
void http_reply_header(struct http_request *request, const char *name, struct text value);
/** request->answer as application/json. A failed buffer becomes a 503. */
void http_reply_json(struct http_request *request, int code);
/** request->answer with a media type of its own (static text). */
void http_reply_body(struct http_request *request, int code, const char *content_type);
/** No body: 201, 204, 304, 308. */
void http_reply_empty(struct http_request *request, int code);
/** A problem (RFC 9457) without errors[]; detail is printf, or NULL for the title alone. */
void http_reply_problem(struct http_request *request, enum status status, const char *detail, ...) __attribute__((format(printf, 3, 4)));
/** A problem with its errors[]: a pointer that begins with '?' is written as "parameter". */
void http_reply_problems(struct http_request *request, enum status status, const struct problems *problems);
/** A problem with an errors[] of one's own, as JSON. */
void http_reply_errors(struct http_request *request, enum status status, struct text detail, struct text errors_json);
/**
 * request->answer as application/json with the ETag that `version` and its bytes make (version 0: the bytes alone). Of a GET, 304 when
 * If-None-Match names it; of a write with Prefer: return=minimal, no body (204 for 200).
 */
void http_reply_tagged(struct http_request *request, int code, int64_t version);
/**
 * Answer 200 piece by piece. `produce` is called at once, and again when the client can take more and request->answer is empty: it appends
 * to request->answer or starts reads that do, then calls http_stream_push. The answer begins with the first piece, which has the request's
 * time; each further one must come within settings.import_idle_ms.
 */
void http_reply_stream(struct http_request *request, const char *content_type, void (*produce)(struct http_request *request));
/**
 * What has been appended to request->answer is to be sent; last: nothing follows. A status other than OK is answered as a problem instead
 * of the first piece, and breaks the stream off later.
 */
void http_stream_push(struct http_request *request, enum status status, bool last);
/** @return whether the answer has been given, or nobody waits for it any more */
bool http_is_answered(const struct http_request *request);

/* ---- Small help for handlers ---- */

/** @return index of the first of the media types that Accept (with its q values) likes best; -1: none, answer STATUS_NOT_ACCEPTABLE */
int http_accept_choose(struct text accept, const char *const *types, int count);

/* ---- Records as JSON, for whoever shows one ---- */

/**
 * Write a record as GET answers it.
 *
 * @param standing  organisations: what it stands at; NULL or !exists: measures and classification are null
 * @param rules     those of `present`; may be {NULL, NULL} for other kinds
 * @return          STATUS_OK or STATUS_NO_MEMORY (the buffer's sticky failure counts too, and is the caller's to look at)
 */
MUST_CHECK enum status http_record_write(struct json_writer *w, const struct stored_record *stored, const struct standing *standing,
                                         struct http_present present, struct rules rules, int currency_digits, struct arena *arena);
/** Only the fields of the record's table, as members of the open object. */
void http_record_fields_write(struct json_writer *w, const struct stored_record *stored, int currency_digits);
/** An override as a value: its tier, list, reason, until and actor; null where there is none in force. */
void http_override_write(struct json_writer *w, const struct override *override);
/** An assignment as a value: its list, seller, whether it was taken off, reason, by whom and when; null where there is none. */
void http_assignment_write(struct json_writer *w, const struct assignment *assignment);
/** The value of one field of an organisation, as it is shown: its fallback or null where it has none. */
void http_record_value_write(struct json_writer *w, const struct record *record, size_t field, int currency_digits);
/** "measures" and "classification" of an organisation, and "qualification" of a prospect. @return STATUS_OK or STATUS_NO_MEMORY */
MUST_CHECK enum status http_standing_write(struct json_writer *w, const struct stored_record *stored, const struct standing *standing,
                                           struct http_present present, struct rules rules, int currency_digits, struct arena *arena);

#endif
