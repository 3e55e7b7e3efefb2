/* deliver_gcc.c - owns the map that the library preloaded into cc1 works by (swap.c), and
 * reads its answers.
 *
 * The map lives in shared memory. Every text that is served is acknowledged there; a
 * compiler that the library could not get into, or that opened the source in some other
 * way, leaves a gap that is seen. Called by compile through deliver.h. */
#include "deliver.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "layout.h"
#include "swap.h"
#include "tempfile.h"

static const char library[] = "libcohook-swap.so";

static void fill(struct swap_map *map, const struct delivery *delivery, unsigned units)
{
	memcpy(map->magic, SWAP_MAGIC, sizeof SWAP_MAGIC);
	map->count = (uint32_t)delivery->count;
	map->unit = units == 1 ? 0 : SWAP_NO_UNIT;
	map->hide_precompiled = deliver_has_header(delivery);
	for (size_t i = 0; i < delivery->count; i++) {
		const struct delivered *file = &delivery->files[i];
		struct swap_entry *entry = &map->entries[i];
		entry->device = file->device;
		entry->inode = file->inode;
		entry->unit = (int32_t)file->unit;
		entry->flags = file->is_source ? SWAP_SOURCE : 0;
		if (file->fd >= 0)
			strncpy(entry->path, tempfile_path(file->fd),
				sizeof entry->path - 1);
	}
}

/* The name of the library without a byte that ends a name in LD_PRELOAD. */
static const char *preloadable(const char *path)
{
	if (!strpbrk(path, " :"))
		return path;
	const char *directory = tempfile_directory();
	if (!directory || strpbrk(directory, " :"))
		return NULL;
	const char *link = arena_printf("%s/%s", directory, library);
	return symlink(path, link) == 0 || errno == EEXIST ? link : NULL;
}

static struct swap_map *shared_map(
	const struct delivery *delivery, unsigned units, int *fd)
{
	size_t size =
		sizeof(struct swap_map) + delivery->count * sizeof(struct swap_entry);
	struct swap_map *blank = arena_alloc(size);

	fill(blank, delivery, units);
	*fd = tempfile_memory((const char *)blank, size, NULL);
	if (*fd < 0)
		return NULL;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

int deliver_to_gcc(struct delivery *delivery, unsigned units, struct argvec *environment)
{
	const char *path = layout_library(library);
	const char *others = argvec_variable(environment, "LD_PRELOAD");
	int fd;

	path = path ? preloadable(path) : NULL;
	if (!path)
		return -ENOENT;
	delivery->map = shared_map(delivery, units, &fd);
	if (!delivery->map)
		return fd < 0 ? fd : -errno;
	argvec_set_variable(environment, SWAP_VARIABLE, tempfile_path(fd));
	argvec_set_variable(environment, "LD_PRELOAD",
		others && *others ? arena_printf("%s:%s", path, others) : path);
	return 0;
}

/* A header that was not opened is no gap once the source was seen: gcc may take another
 * branch than libclang does. */
const char *deliver_unread_by_gcc(const struct delivery *delivery)
{
	const struct swap_map *map = delivery->map;

	for (size_t i = 0; i < delivery->count; i++) {
		const struct delivered *file = &delivery->files[i];
		if (file->is_source && !map->entries[i].served)
			return file->path;
	}
	return map->present ? NULL : delivery->files[0].path;
}
