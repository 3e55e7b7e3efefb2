/* cc_main.c - cohook-cc: a compiler that makes blocking C and C++ cooperative.
 *
 * Decides what a command line is: a question to the wrapper, something for the compiler
 * alone, a link, or a compilation. All work is done elsewhere. */
#include <stdio.h>
#include <string.h>

#include "auditnote.h"
#include "cohook_config.h"
#include "compile.h"
#include "diag.h"
#include "facts.h"
#include "link.h"

static _Noreturn void be_the_compiler(struct job *job)
{
	struct exec_command command;

	job_command(job, &job->line.given, &command);
	exec_replace(&command);
}

static bool has_source(const struct cmdline *line)
{
	for (size_t i = 0; i < line->ninputs; i++)
		switch (line->inputs[i].kind) {
		case INPUT_C:
		case INPUT_C_OUTPUT:
		case INPUT_CXX:
		case INPUT_CXX_OUTPUT:
			return true;
		default:
			break;
		}
	return false;
}

static int build(struct job *job)
{
	if (job->settings.emit)
		return compile_emit(job);
	if (job->settings.audit && job->line.stage != STAGE_PLAIN &&
		has_source(&job->line))
		auditnote_leave(job);
	if (job->settings.off || job->line.stage == STAGE_PLAIN)
		be_the_compiler(job);
	if (has_source(&job->line))
		return compile_run(job);
	if (link_wants_runtime(job))
		return link_run(job);
	be_the_compiler(job);
}

static int describe_backend(struct job *job)
{
	facts_print(&job->backend, &job->line);
	return 0;
}

/* As a launcher, "cohook-cc --cohook-launch COMPILER ARGUMENT...", we are told what is
 * behind by word, which wins over the environment. Only options of ours may stand before
 * it. */
static void take_launched(struct settings *settings, char **argv)
{
	while (*argv && strncmp(*argv, "--cohook-", strlen("--cohook-")) == 0 &&
		strcmp(*argv, "--cohook-launch") != 0)
		argv++;
	if (!*argv || strcmp(*argv, "--cohook-launch") != 0)
		return;
	if (!argv[1] || !*argv[1])
		diag_fatal("--cohook-launch needs a compiler");
	settings->launched = true;
	settings->compiler = argv[1];
	do
		argv[0] = argv[2];
	while (*argv++);
}

int main(int argc, char **argv)
{
	static struct job job;

	if (argc > 0)
		diag_called(argv[0]);
	if (exec_is_nested())
		diag_fatal("the compiler behind cohook-cc is cohook-cc; check COHOOK_CC "
			   "and PATH");
	settings_from_environment(&job.settings, argc > 0 ? argv[0] : "");
	if (argc > 0)
		take_launched(&job.settings, argv + 1);
	const char *trouble = backend_find(&job.settings, &job.backend);
	cmdline_parse(
		&job.line, &job.backend.words, argc > 0 ? argv + 1 : argv, &job.settings);
	if (job.settings.request == REQUEST_HELP) {
		settings_help();
		return 0;
	}
	if (job.settings.request == REQUEST_VERSION) {
		printf("%s %s\n", diag_name(), COHOOK_VERSION);
		return 0;
	}
	if (trouble)
		diag_fatal("%s", trouble);
	return job.settings.request == REQUEST_BACKEND ? describe_backend(&job)
						       : build(&job);
}
