/* SPDX-License-Identifier: Apache-2.0 */
/* Values as criteria compare them: texts folded, numbers by value. What is asked of them is criteria.c. */
#include <sweetspot/criteria.h>

#include <sweetspot/decimal.h>

enum status element_of_text(struct arena *arena, struct text text, struct element *out)
{
	struct text form;
	enum status status = decimal_parse(arena, text_trim(text), &form);

	if (status == STATUS_OK)
		*out = (struct element){ELEMENT_NUMBER, form};
	if (status != STATUS_MALFORMED)
		return status;
	status = text_fold(arena, text, &form);
	if (status == STATUS_OK)
		*out = (struct element){form.length > 0 ? ELEMENT_TEXT : ELEMENT_NONE, form};
	return status;
}

static enum status element_of_decimal(struct text decimal, struct element *out)
{
	if (decimal.bytes == NULL)
		return STATUS_NO_MEMORY;
	*out = (struct element){ELEMENT_NUMBER, decimal};
	return STATUS_OK;
}

enum status element_of_double(struct arena *arena, double value, struct element *out)
{
	return element_of_decimal(decimal_of_double(arena, value), out);
}

enum status element_of_scaled(struct arena *arena, int64_t value, int digits, struct element *out)
{
	return element_of_decimal(decimal_of_scaled(arena, value, digits), out);
}

struct element element_of_boolean(bool value)
{
	return (struct element){ELEMENT_BOOLEAN, value ? TEXT("true") : TEXT("false")};
}
