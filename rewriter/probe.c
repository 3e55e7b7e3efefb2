/* probe.c - owns the one question to the compiler: preprocess a few lines, verbosely, and
 * list the macros.
 *
 * The answer has the target and the header directories on standard error and the
 * predefined macros on standard output; gcc and clang give it alike. The environment that
 * adds directories or writes dependency files is kept out of it. Called by facts when
 * nothing is cached. */
#include "probe.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "exec.h"
#include "tempfile.h"

static const char question[] = "#if defined __has_include\n"
			       "#if __has_include(<features.h>)\n"
			       "#include <features.h>\n"
			       "#endif\n"
			       "#endif\n";

/* The value of macro NAME in a list of #define lines, NULL if it is not defined. */
static const char *macro(const char *list, const char *name)
{
	const char *define = arena_printf("#define %s", name);
	size_t length = strlen(define);

	for (const char *line = list; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, define, length) == 0 &&
			(line[length] == ' ' || line[length] == '\n'))
			return arena_copy(
				line + length + 1, strcspn(line + length + 1, "\n"));
	}
	return NULL;
}

static const char *cxx_standard_of(long version)
{
	static const struct {
		long version;
		const char *name;
	} standards[] = {{202400, "gnu++26"}, {202100, "gnu++23"}, {201709, "gnu++20"},
		{201703, "gnu++17"}, {201402, "gnu++14"}, {201103, "gnu++11"}};

	for (size_t i = 0; i < sizeof standards / sizeof *standards; i++)
		if (version >= standards[i].version)
			return standards[i].name;
	return "gnu++98";
}

static const char *standard_of(const char *macros)
{
	const char *cxx = macro(macros, "__cplusplus");

	if (cxx)
		return cxx_standard_of(strtol(cxx, NULL, 10));

	const char *version = macro(macros, "__STDC_VERSION__");
	long number = version ? strtol(version, NULL, 10) : 0;

	if (number > 201710)
		return "gnu2x";
	if (number == 201710)
		return "gnu17";
	if (number >= 201112)
		return "gnu11";
	return number >= 199901 ? "gnu99" : "gnu89";
}

/* musl says nothing of itself. */
static const char *library_of(const char *macros)
{
	static const char *const others[] = {"__UCLIBC__", "__BIONIC__", "__dietlibc__"};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (macro(macros, others[i]))
			return "other";
	if (macro(macros, "__GLIBC__"))
		return "glibc";
	return macro(macros, "__linux__") && macro(macros, "_FEATURES_H") ? "musl"
									  : "other";
}

static const char *abi_of(const char *macros, const char *target)
{
	const char *pointer = macro(macros, "__SIZEOF_POINTER__");
	const char *library = library_of(macros);
	size_t length = strcspn(target, "-");
	const char *machine = arena_copy(target, length);

	/* gcc keeps its target under -m32. */
	if (macro(macros, "__i386__"))
		machine = "i386";
	return arena_printf("%s %s %s", machine, pointer ? pointer : "?", library);
}

static enum compiler_kind kind_of(const char *macros, const char *messages)
{
	if (macro(macros, "__clang__"))
		return COMPILER_CLANG;
	if (macro(macros, "__GNUC__") && strstr(messages, "\ngcc version "))
		return COMPILER_GCC;
	return COMPILER_OTHER;
}

static const char *target_of(const char *messages)
{
	const char *line = strstr(messages, "\nTarget: ");

	if (!line)
		return "";
	line += strlen("\nTarget: ");
	return arena_copy(line, strcspn(line, "\n "));
}

/* Whether DIRECTORY holds a compiler's own headers, stddef.h and its like, which libclang
 * brings itself:
 * .../gcc/x86_64-linux-gnu/12/include, .../clang/14.0.6/include. */
static bool is_builtin(const char *directory)
{
	const char *slash = strrchr(directory, '/');

	if (!slash || strncmp(slash, "/include", strlen("/include")) != 0)
		return false;
	const char *above = slash;
	while (above > directory && above[-1] != '/')
		above--;
	if (!isdigit((unsigned char)*above))
		return false;
	return strstr(directory, "/gcc/") || strstr(directory, "/gcc-cross/") ||
	       strstr(directory, "/clang/");
}

static void take_directories(struct facts *facts, const char *messages)
{
	const char *line = strstr(messages, "#include <...> search starts here:\n");

	for (line = line ? strchr(line, '\n') + 1 : ""; *line == ' ';) {
		size_t length = strcspn(++line, "\n");
		const char *directory = arena_copy(line, length);
		if (!is_builtin(directory))
			argvec_push(&facts->system, directory);
		else if (!facts->builtin)
			facts->builtin = directory;
		line += length + (line[length] == '\n');
	}
}

static void build_environment(struct argvec *environment)
{
	static const char *const unwanted[] = {"CPATH", "C_INCLUDE_PATH",
		"CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "DEPENDENCIES_OUTPUT",
		"SUNPRO_DEPENDENCIES", "CC_PRINT_OPTIONS", "CC_PRINT_HEADERS",
		"CCC_OVERRIDE_OPTIONS"};

	exec_environment(environment);
	for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
		argvec_unset_variable(environment, unwanted[i]);
	argvec_set_variable(environment, "LC_ALL", "C");
	argvec_set_variable(environment, "CCACHE_DISABLE", "1");
}

int probe(struct facts *facts, const struct backend *backend, const struct cmdline *line,
	const char *language)
{
	static const char *const flags[] = {"-v", "-E", "-dM", "-O2", "-x"};
	struct exec_command command = {.program = backend->program, .capture = true};
	struct exec_outcome outcome;

	*facts = (struct facts){.target = "", .abi = ""};
	argvec_append(&command.words, &backend->words);
	argvec_append(&command.words, &line->probe);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		argvec_push(&command.words, flags[i]);
	argvec_push(&command.words, language);
	argvec_push(&command.words, "-");
	build_environment(&command.environment);
	int input = tempfile_memory(question, sizeof question - 1, NULL);
	if (input < 0)
		return input;
	command.input = input;
	int err = exec_run(&command, &outcome);
	close(input);
	if (err < 0)
		return err;
	if (outcome.status != 0)
		err = -EINVAL;

	facts->kind = err ? COMPILER_OTHER : kind_of(outcome.out, outcome.err);
	facts->target = target_of(outcome.err);
	facts->abi = abi_of(outcome.out, facts->target);
	facts->standard = standard_of(outcome.out);
	const char *fortify = macro(outcome.out, "_FORTIFY_SOURCE");
	facts->fortify = fortify ? atoi(fortify) : 0;
	take_directories(facts, outcome.err);
	exec_forget(&outcome);
	return err;
}
