/* msync.c - msync(2) through libc and through its mirror. */
#include "harness/bystander.h"
#include "harness/positioned.h"
#include "harness/scenario.h"

#include <string.h>

enum { SIZE = 65536 };

static void mapped_file(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);
	char *memory;
	struct bystander bystander;

	check(run, ftruncate(fd, SIZE) == 0);
	memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	check(run, memory != MAP_FAILED);
	memcpy(memory, "TWELVE", 6);
	bystander_start(run, &bystander);
	result(run, "msync", enter(run)->msync(memory, SIZE, MS_SYNC));
	bystander_ran(run, &bystander);
	result(run, "msync", enter(run)->msync(memory, SIZE, MS_ASYNC));
	took_no_wait(run);
	result(run, "msync", enter(run)->msync(memory, SIZE, MS_SYNC | MS_INVALIDATE));
	note_file(run, fd);
	munmap(memory, SIZE);
}

static void malformed(struct run *run)
{
	char *memory = mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	result(run, "msync", enter(run)->msync(memory + 1, 1, MS_SYNC));
	result(run, "msync", enter(run)->msync(memory, SIZE, MS_SYNC | MS_ASYNC));
	result(run, "msync", enter(run)->msync(memory, SIZE, 1 << 20));
	result(run, "msync", enter(run)->msync(memory, 0, MS_SYNC));
	munmap(memory, SIZE);
	result(run, "msync", enter(run)->msync(memory, SIZE, MS_SYNC));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"mapped file", mapped_file},
		{"malformed", malformed},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("msync");
}
