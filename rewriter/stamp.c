/* stamp.c - owns the judgement by which an unread file counts as unchanged.
 *
 * The time of the last change of the inode is among what is compared: no program can set
 * it back. It moves in ticks, and file systems of other machines have clocks of their
 * own, so a file that is younger than a margin says nothing. Called by recall and
 * evidence. */
#include "stamp.h"

#include <sys/stat.h>

#include "pack.h"

static const uint64_t second = 1000000000, margin = 2;

static uint64_t nanoseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * second + (uint64_t)time->tv_nsec;
}

bool stamp_of(const char *path, struct stamp *stamp)
{
	struct stat st;

	*stamp = (struct stamp){0};
	if (stat(path, &st) < 0)
		return false;
	*stamp = (struct stamp){st.st_dev, st.st_ino, (uint64_t)st.st_size,
		nanoseconds(&st.st_mtim), nanoseconds(&st.st_ctim)};
	return true;
}

bool stamp_is_recent(const struct stamp *stamp, const struct timespec *since)
{
	uint64_t latest =
		stamp->changed > stamp->modified ? stamp->changed : stamp->modified;

	return latest + margin * second >= nanoseconds(since);
}

bool stamp_same(const struct stamp *a, const struct stamp *b)
{
	return a->inode && a->inode == b->inode && a->device == b->device &&
	       a->size == b->size && a->modified == b->modified &&
	       a->changed == b->changed;
}

void stamp_pack(struct pack *pack, const struct stamp *stamp)
{
	pack_number(pack, stamp->device);
	pack_number(pack, stamp->inode);
	pack_number(pack, stamp->size);
	pack_number(pack, stamp->modified);
	pack_number(pack, stamp->changed);
}

void stamp_unpack(struct unpack *unpack, struct stamp *stamp)
{
	stamp->device = unpack_number(unpack);
	stamp->inode = unpack_number(unpack);
	stamp->size = unpack_number(unpack);
	stamp->modified = unpack_number(unpack);
	stamp->changed = unpack_number(unpack);
}
