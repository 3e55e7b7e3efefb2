/* auditcmd.c - owns the words of `cohook audit`: what is audited, how it is reported, and
 * with which status it ends.
 *
 * Whatever the findings come from, they are one document before anything is done with
 * them. Called by cohook_main. */
#include "audit/auditcmd.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abspath.h"
#include "arena.h"
#include "argvec.h"
#include "audit/binary.h"
#include "audit/crew.h"
#include "audit/examine.h"
#include "audit/format.h"
#include "audit/gate.h"
#include "audit/gather.h"
#include "audit/stackuse.h"
#include "audit/suppress.h"
#include "pool.h"
#include "settingsopt.h"

enum {
	KEY_FORMAT = 256,
	KEY_RULES,
	KEY_FAIL_ON,
	KEY_BASELINE,
	KEY_SUPPRESSIONS,
	KEY_FOREIGN,
	KEY_STACK_LIMIT,
	KEY_BINARY,
	KEY_LIST_RULES,
	KEY_LIST_REASONS,
};

enum { STACK_LIMIT = 16 * 1024, MOST_JOBS = 1024 };

struct wanted {
	struct settings settings;
	const char *database;
	bool binary;
	int (*list)(void); /* what is asked for instead; NULL: nothing */
	unsigned jobs;
	unsigned long stack_limit;
	format_print *print;
	const char *output;
	struct rule_set rules, fail_on;
	const char *baseline;
	struct argvec suppressions;
	struct argvec files;
	char **words; /* behind "--", NULL-terminated; NULL: there was none */
};

static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "What is audited:", 1},
	{"database", 'p', "DIR", 0,
		"the units of DIR/compile_commands.json, or those that FILE names of "
		"them",
		1},
	{"binary", KEY_BINARY, NULL, 0,
		"FILE is an object, archive, program or library, with all that it is "
		"linked to",
		1},
	{"jobs", 'j', "N", 0,
		"look at N units at once (default: as many as there are processors)", 1},
	{"foreign", KEY_FOREIGN, "LIST", 0, "more functions of libraries that block", 1},
	{"stack-limit", KEY_STACK_LIMIT, "BYTES", 0,
		"from where a stack frame is large (default: 16384)", 1},
	{"threads", SETTINGSOPT_THREADS, "MODE", 0,
		"fiber or os, as with cohook-cc --cohook-threads (default: os, or "
		"COHOOK_THREADS)",
		1},
	{"config", SETTINGSOPT_CONFIG, "FILE", 0,
		"the configuration; off: none (default: COHOOK_CONFIG, or the nearest "
		".cohook from a source's folder upwards)",
		1},
	{NULL, 0, NULL, 0, "What is reported:", 2},
	{"format", KEY_FORMAT, "FORMAT", 0, "text (the default), json, sarif or html", 2},
	{"output", 'o', "FILE", 0, "write the report there", 2},
	{"rules", KEY_RULES, "LIST", 0,
		"change which rules are reported: NAME,-NAME,all,none", 2},
	{"list-rules", KEY_LIST_RULES, NULL, 0, "print the rules and what they mean", 2},
	{"list-reasons", KEY_LIST_REASONS, NULL, 0,
		"print the reasons and what they mean", 2},
	{"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
		"ignore what its lines name: RULE PATTERN[:FUNCTION] REASON", 2},
	{NULL, 0, NULL, 0, "What fails:", 3},
	{"fail-on", KEY_FAIL_ON, "LIST", 0,
		"end with status 3 if there are findings of these rules", 3},
	{"baseline", KEY_BASELINE, "FILE", 0,
		"a report as JSON; what it has is known and fails no more", 3},
	{0},
};

static const char synopsis[] = "FILE... [-- FLAGS]\n"
			       "-p DIR [FILE...]\n"
			       "-- COMMAND...\n"
			       "--binary FILE...";

