/* settings.c - owns the wrapper's own options and environment variables.
 *
 * An option overrides the variable of the same meaning. None of them ever reaches the
 * compiler. Called by cc_main before and by cmdline during the walk over the command
 * line. */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cachedir.h"
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

static bool tls_of(const char *value, enum tls_mode *mode)
{
	static const char *const values[] = {"warn", "strict", "shared"};

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (!is(value, values[i]))
			continue;
		*mode = (enum tls_mode)i;
		return true;
	}
	return false;
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

const char *settings_compiler_variable(const struct settings *settings)
{
	if (settings->launched)
		return "--cohook-launch";
	return settings->called.cxx ? "COHOOK_CXX" : "COHOOK_CC";
}

void settings_from_environment(struct settings *settings, const char *name)
{
	calledas_read(&settings->called, name);
	const char *threads = getenv("COHOOK_THREADS");
	const char *compiler = getenv(settings_compiler_variable(settings));

	settings->off = flag_variable("COHOOK_OFF");
	settings->strict = flag_variable("COHOOK_STRICT");
	settings->threads_given = threads && *threads;
	if (settings->threads_given && !threads_of(threads, &settings->threads))
		diag_fatal("COHOOK_THREADS is \"%s\"; it may be fiber or os", threads);
	const char *tls = getenv("COHOOK_TLS");
	if (tls && *tls && !tls_of(tls, &settings->tls))
		diag_fatal("COHOOK_TLS is \"%s\"; it may be warn, strict or shared", tls);
	const char *config = getenv("COHOOK_CONFIG");
	if (config && *config)
		settings->config = config;
	const char *audit = getenv("COHOOK_AUDIT");
	if (audit && *audit && *audit != '/')
		diag_fatal("COHOOK_AUDIT is \"%s\"; it must be an absolute path", audit);
	if (audit && *audit)
		settings->audit = audit;
	const char *cache = getenv("COHOOK_CACHE");
	if (cache && *cache && !cachedir_choose(cache))
		diag_fatal("COHOOK_CACHE is \"%s\"; it may be off or an absolute path",
			cache);
	if (compiler && compiler[strspn(compiler, " \t\n")])
		settings->compiler = compiler;
}

void settings_option(struct settings *settings, const char *word)
{
	static const char threads[] = "--cohook-threads=", config[] = "--cohook-config=",
			  cache[] = "--cohook-cache=", tls[] = "--cohook-tls=";
	const size_t threads_length = sizeof threads - 1,
		     config_length = sizeof config - 1, cache_length = sizeof cache - 1,
		     tls_length = sizeof tls - 1;

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
	else if (strncmp(word, config, config_length) == 0 && word[config_length])
		settings->config = word + config_length;
	else if (strncmp(word, cache, cache_length) == 0) {
		if (!cachedir_choose(word + cache_length))
			diag_fatal("'%s': it may be off or an absolute path", word);
	} else if (strncmp(word, tls, tls_length) == 0) {
		if (!tls_of(word + tls_length, &settings->tls))
			diag_fatal("'%s': it may be warn, strict or shared", word);
	} else if (strncmp(word, threads, threads_length) != 0)
		diag_fatal("unknown option '%s'; see --cohook-help", word);
	else if (!threads_of(word + threads_length, &settings->threads))
		diag_fatal("'%s': it may be fiber or os", word);
	else
		settings->threads_given = true;
}

void settings_help(void)
{
	puts("Usage: cohook-cc [compiler options] file...\n"
	     "\n"
	     "Compiles and links as the compiler behind it does, with blocking calls of "
	     "C and\n"
	     "C++ sources replaced by calls that wait cooperatively. Everything that is "
	     "not\n"
	     "listed here goes to the compiler. cohook-c++ is the same in front of a "
	     "C++\n"
	     "compiler.\n"
	     "\n"
	     "  --cohook-threads=fiber  pthread_create makes a fiber\n"
	     "  --cohook-threads=os     pthread_create makes a thread (the default)\n"
	     "  --cohook-tls=warn       with fibers: thread-local variables are each "
	     "fiber's own,\n"
	     "                          with a warning for those that cannot be (the "
	     "default)\n"
	     "  --cohook-tls=strict     for those, an error\n"
	     "  --cohook-tls=shared     all are the OS thread's\n"
	     "  --cohook-config=FILE    the configuration; off: none (default: the\n"
	     "                          nearest .cohook from the source's folder "
	     "upwards)\n"
	     "  --cohook-cache=FOLDER   where results are kept; off: nowhere (default: "
	     "cohook in\n"
	     "                          $XDG_CACHE_HOME or ~/.cache)\n"
	     "  --cohook-explain        say on standard error what was done with every "
	     "call\n"
	     "  --cohook-emit           print the rewritten source and compile nothing\n"
	     "  --cohook-off            be the plain compiler\n"
	     "  --cohook-strict         what cannot be rewritten is an error, not a "
	     "warning\n"
	     "  --cohook-launch COMPILER  the compiler behind, where a launcher is put\n"
	     "                          in front of it\n"
	     "  --cohook-backend        say what is known of the compiler behind\n"
	     "  --cohook-help           print this\n"
	     "  --cohook-version        print the version\n"
	     "\n"
	     "Called as cohook-gcc, cohook-clang and the like it has that compiler of "
	     "PATH\n"
	     "behind it. In lib/cohook/masquerade it has the names of compilers; for a "
	     "build\n"
	     "that ignores CC: PATH=.../lib/cohook/masquerade:$PATH make\n"
	     "\n"
	     "Environment (an option overrides the variable of the same meaning):\n"
	     "  COHOOK_CC       the compiler behind, which may have arguments or a "
	     "launcher:\n"
	     "                  \"clang\", \"ccache gcc -m64\"\n"
	     "  COHOOK_CXX      the same for cohook-c++\n"
	     "  COHOOK_AUDIT    a folder: what cohook audit finds in each unit is left "
	     "there\n"
	     "  COHOOK_CACHE    off, or the folder in which results are kept\n"
	     "  COHOOK_CONFIG   the configuration file, or off\n"
	     "  COHOOK_LIBCLANG the libclang to load, version 19 or later\n"
	     "  COHOOK_THREADS  fiber or os\n"
	     "  COHOOK_TLS      warn, strict or shared\n"
	     "  COHOOK_OFF      1: be the plain compiler\n"
	     "  COHOOK_STRICT   1: what cannot be rewritten is an error");
}
