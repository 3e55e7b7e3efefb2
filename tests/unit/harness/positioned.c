/* positioned.c - scenarios of pread, pwrite and their kin: files as they are in memory
 * and on the disk, what cannot be positioned, what is malformed. */
#include "harness/positioned.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { BIG = 1 << 20 };

int file_with(struct run *run, const char *text, int flags)
{
	char path[] = "/tmp/cohook-file-XXXXXX";
	int fd = keep_foreign(run, mkostemp(path, flags));

	unlink(path);
	check(run, write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	check(run, lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

void note_file(struct run *run, int fd)
{
	char buf[256];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);

	note(run, "position %ld, size %ld", (long)lseek(fd, 0, SEEK_CUR),
		(long)lseek(fd, 0, SEEK_END));
	note_bytes(run, "content", buf, n);
}

/* --- reading ------------------------------------------------------------------------------------------ */

static void take_at(struct run *run, int fd, size_t size, off_t at)
{
	const struct positioned *verb = run->verb;
	char buf[64];
	ssize_t n;

	memset(buf, '#', sizeof(buf));
	n = verb->take(run, fd, buf, size, at);
	if (n > 0)
		note_bytes(run, "bytes", buf, n);
	check(run, n >= (ssize_t)sizeof(buf) || buf[n > 0 ? n : 0] == '#');
}

static void from_a_file(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	take_at(run, fd, 6, 0);
	took_no_wait(run);
	take_at(run, fd, 5, 7);
	take_at(run, fd, 64, 7);
	take_at(run, fd, 64, 12);
	take_at(run, fd, 64, 1000);
	take_at(run, fd, 0, 0);
	note_file(run, fd);
}

static void from_the_disk(struct run *run)
{
	int fd = file_with(run, "from the disk, if there is one", 0);

	check(run, fdatasync(fd) == 0);
	check(run, posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	take_at(run, fd, 8, 5);
	take_at(run, fd, 64, 5);
	note_file(run, fd);
}

/* Of a large file only the middle is in memory. */
static void partly_from_the_disk(struct run *run)
{
	const struct positioned *verb = run->verb;
	char *bytes = malloc(BIG);
	int fd = file_with(run, "", 0);

	for (int i = 0; i < BIG; i++)
		bytes[i] = (char)(i * 7 + i / 4096);
	check(run, write(fd, bytes, BIG) == BIG);
	check(run, fdatasync(fd) == 0);
	check(run, posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
	check(run, pread(fd, bytes, 4096, BIG / 2) == 4096);
	memset(bytes, 0, BIG);
	check(run, verb->take(run, fd, bytes, BIG, 100) == BIG - 100);
	note_bytes(run, "bytes", bytes, BIG);
	free(bytes);
}

static void into_bad_memory(struct run *run)
{
	const struct positioned *verb = run->verb;
	int fd = file_with(run, "twelve bytes", 0);

	verb->take(run, fd, nowhere(), 5, 0);
	verb->take(run, fd, NULL, 5, 0);
	verb->take(run, fd, nowhere(), 5, 500);
	note_file(run, fd);
}

static void from_what_has_no_positions(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_at(run, pair.mine, 8, 0);
	take_at(run, pair.mine, 8, 100);
	pair_put(run, &pair, "here");
	take_at(run, pair.mine, 8, 0);
}

static void from_other_files(struct run *run)
{
	take_at(run, keep_foreign(run, open("/", O_RDONLY | O_DIRECTORY)), 8, 0);
	take_at(run, keep_foreign(run, open("/dev/null", O_RDONLY)), 8, 0);
	take_at(run, keep_foreign(run, open("/dev/zero", O_RDONLY)), 8, 100);
	take_at(run, keep_foreign(run, open("/", O_PATH)), 8, 0);
	take_at(run, keep_foreign(run, open("/dev/null", O_WRONLY)), 8, 0);
	take_at(run, keep_foreign(run, open("/proc/self/oom_score_adj", O_RDONLY)), 1, 0);
}

static void bad_reads(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	take_at(run, fd, 8, -1000);
	take_at(run, -1, 8, 0);
	take_at(run, 900, 8, 0);
	take_at(run, fd, 8, INT64_MAX);
	take_at(run, fd, 8, INT64_MAX - 8);
}

static const struct scenario reading[] = {
	{"from a file", from_a_file},
	{"from the disk", from_the_disk},
	{"partly from the disk", partly_from_the_disk},
	{"into bad memory", into_bad_memory},
	{"from what has no positions (tcp)", from_what_has_no_positions, TCP},
	{"from what has no positions (pipe)", from_what_has_no_positions, PIPE},
	{"from what has no positions (fifo)", from_what_has_no_positions, FIFO},
	{"from what has no positions (pty)", from_what_has_no_positions, PTY},
	{"from other files", from_other_files},
	{"bad reads", bad_reads},
};

/* --- writing ------------------------------------------------------------------------------------------ */

static void give_at(struct run *run, int fd, const char *text, off_t at)
{
	const struct positioned *verb = run->verb;

	verb->give(run, fd, text, strlen(text), at);
}

static void to_a_file(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	give_at(run, fd, "TWELVE", 0);
	give_at(run, fd, "B", 7);
	give_at(run, fd, "more", 12);
	give_at(run, fd, "beyond a hole", 40);
	give_at(run, fd, "", 100);
	note_file(run, fd);
}

static void appending(struct run *run)
{
	int fd = file_with(run, "twelve bytes", O_APPEND);

	give_at(run, fd, "more", 0);
	note_file(run, fd);
}

static void much(struct run *run)
{
	const struct positioned *verb = run->verb;
	char *bytes = malloc(BIG), *again = malloc(BIG);
	int fd = file_with(run, "", 0);

	for (int i = 0; i < BIG; i++)
		bytes[i] = (char)(i * 7 + i / 4096);
	verb->give(run, fd, bytes, BIG, 77);
	check(run, pread(fd, again, BIG, 77) == BIG);
	check(run, memcmp(bytes, again, BIG) == 0);
	free(bytes);
	free(again);
}

static void size_limit(struct run *run)
{
	int fd = file_with(run, "", 0);
	struct rlimit limit;
	rlim_t before;

	catch_signal(run, SIGXFSZ, 0);
	getrlimit(RLIMIT_FSIZE, &limit);
	before = limit.rlim_cur;
	limit.rlim_cur = 100;
	setrlimit(RLIMIT_FSIZE, &limit);
	give_at(run, fd, "within the limit", 10);
	give_at(run, fd, "cut at the limit", 95);
	give_at(run, fd, "beyond the limit", 100);
	give_at(run, fd, "beyond the limit", 200);
	limit.rlim_cur = before;
	setrlimit(RLIMIT_FSIZE, &limit);
	note_caught(run, SIGXFSZ);
	note_file(run, fd);
}

static void from_bad_memory(struct run *run)
{
	const struct positioned *verb = run->verb;
	int fd = file_with(run, "twelve bytes", 0);

	verb->give(run, fd, nowhere(), 5, 0);
	verb->give(run, fd, NULL, 5, 0);
	note_file(run, fd);
}

static void to_what_has_no_positions(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	give_at(run, pair.mine, "bytes", 0);
	give_at(run, pair.mine, "bytes", 100);
}

static void to_other_files(struct run *run)
{
	give_at(run, keep_foreign(run, open("/dev/null", O_WRONLY)), "bytes", 3);
	give_at(run, keep_foreign(run, open("/dev/full", O_WRONLY)), "bytes", 3);
	give_at(run, keep_foreign(run, open("/dev/null", O_RDONLY)), "bytes", 3);
	give_at(run, keep_foreign(run, open("/", O_PATH)), "bytes", 0);
}

static void bad_writes(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	give_at(run, fd, "bytes", -1000);
	give_at(run, -1, "bytes", 0);
	give_at(run, 900, "bytes", 0);
	note_file(run, fd);
}

static const struct scenario writing[] = {
	{"to a file", to_a_file},
	{"appending", appending},
	{"much", much},
	{"size limit", size_limit},
	{"from bad memory", from_bad_memory},
	{"to what has no positions (tcp)", to_what_has_no_positions, TCP},
	{"to what has no positions (pipe)", to_what_has_no_positions, PIPE},
	{"to other files", to_other_files},
	{"bad writes", bad_writes},
};

void positioned_add(const struct positioned *verb)
{
	if (verb->take)
		suite_add(reading, COUNT(reading), verb);
	else
		suite_add(writing, COUNT(writing), verb);
}
