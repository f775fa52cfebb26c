/* SPDX-License-Identifier: Apache-2.0 */
/* The status table. What is done about a status is decided where it is met. */
#include <sweetspot/status.h>

/* The slug ends the problem's `type` URI and never changes; the title is for people. */
static const struct status_info table[STATUS_COUNT] = {
	/* status                     http  slug                      title */
	[STATUS_OK]                  = {200, "ok",                     "OK"},
	[STATUS_MALFORMED]           = {400, "malformed",              "The request could not be read"},
	[STATUS_UNAUTHORIZED]        = {401, "unauthorized",           "A valid key is needed"},
	[STATUS_FORBIDDEN]           = {403, "forbidden",              "The key's role does not allow this"},
	[STATUS_NOT_FOUND]           = {404, "not-found",              "There is nothing here"},
	[STATUS_METHOD_NOT_ALLOWED]  = {405, "method-not-allowed",     "This method is not offered here"},
	[STATUS_NOT_ACCEPTABLE]      = {406, "not-acceptable",         "None of the accepted media types is offered"},
	[STATUS_REQUEST_TIMEOUT]     = {408, "request-timeout",        "The request took too long to arrive"},
	[STATUS_CONFLICT]            = {409, "conflict",               "The present state does not allow this"},
	[STATUS_PRECONDITION_FAILED] = {412, "precondition-failed",    "The record has changed meanwhile"},
	[STATUS_TOO_LARGE]           = {413, "too-large",              "The request body is too large"},
	[STATUS_UNSUPPORTED_MEDIA]   = {415, "unsupported-media-type", "This media type is not understood here"},
	[STATUS_INVALID]             = {422, "invalid",                "Some values are not valid"},
	[STATUS_TOO_MANY]            = {429, "too-many",               "More than a fair share is waiting"},
	[STATUS_HEADERS_TOO_LARGE]   = {431, "headers-too-large",      "The request headers are too large"},
	[STATUS_INTERNAL]            = {500, "internal",               "Something went wrong on our side"},
	[STATUS_FULL]                = {503, "full",                   "Too much is waiting to be written"},
	[STATUS_CROWDED]             = {503, "crowded",                "Too many connections are open"},
	[STATUS_UNAVAILABLE]         = {503, "unavailable",            "The service cannot answer at the moment"},
	[STATUS_UNREACHABLE]         = {503, "unreachable",            "The database cannot be reached"},
	[STATUS_DEADLINE]            = {503, "deadline",               "The request was not answered in time"},
	[STATUS_NO_MEMORY]           = {503, "no-memory",              "The service is short of memory"},
	[STATUS_RETRY]               = {503, "contended",              "Others were writing the same records"},
};

const struct status_info *status_describe(enum status status)
{
	if ((unsigned)status >= STATUS_COUNT)
		return &table[STATUS_INTERNAL];
	return &table[status];
}
