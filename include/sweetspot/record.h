/* SPDX-License-Identifier: Apache-2.0 */
/* The seven kinds of record that come in, their fields as one table each, and how two versions merge. */
#ifndef SWEETSPOT_RECORD_H
#define SWEETSPOT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sweetspot/problem.h>
#include <sweetspot/text.h>

/** Accounts and prospects are one kind of thing, the organisation; which of the two it is belongs to the write, not to the table. */
enum record_kind { RECORD_SELLER, RECORD_ORGANISATION, RECORD_CONTACT, RECORD_DEAL, RECORD_ACTIVITY, RECORD_REVENUE, RECORD_KINDS };

enum seller_field {
	SELLER_NAME, SELLER_EMAIL, SELLER_REGION, SELLER_WEEKLY_HOURS, SELLER_STARTED_ON, SELLER_QUOTA, SELLER_ACTIVE, SELLER_FIELDS
};
enum organisation_field {
	ORGANISATION_NAME, ORGANISATION_SELLER, ORGANISATION_INDUSTRY, ORGANISATION_REGION, ORGANISATION_COUNTRY, ORGANISATION_EMPLOYEES,
	ORGANISATION_COMPANY_REVENUE, ORGANISATION_ANNUAL_POTENTIAL, ORGANISATION_ANNUAL_POTENTIAL_ON, ORGANISATION_MARGIN_PCT,
	ORGANISATION_CLIENT_SINCE, ORGANISATION_STATUS, ORGANISATION_PROTECTED, ORGANISATION_EXPECTED_ANNUAL, ORGANISATION_ACCESS,
	ORGANISATION_PROBLEMS, ORGANISATION_REVISIT_ON, ORGANISATION_DOMAIN, ORGANISATION_ATTRIBUTES, ORGANISATION_FIELDS
};
enum contact_field { CONTACT_ORGANISATION, CONTACT_NAME, CONTACT_EMAIL, CONTACT_PERSONA, CONTACT_FIELDS };
enum deal_field { DEAL_ORGANISATION, DEAL_SELLER, DEAL_AMOUNT, DEAL_STAGE, DEAL_OPENED_ON, DEAL_CLOSED_ON, DEAL_LINE, DEAL_FIELDS };
enum activity_field {
	ACTIVITY_ORGANISATION, ACTIVITY_SELLER, ACTIVITY_CONTACT, ACTIVITY_KIND, ACTIVITY_DIRECTION, ACTIVITY_MINUTES, ACTIVITY_AT,
	ACTIVITY_FIELDS
};
enum revenue_field { REVENUE_ORGANISATION, REVENUE_AMOUNT, REVENUE_MARGIN, REVENUE_ON, REVENUE_LINE, REVENUE_FIELDS };
#define RECORD_FIELDS_MAX ORGANISATION_FIELDS
#define RECORD_ATTRIBUTES_MAX 100   /* names in FIELD_OBJECT */
#define RECORD_PROTECTION_PARTS 2   /* of FIELD_PROTECTION */

/** Values of FIELD_ENUM fields: indexes into their `labels`. */
enum status_label { ORGANISATION_ACTIVE, ORGANISATION_INACTIVE, ORGANISATION_LET_GO };
enum stage_label { STAGE_OPEN, STAGE_WON, STAGE_LOST };
enum activity_label { ACTIVITY_CALL, ACTIVITY_EMAIL, ACTIVITY_MEETING, ACTIVITY_VISIT, ACTIVITY_SERVICE, ACTIVITY_OTHER };
enum direction_label { DIRECTION_INBOUND, DIRECTION_OUTBOUND };

/** How a field's value is kept in union value. */
enum field_kind {
	FIELD_TEXT,       /* text: any UTF-8 without control characters (tab and newline allowed in none) */
	FIELD_REFERENCE,  /* text: the id of another record: 1..128 bytes, no control characters, no outer blanks */
	FIELD_INTEGER,    /* integer within min..max */
	FIELD_SCALED,     /* integer in hundredths within min..max hundredths (weekly_hours, margin_pct) */
	FIELD_MONEY,      /* integer: minor units of the workspace's currency, within min..max */
	FIELD_DAY,        /* integer: days since 1970-01-01 */
	FIELD_INSTANT,    /* integer: microseconds since 1970 UTC */
	FIELD_BOOL,       /* integer: 0 or 1 */
	FIELD_ENUM,       /* integer: index into labels */
	FIELD_TEXTS,      /* text: canonical compact JSON array of strings */
	FIELD_OBJECT,     /* text: canonical compact JSON object (keys sorted) */
	FIELD_PROTECTION, /* text: canonical compact JSON {"reason": text, "until": day}, both needed; in a patch one may do */
};

