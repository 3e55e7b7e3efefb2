/* examine.c - takes a compilation through the wrapper's own steps up to the plan, and then
 * to the rules.
 *
 * Called in a process for each compilation: a crash of libclang loses no other. */
#include "audit/examine.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abspath.h"
#include "arena.h"
#include "audit/document.h"
#include "audit/judge.h"
#include "cmdline.h"
#include "job.h"
#include "pool.h"
#include "sources.h"

/* Where the compiler puts PATH's stack usage: beside the object. */
static const char *stack_usage(
	struct pool *pool, const struct cmdline *line, const char *source)
{
	const char *path = line->output;

	if (!path || line->stage != STAGE_COMPILE) {
		const char *slash = strrchr(source, '/');
		path = slash ? slash + 1 : source;
	}
	const char *dot = strrchr(path, '.');
	const char *slash = strrchr(path, '/');
	size_t length =
		dot && (!slash || dot > slash) ? (size_t)(dot - path) : strlen(path);
	return abspath(pool, pool_printf(pool, "%.*s.su", (int)length, path));
}

static void add_source(struct document *document, const struct job *job,
	const struct source *source, const char *directory)
{
	struct audited *unit = document_add_unit(document);
	const char *name = sources_name(source);

	unit->file = abspath(document->pool, name);
	unit->directory = directory;
	unit->stack_usage = stack_usage(document->pool, &job->line, name);
	unit->trouble = source->trouble;
	if (!source->looked_at && !unit->trouble)
		unit->trouble =
			access(name, R_OK) < 0 ? strerror(errno) : "it is not to be read";
	if (!unit->trouble && source->result.survey)
		unit->trouble = judge_unit(document, &source->result);
}

static void add_trouble(struct document *document, const struct command *command,
	const char *directory, const char *trouble)
{
	struct audited *unit = document_add_unit(document);

	unit->file = command->file ? abspath(document->pool, command->file) : "";
	unit->directory = directory;
	unit->trouble = trouble;
}

void examine_command(
	FILE *out, const struct command *command, const struct settings *asked)
{
	char *directory = getcwd(NULL, 0);
	struct document document;
	struct sources sources = {0};
	struct job job = {.backend = command->backend};

	document_init(&document);
	document.root = directory;
	job.settings.threads = asked->threads;
	job.settings.threads_given = asked->threads_given;
	job.settings.config = asked->config;
	job.settings.audits = true;
	if (command->trouble) {
		add_trouble(&document, command, directory, command->trouble);
	} else {
		struct argvec words = command->words;
		cmdline_parse(&job.line, &job.backend.words, argvec_argv(&words),
			&job.settings);
		job.settings.audits = true;
		sources_read(&sources, &job);
		for (size_t i = 0; i < sources.count; i++)
			add_source(&document, &job, &sources.list[i], directory);
		if (!sources.count)
			add_trouble(&document, command, directory,
				"the command compiles no C or C++ source");
	}
	document_write(out, &document);
	sources_free(&sources);
	document_fini(&document);
	free(directory);
}
