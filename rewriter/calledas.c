/* calledas.c - owns the names that the wrapper goes by.
 *
 * A compiler's name is [TARGET-]KIND[-VERSION], gcc, x86_64-linux-gnu-g++-12: with
 * cohook- ahead of it or, in a masquerade folder, without. Pure; called by settings and
 * by diag. */
#include "calledas.h"

#include <ctype.h>
#include <string.h>

static const char prefix[] = "cohook-";

static const struct {
	const char *name;
	bool cxx;
} kinds[] = {
	/* A name before those that it ends in. */
	{"clang++", true},
	{"clang", false},
	{"gcc", false},
	{"g++", true},
	{"c++", true},
	{"cc", false},
};

/* The length of NAME without a version at its end: -12, -12.2. */
static size_t without_version(const char *name)
{
	size_t length = strlen(name), end = length;

	while (end && (isdigit((unsigned char)name[end - 1]) || name[end - 1] == '.'))
		end--;
	return end < length && end && name[end - 1] == '-' ? end - 1 : length;
}

/* Whether the first LENGTH bytes of NAME are KIND, a target ahead of it or not. */
static bool is_kind(const char *name, size_t length, const char *kind)
{
	size_t size = strlen(kind);

	if (length < size || strncmp(name + length - size, kind, size) != 0)
		return false;
	return length == size || name[length - size - 1] == '-';
}

void calledas_read(struct calledas *called, const char *program)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;
	bool ours = strncmp(name, prefix, sizeof prefix - 1) == 0;
	const char *rest = ours ? name + sizeof prefix - 1 : name;
	size_t length = without_version(rest);

	*called = (struct calledas){.name = name};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!is_kind(rest, length, kinds[i].name))
			continue;
		called->cxx = kinds[i].cxx;
		called->masquerades = !ours;
		if (!ours || (strcmp(rest, "cc") != 0 && strcmp(rest, "c++") != 0))
			called->compiler = rest;
		return;
	}
}
