/* swap.c - a library for LD_PRELOAD: in cc1, opening certain files opens others in their
 * place.
 *
 * Owns nothing but the map that the wrapper made (swap.h). It wakes up in a process named
 * cc1 only; in the driver, the assembler and the linker, which inherit it, every call
 * goes straight on. A file is known by device and inode, so that no spelling of its name
 * is missed. What is served is acknowledged in the map: a preload that did not happen is
 * found out. Other preloaded libraries are called behind us. */
#include "swap.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* glibc calls these in the place of open() when fortified; no header declares them. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int directory, const char *path, int flags);
int __openat64_2(int directory, const char *path, int flags);

typedef int open_function(const char *path, int flags, ...);
typedef int openat_function(int directory, const char *path, int flags, ...);
typedef FILE *fopen_function(const char *path, const char *mode);

static struct swap_map *map; /* NULL where there is nothing to do */
static int unit;             /* that this process compiles; valid with map */

/* The function NAME of the next library in the chain. */
static void *next(const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		abort();
	return symbol;
}

static int open_plainly(const char *path, int flags)
{
	return ((open_function *)next("open"))(path, flags);
}

static bool is_compiler(void)
{
	return strcmp(program_invocation_short_name, "cc1") == 0 ||
	       strcmp(program_invocation_short_name, "cc1plus") == 0;
}

/* Children of the compiler, plugins start some, are none of our business. */
static void leave_environment(void)
{
	const char *list = getenv("LD_PRELOAD");

	unsetenv(SWAP_VARIABLE);
	if (!list)
		return;
	list += strcspn(list, ": ");
	list += strspn(list, ": ");
	if (*list)
		setenv("LD_PRELOAD", list, 1);
	else
		unsetenv("LD_PRELOAD");
}

static struct swap_map *attach(const char *path)
{
	int fd = open_plainly(path, O_RDWR | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return NULL;
	void *memory = MAP_FAILED;
	if (fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof(struct swap_map))
		memory = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	close(fd);
	if (memory == MAP_FAILED)
		return NULL;
	struct swap_map *found = memory;
	size_t entries = ((size_t)st.st_size - sizeof *found) / sizeof found->entries[0];
	if (memcmp(found->magic, SWAP_MAGIC, sizeof SWAP_MAGIC) == 0 &&
		found->count <= entries)
		return found;
	munmap(memory, (size_t)st.st_size);
	return NULL;
}

__attribute__((constructor)) static void wake_up(void)
{
	const char *path = getenv(SWAP_VARIABLE);

	if (!path || !is_compiler())
		return;
	map = attach(path);
	if (!map)
		return;
	unit = map->unit;
	map->present = 1;
	leave_environment();
}

static bool is_precompiled(const char *path)
{
	const char *end = strstr(path, ".gch");

	return end && (end[4] == 0 || end[4] == '/');
}

static bool is_hidden(const char *path)
{
	return map && map->hide_precompiled && path && is_precompiled(path);
}

/* The entry for the open file FD, NULL if there is none. The first source that is opened
 * is the one that this process compiles. */
static struct swap_entry *entry_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return NULL;
	for (uint32_t i = 0; i < map->count; i++) {
		struct swap_entry *entry = &map->entries[i];
		if (entry->device != st.st_dev || entry->inode != st.st_ino)
			continue;
		if (unit == SWAP_NO_UNIT && (entry->flags & SWAP_SOURCE))
			unit = entry->unit;
		if (entry->unit == unit)
			return entry;
	}
	return NULL;
}

/* The descriptor to give for FD, which was opened with FLAGS. */
static int swapped(int fd, int flags)
{
	int saved = errno;

	if (!map || fd < 0 || (flags & O_ACCMODE) != O_RDONLY)
		return fd;
	struct swap_entry *entry = entry_of(fd);
	if (entry && *entry->path) {
		int other = open_plainly(entry->path, flags & ~(O_NOFOLLOW | O_CREAT));
		if (other < 0) {
			errno = saved;
			return fd;
		}
		close(fd);
		fd = other;
	}
	if (entry)
		__atomic_store_n(&entry->served, 1, __ATOMIC_RELAXED);
	errno = saved;
	return fd;
}

static bool has_mode(int flags)
{
	return flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY));
}

static int open_by(const char *name, const char *path, int flags, mode_t mode)
{
	if (is_hidden(path)) {
		errno = ENOENT;
		return -1;
	}
	return swapped(((open_function *)next(name))(path, flags, mode), flags);
}

static int openat_by(int directory, const char *path, int flags, mode_t mode)
{
	if (is_hidden(path)) {
		errno = ENOENT;
		return -1;
	}
	return swapped(
		((openat_function *)next("openat"))(directory, path, flags, mode), flags);
}

int open(const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = has_mode(flags) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return open_by("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = has_mode(flags) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return open_by("open64", path, flags, mode);
}

int openat(int directory, const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = has_mode(flags) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return openat_by(directory, path, flags, mode);
}

int openat64(int directory, const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = has_mode(flags) ? va_arg(args, mode_t) : 0;
	va_end(args);
	return openat_by(directory, path, flags | O_LARGEFILE, mode);
}

int __open_2(const char *path, int flags)
{
	return open_by("open", path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
	return open_by("open64", path, flags, 0);
}

int __openat_2(int directory, const char *path, int flags)
{
	return openat_by(directory, path, flags, 0);
}

int __openat64_2(int directory, const char *path, int flags)
{
	return openat_by(directory, path, flags | O_LARGEFILE, 0);
}

static bool only_reads(const char *mode)
{
	return *mode == 'r' && !strchr(mode, '+');
}

/* The compiler shows lines of the source in its messages through streams. That is not the
 * reading that has to be acknowledged. */
static FILE *swapped_stream(FILE *stream, const char *mode)
{
	if (!map || !stream || !only_reads(mode))
		return stream;
	int saved = errno;
	struct swap_entry *entry = entry_of(fileno(stream));
	if (entry && *entry->path) {
		FILE *other = ((fopen_function *)next("fopen64"))(entry->path, mode);
		if (other) {
			fclose(stream);
			stream = other;
		}
	}
	errno = saved;
	return stream;
}

FILE *fopen(const char *path, const char *mode)
{
	return swapped_stream(((fopen_function *)next("fopen"))(path, mode), mode);
}

FILE *fopen64(const char *path, const char *mode)
{
	return swapped_stream(((fopen_function *)next("fopen64"))(path, mode), mode);
}
