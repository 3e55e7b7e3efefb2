/* cohook_main.c - cohook: questions about a program, answered with the wrapper's own
 * finder and plan.
 *
 * Each command is a file of its own; here is which there are. None builds anything. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/auditcmd.h"
#include "cohook_config.h"
#include "doctor.h"
#include "hookscmd.h"
#include "ledgerfile.h"
#include "rewritecmd.h"

enum exit_status {
	EXIT_FINE = 0,
	EXIT_UNIT = 1, /* some file could not be read */
	EXIT_USAGE = 2,
};

static int ledger(int argc, char **argv);

static const struct {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the name */
	const char *usage, *does;          /* NULL: not for users */
} commands[] = {
	{"audit", auditcmd_run, "audit [OPTION...] FILE... [-- FLAGS]",
		"lists every call that blocks, and what is done with it"},
	{"rewrite", rewritecmd_run, "rewrite [OPTION...] FILE [-- FLAGS]",
		"prints FILE as cohook-cc would give it to the compiler"},
	{"hooks", hookscmd_run, "hooks [OPTION...]",
		"lists the functions that are hooked or watched"},
	{"ledger", ledger, "ledger FILE...",
		"prints what compiled files say was done with each site"},
	{"doctor", doctor_run, "doctor [OPTION...]",
		"looks at the installation, and says how to mend what is missing"},
	{"audit-unit", auditcmd_unit, NULL, NULL},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(void)
{
	for (int i = 0; i < COMMANDS; i++)
		if (commands[i].usage)
			printf("%s cohook %s\n",
				i ? "      " : "Usage:", commands[i].usage);
	puts("");
	for (int i = 0; i < COMMANDS; i++)
		if (commands[i].usage)
			printf("  %-10s %s\n", commands[i].name, commands[i].does);
	puts("\n  --help     print this; behind a command: its options\n"
	     "  --version  print the version\n"
	     "\n"
	     "Exit status: 0 all is well, 1 some file could not be read or parsed, 2 "
	     "wrong use,\n"
	     "3 there is what `cohook audit --fail-on` names.");
}

static _Noreturn void misuse(const char *what, const char *word)
{
	fprintf(stderr, "cohook: %s%s%s; see cohook --help\n", what, word ? " " : "",
		word ? word : "");
	exit(EXIT_USAGE);
}

static int ledger(int argc, char **argv)
{
	int status = EXIT_FINE;

	if (argc < 2)
		misuse("no file is given", NULL);
	if (!strcmp(argv[1], "--help")) {
		puts("Usage: cohook ledger FILE...\n"
		     "Prints what objects, archives, programs and libraries say of the "
		     "units in them:\n"
		     "which sites there are and what was done with each.\n\n"
		     "Exit status: 0, 1 if a file could not be read or has no ledger, 2 "
		     "for wrong use.");
		return EXIT_FINE;
	}
	for (int i = 1; i < argc; i++) {
		const char *trouble = "it has no ledger";
		if (ledgerfile_print(stdout, argv[i], &trouble) > 0)
			continue;
		fprintf(stderr, "cohook: %s: %s\n", argv[i], trouble);
		status = EXIT_UNIT;
	}
	return status;
}

static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		perror("cohook: standard output");
		return EXIT_UNIT;
	}
	return status;
}

static int run(int argc, char **argv)
{
	if (!strcmp(*argv, "--help")) {
		print_help();
		return EXIT_FINE;
	}
	if (!strcmp(*argv, "--version")) {
		puts(argp_program_version);
		return EXIT_FINE;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (!strcmp(*argv, commands[i].name))
			return commands[i].run(argc, argv);
	misuse("unknown command", *argv);
}

int main(int argc, char **argv)
{
	argp_program_version = "cohook " COHOOK_VERSION;
	argp_err_exit_status = EXIT_USAGE;
	if (argc < 2)
		misuse("a command is missing", NULL);
	return finish(run(argc - 1, argv + 1));
}
