/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a query by the parameters its route takes. What they mean is the resource's business. */
#include <string.h>

#include <sweetspot/intake.h>
#include <sweetspot/number.h>

#include "exchange.h"
#include "path.h"

#define TEXT_BYTES 1024

/** One name=value, where it comes from, and where what is wrong with it goes. */
struct pair {
	struct http_request *request;
	const struct http_parameter *parameter;
	struct text value;
	struct problems *problems;
};

static struct text query_pointer(struct arena *arena, struct text name)
{
	return text_format(arena, "?%.*s", TEXT_ARGS(name));
}

#define REFUSE(pair, ...) \
	problems_add((pair)->problems, query_pointer((pair)->request->arena, text_of((pair)->parameter->name)), __VA_ARGS__)

/** A '+' is a blank, as forms write it; everything else is percent-encoded. */
static enum status decode(struct arena *arena, struct text piece, struct text *out)
{
	char *spaced;

	if (piece.length > 0 && memchr(piece.bytes, '+', piece.length) != NULL) {
		spaced = arena_alloc(arena, piece.length);
		if (spaced == NULL)
			return STATUS_NO_MEMORY;
		for (size_t i = 0; i < piece.length; i++)
			spaced[i] = piece.bytes[i];
		for (size_t i = 0; i < piece.length; i++)
			if (spaced[i] == '+')
				spaced[i] = ' ';
		piece.bytes = spaced;
	}
	return http_percent_decode(arena, piece, out);
}

static void read_text(const struct pair *pair)
{
	size_t most = pair->parameter->max > 0 ? (size_t)pair->parameter->max : TEXT_BYTES;

	if (pair->value.length == 0 || pair->value.length > most)
		REFUSE(pair, "must have 1 to %zu bytes", most);
	else if (text_has_control(pair->value))
		REFUSE(pair, "must not hold control characters");
}

static void read_id(const struct pair *pair)
{
	const char *error = intake_id_error(pair->value);

	if (error != NULL)
		REFUSE(pair, "%s", error);
}

static void read_integer(const struct pair *pair, struct http_argument *argument)
{
	const struct http_parameter *parameter = pair->parameter;
	int64_t value;

	if (number_parse(pair->value, 0, &value) != NUMBER_OK || value < parameter->min || value > parameter->max)
		REFUSE(pair, "must be a whole number from %lld to %lld", (long long)parameter->min, (long long)parameter->max);
	else
		argument->integer = value;
}

static void read_amount(const struct pair *pair, struct http_argument *argument)
{
	int digits = pair->request->principal.currency_digits;
	int64_t minor;

	if (number_parse(pair->value, digits, &minor) == NUMBER_OK && minor > 0)
		argument->integer = minor;
	else
		REFUSE(pair, "must be an amount above 0 such as 5000, with at most %d decimals", digits);
}

static void read_day(const struct pair *pair, struct http_argument *argument)
{
	int32_t day;

	if (day_parse(pair->value, &day))
		argument->integer = day;
	else
		REFUSE(pair, "must be a day like 2026-03-01");
}

/** An offset's '+' that came unescaped has turned into a blank: an instant has no other there. */
static void read_instant(const struct pair *pair, struct http_argument *argument)
{
	struct text value = pair->value;
	char copy[32];

	if (value.length < sizeof(copy) && value.length > 11) {
		for (size_t i = 0; i < value.length; i++)
			copy[i] = i > 10 && value.bytes[i] == ' ' ? '+' : value.bytes[i];
		value.bytes = copy;
	}
	if (!instant_parse(value, &argument->integer))
		REFUSE(pair, "must be an instant like 2026-03-01T09:30:00Z");
}

static void read_bool(const struct pair *pair, struct http_argument *argument)
{
	/* A name alone says yes: ?verbose */
	if (pair->value.length == 0 || text_equal(pair->value, TEXT("1")) || text_equal(pair->value, TEXT("true")))
		argument->integer = 1;
	else if (text_equal(pair->value, TEXT("0")) || text_equal(pair->value, TEXT("false")))
		argument->integer = 0;
	else
		REFUSE(pair, "must be true or false");
}

