/* gather.c - owns the way from a build to its findings.
 *
 * The wrapper stands as CC and CXX and under the compilers' names in PATH, is the plain
 * compiler as far as the build can tell, and leaves a note for each unit. Notes are read
 * in the order of their names, which depend on nothing but the commands. Called by the
 * audit's command. */
#include "audit/gather.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abspath.h"
#include "arena.h"
#include "argvec.h"
#include "backend.h"
#include "exec.h"
#include "layout.h"
#include "pool.h"
#include "slurp.h"
#include "tempfile.h"

extern char **environ;

const char *gather_file(struct document *document, const char *path)
{
	char *text;
	size_t length;

	int err = slurp_path(path, &text, &length);
	if (err)
		return pool_printf(document->pool, "%s: %s", path, strerror(-err));
	const char *trouble = document_read(document, text, length);
	free(text);
	return trouble ? pool_printf(document->pool, "%s: %s", path, trouble) : NULL;
}

static int is_note(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && !strcmp(entry->d_name + length - 5, ".json") &&
	       *entry->d_name != '.';
}

const char *gather_folder(struct document *document, const char *path)
{
	struct dirent **entries;
	const char *trouble = NULL;
	int count = scandir(path, &entries, is_note, alphasort);

	if (count < 0)
		return pool_printf(document->pool, "%s: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (!trouble)
			trouble =
				gather_file(document, pool_printf(document->pool, "%s/%s",
							      path, entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return trouble;
}

/* VARIABLE is the wrapper's from now on; the compiler that the user had in it stays
 * behind the wrapper. */
static void put_wrapper(struct argvec *environment, const char *variable,
	const char *behind, const char *wrapper)
{
	const char *before = argvec_variable(environment, variable);
	bool ours = before && strstr(before, "cohook-");

	if (before && *before && !ours && !argvec_variable(environment, behind))
		argvec_set_variable(environment, behind, before);
	argvec_set_variable(environment, variable, wrapper);
}

/* The wrapper is told by variables what we were told by options. */
static void put_settings(
	struct pool *pool, struct argvec *environment, const struct settings *asked)
{
	if (asked->threads_given)
		argvec_set_variable(environment, "COHOOK_THREADS",
			asked->threads == THREADS_FIBER ? "fiber" : "os");
	if (asked->config)
		argvec_set_variable(environment, "COHOOK_CONFIG",
			strcmp(asked->config, "off") ? abspath(pool, asked->config)
						     : "off");
}

static const char *environment_for(struct argvec *environment, const char *folder)
{
	const char *c = layout_program("cohook-cc"), *cxx = layout_program("cohook-c++");
	const char *masquerade = layout_library("masquerade");

	if (!c || !cxx || !masquerade)
		return "there is no cohook-cc beside cohook";
	for (char **entry = environ; *entry; entry++)
		argvec_push(environment, *entry);
	const char *path = argvec_variable(environment, "PATH");
	put_wrapper(environment, "CC", "COHOOK_CC", c);
	put_wrapper(environment, "CXX", "COHOOK_CXX", cxx);
	argvec_set_variable(environment, "PATH",
		arena_printf("%s:%s", masquerade, path ? path : "/usr/bin:/bin"));
	argvec_set_variable(environment, "COHOOK_AUDIT", folder);
	argvec_set_variable(environment, "COHOOK_OFF", "1");
	argvec_set_variable(environment, "CCACHE_DISABLE", "1");
	return NULL;
}

/* NAME as the build's PATH has it: it may be a compiler itself. */
static const char *program_of(const char *name)
{
	const char *ours = arena_printf("%s/%s", layout_library("masquerade"), name);

	return !strchr(name, '/') && access(ours, X_OK) == 0 ? ours
							     : backend_search(name);
}

/* Under the care of exec: a signal that ends us ends the build, and takes our folder away.
 * What the build prints is no part of the report. */
static int run(char **argv, struct argvec *environment, int *status)
{
	struct exec_command command = {
		.program = program_of(*argv), .environment = *environment};
	struct exec_outcome outcome;

	if (!command.program)
		return -ENOENT;
	for (; *argv; argv++)
		argvec_push(&command.words, *argv);
	fflush(stdout);
	int report = dup(STDOUT_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	int err = exec_run(&command, &outcome);
	dup2(report, STDOUT_FILENO);
	close(report);
	*status = err ? 0 : outcome.status;
	return err;
}

const char *gather_build(
	struct document *document, char **argv, const struct settings *asked, int *status)
{
	const char *folder = tempfile_directory();
	struct argvec environment = {0};

	if (!folder)
		return strerror(errno);
	const char *trouble = environment_for(&environment, folder);
	if (trouble)
		return trouble;
	put_settings(document->pool, &environment, asked);
	int err = run(argv, &environment, status);
	if (err)
		return pool_printf(document->pool, "%s: %s", *argv, strerror(-err));
	return gather_folder(document, folder);
}
