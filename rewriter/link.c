/* link.c - owns the way in which our runtime gets into programs.
 *
 * It comes last, in a state of the linker of its own, and only where an input refers to
 * it. A link that fails with it and not without it is made without it. Called by compile,
 * and by cc_main for links that have no source of ours. */
#include "link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "runtime.h"
#include "scan.h"

static bool exists(const char *path)
{
	return access(path, R_OK) == 0;
}

/* What the linker would take for -lNAME in DIRECTORY; NULL if there is nothing. */
static const char *library_in(
	const char *directory, const struct input *input, bool static_only)
{
	const char *path;

	if (*input->path == ':') {
		path = arena_printf("%s/%s", directory, input->path + 1);
		return exists(path) ? path : NULL;
	}
	path = arena_printf("%s/lib%s.so", directory, input->path);
	if (!static_only && exists(path))
		return path;
	path = arena_printf("%s/lib%s.a", directory, input->path);
	return exists(path) ? path : NULL;
}

/* Of the directories that are searched anyway, the one for what was built here. */
static const char *const local_directories[] = {"/usr/local/lib", "/usr/local/lib64"};

static void library_directories(const struct cmdline *line, struct argvec *directories)
{
	const char *more = getenv("LIBRARY_PATH");

	argvec_append(directories, &line->paths);
	for (; more && *more; more += strspn(more, ":")) {
		argvec_push(directories, arena_copy(more, strcspn(more, ":")));
		more += strcspn(more, ":");
	}
	for (size_t i = 0; i < sizeof local_directories / sizeof *local_directories; i++)
		argvec_push(directories, local_directories[i]);
}

static bool library_wants_runtime(const struct cmdline *line, const struct input *input)
{
	bool static_only = input->static_only || line->fully_static;
	struct argvec directories = {0};

	library_directories(line, &directories);
	for (size_t i = 0; i < directories.count; i++) {
		const char *path = library_in(directories.items[i], input, static_only);
		if (path)
			return scan_object(path);
	}
	return false;
}

static bool input_wants_runtime(const struct cmdline *line, const struct input *input)
{
	switch (input->kind) {
	case INPUT_OBJECT:
		return scan_object(input->path);
	case INPUT_LIBRARY:
		return library_wants_runtime(line, input);
	default:
		return scan_source(input->path);
	}
}

static bool inputs_want_runtime(const struct cmdline *line)
{
	if (line->stage != STAGE_LINK || line->relocatable)
		return false;
	for (size_t i = 0; i < line->ninputs; i++)
		if (input_wants_runtime(line, &line->inputs[i]))
			return true;
	return false;
}

bool link_wants_runtime(struct job *job)
{
	if (job->wants == WANTS_UNKNOWN)
		job->wants =
			inputs_want_runtime(&job->line) ? WANTS_RUNTIME : WANTS_NOTHING;
	return job->wants == WANTS_RUNTIME;
}

/* The arguments so that more can follow: behind "--" everything would be a file. */
static void push_open_ended(const struct cmdline *line, struct argvec *arguments)
{
	bool files = false, open_ended = true;

	for (size_t i = 0; i < line->words.count; i++)
		if (strcmp(line->words.items[i], "--") == 0)
			open_ended = false;
	if (open_ended) {
		argvec_append(arguments, &line->given);
		return;
	}
	for (size_t i = 0; i < line->words.count; i++) {
		const char *word = line->words.items[i];
		if (!files && strcmp(word, "--") == 0)
			files = true;
		else
			argvec_push(arguments, files && *word == '-'
						       ? arena_printf("./%s", word)
						       : word);
	}
}

/* -Xlinker: a path may have a comma, and a plain word is read as a source after -x. */
static void push_file(struct argvec *arguments, const char *path)
{
	argvec_push(arguments, "-Xlinker");
	argvec_push(arguments, path);
}

/* Shared libraries that are loaded later look for the runtime under this name, or for the
 * note that is in the object. As an object it is out of reach of --exclude-libs; in the
 * archive it is, too. */
static void push_table(struct job *job, enum link_form form, struct argvec *arguments)
{
	const char *object = runtime_file(job, "cohook-export.o");

	if (form == LINK_FULL)
		argvec_push(arguments, "-Wl,-u,cohook_runtime_v1,"
				       "--export-dynamic-symbol=cohook_runtime_v1");
	if (object)
		push_file(arguments, object);
}

/* What the runtime needs of libc. With -nostdlib the user's own -lc stood ahead of it. */
static void push_system_libraries(const struct cmdline *line, struct argvec *arguments)
{
	argvec_push(arguments, "-Wl,-lpthread,-ldl,-lrt");
	if (line->no_libraries)
		argvec_push(arguments, line->fully_static
					       ? "-Wl,--start-group,-lc,-lgcc,-lgcc_eh,"
						 "--end-group"
					       : "-Wl,--start-group,-lc,-lgcc,-lgcc_s,"
						 "--end-group");
}

