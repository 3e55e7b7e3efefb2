/* backend.c - owns the choice of the compiler behind.
 *
 * The name by which we were called decides, then COHOOK_CC, then what the build was
 * configured with. It is never this program again: a `cc` on PATH that is cohook-cc under another name is
 * passed over, as compiler and as the argument of a launcher. Called by cc_main once. */
#include "backend.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cohook_config.h"
#include "layout.h"
#include "masquerade.h"

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* NAME in the folder that LIST, the rest of PATH, begins with; *LENGTH is that of the
 * folder's name. */
static const char *in_first_folder(const char *list, const char *name, size_t *length)
{
	*length = strcspn(list, ":");
	return *length ? arena_printf("%.*s/%s", (int)*length, list, name)
		       : arena_printf("./%s", name);
}

static const char *search(const char *list, const char *name, bool pass_over_us)
{
	size_t length;

	for (;; list++) {
		const char *path = in_first_folder(list, name, &length);
		if (is_program(path) && !(pass_over_us && layout_is_self(path)))
			return path;
		list += length;
		if (!*list)
			return NULL;
	}
}

static const char *folders(void)
{
	const char *list = getenv("PATH");

	return list ? list : "/usr/local/bin:/usr/bin:/bin";
}

const char *backend_search(const char *name)
{
	if (strchr(name, '/'))
		return is_program(name) ? name : NULL;
	return search(folders(), name, true);
}

/* Whether what PATH has first for NAME is this program. */
static bool leads_here(const char *name)
{
	const char *path = search(folders(), name, false);

	return path && layout_is_self(path);
}

/* A launcher looks for its argument itself, as gcc does for its own name, and would find
 * us. */
static void name_by_path(struct argvec *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		if (*word == '-' || strchr(word, '/') || !leads_here(word))
			continue;
		const char *path = backend_search(word);
		if (path)
			words->items[i] = (char *)path;
	}
}

static const char *use_default(const struct settings *settings, struct backend *backend)
{
	static const char *const c[] = {COHOOK_DEFAULT_CC, "cc", "gcc", "clang", NULL};
	static const char *const cxx[] = {
		COHOOK_DEFAULT_CXX, "c++", "g++", "clang++", NULL};

	for (const char *const *name = settings->called.cxx ? cxx : c; *name; name++) {
		const char *path = backend_search(*name);
		if (!path || layout_is_self(path))
			continue;
		argvec_push(&backend->words, *name);
		backend->program = path;
		name_by_path(&backend->words);
		return NULL;
	}
	return arena_printf("there is no compiler: %s is gone and PATH has none; set %s",
		settings->called.cxx ? COHOOK_DEFAULT_CXX : COHOOK_DEFAULT_CC,
		settings_compiler_variable(settings));
}

/* Whether the name by which we were called decides. One of every compiler leaves it to
 * the variable. */
static bool names_compiler(const struct settings *settings)
{
	const char *compiler = settings->called.compiler;

	return compiler && !(settings->compiler && (strcmp(compiler, "cc") == 0 ||
							   strcmp(compiler, "c++") == 0));
}

/* The compiler that we are called like: the next in PATH, as it would have been without
 * us. */
static const char *use_named(
	const struct calledas *called, const char *behind, struct backend *backend)
{
	const char *path = behind ? search(behind, called->compiler, true) : NULL;

	if (!path)
		path = backend_search(called->compiler);
	if (!path)
		return arena_printf("called as %s, and PATH has no %s%s", called->name,
			called->masquerades ? "other " : "", called->compiler);
	argvec_push(&backend->words, called->masquerades ? path : called->compiler);
	backend->program = path;
	name_by_path(&backend->words);
	return NULL;
}

const char *backend_find(const struct settings *settings, struct backend *backend)
{
	const struct calledas *called = &settings->called;
	const char *compiler = settings->compiler;
	const char *behind = called->masquerades ? masquerade_leave(called->name) : NULL;

	*backend = (struct backend){0};
	if (names_compiler(settings))
		return use_named(called, behind, backend);
	if (!compiler)
		return use_default(settings, backend);
	if (is_program(compiler) && strchr(compiler, '/'))
		argvec_push(&backend->words, compiler);
	else
		argvec_split(&backend->words, compiler);
	const char *variable = settings_compiler_variable(settings);
	backend->program = backend_search(backend->words.items[0]);
	if (!backend->program)
		return arena_printf("%s is \"%s\", and there is no program '%s'",
			variable, compiler, backend->words.items[0]);
	if (layout_is_self(backend->program))
		return arena_printf(
			"%s is \"%s\", which is cohook-cc itself", variable, compiler);
	name_by_path(&backend->words);
	return NULL;
}

const char *backend_identity(const struct backend *backend)
{
	const char *identity = "";

	for (size_t i = 0; i < backend->words.count; i++) {
		const char *word = backend->words.items[i];
		const char *path = i == 0         ? backend->program
				   : *word == '-' ? NULL
						  : backend_search(word);
		struct stat st;

		identity = arena_printf("%s %s", identity, word);
		if (path && stat(path, &st) == 0)
			identity = arena_printf("%s(%s %lld.%09ld %lld)", identity, path,
				(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
				(long long)st.st_size);
	}
	return identity;
}
