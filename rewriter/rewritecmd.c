/* rewritecmd.c - owns `cohook rewrite`: the text that the compiler would get.
 *
 * Flags behind "--" are read as cohook-cc reads them. diff(1) makes the comparison.
 * Called by cohook_main. */
#include "rewritecmd.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "argvec.h"
#include "backend.h"
#include "clangargs.h"
#include "cmdline.h"
#include "configfile.h"
#include "diag.h"
#include "exec.h"
#include "facts.h"
#include "rewrite.h"
#include "settingsopt.h"
#include "tempfile.h"

enum { KEY_DIFF = 256 };

struct wanted {
	struct settings settings;
	const char *file;
	bool diff;
	char **flags; /* behind "--", NULL-terminated */
};

static const struct argp_option options[] = {
	{"diff", KEY_DIFF, NULL, 0,
		"print what changes, in all files of the unit, as diff -u does", 0},
	{"threads", SETTINGSOPT_THREADS, "MODE", 0,
		"fiber or os, as with cohook-cc --cohook-threads (default: os, or "
		"COHOOK_THREADS)",
		0},
	{"config", SETTINGSOPT_CONFIG, "FILE", 0,
		"the configuration; off: none (default: COHOOK_CONFIG, or the nearest "
		".cohook from FILE's folder upwards)",
		0},
	{0},
};

static error_t take_option(int key, char *value, struct argp_state *state)
{
	struct wanted *wanted = state->input;

	switch (key) {
	case KEY_DIFF:
		wanted->diff = true;
		return 0;
	case ARGP_KEY_ARG:
		if (wanted->file)
			argp_error(state, "it takes one file, not also %s", value);
		wanted->file = value;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no file is given");
		return 0;
	default:
		return settingsopt_take(key, value, state, &wanted->settings);
	}
}

static void read_words(struct wanted *wanted, int argc, char **argv)
{
	static char name[] = "cohook rewrite";
	static const struct argp argp = {options, take_option, "FILE [-- FLAGS]",
		"Prints FILE as cohook-cc would give it to the compiler."
		"\vExit status: 0, 1 if FILE could not be read or parsed, 2 for wrong "
		"use.",
		NULL, NULL, NULL};
	int count = 0;

	while (count < argc && strcmp(argv[count], "--") != 0)
		count++;
	wanted->flags = argv + (count < argc ? count + 1 : count);
	argv[0] = name;
	argp_parse(&argp, count, argv, 0, NULL, wanted);
}

/* The flags for libclang of a compilation of the file. */
static void understand(
	struct rewrite_request *rewrite, struct argvec *args, const struct wanted *wanted)
{
	struct settings settings = {0};
	struct backend backend = {0};
	struct cmdline line = {0};
	struct facts facts = {0};
	struct argvec words = {0};

	for (char *const *flag = wanted->flags; *flag; flag++)
		argvec_push(&words, *flag);
	argvec_push(&words, "-c");
	argvec_push(&words, wanted->file);
	settings_from_environment(&settings, "cohook");
	const char *trouble = backend_find(&settings, &backend);
	if (trouble)
		diag_fatal("%s", trouble);
	cmdline_parse(&line, &backend.words, argvec_argv(&words), &settings);
	enum input_kind kind =
		line.ninputs ? line.inputs[line.ninputs - 1].kind : INPUT_OTHER;
	facts_learn(&facts, &backend, &line, kind);
	clangargs_build(args, &line, &facts, kind);
	rewrite->fortified = clangargs_fortify(&line, &facts) > 0;
	rewrite->gcc = facts.kind == COMPILER_GCC;
	rewrite->pedantic = line.pedantic;
	rewrite->args = (const char *const *)argvec_argv(args);
}

static int print_file(const char *file)
{
	FILE *in = fopen(file, "r");
	int c;

	if (!in) {
		perror(file);
		return 1;
	}
	while ((c = getc(in)) != EOF)
		putchar(c);
	fclose(in);
	return 0;
}

static int print_text(const struct wanted *wanted, const struct rewrite_result *result)
{
	for (size_t i = 0; i < result->nfiles; i++) {
		const struct rewritten_file *file = &result->files[i];
		if (strcmp(file->path, wanted->file) != 0)
			continue;
		fwrite(file->text, 1, file->length, stdout);
		return 0;
	}
	return print_file(wanted->file);
}

/* diff(1) ends with 1 when there is a difference. */
static int print_difference(const struct rewritten_file *file)
{
	struct exec_command command = {.program = backend_search("diff")};
	struct exec_outcome outcome;
	int text = tempfile_memory(file->text, file->length, NULL);

	if (!command.program || text < 0) {
		fprintf(stderr, "cohook: there is no diff(1)\n");
		return 1;
	}
	const char *const words[] = {"diff", "-u", "--label", file->path, "--label",
		arena_printf("%s (rewritten)", file->path), "--", file->path,
		tempfile_path(text)};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		argvec_push(&command.words, words[i]);
	fflush(stdout);
	int err = exec_run(&command, &outcome);
	close(text);
	return err || outcome.status > 1;
}

static int print_differences(const struct rewrite_result *result)
{
	int status = 0;

	for (size_t i = 0; i < result->nfiles; i++)
		status |= print_difference(&result->files[i]);
	return status;
}

int rewritecmd_run(int argc, char **argv)
{
	struct wanted wanted = {0};
	struct rewrite_result result;
	struct argvec args = {0};

	settings_from_environment(&wanted.settings, "cohook");
	read_words(&wanted, argc, argv);
	struct rewrite_request rewrite = {
		.source = wanted.file, .threads = wanted.settings.threads};
	understand(&rewrite, &args, &wanted);
	configfile_apply(&rewrite, &wanted.settings);
	int err = rewrite_unit(&rewrite, &result);
	if (err)
		fprintf(stderr, "cohook: %s: %s\n", wanted.file,
			result.trouble ? result.trouble : strerror(-err));
	int status = err           ? 1
		     : wanted.diff ? print_differences(&result)
				   : print_text(&wanted, &result);
	rewrite_free(&result);
	return status;
}
