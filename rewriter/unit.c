/* unit.c - has libclang parse one source and knows the files that the unit is made of.
 *
 * Loading libclang costs more than a whole conftest, so it happens for the first unit
 * that needs it, once per process. Versions before 19 are refused: their locations inside
 * macro bodies are wrong. A source that does not parse without errors is no unit: half a
 * tree would be half a rewrite. Called by rewrite_unit(); finder walks what this has
 * parsed. */
#include <clang-c/Index.h>

#include "libclang.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clangpath.h"
#include "heap.h"
#include "inputkind.h"
#include "pool.h"
#include "rewrite.h"

enum { OLDEST_CLANG = 19 };

#define ADVICE "install libclang-19-dev and libclang-common-19-dev, or later"

static struct libclang library;

static unsigned version_of(void *handle)
{
	__typeof__(clang_getClangVersion) *get_version =
		dlsym(handle, "clang_getClangVersion");
	__typeof__(clang_getCString) *get_text = dlsym(handle, "clang_getCString");
	__typeof__(clang_disposeString) *dispose = dlsym(handle, "clang_disposeString");

	if (!get_version || !get_text || !dispose)
		return 0;
	CXString string = get_version();
	const char *text = get_text(string);
	const char *number = text ? strstr(text, "version ") : NULL;
	unsigned version = number ? (unsigned)strtoul(number + 8, NULL, 10) : 0;
	dispose(string);
	return version;
}

static bool bind(struct libclang *clang, void *handle)
{
	bool complete = true;

#define FUNCTION(name) complete &= (clang->name = dlsym(handle, #name)) != NULL;
#include "libclang.def"
	return complete;
}

/* Takes HANDLE into use if it is recent and complete; else why not. */
static const char *adopt(struct pool *pool, void *handle)
{
	unsigned version = version_of(handle);
	Dl_info info;

	if (version < OLDEST_CLANG)
		return pool_printf(pool, "libclang %u is too old: " ADVICE, version);
	if (!bind(&library, handle))
		return pool_printf(
			pool, "libclang %u lacks a function: " ADVICE, version);
	if (!dladdr((void *)library.clang_createIndex, &info))
		return "libclang cannot be located";
	library.resource_dir = clangpath_resource_dir(info.dli_fname, version);
	if (!library.resource_dir)
		return pool_printf(pool,
			"libclang %u has no builtin headers: install "
			"libclang-common-%u-dev",
			version, version);
	library.handle = handle;
	return NULL;
}

/* 0, or -errno and why not. */
static int load(struct pool *pool, const char **trouble)
{
	const char *why = NULL;

	if (library.handle)
		return 0;
	heap_prepare();
	for (const char **path = clangpath_candidates(pool); *path; path++) {
		void *handle = dlopen(*path, RTLD_LAZY | RTLD_LOCAL);
		const char *flaw = handle ? adopt(pool, handle) : NULL;
		if (handle && !flaw)
			return 0;
		if (handle)
			dlclose(handle);
		why = why ? why : flaw;
	}
	*trouble = why ? why : "libclang is not installed: " ADVICE;
	return -ENOENT;
}

const char *unit_take(struct unit *unit, CXString string)
{
	const char *text = library.clang_getCString(string);
	const char *copy = pool_string(unit->pool, text ? text : "");

	library.clang_disposeString(string);
	return copy;
}

static bool is_systems_path(struct unit *unit, const char *path)
{
	char real[PATH_MAX];

	if (*path == '/' && !strstr(path, "/..") && origin_is_system(&unit->origin, path))
		return true;
	return realpath(path, real) && origin_is_system(&unit->origin, real);
}

static bool has_precompiled_twin(struct unit *unit, const char *name)
{
	return access(pool_printf(unit->pool, "%s.gch", name), F_OK) == 0 ||
	       access(pool_printf(unit->pool, "%s.pch", name), F_OK) == 0;
}

