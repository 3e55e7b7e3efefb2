/* cohook_main.c - cohook: questions about a program, answered with the wrapper's own
 * finder and plan.
 *
 *   cohook audit    every blocking call and what is done with it
 *   cohook rewrite  the text that the compiler would get
 *   cohook hooks    the functions that are hooked
 *   cohook ledger   what was done when a file was compiled
 *
 * Flags behind "--" are read as cohook-cc reads them, so both see the same unit. Builds
 * nothing. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argvec.h"
#include "backend.h"
#include "clangargs.h"
#include "cmdline.h"
#include "cohook_config.h"
#include "configfile.h"
#include "diag.h"
#include "facts.h"
#include "hooks.h"
#include "ledgerfile.h"
#include "pool.h"
#include "report.h"
#include "rewrite.h"
#include "settings.h"

enum exit_status {
	EXIT_FINE = 0,
	EXIT_UNIT = 1, /* some file could not be read or parsed */
	EXIT_USAGE = 2,
};

struct arguments {
	struct settings settings;
	char **files;
	size_t nfiles;
	char **flags; /* behind "--", NULL-terminated */
};

static const char usage[] =
	"Usage: cohook audit [OPTION]... FILE... [-- FLAGS]\n"
	"       cohook rewrite [OPTION]... FILE [-- FLAGS]\n"
	"       cohook hooks\n"
	"       cohook ledger FILE...\n"
	"\n"
	"audit    lists every call that blocks, one line each:\n"
	"         FILE:LINE:COLUMN: FUNCTION: CALLEE: VERDICT (REASON), then the "
	"totals;\n"
	"         and with fibers the thread-local variables that they share\n"
	"rewrite  prints FILE as cohook-cc would give it to the compiler\n"
	"hooks    lists the functions that are hooked or watched\n"
	"ledger   prints what objects, archives, programs and libraries say of the "
	"units\n"
	"         in them: which sites there are and what was done with each\n"
	"\n"
	"FILE is a C or C++ source, FLAGS are those of its compilation (-I, -D, "
	"-std...).\n"
	"\n"
	"  --threads=fiber  as with cohook-cc --cohook-threads=fiber\n"
	"  --threads=os     pthread_create is kept (the default, or COHOOK_THREADS)\n"
	"  --config=FILE    the configuration; off: none (default: COHOOK_CONFIG, or "
	"the\n"
	"                   nearest .cohook from FILE's folder upwards)\n"
	"  --help           print this\n"
	"  --version        print the version\n"
	"\n"
	"Exit status: 0 all is well, 1 some file could not be read or parsed (the rest "
	"is\n"
	"still listed) or has no ledger, 2 wrong use.\n";

static _Noreturn void misuse(const char *what, const char *word)
{
	fprintf(stderr, "cohook: %s%s%s; see cohook --help\n", what, word ? " " : "",
		word ? word : "");
	exit(EXIT_USAGE);
}

static void read_threads(struct settings *settings, const char *word)
{
	bool fiber = !strcmp(word, "fiber");

	if (!fiber && strcmp(word, "os") != 0)
		misuse("--threads may be fiber or os, not", word);
	settings->threads = fiber ? THREADS_FIBER : THREADS_OS;
	settings->threads_given = true;
}

