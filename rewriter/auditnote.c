/* auditnote.c - owns the wrapper's part in an audit: it has `cohook` look at the command.
 *
 * The name of a note is made of the folder and the words of the command, so that a unit
 * that is built again has its note replaced; cohook puts it there in one piece. What a
 * build system compiles to try its compiler is nobody's program. Called by cc_main. */
#include "auditnote.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "job.h"
#include "layout.h"
#include "sha256.h"

/* Folders and sources that build systems make to try their compiler. */
static bool is_probe(const char *path)
{
	static const char *const marks[] = {
		"CMakeTmp/", "CMakeScratch/", "CompilerId", "meson-private/"};
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strstr(path, marks[i]))
			return true;
	return !strncmp(base, "conftest.", 9) || !strcmp(path, "-") ||
	       !strcmp(path, "/dev/null");
}

static bool is_worth_it(const struct cmdline *line, const char *folder)
{
	for (size_t i = 0; i < line->ninputs; i++)
		if (line->inputs[i].kind != INPUT_OBJECT &&
			line->inputs[i].kind != INPUT_LIBRARY &&
			is_probe(line->inputs[i].path))
			return false;
	return !is_probe(arena_printf("%s/", folder));
}

static const char *name_of(const char *folder, const struct argvec *words)
{
	unsigned char digest[SHA256_SIZE];
	size_t length = strlen(folder) + 1;

	for (size_t i = 0; i < words->count; i++)
		length += strlen(words->items[i]) + 1;
	char *text = arena_alloc(length), *to = stpcpy(text, folder) + 1;
	for (size_t i = 0; i < words->count; i++)
		to = stpcpy(to, words->items[i]) + 1;
	sha256(text, length, digest);
	const char *name = "";
	for (size_t i = 0; i < 16; i++)
		name = arena_printf("%s%02x", name, digest[i]);
	return name;
}

static const char *threads_of(const struct settings *settings)
{
	if (!settings->threads_given)
		return "";
	return settings->threads == THREADS_FIBER ? "fiber" : "os";
}

void auditnote_leave(const struct job *job)
{
	const char *program = layout_program("cohook"), *folder = job->settings.audit;
	char *here = getcwd(NULL, 0);
	struct exec_command command = {.program = program};
	struct exec_outcome outcome;

	if (!here || !is_worth_it(&job->line, here))
		return;
	if (!program || (mkdir(folder, 0777) < 0 && errno != EEXIST)) {
		diag_warning(NULL, "COHOOK_AUDIT: %s",
			program ? strerror(errno)
				: "there is no cohook beside cohook-cc");
		return;
	}
	argvec_push(&command.words, "cohook");
	argvec_push(&command.words, "audit-unit");
	argvec_push(&command.words,
		arena_printf("%s/%s.json", folder, name_of(here, &job->line.given)));
	argvec_push(&command.words, threads_of(&job->settings));
	argvec_push(&command.words, job->settings.config ? job->settings.config : "");
	argvec_push(&command.words, job->backend.program);
	argvec_push(&command.words, arena_printf("%zu", job->backend.words.count));
	argvec_append(&command.words, &job->backend.words);
	argvec_append(&command.words, &job->line.given);
	int err = exec_run(&command, &outcome);
	if (err || outcome.status)
		diag_warning(NULL, "COHOOK_AUDIT: %s",
			err ? strerror(-err) : "a unit could not be audited");
}
