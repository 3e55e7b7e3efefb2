/* compile.c - owns the course of a command with sources.
 *
 * Nothing to rewrite: the process becomes the compiler. Otherwise one attempt at the
 * rewritten text, and if that fails the compiler on the original, whose result and
 * messages stand; what went wrong with ours is only worth a word when the original is
 * good. Called by cc_main. */
#include "compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "attempt.h"
#include "diag.h"
#include "explain.h"
#include "layout.h"
#include "link.h"
#include "mention.h"
#include "runtime.h"
#include "slurp.h"
#include "sources.h"

/* Why the command as a whole cannot be rewritten, NULL if it can. */
static const char *obstacle(struct job *job, const struct facts *facts)
{
	if (job->line.hard)
		return arena_printf("%s is in the way", job->line.hard);
	if (facts->kind == COMPILER_OTHER)
		return arena_printf(
			"'%s' is neither gcc nor clang", job->backend.words.items[0]);
	if (facts->kind == COMPILER_CLANG && job->line.records)
		return arena_printf("%s would record how it was done", job->line.records);
	if (job->line.database && job->line.stage == STAGE_LINK)
		return "-MJ and a link in one command are in the way";
	job->abi = facts->abi;
	return runtime_file(job, "libcohook.a") ? NULL : runtime_missing(facts->abi);
}

/* Whether SOURCE is one that should be rewritten. Under an option that hides something
 * from libclang, a parse that finds nothing means nothing. */
static bool is_concerned(const struct job *job, const struct source *source)
{
	if (!source->looked_at)
		return false;
	if (sources_changed(source) || source->trouble)
		return true;
	return job->line.hard && mention_any(source->input->path, source->config);
}

/* Puts the sources that should be rewritten in trouble if the command as a whole is. A
 * source that could not be parsed under such flags is in no more trouble than that. */
static void apply_obstacle(struct sources *sources, struct job *job)
{
	for (size_t i = 0; i < sources->count; i++) {
		struct source *source = &sources->list[i];
		if (!is_concerned(job, source))
			continue;
		const char *why = obstacle(job, sources_facts(sources));
		if (why)
			source->trouble = why;
	}
}

static bool any_changed(const struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++)
		if (sources_changed(&sources->list[i]))
			return true;
	return false;
}

static bool any_trouble(const struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++)
		if (sources->list[i].trouble)
			return true;
	return false;
}

/* Variables that stay the OS thread's are of interest unless the compiler failed. */
static bool any_shared(const struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++)
		if (sources->list[i].looked_at && sources->list[i].result.nshared)
			return true;
	return false;
}

/* Names the variables that stay the OS thread's; whether that is an error. */
static bool report_shared(const struct job *job, const struct source *source)
{
	const bool strict = job->settings.strict || job->settings.tls == TLS_STRICT;

	for (size_t i = 0; source->looked_at && i < source->result.nshared; i++) {
		const struct shared_variable *shared = &source->result.shared[i];
		const char *place = arena_printf("%s:%u", shared->file, shared->line);
		if (strict)
			diag_error(place, "'%s' cannot be each fiber's own: %s",
				shared->name, shared->why);
		else
			diag_warning(place,
				"'%s' stays shared by the fibers of a thread: %s",
				shared->name, shared->why);
	}
	return strict && source->looked_at && source->result.nshared;
}

/* What make would take for the result must not stay. */
static void remove_outputs(const struct job *job)
{
	const struct cmdline *line = &job->line;

	for (size_t i = 0; i < line->ninputs; i++) {
		const struct input *input = &line->inputs[i];
		const char *path = line->output;
		if (!path &&
			(input->kind == INPUT_OBJECT || input->kind == INPUT_LIBRARY))
			continue;
		if (!path)
			path = cmdline_default_output(line, input);
		struct stat st;
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			unlink(path);
	}
}

/* Whether it is an error that SOURCE is compiled as it is. */
static bool must_change(const struct job *job, const struct source *source)
{
	return job->settings.strict ||
	       (job->settings.tls == TLS_STRICT && source->looked_at &&
		       source->result.locals);
}

/* The exit status for a command that went well but for the sources in trouble. */
static int report(const struct job *job, const struct sources *sources)
{
	bool failed = false;

	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->list[i];
		bool strict = must_change(job, source);
		if (source->trouble && strict)
			diag_error(sources_name(source), "%s", source->trouble);
		else if (source->trouble)
			diag_warning(sources_name(source), "compiled as it is: %s",
				source->trouble);
		failed |= report_shared(job, source) || (strict && source->trouble);
	}
	if (!failed)
		return 0;
	remove_outputs(job);
	return 1;
}

