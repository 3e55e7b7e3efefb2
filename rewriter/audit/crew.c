/* crew.c - owns the processes that examine compilations.
 *
 * libclang is loaded before the first fork. A child writes its document, and whatever it
 * says otherwise, to nameless files, which are read in the order of the list: a report is
 * the same however many work. One that crashes is a unit in trouble. Called by the
 * audit's command. */
#include "audit/crew.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abspath.h"
#include "arena.h"
#include "audit/examine.h"
#include "audit/progress.h"
#include "pool.h"
#include "slurp.h"
#include "tempfile.h"
#include "unit.h"

struct worker {
	pid_t pid;           /* 0: not started */
	int document, words; /* descriptors */
	int status;          /* of wait(2), valid when it is done */
	bool done;
};

struct crew {
	const struct command_list *list;
	const struct settings *asked;
	struct worker *workers; /* one for each command */
	size_t started, finished, taken;
	unsigned running;
	int status;
};

static _Noreturn void be_worker(const struct command *command,
	const struct settings *asked, struct worker *worker)
{
	FILE *out = fdopen(worker->document, "w");

	dup2(worker->words, STDERR_FILENO);
	if (!out || (command->directory && chdir(command->directory) < 0)) {
		fprintf(stderr, "cohook: %s: %s\n",
			command->directory ? command->directory : "", strerror(errno));
		_exit(1);
	}
	examine_command(out, command, asked);
	_exit(fclose(out) != 0);
}

static bool start(struct crew *crew)
{
	struct worker *worker = &crew->workers[crew->started];
	const struct command *command = &crew->list->items[crew->started];

	worker->document = tempfile_memory("", 0, NULL);
	worker->words = tempfile_memory("", 0, NULL);
	if (worker->document < 0 || worker->words < 0)
		return false;
	fflush(NULL);
	worker->pid = fork();
	if (worker->pid == 0)
		be_worker(command, crew->asked, worker);
	if (worker->pid < 0)
		return false;
	crew->started++;
	crew->running++;
	return true;
}

static void wait_for_one(struct crew *crew)
{
	int status;
	pid_t pid = waitpid(-1, &status, 0);

	for (size_t i = crew->taken; i < crew->started; i++) {
		struct worker *worker = &crew->workers[i];
		if (worker->done || worker->pid != pid)
			continue;
		worker->done = true;
		worker->status = status;
		crew->running--;
		crew->finished++;
	}
}

static void add_trouble(
	struct document *document, const struct command *command, const char *trouble)
{
	struct audited *unit = document_add_unit(document);

	unit->file = *command->file == '/' || !command->directory
			     ? abspath(document->pool, command->file)
			     : pool_printf(document->pool, "%s/%s", command->directory,
				       command->file);
	unit->directory = command->directory;
	unit->trouble = trouble;
}

static const char *fate(struct pool *pool, int status)
{
	return WIFSIGNALED(status) ? pool_printf(pool, "the audit of it crashed (%s)",
					     strsignal(WTERMSIG(status)))
				   : "the audit of it failed";
}

static void take(struct crew *crew, struct document *document)
{
	struct worker *worker = &crew->workers[crew->taken];
	const struct command *command = &crew->list->items[crew->taken++];
	char *text = NULL, *words = NULL;
	size_t length = 0, nwords = 0;

	lseek(worker->document, 0, SEEK_SET);
	lseek(worker->words, 0, SEEK_SET);
	if (!slurp_fd(worker->words, &words, &nwords))
		fwrite(words, 1, nwords, stderr);
	slurp_fd(worker->document, &text, &length);
	if (WIFEXITED(worker->status) && WEXITSTATUS(worker->status) == 2)
		crew->status = 2;
	else if (worker->status || !text || document_read(document, text, length))
		add_trouble(document, command, fate(document->pool, worker->status));
	free(text);
	free(words);
	close(worker->document);
	close(worker->words);
}

int crew_work(struct document *document, const struct command_list *list, unsigned jobs,
	const struct settings *asked)
{
	struct crew crew = {
		.list = list,
		.asked = asked,
		.workers = calloc(list->count + 1, sizeof *crew.workers),
	};

	if (!crew.workers)
		return 1;
	if (list->count)
		unit_prepare(document->pool); /* each unit says what is wrong with it */
	while (crew.taken < list->count) {
		while (crew.running < jobs && crew.started < list->count &&
			crew.started < crew.taken + 4 * jobs)
			if (!start(&crew))
				break;
		if (!crew.running) {
			fprintf(stderr, "cohook: %s\n", strerror(errno));
			crew.status = 1;
			break;
		}
		wait_for_one(&crew);
		progress_show(crew.finished, list->count);
		while (crew.taken < crew.started && crew.workers[crew.taken].done)
			take(&crew, document);
	}
	progress_clear();
	free(crew.workers);
	return crew.status;
}
