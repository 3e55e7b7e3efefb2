/* messages.c - owns the one way in which rewriting could show: warnings about a line that
 * was edited.
 *
 * Lines keep their numbers, but on an edited line columns move and the names of mirrors
 * are quoted. When a message may be about such a line, or the text renumbers its lines,
 * the compiler runs again on the original text, into a directory of ours, and its
 * messages are the ones that count, unless the text has our pragma. Called by attempt and
 * split on success. */
#include "messages.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "attempt.h"
#include "link.h"
#include "slurp.h"
#include "tempfile.h"

/* As the formats of messages have it: text, json, msvc, vi. */
static bool names_line(const char *messages, unsigned line)
{
	static const char *const forms[] = {":%u:", "\"line\": %u,", "(%u,", "+%u:"};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		char form[32];
		snprintf(form, sizeof form, forms[i], line);
		if (strstr(messages, form))
			return true;
	}
	return false;
}

static bool is_changed_line(const struct source *source, const char *messages)
{
	for (size_t i = 0; i < source->result.nsites; i++) {
		const struct site *site = &source->result.sites[i];
		if (site->verdict == VERDICT_REWRITTEN &&
			names_line(messages, site->line))
			return true;
	}
	return false;
}

/* The length of a '#' at AT, however it is spelled, or 0. */
static size_t hash_at(const char *at)
{
	static const char *const spellings[] = {"#", "%:", "?\?="};

	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		if (strncmp(at, spellings[i], strlen(spellings[i])) == 0)
			return strlen(spellings[i]);
	return 0;
}

/* Whether the text at AT, the start of a line, gives the next line another number. */
static bool is_renumbering(const char *at)
{
	static const char blanks[] = " \t\f\v";

	at += strspn(at, blanks);
	size_t hash = hash_at(at);
	if (!hash)
		return false;
	at += hash + strspn(at + hash, blanks);
	return isdigit((unsigned char)*at) || strncmp(at, "line", 4) == 0;
}

static bool renumbers(const char *path)
{
	char *text;
	size_t length;

	if (slurp_path(path, &text, &length) < 0)
		return false;
	bool found = is_renumbering(text);
	for (char *at = strchr(text, '\n'); at && !found; at = strchr(at + 1, '\n'))
		found = is_renumbering(at + 1);
	free(text);
	return found;
}

/* Then the numbers in messages are not those of the sites. */
static bool is_renumbered(const struct source *source)
{
	if (source->from_stdin)
		return true;
	for (size_t i = 0; i < source->result.nfiles; i++)
		if (renumbers(source->result.files[i].path))
			return true;
	return false;
}

static bool may_differ(const struct sources *sources, const char *messages)
{
	if (!*messages)
		return false;
	if (strstr(messages, "co_"))
		return true;
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->list[i];
		if (sources_changed(source) &&
			(is_changed_line(source, messages) || is_renumbered(source)))
			return true;
	}
	return false;
}

/* Our pragma is one that the compiler warns about. It is not in the rewritten text. */
static bool has_pragma(const char *path)
{
	char *text;
	size_t length;

	if (slurp_path(path, &text, &length) < 0)
		return false;
	bool found = false;
	for (const char *at = text; at && !found; at = strstr(at + 1, "pragma"))
		found = strncmp(at, "pragma", 6) == 0 &&
			strncmp(at + 6 + strspn(at + 6, " \t"), "cohook", 6) == 0;
	free(text);
	return found;
}

static bool any_pragma(const struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->list[i];
		if (!sources_changed(source))
			continue;
		if (source->from_stdin)
			return true;
		for (size_t j = 0; j < source->result.nfiles; j++)
			if (has_pragma(source->result.files[j].path))
				return true;
	}
	return false;
}

/* The arguments for the source ONLY, or for all if it is NULL, less the files that they
 * would write. */
static void push_kept(
	const struct job *job, const struct input *only, struct argvec *arguments)
{
	const struct cmdline *line = &job->line;

	for (size_t i = 0; i < line->words.count; i++) {
		enum role role = line->roles[i];
		if (role == ROLE_OUTPUT || role == ROLE_SIDE || role == ROLE_DATABASE)
			continue;
		if (role == ROLE_INPUT && only && i != only->word)
			continue;
		argvec_push(arguments, line->words.items[i]);
	}
}

static void build_environment(struct argvec *environment)
{
	attempt_environment(environment);
	argvec_unset_variable(environment, "DEPENDENCIES_OUTPUT");
	argvec_unset_variable(environment, "SUNPRO_DEPENDENCIES");
}

/* Runs the compiler on original text; false if that did not go as it should. */
static bool ask_again(struct job *job, const struct input *only, const char *output,
	struct exec_outcome *outcome)
{
	struct argvec arguments = {0}, environment = {0};
	struct exec_command command;

	argvec_push(&arguments, "-o");
	argvec_push(&arguments, output);
	attempt_colour(job, &arguments);
	push_kept(job, only, &arguments);
	if (link_wants_runtime(job))
		link_push_runtime(job, LINK_FULL, &arguments);
	job_command(job, &arguments, &command);
	build_environment(&environment);
	command.environment = environment;
	command.capture = true;
	return exec_run(&command, outcome) == 0 && outcome->status == 0;
}

/* The output goes to a directory of ours, where other files can be beside it; where there
 * is none or no room in it, to memory. */
static bool ask_somewhere(
	struct job *job, const struct input *only, struct exec_outcome *outcome)
{
	const char *directory = tempfile_directory();

	if (directory && ask_again(job, only, arena_printf("%s/out", directory), outcome))
		return true;
	exec_forget(outcome);
	int fd = tempfile_memory("", 0, NULL);
	if (fd < 0)
		return false;
	bool good = ask_again(job, only, tempfile_path(fd), outcome);
	close(fd);
	return good;
}

static bool ask_and_show(struct job *job, const struct input *only)
{
	struct exec_outcome outcome = {0};
	bool good = ask_somewhere(job, only, &outcome);

	if (good) {
		outcome.out_length = 0;
		exec_show(&outcome);
	}
	exec_forget(&outcome);
	return good;
}

static bool is_compiled(const struct input *input)
{
	return input->kind != INPUT_OBJECT && input->kind != INPUT_LIBRARY;
}

/* Shows the messages on the original text; false if nothing was shown. With -c and
 * several sources there is no name for one output: one after the other then. */
static bool show_original(struct job *job)
{
	const struct cmdline *line = &job->line;
	bool shown = false;

	if (line->side_is_mixed)
		return false;
	if (line->stage == STAGE_LINK)
		return ask_and_show(job, NULL);
	for (size_t i = 0; i < line->ninputs; i++)
		if (is_compiled(&line->inputs[i]))
			shown |= ask_and_show(job, &line->inputs[i]);
	return shown;
}

void messages_show(struct job *job, const struct sources *sources,
	const struct exec_outcome *outcome)
{
	struct exec_outcome shown = *outcome;

	if (may_differ(sources, outcome->err) && !any_pragma(sources) &&
		show_original(job))
		shown.err_length = 0;
	exec_show(&shown);
}
