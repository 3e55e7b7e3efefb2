/* sources.c - owns the step from a command line to rewritten text.
 *
 * Each source goes through rewrite_unit() once, under the flags that clangargs makes of
 * the command. What can be read only once, standard input, is read here and put back in a
 * form that can be read again. The compiler itself has not run when this is done. Called
 * by compile. */
#include "sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cachedir.h"
#include "clangargs.h"
#include "configfile.h"
#include "guard.h"
#include "inputkind.h"
#include "slurp.h"
#include "tempfile.h"

/* Variables that make the driver inside libclang write files or change its arguments. */
static const char *const disturbing[] = {"DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES",
	"CC_PRINT_OPTIONS", "CC_PRINT_HEADERS", "CCC_OVERRIDE_OPTIONS"};

enum { DISTURBING = sizeof disturbing / sizeof *disturbing };

static bool is_source(enum input_kind kind)
{
	return kind == INPUT_C || kind == INPUT_C_OUTPUT || inputkind_is_cxx(kind);
}

const char *sources_name(const struct source *source)
{
	return source->from_stdin ? "<stdin>" : source->input->path;
}

/* The descriptor that PATH is another name of, or -1. */
static int descriptor_of(const char *path)
{
	static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
	char *end;

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0)
		return STDIN_FILENO;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		size_t length = strlen(folders[i]);
		if (strncmp(path, folders[i], length) != 0)
			continue;
		long fd = strtol(path + length, &end, 10);
		return *end || end == path + length ? -1 : (int)fd;
	}
	return -1;
}

/* Puts a file with TEXT in the place of FD, for us and for the compiler. */
static int put_back(struct job *job, int fd, const char *text, size_t length)
{
	int file = tempfile_memory(text, length, NULL);

	if (file < 0)
		return file;
	int err = dup2(file, fd) < 0 ? -errno : 0;
	close(file);
	if (!err && fd == STDIN_FILENO)
		job->stdin_is_ours = true;
	return err;
}

/* Makes a source readable that is no regular file. */
static int take_stream(struct job *job, struct source *source)
{
	int fd = descriptor_of(source->input->path);

	if (fd < 0)
		return -EINVAL;
	int err = slurp_fd(fd, &source->text, &source->length);
	if (!err)
		err = put_back(job, fd, source->text, source->length);
	if (err || source->from_stdin)
		return err;
	free(source->text);
	source->text = NULL;
	return 0;
}

/* Whether the source can and need be looked at. */
static bool make_readable(struct job *job, struct source *source)
{
	const char *path = source->input->path;
	struct stat st;

	source->from_stdin = strcmp(path, "-") == 0;
	if (!source->from_stdin) {
		/* A missing source is the compiler's to report; there is nothing in
		 * /dev/null. */
		if (stat(path, &st) < 0 || strcmp(path, "/dev/null") == 0)
			return false;
		if (S_ISREG(st.st_mode))
			return true;
	}
	int err = take_stream(job, source);
	if (err)
		source->trouble =
			err == -EINVAL ? "it is no regular file" : strerror(-err);
	return !err;
}

static void hide_variables(char **kept)
{
	for (int i = 0; i < DISTURBING; i++) {
		const char *value = getenv(disturbing[i]);
		kept[i] = value ? arena_string(value) : NULL;
		unsetenv(disturbing[i]);
	}
}

static void restore_variables(char **kept)
{
	for (int i = 0; i < DISTURBING; i++)
		if (kept[i])
			setenv(disturbing[i], kept[i], 1);
}

/* rewrite_unit() under everything that must hold around it. */
static int rewrite_guarded(
	struct job *job, struct source *source, const struct rewrite_request *request)
{
	char *kept[DISTURBING];

	if (!job->settings.audits)
		guard_enter(job, sources_name(source));
	hide_variables(kept);
	int err = rewrite_unit(request, &source->result);
	restore_variables(kept);
	if (!job->settings.audits)
		guard_leave();
	return err;
}

/* Once more, with what ARGS are by now. */
static int rewrite_again(struct job *job, struct source *source,
	struct rewrite_request *request, struct argvec *args)
{
	rewrite_free(&source->result);
	request->args = (const char *const *)argvec_argv(args);
	return rewrite_guarded(job, source, request);
}

