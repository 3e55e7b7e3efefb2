/* copy_file_range.c - copy_file_range(2) through libc and through its mirror. */
#include "harness/bystander.h"
#include "harness/pair.h"
#include "harness/positioned.h"
#include "harness/scenario.h"

static void whole_files(struct run *run)
{
	int from = file_with(run, "twelve bytes", 0), to = file_with(run, "", 0);
	struct bystander bystander;

	bystander_start(run, &bystander);
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, NULL, to, NULL, 100, 0));
	bystander_ran(run, &bystander);
	note(run, "position %ld", (long)lseek(from, 0, SEEK_CUR));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, NULL, to, NULL, 100, 0));
	note_file(run, to);
}

static void sections(struct run *run)
{
	int from = file_with(run, "twelve bytes", 0),
	    to = file_with(run, "............", 0);
	off64_t first = 7, second = 2;

	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, &first, to, &second, 5, 0));
	note(run, "%ld %ld", (long)first, (long)second);
	note_file(run, from);
	note_file(run, to);
	first = second = 0;
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, &first, from, &second, 5, 0));
}

static void malformed(struct run *run)
{
	int from = file_with(run, "twelve bytes", 0), to = file_with(run, "", O_APPEND);
	struct pair pair = pair_open(run, PIPE, TO_ME);
	off64_t first = 0, negative = -5;

	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, NULL, to, NULL, 5, 0));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, NULL, from, NULL, 5, 77));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, NULL, pair.theirs, NULL, 5, 0));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, &first, pair.theirs, &first, 5, 0));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, &negative, to, NULL, 5, 0));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, nowhere(), to, NULL, 5, 0));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(-1, NULL, to, NULL, 5, 0));
	result(run, "copy_file_range",
		enter(run)->copy_file_range(from, NULL, 900, NULL, 5, 0));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"whole files", whole_files},
		{"sections", sections},
		{"malformed", malformed},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("copy_file_range");
}
