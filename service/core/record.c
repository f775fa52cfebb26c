/* SPDX-License-Identifier: Apache-2.0 */
/* The six field tables: what a record may say, and within which bounds. Decoding, encoding and merging are done elsewhere. */
#include <sweetspot/record.h>

#include <sweetspot/number.h>

/* Texts, in bytes. 255 characters is what CRMs allow in a name; ids have 128 bytes (api.md). */
#define ID_BYTES 128
#define NAME_BYTES 1020
#define WORD_BYTES 400
#define EMAIL_BYTES 320
#define DOMAIN_BYTES 253
#define LIST_BYTES 8192
#define OBJECT_BYTES 65536
#define PROTECTION_BYTES 4096

/* Numbers. */
#define WEEK_HOURS_CENTI 16800
#define EMPLOYEES_MAX 10000000
#define PCT_CENTI 10000
#define MONTH_MINUTES 44640

static const char *const status_labels[] = {"active", "inactive", "let_go", NULL};
static const char *const stage_labels[] = {"open", "won", "lost", NULL};
static const char *const activity_labels[] = {"call", "email", "meeting", "visit", "service", "other", NULL};
static const char *const direction_labels[] = {"inbound", "outbound", NULL};

/* Legend of all six tables:
 *   [index]      the field's bit in record.given and its place in record.value
 *   name         in the API, in CSV headers, and as the SQL column
 *   kind         how the value is kept (enum field_kind)
 *   .required    a PUT must name it, nothing may null it
 *   .fallback    what null and absent read as, with .has_fallback
 *   .min .max    bounds of the number, of the label's index, or of the text's bytes; days and instants have the calendar's
 *   .labels      the words of an enumeration, in the order of its enum
 *   .refers_to   whose id a reference is
 */
static const struct field seller_fields[SELLER_FIELDS] = {
	[SELLER_NAME] =         {.name = "name",         .kind = FIELD_TEXT,   .required = true, .min = 1, .max = NAME_BYTES},
	[SELLER_EMAIL] =        {.name = "email",        .kind = FIELD_TEXT,   .max = EMAIL_BYTES},
	[SELLER_REGION] =       {.name = "region",       .kind = FIELD_TEXT,   .max = WORD_BYTES},
	[SELLER_WEEKLY_HOURS] = {.name = "weekly_hours", .kind = FIELD_SCALED, .max = WEEK_HOURS_CENTI},
	[SELLER_STARTED_ON] =   {.name = "started_on",   .kind = FIELD_DAY},
	[SELLER_QUOTA] =        {.name = "quota",        .kind = FIELD_MONEY,  .max = EXACT_MAX},
	[SELLER_ACTIVE] =       {.name = "active",       .kind = FIELD_BOOL,   .has_fallback = true, .fallback = 1, .max = 1},
};

static const struct field organisation_fields[ORGANISATION_FIELDS] = {
	[ORGANISATION_NAME] =                {.name = "name",                .kind = FIELD_TEXT,       .required = true, .min = 1,
	                                       .max = NAME_BYTES},
	[ORGANISATION_SELLER] =              {.name = "seller",              .kind = FIELD_REFERENCE,  .min = 1, .max = ID_BYTES,
	                                       .refers_to = RECORD_SELLER},
	[ORGANISATION_INDUSTRY] =            {.name = "industry",            .kind = FIELD_TEXT,       .max = WORD_BYTES},
	[ORGANISATION_REGION] =              {.name = "region",              .kind = FIELD_TEXT,       .max = WORD_BYTES},
	[ORGANISATION_COUNTRY] =             {.name = "country",             .kind = FIELD_TEXT,       .max = WORD_BYTES},
	[ORGANISATION_EMPLOYEES] =           {.name = "employees",           .kind = FIELD_INTEGER,    .max = EMPLOYEES_MAX},
	[ORGANISATION_COMPANY_REVENUE] =     {.name = "company_revenue",     .kind = FIELD_MONEY,      .max = EXACT_MAX},
	[ORGANISATION_ANNUAL_POTENTIAL] =    {.name = "annual_potential",    .kind = FIELD_MONEY,      .max = EXACT_MAX},
	[ORGANISATION_ANNUAL_POTENTIAL_ON] = {.name = "annual_potential_on", .kind = FIELD_DAY},
	[ORGANISATION_MARGIN_PCT] =          {.name = "margin_pct",          .kind = FIELD_SCALED,     .min = -PCT_CENTI, .max = PCT_CENTI},
	[ORGANISATION_CLIENT_SINCE] =        {.name = "client_since",        .kind = FIELD_DAY},
	[ORGANISATION_STATUS] =              {.name = "status",              .kind = FIELD_ENUM,       .has_fallback = true,
	                                       .fallback = ORGANISATION_ACTIVE, .max = ORGANISATION_LET_GO, .labels = status_labels},
	[ORGANISATION_PROTECTED] =           {.name = "protected",           .kind = FIELD_PROTECTION, .max = PROTECTION_BYTES},
	[ORGANISATION_EXPECTED_ANNUAL] =     {.name = "expected_annual",     .kind = FIELD_MONEY,      .max = EXACT_MAX},
	[ORGANISATION_ACCESS] =              {.name = "access",              .kind = FIELD_BOOL,       .max = 1},
	[ORGANISATION_PROBLEMS] =            {.name = "problems",            .kind = FIELD_TEXTS,      .max = LIST_BYTES},
	[ORGANISATION_REVISIT_ON] =          {.name = "revisit_on",          .kind = FIELD_DAY},
	[ORGANISATION_DOMAIN] =              {.name = "domain",              .kind = FIELD_TEXT,       .max = DOMAIN_BYTES},
	[ORGANISATION_ATTRIBUTES] =          {.name = "attributes",          .kind = FIELD_OBJECT,     .max = OBJECT_BYTES},
};

