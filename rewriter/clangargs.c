/* clangargs.c - owns what libclang is told.
 *
 * The user's flags that matter were picked by cmdline; around them stands what the
 * compiler behind takes for granted and libclang, which may be another compiler and
 * another version, does not: target, standard, predefined macros, system headers. Builtin
 * headers are libclang's own. Called by sources. */
#include "clangargs.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "inputkind.h"
#include "tempfile.h"

int clangargs_fortify(const struct cmdline *line, const struct facts *facts)
{
	if (!line->optimizes)
		return 0;
	return line->fortify == FORTIFY_DEFAULT ? facts->fortify : line->fortify;
}

static const char *kind_name(enum input_kind kind)
{
	switch (kind) {
	case INPUT_C_OUTPUT:
		return "cpp-output";
	case INPUT_CXX:
		return "c++";
	case INPUT_CXX_OUTPUT:
		return "c++-cpp-output";
	default:
		return "c";
	}
}

/* gcc defines macros where clang answers __has_feature(). */
static void push_sanitizer_macros(struct argvec *args, const char *sanitizers)
{
	if (strstr(sanitizers, "address"))
		argvec_push(args, "-D__SANITIZE_ADDRESS__=1");
	if (strstr(sanitizers, "thread"))
		argvec_push(args, "-D__SANITIZE_THREAD__=1");
}

static void push_sanitizers(
	struct argvec *args, const char *sanitizers, enum compiler_kind kind)
{
	static const char *const visible[] = {"address", "thread", "memory"};

	if (kind == COMPILER_GCC) {
		push_sanitizer_macros(args, sanitizers);
		return;
	}
	for (size_t i = 0; i < sizeof visible / sizeof *visible; i++)
		if (strstr(sanitizers, visible[i]))
			argvec_push(args, arena_printf("-fsanitize=%s", visible[i]));
}

/* gcc has options for x86 that clang has for other machines only. They change nothing
 * that a parse depends on. */
static bool is_foreign(const char *word, const char *target)
{
	bool x86 = strncmp(target, "x86_64", 6) == 0 ||
		   (*target == 'i' && strncmp(target + 2, "86", 2) == 0);

	return x86 &&
	       (strncmp(word, "-mcpu=", 6) == 0 || strncmp(word, "-mabi=", 6) == 0);
}

/* A standard of the other language, which gcc passes over with a warning. */
static bool is_of_other_language(const char *word, enum input_kind kind)
{
	return strncmp(word, "-std=", 5) == 0 &&
	       (strstr(word, "++") != NULL) != inputkind_is_cxx(kind);
}

static void push_given(struct argvec *args, const struct cmdline *line,
	const struct facts *facts, enum input_kind kind)
{
	for (size_t i = 0; i < line->parse.count; i++) {
		const char *word = line->parse.items[i];
		if (!is_foreign(word, facts->target) && !is_of_other_language(word, kind))
			argvec_push(args, word);
	}
}

/* libc++'s own headers come ahead of the builtin ones, which they include next. */
static bool push_libcxx(struct argvec *args, const char *directory)
{
	char *real = strstr(directory, "/c++/v1") ? realpath(directory, NULL) : NULL;

	if (!real)
		return false;
	argvec_push(args, arena_printf("-stdlib++-isystem%s", real));
	free(real);
	return true;
}

static void push_system(struct argvec *args, const struct argvec *directories)
{
	argvec_push(args, "-nostdlibinc");
	for (size_t i = 0; i < directories->count; i++) {
		if (push_libcxx(args, directories->items[i]))
			continue;
		argvec_push(args, "-Xclang");
		argvec_push(args, "-internal-isystem");
		argvec_push(args, "-Xclang");
		argvec_push(args, directories->items[i]);
	}
}

void clangargs_build(struct argvec *args, const struct cmdline *line,
	const struct facts *facts, enum input_kind kind)
{
	int fortify = clangargs_fortify(line, facts);

	if (*facts->target)
		argvec_push(args, arena_printf("--target=%s", facts->target));
	if (facts->standard) /* one that is given comes later and counts */
		argvec_push(args, arena_printf("-std=%s", facts->standard));
	if (fortify && line->fortify == FORTIFY_DEFAULT)
		argvec_push(args, arena_printf("-D_FORTIFY_SOURCE=%d", fortify));
	if (fortify) /* of gcc's; without it printf and its kin would be macros */
		argvec_push(args, "-D__va_arg_pack()=0");
	if (fortify && facts->kind == COMPILER_GCC) /* likewise, for open */
		argvec_push(args, "-D__va_arg_pack_len()=0");
	if (line->sanitizers)
		push_sanitizers(args, line->sanitizers, facts->kind);
	push_given(args, line, facts, kind);
	if (!line->nostdinc && facts->system.count)
		push_system(args, &facts->system);
	argvec_push(args, "-x");
	argvec_push(args, kind_name(kind));
}

/* Headers that compilers bring beside those that every one has, libclang among them. */
static const char *const more_headers[] = {"omp.h", "openacc.h", "acc_prof.h",
	"quadmath.h", "quadmath_weak.h", "gcov.h", "backtrace.h", "backtrace-supported.h",
	"sanitizer/asan_interface.h", "sanitizer/common_interface_defs.h",
	"sanitizer/hwasan_interface.h", "sanitizer/lsan_interface.h",
	"sanitizer/tsan_interface.h"};

/* A directory that has only those: the others would be found by #include_next, and are
 * for that compiler alone. */
void clangargs_more_headers(struct argvec *args, const struct facts *facts)
{
	static const char directory[] = "/cohook-headers";
	const char *overlay = "{\"version\": 0, \"roots\": [";

	for (size_t i = 0; i < sizeof more_headers / sizeof *more_headers; i++)
		overlay = arena_printf("%s%s{\"type\": \"file\", \"name\": \"%s/%s\", "
				       "\"external-contents\": \"%s/%s\"}",
			overlay, i ? ", " : "", directory, more_headers[i],
			facts->builtin, more_headers[i]);
	overlay = arena_printf("%s]}\n", overlay);
	int fd = tempfile_memory(overlay, strlen(overlay), NULL);
	if (fd < 0)
		return;
	/* An attribute in gcc's omp.h has an argument that only gcc knows. */
	argvec_push(args, "-D__malloc__(...)=__malloc__");
	argvec_push(args, "-vfsoverlay");
	argvec_push(args, tempfile_path(fd));
	argvec_push(args, "-Xclang");
	argvec_push(args, "-internal-isystem");
	argvec_push(args, "-Xclang");
	argvec_push(args, directory);
}

bool clangargs_before_c23(struct argvec *args)
{
	static const char option[] = "-std=";
	static const char *const names[] = {"c2x", "gnu2x", "c23", "gnu23"};
	const char *standard = "";
	bool asked = false;

	for (size_t i = 0; i < args->count; i++)
		if (strncmp(args->items[i], option, sizeof option - 1) == 0)
			standard = args->items[i] + sizeof option - 1;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		asked |= strcmp(standard, names[i]) == 0;
	if (!asked)
		return false;
	argvec_push(args, *standard == 'g' ? "-std=gnu17" : "-std=c17");
	argvec_push(args, "-D__STDC_VERSION__=202000L");
	return true;
}
