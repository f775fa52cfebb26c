/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the subcommand, reads its flags and the settings, and runs it. What a subcommand does is in its own file. */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sweetspot/log.h>

/** One line of the table of subcommands. */
struct subcommand {
	const char *noun, *verb;             /* verb NULL: the noun alone */
	const char *positional;              /* how the help names it; NULL: none */
	struct option options[OPTIONS_MAX];
	enum exit_code (*run)(const struct invocation *invocation);
	const char *help;
	bool is_bare;                        /* takes no settings, and needs none */
};

/* clang-format off */
/* noun, verb, positional, flags {name, value, default}, function, help, without settings */
static const struct subcommand subcommands[] = {
	{"serve", NULL, NULL, {{NULL, NULL, NULL}}, command_serve, "answer HTTP until SIGTERM or SIGINT", false},
	{"migrate", NULL, NULL, {{NULL, NULL, NULL}}, command_migrate, "bring the schema up to date", false},
	{"workspace", "create", "NAME", {{"currency", "EUR", NULL}}, command_workspace_create,
	  "make a workspace; prints its admin key, alone", false},
	{"key", "create", NULL, {{"workspace", "NAME", NULL}, {"role", "read|write|admin", NULL}}, command_key_create,
	  "make a key; prints it, alone", false},
	{"key", "list", NULL, {{"workspace", "NAME", ""}}, command_key_list, "list keys, without their secrets", false},
	{"key", "revoke", "ID", {{NULL, NULL, NULL}}, command_key_revoke, "revoke a key; every instance refuses it within a second", false},
	{"demo", NULL, NULL, {{"workspace", "NAME", NULL}, {"accounts", "N", "500"}, {"seed", "N", "1"}}, command_demo,
	  "fill a workspace with a made-up book, the same for the same seed", false},
	{"review", NULL, NULL, {{"workspace", "NAME", NULL}}, command_review, "make a review and wait for it; prints its number", false},
	{"routes", NULL, NULL, {{NULL, NULL, NULL}}, command_routes, "print the HTTP routes: method, path, least role", true},
};
/* clang-format on */
#define SUBCOMMAND_COUNT (sizeof(subcommands) / sizeof(subcommands[0]))

static void print_call(FILE *out, const struct subcommand *subcommand)
{
	fprintf(out, "sweetspot %s", subcommand->noun);
	if (subcommand->verb != NULL)
		fprintf(out, " %s", subcommand->verb);
	if (subcommand->positional != NULL)
		fprintf(out, " %s", subcommand->positional);
	for (int i = 0; i < OPTIONS_MAX && subcommand->options[i].name != NULL; i++) {
		const struct option *option = &subcommand->options[i];

		fprintf(out, option->fallback == NULL ? " --%s %s" : " [--%s %s]", option->name, option->value);
	}
}

static enum exit_code help(FILE *out)
{
	fputs("Usage: sweetspot COMMAND [FLAGS] [SETTINGS]\n\n", out);
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
		fputs("  ", out);
		print_call(out, &subcommands[i]);
		fprintf(out, "\n      %s\n", subcommands[i].help);
	}
	fputs("\nSettings, each a variable or a flag behind the command:\n\n", out);
	settings_help(out);
	return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

static enum exit_code usage(const struct subcommand *subcommand)
{
	fputs("usage: ", stderr);
	print_call(stderr, subcommand);
	fprintf(stderr, "%s; see sweetspot --help\n", subcommand->is_bare ? "" : " [SETTINGS]");
	return EXIT_USAGE;
}

static const struct subcommand *find(int argc, char **argv)
{
	for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
		const struct subcommand *subcommand = &subcommands[i];

		if (strcmp(argv[1], subcommand->noun) == 0
		    && (subcommand->verb == NULL || (argc > 2 && strcmp(argv[2], subcommand->verb) == 0)))
			return subcommand;
	}
	return NULL;
}

/** @return index of the flag in the subcommand's list, -1: not its own; *value: behind a '=', or NULL */
static int find_option(const struct subcommand *subcommand, const char *argument, const char **value)
{
	for (int i = 0; i < OPTIONS_MAX && subcommand->options[i].name != NULL; i++) {
		size_t length = strlen(subcommand->options[i].name);

		if (strncmp(argument, "--", 2) != 0 || strncmp(argument + 2, subcommand->options[i].name, length) != 0)
			continue;
		if (argument[2 + length] != '\0' && argument[2 + length] != '=')
			continue;
		*value = argument[2 + length] == '=' ? argument + 3 + length : NULL;
		return i;
	}
	return -1;
}

/**
 * Take the subcommand's own flags out of the arguments, in place; what is left are settings.
 *
 * @return how many are left; -1: a flag without its value, or one that is missing
 */
static int take_options(const struct subcommand *subcommand, int argc, char **argv, struct invocation *invocation)
{
	int left = 0;

	for (int i = 0; i < OPTIONS_MAX; i++)
		invocation->options[i] = subcommand->options[i].fallback;
	for (int i = 0; i < argc; i++) {
		const char *value;
		int option = find_option(subcommand, argv[i], &value);

		if (option < 0) {
			argv[left++] = argv[i];
			continue;
		}
		if (value == NULL && ++i == argc)
			return -1;
		invocation->options[option] = value == NULL ? argv[i] : value;
	}
	for (int i = 0; i < OPTIONS_MAX && subcommand->options[i].name != NULL; i++)
		if (invocation->options[i] == NULL)
			return -1;
	return left;
}

static void set_log_level(const char *name)
{
	static const char *const names[] = {[LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};

	for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
		if (strcmp(names[level], name) == 0)
			log_set_level((enum log_level)level);
}

/** @param argc,argv  behind the subcommand's words */
static enum exit_code run(const struct subcommand *subcommand, int argc, char **argv)
{
	struct invocation invocation = {0};
	int left, rest;

	if (subcommand->positional != NULL) {
		if (argc == 0 || strncmp(argv[0], "--", 2) == 0)
			return usage(subcommand);
		invocation.positional[0] = argv[0];
		argc--;
		argv++;
	}
	left = take_options(subcommand, argc, argv, &invocation);
	if (left < 0)
		return usage(subcommand);
	rest = 0;
	if (!subcommand->is_bare && settings_load(&invocation.settings, left, argv, &rest, stderr) != STATUS_OK)
		return EXIT_USAGE;
	if (rest != left) {
		fprintf(stderr, "sweetspot: unknown argument %s\n", argv[rest]);
		return usage(subcommand);
	}
	if (!subcommand->is_bare)
		set_log_level(invocation.settings.log_level);
	return subcommand->run(&invocation);
}

int main(int argc, char **argv)
{
	const struct subcommand *subcommand;
	int words;

	if (argc < 2)
		return help(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return help(stdout);
	subcommand = find(argc, argv);
	if (subcommand == NULL) {
		fprintf(stderr, "sweetspot: unknown command %s; see sweetspot --help\n", argv[1]);
		return EXIT_USAGE;
	}
	words = subcommand->verb == NULL ? 2 : 3;
	if (argc > words && strcmp(argv[words], "--help") == 0)
		return help(stdout);
	return run(subcommand, argc - words, argv + words);
}