static const struct field contact_fields[CONTACT_FIELDS] = {
	[CONTACT_ORGANISATION] = {.name = "organisation", .kind = FIELD_REFERENCE, .min = 1, .max = ID_BYTES,
	                           .refers_to = RECORD_ORGANISATION},
	[CONTACT_NAME] =         {.name = "name",         .kind = FIELD_TEXT,      .required = true, .min = 1, .max = NAME_BYTES},
	[CONTACT_EMAIL] =        {.name = "email",        .kind = FIELD_TEXT,      .max = EMAIL_BYTES},
	[CONTACT_PERSONA] =      {.name = "persona",      .kind = FIELD_TEXT,      .max = WORD_BYTES},
};

/* An amount may be negative: a CRM's correction, a credit note. */
static const struct field deal_fields[DEAL_FIELDS] = {
	[DEAL_ORGANISATION] = {.name = "organisation", .kind = FIELD_REFERENCE, .min = 1, .max = ID_BYTES, .refers_to = RECORD_ORGANISATION},
	[DEAL_SELLER] =       {.name = "seller",       .kind = FIELD_REFERENCE, .min = 1, .max = ID_BYTES, .refers_to = RECORD_SELLER},
	[DEAL_AMOUNT] =       {.name = "amount",       .kind = FIELD_MONEY,     .min = -EXACT_MAX, .max = EXACT_MAX},
	[DEAL_STAGE] =        {.name = "stage",        .kind = FIELD_ENUM,      .has_fallback = true, .fallback = STAGE_OPEN,
	                        .max = STAGE_LOST, .labels = stage_labels},
	[DEAL_OPENED_ON] =    {.name = "opened_on",    .kind = FIELD_DAY},
	[DEAL_CLOSED_ON] =    {.name = "closed_on",    .kind = FIELD_DAY},
	[DEAL_LINE] =         {.name = "line",         .kind = FIELD_TEXT,      .max = WORD_BYTES},
};

static const struct field activity_fields[ACTIVITY_FIELDS] = {
	[ACTIVITY_ORGANISATION] = {.name = "organisation", .kind = FIELD_REFERENCE, .min = 1, .max = ID_BYTES,
	                            .refers_to = RECORD_ORGANISATION},
	[ACTIVITY_SELLER] =       {.name = "seller",       .kind = FIELD_REFERENCE, .min = 1, .max = ID_BYTES, .refers_to = RECORD_SELLER},
	[ACTIVITY_CONTACT] =      {.name = "contact",      .kind = FIELD_REFERENCE, .min = 1, .max = ID_BYTES, .refers_to = RECORD_CONTACT},
	[ACTIVITY_KIND] =         {.name = "kind",         .kind = FIELD_ENUM,      .has_fallback = true, .fallback = ACTIVITY_OTHER,
	                            .max = ACTIVITY_OTHER, .labels = activity_labels},
	[ACTIVITY_DIRECTION] =    {.name = "direction",    .kind = FIELD_ENUM,      .max = DIRECTION_OUTBOUND, .labels = direction_labels},
	[ACTIVITY_MINUTES] =      {.name = "minutes",      .kind = FIELD_INTEGER,   .max = MONTH_MINUTES},
	[ACTIVITY_AT] =           {.name = "at",           .kind = FIELD_INSTANT,   .required = true},
};

static const struct field revenue_fields[REVENUE_FIELDS] = {
	[REVENUE_ORGANISATION] = {.name = "organisation", .kind = FIELD_REFERENCE, .required = true, .min = 1, .max = ID_BYTES,
	                           .refers_to = RECORD_ORGANISATION},
	[REVENUE_AMOUNT] =       {.name = "amount",       .kind = FIELD_MONEY,     .min = -EXACT_MAX, .max = EXACT_MAX},
	[REVENUE_MARGIN] =       {.name = "margin",       .kind = FIELD_MONEY,     .min = -EXACT_MAX, .max = EXACT_MAX},
	[REVENUE_ON] =           {.name = "on",           .kind = FIELD_DAY,       .required = true},
	[REVENUE_LINE] =         {.name = "line",         .kind = FIELD_TEXT,      .max = WORD_BYTES},
};

/* kind → noun in messages, plural in paths, table. An organisation's path is /accounts or /prospects, which its kind does not tell. */
static const struct record_shape shapes[RECORD_KINDS] = {
	[RECORD_SELLER] =       {"seller",       "sellers",       seller_fields,       SELLER_FIELDS},
	[RECORD_ORGANISATION] = {"organisation", "organisations", organisation_fields, ORGANISATION_FIELDS},
	[RECORD_CONTACT] =      {"contact",      "contacts",      contact_fields,      CONTACT_FIELDS},
	[RECORD_DEAL] =         {"deal",         "deals",         deal_fields,         DEAL_FIELDS},
	[RECORD_ACTIVITY] =     {"activity",     "activities",    activity_fields,     ACTIVITY_FIELDS},
	[RECORD_REVENUE] =      {"revenue",      "revenue",       revenue_fields,      REVENUE_FIELDS},
};

const struct record_shape *record_shape(enum record_kind kind)
{
	return &shapes[kind];
}

int record_field_find(const struct record_shape *shape, struct text name)
{
	for (size_t i = 0; i < shape->field_count; i++)
		if (text_equal(text_of(shape->fields[i].name), name))
			return (int)i;
	return -1;
}
