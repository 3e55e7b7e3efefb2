/* split.c - owns the case that one overlay cannot serve: clang, several sources, a header
 * that they must not all see alike.
 *
 * Each source is compiled by itself, to where the command would have put it or, when the
 * command links, into a directory of ours; then the objects are linked in the places of
 * their sources. Called by attempt. */
#include "split.h"

#include <string.h>

#include "arena.h"
#include "link.h"
#include "messages.h"
#include "tempfile.h"

/* What has been said so far; shown when all went well. */
struct said {
	struct exec_outcome *outcomes;
	size_t count;
};

static bool is_compiled(const struct input *input)
{
	return input->kind != INPUT_OBJECT && input->kind != INPUT_LIBRARY;
}

/* The index of the source that INPUT is, which is its unit; -2 for what is not ours. */
static int unit_of(const struct sources *sources, const struct input *input)
{
	for (size_t i = 0; i < sources->count; i++)
		if (sources->list[i].input == input)
			return (int)i;
	return DELIVER_ALL_UNITS - 1;
}

static const char *object_of(const struct input *input)
{
	const char *directory = tempfile_directory();

	return directory ? arena_printf("%s/%zu.o", directory, input->word) : NULL;
}

/* The arguments that compile INPUT alone. */
static void push_compile(
	const struct cmdline *line, const struct input *input, struct argvec *arguments)
{
	for (size_t i = 0; i < line->words.count; i++) {
		enum role role = line->roles[i];
		bool other = role == ROLE_INPUT && i != input->word;
		if (!other && role != ROLE_LINK && role != ROLE_OUTPUT)
			argvec_push(arguments, line->words.items[i]);
	}
	argvec_push(arguments, "-Qunused-arguments");
	if (line->stage == STAGE_LINK) {
		argvec_push(arguments, "-c");
		argvec_push(arguments, "-o");
		argvec_push(arguments, object_of(input));
	}
}

static const struct input *input_at(const struct cmdline *line, size_t word)
{
	for (size_t i = 0; i < line->ninputs; i++)
		if (line->inputs[i].word == word && is_compiled(&line->inputs[i]))
			return &line->inputs[i];
	return NULL;
}

/* The arguments that link, with objects for sources. Those that name languages go:
 * nothing is left that they are about. */
static void push_link(struct job *job, struct argvec *arguments)
{
	const struct cmdline *line = &job->line;

	for (size_t i = 0; i < line->words.count; i++) {
		const struct input *input = input_at(line, i);
		if (input)
			argvec_push(arguments, object_of(input));
		else if (line->roles[i] != ROLE_LANGUAGE)
			argvec_push(arguments, line->words.items[i]);
	}
	link_push_runtime(job, LINK_FULL, arguments);
}

static bool run(struct attempt *attempt, struct argvec *arguments, struct said *said,
	const char **why)
{
	struct exec_command command;
	struct exec_outcome *outcome = &said->outcomes[said->count];

	job_command(attempt->job, arguments, &command);
	attempt_environment(&command.environment);
	attempt_stay_here(&command.environment);
	command.capture = true;
	int err = exec_run(&command, outcome);
	if (err) {
		*why = arena_printf(
			"the compiler cannot be run on it: %s", strerror(-err));
		return false;
	}
	if (outcome->status == 0) {
		said->count++;
		return true;
	}
	*why = attempt_failure(outcome->err);
	exec_forget(outcome);
	return false;
}

static bool compile_one(struct attempt *attempt, const struct input *input,
	struct said *said, const char **why)
{
	int unit = unit_of(attempt->sources, input);

	for (int round = 0; round < MOST_ROUNDS; round++) {
		struct argvec arguments = {0};
		if (deliver_to_clang(&attempt->delivery, unit, &arguments) < 0)
			break;
		attempt_colour(attempt->job, &arguments);
		push_compile(&attempt->job->line, input, &arguments);
		bool good = run(attempt, &arguments, said, why);
		if (!deliver_learn_names(&attempt->delivery))
			return good;
		if (good)
			exec_forget(&said->outcomes[--said->count]);
	}
	*why = "the rewritten text cannot be handed over";
	return false;
}

static bool compile_all(struct attempt *attempt, struct said *said, const char **why)
{
	const struct cmdline *line = &attempt->job->line;

	for (size_t i = 0; i < line->ninputs; i++)
		if (is_compiled(&line->inputs[i]) &&
			!compile_one(attempt, &line->inputs[i], said, why))
			return false;
	return true;
}

static bool link_all(struct attempt *attempt, struct said *said, const char **why)
{
	struct argvec arguments = {0};

	if (attempt->job->line.stage != STAGE_LINK)
		return true;
	push_link(attempt->job, &arguments);
	return run(attempt, &arguments, said, why);
}

/* Files beside the output are named after it, and would be named after our objects. */
static const char *objection(const struct attempt *attempt)
{
	const struct cmdline *line = &attempt->job->line;

	for (size_t i = 0; i < attempt->sources->count; i++)
		if (attempt->sources->list[i].from_stdin)
			return "it is compiled together with other files";
	for (size_t i = 0; i < line->words.count; i++) {
		if (strcmp(line->words.items[i], "--") == 0)
			return "a header reads differently for the sources that follow "
			       "--";
		if (line->roles[i] == ROLE_DATABASE ||
			(line->roles[i] == ROLE_SIDE && line->stage == STAGE_LINK))
			return arena_printf(
				"a header reads differently for the sources of one "
				"command that has %s",
				line->words.items[i]);
	}
	return tempfile_directory() ? NULL : "there is no directory for objects";
}

static void add_text(char **to, size_t *length, const char *more, size_t more_length)
{
	char *text = arena_alloc(*length + more_length + 1);

	if (*length)
		memcpy(text, *to, *length);
	memcpy(text + *length, more, more_length);
	*to = text;
	*length += more_length;
}

/* Shows what all the runs have said as if one had. */
static void show_all(const struct attempt *attempt, const struct said *said)
{
	struct exec_outcome all = {.out = arena_string(""), .err = arena_string("")};

	for (size_t i = 0; i < said->count; i++) {
		const struct exec_outcome *one = &said->outcomes[i];
		add_text(&all.out, &all.out_length, one->out, one->out_length);
		add_text(&all.err, &all.err_length, one->err, one->err_length);
	}
	messages_show(attempt->job, attempt->sources, &all);
}

bool split_run(struct attempt *attempt, const char **why)
{
	struct said said = {0};

	*why = objection(attempt);
	if (*why)
		return false;
	said.outcomes =
		arena_alloc((attempt->job->line.ninputs + 2) * sizeof *said.outcomes);
	bool good = compile_all(attempt, &said, why) && link_all(attempt, &said, why);
	if (good && deliver_unread_by_clang(&attempt->delivery)) {
		*why = "the compiler could not be made to read the rewritten text";
		good = false;
	}
	if (good)
		show_all(attempt, &said);
	for (size_t i = 0; i < said.count; i++)
		exec_forget(&said.outcomes[i]);
	return good;
}