/** One line of a record's table: read by JSON and CSV decode, JSON encode, merge, validation messages and SQL binding. */
struct field {
	const char *name;           /* in the API, in CSV headers, and as the SQL column */
	enum field_kind kind;
	bool required;              /* a PUT must name it and nothing may null it */
	bool has_fallback;          /* null and absent read as `fallback` */
	int64_t fallback;
	int64_t min, max;           /* FIELD_INTEGER, FIELD_SCALED, FIELD_MONEY, FIELD_ENUM; bytes for the text kinds */
	const char *const *labels;  /* FIELD_ENUM: NULL-terminated */
	enum record_kind refers_to; /* FIELD_REFERENCE */
};

/** A kind's table. */
struct record_shape {
	const char *noun;            /* "seller": in messages and metric labels */
	const char *plural;          /* "sellers": in paths */
	const struct field *fields;
	size_t field_count;
};

/** @return the shape of a kind; never NULL for a valid kind */
const struct record_shape *record_shape(enum record_kind kind);
/** @return index of the field of that name in the shape, or -1 */
int record_field_find(const struct record_shape *shape, struct text name);

union value {
	int64_t integer;
	struct text text;
};

/** When a field was said, and by whom: the later stamp wins, ties by event id (bytes). */
struct stamp {
	int64_t at_us;       /* source time, INSTANT_NONE = never said */
	struct text event;   /* the CRM event's id; empty for everything else */
};

/**
 * One version of one record. Bit i stands for field i of its shape.
 * Invariants: filled is a subset of given; value[i] is meaningful only where filled has bit i.
 */
struct record {
	enum record_kind kind;
	struct text id;
	uint32_t given;   /* the input named the field; for a stored record: it has ever been said */
	uint32_t filled;  /* and it has a value: given and not filled is an explicit null */
	union value value[RECORD_FIELDS_MAX];
	int64_t source_at_us;      /* as the body says; INSTANT_NONE: it does not */
	struct text source_event;
};

/** A record as the database keeps it. */
struct stored_record {
	struct record record;
	bool exists;         /* a row is there (perhaps deleted, perhaps a stub) */
	bool stub;           /* referred to, never described */
	bool deleted;
	bool is_account;     /* organisations */
	int64_t version;     /* 1 at creation, +1 at each change; the ETag's first part */
	int64_t created_at_us, updated_at_us;
	struct stamp stamps[RECORD_FIELDS_MAX];
};

enum write_verb { WRITE_PUT, WRITE_PATCH, WRITE_MERGE, WRITE_DELETE, WRITE_ERASE };
enum write_effect { EFFECT_UNCHANGED, EFFECT_CREATED, EFFECT_UPDATED, EFFECT_DELETED };

/** What a merge needs to know besides the two records. */
struct merge_context {
	enum write_verb verb;     /* PUT, PATCH or MERGE */
	bool as_account;          /* organisations: PUT or import as an account */
	int64_t now_us;           /* the batch's instant */
	int32_t book_day;         /* D: what annual_potential_on defaults to */
};

/**
 * Merge an input into what stands, field by field: the latest source time wins, ties by event id; a write without source time is later
 * than what stands; PUT clears what it leaves out; a cleared field keeps its stamp. Applies the rules between fields: status let_go only
 * by decision and lifted only by an explicit active; annual_potential_on defaults to D when the potential is set; opened_on not after
 * closed_on; required fields not null; name falls back to the id for MERGE and for stubs.
 *
 * @param stored    changed in place on success (version and updated_at only when something visible changed); texts are borrowed from input
 * @param effect    created, updated or unchanged
 * @param problems  what the merged record would violate; pointers are "/field"
 * @return          STATUS_OK; STATUS_INVALID with problems; STATUS_NOT_FOUND for PATCH of nothing or of a deleted record;
 *                  STATUS_CONFLICT for PUT or MERGE as a prospect of what is an account, and MERGE into a deleted record
 *
 * api.md "Habits" and "Records in". Pure; any thread.
 */
MUST_CHECK enum status record_merge(struct stored_record *stored, const struct record *input, const struct merge_context *context,
                                    enum write_effect *effect, struct problems *problems);

#endif
