/* SPDX-License-Identifier: Apache-2.0 */
/* The settings table, and reading it from the environment and the flags. What a setting does is decided where it is used. */
#include <sweetspot/settings.h>

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <sweetspot/number.h>

#define MOST_PORT 65535
#define KIB INT64_C(1024)
#define MIB (1024 * KIB)
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)

enum kind { KIND_STRING, KIND_NUMBER, KIND_SWITCH };

struct setting {
	const char *flag;
	const char *variable;
	enum kind kind;
	size_t offset;
	const char *value;     /* how the help names the value */
	const char *fallback;  /* the default, as a user would write it; NULL: must be given */
	int64_t min, max;      /* of a number */
	bool (*is_valid)(const char *value);  /* of a string; NULL: any */
	const char *needs;     /* what is_valid asks for */
	bool is_secret;        /* never repeated in a message */
	const char *help;
};

static bool is_filled(const char *value)
{
	return *value != '\0';
}

static bool is_port(struct text text)
{
	int64_t port;

	if (text.length == 0 || text.bytes[0] == '+' || text.bytes[0] == '-')
		return false;
	return number_parse(text, 0, &port) == NUMBER_OK && memchr(text.bytes, '.', text.length) == NULL && port <= MOST_PORT;
}

/** HOST:PORT; a host that contains colons stands in brackets. */
static bool is_address(const char *value)
{
	const char *colon = strrchr(value, ':');
	size_t host;

	if (colon == NULL || colon == value || !is_port(text_of(colon + 1)))
		return false;
	host = (size_t)(colon - value);
	if (value[0] == '[')
		return host > 2 && value[host - 1] == ']';
	return memchr(value, ':', host) == NULL;
}

static bool is_address_or_empty(const char *value)
{
	return *value == '\0' || is_address(value);
}

/** scheme://host or scheme://host:port, as a browser sends it in Origin. */
static bool is_origin(struct text origin)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t length = strlen(schemes[i]);

		if (origin.length > length && memcmp(origin.bytes, schemes[i], length) == 0)
			return memchr(origin.bytes + length, '/', origin.length - length) == NULL;
	}
	return false;
}

static bool is_origin_list(const char *value)
{
	if (*value == '\0' || strcmp(value, "*") == 0)
		return true;
	for (;;) {
		size_t length = strcspn(value, ",");

		if (!is_origin(text_trim((struct text){value, length})))
			return false;
		if (value[length] == '\0')
			return true;
		value += length + 1;
	}
}

static bool is_level(const char *value)
{
	static const char *const levels[] = {"debug", "info", "warn", "error"};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(value, levels[i]) == 0)
			return true;
	return false;
}

#define AT(member) offsetof(struct settings, member)
#define STRING(flag, variable, member, value, fallback, is_valid, needs, is_secret, help) \
	{flag, variable, KIND_STRING, AT(member), value, fallback, 0, 0, is_valid, needs, is_secret, help}
#define NUMBER(flag, variable, member, fallback, min, max, help) \
	{flag, variable, KIND_NUMBER, AT(member), "N", fallback, min, max, NULL, NULL, false, help}
#define SWITCH(flag, variable, member, fallback, help) \
	{flag, variable, KIND_SWITCH, AT(member), "BOOL", fallback, 0, 0, NULL, NULL, false, help}

/* clang-format off */
/* Strings: flag, variable, member, value, default, check, what the check asks for, secret, help.
 * Numbers: flag, variable, member, default, least, most, help. Switches: flag, variable, member, default, help. */