static const char description[] =
	"Finds every call that blocks, and says what is done with it and what is wrong "
	"around it."
	"\vFILE is a C or C++ source, FLAGS are those of its compilation; or FILE is a "
	"folder that COHOOK_AUDIT named in a build, or a report as JSON. COMMAND is a "
	"build, make -j4 say, of which every unit is audited.\n"
	"\n"
	"Exit status: 0 all is well, 1 some file could not be read or parsed (the rest "
	"is "
	"still listed) or the build failed, 2 wrong use, 3 there is what --fail-on "
	"names.";

static int list_rules(void)
{
	for (int id = 0; id < RULES; id++) {
		const struct rule *rule = rules_at((enum rule_id)id);
		printf("%s%s\n    %s.\n    %s\n", rule->name,
			rule->shown ? "" : " (only if asked for)", rule->summary,
			rule->help);
	}
	return AUDIT_FINE;
}

static int list_reasons(void)
{
	for (int id = 0; id < REASONS; id++)
		printf("%s\n    %s\n", reason_word((enum reason_id)id),
			reason_help((enum reason_id)id));
	return AUDIT_FINE;
}

static unsigned long number_of(struct argp_state *state, const char *text,
	const char *option, unsigned long most)
{
	char *end;

	errno = 0;
	unsigned long number = strtoul(text, &end, 10);
	if (errno || *end || end == text || !number || number > most || *text == '-')
		argp_error(state, "%s must be a number from 1 to %lu, not %s", option,
			most, text);
	return number;
}

static void choose(struct argp_state *state, struct rule_set *set, const char *list)
{
	const char *word = rules_choose(set, list);

	if (word)
		argp_error(state, "there is no rule '%.*s'; see --list-rules",
			(int)strcspn(word, ","), word);
}

static void add_foreign(const char *path)
{
	const char *before = getenv("COHOOK_FOREIGN");
	char *real = realpath(path, NULL);
	const char *name = real ? real : path;

	setenv("COHOOK_FOREIGN",
		before && *before ? arena_printf("%s:%s", before, name) : name, 1);
	free(real);
}

static void take_format(struct argp_state *state, struct wanted *wanted, const char *name)
{
	wanted->print = format_find(name);
	if (!wanted->print)
		argp_error(
			state, "--format may be text, json, sarif or html, not %s", name);
}

static error_t take_option(int key, char *value, struct argp_state *state)
{
	struct wanted *wanted = state->input;

	switch (key) {
	case 'p':
		wanted->database = value;
		break;
	case 'j':
		wanted->jobs = (unsigned)number_of(state, value, "-j", MOST_JOBS);
		break;
	case 'o':
		wanted->output = value;
		break;
	case KEY_BINARY:
		wanted->binary = true;
		break;
	case KEY_FORMAT:
		take_format(state, wanted, value);
		break;
	case KEY_RULES:
		choose(state, &wanted->rules, value);
		break;
	case KEY_LIST_RULES:
		wanted->list = list_rules;
		break;
	case KEY_LIST_REASONS:
		wanted->list = list_reasons;
		break;
	case KEY_FAIL_ON:
		choose(state, &wanted->fail_on, value);
		break;
	case KEY_BASELINE:
		wanted->baseline = value;
		break;
	case KEY_SUPPRESSIONS:
		argvec_push(&wanted->suppressions, value);
		break;
	case KEY_FOREIGN:
		add_foreign(value);
		break;
	case KEY_STACK_LIMIT:
		wanted->stack_limit = number_of(state, value, "--stack-limit", ULONG_MAX);
		break;
	case ARGP_KEY_ARG:
		argvec_push(&wanted->files, value);
		break;
	default:
		return settingsopt_take(key, value, state, &wanted->settings);
	}
	return 0;
}

static void check(struct argp *argp, const struct wanted *wanted, const char *name)
{
	bool build = wanted->words && !wanted->files.count && !wanted->database;
	const char *what = NULL;

	if (wanted->list)
		return;
	if (!wanted->files.count && !wanted->database &&
		(!build || !*wanted->words || **wanted->words == '-'))
		what = "no file is given, and no build";
	else if (wanted->database && wanted->words)
		what = "with -p there are no flags behind --";
	else if (wanted->binary && (wanted->database || wanted->words))
		what = "--binary takes files alone";
	if (!what)
		return;
	fprintf(stderr, "%s: %s\n", name, what);
	argp_help(argp, stderr, ARGP_HELP_SEE, (char *)name);
	exit(AUDIT_USAGE);
}