static void read_text(struct unit *unit, size_t index)
{
	struct unit_file *file = &unit->files[index];

	file->text = library.clang_getFileContents(
		unit->parse->tu, unit->parse->handles[index], &file->length);
	file->has_pragma = file->text && memmem(file->text, file->length, "cohook", 6);
}

static size_t file_index(struct unit *unit, CXFile handle)
{
	struct parse *parse = unit->parse;

	if (!handle)
		return NO_FILE;
	for (size_t i = 0; i < unit->nfiles; i++) {
		if (parse->handles[i] == handle)
			return i;
	}
	unit->files =
		pool_grow(unit->pool, unit->files, unit->nfiles, sizeof *unit->files);
	parse->handles = pool_grow(
		unit->pool, parse->handles, unit->nfiles, sizeof *parse->handles);
	struct unit_file *file = &unit->files[unit->nfiles];
	parse->handles[unit->nfiles] = handle;
	file->name = unit_take(unit, library.clang_getFileName(handle));
	file->system = unit->nfiles && is_systems_path(unit, file->name);
	file->includer = NO_FILE;
	if (file->system && unit->cxx && !unit->preprocessed)
		file->part = standard_part(file->name);
	if (!file->system || file->part)
		read_text(unit, unit->nfiles);
	return unit->nfiles++;
}

static struct spot spot_of(struct unit *unit, CXSourceLocation location,
	__typeof__(clang_getSpellingLocation) *get)
{
	struct spot spot;
	CXFile handle;

	get(location, &handle, &spot.line, &spot.column, &spot.offset);
	spot.file = file_index(unit, handle);
	return spot;
}

struct spot unit_spot_spelled(struct unit *unit, CXSourceLocation location)
{
	return spot_of(unit, location, library.clang_getSpellingLocation);
}

struct spot unit_spot_used(struct unit *unit, CXSourceLocation location)
{
	return spot_of(unit, location, library.clang_getExpansionLocation);
}

struct mark unit_mark(struct unit *unit, CXSourceLocation location)
{
	struct spot spelled = unit_spot_spelled(unit, location);
	struct spot used = unit_spot_used(unit, location);

	return (struct mark){
		.file = spelled.file,
		.offset = spelled.offset,
		.line = spelled.line,
		.column = spelled.column,
		.use_file = used.file,
		.use_offset = used.offset,
		.use_line = used.line,
		.use_column = used.column,
		.in_macro = spelled.file != used.file || spelled.offset != used.offset,
	};
}

bool unit_is_systems(struct unit *unit, CXSourceLocation location)
{
	struct spot spot = unit_spot_used(unit, location);
	CXString name;

	if (spot.file != NO_FILE && unit->files[spot.file].system)
		return true;
	if (!unit->preprocessed)
		return false;
	/* Only the line markers still tell where the text came from. */
	library.clang_getPresumedLocation(location, &name, NULL, NULL);
	return is_systems_path(unit, unit_take(unit, name));
}

/* The first visit of a header tells who includes it; all visits are counted. */
static void visit_inclusion(
	CXFile handle, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
	struct unit *unit = data;
	size_t index = file_index(unit, handle);

	if (index == NO_FILE || unit->files[index].inclusions++ || !depth)
		return;
	struct spot includer = unit_spot_used(unit, stack[0]);
	struct unit_file *file = &unit->files[index];
	file->includer = includer.file;
	file->include_offset = includer.offset;
	if (!file->system || file->part)
		file->precompiled = has_precompiled_twin(unit, file->name) ||
				    (includer.file != NO_FILE &&
					    unit->files[includer.file].precompiled);
}

/* A libc that is in no usual place is where a header of every libc is that the compiler,
 * too, takes for a system header. */
