/* deliver.c - owns the list of files whose text changes in this command, and the texts.
 *
 * A file is known by device and inode. One text has one memory file however many names
 * and units it serves: clang's #pragma once goes by that. deliver_clang.c and
 * deliver_gcc.c hand the list over. Called by compile. */
#include "deliver.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "tempfile.h"

static bool same_file(const struct delivered *a, const struct delivered *b)
{
	return a->device == b->device && a->inode == b->inode;
}

static bool holds(int fd, const char *text, size_t length)
{
	struct stat st;
	char part[4096];

	if (fd < 0 || fstat(fd, &st) < 0 || (size_t)st.st_size != length)
		return false;
	for (size_t at = 0; at < length;) {
		ssize_t n = pread(fd, part, sizeof part, (off_t)at);
		if (n <= 0 || memcmp(part, text + at, (size_t)n) != 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

/* The memory file that another entry of the same file has for the same text, or -1. */
static int shared_text(const struct delivery *delivery, const struct delivered *file,
	const char *text, size_t length)
{
	for (size_t i = 0; i < delivery->count; i++)
		if (same_file(&delivery->files[i], file) &&
			holds(delivery->files[i].fd, text, length))
			return delivery->files[i].fd;
	return -1;
}

static bool is_contradicted(const struct delivery *delivery, const struct delivered *file)
{
	for (size_t i = 0; i < delivery->count; i++) {
		const struct delivered *other = &delivery->files[i];
		if (same_file(other, file) && other->unit == file->unit &&
			other->fd != file->fd)
			return true;
	}
	return false;
}

static void append(struct delivery *delivery, const struct delivered *file)
{
	if (delivery->count == delivery->room) {
		size_t room = 2 * delivery->room + 4;
		struct delivered *files = arena_alloc(room * sizeof *files);
		if (delivery->count)
			memcpy(files, delivery->files, delivery->count * sizeof *files);
		delivery->files = files;
		delivery->room = room;
	}
	delivery->files[delivery->count++] = *file;
}

int deliver_add(struct delivery *delivery, const struct delivered *file, const char *text,
	size_t length)
{
	struct delivered added = *file;
	struct stat st;

	if (stat(file->path, &st) < 0)
		return -errno;
	added.device = st.st_dev;
	added.inode = st.st_ino;
	added.fd = -1;
	if (text)
		added.fd = shared_text(delivery, &added, text, length);
	if (text && added.fd < 0) {
		added.fd = tempfile_memory(text, length, &st.st_mtim);
		if (added.fd < 0)
			return added.fd;
	}
	if (is_contradicted(delivery, &added))
		return -EXDEV;
	append(delivery, &added);
	return 0;
}

static bool unit_agrees(
	const struct delivery *delivery, const struct delivered *file, unsigned unit)
{
	for (size_t i = 0; i < delivery->count; i++) {
		const struct delivered *other = &delivery->files[i];
		if (other->unit == unit && same_file(other, file))
			return other->fd == file->fd;
	}
	/* What is a source of one unit is not included by the others unless they say so.
	 */
	return file->is_source;
}

bool deliver_is_split(const struct delivery *delivery, unsigned units)
{
	for (size_t i = 0; i < delivery->count; i++)
		for (unsigned unit = 0; unit < units; unit++)
			if (!unit_agrees(delivery, &delivery->files[i], unit))
				return true;
	return false;
}

bool deliver_has_header(const struct delivery *delivery)
{
	for (size_t i = 0; i < delivery->count; i++)
		if (!delivery->files[i].is_source)
			return true;
	return false;
}