static void read_words(struct wanted *wanted, int argc, char **argv)
{
	static char name[] = "cohook audit";
	struct argp argp = {
		options, take_option, synopsis, description, NULL, NULL, NULL};
	int count = 0;

	while (count < argc && strcmp(argv[count], "--") != 0)
		count++;
	if (count < argc)
		wanted->words = argv + count + 1;
	argv[0] = name;
	argp_parse(&argp, count, argv, 0, NULL, wanted);
	check(&argp, wanted, name);
}

/* What is audited. */

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_report(const char *path)
{
	size_t length = strlen(path);

	return length > 5 && !strcmp(path + length - 5, ".json");
}

static bool is_named(
	struct pool *pool, const struct wanted *wanted, const struct command *command)
{
	const char *path = abspath(pool,
		*command->file == '/'
			? command->file
			: pool_printf(pool, "%s/%s", command->directory, command->file));

	for (size_t i = 0; i < wanted->files.count; i++)
		if (!strcmp(abspath(pool, wanted->files.items[i]), path))
			return true;
	return !wanted->files.count;
}

static const char *list_database(
	struct document *document, const struct wanted *wanted, struct command_list *list)
{
	struct command_list all = {0};
	size_t kept = 0;

	const char *trouble = command_of_database(&all, wanted->database);
	for (size_t i = 0; i < all.count; i++)
		if (is_named(document->pool, wanted, &all.items[i]))
			all.items[kept++] = all.items[i];
	all.count = kept;
	*list = all;
	if (!trouble && !kept && wanted->files.count)
		trouble = "the compilation database has none of these files";
	return trouble;
}

static const char *list_files(
	struct document *document, const struct wanted *wanted, struct command_list *list)
{
	static char *no_flags[] = {NULL};
	const char *trouble = NULL;

	for (size_t i = 0; i < wanted->files.count && !trouble; i++) {
		const char *file = wanted->files.items[i];
		if (is_folder(file))
			trouble = gather_folder(document, file);
		else if (is_report(file))
			trouble = gather_file(document, file);
		else
			command_of_file(
				list, file, wanted->words ? wanted->words : no_flags);
	}
	return trouble;
}

static const char *build(
	struct document *document, const struct wanted *wanted, int *status)
{
	int ended = 0;
	const char *trouble =
		gather_build(document, wanted->words, &wanted->settings, &ended);

	if (trouble)
		return trouble;
	if (ended)
		return pool_printf(document->pool,
			"the build ended with status %d; what it compiled is listed",
			ended);
	if (!document->nunits) {
		*status = AUDIT_TROUBLE;
		return "the build compiled nothing; is it up to date?";
	}
	return NULL;
}

static int collect(struct document *document, const struct wanted *wanted)
{
	struct command_list list = {0};
	const char *trouble;
	int status = AUDIT_FINE;

	if (wanted->binary)
		trouble = binary_audit(document, &wanted->files);
	else if (wanted->database)
		trouble = list_database(document, wanted, &list);
	else if (wanted->files.count)
		trouble = list_files(document, wanted, &list);
	else
		trouble = build(document, wanted, &status);
	if (trouble) {
		fprintf(stderr, "cohook: %s\n", trouble);
		status = AUDIT_TROUBLE;
	}
	int worked = crew_work(document, &list, wanted->jobs, &wanted->settings);
	return worked ? worked : status;
}

static int tell_troubles(const struct document *document)
{
	int status = AUDIT_FINE;

	for (size_t i = 0; i < document->nunits; i++) {
		const struct audited *unit = &document->units[i];
		if (!unit->trouble)
			continue;
		fprintf(stderr, "cohook: %s: %s\n", unit->file, unit->trouble);
		status = AUDIT_TROUBLE;
	}
	return status;
}

/* What is reported. */

