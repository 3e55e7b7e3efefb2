/* inputkind.c - owns the two ways in which a compiler is told a language: extensions and
 * -x.
 *
 * Whatever has no known extension is for the linker, as with the compilers. Called by
 * cmdline. */
#include "inputkind.h"

#include <string.h>

struct name {
	const char *name;
	enum input_kind kind;
};

static const struct name extensions[] = {
	{"c", INPUT_C},
	{"i", INPUT_C_OUTPUT},
	{"cc", INPUT_CXX},
	{"cp", INPUT_CXX},
	{"cxx", INPUT_CXX},
	{"cpp", INPUT_CXX},
	{"CPP", INPUT_CXX},
	{"c++", INPUT_CXX},
	{"C", INPUT_CXX},
	{"ii", INPUT_CXX_OUTPUT},
	{"h", INPUT_HEADER},
	{"H", INPUT_HEADER},
	{"hh", INPUT_HEADER},
	{"hp", INPUT_HEADER},
	{"hxx", INPUT_HEADER},
	{"hpp", INPUT_HEADER},
	{"HPP", INPUT_HEADER},
	{"h++", INPUT_HEADER},
	{"tcc", INPUT_HEADER},
	{"s", INPUT_OTHER},
	{"S", INPUT_OTHER},
	{"sx", INPUT_OTHER},
	{"m", INPUT_OTHER},
	{"mi", INPUT_OTHER},
	{"mm", INPUT_OTHER},
	{"M", INPUT_OTHER},
	{"mii", INPUT_OTHER},
	{"f", INPUT_OTHER},
	{"F", INPUT_OTHER},
	{"f90", INPUT_OTHER},
	{"F90", INPUT_OTHER},
	{"ads", INPUT_OTHER},
	{"adb", INPUT_OTHER},
	{"d", INPUT_OTHER},
	{"go", INPUT_OTHER},
	{"cl", INPUT_OTHER},
	{"cu", INPUT_OTHER},
	{"ll", INPUT_OTHER},
	{"bc", INPUT_OTHER},
	{"cppm", INPUT_OTHER},
	{"ixx", INPUT_OTHER},
	{"pcm", INPUT_OTHER},
};

static const struct name names[] = {
	{"c", INPUT_C},
	{"cpp-output", INPUT_C_OUTPUT},
	{"c++", INPUT_CXX},
	{"c++-cpp-output", INPUT_CXX_OUTPUT},
	{"c-header", INPUT_HEADER},
	{"c++-header", INPUT_HEADER},
	{"objective-c-header", INPUT_HEADER},
	{"objective-c++-header", INPUT_HEADER},
};

static enum input_kind find(const struct name *list, size_t count, const char *name,
	enum input_kind otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].kind;
	return otherwise;
}

enum input_kind inputkind_of_path(const char *path)
{
	const char *base = strrchr(path, '/');
	const char *dot = strrchr(base ? base : path, '.');

	if (strcmp(path, "-") == 0)
		return INPUT_OTHER;
	if (!dot)
		return INPUT_OBJECT;
	return find(extensions, sizeof extensions / sizeof *extensions, dot + 1,
		INPUT_OBJECT);
}

enum input_kind inputkind_of_name(const char *name)
{
	return find(names, sizeof names / sizeof *names, name, INPUT_OTHER);
}

bool inputkind_is_cxx(enum input_kind kind)
{
	return kind == INPUT_CXX || kind == INPUT_CXX_OUTPUT;
}
