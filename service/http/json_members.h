/* SPDX-License-Identifier: Apache-2.0 */
/* Going through the members of a JSON object we wrote ourselves, without building a tree. Pure. */
#ifndef SERVICE_HTTP_JSON_MEMBERS_H
#define SERVICE_HTTP_JSON_MEMBERS_H

#include <stdbool.h>

#include <sweetspot/buffer.h>
#include <sweetspot/text.h>

/** @return what is between the braces, for json_members_next; no text for anything but an object */
struct text json_members_of(struct text object);
/**
 * Cut off the next member. The JSON is taken to be well-formed and without white space between its tokens.
 *
 * @param members  moved behind it
 * @param name     without quotes, escapes as they stand
 * @param value    as it stands
 * @return         false at the end
 */
bool json_members_next(struct text *members, struct text *name, struct text *value);
/** Append what a JSON string stands for; other values as they stand. */
void json_plain_append(struct buffer *out, struct text value);

#endif