static const struct setting table[] = {
	STRING("database-url", "DATABASE_URL", database_url, "URL", NULL, is_filled,
	       "must be set, like postgresql://user@host/database", true, "PostgreSQL to use"),
	STRING("listen", "SWEETSPOT_LISTEN", listen, "HOST:PORT", "127.0.0.1:8080", is_address,
	       "must be HOST:PORT with a port from 0 to 65535", false, "where to answer; port 0 picks one"),
	STRING("metrics-listen", "SWEETSPOT_METRICS_LISTEN", metrics_listen, "HOST:PORT", "", is_address_or_empty,
	       "must be HOST:PORT with a port from 0 to 65535", false, "where to answer /metrics; empty: on the main listener"),
	SWITCH("migrate", "SWEETSPOT_MIGRATE", migrate, "false", "bring the schema up to date before serving"),
	NUMBER("workers", "SWEETSPOT_WORKERS", workers, "0", 0, 1024, "worker threads; 0: one per core"),
	NUMBER("read-links", "SWEETSPOT_READ_LINKS", read_links, "2", 1, 64, "database links for reads, per worker"),
	NUMBER("write-links", "SWEETSPOT_WRITE_LINKS", write_links, "2", 1, 64, "database links for writes, per worker"),
	NUMBER("stream-links", "SWEETSPOT_STREAM_LINKS", stream_links, "2", 1, 64,
	       "database links for lists in full and other long reads, per worker"),
	NUMBER("job-runners", "SWEETSPOT_JOB_RUNNERS", job_runners, "2", 1, 64,
	       "threads that make reviews and refreshes, a workspace at a time each"),
	NUMBER("look-ms", "SWEETSPOT_LOOK_MS", look_ms, "200", 10, DAY_MS,
	       "milliseconds between two looks for reviews and the like that another process was asked for"),
	NUMBER("batch-rows", "SWEETSPOT_BATCH_ROWS", batch_rows, "2000", 1, 100000, "rows a write batch may carry"),
	NUMBER("batch-bytes", "SWEETSPOT_BATCH_BYTES", batch_bytes, "8388608", 64 * KIB, 512 * MIB, "bytes a write batch may carry"),
	NUMBER("queue-rows", "SWEETSPOT_QUEUE_ROWS", queue_rows, "20000", 1, 10000000,
	       "rows that may wait per worker before writes are answered 503"),
	NUMBER("workspace-share-pct", "SWEETSPOT_WORKSPACE_SHARE_PCT", workspace_share_pct, "50", 1, 100,
	       "percent of queue-rows one workspace may fill before it is answered 429"),
	NUMBER("body-bytes", "SWEETSPOT_BODY_BYTES", body_bytes, "1048576", KIB, 64 * MIB, "largest body, imports aside"),
	NUMBER("import-row-bytes", "SWEETSPOT_IMPORT_ROW_BYTES", import_row_bytes, "1048576", KIB, 64 * MIB, "largest row of an import"),
	NUMBER("desk-questions", "SWEETSPOT_DESK_QUESTIONS", desk_questions, "16", 1, 1000,
	       "long questions (simulations, previews) that may wait before they are answered 429"),
	NUMBER("desk-bytes", "SWEETSPOT_DESK_BYTES", desk_bytes, "268435456", MIB, 65536 * MIB, "memory one long question may take"),
	NUMBER("header-bytes", "SWEETSPOT_HEADER_BYTES", header_bytes, "16384", 4 * KIB, MIB, "largest request line and headers"),
	NUMBER("connections", "SWEETSPOT_CONNECTIONS", connections, "2000", 1, 1000000, "HTTP connections open at once"),
	NUMBER("request-ms", "SWEETSPOT_REQUEST_MS", request_ms, "10000", 100, 10 * MINUTE_MS,
	       "milliseconds until the answer to a request begins"),
	NUMBER("desk-ms", "SWEETSPOT_DESK_MS", desk_ms, "60000", 100, 60 * MINUTE_MS,
	       "milliseconds until the answer to a long question (a simulation, a preview)"),
	NUMBER("import-idle-ms", "SWEETSPOT_IMPORT_IDLE_MS", import_idle_ms, "30000", 100, 60 * MINUTE_MS,
	       "milliseconds an import may stand still"),
	NUMBER("statement-ms", "SWEETSPOT_STATEMENT_MS", statement_ms, "5000", 100, 10 * MINUTE_MS,
	       "milliseconds a database statement may take"),
	NUMBER("drain-ms", "SWEETSPOT_DRAIN_MS", drain_ms, "0", 0, 10 * MINUTE_MS,
	       "milliseconds /readyz says 503 before stopping, for load balancers"),
	STRING("cors-origins", "SWEETSPOT_CORS_ORIGINS", cors_origins, "LIST", "", is_origin_list,
	       "must be origins like https://example.com, separated by commas, or *", false,
	       "origins whose pages may call, separated by commas, or *"),
	STRING("log-level", "SWEETSPOT_LOG_LEVEL", log_level, "LEVEL", "info", is_level,
	       "must be debug, info, warn or error", false, "least level that is logged: debug, info, warn, error"),
	NUMBER("key-poll-ms", "SWEETSPOT_KEY_POLL_MS", key_poll_ms, "300", 10, MINUTE_MS,
	       "milliseconds between two looks for changed keys"),
	NUMBER("key-stale-ms", "SWEETSPOT_KEY_STALE_MS", key_stale_ms, "900", 20, 10 * MINUTE_MS,
	       "milliseconds without an answer after which cached keys are void"),
	NUMBER("provisional-ms", "SWEETSPOT_PROVISIONAL_MS", provisional_ms, "10000", 0, DAY_MS,
	       "milliseconds without writes before a provisional review"),
	NUMBER("settle-rows", "SWEETSPOT_SETTLE_ROWS", settle_rows, "1000", 0, 100000,
	       "organisations a review, policy or day may change while writers wait; more change aside"),
	SWITCH("jobs", "SWEETSPOT_JOBS", jobs, "true", "run reviews and nightly refreshes in this process"),
};
/* clang-format on */

