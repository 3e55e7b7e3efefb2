/* settings.c - owns the wrapper's own options and environment variables.
 *
 * An option overrides the variable of the same meaning. None of them ever reaches the
 * compiler. Called by cc_main before and by cmdline during the walk over the command
 * line. */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool threads_of(const char *value, enum threads_mode *mode)
{
	if (is(value, "fiber"))
		*mode = THREADS_FIBER;
	else if (is(value, "os"))
		*mode = THREADS_OS;
	else
		return false;
	return true;
}

static bool flag_variable(const char *name)
{
	const char *value = getenv(name);

	if (!value || !*value || is(value, "0"))
		return false;
	if (!is(value, "1"))
		diag_fatal("%s is \"%s\"; it may be 0 or 1", name, value);
	return true;
}

static bool is_cxx_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return is(slash ? slash + 1 : name, "cohook-c++");
}

const char *settings_compiler_variable(const struct settings *settings)
{
	if (settings->launched)
		return "--cohook-launch";
	return settings->cxx ? "COHOOK_CXX" : "COHOOK_CC";
}

void settings_from_environment(struct settings *settings, const char *name)
{
	settings->cxx = is_cxx_name(name);
	const char *threads = getenv("COHOOK_THREADS");
	const char *compiler = getenv(settings_compiler_variable(settings));

	settings->off = flag_variable("COHOOK_OFF");
	settings->strict = flag_variable("COHOOK_STRICT");
	if (threads && *threads && !threads_of(threads, &settings->threads))
		diag_fatal("COHOOK_THREADS is \"%s\"; it may be fiber or os", threads);
	if (compiler && compiler[strspn(compiler, " \t\n")])
		settings->compiler = compiler;
}

void settings_option(struct settings *settings, const char *word)
{
	static const char threads[] = "--cohook-threads=";

	if (is(word, "--cohook-off"))
		settings->off = true;
	else if (is(word, "--cohook-strict"))
		settings->strict = true;
	else if (is(word, "--cohook-emit"))
		settings->emit = true;
	else if (is(word, "--cohook-explain"))
		settings->explain = true;
	else if (is(word, "--cohook-help"))
		settings->request = REQUEST_HELP;
	else if (is(word, "--cohook-version"))
		settings->request = REQUEST_VERSION;
	else if (is(word, "--cohook-backend"))
		settings->request = REQUEST_BACKEND;
	else if (strncmp(word, threads, sizeof threads - 1) != 0)
		diag_fatal("unknown option '%s'; see --cohook-help", word);
	else if (!threads_of(word + sizeof threads - 1, &settings->threads))
		diag_fatal("'%s': it may be fiber or os", word);
}

void settings_help(void)
{
	puts("Usage: cohook-cc [compiler options] file...\n"
	     "\n"
	     "Compiles and links as the compiler behind it does, with blocking calls of "
	     "C\n"
	     "sources replaced by calls that wait cooperatively. Everything that is not "
	     "listed\n"
	     "here goes to the compiler. cohook-c++ is the same in front of a C++ "
	     "compiler,\n"
	     "which links C and C++; C++ sources are compiled as they are.\n"
	     "\n"
	     "  --cohook-threads=fiber  pthread_create makes a fiber\n"
	     "  --cohook-threads=os     pthread_create makes a thread (the default)\n"
	     "  --cohook-explain        say on standard error what was done with every "
	     "call\n"
	     "  --cohook-emit           print the rewritten source and compile nothing\n"
	     "  --cohook-off            be the plain compiler\n"
	     "  --cohook-strict         what cannot be rewritten is an error, not a "
	     "warning\n"
	     "  --cohook-launch COMPILER  the compiler behind, for build systems that "
	     "put "
	     "a\n"
	     "                          launcher in front of theirs\n"
	     "  --cohook-backend        say what is known of the compiler behind\n"
	     "  --cohook-help           print this\n"
	     "  --cohook-version        print the version\n"
	     "\n"
	     "Environment (an option overrides the variable of the same meaning):\n"
	     "  COHOOK_CC       the compiler behind, which may have arguments or a "
	     "launcher:\n"
	     "                  \"clang\", \"ccache gcc -m64\"\n"
	     "  COHOOK_CXX      the same for cohook-c++\n"
	     "  COHOOK_LIBCLANG the libclang to load, version 19 or later\n"
	     "  COHOOK_THREADS  fiber or os\n"
	     "  COHOOK_OFF      1: be the plain compiler\n"
	     "  COHOOK_STRICT   1: what cannot be rewritten is an error");
}