static struct text join_labels(struct arena *arena, const char *const *labels)
{
	struct text joined = text_of(labels[0]);

	for (size_t i = 1; labels[i] != NULL; i++)
		joined = text_format(arena, "%.*s, %s", TEXT_ARGS(joined), labels[i]);
	return joined;
}

static void read_choice(const struct pair *pair, struct http_argument *argument)
{
	const char *const *labels = pair->parameter->labels;
	struct text joined;

	for (size_t i = 0; labels[i] != NULL; i++) {
		if (text_equal(pair->value, text_of(labels[i]))) {
			argument->integer = (int64_t)i;
			return;
		}
	}
	joined = join_labels(pair->request->arena, labels);
	REFUSE(pair, "must be one of %.*s", TEXT_ARGS(joined));
}

static void read_value(const struct pair *pair, struct http_argument *argument)
{
	argument->text = pair->value;
	switch (pair->parameter->kind) {
	case HTTP_TEXT:
		read_text(pair);
		break;
	case HTTP_ID:
		read_id(pair);
		break;
	case HTTP_INTEGER:
		read_integer(pair, argument);
		break;
	case HTTP_AMOUNT:
		read_amount(pair, argument);
		break;
	case HTTP_DAY:
		read_day(pair, argument);
		break;
	case HTTP_INSTANT:
		read_instant(pair, argument);
		break;
	case HTTP_BOOL:
		read_bool(pair, argument);
		break;
	case HTTP_CHOICE:
		read_choice(pair, argument);
		break;
	}
}

static const struct http_parameter *find_parameter(const struct http_parameter *parameters, struct text name)
{
	for (const struct http_parameter *p = parameters; p != NULL && p->name != NULL; p++)
		if (text_equal(text_of(p->name), name))
			return p;
	return NULL;
}

static void read_pair(struct http_request *request, struct text name, struct text value, struct problems *problems)
{
	const struct http_parameter *parameters = request->route->parameters;
	const struct http_parameter *parameter = find_parameter(parameters, name);
	struct http_argument *argument;

	if (parameter == NULL) {
		problems_add(problems, query_pointer(request->arena, name), "is not a parameter of this call");
		return;
	}
	argument = &request->arguments[parameter - parameters];
	if (argument->given) {
		problems_add(problems, query_pointer(request->arena, name), "must be given once");
		return;
	}
	argument->given = true;
	read_value(&(struct pair){request, parameter, value, problems}, argument);
}

static enum status split_pair(struct http_request *request, struct text piece, struct problems *problems)
{
	const char *equals = memchr(piece.bytes, '=', piece.length);
	struct text name = piece, value = {"", 0};
	enum status status;

	if (equals != NULL) {
		name.length = (size_t)(equals - piece.bytes);
		value = (struct text){equals + 1, piece.length - name.length - 1};
	}
	status = decode(request->arena, name, &name);
	if (status == STATUS_OK)
		status = decode(request->arena, value, &value);
	if (status == STATUS_OK)
		read_pair(request, name, value, problems);
	return status;
}

enum status http_query_read(struct http_request *request, struct problems *problems)
{
	const struct http_parameter *parameters = request->route->parameters;
	struct http_target target;
	struct text rest;

	for (int i = 0; parameters != NULL && parameters[i].name != NULL; i++)
		request->arguments[i] = (struct http_argument){.integer = parameters[i].fallback};
	if (!http_target_split(request->target, &target))
		return STATUS_MALFORMED;
	rest = target.query;
	while (rest.length > 0) {
		const char *amp = memchr(rest.bytes, '&', rest.length);
		size_t length = amp == NULL ? rest.length : (size_t)(amp - rest.bytes);
		enum status status = STATUS_OK;

		if (length > 0)
			status = split_pair(request, (struct text){rest.bytes, length}, problems);
		if (status != STATUS_OK)
			return status;
		length += amp != NULL;
		rest = (struct text){rest.bytes + length, rest.length - length};
	}
	return STATUS_OK;
}
