/* tempfile.c - owns what the wrapper puts where a compiler can read it.
 *
 * Texts live in memory files that this process holds open: the compiler opens them
 * through /proc, and no signal can leave them behind. A directory is needed only where a
 * compiler has to write; while there is one, signals are watched. Called by deliver, compile and probe. */
#include "tempfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "ending.h"

static bool reading_shows; /* reads move the access time of our files */
static const char *directory;

static const char *parent_directory(void)
{
	const char *named = getenv("TMPDIR");

	return named && *named == '/' && access(named, W_OK) == 0 ? named : "/tmp";
}

/* Where there are no memory files, one that has lost its name already. */
static int open_nameless(void)
{
	int fd = memfd_create("cohook", MFD_CLOEXEC);

	if (fd >= 0)
		return fd;
	fd = open(parent_directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	char *path = arena_printf("%s/cohook-XXXXXX", parent_directory());
	ending_watch();
	fd = mkostemp(path, O_CLOEXEC);
	int err = errno;
	if (fd >= 0)
		unlink(path);
	ending_unwatch();
	ending_heed();
	return fd < 0 ? -err : fd;
}

/* Never one of the three standard descriptors, which the user may have closed. */
static int nameless_file(void)
{
	int fd = open_nameless();

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	int higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int err = errno;
	close(fd);
	return higher < 0 ? -err : higher;
}

static int write_pieces(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* A limit on the size of files holds for memory, too, and is no reason to die here. */
static int write_all(int fd, const char *text, size_t length)
{
	struct sigaction ignored = {.sa_handler = SIG_IGN}, before;

	sigaction(SIGXFSZ, &ignored, &before);
	int err = write_pieces(fd, text, length);
	sigaction(SIGXFSZ, &before, NULL);
	return err;
}

/* The access time starts at the epoch, so that the first read moves it under every mount
 * option that keeps access times at all. */
static int set_times(int fd, const struct timespec *mtime)
{
	struct timespec times[2] = {{0, 0}, {0, UTIME_OMIT}};

	if (mtime)
		times[1] = *mtime;
	return futimens(fd, times) < 0 ? -errno : 0;
}

static bool access_time_moved(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_atim.tv_sec != 0;
}

static int finish(int fd, const struct timespec *mtime)
{
	char byte;
	int err = set_times(fd, mtime);

	if (err || pread(fd, &byte, 1, 0) < 1)
		return err;
	reading_shows = access_time_moved(fd);
	return set_times(fd, mtime);
}

int tempfile_memory(const char *text, size_t length, const struct timespec *mtime)
{
	int fd = nameless_file();

	if (fd < 0)
		return fd;
	int err = write_all(fd, text, length);
	if (!err)
		err = finish(fd, mtime);
	if (!err && lseek(fd, 0, SEEK_SET) < 0)
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

const char *tempfile_path(int fd)
{
	return arena_printf("/proc/%d/fd/%d", (int)getpid(), fd);
}

bool tempfile_was_read(int fd)
{
	return !reading_shows || access_time_moved(fd);
}

/* Where TMPDIR cannot be written to after all, /tmp may be. */
static const char *make_directory(void)
{
	const char *const parents[] = {parent_directory(), "/tmp"};

	for (size_t i = 0; i < sizeof parents / sizeof *parents; i++) {
		char *path = arena_printf("%s/cohook-XXXXXX", parents[i]);
		if (mkdtemp(path))
			return path;
	}
	return NULL;
}

const char *tempfile_directory(void)
{
	if (directory)
		return directory;
	ending_watch();
	directory = make_directory();
	if (directory) {
		ending_before(tempfile_cleanup);
		atexit(tempfile_cleanup);
		return directory;
	}
	int err = errno;
	ending_unwatch();
	ending_heed();
	errno = err;
	return NULL;
}

static void remove_tree(int parent, const char *name, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = fd < 0 || depth > 8 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!stream) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(stream))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(fd, entry->d_name, 0) < 0)
			remove_tree(fd, entry->d_name, depth + 1);
	}
	closedir(stream);
	unlinkat(parent, name, AT_REMOVEDIR);
}

void tempfile_cleanup(void)
{
	if (!directory)
		return;
	remove_tree(AT_FDCWD, directory, 0);
	directory = NULL;
	ending_unwatch();
	ending_heed();
}