static void find_libc(struct unit *unit)
{
	static const char landmark[] = "/features.h";

	for (size_t i = 0; i < unit->nfiles; i++) {
		const char *name = unit->files[i].name;
		size_t length = strlen(name), tail = sizeof landmark - 1;
		if (unit->files[i].system || length < tail ||
			strcmp(name + length - tail, landmark))
			continue;
		CXSourceLocation begin = library.clang_getLocationForOffset(
			unit->parse->tu, unit->parse->handles[i], 0);
		if (!library.clang_Location_isInSystemHeader(begin))
			continue;
		char *folder = realpath(pool_copy(unit->pool, name, length - tail), NULL);
		unit->origin.libc = folder ? pool_string(unit->pool, folder) : NULL;
		free(folder);
	}
	for (size_t i = 1; unit->origin.libc && i < unit->nfiles; i++)
		unit->files[i].system |= is_systems_path(unit, unit->files[i].name);
}

/* libclang's driver would take a precompiled header of another compiler for one of its
 * own. */
static const char **arguments(
	struct unit *unit, const struct rewrite_request *request, int *count)
{
	const char *const own[] = {"-resource-dir", library.resource_dir, "-w",
		"-Wno-everything", "-ferror-limit=0"};
	const char **list = NULL;
	size_t n = 0;

	for (const char *const *arg = request->args; *arg; arg++) {
		bool include = !strcmp(*arg, "-include") && arg[1] &&
			       strcmp(arg[1], "-Xclang") != 0;
		const char *words[] = {"-Xclang", "-include", "-Xclang", arg[1]};
		size_t nwords = include ? 4 : 1;
		for (size_t i = 0; i < nwords; i++) {
			list = pool_grow(unit->pool, list, n, sizeof *list);
			list[n++] = include ? words[i] : *arg;
		}
		arg += include;
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		list = pool_grow(unit->pool, list, n, sizeof *list);
		list[n++] = own[i];
	}
	*count = (int)n;
	return list;
}

/* The first error of the parse, NULL if there is none. */
static const char *first_error(struct unit *unit)
{
	CXTranslationUnit tu = unit->parse->tu;
	const char *error = NULL;

	for (unsigned i = 0; i < library.clang_getNumDiagnostics(tu) && !error; i++) {
		CXDiagnostic diagnostic = library.clang_getDiagnostic(tu, i);
		if (library.clang_getDiagnosticSeverity(diagnostic) >=
			CXDiagnostic_Error) {
			struct spot at = unit_spot_used(
				unit, library.clang_getDiagnosticLocation(diagnostic));
			const char *text = unit_take(
				unit, library.clang_getDiagnosticSpelling(diagnostic));
			error = at.file == NO_FILE
					? text
					: pool_printf(unit->pool, "%s:%u:%u: %s",
						  unit->files[at.file].name, at.line,
						  at.column, text);
		}
		library.clang_disposeDiagnostic(diagnostic);
	}
	return error;
}

static int parse_source(
	struct unit *unit, const struct rewrite_request *request, unsigned options)
{
	const char *name = strcmp(request->source, "-") ? request->source : "<stdin>";
	struct CXUnsavedFile text = {name, request->text, request->length};
	int count;
	const char **args = arguments(unit, request, &count);

	enum CXErrorCode error =
		library.clang_parseTranslationUnit2(unit->parse->index, name, args, count,
			&text, request->text != NULL, options, &unit->parse->tu);
	if (error == CXError_Success)
		return 0;
	unit->parse->tu = NULL;
	return error == CXError_Crashed ? -EFAULT : -EINVAL;
}

static void read_files(struct unit *unit)
{
	unit->files = NULL;
	unit->parse->handles = NULL;
	unit->nfiles = 0;
	CXCursor whole = library.clang_getTranslationUnitCursor(unit->parse->tu);
	CXSourceLocation begin =
		library.clang_getRangeStart(library.clang_getCursorExtent(whole));
	unit_spot_used(unit, begin);
	library.clang_getInclusions(unit->parse->tu, visit_inclusion, unit);
	find_libc(unit);
}