/* Calls that compilers of C++ make up; runtime/pthread/guard.c has ours. */
static void push_wraps(const struct cmdline *line, struct argvec *arguments)
{
	/* The compiler names libc++ behind our archive, and the names mean it, too. */
	if (line->cxx)
		argvec_push(arguments, "-Wl,-u,__wrap___cxa_guard_acquire");
	argvec_push(arguments,
		"-Wl,--wrap=__cxa_guard_acquire,--wrap=__cxa_guard_release,"
		"--wrap=__cxa_guard_abort");
}

static const char *archive_of(struct job *job)
{
	const struct cmdline *line = &job->line;

	if (line->relocatable)
		return NULL;
	return runtime_file(
		job, line->shared ? "libcohook-shared.a" : "libcohook.a");
}

void link_push_runtime(struct job *job, enum link_form form, struct argvec *arguments)
{
	const struct cmdline *line = &job->line;
	const char *path = archive_of(job);

	if (!path)
		return;
	if (form != LINK_MINIMAL && !line->shared && !line->fully_static)
		push_table(job, form, arguments);
	if (!line->shared)
		push_wraps(line, arguments);
	if (form != LINK_MINIMAL)
		argvec_push(arguments, "-Wl,--push-state,--no-whole-archive,--as-needed");
	push_file(arguments, path);
	if (!line->shared)
		push_system_libraries(line, arguments);
	if (form != LINK_MINIMAL)
		argvec_push(arguments, "-Wl,--pop-state");
}

void link_arguments(struct job *job, enum link_form form, struct argvec *arguments)
{
	push_open_ended(&job->line, arguments);
	link_push_runtime(job, form, arguments);
}

void link_plain_arguments(struct job *job, struct argvec *arguments)
{
	if (link_wants_runtime(job))
		link_arguments(job, LINK_FULL, arguments);
	else
		argvec_append(arguments, &job->line.given);
}

enum link_form link_other_form(const struct exec_outcome *outcome)
{
	const char *messages = outcome->err;

	/* gold, where a version script makes it local. */
	if (strstr(messages, "Cannot export local symbol 'cohook_runtime_v1'"))
		return LINK_PRIVATE;
	if (outcome->status != 0 &&
		(strstr(messages, "export-dynamic-symbol") ||
			strstr(messages, "push-state") || strstr(messages, "pop-state")))
		return LINK_MINIMAL;
	return LINK_FULL;
}

static int run_with(struct job *job, enum link_form form, struct exec_outcome *outcome)
{
	struct argvec arguments = {0};
	struct exec_command command;

	link_arguments(job, form, &arguments);
	job_command(job, &arguments, &command);
	command.capture = true;
	return exec_run(&command, outcome);
}

static int run_without(struct job *job, bool capture, struct exec_outcome *outcome)
{
	struct exec_command command;

	job_command(job, &job->line.given, &command);
	command.capture = capture;
	return exec_run(&command, outcome);
}

static int show(struct exec_outcome *outcome)
{
	int status = outcome->status;

	exec_show(outcome);
	exec_forget(outcome);
	return status;
}

static int fail_to_start(const struct job *job, int err)
{
	diag_error(NULL, "cannot run '%s': %s", job->backend.program, strerror(-err));
	return 1;
}

/* The link failed with the runtime, as FAILED has it. */
static int link_without(struct job *job, struct exec_outcome *failed)
{
	struct exec_outcome plain;

	if (run_without(job, true, &plain) < 0 || plain.status != 0) {
		exec_forget(&plain);
		return show(failed);
	}
	exec_forget(failed);
	if (!job->settings.strict) {
		diag_warning(job->line.output,
			"linked without the runtime, which did not fit");
		return show(&plain);
	}
	exec_forget(&plain);
	unlink(job->line.output ? job->line.output : "a.out");
	diag_error(job->line.output, "the runtime could not be linked");
	return 1;
}

static int link_with(struct job *job)
{
	struct exec_outcome outcome;
	int err = run_with(job, LINK_FULL, &outcome);

	enum link_form form = err ? LINK_FULL : link_other_form(&outcome);
	if (form != LINK_FULL) {
		exec_forget(&outcome);
		err = run_with(job, form, &outcome);
	}
	if (err < 0)
		return fail_to_start(job, err);
	return outcome.status == 0 ? show(&outcome) : link_without(job, &outcome);
}

int link_run(struct job *job)
{
	struct exec_outcome outcome;

	if (link_wants_runtime(job) && archive_of(job))
		return link_with(job);
	int err = run_without(job, false, &outcome);
	return err < 0 ? fail_to_start(job, err) : outcome.status;
}