/* The compiler on the original text, in our place if there is nothing left to say. */
static int run_plain(struct job *job, const struct sources *sources)
{
	struct exec_command command;

	if (!any_trouble(sources) && !any_shared(sources) && !link_wants_runtime(job)) {
		job_command(job, &job->line.given, &command);
		exec_replace(&command);
	}
	int status = link_run(job);
	return status ? status : report(job, sources);
}

/* Whether it may be the C++ library's headers that did not compile, and each source can be
 * read once more. Where the first message points says little: macros. */
static bool may_be_librarys_fault(const struct sources *sources)
{
	bool changed = false;

	for (size_t i = 0; i < sources->count; i++) {
		changed |= sources_changed(&sources->list[i]) &&
			   sources->list[i].result.library;
		if (sources->list[i].from_stdin)
			return false;
	}
	return changed;
}

/* Whether it may be the uses of thread-local variables that did not compile: in a pragma,
 * say. */
static bool may_be_locals_fault(const struct job *job, const struct sources *sources)
{
	bool changed = false;

	for (size_t i = 0; i < sources->count; i++) {
		changed |= sources_changed(&sources->list[i]) &&
			   sources->list[i].result.locals;
		if (sources->list[i].from_stdin)
			return false;
	}
	return changed && !job->settings.strict && job->settings.tls != TLS_STRICT;
}

/* Another attempt, after a change of what is asked for. TROUBLE is why, and the result if
 * there is nothing left to change. */
static bool attempt_again(struct job *job, struct sources *sources, const char *trouble)
{
	const char *why;

	sources_free(sources);
	sources_read(sources, job);
	apply_obstacle(sources, job);
	if (!any_changed(sources)) {
		sources->list[0].trouble = trouble;
		return false;
	}
	return attempt_run(job, sources, &why);
}

/* In which the C++ library's headers stay what they are. */
static bool attempt_without_library(
	struct job *job, struct sources *sources, const char *trouble)
{
	job->keep_library = true;
	if (!attempt_again(job, sources, trouble))
		return false;
	diag_warning(sources_name(sources->list), "the C++ library stays as it is: %s",
		trouble);
	return true;
}

/* In which thread-local variables stay the OS thread's. */
static bool attempt_without_locals(
	struct job *job, struct sources *sources, const char *trouble)
{
	job->settings.tls = TLS_SHARED;
	if (!attempt_again(job, sources, trouble))
		return false;
	diag_warning(sources_name(sources->list),
		"its thread-local variables stay shared by the fibers of a thread: %s",
		trouble);
	return true;
}

static int run_attempt(struct job *job, struct sources *sources)
{
	const char *why;

	if (attempt_run(job, sources, &why) ||
		(may_be_librarys_fault(sources) &&
			attempt_without_library(job, sources, why)) ||
		(may_be_locals_fault(job, sources) &&
			attempt_without_locals(job, sources, why)))
		return report(job, sources);
	for (size_t i = 0; i < sources->count; i++)
		if (sources_changed(&sources->list[i]))
			sources->list[i].trouble = why;
	return run_plain(job, sources);
}

int compile_run(struct job *job)
{
	struct sources sources;

	sources_read(&sources, job);
	if (job->settings.explain)
		explain_sources(&sources);
	apply_obstacle(&sources, job);
	int status = any_changed(&sources) ? run_attempt(job, &sources)
					   : run_plain(job, &sources);
	sources_free(&sources);
	return status;
}

static int emit_original(const struct source *source)
{
	char *text;
	size_t length;

	if (source->from_stdin)
		return fwrite(source->text, 1, source->length, stdout) == source->length
			       ? 0
			       : -1;
	int err = slurp_path(source->input->path, &text, &length);
	if (err) {
		diag_error(source->input->path, "%s", strerror(-err));
		return err;
	}
	fwrite(text, 1, length, stdout);
	free(text);
	return 0;
}

static int emit_one(const struct source *source)
{
	const struct rewritten_file *own = sources_own_text(source);

	if (source->trouble) {
		diag_error(sources_name(source), "%s", source->trouble);
		return -1;
	}
	if (!own)
		return emit_original(source);
	fwrite(own->text, 1, own->length, stdout);
	return 0;
}

int compile_emit(struct job *job)
{
	struct sources sources;
	int status = 0;

	sources_read(&sources, job);
	if (!sources.count) {
		diag_error(NULL, "there is no source to print");
		return 1;
	}
	if (job->settings.explain)
		explain_sources(&sources);
	for (size_t i = 0; i < sources.count; i++)
		if (emit_one(&sources.list[i]) < 0)
			status = 1;
	sources_free(&sources);
	if (fflush(stdout) || ferror(stdout))
		status = 1;
	return status;
}