static bool has_pragmas(const struct unit *unit)
{
	for (size_t i = 0; i < unit->nfiles; i++) {
		if (unit->files[i].has_pragma)
			return true;
	}
	return false;
}

static void read_skipped(struct unit *unit, size_t index)
{
	struct unit_file *file = &unit->files[index];
	CXSourceRangeList *list = library.clang_getSkippedRanges(
		unit->parse->tu, unit->parse->handles[index]);

	file->skipped = pool_alloc(unit->pool, list->count * sizeof *file->skipped);
	for (unsigned i = 0; i < list->count; i++) {
		struct spot begin = unit_spot_used(
			unit, library.clang_getRangeStart(list->ranges[i]));
		struct spot end =
			unit_spot_used(unit, library.clang_getRangeEnd(list->ranges[i]));
		file->skipped[file->nskipped++] =
			(struct skipped){begin.offset, end.offset};
	}
	library.clang_disposeSourceRangeList(list);
}

/* Which pragmas are in force depends on every #if around them; only a record of the
 * preprocessing tells, which is not worth its time for the other units. */
static int parse_again_for_pragmas(
	struct unit *unit, const struct rewrite_request *request)
{
	library.clang_disposeTranslationUnit(unit->parse->tu);
	int err = parse_source(
		unit, request, CXTranslationUnit_DetailedPreprocessingRecord);
	if (err)
		return err;
	read_files(unit);
	for (size_t i = 0; i < unit->nfiles; i++) {
		if (unit->files[i].has_pragma)
			read_skipped(unit, i);
	}
	return 0;
}

static int parse(
	struct unit *unit, const struct rewrite_request *request, const char **trouble)
{
	int err = parse_source(unit, request, CXTranslationUnit_None);

	if (!err)
		read_files(unit);
	if (!err && has_pragmas(unit))
		err = parse_again_for_pragmas(unit, request);
	if (err) {
		*trouble = err == -EFAULT ? "libclang crashed"
					  : "libclang refuses the command line";
		return err;
	}
	const char *error = first_error(unit);
	if (!error)
		return 0;
	*trouble = pool_printf(unit->pool, "does not parse: %s", error);
	return -EINVAL;
}

enum input_kind unit_kind(const struct rewrite_request *request)
{
	enum input_kind kind = inputkind_of_path(request->source);

	for (const char *const *arg = request->args; *arg; arg++) {
		if (strcmp(*arg, "-x") == 0 && arg[1])
			kind = inputkind_of_name(arg[1]);
		else if (strncmp(*arg, "-x", 2) == 0)
			kind = inputkind_of_name(*arg + 2);
	}
	return kind;
}

const char *unit_prepare(struct pool *pool)
{
	const char *trouble = NULL;

	load(pool, &trouble);
	return trouble;
}

const char *unit_resources(void)
{
	return library.resource_dir;
}

int unit_open(struct unit *unit, const struct rewrite_request *request, struct pool *pool,
	const char **trouble)
{
	int err = load(pool, trouble);

	if (err)
		return err;
	enum input_kind kind = unit_kind(request);
	*unit = (struct unit){
		.pool = pool,
		.preprocessed = kind == INPUT_C_OUTPUT || kind == INPUT_CXX_OUTPUT,
		.cxx = inputkind_is_cxx(kind),
	};
	unit->origin.sysroot = origin_sysroot(request->args);
	unit->origin.args = request->args;
	unit->origin.resource_dir = library.resource_dir;
	unit->parse = pool_alloc(pool, sizeof *unit->parse);
	unit->parse->clang = &library;
	unit->parse->index = library.clang_createIndex(0, 0);
	err = parse(unit, request, trouble);
	if (err)
		unit_close(unit);
	return err;
}

void unit_close(struct unit *unit)
{
	if (unit->parse->tu)
		library.clang_disposeTranslationUnit(unit->parse->tu);
	library.clang_disposeIndex(unit->parse->index);
}
