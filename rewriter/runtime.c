/* runtime.c - owns the choice among the runtimes that are installed.
 *
 * One was built along with this program and lies in the library folder itself. Those for
 * other CPUs and C libraries lie in folders under runtimes/, named by the abi as facts.h
 * has it ("x86_64-8-musl"), where scripts/add-runtime.sh puts them. Called by compile and
 * link. */
#include "runtime.h"

#include <string.h>

#include "arena.h"
#include "facts.h"
#include "layout.h"

static const char *abi_of(struct job *job)
{
	struct facts facts;

	if (!job->abi) {
		facts_learn(&facts, &job->backend, &job->line,
			job->settings.called.cxx ? INPUT_CXX : INPUT_C);
		job->abi = facts.abi;
	}
	return job->abi;
}

const char *runtime_file(struct job *job, const char *name)
{
	const char *own = facts_runtime_abi(), *abi = abi_of(job);

	if (!own || !*abi || strcmp(own, abi) == 0)
		return layout_library(name);
	char *folder = arena_copy(abi, strlen(abi));
	for (char *c = folder; *c; c++)
		if (*c == ' ')
			*c = '-';
	return layout_library(arena_printf("runtimes/%s/%s", folder, name));
}

const char *runtime_missing(const char *abi)
{
	const char *own = facts_runtime_abi();

	if (!own || strcmp(own, abi) == 0)
		return "there is no runtime beside cohook-cc";
	return arena_printf("the runtime is for %s, this is for %s "
			    "(scripts/add-runtime.sh makes one)",
		own, abi);
}
