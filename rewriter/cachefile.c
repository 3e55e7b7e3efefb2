/* cachefile.c - owns how files of a cache come and go while other processes use them.
 *
 * A file is written under another name and renamed; nobody locks anything. The time of
 * the last change is that of the last use. What a process that was killed left behind is
 * a file like others and goes when it is old. Called by facts and recall. */
#include "cachefile.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ending.h"

struct old_file {
	struct timespec used;
	size_t size;
	char name[NAME_MAX + 1];
};

struct listing {
	struct old_file *files;
	size_t count, room, size;
};

/* The folder above ROOT, ROOT and what is below it; no more of PATH is ours to make. */
static void make_folders(char *path, size_t root)
{
	size_t above = root;

	while (above && path[above - 1] != '/')
		above--;
	for (size_t i = above ? above - 1 : 0; path[i]; i++) {
		if (path[i] != '/' || !i)
			continue;
		path[i] = 0;
		mkdir(path, 0700);
		path[i] = '/';
	}
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t n = write(fd, bytes, length);
		if (n <= 0)
			return false;
		bytes += n;
		length -= (size_t)n;
	}
	return true;
}

static void write_and_rename(
	int fd, const char *fresh, const char *path, const void *bytes, size_t length)
{
	bool written = write_all(fd, bytes, length);

	if (close(fd) < 0 || !written || rename(fresh, path) < 0)
		unlink(fresh);
}

void cachefile_store(const char *root, const char *name, const void *bytes, size_t length)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	int size = snprintf(path, sizeof path, "%s/%s", root, name);

	if (size < 0 || (size_t)size >= sizeof path - sizeof ".XXXXXX")
		return;
	strcpy(fresh, path);
	strcat(fresh, ".XXXXXX");
	ending_watch(); /* no signal leaves half of a file */
	int fd = mkostemp(fresh, O_CLOEXEC);
	if (fd < 0) {
		make_folders(path, strlen(root));
		strcpy(fresh + size, ".XXXXXX");
		fd = mkostemp(fresh, O_CLOEXEC);
	}
	if (fd >= 0)
		write_and_rename(fd, fresh, path, bytes, length);
	ending_unwatch();
	ending_heed();
}

static void take(struct listing *listing, int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return;
	if (listing->count == listing->room) {
		size_t room = listing->room ? 2 * listing->room : 64;
		struct old_file *larger = realloc(listing->files, room * sizeof *larger);
		if (!larger)
			return;
		listing->files = larger;
		listing->room = room;
	}
	struct old_file *file = &listing->files[listing->count++];
	file->used = st.st_mtim;
	file->size = (size_t)st.st_size;
	snprintf(file->name, sizeof file->name, "%s", name);
	listing->size += file->size;
}

static int oldest_first(const void *a, const void *b)
{
	const struct old_file *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
	if (x->used.tv_nsec != y->used.tv_nsec)
		return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
	return strcmp(x->name, y->name);
}

void cachefile_trim(const char *folder, size_t limit)
{
	DIR *stream = opendir(folder);
	struct listing listing = {0};
	struct dirent *entry;

	if (!stream)
		return;
	while ((entry = readdir(stream)))
		take(&listing, dirfd(stream), entry->d_name);
	if (listing.size > limit) {
		qsort(listing.files, listing.count, sizeof *listing.files, oldest_first);
		/* Less than the limit, so that the next stores need not remove any. */
		for (size_t i = 0; listing.size > limit / 4 * 3; i++) {
			unlinkat(dirfd(stream), listing.files[i].name, 0);
			listing.size -= listing.files[i].size;
		}
	}
	free(listing.files);
	closedir(stream);
}

void cachefile_used(const char *path)
{
	utimensat(AT_FDCWD, path, NULL, 0);
}