#define SETTINGS (sizeof(table) / sizeof(table[0]))

/** Where a value came from, for messages, and where these go. */
struct source {
	const char *prefix;
	const char *name;
	FILE *errors;
};

static bool parse_switch(const char *value, bool *out)
{
	static const struct {
		const char *word;
		bool meaning;
	} words[] = {
		{"1", true},  {"true", true},   {"yes", true}, {"on", true},
		{"0", false}, {"false", false}, {"no", false}, {"off", false},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i].word) != 0)
			continue;
		*out = words[i].meaning;
		return true;
	}
	return false;
}

static bool parse_number(const struct setting *setting, const char *value, int64_t *out)
{
	int64_t number;

	if (strchr(value, '.') != NULL || number_parse(text_of(value), 0, &number) != NUMBER_OK)
		return false;
	if (number < setting->min || number > setting->max)
		return false;
	*out = number;
	return true;
}

static void complain(struct source source, const struct setting *setting, const char *value)
{
	fprintf(source.errors, "%s%s: ", source.prefix, source.name);
	if (setting->kind == KIND_NUMBER)
		fprintf(source.errors, "must be a whole number from %" PRId64 " to %" PRId64, setting->min, setting->max);
	else
		fputs(setting->kind == KIND_SWITCH ? "must be true or false" : setting->needs, source.errors);
	if (!setting->is_secret)
		fprintf(source.errors, ", not \"%s\"", value);
	fputc('\n', source.errors);
}

static bool assign(struct settings *settings, const struct setting *setting, const char *value, struct source source)
{
	void *member = (char *)settings + setting->offset;
	bool is_valid = false;

	switch (setting->kind) {
	case KIND_STRING:
		is_valid = setting->is_valid(value);
		if (is_valid)
			*(const char **)member = value;
		break;
	case KIND_NUMBER:
		is_valid = parse_number(setting, value, member);
		break;
	case KIND_SWITCH:
		is_valid = parse_switch(value, member);
		break;
	}
	if (!is_valid)
		complain(source, setting, value);
	return is_valid;
}

