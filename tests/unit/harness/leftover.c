/* leftover.c - counts the descriptors and threads of the process, as /proc shows them. */
#include "harness/leftover.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A joined thread is still listed until the kernel is done with it. */
enum { PATIENCE_LOOKS = 2000, PATIENCE_NS = 500 * 1000 };

static int count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n - 2;
}

static int ascending(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void list_descriptors(struct inventory *inventory)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;

	inventory->nfds = 0;
	while (dir && (entry = readdir(dir)) && inventory->nfds < DESCRIPTORS_MAX) {
		int fd = entry->d_name[0] == '.' ? -1 : atoi(entry->d_name);

		if (fd >= 0 && fd != dirfd(dir))
			inventory->fds[inventory->nfds++] = fd;
	}
	if (dir)
		closedir(dir);
	qsort(inventory->fds, (size_t)inventory->nfds, sizeof(int), ascending);
}

void inventory_take(struct inventory *inventory)
{
	inventory->nthreads = count_threads();
	list_descriptors(inventory);
}

static bool has(const struct inventory *inventory, int fd)
{
	int i;

	for (i = 0; i < inventory->nfds; i++) {
		if (inventory->fds[i] == fd)
			return true;
	}
	return false;
}

int inventory_growth(const struct inventory *before, const struct inventory *now)
{
	int i, n = now->nthreads > before->nthreads ? now->nthreads - before->nthreads : 0;

	for (i = 0; i < now->nfds; i++)
		n += !has(before, now->fds[i]);
	return n;
}

void inventory_settle(const struct inventory *before, struct inventory *now)
{
	const struct timespec span = {0, PATIENCE_NS};
	int i;

	for (i = 0; i < PATIENCE_LOOKS; i++) {
		inventory_take(now);
		if (!inventory_growth(before, now))
			return;
		nanosleep(&span, NULL);
	}
}

static void blame_descriptor(int fd, struct trace *trace)
{
	char path[64], target[128];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	trace_failure(trace, "left behind: descriptor %d, %s", fd, target);
}

void inventory_blame(
	const struct inventory *before, const struct inventory *now, struct trace *trace)
{
	int i;

	for (i = 0; i < now->nfds; i++) {
		if (!has(before, now->fds[i]))
			blame_descriptor(now->fds[i], trace);
	}
	if (now->nthreads > before->nthreads)
		trace_failure(trace, "left behind: %d threads",
			now->nthreads - before->nthreads);
}
