/* doctor.c - owns `cohook doctor`: is all there that the wrapper and the runtime need, and
 * if not, what mends it.
 *
 * Each look asks the part itself, not a list of packages. What is needed and missing is
 * "bad" and gives status 1; what only costs speed or a feature is a "note". Called by
 * cohook_main. */
#include "doctor.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "backend.h"
#include "cachedir.h"
#include "config.h"
#include "configfile.h"
#include "facts.h"
#include "layout.h"
#include "pool.h"
#include "rewrite.h"
#include "settings.h"
#include "settingsopt.h"
#include "tempfile.h"
#include "unit.h"

struct doctor {
	struct settings settings;
	const char *file; /* for which the configuration is looked for */
	bool bad;
};

static void good(const char *what, const char *how)
{
	printf("good  %s: %s\n", what, how);
}

static void note(const char *what, const char *how)
{
	printf("note  %s: %s\n", what, how);
}

static void bad(struct doctor *doctor, const char *what, const char *how)
{
	printf("bad   %s: %s\n", what, how);
	doctor->bad = true;
}

static void look_at_libclang(struct doctor *doctor)
{
	struct pool *pool = pool_new();
	const char *trouble = unit_prepare(pool);

	if (trouble)
		bad(doctor, "libclang", trouble);
	else
		good("libclang", arena_printf("loaded, with the builtin headers of %s",
					 unit_resources()));
	pool_free(pool);
}

static const char *kind_name(enum compiler_kind kind)
{
	static const char *const names[] = {"neither gcc nor clang", "gcc", "clang"};

	return names[kind];
}

static void look_at_backend(struct doctor *doctor, const char *name, bool needed)
{
	const char *what = arena_printf("compiler behind %s", name);
	struct settings settings = {0};
	struct backend backend;
	struct cmdline line = {0};
	struct facts facts = {0};

	settings_from_environment(&settings, name);
	const char *trouble = backend_find(&settings, &backend);
	if (trouble) {
		if (needed)
			bad(doctor, what, trouble);
		else
			note(what, trouble);
		return;
	}
	bool cxx = settings.called.cxx;
	facts_learn(&facts, &backend, &line, cxx ? INPUT_CXX : INPUT_C);
	if (facts.kind == COMPILER_OTHER)
		bad(doctor, what,
			arena_printf("%s is neither gcc nor clang: units are compiled as "
				     "they are; set %s to one of these",
				backend.program, settings_compiler_variable(&settings)));
	else
		good(what, arena_printf("%s, which is %s for %s", backend.program,
				   kind_name(facts.kind), facts.target));
}

static void look_at_library(
	struct doctor *doctor, const char *name, const char *without, bool needed)
{
	const char *path = layout_library(name);

	if (path)
		good(name, path);
	else if (needed)
		bad(doctor, name,
			arena_printf(
				"it does not lie in lib/cohook beside %s: %s; install "
				"cohook anew",
				layout_self(), without));
	else
		note(name, arena_printf("it does not lie in lib/cohook: %s", without));
}

static void look_at_files(struct doctor *doctor)
{
	look_at_library(doctor, "libcohook.a", "nothing can be rewritten", true);
	look_at_library(
		doctor, "libcohook-swap.so", "gcc cannot be given new text", true);
	look_at_library(doctor, "libcohook-shared.a",
		"shared libraries cannot be built with cohook", true);
	look_at_library(doctor, "backend.facts",
		"each compiler is asked about itself once", false);
	look_at_library(doctor, "masquerade/cc",
		"builds that ignore CC cannot be led to the wrapper", false);
	const char *wrapper = layout_program("cohook-cc");
	if (wrapper)
		good("cohook-cc", wrapper);
	else
		bad(doctor, "cohook-cc",
			"it does not lie beside cohook; install cohook anew");
	const char *list = layout_shared("blocking.list");
	if (list)
		good("blocking.list", list);
	else
		note("blocking.list", "it does not lie in share/cohook: the audit knows "
				      "no functions of "
				      "other libraries");
}

/* The nearest folder above PATH that is there. */
static const char *existing_folder(const char *path)
{
	char *folder = arena_string(path), *slash;

	while (access(folder, F_OK) < 0 && (slash = strrchr(folder, '/')) &&
		slash > folder)
		*slash = 0;
	return folder;
}

static void look_at_cache(void)
{
	const char *folder = cachedir();

	if (!folder)
		note("cache", "off: every source is parsed anew (COHOOK_CACHE)");
	else if (access(existing_folder(folder), W_OK) < 0)
		note("cache", arena_printf("%s is not writable: every source is parsed "
					   "anew; set COHOOK_CACHE to another folder",
				      folder));
	else
		good("cache", folder);
}