/* The words of a command: ARGV[0] is its name. */
static void read_arguments(struct arguments *arguments, int argc, char **argv)
{
	static const struct option options[] = {
		{"threads", required_argument, NULL, 't'},
		{"config", required_argument, NULL, 'c'},
		{NULL, 0, NULL, 0},
	};
	int count = 0, option;

	while (count < argc && strcmp(argv[count], "--") != 0)
		count++;
	arguments->flags = argv + (count < argc ? count + 1 : count);
	opterr = 0;
	while ((option = getopt_long(count, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			arguments->settings.config = optarg;
		else if (option != 't')
			misuse("unknown option or missing value:", argv[optind - 1]);
		else
			read_threads(&arguments->settings, optarg);
	}
	arguments->files = argv + optind;
	arguments->nfiles = (size_t)(count - optind);
	if (!arguments->nfiles)
		misuse("no file is given", NULL);
}

/* The flags for libclang of a compilation of FILE. */
static void understand(struct rewrite_request *request, struct argvec *args,
	const char *file, char *const *flags)
{
	struct settings settings = {0};
	struct backend backend = {0};
	struct cmdline line = {0};
	struct facts facts = {0};
	struct argvec words = {0};

	for (; *flags; flags++)
		argvec_push(&words, *flags);
	argvec_push(&words, "-c");
	argvec_push(&words, file);
	settings_from_environment(&settings, "cohook");
	const char *trouble = backend_find(&settings, &backend);
	if (trouble)
		diag_fatal("%s", trouble);
	cmdline_parse(&line, &backend.words, argvec_argv(&words), &settings);
	enum input_kind kind =
		line.ninputs ? line.inputs[line.ninputs - 1].kind : INPUT_OTHER;
	facts_learn(&facts, &backend, &line, kind);
	clangargs_build(args, &line, &facts, kind);
	request->fortified = clangargs_fortify(&line, &facts) > 0;
	request->gcc = facts.kind == COMPILER_GCC;
	request->pedantic = line.pedantic;
	request->args = (const char *const *)argvec_argv(args);
}

static int rewrite_file(const struct arguments *arguments, const char *file, bool watch,
	struct rewrite_result *result)
{
	struct rewrite_request request = {
		.source = file, .threads = arguments->settings.threads, .watch = watch};
	struct argvec args = {0};

	understand(&request, &args, file, arguments->flags);
	configfile_apply(&request, &arguments->settings);
	int err = rewrite_unit(&request, result);
	if (err)
		fprintf(stderr, "cohook: %s: %s\n", file,
			result->trouble ? result->trouble : strerror(-err));
	return err;
}

static int audit(const struct arguments *arguments)
{
	struct rewrite_result *results = calloc(arguments->nfiles, sizeof *results);
	struct report report = {.pool = pool_new()};
	int status = EXIT_FINE;

	for (size_t i = 0; results && i < arguments->nfiles; i++) {
		if (rewrite_file(arguments, arguments->files[i], true, &results[i]))
			status = EXIT_UNIT;
		report_add(&report, results[i].sites, results[i].nsites);
		report_add_shared(&report, results[i].shared, results[i].nshared);
	}
	report_print(stdout, &report);
	for (size_t i = 0; results && i < arguments->nfiles; i++)
		rewrite_free(&results[i]);
	pool_free(report.pool);
	free(results);
	return status;
}

static int print_plain(const char *file)
{
	FILE *in = fopen(file, "r");
	int c;

	if (!in) {
		perror(file);
		return EXIT_UNIT;
	}
	while ((c = getc(in)) != EOF)
		putchar(c);
	fclose(in);
	return EXIT_FINE;
}

static int print_rewritten(const struct arguments *arguments)
{
	const char *file = arguments->files[0];
	struct rewrite_result result;
	int status = EXIT_UNIT;

	if (arguments->nfiles > 1)
		misuse("rewrite takes one file, not also", arguments->files[1]);
	if (!rewrite_file(arguments, file, false, &result)) {
		const struct rewritten_file *own = NULL;
		for (size_t i = 0; i < result.nfiles && !own; i++)
			own = strcmp(result.files[i].path, file) ? NULL
								 : &result.files[i];
		if (own)
			fwrite(own->text, 1, own->length, stdout);
		status = own ? EXIT_FINE : print_plain(file);
	}
	rewrite_free(&result);
	return status;
}

static int print_hooks(void)
{
	const struct hook *row;

	for (size_t i = 0; (row = hooks_at(i)); i++) {
		printf("%-24s %-7s ", row->name, row->waits);
		if (row->kind == HOOK_WATCH)
			printf("not hooked: %s\n", row->why);
		else
			printf("co_%s\n", row->name);
	}
	return EXIT_FINE;
}

static int print_ledgers(int argc, char **argv)
{
	int status = EXIT_FINE;

	if (argc < 2)
		misuse("no file is given", NULL);
	for (int i = 1; i < argc; i++) {
		const char *trouble = "it has no ledger";
		if (ledgerfile_print(stdout, argv[i], &trouble) > 0)
			continue;
		fprintf(stderr, "cohook: %s: %s\n", argv[i], trouble);
		status = EXIT_UNIT;
	}
	return status;
}

static int run(int argc, char **argv)
{
	struct arguments arguments = {0};

	settings_from_environment(&arguments.settings, "cohook");
	if (!strcmp(*argv, "hooks"))
		return argc == 1 ? print_hooks()
				 : (misuse("hooks takes no", argv[1]), EXIT_USAGE);
	if (!strcmp(*argv, "ledger"))
		return print_ledgers(argc, argv);
	if (strcmp(*argv, "audit") != 0 && strcmp(*argv, "rewrite") != 0)
		misuse("unknown command", *argv);
	read_arguments(&arguments, argc, argv);
	return strcmp(*argv, "audit") ? print_rewritten(&arguments) : audit(&arguments);
}

static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		perror("cohook: standard output");
		return EXIT_UNIT;
	}
	return status;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		misuse("a command is missing", NULL);
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "--version")) {
			fputs(argv[i][2] == 'h' ? usage : "cohook " COHOOK_VERSION "\n",
				stdout);
			return finish(EXIT_FINE);
		}
	}
	return finish(run(argc - 1, argv + 1));
}