static const char *refine(struct document *document, const struct wanted *wanted)
{
	char *root = getcwd(NULL, 0);
	const char *trouble = NULL;

	stackuse_add(document, wanted->stack_limit);
	document_relate(document, pool_string(document->pool, root ? root : "/"));
	free(root);
	for (size_t i = 0; i < wanted->suppressions.count && !trouble; i++)
		trouble = suppress_by_file(
			&document->findings, wanted->suppressions.items[i]);
	if (!trouble && wanted->baseline)
		trouble = gate_baseline(document, wanted->baseline);
	gate_choose(document, &wanted->rules);
	return trouble;
}

static int print(const struct document *document, const struct wanted *wanted)
{
	FILE *out = wanted->output ? fopen(wanted->output, "w") : stdout;

	if (!out) {
		fprintf(stderr, "cohook: %s: %s\n", wanted->output, strerror(errno));
		return AUDIT_TROUBLE;
	}
	wanted->print(out, document);
	if (out == stdout)
		return AUDIT_FINE; /* main looks at it */
	bool failed = ferror(out);
	if (fclose(out) || failed) {
		fprintf(stderr, "cohook: %s: cannot be written\n", wanted->output);
		return AUDIT_TROUBLE;
	}
	return AUDIT_FINE;
}

static int report(struct document *document, const struct wanted *wanted)
{
	const char *trouble = refine(document, wanted);
	int status = tell_troubles(document);

	if (trouble) {
		fprintf(stderr, "cohook: %s\n", trouble);
		return AUDIT_USAGE;
	}
	int printed = print(document, wanted);
	size_t fails = gate_fails(document, &wanted->fail_on);
	if (fails) {
		fprintf(stderr, "cohook: %zu %s that fail%s\n", fails,
			fails == 1 ? "finding" : "findings", fails == 1 ? "s" : "");
		return AUDIT_GATE;
	}
	return status ? status : printed;
}

int auditcmd_run(int argc, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct wanted wanted = {
		.jobs = processors > 0 ? (unsigned)processors : 1,
		.stack_limit = STACK_LIMIT,
		.print = format_text,
		.rules = rules_default(),
	};
	struct document document;

	settings_from_environment(&wanted.settings, "cohook");
	read_words(&wanted, argc, argv);
	if (wanted.list)
		return wanted.list();
	document_init(&document);
	int status = collect(&document, &wanted);
	if (status != AUDIT_USAGE) {
		int reported = report(&document, &wanted);
		status = reported > status ? reported : status;
	}
	document_fini(&document);
	return status;
}

/* For the wrapper. */

static int write_note(
	const char *path, const struct command *command, const struct settings *settings)
{
	const char *fresh = arena_printf("%s.%ld", path, (long)getpid());
	FILE *out = fopen(fresh, "w");

	if (!out)
		return AUDIT_TROUBLE;
	examine_command(out, command, settings);
	if (fclose(out) || rename(fresh, path) < 0) {
		unlink(fresh);
		return AUDIT_TROUBLE;
	}
	return AUDIT_FINE;
}

/* audit-unit NOTE THREADS CONFIG PROGRAM N WORD1..WORDN ARGUMENT... */
int auditcmd_unit(int argc, char **argv)
{
	enum { NOTE = 1, THREADS, CONFIG, PROGRAM, COUNT, WORDS };
	struct command command = {0};
	struct settings settings = {0};

	int count = argc > COUNT ? atoi(argv[COUNT]) : 0;
	if (count <= 0 || argc < WORDS + count)
		return AUDIT_USAGE;
	settings.threads = strcmp(argv[THREADS], "fiber") ? THREADS_OS : THREADS_FIBER;
	settings.threads_given = *argv[THREADS];
	settings.config = *argv[CONFIG] ? argv[CONFIG] : NULL;
	command.backend.program = argv[PROGRAM];
	for (int i = WORDS; i < argc; i++)
		argvec_push(i < WORDS + count ? &command.backend.words : &command.words,
			argv[i]);
	return write_note(argv[NOTE], &command, &settings);
}
