/* SPDX-License-Identifier: Apache-2.0 */
/* Reading days out of a record. What follows from them is core's. */
#include "protection.h"

#include <sweetspot/calendar.h>

#include "json_members.h"

int32_t protected_until(const struct record *organisation)
{
	struct text members, name, value;
	int32_t day = DAY_NONE;

	if ((organisation->filled >> ORGANISATION_PROTECTED & 1) == 0)
		return DAY_NONE;
	members = json_members_of(organisation->value[ORGANISATION_PROTECTED].text);
	while (json_members_next(&members, &name, &value))
		if (text_equal(name, TEXT("until")) && value.length > 2)
			(void)day_parse((struct text){value.bytes + 1, value.length - 2}, &day);
	return day;
}

int32_t client_since(const struct record *organisation)
{
	return (organisation->filled >> ORGANISATION_CLIENT_SINCE & 1) != 0 ? (int32_t)organisation->value[ORGANISATION_CLIENT_SINCE].integer
	                                                                     : DAY_NONE;
}