/** An empty variable counts as unset: that is how container tools pass what has no value. */
static bool load_environment(struct settings *settings, FILE *errors)
{
	bool is_valid = true;

	for (size_t i = 0; i < SETTINGS; i++) {
		const char *value = getenv(table[i].variable);

		if (value != NULL && *value != '\0')
			is_valid &= assign(settings, &table[i], value, (struct source){"", table[i].variable, errors});
	}
	return is_valid;
}

/** @return the setting whose flag the argument is, or NULL; *value is what stands behind '=', or NULL */
static const struct setting *find_flag(const char *argument, const char **value)
{
	size_t length;

	if (strncmp(argument, "--", 2) != 0)
		return NULL;
	argument += 2;
	length = strcspn(argument, "=");
	*value = argument[length] == '=' ? argument + length + 1 : NULL;
	for (size_t i = 0; i < SETTINGS; i++)
		if (strlen(table[i].flag) == length && memcmp(table[i].flag, argument, length) == 0)
			return &table[i];
	return NULL;
}

/** A switch stands alone (true) or takes the next argument when that is one of its words. */
static bool next_belongs(const struct setting *setting, const char *next)
{
	bool ignored;

	return setting->kind != KIND_SWITCH || parse_switch(next, &ignored);
}

static bool load_flags(struct settings *settings, int argc, char **argv, int *rest, FILE *errors)
{
	bool is_valid = true;
	int i = 0;

	while (i < argc) {
		const char *value;
		const struct setting *setting = find_flag(argv[i], &value);

		if (setting == NULL)
			break;
		i++;
		if (value == NULL && i < argc && next_belongs(setting, argv[i]))
			value = argv[i++];
		if (value == NULL && setting->kind == KIND_SWITCH)
			value = "true";
		if (value == NULL) {
			fprintf(errors, "--%s: needs a value\n", setting->flag);
			is_valid = false;
			continue;
		}
		is_valid &= assign(settings, setting, value, (struct source){"--", setting->flag, errors});
	}
	*rest = i;
	return is_valid;
}

static bool check_together(const struct settings *settings, FILE *errors)
{
	if (settings->key_stale_ms > settings->key_poll_ms)
		return true;
	fprintf(errors, "SWEETSPOT_KEY_STALE_MS: must be more than SWEETSPOT_KEY_POLL_MS (%" PRId64 "), not \"%" PRId64 "\"\n",
		settings->key_poll_ms, settings->key_stale_ms);
	return false;
}

enum status settings_load(struct settings *settings, int argc, char **argv, int *rest, FILE *errors)
{
	bool is_valid = true;

	*settings = (struct settings){0};
	for (size_t i = 0; i < SETTINGS; i++)
		if (table[i].fallback != NULL)
			is_valid &= assign(settings, &table[i], table[i].fallback, (struct source){"", table[i].variable, errors});
	is_valid &= load_environment(settings, errors);
	is_valid &= load_flags(settings, argc, argv, rest, errors);
	is_valid &= check_together(settings, errors);
	for (size_t i = 0; i < SETTINGS; i++)
		if (table[i].fallback == NULL && *(const char **)((char *)settings + table[i].offset) == NULL) {
			fprintf(errors, "%s: %s\n", table[i].variable, table[i].needs);
			is_valid = false;
		}
	return is_valid ? STATUS_OK : STATUS_INVALID;
}

static int print_head(FILE *out, const struct setting *setting)
{
	return fprintf(out, "  --%s %s", setting->flag, setting->value);
}

void settings_help(FILE *out)
{
	fputs("Settings (a flag wins over its variable):\n", out);
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *setting = &table[i];
		int width = print_head(out, setting);

		fprintf(out, "%*s%s\n      %s", width < 34 ? 34 - width : 1, "", setting->variable, setting->help);
		if (setting->fallback == NULL)
			fputs(" (needed)\n", out);
		else if (*setting->fallback == '\0')
			fputc('\n', out);
		else
			fprintf(out, " (default %s)\n", setting->fallback);
	}
}