/* Whether the compiler is told to make code of functions that nobody uses. */
static bool keeps_unused(const struct cmdline *line)
{
	static const char *const words[] = {
		"-fkeep-inline-functions", "-fkeep-static-functions", "-femit-all-decls"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t k = 0; k < line->words.count; k++)
			if (strcmp(line->words.items[k], words[i]) == 0)
				return true;
	return false;
}

static bool lacks_header(const struct source *source)
{
	return source->result.trouble && strstr(source->result.trouble, "file not found");
}

/* The ledger is an asm. */
static bool may_have_asm(const struct cmdline *line)
{
	for (size_t i = 0; i < line->words.count; i++)
		if (strcmp(line->words.items[i], "-fno-gnu-inline-asm") == 0)
			return false;
	return true;
}

static const char *const *prefix_maps(const struct cmdline *line)
{
	static const char option[] = "-ffile-prefix-map=";
	struct argvec maps = {0};

	for (size_t i = 0; i < line->words.count; i++)
		if (strncmp(line->words.items[i], option, sizeof option - 1) == 0)
			argvec_push(&maps, line->words.items[i] + sizeof option - 1);
	return (const char *const *)argvec_argv(&maps);
}

static void rewrite(struct job *job, struct source *source, const struct facts *facts)
{
	const struct cmdline *line = &job->line;
	struct argvec args = {0};

	clangargs_build(&args, line, facts, source->input->kind);
	struct rewrite_request request = {
		.source = source->input->path,
		.args = (const char *const *)argvec_argv(&args),
		.text = source->text,
		.length = source->length,
		.threads = job->settings.threads,
		.tls = job->settings.tls,
		.fortified = clangargs_fortify(line, facts) > 0,
		.gcc = facts->kind == COMPILER_GCC,
		.pedantic = line->pedantic,
		.builtin = facts->builtin,
		.prefilter = !job->settings.explain && !job->settings.audits,
		.watch = job->settings.audits,
		.survey = job->settings.audits,
		.ledger = !job->settings.emit && !job->settings.audits &&
			  may_have_asm(line),
		.prefix_maps = prefix_maps(line),
		.keeps_unused = keeps_unused(line),
		.cache = job->settings.audits ? NULL : cachedir(),
		.keep_library = job->keep_library,
	};
	configfile_apply(&request, &job->settings);
	source->config = request.config;
	if (request.excluded && request.prefilter)
		return; /* it is none of ours */
	int err = rewrite_guarded(job, source, &request);
	if (err && facts->builtin && lacks_header(source)) {
		clangargs_more_headers(&args, facts);
		err = rewrite_again(job, source, &request, &args);
	}
	if (err && clangargs_before_c23(&args))
		err = rewrite_again(job, source, &request, &args);
	source->looked_at = true;
	if (err)
		source->trouble =
			source->result.trouble ? source->result.trouble : strerror(-err);
}

static void read_one(struct sources *sources, struct job *job, struct source *source)
{
	bool cxx = inputkind_is_cxx(source->input->kind);
	struct facts *facts = cxx ? &sources->cxx_facts : &sources->c_facts;

	if (!make_readable(job, source))
		return;
	if (!facts->target)
		facts_learn(facts, &job->backend, &job->line, source->input->kind);
	rewrite(job, source, facts);
}

void sources_read(struct sources *sources, struct job *job)
{
	const struct cmdline *line = &job->line;

	*sources = (struct sources){0};
	sources->list = arena_alloc((line->ninputs + 1) * sizeof *sources->list);
	for (size_t i = 0; i < line->ninputs; i++)
		if (is_source(line->inputs[i].kind))
			sources->list[sources->count++].input = &line->inputs[i];
	for (size_t i = 0; i < sources->count; i++)
		read_one(sources, job, &sources->list[i]);
}

const struct facts *sources_facts(const struct sources *sources)
{
	return sources->c_facts.target ? &sources->c_facts : &sources->cxx_facts;
}

void sources_free(struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		free(sources->list[i].text);
		sources->list[i].text = NULL;
		if (sources->list[i].looked_at)
			rewrite_free(&sources->list[i].result);
		sources->list[i].looked_at = false;
	}
}

bool sources_changed(const struct source *source)
{
	return source->looked_at && !source->trouble && source->result.nfiles;
}

const struct rewritten_file *sources_own_text(const struct source *source)
{
	if (!sources_changed(source))
		return NULL;
	for (size_t i = 0; i < source->result.nfiles; i++) {
		const struct rewritten_file *file = &source->result.files[i];
		if (strcmp(file->path, sources_name(source)) == 0)
			return file;
	}
	return NULL;
}