/* Kernel features: what the call answers tells whether there is one. */

static bool knows_epoll_pwait2(void)
{
	return syscall(SYS_epoll_pwait2, -1, NULL, 0, NULL, NULL, 0) == 0 ||
	       errno != ENOSYS;
}

static bool knows_nowait(void)
{
	char byte;
	struct iovec vector = {&byte, 1};
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	bool known = fd >= 0 && (preadv2(fd, &vector, 1, 0, RWF_NOWAIT) >= 0 ||
					(errno != ENOSYS && errno != EOPNOTSUPP));

	if (fd >= 0)
		close(fd);
	return known;
}

static bool knows_pidfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool knows_close_range(void)
{
	return syscall(SYS_close_range, ~0U, ~0U, 0) == 0 || errno != ENOSYS;
}

static void look_at_kernel(void)
{
	static const struct {
		const char *name;
		bool (*known)(void);
		const char *without;
	} features[] = {
		{"epoll_pwait2", knows_epoll_pwait2,
			"deadlines are kept to the millisecond (Linux 5.11 has it)"},
		{"preadv2 with RWF_NOWAIT", knows_nowait,
			"reads of files on disk go to the pool each time (Linux 4.14 has "
			"it, on most file systems)"},
		{"pidfd_open", knows_pidfd,
			"waiting for one child takes a thread (Linux 5.3 has it)"},
		{"close_range", knows_close_range,
			"closing ranges of descriptors is slower (Linux 5.9 has it)"},
	};

	for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
		const char *what = arena_printf("kernel: %s", features[i].name);
		if (features[i].known())
			good(what, "used");
		else
			note(what, arena_printf("missing: %s", features[i].without));
	}
}

static void look_at_configuration(const struct doctor *doctor)
{
	const char *file = doctor->file ? doctor->file : "source.c";
	struct rewrite_request request = {
		.source = file, .threads = doctor->settings.threads};
	const char *mode;

	configfile_apply(&request, &doctor->settings);
	good("configuration", request.config ? request.config->path
			      : doctor->settings.config
				      ? "off"
				      : "none: no .cohook here or above");
	mode = request.threads == THREADS_FIBER ? "fibers" : "OS threads";
	good("pthread_create",
		arena_printf("makes %s for %s", mode,
			doctor->file ? doctor->file : "sources in this folder"));
	if (request.excluded)
		note(file, request.excluded);
}

static void look_at_variables(void)
{
	static const char *const names[] = {"COHOOK_CC", "COHOOK_CXX", "COHOOK_THREADS",
		"COHOOK_CONFIG", "COHOOK_CACHE", "COHOOK_OFF", "COHOOK_STRICT",
		"COHOOK_LIBCLANG", "COHOOK_AUDIT", "COHOOK_FOREIGN", "COHOOK_WORKERS"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (getenv(names[i]))
			note("environment",
				arena_printf("%s=%s", names[i], getenv(names[i])));
}

static error_t take_option(int key, char *value, struct argp_state *state)
{
	struct doctor *doctor = state->input;

	if (key != ARGP_KEY_ARG)
		return settingsopt_take(key, value, state, &doctor->settings);
	if (doctor->file)
		argp_error(state, "it takes one file, not also %s", value);
	doctor->file = value;
	return 0;
}

int doctor_run(int argc, char **argv)
{
	static char name[] = "cohook doctor";
	static const struct argp_option options[] = {
		{"threads", SETTINGSOPT_THREADS, "MODE", 0,
			"fiber or os, as with cohook-cc --cohook-threads", 0},
		{"config", SETTINGSOPT_CONFIG, "FILE", 0, "the configuration; off: none",
			0},
		{0},
	};
	static const struct argp argp = {options, take_option, "[FILE]",
		"Looks at the installation, the compilers, the kernel, and the "
		"configuration that counts for FILE, or here."
		"\vExit status: 0, 1 if something that is needed is missing, 2 for wrong "
		"use.",
		NULL, NULL, NULL};
	struct doctor doctor = {0};

	settings_from_environment(&doctor.settings, "cohook");
	argv[0] = name;
	argp_parse(&argp, argc, argv, 0, NULL, &doctor);
	look_at_libclang(&doctor);
	look_at_backend(&doctor, "cohook-cc", true);
	look_at_backend(&doctor, "cohook-c++", false);
	look_at_files(&doctor);
	look_at_cache();
	look_at_kernel();
	look_at_configuration(&doctor);
	look_at_variables();
	return doctor.bad;
}
