/* attempt.c - owns one run of the compiler on rewritten text, from the list of texts to
 * the verdict.
 *
 * Everything that the compiler says is held back until the verdict is in, since what is
 * not good is thrown away: the user sees the output of one run. Called by compile;
 * split.c does the same source by source where one run cannot serve all. */
#include "attempt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "database.h"
#include "link.h"
#include "messages.h"
#include "split.h"
#include "tempfile.h"

void attempt_environment(struct argvec *environment)
{
	exec_environment(environment);
	/* What it would keep is the text that it reads itself. */
	argvec_set_variable(environment, "CCACHE_DISABLE", "1");
}

void attempt_stay_here(struct argvec *environment)
{
	argvec_set_variable(environment, "DISTCC_HOSTS", "localhost");
	argvec_set_variable(environment, "ICECC", "no");
}

void attempt_colour(const struct job *job, struct argvec *arguments)
{
	const char *terminal = getenv("TERM");

	if (!job->line.coloured && isatty(STDERR_FILENO) && terminal &&
		strcmp(terminal, "dumb") != 0)
		argvec_push(arguments, "-fdiagnostics-color=always");
}

const char *attempt_failure(const char *messages)
{
	const char *found = strstr(messages, "error: ");

	if (!found)
		return "the rewritten source does not compile";
	while (found > messages && found[-1] != '\n')
		found--;
	return arena_printf("the rewritten source does not compile: %s",
		arena_copy(found, strcspn(found, "\n")));
}

static int add_source(
	struct delivery *delivery, const struct source *source, unsigned unit)
{
	const struct rewritten_file *own = sources_own_text(source);
	struct delivered entry = {.unit = unit};
	int err = 0;

	for (size_t i = 0; i < source->result.nfiles && !err; i++) {
		const struct rewritten_file *file = &source->result.files[i];
		entry.path = file->path;
		entry.is_source = file == own;
		if (!(source->from_stdin && file == own))
			err = deliver_add(delivery, &entry, file->text, file->length);
	}
	if (err || own || source->from_stdin)
		return err;
	entry.path = source->input->path;
	entry.is_source = true;
	return deliver_add(delivery, &entry, NULL, 0);
}

static int add_sources(struct attempt *attempt)
{
	int err = 0;

	for (size_t i = 0; i < attempt->sources->count && !err; i++)
		if (sources_changed(&attempt->sources->list[i]))
			err = add_source(&attempt->delivery, &attempt->sources->list[i],
				(unsigned)i);
	return err;
}

/* The command's standard input where that is a source: its new text. */
static int stdin_text(const struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->list[i];
		const struct rewritten_file *own = sources_own_text(source);
		if (source->from_stdin && own)
			return tempfile_memory(own->text, own->length, NULL);
	}
	return 0;
}

static void push_without(
	const struct cmdline *line, enum role role, struct argvec *arguments)
{
	for (size_t i = 0; i < line->words.count; i++)
		if (line->roles[i] != role)
			argvec_push(arguments, line->words.items[i]);
}

static int push_given(
	struct attempt *attempt, enum link_form form, struct argvec *arguments)
{
	const struct cmdline *line = &attempt->job->line;

	attempt->ours = (struct argvec){0};
	argvec_append(&attempt->ours, arguments);
	if (line->stage == STAGE_LINK) {
		link_arguments(attempt->job, form, arguments);
	} else if (line->database) {
		attempt->database = database_redirect(arguments);
		push_without(line, ROLE_DATABASE, arguments);
		return attempt->database < 0 ? attempt->database : 0;
	} else {
		argvec_append(arguments, &line->given);
	}
	return 0;
}

static int hand_over(
	struct attempt *attempt, struct argvec *arguments, struct argvec *environment)
{
	if (sources_facts(attempt->sources)->kind == COMPILER_CLANG) {
		attempt_stay_here(environment);
		return deliver_to_clang(&attempt->delivery, DELIVER_ALL_UNITS, arguments);
	}
	if (!attempt->delivery.count)
		return 0;
	return deliver_to_gcc(
		&attempt->delivery, (unsigned)attempt->sources->count, environment);
}

static int run(struct attempt *attempt, enum link_form form, struct exec_outcome *outcome)
{
	struct argvec arguments = {0}, environment = {0};
	struct exec_command command;

	attempt_environment(&environment);
	int err = hand_over(attempt, &arguments, &environment);
	if (err)
		return err;
	attempt_colour(attempt->job, &arguments);
	err = push_given(attempt, form, &arguments);
	if (err)
		return err;
	job_command(attempt->job, &arguments, &command);
	command.environment = environment;
	command.capture = true;
	int input = stdin_text(attempt->sources);
	if (input < 0)
		return input;
	command.input = input;
	err = exec_run(&command, outcome);
	if (input)
		close(input);
	return err;
}

static const char *unread(const struct attempt *attempt)
{
	const char *file;

	if (!attempt->delivery.count)
		return NULL;
	file = sources_facts(attempt->sources)->kind == COMPILER_CLANG
		       ? deliver_unread_by_clang(&attempt->delivery)
		       : deliver_unread_by_gcc(&attempt->delivery);
	if (!file)
		return NULL;
	return arena_printf(
		"the compiler could not be made to read the rewritten %s", file);
}

static const char *verdict(
	const struct attempt *attempt, const struct exec_outcome *outcome)
{
	return outcome->status ? attempt_failure(outcome->err) : unread(attempt);
}

/* Once more for every round of names that clang turns out to use. */
static int run_with_names(
	struct attempt *attempt, enum link_form form, struct exec_outcome *outcome)
{
	int err = run(attempt, form, outcome);

	for (int round = 0; !err && round < MOST_ROUNDS; round++) {
		if (!deliver_learn_names(&attempt->delivery))
			break;
		exec_forget(outcome);
		err = run(attempt, form, outcome);
	}
	return err;
}

static bool run_whole(struct attempt *attempt, const char **why)
{
	struct exec_outcome outcome;
	int err = run_with_names(attempt, LINK_FULL, &outcome);

	enum link_form form = err || attempt->job->line.stage != STAGE_LINK
				      ? LINK_FULL
				      : link_other_form(&outcome);
	if (form != LINK_FULL) {
		exec_forget(&outcome);
		err = run_with_names(attempt, form, &outcome);
	}
	if (err) {
		*why = arena_printf(
			"the compiler cannot be run on it: %s", strerror(-err));
		return false;
	}
	*why = verdict(attempt, &outcome);
	if (!*why && attempt->database &&
		database_store(attempt->database, attempt->job->line.database,
			&attempt->ours) < 0)
		*why = "the compilation database cannot be written";
	if (!*why)
		messages_show(attempt->job, attempt->sources, &outcome);
	exec_forget(&outcome);
	return !*why;
}

bool attempt_run(struct job *job, struct sources *sources, const char **why)
{
	struct attempt attempt = {.job = job, .sources = sources};
	int err = add_sources(&attempt);

	if (err) {
		*why = err == -EXDEV
			       ? "a header reads differently under two names"
			       : arena_printf("the rewritten text cannot be kept: %s",
					 strerror(-err));
		return false;
	}
	if (sources_facts(sources)->kind == COMPILER_CLANG &&
		deliver_is_split(&attempt.delivery, (unsigned)sources->count))
		return split_run(&attempt, why);
	return run_whole(&attempt, why);
}
