/* main.c - the conformance of the mirrors: every point of the table through libc and
 * through the mirrors.
 *
 *	conformance [--only PART] [--without PART] [--list] [--matrix FILE] [--check FILE] [--jobs N]
 *
 * PART is a part of points' names, "read, pipe: interrupted". --matrix writes what the
 * run found, by call, to FILE, unless it failed; --check compares FILE with that. A difference without a
 * reason (reasons.def) fails the run, and so does a reason whose point is equal. */
#include "judge.h"
#include "matrix.h"
#include "table.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS = 12 }; /* most of them wait, most of the time */

struct wish {
	const char *only, *without, *matrix, *check;
	bool list;
	int jobs;
};

static void choose(size_t count, const struct wish *wish, bool *wanted)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = point_name(table_at(i));

		wanted[i] = (!wish->only || strstr(name, wish->only)) &&
			    (!wish->without || !strstr(name, wish->without));
	}
}

static bool as_promised(const struct point *point, const struct judgement *judgement)
{
	const char *reason = reason_of(point);

	switch (judgement->verdict) {
	case EQUAL:
		if (!reason)
			return true;
		printf("%s\n    is equal, in spite of a reason: %s\n", point_name(point),
			reason);
		return false;
	case DIFFERENT:
		if (reason)
			return true;
		printf("%s\n    differs, and has no reason\n%s", point_name(point),
			judgement->text);
		return false;
	default:
		printf("%s\n    is broken\n%s", point_name(point), judgement->text);
		return false;
	}
}

/* How many are not as they should be. */
static size_t report(size_t count, const bool *wanted, const struct judgement *judgements)
{
	size_t bad = 0, different = 0, seen = 0;

	for (size_t i = 0; i < count; i++) {
		if (!wanted[i])
			continue;
		seen++;
		different += judgements[i].verdict == DIFFERENT;
		bad += !as_promised(table_at(i), &judgements[i]);
	}
	printf("%zu cases, %zu differ, %zu are not as they should be\n", seen, different, bad);
	return bad;
}

static void list(size_t count, const bool *wanted)
{
	for (size_t i = 0; i < count; i++)
		if (wanted[i])
			puts(point_name(table_at(i)));
}

static struct wish read_wish(int argc, char **argv)
{
	static const struct option options[] = {{"only", required_argument, NULL, 'o'},
		{"without", required_argument, NULL, 'w'},
		{"list", no_argument, NULL, 'l'}, {"matrix", required_argument, NULL, 'm'},
		{"check", required_argument, NULL, 'c'},
		{"jobs", required_argument, NULL, 'j'}, {0}};
	struct wish wish = {.jobs = JOBS};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'o':
			wish.only = optarg;
			break;
		case 'w':
			wish.without = optarg;
			break;
		case 'l':
			wish.list = true;
			break;
		case 'm':
			wish.matrix = optarg;
			break;
		case 'c':
			wish.check = optarg;
			break;
		case 'j':
			wish.jobs = atoi(optarg);
			break;
		default:
			exit(2);
		}
	}
	return wish;
}

/* A reason that fits nothing is one too many. */
static bool reasons_are_used(void)
{
	const char *unused = reason_unused();

	if (unused)
		printf("%s\n    is no point of the table, and has a reason\n", unused);
	return !unused;
}

int main(int argc, char **argv)
{
	const struct wish wish = read_wish(argc, argv);
	const size_t count = table_fill();
	bool *wanted = calloc(count, sizeof(*wanted));
	struct judgement *judgements = shared_memory(count * sizeof(*judgements));
	bool good;

	if (!wanted)
		return 1;
	setenv("COHOOK_WORKERS", "1", 0); /* the order of things is that of one worker */
	choose(count, &wish, wanted);
	if (wish.list) {
		list(count, wanted);
		return 0;
	}
	judge_all(count, wanted, wish.jobs, judgements);
	good = report(count, wanted, judgements) == 0;
	good &= reasons_are_used();
	if (wish.matrix && good)
		good &= matrix_write(wish.matrix, count, judgements);
	if (wish.check)
		good &= matrix_check(wish.check, count, judgements);
	free(wanted);
	return good ? 0 : 1;
}
